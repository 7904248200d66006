"""Several rankings become one by reciprocal rank.

Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet and individual rank learning
methods, SIGIR 2009. The constant 60 is theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def reciprocal_rank(rankings: Iterable[Array], count: int, constant: int = 60) -> tuple[Array, Array]:
    """(items, scores) best first, of items 0 to `count`; a score is the sum of 1 / (constant + rank from 1).

    Each ranking lists items once, best first; of equal ones the lower number comes first.

    >>> reciprocal_rank([np.array([0, 1]), np.array([1, 2])], 3)[0].tolist()
    [1, 0, 2]
    """
    scores = np.zeros(count)
    for ranking in rankings:
        scores[ranking] += 1.0 / (constant + np.arange(1, len(ranking) + 1))
    order = np.argsort(-scores, kind="stable")
    return order, scores[order]
