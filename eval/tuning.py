"""The order of articles is learned from questions with known articles, and judged on questions held back.

Two small models (`indexes/ranker.py`): an adapter of low rank that turns a question's vector, and a weighted
sum of features. Both are fitted by gradient descent on the softmax over what a search finds (ListNet, Cao
and others, ICML 2007), stopped early. The sum is fitted and judged on questions whose vectors were turned by an adapter that had not
seen their fold, and judged on a fold that its fitting left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from indexes.features import FEATURES, SILENT
from indexes.index import By, Index
from indexes.law_knowledge import name_key
from indexes.lawtexts import Unit
from indexes.order import Candidates
from indexes.ranker import WAYS, Adapter, Ranker, Weights

Array = np.ndarray[Any, Any]
Progress = Callable[[str], None]
FOLDS = 5
RANK = 8
HARD, EASY = 240, 120  # wrong passages beside the right ones: the nearest, and any
_STEPS, _RATE, _SOFTNESS = 18, 3e-5, 0.03
_WEIGHT_STEPS, _WEIGHT_RATE, _WEIGHT_DECAY = 120, 0.1, 1e-3


@dataclass(frozen=True)
class Question:
    """A question with the (law key, article) that answer it."""

    text: str
    gold: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Example:
    """The passages that a question is to be told from: the right ones first."""

    question: Array
    passages: Array
    right: int


@dataclass(frozen=True)
class Judged:
    """Mean Recall@10, Recall@100 and MRR@10."""

    recall_10: float
    recall_100: float
    mrr_10: float

    def row(self) -> dict[str, float]:
        """The figures by their names, to three places."""
        values = (self.recall_10, self.recall_100, self.mrr_10)
        return {name: round(value, 3) for name, value in zip(("Recall@10", "Recall@100", "MRR@10"), values, strict=True)}


def read_questions(lines: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Questions from rows with `query` and `relevant` ({law, article}); KeyError where one lacks them."""
    return [
        Question(
            str(line["query"]),
            frozenset((name_key(str(one["law"])), str(one["article"])) for one in line["relevant"]),
        )
        for line in lines
    ]


def judge(questions: Sequence[Question], rankings: Sequence[Sequence[Unit]]) -> Judged:
    """How good rankings of units are."""
    rows = []
    for question, ranking in zip(questions, rankings, strict=True):
        found = list(dict.fromkeys(_key(unit) for unit in ranking))
        share = [len(question.gold & set(found[:k])) / len(question.gold) for k in (10, 100)]
        first = next((1 / rank for rank, one in enumerate(found[:10], 1) if one in question.gold), 0.0)
        rows.append((*share, first))
    return Judged(*(float(value) for value in np.mean(rows, axis=0)))


def _key(unit: Unit) -> tuple[str, str]:
    return (name_key(unit[0]), unit[1]) if isinstance(unit, tuple) else ("", "")


