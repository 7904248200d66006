"""A PDF becomes a Reading: paragraphs and tables of its text layer with page and box, and pictures of pages recognised."""

from __future__ import annotations

import ctypes
import math
import re
import threading
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingestion.clean import Box, Pen
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.glyphs import Frame, Glyph, Run, whole_runs
from ingestion.leaf import Matrix, Page, Segment, moved
from ingestion.lines import told, unsure_notes, write_pages
from ingestion.tables import THIN, Rule, Table, arrange, straight, tables

if TYPE_CHECKING:
    from PIL.Image import Image

# PDFium is not thread-safe, whatever document a thread works on; held page by page
_PDFIUM = threading.Lock()

_TINY = 2.0  # points
# Chinese characters and marks that take a whole em each (not “ ” ‘ ’ … —, whose width is the font's choice)
_STRETCH = re.compile("[\u3400-\u9fff，。、；：？！（）《》]{4,}")
_STRANGE_SHARE = 0.05
_SPACES = frozenset((9, 10, 13, 32, 0xA0))
_NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
_DPI = 200
_MOST_PIXELS = 16_000_000  # A3 at 200 dpi is 8 million; larger paper is looked at from further away
_PICTURE_SHARE = 0.03  # of the page: smaller pictures are emblems and ornaments
_FEW = 20  # characters over a picture: with more of them it is a background
_MOST_CHARACTERS = 400_000  # on one page
_MOST_GROUNDS = 400
_MOST_SEGMENTS = 20_000  # of paths on one page, looked at for the rules of tables


