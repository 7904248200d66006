"""A web page (.html, .htm, or HTML under the name .doc or .xls) becomes a Reading: what a person sees of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingestion.clean import Pen, is_cjk, normalise, strange_share
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.markup import MarkupError, Node, html_root, walk
from ingestion.pagestyle import Sheet, sheet_of
from ingestion.plain import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,30})|<\?xml[^>]{0,100}?encoding=["']([\w-]{2,30})""", re.I)
_TEXT_CODEC = re.compile(r"(?:gb|big5|utf|iso|windows|hz|euc|shift|cp\d|koi|ascii|us-ascii|latin|x-gbk|x-mac)", re.I)
_STRANGE_LIMIT = 0.02
_SAVE_AGAIN = "请用浏览器打开，确认文字正常后另存为网页，或复制到 Word/WPS 存为 .docx 再添加"

_UNSHOWN = frozenset("script style template noscript iframe object audio video canvas map datalist head title".split())
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre section summary ul "
    "table caption thead tbody tfoot tr td th textarea".split()
)
_CELLS = ("td", "th")
_SHOWN_INPUTS = ("", "text", "number", "date", "email", "tel", "search", "url", "submit", "button", "reset")


def read_page(data: bytes, name: str) -> Reading:
    """Read HTML: a block for each paragraph, heading and table cell; cells of a row are joined by tabs.

    The title stands first unless the page shows it itself. Text that nobody sees (display:none, hidden, white on
    white, deleted) is kept apart as Hidden; scripts, styles and comments are no text. Raises UnreadableFile.
    """
    return page_reading(decode_page(data, name), name)


def page_reading(text: str, name: str) -> Reading:
    """Read the HTML that a text holds, see `read_page`."""
    try:
        root = html_root(text)
    except MarkupError as error:
        raise UnreadableFile(name, "网页嵌套过深或过大，读不完整", _SAVE_AGAIN) from error
    if root is None:
        return Reading("", ())
    title = _title(root)
    writer = _Writer(sheet_of(root))
    if title and not _shows(root, title):
        writer.pen.put(title, level=1)
        writer.pen.end("\n")
    writer.write(root)
    pictures = sum(1 for _ in root.iter("img"))
    notes = [f"含图片 {pictures} 幅，图中的文字未读"] if pictures else []
    if writer.hidden:
        notes.append("含不可见文字，未作为正文")
    return Reading(writer.pen.text, tuple(writer.pen.blocks), hidden=tuple(writer.hidden), notes=tuple(notes))


def decode_page(data: bytes, name: str) -> str:
    """Return the text of the bytes: by byte order mark, UTF-8, the encoding that the page names, GB18030 and others.

    UTF-8 comes before what the page says of itself, since many a page was converted and its meta was not.
    Raises UnreadableFile.
    """
    named = _CHARSET.search(data[:8192])
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    if named is None or marked or _tried(data, "utf-8") is not None:
        return decode(data, name)
    text = _tried(data, (named[1] or named[2]).decode("ascii"))
    if text is None or strange_share(text) > _STRANGE_LIMIT:
        return decode(data, name)
    return normalise(text)


def _tried(data: bytes, encoding: str) -> str | None:
    if not _TEXT_CODEC.match(encoding):
        return None
    if re.match(r"gb|x-gbk", encoding, re.I):  # pages that call themselves gb2312 use all of GB18030
        encoding = "gb18030"
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _title(root: Node) -> str:
    node = root.find("head/title")
    return "" if node is None else collapse("".join(node.itertext())).strip()


def _shows(root: Node, title: str) -> bool:
    """Whether a heading or a short paragraph of the page says the title, or the title only adds the site to it."""
    bare = re.sub(r"\s+", "", title)
    for node in root.iter("h1", "h2", "h3", "p", "div", "td", "strong", "b", "span"):
        shown = re.sub(r"\s+", "", "".join(node.itertext())) if len(node) < 5 else ""
        if len(shown) >= 4 and (shown == bare or (node.tag in ("h1", "h2") and bare.startswith(shown))):
            return True
    return False


def collapse(text: str) -> str:
    """Return text with each run of white space as one space, and none for a line end between Chinese characters."""

    def one(match: re.Match[str]) -> str:
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        joined = "\n" in match.group() and before and after and is_cjk(before) and is_cjk(after)
        return "" if joined else " "

    return re.sub(r"[ \t\n\r\f\u00a0]+", one, text)


