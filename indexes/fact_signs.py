"""What `data/precedents.yaml` knows: the offences' law, signs of the general articles, weights; read and checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from indexes.law_knowledge import KnowledgeError
from ingestion.numerals import article_key


@dataclass(frozen=True)
class Weights:
    """What each sign of an offence adds, and the sum and steepness by which it becomes a chance."""

    charge: float
    cited: float
    nearest: float
    votes: float
    words: float
    even: float
    steep: float


@dataclass(frozen=True)
class FactSigns:
    """The knowledge of how facts lead to articles. `signs` leads from a label to what is looked for in the facts."""

    law: str
    first: int
    last: int
    named_by: tuple[str, ...]
    near: int
    voters: int
    weights: Weights
    signs: Mapping[str, re.Pattern[str]]

    def offence(self, label: str) -> bool:
        """Whether an article of the offences' law names an offence."""
        return self.first <= article_number(label)[0] <= self.last


@lru_cache(maxsize=4_096)
def article_number(label: str) -> tuple[int, int]:
    """Number and 之-number of an article's label, (0, 0) where it has none."""
    return article_key(label) or (0, 0)


@cache
def fact_signs() -> FactSigns:
    """The knowledge that ships with the program."""
    return parse_signs((files("indexes") / "data" / "precedents.yaml").read_text(encoding="utf-8"))


def parse_signs(text: str) -> FactSigns:
    """Read the YAML; KnowledgeError for an unknown or missing key, or an expression that cannot be read."""
    import yaml

    data = yaml.safe_load(text) or {}
    _keys(data, {"offences", "named_by", "near", "voters", "weights", "signs"}, "precedents.yaml")
    offences, weights, signs = data["offences"], data["weights"], data["signs"]
    names = {one.name for one in fields(Weights)}
    _keys(offences, {"law", "first", "last", "source", "date"}, "offences")
    _keys(weights, names | {"source", "date"}, "weights")
    _keys(signs, {"source", "date", "articles"}, "signs")
    try:
        patterns = {str(label): re.compile(str(words)) for label, words in signs["articles"].items()}
    except re.error as error:
        raise KnowledgeError(f"signs：{error.pattern!s} 不是正则表达式（{error}）") from error
    return FactSigns(
        law=str(offences["law"]),
        first=int(offences["first"]),
        last=int(offences["last"]),
        named_by=tuple(map(str, data["named_by"])),
        near=int(data["near"]),
        voters=max(int(data["voters"]), int(data["near"]), 1),
        weights=Weights(**{name: float(weights[name]) for name in names}),
        signs=MappingProxyType(patterns),
    )


def _keys(given: Mapping[str, Any], wanted: set[str], where: str) -> None:
    if unknown := sorted(set(given) - wanted):
        raise KnowledgeError(f"{where}：不认识的键 {'、'.join(unknown)}")
    if missing := sorted(wanted - set(given)):
        raise KnowledgeError(f"{where}：缺少 {'、'.join(missing)}")
