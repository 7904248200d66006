"""A spreadsheet says what its cells show, row by row."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment

from ingestion.document import Reading
from ingestion.errors import UnreadableFile
from ingestion.sheet import header_row, number_shown, read_sheet


def saved(book: Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def table(*rows: list[object]) -> Workbook:
    book = Workbook()
    book.active.title = "台账"
    for row in rows:
        book.active.append(row)
    return book


def test_a_sheet_is_a_heading_and_its_rows_are_lines_of_cells():
    reading = read_sheet(
        saved(table(["单位", "次数"], ["甲宾馆", 3], [None, None], ["乙宾馆", 4])), "台账.xlsx"
    )
    assert reading.text == "台账\n单位\t次数\n甲宾馆\t3\n乙宾馆\t4"
    assert [block.level for block in reading.blocks] == [1, 0, 0, 0, 0, 0, 0]
    assert reading.text[reading.blocks[3].start : reading.blocks[3].end] == "甲宾馆"


def test_values_stand_as_they_are_shown():
    row = [3.0, 0.1 + 0.2, True, date(2026, 3, 5), datetime(2026, 3, 5, 9, 30), time(9, 30), "007"]
    text = read_sheet(saved(table(row)), "a.xlsx").text
    assert text.split("\n")[1] == "3\t0.3\tTRUE\t2026-03-05\t2026-03-05 09:30:00\t09:30:00\t007"


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.256, "0%", "26%"),
        (0.256, "0.0%", "25.6%"),
        (12, "0.00_ ", "12.00"),
        (1200, '"¥"#,##0', "1,200"),
        (3.0, "General", "3"),
        (2.5, "@", "2.5"),
        (1e20, "General", "1e+20"),
        (-4.25, "0.0;[Red]-0.0", "-4.2"),
    ],
)
def test_numbers_follow_their_format(value: float, form: str, shown: str):
    assert number_shown(value, form) == shown


def test_empty_cells_keep_their_column():
    text = read_sheet(saved(table(["甲", None, "丙"], [None, "乙", None])), "a.xlsx").text
    assert text == "台账\n甲\t\t丙\n\t乙"


def test_a_merged_cell_stands_once():
    book = table(["申请人信息", None, None], ["甲", "乙", "丙"])
    book.active.merge_cells("A1:C1")
    assert read_sheet(saved(book), "a.xlsx").text.count("申请人信息") == 1


def test_a_hidden_sheet_stands_apart():
    book = table(["明"])
    secret = book.create_sheet("底稿")
    secret.append(["暗"])
    secret.sheet_state = "hidden"
    reading = read_sheet(saved(book), "a.xlsx")
    assert reading.text == "台账\n明"
    assert [(hidden.text, hidden.why) for hidden in reading.hidden] == [("底稿\n暗", "隐藏的工作表")]


def test_a_formula_without_a_saved_result_is_named():
    reading = read_sheet(saved(table([1, 2, "=A1+B1"])), "a.xlsx")
    assert reading.text == "台账\n1\t2"
    assert any("1 个公式" in note for note in reading.notes)


def test_a_stray_cell_in_the_last_corner_costs_no_million_rows():
    book = table(["甲"])
    book.active.cell(1_048_576, 16_384, "角")
    assert read_sheet(saved(book), "a.xlsx").text.strip().endswith("角")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_of_either_encoding_is_read(encoding: str):
    data = '姓名,说明\r\n张某,"甲,乙"\r\n\r\n'.encode(encoding)
    assert read_sheet(data, "a.csv").text == "姓名\t说明\n张某\t甲,乙"


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_seen_in_the_first_line(separator: str):
    assert read_sheet(f"甲{separator}乙\n1{separator}2\n".encode(), "a.csv").text == "甲\t乙\n1\t2"


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_a_truncated_workbook_is_refused(share: float):
    data = saved(table(["甲"] * 20))
    with pytest.raises(UnreadableFile, match=r"损坏|不完整"):
        read_sheet(data[: int(len(data) * share)], "a.xlsx")


def test_rubbish_in_a_sheet_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(table(["甲"])))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<worksheet><" if "sheet1" in name else old.read(name))
    with pytest.raises(UnreadableFile):
        read_sheet(made.getvalue(), "a.xlsx")


def headers(reading: Reading) -> list[str]:
    return [reading.text[block.start : block.end] for block in reading.blocks if block.header]


def test_the_header_row_is_marked_and_a_title_above_it_is_a_heading():
    rows = [["2025年登记台账", None, None], ["单位", "日期", "次数"], ["甲宾馆", date(2025, 3, 5), 3], ["乙宾馆", None, 4]]
    reading = read_sheet(saved(table(*rows)), "a.xlsx")
    assert headers(reading) == ["单位", "日期", "次数"]
    assert [(b.level, reading.text[b.start : b.end]) for b in reading.blocks][:2] == [(1, "台账"), (2, "2025年登记台账")]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["单位", "次数"], ["甲", "3"]], 0),
        ([["登记台账"], ["制表：某局", "", "2025年3月"], ["单位", "次数", "罚款"], ["甲", "3", "200"]], 2),
        ([["甲", "3"], ["乙", "4"]], None),
        ([["张某", "到会"], ["李某", "缺席"]], None),
        ([["姓名", "情况"], ["张某", "到会"]], 0),
        ([["单位", "次数"]], None),
        ([["1000", "1000", "500"], ["甲", "乙", "丙"]], None),
        ([["说明"], ["一段文字"]], None),
        ([], None),
    ],
)
def test_a_header_row_names_columns_and_has_rows_below(rows: list[list[str]], found: int | None):
    assert header_row(rows) == found


def test_a_csv_has_a_header_too():
    assert headers(read_sheet("姓名,人数\n张某,2\n".encode(), "a.csv")) == ["姓名", "人数"]


def test_hidden_rows_and_columns_stand_apart():
    """R10."""
    book = table(["单位", "次数"], ["甲", 3], ["乙", 4])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    reading = read_sheet(saved(book), "a.xlsx")
    assert reading.text == "台账\n单位\n甲"
    assert [hidden.text for hidden in reading.hidden] == ["次数\t3\t乙\t4"]
    assert {"含隐藏的行 1 行，未作为正文", "含隐藏的列 1 列，未作为正文"} <= set(reading.notes)


def test_rows_that_only_a_filter_hides_are_read():
    book = table(["单位", "次数"], ["甲", 3], ["乙", 4])
    book.active.auto_filter.ref = "A1:B3"
    book.active.row_dimensions[3].hidden = True
    reading = read_sheet(saved(book), "a.xlsx")
    assert "乙\t4" in reading.text
    assert "有 1 行被筛选隐藏，已一并读出" in reading.notes


def test_comments_and_text_boxes_are_not_lost():
    book = table(["单位", "次数"])
    book.active["A1"].comment = Comment("待核实", "某人")
    drawing = '<xdr:wsDr xmlns:xdr="x" xmlns:a="y"><a:p><a:r><a:t>框内</a:t></a:r><a:r><a:t>文字</a:t></a:r></a:p></xdr:wsDr>'
    made = io.BytesIO(saved(book))
    with zipfile.ZipFile(made, "a") as package:
        package.writestr("xl/drawings/drawing1.xml", drawing)
    reading = read_sheet(made.getvalue(), "a.xlsx")
    assert reading.text == "台账\n单位\t次数\n框内文字"
    assert [hidden.text for hidden in reading.hidden] == ["待核实"]


def test_a_sheet_of_too_many_cells_is_refused_instead_of_filling_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ingestion.sheet._MAX_CELLS", 10)
    for data, name in ((saved(table(*[["甲", "乙"]] * 9)), "a.xlsx"), (b"a,b\n" * 9, "a.csv")):
        with pytest.raises(UnreadableFile, match="单元格"):
            read_sheet(data, name)


CELLS = st.one_of(st.none(), st.text("甲乙 1", max_size=4), st.integers(-9, 9), st.booleans())


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=4))
def test_every_cell_is_a_true_span(rows: list[list[object]]):
    reading = read_sheet(saved(table(*rows)), "a.xlsx")
    ends = [0, *(block.end for block in reading.blocks)]
    assert all(end <= block.start < block.end for end, block in zip(ends, reading.blocks, strict=False))
    assert ends[-1] <= len(reading.text)
    shown = [
        str(cell).strip() for row in rows for cell in row if cell is not None and not isinstance(cell, bool)
    ]
    assert all(text in reading.text for text in shown)
