"""Tracked changes of a Word file find their place in the final text, separators of lines and cells among them."""

from __future__ import annotations

from itertools import groupby

from ingestion.document import Hidden
from ingestion.pieces import GONE, Edit, Mark, Piece, Walk


def note_pieces(walk: Walk, pieces: list[Piece], at: int) -> None:
    """Note the changes and the hidden texts of a paragraph whose final text begins at `at`."""
    for piece in pieces:
        if piece.mark is not None and not piece.why:
            add_change(walk.changes, piece.mark, at, piece.text)
        if piece.is_final:
            at += len(piece.text)
    _note_unseen(walk, pieces)


def _note_unseen(walk: Walk, pieces: list[Piece]) -> None:
    """Keep what nobody sees; neighbours of one reason are one text."""
    unseen = [piece for piece in pieces if piece.why and piece.text.strip()]
    for why, group in groupby(unseen, key=lambda piece: piece.why):
        walk.hidden.append(Hidden("".join(piece.text for piece in group), why))


def add_change(changes: list[Edit], mark: Mark, at: int, text: str) -> None:
    """Add a tracked change, or lengthen the last one where the same hand went on."""
    if not text:
        return
    end = at if mark[0] in GONE else at + len(text)
    last = changes[-1] if changes else None
    if last and last.mark == mark and last.end == at:
        last.end = end
        last.parts.append(text)
    else:
        changes.append(Edit(mark, at, end, [text]))


def carry_on(walk: Walk, pieces: list[Piece]) -> None:
    """Carry the pieces of a paragraph whose end is gone on into the next one."""
    walk.carried += pieces
    walk.carries_text |= any(piece.text and not piece.is_gone for piece in pieces)


def take_carried(walk: Walk) -> list[Piece]:
    """Return what was carried on; nothing is carried on any more."""
    taken, walk.carried, walk.carries_text = walk.carried, [], False
    return taken


def carry_emptied(walk: Walk, pieces: list[Piece], end: Piece) -> bool:
    """Carry a paragraph on into the next one if all that stood in it was deleted; return whether it was.

    It leaves no empty line behind: its line end goes with its text, unless that line end is itself new.
    """
    gone = [piece for piece in pieces if piece.is_gone and piece.text]
    if not gone or walk.anchored or walk.carries_text:
        return False
    if any(piece.text and not piece.is_gone for piece in pieces):
        return False
    carry_on(walk, gone if end.mark is not None else [*gone, Piece("\n", gone[-1].mark)])
    return True


def defer(walk: Walk, pieces: list[Piece]) -> None:
    """Keep the deletions of a paragraph that leaves no text, for where the next text begins."""
    place = walk.pen.place()[1]
    for piece in pieces:
        if piece.mark is None or piece.why or not piece.is_gone or not piece.text:
            continue
        last = walk.late[-1] if walk.late else None
        if last is not None and (last[0], last[2]) == (piece.mark, place):
            walk.late[-1] = (piece.mark, last[1] + piece.text, place)
        else:
            walk.late.append((piece.mark, piece.text, place))
    _note_unseen(walk, pieces)


def settle_separators(walk: Walk, before: int, start: int) -> Mark | None:
    """Note the changes among the separators just written from `before` to `start`.

    Returns the tracked change that made the last of them, if one did.
    """
    made = {at: (mark, sign) for mark, at, sign in walk.new_lines if before + at < start}
    width = start - before
    events = [(at, 1, mark, sign) for at, (mark, sign) in made.items()]
    events += [(min(at, width), 0, mark, text) for mark, text, at in walk.late]
    walk.new_lines, walk.late = [], []
    for at, _, mark, text in sorted(events, key=lambda event: event[:2]):
        add_change(walk.changes, mark, before + at, text)
    return made[width - 1][0] if width - 1 in made else None


def settle_end(walk: Walk) -> None:
    """Note what was deleted behind the last word, with the line ends that parted it from there."""
    late, walk.late = walk.late, []
    at = 0
    for index, (mark, text, place) in enumerate(late):
        lines = "\n" * (place - at)
        at = max(at, place)
        is_last = index == len(late) - 1
        add_change(
            walk.changes, mark, walk.pen.length, lines + (text.removesuffix("\n") if is_last else text)
        )


def tab_end(walk: Walk, since: tuple[int, int], mark: Mark | None) -> None:
    """End a table cell that began at `since`: the tab behind it belongs to the change that made the cell."""
    walk.pen.end_cell(since)
    length, place = walk.pen.place()
    # the line end of the cell's last paragraph gave way to the tab
    kept = since[1] if length == since[0] else 0
    walk.new_lines = [made for made in walk.new_lines if made[1] < kept]
    _draw_back(walk, place - 1, "\n")
    if mark is not None:
        walk.new_lines.append((mark, place - 1, "\t"))


def row_end(walk: Walk, since: tuple[int, int], waiting: int, mark: Mark | None) -> None:
    """End a table row that began at `since`: its line end belongs to the change that made the row.

    `waiting` is how many deletions waited for their place when it began.
    """
    left = take_carried(walk)
    for piece in (Piece("\t", left[-1].mark), *left[:-1]) if left else ():
        # cells deleted at the end of the row
        if piece.mark is not None and piece.is_gone:
            walk.late.append((piece.mark, piece.text, walk.pen.place()[1]))
    walk.pen.end_row(since)
    length, place = walk.pen.place()
    is_empty = length == since[0]
    last = place if is_empty else place - 1
    walk.new_lines = [made for made in walk.new_lines if made[1] < last]
    _draw_back(walk, last, "\t")
    if is_empty and len(walk.late) > waiting:
        # the row leaves nothing, so its line end goes with what was deleted from it
        gone, text, at = walk.late[-1]
        walk.late[-1] = (gone, f"{text}\n", at)
    elif not is_empty and mark is not None:
        walk.new_lines.append((mark, last, "\n"))


def _draw_back(walk: Walk, furthest: int, sign: str) -> None:
    """Give the deletions that wait behind separators which are no more the signs that parted them."""
    first = len(walk.late)
    while first and walk.late[first - 1][2] > furthest:
        first -= 1
    at = furthest
    for index in range(first, len(walk.late)):
        mark, text, place = walk.late[index]
        walk.late[index] = (mark, sign * (place - at) + text, furthest)
        at = place
