"""Views of a document with tracked changes: as it was before them, and with the changes marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ingestion.document import Block, Change, Document

Piece = tuple[int, int, str]  # replace text[start:end] by the string


def original(document: Document) -> Document:
    """The document before its tracked changes: insertions out, deletions in. Blocks follow.

    Automatic numbers stay those of the final text; paragraphs that were deleted have none.
    """
    return _rewritten(document, _before)


def marked(document: Document) -> Document:
    """The document with its changes visible: ［增：…］ and ［删：…］."""
    return _rewritten(document, _shown)


def _before(change: Change) -> Piece:
    new = change.kind in ("insert", "move_to")
    return (change.start, change.end, "") if new else (change.start, change.start, change.text)


def _shown(change: Change) -> Piece:
    if change.kind in ("insert", "move_to"):
        return change.start, change.end, f"［增：{change.text}］"
    return change.start, change.start, f"［删：{change.text}］"


def _rewritten(document: Document, of: Callable[[Change], Piece]) -> Document:
    pieces = sorted((of(change) for change in document.changes), key=lambda piece: piece[:2])
    text, moved = _apply(document.text, pieces)
    if not document.text.endswith("\n"):
        text = text.rstrip("\n")  # what ended the line before an insertion that is out
    blocks = tuple(_moved_block(block, moved, len(text)) for block in document.blocks)
    return replace(document, text=text, blocks=blocks, fields=(), changes=())


def _apply(text: str, pieces: Sequence[Piece]) -> tuple[str, Callable[[int], int]]:
    """The new text, and where an offset of the old one stands in it."""
    out: list[str] = []
    steps: list[tuple[int, int, int]] = []  # old start, old end, new length
    at = 0
    for start, end, new in pieces:
        if start < at:  # a change inside another one is part of it
            continue
        out += [text[at:start], new]
        steps.append((start, end, len(new)))
        at = end
    out.append(text[at:])

    def moved(offset: int) -> int:
        shift = 0
        for start, end, length in steps:
            if offset < start or (offset == start and start == end):
                break
            shift += length - (min(offset, end) - start) if offset < end else length - (end - start)
        return max(0, offset + shift)

    return "".join(out), moved


def _moved_block(block: Block, moved: Callable[[int], int], longest: int) -> Block:
    start, end = (min(moved(at), longest) for at in (block.start, block.end))
    return replace(block, start=min(start, end), end=max(start, end))
