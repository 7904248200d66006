"""A picture of a page becomes lines of text: the door of rapidocr, which reads with the models its wheel carries."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingestion.clean import Box, Pen
from ingestion.document import Reading
from ingestion.errors import UnreadableFile
from ingestion.image import (
    Quad,
    as_bgr,
    bands,
    inks,
    is_blank,
    line_of,
    opened,
    rules_of,
    seals_of,
    size_of,
    turned,
    unrolled,
)
from ingestion.leaf import Page, Segment
from ingestion.lines import UNSURE, told, unsure_notes, write_pages
from ingestion.tables import Rule, Table, arrange, cut, tables

if TYPE_CHECKING:
    from PIL.Image import Image

_THREADS = 2
_NOTHING = 0.5  # what is read with less certainty is no text
# detection looks at a small copy; if its lines are too low for it, at a larger one
_SIDE, _LARGE_SIDE, _LOW_LINE = 960, 1600, 13.0
# characters set closer are read a third faster and no worse (measured on blurred and clean pages)
_SQUEEZE = 0.8
# but digits and Latin letters are narrow as they are: a line with some of them, not quite sure, is read in full width too
_NARROW, _MANY_NARROW, _SURE = re.compile("[0-9A-Za-z]"), 6, 0.97
_MARGIN = 0.15  # share of a line's height that detection adds on each side
_SMALLEST_SKEW = 0.2  # degrees
_LONG = 6  # characters that nobody reads surely upside down

Place = tuple["Image", int, list[Quad]]  # a part of a picture, its top in pixels, where lines stand in it

# the recogniser keeps what it was last asked to do in itself
_ENGINE = threading.Lock()


@dataclass(frozen=True)
class Line:
    """A line that was recognised: its certainty is the mean of its least certain tenth of characters (0 to 1)."""

    text: str
    confidence: float
    quad: Quad

    @property
    def box(self) -> Box:
        """The box around the line, in pixels."""
        left, top = self.quad.min(axis=0)
        right, bottom = self.quad.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


@dataclass(frozen=True)
class Sheet:
    """What was recognised of a picture, after it was turned counter-clockwise by `quarter` degrees.

    `skew` is how many degrees its lines fall to the right; `tables` are in pixels, levelled; `unread` counts places that look like text and
    could not be read; `seals` are the texts of seals ("" where one could not be read).
    """

    lines: tuple[Line, ...]
    quarter: int = 0
    skew: float = 0.0
    seals: tuple[Line, ...] = ()
    tables: tuple[Table, ...] = ()
    unread: int = 0


def read_image(data: bytes, name: str) -> Reading:
    """Read the text of a picture (PNG, JPEG, TIFF of many pages …); every block has a confidence.

    Boxes are in points: by the dots per inch that the file names, else 200. Raises UnreadableFile where the
    file is damaged, too large or holds no text.
    """
    pages = []
    for number, (picture, dpi) in enumerate(opened(data, name), 1):
        page = Page(number, picture.width * 72 / dpi, picture.height * 72 / dpi)
        read_into(page, picture)
        pages.append(page)
    if not any(page.rows or page.seals for page in pages):
        raise UnreadableFile(name, "图片里没有识别出文字", "请确认图片清楚、方向正确，或提供更清晰的扫描件")
    pen = Pen()
    notes = write_pages(pen, pages)
    return Reading(pen.text, tuple(pen.blocks), notes=(*told(pages), *notes, *unsure_notes(pen.blocks)))


def read_into(
    page: Page, picture: Image, kept: Sequence[Segment] = (), ruled: Sequence[Table] = ()
) -> None:
    """Recognise the picture of a whole page and put its rows, notes and seals into the page.

    `kept` are segments of the page's own text layer, `ruled` its tables: they stay, and what was recognised in
    place of a segment goes. A page with such segments is not turned.
    """
    sheet = recognise(picture, may_turn=not kept)
    scale = page.width / picture.width
    page.is_recognised = bool(sheet.lines or sheet.seals)
    if sheet.quarter in (90, 270):
        page.width, page.height = page.height, page.width
    page.quarter, page.skew = (page.quarter + sheet.quarter) % 360, sheet.skew if not kept else 0.0
    found = [_segment(line, scale, page) for line in sheet.lines]
    found = [each for each in found if not any(_covers(own, each) for own in kept)]
    arrange(page, [*kept, *found], [*ruled, *(table.scaled(scale) for table in sheet.tables)])
    page.seals = [_segment(seal, scale, page) for seal in sheet.seals]
    page.notes += _told(page, sheet, bool(found))


def _told(page: Page, sheet: Sheet, has_text: bool) -> Iterator[str]:
    """Yield what a reader of the page must know about how it was recognised."""
    where = f"第{page.number}页"
    if sheet.quarter in (90, 270):
        yield f"{where}文字为竖排或页面横放，已转正识别，请核对顺序"
    elif sheet.quarter:
        yield f"{where}上下颠倒，已转正识别"
    for seal in sheet.seals:
        yield f"{where}有印章，印文识别为：{seal.text}" if seal.text else f"{where}有印章，印文未能识别"
    if sheet.unread:
        yield f"{where}另有 {sheet.unread} 处像是文字，未能识别，请对照原件"
    if not has_text and not page.rows and not sheet.seals:
        yield f"{where}是图像，没有识别出文字"


def _covers(own: Segment, found: Segment) -> bool:
    """Return whether the middle of what was recognised lies on a segment of the text layer."""
    across, down = (found.left + found.right) / 2, (found.top + found.bottom) / 2
    is_over = own.left <= across <= own.right and own.top <= down <= own.bottom
    # a line of the layer in several pieces lies under one recognised line
    shared = min(own.right, found.right) - max(own.left, found.left)
    height = min(own.bottom, found.bottom) - max(own.top, found.top)
    return is_over or (shared > 0.3 * (found.right - found.left) and height > 0.5 * found.size)


def _segment(line: Line, scale: float, page: Page) -> Segment:
    """Return a recognised line as a segment in points of the page as it is read: level, without its margin."""
    corners = line.quad * scale
    middle = _levelled(corners, page.skew, (page.width, page.height)).mean(axis=0)
    width, height = size_of(corners)
    margin = _MARGIN * min(width, height)
    across, down = float(middle[0]), float(middle[1])
    left, right = across - width / 2 + margin, across + width / 2 - margin
    top, bottom = down - height / 2 + margin, down + height / 2 - margin
    return Segment(line.text, left, top, right, bottom, confidence=round(line.confidence, 3))


def _levelled(quad: Quad, skew: float, size: tuple[float, float]) -> Quad:
    """Return a quadrilateral turned counter-clockwise by `skew` degrees about the middle of a picture of that size."""
    cos, sin = math.cos(math.radians(skew)), math.sin(math.radians(skew))
    middle = np.array(size) / 2
    turned_quad: Quad = (quad - middle) @ np.array(((cos, -sin), (sin, cos))) + middle
    return turned_quad


# --- recognition ------------------------------------------------------------------------------------------


def recognise(picture: Image, may_turn: bool = True) -> Sheet:
    """Recognise the lines of a picture, upright or turned, and the seals on it apart from the text beneath."""
    if is_blank(picture):
        return Sheet(())
    black, red = inks(picture)
    places = [(part, top, _places(part)) for part, top in bands(black)]
    quarter = _quarter(places) if may_turn else 0
    if quarter:
        places = [(part, top, _places(part)) for part, top in bands(turned(black, quarter))]
    skew = _skew([quad for _, _, quads in places for quad in quads])
    found = _tables(turned(black, quarter), skew) if may_turn else ()
    lines, unread = _lines(_cut_at_walls(places, found, skew))
    seals: list[Line] = []
    if red is not None:
        red = turned(red, quarter)
        boxes = seals_of(red)
        seals = [_seal(red, box) for box in boxes]
        lines = [line for line in lines if not _is_of_seal(line, boxes)]
        printed, unread_red = _lines([(part, top, _places(part)) for part, top in bands(red)])
        unread += unread_red if not boxes else 0
        lines += [line for line in printed if _stands_alone(line, lines, boxes)]
    return Sheet(tuple(lines), quarter, skew, tuple(seals), found, unread)


def _lines(places: list[Place]) -> tuple[list[Line], int]:
    """Return the lines of an upright picture, and how many places could not be read."""
    lines, unread = [], 0
    for part, top, quads in places:
        for quad in quads:
            line = _read_line(part, quad)
            if line.confidence < _NOTHING or not line.text.strip():
                unread += min(size_of(quad)) >= 12
            else:
                lines.append(replace(line, quad=quad + np.array((0.0, top))))
    return lines, unread


def _read_line(picture: Image, quad: Quad) -> Line:
    """Read one line; a column may run down or, in a margin, up: the surer way counts."""
    cut = line_of(picture, quad, _SQUEEZE)
    if not _is_column(quad):
        line = Line(*_text_of(cut), quad)
        if line.confidence >= _SURE or len(_NARROW.findall(line.text)) < _MANY_NARROW:
            return line
        wide = Line(*_text_of(line_of(picture, quad)), quad)
        return max(line, wide, key=lambda each: each.confidence)
    down = Line(*_text_of(turned(cut, 90)), quad)
    if down.confidence >= UNSURE:
        return down
    up = Line(*_text_of(turned(cut, 270)), quad)
    return up if up.confidence > down.confidence and len(up.text) >= len(down.text) else down


def _is_column(quad: Quad) -> bool:
    width, height = size_of(quad)
    return height >= 1.5 * width


def _quarter(places: list[Place]) -> int:
    """Return by how many degrees counter-clockwise a picture must be turned so that its lines run level and upright.

    Vertical text comes out level as well: its first column becomes the first line. A few of the longest lines are
    read each way, and the surest way wins.
    """
    found = [(part, quad) for part, _, quads in places for quad in quads]
    found.sort(key=lambda each: -max(size_of(each[1])))
    areas = [(math.prod(size_of(quad)), _is_column(quad)) for _, quad in found]
    stands = sum(area for area, is_column in areas if is_column) > 0.6 * sum(area for area, _ in areas)
    sample = [each for each in found if _is_column(each[1]) == stands][:3]
    best, best_sure = 0, 0.0
    for quarter in (90, 270) if stands else (0, 180):
        sure = 0.0
        for part, quad in sample:
            text, confidence = _text_of(turned(line_of(part, quad, _SQUEEZE), quarter))
            if len(text) >= _LONG and confidence >= UNSURE:
                return quarter
            sure += confidence * len(text)
        if sure > best_sure:
            best, best_sure = quarter, sure
    return best


def _tables(picture: Image, skew: float) -> tuple[Table, ...]:
    """Return the ruled tables of a picture, in pixels of the levelled picture."""
    points = 72 / 200  # near enough: how far apart two rules may be and still be one
    across, down = (
        [Rule(at * points, start * points, end * points) for at, start, end in rules]
        for rules in rules_of(picture, skew)
    )
    return tuple(table.scaled(1 / points) for table in tables(across, down))


def _cut_at_walls(places: list[Place], ruled: tuple[Table, ...], skew: float) -> list[Place]:
    """Return places with each line cut where the wall of a table cell runs through it."""
    if not ruled:
        return places
    return [(part, top, [piece for quad in quads for piece in _pieces(quad, top, part, ruled, skew)])
            for part, top, quads in places]  # fmt: skip


def _pieces(quad: Quad, top: int, part: Image, ruled: tuple[Table, ...], skew: float) -> Iterator[Quad]:
    level = _levelled(quad + np.array((0.0, top)), skew, part.size)
    (left, upper), (right, lower) = level.min(axis=0), level.max(axis=0)
    walls = [] if _is_column(quad) else cut(left, upper, right, lower, list(ruled))
    steps = [0.0, *((wall - left) / (right - left) for wall in walls), 1.0]
    for one, two in pairwise(steps):
        if (two - one) * (right - left) < 8:
            continue
        upper_edge, lower_edge = quad[1] - quad[0], quad[2] - quad[3]
        yield np.array((quad[0] + one * upper_edge, quad[0] + two * upper_edge,
                        quad[3] + two * lower_edge, quad[3] + one * lower_edge))  # fmt: skip


def _skew(quads: list[Quad]) -> float:
    """Return by how many degrees the long lines fall to the right (0.0 where it is next to nothing)."""
    angles = []
    for quad in quads:
        width, height = size_of(quad)
        if width >= 4 * height:
            along = (quad[1] - quad[0]) + (quad[2] - quad[3])
            angles.append((math.degrees(math.atan2(along[1], along[0])), width))
    if not angles:
        return 0.0
    angles.sort()
    half, weight = sum(width for _, width in angles) / 2, 0.0
    for angle, width in angles:
        weight += width
        if weight >= half:
            return round(angle, 3) if abs(angle) >= _SMALLEST_SKEW else 0.0
    return 0.0


def _seal(red: Image, box: Box) -> Line:
    """Read the ring of a seal; what is not sure enough is "" (a seal without its text)."""
    left, top, right, bottom = box
    quad = np.array(((left, top), (right, top), (right, bottom), (left, bottom)))
    text, confidence = _text_of(unrolled(red, box))
    return Line(text.strip() if confidence >= _NOTHING else "", confidence, quad)


def _is_of_seal(line: Line, seals: list[Box]) -> bool:
    """Return whether a line is a scrap of a seal's own letters: unsure, and inside the seal."""
    left, top, right, bottom = line.box
    return line.confidence < UNSURE and any(
        left >= seal[0] - 4 and right <= seal[2] + 4 and top >= seal[1] - 4 and bottom <= seal[3] + 4
        for seal in seals
    )


