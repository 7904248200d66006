"""Articles of law that a search names, put in the order that was learned."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np

from indexes.features import MOST_MEANING, MOST_WORDS, Article, LawFacts, article_number, law_facts, rows
from indexes.hit import FoundBy
from indexes.lawbook import Shelf
from indexes.ranker import Ranker
from indexes.rows import Holder
from indexes.sight import Sight
from ingestion.document import Kind

MOST_HELD = 200_000  # texts that are remembered
MOST_SCOPES = 8  # days and kinds for which they are
Unit = tuple[str, str] | int  # (law, article), or the number of a passage
Units = Mapping[FoundBy, Mapping[Unit, float]]  # what each search names, best first, with its score


@dataclass(frozen=True)
class Candidates:
    """Articles with their row of features, shape (n, features)."""

    units: tuple[Unit, ...]
    rows: np.ndarray[Any, Any]


class FactsOfLaws:
    """The facts of the laws on a shelf, worked out once for each shelf."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, str] | None, dict[str, LawFacts]] = (None, {})

    def look(self, shelf: Shelf, sight: Sight) -> Mapping[str, LawFacts]:
        """The facts by document."""
        stamp, facts = self._kept
        if stamp != shelf.stamp:
            laws = [(one.document_id, one.name, one.level) for one in shelf.by_document.values()]
            facts = law_facts(laws, sight.law_sizes())
            self._kept = (shelf.stamp, facts)
        return facts


Held = Sequence[tuple[Unit, Holder]]  # what the passages of a text stand for


@dataclass(frozen=True)
class _Moment:
    """What was read while the laws and documents were those of `stamp`; another moment has another of these."""

    stamp: object
    ids: dict[str, int] = field(default_factory=dict)
    held: dict[Hashable, dict[int, Held]] = field(default_factory=dict)


class KnownTexts:
    """What the texts of laws stand for, remembered until a law is changed or anything is added.

    Reading it is the longest part of a search. Texts that other documents hold too are read every time:
    such a document may be removed without a trace among the laws.
    """

    def __init__(self) -> None:
        self._moment = _Moment(None)

    def ids(self, hashes: Sequence[str], kind: Kind, shelf: Shelf, sight: Sight) -> dict[str, int]:
        """As `Sight.ids_of_hashes`."""
        if kind != "regulation":
            return sight.ids_of_hashes(hashes, kind)
        known = self._look(shelf, sight).ids
        new = [hash_ for hash_ in hashes if hash_ not in known]
        if new:
            known.update(sight.ids_of_hashes(new, kind))
        return {hash_: known[hash_] for hash_ in hashes if hash_ in known}

    def held(
        self,
        text_ids: Sequence[int],
        scope: Hashable,
        units_of: Callable[[Sequence[Holder]], Held],
        shelf: Shelf,
        sight: Sight,
    ) -> dict[int, Held]:
        """What each text stands for by `units_of`, which must give the same for the same `scope`."""
        kept = self._look(shelf, sight).held.setdefault(scope, {})
        found = {text_id: kept[text_id] for text_id in text_ids if text_id in kept}
        new = sight.holders([text_id for text_id in text_ids if text_id not in found]) if len(found) < len(text_ids) else {}
        for text_id, holders in new.items():
            found[text_id] = units_of(holders)
            if all(holder.document_id in shelf.by_document for holder in holders):
                kept[text_id] = found[text_id]
        return found

    def _look(self, shelf: Shelf, sight: Sight) -> _Moment:
        """What is known of the moment of `sight`. Searches at the same time may stand at two moments: each has its own."""
        stamp = (shelf.stamp, sight.last_passage())
        moment = self._moment
        held = moment.held
        if moment.stamp != stamp or len(held) > MOST_SCOPES or sum(map(len, list(held.values()))) > MOST_HELD:
            moment = self._moment = _Moment(stamp)
        return moment


def candidates(
    query: str, units: Units, members: Mapping[Unit, Holder], facts: Mapping[str, LawFacts]
) -> Candidates | None:
    """The articles among the best of each search; None where there are none."""
    words = _best(units.get("words", {}), members, facts, MOST_WORDS)
    near = _best(units.get("meaning", {}), members, facts, MOST_MEANING)
    wanted = tuple(dict.fromkeys([*words, *near]))
    if not wanted:
        return None
    place = {unit: at for at, unit in enumerate(wanted)}
    articles = [_article(members[unit], facts) for unit in wanted]
    by_place = ({place[unit]: score for unit, score in found.items()} for found in (words, near))
    return Candidates(wanted, rows(query, articles, *by_place))


def ordered(
    fused: Sequence[tuple[Unit, float]], found: Candidates, ranker: Ranker, way: str
) -> list[tuple[Unit, float]]:
    """`fused` with its articles in the learned order: they share among them the places that they had.

    So other documents keep their places beside the law, and a place keeps its score.
    """
    scores = ranker.ways[way].scores(found.rows)
    order = iter([found.units[at] for at in np.argsort(-scores, kind="stable").tolist()])
    among = frozenset(found.units)
    return [(next(order) if unit in among else unit, score) for unit, score in fused]


def _best(
    scores: Mapping[Unit, float], members: Mapping[Unit, Holder], facts: Mapping[str, LawFacts], most: int
) -> dict[Unit, float]:
    laws = ((unit, score) for unit, score in scores.items() if members[unit].document_id in facts)
    return dict(islice(laws, most))


def _article(holder: Holder, facts: Mapping[str, LawFacts]) -> Article:
    return Article(facts[holder.document_id], article_number(holder.article or ""), holder.length)
