"""Tables of a Word file: reading order, merged cells once, tables in tables."""

from __future__ import annotations

from wordfiles import block_texts, hidden, read

from eval.bench.wordml import grid, p, r, relationship, tbl, tc, tr


def test_merged_cells_stand_once():
    """R05."""
    reading = read(
        tbl(
            tr(tc(p(r("申请人信息")), '<w:gridSpan w:val="3"/>')),
            tr(tc(p(r("甲")), '<w:vMerge w:val="restart"/>'), tc(p(r("一"))), tc(p(r("二")))),
            tr(tc(p(), "<w:vMerge/>"), tc(p(r("三"))), tc(p(r("四")))),
        )
    )
    assert reading.text == "申请人信息\n甲\t一\t二\n\t三\t四"
    assert block_texts(reading) == ["申请人信息", "甲", "一", "二", "三", "四"]


def test_text_under_a_merged_cell_is_kept_apart():
    reading = read(
        tbl(
            tr(tc(p(r("甲")), '<w:vMerge w:val="restart"/>'), tc(p(r("一")))),
            tr(tc(p(r("盖住")), "<w:vMerge/>"), tc(p(r("二")))),
        )
    )
    assert reading.text == "甲\t一\n\t二"
    assert hidden(reading) == [("盖住", "被合并单元格盖住的文字")]


def test_equal_neighbours_stay_separate_cells():
    """R05."""
    reading = read(grid(("1000", "1000", "500")))
    assert sum(map(int, block_texts(reading))) == 2500


def test_paragraphs_and_tables_keep_their_order():
    """R06."""
    body = p(r("甲段")) + grid(("T1a", "T1b"), ("T2a", "T2b")) + p(r("乙段"))
    body += grid(("U1a", "U1b"), ("U2a", "U2b")) + p(r("丙段"))
    broken = relationship("rId9", "image", "NULL")
    assert read(body).text == "甲段\nT1a\tT1b\nT2a\tT2b\n乙段\nU1a\tU1b\nU2a\tU2b\n丙段"
    assert read(body, rels=broken).text == read(body).text


def test_two_tables_that_touch_stay_two():
    reading = read(grid(("一",)) + p() + grid(("二",)))
    assert reading.text == "一\n\n二"


def test_a_nested_table_and_an_empty_row_break_no_span():
    inner = grid(("内1", "内2"))
    reading = read(
        tbl(tr(tc(inner + p()), tc(p(r("外")))), tr(tc(p()), tc(p())), tr(tc(p()), tc(p(r("尾")))))
    )
    assert reading.text == "内1\t内2\t外\n\t尾"


def test_a_cell_reads_its_own_text_before_and_after_a_nested_table():
    cell = p(r("前")) + grid(("内1", "内2"), ("内3", "内4")) + p(r("后"))
    assert read(tbl(tr(tc(cell), tc(p(r("外")))))).text == "前\n内1\t内2\n内3\t内4\n后\t外"


def test_a_hidden_row_is_kept_apart():
    reading = read(tbl(tr(tc(p(r("见")))), tr(tc(p(r("藏"))), properties="<w:hidden/>")))
    assert reading.text == "见"
    assert hidden(reading) == [("藏", "隐藏文字")]
