"""The graph of norms: who cites which article, what rests on which law; filled from the catalogue, rebuilt at need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from indexes.bases import bases_of
from indexes.catalogue import Catalogue
from indexes.database import open_engine, speaking
from indexes.law_knowledge import name_key
from indexes.lawbook import LawBook
from indexes.library import LawVersion
from indexes.tables import bases, cites, graph_metadata, read_for_citations
from ingestion.citations import LawCitation, citations

AT_ONCE = 40  # documents in one transaction


@dataclass(frozen=True)
class Cite:
    """A citation as the graph keeps it: `text[start:end]` of a document; `within` is the citing article of a law.

    `law` is the key of the cited law's name, `name` its title as far as it is known, `article` "" for a whole law.
    """

    document_id: str
    within: str
    start: int
    end: int
    law: str
    name: str
    article: str


@dataclass(frozen=True)
class Basis:
    """A law's text that rests on another law, or explains it (`how`, `indexes/bases.py`)."""

    document_id: str
    name: str
    how: str


class Graph:
    """Citations of all documents; what was added since the last look is read before it answers."""

    def __init__(self, path: Path, catalogue: Catalogue, lawbook: LawBook) -> None:
        self.path = path
        self._catalogue = catalogue
        self._lawbook = lawbook
        with speaking(path):
            self._engine = open_engine(path)
            with self._engine.execution_options(write=True).begin() as connection:
                graph_metadata.create_all(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def waiting(self) -> list[str]:
        """The documents not read yet, and those other than laws that were read when other laws were there."""
        stamp = self._stamp()
        query = sa.select(read_for_citations.c.document_id).where(
            (read_for_citations.c.law != "") | (read_for_citations.c.stamp == stamp)
        )
        with speaking(self.path), self._engine.begin() as connection:
            done = set(connection.scalars(query))
        return sorted(self._catalogue.known() - done)

    def refresh(self, progress: Callable[[int], None] | None = None) -> int:
        """Read what waits and forget what was removed; how many documents were read."""
        waiting = self.waiting()
        self._forget()
        stamp = self._stamp()
        with self._catalogue.sight() as sight:
            laws = self._lawbook.look(sight).by_document
        for start in range(0, len(waiting), AT_ONCE):
            some = waiting[start : start + AT_ONCE]
            found = [self._read(document_id, laws.get(document_id)) for document_id in some]
            self._keep(some, found, laws, stamp)
            if progress is not None:
                progress(len(some))
        return len(waiting)

    def citing(self, law: str, article: str = "") -> list[Cite]:
        """Every citation of an article (canonical label), or of a law and all its articles where none is given."""
        query = sa.select(cites).where(cites.c.law == name_key(law)).order_by(cites.c.document_id, cites.c.start)
        if article:
            query = query.where(cites.c.article == article)
        return self._cites(query)

    def cited_in(self, document_id: str) -> list[Cite]:
        """Every citation in a document."""
        return self._cites(sa.select(cites).where(cites.c.document_id == document_id).order_by(cites.c.start))

    def resting_on(self, law: str) -> list[Basis]:
        """The texts of norms that rest on a law or explain it."""
        query = sa.select(bases).where(bases.c.law == name_key(law)).order_by(bases.c.document_id)
        with speaking(self.path), self._engine.begin() as connection:
            return [Basis(row.document_id, row.name, row.how) for row in connection.execute(query)]

    def bases_of(self, document_id: str) -> list[Basis]:
        """The laws that a norm's text rests on or explains."""
        query = sa.select(bases).where(bases.c.document_id == document_id).order_by(bases.c.name)
        with speaking(self.path), self._engine.begin() as connection:
            return [Basis(row.document_id, row.name, row.how) for row in connection.execute(query)]

    # -- filling -----------------------------------------------------------------------------------

    def _cites(self, query: sa.Select[tuple[object, ...]]) -> list[Cite]:
        with speaking(self.path), self._engine.begin() as connection:
            return [Cite(**row._mapping) for row in connection.execute(query)]

    def _stamp(self) -> str:
        with self._catalogue.sight() as sight:
            return str(sight.law_generation())

    def _forget(self) -> None:
        known = self._catalogue.known()
        with speaking(self.path), self._engine.execution_options(write=True).begin() as connection:
            gone = set(connection.scalars(sa.select(read_for_citations.c.document_id))) - known
            _clear(connection, sorted(gone))

    def _read(self, document_id: str, law: LawVersion | None) -> tuple[list[Cite], list[tuple[str, str]]]:
        """The citations of a document, and of a law's text the laws that it rests on."""
        names = self._lawbook.names()
        if law is None:
            text = self._catalogue.text_of(document_id) or ""
            return [_cite(document_id, "", 0, one) for one in citations(text, names) if one.law], []
        found: list[Cite] = []
        articles = list(_articles(self._catalogue, document_id))
        for label, start, text in articles:
            found += [_cite(document_id, label, start, one) for one in citations(text, names, law.name, label) if one.law]
        opening = "\n".join(text for _, _, text in articles[:2])
        return found, list(bases_of(law.name, law.level, opening, names))

    def _keep(
        self,
        ids: Sequence[str],
        found: Sequence[tuple[list[Cite], list[tuple[str, str]]]],
        laws: Mapping[str, LawVersion],
        stamp: str,
    ) -> None:
        with speaking(self.path), self._engine.execution_options(write=True).begin() as connection:
            _clear(connection, ids)
            rows = [asdict(cite) for some, _ in found for cite in some]
            if rows:
                connection.execute(cites.insert(), rows)
            rests = [
                {"document_id": one, "law": name_key(name), "name": name, "how": how}
                for one, (_, under) in zip(ids, found, strict=True)
                for name, how in under
            ]
            if rests:
                connection.execute(bases.insert(), rests)
            connection.execute(
                read_for_citations.insert(),
                [{"document_id": one, "law": name_key(laws[one].name) if one in laws else "", "stamp": stamp} for one in ids],
            )


def _clear(connection: sa.Connection, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), 400):
        some = ids[start : start + 400]
        for kept in (cites, bases, read_for_citations):
            connection.execute(kept.delete().where(kept.c.document_id.in_(some)))


def _articles(catalogue: Catalogue, document_id: str) -> Iterable[tuple[str, int, str]]:
    """Label, start and text of each article; the parts of a long one are one again."""
    label, start, end = "", -1, -1
    text = catalogue.text_of(document_id) or ""
    for found in catalogue.passages(document_id):
        passage = found.passage
        if start >= 0 and passage.article == label and label:
            end = passage.end
            continue
        if start >= 0:
            yield label, start, text[start:end]
        label, start, end = passage.article or "", passage.start, passage.end
    if start >= 0:
        yield label, start, text[start:end]


def _cite(document_id: str, within: str, offset: int, one: LawCitation) -> Cite:
    return Cite(document_id, within, offset + one.start, offset + one.end, name_key(one.law), one.law, one.article)
