"""The law book: the laws of the catalogue by name, article and date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TypeVar

from indexes.catalogue import Catalogue
from indexes.hit import LawStatus
from indexes.law_knowledge import Amendment, Repeal, law_knowledge, name_key
from indexes.lawnames import LawNames, law_titles
from indexes.library import (
    Found,
    LawVersion,
    canonical_article,
    find_article,
    settle,
    status_on,
    version_on,
)
from indexes.rows import LawRow
from indexes.sight import Sight
from ingestion.document import Passage

_Asked = tuple[str, str, date]  # key of a law's name, article, day
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

MOST_DATES = 64  # days asked about that are remembered: nearly all ask about today
MOST_STATUSES = 200_000
HEAD = 600  # characters in which the number of a text stands


@dataclass(frozen=True)
class Shelf:
    """The laws as the catalogue held them at one moment. What is worked out from them is remembered here,
    so that nothing older or newer can be mixed with it; it may be asked from many threads.
    """

    stamp: tuple[int, str]
    by_name: Mapping[str, tuple[LawVersion, ...]]
    by_document: Mapping[str, LawVersion]
    _eligible: dict[tuple[date, bool], frozenset[str]] = field(default_factory=dict, repr=False)
    _statuses: dict[_Asked, LawStatus] = field(default_factory=dict, repr=False)

    def law_of(self, document_id: str) -> str | None:
        """The name of the law whose version this document is; None for other documents."""
        version = self.by_document.get(document_id)
        return None if version is None else version.name

    def version_of(self, document_id: str) -> str | None:
        """The ISO date of a version."""
        version = self.by_document.get(document_id)
        return str(version.version) if version is not None and version.version is not None else None

    def eligible(self, on: date, *, only_in_force: bool = False) -> frozenset[str]:
        """For each law the one text to search on a day: the one in force, else (marked by its status) the nearest."""
        key = (on, only_in_force)
        found = self._eligible.get(key)
        if found is None:
            chosen = (_nearest(texts, on, only_in_force) for texts in self.by_name.values())
            found = frozenset(one.document_id for one in chosen if one is not None)
            _remember(self._eligible, MOST_DATES, {key: found})
        return found

    def statuses(self, articles: Sequence[tuple[str, str]], on: date, sight: Sight) -> list[LawStatus]:
        """What a citation of each (document of a law, article) is worth on a day, in their order.

        The texts of the articles come from `sight`, which must show the moment of this shelf.
        """
        keys = [(name_key(self.by_document[document_id].name), article, on) for document_id, article in articles]
        known = {key: status for key in keys if (status := self._statuses.get(key)) is not None}
        new = [key for key in dict.fromkeys(keys) if key not in known]
        if new:
            made = self._read_statuses(new, sight)
            _remember(self._statuses, MOST_STATUSES, made)
            known |= made
        return [known[key] for key in keys]

    def _read_statuses(self, asked: Sequence[_Asked], sight: Sight) -> dict[_Asked, LawStatus]:
        found = sight.article_texts(
            [(one.document_id, article) for name, article, _ in asked for one in self.by_name[name]]
        )
        made: dict[_Asked, LawStatus] = {}
        for name, article, on in asked:
            versions = self.by_name[name]
            places = [(one.document_id, article) for one in versions]
            texts = {place[0]: found[place] for place in places if place in found}
            made[name, article, on] = status_on(canonical_article(article), texts, versions, on)[0]
        return made


class LawBook:
    """Looks laws up in the catalogue; sees at once what any process has loaded or removed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shelf = Shelf((-1, ""), {}, {})
        self._loading = Lock()
        self._names: tuple[tuple[int, str], LawNames] = ((-1, ""), law_titles(()))

    # -- what is there -----------------------------------------------------------------------------

    def versions(self, name: str) -> Sequence[LawVersion]:
        """All texts of the law of this name (with or without 中华人民共和国)."""
        with self._catalogue.sight() as sight:
            return self.look(sight).by_name.get(name_key(name), ())

    def article_passages(self, document_id: str, label: str) -> Sequence[Passage]:
        """The passages of one article, in order."""
        return [found.passage for found in self._catalogue.passages(document_id, label)]

    def texts_of(self, wanted: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], Mapping[str, str]]:
        """For each (title of a law, label) the article's text by the document of the version, in one look."""
        with self._catalogue.sight() as sight:
            by_name = self.look(sight).by_name
            places = {key: [one.document_id for one in by_name.get(name_key(key[0]), ())] for key in wanted}
            found = sight.article_texts(
                {(document, key[1]) for key, documents in places.items() for document in documents}
            )
        return {
            key: {document: found[document, key[1]] for document in documents if (document, key[1]) in found}
            for key, documents in places.items()
        }

    def articles(self, document_id: str) -> Mapping[str, str]:
        """The text of every article of a version by its label, in order."""
        texts: dict[str, str] = {}
        for found in self._catalogue.passages(document_id):
            label = found.passage.article or ""
            texts[label] = texts.get(label, "") + found.passage.text
        return texts

    def labels(self, document_id: str) -> Sequence[str]:
        """The labels of all articles of a text."""
        return self._catalogue.labels(document_id)

    def text(self, document_id: str) -> str:
        """The canonical text of a version."""
        return self._catalogue.text_of(document_id) or ""

    def names(self) -> LawNames:
        """The names that the laws of the library, and those known to be repealed, go by."""
        with self._catalogue.sight() as sight:
            return self.names_at(self.look(sight), sight)

    def names_at(self, shelf: Shelf, sight: Sight) -> LawNames:
        """The names at the moment of a look."""
        stamp, names = self._names
        if stamp != shelf.stamp:
            titles = [version.name for versions in shelf.by_name.values() for version in versions]
            names = law_titles(titles, sight.law_heads(HEAD))
            self._names = (shelf.stamp, names)
        return names

    def repealed_by(self, name: str) -> str | None:
        """The law whose text repeals the law of this name; None where no law is known that does."""
        facts = [fact for row in self._catalogue.laws() for fact in _repeals(row)]
        by = next((fact.by for fact in (*facts, *law_knowledge().repeals) if name_key(fact.law) == name_key(name)), "")
        found = re.match(r"《((?:[^《》]|《[^《》]*》)+)》", by)
        return found[1] if found else None

    # -- on a date ---------------------------------------------------------------------------------

    def find(self, law: str, article: str, on: date) -> Found:
        """An article on a day: what a citation of it is worth, in which version, its passages."""
        return find_article(self, law, article, on)

    def look(self, sight: Sight) -> Shelf:
        """The laws as `sight` shows them; read anew only where they have changed since the last look."""
        stamp = sight.law_generation()
        shelf = self._shelf
        if shelf.stamp == stamp:
            return shelf
        with self._loading:  # twenty threads that meet a new law need not all read it
            shelf = self._shelf
            if shelf.stamp != stamp:
                shelf = self._shelf = _shelf(stamp, sight.laws())
            return shelf

    # -- after loading -----------------------------------------------------------------------------

    def settle(self) -> None:
        """Write what the texts say of each other: from when and until when each version is in force."""
        rows = self._catalogue.laws()
        amendments = [fact for row in rows for fact in _amendments(row)]
        repeals = [fact for row in rows for fact in _repeals(row)]
        settled = settle([_version(row) for row in rows], amendments, repeals)
        self._catalogue.set_law_dates(
            {
                one.document_id: (_iso(one.in_force_from), _iso(one.in_force_to), one.basis)
                for one in settled
            }
        )


