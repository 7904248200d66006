"""Ruled lines of a page become tables: which cells there are, and what stands in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ingestion.clean import Box, join_lines, starts_item
from ingestion.leaf import Page, Row, Segment, around, least
from ingestion.lines import in_reading_order, in_rows

_NEAR = 3.0  # points: rules nearer than this are one rule
_SHORTEST = 4.0
THIN = 2.5  # points: a bar no thicker is a line
_MOST_RULES = 800  # each way; a page with more is a drawing
_MOST_CELLS = 6_000


@dataclass(frozen=True)
class Rule:
    """A straight line across (or down) a page: `at` is its height (or its distance from the left), in points."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class Table:
    """The cells of a table, row by row from the top and from the left in each; a merged cell stands once."""

    rows: tuple[tuple[Box, ...], ...]

    @property
    def box(self) -> Box:
        """The box around all cells."""
        return around([cell for row in self.rows for cell in row])

    def scaled(self, scale: float) -> Table:
        """Return the table in another unit."""
        return Table(tuple(tuple((a * scale, b * scale, c * scale, d * scale) for a, b, c, d in row) for row in self.rows))


def tables(across: list[Rule], down: list[Rule]) -> list[Table]:
    """Return the tables that horizontal and vertical rules make; a mere frame is none."""
    across, down = _whole(across), _whole(down)
    if not across or not down or len(across) > _MOST_RULES or len(down) > _MOST_RULES:
        return []
    found = (_table(*group) for group in _groups(across, down))
    return sorted((table for table in found if table is not None), key=lambda table: table.box[1])


def straight(one: tuple[float, float], two: tuple[float, float]) -> Iterator[Box]:
    """Yield the box around two points (x, y) if the line between them is level or plumb and long enough for a rule."""
    width, height = abs(one[0] - two[0]), abs(one[1] - two[1])
    if min(width, height) < 0.5 and max(width, height) > 2 * THIN:
        yield min(one[0], two[0]), min(one[1], two[1]), max(one[0], two[0]), max(one[1], two[1])


def _whole(rules: list[Rule]) -> list[Rule]:
    """Return rules with the pieces of one made one (both edges of a thin bar, one line for each cell)."""
    out: list[Rule] = []
    open_rules: list[Rule] = []
    for rule in sorted(rules, key=lambda each: (each.at, each.start)):
        out += [each for each in open_rules if rule.at - each.at > _NEAR]
        open_rules = [each for each in open_rules if rule.at - each.at <= _NEAR]
        joined = [each for each in open_rules if rule.start <= each.end + _NEAR and rule.end >= each.start - _NEAR]
        open_rules = [each for each in open_rules if each not in joined]
        group = [*joined, rule]
        open_rules.append(
            Rule(group[0].at, min(each.start for each in group), max(each.end for each in group))
        )
        if len(open_rules) > _MOST_RULES:
            break
    return [rule for rule in out + open_rules if rule.end - rule.start >= _SHORTEST]


