"""The index: search by words and by meaning over what the catalogue holds, law as of a date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

import numpy as np

from indexes.catalogue import Catalogue
from indexes.embed import Embedder
from indexes.fill import claim
from indexes.fuse import reciprocal_rank
from indexes.hit import FoundBy, Hit
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.rows import Found, Holder
from indexes.store import VectorStore
from indexes.vectors import Vectors
from ingestion.document import KINDS, Kind

By = Literal["words", "meaning", "both"]
Ranking = list[int]  # text ids, best first
Unit = tuple[str, str] | int  # (law, article), or the number of a passage

# Several versions and parts of one article may stand beside each other, so more is fetched than is shown.
DEPTH_PER_HIT = 12
LEAST_DEPTH = 150


@dataclass(frozen=True)
class Scope:
    """Where to search: kinds of documents, one case, law on a date, without some documents."""

    kinds: tuple[Kind, ...] = KINDS
    case: str | None = None
    as_of: date | None = None
    in_force: bool = False
    exclude: frozenset[str] = frozenset()


class Index:
    """Search over one home folder. What it needs for meaning is opened when it is first used."""

    def __init__(
        self,
        catalogue: Catalogue,
        keywords: Keywords,
        lawbook: LawBook,
        store: VectorStore,
        open_vectors: Any,
        open_embedder: Any,
    ) -> None:
        self.catalogue = catalogue
        self.keywords = keywords
        self.lawbook = lawbook
        self.store = store
        self._open_vectors = open_vectors
        self._open_embedder = open_embedder

    @cached_property
    def vectors(self) -> Vectors:
        """The index of vectors."""
        opened: Vectors = self._open_vectors()
        return opened

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder whose vectors are searched; raises ForeignEmbedder if they are another's."""
        opened: Embedder = self._open_embedder()
        if self.catalogue.get("embedder") is not None:
            claim(self.catalogue, opened)
        return opened

    def search(self, query: str, k: int = 10, *, scope: Scope | None = None, by: By = "both") -> list[Hit]:
        """The best `k` hits, best first.

        Versions of one article are one hit: the version in force on `scope.as_of` (today if None).
        Each ranking is cut to units (an article, a passage) before both are fused by reciprocal rank.
        """
        scope = scope or Scope()
        if k < 1 or not query.strip():
            return []
        rankings = self._rankings(query, max(LEAST_DEPTH, k * DEPTH_PER_HIT), scope, by)
        units, members = self._units(rankings, scope)
        fused = reciprocal_rank(list(units.values()))[:k]
        found = self.catalogue.found([members[unit].passage for unit, _ in fused])
        return [
            self._hit(found[members[unit].passage], score, _names(unit, units), scope)
            for unit, score in fused
            if members[unit].passage in found
        ]

    def _rankings(self, query: str, depth: int, scope: Scope, by: By) -> dict[FoundBy, Ranking]:
        among = None if scope.case is None else self.catalogue.case_text_ids(scope.case)
        rankings: dict[FoundBy, Ranking] = {}
        if by != "meaning":
            hits = self.keywords.search(query, depth, kinds=scope.kinds, among=among)
            rankings["words"] = [text_id for text_id, _ in hits]
        if by != "words" and self.catalogue.get("embedder") is not None:
            vector = self.embedder.embed_query(query)
            if among is None:
                rankings["meaning"] = self._nearest(vector, depth, scope.kinds)
            else:
                rankings["meaning"] = self._nearest_among(vector, depth, among)
        return rankings

    def _nearest(self, vector: np.ndarray[Any, Any], depth: int, kinds: Iterable[Kind]) -> Ranking:
        scored: list[tuple[float, int]] = []
        for kind in kinds:
            pairs = self.vectors.search(kind, vector, depth)
            ids = self.catalogue.ids_of_hashes([hash_ for hash_, _ in pairs], kind)
            scored += [(score, ids[hash_]) for hash_, score in pairs if hash_ in ids]
        scored.sort(reverse=True)
        return [text_id for _, text_id in scored[:depth]]

    def _nearest_among(self, vector: np.ndarray[Any, Any], depth: int, among: Sequence[int]) -> Ranking:
        """Exact scores over a small scope, from the store: no approximate search can miss there."""
        hashes = self.catalogue.hashes_of_ids(among)
        rows = self.store.get(list(hashes.values()), self.embedder.name)
        ids = [text_id for text_id, hash_ in hashes.items() if hash_ in rows]
        if not ids:
            return []
        scores = np.stack([rows[hashes[text_id]] for text_id in ids]) @ vector
        return [ids[number] for number in np.argsort(-scores)[:depth]]

    def _units(
        self, rankings: Mapping[FoundBy, Ranking], scope: Scope
    ) -> tuple[dict[FoundBy, list[Unit]], dict[Unit, Holder]]:
        """Each ranking as units, and for each unit the passage that stands for it."""
        everything = list(dict.fromkeys(text_id for ranking in rankings.values() for text_id in ranking))
        by_text: dict[int, list[Holder]] = {}
        for holder in self.catalogue.holders(everything):
            if holder.document_id not in scope.exclude and holder.kind in scope.kinds:
                by_text.setdefault(holder.text_id, []).append(holder)
        eligible = self.lawbook.eligible(scope.as_of or date.today(), only_in_force=scope.in_force)
        members: dict[Unit, Holder] = {}
        units: dict[FoundBy, list[Unit]] = {}
        for name, ranking in rankings.items():
            seen: dict[Unit, None] = {}
            for text_id in ranking:
                for holder in by_text.get(text_id, ()):
                    unit = self._unit(holder, eligible)
                    if unit is not None:
                        seen.setdefault(unit)
                        members.setdefault(unit, holder)
            units[name] = list(seen)
        return units, members

    def _unit(self, holder: Holder, eligible: Collection[str]) -> Unit | None:
        law = self.lawbook.law_of(holder.document_id)
        if law is None:
            return holder.passage
        return (law, holder.article or "") if holder.document_id in eligible else None

    def _hit(self, found: Found, score: float, found_by: tuple[FoundBy, ...], scope: Scope) -> Hit:
        passage = found.passage
        law = self.lawbook.law_of(passage.document_id)
        if law is None or passage.article is None:
            return Hit(passage, found.title, found.kind, score, found_by, case=found.case)
        on = scope.as_of or date.today()
        return Hit(
            passage,
            found.title,
            found.kind,
            score,
            found_by,
            case=found.case,
            law=law,
            version=self.lawbook.version_of(passage.document_id),
            status=self.lawbook.status(passage.document_id, passage.article, on),
        )


def _names(unit: Unit, units: Mapping[FoundBy, Sequence[Unit]]) -> tuple[FoundBy, ...]:
    return tuple(name for name, ranking in units.items() if unit in ranking)


