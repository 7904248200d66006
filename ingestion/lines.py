"""Lines of a page grow back into paragraphs; headers, footers and page numbers are taken out of their way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from statistics import median

from ingestion.clean import Box, Pen, heading_level, is_cjk, is_page_number, join_lines, starts_item
from ingestion.document import Hidden

_EDGE = 0.12  # share of the page height in which headers and footers stand
_ABOVE_BODY = 70.0  # points: nearer to the edge than the body of any usual page (Word: 72, GB/T 9704: 105)
_ENDS = "。；：！？.;:!?”』」】）)》…"


@dataclass(frozen=True)
class Segment:
    """Characters that stand side by side on one line, with their box from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @cached_property
    def size(self) -> float:
        """The height of the characters, in points."""
        return self.bottom - self.top

    @cached_property
    def box(self) -> Box:
        """Left, top, right, bottom, rounded to a hundredth of a point."""
        return (round(self.left, 2), round(self.top, 2), round(self.right, 2), round(self.bottom, 2))


@dataclass(frozen=True)
class Row:
    """One line of a page: one segment, or several that stand far apart (cells of a table)."""

    segments: tuple[Segment, ...]
    page: int
    column: int = 0

    @cached_property
    def text(self) -> str:
        """The text of the row, segments separated by tabs."""
        return "\t".join(segment.text for segment in self.segments)

    @cached_property
    def box(self) -> Box:
        """The box around the row."""
        return around([segment.box for segment in self.segments])

    @cached_property
    def size(self) -> float:
        """The height of its characters, in points."""
        return max(segment.size for segment in self.segments)


@dataclass
class Page:
    """What was read of one page."""

    number: int
    width: float
    height: float
    rows: list[Row] = field(default_factory=list)
    columns: int = 1
    hidden: list[Hidden] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_blank: bool = False


def around(boxes: list[Box]) -> Box:
    """Return the box around boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def in_reading_order(segments: list[Segment], page: Page) -> tuple[list[Row], int]:
    """Return the rows of a page in reading order and the number of its columns."""
    segments = [segment for segment in segments if segment.text]
    turn = _column_turn(segments, page)
    if turn is None:
        return _in_rows(segments, page.number, 0), 1
    left = _in_rows(segments[:turn], page.number, 0)
    return left + _in_rows(segments[turn:], page.number, 1), 2


def _in_rows(segments: list[Segment], page: int, column: int) -> list[Row]:
    """Return segments as rows, from top to bottom; what shares a base line is one row."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: (each.top + each.bottom) / 2):
        last = rows[-1][0] if rows else None
        middle = (segment.top + segment.bottom) / 2
        if last is not None and abs(middle - (last.top + last.bottom) / 2) < 0.4 * min(
            last.size, segment.size
        ):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [Row(_joined(sorted(row, key=lambda each: each.left)), page, column) for row in rows]


def _joined(segments: list[Segment]) -> tuple[Segment, ...]:
    """Return the segments of a row with those that touch made one (the stream may draw them in any order)."""
    out = [segments[0]]
    for segment in segments[1:]:
        last = out[-1]
        if segment.left - last.right < 0.8 * max(last.size, segment.size):
            box = around([last.box, segment.box])
            gap = " " if segment.left - last.right > 0.28 * last.size else ""
            out[-1] = Segment(last.text + gap + segment.text, *box)
        else:
            out.append(segment)
    return tuple(out)


def _column_turn(segments: list[Segment], page: Page) -> int | None:
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


def take_furniture(pages: list[Page]) -> list[tuple[str, Row]]:
    """Take headers, footers and page numbers out of the pages; return each header and footer once."""
    repeated = _repeated(pages)
    taken: dict[tuple[str, str], Row] = {}
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


def _edge(row: Row, page: Page) -> str:
    """Return 页眉 or 页脚 for a row near the upper or lower edge of its page, else ""."""
    if len(row.segments) > 3:
        return ""
    if row.box[3] <= _EDGE * page.height:
        return "页眉"
    return "页脚" if row.box[1] >= (1 - _EDGE) * page.height else ""


def _key(segment: Segment, where: str) -> tuple[str, str, int]:
    return where, re.sub(r"\d+", "#", segment.text), round(segment.top / 4)


