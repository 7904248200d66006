"""How like the examples of an issue type a passage reads: learnt from the knowledge files when they are loaded.

Kernel ridge regression over two views of a passage (its vector, its words), closed form, no randomness:
Saunders, Gammerman and Vovk, Ridge Regression Learning Algorithm in Dual Variables (1998). Vectors of the
embedder lie close together, so they are centred on the mean of the examples before they are compared.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.sentences import sentences
from prompts.examples import ExampleFile

Matrix = npt.NDArray[np.float32]
Words = Callable[[str], Sequence[str]]
Embed = Callable[[Sequence[str]], Matrix]
Span = tuple[int, int]

# [D] chosen on the dev parts of eval/suites/issues
RIDGE = 1.0
MEANING = 0.4  # the share of the vectors in likeness; the rest is that of the words
LONGEST = 350  # characters of a passage that is judged as a whole
SHORTEST = 15  # characters of a stretch that is quoted: a title shows nothing


@dataclass(frozen=True)
class Resemblance:
    """A stretch of a passage that reads like an issue type; `strength` is 1 where it does so just enough."""

    issue: str
    start: int
    end: int
    strength: float


@dataclass(frozen=True)
class Thresholds:
    """From where a passage tells of a gap at all (examples that show one were given 1, others -1), and from
    where it reads like a type: half for the whole passage, half for its best stretch.
    """

    gap: float
    like: float


@dataclass(frozen=True)
class Likeness:
    """A judge of passages: which issue types they read like. Made by `learn`."""

    types: tuple[str, ...]
    _duals: Matrix  # (examples, types + 1): the last column is for a gap of any kind
    _bias: Matrix  # (types + 1,)
    _centre: Matrix  # (dimensions,)
    _vectors: Matrix  # (examples, dimensions), centred, unit length
    _bags: tuple[Mapping[str, float], ...]
    _rarity: Mapping[str, float]
    _words: Words
    _embed: Embed
    _from: Thresholds

    def scores(self, passages: Sequence[str]) -> Matrix:
        """How like each type each passage reads, and in the last column whether it tells of a gap at all.

        Shape (passages, types + 1); about 0 for not at all, 1 for as the examples do.
        """
        if not passages:
            return np.zeros((0, len(self.types) + 1), dtype=np.float32)
        vectors = _centred(self._embed(passages), self._centre)
        bags = [_bag(self._words(passage), self._rarity) for passage in passages]
        kernel = _kernel(vectors, bags, self._vectors, self._bags)
        scores: Matrix = kernel @ self._duals + self._bias
        return scores

    def resemblances(self, text: str) -> list[Resemblance]:
        """The stretches of a text that read like an issue type, with offsets into it, in their order.

        A passage is judged whole first; only where it tells of a gap, its sentences are looked at.
        """
        passages = list(_passages(sentences(text)))
        whole = self.scores([_between(text, spans) for spans in passages])
        found: list[Resemblance] = []
        for spans, scores in zip(passages, whole, strict=True):
            if scores[-1] >= self._from.gap:
                found += self._within(text, spans, scores)
        return found

    def _within(self, text: str, spans: Sequence[Span], whole: Matrix) -> Iterator[Resemblance]:
        runs = (spans[at : at + size] for size in (1, 2, 3) for at in range(len(spans) - size + 1))
        stretches = [run for run in runs if run[-1][1] - run[0][0] >= SHORTEST] or [spans]
        parts = self.scores([_between(text, stretch) for stretch in stretches])
        # a passage of three sentences at most is among its own stretches
        best = np.maximum(parts[:, :-1].max(axis=0), whole[:-1])
        joint = (best + whole[:-1]) / 2
        for number in np.flatnonzero(joint >= self._from.like):
            stretch = stretches[int(parts[:, number].argmax())]
            strength = round(float(joint[number]) / self._from.like, 4)
            yield Resemblance(self.types[number], stretch[0][0], stretch[-1][1], strength)


def learn(
    files: Iterable[ExampleFile], words: Words, embed: Embed, thresholds: Thresholds, kept: Embed | None = None
) -> Likeness:
    """The judge that the examples teach. Raises ValueError where there is no example at all.

    `kept` embeds the examples where their vectors are kept between runs; passages are embedded by `embed`.
    """
    texts, labels = _examples(files)
    if not texts:
        raise ValueError("no examples")
    types = tuple(sorted({label for label in labels if label}))
    targets = np.array(
        [[*(float(label == type_) for type_ in types), 1.0 if label else -1.0] for label in labels], dtype=np.float32
    )
    given = (kept or embed)(texts)
    centre: Matrix = given.mean(axis=0)
    vectors = _centred(given, centre)
    cut = [words(text) for text in texts]
    rarity = _rarity(cut)
    bags = tuple(_bag(one, rarity) for one in cut)
    bias: Matrix = targets.mean(axis=0)
    kernel = _kernel(vectors, bags, vectors, bags)
    duals = np.linalg.solve(kernel + RIDGE * np.eye(len(texts), dtype=np.float32), targets - bias)
    return Likeness(types, duals.astype(np.float32), bias, centre, vectors, bags, rarity, words, embed, thresholds)


def _passages(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Sentences that follow one another, grouped to at most LONGEST characters."""
    group: list[Span] = []
    for span in spans:
        if group and span[1] - group[0][0] > LONGEST:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _between(text: str, spans: Sequence[Span]) -> str:
    return text[spans[0][0] : spans[-1][1]]


