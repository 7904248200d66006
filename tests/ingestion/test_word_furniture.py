"""Headers and footers once, behind the body; foot- and endnotes once, behind the paragraph of their anchor."""

from __future__ import annotations

from wordfiles import hidden, read

from eval.bench.wordml import complex_field, ins, note, note_reference, p, r, raw

SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
    '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
)


def test_the_letterhead_is_kept_once_and_the_page_number_dropped():
    """R14."""
    parts = {"header1": p(r("某某局文件")), "footer1": p(r("— 1 —"))}
    reading = read(p(r("首节"), properties=SECTION) + p(r("正文。")) + SECTION, parts)
    assert reading.text == "首节\n正文。\n某某局文件"
    assert "页眉：某某局文件" in reading.notes


def test_notes_stand_once_behind_the_paragraph_of_their_anchor():
    """R14."""
    parts = {
        "footnotes": f'<w:footnote w:type="separator" w:id="-1">{p(r("——"))}</w:footnote>'
        + note("footnote", 2, p(r("脚注文"))),
        "endnotes": note("endnote", 2, p(r("尾注文"))),
    }
    anchors = note_reference("footnote", 2), note_reference("endnote", 2)
    reading = read(p(r("用人单位"), anchors[0], r("应当支付。"), anchors[1]) + p(r("后段")), parts)
    assert reading.text == "用人单位应当支付。\n脚注文\n尾注文\n后段"


def test_a_note_whose_anchor_was_moved_stays_in_the_final_text():
    anchor = note_reference("footnote", 2)
    moved = p(ins(r("甲") + anchor, "moveFrom"), r("乙")) + p(ins(r("甲") + anchor, "moveTo"))
    reading = read(moved, {"footnotes": note("footnote", 2, p(r("脚注文")))})
    assert reading.text == "乙\n甲\n脚注文"


def test_a_note_of_a_deleted_anchor_is_gone_with_it():
    anchor = ins(note_reference("footnote", 2), "del")
    reading = read(p(r("甲"), anchor) + p(r("乙")), {"footnotes": note("footnote", 2, p(r("脚注文")))})
    assert reading.text == "甲\n乙"
    assert "脚注文" in "".join(change.text for change in reading.changes)


def test_a_first_page_header_counts_where_a_later_section_shows_it():
    first = '<w:sectPr><w:headerReference w:type="first" r:id="header1"/></w:sectPr>'
    titled = "<w:sectPr><w:titlePg/></w:sectPr>"
    parts = {"header1": p(r("首页页眉"))}
    assert read(p(r("甲"), properties=first) + p(r("乙")) + titled, parts).text == "甲\n乙\n首页页眉"
    unused = read(p(r("甲"), properties=first) + p(r("乙")) + "<w:sectPr/>", parts)
    assert (unused.text, hidden(unused)) == ("甲\n乙", [("首页页眉", "未启用的页眉")])


def test_a_page_number_made_by_fields_is_dropped_and_a_letterhead_beside_it_kept():
    number = p(r("第 "), complex_field(" PAGE ", r("3")), r(" 页"))
    parts = {"header1": p(r("内部资料"), raw("<w:tab/>"), r("某某局")), "footer1": number}
    assert read(p(r("正文。")) + SECTION, parts).text == "正文。\n内部资料\t某某局"


def test_a_watermark_is_read_once():
    mark = raw('<w:pict><v:shape><v:textpath string="征求意见稿"/></v:shape></w:pict>')
    assert read(p(r("正文。")) + SECTION, {"header1": p(mark)}).text == "正文。\n征求意见稿"
