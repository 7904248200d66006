"""Narrowing a search to an office, a year or levels of norms: the documents and texts that it may find."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from indexes.lawbook import Shelf
from indexes.library import LawVersion
from indexes.rows import Holder
from indexes.sight import Sight
from ingestion.dates import as_date
from ingestion.document import KINDS, Kind

Array = np.ndarray[Any, Any]

# The first that a document has tells its year; its number is the less sure: a letter of January may bear that of the old year.
TELL_YEAR = ("日期", "公布日期", "案号", "文号")
_YEAR = re.compile(r"(?:19|20)\d{2}")
MOST_KEPT = 32  # narrowings that are remembered
# Up to here tantivy finds its texts by their ids; from here on it is quicker to find more and keep those within.
FEW_WORDS = 1_000
# Up to here vectors are compared one by one, as those of a case are; from here on as for words.
FEW_VECTORS = 20_000
ENOUGH = 150  # texts within that are hoped for where more are found than kept
MOST_TIMES = 10  # as many texts are found as without narrowing, at most


class Wanted(NamedTuple):
    """What documents must be: of an office, of a year, a norm of one of these levels (法律, 司法解释…)."""

    office: str | None = None
    year: int | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """Where to search: kinds of documents, one case, law on a date, without some documents.

    And of one office, one year, norms of some levels alone.
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
class Narrowed:
    """The documents that are wanted and the ids of their texts by kind, in order."""

    documents: frozenset[str]
    texts: Mapping[Kind, tuple[int, ...]]

    @cached_property
    def ids(self) -> Array:
        """The ids of all texts, in order."""
        return np.array(sorted(text_id for ids in self.texts.values() for text_id in ids), np.int64)

    @property
    def count(self) -> int:
        """How many texts there are."""
        return len(self.ids)

    def kept(self, ids: Array, scores: Array) -> tuple[Array, Array]:
        """Those of a ranking that are wanted."""
        if not len(self.ids):
            return ids[:0], scores[:0]
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        wanted = self.ids[at] == ids
        return ids[wanted], scores[wanted]

    def reach(self, limit: int, within: int, total: int) -> int:
        """How many of `total` texts to find, so that enough of the `within` wanted ones are among them."""
        return min(max(limit, ENOUGH * total // max(1, within)), limit * MOST_TIMES)


class Narrowing:
    """What narrowings were found to mean, remembered until documents or laws come; asked from many threads.

    A document that was removed since does no harm: its passages are not found any more.
    """

    def __init__(self) -> None:
        self._stamp: object = None
        self._kept: dict[Wanted, Narrowed] = {}
        self._years: dict[str, int | None] = {}  # what a document says never changes
        self._lock = Lock()

    def look(self, wanted: Wanted, shelf: Shelf, sight: Sight) -> Narrowed | None:
        """What `wanted` means at the moment of `sight`, whose laws are `shelf`; None where all is wanted."""
        if wanted == Wanted():
            return None
        with self._lock:
            stamp = (shelf.stamp, sight.last_passage())
            if stamp != self._stamp or len(self._kept) >= MOST_KEPT:
                self._stamp, self._kept = stamp, {}
            if wanted not in self._kept:
                documents = self._documents(wanted, shelf, sight)
                self._kept[wanted] = Narrowed(documents, sight.texts_of(sorted(documents)))
            return self._kept[wanted]

    def _documents(self, wanted: Wanted, shelf: Shelf, sight: Sight) -> frozenset[str]:
        laws = {key: law for key, law in shelf.by_document.items() if not wanted.levels or law.level in wanted.levels}
        if wanted.office is not None:
            found = sight.documents_of(wanted.office)
            found = found & set(laws) if wanted.levels else found
        else:
            found = frozenset(laws) if wanted.levels else sight.document_ids()
        if wanted.year is None:
            return found
        years = self._years_of([one for one in found if one not in shelf.by_document], sight)
        return frozenset(one for one in found if (years[one] if one in years else _law_year(laws[one])) == wanted.year)

    def _years_of(self, documents: Sequence[str], sight: Sight) -> Mapping[str, int | None]:
        new = [one for one in documents if one not in self._years]
        self._years |= {one: year_of(fields) for one, fields in sight.fields_of(new).items()}
        return {one: self._years.get(one) for one in documents}


def admitted(holders: Iterable[Holder], narrowed: Narrowed | None) -> Iterable[Holder]:
    """The passages whose documents are wanted."""
    return holders if narrowed is None else [one for one in holders if one.document_id in narrowed.documents]


def year_of(fields: Collection[tuple[str, str]]) -> int | None:
    """The year that the (name, value) fields of a document tell; None where none does."""
    for wanted in TELL_YEAR:
        for name, value in fields:
            day = as_date(value) if name == wanted else None
            year = _YEAR.search(value) if name == wanted else None
            if day or year:
                return day.year if day else int(year[0]) if year else None
    return None


def _law_year(law: LawVersion) -> int | None:
    day: date | None = law.version or law.promulgated or law.in_force_from
    return None if day is None else day.year