def read_pdf(data: bytes, name: str) -> Reading:
    """Read a PDF: a block for each paragraph (table cell) and page, boxes in points from the upper left.

    Pages and pictures without a text layer are recognised: their blocks have a confidence. Repeated headers and
    footers stand once at the end, page numbers go; text that nobody sees is kept apart as Hidden. What could not
    be read is named in the notes. Raises UnreadableFile.
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
    if not any(page.rows or page.seals for page in pages):
        raise _no_text(pages, name)
    pen = Pen()
    notes = write_pages(pen, pages)
    hidden = tuple(hidden for page in pages for hidden in page.hidden)
    more = unsure_notes(pen.blocks)
    return Reading(
        pen.text, tuple(pen.blocks), hidden=hidden, notes=(*_notes(pages, has_form), *notes, *more)
    )


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
        return UnreadableFile(name, "PDF 里只有看不见的文字", "请向来源核实，或打印为图片后再添加")
    if any("未能读出" in note for page in pages for note in page.notes):
        return UnreadableFile(
            name, "PDF 的文字没有可用的编码，按图像也没有识别出文字", "请用原文件（Word）添加，或打印后扫描再添加"
        )
    return UnreadableFile(
        name, "PDF 各页都没有文字层（多半是扫描件），也没有识别出文字", "请确认扫描清楚、方向正确，或用扫描软件识别文字（OCR）后再添加"
    )


# --- one page ---------------------------------------------------------------------------------------------


def _page(document: pdfium.PdfDocument, index: int) -> Page:
    """Read one page; one that cannot be loaded is named in its notes. Recognition lets other threads at PDFium."""
    picture: Image | None = None
    try:
        with _PDFIUM:
            page = document[index]
            try:
                reader = _PageReader(page, index + 1)
                reader.read()
                picture = reader.picture() if reader.is_to_recognise else None
            finally:
                page.close()
    except pdfium.PdfiumError:
        return Page(index + 1, 0, 0, notes=[f"第{index + 1}页损坏，未读"])
    if picture is not None:
        reader.recognise(picture)
    return reader.page


class _PageReader:
    """Reads one page: its text layer first, then, as a picture, what the layer does not tell."""

    def __init__(self, page: pdfium.PdfPage, number: int) -> None:
        self._pdf = page
        self._objects = _Objects(page)
        self._frame = Frame(page.get_bbox(), page.get_rotation(), page.get_size(), self._objects.lean)
        self.page = Page(number, self._frame.width, self._frame.height, quarter=self._frame.quarter)
        self._segments: list[Segment] = []
        self._tables: list[Table] = []
        # pictures to be recognised in points of the page as it is read; None stands for all of the page
        self._pictures: list[Box] | None = []

    @property
    def is_to_recognise(self) -> bool:
        """Whether the page, or a picture on it, must be recognised."""
        return self._pictures is None or bool(self._pictures)

    def read(self) -> None:
        """Read the text layer."""
        objects, read = self._objects, self.page
        self._tables = tables(*self._rules())
        textpage = self._pdf.get_textpage()
        try:
            if raw.FPDFText_CountChars(textpage) > _MOST_CHARACTERS:
                read.notes.append(f"第{read.number}页文字过多，只读了前 {_MOST_CHARACTERS} 个字符，未读全")
            glyphs = _characters(textpage.raw, self._frame, objects, bool(self._tables))
            runs = whole_runs(glyphs, self._tables)
        finally:
            textpage.close()
        is_scan = _is_text_of_scan(runs, objects, read.width * read.height)
        shown = [run for run in runs if not run.why or (is_scan and run.why == "隐形文字")]
        read.hidden = [Hidden(run.text, run.why) for run in runs if run not in shown and run.text.strip()]
        if is_scan:
            read.notes.append(f"第{read.number}页文字来自扫描件自带的识别层，未经核对")
        self._segments = [Segment(run.text.rstrip(), *self._frame.level(run)) for run in shown]
        read.is_blank = objects.count == 0
        lost = self._lost(runs)
        if lost or not (shown or read.is_blank):
            self._pictures = None
        elif not is_scan:
            self._pictures = self._bare_pictures()
        arrange(read, self._segments, self._tables)

    def _lost(self, runs: list[Run]) -> bool:
        """Note characters of the layer without a usable code; return whether they are too many to rely on it."""
        lost = sum(run.lost for run in runs)
        share = lost / max(1, sum(len(run.text) + run.lost for run in runs))
        if lost:
            self.page.notes.append(
                f"第{self.page.number}页有 {lost} 个字符没有可用的编码，未能读出，未读全"
            )
        return share > _STRANGE_SHARE and (lost >= 5 or share > 0.2)

    def _rules(self) -> tuple[list[Rule], list[Rule]]:
        across, down = [], []
        for box in self._objects.rules:
            left, top, right, bottom = self._frame.shown(*box)
            if bottom - top < right - left:
                across.append(Rule((top + bottom) / 2, left, right))
            else:
                down.append(Rule((left + right) / 2, top, bottom))
        return across, down

    def _bare_pictures(self) -> list[Box]:
        """Return the pictures of some size that carry next to no text of the layer."""
        area = self.page.width * self.page.height
        boxes = [self._frame.shown(*box) for box in self._objects.pictures]
        if self._objects.image_area < 0.3 * area:  # else a scan may lie there in many strips
            boxes = [box for box in boxes if (box[2] - box[0]) * (box[3] - box[1]) >= _PICTURE_SHARE * area]
        over = sum(
            len(each.text)
            for each in self._segments
            if any(
                box[0] <= (each.left + each.right) / 2 <= box[2] and box[1] <= (each.top + each.bottom) / 2 <= box[3]
                for box in boxes
            )
        )
        return boxes if over <= _FEW else []

    def picture(self) -> Image | None:
        """Return the page as a picture, turned as it is read; None where it cannot be drawn."""
        width, height = self._pdf.get_size()
        scale = min(_DPI / 72, math.sqrt(_MOST_PIXELS / max(width * height, 1)), 12_000 / max(width, height, 1))
        if min(width, height) * scale < 8:
            self.page.notes.append(f"第{self.page.number}页大小异常，图像部分未识别")
            return None
        bitmap = self._pdf.render(scale=scale, rotation=0, rev_byteorder=True)
        try:
            picture: Image = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
        return picture

    def recognise(self, picture: Image) -> None:
        """Recognise the page, or the pictures on it, and put what was found into the page."""
        from ingestion.image import only, turned
        from ingestion.scan import read_into

        picture = turned(picture, self._frame.quarter)
        if self._pictures is None:
            layer = self.page.rows, self.page.columns, list(self.page.notes)
            self.page.notes = [note for note in self.page.notes if "未能读出" not in note]
            read_into(self.page, picture)
            if not self.page.rows and layer[0]:
                # nothing was drawn of it (a font that is neither embedded nor here): what the layer tells is more
                self.page.rows, self.page.columns, self.page.notes = layer
                self.page.is_recognised = False
            return
        scale = picture.width / self.page.width
        boxes = [(box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale) for box in self._pictures]
        read_into(self.page, only(picture, boxes), self._segments, self._tables)


class _Objects:
    """What the objects of a page say of its text: which is invisible or leans, what lies under it, what rules it."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.why: dict[int, str] = {}
        self.leans: dict[int, int] = {}
        self.grounds: list[Box] = []
        self.pictures: list[Box] = []
        self.rules: list[Box] = []
        self.image_area = 0.0
        self._upright = 0
        self._segments_left = _MOST_SEGMENTS
        # PDFium answers into these; made once, for a page may hold thousands of objects
        self._edges = tuple(ctypes.c_float() for _ in range(4))
        self._edge_places = tuple(map(ctypes.byref, self._edges))
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._colour_places = tuple(map(ctypes.byref, self._colour))
        self._matrix = raw.FS_MATRIX()
        self.count = raw.FPDFPage_CountObjects(page)
        for index in range(self.count):
            self._look_at(raw.FPDFPage_GetObject(page, index), ())
        if len(self.grounds) > _MOST_GROUNDS:
            self.grounds.sort(key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))
            del self.grounds[_MOST_GROUNDS:]

    @property
    def lean(self) -> int | None:
        """By how many quarters counter-clockwise most text leans in the page's own space; None without text."""
        if not self.leans:
            return 0 if self._upright else None
        [(lean, count)] = Counter(self.leans.values()).most_common(1)
        return lean if count > 2 * self._upright else 0

    def is_on_ground(self, across: float, up: float) -> bool:
        """Return whether a picture or a coloured shape lies under a point of the page's own space."""
        return any(
            left <= across <= right and bottom <= up <= top for left, bottom, right, top in self.grounds
        )

    def _look_at(self, item: Any, forms: tuple[Matrix, ...]) -> None:
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._look_at_text(item, forms)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = box = self._bounds(item, forms)
            self.image_area += (right - left) * (top - bottom)
            self.grounds.append(box)
            self.pictures.append(box)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._look_at_path(item, forms)
        elif kind == raw.FPDF_PAGEOBJ_SHADING:
            self.grounds.append(self._bounds(item, forms))
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(forms) < 4:
            inner = (self._matrix_of(item), *forms)
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                self._look_at(raw.FPDFFormObj_GetObject(item, index), inner)

    def _look_at_text(self, item: Any, forms: tuple[Matrix, ...]) -> None:
        """Note why the text of an object is not seen (white letters need a ground as well), and how it leans."""
        mode = raw.FPDFTextObj_GetTextRenderMode(item)
        if mode == raw.FPDF_TEXTRENDERMODE_INVISIBLE:
            self.why[_address(item)] = "隐形文字"
        elif mode == raw.FPDF_TEXTRENDERMODE_FILL:
            red, green, blue, alpha = self._fill(item)
            if alpha < 8:
                self.why[_address(item)] = "透明文字"
            elif red >= 250 and green >= 250 and blue >= 250:
                self.why[_address(item)] = "白色文字"
        across, up = self._matrix_of(item)[:2]
        for matrix in forms:
            across, up = across * matrix[0] + up * matrix[2], across * matrix[1] + up * matrix[3]
        if across >= abs(up):
            self._upright += 1
        else:
            self.leans[_address(item)] = round(math.atan2(up, across) / (math.pi / 2)) % 4
        if not forms:
            left, bottom, right, top = self._bounds(item, ())
            if right - left < 0.01 and top - bottom < 0.01 and not _is_embedded(item):
                _widen(item)

    def _look_at_path(self, item: Any, forms: tuple[Matrix, ...]) -> None:
        """Note a dark shape as a ground, and the straight lines of any visible shape as rules."""
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        if not raw.FPDFPath_GetDrawMode(item, mode, stroke):
            return
        red, green, blue, alpha = self._fill(item)
        is_filled = mode.value != raw.FPDF_FILLMODE_NONE and alpha > 100
        box = self._bounds(item, forms)
        if is_filled and min(red, green, blue) < 225:
            self.grounds.append(box)
        if not stroke.value and not (is_filled and min(red, green, blue) < 250):
            return
        left, bottom, right, top = box
        if min(right - left, top - bottom) <= THIN:
            if max(right - left, top - bottom) > 2 * THIN and self._segments_left > 0:
                self._segments_left -= 1
                self.rules.append(box)
            return
        count = raw.FPDFPath_CountSegments(item)
        if count <= self._segments_left:
            self._segments_left -= count
            self.rules += self._lines_of(item, count, (self._matrix_of(item), *forms))

    def _lines_of(self, item: Any, count: int, matrices: tuple[Matrix, ...]) -> Iterator[Box]:
        """Yield the horizontal and vertical lines of a path as thin boxes."""
        across, up = ctypes.c_float(), ctypes.c_float()
        start = last = (0.0, 0.0)
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(item, index)
            raw.FPDFPathSegment_GetPoint(segment, across, up)
            point = moved(across.value, up.value, matrices)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == raw.FPDF_SEGMENT_LINETO:
                yield from straight(last, point)
            if raw.FPDFPathSegment_GetClose(segment):
                yield from straight(point, start)
            last = point

    def _matrix_of(self, item: Any) -> Matrix:
        matrix = self._matrix
        if not raw.FPDFPageObj_GetMatrix(item, matrix):
            return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _bounds(self, item: Any, forms: tuple[Matrix, ...]) -> Box:
        raw.FPDFPageObj_GetBounds(item, *self._edge_places)
        left, bottom, right, top = (edge.value for edge in self._edges)
        if not forms:
            return left, bottom, right, top
        corners = [moved(x, y, forms) for x in (left, right) for y in (bottom, top)]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def _fill(self, item: Any) -> tuple[int, int, int, int]:
        """Return red, green, blue, alpha (0 to 255); black where PDFium knows no colour."""
        if not raw.FPDFPageObj_GetFillColor(item, *self._colour_places):
            return 0, 0, 0, 255
        red, green, blue, alpha = self._colour
        return red.value, green.value, blue.value, alpha.value


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


