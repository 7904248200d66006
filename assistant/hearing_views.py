"""Opinions of panelists: what each thinks, how they are counted, and where the record contradicts itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.sentences import sentences
from ingestion.transcript import Turn
from prompts.hearing import HearingCues

View = Literal["agree", "disagree", "conditional", "unclear"]
VIEWS: tuple[View, ...] = ("agree", "disagree", "conditional", "unclear")
DECIDING: tuple[View, ...] = ("unclear", "conditional", "disagree", "agree")  # the first that is met is the view
WORDS: dict[View, str] = {"agree": "同意", "disagree": "不同意", "conditional": "附条件", "unclear": "不明确"}
_NUMBER = r"(?P<number>\d+|[一二三四五六七两])(?:名|位|人)"
_COUNT = re.compile(rf"{_NUMBER}(?:听证员)?(?:中)?(?:均|都|全部|一致)?(?P<view>不同意|附条件同意|有条件同意|同意|赞成|反对)")
_ALL = re.compile(rf"{_NUMBER}听证员(?:均|都|全部|一致)(?:同意|赞成)|(?:全体|全部)听证员(?:均|都|一致)?(?:同意|赞成)")
_NAMED = re.compile(
    r"(?P<name>[一-龥]某?[甲乙丙丁]?|[一-龥]{2,4})(?:听证员)?(?P<view>不同意|反对|附条件同意|有条件同意)"
)
_LIST = re.compile(r"(?P<view>不同意|附条件同意|有条件同意|同意)的(?:是|有|为)(?P<names>[一-龥、]{2,40})")
_DIGITS = "零一二三四五六七"


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
class Heard:
    """Opinions as they stand at the end, counts that a representative gave, and what to look at."""

    opinions: tuple[Opinion, ...]
    reported: Tally | None
    warnings: tuple[str, ...]


def opinions_of(text: str, turns: Sequence[Turn], cues: HearingCues) -> Heard:
    """The panelists' opinions; of one who changes his mind the last one stands, with a warning."""
    given: dict[str, Opinion] = {}
    warnings: list[str] = []
    reported: Tally | None = None
    for turn in turns:
        if "代表" in turn.role and (counts := _counted(text[turn.start : turn.end])) is not None:
            reported = counts
            given |= {one.speaker: one for one in [*_listed(text, turn), *_named(text, turn), *_himself(text, turn, cues)]}
            continue
        opinion = _opinion(text, turn, cues)
        if opinion is None:
            continue
        before = given.get(turn.speaker)
        if before is not None and before.view != opinion.view:
            warnings.append(f"{turn.speaker}先后意见不同（{WORDS[before.view]}、{WORDS[opinion.view]}），以后者计，请核对。")
        given[turn.speaker] = opinion
    heard = Heard(tuple(given.values()), reported, tuple(warnings))
    return replace(heard, warnings=(*warnings, *_against_report(heard)))


def _against_report(heard: Heard) -> Iterator[str]:
    """A warning for each view of which more or fewer panelists spoke than their representative said."""
    if heard.reported is None or len(heard.opinions) < sum(vars(heard.reported).values()):
        return
    for view in VIEWS:
        said, counted = getattr(heard.reported, view), sum(one.view == view for one in heard.opinions)
        if said != counted:
            yield f"听证员代表报告{WORDS[view]} {said} 人，逐人统计 {counted} 人，请核对笔录。"


def tally_of(heard: Heard) -> Tally:
    """The count: of the individual opinions, or of the representative's report where few spoke themselves."""
    counted = Tally(**{view: sum(one.view == view for one in heard.opinions) for view in VIEWS})
    if heard.reported is None or len(heard.opinions) >= sum(vars(heard.reported).values()):
        return counted
    return Tally(**{view: max(getattr(heard.reported, view), getattr(counted, view)) for view in VIEWS})


def stated_tallies(text: str, turns: Sequence[Turn], tally: Tally, cues: HearingCues) -> Iterator[str]:
    """A warning for each count that the presider states and that the opinions do not bear out."""
    for turn in (one for one in turns if one.role in cues.presiders):
        words = text[turn.start : turn.end]
        for match in _ALL.finditer(words):
            others = tally.disagree + tally.conditional + tally.unclear
            if others:
                yield f"主持人称“{match.group()}”，但逐人统计有 {others} 人不是无条件同意，请核对笔录。"
        for match in _COUNT.finditer(words):
            view, number = _view(match["view"]), _number(match["number"])
            if number != getattr(tally, view) and sum(vars(tally).values()) and not _ALL.match(words, match.start()):
                yield f"主持人称“{match.group()}”，逐人统计{WORDS[view]} {getattr(tally, view)} 人，请核对笔录。"


def _opinion(text: str, turn: Turn, cues: HearingCues) -> Opinion | None:
    """The view that the whole turn states, in the speaker's own words; the reason is the sentence that shows it."""
    spans = [span for span in sentences(text, turn.start, turn.end) if text[span[1] - 1] not in "？?"]
    for view in DECIDING:
        patterns = getattr(cues.views, view)
        for start, end in spans:
            own = _own(text[start:end], cues)
            if any(re.search(pattern, own) for pattern in patterns):
                return Opinion(turn.speaker, view, text[start:end], start, end)
    return None


def _own(sentence: str, cues: HearingCues) -> str:
    """A sentence without what it quotes or reports of others, decisions by a sign, double negations resolved."""
    plain = re.sub(r"“[^”]*”", "", sentence)
    for pattern in cues.outcomes:
        plain = re.sub(pattern, "◇", plain)
    for pattern in cues.affirmed:
        plain = re.sub(pattern, "同意", plain)
    clauses = re.split(r"(?<=[，；])", plain)
    return "".join(one for one in clauses if not any(re.search(pattern, one) for pattern in cues.reported))


def _counted(words: str) -> Tally | None:
    found = {_view(match["view"]): _number(match["number"]) for match in _COUNT.finditer(words)}
    if not found:
        return None
    return replace(Tally(), **found)


def _listed(text: str, turn: Turn) -> Iterator[Opinion]:
    """同意的是刘德厚、何秀兰和我: everyone in the list, the representative too."""
    for start, end in sentences(text, turn.start, turn.end):
        for match in _LIST.finditer(text, start, end):
            for name in re.split(r"[、和]", match["names"]):
                if name:
                    speaker = turn.speaker if name == "我" else name
                    yield Opinion(speaker, _view(match["view"]), text[start:end], start, end)


def _himself(text: str, turn: Turn, cues: HearingCues) -> Iterator[Opinion]:
    """The representative's own view, where the turn gives it apart (我本人同意)."""
    at = text.find("我本人", turn.start, turn.end)
    if at >= 0 and (own := _opinion(text, replace(turn, start=at), cues)) is not None:
        yield own


def _named(text: str, turn: Turn) -> Iterator[Opinion]:
    """The members whom a representative names with a view of their own."""
    for start, end in sentences(text, turn.start, turn.end):
        for match in _NAMED.finditer(text, start, end):
            name = match["name"].removeprefix("，")
            if not re.search(r"[名位人员]$", name):
                yield Opinion(name, _view(match["view"]), text[start:end], start, end)


def _view(word: str) -> View:
    if word in ("不同意", "反对"):
        return "disagree"
    return "conditional" if "条件" in word else "agree"


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 2 if word == "两" else _DIGITS.index(word)
