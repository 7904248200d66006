from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.document import Block, Document, Kind, Passage
from ingestion.split import split, split_span


def document(text: str, kind: Kind = "other", subtype: str = "", blocks: tuple[Block, ...] = ()) -> Document:
    return Document("a1b2", kind, subtype, "题目", text, blocks)


def assert_covers(text: str, passages: tuple[Passage, ...], limit: int) -> None:
    at = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert 0 < len(passage.text) <= limit
        assert passage.text == passage.text.strip()
        assert passage.start >= at
        assert not text[at : passage.start].strip()
        at = passage.end
    assert not text[at:].strip()


ALPHABET = "字词句。！？；，、：“”《》（）\n\t |一二、第条1.问答 　"


@settings(max_examples=150, deadline=None)
@given(
    text=st.text(alphabet=ALPHABET, max_size=1500),
    limit=st.integers(20, 200),
    kind=st.sampled_from(["case", "hearing", "regulation", "suggestion", "other"]),
    subtype=st.sampled_from(["刑事判决书", "询问笔录", "检察建议书", "表格"]),
)
def test_passages_cover_the_source_once_within_the_limit(text, limit, kind, subtype):
    assert_covers(text, split(document(text, kind, subtype), limit), limit)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet=ALPHABET, max_size=1000), limit=st.integers(20, 100), overlap=st.integers(1, 3))
def test_overlapping_passages_stay_within_the_limit_and_leave_no_gap(text, limit, overlap):
    at = 0
    for passage in split(document(text), limit, overlap=overlap):
        assert text[passage.start : passage.end] == passage.text
        assert len(passage.text) <= limit
        assert not text[at : passage.start].strip()
        at = passage.end
    assert not text[at:].strip()


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=500), limit=st.integers(1, 60), margin=st.integers(0, 20))
def test_split_span_keeps_to_its_range(text, limit, margin):
    start, end = min(margin, len(text)), max(min(margin, len(text)), len(text) - margin)
    spans = split_span(text, start, end, limit)
    assert all(start <= left < right <= end and right - left <= limit for left, right in spans)
    kept = "".join("".join(text[left:right].split()) for left, right in spans)
    assert kept == "".join(text[start:end].split())


@pytest.mark.parametrize(
    "text",
    ["字" * 10_000, "甲乙丙；丁、" * 833, "这是一个完整的句子。" * 200, "他说：“好。”后续；" * 300],
    ids=["no punctuation", "only ；and 、", "sentences without blanks", "quotes"],
)
def test_no_chunk_is_huge_whatever_the_punctuation(text):  # field case T07
    passages = split(document(text))
    assert_covers(text, passages, 450)
    assert len(passages) <= len(text) / 225 + 1


def test_overlap_repeats_the_last_sentences_of_the_passage_before():  # field case T07
    text = "".join(f"第{number}句话在这里说完了。" for number in range(200))
    passages = split(document(text), limit=120, overlap=1)
    assert all(after.start < before.end for before, after in pairwise(passages))
    assert all(passage.text.startswith("第") for passage in passages)


@pytest.mark.parametrize("closing", ["”", "》", "”）", "』", '"'])
def test_closing_marks_stay_with_their_sentence(closing):  # field case T07
    opening = '"' if closing == '"' else "“"
    text = f"他说：{opening}我们明天就去公园看花。{closing}" * 60
    for passage in split(document(text), limit=50):
        assert not passage.text.startswith(tuple("”》）』。"))
        assert passage.text.endswith(closing)


def test_a_number_is_not_cut_in_two():
    text = "字" * 45 + "13812345678" + "字" * 60
    assert any("13812345678" in passage.text for passage in split(document(text), limit=50))


