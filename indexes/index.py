"""The index: search by words and by meaning over what the catalogue holds, law as of a date."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from functools import lru_cache, partial
from threading import RLock
from typing import Any, Literal

import numpy as np

from indexes.catalogue import Catalogue
from indexes.embed import Embedder
from indexes.fill import claim
from indexes.fuse import reciprocal_rank
from indexes.hit import Hit
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.lawtexts import LawTexts, LawTextsBook
from indexes.look import Leads, Look, Ranking, hit, named_first, statuses
from indexes.narrow import FEW_VECTORS, FEW_WORDS, Narrowed, Narrowing, Scope, Wanted
from indexes.order import Candidates, Units, candidates, ordered
from indexes.ranker import Ranker, shipped_ranker
from indexes.sight import Sight
from indexes.store import CaseVectors, VectorStore
from indexes.turns import Turns
from indexes.vectors import Vectors
from ingestion.document import KINDS, Kind

__all__ = ["By", "Index", "Scope"]

By = Literal["words", "meaning", "both"]
Array = np.ndarray[Any, Any]
Vector = Array

# Several versions and parts of one article may stand beside each other, so more is fetched than is shown.
DEPTH_PER_HIT = 12
LEAST_DEPTH = 150
LAW_DEPTH = 700  # texts: from so many the learned order picks
FILLED = 0.9  # share of the texts of laws with a vector from which the order learned with all of them is used
QUESTIONS = 256  # whose vectors are remembered


class Index:
    """Search over one home folder, from any number of threads. What it needs for meaning is opened when
    it is first used.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        keywords: Keywords,
        lawbook: LawBook,
        store: VectorStore,
        open_vectors: Any,
        open_embedder: Any,
        ranker: Ranker | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.keywords = keywords
        self.lawbook = lawbook
        self.store = store
        self._open_vectors = open_vectors
        self._open_embedder = open_embedder
        self._opening = RLock()
        # More searches at once than processors finish later, all of them; one more keeps each of these busy.
        self._turns = Turns((os.cpu_count() or 1) + 1)
        self._vectors: Vectors | None = None
        self._embedder: Embedder | None = None
        self._cases = CaseVectors(store)
        self.ranker = ranker or shipped_ranker()
        self._laws = LawTextsBook()
        self._narrowing = Narrowing()
        # an answer searches twice for one question, and a person comes back to it
        self._question = lru_cache(QUESTIONS)(self._embed)

    @property
    def vectors(self) -> Vectors:
        """The index of vectors."""
        with self._opening:
            if self._vectors is None:
                self._vectors = self._open_vectors()
            return self._vectors

    @property
    def embedder(self) -> Embedder:
        """The embedder whose vectors are searched; raises ForeignEmbedder if they are another's."""
        with self._opening:
            if self._embedder is None:
                opened: Embedder = self._open_embedder()
                if self.catalogue.get("embedder") is not None:
                    claim(self.catalogue, opened)
                self._embedder = opened
            return self._embedder

    def search(self, query: str, k: int = 10, *, scope: Scope | None = None, by: By = "both") -> list[Hit]:
        """The best `k` hits, best first.

        Versions of one article are one hit: the version in force on `scope.as_of` (today if None).
        Each ranking is cut to units (an article, a passage) before both are fused by reciprocal rank;
        articles of law then share their places in the order that was learned (`indexes/ranker.py`).
        """
        scope = scope or Scope()
        if k < 1 or not query.strip():
            return []
        with self._turns.turn():
            return self._search(query, k, scope, by)

    def _search(self, query: str, k: int, scope: Scope, by: By) -> list[Hit]:
        learned = scope.case is None and "regulation" in scope.kinds
        leads = self._leads(query, max(LAW_DEPTH if learned else LEAST_DEPTH, k * DEPTH_PER_HIT), scope, by)
        with self.catalogue.sight() as sight:  # from here on all is of one moment
            look = self._look(scope, sight)
            units = look.units(leads)
            fused, scores = reciprocal_rank([one.places for one in units.by.values()], len(units.code))
            found = candidates(query, units, look.texts) if learned and self._may_order(look.texts, units) else None
            if found is not None:
                fused = ordered(fused, found, self.ranker, "both" if len(units.by) > 1 else next(iter(units.by)))
            best = named_first(look.named(query), fused, scores, units, k)
            passages = sight.found([one.passage for one in best])
            pairs = [(one, found_) for one in best if (found_ := passages.get(one.passage)) is not None]
            status = statuses([passage for _, passage in pairs], scope, look.shelf, sight)
        return [
            hit(passage, one.score, one.found_by, look.shelf, status.get(passage.passage.id)) for one, passage in pairs
        ]

    def _may_order(self, texts: LawTexts, units: Units) -> bool:
        """Whether the learned order holds: while few laws have a vector, words and meaning together put those first."""
        return len(units.by) < 2 or self.vectors.count("regulation") >= FILLED * len(texts.ids)

    def _look(self, scope: Scope, sight: Sight) -> Look:
        shelf = self.lawbook.look(sight)
        names = partial(self.lawbook.names_at, shelf, sight)
        narrowed = self._narrowing.look(scope.wanted, shelf, sight)
        return Look(scope, shelf, sight, names, *self._laws.look(shelf, sight), narrowed)

    def candidates(self, query: str, vector: Vector | None, by: By = "both") -> Candidates | None:
        """The articles of law that a search finds and what the order rests on, as tuning needs them.

        `vector` stands for the turned vector of the question; None searches by words.
        """
        scope = Scope(kinds=("regulation",))
        lay = vector is None
        words = self.keywords.ranked(query, LAW_DEPTH, kinds=scope.kinds, lay=lay) if by != "meaning" else None
        near = None if vector is None else {scope.kinds[0]: self.vectors.ranked("regulation", vector, LAW_DEPTH)}
        with self.catalogue.sight() as sight:
            look = self._look(scope, sight)
            units = look.units(Leads(LAW_DEPTH, words, near))
            found = candidates(query, units, look.texts)
        if found is None:
            return None
        return Candidates(tuple(look.texts.unit(code) for code in units.code[found[0]].tolist()), found[1])

    def question(self, query: str) -> Vector:
        """The vector of a question, as its embedder gives it."""
        return self._question(query)

    def _turned(self, kind: Kind, vector: Vector) -> Vector:
        """Among laws a question is searched for in their language."""
        adapter = self.ranker.adapter
        if kind != "regulation" or adapter is None or adapter.embedder != self.embedder.name:
            return vector
        return adapter.turn(vector)

    def wanted(self, scope: Scope, sight: Sight) -> Collection[str] | None:
        """The documents to which office, year and levels narrow a search; None where they do not."""
        narrowed = self._narrowing.look(scope.wanted, self.lawbook.look(sight), sight)
        return None if narrowed is None else narrowed.documents

    def _leads(self, query: str, depth: int, scope: Scope, by: By) -> Leads:
        """What the indexes of words and of meanings name."""
        among, narrowed, filled = self._scoped(scope, by)
        lay = by == "words" or not filled  # beside meaning, legal words for lay ones add nothing (`indexes/data/synonyms.yaml`)
        words = None if by == "meaning" else self._worded(query, depth, scope.kinds, among, narrowed, lay)
        if by == "words" or not filled:
            return Leads(depth, words)
        vector = self._question(query)
        if among is not None:
            return Leads(depth, words, meaning=self._nearest_among(vector, depth, among))
        return self._meant(vector, depth, scope.kinds, narrowed, words)

    def _scoped(self, scope: Scope, by: By) -> tuple[Sequence[int] | None, Narrowed | None, bool]:
        """The texts of the case that is searched, if one is; else to what is narrowed; whether meanings can be asked for."""
        if by == "words" and scope.case is None and scope.wanted == Wanted():
            return None, None, False
        with self.catalogue.sight() as sight:
            narrowed = self._narrowing.look(scope.wanted, self.lawbook.look(sight), sight)
            among = None if scope.case is None else sight.case_text_ids(scope.case)
            filled = sight.setting("embedder") is not None
        if narrowed is None or among is None:
            return among, narrowed, filled
        ids = np.array(among, np.int64)
        return narrowed.kept(ids, ids)[0].tolist(), None, filled

    def _worded(
        self,
        query: str,
        depth: int,
        kinds: tuple[Kind, ...],
        among: Sequence[int] | None,
        narrowed: Narrowed | None,
        lay: bool,
    ) -> Ranking:
        some = None if set(kinds) >= set(KINDS) else kinds  # a filter costs half the search
        if narrowed is None:
            return self.keywords.ranked(query, depth, kinds=some, among=among, lay=lay)
        if narrowed.count <= FEW_WORDS:
            return self.keywords.ranked(query, depth, kinds=some, among=narrowed.ids.tolist(), lay=lay)
        reach = narrowed.reach(depth, narrowed.count, self.keywords.count())
        ids, scores = narrowed.kept(*self.keywords.ranked(query, reach, kinds=some, lay=lay))
        return ids[:depth], scores[:depth]

    def _meant(
        self, vector: Vector, depth: int, kinds: tuple[Kind, ...], narrowed: Narrowed | None, words: Ranking | None
    ) -> Leads:
        near: dict[Kind, tuple[list[str], Array]] = {}
        exact: list[Ranking] = []
        for kind in kinds:
            # from many texts of laws the learned order picks; of other kinds so many are never shown
            limit = LEAST_DEPTH if kind != "regulation" and depth == LAW_DEPTH else depth
            turned = self._turned(kind, vector)
            if narrowed is not None:
                ids = narrowed.texts.get(kind, ())
                if len(ids) <= FEW_VECTORS:
                    exact.append(self._nearest_among(turned, limit, ids))
                    continue
                limit = narrowed.reach(limit, len(ids), self.vectors.count(kind))
            near[kind] = self.vectors.ranked(kind, turned, limit)
        if not exact:
            return Leads(depth, words, near)
        numbers, scores = (np.concatenate(column) for column in zip(*exact, strict=True))
        return Leads(depth, words, near, (numbers, scores))

    def _embed(self, query: str) -> Vector:
        vector = self.embedder.embed_query(query)
        vector.flags.writeable = False  # it is shared between searches
        return vector

    def _nearest_among(self, vector: Vector, depth: int, among: Sequence[int]) -> Ranking:
        """Exact scores over a small scope, from the store: no approximate search can miss there."""

        def hashes() -> dict[int, str]:
            with self.catalogue.sight() as sight:
                return sight.hashes_of_ids(among)

        return self._cases.nearest(among, hashes, self.embedder.name, vector, depth)
