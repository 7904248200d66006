"""A spreadsheet (.xlsx, .csv) becomes a Reading: each sheet a heading, each cell a block, rows as lines."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import PurePath
from typing import Any

from ingestion.clean import Pen
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.plain import decode
from ingestion.word import open_package, read_part

# a formula whose result was never saved: <f> with no <v> behind it
_UNSAVED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_ADVICE = "请用 Excel 或 WPS 打开并另存为新的 .xlsx 再添加；打不开时请向来源重新索取"


def read_sheet(data: bytes, name: str) -> Reading:
    """Read .xlsx or .csv: cells of a row are joined by tabs, rows by line ends, empty rows left out.

    Values stand as the sheet shows them: formulas as their saved results, whole numbers without .0, dates in
    ISO form. Sheets that nobody sees are kept apart as Hidden. Raises UnreadableFile.
    """
    if data[:2] == b"PK":
        return _read_workbook(data, name)
    return _read_separated(data, name)


def _read_separated(data: bytes, name: str) -> Reading:
    text = decode(data, name)
    separator = "\t" if PurePath(name).suffix.lower() == ".tsv" else _separator(text)
    pen = Pen()
    try:
        _write_rows(pen, csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise UnreadableFile(name, f"表格格式有误（{error}）", _ADVICE) from error
    return Reading(pen.text, tuple(pen.blocks))


def _separator(text: str) -> str:
    """Return the separator that the first line uses most; a comma where it uses none."""
    first = text.lstrip("\n").partition("\n")[0]
    return max(",\t;，", key=first.count)


def _read_workbook(data: bytes, name: str) -> Reading:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    package = open_package(data, name)
    pen, hidden = Pen(), []
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            into = pen if sheet.sheet_state == "visible" else Pen()
            sheet.reset_dimensions()  # a stray cell in the last column would make a million wide empty rows
            into.put(sheet.title, level=1)
            into.end("\n")
            _write_rows(into, ([_shown(cell) for cell in row] for row in sheet.iter_rows()))
            if into is not pen:
                hidden.append(Hidden(into.text, "隐藏的工作表"))
        book.close()
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
    ) as error:  # what openpyxl lets through of a damaged file; XML errors are SyntaxErrors
        raise UnreadableFile(name, f"表格文件损坏或不完整（{type(error).__name__}）", _ADVICE) from error
    return Reading(
        pen.text, tuple(pen.blocks), hidden=tuple(hidden), notes=_notes(package, name, len(hidden))
    )


def _notes(package: zipfile.ZipFile, name: str, hidden: int) -> tuple[str, ...]:
    sheets = [
        part for part in package.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")
    ]
    unsaved = sum(len(_UNSAVED.findall(read_part(package, sheet, name) or b"")) for sheet in sheets)
    counted = (
        (hidden, f"含隐藏的工作表 {hidden} 个，未作为正文"),
        (unsaved, f"有 {unsaved} 个公式没有保存结果，未读；请用 Excel 或 WPS 打开保存一次"),
    )
    return tuple(note for count, note in counted if count)


def _write_rows(pen: Pen, rows: Iterable[list[str]]) -> None:
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        place = pen.place()
        for cell in row:
            pen.put(cell)
            pen.end("\t")
        pen.end_row(place)


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