@dataclass
class _Row:
    """Where a table row and its open cell began; the level of the row's table."""

    row: tuple[int, int]
    cell: tuple[int, int] | None = None


@dataclass
class _Writer:
    """Writes what is seen of a page, element after element; nested as deeply as it may be, nothing recurses."""

    sheet: Sheet
    pen: Pen = field(default_factory=Pen)
    hidden: list[Hidden] = field(default_factory=list)
    _line: list[str] = field(default_factory=list)
    _levels: list[int] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _lists: list[int | None] = field(default_factory=list)  # the next number of each open list
    _kept: int = 0  # open elements that keep white space

    def write(self, root: Node) -> None:
        """Write an element with all that is in it."""
        skipped: Node | None = None
        for event, node in walk(root):
            if skipped is not None:
                if event == "end" and node is skipped:
                    skipped = None
                    self._put(node.tail)
            elif event == "start":
                if not isinstance(node.tag, str) or self._is_skipped(node):
                    skipped = node
                else:
                    self._start(node)
            else:
                self._end(node)
                if node is not root:
                    self._put(node.tail)
        self._flush()

    def _is_skipped(self, node: Node) -> bool:
        if node.tag in _UNSHOWN:
            return True
        why = "<del> 标记为删除的文字" if node.tag == "del" else self.sheet.why_hidden(node)
        if why:
            text = collapse(" ".join(_seen_texts(node))).strip()
            if text:
                self.hidden.append(Hidden(text, why))
        return bool(why)

    def _start(self, node: Node) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._levels.append(int(tag[1]))
        elif tag in ("pre", "textarea"):
            self._kept += 1
        elif tag == "br":
            self._flush()
        elif tag in ("ol", "ul", "dir", "menu"):
            self._lists.append(_first_number(node) if tag == "ol" else None)
        elif tag == "li":
            self._number(node)
        elif tag == "tr":
            self._rows.append(_Row(self.pen.place()))
        elif tag in _CELLS and self._rows:
            self._rows[-1].cell = self.pen.place()
        elif tag == "input" and node.get("type", "").lower() in _SHOWN_INPUTS:
            self._put(node.get("value"))
        self._put(node.text)

    def _end(self, node: Node) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            self._levels.pop()
        elif tag in ("pre", "textarea"):
            self._kept -= 1
        elif tag in ("ol", "ul", "dir", "menu"):
            self._lists.pop()
        elif tag in _CELLS and self._rows and (begun := self._rows[-1].cell) is not None:
            self.pen.end_cell(begun)
            self._rows[-1].cell = None
        elif tag == "tr":
            self.pen.end_row(self._rows.pop().row)

    def _number(self, node: Node) -> None:
        """Write the number of a list item as browsers show it."""
        if not self._lists or self._lists[-1] is None:
            return
        given = node.get("value", "")
        number = int(given) if re.fullmatch(r"-?\d{1,9}", given) else self._lists[-1]
        self._lists[-1] = number + 1
        self._line.append(f"{number}.")

    def _put(self, text: str | None) -> None:
        if not text:
            return
        if not self._kept:
            self._line.append(text)
            return
        *lines, rest = text.split("\n")
        for line in lines:
            self._line.append(line)
            self._flush()
        self._line.append(rest)

    def _flush(self) -> None:
        """Write the line that is open, if it has any text."""
        if not self._line:
            return
        whole = "".join(self._line)
        self._line.clear()
        text = whole.rstrip() if self._kept else collapse(whole).strip()
        if text.strip():
            self.pen.put(text, self._levels[-1] if self._levels and len(text) < 200 else 0)
            self.pen.end("\n")


def _seen_texts(node: Node) -> list[str]:
    texts = []
    for each in node.iter():
        if each.tag not in _UNSHOWN and each.text:
            texts.append(each.text)
        if each is not node and each.tail:
            texts.append(each.tail)
    return texts


def _first_number(node: Node) -> int | None:
    if re.search(r"list-style(?:-type)?\s*:[^;]*\bnone", node.get("style", ""), re.I):
        return None
    given = node.get("start", "")
    return int(given) if re.fullmatch(r"-?\d{1,9}", given) else 1
