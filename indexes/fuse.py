"""Several rankings become one by reciprocal rank.

Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
methods, SIGIR 2009. The constant 60 is theirs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def reciprocal_rank(rankings: Iterable[Iterable[T]], constant: int = 60) -> list[tuple[T, float]]:
    """(item, score) best first; an item's score is the sum of 1 / (constant + its rank from 1).

    >>> reciprocal_rank([["a", "b"], ["b", "c"]])[0][0]
    'b'
    """
    scores: dict[T, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, 1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (constant + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
