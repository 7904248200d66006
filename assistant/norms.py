"""Articles that a letter names become citations: quoted where they are in force, 待核实 where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.reply import Citation
from assistant.sentences import best_stretch, subject_words
from indexes.lawbook import LawBook
from ingestion.statutes import paragraphs
from prompts.loader import Article

_ITEM = re.compile(r"（[一二三四五六七八九十]+）")
_LABEL = re.compile(r"第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?\s*")
LONGEST_RULE = 160  # characters of an article that a letter quotes


@dataclass(frozen=True)
class Bench:
    """What a letter quotes law with: the library, the day of the letter, how words are cut."""

    lawbook: LawBook
    on: date
    words: Callable[[str], Sequence[str]]

    def cite(self, article: Article, about: str) -> Citation:
        """The citation of an article, with the part of it that speaks of `about`.

        An article that is not in force on the day, or not in the library, is cited without a quote.
        """
        found = self.lawbook.find(article.law, article.article, self.on)
        if found.status != "verified" or not found.passages or found.version is None:
            return Citation(0, "", article.text, 0, 0, "", found.status, article.law, article.article)
        first, last = found.passages[0], found.passages[-1]
        text = self.lawbook.text(first.document_id)
        part = self._part(text, first.start, last.end, article, about)
        if part is None:  # the article has no such paragraph
            return Citation(0, "", article.text, 0, 0, "", "no_such_article", article.law, article.article)
        start, end = part
        return Citation(
            0, first.document_id, found.version.name, start, end, text[start:end],
            "verified", found.version.name, first.article,
        )

    def cite_rule(self, article: Article, about: str) -> tuple[Citation, ...]:
        """As `cite`; an item of a list comes with the words that open the list, as a citation of their own."""
        rule = self.cite(article, about)
        if not rule.quote or not _ITEM.match(rule.quote):
            return (rule,)
        text = self.lawbook.text(rule.document_id)
        start = _lead(text, rule.start)
        if start is None:
            return (rule,)
        end = text.index("：", start) + 1
        return replace(rule, start=start, end=end, quote=text[start:end]), rule

    def _part(self, text: str, start: int, end: int, article: Article, about: str) -> tuple[int, int] | None:
        if article.paragraph:
            spans = paragraphs(text[start:end])
            number = _number(article.paragraph)
            if number is None or number > len(spans):
                return None
            first, last = spans[number - 1]
            start, end = start + first, start + last
        if text.startswith(article.article, start, end):
            start += len(article.article)
        subject = subject_words(self.words(about))
        first, last = best_stretch(text[start:end], subject, self.words, LONGEST_RULE)
        return start + first, start + last


def _lead(text: str, at: int) -> int | None:
    """Where the line that opens a list (…：) begins, before the item at an offset."""
    line_end = text.rfind("：\n", 0, at)
    if line_end < 0:
        return None
    start = text.rfind("\n", 0, line_end) + 1
    label = _LABEL.match(text, start)
    return label.end() if label else start


def _number(paragraph: str) -> int | None:
    """第二款 → 2; only as far as paragraphs of articles go."""
    digits = "一二三四五六七八九十"
    inner = paragraph.removeprefix("第").removesuffix("款")
    return digits.index(inner) + 1 if inner in digits and len(inner) == 1 else None


def rule_sentence(article: Article, citations: Sequence[Citation], *, again: bool = False) -> str:
    """《…》第…条规定：“…”; only its name where it was quoted before, or cannot be quoted."""
    if not citations[0].quote:
        return f"另应核对{article.text}的规定。"
    if again:
        return f"对此，前引{article.text}已有明确规定。"
    quote = "……".join(citation.quote.strip() for citation in citations)
    return f"{article.text}规定：“{quote}”"
