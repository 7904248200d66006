"""A formula of a Word file on one line: 1/2 must not read 12, nor 10 to the 8th 108."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.pieces import TRACKED, Context, M, Piece, written
from ingestion.styles import Node, W


def formula(node: Node, ctx: Context) -> Iterator[Piece]:
    """Yield the pieces of a formula from left to right, its tracked changes kept."""
    tag = node.tag
    if tag == f"{M}t" or tag in (f"{W}t", f"{W}delText"):
        yield Piece(written(node), ctx.mark, ctx.why)
    elif tag in TRACKED:
        yield from _children(node, ctx.under(node))
    elif tag in _BUILT:
        yield from _built(node, ctx)
    elif isinstance(tag, str) and not tag.endswith("Pr"):
        yield from _children(node, ctx)


def _children(node: Node, ctx: Context) -> Iterator[Piece]:
    for child in node:
        yield from formula(child, ctx)


# what stands around and between the parts of a built-up expression
_BUILT: dict[str, tuple[tuple[str, str], ...]] = {
    f"{M}f": (("", "num"), ("/", "den")),
    f"{M}sSup": (("", "e"), ("^", "sup")),
    f"{M}sSub": (("", "e"), ("_", "sub")),
    f"{M}sSubSup": (("", "e"), ("_", "sub"), ("^", "sup")),
    f"{M}rad": (("", "deg"), ("√", "e")),
    f"{M}nary": (("", "chr"), ("_", "sub"), ("^", "sup"), (" ", "e")),
    f"{M}d": (),
    f"{M}m": (),
    f"{M}eqArr": (),
}


def _built(node: Node, ctx: Context) -> Iterator[Piece]:
    if node.tag == f"{M}d":
        yield from _delimited(node, ctx)
        return
    if node.tag in (f"{M}m", f"{M}eqArr"):
        yield from _rows(node, ctx)
        return
    for sign, name in _BUILT[node.tag]:
        if name == "chr":
            yield Piece(_given(node, "naryPr", "chr", "∫"), ctx.mark, ctx.why)
            continue
        part = node.find(f"{M}{name}")
        pieces = [] if part is None else [piece for piece in _children(part, ctx) if piece.text]
        if not pieces and sign != "√":
            continue
        if sign:
            yield Piece(sign, ctx.mark, ctx.why)
        yield from _grouped(pieces, ctx, sign in ("/", "^", "_", "√") or node.tag == f"{M}f")


def _grouped(pieces: list[Piece], ctx: Context, wanted: bool) -> Iterator[Piece]:
    """Yield an operand, in brackets where it is more than one word or number."""
    text = "".join(piece.text for piece in pieces)
    brackets = wanted and not text.isalnum()
    if brackets:
        yield Piece("(", ctx.mark, ctx.why)
    yield from pieces
    if brackets:
        yield Piece(")", ctx.mark, ctx.why)


def _delimited(node: Node, ctx: Context) -> Iterator[Piece]:
    """Yield what stands in brackets; they are properties of the expression."""
    yield Piece(_given(node, "dPr", "begChr", "("), ctx.mark, ctx.why)
    for at, part in enumerate(node.findall(f"{M}e")):
        if at:
            yield Piece(_given(node, "dPr", "sepChr", "|"), ctx.mark, ctx.why)
        yield from _children(part, ctx)
    yield Piece(_given(node, "dPr", "endChr", ")"), ctx.mark, ctx.why)


def _rows(node: Node, ctx: Context) -> Iterator[Piece]:
    """Yield the rows of a matrix or of a stack of equations, cells parted by spaces."""
    for at, row in enumerate(node.findall(f"{M}mr" if node.tag == f"{M}m" else f"{M}e")):
        if at:
            yield Piece("; ", ctx.mark, ctx.why)
        cells = row.findall(f"{M}e") if node.tag == f"{M}m" else [row]
        for place, cell in enumerate(cells):
            if place:
                yield Piece(" ", ctx.mark, ctx.why)
            yield from _children(cell, ctx)


def _given(node: Node, properties: str, name: str, default: str) -> str:
    """Return a sign that properties name, the default where they are silent."""
    found = node.find(f"{M}{properties}/{M}{name}")
    return default if found is None else str(found.get(f"{M}val", ""))
