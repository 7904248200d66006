"""Answering a question: evidence from the case and from the law, then a writer, then verification."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from assistant.cite import verified
from assistant.reply import Answer
from assistant.writer import Evidence, Writer
from indexes.hit import Hit
from indexes.index import Index, Scope
from ingestion.document import KINDS

HITS = 8
FIT_TO_QUOTE = ("verified", "not_checked", None)


def answer(
    question: str,
    index: Index,
    writer: Writer,
    *,
    case: str | None = None,
    as_of: date | None = None,
    text_of: Callable[[str], str | None],
) -> Answer:
    """The answer to a question, from the documents of `case` (all documents if None) and law as of a date.

    A citation whose quote does not stand in its document is dropped, and the answer is then `partial`.
    """
    return check(writer.answer(Evidence(question, evidence(question, index, case=case, as_of=as_of))), text_of)


def evidence(question: str, index: Index, *, case: str | None, as_of: date | None) -> list[Hit]:
    """Hits of the case and of the law in turn, best first; of law only what can be quoted on the date."""
    law = index.search(question, HITS, scope=Scope(kinds=("regulation",), as_of=as_of))
    quotable = [hit for hit in law if hit.status in FIT_TO_QUOTE]
    others = tuple(kind for kind in KINDS if kind != "regulation")
    papers = index.search(question, HITS, scope=Scope(kinds=others, case=case, as_of=as_of))
    return _by_turns(papers, quotable) if case else _by_score(papers, quotable)


def _by_turns(first: list[Hit], second: list[Hit]) -> list[Hit]:
    mixed: list[Hit] = []
    for number in range(max(len(first), len(second))):
        mixed += first[number : number + 1] + second[number : number + 1]
    return mixed


def _by_score(first: list[Hit], second: list[Hit]) -> list[Hit]:
    return sorted([*first, *second], key=lambda hit: -hit.score)


def check(reply: Answer, text_of: Callable[[str], str | None]) -> Answer:
    """The answer without citations that its documents do not bear out."""
    sound = {c.number for c in reply.citations if verified(c, text_of(c.document_id))}
    if len(sound) == len(reply.citations):
        return reply
    sentences = tuple(
        replace(s, citations=kept, support=s.support if kept else "unverified")
        for s in reply.sentences
        for kept in [tuple(number for number in s.citations if number in sound)]
    )
    citations = tuple(c for c in reply.citations if c.number in sound)
    return replace(reply, citations=citations, sentences=sentences, grounding="partial" if citations else "none")
