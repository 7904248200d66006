"""A PDF with a text layer becomes a Reading: lines grow back into paragraphs, each with its page and box."""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.clean import Box, Pen, is_cjk
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.lines import Page, Row, Segment, in_reading_order, take_furniture, write_paragraphs

# PDFium is not thread-safe, whatever document a thread works on; held page by page
_PDFIUM = threading.Lock()

_TINY = 2.0  # points
_STRANGE_SHARE = 0.05
# characters that stand for no text: controls, private use, U+FFFD
_STRANGE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ue000-\\uf8ff\\ufffd\\U000f0000-\\U0010ffff]")
_SPACES = frozenset((9, 10, 13, 32, 0xA0))
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)


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
    furniture = take_furniture(pages)
    pen = Pen()
    write_paragraphs(pen, pages)
    for _, row in furniture:
        pen.put(row.text, page=row.page, box=row.box)
        pen.end("\n")
    hidden = tuple(hidden for page in pages for hidden in page.hidden)
    return Reading(pen.text, tuple(pen.blocks), hidden=hidden, notes=_notes(pages, furniture, has_form))


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


def _no_text(pages: list[Page], name: str) -> UnreadableFile:
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


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    """Read one page; one that cannot be loaded is named in its notes."""
    try:
        with _PDFIUM:
            page = document[index]
            try:
                return _read_page(page, index + 1)
            finally:
                page.close()
    except pdfium.PdfiumError:
        return Page(index + 1, 0, 0, notes=[f"第{index + 1}页损坏，未读"])


def _read_page(page: pdfium.PdfPage, number: int) -> Page:
    width, height = page.get_size()
    read = Page(number, width, height)
    objects = _Objects(page)
    textpage = page.get_textpage()
    try:
        runs = _whole_runs(textpage, _Frame(page), objects)
    finally:
        textpage.close()
    is_scan = _is_text_of_scan(runs, objects, width * height)
    shown = [run for run in runs if not run.why or (is_scan and run.why == "隐形文字")]
    read.hidden = [Hidden(run.text, run.why) for run in runs if run not in shown and run.text.strip()]
    if is_scan:
        read.notes.append(f"第{number}页文字来自扫描件自带的识别层，未经核对")
    _note_gaps(read, runs, objects)
    read.rows, read.columns = in_reading_order([Segment(run.text.rstrip(), *run.box) for run in shown], read)
    return read


