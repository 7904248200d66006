"""Where the rule of a repealed law's article stands today, as far as `successors.yaml` tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from indexes.law_knowledge import KnowledgeError, name_key


@dataclass(frozen=True)
class Successor:
    """The law and the article that took a repealed article's place, and words that it has."""

    law: str
    article: str
    words: str


@cache
def successors() -> Mapping[tuple[str, str], Successor]:
    """Successors by (`name_key` of the repealed law, label of its article)."""
    return parse((files("indexes") / "data" / "successors.yaml").read_text(encoding="utf-8"))


def parse(text: str) -> Mapping[tuple[str, str], Successor]:
    """Read the YAML; KnowledgeError for an unknown or a missing key."""
    import yaml

    found: dict[tuple[str, str], Successor] = {}
    entries: list[dict[str, Any]] = yaml.safe_load(text) or []
    for entry in entries:
        wrong = set(entry) ^ {"repealed", "by", "tag", "source", "articles"}
        if wrong:
            raise KnowledgeError(f"successors.yaml：{entry.get('repealed', entry)} 的键不对：{'、'.join(sorted(wrong))}")
        for old, (new, words) in entry["articles"].items():
            found[name_key(entry["repealed"]), old] = Successor(entry["by"], new, words)
    return found


def successor(law: str, article: str) -> Successor | None:
    """What took the place of a repealed law's article; None where nobody wrote it down."""
    return successors().get((name_key(law), article))
