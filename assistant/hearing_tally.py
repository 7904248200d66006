"""How panelists' opinions are counted: their own words, a representative's report, what the presider states."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.hearing_views import VIEWS, WORDS, Opinion, Panel, Tally, View, individual
from assistant.sentences import sentences
from ingestion.labels import is_name
from ingestion.transcript import UNKNOWN, Turn
from prompts.hearing import HearingCues

_VIEW = (
    r"(?P<view>(?:附|有)条件(?:地)?(?:同意|赞成)?|不同意|不赞成|反对|持不同意见|持反对意见|同意|赞成|支持"
    r"|弃权|保留意见|(?:未|没有)(?:表态|形成(?:明确)?意见|发表意见)|不表态|态度不明)"
)
_NUMBER = r"(?P<number>\d+|[一二三四五六七两])(?:名|位|人|票)"
_COUNT = re.compile(
    rf"(?P<among>其中)?{_NUMBER}(?:听证员)?(?:中)?(?:均|都|全部|全体|一致|明确|表示|持|投|认为|是|为)*{_VIEW}"
)
_ALL = re.compile(
    r"(?:其余|其他|另外)?(?:(?P<number>\d+|[一二三四五六七])[名位](?:听证员)?|全体(?:听证员)?|全部听证员|听证员|我们|大家)[^，。；]{0,4}?(?:均|都|全部|一致)(?:表示)?(?:同意|赞成)"
)
_EXCEPT = re.compile(r"除(?:了)?(?P<who>[一-龥]{2,4}?)(?:听证员)?(?:之|以)?外[，,]?(?:其余|其他|另外)?[^，。；]{0,10}?(?:均|都|全部|一致)(?:表示)?(?P<view>不同意|反对|同意|赞成)")
_NAME = r"[一-龥]某{1,2}[甲乙丙丁戊己庚辛壬癸]?|我(?:本人|个人)?"
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heard:
    """Opinions as they stand at the end, counts that a representative gave, and what to look at."""

    opinions: tuple[Opinion, ...]
    reported: Tally | None
    warnings: tuple[str, ...]


def opinions_of(
    text: str, turns: Sequence[Turn], everybody: Sequence[Turn], cues: HearingCues, panel: Panel, substantial: bool
) -> Heard:
    """The panelists' opinions, their own words before what a representative or the presider (in `everybody`) says.

    `substantial`: the turns are those of the step in which opinions are given, so a turn without any word
    of a view still is one.
    """
    given: dict[str, Opinion] = {}
    warnings: list[str] = []
    reported: Tally | None = None
    told: dict[str, Opinion] = {}
    for turn in turns:
        words = text[turn.start : turn.end]
        if not is_report(words, turn, panel, cues):
            warnings += individual(text, [turn], cues, panel, given, substantial and turn.speaker not in told)
            continue
        reported = counted(words, len(panel.names)) or reported
        told |= {one.speaker: one for one in (*_unanimous(text, turn, panel), *_told(text, turn, panel))}
        if (at := _himself(text, turn)) is not None:
            warnings += individual(text, [replace(turn, start=at)], cues, panel, given, False)
    stated = _told_by_presiders(text, everybody, panel, cues)
    warnings += [
        f"{who}称{name}{WORDS[one.view]}，本人表示{WORDS[given[name].view]}，以本人为准，请核对。"
        for who, said in (("听证员代表", told), ("主持人", stated))
        for name, one in said.items()
        if name in given and given[name].view != one.view
    ]
    warnings += _second_hand("主持人的宣布", [name for name in stated if name not in given and name not in told])
    warnings += _second_hand("听证员代表的汇报", [name for name in told if name not in given])
    opinions = [*({**stated, **told, **given}).values()]
    opinions += [] if reported is None else _unnamed(text, turns, reported, opinions, cues, panel)
    return Heard(tuple(opinions), reported, (*dict.fromkeys(warnings), *_against(opinions, reported)))


def _second_hand(source: str, names: Sequence[str]) -> Iterator[str]:
    """A warning where opinions are known by another's words only."""
    if names:
        yield f"{'、'.join(names)}的意见取自{source}，笔录中没有本人发言，请核对。"


