"""What judgments and letters apply, kept in the catalogue: their facts and their articles, each with its span."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from indexes.law_knowledge import name_key
from indexes.tables import applied, documents, precedents
from ingestion.document import Kind
from ingestion.precedent import Precedent, Span

PRECEDENT_KINDS: tuple[Kind, ...] = ("case", "suggestion")


@dataclass(frozen=True)
class AppliedArticle:
    """An article that a paper applies: `text[start:end]` of that paper says so."""

    law: str
    article: str
    paragraph: int
    item: int
    start: int
    end: int


@dataclass(frozen=True)
class Known:
    """A paper that is a precedent, as the catalogue holds it."""

    document_id: str
    kind: Kind
    title: str
    facts: tuple[Span, ...]
    applied: tuple[AppliedArticle, ...]


def stamp(connection: sa.Connection) -> tuple[int, int]:
    """A value that changes whenever a document comes or goes."""
    row = connection.exec_driver_sql("SELECT COALESCE(max(rowid), 0), count(*) FROM documents").one()
    return int(row[0]), int(row[1])


def unread(connection: sa.Connection) -> list[tuple[str, Kind]]:
    """The papers that were not yet read as precedents, the oldest first."""
    query = (
        sa.select(documents.c.id, documents.c.kind)
        .outerjoin(precedents, precedents.c.document_id == documents.c.id)
        .where(documents.c.kind.in_(PRECEDENT_KINDS), precedents.c.document_id.is_(None))
        .order_by(documents.c.added_at)
    )
    return [(row.id, row.kind) for row in connection.execute(query)]


def keep(connection: sa.Connection, document_id: str, found: Precedent | None) -> None:
    """Keep what was read of a paper; one that is gone or was kept by another process is passed over."""
    there = sa.select(documents.c.id).where(documents.c.id == document_id)
    if connection.execute(there).first() is None:
        return
    facts = json.dumps(found.facts if found else ())
    statement = insert(precedents).values(document_id=document_id, facts=facts).on_conflict_do_nothing()
    if connection.execute(statement).rowcount == 0 or found is None:
        return
    rows = [
        {
            "document_id": document_id,
            "number": number,
            "law": one.law,
            "law_key": name_key(one.law),
            "article": one.article,
            "paragraph": one.paragraph,
            "item": one.item,
            "start": one.start,
            "end": one.end,
        }
        for number, one in enumerate(found.applied)
    ]
    connection.execute(applied.insert(), rows)


def known(connection: sa.Connection) -> list[Known]:
    """All precedents, those added last first."""
    query = (
        sa.select(documents.c.id, documents.c.kind, documents.c.title, precedents.c.facts)
        .join(precedents, precedents.c.document_id == documents.c.id)
        .where(precedents.c.facts != "[]")
        .order_by(documents.c.added_at.desc())
    )
    articles = _by_document(connection.execute(sa.select(applied).order_by(applied.c.document_id, applied.c.number)))
    return [
        Known(
            row.id,
            row.kind,
            row.title,
            tuple((start, end) for start, end in json.loads(row.facts)),
            tuple(articles.get(row.id, ())),
        )
        for row in connection.execute(query)
    ]


def applying(connection: sa.Connection, law: str, article: str) -> list[str]:
    """The papers that apply an article (law by any spelling of its name), the reverse of `known`."""
    query = sa.select(applied.c.document_id).distinct()
    query = query.where(applied.c.law_key == name_key(law), applied.c.article == article)
    return sorted(connection.scalars(query))


def _by_document(rows: Iterable[sa.Row[tuple[object, ...]]]) -> Mapping[str, Sequence[AppliedArticle]]:
    found: dict[str, list[AppliedArticle]] = {}
    for row in rows:
        one = AppliedArticle(row.law, row.article, row.paragraph, row.item, row.start, row.end)
        found.setdefault(row.document_id, []).append(one)
    return found
