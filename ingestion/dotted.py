"""Names in several parts with a dot between them (阿依古丽·买买提, 伊万·彼得罗夫): where they begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.names import Word
from ingestion.persons import ROLE

_DOT = "·•・．‧∙⋅"
_RUN = re.compile(
    rf"(?P<left>[一-龥]{{1,14}})(?P<middle>(?:[{_DOT}][一-龥]{{1,10}}(?=[{_DOT}]))*)[{_DOT}](?P<right>[一-龥]{{1,14}})"
)
# characters that transliterations are made of; where two of them stand on each side, a name is likely
_SOUNDS = frozenset(
    "阿艾古丽买提江汗别克热依木吐尔逊努合曼扎西娜迪帕玛拉卡德吾玉素甫巴尼达姆苏加哈萨吉伊诺罗曲措旺多央"
)
_OPENERS = "与和及由被将向对给跟同找叫让经为因是系从替帮请把有于予至到致说称"
_LEAD = re.compile(rf".*(?:{ROLE.pattern}|班主任|老师|同学|民警|律师|[{_OPENERS}])")
# what ends the last part: no transliteration holds these
_TAIL = re.compile(
    r"[的了被把将在对称说证与和及等系从向给犯是因为以由后前时均还又未没于]|发现|报警|报案|驾驶|保管|死亡|家[中里]|供述|到案|使用|签订|提供|借款|诉称|辩称|经营|要求|立即|先后|多次|补充|本人|名下|手机|身份|电话|出生"
)


@dataclass(frozen=True)
class _Run:
    """What stands around a dot: `left` and `right` are the characters on either side, in the text at `start`…`end`."""

    start: int
    dot: int
    last: int
    end: int


def dotted_names(text: str, tags: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Places of names in several parts; what a name has in common wherever it stands is the name."""
    runs = [_run(match) for match in _RUN.finditer(text)]
    groups: dict[tuple[str, str], list[_Run]] = {}
    for run in runs:
        groups.setdefault((text[run.dot - 1], text[run.dot + 1 : run.last + 2]), []).append(run)
    people = sorted((word.start, word.end) for word in tags if word.tag == "PER")
    starts = [start for start, _ in people]
    for group in groups.values():
        spans = _spans(text, group, tags)
        if any(_likely(text, span, people, starts) for span in spans):
            yield from spans


def _run(match: re.Match[str]) -> _Run:
    last = match.start("right") - 1
    return _Run(match.start(), match.end("left"), last, match.end())


def _spans(text: str, group: Sequence[_Run], tags: Sequence[Word]) -> list[tuple[int, int]]:
    lefts = [_left(text[run.start : run.dot]) for run in group]
    rights = [_right(text, run, tags, len(group) > 1) for run in group]
    left = _common([one[::-1] for one in lefts])
    right = _common(rights)
    return [(run.dot - len(left), run.last + 1 + len(right)) for run in group] if left and right else []


def _common(parts: Sequence[str]) -> str:
    """What all of them begin with."""
    shortest = min(parts, key=len)
    size = next(
        (at for at, char in enumerate(shortest) if any(part[at] != char for part in parts)), len(shortest)
    )
    return shortest[:size]


def _left(run: str) -> str:
    """The first part without the words that run into it."""
    lead = _LEAD.match(run[:-1])
    return run[lead.end() :] if lead else run


def _right(text: str, run: _Run, tags: Sequence[Word], recurs: bool) -> str:
    """The last part as far as it may go; alone in the text, to the end of its first word."""
    start = run.last + 1
    part = text[start : run.end]
    if tail := _TAIL.search(part, 2):
        part = part[: tail.start()]
    if recurs:
        return part
    starts = [word.start for word in tags]
    index = bisect_right(starts, start) - 1
    if index < 0:
        return part
    end = tags[index].end
    while index + 1 < len(tags) and end - start < 2 and tags[index + 1].start == end:
        index, end = index + 1, tags[index + 1].end
    return part[: max(2, end - start)]


def _likely(
    text: str, span: tuple[int, int], people: Sequence[tuple[int, int]], starts: Sequence[int]
) -> bool:
    """Whether the model, a role or the sounds say that this is a name."""
    start, end = span
    name = text[start:end]
    near = people[max(0, bisect_right(starts, start) - 1) : bisect_right(starts, end)]
    if any(left < end and right > start for left, right in near):
        return True
    return (
        bool(re.search(rf"(?:{ROLE.pattern})[：:]?$", text[max(0, start - 12) : start]))
        or sum(char in _SOUNDS for char in name) >= 3
    )
