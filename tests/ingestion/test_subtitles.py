"""Subtitles give the words that were spoken, cue by cue, each with its time."""

from __future__ import annotations

import pytest

from ingestion.errors import UnreadableFile
from ingestion.read import read_bytes, sniff
from ingestion.subtitles import read_subtitles

SRT = """1
00:00:01,000 --> 00:00:04,500
主持人：现在开始听证。

2
00:00:05,000 --> 00:00:09,250
<i>请核对</i>各方
到会情况。

3
01:02:03,4 --> 01:02:05,000
{\\an8}申请人：好。
"""

VTT = """WEBVTT - 听证会

STYLE
::cue { color: white }

NOTE 内部校对用

a1
00:01.000 --> 00:02.000 align:start
<v 主持人>宣布开始。

00:02.000 --> 00:03.000
<v 主持人>请发言。

00:03.500 --> 00:05.000
<v.loud 申请人 王某>我认为 1 &lt; 2 &amp; 对。</v>
"""


def test_the_words_of_a_srt_are_lines_and_their_times_stand_in_the_blocks():
    reading = read_subtitles(SRT.encode(), "a.srt")
    assert reading.text == "主持人：现在开始听证。\n请核对各方到会情况。\n申请人：好。"
    assert [block.time for block in reading.blocks] == [(1.0, 4.5), (5.0, 9.25), (3723.4, 3725.0)]
    assert any("01:02:05" in note for note in reading.notes)


def test_voices_of_a_vtt_are_labels_where_they_change():
    reading = read_subtitles(VTT.encode(), "a.vtt")
    assert reading.text == "主持人：宣布开始。\n请发言。\n申请人 王某：我认为 1 < 2 & 对。"
    assert reading.blocks[2].time == (3.5, 5.0)
    assert [hidden.text for hidden in reading.hidden] == ["内部校对用"]


def test_every_block_is_a_true_span():
    for data, name in ((SRT, "a.srt"), (VTT, "a.vtt")):
        reading = read_subtitles(data.encode(), name)
        assert "\n".join(reading.text[b.start : b.end] for b in reading.blocks) == reading.text


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_encodings_and_line_ends_of_windows_change_nothing(encoding: str):
    data = SRT.replace("\n", "\r\n").encode(encoding)
    assert read_subtitles(data, "a.srt") == read_subtitles(SRT.encode(), "a.srt")


def test_a_missing_blank_line_joins_no_cues():
    data = "1\n00:00:01,000 --> 00:00:02,000\n甲。\n2\n00:00:03,000 --> 00:00:04,000\n乙。\n"
    reading = read_subtitles(data.encode(), "a.srt")
    assert reading.text == "甲。\n乙。"
    assert reading.blocks[1].time == (3.0, 4.0)


def test_words_behind_a_blank_line_inside_a_cue_are_not_lost():
    reading = read_subtitles("1\n00:00:01,000 --> 00:00:02,000\n甲。\n\n还有。\n".encode(), "a.srt")
    assert reading.text == "甲。\n还有。"
    assert any("没有时间" in note for note in reading.notes)


def test_a_dialogue_in_one_cue_is_two_lines():
    reading = read_subtitles("1\n00:00:01,000 --> 00:00:02,000\n- 问？\n- 答。\n".encode(), "a.srt")
    assert reading.text == "- 问？\n- 答。"


def test_numbers_that_are_spoken_stay():
    reading = read_subtitles("1\n00:00:01,000 --> 00:00:02,000\n一共\n2026\n".encode(), "a.srt")
    assert reading.text == "一共2026"


def test_a_file_without_times_is_refused():
    with pytest.raises(UnreadableFile, match="没有一条"):
        read_subtitles("只是文字".encode(), "a.srt")


def test_the_suffix_or_the_first_word_tells_subtitles():
    assert sniff(SRT.encode(), "a.srt") == "subtitles"
    assert sniff(VTT.encode(), "a.dat") == "subtitles"
    assert sniff(SRT.encode(), "a.txt") == "plain"
    assert read_bytes(VTT.encode(), "a.vtt").text.startswith("主持人")
