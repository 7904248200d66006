"""What the catalogue gives back: entries, passages, work to do; and how rows become them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from indexes.likes import Link
from indexes.tables import documents, passages
from ingestion.document import Block, Change, Document, Field, Hidden, Kind, Passage


@dataclass(frozen=True)
class Entry:
    """A document as the catalogue lists it; `state` is read, searchable or complete."""

    id: str
    path: str
    kind: Kind
    subtype: str
    title: str
    case: str | None
    office: str | None
    added_at: str
    state: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class LawRow:
    """The dates and the origin of one version of a law; days are ISO strings.

    `says` is what its text says of other laws (amends, repeals), as JSON (`indexes/lawbook.py`).
    """

    document_id: str
    name: str
    version: str | None
    promulgated: str | None
    in_force_from: str | None
    in_force_to: str | None
    basis: str
    level: str
    issuer: str
    source: str
    says: str


@dataclass(frozen=True)
class Found:
    """A passage with what a hit needs to know of its document."""

    passage: Passage
    text_id: int
    kind: Kind
    title: str
    case: str | None
    path: str


class Holder(NamedTuple):
    """A passage that holds a text: just what ranking needs. A tuple, as every search makes hundreds."""

    text_id: int
    passage: int
    document_id: str
    article: str | None
    kind: Kind
    length: int  # characters


@dataclass(frozen=True)
class Work:
    """A text that waits for its words or its vector."""

    text_id: int
    hash: str
    kind: Kind
    search_text: str


@dataclass(frozen=True)
class Progress:
    """How many texts there are, and how many have their words and their vector."""

    texts: int
    with_words: int
    with_vector: int


def entry_of(row: Any, links: tuple[Link, ...] = ()) -> Entry:
    """An entry from a row of the listing, and what the document is like."""
    # a document without passages (an empty table, say) has nothing left to do
    state = "complete" if row.vector in (1, None) else "searchable" if row.words else "read"
    return Entry(
        row.id, row.path, row.kind, row.subtype, row.title, row.case_id, row.office, row.added_at, state, links
    )


def found_query() -> Any:
    """Passages with what a hit needs to know of their documents."""
    return sa.select(
        passages.c.id,
        passages.c.document_id,
        passages.c.start,
        passages.c.end,
        passages.c.headings,
        passages.c.article,
        passages.c.confidence,
        passages.c.text,
        passages.c.text_id,
        documents.c.kind,
        documents.c.title,
        documents.c.case_id,
        documents.c.path,
    ).join(documents, documents.c.id == passages.c.document_id)


def found_of(row: Any) -> Found:
    """A passage from a row of `found_query`."""
    passage = Passage(
        row.document_id,
        row.start,
        row.end,
        row.text,
        tuple(json.loads(row.headings)),
        row.article,
        row.confidence,
    )
    return Found(passage, row.text_id, row.kind, row.title, row.case_id, row.path)


def details_of(document: Document) -> str:
    """What readers found beside the text, as JSON."""
    return json.dumps(
        {
            "blocks": [_block_row(block) for block in document.blocks],
            "fields": [[f.name, f.value, f.start, f.end] for f in document.fields],
            "changes": [[c.kind, c.author, c.date, c.start, c.end, c.text] for c in document.changes],
            "hidden": [[h.text, h.why] for h in document.hidden],
            "notes": list(document.notes),
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _block_row(block: Block) -> list[Any]:
    """A block as a list; what few blocks have stands last, and is left out where it is wanting."""
    row = [block.start, block.end, block.level, block.page, block.box, block.header, block.time, block.confidence]
    while len(row) > 5 and (row[-1] is None or row[-1] is False):
        row.pop()
    return row


def _block(
    start: int,
    end: int,
    level: int,
    page: int | None,
    box: list[float] | None,
    header: bool = False,
    time: list[float] | None = None,
    confidence: float | None = None,
) -> Block:
    frame = (box[0], box[1], box[2], box[3]) if box else None
    return Block(start, end, level, page, frame, header, (time[0], time[1]) if time else None, confidence)


def document_of(row: Any) -> Document:
    """A document from its row."""
    details = json.loads(row.details)
    return Document(
        id=row.id,
        kind=row.kind,
        subtype=row.subtype,
        title=row.title,
        text=row.text,
        blocks=tuple(_block(*block) for block in details["blocks"]),
        fields=tuple(Field(*field) for field in details["fields"]),
        changes=tuple(Change(*change) for change in details["changes"]),
        hidden=tuple(Hidden(*hidden) for hidden in details["hidden"]),
        notes=tuple(details["notes"]),
    )
