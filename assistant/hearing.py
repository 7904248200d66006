"""A hearing record summarised: steps, issues in dispute, opinions with their tally, dissent, promises; all by quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import BadRequest
from assistant.hearing_views import Opinion, Tally, opinions_of, stated_tallies, tally_of
from assistant.sentences import sentences
from indexes.words import tokens
from ingestion.document import Document
from ingestion.transcript import UNKNOWN, Participant, Transcript, Turn, read_transcript
from prompts.hearing import HearingCues, load_hearing

_ANNOUNCED = re.compile(r"(?:问题|焦点|争议)[^。？！：:]{0,24}[：:](?P<list>[^。？！\n]+)")
_ITEM = re.compile(r"(?:第[一二三四五六七八九]，|[一二三四五六七八九]是|（[一二三四五六七八九]）|\d[.．、])")
_BY_NUMBER = re.compile(r"第(?P<number>[一二三四五六])个?(?:问题|焦点|争议)")
_DEADLINE = re.compile(
    r"(?:\d{4}年|今年|明年)?\d{1,2}月(?:\d{1,2}日|底)?(?:之|以)?前|(?:今年|明年|本|下)?(?:年|月)底(?:之|以)?前?"
    r"|(?:本|这|下)?周[一二三四五六日](?:下班)?(?:之|以)?前"
    r"|[一-龥]{0,8}?(?:\d+|[一二三四五六七八九十两半]+)个?(?:工作日|日|天|周|月|年)(?:之|以)?内"
)
_FIXED = re.compile(r"将[^，。]{0,4}?(?P<day>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|第[一二三四]周|[上中下]旬))")
_PAST = re.compile(r"已|曾|作了|才|均在")
NUMERALS = "一二三四五六"
OPENING = 60  # characters of a presider's turn that can open a step
LEAST_SHARED = 2  # words that only one issue has, in a sentence that speaks of it


@dataclass(frozen=True)
class Step:
    """One of the seven steps: from the line that opens it to the next one."""

    step: str
    start: int
    end: int


@dataclass(frozen=True)
class Position:
    """What somebody said on an issue, word for word."""

    speaker: str
    role: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class DisputedIssue:
    """An issue in dispute as it was announced, and who said what of it."""

    issue: str
    start: int
    end: int
    positions: tuple[Position, ...]


@dataclass(frozen=True)
class Commitment:
    """What somebody promised, and until when in the record's words ("" where no time is named)."""

    who: str
    what: str
    by: str
    start: int
    end: int


@dataclass(frozen=True)
class HearingSummary:
    """What a record says, by spans of its text; `warnings` say in Chinese what a person must look at."""

    participants: tuple[Participant, ...]
    turns: tuple[Turn, ...]
    steps: tuple[Step, ...]
    issues: tuple[DisputedIssue, ...]
    opinions: tuple[Opinion, ...]
    tally: Tally
    commitments: tuple[Commitment, ...]
    warnings: tuple[str, ...]

    @property
    def dissent(self) -> tuple[Opinion, ...]:
        """The opinions that do not agree, and those that are not clear."""
        return tuple(one for one in self.opinions if one.view != "agree")


def summarise_hearing(document: Document, cues: HearingCues | None = None) -> HearingSummary:
    """The summary of a hearing record.

    Raises BadRequest for a document in which nobody speaks: no line begins with a speaker's label.
    """
    cues = cues or load_hearing()
    record = read_transcript(document.text, cues.roles)
    if not record.turns:
        raise BadRequest(
            f"《{document.title}》里没有可以辨认的发言。请使用带“主持人：”“听证员某某：”这类发言人标签的听证笔录（.docx 或 .txt）。"
        )
    text = document.text
    steps = tuple(_steps(text, record, cues))
    heard = opinions_of(text, _in_opinion_step(record, steps, cues), cues)
    tally = tally_of(heard)
    return HearingSummary(
        participants=record.participants,
        turns=record.turns,
        steps=steps,
        issues=tuple(_issues(text, record, cues)),
        opinions=heard.opinions,
        tally=tally,
        commitments=tuple(_commitments(text, record, cues)),
        warnings=(
            *_warnings(record, steps, cues),
            *heard.warnings,
            *stated_tallies(text, record.turns, tally, cues),
        ),
    )


def _steps(text: str, record: Transcript, cues: HearingCues) -> Iterator[Step]:
    """The steps in their order: from headings where there are, else from the presider's words between them."""
    headings = [
        (aside.start, text[aside.start : aside.end].strip())
        for aside in record.asides
        if not text[aside.start : aside.end].strip().endswith(("）", ")"))
    ]
    spoken = [
        (turn.label_start, text[turn.start : min(turn.end, turn.start + OPENING)])
        for turn in record.turns
        if turn.role in cues.presiders
    ]
    opened: dict[int, int] = {}  # the number of a step → where it begins
    for lines in (headings, spoken):
        for start, words in lines:
            number = _opens(words, start, opened, cues)
            if number is not None:
                opened[number] = start
    end = record.turns[-1].end
    starts = sorted(opened.items())
    for at, (number, start) in enumerate(starts):
        yield Step(cues.steps[number].name, start, starts[at + 1][1] if at + 1 < len(starts) else end)


def _opens(words: str, start: int, opened: Mapping[int, int], cues: HearingCues) -> int | None:
    """The first step, not opened yet, that a line can open where it stands between the others; None if none.

    A line that speaks of three steps or more is an outline of the hearing and opens nothing.
    """
    met = [number for number, step in enumerate(cues.steps) if any(re.search(cue, words) for cue in step.cues)]
    if len(met) > 2:
        return None
    fitting = (
        number
        for number in met
        if number not in opened
        and all((other < number) == (place < start) for other, place in opened.items())
    )
    return next(fitting, None)


