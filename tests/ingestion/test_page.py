"""A web page is what people see of it: paragraphs, headings, tables; what is hidden stands apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import UnreadableFile
from ingestion.page import decode_page, read_page
from ingestion.read import read_bytes, sniff


def read(body: str, head: str = ""):
    return read_page(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")


def test_paragraphs_headings_and_line_breaks_are_lines():
    reading = read("<h1>通知</h1><p>各区：<br>现将<b>有关</b>事项\n通知如下。</p><div>某局</div>")
    assert reading.text == "通知\n各区：\n现将有关事项通知如下。\n某局"
    assert [block.level for block in reading.blocks] == [1, 0, 0, 0]
    assert all(reading.text[block.start : block.end].strip() for block in reading.blocks)


def test_a_table_is_rows_of_cells_and_each_cell_stands_once():
    """R05."""
    reading = read(
        "<table><tr><th colspan=3>申请人信息</th></tr><tr><td rowspan=2>甲</td><td>1000</td><td>1000</td></tr>"
        "<tr><td>500</td><td></td></tr></table>尾"
    )
    assert reading.text == "申请人信息\n甲\t1000\t1000\n500\n尾"


def test_the_title_stands_first_unless_the_page_shows_it():
    assert read("<p>正文。</p>", "<title>关于检查的通知</title>").text == "关于检查的通知\n正文。"
    assert read("<h1>关于检查的通知</h1>", "<title>关于检查的通知_某市政府</title>").text == "关于检查的通知"


def test_ordered_lists_carry_their_numbers():
    assert read("<ol><li>甲<li>乙</ol><ol start=5><li>丙</ol><ul><li>丁</ul>").text == "1.甲\n2.乙\n5.丙\n丁"


def test_preformatted_text_keeps_its_lines():
    assert read("<pre>甲  乙\n  丙</pre>").text == "甲  乙\n  丙"


@pytest.mark.parametrize(
    "unseen",
    [
        '<p style="display:none">暗</p>',
        '<p style="color:red; visibility: hidden">暗</p>',
        "<p hidden>暗</p>",
        '<span style="font-size:0">暗</span>',
        '<span style="color:#ffffff">暗</span>',
        '<div style="display:none"><div><p>暗</p></div></div>',
        '<p class="c">暗</p>',
        '<p id="i">暗</p>',
        "<del>暗</del>",
    ],
)
def test_what_nobody_sees_is_kept_apart(unseen: str):
    """R10."""
    reading = read(f"<p>明</p>{unseen}<p>尾</p>", "<style>p.c {display:none} #i{display: none}</style>")
    assert reading.text == "明\n尾"
    assert [hidden.text for hidden in reading.hidden] == ["暗"]
    assert "含不可见文字，未作为正文" in reading.notes


@pytest.mark.parametrize(
    "seen",
    [
        '<div style="background:#c00"><span style="color:#fff">明</span></div>',
        '<table bgcolor="#336699"><tr><td><font style="color:white">明</font></td></tr></table>',
        '<p class="no-print">明</p>',
        '<p class="tab">明</p>',
        '<p style="display:none-such">明</p>'.replace("none-such", "block"),
    ],
)
def test_what_can_be_seen_is_not_taken_for_hidden(seen: str):
    head = "<style>@media print {.no-print {display:none}} .tab {display:none} .tab.on {display:block}</style>"
    reading = read(seen, head)
    assert (reading.text, reading.hidden) == ("明", ())


def test_scripts_styles_and_comments_are_no_text():
    assert read("<script>var a='暗'</script><!-- 暗 --><style>.暗{}</style><template>暗</template>明").text == "明"


@pytest.mark.parametrize("named", ["gb2312", "GBK", "gb18030"])
def test_pages_in_gbk_are_read_by_what_they_name(named: str):
    data = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={named}"></head><body>镕㐂会</body></html>'
    assert read_page(data.encode("gb18030"), "a.html").text == "镕㐂会"


def test_a_page_that_names_a_wrong_encoding_is_read_all_the_same():
    said = '<meta charset="gb2312"><p>某某市人民检察院</p>'
    assert read_page(said.encode(), "a.html").text == "某某市人民检察院"
    unknown = '<meta charset="x-nothing"><p>某某市人民检察院发出通知</p>'
    assert read_page(unknown.encode("gb18030"), "a.html").text == "某某市人民检察院发出通知"
    assert read_page("\ufeff<p>某某市</p>".encode("utf-16"), "a.html").text == "某某市"


def test_bytes_of_no_encoding_are_refused():
    with pytest.raises(UnreadableFile):
        read_page(b"<meta charset=utf-8><p>" + bytes(range(128, 256)) * 20, "a.html")


def test_deep_nesting_is_read_or_refused_but_never_cut():
    assert read("<div>" * 1500 + "底" + "</div>" * 1500 + "尾").text == "底\n尾"
    with pytest.raises(UnreadableFile, match="嵌套"):
        read("<div>" * 50_000 + "底")


def test_html_under_the_name_of_word_or_excel_is_read_as_html():
    data = "<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table><tr><td>甲<td>乙</table></html>".encode()
    assert sniff(data, "导出.xls") == "page"
    assert read_bytes(data, "导出.xls").text == "甲\t乙"
    assert sniff("<table><tr><td>甲</table>".encode(), "导出.xls") == "page"
    assert sniff(b"<html>", "说明.txt") == "plain"


def test_pictures_are_named():
    assert any("2 幅" in note for note in read("字<img src=a><img src=b>").notes)


@given(st.lists(st.text("甲乙丙一二a1，。 ", min_size=1, max_size=8).filter(str.strip), max_size=6))
def test_no_paragraph_is_lost_or_changed(lines: list[str]):
    reading = read("".join(f"<p>{line}</p>" for line in lines))
    assert reading.text.split("\n") == ([" ".join(line.split()) for line in lines] or [""])


def test_unmarked_text_is_decoded_as_text():
    assert decode_page("<p>某某市人民检察院发出通知</p>".encode("gb18030"), "a.html") == "<p>某某市人民检察院发出通知</p>"