def _characters(textpage: Any, frame: Frame, objects: _Objects, has_tables: bool) -> Iterator[Glyph]:
    """Yield the characters of a page as it is read, in the order of its content stream.

    Stretches of Chinese characters come whole where nothing on the page asks for a look at each of them.
    """
    count = min(raw.FPDFText_CountChars(textpage), _MOST_CHARACTERS)
    codes = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(textpage, 0, count, codes)
    is_plain = frame.is_upright and not (has_tables or objects.why or objects.leans)
    if written != count + 1 or not is_plain:
        yield from _one_by_one(textpage, frame, objects, 0, count)
        return
    text = bytes(codes)[: 2 * count].decode("utf-16-le", "replace")
    at = 0
    for match in _STRETCH.finditer(text) if len(text) == count else ():
        box = _even_box(textpage, frame, *match.span())
        if box is not None:
            yield from _one_by_one(textpage, frame, objects, at, match.start())
            yield match[0], box, "", False, 0
            at = match.end()
    yield from _one_by_one(textpage, frame, objects, at, count)


def _even_box(textpage: Any, frame: Frame, start: int, end: int) -> Box | None:
    """Return the box of Chinese characters; None where they are not set evenly on one line of the page."""
    first, last = raw.FS_RECTF(), raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(textpage, start, first)
    raw.FPDFText_GetLooseCharBox(textpage, end - 1, last)
    step = (last.left - first.left) / (end - 1 - start)
    width = first.right - first.left
    if abs(first.top - last.top) > 0.3 or abs(first.bottom - last.bottom) > 0.3 or width < _TINY:
        return None
    if not 0.95 * width <= step <= 1.12 * width or not 0.9 * width <= last.right - last.left <= 1.1 * width:
        return None
    left, top, right, bottom = frame.shown(first.left, first.bottom, last.right, first.top)
    is_on_page = left >= 0 and top >= 0 and right <= frame.width and bottom <= frame.height
    return (left, top, right, bottom) if is_on_page else None


