"""The law book: the laws of the catalogue by name, article and date."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indexes.catalogue import Catalogue
from indexes.hit import LawStatus
from indexes.law_knowledge import Amendment, Repeal, name_key
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
from ingestion.document import Passage


@dataclass(frozen=True)
class _Shelf:
    """What the catalogue held when it was last looked at."""

    stamp: tuple[int, str]
    by_name: Mapping[str, tuple[LawVersion, ...]]
    by_document: Mapping[str, LawVersion]


class LawBook:
    """Looks laws up in the catalogue; sees at once what any process has loaded or removed."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._shelf = _Shelf((-1, ""), {}, {})
        self._eligible: dict[tuple[date, bool], frozenset[str]] = {}
        self._statuses: dict[tuple[str, str, date], LawStatus] = {}

    # -- what is there -----------------------------------------------------------------------------

    def versions(self, name: str) -> Sequence[LawVersion]:
        """All texts of the law of this name (with or without 中华人民共和国)."""
        return self._look().by_name.get(name_key(name), ())

    def article_passages(self, document_id: str, label: str) -> Sequence[Passage]:
        """The passages of one article, in order."""
        return [found.passage for found in self._catalogue.passages(document_id, label)]

    def labels(self, document_id: str) -> Sequence[str]:
        """The labels of all articles of a text."""
        return self._catalogue.labels(document_id)

    def text(self, document_id: str) -> str:
        """The canonical text of a version."""
        return self._catalogue.text_of(document_id) or ""

    def law_of(self, document_id: str) -> str | None:
        """The name of the law whose version this document is; None for other documents.

        As of the last look at the catalogue (`eligible`, `find`, `versions` look): it is asked for every
        candidate of a search.
        """
        version = self._shelf.by_document.get(document_id)
        return None if version is None else version.name

    def version_of(self, document_id: str) -> str | None:
        """The ISO date of a version, as of the last look."""
        version = self._shelf.by_document.get(document_id)
        return str(version.version) if version is not None and version.version is not None else None

    # -- on a date ---------------------------------------------------------------------------------

    def find(self, law: str, article: str, on: date) -> Found:
        """An article on a day: what a citation of it is worth, in which version, its passages."""
        return find_article(self, law, article, on)

    def status(self, document_id: str, article: str, on: date) -> LawStatus:
        """What a citation of an article of this version is worth on a day, as of the last look."""
        shelf = self._shelf
        key = (name_key(shelf.by_document[document_id].name), article, on)
        if key not in self._statuses:
            versions = shelf.by_name[key[0]]
            texts = self._catalogue.article_texts([one.document_id for one in versions], article)
            self._statuses[key], _, _ = status_on(canonical_article(article), texts, versions, on)
        return self._statuses[key]

    def eligible(self, on: date, *, only_in_force: bool = False) -> frozenset[str]:
        """For each law the one text to search on a day: the one in force, else (marked by its status) the nearest."""
        shelf = self._look()
        key = (on, only_in_force)
        if key not in self._eligible:
            chosen = (_nearest(texts, on, only_in_force) for texts in shelf.by_name.values())
            self._eligible[key] = frozenset(one.document_id for one in chosen if one is not None)
        return self._eligible[key]

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

    def _look(self) -> _Shelf:
        stamp = self._catalogue.law_generation()
        if stamp != self._shelf.stamp:
            groups: dict[str, list[LawVersion]] = {}
            versions = [_version(row) for row in self._catalogue.laws()]
            for version in versions:
                groups.setdefault(name_key(version.name), []).append(version)
            by_name = {key: tuple(group) for key, group in groups.items()}
            self._eligible, self._statuses = {}, {}
            self._shelf = _Shelf(stamp, by_name, {one.document_id: one for one in versions})
        return self._shelf


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
