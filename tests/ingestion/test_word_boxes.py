"""What stands inside something else in a Word file: text boxes, controls, drawings, files and objects."""

from __future__ import annotations

import io
import zipfile

from wordfiles import hidden, read

from eval.bench.wordml import (
    box,
    grid,
    p,
    package,
    r,
    raw,
    relationship,
    sdt,
    tbl,
    tc,
    tr,
    zipped,
)
from ingestion.word import read_word

WHITE = '<w:color w:val="FFFFFF"/>'


def test_a_text_box_is_read_once_after_its_paragraph():
    """R02."""
    reading = read(p(r("正文"), box(p(r("框内文字")))) + p(r("后段")))
    assert reading.text == "正文\n框内文字\n后段"


def test_a_table_inside_a_text_box_is_read():
    """R02."""
    assert read(p(box(grid(("左", "右"))))).text == "左\t右"


def test_a_text_box_inside_a_text_box_is_read_once():
    assert read(p(r("外"), box(p(r("中"), box(p(r("内"))))))).text == "外\n中\n内"


def test_all_nestings_of_content_controls_are_read_in_order():
    """R03."""
    reading = read(
        sdt(p(r("申请人：某某公司")))
        + p(r("编号"), sdt(r("[A-17]")), r("号"))
        + sdt(grid(("表",)))
        + tbl(sdt(tr(tc(p(r("行"))))))
        + tbl(tr(tc(sdt(p(r("格"))))))
        + sdt(p("<w:r><w:drawing><a:blip/></w:drawing></w:r>") + p(r("封面标题")))
    )
    assert reading.text == "申请人：某某公司\n编号[A-17]号\n表\n行\n格\n封面标题"
    assert any("图片 1 张" in note for note in reading.notes)


def test_a_control_around_a_cell_and_controls_in_controls_are_read():
    reading = read(tbl(tr(sdt(tc(p(sdt(sdt(r("甲")))))), tc(p(r("乙"))))))
    assert reading.text == "甲\t乙"


def test_the_prompt_of_an_empty_control_is_not_text():
    reading = read(p(r("姓名："), sdt(r("单击此处输入文字"), "<w:showingPlcHdr/>")))
    assert reading.text == "姓名："
    assert [text for text, _ in hidden(reading)] == ["单击此处输入文字"]


def test_white_text_in_a_filled_box_is_read_and_in_an_empty_one_is_not():
    red = '<a:solidFill><a:srgbClr val="C00000"/></a:solidFill>'
    by_style = '<wps:style><a:fillRef idx="1"/></wps:style>'
    reading = read(
        p(box(p(r("红底", WHITE)), red))
        + p(box(p(r("样式底", WHITE)), "", by_style))
        + p(box(p(r("无底", WHITE)), "<a:noFill/>", by_style))
    )
    assert reading.text == "红底\n样式底"
    assert hidden(reading) == [("无底", "白色文字")]


def test_a_diagram_is_read_where_it_hangs():
    def point(text: str) -> str:
        return f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>"

    names = (
        'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    model = f"<dgm:dataModel {names}><dgm:ptLst>{point('受理')}{point('审查')}</dgm:ptLst></dgm:dataModel>"
    drawing = raw('<w:drawing><a:graphicData><dgm:relIds r:dm="d1"/></a:graphicData></w:drawing>')
    rels = relationship("d1", "diagramData", "diagrams/data1.xml")
    reading = read(
        p(r("流程"), drawing) + p(r("后")), None, rels, {"word/diagrams/data1.xml": model.encode()}
    )
    assert reading.text == "流程\n受理\n审查\n后"


def chunk(name: str, data: bytes) -> tuple[str, None, str, dict[str, bytes]]:
    body = p(r("前")) + '<w:altChunk r:id="c1"/>' + p(r("后"))
    return body, None, relationship("c1", "aFChunk", name), {f"word/{name}": data}


def test_a_word_file_inside_a_word_file_is_part_of_its_text():
    inner = package(p(r("里一")) + grid(("甲", "乙")) + p(r("藏", "<w:vanish/>"), r("里二")))
    reading = read(*chunk("part.docx", inner))
    assert reading.text == "前\n里一\n甲\t乙\n里二\n后"
    assert hidden(reading) == [("藏", "隐藏文字")]


def test_word_files_inside_one_another_end_somewhere():
    inner = package(p(r("底")))
    for _ in range(6):
        rels = relationship("c1", "aFChunk", "part.docx")
        inner = package(p(r("层")) + '<w:altChunk r:id="c1"/>', None, rels, {"word/part.docx": inner})
    reading = read_word(inner, "套.docx")
    assert reading.text == "层\n层\n层\n层"


def test_a_file_inside_that_cannot_be_read_is_counted():
    reading = read(*chunk("part.bin", b"\x00\x01\x02"))
    assert reading.text == "前\n后"
    assert "含嵌入的其他文件 1 个，未读" in reading.notes


def test_embedded_objects_charts_and_macros_are_noted():
    thing = raw('<w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="x"/><v:imagedata r:id="y"/></w:object>')
    chart = '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="z"/>'
    data = package(p(r("正文"), thing, raw(f"<w:drawing>{chart}</w:drawing>")), macros=True)
    reading = read_word(data, "a.docm")
    assert reading.text == "正文"
    assert reading.notes == (
        "含图表 1 个，图中文字未读",
        "含嵌入的对象 1 个（Excel.Sheet.12），未读",
        "含宏程序，未运行",
    )


def test_parts_are_found_whatever_the_case_and_slashes_of_their_names():
    data = package(
        p(r("正文")) + '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>', {"header1": p(r("某某局"))}
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name.replace("word/", "Word\\"): archive.read(name) for name in archive.namelist()}
    assert read_word(zipped(members), "a.docx").text == "正文\n某某局"
