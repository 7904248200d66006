"""Lines of a page grow back into paragraphs; headers, footers and page numbers are taken out of their way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingestion.clean import Box, Pen, heading_level, is_cjk, is_page_number, join_lines, starts_item
from ingestion.document import Block
from ingestion.leaf import Page, Row, Segment, around, least

__all__ = [
    "UNSURE",
    "Page",
    "Row",
    "Segment",
    "in_reading_order",
    "in_rows",
    "put",
    "spans",
    "take_furniture",
    "told",
    "unsure_notes",
    "write_pages",
    "write_paragraphs",
]

_EDGE = 0.12  # share of the page height in which headers and footers stand
_ABOVE_BODY = 70.0  # points: nearer to the edge than the body of any usual page (Word: 72, GB/T 9704: 105)
UNSURE = 0.8  # below it one line in three was wrong on blurred pages, above it one in a hundred
_MOST_SEGMENTS = 3000
_SHORT_COLUMN = 10  # characters: vertical text that short is a label or a line of its own
_DATE = re.compile(r"[\d〇零一二三四五六七八九十○ ]{4,9}年[\d一二三四五六七八九十 ]{1,4}月[\d一二三四五六七八九十 ]{1,4}日")
_ENDS = "。；：！？.;:!?”』」】）)》…"


def in_reading_order(segments: list[Segment], page: Page) -> tuple[list[Row], int]:
    """Return the rows of a page in reading order and the number of its columns."""
    standing = [segment for segment in segments if segment.is_column]
    segments = [segment for segment in segments if segment.text and not segment.is_column]
    if sum(len(each.text) for each in standing) > sum(len(each.text) for each in segments):
        page.notes.append(f"第{page.number}页为竖排，已按从右到左的顺序读，请核对顺序")
        standing.sort(key=lambda each: (-each.right, each.top))
        return [Row((each,), page.number) for each in standing] + in_rows(segments, page.number), 1
    turn = _column_turn(segments, page)
    if turn is None:
        return _with_columns(in_rows(segments, page.number), standing, page.number), 1
    left = in_rows(segments[:turn], page.number)
    right = in_rows(segments[turn:], page.number, 1)
    return _with_columns(left, standing, page.number) + right, 2


def _with_columns(rows: list[Row], standing: list[Segment], page: int) -> list[Row]:
    """Return rows with each text that runs down (a label beside a table, a binding line) before the row below its top."""
    for segment in standing:
        at = next((index for index, row in enumerate(rows) if row.box[1] >= segment.top), len(rows))
        rows.insert(at, Row((segment,), page))
    return rows


def in_rows(segments: list[Segment], page: int, column: int = 0) -> list[Row]:
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
            sure = least((last.confidence, segment.confidence))
            out[-1] = Segment(last.text + gap + segment.text, *box, confidence=sure)
        else:
            out.append(segment)
    return tuple(out)


def _column_turn(segments: list[Segment], page: Page) -> int | None:
    """Return where the stream jumps up to a second column, None for a page of one column."""
    if len(segments) > _MOST_SEGMENTS:
        return None  # a drawing or a map: each jump would be looked at against all the others
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


def write_pages(pen: Pen, pages: list[Page]) -> list[str]:
    """Write the pages: paragraphs and tables, then each header, footer and seal once; return notes that name those."""
    furniture = take_furniture(pages)
    write_paragraphs(pen, pages)
    by_number = {page.number: page for page in pages}
    for _, row in furniture:
        put(pen, row.text, by_number[row.page], row.box, row.confidence)
        pen.end("\n")
    for page in pages:
        for seal in page.seals:
            put(pen, seal.text, page, seal.box, seal.confidence)
            pen.end("\n")
    return [*_recognised(pages), *(f"{where}：{row.text}" for where, row in furniture)]


def put(pen: Pen, text: str, page: Page, box: Box, confidence: float | None, level: int = 0) -> None:
    """Write one block of a page, with its box as the page is shown and its confidence."""
    count = len(pen.blocks)
    pen.put(text, level, page.number, page.shown(box))
    if confidence is not None and len(pen.blocks) > count:
        pen.blocks[-1] = replace(pen.blocks[-1], confidence=confidence)


def _recognised(pages: list[Page]) -> list[str]:
    numbers = [page.number for page in pages if page.is_recognised]
    return [f"第{spans(numbers)}页的文字由图像识别（OCR）得来，引用前请对照原件"] if numbers else []


def unsure_notes(blocks: list[Block]) -> list[str]:
    """Return a note for each page on which blocks were recognised with less confidence than UNSURE."""
    counts = Counter(
        block.page or 1 for block in blocks if block.confidence is not None and block.confidence < UNSURE
    )
    return [f"第{page}页有 {count} 处识别不确定，请对照原件" for page, count in sorted(counts.items())]


def told(pages: list[Page]) -> list[str]:
    """Return the notes of pages; what holds for several is said once: 第1-3、7页没有文字层，未读."""
    said: dict[str, list[int]] = {}
    for page in pages:
        for note in page.notes:
            said.setdefault(note.removeprefix(f"第{page.number}页"), []).append(page.number)
    return [f"第{spans(sorted(set(numbers)))}页{rest}" for rest, numbers in said.items()]


def spans(numbers: list[int]) -> str:
    """Return page numbers in short: [1, 2, 3, 7] is 1-3、7."""
    out: list[list[int]] = []
    for number in numbers:
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return "、".join(str(first) if first == last else f"{first}-{last}" for first, last in out)


def take_furniture(pages: list[Page]) -> list[tuple[str, Row]]:
    """Take headers, footers and page numbers out of the pages; return each header and footer once."""
    repeated = _repeated(pages)
    taken: dict[tuple[str, str], Row] = {}
    for page in pages:
        kept = []
        for row in page.rows:
            where = _edge(row, page)
            if where and len(row.segments) == 1 and _is_number(row.segments[0]):
                continue
            rest = _without(row, where, repeated, taken) if where else row
            if rest is not None:
                kept.append(rest)
        page.rows = kept
    _take_odd_ones(pages, taken)
    return [(where, row) for (where, _), row in taken.items()]


def _edge(row: Row, page: Page) -> str:
    """Return 页眉 or 页脚 for a row near the upper or lower edge of its page, else ""."""
    if len(row.segments) > 3 or row.is_ruled:
        return ""
    if row.box[3] <= _EDGE * page.height:
        return "页眉"
    return "页脚" if row.box[1] >= (1 - _EDGE) * page.height else ""


def _is_number(segment: Segment) -> bool:
    """Return whether a segment is a page number (recognition takes the dashes around one for 一)."""
    text = segment.text if segment.confidence is None else segment.text.replace("一", "—")
    return is_page_number(text)


def _key(segment: Segment, where: str) -> tuple[str, str, int]:
    """Return what makes a header the same on two pages; paper lies a little otherwise in each scan."""
    if segment.confidence is not None:
        return where, re.sub(r"[\d\s]+", "#", segment.text), 0
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
        elif not _is_number(segment):
            taken.setdefault((where, re.sub(r"\d+", "#", segment.text)), replace(row, segments=(segment,)))
    return replace(row, segments=tuple(rest)) if rest else None


def _take_odd_ones(pages: list[Page], taken: dict[tuple[str, str], Row]) -> None:
    """Take a header or footer that stands on one page only where it tears a sentence in two."""
    filled = [page for page in pages if len(page.rows) >= 1]
    for one, two in pairwise(filled):
        if not one.rows or not two.rows or one.rows[-1].is_ruled or two.rows[0].is_ruled:
            continue
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
    return not row.is_cells and text[-1] not in _ENDS and not heading_level(text)


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
    by_number = {page.number: page for page in pages}
    paragraph: list[Row] = []
    for page in pages:
        for row in page.rows:
            if paragraph and _continues(paragraph[-1], row, measures):
                paragraph.append(row)
                continue
            _write_paragraph(pen, paragraph, body, by_number)
            paragraph = [row]
    _write_paragraph(pen, paragraph, body, by_number)


def _measures(pages: list[Page]) -> dict[tuple[int, int], _Measure]:
    """Return the measures of each (page, column); a page with few lines takes those of the document."""
    whole = [row for page in pages for row in page.rows if not row.is_cells]
    measures = {}
    for page in pages:
        for column in range(page.columns):
            rows = [row for row in page.rows if row.column == column and not row.is_cells]
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
    if one.is_cells or two.is_cells or _is_column(one) != _is_column(two):
        return False
    # the height of a recognised line depends on its characters
    if abs(one.size - two.size) > (0.15 if one.confidence is None else 0.35) * one.size and not _is_column(one):
        return False
    here, there = measures[one.page, one.column], measures[two.page, two.column]
    if _DATE.fullmatch(two.text) or (_is_column(one) and len(one.text) < _SHORT_COLUMN):
        return False
    if two.box[0] - there.left >= 1.2 * two.size or (one.text[-1] in _ENDS and starts_item(two.text)):
        return False
    if (one.page, one.column) == (two.page, two.column):
        return _is_full(one, here) and two.box[1] - one.box[1] <= 1.3 * here.pitch + 1
    # a signature or a date on the right is no sentence that stopped short
    is_open = _is_open(one) and one.box[0] - here.left < 3 * one.size
    return _is_full(one, here) or (is_open and not starts_item(two.text))


def _is_column(row: Row) -> bool:
    return len(row.segments) == 1 and row.segments[0].is_column


def _is_full(row: Row, measure: _Measure) -> bool:
    """Return whether a line ends near the right margin (Latin words wrap earlier than Chinese characters)."""
    if row.box[0] - measure.left > 6 * row.size:
        return False  # a date or a signature at the right margin
    if row.box[2] - row.box[0] < 8 * row.size and not _is_column(row):
        return False  # nobody sets text in so narrow a column
    slack = (2.2 if is_cjk(row.text[-1]) else 6.0) * row.size
    return row.box[2] >= max(measure.right - slack, measure.reach)


def _write_paragraph(pen: Pen, rows: list[Row], body: float, pages: dict[int, Page]) -> None:
    """Write a paragraph: a block for each page it stands on; cells of a table row are a block each."""
    if not rows:
        return
    first = rows[0]
    if first.is_cells:
        place = pen.place()
        for segment in first.segments:
            put(pen, segment.text, pages[first.page], segment.box, segment.confidence)
            pen.end("\t")
        pen.end_row(place)
        return
    level = _level(first, body) if len(rows) == 1 else 0
    for number, text, box in _by_page(rows):
        sure = least(row.confidence for row in rows if row.page == number)
        put(pen, text, pages[number], box, sure, level)
    pen.end("\n")


def _by_page(rows: list[Row]) -> Iterator[tuple[int, str, Box]]:
    """Yield (page, text, box) for each page of a paragraph; the texts one after the other are the paragraph."""
    text = ""
    for index, row in enumerate(rows):
        whole = _joint(text, row.text) if text else row.text
        if index and rows[index - 1].page != row.page:
            boxes = [each.box for each in rows if each.page == rows[index - 1].page]
            joint = whole[: len(whole) - len(row.text.lstrip())]
            yield rows[index - 1].page, joint, around(boxes)
            whole = row.text.lstrip()
        text = whole
    yield rows[-1].page, text, around([each.box for each in rows if each.page == rows[-1].page])


def _joint(text: str, following: str) -> str:
    """Return two lines as one; a number that Chinese text cuts at the line end is whole again."""
    is_number = text[-1:].isdigit() and following[:1].isdigit() and any(map(is_cjk, text))
    return text + following if is_number else join_lines(_unhyphened(text, following), following)


def _unhyphened(text: str, following: str) -> str:
    """Return a line without the hyphen that cut its last word."""
    cut = len(text) > 1 and text[-1] == "-" and text[-2].isalpha() and following[:1].islower()
    return text[:-1] if cut else text


def _level(row: Row, body: float) -> int:
    """Return the heading level of a line: by its number, or 1 where its type is much larger than the body's."""
    level = heading_level(row.text)
    larger = 1.25 if row.confidence is None else 1.5
    return level or (1 if row.size >= larger * body and len(row.text) <= 60 and not _is_column(row) else 0)
