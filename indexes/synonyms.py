"""Lay words and the words of the law for them (`indexes/data/synonyms.yaml`), so that a question reaches the law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from indexes.errors import StoreError

_KEYS = frozenset({"source", "date", "tag", "weight", "words"})


@dataclass(frozen=True)
class Synonyms:
    """`words` leads from a lay word to words of the law; these count `weight` times as much as what was asked."""

    words: Mapping[str, tuple[str, ...]]
    weight: float

    def of(self, question: str) -> list[str]:
        """The words of the law for the lay words in a question, each once.

        >>> Synonyms({"小偷": ("盗窃",), "偷": ("盗窃",)}, 0.4).of("抓小偷")
        ['盗窃']
        """
        return list(dict.fromkeys(one for lay, legal in self.words.items() if lay in question for one in legal))


@cache
def shipped_synonyms() -> Synonyms:
    """The synonyms that come with the program."""
    return parse_synonyms((files("indexes") / "data" / "synonyms.yaml").read_text(encoding="utf-8"))


def parse_synonyms(text: str) -> Synonyms:
    """Read `synonyms.yaml`; StoreError for an unknown or missing key, or a word that leads nowhere."""
    import yaml

    data: dict[str, Any] = yaml.safe_load(text) or {}
    wrong = sorted(set(data) ^ _KEYS)
    if wrong:
        raise StoreError(f"synonyms.yaml：不认识或缺少的键 {'、'.join(wrong)}。")
    words = {str(lay): tuple(str(legal or "").split()) for lay, legal in data["words"].items()}
    empty = [lay for lay, legal in words.items() if not legal]
    if empty:
        raise StoreError(f"synonyms.yaml：{'、'.join(empty)} 没有对应的法律用语。")
    return Synonyms(MappingProxyType(words), float(data["weight"]))