def _note_gaps(read: Page, runs: list[_Run], objects: _Objects) -> None:
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
        self.left, self._bottom, self._right, self.top = page.get_bbox()
        self._rotation = page.get_rotation()
        self.is_upright = self._rotation == 0
        self.width: float
        self.height: float
        self.width, self.height = page.get_size()

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return (left, top, right, bottom) as shown."""
        if self._rotation == 90:
            return bottom - self._bottom, left - self.left, top - self._bottom, right - self.left
        if self._rotation == 180:
            return self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
        if self._rotation == 270:
            return self.top - top, self._right - right, self.top - bottom, self._right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom


class _Objects:
    """What the objects of a page say of its text: which is invisible, and what lies under white letters."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.why: dict[int, str] = {}
        self.grounds: list[Box] = []
        self.image_area = 0.0
        # PDFium answers into these; made once, for a page may hold thousands of objects
        self._edges = tuple(ctypes.c_float() for _ in range(4))
        self._edge_places = tuple(map(ctypes.byref, self._edges))
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._colour_places = tuple(map(ctypes.byref, self._colour))
        self.count = raw.FPDFPage_CountObjects(page)
        for index in range(self.count):
            self._look_at(raw.FPDFPage_GetObject(page, index), 0)

    def is_on_ground(self, across: float, up: float) -> bool:
        """Return whether a picture or a coloured shape lies under a point of the page's own space."""
        return any(
            left <= across <= right and bottom <= up <= top for left, bottom, right, top in self.grounds
        )

    def _look_at(self, item: Any, depth: int) -> None:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._look_at_text(item, depth)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = box = self._bounds(item)
            self.image_area += (right - left) * (top - bottom)
            self.grounds.append(box)
        elif kind == raw.FPDF_PAGEOBJ_SHADING or (kind == raw.FPDF_PAGEOBJ_PATH and self._is_dark(item)):
            self.grounds.append(self._bounds(item))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 4:
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                self._look_at(raw.FPDFFormObj_GetObject(item, index), depth + 1)

    def _look_at_text(self, item: Any, depth: int) -> None:
        """Note why the text of an object is not seen (white letters need a ground as well)."""
        mode = raw.FPDFTextObj_GetTextRenderMode(item)
        if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            self.why[_address(item)] = "隐形文字"
        elif mode == raw.FPDF_TEXTRENDERMODE_FILL:
            red, green, blue, alpha = self._fill(item)
            if alpha < 8:
                self.why[_address(item)] = "透明文字"
            elif red >= 250 and green >= 250 and blue >= 250:
                self.why[_address(item)] = "白色文字"
        if depth == 0:
            left, bottom, right, top = self._bounds(item)
            if right - left < 0.01 and top - bottom < 0.01 and not _is_embedded(item):
                _widen(item)

    def _bounds(self, item: Any) -> Box:
        raw.FPDFPageObj_GetBounds(item, *self._edge_places)
        left, bottom, right, top = self._edges
        return left.value, bottom.value, right.value, top.value

    def _fill(self, item: Any) -> tuple[int, int, int, int]:
        """Return red, green, blue, alpha (0 to 255); black where PDFium knows no colour."""
        if not raw.FPDFPageObj_GetFillColor(item, *self._colour_places):
            return 0, 0, 0, 255
        red, green, blue, alpha = self._colour
        return red.value, green.value, blue.value, alpha.value

    def _is_dark(self, item: Any) -> bool:
        """Return whether a shape is filled with a colour on which white letters can be read."""
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(item, mode, stroke) or mode.value == raw.FPDF_FILLMODE_NONE:
            return False
        red, green, blue, alpha = self._fill(item)
        return alpha > 100 and min(red, green, blue) < 225


def _address(item: Any) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _is_embedded(item: Any) -> bool:
    font = raw.FPDFTextObj_GetFont(item)
    return bool(font) and raw.FPDFFont_GetIsEmbedded(font) == 1


def _widen(item: Any) -> None:
    """Give a text object without extent a stroke, else PDFium drops its characters.

    A single glyph of a font that is neither embedded nor installed has an empty box. The stroke is set in
    memory only and the identity transform makes PDFium measure the object again.
    """
    raw.FPDFTextObj_SetTextRenderMode(item, raw.FPDF_TEXTRENDERMODE_FILL_STROKE)
    raw.FPDFPageObj_SetStrokeWidth(item, 1.0)
    raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, 0, 0)


class _Run:
    """Characters that follow each other on one line and share one reason for not being seen."""

    def __init__(self, box: Box, why: str) -> None:
        self.left, self.top, self.right, self.bottom = box
        self.why = why
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
        size = self.bottom - self.top or 1.0
        if not -0.6 * size <= left - self.right <= 1.9 * size:
            return False
        overlap = (bottom if bottom < self.bottom else self.bottom) - (top if top > self.top else self.top)
        return overlap >= 0.5 * min(size, bottom - top or 1.0)

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

    def ended(self) -> _Run:
        """Return the run with its text, from which characters without a code are taken and counted."""
        if any(two[0] < one[0] for one, two in pairwise(self.chars)):
            self.chars.sort(key=lambda char: char[0])
        parts = [
            self._space(at) + char if space else char for at, (_, _, char, space) in enumerate(self.chars)
        ]
        self.text, self.lost = _STRANGE.subn("", "".join(parts))
        return self

    def takes(self, other: _Run) -> bool:
        """Take in a shorter run that fits into a gap of this one, and return whether it did."""
        middle = (other.top + other.bottom) / 2
        if other.why != self.why or not (self.top < middle < self.bottom):
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