class Tuning:
    """Learns from questions over the laws of one index."""

    def __init__(self, index: Index, questions: Sequence[Question], progress: Progress = lambda _: None) -> None:
        self.index = index
        self.questions = questions
        self._folds = np.arange(len(questions)) % FOLDS
        self._say = progress
        self._raw = np.stack([index.question(one.text) for one in questions])
        self._examples: list[_Example | None] | None = None
        self._turned: Array | None = None
        self._finds: dict[tuple[str, bool], list[Candidates | None]] = {}

    # -- learned on all questions, judged on those held back ------------------------------------------

    def ranker(self, source: str) -> Ranker:
        """The ranker learned from all questions; what it was learned from and its held-out figures within."""
        held_out = {way: self.cross_validated(way) for way in WAYS}
        everyone = range(len(self.questions))
        ways = {way: self._weights(way, self._found(way), everyone) for way in WAYS}
        trained = {
            "questions": len(self.questions),
            "source": source,
            "date": date.today().isoformat(),
            "laws": len(self.index.catalogue.laws()),
            "held_out": {way: one.row() for way, one in held_out.items()},
        }
        return Ranker(ways, self.adapter(everyone), trained)

    def without(self, fold: int) -> Ranker:
        """The ranker learned from the questions of the other folds; that of number n is of the fold n modulo FOLDS."""
        others = np.flatnonzero(self._folds != fold)
        ways = {way: self._weights(way, self._found(way), others) for way in WAYS}
        return Ranker(ways, self.adapter(others.tolist()), {})

    def cross_validated(
        self, way: str, *, features: Sequence[str] = FEATURES, adapted: bool = True, learned: bool = True
    ) -> Judged:
        """Figures on questions that were held back; without `learned` by reciprocal rank alone."""
        found = self._found(way, adapted)
        rankings: list[Sequence[Unit]] = [()] * len(self.questions)
        for fold in range(FOLDS):
            train = np.flatnonzero(self._folds != fold)
            weights = self._weights(way, found, train, features) if learned else None
            for at in np.flatnonzero(self._folds == fold):
                rankings[at] = _order(found[at], weights)
        self._say(f"{way}：留出 {FOLDS} 折")
        return judge(self.questions, rankings)

    # -- the adapter ----------------------------------------------------------------------------------

    def adapter(self, chosen: Sequence[int] | range) -> Adapter:
        """The adapter learned from these questions."""
        examples = [one for at in chosen if (one := self._example_list()[at]) is not None]
        turn, shift = _fit_adapter(examples)
        left, size, right = np.linalg.svd(turn)
        return Adapter(self.index.embedder.name, left[:, :RANK] * size[:RANK], right[:RANK], shift)

    def _held_out_vectors(self) -> Array:
        """Each question turned by an adapter that has not seen its fold."""
        if self._turned is None:
            adapters = [self.adapter(np.flatnonzero(self._folds != fold).tolist()) for fold in range(FOLDS)]
            turned = [adapters[fold].turn(row) for fold, row in zip(self._folds, self._raw, strict=True)]
            self._turned = np.stack(turned)
        return self._turned

    def _example_list(self) -> list[_Example | None]:
        if self._examples is None:
            rng = np.random.default_rng(0)
            self._examples = [self._example(at, rng) for at in range(len(self.questions))]
        return self._examples

    def _example(self, at: int, rng: np.random.Generator) -> _Example | None:
        question, vector = self.questions[at], self._raw[at]
        right = self._right(question, vector)
        if not right:
            return None
        near = [hash_ for hash_, _ in self.index.vectors.search("regulation", vector, HARD * 3)]
        wrong = [hash_ for hash_ in near if hash_ not in right]
        further = rng.permutation(len(wrong))[:EASY].tolist() if len(wrong) > HARD else []
        taken = list(dict.fromkeys([*wrong[:HARD], *(wrong[place] for place in further)]))
        known = self.index.store.get([*right, *taken], self.index.embedder.name)
        rows = [known[hash_] for hash_ in [*right, *taken] if hash_ in known]
        return _Example(vector, np.stack(rows), len(right))

    def _right(self, question: Question, vector: Array) -> list[str]:
        """For each right article that has a vector, the hash of its passage nearest to the question."""
        chosen = []
        with self.index.catalogue.sight() as sight:
            shelf = self.index.lawbook.look(sight)
            eligible = shelf.eligible(date.today())
            for law, article in sorted(question.gold):
                documents = [one.document_id for one in shelf.by_name.get(law, ()) if one.document_id in eligible]
                held = [holder for document in documents for holder in sight.article_holders(document, article)]
                hashes = list(sight.hashes_of_ids([holder.text_id for holder in held]).values())
                known = self.index.store.get(hashes, self.index.embedder.name)
                if known:
                    chosen.append(max(known, key=lambda hash_: float(known[hash_] @ vector)))
        return list(dict.fromkeys(chosen))

    # -- the weights ----------------------------------------------------------------------------------

    def _found(self, way: str, adapted: bool = True) -> list[Candidates | None]:
        key = (way, adapted or way == "words")
        if key not in self._finds:
            by: By = "words" if way == "words" else "meaning" if way == "meaning" else "both"
            vectors: Sequence[Array | None] = [None] * len(self.questions)
            if by != "words":
                vectors = list(self._held_out_vectors() if adapted else self._raw)
            self._finds[key] = [
                self.index.candidates(question.text, vector, by)
                for question, vector in zip(self.questions, vectors, strict=True)
            ]
        return self._finds[key]

    def _weights(
        self, way: str, found: Sequence[Candidates | None], chosen: Any, features: Sequence[str] = FEATURES
    ) -> Weights:
        examples = []
        for at in chosen:
            one = found[at]
            right = [] if one is None else [_key(unit) in self.questions[at].gold for unit in one.units]
            if one is not None and any(right):
                examples.append((one.rows, np.array(right, np.float32)))
        return _fit_weights(examples, np.isin(FEATURES, sorted(set(features) - SILENT[way])))