def _one_by_one(
    textpage: Any, frame: Frame, objects: _Objects, start: int, end: int
) -> Iterator[Glyph]:
    """Yield characters one by one; PDFium gives boxes in the page's own space."""
    unicode_of, box_of, whys, leans = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox, objects.why, objects.leans
    is_upright, x, y = frame.is_upright, frame.left, frame.top
    beyond, below = frame.width + 1, frame.height + 1
    rect = raw.FS_RECTF()
    place = ctypes.byref(rect)
    high = 0
    usual = frame.lean_of(0)
    for index in range(start, end):
        code = unicode_of(textpage, index)
        if code in _SPACES:
            yield " ", _NOWHERE, "", code < 32 or bool(raw.FPDFText_IsGenerated(textpage, index)), 0
            continue
        if 0xD800 <= code < 0xE000:
            high, code = (
                (code, 0) if code < 0xDC00 else (0, 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00)
            )
            if code < 0x10000:
                continue
        box_of(textpage, index, place)
        box = (rect.left - x, y - rect.top, rect.right - x, y - rect.bottom)
        if not is_upright:
            box = frame.shown(rect.left, rect.bottom, rect.right, rect.top)
        why, lean = "", usual
        if leans:
            own = leans.get(_address(raw.FPDFText_GetTextObject(textpage, index)))
            lean = usual if own is None else frame.lean_of(own)
        if not (box[2] > -1 and box[0] < beyond and box[3] > -1 and box[1] < below):
            why = "页面之外的文字"
        elif box[3] - box[1] < _TINY and box[2] - box[0] < _TINY:
            why = "极小文字"
        elif whys:
            why = _why_of(textpage, index, rect, objects)
        # 2 is PDFium's sign for a hyphen at a line end
        yield "-" if code == 2 else chr(code), frame.upright(box, lean) if lean else box, why, False, lean


def _why_of(textpage: Any, index: int, rect: Any, objects: _Objects) -> str:
    why = objects.why.get(_address(raw.FPDFText_GetTextObject(textpage, index)), "")
    if why == "白色文字" and objects.is_on_ground((rect.left + rect.right) / 2, (rect.bottom + rect.top) / 2):
        return ""
    return why


def _is_text_of_scan(runs: list[Run], objects: _Objects, area: float) -> bool:
    """Return whether the invisible text of a page is the recognised text of the picture above it."""
    unseen = sum(len(run.text) for run in runs if run.why == "隐形文字")
    seen = sum(len(run.text) for run in runs if not run.why)
    return unseen > 5 * seen and objects.image_area > 0.5 * area


def _notes(pages: list[Page], has_form: bool) -> list[str]:
    notes = told(pages)
    unseen = sum(len(page.hidden) for page in pages)
    if unseen:
        notes.append(f"含不可见文字 {unseen} 处，未作为正文")
    if has_form:
        notes.append("含可填写的表单，填写在表单域里的文字未读")
    return notes
