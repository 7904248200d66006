"""Masking of a whole text by level (domain D): which spans go, what stands for each, and the way back."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingestion.identifiers import identifiers, plain_value
from ingestion.mask import aliases, minors_in, unmask
from ingestion.names import words
from ingestion.places import Place, addresses, births, kind_of_school, schools
from ingestion.roll import Roll, everyone

Level = Literal["handler", "office", "unit", "public"]
LEVELS: tuple[Level, ...] = ("handler", "office", "unit", "public")

NAME, SCHOOL, BIRTH, ADDRESS = "姓名", "学校", "出生日期", "住址"
_SUFFIXES = "甲乙丙丁戊己庚辛壬癸"

# what no table of spans can take out: a person must read these places before the text is given away (domain D:
# technical investigation, informants, 检委会 opinions and internal scores are never output; health, sexual
# detail and tracks are removed or summarised)
_REVIEW = (
    ("技术侦查", r"技术侦查|技侦|监听|秘密侦查|控制下交付"),
    ("特情与举报来源", r"特情|线人|耳目|卧底|匿名举报人"),
    ("内部意见", r"检察委员会(?:讨论|认为|意见|决定)|检委会|审委会|内部评分|量刑评估|承办人意见"),
    ("健康信息", r"病历|诊断|艾滋|梅毒|怀孕|流产|精神(?:病|分裂|障碍)|抑郁|HIV"),
    ("性侵细节", r"强奸|猥亵|奸淫|处女膜|阴道|裸照|裸体"),
    ("行踪轨迹", r"行动轨迹|轨迹|定位|基站|行程"),
)


@dataclass(frozen=True)
class Masked:
    """A span of the text and what stands for it: `text[start:end]` becomes `alias`; `kind` in Chinese."""

    kind: str
    start: int
    end: int
    alias: str


@dataclass(frozen=True)
class Known:
    """What a case has given away already: aliases of names, and of values by `kind|value`."""

    names: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Redaction:
    """A masked text: the spans of the original, the text, and all that the case knows now.

    `officials` are names that stand there by office and were left; `review` are (reason, start, end) of
    places in the original that a person must read before the text leaves.
    """

    masked: tuple[Masked, ...]
    text: str
    known: Known
    officials: tuple[str, ...] = ()
    review: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A place `masked_text[start:end]` where `original` stood."""

    start: int
    end: int
    original: str


def redact(
    text: str, level: Level, *, case: str = "", known: Known | None = None, secret: bytes = b""
) -> Redaction:
    """The text masked for a level: handler (nothing), office, unit, public.

    From `office` on every person but those in office has an alias that is the same all through the case; the
    numbers are tokens that compare within the office (`secret` makes them) and plain notes beyond it;
    addresses end at the district, schools of minors are 某小学. From `unit` on of a day of birth only the
    year is left, for `public` nothing. The same text, case and `known` give the same result.
    """
    known = known or Known()
    if level == "handler":
        return Redaction((), text, known)
    roll = everyone(text, known.names)
    names = _names(text, roll, case, known)
    namer = _Namer(text, dict(known.values), secret if level == "office" else b"")
    spans = _settled([*_values(text, level, roll, namer), *_persons(text, roll, names)])
    masked = tuple(sorted(spans, key=lambda span: span.start))
    officials = tuple(person.name for person in roll.officials)
    return Redaction(masked, apply(text, masked), Known(names, namer.values), officials, tuple(review(text)))


def apply(text: str, masked: Iterable[Masked]) -> str:
    """The text with every span replaced; spans are in order and do not overlap."""
    pieces, at = [], 0
    for one in masked:
        pieces += [text[at : one.start], one.alias]
        at = one.end
    return "".join([*pieces, text[at:]])


def pieces(text: str, masked: Iterable[Masked]) -> tuple[Piece, ...]:
    """Where in the masked text what stood: the way back, exact whatever the aliases look like."""
    found, shift = [], 0
    for one in masked:
        start = one.start + shift
        found.append(Piece(start, start + len(one.alias), text[one.start : one.end]))
        shift += len(one.alias) - (one.end - one.start)
    return tuple(found)


def restore(masked_text: str, places: Iterable[Piece]) -> str:
    """The original of a masked text that nobody changed since."""
    return apply(masked_text, [Masked("", one.start, one.end, one.original) for one in places])