def _groups(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield rules that meet, directly or by others."""
    left_across, left_down = list(across), list(down)
    while left_across:
        front: list[tuple[bool, Rule]] = [(True, left_across.pop())]
        group: tuple[list[Rule], list[Rule]] = ([], [])
        while front:
            is_across, rule = front.pop()
            group[not is_across].append(rule)
            others = left_down if is_across else left_across
            met = [other for other in others if _meet(rule, other)]
            others[:] = [other for other in others if not _meet(rule, other)]
            front += [(not is_across, other) for other in met]
        if len(group[0]) > 1 and len(group[1]) > 1:
            yield group


def _meet(one: Rule, two: Rule) -> bool:
    return (
        one.start - _NEAR <= two.at <= one.end + _NEAR and two.start - _NEAR <= one.at <= two.end + _NEAR
    )


def _table(across: list[Rule], down: list[Rule]) -> Table | None:
    """Return the table of rules that meet; None for a frame or for what is too fine to be one."""
    tops, lefts = _steps(across), _steps(down)
    height, width = len(tops) - 1, len(lefts) - 1
    if height < 1 or width < 1 or not 1 < height * width <= _MOST_CELLS:
        return None
    owner = list(range(height * width))

    def root(cell: int) -> int:
        while owner[cell] != cell:
            owner[cell] = owner[owner[cell]]
            cell = owner[cell]
        return cell

    for row in range(height):
        middle = (tops[row] + tops[row + 1]) / 2
        walls = [rule.at for rule in down if rule.start - 1 <= middle <= rule.end + 1]
        for column in range(width - 1):
            if not any(abs(at - lefts[column + 1]) <= _NEAR for at in walls):
                owner[root(row * width + column + 1)] = root(row * width + column)
    for column in range(width):
        middle = (lefts[column] + lefts[column + 1]) / 2
        floors = [rule.at for rule in across if rule.start - 1 <= middle <= rule.end + 1]
        for row in range(height - 1):
            if not any(abs(at - tops[row + 1]) <= _NEAR for at in floors):
                owner[root((row + 1) * width + column)] = root(row * width + column)
    cells: dict[int, list[Box]] = {}
    for cell in range(height * width):
        row, column = divmod(cell, width)
        box = lefts[column], tops[row], lefts[column + 1], tops[row + 1]
        cells.setdefault(root(cell), []).append(box)
    merged = [around(boxes) for boxes in cells.values()]
    rows = [tuple(sorted(box for box in merged if box[1] == top)) for top in tops[:-1]]
    # frames and shaded lines one above the other are no table
    return Table(tuple(row for row in rows if row)) if any(len(row) > 1 for row in rows) else None


def _steps(rules: list[Rule]) -> list[float]:
    out: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not out or at - out[-1] > _NEAR:
            out.append(at)
    return out


def arrange(page: Page, segments: list[Segment], found: list[Table]) -> None:
    """Put segments into the page as rows in reading order, those in tables cell by cell."""
    ruled, outside = fill(found, segments, page.number)
    page.rows, page.columns = in_reading_order(outside, page)
    for row in ruled:
        is_right = page.columns == 2 and row.box[0] >= 0.45 * page.width
        column = int(is_right)
        at = next(
            (
                index
                for index, other in enumerate(page.rows)
                if other.column > column or (other.column == column and other.box[1] > row.box[1])
            ),
            len(page.rows),
        )
        page.rows.insert(at, replace(row, column=column))


def fill(found: list[Table], segments: list[Segment], page: int) -> tuple[list[Row], list[Segment]]:
    """Return the rows of the tables, and the segments that stand in none of them."""
    cells = sorted(
        ((cell, (number, at, index)) for number, table in enumerate(found)
         for at, row in enumerate(table.rows) for index, cell in enumerate(row)),
        key=lambda each: (each[0][2] - each[0][0]) * (each[0][3] - each[0][1]),
    )  # fmt: skip
    inside: dict[tuple[int, int, int], list[Segment]] = {}
    outside = []
    for segment in segments:
        across, down = (segment.left + segment.right) / 2, (segment.top + segment.bottom) / 2
        place = next((place for cell, place in cells if _holds(cell, across, down)), None)
        if place is None:
            outside.append(segment)
        else:
            inside.setdefault(place, []).append(segment)
    rows = []
    for number, table in enumerate(found):
        for at, row in enumerate(table.rows):
            texts = tuple(
                _cell(inside.get((number, at, index), []), cell, page) for index, cell in enumerate(row)
            )
            if any(each.text for each in texts):
                rows.append(Row(texts, page, is_ruled=True))
    return rows, outside


def _holds(box: Box, across: float, down: float) -> bool:
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _cell(segments: list[Segment], box: Box, page: int) -> Segment:
    """Return the text of a cell as one segment: its lines joined where the first is full."""
    text = ""
    last: Row | None = None
    for row in in_rows([segment for segment in segments if segment.text], page):
        line = " ".join(segment.text for segment in row.segments)
        goes_on = last is not None and _is_full(last, box) and not starts_item(line)
        text = join_lines(text, line) if goes_on else f"{text}\n{line}" if text else line
        last = row
    sure = least(segment.confidence for segment in segments)
    place = around([segment.box for segment in segments]) if text else box
    return Segment(text, *place, confidence=sure)


def _is_full(row: Row, box: Box) -> bool:
    """Return whether the next character would not have fitted behind a line of a cell (which is padded a little)."""
    return box[2] - row.box[2] <= 1.2 * row.size + max(6.0, row.box[0] - box[0])


def cut(left: float, top: float, right: float, bottom: float, found: list[Table]) -> list[float]:
    """Return where the walls of cells cut through a box (points from the left), in order."""
    middle = (top + bottom) / 2
    walls = {
        cell[side]
        for table in found
        for row in table.rows
        for cell in row
        if cell[1] <= middle <= cell[3]
        for side in (0, 2)
        if left + 1 < cell[side] < right - 1
    }
    return sorted(walls)
