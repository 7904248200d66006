"""What was read of one page: characters side by side, in rows, on a page that may have been turned to be read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from ingestion.clean import Box
from ingestion.document import Hidden

Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Segment:
    """Characters that stand side by side on one line, with their box from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float | None = None

    @cached_property
    def size(self) -> float:
        """The height of the characters, in points."""
        return self.bottom - self.top

    @property
    def is_column(self) -> bool:
        """Whether the characters stand one above the other."""
        return len(self.text) > 1 and self.bottom - self.top > 1.5 * (self.right - self.left)

    @cached_property
    def box(self) -> Box:
        """Left, top, right, bottom, rounded to a hundredth of a point."""
        return (round(self.left, 2), round(self.top, 2), round(self.right, 2), round(self.bottom, 2))


@dataclass(frozen=True)
class Row:
    """One line of a page: one segment, or several that stand far apart (cells of a table).

    A row of a ruled table has a segment for each cell, "" for an empty one; its texts may have several lines.
    """

    segments: tuple[Segment, ...]
    page: int
    column: int = 0
    is_ruled: bool = False

    @cached_property
    def is_cells(self) -> bool:
        """Whether the row is one of a table."""
        return self.is_ruled or len(self.segments) > 1

    @cached_property
    def confidence(self) -> float | None:
        """The least confidence of its segments; None if none was recognised from a picture."""
        return least(segment.confidence for segment in self.segments)

    @cached_property
    def text(self) -> str:
        """The text of the row, segments separated by tabs."""
        return "\t".join(segment.text for segment in self.segments)

    @cached_property
    def box(self) -> Box:
        """The box around the row."""
        return around([segment.box for segment in self.segments])

    @cached_property
    def size(self) -> float:
        """The height of its characters, in points."""
        return max(segment.size for segment in self.segments)


@dataclass
class Page:
    """What was read of one page; width and height (points) are those of the page as it is read.

    To be read, the page as it is shown was turned counter-clockwise by `quarter` degrees; then its lines fell by
    `skew` degrees to the right.
    """

    number: int
    width: float
    height: float
    rows: list[Row] = field(default_factory=list)
    columns: int = 1
    hidden: list[Hidden] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seals: list[Segment] = field(default_factory=list)
    is_blank: bool = False
    is_recognised: bool = False
    quarter: int = 0
    skew: float = 0.0

    def shown(self, box: Box) -> Box:
        """Return where a box of the page as it is read stands on the page as it is shown (points)."""
        if self.skew:
            box = _tilted(box, math.radians(self.skew), self.width / 2, self.height / 2)
        left, top, right, bottom = turned_back(box, self.quarter, self.width, self.height)
        return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)


def turned_back(box: Box, quarter: int, width: float, height: float) -> Box:
    """Return a box from before its page, now of this width and height, was turned counter-clockwise by `quarter`."""
    left, top, right, bottom = box
    if quarter == 90:
        return height - bottom, left, height - top, right
    if quarter == 180:
        return width - right, height - bottom, width - left, height - top
    if quarter == 270:
        return top, width - right, bottom, width - left
    return box


def moved(across: float, up: float, matrices: Iterable[Matrix]) -> tuple[float, float]:
    """Return a point after each of the matrices (a, b, c, d, e, f as PDF has them), the innermost first."""
    for a, b, c, d, e, f in matrices:
        across, up = a * across + c * up + e, b * across + d * up + f
    return across, up


def _tilted(box: Box, angle: float, across: float, down: float) -> Box:
    """Return the box around a box that was turned clockwise by an angle (radians) about a point."""
    left, top, right, bottom = (box[0] - across, box[1] - down, box[2] - across, box[3] - down)
    cos, sin = math.cos(angle), math.sin(angle)
    corners = [(x * cos - y * sin, x * sin + y * cos) for x in (left, right) for y in (top, bottom)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs) + across, min(ys) + down, max(xs) + across, max(ys) + down


def least(confidences: Iterable[float | None]) -> float | None:
    """Return the least of confidences; None stands for text that was not recognised from a picture."""
    return min((each for each in confidences if each is not None), default=None)


def around(boxes: list[Box]) -> Box:
    """Return the box around boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
