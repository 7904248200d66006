"""Opinions of panelists: what each thinks in his own words; what he says of others' views does not count as his."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.hearing_stance import NOTHING, Proposal, Stance, at_stake, stance_of
from assistant.sentences import sentences
from ingestion.transcript import UNKNOWN, Turn
from prompts.hearing import HearingCues

View = Literal["agree", "disagree", "conditional", "unclear"]
VIEWS: tuple[View, ...] = ("agree", "disagree", "conditional", "unclear")
WORDS: dict[View, str] = {"agree": "同意", "disagree": "不同意", "conditional": "附条件", "unclear": "不明确"}
LEAST = 10  # characters from which a turn without any word of a view still says something
# I agree with somebody's opinion: whose it is decides which view that is
_WITH = re.compile(
    r"(?:同意|赞成|赞同|支持|认同|认可)(?P<whose>[^，。；]{1,14}?)的?(?:意见|看法|观点|结论|讲法|说法|想法)"
    r"|(?:和|与|跟)(?P<theirs>[^，。；]{1,14}?)的?(?:意见|看法|观点)(?:是)?(?:一致|相同|一样)"
)
_PROSECUTORS = re.compile(r"检察|承办|拟|处理|院|方案|复查|审查|起诉|抗诉|监督|终结|救助")
_RHETORIC = re.compile(r"谁说|难道|凭什么|怎么能|岂|哪能")
_GROUP = re.compile(r"前面|刚才|多数|大家|各位|几位|其他|两位|以上|上述")


@dataclass(frozen=True)
class Opinion:
    """A panelist's view; `reason` is word for word `text[start:end]`."""

    speaker: str
    view: View
    reason: str
    start: int
    end: int


@dataclass(frozen=True)
class Tally:
    """How many panelists hold each view."""

    agree: int = 0
    disagree: int = 0
    conditional: int = 0
    unclear: int = 0


@dataclass(frozen=True)
class Panel:
    """Who sits on the panel by name, names that two of them share in the record (王某某), what is put to them."""

    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    proposal: Proposal = NOTHING

    def is_one(self, turn: Turn) -> bool:
        """Whether a turn's speaker is one person for certain: no bare role, no name that two share."""
        if turn.speaker == turn.role:
            return False
        return not any(turn.speaker.endswith(name) for name in self.shared)


@dataclass(frozen=True)
class Reading:
    """What one turn says of its speaker's view; `doubt` says in Chinese what a person must look at."""

    view: View | None
    at: int = 0
    doubt: str = ""


@dataclass(frozen=True)
class Clause:
    """A clause from `start` of the sentence that begins at `sentence`: whether it gives the speaker's own view,
    or one that he had before.
    """

    words: str
    start: int
    sentence: int
    own: bool
    past: bool


def own_opinion(
    text: str, turn: Turn, cues: HearingCues, given: Mapping[str, Opinion], substantial: bool, panel: Panel
) -> tuple[Opinion | None, str]:
    """A panelist's opinion in his turn, and a doubt about it ("" where there is none).

    The reason runs from the sentence that shows the view to the end of the turn: nothing of it is dropped.
    `given` are the opinions so far, for one who joins another's. With `substantial`, a longer turn without
    any word of a view is an opinion that is not clear.
    """
    reading = _read(text, turn, cues, given, panel)
    if reading.view in (None, "unclear") and _met(text[turn.start : turn.end], cues.nothing):
        return None, ""
    if reading.view is None:
        if not substantial or turn.end - turn.start < LEAST or _only_asks(text, turn):
            return None, ""
        reading = Reading("unclear", turn.start, f"{turn.speaker}的发言没有明确的同意或不同意用语，请人工判断。")
    return Opinion(turn.speaker, reading.view or "unclear", text[reading.at : turn.end], reading.at, turn.end), reading.doubt


def _read(text: str, turn: Turn, cues: HearingCues, given: Mapping[str, Opinion], panel: Panel) -> Reading:
    """The view of a turn: not clear, on a condition, joined, or where its last clause of attitude stands."""
    spans = sentences(text, turn.start, turn.end)
    clauses = [one for span in spans for one in _clauses(text, span, cues, tuple(given))]
    own = [_without_joined(one) for one in clauses if one.own]
    said = "".join(one.words for one in own)
    stands = [(one, stance) for one in own for stance in stance_of(one.words, panel.proposal, cues.stance)]
    strong = [pair for pair in stands if pair[1].strong]
    on_condition = _met(said, cues.views.conditional)
    first = _first(own, cues.views.conditional) or (own[0] if own else None)
    if hesitating := _first(own, cues.views.unclear):
        decided = strong and strong[-1][0].start > hesitating.start
        if not decided and not (on_condition and strong and first and first.start < hesitating.start):
            return Reading("unclear", hesitating.sentence)
    if on_condition and first:
        return Reading("conditional", min(first.sentence, stands[0][0].sentence if stands else first.sentence))
    voiced = any(stance.voiced and stance.outcome for _, stance in stands)
    if not strong and not voiced and (joined := _joined(turn, [one for one in clauses if one.own], cues, given)):
        return joined
    if stands:
        return _where(turn, stands, clauses, cues, panel)
    if asked := _asked_back(text, spans, cues, panel):
        view, at = asked
        return Reading(view, at, f"{turn.speaker}以反问表示意见，按{WORDS[view]}计，请核对。")
    if any(list(stance_of(one.words, panel.proposal, cues.stance)) for one in clauses):
        return Reading("unclear", turn.start, f"{turn.speaker}只评价了他人的意见，本人意见不明确，请人工判断。")
    return Reading(None)


