"""An OFD is read as people see it: its lines in order with their boxes, hidden text apart, damage named."""

from __future__ import annotations

import pytest

from eval.bench.made_ofd import ofd, packed, page, parts, picture, text
from ingestion.errors import UnreadableFile
from ingestion.ofd import read_ofd
from ingestion.ofdtext import deltas
from ingestion.read import read_bytes, sniff

MM = 72 / 25.4


def test_lines_are_read_from_top_to_bottom_whatever_their_order_in_the_file():
    data = ofd(text("第二行文字。", 30, 60) + text("某某市人民检察院", 60, 30) + text("第三行。", 30, 70))
    assert read_ofd(data, "a.ofd").text.split("\n") == ["某某市人民检察院", "第二行文字。", "第三行。"]


def test_a_block_has_its_page_and_its_box_in_points():
    reading = read_ofd(ofd(text("第一页。", 30, 40), text("第二页。", 50, 80, 6)), "a.ofd")
    assert [block.page for block in reading.blocks] == [1, 2]
    left, top, right, bottom = reading.blocks[1].box or (0, 0, 0, 0)
    assert (left, right) == pytest.approx((50 * MM, (50 + 4 * 6) * MM), abs=0.1)
    assert (top, bottom) == pytest.approx((80 * MM, 86 * MM), abs=0.1)


def test_single_characters_drawn_apart_make_one_line():
    data = ofd("".join(text(char, 30 + 5 * at, 40) for at, char in enumerate("检察建议书")))
    assert read_ofd(data, "a.ofd").text == "检察建议书"


def test_a_line_that_runs_on_is_one_paragraph():
    first, second = "本院在办理案件中发现你单位未落实住宿登记制度存在", "安全隐患，现提出建议。"
    lines = text(first, 30, 40, 6) + text(second, 30, 50, 6) + text("另一段从这里开始。", 42, 60, 6)
    assert read_ofd(ofd(lines), "a.ofd").text == f"{first}{second}\n另一段从这里开始。"


def test_characters_far_apart_are_cells_of_a_row():
    data = ofd(text("单位次数", 30, 40, delta="5 40 5") + text("甲宾馆三次", 30, 50, delta="g 2 5 35 5"))
    assert read_ofd(data, "a.ofd").text == "单位\t次数\n甲宾馆\t三次"


def test_distances_repeat_as_the_standard_writes_them():
    assert deltas("1 g 3 2.5 4", 9) == [1.0, 2.5, 2.5, 2.5, 4.0]
    assert deltas("g 1000000000 2", 4) == [2.0] * 4
    assert deltas("g x", 4) == []


def test_a_template_page_lends_its_text_to_the_page_on_it():
    template = page(text("某某市人民检察院", 60, 40, 8))
    assert read_ofd(ofd(text("正文。", 30, 80), templates=[template]), "a.ofd").text == "某某市人民检察院\n正文。"


def test_headers_stand_once_and_page_numbers_go():
    pages = [text("内部资料", 90, 10) + text(f"第{n}页的正文。", 30, 90) + text(f"— {n} —", 95, 285) for n in (1, 2, 3)]
    reading = read_ofd(ofd(*pages), "a.ofd")
    assert reading.text.split("\n") == ["第1页的正文。", "第2页的正文。", "第3页的正文。", "内部资料"]


def test_a_transformed_object_stands_where_its_matrix_puts_it():
    data = ofd(text("乙", 30, 40, 5, more='CTM="2 0 0 2 0 0"') + text("甲。", 30, 20))
    reading = read_ofd(data, "a.ofd")
    assert reading.text.split("\n") == ["甲。", "乙"]
    left, top, right, bottom = reading.blocks[1].box or (0, 0, 0, 0)
    assert right - left == pytest.approx(10 * MM, abs=0.1)
    assert bottom - top == pytest.approx(10 * MM, abs=0.1)


