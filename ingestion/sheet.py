"""A spreadsheet (.xlsx, .csv) becomes a Reading: each sheet a heading, each cell a block, rows as lines."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from pathlib import PurePath
from typing import Any

from ingestion.clean import Pen
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.markup import MarkupError, local, xml_root
from ingestion.plain import decode
from ingestion.word import open_package, read_part

# a formula whose result was never saved: <f> with no <v> behind it
_UNSAVED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MAX_CELLS = 5_000_000  # empty ones included
_LOOKED_AT = 20  # rows among which a header is looked for
# numbers, dates, times, sums, case and card numbers: what stands in a column rather than above it
_VALUE = re.compile(r"[-+¥￥$]?[\d,.%:/\-— 年月日时分秒〔〕()（）元万亿号第个人次件]*\d[\d,.%:/\-— 年月日时分秒元万亿号个人次件]*")
_COLUMN_NAME = re.compile(
    r"序号|编号|姓名|名称|单位|日期|时间|地点|地址|类型|类别|金额|数量|合计|备注|说明|次数|人数|原因|结果|案号|文号|罪名|案由|电话"
)
_ADVICE = "请用 Excel 或 WPS 打开并另存为新的 .xlsx 再添加；打不开时请向来源重新索取"


def read_sheet(data: bytes, name: str) -> Reading:
    """Read .xlsx or .csv: cells of a row are joined by tabs, rows by line ends, empty rows left out.

    Values stand as the sheet shows them: formulas as their saved results, whole numbers without .0, dates in
    ISO form. The cells of the header row are marked (`block.header`), a line above it is a heading. Sheets, rows
    and columns that nobody sees, and comments, are kept apart as Hidden. Raises UnreadableFile.
    """
    if data[:2] == b"PK":
        return _read_workbook(data, name)
    return _read_separated(data, name)


def _read_separated(data: bytes, name: str) -> Reading:
    text = decode(data, name)
    separator = "\t" if PurePath(name).suffix.lower() == ".tsv" else _separator(text)
    pen = Pen()
    try:
        write_table(pen, csv.reader(io.StringIO(text, newline=""), delimiter=separator), 1)
    except csv.Error as error:
        cause = "有一格文字过长" if "field limit" in str(error) else f"表格格式有误（{error}）"
        raise UnreadableFile(name, cause, "请用 Excel 或 WPS 打开确认，或另存为 .txt 再添加") from error
    except _TooLarge as error:
        raise _too_large(name) from error
    return Reading(pen.text, tuple(pen.blocks))


def _separator(text: str) -> str:
    """Return the separator that the first line uses most; a comma where it uses none."""
    first = text.lstrip("\n").partition("\n")[0]
    return max(",\t;，", key=first.count)


def _read_workbook(data: bytes, name: str) -> Reading:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    package = open_package(data, name)
    pen, hidden = Pen(), list[Hidden]()
    counts: Counter[str] = Counter()
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            out = _unseen(read_part(package, _part_of(sheet), name) or b"")
            if sheet.sheet_state == "visible":
                _write_sheet(pen, sheet, out, hidden, counts)
            else:
                apart = Pen()
                _write_sheet(apart, sheet, Unseen(), hidden, counts)
                hidden.append(Hidden(apart.text, "隐藏的工作表"))
                counts["sheets"] += 1
        book.close()
        for text in _texts_of(package, "xl/drawings/", "p", name):  # text boxes and shapes
            pen.put(text)
            pen.end("\n")
        hidden += [Hidden(text, "批注") for text in _texts_of(package, "xl/comments", "comment", name)]
        notes = _notes(package, name, counts)
    except _TooLarge as error:
        raise _too_large(name) from error
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        SyntaxError,
        AssertionError,
        OverflowError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:  # what openpyxl lets through of a damaged file; XML errors are SyntaxErrors
        raise UnreadableFile(name, f"表格文件损坏或不完整（{type(error).__name__}）", _ADVICE) from error
    return Reading(pen.text, tuple(pen.blocks), hidden=tuple(hidden), notes=notes)


def _part_of(sheet: Any) -> str:
    return str(getattr(sheet, "_worksheet_path", "")).lstrip("/")


def _write_sheet(pen: Pen, sheet: Any, out: Unseen, hidden: list[Hidden], counts: Counter[str]) -> None:
    """Write a sheet under its title; what is in its hidden rows and columns goes to `hidden`."""
    sheet.reset_dimensions()  # a stray cell in the last column would make a million wide empty rows
    pen.put(sheet.title, level=1)
    pen.end("\n")
    unseen: list[str] = []

    def rows() -> Iterator[list[str]]:
        for number, row in enumerate(sheet.iter_rows(), 1):
            _count(counts, len(row))
            cells = [_shown(cell) for cell in row]
            if number in out.rows:
                unseen.extend(filter(str.strip, cells))
                counts["rows"] += any(cell.strip() for cell in cells)
                continue
            if out.columns:
                unseen.extend(cell for at, cell in enumerate(cells, 1) if at in out.columns and cell.strip())
                cells = ["" if at in out.columns else cell for at, cell in enumerate(cells, 1)]
            yield cells

    write_table(pen, rows(), 2)
    if unseen:
        hidden.append(Hidden("\t".join(unseen), f"工作表“{sheet.title}”中隐藏的行或列"))
    counts["columns"] += len(out.columns)
    counts["filtered"] += out.filtered


class _TooLarge(Exception):
    """A table of more cells than memory should hold."""


def _count(counts: Counter[str], cells: int) -> None:
    counts["cells"] += cells
    if counts["cells"] > _MAX_CELLS:
        raise _TooLarge


def _too_large(name: str) -> UnreadableFile:
    return UnreadableFile(name, f"表格超过 {_MAX_CELLS // 10_000} 万个单元格", "请删去空白行列或拆成几个文件再添加")


# --- header rows -----------------------------------------------------------------------------------------


def write_table(pen: Pen, rows: Iterable[list[str]], level: int) -> None:
    """Write the rows of a table, mark the cells of its header row, make a single cell above it a heading.

    `level` is that of such a heading. Raises _TooLarge.
    """
    filled = (row for row in rows if any(cell.strip() for cell in row))
    first = list(islice(filled, _LOOKED_AT))
    header = header_row(first)
    total = 0
    for number, row in enumerate(chain(first, filled)):
        total += len(row)
        if total > _MAX_CELLS:
            raise _TooLarge
        title = header is not None and number < header and sum(bool(cell.strip()) for cell in row) == 1
        _write_row(pen, row, level if title else 0, number == header)


def _write_row(pen: Pen, row: list[str], level: int, is_header: bool) -> None:
    place = pen.place()
    before = len(pen.blocks)
    for cell in row:
        pen.put(cell, level if len(cell) <= 60 else 0)
        pen.end("\t")
    pen.end_row(place)
    if is_header:
        pen.blocks[before:] = [replace(block, header=True) for block in pen.blocks[before:]]


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which of the first rows of a table names its columns; None where none does.

    It names nearly as many columns as the widest row fills, in short words that differ, without numbers or
    dates; only a title, a unit or a note in few cells may stand above it, and at least one row comes below it.
    """
    widths = [sum(bool(cell.strip()) for cell in row) for row in rows]
    widest = max(widths, default=0)
    if widest < 2:
        return None
    for number, row in enumerate(rows[:-1]):
        cells = [cell.strip() for cell in row if cell.strip()]
        if len(cells) < max(2, 0.7 * widest):
            continue
        names = len(set(cells)) == len(cells) and all(_names_column(cell) for cell in cells)
        return number if names and _differs(row, rows[number + 1 :]) else None
    return None