def is_report(words: str, turn: Turn, panel: Panel, cues: HearingCues) -> bool:
    """Whether a panelist speaks for the panel: by his role, or by words like 经评议 or 代表各位听证员, with views in it."""
    if "代表" not in turn.role and not any(re.search(cue, words) for cue in cues.reports):
        return False
    return bool(_ALL.search(words) or _COUNT.search(words) or _lists(panel).search(words))


def counted(words: str, seats: int) -> Tally | None:
    """The counts that words state: 四名同意，一名不同意; 一致同意 where nothing else is counted; None for none.

    Of 四名同意，其中一名附条件 one of the four counts as conditional.
    """
    found = Tally()
    for match in _COUNT.finditer(words):
        view, number = _view(match["view"]), _number(match["number"])
        found = replace(found, **{view: number})
        if match["among"] and view == "conditional":
            found = replace(found, agree=max(0, found.agree - number))
    if sum(vars(found).values()):
        return found
    everyone = _ALL.search(words)
    if everyone is None or not (everyone["number"] or seats):
        return None
    return Tally(agree=_number(everyone["number"]) if everyone["number"] else seats)


def tally_of(heard: Heard) -> Tally:
    """The count: of the individual opinions, or of the representative's report where few spoke themselves."""
    counts = Tally(**{view: sum(one.view == view for one in heard.opinions) for view in VIEWS})
    if heard.reported is None or len(_named(heard.opinions)) >= sum(vars(heard.reported).values()):
        return counts
    return Tally(**{view: max(getattr(heard.reported, view), getattr(counts, view)) for view in VIEWS})


def stated_tallies(text: str, turns: Sequence[Turn], tally: Tally, cues: HearingCues) -> Iterator[str]:
    """A warning for each count that the presider states and that the opinions do not bear out."""
    if not sum(vars(tally).values()):
        return
    for turn in (one for one in turns if one.role in cues.presiders):
        words = text[turn.start : turn.end]
        for match in _ALL.finditer(words):
            others = tally.disagree + tally.conditional + tally.unclear
            if others:
                yield f"主持人称“{match.group()}”，但逐人统计有 {others} 人不是无条件同意，请核对笔录。"
            elif match["number"] and _number(match["number"]) != tally.agree:
                yield f"主持人称“{match.group()}”，逐人统计同意 {tally.agree} 人，请核对笔录。"
        stated = counted(words, 0) if _COUNT.search(words) else None
        for match in _COUNT.finditer(words):
            view = _view(match["view"])
            number = getattr(stated, view) if "其中" in words and view == "agree" else _number(match["number"])
            if number != getattr(tally, view) and not _ALL.match(words, match.start()):
                yield f"主持人称“{match.group()}”，逐人统计{WORDS[view]} {getattr(tally, view)} 人，请核对笔录。"


def _against(opinions: Sequence[Opinion], reported: Tally | None) -> Iterator[str]:
    """A warning for each view of which more or fewer panelists spoke than their representative said."""
    named = _named(opinions)
    if reported is None or len(named) < sum(vars(reported).values()):
        return
    for view in VIEWS:
        said, found = getattr(reported, view), sum(one.view == view for one in named)
        if said != found:
            yield f"听证员代表报告{WORDS[view]} {said} 人，逐人统计 {found} 人，请核对笔录。"


def _named(opinions: Sequence[Opinion]) -> list[Opinion]:
    return [one for one in opinions if one.speaker != UNKNOWN]


def _lists(panel: Panel) -> re.Pattern[str]:
    """Names and what they think: 宋佩琴、郝建勋同意…, 王丽听证员表示不同意."""
    known = "|".join(map(re.escape, sorted(panel.names, key=len, reverse=True)))
    name = rf"(?:{known}|{_NAME})" if known else rf"(?:{_NAME}|[一-龥]{{2,3}})"
    return re.compile(
        rf"(?P<names>{name}(?:听证员)?(?:(?:、|和|及|与)(?:听证员)?{name}(?:听证员)?)*)(?:等)?(?:[一二三四五六七两\d][名位人])?(?:听证员)?"
        rf"(?:均|都|则|也|表示|明确|持|是|为|认为|，|[^，。；]{{2,16}}，(?=未表态|没有表态|未发表|没有发表|弃权))*{_VIEW}"
        rf"|{_VIEW.replace('view', 'what')}[^，。；、]{{0,8}}?的(?:听证员)?(?:是|有|为)(?P<who>{name}(?:听证员)?(?:(?:、|和|及|与){name}(?:听证员)?)*)"
    )