def test_upright_columns_are_read_from_the_right():
    """R15."""
    left = text("第二列丙丁", 60, 40, down="g 4 5")
    assert read_ofd(ofd(left + text("第一列甲乙", 80, 40, down="g 4 5")), "a.ofd").text.startswith("第一列甲乙")


HIDDEN = [
    text("总额应为1元", 30, 60, more='Visible="false"'),
    text("总额应为1元", 30, 60, more='Alpha="0"'),
    text("总额应为1元", 30, 60, inner='<ofd:FillColor Value="255 255 255"/>'),
    text("总额应为1元", 30, 60, 0.3),
    text("总额应为1元", 300, 60),
]


@pytest.mark.parametrize("unseen", HIDDEN, ids=["invisible", "transparent", "white", "tiny", "outside"])
def test_text_that_nobody_sees_is_no_evidence(unseen: str):
    """R10."""
    reading = read_ofd(ofd(text("总额485000元。", 30, 40) + unseen), "a.ofd")
    assert reading.text == "总额485000元。"
    assert [hidden.text for hidden in reading.hidden] == ["总额应为1元"]
    assert "含不可见文字，未作为正文" in reading.notes


def test_white_text_on_a_picture_is_seen():
    white = text("白字标题", 30, 40, inner='<ofd:FillColor Value="255 255 255"/>')
    reading = read_ofd(ofd(picture("7", "0 0 210 80") + white), "a.ofd")
    assert (reading.text, reading.hidden) == ("白字标题", ())


def test_the_text_layer_of_a_scan_is_kept():
    """R10."""
    reading = read_ofd(ofd(picture("7", "0 0 210 297") + text("扫描件文字", 30, 40, more='Visible="false"')), "a.ofd")
    assert reading.text == "扫描件文字"
    assert any("扫描件的文字层" in note for note in reading.notes)


def test_composite_objects_are_opened():
    unit = f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="50" Width="90" Height="9"><ofd:Content>{text("表头", 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'
    use = '<ofd:CompositeObject ID="3" Boundary="30 40 90 9" ResourceID="50"/>'
    reading = read_ofd(ofd(use + text("正文。", 30, 60), resources=unit), "a.ofd")
    assert reading.text == "表头\n正文。"
    assert reading.blocks[0].box is not None
    assert reading.blocks[0].box[0] == pytest.approx(30 * MM, abs=0.1)


def test_content_decides_that_a_file_is_an_ofd():
    data = ofd(text("文字。", 30, 40))
    assert sniff(data, "a.bin") == "ofd"
    assert read_bytes(data, "改名.docx").text == "文字。"


def test_a_missing_page_is_named_and_the_others_are_read():
    made = parts([page(text("第一页。", 30, 40)), page(text("第二页。", 30, 40))])
    del made["Doc_0/Pages/Page_1/Content.xml"]
    reading = read_ofd(packed(made), "a.ofd")
    assert reading.text == "第一页。"
    assert "第2页缺失，未读" in reading.notes


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("OFD.xml", b"<ofd"),
        ("Doc_0/Document.xml", BOMB),
        ("Doc_0/Pages/Page_0/Content.xml", b"\0\1\2"),
        ("Doc_0/Pages/Page_0/Content.xml", page("")),
        ("Encryptions.xml", b"<a/>"),
    ],
    ids=["broken", "bomb", "binary", "empty", "locked"],
)
def test_damage_is_refused_with_advice_that_fits(part: str, data: bytes):
    made = parts([page(text("文字。", 30, 40))]) | {part: data}
    with pytest.raises(UnreadableFile) as caught:
        read_ofd(packed(made), "a.ofd")
    assert "pdf" in caught.value.advice
    assert "aaaa" not in str(caught.value)


@pytest.mark.parametrize("area", ["0 0 1e30 1e30", "0 0 0 0", "0 0 -5 nan", "x", "0 0 1 1"])
def test_absurd_page_sizes_do_no_harm(area: str):
    data = packed(parts([page(text("文字。", 0.1, 0.1, 3), area=area)]))
    reading = read_ofd(data, "a.ofd")
    assert reading.text == "文字。"
