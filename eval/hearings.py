"""Hearings as subjects: the summary of a record, beside what a careful reader notes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from eval.case import Span, View, locate
from eval.minutes import Commitment, Dispute, Excerpt, Person, Turn
from eval.observed import Heard, Pairing
from eval.subjects import CannotJudge, Seen, Verbs
from ingestion.document import Document
from ingestion.read import to_document

ALIKE = 0.5  # [D] from this share of common pairs of characters, two wordings name the same issue
VIEWS: tuple[View, ...] = ("agree", "disagree", "conditional", "unclear")

W = TypeVar("W")


def hearing_case(case: Excerpt, verbs: Verbs) -> Seen:
    """Summarise a record and compare each part for which the case has gold."""
    document = to_document(case.text.encode(), f"{case.id}.txt")
    summary = verbs.summarise(document)
    tally = {view: getattr(summary.tally, view) for view in VIEWS}
    observed = Heard(
        case.id,
        dict(_parts(case, summary, document)),
        views=tuple((one.view, _view_of(one.speaker, summary)) for one in case.opinions or ()),
        tally=None if case.tally is None else tally == case.tally.model_dump(),
        verbatim=tuple(_verbatim(summary, document.text)),
    )
    return Seen(case.id, case.text.strip()[:400], _wanted(case), _came(summary), observed)


def _parts(case: Excerpt, summary: Any, document: Document) -> Iterator[tuple[str, Pairing]]:
    if case.turns is not None:
        yield "turns", pair(case.turns, summary.turns, lambda a, b: _same_turn(a, b, document))
    if case.participants is not None:
        yield "participants", pair(case.participants, summary.participants, _same_person)
    if case.steps is not None:
        yield "steps", pair(
            case.steps, summary.steps, lambda a, b: a.step == b.step and _within(_place(document, a.quote), b)
        )
    if case.issues is not None:
        yield "issues", pair(case.issues, summary.issues, _same_issue)
    if case.commitments is not None:
        yield "commitments", pair(
            case.commitments, summary.commitments, lambda a, b: _same_commitment(a, b, document)
        )


def pair(wanted: Sequence[W], given: Iterable[Any], same: Callable[[W, Any], bool]) -> Pairing:
    """How many of the wanted things were given; each given thing stands for one wanted thing at most."""
    left = list(given)
    total, found = len(left), 0
    for one in wanted:
        match = next((at for at, other in enumerate(left) if same(one, other)), None)
        if match is not None:
            del left[match]
            found += 1
    return Pairing(len(wanted), total, found)


def alike(first: str, second: str) -> float:
    """How much two wordings have in common: Dice's coefficient of their pairs of characters, 0 to 1."""
    pairs = [{text[at : at + 2] for at in range(len(text) - 1)} for text in (first, second)]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))


def _same_turn(wanted: Turn, given: Any, document: Document) -> bool:
    return bool(wanted.speaker == given.speaker) and _within(_place(document, wanted.quote), given)


def _same_person(wanted: Person, given: Any) -> bool:
    return bool(wanted.name == given.name) and (wanted.role in given.role or given.role in wanted.role)


def _same_issue(wanted: Dispute, given: Any) -> bool:
    return wanted.issue in given.issue or alike(wanted.issue, given.issue) >= ALIKE


def _same_commitment(wanted: Commitment, given: Any, document: Document) -> bool:
    """The same person promises the same words, with the day that the record gives, if it gives one."""
    return (
        bool(wanted.who == given.who)
        and Span(document.id, given.start, given.end).bears(_place(document, wanted.what))
        and (wanted.by in given.by if wanted.by else not given.by)
    )


def _within(place: Span, given: Any) -> bool:
    """Whether what was given covers where the wanted words begin."""
    return bool(given.start <= place.start < given.end)


def _place(document: Document, quote: str) -> Span:
    place = locate(document.text, quote)
    if place is None:
        raise CannotJudge(f"笔录中没有“{quote}”")
    return Span(document.id, *place)


def _view_of(speaker: str, summary: Any) -> View | None:
    return next((one.view for one in summary.opinions if one.speaker == speaker), None)


def _verbatim(summary: Any, text: str) -> Iterator[bool]:
    """Whether each line that quotes stands in the record where it says."""
    for dispute in summary.issues:
        for one in dispute.positions:
            yield text[one.start : one.end] == one.text
    for one in summary.opinions:
        yield "".join(one.reason.split()) in "".join(text[one.start : one.end].split())
    for one in summary.commitments:
        yield "".join(one.what.split()) in "".join(text[one.start : one.end].split())


def _wanted(case: Excerpt) -> str:
    views = [f"{one.speaker} {one.view}" for one in case.opinions or ()]
    promises = [f"{one.who}：{one.what}" for one in case.commitments or ()]
    return "；".join([*views, *promises]) or case.why or "见笔录"


def _came(summary: Any) -> str:
    views = [f"{one.speaker} {one.view}" for one in summary.opinions]
    promises = [f"{one.who}：{one.what}" for one in summary.commitments]
    return "；".join([*views, *promises, *summary.warnings]) or "（没有意见与承诺）"
