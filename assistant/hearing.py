"""A hearing record summarised: steps, issues in dispute, opinions with their tally, dissent, promises; all by quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.errors import BadRequest
from assistant.hearing_stance import proposal_of, widened
from assistant.hearing_tally import Heard, opinions_of, stated_tallies, tally_of
from assistant.hearing_views import Opinion, Panel, Tally
from assistant.sentences import sentences, subject_words
from indexes.words import tokens
from ingestion.document import Document
from ingestion.transcript import UNKNOWN, Participant, Transcript, Turn, called_by_surname, read_transcript
from prompts.hearing import HearingCues, load_hearing

_ANNOUNCED = re.compile(r"(?:问题|焦点|争议)[^。？！：:]{0,24}[：:](?P<list>[^。？！\n]+)")
_ITEM = re.compile(r"(?:第[一二三四五六七八九]，|[一二三四五六七八九]是|（[一二三四五六七八九]）|\d[.．、])")
_BY_NUMBER = re.compile(r"第(?P<number>[一二三四五六])个?(?:问题|焦点|争议)")
_DATED = (
    r"(?:\d{4}年|今年|明年)?\d{1,2}月(?:\d{1,2}日|底|初|中旬|上旬|下旬)?(?:之|以)?前|(?:今年|明年|本|下)?(?:年|月)底(?:之|以)?前?"
    r"|(?:本|这|下)?周[一二三四五六日](?:下班)?(?:之|以)?前"
)
_WITHIN = r"(?:\d+|[一二三四五六七八九十两半]+)个?(?:工作日|日|天|周|月|年)(?:之|以)?内"
# what a period counts from stands behind 在 or 于, begins with 收到, or opens the clause
_FROM = r"(?:(?<=在)|(?<=于)|(?<=自)|(?<=从)|(?=收到)|(?<![一-龥]))(?!并)(?:(?![在于自从])[一-龥]){2,14}?(?:之日起|以后|之后|后)"
_DEADLINE = re.compile(rf"{_DATED}|(?:{_FROM})?{_WITHIN}|{_FROM}(?:\d+|[一二三四五六七八九十两半]+)个?(?:工作日|日|天|周|月)(?=[一-龥])")
_BARE_PROMISE = re.compile(r"(?:我们?|我[一-龥]{1,3}|本[一-龥]{1,3})?(?:在此)?(?:郑重)?(?:承诺|保证)[：:]?")
_OWN_SUBJECT = re.compile(r"我|本(?:局|人|公司|单位|院|所|方)|公司|社区|村里|校方")
_TASKED = re.compile(r"(?:请|由)(?P<whom>[一-龥]{2,12}?)(?=在|于|\d|务必|[一-龥]?(?:年|月|周)底|本周|下周|收到)")
_FIXED = re.compile(r"将[^，。]{0,4}?(?P<day>(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日|第[一二三四]周|[上中下]旬))")
_PAST = re.compile(r"已|曾|作了|才|均在")
NUMERALS = "一二三四五六"
OPENING = 60  # characters of a presider's turn that can open a step
LEAST_SHARED = 2  # characters of an issue's words, weighed, in a sentence that speaks of it
BRIEF = 12  # characters up to which a sentence takes the next one along
CLOSE = 0.6  # of the best issue's score: a sentence may speak of two
FREQUENT_WEIGHT = 0.4  # of a word that is often said at the hearing
RARE, RARE_SHARE = 4, 0.05  # sentences (or their share) up to which a word is seldom said


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
    text = widened(document.text)
    record = read_transcript(text, cues.roles)
    if not record.turns:
        raise BadRequest(
            f"《{document.title}》里没有可以辨认的发言。请使用带“主持人：”“听证员某某：”这类发言人标签的听证笔录（.docx 或 .txt）。"
        )
    steps = tuple(_steps(text, record, cues))
    told = any(step.step == cues.steps[4].name for step in steps)
    heard = _heard(text, record, steps, cues)
    tally = tally_of(heard)
    made = HearingSummary(
        participants=record.participants,
        turns=record.turns,
        steps=steps,
        issues=tuple(_issues(text, record, heard.opinions, cues)),
        opinions=heard.opinions,
        tally=tally,
        commitments=tuple(_commitments(text, record, cues)),
        warnings=(
            *_warnings(text, record, steps, cues),
            *heard.warnings,
            *(_silent(heard, record, cues) if told and heard.reported is None else ()),
            *stated_tallies(text, record.turns, tally, cues),
        ),
    )
    return made if text == document.text else _verbatim(made, document.text)


def _verbatim(made: HearingSummary, text: str) -> HearingSummary:
    """The summary with every quotation as the record has it: it was read with its punctuation made full-width."""
    issues = tuple(
        replace(
            one,
            issue=text[one.start : one.end],
            positions=tuple(replace(said, text=text[said.start : said.end]) for said in one.positions),
        )
        for one in made.issues
    )
    opinions = tuple(replace(one, reason=text[one.start : one.end]) for one in made.opinions)
    promised = tuple(replace(one, what=text[one.start : one.end]) for one in made.commitments)
    return replace(made, issues=issues, opinions=opinions, commitments=promised)


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
    final, last = len(cues.steps) - 1, _closing(text, record, cues)
    if final not in opened and last is not None and last > max(opened.values(), default=last):
        opened[final] = last
    end = record.turns[-1].end
    starts = sorted(opened.items())
    for at, (number, start) in enumerate(starts):
        yield Step(cues.steps[number].name, start, starts[at + 1][1] if at + 1 < len(starts) else end)


def _closing(text: str, record: Transcript, cues: HearingCues) -> int | None:
    """Where the presider's last turn begins, if it closes the hearing."""
    last = next((turn for turn in reversed(record.turns) if turn.role in cues.presiders), None)
    if last is None or not any(re.search(cue, text[last.start : last.end]) for cue in cues.closing):
        return None
    return last.label_start


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


