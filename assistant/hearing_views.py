"""Opinions of panelists: what each thinks in his own words; what he says of others' views does not count as his."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.sentences import sentences
from ingestion.transcript import UNKNOWN, Turn
from prompts.hearing import HearingCues

View = Literal["agree", "disagree", "conditional", "unclear"]
VIEWS: tuple[View, ...] = ("agree", "disagree", "conditional", "unclear")
DECIDING: tuple[View, ...] = ("unclear", "conditional", "disagree", "agree")  # the first that is met is the view
WORDS: dict[View, str] = {"agree": "同意", "disagree": "不同意", "conditional": "附条件", "unclear": "不明确"}
LEAST = 10  # characters from which a turn without any word of a view still says something
# I agree with somebody's opinion: whose it is decides which view that is
_WITH = re.compile(
    r"(?:同意|赞成|赞同|支持|认同)(?P<whose>[^，。；]{1,14}?)的?(?:意见|看法|观点)"
    r"|(?:和|与|跟)(?P<theirs>[^，。；]{1,14}?)的?(?:意见|看法|观点)(?:是)?(?:一致|相同|一样)"
)
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
    """Who sits on the panel by name, and names that two of them share in the record (王某某)."""

    names: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

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


def own_opinion(
    text: str, turn: Turn, cues: HearingCues, given: Mapping[str, Opinion], substantial: bool
) -> tuple[Opinion | None, str]:
    """A panelist's opinion in his turn, and a doubt about it ("" where there is none).

    The reason runs from the sentence that shows the view to the end of the turn: nothing of it is dropped.
    `given` are the opinions so far, for one who joins another's. With `substantial`, a longer turn without
    any word of a view is an opinion that is not clear.
    """
    reading = _read(text, turn, cues, given)
    if reading.view is None:
        if not substantial or turn.end - turn.start < LEAST or _only_asks(text, turn):
            return None, ""
        reading = Reading("unclear", turn.start, f"{turn.speaker}的发言没有明确的同意或不同意用语，请人工判断。")
    return Opinion(turn.speaker, reading.view or "unclear", text[reading.at : turn.end], reading.at, turn.end), reading.doubt


def _read(text: str, turn: Turn, cues: HearingCues, given: Mapping[str, Opinion]) -> Reading:
    spans = [span for span in sentences(text, turn.start, turn.end) if text[span[1] - 1] not in "？?"]
    own = {span: _own(text[slice(*span)], cues, tuple(given)) for span in spans}
    joined = "".join(own.values())
    plain = _WITH.sub("", joined) if _joins(joined, cues) else joined
    past = "".join(_clauses(text[slice(*span)], cues, cues.past) for span in spans)
    for view in DECIDING:
        if not _met(plain, cues, view):
            continue
        at = next((start for (start, _), words in own.items() if _met(words, cues, view)), turn.start)
        if view == "disagree" and _met(plain, cues, "agree") and any(re.search(cue, plain) for cue in cues.partial):
            return Reading("conditional", turn.start, f"{turn.speaker}对一部分同意、对一部分不同意，按附条件计，请核对。")
        doubt = f"{turn.speaker}发言中说明此前意见不同，以后者计，请核对。" if past and _met(past, cues, None) else ""
        return Reading(view, at, doubt)
    if joined != plain:
        return _joined(turn, joined, cues, given)
    for leaning in ("disagree", "agree"):
        if any(re.search(cue, plain) for cue in getattr(cues.leaning, leaning)):
            return Reading(leaning, turn.start)
    if any(_met(_blank(text[slice(*span)], cues), cues, None) for span in spans):
        return Reading("unclear", turn.start, f"{turn.speaker}只评价了他人的意见，本人意见不明确，请人工判断。")
    return Reading(None)


def _joins(words: str, cues: HearingCues) -> bool:
    """Whether somebody joins an opinion that is not the prosecutors'."""
    match = _WITH.search(words)
    return match is not None and not re.search(r"检察|承办|拟|处理|院", match["whose"] or match["theirs"])