def restore_changed(text: str, masked_text: str, places: Iterable[Piece]) -> str:
    """A masked text that was changed since, with every alias that it still holds undone."""
    originals: dict[str, str] = {}
    for one in places:
        originals.setdefault(masked_text[one.start : one.end], one.original)
    return unmask(text, {original: alias for alias, original in originals.items()})


def review(text: str) -> Iterator[tuple[str, int, int]]:
    """Places that a person must read before the text leaves, with the reason."""
    for why, pattern in _REVIEW:
        for match in re.finditer(pattern, text):
            yield why, *match.span()


def _names(text: str, roll: Roll, case: str, known: Known) -> dict[str, str]:
    """Aliases of all persons, those of the case first; a given name alone goes by its owner's."""
    whole = aliases(roll.persons, case, text, known.names)
    return {**whole, **{given: whole[owner] for given, owner in roll.short.items() if owner in whole}}


def _persons(text: str, roll: Roll, names: Mapping[str, str]) -> Iterator[Masked]:
    for person in roll.persons:
        yield from (Masked(NAME, start, end, names[person.name]) for start, end in person.spans)
    whole = {
        at
        for person in (*roll.persons, *roll.officials)
        for start, end in person.spans
        for at in range(start, end)
    }
    for given in roll.short:
        for match in re.finditer(re.escape(given), text):
            if given in names and whole.isdisjoint(range(*match.span())):
                yield Masked(NAME, *match.span(), names[given])


def _values(text: str, level: Level, roll: Roll, namer: _Namer) -> Iterator[Masked]:
    """Numbers, addresses, schools and days of birth, in this order: the more certain goes first."""
    for one in identifiers(text):
        yield Masked(one.kind, one.start, one.end, namer.note(one.kind, plain_value(one.value)))
    for place in addresses(text):
        yield Masked(ADDRESS, place.start, place.end, namer.note(ADDRESS, text[place.start : place.end]))
    minors = bool(minors_in(text)) or "未成年" in text
    for place in schools(text, minors, words(text) if "学" in text or "幼儿园" in text else ()):
        yield Masked(SCHOOL, place.start, place.end, namer.school(text[place.start : place.end]))
    if level in ("unit", "public"):
        for place in births(text):
            yield _birth(text, place, level, namer)


def _birth(text: str, place: Place, level: Level, namer: _Namer) -> Masked:
    start = place.start + 5 if level == "unit" and text[place.start + 4] == "年" else place.start
    return Masked(BIRTH, start, place.end, namer.note(BIRTH, text[start : place.end]))


def _settled(spans: Sequence[Masked]) -> Iterator[Masked]:
    """Spans without overlap, the earlier of the list first; an address keeps no name inside."""
    taken: set[int] = set()
    for one in spans:
        if one.end > one.start and taken.isdisjoint(range(one.start, one.end)):
            taken.update(range(one.start, one.end))
            yield one


class _Namer:
    """Gives each value its note and remembers it: one value, one note, none that the text has already."""

    def __init__(self, text: str, values: dict[str, str], secret: bytes) -> None:
        self._text = text
        self._secret = secret
        self.values = values

    def note(self, kind: str, value: str) -> str:
        """［手机号1］; with a secret ［手机号#3f2a…］, which is the same for the same number all over the office."""
        if self._secret:
            return f"［{kind}#{hmac.new(self._secret, f'{kind}|{value}'.encode(), hashlib.sha256).hexdigest()[:12]}］"
        return self._given(kind, value, (f"［{kind}{number}］" for number in range(1, 1_000_000)))

    def school(self, name: str) -> str:
        """某小学, 某小学甲 …."""
        kind = kind_of_school(name)
        more = [*_SUFFIXES, *(f"第{number}处" for number in range(1, 10_000))]
        return self._given(SCHOOL, name, (kind + suffix for suffix in ("", *more)))

    def _given(self, kind: str, value: str, free: Iterable[str]) -> str:
        key = f"{kind}|{value}"
        if key not in self.values:
            taken: Collection[str] = set(self.values.values())
            self.values[key] = next(alias for alias in free if alias not in taken and alias not in self._text)
        return self.values[key]
