"""The index: search by words and by meaning over what the catalogue holds, law as of a date."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from threading import RLock
from typing import Any, Literal

import numpy as np

from indexes.catalogue import Catalogue
from indexes.direct import cited_articles, folded, numbers, shared
from indexes.embed import Embedder
from indexes.fill import claim
from indexes.fuse import reciprocal_rank
from indexes.hit import FoundBy, Hit, LawStatus
from indexes.keywords import Keywords
from indexes.lawbook import LawBook, Shelf
from indexes.narrow import FEW_VECTORS, FEW_WORDS, Narrowed, Narrowing, Wanted, admitted
from indexes.order import Candidates, FactsOfLaws, KnownTexts, Unit, candidates, ordered
from indexes.ranker import Ranker, shipped_ranker
from indexes.rows import Found, Holder
from indexes.sight import Sight
from indexes.store import CaseVectors, VectorStore
from indexes.turns import Turns
from indexes.vectors import Vectors
from ingestion.document import KINDS, Kind

By = Literal["words", "meaning", "both"]
Ranking = list[tuple[int, float]]  # text ids with their scores, best first
Vector = np.ndarray[Any, Any]

# Several versions and parts of one article may stand beside each other, so more is fetched than is shown.
DEPTH_PER_HIT = 12
LEAST_DEPTH = 150
LAW_DEPTH = 700  # texts: from so many the learned order picks
HEAD = 600  # characters in which the number of a document stands
QUESTIONS = 256  # whose vectors are remembered


@dataclass(frozen=True)
class Scope:
    """Where to search: kinds of documents, one case, law on a date, without some documents.

    And of one office, one year, norms of some levels alone (`indexes/narrow.py`).
    """

    kinds: tuple[Kind, ...] = KINDS
    case: str | None = None
    as_of: date | None = None
    in_force: bool = False
    exclude: frozenset[str] = frozenset()
    office: str | None = None
    year: int | None = None
    levels: tuple[str, ...] = ()

    @property
    def wanted(self) -> Wanted:
        """What a document must be."""
        return Wanted(self.office, self.year, self.levels)


@dataclass(frozen=True)
class _Leads:
    """What the indexes name before the catalogue is asked: texts by words, hashes and texts by meaning."""

    depth: int
    words: Ranking | None = None
    near: Mapping[Kind, Sequence[tuple[str, float]]] | None = None
    meaning: Ranking | None = None
    within: Collection[int] | None = None  # texts that alone count among `near`


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
        self._facts = FactsOfLaws()
        self._texts = KnownTexts()
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
            shelf = self.lawbook.look(sight)
            narrowed = self._narrowing.look(scope.wanted, shelf, sight)
            rankings = _rankings(leads, shelf, sight, self._texts)
            units, members = _units(rankings, scope, shelf, sight, self._texts, narrowed)
            fused = reciprocal_rank(list(units.values()))
            if learned:
                fused = self._ordered(query, fused, units, members, shelf, sight)
            fused = _named_first(query, fused, units, members, scope, shelf, sight, narrowed)[:k]
            found = sight.found([members[unit].passage for unit, _ in fused])
            best = [(unit, score, one) for unit, score in fused if (one := found.get(members[unit].passage))]
            status = _statuses([passage for _, _, passage in best], scope, shelf, sight)
        return [
            _hit(passage, score, _names(unit, units), shelf, status.get(passage.passage.id))
            for unit, score, passage in best
        ]

    def _ordered(
        self,
        query: str,
        fused: list[tuple[Unit, float]],
        units: Mapping[FoundBy, Mapping[Unit, float]],
        members: Mapping[Unit, Holder],
        shelf: Shelf,
        sight: Sight,
    ) -> list[tuple[Unit, float]]:
        found = candidates(query, units, members, self._facts.look(shelf, sight))
        if found is None:
            return fused
        way = "both" if len(units) > 1 else next(iter(units))
        return ordered(fused, found, self.ranker, way)

    def candidates(self, query: str, vector: Vector | None, by: By = "both") -> Candidates | None:
        """The articles of law that a search finds and what the order rests on, as tuning needs them.

        `vector` stands for the turned vector of the question; None searches by words.
        """
        scope = Scope(kinds=("regulation",))
        words = self.keywords.search(query, LAW_DEPTH, kinds=scope.kinds) if by != "meaning" else None
        near = None if vector is None else {scope.kinds[0]: self.vectors.search("regulation", vector, LAW_DEPTH)}
        with self.catalogue.sight() as sight:
            shelf = self.lawbook.look(sight)
            units, members = _units(
                _rankings(_Leads(LAW_DEPTH, words, near), shelf, sight, self._texts), scope, shelf, sight, self._texts
            )
            return candidates(query, units, members, self._facts.look(shelf, sight))

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

    def _leads(self, query: str, depth: int, scope: Scope, by: By) -> _Leads:
        """What the indexes of words and of meanings name."""
        with self.catalogue.sight() as sight:
            narrowed = self._narrowing.look(scope.wanted, self.lawbook.look(sight), sight)
            among = None if scope.case is None else sight.case_text_ids(scope.case)
            filled = sight.setting("embedder") is not None
        if narrowed is not None and among is not None:
            among, narrowed = [text_id for text_id in among if text_id in narrowed.ids], None
        words = None if by == "meaning" else self._worded(query, depth, scope.kinds, among, narrowed)
        if by == "words" or not filled:
            return _Leads(depth, words)
        vector = self._question(query)
        if among is not None:
            return _Leads(depth, words, meaning=self._nearest_among(vector, depth, among))
        near: dict[Kind, Sequence[tuple[str, float]]] = {}
        exact: Ranking = []
        for kind in scope.kinds:
            # from many texts of laws the learned order picks; of other kinds so many are never shown
            limit = LEAST_DEPTH if kind != "regulation" and depth == LAW_DEPTH else depth
            turned, ids = self._turned(kind, vector), () if narrowed is None else narrowed.texts.get(kind, ())
            if narrowed is not None and len(ids) <= FEW_VECTORS:
                exact += self._nearest_among(turned, limit, ids)
                continue
            if narrowed is not None:
                limit = narrowed.reach(limit, len(ids), self.vectors.count(kind))
            near[kind] = self.vectors.search(kind, turned, limit)
        return _Leads(depth, words, near, exact, None if narrowed is None else narrowed.ids)

    def _worded(
        self,
        query: str,
        depth: int,
        kinds: tuple[Kind, ...],
        among: Sequence[int] | None,
        narrowed: Narrowed | None,
    ) -> Ranking:
        some = None if set(kinds) >= set(KINDS) else kinds  # a filter costs half the search
        if narrowed is None:
            return self.keywords.search(query, depth, kinds=some, among=among)
        if len(narrowed.ids) <= FEW_WORDS:
            return self.keywords.search(query, depth, kinds=some, among=sorted(narrowed.ids))
        reach = narrowed.reach(depth, len(narrowed.ids), self.keywords.count())
        found = self.keywords.search(query, reach, kinds=some)
        return [pair for pair in found if pair[0] in narrowed.ids][:depth]

    def _embed(self, query: str) -> Vector:
        vector = self.embedder.embed_query(query)
        vector.flags.writeable = False  # it is shared between searches
        return vector

    def _nearest_among(self, vector: Vector, depth: int, among: Sequence[int]) -> Ranking:
        """Exact scores over a small scope, from the store: no approximate search can miss there."""

        def hashes() -> dict[int, str]:
            with self.catalogue.sight() as sight:
                return sight.hashes_of_ids(among)

        return self._cases.nearest(among, hashes, self.embedder.name, vector)[:depth] if among else []


def _rankings(leads: _Leads, shelf: Shelf, sight: Sight, known: KnownTexts) -> dict[FoundBy, Ranking]:
    rankings: dict[FoundBy, Ranking] = {}
    if leads.words is not None:
        rankings["words"] = leads.words
    if leads.near is not None:
        rankings["meaning"] = _nearest(leads, shelf, sight, known)
    elif leads.meaning is not None:
        rankings["meaning"] = leads.meaning
    return rankings


def _nearest(leads: _Leads, shelf: Shelf, sight: Sight, known: KnownTexts) -> Ranking:
    scored: Ranking = list(leads.meaning or ())
    for kind, pairs in (leads.near or {}).items():
        ids = known.ids([hash_ for hash_, _ in pairs], kind, shelf, sight) if pairs else {}
        scored += [(ids[hash_], score) for hash_, score in pairs if hash_ in ids]
    if leads.within is not None:
        scored = [pair for pair in scored if pair[0] in leads.within]
    scored.sort(key=lambda pair: (-pair[1], -pair[0]))
    return scored[: leads.depth]


def _units(
    rankings: Mapping[FoundBy, Ranking],
    scope: Scope,
    shelf: Shelf,
    sight: Sight,
    known: KnownTexts,
    narrowed: Narrowed | None = None,
) -> tuple[dict[FoundBy, dict[Unit, float]], dict[Unit, Holder]]:
    """Each ranking as units with their best scores, and for each unit the passage that stands for it."""
    text_ids = list(dict.fromkeys(text_id for ranking in rankings.values() for text_id, _ in ranking))
    day = scope.as_of or date.today()
    eligible = shelf.eligible(day, only_in_force=scope.in_force)
    key = (day, scope.in_force, scope.kinds, scope.exclude, scope.wanted)

    def units_of(holders: Iterable[Holder]) -> list[tuple[Unit, Holder]]:
        return _units_of(admitted(holders, narrowed), scope, shelf, eligible)

    by_text = known.held(text_ids, key, units_of, shelf, sight)
    members: dict[Unit, Holder] = {}
    units: dict[FoundBy, dict[Unit, float]] = {}
    for name, ranking in rankings.items():
        seen: dict[Unit, float] = {}
        for text_id, score in ranking:
            for unit, holder in by_text.get(text_id, ()):
                seen.setdefault(unit, score)
                members.setdefault(unit, holder)
        units[name] = seen
    return units, members


def _units_of(
    holders: Iterable[Holder], scope: Scope, shelf: Shelf, eligible: Collection[str]
) -> list[tuple[Unit, Holder]]:
    """The units for which the passages of one text can stand: of a law only its text for the day."""
    units: list[tuple[Unit, Holder]] = []
    for holder in holders:
        if holder.document_id in scope.exclude or holder.kind not in scope.kinds:
            continue
        law = shelf.by_document.get(holder.document_id)
        if law is None:
            units.append((holder.passage, holder))
        elif holder.document_id in eligible:
            units.append(((law.name, holder.article or ""), holder))
    return units


def _named_first(
    query: str,
    fused: list[tuple[Unit, float]],
    units: dict[FoundBy, dict[Unit, float]],
    members: dict[Unit, Holder],
    scope: Scope,
    shelf: Shelf,
    sight: Sight,
    narrowed: Narrowed | None,
) -> list[tuple[Unit, float]]:
    """`fused` behind what the question names outright; what is named becomes a unit found by citation."""
    eligible = shelf.eligible(scope.as_of or date.today(), only_in_force=scope.in_force)
    named: dict[Unit, float] = {}
    holders = admitted([*_cited(query, shelf, eligible, sight), *_numbered(query, sight)], narrowed)
    for unit, holder in _units_of(holders, scope, shelf, eligible):
        if scope.case is None and unit not in named:
            named[unit] = 1.0 / (1 + len(named))
            members[unit] = holder
    if named:
        units["citation"] = named
    return [*named.items(), *(pair for pair in fused if pair[0] not in named)]


def _cited(query: str, shelf: Shelf, eligible: Collection[str], sight: Sight) -> Iterator[Holder]:
    """The first passage of each article that the question names, in the text of its law for the day."""
    for law, label in cited_articles(query, shelf.by_name):
        for version in shelf.by_name[law]:
            if version.document_id in eligible:
                yield from sight.article_holders(version.document_id, label)[:1]


def _numbered(query: str, sight: Sight) -> Iterator[Holder]:
    """The first passage of each document whose own number the question names."""
    for number in numbers(query):
        alike = [(shared(number, folded(head)), document) for document, head in sight.heads(HEAD)]
        most = max((length for length, _ in alike), default=-1)
        for length, document in alike:
            if length == most >= 0 and (holder := sight.first_holder(document)):
                yield holder


def _statuses(best: Iterable[Found], scope: Scope, shelf: Shelf, sight: Sight) -> dict[str, LawStatus]:
    """What a citation of each article is worth, by the id of its passage."""
    articles = {
        found.passage.id: (found.passage.document_id, found.passage.article)
        for found in best
        if found.passage.article is not None and found.passage.document_id in shelf.by_document
    }
    return dict(zip(articles, shelf.statuses(list(articles.values()), scope.as_of or date.today(), sight), strict=True))


def _hit(found: Found, score: float, found_by: tuple[FoundBy, ...], shelf: Shelf, status: LawStatus | None) -> Hit:
    passage = found.passage
    if status is None:
        return Hit(passage, found.title, found.kind, score, found_by, case=found.case)
    law, version = shelf.law_of(passage.document_id), shelf.version_of(passage.document_id)
    return Hit(
        passage, found.title, found.kind, score, found_by, found.case, law=law, version=version, status=status
    )


def _names(unit: Unit, units: Mapping[FoundBy, Mapping[Unit, float]]) -> tuple[FoundBy, ...]:
    return tuple(name for name, ranking in units.items() if unit in ranking)
