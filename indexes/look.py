"""What a search found, seen at one moment of the catalogue: texts become units, units become hits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np

from indexes.direct import cited_articles, folded, numbers, shared
from indexes.hit import FoundBy, Hit, LawStatus
from indexes.lawbook import Shelf
from indexes.lawnames import LawNames
from indexes.lawtexts import LawTexts, Unit
from indexes.narrow import Narrowed, Scope, admitted
from indexes.order import Named, Units, empty, joined, units_of
from indexes.rows import Found, Holder
from indexes.sight import Sight
from ingestion.document import Kind

Array = np.ndarray[Any, Any]
Ranking = tuple[Array, Array]  # text ids and their scores, best first

HEAD = 600  # characters in which the number of a document stands


@dataclass(frozen=True)
class Leads:
    """What the indexes name before the catalogue is asked: texts by words, hashes and texts by meaning.

    Where `near` is None, `meaning` is in its order already.
    """

    depth: int
    words: Ranking | None = None
    near: Mapping[Kind, tuple[list[str], Array]] | None = None
    meaning: Ranking | None = None


@dataclass(frozen=True)
class Look:
    """One moment of the catalogue for one search; texts in `mixed` are held by other documents too."""

    scope: Scope
    shelf: Shelf
    sight: Sight
    names: Callable[[], LawNames]
    texts: LawTexts
    mixed: frozenset[int]
    narrowed: Narrowed | None = None

    def units(self, leads: Leads) -> Units:
        """What the indexes named, as units."""
        rankings: dict[FoundBy, Ranking] = {}
        if leads.words is not None:
            rankings["words"] = leads.words
        if leads.near is not None:
            rankings["meaning"] = self._nearest(leads.near, leads.meaning, leads.depth)
        elif leads.meaning is not None:
            rankings["meaning"] = leads.meaning
        others = self._others([text_ids for text_ids, _ in rankings.values()])
        return units_of({name: self._named(*ranking, others) for name, ranking in rankings.items()})

    def _nearest(
        self, near: Mapping[Kind, tuple[list[str], Array]], exact: Ranking | None, depth: int
    ) -> Ranking:
        found = [(self._ids(kind, hashes), cosines) for kind, (hashes, cosines) in near.items()]
        if self.narrowed is not None:
            found = [self.narrowed.kept(*one) for one in found]
        found.append((np.zeros(0, np.int64), np.zeros(0)) if exact is None else exact)
        ids, scores = (np.concatenate(column) for column in zip(*found, strict=True))
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
        scope, within = self.scope, None if self.narrowed is None else self.narrowed.documents
        searched = self.texts.searched(scope.as_of or date.today(), scope.in_force, scope.exclude, within)
        wanted = searched[self.texts.document[rows]]
        rows, places = rows[wanted], at[places[wanted]]
        return places, Named(self.texts.code[rows], self.texts.passage[rows], rows, scores[places])

    def _named_others(self, text_ids: Array, scores: Array, others: Mapping[int, list[Holder]]) -> tuple[Array, Named]:
        eligible = self.shelf.eligible(self.scope.as_of or date.today(), only_in_force=self.scope.in_force)
        listed = [
            (place, self._code(unit, holder), holder.passage)
            for place, text_id in enumerate(text_ids.tolist())
            if text_id in others
            for unit, holder in _units_of(admitted(others[text_id], self.narrowed), self.scope, self.shelf, eligible)
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
        holders = admitted([*self._cited(query, eligible), *_numbered(query, self.sight)], self.narrowed)
        for unit, holder in _units_of(holders, scope, self.shelf, eligible):
            named.setdefault(self._code(unit, holder), holder.passage)
        return named

    def _cited(self, query: str, eligible: Collection[str]) -> Iterator[Holder]:
        """The first passage of each article that the question names, in the text of its law for the day."""
        for law, label in cited_articles(query, self.names):
            for version in self.shelf.by_name.get(law, ()):
                if version.document_id in eligible:
                    yield from self.sight.article_holders(version.document_id, label)[:1]


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


def named_first(named: Mapping[int, int], fused: Array, scores: Array, units: Units, k: int) -> list[_Best]:
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


def _numbered(query: str, sight: Sight) -> Iterator[Holder]:
    """The first passage of each document whose own number the question names."""
    for number in numbers(query):
        alike = [(shared(number, folded(head)), document) for document, head in sight.heads(HEAD)]
        most = max((length for length, _ in alike), default=-1)
        for length, document in alike:
            if length == most >= 0 and (holder := sight.first_holder(document)):
                yield holder


def statuses(best: Iterable[Found], scope: Scope, shelf: Shelf, sight: Sight) -> dict[str, LawStatus]:
    """What a citation of each article is worth, by the id of its passage."""
    articles = {
        found.passage.id: (found.passage.document_id, found.passage.article)
        for found in best
        if found.passage.article is not None and found.passage.document_id in shelf.by_document
    }
    return dict(zip(articles, shelf.statuses(list(articles.values()), scope.as_of or date.today(), sight), strict=True))


def hit(found: Found, score: float, found_by: tuple[FoundBy, ...], shelf: Shelf, status: LawStatus | None) -> Hit:
    """What was found, as it is shown."""
    passage = found.passage
    if status is None:
        return Hit(passage, found.title, found.kind, score, found_by, case=found.case)
    law, version = shelf.law_of(passage.document_id), shelf.version_of(passage.document_id)
    return Hit(
        passage, found.title, found.kind, score, found_by, found.case, law=law, version=version, status=status
    )


def _names(number: int, units: Units) -> tuple[FoundBy, ...]:
    return tuple(name for name, ranked in units.by.items() if number in ranked.places)