def _stands_alone(line: Line, others: list[Line], seals: list[Box]) -> bool:
    """Return whether a line in red ink is text of its own: no seal, and not read already in black."""
    across, down = line.quad.mean(axis=0)
    taken = [*seals, *(other.box for other in others)]
    return not any(left <= across <= right and top <= down <= bottom for left, top, right, bottom in taken)


# --- the door ---------------------------------------------------------------------------------------------


def _places(picture: Image) -> list[Quad]:
    """Return where lines stand in a picture (pixels)."""
    found = _places_at(picture, _SIDE)
    scale = min(1.0, _SIDE / max(picture.size))
    heights = sorted(min(size_of(quad)) * scale for quad in found)
    if scale < 1 and (not heights or heights[len(heights) // 2] < _LOW_LINE):
        return _places_at(picture, _LARGE_SIDE)
    return found


def _places_at(picture: Image, side: int) -> list[Quad]:
    from PIL import Image

    scale = min(1.0, side / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    small = picture if scale == 1.0 else picture.resize(size, Image.Resampling.BILINEAR)
    with _ENGINE:
        found = _engine()(as_bgr(small), use_det=True, use_cls=False, use_rec=False)
    boxes = getattr(found, "boxes", None)
    return [] if boxes is None else [np.asarray(box, dtype=np.float64) / scale for box in boxes]


def _text_of(line: Image) -> tuple[str, float]:
    """Return the text of the picture of a line, and the mean certainty of its least certain tenth."""
    with _ENGINE:
        found = _engine()(as_bgr(line), use_det=False, use_cls=False, use_rec=True, return_word_box=True)
    if not found.txts or not found.txts[0]:
        return "", 0.0
    sure = sorted(found.word_results[0].confs)
    least = sure[: max(1, len(sure) // 10)]
    return found.txts[0], float(sum(least) / len(least))


@cache
def _engine() -> Any:
    """Load the models that lie in the package itself; nothing is ever fetched."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": 2 * _LARGE_SIDE,
            "Det.model_path": str(_model(models, "det")),
            "Rec.model_path": str(_model(models, "rec")),
        }
    )


def _model(folder: Path, task: str) -> Path:
    found = sorted(folder.glob(f"*_{task}_*.onnx"))
    if not found:
        raise FileNotFoundError(f"rapidocr carries no model for {task} in {folder}")
    return found[0]