def _where(
    turn: Turn, stands: Sequence[tuple[Clause, Stance]], clauses: Sequence[Clause], cues: HearingCues, panel: Panel
) -> Reading:
    """Where stands lead: the last one, unless parts of what is proposed are judged differently."""
    last = {stance.outcome: stance.sign for _, stance in stands if stance.outcome}
    divided = panel.proposal.divided or any(_met(clause.words, cues.partial) for clause, _ in stands)
    stands = _weighty(stands)
    if len({*last.values()}) > 1 or (divided and len({stance.sign for _, stance in stands}) > 1):
        return Reading("conditional", turn.start, f"{turn.speaker}对一部分同意、对一部分不同意，按附条件计，请核对。")
    clause, stance = stands[-1]
    view: View = "agree" if stance.sign > 0 else "disagree"
    first = next(one for one, other in stands if other.sign == stance.sign)
    if len({other.sign for _, other in stands}) > 1:
        return Reading(view, clause.sentence, f"{turn.speaker}的发言前后意见不同，以后者计，请核对。")
    if any(one.past and any(stance_of(one.words, panel.proposal, cues.stance)) for one in clauses):
        return Reading(view, first.sentence, f"{turn.speaker}发言中说明此前意见不同，以后者计，请核对。")
    if not any(other.strong for _, other in stands):  # read from what he wants done: a person must look
        return Reading(view, first.sentence, f"{turn.speaker}没有用同意或不同意一类的词，按发言主张计为{WORDS[view]}，请核对。")
    return Reading(view, first.sentence)


def _weighty(stands: Sequence[tuple[Clause, Stance]]) -> Sequence[tuple[Clause, Stance]]:
    """The stands that decide: those by consent or dissent, and a decision behind the last that goes against it."""
    last = max((number for number, (_, stance) in enumerate(stands) if stance.strong), default=-1)
    return [
        pair
        for number, pair in enumerate(stands)
        if last < 0 or pair[1].strong or (number > last and pair[1].voiced and pair[1].sign < 0)
    ]


def _asked_back(
    text: str, spans: Sequence[tuple[int, int]], cues: HearingCues, panel: Panel
) -> tuple[View, int] | None:
    """The view of a rhetorical question, which says the opposite of its words (谁说不该起诉？), and where it stands."""
    for start, end in spans:
        words = text[start:end]
        if words[-1] not in "？?" or not _met(words, cues.stance.rhetorical):
            continue
        if at_stake(words, panel.proposal, cues.stance):
            plain = _RHETORIC.sub("", words.rstrip("？?"))
            said = [one for clause in re.split(r"[，；]", plain) for one in stance_of(clause, panel.proposal, cues.stance)]
            return ("agree" if said and said[0].sign < 0 else "disagree"), start
    return None


def _joined(turn: Turn, own: Sequence[Clause], cues: HearingCues, given: Mapping[str, Opinion]) -> Reading | None:
    """The view of one who joins another panelist's opinion; not clear where it is not known which; None if none."""
    for clause in own:
        whose = next(iter(_whose(clause.words, cues)), "")
        if not whose or _PROSECUTORS.search(whose):
            continue
        named = [one.view for name, one in given.items() if _is_called(name, whose, given)]
        if not named and _GROUP.search(whose):
            named = [one.view for one in given.values()]
        views: set[View] = set(named)
        if len(views) == 1:
            view = views.pop()
            return Reading(view, turn.start, f"{turn.speaker}表示赞同他人意见（{whose}），按{WORDS[view]}计，请核对。")
        if _WITH.search(clause.words) or _GROUP.search(whose):
            return Reading("unclear", turn.start, f"{turn.speaker}表示赞同他人意见（{whose}），所指意见不能确定，请人工判断。")
    return None