def _examples(files: Iterable[ExampleFile]) -> tuple[list[str], list[str]]:
    """Passages with the issue type that each shows, "" for none."""
    texts: list[str] = []
    labels: list[str] = []
    for file in files:
        for one in file.issues:
            texts += [*one.show, *one.unlike]
            labels += [*[one.issue] * len(one.show), *[""] * len(one.unlike)]
        texts += file.none
        labels += [""] * len(file.none)
    return texts, labels


def _centred(vectors: Matrix, centre: Matrix) -> Matrix:
    moved = vectors - centre
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    unit: Matrix = moved / np.maximum(length, 1e-6)
    return unit


def _rarity(cut: Sequence[Sequence[str]]) -> dict[str, float]:
    """How rare each word is among the examples (inverse document frequency)."""
    counts = Counter(word for words in cut for word in set(words))
    return {word: math.log((1 + len(cut)) / (1 + count)) + 1 for word, count in counts.items()}


def _bag(words: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    """The known words of a passage with their weights, unit length."""
    bag = {word: (1 + math.log(count)) * rarity[word] for word, count in Counter(words).items() if word in rarity}
    length = math.sqrt(sum(weight * weight for weight in bag.values())) or 1.0
    return {word: weight / length for word, weight in bag.items()}


def _kernel(
    vectors: Matrix, bags: Sequence[Mapping[str, float]], known: Matrix, known_bags: Sequence[Mapping[str, float]]
) -> Matrix:
    """The likeness of passages to examples, (passages, examples)."""
    shared = _dense(bags, known_bags)
    kernel: Matrix = MEANING * (vectors @ known.T) + (1 - MEANING) * shared
    return kernel.astype(np.float32)


def _dense(bags: Sequence[Mapping[str, float]], known: Sequence[Mapping[str, float]]) -> Matrix:
    """Cosines of bags of words, (bags, known)."""
    columns = {word: number for number, word in enumerate(sorted({word for bag in known for word in bag}))}

    def rows(given: Sequence[Mapping[str, float]]) -> npt.NDArray[Any]:
        table = np.zeros((len(given), len(columns)), dtype=np.float32)
        for number, bag in enumerate(given):
            for word, weight in bag.items():
                if word in columns:
                    table[number, columns[word]] = weight
        return table

    cosines: Matrix = rows(bags) @ rows(known).T
    return cosines
