"""A walk through the XML of a Word file: paragraphs, runs and tables in reading order, each text once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from ingestion.clean import Pen, heading_level
from ingestion.document import Change, Hidden
from ingestion.numbering import Numbers, whole
from ingestion.styles import SILENT, Look, Node, Styles, W, is_coloured, is_white, look_of, switch, val

Mark = tuple[Literal["insert", "delete", "move_from", "move_to"], str, str]

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

TRACKED: dict[str, Literal["insert", "delete", "move_from", "move_to"]] = {
    f"{W}ins": "insert",
    f"{W}del": "delete",
    f"{W}moveFrom": "move_from",
    f"{W}moveTo": "move_to",
}
_GONE = ("delete", "move_from")
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir", "sdtContent")
)
_FIXED_TEXT = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# the boxes and ticks of forms stand in symbol fonts, whose codes mean nothing elsewhere
_SYMBOLS = {
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFB): "✗",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x50): "✓",
}


class _Piece(NamedTuple):
    """A stretch of a paragraph: its text, the tracked change it is under, and why it cannot be seen."""

    text: str
    mark: Mark | None = None
    why: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the piece stands in the final text."""
        return not self.why and (self.mark is None or self.mark[0] not in _GONE)


@dataclass(frozen=True)
class Context:
    """What is known from above about the part of the tree that is being walked."""

    mark: Mark | None = None
    why: str = ""
    shaded: bool = False
    look: Look = SILENT
    boxed: bool = False

    def under(self, node: Node) -> Context:
        """Return the context inside a tracked change; what is deleted stays deleted whatever is inside."""
        if self.mark is not None and self.mark[0] in _GONE:
            return self
        return replace(self, mark=(TRACKED[node.tag], node.get(f"{W}author", ""), node.get(f"{W}date", "")))


@dataclass
class Walk:
    """The state of one walk through a document; `part` gives the root of a part of its package by its kind."""

    part: Callable[[str], Node | None]
    styles: Styles
    numbers: Numbers
    pen: Pen = field(default_factory=Pen)
    changes: list[Change] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    carried: list[_Piece] = field(default_factory=list)  # paragraphs whose end was deleted
    anchored: list[tuple[Node, Context]] = field(default_factory=list)  # boxes and notes of this paragraph
    new_lines: list[tuple[Mark, int]] = field(default_factory=list)  # inserted line ends the pen holds back
    notes_seen: set[tuple[str, str]] = field(default_factory=set)
    note_parts: dict[str, dict[str, Node]] = field(default_factory=dict)
    pictures: int = 0
    unread: int = 0


def write_blocks(walk: Walk, container: Node, ctx: Context) -> None:
    """Write the paragraphs and tables of a body, cell, box or note, through whatever wraps them."""
    for node, inner in _through(container, (f"{W}p", f"{W}tbl", f"{W}altChunk"), ctx):
        if node.tag == f"{W}p":
            _paragraph(walk, node, inner)
        elif node.tag == f"{W}tbl":
            flush(walk)
            _table(walk, node, inner)
        else:
            walk.unread += 1


def _through(node: Node, wanted: tuple[str, ...], ctx: Context) -> Iterator[tuple[Node, Context]]:
    """Yield the wanted children of a node, also those inside content controls and other wrappers."""
    for child in node:
        tag = child.tag
        if tag in wanted:
            yield child, ctx
        elif tag == f"{W}sdt":
            yield from _through(child, wanted, _controlled(child, ctx))
        elif tag in _WRAPPERS:
            yield from _through(child, wanted, ctx)
        elif tag in TRACKED:
            yield from _through(child, wanted, ctx.under(child))
        elif tag == f"{MC}AlternateContent":
            yield from _through(_alternative(child), wanted, ctx)


def _controlled(sdt: Node, ctx: Context) -> Context:
    """Return the context inside a content control; its prompt (单击此处输入文字) was written by nobody."""
    prompt = switch(sdt.find(f"{W}sdtPr"), "showingPlcHdr")
    return replace(ctx, why=ctx.why or "内容控件的填写提示") if prompt else ctx


def _alternative(node: Node) -> Node:
    """Return the one branch of an alternative that is read: the first choice, the fallback if that is mute."""
    branches = [*node.findall(f"{MC}Choice"), *node.findall(f"{MC}Fallback")]
    speaking = (branch for branch in branches if next(branch.iter(f"{W}t", f"{W}delText"), None) is not None)
    return next(speaking, branches[0] if branches else node)


