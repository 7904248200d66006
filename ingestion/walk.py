"""A walk through the XML of a Word file: paragraphs and tables in reading order, each text once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingestion.clean import heading_level
from ingestion.document import Reading
from ingestion.edits import (
    add_change,
    carry_emptied,
    carry_on,
    defer,
    note_pieces,
    row_end,
    settle_end,
    settle_separators,
    tab_end,
    take_carried,
)
from ingestion.numbering import Numbers, whole
from ingestion.pieces import (
    MC,
    TRACKED,
    WRAPPERS,
    A,
    Context,
    Edit,
    Mark,
    Piece,
    R,
    V,
    Walk,
    alternative,
    controlled,
)
from ingestion.runs import DGM, drawn_lines, inline
from ingestion.styles import UNKNOWN, Node, W, ground_of, look_of, switch, val

_LONGEST_HEADING = 200


def write_blocks(walk: Walk, container: Node, ctx: Context) -> None:
    """Write the paragraphs and tables of a body, cell, box or note, through whatever wraps them."""
    for node, inner in _through(container, (f"{W}p", f"{W}tbl", f"{W}altChunk"), ctx):
        if node.tag == f"{W}p":
            _paragraph(walk, node, inner)
        elif node.tag == f"{W}tbl":
            flush(walk)
            _table(walk, node, inner)
        else:
            flush(walk)
            _chunk(walk, node, inner)


def _through(node: Node, wanted: tuple[str, ...], ctx: Context) -> Iterator[tuple[Node, Context]]:
    """Yield the wanted children of a node, also those inside content controls and other wrappers."""
    for child in node:
        tag = child.tag
        if tag in wanted:
            yield child, ctx
        elif tag == f"{W}sdt":
            yield from _through(child, wanted, controlled(child, ctx))
        elif tag in WRAPPERS:
            yield from _through(child, wanted, ctx)
        elif tag in TRACKED:
            yield from _through(child, wanted, ctx.under(child))
        elif tag == f"{MC}AlternateContent":
            yield from _through(alternative(child), wanted, ctx)


def _paragraph(walk: Walk, node: Node, ctx: Context) -> None:
    properties = node.find(f"{W}pPr")
    style = val(properties, "pStyle") or walk.styles.default
    look = walk.styles.look(style)
    if properties is not None:
        look = look._replace(ground=ground_of(properties.find(f"{W}shd")) or look.ground)
    inner = replace(ctx, look=look)
    pieces = list(inline(walk, node, inner))
    end = _end_mark(walk, properties, inner)
    if end.is_gone:
        # the line end is gone, so what follows goes on in the same paragraph
        carry_on(walk, [*pieces, end])
        return
    separated = switch(None if properties is None else properties.find(f"{W}rPr"), "specVanish")
    number = _number(walk, properties, style) if not ctx.why and (separated or not end.why) else ""
    if end.why or _is_drop_cap(properties):
        carry_on(walk, [Piece(number), *pieces] if number else pieces)
        return
    if not number and carry_emptied(walk, pieces, end):
        return
    carried = take_carried(walk)
    level = 0 if ctx.boxed else walk.styles.level(properties, style)
    if level == 0 and (ctx.boxed or walk.styles.is_contents(style)):
        level = -1  # by no means a heading, however it is numbered
    _write(walk, carried, pieces, number, level, end.mark)
    _write_anchored(walk)


def _end_mark(walk: Walk, properties: Node | None, ctx: Context) -> Piece:
    """Return the paragraph's line end as a piece: it may itself be inserted, deleted or hidden."""
    own = None if properties is None else properties.find(f"{W}rPr")
    inner = ctx
    for child in () if own is None else own:
        if child.tag in TRACKED:
            inner = inner.under(child)
    vanish = look_of(own).vanish
    hidden = bool(ctx.look.vanish) if vanish is None else vanish
    return Piece("\n", inner.mark, "隐藏文字" if hidden and not inner.is_gone else "")