def _heard(text: str, record: Transcript, steps: Sequence[Step], cues: HearingCues) -> Heard:
    """The opinions of the step in which they are given; where it holds none, those of all that panelists said."""
    panel = _panel(text, record, cues)
    told = any(step.step == cues.steps[4].name for step in steps)
    heard = opinions_of(text, _in_opinion_step(record, steps, cues), record.turns, cues, panel, told)
    if any(one.speaker in panel.names for one in heard.opinions):
        return heard
    spoken = [turn for turn in record.turns if is_panelist(turn, cues)]
    return opinions_of(text, spoken, record.turns, cues, panel, False)


def _panel(text: str, record: Transcript, cues: HearingCues) -> Panel:
    listed = [one.name for one in record.participants if _of_panel(one.role, cues)]
    spoken = [turn.speaker for turn in record.turns if is_panelist(turn, cues) and turn.speaker not in (turn.role, UNKNOWN)]
    shared = {name for name in listed if listed.count(name) > 1}
    proposal = proposal_of(text, record.turns, cues)
    return Panel(tuple(dict.fromkeys([*listed, *spoken])), tuple(shared), proposal)


def _silent(heard: Heard, record: Transcript, cues: HearingCues) -> Iterator[str]:
    """A warning for panelists of the list whose opinion the record does not have."""
    spoken = {one.speaker for one in heard.opinions}
    listed = [one.name for one in record.participants if _of_panel(one.role, cues)]
    silent = [name for name in listed if not any(name in speaker for speaker in spoken)]
    if silent and spoken:
        yield f"笔录中没有以下听证员的意见：{'、'.join(silent)}。请核对。"


def _of_panel(role: str, cues: HearingCues) -> bool:
    return any(role.startswith(word) for word in cues.panelists)


def is_panelist(turn: Turn, cues: HearingCues) -> bool:
    """Whether a panelist (or their representative) speaks."""
    return _of_panel(turn.role, cues)


