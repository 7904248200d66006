"""The chance of an article to apply: votes of like precedents, how often it applies, and signs in the facts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexes.fact_signs import FactSigns, Weights
from indexes.law_knowledge import name_key

ArticleKey = tuple[str, str]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

USUAL = 0.3  # what all precedents say, beside the nearest ones
LEAST, MOST = 0.002, 0.98  # no article is impossible or certain because of a few papers
VOTING = 10  # nearest precedents that vote on the offence


@dataclass(frozen=True)
class Learnt:
    """Which precedent applies which article, and which signs its facts show: rows are precedents, columns articles."""

    applies: Flags
    shows: Flags


@dataclass(frozen=True)
class Evidence:
    """What facts have in common with the precedents (`likeness` by row, 0 for those that are left out; `nearest`
    are the most similar rows with it, best first) and with the law.
    """

    nearest: Sequence[tuple[int, float]]
    likeness: npt.NDArray[np.float32]
    charged: frozenset[str]
    cited: frozenset[str]
    words: Mapping[str, float]
    signs: frozenset[str]


def learn(
    applied: Sequence[Collection[ArticleKey]], facts: Sequence[str], articles: Sequence[ArticleKey], signs: FactSigns
) -> Learnt:
    """What the precedents teach: their articles, and in whose facts the signs of an article stand."""
    column = {key: number for number, key in enumerate(articles)}
    applies = np.zeros((len(applied), len(articles)), bool)
    shows = np.zeros_like(applies)
    looked = [(number, signs.signs[label]) for (law, label), number in column.items() if _has_sign(law, label, signs)]
    for row, (keys, text) in enumerate(zip(applied, facts, strict=True)):
        applies[row, [column[key] for key in keys if key in column]] = True
        shows[row, [number for number, sign in looked if sign.search(text)]] = True
    return Learnt(applies, shows)


def chances(
    learnt: Learnt, evidence: Evidence, articles: Sequence[ArticleKey], signs: FactSigns
) -> list[tuple[ArticleKey, float]]:
    """Every article that a precedent applies or whose offence fits the facts, with its chance."""
    law = name_key(signs.law)
    offences = _offences(learnt, evidence, articles, signs)
    general = _general(learnt, evidence, articles, signs)
    found = {
        key: float(chance)
        for key, chance in zip(articles, general, strict=True)
        if not (key[0] == law and signs.offence(key[1]))
    }
    found.update({(law, label): chance for label, chance in offences.items()})
    return list(found.items())


def _general(
    learnt: Learnt, evidence: Evidence, articles: Sequence[ArticleKey], signs: FactSigns
) -> Floats:
    """Votes of the nearest and of all, then what the signs in the facts make of them (Bayes, each sign learnt)."""
    active = evidence.likeness > 0
    applies, shows = learnt.applies[active], learnt.shows[active]
    weights = np.array([alike for _, alike in evidence.nearest])
    votes = weights @ learnt.applies[[row for row, _ in evidence.nearest]] / weights.sum()
    usual = applies.mean(axis=0)
    chance = np.clip((votes + USUAL * usual) / (1 + USUAL), LEAST, MOST)
    count = applies.sum(axis=0)
    with_it = ((shows & applies).sum(axis=0) + 1) / (count + 2)
    without = ((shows & ~applies).sum(axis=0) + 1) / (len(applies) - count + 2)
    shown = np.array([label in evidence.signs for _, label in articles], bool)
    ratio = np.where(shown, with_it / without, (1 - with_it) / (1 - without))
    ratio[[not _has_sign(law, label, signs) for law, label in articles]] = 1.0
    odds = chance / (1 - chance) * ratio
    result: Floats = odds / (1 + odds)
    return result


def _offences(
    learnt: Learnt, evidence: Evidence, articles: Sequence[ArticleKey], signs: FactSigns
) -> dict[str, float]:
    weights, law = signs.weights, name_key(signs.law)
    columns = {label: number for number, (of, label) in enumerate(articles) if of == law and signs.offence(label)}
    likeness = evidence.likeness
    voters = [row for row, _ in evidence.nearest[:VOTING]]
    total = float(likeness[voters].sum()) or 1.0
    best = float(likeness.max()) or 1.0
    sums: dict[str, float] = {}
    for label in {*columns, *evidence.words, *evidence.charged, *evidence.cited}:
        if not signs.offence(label):
            continue
        score = weights.words * evidence.words.get(label, 0.0)
        score += weights.charge * (label in evidence.charged) + weights.cited * (label in evidence.cited)
        if (column := columns.get(label)) is not None:
            bearing = learnt.applies[:, column]
            score += weights.nearest * float((likeness * bearing).max()) / best
            score += weights.votes * float((likeness[voters] * bearing[voters]).sum()) / total
        sums[label] = score
    return {label: _chance(score, weights) for label, score in sums.items()}


def _chance(score: float, weights: Weights) -> float:
    return float(1 / (1 + np.exp(-weights.steep * (score - weights.even))))


def _has_sign(law: str, label: str, signs: FactSigns) -> bool:
    return label in signs.signs and law == name_key(signs.law)
