"""A law and the amendment that changes it become the law's next text, where every item of the amendment is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from indexes.law_knowledge import name_key
from ingestion.numerals import NUMERAL, article_key, canonical_article, to_int
from ingestion.statutes import Article, Statute, paragraphs

_AMENDMENT = re.compile(r"(?P<law>中华人民共和国刑法)修正案")
_LABEL = rf"第{NUMERAL}+条(?:之{NUMERAL}+)?"
_WHOLE = re.compile(
    rf"(?:将刑法(?P<one>{_LABEL})修改为"
    rf"|在刑法(?P<more>{_LABEL})中增加(?:一款|{NUMERAL}+款).{{0,40}}?，将该条修改为)[：:]\s*(?=[“\"])"
)
_PART = re.compile(rf"将刑法(?P<article>{_LABEL})第(?P<paragraph>{NUMERAL}+)款修改为[：:]\s*(?=[“\"])")
_NEW = re.compile(rf"在刑法(?P<after>{_LABEL})后增加一条，作为(?P<label>{_LABEL})[：:]\s*(?=[“\"])")
_ADDED = re.compile(
    rf"在刑法(?P<article>{_LABEL})中增加一款，?作为第(?P<paragraph>{NUMERAL}+)款[：:]\s*(?=[“\"])"
)
_STARTS = re.compile(r"本修正案自.{2,20}起施行")
_NUMBER = re.compile(rf"^\s*{NUMERAL}+、\s*")


@dataclass(frozen=True)
class NotUnderstood:
    """Items of an amendment that the program cannot apply: then nothing of it is applied."""

    amendment: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class _Edit:
    """New words for an article, or (`paragraph`) for one of its paragraphs; `after` where they are a new article."""

    label: str
    words: str
    paragraph: int = 0
    insert: bool = False
    after: str = ""


def with_amended(statutes: Iterable[Statute]) -> Iterator[Statute]:
    """The statutes, and behind them the texts that amendments among them make of laws among them.

    Only an amendment in force later than the newest text held of its law is applied, the earliest first.
    """
    newest: dict[str, Statute] = {}
    waiting: list[Statute] = []
    for statute in statutes:
        yield statute
        if _AMENDMENT.match(statute.name):
            waiting.append(statute)
        elif statute.version and statute.articles:
            held = newest.get(name_key(statute.name))
            if held is None or (held.version or statute.version) <= statute.version:
                newest[name_key(statute.name)] = statute
    for amendment in sorted((one for one in waiting if one.version), key=lambda one: str(one.version)):
        found = _AMENDMENT.match(amendment.name)
        base = newest.get(name_key(found["law"])) if found else None
        if base is None or str(amendment.version) <= str(base.version):
            continue
        made = amended(base, amendment)
        if isinstance(made, Statute):
            newest[name_key(base.name)] = made
            yield made


def amended(base: Statute, amendment: Statute) -> Statute | NotUnderstood:
    """The text of `base` as `amendment` changes it; what it rests on is told by `source` and `in_force_basis`."""
    edits: list[_Edit] = []
    missed: list[str] = []
    for article in amendment.articles:
        item = amendment.text[article.start : article.end]
        if _STARTS.search(item):
            continue
        edit = _edit(_NUMBER.sub("", item))
        if edit is None or not _fits(edit, base):
            missed.append(article.label)
        else:
            edits.append(edit)
    if missed or not edits:
        return NotUnderstood(amendment.name, tuple(missed))
    text, articles = _rebuilt(base, edits)
    return replace(
        base,
        version=amendment.version,
        in_force_from=amendment.in_force_from,
        in_force_basis=f"《{amendment.name}》载明施行日",
        source=f"{base.source}（{base.version} 文本按《{amendment.name}》编成）",
        text=text,
        articles=articles,
    )


def _edit(item: str) -> _Edit | None:
    for pattern in (_WHOLE, _PART, _NEW, _ADDED):
        match = pattern.match(item)
        if match is None:
            continue
        words = _quoted(item[match.end() :])
        if not words:
            return None
        if pattern is _WHOLE:
            return _Edit(canonical_article(match["one"] or match["more"]), words)
        if pattern is _NEW:
            return _Edit(canonical_article(match["label"]), words, after=canonical_article(match["after"]))
        number = to_int(match["paragraph"])
        return _Edit(canonical_article(match["article"]), words, number, pattern is _ADDED)
    return None


def _quoted(rest: str) -> str:
    """The words between the first mark and the last; a mark at the head of each further paragraph is the quotation's."""
    if not re.search(r"[”\"]\s*$", rest):
        return ""
    inner = re.sub(r"[”\"]\s*$", "", rest)
    if inner.count("”") or "增加" in inner:
        return ""  # more than one change in one item
    lines = [line.strip().lstrip("“\"") for line in inner.split("\n")]
    return "\n".join(line for line in lines if line)


def _fits(edit: _Edit, base: Statute) -> bool:
    """Whether the article (and paragraph) to change is there, and one to add is not."""
    labels = {article.label: article for article in base.articles}
    if edit.after:
        return edit.after in labels and edit.label not in labels
    if edit.label not in labels:
        return False
    if not edit.paragraph:
        return True
    article = labels[edit.label]
    count = len(paragraphs(base.text[article.start : article.end]))
    return edit.paragraph <= count + edit.insert


def _rebuilt(base: Statute, edits: Iterable[_Edit]) -> tuple[str, tuple[Article, ...]]:
    """The text with new words for old ones, and where its articles stand now."""
    changed = {edit.label: edit for edit in edits if not edit.after}
    behind: dict[str, list[_Edit]] = {}
    for edit in edits:
        if edit.after:
            behind.setdefault(edit.after, []).append(edit)
    pieces: list[str] = []
    articles: list[Article] = []
    length = at = 0
    for article in base.articles:
        pieces.append(base.text[at : article.start])
        length += article.start - at
        words = base.text[article.start : article.end]
        if article.label in changed:
            words = _changed(words, changed[article.label])
        articles.append(Article(article.label, article.headings, length, length + len(words)))
        pieces.append(words)
        length += len(words)
        at = article.end
        for edit in sorted(behind.get(article.label, []), key=lambda one: article_key(one.label) or (0, 0)):
            words = f"{edit.label} {edit.words}"
            pieces += ["\n", words]
            articles.append(Article(edit.label, article.headings, length + 1, length + 1 + len(words)))
            length += 1 + len(words)
    pieces.append(base.text[at:])
    return "".join(pieces), tuple(articles)


def _changed(words: str, edit: _Edit) -> str:
    spans = list(paragraphs(words))
    head = re.match(rf"\s*{_LABEL}[\s\u3000]*", words)
    label = head.group() if head else ""
    if not edit.paragraph:
        return label + edit.words
    if edit.insert:
        if edit.paragraph > len(spans):
            return f"{words.rstrip()}\n{edit.words}"
        start = spans[edit.paragraph - 1][0]
        return f"{words[:start]}{edit.words}\n{words[start:]}" if edit.paragraph > 1 else f"{label}{edit.words}\n{words[len(label):]}"
    start, end = spans[edit.paragraph - 1]
    return words[:start] + (label if edit.paragraph == 1 else "") + edit.words + words[end:]