def test_one_line_articles_stay_apart_from_a_huge_annex():  # field case L09
    articles = [f"第{number}条　这是第{number}条的内容。" for number in "一二三四五六七八九"]
    text = "\n".join([*articles, "附件", "附" * 20_000])
    law = Document("a1b2", "regulation", "法律", "某某法", text, ())
    passages = split(law)
    assert_covers(text, passages, 450)
    assert [passage.article for passage in passages[:9]] == [
        f"第{number}条" for number in "一二三四五六七八九"
    ]
    assert all(passage.headings[0] == "某某法" for passage in passages)
    assert passages[-1].article is None


def test_a_long_article_is_cut_at_its_paragraphs():
    paragraphs = [f"第{number}款的内容" + "很长" * 40 + "。" for number in range(5)]
    text = "\n".join(paragraphs)
    assert [text[left:right] for left, right in split_span(text, 0, len(text), 120)] == paragraphs


def test_a_judgment_is_cut_by_its_parts():
    text = (
        "某市人民法院 刑事判决书 （2025）浙1302刑初88号 公诉机关某市人民检察院。 "
        + "被告人甲某，男。" * 9
        + " 经审理查明：" + "被告人甲某窃得手机一部。" * 9
        + " 本院认为，" + "被告人甲某的行为已构成盗窃罪。" * 9
    )  # fmt: skip
    passages = split(document(text, "case", "刑事判决书"))
    assert [passage.headings for passage in passages] == [
        ("题目", "当事人"), ("题目", "审理查明"), ("题目", "本院认为"),
    ]  # fmt: skip


RECORD = """听证笔录
主持人：现在开始听证。
三、听证员提问
听证员甲：请问整改需要多长时间，是否已经安排了专门的人员和经费来落实这项工作？请具体说明一下目前的进展情况和存在的困难。
文旅代表：我们计划在两个月内完成，人员已经到位，经费由财政保障，目前已经检查了三十家场所，其余场所将在下个月之前全部检查完毕。
"""


def test_a_speaker_turn_is_whole_and_names_step_and_speaker():
    passages = split(document(RECORD, "hearing", "听证笔录"), floor=40)
    by_text = {passage.text.split("\n")[-1][:4]: passage for passage in passages}
    assert by_text["文旅代表"].headings == ("题目", "三、听证员提问", "文旅代表")
    assert by_text["文旅代表"].text.endswith("全部检查完毕。")


def test_short_turns_in_a_row_share_a_passage_that_names_all_speakers():
    text = "主持人：是否申请回避？\n甲方：不申请。\n乙方：不申请。\n"
    (passage,) = split(document(text, "hearing", "听证笔录"))
    assert passage.headings[-1] == "主持人、甲方、乙方"


def test_a_question_goes_with_its_answer():
    text = "".join(f"问：第{n}个问题是什么？\n答：" + "这是回答。" * 20 + "\n" for n in range(3))
    passages = split(document(text, "case", "询问笔录"))
    assert [passage.text.startswith("问：") and "答：" in passage.text for passage in passages] == [True] * 3


def test_a_letter_is_cut_at_its_headings_and_a_heading_goes_with_what_follows():
    text = "\n".join([
        "某局：", "本院在办理案件中发现以下问题。" * 5, "一、基本事实", "事实如下。" * 20,
        "二、存在的问题", "（一）登记不实", "问题如下。" * 20, "3.5米以下的围栏没有登记，" + "属于漏洞。" * 20,
    ])  # fmt: skip
    passages = split(document(text, "suggestion", "检察建议书"))
    assert [passage.headings[1:] for passage in passages] == [
        ("案件来源",), ("一、基本事实",), ("二、存在的问题", "（一）登记不实"),
    ]  # fmt: skip
    assert passages[2].text.startswith("二、存在的问题\n（一）登记不实")


