"""A PDF with a text layer becomes a Reading: lines grow back into paragraphs, each with its page and box."""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.clean import (
    Box,
    Pen,
    heading_level,
    is_cjk,
    is_page_number,
    is_strange,
    join_lines,
    starts_item,
)
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile

# PDFium is not thread-safe, whatever document a thread works on; held page by page
_PDFIUM = threading.Lock()

_TINY = 2.0  # points
_EDGE = 0.12  # share of the page height in which headers and footers stand
_ABOVE_BODY = 70.0  # points: nearer to the edge than the body of any usual page (Word: 72, GB/T 9704: 105)
_STRANGE_SHARE = 0.05
_ENDS = "。；：！？.;:!?”』」】）)》…"


def read_pdf(data: bytes, name: str) -> Reading:
    """Read the text layer of a PDF: a block for each paragraph and page, boxes in points from the upper left.

    Repeated headers and footers stand once at the end, page numbers go; text that nobody sees is kept apart
    as Hidden. A page without a text layer is named in the notes. Raises UnreadableFile.
    """
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-4096:]:
        raise UnreadableFile(name, "文件不完整（缺少结尾，可能没有下载完）", "请重新下载或向来源重新索取")
    document = _open(data, name)
    try:
        pages = [_page(document, index) for index in range(len(document))]
        has_form = document.get_formtype() not in (None, raw.FORMTYPE_NONE)
    finally:
        with _PDFIUM:
            document.close()
    if not any(page.rows for page in pages):
        raise _no_text(pages, name)
    furniture = _take_furniture(pages)
    pen = Pen()
    _write(pen, pages)
    for _, row in furniture:
        pen.put(row.text, page=row.page, box=row.box)
        pen.end("\n")
    hidden = tuple(hidden for page in pages for hidden in page.hidden)
    return Reading(pen.text, tuple(pen.blocks), hidden=hidden, notes=_notes(pages, furniture, has_form))