def _paragraph(walk: Walk, node: Node, ctx: Context) -> None:
    properties = node.find(f"{W}pPr")
    style = val(properties, "pStyle") or walk.styles.default
    look = walk.styles.look(style)
    if properties is not None and is_coloured(properties.find(f"{W}shd")):
        look = look._replace(shaded=True)
    pieces = walk.carried + list(_inline(walk, node, replace(ctx, look=look)))
    end = _end_mark(properties, ctx)
    if end.why or (end.mark is not None and end.mark[0] in _GONE):
        # the line end is gone, so what follows goes on in the same paragraph
        walk.carried = [*pieces, end._replace(why="")] if end.mark is not None else pieces
        return
    walk.carried = []
    number = _number(walk, properties, style) if not ctx.why else ""
    _write(walk, pieces, number, 0 if ctx.boxed else walk.styles.level(properties, style), ctx, end.mark)
    _write_anchored(walk)


def _end_mark(properties: Node | None, ctx: Context) -> _Piece:
    """Return the paragraph's line end as a piece: it may itself be inserted, deleted or hidden."""
    own = None if properties is None else properties.find(f"{W}rPr")
    inner = ctx
    for child in () if own is None else own:
        if child.tag in TRACKED:
            inner = inner.under(child)
    return _Piece("\n", inner.mark, "隐藏文字" if look_of(own).vanish else "")


def flush(walk: Walk) -> None:
    """Write what was carried on from paragraphs whose end was deleted when no paragraph follows."""
    if walk.carried:
        pieces, walk.carried = walk.carried, []
        # the last line end belongs to the cell or the table behind it
        _write(walk, pieces[:-1] if pieces[-1].text == "\n" else pieces, "", 0, Context())
    _write_anchored(walk)


def _write(
    walk: Walk, pieces: list[_Piece], number: str, level: int, ctx: Context, end: Mark | None = None
) -> None:
    """Write one paragraph and note its changes and what it hides; a truly empty one leaves an empty line.

    `end` is the tracked change that made its line end, if any.
    """
    text = "".join(piece.text for piece in pieces if piece.is_final)
    if (
        number
        and text
        and number[-1].isalnum()
        and number[-1].isascii()
        and text[0].isascii()
        and text[0].isalnum()
    ):
        number += " "  # 1 and 2024年 would read 12024年
    text = number + text
    level = level or (0 if ctx.boxed else heading_level(text))
    before = walk.pen.length
    start = walk.pen.put(text, level if len(text) < 200 else 0)
    if text:
        _note_new_lines(walk, before, start)
    _note_pieces(walk, pieces, start + len(number) if text else walk.pen.length)
    if text or (not pieces and not walk.anchored):
        if end is not None:
            walk.new_lines.append((end, walk.pen.place()[1]))
        walk.pen.end("\n")


def _note_new_lines(walk: Walk, before: int, start: int) -> None:
    """Note the inserted line ends among the separators that were just written from `before` to `start`."""
    made, walk.new_lines = walk.new_lines, []
    for mark, at in made:
        if before + at < start:
            _add_change(walk.changes, mark, before + at, "\n")


def _note_pieces(walk: Walk, pieces: list[_Piece], at: int) -> None:
    unseen: list[_Piece] = []
    for piece in pieces:
        if piece.mark is not None and not piece.why:
            _add_change(walk.changes, piece.mark, at, piece.text)
        if piece.is_final:
            at += len(piece.text)
        elif piece.why and piece.text.strip():
            unseen.append(piece)
    for piece in unseen:
        last = walk.hidden[-1] if walk.hidden and piece is not unseen[0] else None
        if last is not None and last.why == piece.why:
            walk.hidden[-1] = Hidden(last.text + piece.text, piece.why)
        else:
            walk.hidden.append(Hidden(piece.text, piece.why))


def _add_change(changes: list[Change], mark: Mark, at: int, text: str) -> None:
    """Add a tracked change, or lengthen the last one where the same hand went on."""
    if not text:
        return
    kind, author, date = mark
    end = at if kind in _GONE else at + len(text)
    last = changes[-1] if changes else None
    if last and (last.kind, last.author, last.date, last.end) == (kind, author, date, at):
        changes[-1] = replace(last, end=end, text=last.text + text)
    else:
        changes.append(Change(kind, author, date, at, end, text))