def _told(text: str, turn: Turn, panel: Panel) -> Iterator[Opinion]:
    """The members whom a representative names with a view of their own, with the words up to the next ones."""
    for start, end in sentences(text, turn.start, turn.end):
        if (rest := _EXCEPT.search(text, start, end)) and rest["who"] in panel.names:
            yield from _all_but(rest, text[start:end], start, end, panel)
            continue
        found = [match for match in _lists(panel).finditer(text, start, end) if _persons(match, turn, panel)]
        for number, match in enumerate(found):
            stop = found[number + 1].start() if number + 1 < len(found) else end
            while text[stop - 1] in "；;，, ":
                stop -= 1
            for name in _persons(match, turn, panel):
                view = _view(match["view"] or match["what"])
                yield Opinion(name, view, text[match.start() : stop], match.start(), stop)


def _unanimous(text: str, turn: Turn, panel: Panel) -> Iterator[Opinion]:
    """The members of a panel of whom a representative says that all agree, each with these words."""
    found = _ALL.search(text, turn.start, turn.end)
    counts = list(_COUNT.finditer(text, turn.start, turn.end))
    if found is None or _EXCEPT.search(text, turn.start, turn.end) or any(_view(one["view"]) != "agree" for one in counts):
        return
    numbers = [_number(number) for number in (found["number"], *(one["number"] for one in counts)) if number]
    if any(number != len(panel.names) for number in numbers):
        return
    start, end = next(span for span in sentences(text, turn.start, turn.end) if span[0] <= found.start() < span[1])
    for name in panel.names:
        yield Opinion(name, "agree", text[start:end], start, end)


def _told_by_presiders(text: str, turns: Sequence[Turn], panel: Panel, cues: HearingCues) -> dict[str, Opinion]:
    """The members whom a presider names with their view, where the record does not have their own words."""
    return {
        one.speaker: one
        for turn in turns
        if turn.role in cues.presiders
        for one in _told(text, turn, panel)
        if one.speaker in panel.names
    }


def _all_but(found: re.Match[str], words: str, start: int, end: int, panel: Panel) -> Iterator[Opinion]:
    """The view of all but one; of that one it is only known that it is another."""
    for name in panel.names:
        yield Opinion(name, "unclear" if name == found["who"] else _view(found["view"]), words, start, end)


def _persons(match: re.Match[str], turn: Turn, panel: Panel) -> list[str]:
    names = re.split(r"、|和|及|与", (match["names"] or match["who"]).replace("听证员", ""))
    return [
        turn.speaker if name.startswith("我") else name
        for name in names
        if name in panel.names or name.startswith("我") or is_name(name, {})
    ]


def _himself(text: str, turn: Turn) -> int | None:
    """Where the representative's own view begins, where the turn gives it apart (我本人同意)."""
    own = re.search(r"我(?:本人|个人)", text[turn.start : turn.end])
    return turn.start + own.start() if own else None


def _unnamed(
    text: str, turns: Sequence[Turn], reported: Tally, opinions: Sequence[Opinion], cues: HearingCues, panel: Panel
) -> Iterator[Opinion]:
    """Views that a report counts and ascribes to nobody by name: each is kept as an opinion of 未识别, with its words."""
    if len(_named(opinions)) >= sum(vars(reported).values()):
        return
    for view in VIEWS:
        if getattr(reported, view) <= sum(one.view == view for one in opinions):
            continue
        for turn in turns:
            if not is_report(text[turn.start : turn.end], turn, panel, cues):
                continue
            found = next((m for m in _COUNT.finditer(text, turn.start, turn.end) if _view(m["view"]) == view), None)
            if found is None and view == "agree":
                found = _ALL.search(text, turn.start, turn.end)
            if found is not None:
                stop = next(end for start, end in sentences(text, turn.start, turn.end) if start <= found.start() < end)
                yield Opinion(UNKNOWN, view, text[found.start() : stop], found.start(), stop)


def _view(word: str) -> View:
    if "条件" in word:
        return "conditional"
    if re.match("弃权|保留|未|没有|不表态|态度", word):
        return "unclear"
    return "disagree" if word.startswith("不") or "反对" in word or "不同" in word else "agree"


def _number(word: str) -> int:
    return int(word) if word.isdigit() else 2 if word == "两" else _DIGITS.index(word)