def _without_joined(clause: Clause) -> Clause:
    """The clause without the words that join another panelist's opinion: what that is decides where it stands."""
    found = _WITH.search(clause.words)
    if found is None or _PROSECUTORS.search(found["whose"] or found["theirs"]):
        return clause
    return replace(clause, words=clause.words[: found.start()] + "◇" * len(found.group()) + clause.words[found.end() :])


def _whose(words: str, cues: HearingCues) -> Iterator[str]:
    """Whose opinion a clause joins, in its words (老龚, 前面两位)."""
    if found := _WITH.search(words):
        yield found["whose"] or found["theirs"]
    for pattern in cues.stance.joining:
        if found := re.search(pattern, words):
            yield next(group for group in found.groups() if group)


def _is_called(name: str, whose: str, given: Mapping[str, Opinion]) -> bool:
    """Whether words call a panelist: by name, or by a surname that no other has (老龚, 竺老师, 王委员)."""
    if (lettered := re.fullmatch(r"听证员([甲乙丙丁戊己庚辛壬癸A-Z\d])", name)) and lettered[1] in whose:
        return True
    if name in whose or (len(name) > 2 and name[1:] in whose):
        return True
    surname = name[0]
    alone = sum(other.startswith(surname) for other in given) == 1
    return alone and bool(re.fullmatch(rf"[老小]{surname}|{surname}(?:老师|委员|代表|律师|主任|教授|医生|师傅|同志|大姐|姐|哥|工|总|听证员|校长|书记)", whose))


def _clauses(text: str, span: tuple[int, int], cues: HearingCues, names: Sequence[str]) -> Iterator[Clause]:
    """The clauses of a sentence; one that quotes or reports others or tells what he thought before is not his own."""
    start, end = span
    if text[end - 1] in "？?":
        return
    blank = _blank(text[start:end], cues)
    others = "|".join([*map(re.escape, names), *cues.subjects])
    of_others = rf"^(?!对|关于|就|在|和|与|跟|听)[^我]*?(?:{others})[^，；。我]{{0,8}}(?:不同意|反对|不赞成|不认可|不谅解|同意|赞成|支持|有异议)"
    of_views = (
        rf"(?:不赞成|不赞同|不同意|反对|不认同|不认可)(?![^，；。]{{0,8}}(?:检察|承办|拟))[^，；。]{{0,16}}的?(?:看法|观点|说法|主张|话)"
        rf"|(?:不赞成|不赞同|不同意|反对|不认同|不认可)[^，；。]{{0,6}}(?:{others})[^，；。]{{0,8}}意见"
        rf"|(?:话|说法|观点|那句|这句)[^，；。]{{0,4}}(?:不赞成|不赞同|不同意|反对|不认同|不认可)"
    )
    for match in re.finditer(r"[^，；]+[，；]?", blank):
        words = match.group()
        past = _met(words, cues.past)
        own = not past and not _met(words, (*cues.reported, of_others, of_views))
        yield Clause(words, start + match.start(), start, own, past)


def _blank(sentence: str, cues: HearingCues) -> str:
    """A sentence whose quotations and whose others' consent (征得本人同意) are signs of the same length."""
    for pattern in ("“[^”]*”", *cues.consent):
        sentence = re.sub(pattern, lambda found: "◇" * len(found.group()), sentence)
    return sentence


def _first(clauses: Sequence[Clause], patterns: Sequence[str]) -> Clause | None:
    return next((one for one in clauses if _met(one.words, patterns)), None)


def _met(words: str, patterns: Sequence[str]) -> bool:
    return any(re.search(pattern, words) for pattern in patterns)


def _only_asks(text: str, turn: Turn) -> bool:
    return all(text[end - 1] in "？?" for _, end in sentences(text, turn.start, turn.end))


def individual(
    text: str, turns: Sequence[Turn], cues: HearingCues, panel: Panel, given: dict[str, Opinion], substantial: bool
) -> Iterator[str]:
    """Add the opinions of turns to `given`, and yield warnings; of one who changes his mind the last one stands."""
    for turn in turns:
        if turn.speaker in given and _met(text[turn.start : turn.end], cues.summaries):
            continue  # he counts what the others said
        key = turn.speaker if panel.is_one(turn) else f"{turn.speaker}@{turn.start}"
        if key != turn.speaker:
            yield f"有不止一名听证员记作“{turn.speaker}”，其意见分别计算，请核对是谁。"
        opinion, doubt = own_opinion(text, turn, cues, given, substantial and key not in given, panel)
        if opinion is None:
            continue
        before = given.get(key)
        if before is not None and before.speaker != UNKNOWN and before.view != opinion.view:
            yield f"{turn.speaker}先后意见不同（{WORDS[before.view]}、{WORDS[opinion.view]}），以后者计，请核对。"
        if doubt:
            yield doubt
        given.pop(key, None)
        given[key] = opinion
