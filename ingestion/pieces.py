"""What a walk through a Word file carries along: pieces of paragraphs, what holds from above, and its state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from ingestion.clean import Pen
from ingestion.document import Change, Hidden, Reading
from ingestion.numbering import Numbers
from ingestion.styles import PAPER, SILENT, Look, Node, Styles, W, switch

Mark = tuple[Literal["insert", "delete", "move_from", "move_to"], str, str]

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
V = "{urn:schemas-microsoft-com:vml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

TRACKED: dict[str, Literal["insert", "delete", "move_from", "move_to"]] = {
    f"{W}ins": "insert",
    f"{W}del": "delete",
    f"{W}moveFrom": "move_from",
    f"{W}moveTo": "move_to",
}
GONE = ("delete", "move_from")
WRAPPERS = frozenset(
    f"{W}{name}" for name in ("hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir", "sdtContent")
)
_SPEAKING = (f"{W}t", f"{W}delText", f"{W}sym", f"{M}t", f"{A}t")


class Piece(NamedTuple):
    """A stretch of a paragraph: its text, the tracked change it is under, and why it cannot be seen."""

    text: str
    mark: Mark | None = None
    why: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether a tracked change took the piece away."""
        return self.mark is not None and self.mark[0] in GONE

    @property
    def is_final(self) -> bool:
        """Whether the piece stands in the final text."""
        return not self.why and not self.is_gone


@dataclass
class Edit:
    """A tracked change that may still grow: its place in the final text and what it is made of so far."""

    mark: Mark
    start: int
    end: int
    parts: list[str]

    def done(self) -> Change:
        """The change as the reading gives it."""
        kind, author, date = self.mark
        return Change(kind, author, date, self.start, self.end, "".join(self.parts))


@dataclass(frozen=True)
class Context:
    """What is known from above about the part of the tree that is being walked.

    `ground` is the colour under the text (RRGGBB, or `UNKNOWN`); `outer` is the one under the table.
    """

    mark: Mark | None = None
    why: str = ""
    ground: str = PAPER
    outer: str = PAPER
    look: Look = SILENT
    boxed: bool = False

    @property
    def is_gone(self) -> bool:
        """Whether a tracked change took away all that stands here."""
        return self.mark is not None and self.mark[0] in GONE

    def under(self, node: Node, kind: str = "") -> Context:
        """Return the context inside a tracked change; what is deleted stays deleted whatever is inside."""
        if self.is_gone:
            return self
        author, date = node.get(f"{W}author", ""), node.get(f"{W}date", "")
        return replace(self, mark=(TRACKED[kind or node.tag], author, date))

    def unseen(self, why: str) -> Context:
        """Return the context of what cannot be seen; the first reason counts."""
        return replace(self, why=self.why or why)


@dataclass
class Walk:
    """The state of one walk through a document.

    `part` gives the root of a part of its package by its kind (styles, footnotes …) or relationship id;
    `chunk` reads a whole file that stands inside the document, None where it cannot be read.
    """

    part: Callable[[str], Node | None]
    chunk: Callable[[str], Reading | None]
    styles: Styles
    numbers: Numbers
    pen: Pen = field(default_factory=Pen)
    changes: list[Edit] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    carried: list[Piece] = field(default_factory=list)  # paragraphs whose end was deleted
    carries_text: bool = False  # whether something among them was not deleted
    anchored: list[tuple[Node, Context]] = field(default_factory=list)  # boxes and notes of this paragraph
    new_lines: list[tuple[Mark, int, str]] = field(default_factory=list)  # inserted separators it holds back
    late: list[tuple[Mark, str, int]] = field(default_factory=list)  # deletions among those separators
    notes_seen: set[tuple[str, str, bool]] = field(default_factory=set)
    note_parts: dict[str, dict[str, Node]] = field(default_factory=dict)
    pictures: int = 0
    charts: int = 0
    unread: int = 0
    signs: int = 0  # characters of a symbol font of which nothing is known
    objects: list[str] = field(default_factory=list)

    def aside(self) -> Walk:
        """Return a walk of its own through the same package, for text that is not to be written here."""
        return Walk(self.part, self.chunk, self.styles, Numbers())


def alternative(node: Node) -> Node:
    """Return the one branch of an alternative that is read: the first choice, the fallback if that is mute."""
    branches = [*node.findall(f"{MC}Choice"), *node.findall(f"{MC}Fallback")]
    speaking = (branch for branch in branches if next(branch.iter(*_SPEAKING), None) is not None)
    return next(speaking, branches[0] if branches else node)


def controlled(sdt: Node, ctx: Context) -> Context:
    """Return the context inside a content control; its prompt (单击此处输入文字) was written by nobody."""
    prompt = switch(sdt.find(f"{W}sdtPr"), "showingPlcHdr")
    return ctx.unseen("内容控件的填写提示") if prompt else ctx


def written(node: Node) -> str:
    """Return the text of a node of text: white space at its ends counts only where the file says so."""
    text: str = node.text or ""
    if "\n" in text:
        # a line end in the XML is layout of the XML
        first, *between, last = text.split("\n")
        inner = (line.strip(" \t\r") for line in between)
        text = " ".join([first.rstrip(" \t\r"), *filter(None, inner), last.lstrip(" \t\r")])
    kept = node.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return text if kept else text.strip(" \t\r\n")
