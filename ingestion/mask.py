"""Aliases for persons whom the law protects: find them beside their roles, name them the same all through a case."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ingestion.dates import DATE, as_date
from ingestion.persons import (
    ACCUSED_OR_OFFICIAL,
    PROTECTED,
    Mention,
    is_masked,
    mentions,
    name_at,
    name_before,
    surname_of,
)

_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"

_BIRTH = re.compile(
    r"(?P<sex>[，,（(][ 　]*(?:男|女))[^。；（）()]{0,30}?(?:生于|出生于)?[ 　]*"
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:出?生|$|[，,）)])"
)
_PAREN_BIRTH = re.compile(r"[（(](?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:出?生)")
_AGE = re.compile(
    r"[（(，,][ 　]*(?:(?:男|女)[，,、][ 　]*)?(?:时年|现年|当时|案发时|年仅|年龄|年)?[ 　]*"
    r"(?P<age>\d{1,2}|[一二三四五六七八九十]{1,3})[周]?岁(?![以之]下)"
)
_STATED = re.compile(
    r"[（(，,](?:系|均系|均为|为|时系|案发时系)?(?:未成年人?|未满十八周岁|不满十八周岁|未满18周?岁|不满18周?岁)"
)
_AGED = re.compile(
    r"(?P<age>\d{1,2}|[一二三四五六七八九十]{1,3})周?岁的?(?:未成年)?"
    r"(?:女孩|男孩|幼女|女童|男童|女生|男生|少女|少年|儿童|孩子|学生|初中生|高中生|小学生|被害人)?"
)
_FACTS = re.compile(r"指控|查明|案发|发现")
_OFFICERS = ("民警", "法官", "检察官", "警官", "辅警", "律师", "鉴定人员", "侦查人员", "执法人员", "协警")
_ROLE_BEFORE = re.compile(
    r"(?:被害人|受害人|证人|未成年人|法定代理人|监护人|报案人|报警人|举报人|控告人|鉴定人|原告人|亲属|之母|之父|母亲|父亲|、|和|及|与)$"
)
# Names that are common words as well; they are replaced only beside a role.
WORDLIKE = frozenset(
    "高兴 高明 平安 安全 文明 江山 金钱 黄金 白云 黄河 长江 方圆 成功 高原 温泉 高峰 黎明 明星 明白 金山 石头 时间 许可 项目 顾问 关键 "
    "关心 高潮 林木 花园 石油 向上 严密 高速 周到 程序 章程 解放 宣传 宁静 安宁 和平 康乐 夏天 常识 钟表 万千 江河 海洋 田野 马路 强大".split()
)
_DOUBLING = frozenset(
    "明天 明确 明知 明年 明日 平时 平日 方面 高中 国家 金额 金钱 安全 军人 强行 强迫 强制".split()
)


@dataclass(frozen=True)
class Person:
    """A protected person: `role` in Chinese (被害人, 证人 …); `spans` are all places of the name in the text."""

    name: str
    role: str
    spans: tuple[tuple[int, int], ...]


def protected_persons(text: str, on: date | None = None) -> tuple[Person, ...]:
    """Persons whom domain rules protect, in the order of their first mention beside a role.

    Victims, their relatives and representatives, witnesses, experts, reporters, and whoever is stated to be
    a minor (未保法 103; 刑诉法 286): under 18 on `on` (default: the latest date in the text), or at the first
    dated fact within the five years before. Not included: accused adults, officers in their office, and names
    the source hides already.
    """
    found = list(mentions(text))
    minors = dict(_minors(text, on))
    named: dict[str, tuple[int, str]] = {name: (at, "未成年人") for name, at in minors.items()}
    spared = {mention.name for mention in found if mention.role in ACCUSED_OR_OFFICIAL} - minors.keys()
    for mention in sorted(found, key=lambda mention: mention.start):
        if mention.role in PROTECTED and not mention.masked and not _officer(text, mention):
            place = named.get(mention.name)
            if mention.name not in spared and (place is None or place[1] == "未成年人"):
                named[mention.name] = (mention.start, mention.role)
    ordered = sorted(named.items(), key=lambda item: item[1][0])
    others = _longer_names(mention.name for mention in found)
    return tuple(Person(name, role, _spans(text, name, others)) for name, (_, role) in ordered)


def minors_in(text: str, on: date | None = None) -> frozenset[str]:
    """The names of those who are stated to be under 18 (see `protected_persons`)."""
    return frozenset(name for name, _ in _minors(text, on))


def aliases(
    persons: Iterable[Person], case: str, text: str = "", known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """An alias for each name: 张某, or 张某甲, 张某乙 … where several share the surname.

    The same case and the same persons give the same aliases in whatever order they come. `known` holds
    the aliases that the case has already; they are kept, so that a later document changes nothing. An
    alias that occurs in `text` (or is taken) goes to nobody, so `unmask` finds its way back.
    """
    given = dict(known or {})
    groups: dict[str, list[str]] = {}
    for name in {person.name for person in persons} - given.keys():
        groups.setdefault(surname_of(name), []).append(name)
    taken = set(given.values())
    for surname, names in sorted(groups.items()):
        shared = len(names) > 1 or any(alias.startswith(f"{surname}某") for alias in taken)
        free = _free(surname, shared, text, taken)
        for name in sorted(names, key=lambda name: hashlib.sha256(f"{case}|{name}".encode()).digest()):
            given[name] = next(free)
            taken.add(given[name])
    return given


def mask_text(text: str, aliases: Mapping[str, str]) -> str:
    """The text with every name replaced by its alias, longest names first, never inside a longer name."""
    if not aliases:
        return text
    longer = _longer_names(mention.name for mention in mentions(text))
    guards = _guards(aliases, longer)
    pattern = re.compile(
        "|".join(re.escape(name) for name in sorted({*aliases, *guards}, key=lambda n: (-len(n), n)))
    )

    def replace(match: re.Match[str]) -> str:
        name = match.group()
        return aliases[name] if name in aliases and _stands_alone(text, *match.span()) else name

    return pattern.sub(replace, text)


def unmask(text: str, aliases: Mapping[str, str]) -> str:
    """The text with every alias replaced by its name again; undoes `mask_text` for the same aliases."""
    names = {alias: name for name, alias in aliases.items()}
    if not names:
        return text
    pattern = "|".join(re.escape(alias) for alias in sorted(names, key=lambda alias: (-len(alias), alias)))
    return re.sub(pattern, lambda match: names[match.group()], text)


def _free(surname: str, shared: bool, text: str, taken: Collection[str]) -> Iterator[str]:
    """Aliases of one surname that are still free; no suffix begins another, so each reads back unambiguously."""
    suffixes = [*_STEMS, *(branch + stem for branch in _BRANCHES for stem in _STEMS)]
    number = 0
    for suffix in ["", *suffixes] if not shared else suffixes:
        alias = f"{surname}某{suffix}"
        if alias not in taken and alias not in text:
            yield alias
    while True:
        number += 1
        alias = f"{surname}某第{number}人"
        if alias not in taken and alias not in text:
            yield alias


def _longer_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if len(name) > 2)


def _guards(aliases: Mapping[str, str], names: Collection[str]) -> set[str]:
    """Names that are not masked but hold one that is; they must stay whole."""
    return {name for name in names if name not in aliases and any(short in name for short in aliases)}


def _spans(text: str, name: str, others: Collection[str]) -> tuple[tuple[int, int], ...]:
    guards = [other for other in others if name in other and other != name]
    pattern = re.compile("|".join(re.escape(each) for each in [*sorted(guards, key=len, reverse=True), name]))
    hits = (match.span() for match in pattern.finditer(text) if match.group() == name)
    return tuple(span for span in hits if _stands_alone(text, *span))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name is not the head of a longer one (王芳 in 王芳芳) nor a common word (高兴)."""
    name = text[start:end]
    if name in WORDLIKE:
        return bool(_ROLE_BEFORE.search(text, max(0, start - 6), start))
    if len(name) == 2 and text[end : end + 1] == name[-1]:
        return text[end : end + 2] in _DOUBLING
    if name.isascii():
        return not (text[start - 1 : start] + text[end : end + 1]).strip().isascii() or not (
            text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()
        )
    return True


