"""Automatic numbers and headings of a Word file, as Word shows them."""

from __future__ import annotations

import io

import docx
import pytest
from wordfiles import read

from eval.bench.wordml import lists, numbered, p, r
from ingestion.numbering import numeral
from ingestion.word import read_word

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>'
    "</w:abstractNum>"
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>'
)


def test_automatic_numbers_stand_directly_before_their_text():
    reading = read(
        numbered("自动编号")
        + numbered("目标", level=1)
        + numbered("细目", level=2)
        + numbered("任务", level=1)
        + numbered("要求")
        + numbered("新起", number=2)
        + numbered("分项", level=1)
        + numbered("圆点", number=3),
        {"numbering": NUMBERING},
    )
    assert reading.text.split("\n") == [
        "一、自动编号", "（一）目标", "1.1.1细目", "（二）任务", "二、要求", "一、新起", "（一）分项", "圆点",
    ]  # fmt: skip
    assert [block.level for block in reading.blocks[:2]] == [1, 2]


def test_numbers_and_headings_come_through_style_inheritance():
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:name w:val="base"/><w:pPr><w:outlineLvl w:val="1"/>'
        '<w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Mine"><w:name w:val="mine"/><w:basedOn w:val="Base"/></w:style>'
    )
    off = '<w:numPr><w:numId w:val="0"/></w:numPr>'
    reading = read(
        p(r("第一"), style="Mine") + p(r("无号"), properties=off, style="Mine") + p(r("第二"), style="Mine"),
        {"styles": styles, "numbering": NUMBERING},
    )
    assert reading.text == "一、第一\n无号\n二、第二"
    assert {block.level for block in reading.blocks} == {2}


def test_the_four_levels_of_an_official_paper_are_headings():
    reading = read(
        "".join(p(r(line)) for line in ("一、总体要求", "（一）目标", "1.任务", "（1）分工", "3.5米以下。"))
    )
    assert [block.level for block in reading.blocks] == [1, 2, 3, 4, 0]


def test_a_line_of_the_table_of_contents_is_no_heading():
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    reading = read(p(r("一、总体要求"), style="T") + p(r("一、总体要求")), {"styles": styles})
    assert [block.level for block in reading.blocks] == [0, 1]


@pytest.mark.parametrize(
    ("pattern", "text", "shown"),
    [
        ("%1", "2024年", "1 2024年"),
        ("%1.", "5万元以下的罚款", "1. 5万元以下的罚款"),
        ("%1.", "主体责任", "1.主体责任"),
        ("%1)", "2024年", "1)2024年"),
        ("（%1）", "2024年", "（1）2024年"),
    ],
)
def test_a_number_does_not_melt_into_following_digits(pattern: str, text: str, shown: str):
    assert read(numbered(text), {"numbering": lists({1: (("decimal", pattern),)})}).text == shown


def test_a_number_that_is_hidden_is_not_shown_and_still_counts():
    numbering = lists({1: (("decimal", "%1."), ("decimal", "%1.%2."))}).replace(
        '<w:lvlText w:val="%1."/>', '<w:lvlText w:val="%1."/><w:rPr><w:vanish/></w:rPr>'
    )
    reading = read(numbered("甲") + numbered("乙", level=1), {"numbering": numbering})
    assert reading.text == "甲\n1.1.乙"


def test_a_heading_that_runs_on_into_its_text_keeps_its_number():
    separator = "<w:rPr><w:vanish/><w:specVanish/></w:rPr>"
    head = p(r("目标。"), properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>{separator}')
    reading = read(head + p(r("年内完成。")) + numbered("后"), {"numbering": NUMBERING})
    assert reading.text == "一、目标。年内完成。\n二、后"


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("japaneseCounting", 101, "一百零一"),
        ("chineseCountingThousand", 1010, "一千零一十"),
        ("chineseCountingThousand", 12345, "一万二千三百四十五"),
        ("chineseCounting", 11, "十一"),
        ("chineseCounting", 101, "一○一"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographLegalTraditional", 3, "參"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("ideographZodiacTraditional", 60, "癸亥"),
        ("ideographDigital", 10, "一〇"),
        ("ideographEnclosedCircle", 2, "㊁"),
        ("decimalEnclosedCircleChinese", 4, "④"),
        ("decimalEnclosedCircle", 21, "21"),
        ("decimalEnclosedFullstop", 3, "⒊"),
        ("decimalEnclosedParen", 3, "⑶"),
        ("decimalFullWidth", 12, "１２"),
        ("decimalZero", 7, "07"),
        ("001", 7, "007"),
        ("upperRoman", 14, "XIV"),
        ("lowerRoman", 9, "ix"),
        ("upperLetter", 27, "AA"),
        ("lowerLetter", 28, "bb"),
        ("lowerLetter", 900_000_000, "900000000"),
        ("ordinal", 22, "22nd"),
        ("ordinal", 12, "12th"),
        ("cardinalText", 121, "One hundred twenty-one"),
        ("ordinalText", 30, "Thirtieth"),
        ("hex", 31, "1F"),
        ("chicago", 5, "**"),
        ("numberInDash", 3, "- 3 -"),
        ("decimal", 3, "3"),
        ("unheardOf", 3, "3"),
        ("none", 3, ""),
    ],
)
def test_numbers_are_shown_as_word_shows_them(form: str, number: int, shown: str):
    assert numeral(form, number) == shown


def test_headings_of_python_docx_have_their_levels():
    document = docx.Document()
    document.add_heading("检察建议书", 0)
    document.add_heading("一级", 1)
    document.add_heading("二级", 2)
    document.add_paragraph("正文。")
    made = io.BytesIO()
    document.save(made)
    reading = read_word(made.getvalue(), "a.docx")
    assert reading.text == "检察建议书\n一级\n二级\n正文。"
    assert [block.level for block in reading.blocks] == [1, 1, 2, 0]
