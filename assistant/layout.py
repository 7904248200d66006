"""What a letter looks like on paper: measures and fonts as values, and the same in Word's own units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Face:
    """A font for Chinese text and its size in points; Latin letters take `Layout.latin_font`."""

    font: str
    size_pt: float


@dataclass(frozen=True)
class Layout:
    """The official layout of a letter; all values come from knowledge data, none from code.

    `top_mm` (天头) and `binding_mm` (订口, left) are margins, `text_*_mm` the type area (版心), `lines` and
    `characters` its grid. `*_characters` are indents counted in characters of the body size, `*_lines` are
    counted in lines. `page_number_drop_mm` leads from the type area down to the dashes of the page number.
    `substitutes` pairs a font with the one to take where it is not installed. Raises ValueError where the
    type area does not fit on the page.
    """

    page_width_mm: float
    page_height_mm: float
    top_mm: float
    binding_mm: float
    text_width_mm: float
    text_height_mm: float
    lines: int
    characters: int
    latin_font: str
    title: Face
    body: Face
    heading1: Face
    heading2: Face
    page_number: Face
    imprint: Face
    table: Face
    number_align: Literal["right", "center"]
    indent_characters: float
    signature_characters: float
    seal_lines: float
    page_number_drop_mm: float
    substitutes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.right_mm < 0 or self.bottom_mm < 0 or self.lines < 1 or self.characters < 1:
            raise ValueError("版式数值有误：版心超出纸面，或行数、字数不足一")

    @property
    def right_mm(self) -> float:
        """The right margin (切口)."""
        return self.page_width_mm - self.binding_mm - self.text_width_mm

    @property
    def bottom_mm(self) -> float:
        """The margin below the type area."""
        return self.page_height_mm - self.top_mm - self.text_height_mm

    @property
    def line_twips(self) -> int:
        """The line pitch, rounded down so that the last line of the grid still fits."""
        return math.floor(self._text_height_twips / self.lines)

    @property
    def character_pt(self) -> float:
        """The pitch of characters: the width of the type area shared among those of one line."""
        width = twips(self.page_width_mm) - twips(self.binding_mm) - twips(self.right_mm)
        return width / 20 / self.characters

    @property
    def character_space_twips(self) -> int:
        """What the pitch of characters differs from the body size, rounded down so that a full line fits.

        It is written as letter spacing: a grid of characters (`w:docGrid` of type linesAndChars) comes out
        with half the characters in LibreOffice 7.4, this comes out alike everywhere.
        """
        return math.floor((self.character_pt - self.body.size_pt) * 20)

    @property
    def _text_height_twips(self) -> int:
        return twips(self.page_height_mm) - twips(self.top_mm) - twips(self.bottom_mm)


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point, Word's unit of length."""
    return round(mm * 1440 / 25.4)
