"""Where the characters of an OFD text object stand: TextCode with its X, Y, DeltaX and DeltaY becomes lines."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from ingestion.clean import is_cjk
from ingestion.markup import Node, local

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ASCENT, _DESCENT = 0.88, 0.12  # of the size: what Chinese fonts have
_GAP = 0.8  # of the size: further apart, characters are cells of a table
_FARTHEST = 1e7  # points


@dataclass(frozen=True)
class Line:
    """Characters of one line with their box and the size of its type, in points."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


def numbers(text: str) -> list[float]:
    """Return the numbers of a list like `0 0 210 297`; what is no finite number is 0."""
    found = (float(match.group()) for match in _NUMBER.finditer(text[:100_000]))
    return [value if math.isfinite(value) else 0.0 for value in found]


def times(first: Matrix, then: Matrix) -> Matrix:
    """Return the transformation that does one and then another."""
    a, b, c, d, e, f = first
    k, m, n, p, q, r = then
    return (
        a * k + b * n,
        a * m + b * p,
        c * k + d * n,
        c * m + d * p,
        e * k + f * n + q,
        e * m + f * p + r,
    )


def placed(node: Node) -> Matrix:
    """Return the transformation of an object: its own (CTM), then where it stands (Boundary)."""
    boundary = numbers(node.get("Boundary", ""))
    own = numbers(node.get("CTM", ""))
    inner: Matrix = (own[0], own[1], own[2], own[3], own[4], own[5]) if len(own) == 6 else IDENTITY
    moved: Matrix = (1.0, 0.0, 0.0, 1.0, boundary[0], boundary[1]) if len(boundary) >= 2 else IDENTITY
    return times(inner, moved)


def deltas(text: str, count: int) -> list[float]:
    """Return at most `count` distances of a DeltaX or DeltaY, in which `g 3 5.0` stands for three times 5.0.

    >>> deltas("1 g 2 3.5 4", 9)
    [1.0, 3.5, 3.5, 4.0]
    """
    out: list[float] = []
    words = text.split()
    at = 0
    while at < len(words) and len(out) < count:
        if words[at] == "g" and at + 2 < len(words):
            repeat, value = numbers(words[at + 1])[:1] or [0.0], numbers(words[at + 2])[:1] or [0.0]
            out += value * max(0, min(int(repeat[0]), count - len(out)))
            at += 3
        else:
            out += numbers(words[at])[:1]
            at += 1
    return out[:count]


def lines_of(node: Node, matrix: Matrix) -> Iterator[Line]:
    """Yield the lines of a text object; `matrix` leads from its page block to points from the upper left corner."""
    size = (numbers(node.get("Size", "")) or [0.0])[0]
    whole = times(placed(node), matrix)
    scale = (numbers(node.get("HScale", "")) or [1.0])[0]
    box = numbers(node.get("Boundary", ""))
    x = y = 0.0
    for code in node:
        if local(code) != "TextCode":
            continue
        x = (numbers(code.get("X", "")) or [x])[0]
        y = (numbers(code.get("Y", "")) or [y])[0]
        yield from _lines(code, x, y, size, scale, whole, box[2] if len(box) == 4 else 0.0)


def _lines(
    code: Node, x: float, y: float, size: float, scale: float, matrix: Matrix, reach: float
) -> Iterator[Line]:
    """Yield the lines of a TextCode; `reach` is how wide its object is said to be, where the last character ends."""
    text = "".join(code.itertext()).strip("\r\n")
    if not text:
        return
    across = deltas(code.get("DeltaX", ""), len(text))
    down = deltas(code.get("DeltaY", ""), len(text))
    widths = [size * scale * (1.0 if is_cjk(char) else 0.5) for char in text]
    xs, ys = _places(x, widths, across, bool(down) and not any(across)), _places(y, [0.0] * len(text), down, False)
    widths[-1] = max(widths[-1], min(size, reach - xs[-1]))
    steps = [xs[at + 1] - xs[at] for at in range(len(text) - 1)]
    usual = median(steps) if steps else 0.0
    begin = 0
    for at in range(1, len(text) + 1):
        jumps = at < len(text) and (
            steps[at - 1] - widths[at - 1] > max(_GAP * size, 0.5 * usual) or steps[at - 1] < -size
        )
        if at == len(text) or (jumps and steps[at - 1] > 1.5 * usual) or (jumps and steps[at - 1] < 0):
            yield _line(text[begin:at], xs[begin:at], ys[begin:at], widths[at - 1], size, matrix)
            begin = at


def _places(start: float, widths: list[float], given: list[float], still: bool) -> list[float]:
    """Return where each character begins: by the distances given, else one behind the other (or `still`)."""
    places = [start]
    for at in range(len(widths) - 1):
        step = given[at] if at < len(given) else 0.0 if still else (given[-1] if given else widths[at])
        places.append(places[-1] + step)
    return places


def _line(text: str, xs: list[float], ys: list[float], last: float, size: float, matrix: Matrix) -> Line:
    """Return a line with the box around its characters, as it lies on the page."""
    left, right = min(xs), max(max(xs), xs[-1] + last)
    top, bottom = min(ys) - _ASCENT * size, max(ys) + _DESCENT * size
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (top, bottom)]
    x1, x2 = min(x for x, _ in corners), max(x for x, _ in corners)
    y1, y2 = min(y for _, y in corners), max(y for _, y in corners)
    high = min(size * math.hypot(c, d), _FARTHEST)
    return Line(text, _near(x1), _near(y1), _near(x2), _near(y2), high)


def _near(value: float) -> float:
    """Return a coordinate that calculation can bear, however absurd the file."""
    return max(-_FARTHEST, min(_FARTHEST, value))