def _is_drop_cap(properties: Node | None) -> bool:
    """Return whether a paragraph is the large first letter of the next one."""
    frame = None if properties is None else properties.find(f"{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def flush(walk: Walk, in_cell: bool = False) -> None:
    """Write what was carried on from paragraphs whose end is gone when no paragraph follows.

    What was deleted altogether waits for the next paragraph, unless a cell ends here.
    """
    if walk.carried and (in_cell or walk.carries_text):
        pieces = take_carried(walk)
        # the last line end belongs to the cell or the table behind it
        _write(walk, pieces[:-1] if pieces[-1].text == "\n" else pieces, [], "", 0, None)
    if not walk.carried:
        _write_anchored(walk)


def finish(walk: Walk) -> None:
    """End the text: what was deleted behind its last word is noted there."""
    flush(walk)
    left = take_carried(walk)
    if left:
        defer(walk, left)
        _write_anchored(walk)
    settle_end(walk)


def _write(
    walk: Walk, carried: list[Piece], own: list[Piece], number: str, level: int, end: Mark | None
) -> None:
    """Write one paragraph and note its changes and what it hides; a truly empty one leaves an empty line.

    `carried` are the pieces of earlier paragraphs that run on into it, `end` the tracked change that made its
    line end, if any; a level below 0 is that of a text which is no heading, whatever it looks like.
    """
    pieces = carried + own
    text = "".join(piece.text for piece in pieces if piece.is_final)
    number = _spaced(number, text)
    text = number + text
    if level == 0:
        level = heading_level(text)
    before = walk.pen.length
    start = walk.pen.put(text, max(level, 0) if len(text) < _LONGEST_HEADING else 0)
    if text:
        mark = settle_separators(walk, before, start)
        if mark is not None and number:
            # a number comes and goes with the line end before it
            add_change(walk.changes, mark, start, number)
        note_pieces(walk, pieces, start + len(number))
    else:
        defer(walk, pieces)
    if text or (not own and not walk.anchored):
        if end is not None:
            walk.new_lines.append((end, walk.pen.place()[1], "\n"))
        walk.pen.end("\n")


def _spaced(number: str, text: str) -> str:
    """Return a number so that its digits do not melt into those that follow: 1 and 2024年, 1. and 5万元."""
    if not number or not text or not text[0].isascii() or not text[0].isalnum() or not number[-1].isascii():
        return number
    melts = number[-1].isalnum() or (number[-1] == "." and text[0].isdigit())
    return f"{number} " if melts else number


def _write_anchored(walk: Walk) -> None:
    """Write the text boxes and notes that hang on the paragraph just written."""
    anchored, walk.anchored = walk.anchored, []
    for node, ctx in anchored:
        if node.tag in (f"{V}textpath", f"{A}txBody", f"{DGM}t"):
            for line in filter(str.strip, drawn_lines(node)):
                piece = Piece(line, ctx.mark, ctx.why)
                if piece.is_gone:
                    carry_on(walk, [piece, Piece("\n", ctx.mark)])
                else:
                    _write(walk, [], [piece], "", -1, ctx.mark)
            continue
        write_blocks(walk, node, ctx)
        flush(walk)


def _number(walk: Walk, properties: Node | None, style: str | None) -> str:
    """Return a paragraph's automatic number as Word shows it, "" if it has none."""
    own = None if properties is None else properties.find(f"{W}numPr")
    number, level = val(own, "numId"), val(own, "ilvl")
    if number is None:
        number, inherited, source = walk.styles.numbering(style)
        level = level or inherited or _level_of_style(walk.numbers, number, source)
    return walk.numbers.next(number, whole(level, 0)) if number not in (None, "0") else ""


def _level_of_style(numbers: Numbers, number: str | None, style: str | None) -> str | None:
    series = numbers.lists.get(number or "")
    levels = series.levels.items() if series else ()
    return next((str(at) for at, level in levels if style is not None and level.style == style), None)


def _chunk(walk: Walk, node: Node, ctx: Context) -> None:
    """Write a whole file that stands inside the document (`w:altChunk`); Word shows it as part of the text."""
    reading = walk.chunk(node.get(f"{R}id", ""))
    if reading is None:
        walk.unread += 1
    elif not ctx.is_gone and not ctx.why:
        _write_reading(walk, reading)


def _write_reading(walk: Walk, reading: Reading) -> None:
    """Write the text of another file with its levels, changes and hidden texts."""
    shift: int | None = None
    ends = [block.start for block in reading.blocks[1:]] + [len(reading.text)]
    for block, end in zip(reading.blocks, ends, strict=True):
        stretch = reading.text[block.start : end]
        text = stretch.rstrip()
        before = walk.pen.length
        start = walk.pen.put(text, block.level)
        settle_separators(walk, before, start)
        walk.pen.end(stretch[len(text) :])
        shift = start - block.start if shift is None else shift
    walk.pen.end("\n")
    walk.hidden += reading.hidden
    for change in reading.changes if shift is not None else ():
        start, end = (min(max(at + (shift or 0), 0), walk.pen.length) for at in (change.start, change.end))
        walk.changes.append(Edit((change.kind, change.author, change.date), start, end, [change.text]))


def _table(walk: Walk, table: Node, ctx: Context) -> None:
    """Write a table row by row; a cell merged over others stands once, where it begins."""
    properties = table.find(f"{W}tblPr")
    ground = None if properties is None else ground_of(properties.find(f"{W}shd"))
    if walk.styles.shades_tables(val(properties, "tblStyle")):
        ground = UNKNOWN
    inner = replace(ctx, ground=ground or ctx.ground, outer=ctx.ground)
    for row, row_ctx in _through(table, (f"{W}tr",), inner):
        own = row.find(f"{W}trPr")
        for child in () if own is None else own:
            if child.tag in TRACKED:
                row_ctx = row_ctx.under(child)
        if switch(own, "hidden"):
            row_ctx = row_ctx.unseen("隐藏文字")
        _row(walk, row, row_ctx)


def _row(walk: Walk, row: Node, ctx: Context) -> None:
    before, waiting = walk.pen.place(), len(walk.late)
    for cell, outer in _through(row, (f"{W}tc",), ctx):
        inner = _cell_context(cell, outer)
        place = walk.pen.place()
        write_blocks(walk, cell, inner)
        if inner.is_gone:
            _end_gone(walk, inner, "\t")
            continue
        flush(walk, in_cell=True)
        tab_end(walk, place, inner.mark)
    if ctx.is_gone:
        _end_gone(walk, ctx, "\n", "\t")
    else:
        row_end(walk, before, waiting, ctx.mark)


def _end_gone(walk: Walk, ctx: Context, sign: str, instead: str = "\n") -> None:
    """End a deleted cell or row: its last separator gives way to the one of the cell or row."""
    if walk.carried and walk.carried[-1].text == instead:
        walk.carried.pop()
    walk.carried.append(Piece(sign, ctx.mark))


def _cell_context(cell: Node, ctx: Context) -> Context:
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return ctx
    if any(_continues(properties.find(f"{W}{merge}")) for merge in ("vMerge", "hMerge")):
        ctx = ctx.unseen("被合并单元格盖住的文字")
    for tag, kind in (("cellDel", f"{W}del"), ("cellIns", f"{W}ins")):
        change = properties.find(f"{W}{tag}")
        if change is not None:
            ctx = ctx.under(change, kind)
    shade = properties.find(f"{W}shd")
    return ctx if shade is None else replace(ctx, ground=ground_of(shade) or ctx.outer)


def _continues(merge: Node | None) -> bool:
    """Return whether a cell goes on with the cell it is merged into."""
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"
