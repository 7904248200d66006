"""Writers turn a question and its evidence into an answer; this one quotes and needs no model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from assistant.cite import cite
from assistant.reply import Answer, AnswerSentence, Citation, Grounding
from assistant.sentences import best_stretch, coverage, subject_words
from indexes.hit import STATUS_WORDS, Hit, recognised

__all__ = ["STATUS_WORDS", "Evidence", "QuotingWriter", "Writer", "compose", "refusal", "source_line"]

Words = Callable[[str], list[str]]

# [D] From this share of the question's subject found in one passage, the passage counts as evidence.
ENOUGH = 0.6
MOST_QUOTES = 4
LONGEST_QUOTE = 220  # characters; an article up to this length is quoted whole
REFUSAL = "未找到依据，不作回答。"


@dataclass(frozen=True)
class Evidence:
    """A question with the hits that may answer it, best first."""

    question: str
    hits: Sequence[Hit]
    as_of: date | None = None


class Writer(Protocol):
    """Turns evidence into an answer whose citations are all made by code."""

    def answer(self, evidence: Evidence) -> Answer:
        """The answer, or one with grounding `none` if the evidence does not answer the question."""
        ...

    def stream(self, evidence: Evidence) -> Iterator[Answer]:
        """The answer as it grows, a sentence at a time; the last one is whole and is what counts."""
        ...


class QuotingWriter:
    """Answers by quoting the best passages word for word, each with its citation."""

    def __init__(self, words: Words, rarity: Callable[[str], float]) -> None:
        self._words = words
        self._rarity = rarity

    def answer(self, evidence: Evidence) -> Answer:
        """Quotes of the passages that speak of the question's subject, or a refusal."""
        subject = subject_words(self._words(evidence.question))
        chosen = [hit for hit in evidence.hits if self._speaks(hit, subject)][:MOST_QUOTES]
        if not chosen:
            return refusal(evidence)
        return compose([self._quote(hit, number, subject) for number, hit in enumerate(chosen, 1)])

    def stream(self, evidence: Evidence) -> Iterator[Answer]:
        """The same answer; quoting is quick, so it comes in one piece."""
        yield self.answer(evidence)

    def _speaks(self, hit: Hit, subject: frozenset[str]) -> bool:
        passage = hit.passage
        words = self._words(" ".join(passage.headings) + "\n" + passage.text)
        return coverage(subject, words, self._rarity) >= ENOUGH

    def _quote(self, hit: Hit, number: int, subject: frozenset[str]) -> Citation:
        text, skipped = hit.passage.text, 0
        if hit.law and hit.passage.article and text.startswith(hit.passage.article):
            # the article is named before the quote; its own number need not be said twice
            skipped = len(hit.passage.article)
        start, end = best_stretch(text[skipped:], subject, self._words, LONGEST_QUOTE)
        offset = hit.passage.start + skipped
        return cite(hit, number, offset + start, offset + end)


def compose(citations: Sequence[Citation]) -> Answer:
    """An answer of one sentence for each citation: where it stands, the quote, its number."""
    parts: list[str] = []
    marks: list[AnswerSentence] = []
    length = 0
    for citation in citations:
        line = f"{source_line(citation)}“{citation.quote}”[{citation.number}]"
        sound = citation.law is None or citation.status == "verified"
        marks.append(
            AnswerSentence(length, length + len(line), (citation.number,), "supported" if sound else "unverified")
        )
        parts.append(line)
        length += len(line) + 1
    grounding: Grounding = "full" if all(mark.support == "supported" for mark in marks) else "partial"
    return Answer("\n".join(parts), grounding, "", tuple(citations), tuple(marks))


def source_line(citation: Citation) -> str:
    """How a quote is introduced: the law with its article and what is wrong with it, or the document."""
    if citation.law is None:
        page = f"第{citation.page}页" if citation.page else ""
        notes = "，".join(note for note in (page, recognised(citation.confidence)) if note)
        return f"《{citation.title}》{f'（{notes}）' if notes else ''}载明："
    state = "" if citation.status == "verified" else f"（{STATUS_WORDS[citation.status]}）"
    return f"《{citation.law}》{citation.article or ''}{state}规定："


def refusal(evidence: Evidence) -> Answer:
    """An answer that states no fact, says what is missing and names the nearest sources."""
    nearest = list(dict.fromkeys(
        f"《{hit.law}》{hit.passage.article or ''}" if hit.law else f"《{hit.title}》" for hit in evidence.hits[:3]
    ))
    where = f"最接近的材料：{'、'.join(nearest)}，可点开核对。" if nearest else "资料库中没有相近的材料。"
    missing = f"资料库中没有直接回答“{evidence.question.strip()}”的文字。{where}请补充相关卷宗、文件或法规后再问。"
    return Answer(REFUSAL, "none", missing, (), ())
