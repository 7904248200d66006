"""What the styles of a web page hide: display:none and its kin in style attributes and in simple rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.markup import Node

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
# @media print {.no-print {…}} and the like hold under conditions that we do not know
_CONDITIONAL = re.compile(r"@[^{};]{0,300}(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]{1,2000})\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]*)?[.#][\w-]+", re.I)
_NAMES = re.compile(r"[.#][\w-]+")
_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;]+)", re.I)
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color|-image)?\s*:\s*([^;]+)", re.I)
_WHITE = re.compile(r"#fff(?:fff)?\b|white\b|rgba?\(\s*255\s*,\s*255\s*,\s*255\b|transparent\b", re.I)
_HIDES = (
    (re.compile(r"(?:^|;)\s*display\s*:\s*none", re.I), "不显示的文字（display:none）"),
    (re.compile(r"(?:^|;)\s*visibility\s*:\s*(?:hidden|collapse)", re.I), "不显示的文字（visibility）"),
    (re.compile(r"(?:^|;)\s*opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)", re.I), "透明的文字"),
    (re.compile(r"(?:^|;)\s*font-size\s*:\s*[01](?:\.\d+)?(?:px|pt)?\s*(?:;|!|$)", re.I), "小得看不见的文字"),
    (re.compile(r"(?:^|;)\s*mso-hide\s*:\s*all", re.I), "隐藏文字（Word）"),
)


@dataclass(frozen=True)
class Sheet:
    """The rules of a page by their simple selectors (`.name`, `#name`, `tag.name`), in lower case."""

    rules: dict[str, str] = field(default_factory=dict)
    is_styled_elsewhere: bool = False

    def why_hidden(self, node: Node) -> str:
        """Return why nobody sees an element with all that is in it, "" where it is seen."""
        if node.get("hidden") is not None:
            return "不显示的文字（hidden）"
        style = self.style(node)
        for pattern, why in _HIDES:
            if pattern.search(style):
                return why
        colour = _COLOUR.search(style)
        if colour is not None and _WHITE.match(colour[1].strip()) and not self._on_ground(node):
            return "白色文字"
        return ""

    def style(self, node: Node) -> str:
        """Return the declarations for an element: of the rules first, then its own."""
        tag = str(node.tag).lower()
        names = [f".{name}" for name in node.get("class", "").lower().split()]
        names += [f"#{node.get('id', '').lower()}"] if node.get("id") else []
        found = [self.rules.get(selector, "") for name in names for selector in (name, tag + name)]
        return ";".join([*filter(None, found), node.get("style", "")])

    def _on_ground(self, node: Node) -> bool:
        """Whether something lies under an element on which white text can be read, or might, for all we know."""
        if self.is_styled_elsewhere:
            return True
        while node is not None:
            given = node.get("bgcolor", "") or node.get("background", "")
            found = _GROUND.search(self.style(node))
            ground = given or (found[1].strip() if found else "")
            if ground and not re.match(r"none|inherit|initial|0", ground, re.I) and not _WHITE.match(ground):
                return True
            node = node.getparent()
        return False


def sheet_of(root: Node) -> Sheet:
    """Return the rules of the `<style>` elements of a page that certainly hold for what they name.

    A class that some other rule shows (`.tab.active {display:block}`) is left out: scripts turn such things on.
    """
    css = "\n".join("".join(node.itertext()) for node in root.iter("style"))[:2_000_000]
    css = _COMMENT.sub("", css.replace("<!--", "").replace("-->", ""))
    found = list(_RULE.finditer(_CONDITIONAL.sub("", css)))
    shown = {name for rule in found if _shows(rule[2]) for name in _NAMES.findall(rule[1].lower())}
    rules: dict[str, str] = {}
    for rule in found:
        for selector in _simple(rule[1].lower()):
            hides = any(pattern.search(rule[2]) for pattern, _ in _HIDES)
            if not (hides and set(_NAMES.findall(selector)) & shown):
                rules[selector] = ";".join(filter(None, (rules.get(selector), rule[2].strip())))
    return Sheet(rules, any("stylesheet" in node.get("rel", "").lower() for node in root.iter("link")))


def _shows(declarations: str) -> bool:
    return re.search(r"display\s*:(?!\s*none)|visibility\s*:\s*visible", declarations, re.I) is not None


def _simple(selectors: str) -> Iterator[str]:
    for selector in selectors.split(","):
        if _SIMPLE.fullmatch(selector.strip()):
            yield selector.strip()
