"""What is known of laws beside their texts: aliases, dates of amendments, repeals, each with its source."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Amendment:
    """A change of a law: passed on `version`, in force from `in_force_from` (None: not known).

    `articles` are the labels it touches, None where that is not known.
    """

    law: str
    version: date
    in_force_from: date | None
    articles: frozenset[str] | None
    source: str


@dataclass(frozen=True)
class Repeal:
    """A law that another text repeals from a day on; `by` names law and article, `source` the data it is in."""

    law: str
    from_date: date | None
    by: str
    source: str


@dataclass(frozen=True)
class Doubt:
    """A reason why no article of a law may pass as verified until somebody has looked."""

    law: str
    why: str
    source: str


@dataclass(frozen=True)
class History:
    """Of this law every change since `complete_from` is among the amendments, with the articles it touches."""

    law: str
    complete_from: date
    source: str


@dataclass(frozen=True)
class Successor:
    """Where the rules of a repealed law stand now: `articles` leads from its labels to those of the law `by`."""

    law: str
    by: str
    articles: Mapping[str, tuple[str, ...]]
    source: str


@dataclass(frozen=True)
class Knowledge:
    """Everything in `laws.yaml`; `aliases` leads from `name_key(alias)` to the full name, `enacted` from
    `name_key(law)` to the day of its first passing.
    """

    aliases: Mapping[str, str]
    amendments: tuple[Amendment, ...] = ()
    repeals: tuple[Repeal, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    histories: tuple[History, ...] = ()
    enacted: Mapping[str, date] = field(default_factory=dict)
    successors: tuple[Successor, ...] = ()

    def where_now(self, law: str, label: str) -> str:
        """Where the rule of an article of a repealed law stands now, as a citation; "" where that is not known."""
        for one in self.successors:
            if name_key(one.law) == name_key(law) and label in one.articles:
                return f"《{one.by}》{'、'.join(one.articles[label])}"
        return ""


class KnowledgeError(ValueError):
    """`laws.yaml` holds an entry that the program does not understand."""


@cache
def law_knowledge() -> Knowledge:
    """The knowledge that ships with the program."""
    return parse_knowledge((files("indexes") / "data" / "laws.yaml").read_text(encoding="utf-8"))


def parse_knowledge(text: str) -> Knowledge:
    """Read the YAML of `laws.yaml`; KnowledgeError for an unknown key or an entry without law or source."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(text) or {}
    _only(data, {"aliases", "amendments", "repeals", "doubts", "histories", "enacted", "successors", "aliases_from"}, "laws.yaml")
    _alias_sources(data)
    aliases = {name_key(alias): str(full) for alias, full in (data.get("aliases") or {}).items()}
    return Knowledge(
        aliases=MappingProxyType(aliases),
        amendments=tuple(_amendment(entry) for entry in data.get("amendments") or []),
        repeals=tuple(repeal for entry in data.get("repeals") or [] for repeal in _repeals(entry)),
        doubts=tuple(_doubt(entry) for entry in data.get("doubts") or []),
        histories=tuple(_history(entry) for entry in data.get("histories") or []),
        successors=tuple(_successor(entry) for entry in data.get("successors") or []),
        enacted=MappingProxyType({name_key(law): day for law, day in (data.get("enacted") or {}).items()}),
    )


def _alias_sources(data: Mapping[str, Any]) -> None:
    """Refuse aliases that no group of `aliases_from` gives a source for."""
    aliases = set(data.get("aliases") or {})
    sourced: set[str] = set()
    for entry in data.get("aliases_from") or []:
        _only(entry, {"names", "source", "date", "tag"}, "aliases_from")
        _needs(entry, {"names", "source", "date", "tag"}, "aliases_from")
        sourced |= aliases if entry["names"] == "all" else set(entry["names"])
    if aliases - sourced:
        raise KnowledgeError(f"laws.yaml：简称 {'、'.join(sorted(aliases - sourced))} 没有写明来源（aliases_from）")


def _amendment(entry: dict[str, Any]) -> Amendment:
    _only(entry, {"law", "version", "in_force_from", "articles", "source", "tag"}, "amendments")
    _needs(entry, {"law", "version", "source", "tag"}, "amendments")
    articles = entry.get("articles")
    return Amendment(
        law=entry["law"],
        version=entry["version"],
        in_force_from=entry.get("in_force_from"),
        articles=None if articles is None else frozenset(articles),
        source=entry["source"],
    )


def _repeals(entry: dict[str, Any]) -> list[Repeal]:
    _only(entry, {"laws", "from", "by", "source", "tag"}, "repeals")
    _needs(entry, {"laws", "from", "by", "source", "tag"}, "repeals")
    return [Repeal(law, entry["from"], entry["by"], entry["source"]) for law in entry["laws"]]


def _doubt(entry: dict[str, Any]) -> Doubt:
    _only(entry, {"law", "why", "source", "tag"}, "doubts")
    _needs(entry, {"law", "why", "source", "tag"}, "doubts")
    return Doubt(entry["law"], entry["why"], entry["source"])


def _history(entry: dict[str, Any]) -> History:
    _only(entry, {"law", "complete_from", "source", "tag"}, "histories")
    _needs(entry, {"law", "complete_from", "source", "tag"}, "histories")
    return History(entry["law"], entry["complete_from"], entry["source"])


def _successor(entry: dict[str, Any]) -> Successor:
    _only(entry, {"law", "by", "articles", "source", "tag"}, "successors")
    _needs(entry, {"law", "by", "articles", "source", "tag"}, "successors")
    articles = {old: tuple([new] if isinstance(new, str) else new) for old, new in entry["articles"].items()}
    return Successor(entry["law"], entry["by"], MappingProxyType(articles), entry["source"])


def _only(entry: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(set(entry) - allowed)
    if unknown:
        raise KnowledgeError(f"{where}：不认识的键 {'、'.join(unknown)}")


def _needs(entry: Mapping[str, Any], wanted: set[str], where: str) -> None:
    missing = sorted(wanted - set(entry))
    if missing:
        raise KnowledgeError(f"{where}：{entry.get('law', entry)} 缺少 {'、'.join(missing)}")


@lru_cache(maxsize=16_384)
def name_key(name: str) -> str:
    """What two spellings of one law's name share: no white space, marks, width or 中华人民共和国."""
    folded = unicodedata.normalize("NFKC", name).replace("中华人民共和国", "")
    return "".join(sign for sign in folded if sign not in "《》〈〉<>" and not sign.isspace())