def _repeated(pages: list[Page]) -> set[tuple[str, str, int]]:
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
    row: Row, where: str, repeated: set[tuple[str, str, int]], taken: dict[tuple[str, str], Row]
) -> Row | None:
    """Return the row without its repeated segments, which are kept once in `taken`; None if nothing is left."""
    rest = []
    for segment in row.segments:
        if _key(segment, where) not in repeated:
            rest.append(segment)
        elif not is_page_number(segment.text):
            taken.setdefault((where, re.sub(r"\d+", "#", segment.text)), replace(row, segments=(segment,)))
    return replace(row, segments=tuple(rest)) if rest else None


def _take_odd_ones(pages: list[Page], taken: dict[tuple[str, str], Row]) -> None:
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


def _is_open(row: Row) -> bool:
    """Return whether a line stops in the middle of a sentence."""
    text = row.segments[-1].text
    return len(row.segments) == 1 and text[-1] not in _ENDS and not heading_level(text)


@dataclass(frozen=True)
class _Measure:
    """The margins and the usual line distance of a column, in points; no line that ends before `reach` is full."""

    left: float
    right: float
    pitch: float
    reach: float


def write_paragraphs(pen: Pen, pages: list[Page]) -> None:
    """Write the rows of the pages as paragraphs: a block for each paragraph and page it stands on."""
    measures = _measures(pages)
    body = _body_size(pages)
    paragraph: list[Row] = []
    for page in pages:
        for row in page.rows:
            if paragraph and _continues(paragraph[-1], row, measures):
                paragraph.append(row)
                continue
            _write_paragraph(pen, paragraph, body)
            paragraph = [row]
    _write_paragraph(pen, paragraph, body)


def _measures(pages: list[Page]) -> dict[tuple[int, int], _Measure]:
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
            pitch = median(pitches) if pitches else 2 * judged[0].size
            measures[page.number, column] = _Measure(left, right, pitch, _reach(page, column, left))
    return measures


def _reach(page: Page, column: int, left: float) -> float:
    """Return how far to the right a line must come before it can be taken for a full one."""
    if page.columns == 1:
        return 0.55 * page.width
    edges = [row.box[0] for row in page.rows if row.column != column]
    limit = min(edges) if column == 0 else page.width - min(edges)
    return left + 0.8 * (limit - left)


def _body_size(pages: list[Page]) -> float:
    sizes: Counter[float] = Counter()
    for page in pages:
        for row in page.rows:
            sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _continues(one: Row, two: Row, measures: dict[tuple[int, int], _Measure]) -> bool:
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
    # a signature or a date on the right is no sentence that stopped short
    is_open = _is_open(one) and one.box[0] - here.left < 3 * one.size
    return _is_full(one, here) or (is_open and not starts_item(two.text))


def _is_full(row: Row, measure: _Measure) -> bool:
    """Return whether a line ends near the right margin (Latin words wrap earlier than Chinese characters)."""
    if row.box[0] - measure.left > 6 * row.size:
        return False  # a date or a signature at the right margin
    slack = (2.2 if is_cjk(row.text[-1]) else 6.0) * row.size
    return row.box[2] >= max(measure.right - slack, measure.reach)


def _write_paragraph(pen: Pen, rows: list[Row], body: float) -> None:
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


def _by_page(rows: list[Row]) -> Iterator[tuple[int, str, Box]]:
    """Yield (page, text, box) for each page of a paragraph; the texts one after the other are the paragraph."""
    text = ""
    for index, row in enumerate(rows):
        whole = join_lines(_unhyphened(text, row.text), row.text) if text else row.text
        if index and rows[index - 1].page != row.page:
            boxes = [each.box for each in rows if each.page == rows[index - 1].page]
            joint = whole[: len(whole) - len(row.text.lstrip())]
            yield rows[index - 1].page, joint, around(boxes)
            whole = row.text.lstrip()
        text = whole
    yield rows[-1].page, text, around([each.box for each in rows if each.page == rows[-1].page])


def _unhyphened(text: str, following: str) -> str:
    """Return a line without the hyphen that cut its last word."""
    cut = len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and following[:1].islower()
    return text[:-1] if cut else text


def _level(row: Row, body: float) -> int:
    """Return the heading level of a line: by its number, or 1 where its type is much larger than the body's."""
    level = heading_level(row.text)
    return level or (1 if row.size >= 1.25 * body and len(row.text) <= 60 else 0)