def _in_opinion_step(record: Transcript, steps: Sequence[Step], cues: HearingCues) -> list[Turn]:
    """The panelists' turns from which opinions are taken: those after the questions, or all if no step is told."""
    name = cues.steps[4].name
    start = next((step.start for step in steps if step.step == name), 0)
    return [turn for turn in record.turns if is_panelist(turn, cues) and turn.start >= start]


def is_panelist(turn: Turn, cues: HearingCues) -> bool:
    """Whether a panelist (or their representative) speaks."""
    return any(turn.role.startswith(word) for word in cues.panelists)


def _issues(text: str, record: Transcript, cues: HearingCues) -> Iterator[DisputedIssue]:
    leading = (*cues.presiders, *cues.handlers)
    for turn in (one for one in record.turns if one.role in leading):
        for announced in _ANNOUNCED.finditer(text, turn.start, turn.end):
            items = list(_items(text, *announced.span("list")))
            if len(items) >= 2:
                later = [one for one in record.turns if one.start > turn.start and one.role not in leading]
                yield from _with_positions(text, items, later, cues)
                return


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of an enumeration, without 第一， and the like."""
    marks = list(_ITEM.finditer(text, start, end))
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else end
        while stop > mark.end() and text[stop - 1] in "；;，, 。":
            stop -= 1
        yield mark.end(), stop


def _with_positions(
    text: str, items: Sequence[tuple[int, int]], turns: Sequence[Turn], cues: HearingCues
) -> Iterator[DisputedIssue]:
    bags = [{word for word in tokens(text[start:end]) if len(word) > 1} for start, end in items]
    for number, (start, end) in enumerate(items):
        others = set().union(*(bag for at, bag in enumerate(bags) if at != number))
        own = bags[number] - others
        best: dict[str, tuple[int, Position]] = {}
        for turn in turns:
            found = None if turn.speaker == UNKNOWN else _position(text, turn, number, own)
            if found is not None and found[0] > best.get(turn.speaker, (0, None))[0]:
                best[turn.speaker] = found
        positions = sorted((position for _, position in best.values()), key=lambda one: one.start)
        yield DisputedIssue(text[start:end], start, end, tuple(positions))


def _position(text: str, turn: Turn, number: int, own: set[str]) -> tuple[int, Position] | None:
    """The sentence of a turn that speaks of the issue most, and how much; None if none surely does."""
    best: tuple[int, int, int] | None = None
    for start, end in sentences(text, turn.start, turn.end):
        if text[end - 1] in "？?":
            continue
        named = [match["number"] for match in _BY_NUMBER.finditer(text, start, end)]
        shared = len(own & set(tokens(text[start:end])))
        score = 99 if NUMERALS[number : number + 1] in named else shared
        if score >= LEAST_SHARED and (best is None or score > best[0]):
            best = (score, start, end)
    if best is None:
        return None
    return best[0], Position(turn.speaker, turn.role, text[best[1] : best[2]], best[1], best[2])


def _commitments(text: str, record: Transcript, cues: HearingCues) -> Iterator[Commitment]:
    for turn in record.turns:
        if turn.speaker == UNKNOWN or turn.role in cues.clerks:
            continue
        for start, end in sentences(text, turn.start, turn.end):
            if text[end - 1] not in "？?":
                yield from _promises(text, start, end, turn, cues)


def _promises(text: str, start: int, end: int, turn: Turn, cues: HearingCues) -> Iterator[Commitment]:
    """Clauses in which the speaker binds himself: a firm word, or a deed with a time."""
    for clause in re.finditer(r"[^，,；;。！!\n]+", text[start:end]):
        words = clause.group()
        if any(word in words.replace("检察建议", "") for word in cues.requests):
            continue
        deadline = _DEADLINE.search(words)
        fixed = _FIXED.search(words)
        presiding = turn.role in cues.presiders
        # a presider tells what others will do: only a deed with a time is a promise there
        firm = not presiding and any(word in words for word in cues.firm)
        deed = not presiding or any(word in words for word in cues.promises)
        if not (firm or fixed or (deadline and deed)) or _PAST.search(words):
            continue
        at = start + clause.start() + len(words) - len(words.lstrip())
        what = words.strip()
        yield Commitment(_who(what, turn, cues), what, _time(deadline, fixed), at, at + len(what))


def _time(deadline: re.Match[str] | None, fixed: re.Match[str] | None) -> str:
    return deadline.group() if deadline else fixed["day"] if fixed else ""


def _who(clause: str, turn: Turn, cues: HearingCues) -> str:
    """Who is bound: the speaker, or the handlers of whom the presider speaks (承办检察官将…)."""
    bound = next((role for role in cues.handlers if clause.startswith(role)), "")
    return bound if bound and turn.role in cues.presiders else turn.speaker


def _warnings(record: Transcript, steps: Sequence[Step], cues: HearingCues) -> Iterator[str]:
    unknown = sum(turn.speaker == UNKNOWN for turn in record.turns)
    if unknown:
        yield f"有 {unknown} 处发言未识别说话人，请对照录音录像核实。"
    if record.unlisted:
        yield f"以下发言人不在参加人名单中：{'、'.join(record.unlisted)}。请核实身份。"
    found = {step.step for step in steps}
    if missing := [step.name for step in cues.steps if step.name not in found]:
        yield f"笔录中没有找到以下步骤：{'、'.join(missing)}。"
    panel = [one for one in record.participants if one.role.startswith("听证员")]
    if panel and not 3 <= len(panel) <= 7:
        yield f"听证员 {len(panel)} 人，一般为 3 至 7 人（待核实《人民检察院审查案件听证工作规定》）。"
