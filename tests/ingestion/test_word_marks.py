"""Small marks inside the paragraphs of a Word file: signs, fields, formulas, reading aids."""

from __future__ import annotations

import pytest
from wordfiles import read

from eval.bench.wordml import complex_field, ins, p, r, raw
from ingestion.wordfields import overlay


def test_marks_inside_a_run_become_characters():
    run = (
        "<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:softHyphen/>"
        '<w:br w:type="page"/><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="F061"/></w:r>'
    )
    assert read(p(run)).text == "甲\t乙\n丙-☑α"


@pytest.mark.parametrize(
    ("font", "text", "shown"),
    [
        ("Wingdings", "\uf0a8", "□"),
        ("Wingdings", "þ", "☑"),
        ("Wingdings 2", "\uf052", "☑"),
        ("Symbol", "\uf0b3", "≥"),
        ("宋体", "þ", "þ"),
        ("Wingdings", "是", "是"),
    ],
)
def test_text_in_a_symbol_font_is_what_it_shows(font: str, text: str, shown: str):
    run = r(text, f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>')
    assert read(p(r("甲"), run)).text == f"甲{shown}"


def test_a_sign_that_nobody_knows_is_counted():
    reading = read(p(r("甲"), raw('<w:sym w:font="Somebody\'s Signs" w:char="F041"/>')))
    assert reading.text == "甲"
    assert "含认不出的符号 1 个，未读" in reading.notes


def test_a_sign_with_a_fallback_is_read_once():
    emoji = raw(
        '<mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:char="1F600"/></mc:Choice>'
        "<mc:Fallback><w:t>😀</w:t></mc:Fallback></mc:AlternateContent>"
    )
    assert read(p(r("甲"), emoji, r("乙"))).text == "甲😀乙"


def test_an_instruction_of_a_field_is_no_text_and_its_result_is():
    assert read(p(complex_field(" DATE ", r("2026年3月")))).text == "2026年3月"


def test_the_result_of_a_field_inside_an_instruction_is_no_text():
    begin, end = (raw(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("begin", "end"))
    separate = raw('<w:fldChar w:fldCharType="separate"/>')
    inner = complex_field(" MERGEFIELD 性别 ", r("男"))
    told = (
        raw("<w:instrText> IF </w:instrText>")
        + inner
        + raw('<w:instrText> = "男" "先生" "女士" </w:instrText>')
    )
    assert read(p(r("王某"), begin, told, separate, r("先生"), end)).text == "王某先生"


def test_a_field_that_never_ends_swallows_nothing():
    begin = raw('<w:fldChar w:fldCharType="begin"/>') + raw("<w:instrText>PAGE</w:instrText>")
    assert read(p(begin, r("甲")) + p(r("乙"))).text == "甲\n乙"


def test_a_field_over_several_paragraphs_keeps_its_result():
    head = raw('<w:fldChar w:fldCharType="begin"/>') + raw("<w:instrText>TOC</w:instrText>")
    first = p(head, raw('<w:fldChar w:fldCharType="separate"/>'), r("第一章"))
    assert read(first + p(r("第二章"), raw('<w:fldChar w:fldCharType="end"/>'))).text == "第一章\n第二章"


def test_ticks_and_choices_of_old_forms_are_read():
    ticked = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    empty = '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>'
    choice = '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="是"/><w:listEntry w:val="否"/></w:ddList></w:ffData>'
    body = p(
        complex_field(" FORMCHECKBOX ", data=ticked),
        r("是"),
        complex_field(" FORMCHECKBOX ", data=empty),
        r("否，选"),
        complex_field(" FORMDROPDOWN ", data=choice),
    )
    assert read(body).text == "☑是□否，选否"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (r"\o\ac(○,3)", "③"),
        (r"\o\ac(○,密)", "密"),
        (r'\* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(pīn),拼)', "拼"),
        (r"\f(1,2)", "1/2"),
        (r"\r(3,x)", "3√(x)"),
        ("(" * 5000, ""),
        (r"\o(", ""),
    ],
)
def test_characters_made_by_an_equation_field_are_read(expression: str, shown: str):
    assert overlay(expression) == shown
    assert read(p(r("甲"), complex_field(f" EQ {expression}"))).text == f"甲{shown}"


def test_the_reading_aid_above_characters_is_left_out():
    ruby = f"<w:r><w:ruby><w:rt>{r('pin')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>"
    assert read(p(r("前"), ruby, r("后"))).text == "前拼后"


def m(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (m("x+1"), "x+1"),
        (f"<m:f><m:num>{m('1')}</m:num><m:den>{m('2')}</m:den></m:f>", "1/2"),
        (f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('2')}</m:den></m:f>", "(a+b)/2"),
        (f"<m:sSup><m:e>{m('10')}</m:e><m:sup>{m('8')}</m:sup></m:sSup>", "10^8"),
        (f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr><m:e>{m('x')}</m:e></m:d>", "[x]"),
        (f"<m:rad><m:deg/><m:e>{m('x')}</m:e></m:rad>", "√x"),
        (m("a") + ins(m("b"), "del") + ins(m("c")), "ac"),
    ],
)
def test_a_formula_reads_as_it_means(formula: str, shown: str):
    assert read(p(r("甲"), f"<m:oMath>{formula}</m:oMath>")).text == f"甲{shown}"


def test_a_large_first_letter_belongs_to_its_word():
    cap = p(r("检"), properties='<w:framePr w:dropCap="drop" w:lines="3"/>')
    assert read(cap + p(r("察机关")) + p(r("后"))).text == "检察机关\n后"


def test_links_are_read_and_white_space_counts_where_the_file_says_so():
    link = f'<w:hyperlink r:id="x">{r("链接")}</w:hyperlink>'
    loose = "<w:r><w:t>\n  甲\n  乙  </w:t></w:r>"
    assert read(p(link, r("　前 "), loose)).text == "链接　前 甲 乙"
