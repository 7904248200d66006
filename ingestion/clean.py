"""Clean text: line ends, headings by Chinese numbering, page furniture, and the pen that keeps spans true."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from ingestion.document import Block

Box = tuple[float, float, float, float]

_HAN = "一二三四五六七八九十百千零〇两"
# 党政机关公文格式 (GB/T 9704-2012, 7.3.3): 一、 then （一） then 1. then （1）
_HEADINGS = (
    (1, re.compile(rf"第[{_HAN}\d]+[编章](?:\s|　|$|[^条款项])")),
    (2, re.compile(rf"第[{_HAN}\d]+节(?:\s|　|$|[^条款项])")),
    (1, re.compile(rf"[{_HAN}]+、")),
    (2, re.compile(rf"[（(][{_HAN}]+[）)]")),
    # not 3.5米 and not 2024年: a digit after the stop makes a number of it
    (3, re.compile(r"\d{1,2}[.．、](?!\d)")),
    (4, re.compile(r"[（(]\d{1,2}[）)]")),
)
_HEADING_LENGTH = 40
_SENTENCE_MARKS = "。；;，,：:、！!？?…"
_STARTS_ITEM = re.compile(
    rf"(?:第[{_HAN}\d]+[编章节条]|[{_HAN}]+、|[（(][{_HAN}\d]+[）)]|\d{{1,2}}[.．、](?!\d)|[①-⑳])"
)
_PAGE_NUMBER = re.compile(
    # bare digits: a year is none
    r"(?:\d{1,3}|[-—–－─·\s]+\d{1,4}[-—–－─·\s]+"
    rf"|第?\s*[\d{_HAN}]{{1,5}}\s*页(?:[\s,，/／]*共\s*[\d{_HAN}]{{1,5}}\s*页)?"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|[Pp]age\s*\d{1,4}(?:\s*of\s*\d{1,4})?)"
)


def normalise(text: str) -> str:
    """Return the text with line feeds for line ends and without a leading byte order mark or NULs.

    Nothing else changes, so a UTF-8 file with such line ends stays what it is, code point for code point.
    """
    return text.removeprefix("\ufeff").replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def is_strange(char: str) -> bool:
    """Return whether a character stands for something undecoded: control, private use, unassigned, U+FFFD."""
    if char in "\t\n\r\x0b\x0c":
        return False
    return char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co", "Cn", "Cs")


def strange_share(text: str) -> float:
    """Return the share (0 to 1) of characters that no honest text holds, see `is_strange`."""
    counts = Counter(text)
    strange = sum(count for char, count in counts.items() if is_strange(char))
    return strange / len(text) if text else 0.0


def heading_level(line: str) -> int:
    """Return 1… if the line is a heading by its Chinese numbering (一、 （一） 1. （1） 第一章), else 0.

    A line that ends in a sentence mark or is long is an item or a paragraph, not a heading.
    """
    line = line.strip()
    if not line or len(line) > _HEADING_LENGTH or line[-1] in _SENTENCE_MARKS:
        return 0
    if "。" in line:
        return 0
    return next((level for level, pattern in _HEADINGS if pattern.match(line)), 0)


def starts_item(line: str) -> bool:
    """Return whether a line opens with a number that begins a paragraph of its own (第五条, 一、, （2）)."""
    return _STARTS_ITEM.match(line.lstrip()) is not None


def is_page_number(line: str) -> bool:
    """Return whether a line holds nothing but a page number (— 1 —, 第 3 页 共 9 页, 3/9)."""
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None


def is_cjk(char: str) -> bool:
    """Return whether no space is wanted beside this character at a line wrap (Han, kana, full-width marks)."""
    return unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…—·"


def join_lines(first: str, second: str) -> str:
    """Return two lines of one paragraph as one: a space at the joint only between Latin words."""
    first, second = first.rstrip(), second.lstrip()
    if not first or not second or is_cjk(first[-1]) or is_cjk(second[0]):
        return first + second
    return f"{first} {second}"


class Pen:
    """Writes a canonical text and marks its blocks, so that spans are right by construction.

    Separators are held back until more text comes: a text neither begins nor ends with one.
    """

    def __init__(self) -> None:
        self.length = 0
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._held = ""

    @property
    def text(self) -> str:
        """The text written so far."""
        return "".join(self._parts)

    def put(self, text: str, level: int = 0, page: int | None = None, box: Box | None = None) -> int:
        """Write one block and return where its text starts; the white space around it is outside the block."""
        if not text:
            return self.length
        if self.length:
            self._append(self._held)
        self._held = ""
        start = self.length
        self._append(text)
        lead = len(text) - len(text.lstrip())
        trail = len(text.rstrip())
        if trail > lead:
            self.blocks.append(Block(start + lead, start + trail, level, page, box))
        return start

    def end(self, separator: str) -> None:
        """Ask for a separator before whatever is written next."""
        self._held += separator

    def end_cell(self, since: tuple[int, int]) -> None:
        """End a table cell: the line ends asked for inside it give way to one tab.

        `since` is what `place` said when the cell began.
        """
        length, held = since
        self._held = self._held[:held] if self.length == length else self._held.rstrip("\n")
        self._held += "\t"

    def end_row(self, since: tuple[int, int]) -> None:
        """End a table row: the tab asked for behind its last cell gives way to a line end.

        A row of empty cells leaves nothing; `since` is what `place` said when the row began.
        """
        length, held = since
        if self.length == length:
            self._held = self._held[:held]
        else:
            self._held = self._held.rstrip("\t") + "\n"

    def place(self) -> tuple[int, int]:
        """Return where the pen stands: the length of the text and of the separators held back."""
        return self.length, len(self._held)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self.length += len(text)


def line_blocks(text: str) -> tuple[Block, ...]:
    """Return one block for each line that is not blank, without the white space around it."""
    blocks = []
    start = 0
    for line in text.split("\n"):
        bare = line.strip()
        if bare:
            at = start + line.index(bare)
            blocks.append(Block(at, at + len(bare), heading_level(bare)))
        start += len(line) + 1
    return tuple(blocks)
