"""Characters of a page grow into runs: stretches of one line, in the order and with the spaces a reader sees."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from ingestion.clean import Box, is_cjk
from ingestion.leaf import turned_back
from ingestion.tables import Table, cut

# characters that stand for no text: controls, private use, U+FFFD
STRANGE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ue000-\\uf8ff\\ufffd\\U000f0000-\\U0010ffff]")
_SHORTEST_COLUMN = 3  # two Chinese characters one above the other are two lines as likely


# What a page shows at one place: its text (one character, or a stretch of Chinese ones set evenly), its box in points,
# why it is not seen, whether the library made it up from a gap, and by how many quarters it leans.
# White space is " " (a full-width space stays one). A plain tuple: there is one for nearly every character.
Glyph = tuple[str, Box, str, bool, int]


class Frame:
    """Turns boxes of the page's own space into points from the upper left corner of the page as it is read.

    That is how it is shown, unless most of its text leans: then it is turned until the text is level. `box` is
    (left, bottom, right, top) of the page, `rotation` its own in degrees clockwise, `size` that of the page as
    shown; most of its text leans `lean` quarters counter-clockwise (None without text).
    """

    def __init__(self, box: Box, rotation: int, size: tuple[float, float], lean: int | None) -> None:
        self.left, self._bottom, self._right, self.top = box
        self._rotation = rotation if lean is None else 90 * lean
        self.quarter = (rotation - self._rotation) % 360
        self.is_upright = self._rotation == 0
        self.width, self.height = size
        if self.quarter in (90, 270):
            self.width, self.height = self.height, self.width

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return (left, top, right, bottom) as read."""
        if self._rotation == 90:
            return bottom - self._bottom, left - self.left, top - self._bottom, right - self.left
        if self._rotation == 180:
            return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
        if self._rotation == 270:
            return self.top - top, self._right - right, self.top - bottom, self._right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom

    def lean_of(self, lean: int) -> int:
        """Return by how many quarters counter-clockwise text leans on the page as it is read."""
        return (lean - self._rotation // 90) % 4

    def upright(self, box: Box, lean: int) -> Box:
        """Return where a box stands when the page is turned clockwise by `lean` quarters, which levels its text."""
        # as turned_back undoes a turn, undoing the opposite one makes it
        return turned_back(box, 90 * lean, self.width, self.height)

    def level(self, run: Run) -> Box:
        """Return where a run stands on the page as it is read, however it leans."""
        if not run.lean:
            return run.box
        size = (self.height, self.width) if run.lean % 2 else (self.width, self.height)
        return turned_back(run.box, (360 - 90 * run.lean) % 360, *size)


class Run:
    """Characters that follow each other on one line and share one reason for not being seen."""

    def __init__(self, box: Box, why: str, lean: int = 0) -> None:
        self.left, self.top, self.right, self.bottom = box
        self.why = why
        self.lean = lean
        self.is_down = False
        # left, right, the character, the space before it ("~" is one that PDFium made up)
        self.chars: list[tuple[float, float, str, str]] = []
        self.text = ""
        self.lost = 0

    @property
    def box(self) -> Box:
        """The box around the run."""
        return self.left, self.top, self.right, self.bottom

    @property
    def size(self) -> float:
        """The height of its line, in points."""
        return self.bottom - self.top

    def goes_on(self, box: Box) -> bool:
        """Return whether a character stands on the line of this run, right behind it."""
        left, top, _, bottom = box
        if self.is_down:
            return False
        size = self.bottom - self.top or 1.0
        if not -0.6 * size <= left - self.right <= 1.9 * size:
            return False
        overlap = (bottom if bottom < self.bottom else self.bottom) - (top if top > self.top else self.top)
        return overlap >= 0.5 * min(size, bottom - top or 1.0)

    def goes_down(self, char: str, box: Box) -> bool:
        """Return whether a Chinese character stands right below the last one, as vertical text does.

        From the second character on, what is kept of each is where it begins and ends from the top.
        """
        left, top, right, bottom = box
        size = min(right - left, bottom - top)
        last = self.chars[-1][2]
        if not (self.is_down or len(self.chars) == 1) or not (is_cjk(char) and is_cjk(last)):
            return False
        if abs((left + right) / 2 - (self.left + self.right) / 2) > 0.2 * size or top <= self.top:
            return False
        if abs(top - self.bottom) > 0.35 * size:
            return False
        if not self.is_down:
            self.chars = [(self.top, self.bottom, last, "")]
        return True

    def add_below(self, char: str, box: Box) -> None:
        """Take in a character that `goes_down`."""
        self.is_down = True
        self.add(char, box, "")
        self.chars[-1] = (box[1], box[3], char, "")

    def pieces(self, walls: list[float]) -> Iterator[Run]:
        """Yield the run in the pieces into which walls of table cells (points from the left) cut it."""
        parts: dict[int, list[tuple[float, float, str, str]]] = {}
        for one in self.chars:
            parts.setdefault(bisect(walls, (one[0] + one[1]) / 2), []).append(one)
        for _, chars in sorted(parts.items()):
            box = min(one[0] for one in chars), self.top, max(one[1] for one in chars), self.bottom
            piece = Run(box, self.why, self.lean)
            piece.chars = [(*chars[0][:3], ""), *chars[1:]]
            yield piece

    def singles(self) -> Iterator[Run]:
        """Yield the characters of a run that goes down, each as a run of its own."""
        for top, bottom, char, _ in self.chars:
            single = Run((self.left, top, self.right, bottom), self.why, self.lean)
            single.chars = [(self.left, self.right, char, "")]
            yield single

    def add_stretch(self, text: str, box: Box, space: str) -> None:
        """Take in characters that are set evenly in a box."""
        left, top, right, bottom = box
        step = (right - left) / len(text)
        self.add(text[0], (left, top, left + step, bottom), space)
        self.chars += [
            (left + at * step, left + (at + 1) * step, char, "") for at, char in enumerate(text[1:], 1)
        ]
        self.right = max(self.right, right)

    def add(self, char: str, box: Box, space: str) -> None:
        """Take in a character (written out: this runs for every character)."""
        left, top, right, bottom = box
        self.chars.append((left, right, char, space))
        if left < self.left:
            self.left = left
        if top < self.top:
            self.top = top
        if right > self.right:
            self.right = right
        if bottom > self.bottom:
            self.bottom = bottom

    def ended(self) -> Run:
        """Return the run with its text, from which characters without a code are taken and counted (bullets are not)."""
        if any(two[0] < one[0] for one, two in pairwise(self.chars)):
            self.chars.sort(key=lambda char: char[0])
        parts = [
            self._space(at) + char if space else char for at, (_, _, char, space) in enumerate(self.chars)
        ]
        text = "".join(parts)
        # what opens a line is a bullet of a symbol font
        is_bullet = len(text) > 1 and STRANGE.match(text) is not None
        self.text, lost = STRANGE.subn("", text)
        self.lost = lost - is_bullet
        return self

    def takes(self, other: Run) -> bool:
        """Take in a shorter run that fits into a gap of this one, and return whether it did."""
        middle = (other.top + other.bottom) / 2
        if other.why != self.why or other.is_down or self.is_down or not (self.top < middle < self.bottom):
            return False
        if other.left <= self.left or other.right >= self.right:
            return False
        left, right = other.left + 0.1 * other.size, other.right - 0.1 * other.size
        if any(one[0] < right and one[1] > left for one in self.chars):
            return False
        self.chars += other.chars
        return True

    def _space(self, at: int) -> str:
        """Return the space that stands in a gap: a real one where it takes room, of those made up the likely ones.

        Beside Chinese characters it is a space where it is wider than such gaps are in this run: letters spread
        evenly (通 知 书, justified lines) and the quarter em that Word sets beside digits hold none.
        """
        kind, space = self._kind(at), self.chars[at][3]
        if at == 0 or (space != "~" and kind and self._gap(at) < 0.05 * self.size):
            return ""
        if space != "~" or kind == 0:
            return space.replace("~", " ")
        usual = median(self._gap(each) for each in range(1, len(self.chars)) if self._kind(each) == kind)
        if kind == 1:
            usual = min(usual, 0.25 * self.size)
        return " " if self._gap(at) - usual >= (0.25 if kind == 2 else 0.1) * self.size else ""

    def _gap(self, at: int) -> float:
        return self.chars[at][0] - self.chars[at - 1][1]

    def _kind(self, at: int) -> int:
        """Return how many of the two characters at a gap are Chinese."""
        return is_cjk(self.chars[at - 1][2]) + is_cjk(self.chars[at][2])


def whole_runs(glyphs: Iterable[Glyph], tables: list[Table]) -> list[Run]:
    """Return the runs of a page, with those that were drawn apart but stand inside another put into it.

    Programs draw the marks of another font (“ ”) before or after the line in which they stand. What the wall of a
    table cell cuts is two runs.
    """
    runs = [part for run in _runs(glyphs) for part in _settled(run, tables)]
    kept = []
    for at, run in enumerate(runs):
        near = runs[max(0, at - 8) : at] + runs[at + 1 : at + 9] if len(run.chars) <= 8 else []
        if not any(other.takes(run) for other in near if len(other.chars) > len(run.chars)):
            kept.append(run)
    return [run.ended() for run in kept]


def _settled(run: Run, tables: list[Table]) -> Iterator[Run]:
    """Yield a run, or what it is made of where it is none."""
    if run.is_down and len(run.chars) < _SHORTEST_COLUMN:
        yield from run.singles()
        return
    walls = cut(*run.box, tables) if tables and not run.is_down and not run.lean else []
    if walls:
        yield from run.pieces(walls)
    else:
        yield run


def _runs(glyphs: Iterable[Glyph]) -> Iterator[Run]:
    """Yield the stretches of text of a page in the order of its content stream."""
    run: Run | None = None
    space = ""
    for char, box, why, is_made, lean in glyphs:
        if char == " " or char == "\u3000":
            space = space or (char if char == "\u3000" else "~" if is_made else " ")
            continue
        is_same = run is not None and why == run.why and lean == run.lean
        if len(char) > 1:
            if run is None or not is_same or not run.goes_on(box):
                if run is not None:
                    yield run
                run = Run(box, why, lean)
            run.add_stretch(char, box, space)
        elif run is not None and is_same and run.goes_on(box):
            run.add(char, box, space)
        elif run is not None and is_same and run.goes_down(char, box):
            run.add_below(char, box)
        else:
            if run is not None:
                yield run
            run = Run(box, why, lean)
            run.add(char, box, space)
        space = ""
    if run is not None:
        yield run