def _issues(
    text: str, record: Transcript, opinions: Sequence[Opinion], cues: HearingCues
) -> Iterator[DisputedIssue]:
    leading = (*cues.presiders, *cues.handlers)
    for turn in (one for one in record.turns if one.role in leading):
        for announced in _ANNOUNCED.finditer(text, turn.start, turn.end):
            items = list(_items(text, *announced.span("list")))
            if len(items) >= 2:
                later = [one for one in record.turns if one.start > turn.start and one.role not in leading]
                yield from _with_positions(text, items, later, opinions, cues)
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
    text: str,
    items: Sequence[tuple[int, int]],
    turns: Sequence[Turn],
    opinions: Sequence[Opinion],
    cues: HearingCues,
) -> Iterator[DisputedIssue]:
    subjects = _Subjects(text, items, turns, cues)
    asked = [any(re.search(cue, text[start:end]) for cue in cues.proposal) for start, end in items]
    proposal = max((number for number, is_one in enumerate(asked) if is_one), default=-1)
    for number, (start, end) in enumerate(items):
        positions = [
            found for turn in turns if turn.speaker != UNKNOWN for found in _positions(text, turn, number, subjects)
        ]
        if number == proposal:
            positions += _views(text, turns, opinions, positions)
        yield DisputedIssue(text[start:end], start, end, tuple(sorted(positions, key=lambda one: one.start)))


def _views(
    text: str, turns: Sequence[Turn], opinions: Sequence[Opinion], known: Sequence[Position]
) -> Iterator[Position]:
    """The sentences with which panelists state their view: positions on what is proposed, if they are none yet."""
    for one in opinions:
        turn = next((turn for turn in turns if turn.start <= one.start < turn.end), None)
        taken = any(position.start <= one.start < position.end for position in known)
        if turn is not None and turn.speaker == one.speaker and not taken:
            said = sentences(text, one.start, one.end)
            start, end = said[0]
            if end - start < BRIEF and len(said) > 1:  # 同意。 alone says little
                end = said[1][1]
            yield Position(one.speaker, turn.role, text[start:end], start, end)


class _Subjects:
    """The words of each issue, weighed: a word that is seldom said at the hearing tells more than a frequent one."""

    def __init__(
        self, text: str, items: Sequence[tuple[int, int]], turns: Sequence[Turn], cues: HearingCues
    ) -> None:
        self.bags = [subject_words(tokens(text[start:end])) - set(cues.common) for start, end in items]
        said = [span for turn in turns for span in sentences(text, turn.start, turn.end)]
        spread = Counter(word for start, end in said for word in set(tokens(text[start:end])))
        limit = max(RARE, len(said) * RARE_SHARE)
        self.frequent = frozenset(word for word, count in spread.items() if count > limit)

    def speaks_of(self, sentence: str, number: int) -> bool:
        """Whether a sentence says enough of an issue, and of no other more."""
        words = set(tokens(sentence))
        scores = [sum(self._weight(word) for word in bag & words) for bag in self.bags]
        return scores[number] >= LEAST_SHARED and scores[number] >= CLOSE * max(scores)

    def _weight(self, word: str) -> float:
        return len(word) * (FREQUENT_WEIGHT if word in self.frequent else 1)


def _positions(text: str, turn: Turn, number: int, subjects: _Subjects) -> Iterator[Position]:
    """What a turn says of an issue: the sentences behind 第一个问题 up to the next one named, and those that share
    its words; neighbouring sentences are one position. Questions and passing mentions are none.
    """
    open_: tuple[int, int] | None = None
    named: str | None = None
    for start, end in sentences(text, turn.start, turn.end):
        if found := _BY_NUMBER.search(text, start, end):
            named = found["number"]
        speaks = text[end - 1] not in "？?" and (
            named == NUMERALS[number : number + 1]
            or (named is None and subjects.speaks_of(text[start:end], number))
        )
        if speaks:
            open_ = (open_[0] if open_ else start, end)
        elif open_:
            yield Position(turn.speaker, turn.role, text[slice(*open_)], *open_)
            open_ = None
    if open_:
        yield Position(turn.speaker, turn.role, text[slice(*open_)], *open_)


def _commitments(text: str, record: Transcript, cues: HearingCues) -> Iterator[Commitment]:
    for turn in record.turns:
        if turn.speaker == UNKNOWN or turn.role in cues.clerks:
            continue
        for start, end in sentences(text, turn.start, turn.end):
            if text[end - 1] not in "？?":
                yield from _promises(text, start, end, turn, record, cues)


