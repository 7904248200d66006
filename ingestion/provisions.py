"""款, 项 and 目 of an article as spans of its text, and the way from 第二款第（三）项 to the words that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingestion.numerals import NUMERAL, to_int
from ingestion.statutes import paragraphs

_ITEM = re.compile(rf"[ 　\t]*[（(](?P<number>{NUMERAL}{{1,3}})[)）]")
_SUB = re.compile(r"[ 　\t]*(?P<number>\d{1,2})[.．、](?!\d)")
_PLACE = re.compile(r"(?<![^\n：；])")
_NAMED = re.compile(
    rf"(?:第(?P<paragraph>{NUMERAL}+)款)?(?:第?[（(]?(?P<item>{NUMERAL}+)[）)]?项)?(?:第?(?P<sub>{NUMERAL}+)目)?$"
)


@dataclass(frozen=True)
class Provision:
    """A 款 (`item` and `sub` 0), 项 or 目 of an article: `text[start:end]`; numbers count from 1.

    The span of a 款 holds its 项, that of a 项 its 目. A number is the one printed.
    """

    paragraph: int
    item: int
    sub: int
    start: int
    end: int


def provisions(text: str) -> tuple[Provision, ...]:
    """All 款, 项 and 目 of an article's text in order, each before what it holds.

    项 are lines that open with （一）; 目 those within a 项 (or, where there is none, within a 款) that open with 1.
    """
    return tuple(_provisions(text))


def locate(text: str, paragraph: int = 0, item: int = 0, sub: int = 0) -> tuple[int, int] | None:
    """The span of a 款, 项 or 目; None where the article has none of that number.

    An item without a paragraph is looked for in the whole article (刑法第一百三十三条之一第（二）项 where only one
    款 has items), and found only if exactly one of its 款 has it.
    """
    if not paragraph and not item and not sub:
        return 0, len(text)
    found = [
        one
        for one in provisions(text)
        if one.item == item and one.sub == sub and (not paragraph or one.paragraph == paragraph)
    ]
    return (found[0].start, found[0].end) if len(found) == 1 else None


def named(words: str) -> tuple[int, int, int] | None:
    """The numbers of 第二款第（三）项第1目 as (款, 项, 目), 0 for what is not named; None where the words name none."""
    match = _NAMED.fullmatch("".join(words.split()))
    if match is None or not match.group():
        return None
    paragraph, item, sub = (to_int(part) if part else 0 for part in match.group("paragraph", "item", "sub"))
    return paragraph, item, sub


def _provisions(text: str) -> Iterator[Provision]:
    for number, (start, end) in enumerate(paragraphs(text), start=1):
        yield Provision(number, 0, 0, start, end)
        items = _openings(text, start, end, _ITEM)
        if not items:
            yield from (Provision(number, 0, *sub) for sub in _openings(text, start, end, _SUB))
        for item, at, stop in items:
            yield Provision(number, item, 0, at, stop)
            yield from (Provision(number, item, *sub) for sub in _openings(text, at, stop, _SUB))


def _openings(text: str, start: int, end: int, pattern: re.Pattern[str]) -> list[tuple[int, int, int]]:
    """Number and span of what opens with a number of one kind, at a line or behind ： and ；; counted upwards only."""
    found: list[tuple[int, int]] = []
    for place in _PLACE.finditer(text, start, end):
        match = pattern.match(text, place.end(), end)
        if match and (number := to_int(match["number"])) > (found[-1][0] if found else 0):
            found.append((number, place.end() + len(match.group()) - len(match.group().lstrip())))
    stops = [*(begin for _, begin in found[1:]), end][: len(found)]
    spans = zip(found, stops, strict=True)
    return [(number, begin, begin + len(text[begin:stop].rstrip())) for (number, begin), stop in spans]
