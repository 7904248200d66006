"""What the text of a norm says of the norms above it: on which it rests, and which it explains."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ingestion.statutes import Statute, clean_name

BASIS, EXPLAINS = "rests on", "explains"

_UNDER = re.compile(r"根据|依据|依照|按照|遵照")
_MADE = re.compile(r"制定本|制订本|特制定|制定以下|制定如下|(?:作如下|作出如下|解释|规定|批复|决定|通知)如下|如下(?:解释|规定|批复)")
_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_CONSTITUTION = re.compile(r"(?:根据|依据|依照)(?:中华人民共和国)?宪法")
_APPLIES = re.compile(r"关于(?:适用|执行|实施|贯彻执行|贯彻实施|正确适用|认真学习贯彻)(?P<names>(?:〈[^〈〉]+〉[、和及]?)+)")
_INNER = re.compile(r"〈([^〈〉]+)〉")
_CARRIES_OUT = re.compile(r"^(?P<law>.{1,60}?(?:法|条例))(?:实施条例|实施细则|实施办法)$|(?:实施|施行)〈(?P<other>[^〈〉]+)〉办法$")

Bases = Iterator[tuple[str, str]]


def bases(statute: Statute, lookup: Callable[[str], str | None]) -> Bases:
    """The laws that a norm names as those it is made under or explains, each as (title, how).

    Told by its title (关于适用〈…〉的解释, …实施条例) and by its opening ("根据《…》，制定本条例").
    """
    yield from bases_of(statute.name, statute.level, _opening(statute), lookup)


def bases_of(name: str, level: str, opening: str, lookup: Callable[[str], str | None]) -> Bases:
    """The same, of a norm of this name and rank whose first articles read so."""
    if "关于修改" in name or "关于废止" in name:
        return  # what it changes or repeals is no norm above it
    seen: set[str] = set()
    how = EXPLAINS if level == "司法解释" else BASIS
    for title, relation in (*_of_title(name, how), *_of_opening(opening, how)):
        full = lookup(title) or clean_name(title)
        if full != name and full not in seen:
            seen.add(full)
            yield full, relation


def _opening(statute: Statute) -> str:
    return "\n".join(statute.text[one.start : one.end] for one in statute.articles[:2])


def _of_title(name: str, how: str) -> Bases:
    if found := _APPLIES.search(name):
        for title in _INNER.findall(found["names"]):
            yield title, how
    elif found := _CARRIES_OUT.search(name):
        yield found["law"] or found["other"], BASIS


def _of_opening(opening: str, how: str) -> Bases:
    text = " ".join(opening.split())
    if _CONSTITUTION.search(text):
        yield "中华人民共和国宪法", BASIS
    for sentence in re.split(r"[。；]", text):
        under, made = _UNDER.search(sentence), _MADE.search(sentence)
        if under and made and under.end() < made.start():
            for title in _TITLE.findall(sentence, under.end(), made.start()):
                yield title, how
