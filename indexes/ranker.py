"""The learned order of articles of law: weights in a readable file, with what they were learned from.

A question's vector is first turned towards the language of the law (`Adapter`: a matrix of low rank and a
shift, learned from questions with known articles); what both searches find is then put in order by a weighted
sum of a few facts (`indexes/features.py`). `gongzhi tune ranker` writes such a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from indexes.errors import StoreError
from indexes.features import FEATURES

Array = np.ndarray[Any, Any]
FORMAT = "gongzhi-ranker-1"
WAYS = ("words", "meaning", "both")
_KEYS = frozenset({"format", "trained", "ways", "adapter"})


@dataclass(frozen=True)
class Adapter:
    """Turns the vector of a question, made by one embedder: v + left (right v) + shift, made unit again.

    Shapes: left (dimensions, rank), right (rank, dimensions), shift (dimensions).
    """

    embedder: str
    left: Array
    right: Array
    shift: Array

    def turn(self, vector: Array) -> Array:
        """The turned vector (dimensions), of length one."""
        turned = vector + self.left @ (self.right @ vector) + self.shift
        return (turned / np.linalg.norm(turned)).astype(np.float32)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Weights:
    """For each of FEATURES its mean and scale among the examples, and its weight."""

    mean: Array
    scale: Array
    weight: Array

    def scores(self, rows: Array) -> Array:
        """The score of each row (n, features); higher is better."""
        return ((rows - self.mean) / self.scale) @ self.weight


@dataclass(frozen=True)
class Ranker:
    """Weights for each way of searching, an adapter, and `trained`: from what, when, how good."""

    ways: Mapping[str, Weights]
    adapter: Adapter | None
    trained: Mapping[str, Any]


@cache
def shipped_ranker() -> Ranker:
    """The ranker that comes with the program."""
    return parse_ranker((files("indexes") / "data" / "ranker.json").read_text(encoding="utf-8"), "ranker.json")


def ranker_of(home: Path) -> Ranker:
    """The ranker tuned for a home folder (`ranker.json` in it), else the one that comes with the program."""
    own = home / "ranker.json"
    if not own.is_file():
        return shipped_ranker()
    return parse_ranker(own.read_text(encoding="utf-8"), str(own))


def parse_ranker(text: str, name: str) -> Ranker:
    """Read a file of weights; StoreError for an unknown key, a missing feature or a matrix of another shape."""
    try:
        data = json.loads(text)
        _only(data, _KEYS, name)
        if data["format"] != FORMAT or set(data["ways"]) != set(WAYS):
            raise StoreError(f"{name} 不是共治的排序权重（{FORMAT}）。请用 gongzhi tune ranker 生成。")
        ways = {way: _weights(given, f"{name} {way}") for way, given in data["ways"].items()}
        return Ranker(ways, _adapter(data["adapter"], name), data["trained"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{name} 不是完整的排序权重（{error}）。请用 gongzhi tune ranker 重新生成。") from error


def written(ranker: Ranker) -> str:
    """The text of the file: one line a feature, numbers rounded to what can matter."""
    adapter = ranker.adapter
    data = {
        "format": FORMAT,
        "trained": dict(ranker.trained),
        "ways": {
            way: {
                name: [round(float(value), 5) for value in (one.mean[at], one.scale[at], one.weight[at])]
                for at, name in enumerate(FEATURES)
            }
            for way, one in ranker.ways.items()
        },
        "adapter": None
        if adapter is None
        else {
            "embedder": adapter.embedder,
            "left": _rounded(adapter.left.T),
            "right": _rounded(adapter.right),
            "shift": _rounded(adapter.shift),
        },
    }
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return _rows_on_lines(text) + "\n"


def _rows_on_lines(text: str) -> str:
    """JSON in which each list of numbers stands on one line."""
    import re

    return re.sub(r"\[\s+(?=-?\d)[^\]]*\]", lambda found: " ".join(found.group().split()), text)


def _rounded(rows: Array) -> Any:
    return np.round(rows.astype(np.float64), 5).tolist()


def _weights(given: Mapping[str, Sequence[float]], name: str) -> Weights:
    _only(given, frozenset(FEATURES), name)
    rows = np.array([given[feature] for feature in FEATURES], np.float32)
    return Weights(rows[:, 0], rows[:, 1], rows[:, 2])


def _adapter(given: Mapping[str, Any] | None, name: str) -> Adapter | None:
    if given is None:
        return None
    _only(given, frozenset({"embedder", "left", "right", "shift"}), name)
    left, right = np.array(given["left"], np.float32).T, np.array(given["right"], np.float32)
    shift = np.array(given["shift"], np.float32)
    if left.shape != right.T.shape or shift.shape != left.shape[:1]:
        raise StoreError(f"{name} 中矩阵的大小不一致。请用 gongzhi tune ranker 重新生成。")
    return Adapter(str(given["embedder"]), left, right, shift)


def _only(given: Mapping[str, Any], allowed: frozenset[str], name: str) -> None:
    unknown = sorted(set(given) - allowed)
    if unknown:
        raise StoreError(f"{name}：不认识的键 {'、'.join(unknown)}。请用 gongzhi tune ranker 重新生成。")
