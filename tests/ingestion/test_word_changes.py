"""Tracked changes of a Word file: the final text is the text, each change keeps who, when and where."""

from __future__ import annotations

import pytest
from wordfiles import before, read, with_marks

from eval.bench.wordml import SOME_DAY, deleted, end_mark, grid, ins, numbered, p, r, tbl, tc, tr

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:lvlText w:val="%1、"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def test_the_final_text_holds_insertions_and_no_deletion():
    """R01."""
    reading = read(
        p(r("赔偿金额为"), deleted("10"), ins(r("20")), r("万元。"))
        + p(ins(r("第三条甲"), "moveFrom"), r("尾"))
        + p(ins(r("第三条甲"), "moveTo"))
    )
    assert reading.text == "赔偿金额为20万元。\n尾\n第三条甲"
    assert "10" not in reading.text
    assert any("含修订 3 处" in note for note in reading.notes)
    assert before(reading) == "赔偿金额为10万元。\n第三条甲尾"
    assert with_marks(reading).startswith("赔偿金额为［删：10］［增：20］万元。\n［删：第三条甲］尾")


def test_each_change_keeps_author_date_and_place():
    reading = read(p(r("赔偿金额为"), deleted("10"), ins(r("20")), r("万元。")))
    delete, insert = reading.changes
    assert (delete.kind, delete.author, delete.text, delete.start, delete.end) == (
        "delete",
        "张检",
        "10",
        5,
        5,
    )
    assert (insert.kind, insert.date) == ("insert", SOME_DAY)
    assert reading.text[insert.start : insert.end] == insert.text == "20"


def test_text_inserted_and_deleted_again_stays_out():
    reading = read(p(r("甲"), ins(deleted("乙")), r("丙")))
    assert reading.text == "甲丙"


def test_a_paragraph_whose_end_was_deleted_runs_into_the_next():
    gone = end_mark("del")
    reading = read(
        p(r("前半"), properties=gone) + p(r("后半")) + p(deleted("全删"), properties=gone) + p(r("末"))
    )
    assert reading.text == "前半后半\n末"
    assert [change.text for change in reading.changes] == ["\n", "全删\n"]
    assert before(reading) == "前半\n后半\n全删\n末"


def test_a_paragraph_emptied_by_deletions_leaves_no_line_and_comes_back_in_the_original():
    reading = read(p(r("甲")) + p(deleted("全删")) + p(r("乙")) + p(deleted("尾删")))
    assert reading.text == "甲\n乙"
    assert before(reading) == "甲\n全删\n乙\n尾删"


def test_the_line_end_of_an_inserted_paragraph_belongs_to_its_change():
    reading = read(p(r("甲")) + p(ins(r("新段")), properties=end_mark("ins")) + p(r("乙")))
    (change,) = reading.changes
    assert change.text == reading.text[change.start : change.end] == "新段\n"
    assert before(reading) == "甲\n乙"


def test_a_paragraph_split_in_two_was_one_before():
    reading = read(p(r("前半"), properties=end_mark("ins")) + p(r("后半")))
    assert reading.text == "前半\n后半"
    assert before(reading) == "前半后半"


def test_a_moved_paragraph_stands_where_it_was_moved_to_and_stood_elsewhere_before():
    """R01."""
    away = p(ins(r("搬移的段。"), "moveFrom"), properties=end_mark("moveFrom"))
    here = p(ins(r("搬移的段。"), "moveTo"), properties=end_mark("moveTo"))
    reading = read(p(r("甲")) + away + p(r("乙")) + here + p(r("丙")))
    assert reading.text == "甲\n乙\n搬移的段。\n丙"
    assert before(reading) == "甲\n搬移的段。\n乙\n丙"
    assert "含修订 1 处，正文取修订后的内容" in reading.notes


def test_the_number_of_an_inserted_paragraph_goes_with_it():
    def item(text: str, mark: str = "") -> str:
        return p(text, properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>{mark}')

    reading = read(
        item(r("甲")) + item(ins(r("新")), end_mark("ins")) + item(r("乙")), {"numbering": NUMBERING}
    )
    assert reading.text == "一、甲\n二、新\n三、乙"
    assert before(reading) == "一、甲\n二、乙"


def test_a_deleted_paragraph_takes_no_number():
    gone = p(
        deleted("删"),
        properties='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' + end_mark("del"),
    )
    reading = read(numbered("甲") + gone + numbered("乙"), {"numbering": NUMBERING})
    assert reading.text == "一、甲\n二、乙"


def row(*texts: str, change: str = "") -> str:
    return tr(*(tc(p(r(text))) for text in texts), properties=ins("", change) if change else "")


def test_a_deleted_table_row_is_gone_and_its_cells_come_back_apart():
    reading = read(tbl(row("甲", "乙"), row("删一", "删二", change="del"), row("丙", "丁")))
    assert reading.text == "甲\t乙\n丙\t丁"
    assert [change.text for change in reading.changes] == ["删一\t删二\n"]
    assert before(reading) == "甲\t乙\n删一\t删二\n丙\t丁"


@pytest.mark.parametrize(
    "rows",
    [[row("新", "增", change="ins"), row("甲", "乙")], [row("甲", "乙"), row("新", "增", change="ins")]],
)
def test_an_inserted_table_row_was_not_there_before(rows: list[str]):
    reading = read(tbl(*rows))
    assert sorted(reading.text.split("\n")) == ["新\t增", "甲\t乙"]
    assert before(reading) == "甲\t乙"


def test_a_deleted_last_row_comes_back_on_a_line_of_its_own():
    reading = read(tbl(row("留"), row("删", change="del")))
    assert reading.text == "留"
    assert before(reading) == "留\n删"


def test_a_deleted_cell_leaves_no_tab_and_an_inserted_one_was_not_there():
    signed = f'w:id="1" w:author="张检" w:date="{SOME_DAY}"'
    dead, new = f"<w:cellDel {signed}/>", f"<w:cellIns {signed}/>"
    reading = read(tbl(tr(tc(p(r("甲"))), tc(p(r("删")), dead), tc(p(r("增")), new), tc(p(r("乙"))))))
    assert reading.text == "甲\t增\t乙"
    assert before(reading) == "甲\t删\t乙"


def test_cells_emptied_by_deletions_come_back_as_cells():
    table = tbl(tr(tc(p(deleted("一"))), tc(p(deleted("二")))), tr(tc(p(r("三"))), tc(p(r("四")))))
    reading = read(p(r("甲")) + table)
    assert reading.text == "甲\n三\t四"
    assert before(reading) == "甲\n一\t二\n三\t四"


def test_a_table_after_a_paragraph_whose_end_was_deleted_stays_apart():
    reading = read(p(r("甲"), properties=end_mark("del")) + grid(("一", "二")))
    assert reading.text == "甲\n一\t二"


def test_a_long_text_under_tracked_changes_is_one_change():
    body = "".join(p(ins(r(f"第{number}段。")), properties=end_mark("ins")) for number in range(300))
    reading = read(body + p(r("末")))
    (change,) = reading.changes
    assert reading.text[change.end :] == "末"
    assert before(reading) == "末"