def _write_anchored(walk: Walk) -> None:
    """Write the text boxes and notes that hang on the paragraph just written."""
    anchored, walk.anchored = walk.anchored, []
    for node, ctx in anchored:
        if node.tag == f"{V}textpath":
            _write(walk, [_Piece(node.get("string", ""), ctx.mark, ctx.why)], "", 0, ctx)
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


def _inline(walk: Walk, node: Node, ctx: Context) -> Iterator[_Piece]:
    """Yield the pieces of a paragraph in reading order, through whatever wraps its runs."""
    for child in node:
        tag = child.tag
        if tag == f"{W}r":
            yield from _run(walk, child, ctx)
        elif tag in _WRAPPERS:
            yield from _inline(walk, child, ctx)
        elif tag in TRACKED:
            yield from _inline(walk, child, ctx.under(child))
        elif tag == f"{W}sdt":
            yield from _inline(walk, child, _controlled(child, ctx))
        elif tag == f"{MC}AlternateContent":
            yield from _inline(walk, _alternative(child), ctx)
        elif tag in (f"{M}oMath", f"{M}oMathPara"):
            yield _Piece("".join(part.text or "" for part in child.iter(f"{M}t")), ctx.mark, ctx.why)


def _run(walk: Walk, run: Node, ctx: Context) -> Iterator[_Piece]:
    why = ctx.why or _why_unseen(walk, run, ctx)
    inner = replace(ctx, why=why) if why else ctx
    text = ""
    for child in run:
        if child.tag == f"{MC}AlternateContent":
            for part in _alternative(child):
                _anchor(walk, part, inner)
        elif child.tag == f"{W}ruby":
            # the reading aid above the characters is no text of its own
            base = child.find(f"{W}rubyBase")
            yield _Piece(text, ctx.mark, why)
            text = ""
            yield from () if base is None else _inline(walk, base, ctx)
        else:
            text += text_of(child)
            _anchor(walk, child, inner)
    if text or len(run) > (run.find(f"{W}rPr") is not None):
        # a run with a picture or a page break is a piece without text: its paragraph is no empty line
        yield _Piece(text, ctx.mark, why)


def text_of(node: Node) -> str:
    """Return the characters that a child of a run stands for."""
    tag = node.tag
    if tag in (f"{W}t", f"{W}delText"):
        text: str = node.text or ""
        # a line end in the XML is layout of the XML
        return re.sub(r"\s*\n\s*", " ", text).strip() if "\n" in text else text
    if tag == f"{W}br":
        return "\n" if node.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if tag == f"{W}sym":
        return _symbol(node)
    return _FIXED_TEXT.get(tag, "") if isinstance(tag, str) else ""


