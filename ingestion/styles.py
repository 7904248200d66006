"""What a Word file says of its paragraphs and runs: heading levels, and whether a reader can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

# an element of lxml, which ships no types
Node = Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"

PAPER = "FFFFFF"
UNKNOWN = "?"  # a ground of unknown colour: text on it counts as seen
_CLEAR = "clear"  # the colour of text that is drawn with no ink
_TINY = 4  # half points
_NEAR = 5  # of 255 in each channel: closer colours cannot be told apart

_HIGHLIGHTS = {
    "black": "000000",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGray": "808080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "green": "00FF00",
    "lightGray": "C0C0C0",
    "magenta": "FF00FF",
    "red": "FF0000",
    "white": "FFFFFF",
    "yellow": "FFFF00",
}


class Look(NamedTuple):
    """What decides whether a run can be seen; None where nothing is said.

    Colours are RRGGBB, "" for one that adapts to its ground; the size is in half points.
    """

    vanish: bool | None = None
    color: str | None = None
    ground: str | None = None
    size: int | None = None

    def over(self, below: Look) -> Look:
        """Return this look where it speaks and the one below where it is silent."""
        return Look(
            below.vanish if self.vanish is None else self.vanish,
            below.color if self.color is None else self.color,
            below.ground if self.ground is None else self.ground,
            below.size if self.size is None else self.size,
        )

    def why_unseen(self, ground: str) -> str:
        """Return why nobody sees text of this look on a ground (RRGGBB), "" if it can be seen."""
        if self.vanish:
            return "隐藏文字"
        if self.color == _CLEAR:
            return "透明文字"
        ground = self.ground or ground
        if are_alike(self.color or "", ground):
            return "白色文字" if are_alike(ground, PAPER) else "与底色相同的文字"
        return "极小文字" if self.size is not None and self.size <= _TINY else ""


SILENT = Look()


@dataclass
class _Style:
    """One style: its own properties and the style it is based on."""

    name: str
    based_on: str | None
    paragraph: Node | None
    run: Node | None
    shaded_table: bool


class Styles:
    """The styles of a document, asked through their inheritance."""

    def __init__(self, root: Node | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._looks: dict[str | None, Look] = {}
        self._default_look = SILENT
        self.default: str | None = None
        if root is None:
            return
        for node in root.findall(f"{W}style"):
            self._add(node)
        defaults = look_of(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        self._default_look = defaults._replace(vanish=None)

    def chain(self, style: str | None) -> Iterator[tuple[str, _Style]]:
        """Yield a style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style in self._styles and style not in seen:
            seen.add(style)
            yield style, self._styles[style]
            style = self._styles[style].based_on

    def look(self, style: str | None) -> Look:
        """Return the look that a style gives to its runs, without what the document gives to all."""
        if style not in self._looks:
            look = SILENT
            for _, each in self.chain(style):
                look = look.over(look_of(each.run))
                if each.paragraph is not None:
                    look = look.over(Look(ground=ground_of(each.paragraph.find(f"{W}shd"))))
            self._looks[style] = look
        return self._looks[style]

    def run_look(self, properties: Node | None, paragraph: Look) -> Look:
        """Return the look of a run from its own properties, its style, its paragraph and the document."""
        style = self.look(val(properties, "rStyle"))
        own = look_of(properties)
        look = own.over(style).over(paragraph).over(self._default_look)
        if own.vanish is None:
            # between styles the switch toggles (ECMA-376 part 1, 17.7.3)
            look = look._replace(vanish=bool(style.vanish) != bool(paragraph.vanish))
        return look

    def level(self, properties: Node | None, style: str | None) -> int:
        """Return the heading level of a paragraph from its outline level or its style, 0 for body text."""
        outline = val(properties, "outlineLvl")
        if self.is_contents(style):
            return 0
        for _, each in self.chain(style):
            outline = outline or val(each.paragraph, "outlineLvl")
            named = re.fullmatch(r"(?:heading|标题)\s*(\d)", each.name, re.IGNORECASE)
            if outline is None and named:
                return int(named[1])
            if outline is None and each.name.lower() in ("title", "标题"):
                return 1
        return int(outline) + 1 if outline is not None and outline.isdecimal() and int(outline) < 9 else 0

    def is_contents(self, style: str | None) -> bool:
        """Return whether a style is that of a line of the table of contents, which repeats a heading."""
        name = self._styles[style].name if style in self._styles else ""
        return re.fullmatch(r"(?:toc|目录)\s*\d", name, re.IGNORECASE) is not None

    def numbering(self, style: str | None) -> tuple[str | None, str | None, str | None]:
        """Return (number id, level, the style that says so) of a style's automatic number."""
        for key, each in self.chain(style):
            number = None if each.paragraph is None else each.paragraph.find(f"{W}numPr")
            if number is not None and val(number, "numId") is not None:
                return val(number, "numId"), val(number, "ilvl"), key
        return None, None, None

    def shades_tables(self, style: str | None) -> bool:
        """Return whether a table style colours any of its cells."""
        return any(each.shaded_table for _, each in self.chain(style))

    def _add(self, node: Node) -> None:
        key = node.get(f"{W}styleId", "")
        shades = any(ground_of(shade) not in (None, PAPER) for shade in node.iter(f"{W}shd"))
        self._styles[key] = _Style(
            val(node, "name") or "",
            val(node, "basedOn"),
            node.find(f"{W}pPr"),
            node.find(f"{W}rPr"),
            node.get(f"{W}type") == "table" and shades,
        )
        if node.get(f"{W}type") == "paragraph" and _is_on(node.get(f"{W}default", "0")):
            self.default = key


