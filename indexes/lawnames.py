"""The names that a law goes by: full title, short name, without its issuer, by its document number."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexes.law_knowledge import Knowledge, law_knowledge, name_key

_PREFIX = "中华人民共和国"
_ISSUED = re.compile(
    r"^(?:(?:最高人民法院|最高人民检察院|全国人民代表大会常务委员会|国务院|公安部|司法部|国家安全部|中国海警局|[一-龥]{2,10}部)[、,]?)+(?=关于)"
)
_SPELT = (
    ("全国人大常委会", "全国人民代表大会常务委员会"),
    ("两高", "最高人民法院最高人民检察院"),
    ("最高法", "最高人民法院"),
    ("最高检", "最高人民检察院"),
)
_EDITION = re.compile(
    r"(?:\(\d{4}年?[^()]{0,8}\)|\((?:修正|修订|修改)(?:文本|本|版)?\)|\d{4}年?(?:修正|修订)(?:本|版)?)$"
)
_DOCUMENT = re.compile(
    r"^[(（]?(法释|高检发释字|高检发研字|国务院令)[〔\[（(【]?(\d{4})[〕\]）)】]?(?:第)?(\d{1,4})号[)）]?$"
)


@dataclass(frozen=True)
class LawNames:
    """Called with a name or a document number it gives the full title of the law; None for what nobody knows.

    White space, 《》, width, 、 between issuers, the prefix 中华人民共和国 and the year of an edition may be there or
    not; of two laws that share a short form neither is meant.
    """

    titles: Mapping[str, str]
    _openings: frozenset[str] = field(repr=False, default=frozenset())

    def __call__(self, name: str) -> str | None:
        """The full title that a name or a document number stands for."""
        if name[:2] not in self._openings:  # nearly all that is asked for stands in the middle of a sentence
            return None
        key = _key(name)
        return self.titles.get(key) or self.titles.get(_EDITION.sub("", key))


def law_titles(
    names: Iterable[str], heads: Iterable[tuple[str, str]] = (), knowledge: Knowledge | None = None
) -> LawNames:
    """The names of laws by title; `heads` are titles with the first lines of a text, which may hold its number."""
    known = law_knowledge() if knowledge is None else knowledge
    titles: dict[str, str] = {}
    for repeal in known.repeals:
        titles[_key(repeal.law)] = repeal.law
    names = sorted(set(names), key=len)
    for name in names:
        titles[_key(name)] = name
    for key, title in _short(names).items():
        titles.setdefault(key, title)
    for title, head in heads:
        for line in head.split("\n"):
            if found := _DOCUMENT.match("".join(line.split())):
                titles.setdefault(f"{found[1]}〔{found[2]}〕{int(found[3])}号", title)
    for alias, title in known.aliases.items():
        titles[_key(alias)] = titles.get(_key(title), title)
    return LawNames(titles, frozenset(_openings(titles)))


def _short(names: Iterable[str]) -> dict[str, str]:
    """Titles without their issuer, where only one law is called so."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        short = _ISSUED.sub("", name)
        if short != name:
            found[_key(short)].add(name)
    return {key: min(same) for key, same in found.items() if len({_key(one) for one in same}) == 1}


def _openings(keys: Iterable[str]) -> Iterable[str]:
    """The first two characters of every way to write a key."""
    for key in keys:
        yield key[:2]
        yield "《" + key[:1]
        yield "〈" + key[:1]
    yield from (_PREFIX[:2], "《中", "〈中")
    yield from (written[:2] for written, _ in _SPELT)
    yield from ("《" + written[:1] for written, _ in _SPELT)


def _key(name: str) -> str:
    key = re.sub(r"修正案([一二三四五六七八九十]+)$", r"修正案(\1)", name_key(name))
    for written, full in _SPELT:
        if key.startswith(written) or (written == "最高检" and "最高检" in key[:8]):
            key = key.replace(written, full, 1)
    return _without_commas(key) if "关于" in key else key


def _without_commas(key: str) -> str:
    """The key without what stands between its issuers."""
    issuer, about, rest = key.partition("关于")
    return re.sub(r"[、,和及]", "", issuer) + about + rest