def _names_column(cell: str) -> bool:
    return len(cell) <= 30 and not _VALUE.fullmatch(cell) and cell[-1] not in "。；;！!"


def _differs(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row reads otherwise than those below: they have values, longer cells, or a usual column name is in it."""
    if any(_COLUMN_NAME.search(cell) for cell in row):
        return True
    return any(_VALUE.fullmatch(cell.strip()[:40]) for other in below for cell in other if cell.strip())


# --- what nobody sees ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unseen:
    """The rows and columns of a sheet that are hidden, counted from 1; `filtered` rows are hidden by a filter only."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    filtered: int = 0


def _unseen(part: bytes) -> Unseen:
    """Return what a sheet hides. A filter hides rows that still count: they are read, and counted for a note."""
    columns: set[int] = set()
    for tag in re.findall(rb"<(?:\w+:)?col\b[^>]*>", part[: part.find(b"sheetData")]):
        given = dict(re.findall(rb'\b(min|max|hidden)="(\w+)"', tag))
        if given.get(b"hidden") in (b"1", b"true") and given.get(b"min", b"").isdigit():
            last = given.get(b"max", b"")
            columns |= set(range(int(given[b"min"]), min(int(last) if last.isdigit() else 0, 16_384) + 1))
    rows: set[int] = set()
    at = 0
    for tag in re.findall(rb"<(?:\w+:)?row\b[^>]*>", part):
        given = dict(re.findall(rb'\b(r|hidden)="(\w+)"', tag))
        at = int(given[b"r"]) if given.get(b"r", b"").isdigit() else at + 1
        if given.get(b"hidden") in (b"1", b"true"):
            rows.add(at)
    if b"autoFilter" in part:
        return Unseen(columns=frozenset(columns), filtered=len(rows))
    return Unseen(frozenset(rows), frozenset(columns))


def _texts_of(package: zipfile.ZipFile, folder: str, tag: str, name: str) -> list[str]:
    """Return the texts of the elements of a name in the XML parts of a folder, in the order of the parts."""
    found = []
    for part in sorted(package.namelist()):
        if not (part.startswith(folder) and part.endswith(".xml") and "/_rels/" not in part):
            continue
        try:
            root = xml_root(read_part(package, part, name) or b"")
        except MarkupError:
            continue  # the sheets are read; a broken drawing is no reason to refuse them
        for node in root.iter():
            if local(node) == tag:
                found.append("".join(each.text or "" for each in node.iter() if local(each) == "t").strip())
    return [text for text in found if text]


def _notes(package: zipfile.ZipFile, name: str, counts: Counter[str]) -> tuple[str, ...]:
    sheets = [
        part for part in package.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")
    ]
    unsaved = sum(len(_UNSAVED.findall(read_part(package, sheet, name) or b"")) for sheet in sheets)
    counted = (
        (counts["sheets"], f"含隐藏的工作表 {counts['sheets']} 个，未作为正文"),
        (counts["rows"], f"含隐藏的行 {counts['rows']} 行，未作为正文"),
        (counts["columns"], f"含隐藏的列 {counts['columns']} 列，未作为正文"),
        (counts["filtered"], f"有 {counts['filtered']} 行被筛选隐藏，已一并读出"),
        (unsaved, f"有 {unsaved} 个公式没有保存结果，未读；请用 Excel 或 WPS 打开保存一次"),
    )
    return tuple(note for count, note in counted if count)


def _shown(cell: Any) -> str:
    """Return what a cell shows: numbers by their format, dates in ISO form, truth as Excel writes it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (int, float)):
        return number_shown(value, cell.number_format or "General")
    return str(value)


def number_shown(value: float, form: str) -> str:
    """Return a number as its cell format shows it: decimals, thousands separators, percent; no .0 of its own."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.|_.', "", form.partition(";")[0])
    digits = re.search(r"[#0?,]*[0?]?(?:\.([0?]+))?(?=%|[^#0?,.]|$)", bare[_first_digit(bare) :])
    if not re.search(r"[0?]", bare) or digits is None or re.search(r"[Ee/]", bare):
        return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    percent = "%" in bare
    decimals = len(digits[1] or "")
    comma = "," if "," in digits[0] else ""
    return f"{value * 100 if percent else value:{comma}.{decimals}f}" + ("%" if percent else "")


def _first_digit(form: str) -> int:
    found = re.search(r"[#0?]", form)
    return found.start() if found else 0