def _officer(text: str, mention: Mention) -> bool:
    """Whether the person is heard as an officer: 证人张三（民警）."""
    after = text[mention.end : mention.end + 12]
    return after.startswith(("（", "(")) and any(word in after.split("）")[0] for word in _OFFICERS)


def _minors(text: str, on: date | None) -> Iterator[tuple[str, int]]:
    """Names (and where) whose owner is stated to be under 18."""
    days = _reference_days(text, on)
    for pattern in (_BIRTH, _PAREN_BIRTH):
        for match in pattern.finditer(text):
            if (born := _day(match)) and any(_age(born, day) < 18 for day in days if day >= born):
                yield from _named_before(text, match.start())
    for match in _AGE.finditer(text):
        if _number(match["age"]) < 18:
            yield from _named_before(text, match.start())
    for match in _STATED.finditer(text):
        yield from _named_before(text, match.start())
    for match in _AGED.finditer(text):
        if _number(match["age"]) < 18 and (end := name_at(text, match.end())):
            yield text[match.end() : end], match.end()


def _named_before(text: str, end: int) -> Iterator[tuple[str, int]]:
    start = name_before(text, end)
    if start is not None and not is_masked(text[start:end]):
        yield text[start:end], start


def _reference_days(text: str, on: date | None) -> tuple[date, ...]:
    """The day of the document, and the first dated fact within the five years before it."""
    dated = [
        (match.start(), day)
        for match in DATE.finditer(text)
        if not text.startswith(("出生", "生"), match.end()) and (day := as_date(match.group()))
    ]
    last = on or max((day for _, day in dated), default=None)
    if last is None:
        return ()
    facts = _FACTS.search(text)
    after = facts.start() if facts else 0
    events = [day for at, day in dated if at >= after and 0 <= (last - day).days <= 5 * 366]
    return (last, min(events)) if events else (last,)


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _number(text: str) -> int:
    """An age in digits or in Chinese numerals up to 99."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    digits = "一二三四五六七八九"
    if not ten:
        return digits.find(text[-1]) + 1
    return (digits.find(tens[-1]) + 1 if tens else 1) * 10 + (digits.find(ones) + 1 if ones else 0)
