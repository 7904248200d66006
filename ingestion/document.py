"""What a document is: one canonical text, and everything else as offsets into it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["case", "suggestion", "regulation", "hearing", "proposal", "other"]
KINDS: tuple[Kind, ...] = ("case", "suggestion", "regulation", "hearing", "proposal", "other")


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or table cell: `text[start:end]`, half open, in code points.

    `level` is 0 for body text and 1… for headings; `page` counts from 1 where the format has
    pages; `box` is (left, top, right, bottom) in points from the upper left corner of the page.
    `header` marks the cells of a table's header row; `time` is (from, to) in seconds of a recording.
    `confidence` (0 to 1) is that of the least certain characters where the text was recognised from a
    picture, None where it was not.
    """

    start: int
    end: int
    level: int = 0
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    header: bool = False
    time: tuple[float, float] | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class Change:
    """A tracked change; `start`/`end` give its place in the final text (empty for a deletion)."""

    kind: Literal["insert", "delete", "move_from", "move_to"]
    author: str
    date: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Hidden:
    """Text a person cannot see; it is no evidence and stands apart from the canonical text."""

    text: str
    why: str


@dataclass(frozen=True)
class Field:
    """A recognised value (案号, 文号, 被建议单位 …) and the span it was read from."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What a reader makes of the bytes of one file."""

    text: str
    blocks: tuple[Block, ...]
    changes: tuple[Change, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    notes: tuple[str, ...] = ()


# what was read already of the members of a container, by the id of their bytes
Readings = Mapping[str, Reading]
NOTHING_READ: Readings = MappingProxyType({})


@dataclass(frozen=True)
class Document:
    """A file that was read. `id` comes from its bytes, so the same bytes are the same document."""

    id: str
    kind: Kind
    subtype: str
    title: str
    text: str
    blocks: tuple[Block, ...]
    fields: tuple[Field, ...] = ()
    changes: tuple[Change, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def reading(self) -> Reading:
        """What its reader made of its bytes."""
        return Reading(self.text, self.blocks, self.changes, self.hidden, self.notes)


@dataclass(frozen=True)
class Passage:
    """A stretch of a document that is found and cited as one: `text == document.text[start:end]`.

    `headings` lead from the title down to the passage. Of a law, `article` is its label
    (第二百六十四条, 第一百三十三条之一); elsewhere it is None. `confidence` is the least of its blocks.
    """

    document_id: str
    start: int
    end: int
    text: str
    headings: tuple[str, ...] = ()
    article: str | None = None
    confidence: float | None = None

    @property
    def id(self) -> str:
        """The passage's name everywhere: `a1b2c3:120-480`."""
        return f"{self.document_id}:{self.start}-{self.end}"


def least_confidence(blocks: Iterable[Block], start: int, end: int) -> float | None:
    """The least confidence of the blocks that share characters with a span; None where none was recognised."""
    shared = (one.confidence for one in blocks if one.start < end and start < one.end)
    return min((one for one in shared if one is not None), default=None)


def document_id(data: bytes) -> str:
    """Return the identity of a document: the first 16 hex digits of the SHA-256 of its bytes."""
    return hashlib.sha256(data).hexdigest()[:16]