def test_the_periods_of_a_letter_do_not_hang_on_its_last_advice():
    text = "\n".join([
        "某局：", "本院在办理案件中发现你局监管不到位，特提出检察建议。" * 3, "三、检察建议", "1.开展排查，" + "逐一整改。" * 15,
        "如有异议，请在十五日内提出。", "请在两个月内书面回复本院。", "某市人民检察院", "2024年9月10日",
    ])  # fmt: skip
    passages = split(document(text, "suggestion", "检察建议书"))
    assert passages[-1].headings[1:] == ("异议期限、回复期限、落款",)
    assert passages[-1].text.startswith("如有异议")
    assert passages[-2].text.endswith("逐一整改。")


HEARD = """某区人民检察院听证笔录
主持人：莫云涛　承办检察官：叶青岚　书记员：康宁
听证员：宋佩琴、郝建勋
（三）听证员提问
【听证员宋佩琴】整改需要多长时间？经费由谁来出？请具体说明一下目前的进展情况和存在的困难有哪些。
【申请人】两个月。经费由公司承担，目前已经完成了大部分工作，剩下的工作将在下个月之前全部完成，请各位放心。
（10时休会，10时30分复会）
【听证员郝建勋】同意承办检察官的意见，建议公司把整改情况按月报告给街道和主管部门，接受社会各方面的监督。
"""


def test_speakers_of_a_hearing_are_named_with_their_role_however_the_label_is_written():
    passages = split(document(HEARD, "hearing", "听证笔录"), floor=20)
    told = {passage.text[:8]: passage.headings[1:] for passage in passages}
    assert told["【申请人】两个月"] == ("（三）听证员提问", "申请人")
    (opinion,) = [passage for passage in passages if "同意承办检察官" in passage.text]
    assert opinion.headings[1:] == ("听证员郝建勋",)  # behind the break nobody asks any more


def test_rows_of_a_table_carry_the_header_row_in_their_headings():
    rows = [f"{number}\t旅馆{number}\t未登记未成年人入住信息" for number in range(1, 60)]
    text = "\n".join(["序号\t名称\t问题", *rows])
    passages = split(document(text, "other", "台账"))
    assert_covers(text, passages, 450)
    assert all(passage.headings[-1] == "序号 | 名称 | 问题" for passage in passages)
    assert all(line.count("\t") == 2 for passage in passages for line in passage.text.split("\n"))


def test_headings_from_the_reader_lead_to_the_passage():
    text = "总则\n" + "内容在此。" * 30 + "\n细则\n" + "内容在此。" * 30
    blocks = (Block(0, 2, level=1), Block(text.index("细则"), text.index("细则") + 2, level=2))
    passages = split(document(text, blocks=blocks))
    assert [passage.headings for passage in passages] == [("题目", "总则"), ("题目", "总则", "细则")]


def test_an_empty_document_has_no_passages():
    assert split(document(" \n　\n")) == ()


def test_a_limit_without_room_is_refused():
    with pytest.raises(ValueError, match="limit of 5"):
        split(document("字"), limit=5)


@pytest.mark.parametrize(
    "unit", ["字", "短句。", "长句，有逗号、顿号\n", "甲：乙\n", "一、甲\n", "a\tb\tc\n"]
)
def test_time_grows_no_faster_than_the_text(unit):
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        return min(timed(text) for _ in range(2))

    def timed(text: str) -> float:
        begun = time.process_time()
        split(document(text, "hearing", "听证笔录"))
        return time.process_time() - begun

    assert seconds(80_000) < 12 * seconds(20_000) + 0.05


def test_the_header_row_that_the_reader_marked_heads_the_rows_below_it():
    text = "2026年\t一季度\t台账\n单位\t次数\t处理\n甲宾馆\t3\t警告\n"
    start = text.index("单位")
    marked = tuple(Block(at, at + 2, header=True) for at in (start, start + 3, start + 6))
    parts = split(Document("a" * 16, "case", "台账", "台账", text, marked), limit=20, floor=0)
    assert parts[-1].text.endswith("甲宾馆\t3\t警告")
    assert parts[-1].headings == ("台账", "单位 | 次数 | 处理")