def _order(found: Candidates | None, weights: Weights | None) -> list[Unit]:
    if found is None:
        return []
    if weights is None:
        ranks = np.exp(found.rows[:, [FEATURES.index("rank_meaning"), FEATURES.index("rank_words")]]) - 3
        scores = (1 / (60 + ranks)).sum(1)
    else:
        scores = weights.scores(found.rows)
    return [found.units[at] for at in np.argsort(-scores, kind="stable")]


def _fit_adapter(examples: Sequence[_Example]) -> tuple[Array, Array]:
    """The matrix and the shift that bring questions to their passages."""
    questions = np.stack([one.question for one in examples])
    size = questions.shape[1]
    turn, shift = np.zeros((size, size), np.float32), np.zeros(size, np.float32)
    steps = _Adam(_RATE, (turn, shift))
    for _ in range(_STEPS):
        turned = questions + questions @ turn.T + shift
        pull = np.stack([_pull(one, row) for one, row in zip(examples, turned, strict=True)])
        steps.take((pull.T @ questions / len(examples), pull.mean(0)))
    return turn, shift


def _pull(example: _Example, turned: Array) -> Array:
    """The gradient of the softmax loss by the turned vector."""
    scores = example.passages @ turned / _SOFTNESS
    chances = np.exp(scores - scores.max())
    chances /= chances.sum()
    chances[: example.right] -= 1 / example.right
    return chances @ example.passages / _SOFTNESS  # type: ignore[no-any-return]


def _fit_weights(examples: Sequence[tuple[Array, Array]], used: Array) -> Weights:
    rows = np.concatenate([one for one, _ in examples])
    mean, scale = rows.mean(0), rows.std(0)
    scale = np.where(used & (scale > 1e-4), scale, 1.0).astype(np.float32)
    rows = (rows - mean) / scale * used
    lengths = [len(one) for one, _ in examples]
    starts = np.cumsum([0, *lengths[:-1]])
    wanted = np.concatenate([right / right.sum() for _, right in examples])
    weight = np.zeros(rows.shape[1], np.float32)
    steps = _Adam(_WEIGHT_RATE, (weight,))
    for _ in range(_WEIGHT_STEPS):
        scores = rows @ weight
        chances = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        chances /= np.repeat(np.add.reduceat(chances, starts), lengths)
        steps.take((rows.T @ (chances - wanted) / len(examples) + _WEIGHT_DECAY * weight,))
    return Weights(mean, scale, weight)


class _Adam:
    """Adam (Kingma, Ba, ICLR 2015) over arrays that are changed in place."""

    def __init__(self, rate: float, values: Sequence[Array]) -> None:
        self._rate, self._values, self._count = rate, values, 0
        self._first = [np.zeros_like(value) for value in values]
        self._second = [np.zeros_like(value) for value in values]

    def take(self, gradients: Sequence[Array]) -> None:
        """One step down."""
        self._count += 1
        for value, first, second, gradient in zip(self._values, self._first, self._second, gradients, strict=True):
            first += 0.1 * (gradient - first)
            second += 0.02 * (gradient * gradient - second)
            mean, spread = first / (1 - 0.9**self._count), second / (1 - 0.98**self._count)
            value -= self._rate * mean / (np.sqrt(spread) + 1e-8)