@dataclass(frozen=True)
class _Segment:
    """Characters that stand side by side on one line, with their box from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        """The height of the characters, in points."""
        return self.bottom - self.top

    @property
    def box(self) -> Box:
        """Left, top, right, bottom, rounded to a hundredth of a point."""
        return (round(self.left, 2), round(self.top, 2), round(self.right, 2), round(self.bottom, 2))


@dataclass(frozen=True)
class _Row:
    """One line of a page: one segment, or several that stand far apart (cells of a table)."""

    segments: tuple[_Segment, ...]
    page: int
    column: int = 0

    @property
    def text(self) -> str:
        """The text of the row, segments separated by tabs."""
        return "\t".join(segment.text for segment in self.segments)

    @property
    def box(self) -> Box:
        """The box around the row."""
        return _around([segment.box for segment in self.segments])

    @property
    def size(self) -> float:
        """The height of its characters, in points."""
        return max(segment.size for segment in self.segments)


@dataclass
class _Page:
    """What was read of one page."""

    number: int
    width: float
    height: float
    rows: list[_Row] = field(default_factory=list)
    columns: int = 1
    hidden: list[Hidden] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_blank: bool = False


def _open(data: bytes, name: str) -> pdfium.PdfDocument:
    try:
        with _PDFIUM:
            document = pdfium.PdfDocument(data)
            count = len(document)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFile(
                name, "PDF 有密码保护", "请先取消密码（打开后另存或打印为新的 PDF）再添加"
            ) from error
        raise UnreadableFile(name, "PDF 损坏或不完整", "请重新下载或向来源重新索取") from error
    if not count:
        raise UnreadableFile(name, "PDF 里没有一页", "请重新下载或向来源重新索取")
    return document


def _no_text(pages: list[_Page], name: str) -> UnreadableFile:
    if any(page.hidden for page in pages):
        return UnreadableFile(name, "PDF 里只有看不见的文字", "请向来源核实，或打印为图片后识别文字再添加")
    if any("未能读出" in note for page in pages for note in page.notes):
        return UnreadableFile(
            name, "PDF 的文字没有可用的编码", "请用原文件（Word）添加，或识别文字（OCR）后再添加"
        )
    return UnreadableFile(
        name, "PDF 各页都没有文字层（多半是扫描件）", "请先用扫描软件识别文字（OCR），存为可搜索的 PDF 再添加"
    )


# --- from characters to rows ------------------------------------------------------------------------------


def _page(document: pdfium.PdfDocument, index: int) -> _Page:
    """Read one page; one that cannot be loaded is named in its notes."""
    try:
        with _PDFIUM:
            page = document[index]
            try:
                return _read_page(page, index + 1)
            finally:
                page.close()
    except pdfium.PdfiumError:
        return _Page(index + 1, 0, 0, notes=[f"第{index + 1}页损坏，未读"])


def _read_page(page: pdfium.PdfPage, number: int) -> _Page:
    width, height = page.get_size()
    read = _Page(number, width, height)
    objects = _Objects(page)
    textpage = page.get_textpage()
    try:
        runs = list(_runs(textpage, _Frame(page), objects))
    finally:
        textpage.close()
    is_scan = _is_text_of_scan(runs, objects, width * height)
    shown = [run for run in runs if not run.why or (is_scan and run.why == "隐形文字")]
    read.hidden = [Hidden(run.text, run.why) for run in runs if run not in shown and run.text.strip()]
    if is_scan:
        read.notes.append(f"第{number}页文字来自扫描件自带的识别层，未经核对")
    _note_gaps(read, runs, objects)
    read.rows, read.columns = _rows([_Segment(run.text.rstrip(), *run.box) for run in shown], read)
    return read


def _note_gaps(read: _Page, runs: list[_Run], objects: _Objects) -> None:
    """Say what of the page was not read: characters without a code, or a page without a text layer."""
    lost = sum(run.lost for run in runs)
    read.is_blank = objects.count == 0
    if lost and lost > _STRANGE_SHARE * sum(len(run.text) + run.lost for run in runs):
        read.notes.append(f"第{read.number}页有 {lost} 个字符没有可用的编码，未能读出，未读全")
    elif not runs and not read.is_blank:
        read.notes.append(f"第{read.number}页没有文字层，未读")


class _Frame:
    """Turns boxes of the page's own space into points from the upper left corner of the page as shown."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()
        self.width, self.height = page.get_size()

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return (left, top, right, bottom) as shown."""
        if self._rotation == 90:
            return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
        if self._rotation == 180:
            return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
        if self._rotation == 270:
            return self._top - top, self._right - right, self._top - bottom, self._right - left
        return left - self._left, self._top - top, right - self._left, self._top - bottom

    def holds(self, box: Box) -> bool:
        """Return whether the middle of a box lies on the page."""
        across, down = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return -1 <= across <= self.width + 1 and -1 <= down <= self.height + 1


class _Objects:
    """What the objects of a page say of its text: which is invisible, and what lies under white letters."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.why: dict[int, str] = {}
        self.grounds: list[Box] = []
        self.image_area = 0.0
        self.count = raw.FPDFPage_CountObjects(page)
        for index in range(self.count):
            self._look_at(raw.FPDFPage_GetObject(page, index), 0)

    def _look_at(self, item: Any, depth: int) -> None:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            why = _why_unseen(item, depth)
            if why:
                self.why[_address(item)] = why
            if depth == 0:
                _widen(item)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = box = _bounds(item)
            self.image_area += (right - left) * (top - bottom)
            self.grounds.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH and _is_dark(item):
            self.grounds.append(_bounds(item))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                self._look_at(raw.FPDFFormObj_GetObject(item, index), depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            self.grounds.append(_bounds(item))

    def is_on_ground(self, across: float, up: float) -> bool:
        """Return whether a picture or a coloured shape lies under a point of the page's own space."""
        return any(
            left <= across <= right and bottom <= up <= top for left, bottom, right, top in self.grounds
        )


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _bounds(item: Any) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _why_unseen(item: Any, depth: int) -> str:
    """Return why the text of an object is not seen, "" where it is (white letters need a ground as well)."""
    mode = raw.FPDFTextObj_GetTextRenderMode(item)
    if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
        return "隐形文字"
    if mode == raw.FPDF_TEXTRENDERMODE_FILL:
        colour = _fill(item)
        if colour is not None and (colour[3] < 8 or min(colour[:3]) >= 250):
            return "白色文字" if colour[3] >= 8 else "透明文字"
    size, matrix = ctypes.c_float(), raw.FS_MATRIX()
    # inside a form the form's own scale is not known here
    if depth == 0 and raw.FPDFTextObj_GetFontSize(item, size) and raw.FPDFPageObj_GetMatrix(item, matrix):
        return "极小文字" if 0 < size.value * math.hypot(matrix.c, matrix.d) < _TINY else ""
    return ""


def _fill(item: Any) -> tuple[int, int, int, int] | None:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        return None
    return red.value, green.value, blue.value, alpha.value


def _is_dark(item: Any) -> bool:
    """Return whether a shape is filled with a colour on which white letters can be read."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
        return False
    colour = _fill(item)
    return bool(colour and colour[3] > 100 and min(colour[:3]) < 225)


def _widen(item: Any) -> None:
    """Give a text object without extent a stroke, else PDFium drops its characters.

    A single glyph of a font that is neither embedded nor installed has an empty box. The stroke is set in
    memory only and the identity transform makes PDFium measure the object again.
    """
    left, bottom, right, top = _bounds(item)
    if right - left < 0.01 and top - bottom < 0.01:
        raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
        raw.FPDFPageObj_SetStrokeWidth(item, 1.0)
        raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 0, 0)


@dataclass
class _Run:
    """Characters that follow each other on one line and share one reason for not being seen."""

    text: str
    box: Box
    why: str
    lost: int = 0

    @property
    def size(self) -> float:
        """The height of its line, in points."""
        return self.box[3] - self.box[1]


def _runs(textpage: pdfium.PdfTextPage, frame: _Frame, objects: _Objects) -> Iterator[_Run]:
    """Yield the stretches of text of a page in the order of its content stream."""
    run: _Run | None = None
    space = ""
    for char, box, why, generated in _characters(textpage, frame, objects):
        if char.isspace():
            space = space or (char if char == "\u3000" else "~" if generated else " ")
            continue
        if run is None or why != run.why or not _goes_on(run, box):
            if run is not None:
                yield run
            run = _Run("", box, why)
            space = ""
        if is_strange(char):
            run.lost += 1
        else:
            run.text += _gap(run, char, box, space) + char
        run.box, space = _around([run.box, box]), ""
    if run is not None:
        yield run


def _characters(
    textpage: pdfium.PdfTextPage, frame: _Frame, objects: _Objects
) -> Iterator[tuple[str, Box, str, bool]]:
    """Yield (character, box as shown, why it is not seen, whether PDFium made it up)."""
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    rect = raw.FS_RECTF()
    high = 0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        if code in (13, 10, 32, 0xA0):
            yield " ", (0, 0, 0, 0), "", code < 32 or bool(raw.FPDFText_IsGenerated(textpage, index))
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        box_of(textpage, index, rect)
        box = frame.shown(rect.left, rect.bottom, rect.right, rect.top)
        why = "" if frame.holds(box) else "页面之外的文字"
        if objects.why and not why:
            why = _why_of(textpage, index, rect, objects)
        # 2 is PDFium's sign for a hyphen at a line end
        yield ("-" if code == 2 else chr(code)), box, why, False


def _why_of(textpage: pdfium.PdfTextPage, index: int, rect: Any, objects: _Objects) -> str:
    why = objects.why.get(_address(raw.FPDFText_GetTextObject(textpage, index)), "")
    if why == "白色文字" and objects.is_on_ground((rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2):
        return ""
    return why


def _goes_on(run: _Run, box: Box) -> bool:
    """Return whether a character stands on the line of a run, right behind it."""
    size = max(run.size, 1.0)
    overlap = min(run.box[3], box[3]) - max(run.box[1], box[1])
    gap = box[0] - run.box[2]
    return overlap >= 0.5 * min(size, max(box[3] - box[1], 1.0)) and -0.6 * size <= gap <= 1.9 * size


def _gap(run: _Run, char: str, box: Box, space: str) -> str:
    """Return the space before a character: real ones stay, made-up ones only where letters need them."""
    if not run.text or not space or space != "~":
        return space if run.text else ""
    wide = 0.8 if is_cjk(run.text[-1]) and is_cjk(char) else 0.5
    latin = not is_cjk(run.text[-1]) and not is_cjk(char)
    return " " if latin or box[0] - run.box[2] >= wide * run.size else ""


def _is_text_of_scan(runs: list[_Run], objects: _Objects, area: float) -> bool:
    """Return whether the invisible text of a page is the recognised text of the picture above it."""
    unseen = sum(len(run.text) for run in runs if run.why == "隐形文字")
    seen = sum(len(run.text) for run in runs if not run.why)
    return unseen > 5 * seen and objects.image_area > 0.5 * area


def _around(boxes: list[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


# --- from segments to rows --------------------------------------------------------------------------------


def _rows(segments: list[_Segment], page: _Page) -> tuple[list[_Row], int]:
    """Return the rows of a page in reading order and the number of its columns."""
    segments = [segment for segment in segments if segment.text]
    turn = _column_turn(segments, page)
    if turn is None:
        return _in_rows(segments, page.number, 0), 1
    left = _in_rows(segments[:turn], page.number, 0)
    return left + _in_rows(segments[turn:], page.number, 1), 2


def _in_rows(segments: list[_Segment], page: int, column: int) -> list[_Row]:
    """Return segments as rows, from top to bottom; what shares a base line is one row."""
    rows: list[list[_Segment]] = []
    for segment in sorted(segments, key=lambda each: (each.top + each.bottom) / 2):
        last = rows[-1][0] if rows else None
        middle = (segment.top + segment.bottom) / 2
        if last is not None and abs(middle - (last.top + last.bottom) / 2) < 0.4 * min(
            last.size, segment.size
        ):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [_Row(_joined(sorted(row, key=lambda each: each.left)), page, column) for row in rows]


def _joined(segments: list[_Segment]) -> tuple[_Segment, ...]:
    """Return the segments of a row with those that touch made one (the stream may draw them in any order)."""
    out = [segments[0]]
    for segment in segments[1:]:
        last = out[-1]
        if segment.left - last.right < 0.8 * max(last.size, segment.size):
            box = _around([last.box, segment.box])
            out[-1] = _Segment(join_lines(last.text, segment.text), *box)
        else:
            out.append(segment)
    return tuple(out)


def _column_turn(segments: list[_Segment], page: _Page) -> int | None:
    """Return where the stream jumps up to a second column, None for a page of one column."""
    for index, (one, two) in enumerate(pairwise(segments), 1):
        rises = one.top - two.top > 0.3 * page.height
        if not rises or two.left - one.left < 0.3 * page.width:
            continue
        before, after = segments[:index], segments[index:]
        right = [each for each in after if each.left >= two.left - 2 * two.size]
        left = [each for each in before if each.right <= two.left]
        if len(right) >= 4 and len(left) >= 4 and len(right) >= 0.8 * len(after):
            return index
    return None


# --- headers and footers ----------------------------------------------------------------------------------


def _take_furniture(pages: list[_Page]) -> list[tuple[str, _Row]]:
    """Take headers, footers and page numbers out of the pages; return each header and footer once."""
    repeated = _repeated(pages)
    taken: dict[tuple[str, str], _Row] = {}
    for page in pages:
        kept = []
        for row in page.rows:
            where = _edge(row, page)
            if where and len(row.segments) == 1 and is_page_number(row.text):
                continue
            rest = _without(row, where, repeated, taken) if where else row
            if rest is not None:
                kept.append(rest)
        page.rows = kept
    _take_odd_ones(pages, taken)
    return [(where, row) for (where, _), row in taken.items()]


def _edge(row: _Row, page: _Page) -> str:
    """Return 页眉 or 页脚 for a row near the upper or lower edge of its page, else ""."""
    if len(row.segments) > 3:
        return ""
    if row.box[3] <= _EDGE * page.height:
        return "页眉"
    return "页脚" if row.box[1] >= (1 - _EDGE) * page.height else ""


def _key(segment: _Segment, where: str) -> tuple[str, str, int]:
    return where, re.sub(r"\d+", "#", segment.text), round(segment.top / 4)


def _repeated(pages: list[_Page]) -> set[tuple[str, str, int]]:
    """Return the keys of segments that stand at the same edge on at least half of the pages, or a third of many.

    A third, because left and right pages may differ.
    """
    counts: Counter[tuple[str, str, int]] = Counter()
    for page in pages:
        edges = ((row, _edge(row, page)) for row in page.rows)
        counts.update({_key(segment, where) for row, where in edges if where for segment in row.segments})
    filled = sum(bool(page.rows) for page in pages)
    return {
        key for key, count in counts.items() if count >= max(2, filled / 2) or count >= max(3, filled / 3)
    }


def _without(
    row: _Row, where: str, repeated: set[tuple[str, str, int]], taken: dict[tuple[str, str], _Row]
) -> _Row | None:
    """Return the row without its repeated segments, which are kept once in `taken`; None if nothing is left."""
    rest = []
    for segment in row.segments:
        if _key(segment, where) not in repeated:
            rest.append(segment)
        elif not is_page_number(segment.text):
            taken.setdefault((where, re.sub(r"\d+", "#", segment.text)), replace(row, segments=(segment,)))
    return replace(row, segments=tuple(rest)) if rest else None


def _take_odd_ones(pages: list[_Page], taken: dict[tuple[str, str], _Row]) -> None:
    """Take a header or footer that stands on one page only where it tears a sentence in two."""
    filled = [page for page in pages if len(page.rows) >= 1]
    for one, two in pairwise(filled):
        if len(one.rows) > 1 and one.rows[-1].box[1] > one.height - _ABOVE_BODY and _is_open(one.rows[-2]):
            row = one.rows.pop()
            taken.setdefault(("页脚", row.text), row)
        if len(two.rows) > 1 and two.rows[0].box[3] < _ABOVE_BODY and _is_open(one.rows[-1]):
            first, second = two.rows[:2]
            if second.box[1] - first.box[3] > 1.2 * first.size:
                taken.setdefault(("页眉", first.text), two.rows.pop(0))


def _is_open(row: _Row) -> bool:
    """Return whether a line stops in the middle of a sentence."""
    text = row.segments[-1].text
    return len(row.segments) == 1 and text[-1] not in _ENDS and not heading_level(text)


# --- from rows to paragraphs ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Measure:
    """The margins and the usual line distance of a column, in points."""

    left: float
    right: float
    pitch: float
    middle: float


def _write(pen: Pen, pages: list[_Page]) -> None:
    measures = _measures(pages)
    body = _body_size(pages)
    paragraph: list[_Row] = []
    for page in pages:
        for row in page.rows:
            if paragraph and _continues(paragraph[-1], row, measures):
                paragraph.append(row)
                continue
            _write_paragraph(pen, paragraph, body)
            paragraph = [row]
    _write_paragraph(pen, paragraph, body)


def _measures(pages: list[_Page]) -> dict[tuple[int, int], _Measure]:
    """Return the measures of each (page, column); a page with few lines takes those of the document."""
    whole = [row for page in pages for row in page.rows if len(row.segments) == 1]
    measures = {}
    for page in pages:
        for column in range(page.columns):
            rows = [row for row in page.rows if row.column == column and len(row.segments) == 1]
            judged = rows if len(rows) >= 4 else whole
            if not judged:
                continue
            pitches = [two.box[1] - one.box[1] for one, two in pairwise(rows) if two.box[1] > one.box[1]]
            left, right = min(row.box[0] for row in judged), max(row.box[2] for row in judged)
            middle = page.width * 0.55 if page.columns == 1 else (left + right) / 2
            pitch = median(pitches) if pitches else 2 * judged[0].size
            measures[page.number, column] = _Measure(left, right, pitch, middle)
    return measures


def _body_size(pages: list[_Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for row in page.rows:
            sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _continues(one: _Row, two: _Row, measures: dict[tuple[int, int], _Measure]) -> bool:
    """Return whether a line goes on with the paragraph of the line before it.

    It does if that line is full, the type is the same, and this one is neither indented nor further away than
    lines usually are. Over a page break a sentence that stopped short goes on as well.
    """
    if len(one.segments) > 1 or len(two.segments) > 1 or abs(one.size - two.size) > 0.15 * one.size:
        return False
    here, there = measures[one.page, one.column], measures[two.page, two.column]
    if two.box[0] - there.left >= 1.2 * two.size or (one.text[-1] in _ENDS and starts_item(two.text)):
        return False
    if (one.page, one.column) == (two.page, two.column):
        return _is_full(one, here) and two.box[1] - one.box[1] <= 1.3 * here.pitch + 1
    return _is_full(one, here) or (_is_open(one) and not starts_item(two.text))


def _is_full(row: _Row, measure: _Measure) -> bool:
    """Return whether a line ends near the right margin (Latin words wrap earlier than Chinese characters)."""
    slack = (2.2 if is_cjk(row.text[-1]) else 6.0) * row.size
    return row.box[2] >= measure.right - slack and row.box[2] >= measure.middle


def _write_paragraph(pen: Pen, rows: list[_Row], body: float) -> None:
    """Write a paragraph: a block for each page it stands on; cells of a table row are a block each."""
    if not rows:
        return
    first = rows[0]
    if len(first.segments) > 1:
        place = pen.place()
        for segment in first.segments:
            pen.put(segment.text, page=first.page, box=segment.box)
            pen.end("\t")
        pen.end_row(place)
        return
    level = _level(first, body) if len(rows) == 1 else 0
    for page, text, box in _by_page(rows):
        pen.put(text, level, page, box)
    pen.end("\n")


def _by_page(rows: list[_Row]) -> Iterator[tuple[int, str, Box]]:
    """Yield (page, text, box) for each page of a paragraph; the texts one after the other are the paragraph."""
    text = ""
    for index, row in enumerate(rows):
        whole = join_lines(_unhyphened(text, row.text), row.text) if text else row.text
        if index and rows[index - 1].page != row.page:
            boxes = [each.box for each in rows if each.page == rows[index - 1].page]
            joint = whole[: len(whole) - len(row.text.lstrip())]
            yield rows[index - 1].page, joint, _around(boxes)
            whole = row.text.lstrip()
        text = whole
    yield rows[-1].page, text, _around([each.box for each in rows if each.page == rows[-1].page])


def _unhyphened(text: str, following: str) -> str:
    """Return a line without the hyphen that cut its last word."""
    cut = len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and following[:1].islower()
    return text[:-1] if cut else text


def _level(row: _Row, body: float) -> int:
    """Return the heading level of a line: by its number, or 1 where its type is much larger than the body's."""
    level = heading_level(row.text)
    return level or (1 if row.size >= 1.25 * body and len(row.text) <= 60 else 0)


def _notes(pages: list[_Page], furniture: list[tuple[str, _Row]], has_form: bool) -> tuple[str, ...]:
    notes = [note for page in pages for note in page.notes]
    unseen = sum(len(page.hidden) for page in pages)
    if unseen:
        notes.append(f"含不可见文字 {unseen} 处，未作为正文")
    if has_form:
        notes.append("含可填写的表单，填写在表单域里的文字未读")
    return (*notes, *(f"{where}：{row.text}" for where, row in furniture))
