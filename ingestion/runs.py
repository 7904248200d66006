"""The runs of a paragraph in reading order, each text once, and the boxes, notes and objects that hang on them."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.equations import formula
from ingestion.pieces import (
    MC,
    TRACKED,
    WRAPPERS,
    A,
    Context,
    M,
    Piece,
    R,
    V,
    Walk,
    alternative,
    controlled,
)
from ingestion.styles import PAPER, UNKNOWN, Node, W, is_white
from ingestion.symbols import in_font, symbol
from ingestion.wordfields import field_text

DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_OLE = "{urn:schemas-microsoft-com:office:office}OLEObject"

_FIXED_TEXT = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}


def inline(walk: Walk, node: Node, ctx: Context) -> Iterator[Piece]:
    """Yield the pieces of a paragraph in reading order, through whatever wraps its runs."""
    for child in node:
        tag = child.tag
        if tag == f"{W}r":
            yield from _run(walk, child, ctx)
        elif tag in WRAPPERS:
            yield from inline(walk, child, ctx)
        elif tag in TRACKED:
            yield from inline(walk, child, ctx.under(child))
        elif tag == f"{W}sdt":
            yield from inline(walk, child, controlled(child, ctx))
        elif tag == f"{MC}AlternateContent":
            yield from inline(walk, alternative(child), ctx)
        elif tag in (f"{M}oMath", f"{M}oMathPara"):
            yield from formula(child, ctx)
        elif tag == f"{W}subDoc":
            walk.unread += 1


def _run(walk: Walk, run: Node, ctx: Context) -> Iterator[Piece]:
    properties = run.find(f"{W}rPr")
    why = ctx.why or walk.styles.run_look(properties, ctx.look).why_unseen(ctx.ground)
    inner = ctx.unseen(why) if why else ctx
    yield from _content(walk, run, properties, inner)
    if len(run) > (properties is not None):
        # a run with a picture or a page break is a piece without text: its paragraph is no empty line
        yield Piece("", ctx.mark, why)


def _content(walk: Walk, node: Node, properties: Node | None, ctx: Context) -> Iterator[Piece]:
    for child in node:
        if child.tag == f"{MC}AlternateContent":
            yield from _content(walk, alternative(child), properties, ctx)
        elif child.tag == f"{W}ruby":
            # the reading aid above the characters is no text of its own
            base = child.find(f"{W}rubyBase")
            yield from () if base is None else inline(walk, base, ctx)
        else:
            text = _text(walk, child, properties)
            if text:
                yield Piece(text, ctx.mark, ctx.why)
            _anchor(walk, child, ctx)


def _text(walk: Walk, node: Node, properties: Node | None) -> str:
    """Return the characters that a child of a run stands for."""
    tag = node.tag
    if tag in (f"{W}t", f"{W}delText", f"{W}fldChar"):
        return in_font(field_text(node), properties)
    if tag == f"{W}br":
        return "\n" if node.get(f"{W}type", "textWrapping") == "textWrapping" else ""
    if tag == f"{W}sym":
        found = symbol(node)
        walk.signs += found is None and node.get(f"{W}char") is not None
        return found or ""
    return _FIXED_TEXT.get(tag, "") if isinstance(tag, str) else ""


def _anchor(walk: Walk, node: Node, ctx: Context) -> None:
    """Remember the text boxes and the note that hang on this place; count what is not read."""
    tag = node.tag
    if tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
        note = _footnote(walk, "footnotes" if tag.endswith("}footnoteReference") else "endnotes", node, ctx)
        if note is not None:
            walk.anchored.append((note, Context(ctx.mark, ctx.why)))
    elif tag == f"{W}object" and not ctx.is_gone:
        found = list(node.iter(_OLE))
        walk.objects += [ole.get("ProgID", "") for ole in found]
        _hang(walk, node, ctx, has_pictures=not found)
    elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
        _hang(walk, node, ctx, has_pictures=not ctx.is_gone)


def _hang(walk: Walk, drawing: Node, ctx: Context, has_pictures: bool) -> None:
    found, pictures = _boxes(walk, drawing)
    walk.pictures += pictures * has_pictures
    walk.anchored += [(box, Context(ctx.mark, ctx.why, ground, ground, boxed=True)) for box, ground in found]


def _footnote(walk: Walk, part: str, reference: Node, ctx: Context) -> Node | None:
    """Return the note that a reference names, once in the text and once among what was deleted."""
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
    if (part, key, ctx.is_gone) in walk.notes_seen:
        return None
    walk.notes_seen.add((part, key, ctx.is_gone))
    return walk.note_parts[part].get(key)


def _boxes(walk: Walk, drawing: Node) -> tuple[list[tuple[Node, str]], int]:
    """Return the outermost texts of a drawing, each with the colour of its ground, and count its pictures."""
    found: list[tuple[Node, str]] = []
    pictures = 0
    stack = [drawing]
    while stack:
        node = stack.pop()
        if node.tag == f"{MC}AlternateContent":
            stack.append(alternative(node))
        elif node.tag in (f"{W}txbxContent", f"{A}txBody") or _is_art(node):
            found.append((node, _ground(node)))
        elif node.tag == f"{DGM}relIds":
            found += [(text, UNKNOWN) for text in _diagram(walk, node)]
        else:
            walk.charts += node.tag == _CHART
            pictures += node.tag in (f"{A}blip", f"{V}imagedata")
            stack.extend(reversed(node))
    return found, pictures


def _is_art(node: Node) -> bool:
    """Return whether a node is the text of a WordArt (a watermark, mostly)."""
    return node.tag == f"{V}textpath" and bool(node.get("string"))


def _diagram(walk: Walk, node: Node) -> list[Node]:
    """Return the texts of a SmartArt; they stand in a part of their own."""
    root = walk.part(node.get(f"{R}dm", ""))
    if root is None or root.tag != f"{DGM}dataModel":
        return []
    return [text for text in root.iter(f"{DGM}t") if next(text.iter(f"{A}t"), None) is not None]


def drawn_lines(node: Node) -> list[str]:
    """Return the paragraphs of a text in DrawingML (`a:p`), or the one line of a WordArt."""
    if node.tag == f"{V}textpath":
        return [node.get("string", "")]
    lines = []
    for paragraph in node.iter(f"{A}p"):
        parts = paragraph.iter(f"{A}t", f"{A}br")
        lines.append("".join("\n" if part.tag == f"{A}br" else str(part.text or "") for part in parts))
    return lines


_FILLS = tuple(
    f"{A}{name}" for name in ("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
)
_GROUPS = ("}wgp", "}grpSp", "}wpc", "}group")


def _ground(box: Node) -> str:
    """Return the colour under a text box: unknown where a shape is filled, so that white text counts as seen."""
    if box.tag == f"{V}textpath":
        return UNKNOWN
    for shape in box.iterancestors():
        if shape.tag == f"{W}r":
            break
        if _is_filled(shape) or (shape.tag.endswith(_GROUPS) and _has_ground(shape)):
            return UNKNOWN
    return PAPER


def _has_ground(group: Node) -> bool:
    """Return whether pictures or filled shapes stand in a group: any of them may lie under a text."""
    return next(group.iter(f"{A}blip", f"{V}imagedata"), None) is not None or any(
        _is_filled(shape) for shape in group.iter() if isinstance(shape.tag, str)
    )


def _is_filled(shape: Node) -> bool:
    """Return whether a shape (DrawingML or VML) is painted in a colour other than white."""
    fill = shape.get("fillcolor")
    if fill is not None and shape.get("filled") not in ("f", "false"):
        name = fill.partition(" ")[0].lower()
        return name not in ("white", "#fff") and not is_white(name)
    parts = {child.tag.rpartition("}")[2]: child for child in shape if isinstance(child.tag, str)}
    properties, style = parts.get("spPr"), parts.get("style")
    if properties is None:
        return "fill" in parts and parts["fill"].get("type") in ("frame", "gradient", "tile", "pattern")
    fills = [paint for paint in properties if paint.tag in _FILLS]
    if fills or style is None:
        return any(_paints(paint) for paint in fills)
    reference = style.find(f"{A}fillRef")
    return reference is not None and reference.get("idx") not in (None, "0")


def _paints(paint: Node) -> bool:
    if paint.tag in (f"{A}gradFill", f"{A}blipFill", f"{A}pattFill"):
        return True
    if paint.tag != f"{A}solidFill":
        return False
    return not any(is_white(color.get("val", "")) or color.get("val") in ("bg1", "lt1") for color in paint)
