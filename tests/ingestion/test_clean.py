"""Line ends, headings by number, page numbers, and the pen whose blocks are always true spans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.clean import (
    Pen,
    heading_level,
    is_page_number,
    join_lines,
    line_blocks,
    normalise,
    starts_item,
    strange_share,
)


def test_only_line_ends_marks_and_nuls_are_normalised():
    assert normalise("\ufeff甲\r\n乙\r丙\0\n") == "甲\n乙\n丙\n"
    assert normalise("　全角\u200b\t１２ \x0c") == "　全角\u200b\t１２ \x0c"


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("一、总体要求", 1),
        ("（一）目标", 2),
        ("1.任务", 3),
        ("（1）分工", 4),
        ("第一章 总则", 1),
        ("第二节　立案", 2),
        ("3.5米以下的围栏应当加固", 0),
        ("2024年工作安排", 0),
        ("（一）未成年人住宿未登记；", 0),
        ("一、被告人犯罪后自首。依法可以从轻处罚", 0),
        ("第十二条 期限", 0),
        ("", 0),
    ],
)
def test_headings_are_told_by_their_number(line: str, level: int):
    assert heading_level(line) == level


@pytest.mark.parametrize(
    "line", ["1", "— 12 —", "-3-", "第 3 页", "第3页 共 9 页", "3/9", "Page 2 of 5", "第十页"]
)
def test_page_numbers_are_known(line: str):
    assert is_page_number(line)


@pytest.mark.parametrize("line", ["2024", "第3条", "3.5", "1 甲", "共同", "内部资料 1"])
def test_what_only_looks_like_a_page_number_is_none(line: str):
    assert not is_page_number(line)


def test_an_item_begins_a_paragraph_and_a_decimal_does_not():
    assert all(map(starts_item, ("第五条 甲", "（二）乙", "3.丙", "四、丁", "①戊")))
    assert not any(map(starts_item, ("3.5米", "甲第五条", "2024年")))


def test_lines_join_without_a_space_between_chinese_characters():
    assert join_lines("用人单位", "应当") == "用人单位应当"
    assert join_lines("共 3", "名") == "共 3名"
    assert join_lines("due", "process") == "due process"


def test_undecoded_characters_are_counted():
    assert strange_share("甲\x01\ufffd\ue000") == 0.75
    assert strange_share("甲\t乙\n") == 0.0


def test_blocks_leave_out_the_white_space_around_a_line():
    text = "　　甲 \n\n一、乙\n"
    assert [(text[block.start : block.end], block.level) for block in line_blocks(text)] == [
        ("甲", 0),
        ("一、乙", 1),
    ]


def test_a_pen_neither_begins_nor_ends_with_a_separator():
    pen = Pen()
    pen.end("\n")
    pen.put("甲")
    pen.end("\t")
    pen.put("")
    pen.end("\n")
    assert pen.text == "甲"


@given(st.lists(st.tuples(st.text("甲 \t\u3000\n", max_size=3), st.sampled_from(["\n", "\t", ""]))))
def test_whatever_a_pen_writes_its_blocks_are_true_spans(pieces: list[tuple[str, str]]):
    pen = Pen()
    for text, separator in pieces:
        start = pen.put(text)
        assert pen.text[start:] == text
        pen.end(separator)
    text = pen.text
    for block in pen.blocks:
        assert 0 <= block.start < block.end <= len(text)
        assert text[block.start : block.end] == text[block.start : block.end].strip()
    assert all(one.end <= two.start for one, two in pairwise(pen.blocks))
    assert sum(block.end - block.start for block in pen.blocks) >= text.count("甲")


@given(st.text("甲一、 \u3000\n\t", max_size=30))
def test_every_character_of_a_text_that_is_not_white_stands_in_one_block(text: str):
    inside = "".join(text[block.start : block.end] for block in line_blocks(text))
    assert "".join(inside.split()) == "".join(text.split())