def _promises(
    text: str, start: int, end: int, turn: Turn, record: Transcript, cues: HearingCues
) -> Iterator[Commitment]:
    """Clauses in which the speaker binds himself: a firm word, or a deed with a time. A request runs on to the
    next clause with a subject of its own (希望两个局别再推，年底前让我们走一条完整的路).
    """
    asking = False
    for clause in re.finditer(r"[^，,；;。！!\n]+", text[start:end]):
        words = clause.group().strip()
        at = start + clause.start() + clause.group().index(words) if words else start
        tasked = _tasked(words, turn, record, cues)
        asking = _asks(words, cues) or (asking and not _OWN_SUBJECT.match(words))
        if not words or (asking and not tasked) or _BARE_PROMISE.fullmatch(words) or _PAST.search(words):
            continue
        deadline, fixed = _DEADLINE.search(words), _FIXED.search(words)
        if tasked or _binds(words, turn, bool(deadline), bool(fixed), cues):
            yield Commitment(tasked or _who(words, turn, cues), words, _time(deadline, fixed), at, at + len(words))


def _asks(words: str, cues: HearingCues) -> bool:
    return any(word in words.replace("检察建议", "") for word in cues.requests)


def _binds(words: str, turn: Turn, deadline: bool, fixed: bool, cues: HearingCues) -> bool:
    """Whether a clause is a promise; a presider tells what others will do: there only a deed with a time counts,
    or a notice that the office will give.
    """
    presiding = turn.role in cues.presiders
    if presiding and any(re.search(cue, words) for cue in cues.notices):
        return True
    firm = not presiding and any(word in words for word in cues.firm)
    deed = not presiding or any(word in words for word in cues.promises)
    return firm or fixed or (deadline and deed)


def _tasked(words: str, turn: Turn, record: Transcript, cues: HearingCues) -> str:
    """Which of the prosecutors the presider gives a task with a time (请承办检察官在9月25日前…); "" for none."""
    found = _TASKED.match(words) if turn.role in cues.presiders and _DEADLINE.search(words) else None
    if found is None:
        return ""
    staff = [one for one in record.participants if one.role in cues.handlers]
    named = [one.name for one in staff if one.name in found["whom"]] or [
        one.name for one in staff if one.role == found["whom"]
    ]
    if len(named) == 1:
        return named[0]
    return found["whom"] if found["whom"] in cues.handlers else ""


def _time(deadline: re.Match[str] | None, fixed: re.Match[str] | None) -> str:
    return deadline.group() if deadline else fixed["day"] if fixed else ""


def _who(clause: str, turn: Turn, cues: HearingCues) -> str:
    """Who is bound: the speaker, or the handlers of whom the presider speaks (承办检察官将…)."""
    bound = next((role for role in cues.handlers if clause.startswith(role)), "")
    return bound if bound and turn.role in cues.presiders else turn.speaker


def _warnings(text: str, record: Transcript, steps: Sequence[Step], cues: HearingCues) -> Iterator[str]:
    unknown = sum(turn.speaker == UNKNOWN for turn in record.turns)
    if unknown:
        yield f"有 {unknown} 处发言未识别说话人，请对照录音录像核实。"
    if record.unlisted:
        yield f"以下发言人不在参加人名单中：{'、'.join(record.unlisted)}。请核实身份。"
    if called := called_by_surname(text, record):
        yield f"名单没有写明以下称呼，按姓氏认定，请核对：{'、'.join(f'{label}为{name}' for label, name in called.items())}。"
    found = {step.step for step in steps}
    if missing := [step.name for step in cues.steps if step.name not in found]:
        yield f"笔录中没有找到以下步骤：{'、'.join(missing)}。"
    panel = [one for one in record.participants if one.role.startswith("听证员")]
    seats = cues.seats
    if panel and not seats.least <= len(panel) <= seats.most:
        yield f"听证员 {len(panel)} 人，一般为 {seats.least} 至 {seats.most} 人（{seats.source}）。"
