"""A text file is its text, in whatever encoding it came; what is no text is refused."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.errors import UnreadableFile
from ingestion.plain import decode, read_plain

LETTER = "某某市人民检察院\n检察建议书\n\n　　本院在办理张某案中发现，你单位未落实登记制度。\n"
TRADITIONAL = "臺北地方檢察署於偵辦案件時發現，該旅館未依規定登記住客身分，應予改善。"


def test_a_utf8_file_with_line_feeds_is_its_canonical_text():
    assert read_plain(LETTER.encode(), "a.txt").text == LETTER


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "gb18030", "gbk"])
def test_the_encodings_of_an_office_are_told_apart(encoding: str):
    assert read_plain(LETTER.encode(encoding), "a.txt").text == LETTER


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf16_is_read_in_both_byte_orders(mark: bytes):
    data = mark + LETTER.encode("utf-16-le" if mark[0] == 0xFF else "utf-16-be")
    assert read_plain(data, "a.txt").text == LETTER


def test_utf16_without_a_mark_is_told_by_its_characters():
    assert decode((LETTER * 3).encode("utf-16-le"), "a.txt") == LETTER * 3


def test_big5_is_not_taken_for_gb18030():
    assert decode(TRADITIONAL.encode("big5"), "a.txt") == TRADITIONAL


def test_four_byte_characters_and_late_ones_survive():
    assert decode("𠮷野家诚".encode("gb18030"), "a.txt") == "𠮷野家诚"
    late = "x = 1\n" * 700 + "附：誠信记录"
    assert decode(late.encode("gbk"), "a.txt") == late


def test_line_ends_of_windows_and_nuls_are_normalised():
    assert read_plain("甲\r\n乙\0\r\n".encode(), "a.txt").text == "甲\n乙\n"


def test_markdown_headings_are_blocks_without_their_marks():
    text = "# 刑法\n\n## 第一章 总则\n\n第一条 甲。\n```\n# 注释\n```\n"
    reading = read_plain(text.encode(), "刑法.md")
    assert reading.text == text
    found = [(reading.text[block.start : block.end], block.level) for block in reading.blocks]
    assert found[:3] == [("刑法", 1), ("第一章 总则", 2), ("第一条 甲。", 0)]
    assert ("# 注释", 0) in found


def test_a_hash_in_a_text_file_is_no_heading():
    reading = read_plain("# 甲".encode(), "a.txt")
    assert [(block.start, block.level) for block in reading.blocks] == [(0, 0)]


def test_binary_data_is_refused_whatever_its_name():
    for seed in range(20):
        noise = random.Random(seed).randbytes(4000)
        with pytest.raises(UnreadableFile) as caught:
            read_plain(noise, "噪.txt")
        assert "UTF-8" in caught.value.advice


@pytest.mark.parametrize(
    "data", [bytes(range(32)) * 20, "乱码\ue001\ue002\ue003".encode() * 9, b"\xff\xfe\x00"]
)
def test_controls_private_use_and_broken_utf16_are_refused(data: bytes):
    with pytest.raises(UnreadableFile):
        read_plain(data, "a.txt")


def test_a_replacement_character_in_the_file_itself_is_named():
    reading = read_plain(("很长的正文" * 40 + "\ufffd").encode(), "a.txt")
    assert any("U+FFFD" in note for note in reading.notes)


@given(st.text("甲乙丙检察院，。a1 \n", min_size=1), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_no_text_changes_on_its_way_in(text: str, encoding: str):
    text = (
        "检察院" + text
    )  # one or two characters of GB18030 may be valid UTF-8 as well; UTF-8 has the first word
    reading = read_plain(text.encode(encoding), "a.txt")
    assert reading.text == text
    assert all(0 <= block.start < block.end <= len(text) for block in reading.blocks)
