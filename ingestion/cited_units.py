"""The articles, paragraphs and items of a citation: 第十条至第十二条、第十五条, 第二十三条第一、二款, 120-1条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.numerals import to_int

LONGEST_RANGE = 60  # articles of a range (第十条至第十二条) that are told one by one

# One character for each: full width, brackets, dashes and zeros as they are printed, so that offsets stay.
WIDTH = str.maketrans(
    "０１２３４５６７８９（）［］[]【】(),－–—―～~〇○", "0123456789（）〔〕〔〕〔〕（），------零零"
)
SPACE = r"[ \t\u3000\xa0\r\n]{0,4}"
_DIGIT = "零一二三四五六七八九十百千两0-9"
NUMBER = rf"[{_DIGIT}](?:[ \t\u3000\r\n]{{0,2}}[{_DIGIT}]){{0,9}}"
_SEP = rf"{SPACE}(?:、|，|和|及|与|以及|或者?|暨){SPACE}"
_TO = rf"{SPACE}(?:至|到|-{{1,2}}){SPACE}"
_NUMBERS = rf"{NUMBER}(?:(?:{_SEP}|{_TO})第?{SPACE}{NUMBER}){{0,40}}"
_INSERTED = rf"{NUMBER}(?:(?:{_SEP}|{_TO})之{SPACE}{NUMBER}){{0,9}}"  # 第一百二十条之一、之二
ARTICLES = re.compile(
    rf"第{SPACE}(?P<numbers>{_NUMBERS}){SPACE}条(?:{SPACE}之{SPACE}(?P<sub>{_INSERTED})(?![{_DIGIT}]*[款项条]))?"
    # 第六十七第三款, which lost its 条
    rf"|第{SPACE}(?P<lost>[{_DIGIT}]{{2,9}})(?=第{SPACE}[{_DIGIT}]{{1,2}}{SPACE}款)"
    rf"|(?P<bare>{_NUMBERS}){SPACE}条(?:{SPACE}之{SPACE}(?P<baresub>{NUMBER}))?"
)
PARAGRAPHS = re.compile(rf"第{SPACE}{_NUMBERS}{SPACE}款")
_PARAGRAPHS = re.compile(rf"{SPACE}第{SPACE}(?P<numbers>{_NUMBERS}){SPACE}款")
_ITEM = rf"（{SPACE}{NUMBER}{SPACE}）"
_ITEMS = re.compile(
    rf"{SPACE}第?{SPACE}(?P<numbers>(?:{_ITEM}|{NUMBER})"
    rf"(?:(?:{_SEP}|{_TO})?第?{SPACE}{_ITEM}|(?:{_SEP}|{_TO})第?{SPACE}{NUMBER}){{0,40}}){SPACE}项"
)
_SUBS = re.compile(rf"{SPACE}第?{SPACE}(?P<number>{NUMBER}){SPACE}目")
_NEXT = re.compile(rf"(?:{_SEP}|{_TO})(?=第|[{_DIGIT}]{{1,9}}条)")
_PART = (
    rf"(?=第{SPACE}{NUMBER}(?:{_SEP}第?{SPACE}{NUMBER}){{0,6}}{SPACE}款|第?{SPACE}（{SPACE}{NUMBER}{SPACE}）"
    rf"|第{SPACE}{NUMBER}{SPACE}项)"
)
_NEXT_PART = re.compile(rf"(?:{_SEP}|(?P<to>{_TO})){_PART}")
# 第一百三十三条之一（危险驾驶罪）第一款
_BRACKET = re.compile(rf"{SPACE}[（〔][^（）〔〕]{{2,20}}[）〕](?={SPACE}第{SPACE}(?:{NUMBER}{SPACE}[款项]|（))")
_DASHED = re.compile(rf"({NUMBER})-({NUMBER})")
_PIECE = re.compile(rf"{NUMBER}|至|到|-")


@dataclass(frozen=True)
class Unit:
    """An article (number, 之-number) with what is named of it, and where that stands."""

    article: tuple[int, int]
    start: int
    end: int
    paragraph: int = 0
    item: int = 0
    sub: int = 0


def units(text: str, match: re.Match[str]) -> Iterator[Unit]:
    """The articles of a list that begins with a match of ARTICLES, each with its paragraphs and items."""
    before: Unit | None = None
    current: re.Match[str] | None = match
    ranged = False
    while current is not None:
        parts = [part for unit in _group(current) for part in refined(text, unit)]
        if not parts:
            return
        if ranged and before is not None:
            yield from _between(before, parts[0])
        yield from parts
        before = parts[-1]
        link = _NEXT.match(text, before.end)
        current = ARTICLES.match(text, link.end()) if link else None
        ranged = bool(link and re.fullmatch(_TO, link.group()))


def _between(first: Unit, last: Unit) -> Iterator[Unit]:
    """The articles within a range of whole articles; they stand where the range does."""
    low, high = first.article[0] + 1, last.article[0]
    if first.paragraph or not 0 < high - low <= LONGEST_RANGE:
        return
    for number in range(low, high):
        yield Unit((number, 0), first.start, last.end)


def _group(match: re.Match[str]) -> Iterator[Unit]:
    """The articles that share one 条: 第十条, 第十、十二条, 第10-12条, 第120-1条."""
    written = match["numbers"] or match["bare"] or match["lost"]
    sub = match["sub"] or match["baresub"]
    dashed = _DASHED.fullmatch("".join(written.split()))
    pair = _pair(dashed) if dashed else None
    if pair and pair[1] < pair[0]:  # 120-1 is 120之一, 10-12 a range
        found = [pair]
    else:
        found = [(number, 0) for number in numbers(written)]
        if sub and found:
            base = found.pop()[0]
            found += [(base, number) for number in numbers(sub)]
    for article in found:
        if 0 < article[0] < 10_000 and 0 <= article[1] < 100:
            yield Unit(article, match.start(), match.end())


def _pair(dashed: re.Match[str]) -> tuple[int, int]:
    return _value(dashed[1]), _value(dashed[2])


def refined(text: str, unit: Unit) -> Iterator[Unit]:
    """A unit with the paragraphs, items and 目 named behind it: one for each of them."""
    parts: list[Unit] = []
    paragraph = unit.paragraph
    while True:
        at = parts[-1].end if parts else unit.end
        step = _NEXT_PART.match(text, at) if parts else None
        here = step.end() if step else at
        if not parts and (bracket := _BRACKET.match(text, here)):
            here = bracket.end()
        if found := _PARAGRAPHS.match(text, here):
            start = found.start() if parts else unit.start
            fresh = [
                replace(unit, paragraph=number, start=start, end=found.end())
                for number in numbers(found["numbers"])
            ]
            paragraph = fresh[-1].paragraph if fresh else 0
            parts += fresh
        elif found := _ITEMS.match(text, here):
            fresh = list(_items(text, unit, paragraph, found, found.start() if parts else unit.start))
            if fresh and parts and not step and not parts[-1].item:  # 第一款第（二）项 says more of 第一款
                fresh = [replace(one, start=parts[-1].start) for one in fresh]
                parts.pop()
            parts += fresh
        else:
            break
        if not fresh:
            break
        if step and step["to"]:
            parts[-len(fresh) : -len(fresh)] = _parts_between(parts[-len(fresh) - 1], fresh[0])
    yield from parts or [unit]


def _parts_between(first: Unit, last: Unit) -> list[Unit]:
    """The 款 or 项 within a range of them: 第（一）项至第（三）项; they stand where the range does."""
    inside = replace(first, sub=0, end=last.end)
    if first.item and last.item:
        return [replace(inside, item=number) for number in _inner(first.item, last.item)]
    if first.item or last.item:
        return []
    return [replace(inside, paragraph=number) for number in _inner(first.paragraph, last.paragraph)]


def _inner(low: int, high: int) -> range:
    return range(low + 1, high) if high - low <= LONGEST_RANGE else range(0)


def _items(text: str, unit: Unit, paragraph: int, match: re.Match[str], start: int) -> Iterator[Unit]:
    found = numbers(match["numbers"])
    for place, number in enumerate(found):
        sub = _SUBS.match(text, match.end()) if place == len(found) - 1 else None
        end = sub.end() if sub else match.end()
        yield replace(
            unit,
            paragraph=paragraph,
            item=number,
            sub=_value(sub["number"]) if sub else 0,
            start=start,
            end=end,
        )


def numbers(written: str) -> list[int]:
    """The numbers of a list: 一、三 → 1, 3; 十至十二 → 10, 11, 12; one that is no numeral is left out."""
    found: list[int] = []
    ranged = False
    for piece in _PIECE.findall(written):
        if piece in "至到-":
            ranged = bool(found)
            continue
        number = _value(piece)
        if number < 0:
            continue
        if ranged and 0 < number - found[-1] <= LONGEST_RANGE:
            found += range(found[-1] + 1, number)
        found.append(number)
        ranged = False
    return found


def _value(written: str) -> int:
    """The value of a numeral; -1 for what is none."""
    try:
        return to_int("".join(written.split()))
    except ValueError:
        return -1
