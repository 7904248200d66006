"""Documents that are alike, linked in the catalogue: copies in another format, drafts of one letter.

Nothing is hidden by it: every document stays searchable. Of laws no sketches are kept: their versions are
alike by nature, and the lawbook tells them apart by date.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from indexes.tables import documents, laws, links, sketches
from ingestion.archive import SEPARATOR
from ingestion.duplicates import ESTIMATE_ERROR, LIKE_FROM, Sketch, estimates, overlap, stretches

How = Literal["text", "near"]

# Where hundreds are alike (forms of one template) each is linked to these many, not to all.
MOST_LINKS = 12
PER_BAND = 64  # documents looked up for one band, those added last first: drafts follow one another
COMPARED = 24  # texts compared in full with a new one, the most alike by their signatures
CHUNK = 500  # bound values of one statement
# One statement for all bands of a document, as in `indexes/sight.py`: forty would cost more than reading it.
_KEEP_BANDS = "INSERT OR IGNORE INTO bands (band, sketch_id) SELECT value, ? FROM json_each(?)"
_NEAR = """
SELECT document_id, signature FROM sketches WHERE id IN (
  SELECT b.sketch_id FROM json_each(?) given CROSS JOIN bands b ON b.band = given.value AND b.sketch_id >= COALESCE((
    SELECT newer.sketch_id FROM bands newer WHERE newer.band = given.value
    ORDER BY newer.sketch_id DESC LIMIT 1 OFFSET ?
  ), 0)
) ORDER BY id DESC"""


@dataclass(frozen=True)
class Link:
    """A document that another is like. `earlier`: it was there first. `likeness` is 1.0 for the same text."""

    document_id: str
    how: How
    likeness: float
    earlier: bool


def link(connection: sa.Connection, document_id: str, text: str, sketch: Sketch, path: str = "") -> None:
    """Keep the sketch of a document, and link it with those that it is like, in the transaction of `connection`.

    A document with a sketch is left as it is. A member of a container is not linked with its container
    (`path` is that of the document, where it was read).
    """
    kept = sa.select(sketches.c.id).where(sketches.c.document_id == document_id)
    if connection.execute(kept).first() is not None:
        return
    found = dict.fromkeys(_same(connection, sketch, path), 1.0)
    near = _near(connection, text, sketch, path, found)
    _keep(connection, document_id, sketch)
    rows = [
        {"later": document_id, "earlier": other, "how": how, "likeness": alike}
        for how, likes in (("text", found), ("near", near))
        for other, alike in likes.items()
    ]
    if rows:
        connection.execute(links.insert(), rows)


def without_sketch(connection: sa.Connection) -> list[str]:
    """The documents that were added before sketches were kept, the oldest first."""
    query = (
        sa.select(documents.c.id)
        .outerjoin(sketches, sketches.c.document_id == documents.c.id)
        .where(sketches.c.id.is_(None), ~sa.exists().where(laws.c.document_id == documents.c.id))
        .order_by(documents.c.added_at)
    )
    return list(connection.scalars(query))


def links_of(connection: sa.Connection, ids: Sequence[str] | None = None) -> dict[str, tuple[Link, ...]]:
    """The links of each of the documents (of all where none are named), the most alike first."""
    found: dict[str, list[Link]] = defaultdict(list)
    wanted = None if ids is None else set(ids)
    for row in _link_rows(connection, ids):
        if wanted is None or row.later in wanted:
            found[row.later].append(Link(row.earlier, row.how, row.likeness, earlier=True))
        if wanted is None or row.earlier in wanted:
            found[row.earlier].append(Link(row.later, row.how, row.likeness, earlier=False))
    return {
        one: tuple(sorted(given, key=lambda each: (each.how != "text", -each.likeness, each.document_id)))
        for one, given in found.items()
    }


def _link_rows(connection: sa.Connection, ids: Sequence[str] | None) -> Iterable[Any]:
    query = sa.select(links.c.later, links.c.earlier, links.c.how, links.c.likeness)
    if ids is None:
        return connection.execute(query).all()
    rows = {
        (row.later, row.earlier): row
        for start in range(0, len(ids), CHUNK)
        for column in (links.c.later, links.c.earlier)
        for row in connection.execute(query.where(column.in_(ids[start : start + CHUNK])))
    }
    return rows.values()


def _keep(connection: sa.Connection, document_id: str, sketch: Sketch) -> None:
    row = {"document_id": document_id, "hash": sketch.hash, "signature": sketch.signature}
    sketch_id = connection.execute(sketches.insert().values(row).returning(sketches.c.id)).scalar_one()
    connection.exec_driver_sql(_KEEP_BANDS, (sketch_id, json.dumps(sketch.bands())))


def _same(connection: sa.Connection, sketch: Sketch, path: str) -> Iterator[str]:
    """The documents with this very text, the oldest first."""
    query = (
        sa.select(documents.c.id, documents.c.path)
        .join(sketches, sketches.c.document_id == documents.c.id)
        .where(sketches.c.hash == sketch.hash)
        .order_by(sketches.c.id)
        .limit(MOST_LINKS)
    )
    for row in connection.execute(query):
        if not _inside(path, row.path):
            yield row.id


def _near(
    connection: sa.Connection, text: str, sketch: Sketch, path: str, same: Iterable[str]
) -> dict[str, float]:
    """The documents whose texts are alike, with how much, the most alike first."""
    if not sketch.signature:
        return {}
    candidates = [one for one in _candidates(connection, sketch) if one[0] not in same]
    rated = zip(estimates(sketch.signature, [signature for _, signature in candidates]), candidates, strict=True)
    likely = sorted((rate, other) for rate, (other, _) in rated if rate >= LIKE_FROM - ESTIMATE_ERROR)
    if not likely:
        return {}
    ours = stretches(text)
    found: dict[str, float] = {}
    query = sa.select(documents.c.text, documents.c.path)
    for _, other in likely[: -COMPARED - 1 : -1]:
        row = connection.execute(query.where(documents.c.id == other)).one()
        if not _inside(path, row.path) and (alike := overlap(ours, stretches(row.text))) >= LIKE_FROM:
            found[other] = round(alike, 4)
        if len(found) == MOST_LINKS:
            break
    return found


def _candidates(connection: sa.Connection, sketch: Sketch) -> list[tuple[str, bytes]]:
    """The documents that share a band with the sketch, each once, with their signatures."""
    rows = connection.exec_driver_sql(_NEAR, (json.dumps(sketch.bands()), PER_BAND - 1)).all()
    return [(row.document_id, row.signature) for row in rows]


def _inside(first: str, second: str) -> bool:
    """Whether one path is a member of the other (`FILE!/member`)."""
    return first.startswith(second + SEPARATOR) or second.startswith(first + SEPARATOR)