def _shelf(stamp: tuple[int, str], rows: Sequence[LawRow]) -> Shelf:
    groups: dict[str, list[LawVersion]] = {}
    versions = [_version(row) for row in rows]
    for version in versions:
        groups.setdefault(name_key(version.name), []).append(version)
    by_name = {key: tuple(group) for key, group in groups.items()}
    return Shelf(stamp, by_name, {one.document_id: one for one in versions})


def _remember(memory: dict[_Key, _Value], most: int, new: Mapping[_Key, _Value]) -> None:
    """Keep what was worked out; a memory that grows too large is begun anew."""
    if len(memory) + len(new) > most:
        memory.clear()
    memory.update(new)


def says(amendments: Sequence[Amendment], repeals: Sequence[Repeal]) -> str:
    """What a text says of other laws, as the catalogue keeps it."""
    return json.dumps(
        {
            "amendments": [
                [a.law, _iso(a.version), _iso(a.in_force_from),
                 None if a.articles is None else sorted(a.articles), a.source]
                for a in amendments
            ],
            "repeals": [[r.law, _iso(r.from_date), r.by, r.source] for r in repeals],
        },
        ensure_ascii=False,
    )  # fmt: skip


def _amendments(row: LawRow) -> list[Amendment]:
    return [
        Amendment(law, date.fromisoformat(version), _day(start), None if a is None else frozenset(a), source)
        for law, version, start, a, source in json.loads(row.says)["amendments"]
    ]


def _repeals(row: LawRow) -> list[Repeal]:
    return [Repeal(law, _day(start), by, source) for law, start, by, source in json.loads(row.says)["repeals"]]


def _nearest(versions: Sequence[LawVersion], on: date, only_in_force: bool) -> LawVersion | None:
    chosen = version_on(versions, on)
    if chosen is not None or only_in_force:
        return chosen
    passed = [one for one in versions if one.version is not None and one.version <= on]
    return max(passed or versions, key=lambda one: (one.version or date.min, one.source, one.document_id))


def _version(row: LawRow) -> LawVersion:
    return LawVersion(
        document_id=row.document_id,
        name=row.name,
        version=_day(row.version),
        promulgated=_day(row.promulgated),
        in_force_from=_day(row.in_force_from),
        in_force_to=_day(row.in_force_to),
        level=row.level,
        issuer=row.issuer,
        source=row.source,
        basis=row.basis,
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
