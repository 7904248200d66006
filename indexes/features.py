"""What is told of each article that a search names: a row of numbers, from which its place is reckoned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from indexes.law_knowledge import name_key
from ingestion.numerals import article_key

Array = np.ndarray[Any, Any]

MOST_WORDS, MOST_MEANING = 500, 600  # articles of each search that are put in order anew
UNRANKED = 1_500.0  # the rank of what a search does not name
# what the softness of cosines and of BM25 scores is measured in, where the articles of one law are added up
_COSINE_STEP, _WORDS_STEPS = 0.01, 12

FEATURES = (
    "rank_meaning", "gap_meaning", "share_meaning", "in_meaning",
    "rank_words", "share_words", "in_words", "in_both",
    "law_weight_meaning", "law_weight_words", "law_rank", "law_best_meaning", "law_best_words",
    "neighbour", "law_size", "law_named", "is_law", "is_regulation", "is_interpretation", "is_local",
    "length", "place_in_law", "title_match",
)  # fmt: skip

# what says nothing where only one of the searches was made
SILENT: Mapping[str, frozenset[str]] = MappingProxyType({
    "words": frozenset({"rank_meaning", "gap_meaning", "share_meaning", "in_meaning", "in_words", "in_both",
                        "law_weight_meaning", "law_rank", "law_best_meaning", "neighbour"}),
    "meaning": frozenset({"rank_words", "share_words", "in_words", "in_meaning", "in_both",
                          "law_weight_words", "law_best_words"}),
    "both": frozenset(),
})  # fmt: skip


LEVELS = ("法律", "行政法规", "司法解释", "地方性法规")


class Laws(NamedTuple):
    """Of texts of laws, a column each: the number of the law (the same for all its texts), the place of its level in
    LEVELS (-1: none), how many passages the text has, in how many other titles the law is named. `titles` gives by
    the number of the law the pairs of characters that its own title is known by.
    """

    number: Array
    level: Array
    size: Array
    named: Array
    titles: tuple[frozenset[str], ...]


class Articles(NamedTuple):
    """Articles that were found, a column each: the place of their text in `laws`, their number, their length in
    characters.
    """

    laws: Laws
    text: Array
    number: Array
    length: Array


class Ranked(NamedTuple):
    """What one search names, best first: places among the articles, with scores."""

    places: Array
    scores: Array


_COMMON = re.compile(
    r"最高人民法院|最高人民检察院|全国人民代表大会常务委员会|国务院|关于|适用|审理|办理|案件|法律|若干|问题|的|规定|解释|办法|条例|实施"
)


def law_columns(laws: Sequence[tuple[str, str]], sizes: Array) -> Laws:
    """The columns of texts of laws given as (name, level); `sizes` counts the passages of each."""
    keys = [name_key(name) for name, _ in laws]
    joined = "\n".join(dict.fromkeys(keys))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    named = {key: joined.count(key) - 1 for key in numbers}
    return Laws(
        np.array([numbers[key] for key in keys], np.int64),
        np.array([LEVELS.index(level) if level in LEVELS else -1 for _, level in laws], np.int64),
        np.asarray(sizes, np.float32),
        np.array([named[key] for key in keys], np.int64),
        tuple(_pairs(_COMMON.sub("", key)) for key in numbers),
    )


@lru_cache(maxsize=16_384)
def article_number(label: str) -> int:
    """The number of an article from its label, 0 where it has none."""
    key = article_key(label) if label else None
    return 0 if key is None else key[0]


def rows(query: str, articles: Articles, words: Ranked, near: Ranked) -> Array:
    """A row of FEATURES for each article, shape (n, features); the scores of `words` are BM25, of `near` cosines."""
    laws, text, count = articles.laws, articles.text, len(articles.text)
    cosine, rank_near, in_near = _ranked(near, count, lambda last: last - 0.005)
    score, rank_words, in_words = _ranked(words, count, lambda last: last * 0.9)
    best = float(near.scores.max()) if len(near.scores) else 0.0
    top = float(words.scores.max()) if len(words.scores) else 1.0
    found, law = np.unique(laws.number[text], return_inverse=True)
    gap, share = cosine - best, score / top
    weight_near = np.exp(gap / _COSINE_STEP) * in_near
    weight_words = np.exp((score - top) / (top / _WORDS_STEPS + 0.01)) * in_words
    total_near = np.bincount(law, weights=weight_near)
    pairs = _pairs(query)
    sizes, numbers, levels = laws.size[text], articles.number.astype(np.float32), laws.level[text]
    titles = [laws.titles[number] for number in found.tolist()]
    columns: list[Any] = [
        np.log(rank_near + 3), gap, (cosine - cosine.min()) / (best - cosine.min() + 1e-6), in_near,
        np.log(rank_words + 3), share, in_words, in_near * in_words,
        _log_share(total_near)[law], _log_share(np.bincount(law, weights=weight_words))[law],
        np.log(np.argsort(np.argsort(-total_near, kind="stable")) + 2)[law],
        _best(gap, law), _best(share, law), _neighbours(gap, law, numbers),
        np.log1p(sizes), np.log1p(laws.named[text]),
        *(levels == level for level in range(len(LEVELS))),
        np.log1p(articles.length), numbers / np.maximum(1, sizes),
        np.array([len(title & pairs) / max(1, len(title)) for title in titles])[law],
    ]  # fmt: skip
    return np.stack([np.asarray(column, np.float32) for column in columns], 1)


def _ranked(found: Ranked, count: int, absent: Any) -> tuple[Array, Array, Array]:
    """Score, rank from 1 and presence of each article; what was not found stands just below the last."""
    values = found.scores
    score = np.full(count, absent(values[-1]) if len(values) else 0.0)
    rank, present = np.full(count, UNRANKED), np.zeros(count)
    score[found.places], rank[found.places], present[found.places] = values, np.arange(1, len(values) + 1), 1.0
    return score, rank, present


def _log_share(weights: Array) -> Array:
    return np.log(weights / (weights.sum() + 1e-9) + 1e-4)  # type: ignore[no-any-return]


def _best(values: Array, law: Array) -> Array:
    """The best value among the articles of the same law."""
    best = np.full(int(law.max()) + 1, -np.inf)
    np.maximum.at(best, law, values)
    return best[law]


def _neighbours(gap: Array, law: Array, numbers: Array) -> Array:
    """The better of the articles just before and just behind, where they were found."""
    keys = law.astype(np.int64) * 100_000 + numbers.astype(np.int64)
    order = np.argsort(keys, kind="stable")
    sorted_keys, lowest = keys[order], float(gap.min())
    found = np.full(len(keys), lowest)
    for step in (-1, 1):
        at = np.minimum(np.searchsorted(sorted_keys, keys + step), len(keys) - 1)
        beside = np.where(sorted_keys[at] == keys + step, gap[order[at]], lowest)
        found = np.maximum(found, beside)
    return found


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))