def _symbol(node: Node) -> str:
    code = node.get(f"{W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    point = int(code, 16)
    if 0xF000 <= point <= 0xF0FF:
        return _SYMBOLS.get((node.get(f"{W}font", "").lower(), point - 0xF000), "")
    known = _SYMBOLS.get((node.get(f"{W}font", "").lower(), point))
    return known or (chr(point) if point >= 0x20 and not 0xD800 <= point <= 0xF8FF else "")


def _why_unseen(walk: Walk, run: Node, ctx: Context) -> str:
    """Return why a reader of the page does not see a run, "" where he does."""
    properties = run.find(f"{W}rPr")
    style = walk.styles.look(val(properties, "rStyle"))
    own = look_of(properties)
    look = own.over(style).over(ctx.look)
    if own.vanish is None:
        # between styles the switch toggles (ECMA-376 part 1, 17.7.3)
        look = look._replace(vanish=bool(style.vanish) != bool(ctx.look.vanish))
    if look.vanish:
        return "隐藏文字"
    if look.white and not look.shaded and not ctx.shaded:
        return "白色文字"
    return "极小文字" if look.tiny else ""


def _anchor(walk: Walk, node: Node, ctx: Context) -> None:
    """Remember the text boxes and the note that hang on this place; count pictures."""
    tag = node.tag
    if tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
        note = _footnote(walk, "footnotes" if tag.endswith("}footnoteReference") else "endnotes", node)
        if note is not None:
            walk.anchored.append((note, Context(ctx.mark, ctx.why)))
    elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
        if ctx.mark is not None and ctx.mark[0] in _GONE:
            return
        found, pictures = _boxes(node)
        walk.pictures += pictures
        walk.anchored += [(box, Context(ctx.mark, ctx.why, shaded, boxed=True)) for box, shaded in found]


def _footnote(walk: Walk, part: str, reference: Node) -> Node | None:
    """Return the note that a reference names, once."""
    if part not in walk.note_parts:
        root = walk.part(part)
        notes = () if root is None else root
        # separators are notes with a type
        walk.note_parts[part] = {
            note.get(f"{W}id"): note
            for note in notes
            if isinstance(note.tag, str) and note.get(f"{W}type") in (None, "normal")
        }
    key = reference.get(f"{W}id", "")
    if (part, key) in walk.notes_seen:
        return None
    walk.notes_seen.add((part, key))
    return walk.note_parts[part].get(key)


def _boxes(drawing: Node) -> tuple[list[tuple[Node, bool]], int]:
    """Return the outermost text boxes of a drawing, each with whether it has a coloured ground, and pictures."""
    found: list[tuple[Node, bool]] = []
    pictures = 0
    stack = [drawing]
    while stack:
        node = stack.pop()
        if node.tag == f"{W}txbxContent" or (node.tag == f"{V}textpath" and node.get("string")):
            found.append((node, _filled(node)))
        elif node.tag == f"{MC}AlternateContent":
            stack.append(_alternative(node))
        else:
            pictures += node.tag in (f"{A}blip", f"{V}imagedata")
            stack.extend(reversed(node))
    return found, pictures


def _filled(box: Node) -> bool:
    """Return whether the shape around a text box is filled, so that white text on it can be read."""
    if box.tag == f"{V}textpath":
        return True
    for shape in box.iterancestors():
        if shape.tag == f"{W}r":
            return False
        if shape.get("fillcolor", "white").lower() not in ("white", "#ffffff", "#fff"):
            return True
        for fill in shape.iterchildren():
            if isinstance(fill.tag, str) and fill.tag.endswith("}spPr"):
                return any(_paints(paint) for paint in fill)
    return False


def _paints(paint: Node) -> bool:
    if paint.tag in (f"{A}gradFill", f"{A}blipFill", f"{A}pattFill"):
        return True
    if paint.tag != f"{A}solidFill":
        return False
    return not any(is_white(color.get("val", "")) or color.get("val") in ("bg1", "lt1") for color in paint)


def _table(walk: Walk, table: Node, ctx: Context) -> None:
    """Write a table row by row; a cell merged over others stands once, where it begins."""
    properties = table.find(f"{W}tblPr")
    shaded = properties is not None and (
        is_coloured(properties.find(f"{W}shd")) or walk.styles.shades_tables(val(properties, "tblStyle"))
    )
    inner = replace(ctx, shaded=ctx.shaded or shaded)
    for row, row_ctx in _through(table, (f"{W}tr",), inner):
        own = row.find(f"{W}trPr")
        for child in () if own is None else own:
            if child.tag in TRACKED:
                row_ctx = row_ctx.under(child)
        _row(walk, row, row_ctx)


def _row(walk: Walk, row: Node, ctx: Context) -> None:
    before = walk.pen.place()
    for cell, inner in _through(row, (f"{W}tc",), ctx):
        place = walk.pen.place()
        write_blocks(walk, cell, _cell_context(cell, inner))
        flush(walk)
        walk.pen.end_cell(place)
        # the line end of a cell's last paragraph gave way to the tab
        held = place[1] if walk.pen.length == place[0] else 0
        walk.new_lines = [(mark, at) for mark, at in walk.new_lines if at < held]
    walk.pen.end_row(before)


def _cell_context(cell: Node, ctx: Context) -> Context:
    properties = cell.find(f"{W}tcPr")
    if properties is None:
        return ctx
    if any(_continues(properties.find(f"{W}{merge}")) for merge in ("vMerge", "hMerge")):
        ctx = replace(ctx, why=ctx.why or "被合并单元格盖住的文字")
    deleted = properties.find(f"{W}cellDel")
    if deleted is not None and (ctx.mark is None or ctx.mark[0] not in _GONE):
        ctx = replace(ctx, mark=("delete", deleted.get(f"{W}author", ""), deleted.get(f"{W}date", "")))
    shade = properties.find(f"{W}shd")
    return ctx if shade is None else replace(ctx, shaded=is_coloured(shade))


def _continues(merge: Node | None) -> bool:
    """Return whether a cell goes on with the cell it is merged into."""
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"
