"""Whole papers as bags of words in memory: which is like a text (cosine), which bears its words (BM25)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]

K1, B = 1.2, 0.75  # of BM25, the usual ones


@dataclass(frozen=True)
class Bag:
    """The words of a text by their numbers, each once, with how often it stands there."""

    words: Numbers
    counts: Floats


@dataclass(frozen=True)
class Vocabulary:
    """Words by number. It only grows, so a bag stays good for as long as its vocabulary is kept."""

    numbers: dict[str, int] = field(default_factory=dict)

    def bag(self, words: Sequence[str]) -> Bag:
        """A text that is kept: words not met before get numbers."""
        counts = Counter(words)
        numbers = [self.numbers.setdefault(word, len(self.numbers)) for word in counts]
        return Bag(np.asarray(numbers, np.int32), np.asarray(list(counts.values()), np.float32))

    def known(self, words: Sequence[str]) -> Bag:
        """A text that is only compared: words not met before are left out."""
        counts = {self.numbers[word]: count for word, count in Counter(words).items() if word in self.numbers}
        return Bag(np.asarray(list(counts), np.int32), np.asarray(list(counts.values()), np.float32))


@dataclass(frozen=True)
class Bags:
    """Texts in the order in which they were given; by word, the texts that hold it and what it weighs there."""

    size: int
    rarity: Floats  # by word
    first: npt.NDArray[np.int64]  # where the texts of a word begin in the two below
    texts: Numbers
    weights: Floats

    def likeness(self, asked: Bag) -> Floats:
        """The cosine between a text and each of these, which `cosines` made."""
        asked = self._held(asked)
        weights = (1 + np.log(asked.counts)) * self.rarity[asked.words]
        norm = float(np.sqrt((weights * weights).sum())) or 1.0
        return self._sums(asked.words, weights / np.float32(norm))

    def match(self, asked: Bag) -> Floats:
        """The BM25 score of each of these texts, which `bm25` made; a word that is asked twice counts once."""
        asked = self._held(asked)
        return self._sums(asked.words, np.ones(len(asked.words), np.float32))

    def _held(self, asked: Bag) -> Bag:
        held = asked.words < len(self.rarity)  # the vocabulary may have grown since
        return Bag(asked.words[held], asked.counts[held])

    def _sums(self, words: Numbers, weights: Floats) -> Floats:
        begin = self.first[words]
        many = self.first[words + 1] - begin
        # the places of all texts of all words, one word after the other
        places = np.repeat(begin - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        parts = np.repeat(weights, many) * self.weights[places]
        return np.bincount(self.texts[places], parts, minlength=self.size).astype(np.float32)


def cosines(bags: Sequence[Bag], vocabulary: Vocabulary) -> Bags:
    """Texts weighed by (1 + log tf) · log(1 + n/df) and brought to unit length."""
    texts, words, counts = _joined(bags)
    held = np.bincount(words, minlength=len(vocabulary.numbers))
    rarity = np.log1p(len(bags) / np.maximum(held, 1)).astype(np.float32)
    weights = (1 + np.log(counts)) * rarity[words]
    norms = np.sqrt(np.bincount(texts, weights * weights, minlength=len(bags)))
    return _by_word(len(bags), rarity, texts, words, (weights / norms[texts]).astype(np.float32))


def bm25(bags: Sequence[Bag], vocabulary: Vocabulary) -> Bags:
    """Texts weighed by BM25."""
    texts, words, counts = _joined(bags)
    held = np.bincount(words, minlength=len(vocabulary.numbers))
    rarity = np.log1p((len(bags) - held + 0.5) / (held + 0.5)).astype(np.float32)
    lengths = np.bincount(texts, counts, minlength=len(bags))
    spread = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if len(bags) else 1.0, 1.0))
    weights = rarity[words] * counts * (K1 + 1) / (counts + spread[texts])
    return _by_word(len(bags), rarity, texts, words, weights.astype(np.float32))


def _joined(bags: Sequence[Bag]) -> tuple[Numbers, Numbers, Floats]:
    if not bags:
        return np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32)
    texts = np.repeat(np.arange(len(bags), dtype=np.int32), [len(one.words) for one in bags])
    return texts, np.concatenate([one.words for one in bags]), np.concatenate([one.counts for one in bags])


def _by_word(size: int, rarity: Floats, texts: Numbers, words: Numbers, weights: Floats) -> Bags:
    order = np.argsort(words, kind="stable")
    first = np.searchsorted(words[order], np.arange(len(rarity) + 1))
    return Bags(size, rarity, first.astype(np.int64), texts[order], weights[order])
