"""Answering a question: evidence from the case and from the law, then a writer, then verification."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from assistant.cite import verified
from assistant.reply import Answer
from assistant.writer import REFUSAL, Evidence, Writer
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
    found = evidence(question, index, case=case, as_of=as_of)
    return check(writer.answer(Evidence(question, found, as_of)), text_of)


def answer_events(
    question: str,
    index: Index,
    writer: Writer,
    *,
    case: str | None = None,
    as_of: date | None = None,
    text_of: Callable[[str], str | None],
) -> Iterator[str | Answer]:
    """The answer as it is written: pieces of text, then the Answer, which is always the last item.

    A piece is given only once its sentences are verified. The pieces join to the text of the Answer, save
    where the writer changed its mind (a model that broke off): then the Answer's text replaces them.
    """
    found = evidence(question, index, case=case, as_of=as_of)
    shown = ""
    checked = Answer(REFUSAL, "none", "", (), ())
    for grown in writer.stream(Evidence(question, found, as_of)):
        checked = check(grown, text_of)
        for end in _ends(checked):
            if end > len(shown) and checked.text.startswith(shown):
                yield checked.text[len(shown) : end]
                shown = checked.text[:end]
    yield checked


def _ends(reply: Answer) -> list[int]:
    """Where the pieces of a text end: with each sentence, and with the text."""
    return [*(sentence.end for sentence in reply.sentences), len(reply.text)]


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
    """The answer without citations that its documents do not bear out; `missing` then names them.

    Where none is left, nothing of the text can be trusted, and it is not given.
    """
    dropped = [c for c in reply.citations if not verified(c, text_of(c.document_id))]
    if not dropped:
        return reply
    names = "、".join(dict.fromkeys(f"《{c.law or c.title}》{c.article or ''}" for c in dropped))
    missing = f"{reply.missing}引自{names}的文字与资料库中的原文对不上，没有作为依据，请核对原文。"
    citations = tuple(c for c in reply.citations if c not in dropped)
    if not citations:
        return Answer(REFUSAL, "none", missing, (), ())
    sound = {c.number for c in citations}
    sentences = tuple(
        replace(s, citations=kept, support=s.support if kept else "unverified")
        for s in reply.sentences
        for kept in [tuple(number for number in s.citations if number in sound)]
    )
    return replace(reply, grounding="partial", missing=missing, citations=citations, sentences=sentences)
