from __future__ import annotations

import time

import pytest

from ingestion.letter import letter_parts

LETTER = """临江市云岭区人民检察院
检察建议书
云检建〔2024〕12号
临江市公安局云岭区分局：
本院在办理尹某某案中发现你局监管的旅馆存在问题。经检察长批准，开展了调查核实。
一、基本事实和证据
2024年3月9日，旅馆未登记。根据《旅馆业治安管理办法》第六条，应当登记。
二、存在的问题
（一）未登记。前台没有核对证件。
三、检察建议
为消除隐患，提出如下建议：
1.于三十日内处理，并将处理结果函告本院。
2.建议你局开展培训。
你局如有异议，请在收到之日起十五日内提出。
请在两个月内将落实情况书面回复本院。
联系人：叶青岚
临江市云岭区人民检察院
2024年9月10日
"""

FREE = """临江市生态环境局：
本院在履职中发现河道堆放垃圾，于2024年3月1日立案。
经调查查明：垃圾约300立方米。
本院认为，你局对此负有监管职责，未依法履职。
根据《中华人民共和国行政诉讼法》第二十五条第四款，现建议你局：依法查处。
请在收到之日起两个月内书面回复办理情况。逾期不履行的，本院将提起诉讼。
临江市人民检察院
二〇二四年三月九日
"""

NAMES = ["首部", "案件来源", "事实证据", "存在问题", "建议内容"]


def told(text: str) -> list[tuple[str, str]]:
    return [(part.name, text[part.start : part.end].strip()) for part in letter_parts(text)]


@pytest.mark.parametrize("between", ["\n", " "], ids=["lines", "blanks for lines"])
def test_the_seven_contents_of_a_letter_are_found(between):
    found = told(LETTER.replace("\n", between))
    assert [name for name, _ in found] == [*NAMES, "异议期限", "回复期限", "其他", "落款"]
    assert dict(found)["异议期限"] == "你局如有异议，请在收到之日起十五日内提出。"
    assert dict(found)["落款"] == f"临江市云岭区人民检察院{between}2024年9月10日"


def test_advice_that_sets_a_time_is_no_period_for_the_reply():
    found = dict(told(LETTER))
    assert found["建议内容"].endswith("2.建议你局开展培训。")
    assert found["回复期限"] == "请在两个月内将落实情况书面回复本院。"


def test_a_law_quoted_among_the_facts_opens_no_advice():
    assert "第六条，应当登记" in dict(told(LETTER))["事实证据"]


def test_a_letter_without_headings_is_read_by_how_its_sentences_open():
    found = told(FREE)
    assert [name for name, _ in found] == [*NAMES, "回复期限", "其他", "落款"]
    assert dict(found)["存在问题"].startswith("本院认为")
    assert dict(found)["其他"] == "逾期不履行的，本院将提起诉讼。"


def test_narrow_marks_of_a_scan_change_nothing():
    narrow = LETTER.replace("，", ",").replace("：", ":")
    assert [name for name, _ in told(narrow)] == [name for name, _ in told(LETTER)]


def test_the_period_for_the_reply_may_stand_first():
    lines = LETTER.split("\n")
    lines[13], lines[14] = lines[14], lines[13]
    assert [name for name, _ in told("\n".join(lines))][5:7] == ["回复期限", "异议期限"]


@pytest.mark.parametrize("text", [LETTER, FREE, LETTER[:60], "某局：" + "，" * 50, "天气很好。"])
def test_the_parts_cover_the_text_without_gap_or_overlap(text):
    found = letter_parts(text)
    assert "".join(text[part.start : part.end] for part in found) == text


def test_words_that_are_no_letter_are_one_part():
    assert told("今天天气很好。") == [("正文", "今天天气很好。")]


@pytest.mark.parametrize("unit", [" ", "检", "某人民检察院 ", "建议：\n"])
def test_time_grows_no_faster_than_the_text(unit):
    begun = time.perf_counter()
    letter_parts(unit * (200_000 // len(unit)))
    assert time.perf_counter() - begun < 5