def val(parent: Node | None, child: str) -> str | None:
    """Return `w:val` of the named child, None where parent, child or value are missing."""
    node = None if parent is None else parent.find(f"{W}{child}")
    return None if node is None else node.get(f"{W}val")


def _is_on(value: str | None) -> bool:
    """Return the truth of a Word switch: present with no value means on."""
    return value not in ("0", "false", "off", "none")


def switch(parent: Node | None, child: str) -> bool | None:
    """Return whether the named child switches something on, None where it is missing."""
    node = None if parent is None else parent.find(f"{W}{child}")
    return None if node is None else _is_on(node.get(f"{W}val"))


def look_of(properties: Node | None) -> Look:
    """Return the look that run properties give by themselves."""
    if properties is None or not len(properties):
        return SILENT
    color = properties.find(f"{W}color")
    return Look(
        switch(properties, "vanish"),
        _ink(properties) or (None if color is None else _color(color)),
        _highlight(properties) or ground_of(properties.find(f"{W}shd")),
        _half_points(val(properties, "sz")),
    )


def _half_points(size: str | None) -> int | None:
    """Return a font size; strict files may write 2pt for 4 half points."""
    points = re.fullmatch(r"(\d{1,4})(?:\.\d+)?(pt)?", size or "")
    return int(points[1]) * (2 if points[2] else 1) if points else None


def _color(node: Node) -> str:
    if node.get(f"{W}themeColor") == "background1" and node.get(f"{W}themeShade") is None:
        return PAPER
    value: str = node.get(f"{W}val", "auto")
    return value.upper() if re.fullmatch(r"[0-9A-Fa-f]{6}", value) else ""


def _ink(properties: Node) -> str | None:
    """Return the colour of a text fill of Word 2010, which goes before the plain colour."""
    fill = properties.find(f"{W14}textFill")
    if fill is None:
        return None
    alphas = (int(each.get(f"{W14}val", "0")) for each in fill.iter(f"{W14}alpha") if _is_number(each))
    if fill.find(f"{W14}noFill") is not None or any(alpha >= 95_000 for alpha in alphas):
        outline = properties.find(f"{W14}textOutline")
        drawn = outline is not None and outline.find(f"{W14}noFill") is None and len(outline)
        return "" if drawn else _CLEAR
    rgb, scheme = (fill.find(f"{W14}solidFill/{W14}{name}") for name in ("srgbClr", "schemeClr"))
    if rgb is not None:
        return str(rgb.get(f"{W14}val", "")).upper()
    white = scheme is not None and not len(scheme) and scheme.get(f"{W14}val") in ("bg1", "lt1")
    return PAPER if white else ""


def _is_number(node: Node) -> bool:
    return re.fullmatch(r"\d{1,6}", node.get(f"{W14}val", "")) is not None


def _highlight(properties: Node) -> str | None:
    return _HIGHLIGHTS.get(val(properties, "highlight") or "")


def ground_of(shade: Node | None) -> str | None:
    """Return the colour that a shading lays under text, None where it lets its ground through."""
    if shade is None:
        return None
    pattern = shade.get(f"{W}val")
    if pattern == "solid":
        color = shade.get(f"{W}color", "auto")
        return "000000" if color == "auto" else color.upper()
    if pattern not in (None, "clear", "nil"):
        return UNKNOWN
    fill = shade.get(f"{W}fill", "auto")
    if re.fullmatch(r"[0-9A-Fa-f]{6}", fill):
        return str(fill).upper()
    themed = shade.get(f"{W}themeFill")
    if themed is None:
        return None
    return PAPER if themed == "background1" else UNKNOWN


def is_white(value: str) -> bool:
    """Return whether a colour (RRGGBB) cannot be told from white paper."""
    return are_alike(value.lstrip("#"), PAPER)


def are_alike(one: str, two: str) -> bool:
    """Return whether two colours (RRGGBB) cannot be told apart; what is no such colour is like none."""
    if not all(re.fullmatch(r"[0-9A-Fa-f]{6}", each) for each in (one, two)):
        return False
    pairs = zip(bytes.fromhex(one), bytes.fromhex(two), strict=True)
    return all(abs(high - low) <= _NEAR for high, low in pairs)