def _joined(turn: Turn, words: str, cues: HearingCues, given: Mapping[str, Opinion]) -> Reading:
    """The view of one who joins another panelist's opinion; not clear where it is not known whose or which."""
    match = _WITH.search(words)
    whose = (match["whose"] or match["theirs"]) if match else ""
    named = [one.view for name, one in given.items() if name in whose]
    if not named and _GROUP.search(whose):
        named = [one.view for one in given.values()]
    views: set[View] = set(named)
    if len(views) == 1:
        view = views.pop()
        return Reading(view, turn.start, f"{turn.speaker}表示赞同他人意见（{whose}），按{WORDS[view]}计，请核对。")
    return Reading("unclear", turn.start, f"{turn.speaker}表示赞同他人意见（{whose}），所指意见不能确定，请人工判断。")


def _met(words: str, cues: HearingCues, view: View | None) -> bool:
    """Whether words show a view (any view where None)."""
    views = DECIDING if view is None else (view,)
    return any(re.search(pattern, words) for one in views for pattern in getattr(cues.views, one))


def _own(sentence: str, cues: HearingCues, names: Sequence[str]) -> str:
    """A sentence without what it quotes or reports of others and what the speaker thought before."""
    others = "|".join([*map(re.escape, names), *cues.subjects])
    of_others = rf"^(?!对|关于|就|在|和|与|跟)[^我]*?(?:{others})[^，；。我]{{0,8}}(?:不同意|反对|不赞成|不认可|不谅解|同意|赞成|支持|有异议)"
    of_views = (
        rf"(?:不赞成|不赞同|不同意|反对|不认同)(?![^，；。]{{0,8}}(?:检察|承办|拟))[^，；。]{{0,16}}的?(?:看法|观点|说法|主张)"
        rf"|(?:不赞成|不赞同|不同意|反对|不认同)[^，；。]{{0,6}}(?:{others})[^，；。]{{0,8}}意见"
    )
    return _clauses(sentence, cues, (), (*cues.reported, *cues.past, of_others, of_views))


def _clauses(sentence: str, cues: HearingCues, only: Sequence[str], without: Sequence[str] = ()) -> str:
    """The clauses that match one of `only` (all where empty) and none of `without`."""
    kept = []
    for clause in re.split(r"(?<=[，；])", _blank(sentence, cues)):
        if only and not any(re.search(pattern, clause) for pattern in only):
            continue
        if not any(re.search(pattern, clause) for pattern in without):
            kept.append(clause)
    return "".join(kept)


def _blank(sentence: str, cues: HearingCues) -> str:
    """A sentence without quotations, decisions and others' consent replaced by a sign, double negations resolved."""
    plain = re.sub(r"“[^”]*”", "", sentence)
    for pattern in (*cues.consent, *cues.outcomes):
        plain = re.sub(pattern, "◇", plain)
    for pattern in cues.affirmed:
        plain = re.sub(pattern, "同意", plain)
    return plain


def _only_asks(text: str, turn: Turn) -> bool:
    return all(text[end - 1] in "？?" for _, end in sentences(text, turn.start, turn.end))


def individual(
    text: str, turns: Sequence[Turn], cues: HearingCues, panel: Panel, given: dict[str, Opinion], substantial: bool
) -> Iterator[str]:
    """Add the opinions of turns to `given`, and yield warnings; of one who changes his mind the last one stands."""
    for turn in turns:
        key = turn.speaker if panel.is_one(turn) else f"{turn.speaker}@{turn.start}"
        if key != turn.speaker:
            yield f"有不止一名听证员记作“{turn.speaker}”，其意见分别计算，请核对是谁。"
        opinion, doubt = own_opinion(text, turn, cues, given, substantial and key not in given)
        if opinion is None:
            continue
        before = given.get(key)
        if before is not None and before.speaker != UNKNOWN and before.view != opinion.view:
            yield f"{turn.speaker}先后意见不同（{WORDS[before.view]}、{WORDS[opinion.view]}），以后者计，请核对。"
        if doubt:
            yield doubt
        given.pop(key, None)
        given[key] = opinion
