"""What a Word file says of its paragraphs and runs: heading levels, and whether a reader can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

# an element of lxml, which ships no types
Node = Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

TINY = 4  # half points


class Look(NamedTuple):
    """What decides whether a run can be seen; None where nothing is said."""

    vanish: bool | None = None
    white: bool | None = None
    shaded: bool | None = None
    tiny: bool | None = None

    def over(self, below: Look) -> Look:
        """Return this look where it speaks and the one below where it is silent."""
        return Look(*(low if high is None else high for high, low in zip(self, below, strict=True)))


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
        self.default: str | None = None
        for node in () if root is None else root.findall(f"{W}style"):
            self._add(node)

    def chain(self, style: str | None) -> Iterator[tuple[str, _Style]]:
        """Yield a style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style in self._styles and style not in seen:
            seen.add(style)
            yield style, self._styles[style]
            style = self._styles[style].based_on

    def look(self, style: str | None) -> Look:
        """Return the look that a style gives to its runs."""
        if style not in self._looks:
            look = SILENT
            for _, each in self.chain(style):
                look = look.over(look_of(each.run))
                if each.paragraph is not None and is_coloured(each.paragraph.find(f"{W}shd")):
                    look = look.over(Look(shaded=True))
            self._looks[style] = look
        return self._looks[style]

    def level(self, properties: Node | None, style: str | None) -> int:
        """Return the heading level of a paragraph from its outline level or its style, 0 for body text."""
        outline = val(properties, "outlineLvl")
        for _, each in self.chain(style):
            outline = outline or val(each.paragraph, "outlineLvl")
            named = re.fullmatch(r"(?:heading|标题)\s*(\d)", each.name, re.IGNORECASE)
            if outline is None and named:
                return int(named[1])
            if outline is None and each.name.lower() in ("title", "标题"):
                return 1
        return int(outline) + 1 if outline is not None and outline.isdecimal() and int(outline) < 9 else 0

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
        shades = any(is_coloured(shade) for shade in node.iter(f"{W}shd"))
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
    size = val(properties, "sz")
    return Look(
        switch(properties, "vanish"),
        _whiteness(properties.find(f"{W}color")),
        _groundness(properties),
        int(size) <= TINY if size is not None and size.isdecimal() else None,
    )


def _whiteness(color: Node | None) -> bool | None:
    if color is None:
        return None
    if color.get(f"{W}themeColor") == "background1" and color.get(f"{W}themeShade") is None:
        return True
    return is_white(color.get(f"{W}val", "auto"))


def is_white(value: str) -> bool:
    """Return whether a colour (RRGGBB) cannot be told from white paper."""
    return re.fullmatch(r"(?i)#?(?:f[a-f]){3}", value) is not None


def _groundness(properties: Node) -> bool | None:
    highlight = val(properties, "highlight")
    if highlight is not None and highlight not in ("none", "white"):
        return True
    shade = properties.find(f"{W}shd")
    return None if shade is None else is_coloured(shade)


def is_coloured(shade: Node | None) -> bool:
    """Return whether a shading lays a ground on which white text can be read."""
    if shade is None:
        return False
    if shade.get(f"{W}val") not in (None, "clear", "nil"):
        return True
    fill = shade.get(f"{W}fill", "auto")
    themed = shade.get(f"{W}themeFill") not in (None, "background1")
    return themed or (fill.lower() != "auto" and not is_white(fill))