def _whole_runs(textpage: pdfium.PdfTextPage, frame: _Frame, objects: _Objects) -> list[_Run]:
    """Return the runs of a page, with those that were drawn apart but stand inside another put into it.

    Programs draw the marks of another font (“ ”) before or after the line in which they stand.
    """
    runs = list(_runs(textpage, frame, objects))
    kept = []
    for at, run in enumerate(runs):
        near = runs[max(0, at - 8) : at] + runs[at + 1 : at + 9] if len(run.chars) <= 8 else []
        if not any(other.takes(run) for other in near if len(other.chars) > len(run.chars)):
            kept.append(run)
    return [run.ended() for run in kept]


def _runs(textpage: pdfium.PdfTextPage, frame: _Frame, objects: _Objects) -> Iterator[_Run]:
    """Yield the stretches of text of a page in the order of its content stream."""
    run: _Run | None = None
    space = ""
    for char, box, why, generated in _characters(textpage, frame, objects):
        if char in " \u3000":
            space = space or (char if char == "\u3000" else "~" if generated else " ")
            continue
        if run is None or why != run.why or not run.goes_on(box):
            if run is not None:
                yield run
            run = _Run(box, why)
        run.add(char, box, space)
        space = ""
    if run is not None:
        yield run


def _characters(
    textpage: pdfium.PdfTextPage, frame: _Frame, objects: _Objects
) -> Iterator[tuple[str, Box, str, bool]]:
    """Yield (character, box as shown, why it is not seen, whether PDFium made it up).

    White space is " ", but a full-width space stays one. PDFium gives boxes in the page's own space.
    """
    unicode_of, box_of, whys = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, objects.why
    is_upright, x, y = frame.is_upright, frame.left, frame.top
    beyond, below = frame.width + 1, frame.height + 1
    rect = raw.FS_RECTF()
    place = ctypes.byref(rect)
    high = 0
    for index in range(raw.FPDFText_CountChars(textpage)):
        code = unicode_of(textpage, index)
        if code in _SPACES:
            yield " ", _NOWHERE, "", code < 32 or bool(raw.FPDFText_IsGenerated(textpage, index))
            continue
        if 0xD800 <= code < 0xE000:
            high, code = (
                (code, 0) if code < 0xDC00 else (0, 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00)
            )
            if code < 0x10000:
                continue
        box_of(textpage, index, place)
        left, right, top, bottom = rect.left - x, rect.right - x, y - rect.top, y - rect.bottom
        if not is_upright:
            left, top, right, bottom = frame.shown(rect.left, rect.bottom, rect.right, rect.top)
        why = ""
        if not (right > -1 and left < beyond and bottom > -1 and top < below):
            why = "页面之外的文字"
        elif bottom - top < _TINY and right - left < _TINY:
            why = "极小文字"
        elif whys:
            why = _why_of(textpage, index, rect, objects)
        # 2 is PDFium's sign for a hyphen at a line end
        yield ("-" if code == 2 else chr(code)), (left, top, right, bottom), why, False


def _why_of(textpage: pdfium.PdfTextPage, index: int, rect: Any, objects: _Objects) -> str:
    why = objects.why.get(_address(raw.FPDFText_GetTextObject(textpage, index)), "")
    if why == "白色文字" and objects.is_on_ground((rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2):
        return ""
    return why


def _is_text_of_scan(runs: list[_Run], objects: _Objects, area: float) -> bool:
    """Return whether the invisible text of a page is the recognised text of the picture above it."""
    unseen = sum(len(run.text) for run in runs if run.why == "隐形文字")
    seen = sum(len(run.text) for run in runs if not run.why)
    return unseen > 5 * seen and objects.image_area > 0.5 * area


def _notes(pages: list[Page], furniture: list[tuple[str, Row]], has_form: bool) -> tuple[str, ...]:
    notes = [note for page in pages for note in page.notes]
    unseen = sum(len(page.hidden) for page in pages)
    if unseen:
        notes.append(f"含不可见文字 {unseen} 处，未作为正文")
    if has_form:
        notes.append("含可填写的表单，填写在表单域里的文字未读")
    return (*notes, *(f"{where}：{row.text}" for where, row in furniture))
