"""Articles of law that a search names, put in the order that was learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indexes.features import MOST_MEANING, MOST_WORDS, Ranked, rows
from indexes.hit import FoundBy
from indexes.lawtexts import LawTexts, Unit
from indexes.ranker import Ranker

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Candidates:
    """Articles with their row of features, shape (n, features)."""

    units: tuple[Unit, ...]
    rows: Array


@dataclass(frozen=True)
class Named:
    """What one ranking names, in its order, a column each: units by their code, the passages that stand for them,
    the rows of these among the texts of laws (-1: of none), scores.
    """

    code: Array
    passage: Array
    row: Array
    score: Array


@dataclass(frozen=True)
class Units:
    """The units of all rankings, numbered as they appear, each with the first passage that stood for it.

    `by` gives for each search the numbers of its units, best first, with their scores.
    """

    code: Array
    passage: Array
    row: Array
    by: Mapping[FoundBy, Ranked]


def units_of(rankings: Mapping[FoundBy, Named]) -> Units:
    """Each ranking cut to units with their best scores."""
    listed = [empty(), *rankings.values()]
    code = np.concatenate([one.code for one in listed])
    distinct, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    order = np.argsort(first)
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    first = first[order]
    ends = np.cumsum([len(one.code) for one in listed])[:-1]
    parts = zip(rankings, np.split(number[inverse], ends)[1:], strict=True)
    return Units(
        distinct[order],
        np.concatenate([one.passage for one in listed])[first],
        np.concatenate([one.row for one in listed])[first],
        {name: _best(numbers, rankings[name].score) for name, numbers in parts},
    )


def _best(numbers: Array, scores: Array) -> Ranked:
    """Each number once, where it stands first."""
    first = np.sort(np.unique(numbers, return_index=True)[1])
    return Ranked(numbers[first], scores[first])


def candidates(query: str, units: Units, texts: LawTexts) -> tuple[Array, Array] | None:
    """The numbers of the articles among the best of each search, and their features; None where there are none."""
    words = _laws(units.by.get("words"), units.row, MOST_WORDS)
    near = _laws(units.by.get("meaning"), units.row, MOST_MEANING)
    both = np.concatenate([words.places, near.places])
    if not len(both):
        return None
    wanted = both[np.sort(np.unique(both, return_index=True)[1])]
    place = np.empty(len(units.row), np.int64)
    place[wanted] = np.arange(len(wanted))
    given = (Ranked(place[one.places], one.scores) for one in (words, near))
    return wanted, rows(query, texts.articles(units.row[wanted]), *given)


def _laws(found: Ranked | None, row: Array, most: int) -> Ranked:
    if found is None:
        return Ranked(np.zeros(0, np.int64), np.zeros(0))
    law = np.flatnonzero(row[found.places] >= 0)[:most]
    return Ranked(found.places[law], found.scores[law])


def ordered(fused: Array, found: tuple[Array, Array], ranker: Ranker, way: str) -> Array:
    """`fused` with its articles in the learned order: they share among them the places that they had.

    So other documents keep their places beside the law, and a place keeps its score.
    """
    numbers, features = found
    scores = ranker.ways[way].scores(features)
    among = np.zeros(int(fused.max()) + 1, bool)
    among[numbers] = True
    again = fused.copy()
    again[among[fused]] = numbers[np.argsort(-scores, kind="stable")]
    return again


def empty() -> Named:
    """Nothing named."""
    none = np.zeros(0, np.int64)
    return Named(none, none, none, np.zeros(0))


def joined(parts: Sequence[tuple[Array, Named]]) -> Named:
    """Named parts as one, in the order of the places that stand with each."""
    order = np.argsort(np.concatenate([places for places, _ in parts]), kind="stable")
    return Named(
        *(
            np.concatenate([getattr(named, column) for _, named in parts])[order]
            for column in ("code", "passage", "row", "score")
        )
    )
