"""The index: search by words and by meaning over what the catalogue holds, law as of a date."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice
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
from indexes.lawtexts import LawTexts, LawTextsBook, Unit
from indexes.order import Candidates, Named, Units, candidates, empty, joined, ordered, units_of
from indexes.ranker import Ranker, shipped_ranker
from indexes.rows import Found, Holder
from indexes.sight import Sight
from indexes.store import CaseVectors, VectorStore
from indexes.turns import Turns
from indexes.vectors import Vectors
from ingestion.document import KINDS, Kind

By = Literal["words", "meaning", "both"]
Array = np.ndarray[Any, Any]
Vector = Array
Ranking = tuple[Array, Array]  # text ids and their scores, best first

# Several versions and parts of one article may stand beside each other, so more is fetched than is shown.
DEPTH_PER_HIT = 12
LEAST_DEPTH = 150
LAW_DEPTH = 700  # texts: from so many the learned order picks
HEAD = 600  # characters in which the number of a document stands
QUESTIONS = 256  # whose vectors are remembered


@dataclass(frozen=True)
class Scope:
    """Where to search: kinds of documents, one case, law on a date, without some documents."""

    kinds: tuple[Kind, ...] = KINDS
    case: str | None = None
    as_of: date | None = None
    in_force: bool = False
    exclude: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Leads:
    """What the indexes name before the catalogue is asked: texts by words, hashes and texts by meaning."""

    depth: int
    words: Ranking | None = None
    near: Mapping[Kind, tuple[list[str], Array]] | None = None
    meaning: Ranking | None = None


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
            found = candidates(query, units, look.texts) if learned else None
            if found is not None:
                fused = ordered(fused, found, self.ranker, "both" if len(units.by) > 1 else next(iter(units.by)))
            best = _named_first(look.named(query), fused, scores, units, k)
            passages = sight.found([one.passage for one in best])
            pairs = [(one, found_) for one in best if (found_ := passages.get(one.passage)) is not None]
            status = _statuses([passage for _, passage in pairs], scope, look.shelf, sight)
        return [
            _hit(passage, one.score, one.found_by, look.shelf, status.get(passage.passage.id)) for one, passage in pairs
        ]

    def _look(self, scope: Scope, sight: Sight) -> _Look:
        shelf = self.lawbook.look(sight)
        return _Look(scope, shelf, sight, *self._laws.look(shelf, sight))

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
            units = look.units(_Leads(LAW_DEPTH, words, near))
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

    def _leads(self, query: str, depth: int, scope: Scope, by: By) -> _Leads:
        """What the indexes of words and of meanings name."""
        among, filled = self._scoped(scope, by)
        words: Ranking | None = None
        if by != "meaning":
            kinds = None if set(scope.kinds) >= set(KINDS) else scope.kinds  # a filter costs half the search
            # where meaning is searched too, the legal words for lay ones add nothing (`indexes/data/synonyms.yaml`)
            words = self.keywords.ranked(query, depth, kinds=kinds, among=among, lay=not filled)
        if by == "words" or not filled:
            return _Leads(depth, words)
        vector = self._question(query)
        if among is not None:
            return _Leads(depth, words, meaning=self._nearest_among(vector, depth, among))
        # from many texts of laws the learned order picks; of other kinds so many are never shown
        fewer = LEAST_DEPTH if depth == LAW_DEPTH else depth
        near = {
            kind: self.vectors.ranked(kind, self._turned(kind, vector), depth if kind == "regulation" else fewer)
            for kind in scope.kinds
        }
        return _Leads(depth, words, near)

    def _scoped(self, scope: Scope, by: By) -> tuple[Sequence[int] | None, bool]:
        """The texts of the case that is searched, if one is; and whether meanings can be asked for."""
        if by == "words" and scope.case is None:
            return None, False
        with self.catalogue.sight() as sight:
            among = None if scope.case is None else sight.case_text_ids(scope.case)
            return among, sight.setting("embedder") is not None

    def _embed(self, query: str) -> Vector:
        vector = self.embedder.embed_query(query)
        vector.flags.writeable = False  # it is shared between searches
        return vector

    def _nearest_among(self, vector: Vector, depth: int, among: Sequence[int]) -> Ranking:
        """Exact scores over a small scope, from the store: no approximate search can miss there."""

        def hashes() -> dict[int, str]:
            with self.catalogue.sight() as sight:
                return sight.hashes_of_ids(among)

        nearest = self._cases.nearest(among, hashes, self.embedder.name, vector)[:depth]
        return np.array(nearest, np.int64), np.zeros(len(nearest))


@dataclass(frozen=True)
class _Look:
    """One moment of the catalogue for one search; texts in `mixed` are held by other documents too."""

    scope: Scope
    shelf: Shelf
    sight: Sight
    texts: LawTexts
    mixed: frozenset[int]

    def units(self, leads: _Leads) -> Units:
        """What the indexes named, as units."""
        rankings: dict[FoundBy, Ranking] = {}
        if leads.words is not None:
            rankings["words"] = leads.words
        if leads.meaning is not None:
            rankings["meaning"] = leads.meaning
        elif leads.near is not None:
            rankings["meaning"] = self._nearest(leads.near, leads.depth)
        others = self._others([text_ids for text_ids, _ in rankings.values()])
        return units_of({name: self._named(*ranking, others) for name, ranking in rankings.items()})

    def _nearest(self, near: Mapping[Kind, tuple[list[str], Array]], depth: int) -> Ranking:
        ids = np.concatenate([np.zeros(0, np.int64), *(self._ids(kind, hashes) for kind, (hashes, _) in near.items())])
        scores = np.concatenate([np.zeros(0), *(cosines for _, cosines in near.values())])
        order = np.lexsort((-ids, -scores))
        order = order[ids[order] >= 0][:depth]
        return ids[order], scores[order]

    def _ids(self, kind: Kind, hashes: list[str]) -> Array:
        """The texts with these hashes, -1 where there is none."""
        known = self.texts.ids if kind == "regulation" else {}
        ids = [known.get(hash_, -1) for hash_ in hashes]
        if -1 in ids:
            read = self.sight.ids_of_hashes([hash_ for hash_ in hashes if hash_ not in known], kind)
            ids = [read.get(hash_, text_id) for hash_, text_id in zip(hashes, ids, strict=True)]
        return np.array(ids, np.int64)

    def _others(self, rankings: Sequence[Array]) -> dict[int, list[Holder]]:
        """The passages of the texts that are not of laws alone: they are read at each search."""
        found: dict[int, None] = {}
        for text_ids in rankings:
            found |= dict.fromkeys(text_ids[~self.texts.known(text_ids)].tolist())
            if self.mixed:
                found |= dict.fromkeys(text_id for text_id in text_ids.tolist() if text_id in self.mixed)
        return self.sight.holders(list(found)) if found else {}

    def _named(self, text_ids: Array, scores: Array, others: Mapping[int, list[Holder]]) -> Named:
        parts = [self._named_laws(text_ids, scores, others)]
        if others:
            parts.append(self._named_others(text_ids, scores, others))
        return joined(parts)

    def _named_laws(self, text_ids: Array, scores: Array, others: Mapping[int, list[Holder]]) -> tuple[Array, Named]:
        """Of laws only the text for the day; with the places of these texts in the ranking."""
        if "regulation" not in self.scope.kinds:
            return np.zeros(0, np.int64), empty()
        at = np.flatnonzero(self.texts.known(text_ids))
        if others:
            at = at[[text_id not in others for text_id in text_ids[at].tolist()]]
        rows, places = self.texts.rows(text_ids[at])
        scope = self.scope
        searched = self.texts.searched(scope.as_of or date.today(), scope.in_force, scope.exclude)
        wanted = searched[self.texts.document[rows]]
        rows, places = rows[wanted], at[places[wanted]]
        return places, Named(self.texts.code[rows], self.texts.passage[rows], rows, scores[places])

    def _named_others(self, text_ids: Array, scores: Array, others: Mapping[int, list[Holder]]) -> tuple[Array, Named]:
        eligible = self.shelf.eligible(self.scope.as_of or date.today(), only_in_force=self.scope.in_force)
        listed = [
            (place, self._code(unit, holder), holder.passage)
            for place, text_id in enumerate(text_ids.tolist())
            if text_id in others
            for unit, holder in _units_of(others[text_id], self.scope, self.shelf, eligible)
        ]
        places, codes, passages = np.array(listed, np.int64).reshape(-1, 3).T
        rows = [self.texts.row_of(passage) if code >= 0 else -1 for code, passage in zip(codes, passages, strict=True)]
        return places, Named(codes, passages, np.array(rows, np.int64), scores[places])

    def _code(self, unit: Unit, holder: Holder) -> int:
        return -1 - unit if isinstance(unit, int) else self.texts.code_of(holder.document_id, unit[1])

    def named(self, query: str) -> dict[int, int]:
        """The units that the question names outright, by their code, with the passage of each."""
        scope, named = self.scope, dict[int, int]()
        if scope.case is not None:
            return named
        eligible = self.shelf.eligible(scope.as_of or date.today(), only_in_force=scope.in_force)
        holders = [*_cited(query, self.shelf, eligible, self.sight), *_numbered(query, self.sight)]
        for unit, holder in _units_of(holders, scope, self.shelf, eligible):
            named.setdefault(self._code(unit, holder), holder.passage)
        return named


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


@dataclass(frozen=True)
class _Best:
    """A unit that is shown."""

    passage: int
    score: float
    found_by: tuple[FoundBy, ...]


def _named_first(named: Mapping[int, int], fused: Array, scores: Array, units: Units, k: int) -> list[_Best]:
    """The best `k`: `fused` behind what the question names outright."""
    numbers = {code: number for number in fused.tolist() if (code := int(units.code[number])) in named} if named else {}
    best = [
        _Best(passage, 1.0 / (1 + place), (*_names(numbers.get(code, -1), units), "citation"))
        for place, (code, passage) in enumerate(named.items())
    ]
    others = (at for at, number in enumerate(fused.tolist()) if int(units.code[number]) not in named)
    shown = islice(others, k)
    best += [_Best(int(units.passage[fused[at]]), float(scores[at]), _names(int(fused[at]), units)) for at in shown]
    return best[:k]


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


def _names(number: int, units: Units) -> tuple[FoundBy, ...]:
    return tuple(name for name, ranked in units.by.items() if number in ranked.places)
