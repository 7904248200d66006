"""The names of offences by article, read from the norms that name them; and the offences that a text names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingestion.numerals import article_label, to_int

_ARTICLE = re.compile(r"第([零一二三四五六七八九十百千0-9]+)条(?:之([零一二三四五六七八九十0-9]+))?")
_LISTED = re.compile(r"(?:^|[\s．.\d])([一-龥、]{2,40}罪)（((?:刑法)?第[^）]{2,60})）")  # 盗窃罪（第264条）
_ROW = re.compile(r"^\|[ 　]*(第[^|]*?)\|([^|]*)\|", re.MULTILINE)  # | 第133条之一（…） |危险驾驶罪（取消…） |
_RENAMED = re.compile(r"(第[零一二三四五六七八九十百千0-9]+条(?:之[零一二三四五六七八九十]+)?)[^。]*?罪名由“[^”]+”修改为“([^”]+)”")
_BRACKET = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）?")
_NAME = re.compile(r"[一-龥、]{2,40}罪")
_MENTION = re.compile(r"[一-龥、]{1,40}?罪(?![犯行过责名证嫌刑判有状])")
_WIDE = str.maketrans("()", "（）")
LEAST_CHOSEN = 4  # characters (罪 among them) of an offence that is chosen from a list of acts (贩卖毒品罪)


@dataclass(frozen=True)
class Charges:
    """Offences by name, without 、, each with the articles that lay it down."""

    articles: Mapping[str, frozenset[str]]
    lists: tuple[str, ...] = field(default=(), repr=False)  # those that list acts, the shortest first

    def named_in(self, text: str) -> frozenset[str]:
        """The articles of the offences that a text names; of one that lists acts a choice of them will do."""
        found: set[str] = set()
        for mention in _MENTION.finditer(text):
            found |= self._of(mention[0].replace("、", ""))
        return frozenset(found)

    def by_article(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the offences of each article."""
        names: dict[str, list[str]] = defaultdict(list)
        for name, labels in self.articles.items():
            for label in labels:
                names[label].append(name)
        return {label: tuple(sorted(some)) for label, some in names.items()}

    def _of(self, run: str) -> frozenset[str]:
        """The articles of the longest offence with which a run of characters ends."""
        for start in range(len(run) - 1):
            name = run[start:]
            if name in self.articles:
                return self.articles[name]
            if len(name) >= LEAST_CHOSEN and (chosen := self._chosen(name)) is not None:
                return self.articles[chosen]
        return frozenset()

    def _chosen(self, name: str) -> str | None:
        return next((one for one in self.lists if one[-3:] == name[-3:] and _within(name, one)), None)


def read_charges(norms: Iterable[str]) -> Charges:
    """The offences that these texts name (最高人民法院、最高人民检察院关于执行刑法确定罪名的规定 and their like)."""
    found: dict[str, set[str]] = defaultdict(set)
    lists: set[str] = set()
    for norm in norms:
        for name, where in _pairs(norm.translate(_WIDE)):
            plain = name.replace("、", "")
            found[plain].update(_labels(where))
            if "、" in name:
                lists.add(plain)
    articles = {name: frozenset(labels) for name, labels in found.items() if labels}
    return Charges(articles, tuple(sorted(lists & set(articles), key=lambda name: (len(name), name))))


def _pairs(norm: str) -> Iterable[tuple[str, str]]:
    for match in _LISTED.finditer(norm):
        yield match[1], match[2]
    for match in _ROW.finditer(norm):
        where = _BRACKET.sub("", match[1])
        for line in _BRACKET.sub("\n", match[2]).replace("罪 ", "罪\n").split("\n"):
            for name in _NAME.findall(line.replace(" ", "")):
                yield name, where
    for match in _RENAMED.finditer(norm):
        yield match[2], match[1]


def _labels(where: str) -> Iterable[str]:
    for match in _ARTICLE.finditer(where):
        yield article_label(to_int(match[1]), to_int(match[2]) if match[2] else 0)


def _within(name: str, whole: str) -> bool:
    """Whether the characters of a name stand in another in this order."""
    rest = iter(whole)
    return all(character in rest for character in name)
