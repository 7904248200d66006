"""The catalogue: documents, passages, texts and laws in SQLite; what is written here is kept.

A transaction of the catalogue is the commit mark. Words and vectors are filled from it afterwards,
so a process killed at any moment leaves nothing that the next one cannot finish.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from indexes.database import migrate, open_engine, speaking
from indexes.likes import Link, link, links_of, without_sketch
from indexes.rows import (
    Entry,
    Found,
    LawRow,
    Progress,
    Work,
    details_of,
    document_of,
    entry_of,
    found_of,
    found_query,
)
from indexes.sight import Sight
from indexes.tables import documents, laws, passages, settings, texts
from indexes.text import search_text, text_hash
from ingestion.document import Document, Kind, Passage
from ingestion.duplicates import Sketch, sketch

CHUNK = 500  # SQLite's limit on bound values is far above, its planner's comfort is not


class Catalogue:
    """The one place where documents are kept; safe for several processes and threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with speaking(path):
            self._engine = open_engine(path)
            migrate(self._engine, path)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with speaking(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: all of it is kept, or nothing."""
        with speaking(self.path), self._engine.execution_options(write=True).begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One moment of the catalogue, for those that keep tables of their own in it."""
        with self._read() as connection:
            yield connection

    @contextmanager
    def sight(self) -> Iterator[Sight]:
        """What a search asks, at one moment."""
        with self._read() as connection:
            yield Sight(connection)

    # -- documents ---------------------------------------------------------------------------------

    def add(
        self,
        document: Document,
        parts: Sequence[Passage],
        *,
        path: str,
        case: str | None = None,
        office: str | None = None,
        rank: int = 0,
        law: LawRow | None = None,
        sketch: Sketch | None = None,
    ) -> bool:
        """Keep a document with its passages; False, and nothing written, if its bytes are known.

        With its sketch it is linked with the documents that it is like.
        """
        with self.writing() as connection:
            added = add_document(
                connection, document, parts, path=path, case=case, office=office, rank=rank, law=law
            )
            if added and sketch is not None:
                link(connection, document.id, document.text, sketch, path)
            return added

    def has(self, document_id: str) -> bool:
        """Whether these bytes are known."""
        with self._read() as connection:
            query = sa.select(documents.c.id).where(documents.c.id == document_id)
            return connection.execute(query).first() is not None

    def known(self) -> frozenset[str]:
        """The ids of all documents."""
        with self._read() as connection:
            return frozenset(connection.scalars(sa.select(documents.c.id)))

    def document(self, document_id: str) -> Document | None:
        """The document as it was read; a unique beginning of the id (6 characters or more) will do."""
        with self._read() as connection:
            row = _row_by_id(connection, document_id)
        return None if row is None else document_of(row)

    def text_of(self, document_id: str) -> str | None:
        """The canonical text, into which every span of the document counts."""
        with self._read() as connection:
            query = sa.select(documents.c.text).where(documents.c.id == document_id)
            return connection.execute(query).scalar()

    def added_at(self, document_id: str) -> str | None:
        """When a document was added (ISO, UTC); None for one that is not there."""
        with self._read() as connection:
            return connection.execute(sa.select(documents.c.added_at).where(documents.c.id == document_id)).scalar()

    def entries(
        self, *, case: str | None = None, kind: Kind | None = None, laws_too: bool = True
    ) -> list[Entry]:
        """The documents, newest last, with how far their words and vectors have come, and what they are like."""
        with self._read() as connection:
            rows = connection.execute(_entries_query(case, kind, laws_too)).all()
            ids = None if case is None and kind is None else [row.id for row in rows]
            links = links_of(connection, ids)
            return [entry_of(row, links.get(row.id, ())) for row in rows]

    def links(self, ids: Sequence[str]) -> dict[str, tuple[Link, ...]]:
        """What each of these documents is like, the most alike first; those that are like none are left out."""
        with self._read() as connection:
            return links_of(connection, ids)

    def link_old(self) -> int:
        """Link the documents that were added before links were kept; how many there were."""
        with self._read() as connection:
            waiting = without_sketch(connection)
        for document_id in waiting:
            with self.writing() as connection:
                row = _row_by_id(connection, document_id)
                if row is not None:  # not removed meanwhile
                    link(connection, document_id, row.text, sketch(row.text), row.path)
        return len(waiting)

    def remove(self, ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Forget documents at once; (removed, missing). The index lets go of their texts afterwards."""
        removed: list[str] = []
        missing: list[str] = []
        with self.writing() as connection:
            for given in ids:
                row = _row_by_id(connection, given)
                if row is None:
                    missing.append(given)
                    continue
                connection.execute(documents.delete().where(documents.c.id == row.id))
                removed.append(row.id)
        return removed, missing

    # -- passages ----------------------------------------------------------------------------------

    def passages(self, document_id: str, article: str | None = None) -> list[Found]:
        """The passages of a document in reading order, or those of one article."""
        query = found_query().where(passages.c.document_id == document_id).order_by(passages.c.start)
        if article is not None:
            query = query.where(passages.c.article == article)
        with self._read() as connection:
            return [found_of(row) for row in connection.execute(query)]

    def case_text_ids(self, case: str) -> list[int]:
        """The texts of a case."""
        with self.sight() as sight:
            return sight.case_text_ids(case)

    # -- laws --------------------------------------------------------------------------------------

    def laws(self) -> list[LawRow]:
        """All versions of all laws."""
        with self.sight() as sight:
            return sight.laws()

    def articles_per_law(self) -> list[tuple[str, str | None, str, int]]:
        """(name, version, source, number of numbered articles) of every version of every law."""
        query = (
            sa.select(laws.c.name, laws.c.version, laws.c.source, sa.func.count(passages.c.article.distinct()))
            .outerjoin(
                passages, (passages.c.document_id == laws.c.document_id) & passages.c.article.like("第%条%")
            )
            .group_by(laws.c.document_id)
            .order_by(laws.c.name, laws.c.version)
        )
        with self._read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def set_law_dates(self, dates: dict[str, tuple[str | None, str | None, str]]) -> None:
        """Write from when and until when each version (by document id) is in force, and what that rests on."""
        with self.writing() as connection:
            for document_id, (start, end, basis) in dates.items():
                connection.execute(
                    laws.update()
                    .where(laws.c.document_id == document_id)
                    .values(in_force_from=start, in_force_to=end, basis=basis)
                )
            stamp = insert(settings).values(name="law_dates", value=datetime.now(UTC).isoformat())
            connection.execute(stamp.on_conflict_do_update(["name"], set_={"value": stamp.excluded.value}))

    def labels(self, document_id: str) -> list[str]:
        """The labels of the articles of a law, in order."""
        query = (
            sa.select(passages.c.article)
            .where(passages.c.document_id == document_id, passages.c.article.is_not(None))
            .order_by(passages.c.start)
        )
        with self._read() as connection:
            return list(dict.fromkeys(connection.scalars(query)))

    def first_in_line(self, law_names: Iterable[str]) -> None:
        """Let the articles of these laws be embedded before those of the others."""
        names = list(law_names)
        wanted = (
            sa.select(passages.c.text_id)
            .join(laws, laws.c.document_id == passages.c.document_id)
            .where(laws.c.name.in_(names))
        )
        with self.writing() as connection:
            connection.execute(
                texts.update().where(texts.c.rank > 1, texts.c.vector == 0, texts.c.id.in_(wanted)).values(rank=1)
            )

    # -- what the index has still to do ------------------------------------------------------------

    def without_words(self, limit: int) -> list[Work]:
        """Texts that cannot be found by their words yet."""
        return self._work(texts.c.words == 0, limit)

    def without_vector(self, limit: int, *, highest_rank: int | None = None) -> list[Work]:
        """Texts that cannot be found by meaning yet, the most wanted first."""
        condition = texts.c.vector == 0
        if highest_rank is not None:
            condition = condition & (texts.c.rank <= highest_rank)
        return self._work(condition, limit)

    def _work(self, condition: sa.ColumnElement[bool], limit: int) -> list[Work]:
        chosen = (
            sa.select(texts.c.id, texts.c.hash, texts.c.kind, texts.c.rank)
            .where(condition, sa.exists().where(passages.c.text_id == texts.c.id))
            .order_by(texts.c.rank, texts.c.id.desc())
            .limit(limit)
            .subquery()
        )
        holders = passages.alias()
        one = sa.select(sa.func.min(holders.c.id)).where(holders.c.text_id == chosen.c.id).scalar_subquery()
        query = (
            sa.select(chosen.c.id, chosen.c.hash, chosen.c.kind, passages.c.headings, passages.c.text)
            .select_from(chosen)
            .join(passages, passages.c.id == one)
            .order_by(chosen.c.rank, chosen.c.id.desc())
        )
        with self._read() as connection:
            return [
                Work(row.id, row.hash, row.kind, search_text(tuple(json.loads(row.headings)), row.text))
                for row in connection.execute(query)
            ]

    def mark(self, text_ids: Sequence[int], *, words: bool | None = None, vector: bool | None = None) -> None:
        """Note that the index holds (or no longer holds) the words or vectors of these texts."""
        values = {
            name: int(value) for name, value in (("words", words), ("vector", vector)) if value is not None
        }
        with self.writing() as connection:
            for start in range(0, len(text_ids), CHUNK):
                part = text_ids[start : start + CHUNK]
                connection.execute(texts.update().where(texts.c.id.in_(part)).values(**values))

    def take_orphans(self) -> list[Work]:
        """Texts that no passage holds any more, marked as not indexed so that a late re-add is refilled."""
        lonely = ~sa.exists().where(passages.c.text_id == texts.c.id)
        with self.writing() as connection:
            rows = connection.execute(sa.select(texts.c.id, texts.c.hash, texts.c.kind).where(lonely)).all()
            for start in range(0, len(rows), CHUNK):
                part = [row.id for row in rows[start : start + CHUNK]]
                connection.execute(texts.update().where(texts.c.id.in_(part)).values(words=0, vector=0))
        return [Work(row.id, row.hash, row.kind, "") for row in rows]

    def drop_orphans(self, text_ids: Sequence[int]) -> None:
        """Forget texts that the index has let go of, unless a passage holds them again."""
        lonely = ~sa.exists().where(passages.c.text_id == texts.c.id)
        with self.writing() as connection:
            for start in range(0, len(text_ids), CHUNK):
                part = text_ids[start : start + CHUNK]
                connection.execute(texts.delete().where(texts.c.id.in_(part), lonely))

    def forget_index(self) -> None:
        """Mark all texts as not indexed and let go of the embedder, so that everything is filled anew."""
        with self.writing() as connection:
            connection.execute(texts.update().values(words=0, vector=0))
            connection.execute(settings.delete().where(settings.c.name == "embedder"))

    def progress(self) -> Progress:
        """How far words and vectors have come."""
        total = sa.select(sa.func.count()).select_from(texts)
        counts = (total, total.where(texts.c.words == 0), total.where(texts.c.vector == 0))
        with self._read() as connection:
            row = connection.execute(sa.select(*(one.scalar_subquery() for one in counts))).one()
        count, wordless, vectorless = row
        return Progress(count, count - wordless, count - vectorless)

    # -- small settings that belong to the data ----------------------------------------------------

    def get(self, name: str) -> str | None:
        """A remembered value, such as the embedder that filled the vectors."""
        with self._read() as connection:
            query = sa.select(settings.c.value).where(settings.c.name == name)
            return connection.execute(query).scalar()

    def put(self, name: str, value: str) -> None:
        """Remember a value."""
        with self.writing() as connection:
            statement = insert(settings).values(name=name, value=value)
            connection.execute(statement.on_conflict_do_update(["name"], set_={"value": value}))


def add_document(
    connection: sa.Connection,
    document: Document,
    parts: Sequence[Passage],
    *,
    path: str,
    case: str | None = None,
    office: str | None = None,
    rank: int = 0,
    law: LawRow | None = None,
) -> bool:
    """Write a document in the transaction of `connection`; False if its bytes are known."""
    statement = insert(documents).values(
        id=document.id,
        path=path,
        kind=document.kind,
        subtype=document.subtype,
        title=document.title,
        case_id=case,
        office=office,
        added_at=datetime.now(UTC).isoformat(timespec="microseconds"),
        text=document.text,
        details=details_of(document),
    )
    if connection.execute(statement.on_conflict_do_nothing()).rowcount == 0:
        return False
    _add_passages(connection, document, parts, rank)
    if law is not None:
        connection.execute(laws.insert().values(**asdict(law)))
    return True


def _add_passages(connection: sa.Connection, document: Document, parts: Sequence[Passage], rank: int) -> None:
    if not parts:
        return
    hashes = [text_hash(search_text(part.headings, part.text)) for part in parts]
    rows = [
        {"hash": hash_, "kind": document.kind, "words": 0, "vector": 0, "rank": rank}
        for hash_ in dict.fromkeys(hashes)
    ]
    connection.execute(insert(texts).on_conflict_do_nothing(), rows)
    ids: dict[str, int] = {}
    distinct = list(dict.fromkeys(hashes))
    for start in range(0, len(distinct), CHUNK):
        query = sa.select(texts.c.hash, texts.c.id).where(
            texts.c.kind == document.kind, texts.c.hash.in_(distinct[start : start + CHUNK])
        )
        ids.update({row.hash: row.id for row in connection.execute(query)})
    connection.execute(
        passages.insert(),
        [
            {
                "document_id": document.id,
                "start": part.start,
                "end": part.end,
                "headings": json.dumps(part.headings, ensure_ascii=False),
                "article": part.article,
                "confidence": part.confidence,
                "text": part.text,
                "text_id": ids[hash_],
            }
            for part, hash_ in zip(parts, hashes, strict=True)
        ],
    )


def _row_by_id(connection: sa.Connection, given: str) -> Any:
    row = connection.execute(sa.select(documents).where(documents.c.id == given)).first()
    if row is not None or len(given) < 6:
        return row
    near = connection.execute(
        sa.select(documents).where(documents.c.id.startswith(given, autoescape=True)).limit(2)
    ).all()
    return near[0] if len(near) == 1 else None


def _entries_query(case: str | None, kind: Kind | None, laws_too: bool) -> Any:
    totals = (
        sa.select(
            passages.c.document_id.label("document_id"),
            sa.func.min(texts.c.words).label("words"),
            sa.func.min(texts.c.vector).label("vector"),
        )
        .join(texts, texts.c.id == passages.c.text_id)
        .group_by(passages.c.document_id)
        .subquery()
    )
    columns = [column for column in documents.c if column.name not in ("text", "details")]
    query = (
        sa.select(*columns, totals.c.words, totals.c.vector)
        .outerjoin(totals, totals.c.document_id == documents.c.id)
        .order_by(documents.c.added_at)
    )
    if case is not None:
        query = query.where(documents.c.case_id == case)
    if kind is not None:
        query = query.where(documents.c.kind == kind)
    if not laws_too:
        query = query.where(~sa.exists().where(laws.c.document_id == documents.c.id))
    return query
