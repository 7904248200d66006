"""Hearings as subjects: the summary of a record, beside what a careful reader notes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from assistant.errors import BadRequest
from assistant.hearing import HearingSummary
from assistant.hearing_views import Tally
from eval.case import Span, View, locate
from eval.minutes import Commitment, Dispute, Excerpt, Opinion, Person, Position
from eval.observed import Heard, Pairing
from eval.subjects import CannotJudge, Seen, Verbs
from ingestion.document import Document
from ingestion.read import to_document
from ingestion.transcript import Turn

ALIKE = 0.5  # [D] from this share of common pairs of characters, two wordings name the same issue
VIEWS: tuple[View, ...] = ("agree", "disagree", "conditional", "unclear")

W = TypeVar("W")


def hearing_case(case: Excerpt, verbs: Verbs) -> Seen:
    """Summarise a record and compare each part for which the case has gold."""
    document = to_document(case.text.encode(), f"{case.id}.txt")
    summary = _summary(document, verbs)
    tally = {view: getattr(summary.tally, view) for view in VIEWS}
    observed = Heard(
        case.id,
        dict(_parts(case, summary, document)),
        views=tuple((one.view, _view_of(one.speaker, summary)) for one in case.opinions or ()),
        dissent=tuple(_kept(one, summary, document) for one in dissents(case)),
        warned=tuple(any(words in warning for warning in summary.warnings) for words in case.warnings or ()),
        tally=None if case.tally is None else tally == case.tally.model_dump(),
        verbatim=tuple(_verbatim(summary, document.text)),
    )
    return Seen(case.id, case.text.strip()[:400], _wanted(case), _came(summary), observed)


def _summary(document: Document, verbs: Verbs) -> HearingSummary:
    """The summary; of a record in which nobody is heard to speak, an empty one."""
    try:
        return verbs.summarise(document)
    except BadRequest as error:
        return HearingSummary((), (), (), (), (), Tally(0, 0, 0, 0), (), (str(error),))


def _parts(case: Excerpt, summary: HearingSummary, document: Document) -> Iterator[tuple[str, Pairing]]:
    if case.turns is not None:
        wanted = list(zip(case.turns, in_order(document, [one.quote for one in case.turns]), strict=True))
        yield "turns", pair(wanted, summary.turns, lambda a, b: _is_speaker(a[0].speaker, b) and _within(a[1], b))
    if case.participants is not None:
        yield "participants", pair(case.participants, summary.participants, _same_person)
    if case.steps is not None:
        yield "steps", pair(
            case.steps, summary.steps, lambda a, b: a.step == b.step and _within(_place(document, a.quote), b)
        )
    if case.issues is not None:
        yield "issues", pair(case.issues, summary.issues, _same_issue)
        wanted_words = [position for issue in case.issues for position in issue.positions]
        given = [position for issue in summary.issues for position in issue.positions]
        yield "positions", pair(wanted_words, given, lambda a, b: _same_words(a, b, document))
    if case.commitments is not None:
        yield "commitments", pair(
            case.commitments, summary.commitments, lambda a, b: _same_commitment(a, b, document)
        )


def dissents(case: Excerpt) -> Sequence[Position | Opinion]:
    """The opinions that must not be lost: those that the gold names, and every one that does not simply agree."""
    others = [one for one in case.opinions or () if one.view in ("disagree", "conditional")]
    named = [one for one in case.dissent or () if one.speaker not in {other.speaker for other in others}]
    return [*others, *named]


def in_order(document: Document, quotes: Iterable[str]) -> list[Span]:
    """Where the quotes stand, each after the one before: short words (不申请。) are said more than once."""
    spans: list[Span] = []
    start = 0
    for quote in quotes:
        place = locate(document.text[start:], quote)
        if place is None:
            raise CannotJudge(f"笔录中依次找不到“{quote}”")
        spans.append(Span(document.id, start + place[0], start + place[1]))
        start += place[1]
    return spans


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


def _same_words(wanted: Position, given: Any, document: Document) -> bool:
    place = _place(document, wanted.quote)
    return bool(wanted.speaker == given.speaker) and Span(document.id, given.start, given.end).bears(place)


def _kept(wanted: Position | Opinion, summary: HearingSummary, document: Document) -> bool:
    """Whether an opinion stands with its own view, by the speaker or, where another reports it, by the words."""
    view = wanted.view if isinstance(wanted, Opinion) else "disagree"
    place = _place(document, wanted.quote)
    return any(
        one.view == view
        and (_is_called(wanted.speaker, one.speaker) or Span(document.id, one.start, one.end).bears(place))
        for one in summary.opinions
    )


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


def _is_speaker(wanted: str, given: Turn) -> bool:
    """Whether a turn is given to the person wanted, named with or without the role before it (承办人章节, 章节)."""
    return wanted in (given.speaker, f"{given.role}{given.speaker}")


def _is_called(wanted: str, speaker: str) -> bool:
    """Whether a panelist is meant, by name or as the record's label has it (听证员甲, 甲)."""
    return wanted in (speaker, f"听证员{speaker}")


def _within(place: Span, given: Any) -> bool:
    """Whether what was given covers where the wanted words begin."""
    return bool(given.start <= place.start < given.end)


def _place(document: Document, quote: str) -> Span:
    place = locate(document.text, quote)
    if place is None:
        raise CannotJudge(f"笔录中没有“{quote}”")
    return Span(document.id, *place)


def _view_of(speaker: str, summary: HearingSummary) -> View | None:
    return next((one.view for one in summary.opinions if _is_called(speaker, one.speaker)), None)


def _verbatim(summary: HearingSummary, text: str) -> Iterator[bool]:
    """Whether each line that quotes stands in the record where it says."""
    for dispute in summary.issues:
        for one in dispute.positions:
            yield text[one.start : one.end] == one.text
    quoted = [(one.reason, one.start, one.end) for one in summary.opinions]
    quoted += [(one.what, one.start, one.end) for one in summary.commitments]
    for words, start, end in quoted:
        yield "".join(words.split()) in "".join(text[start:end].split())


def _wanted(case: Excerpt) -> str:
    views = [f"{one.speaker} {one.view}" for one in case.opinions or ()]
    promises = [f"{one.who}：{one.what}" for one in case.commitments or ()]
    return "；".join([*views, *promises]) or case.why or "见笔录"


def _came(summary: HearingSummary) -> str:
    views = [f"{one.speaker} {one.view}" for one in summary.opinions]
    promises = [f"{one.who}：{one.what}" for one in summary.commitments]
    return "；".join([*views, *promises, *summary.warnings]) or "（没有意见与承诺）"
