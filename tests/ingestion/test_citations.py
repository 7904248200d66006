"""Citations of law in a text: every form, each a span; nothing makes the reader fail or slow."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.citations import LawCitation, citations, render
from ingestion.numerals import article_label

FULL = {
    "刑法": "中华人民共和国刑法",
    "中华人民共和国刑法": "中华人民共和国刑法",
    "刑诉法": "中华人民共和国刑事诉讼法",
    "刑事诉讼法": "中华人民共和国刑事诉讼法",
    "中华人民共和国刑事诉讼法": "中华人民共和国刑事诉讼法",
    "民法典": "中华人民共和国民法典",
    "中华人民共和国民法典": "中华人民共和国民法典",
    "物业管理条例": "物业管理条例",
    "刑法修正案": "中华人民共和国刑法修正案",
    "刑法修正案（九）": "中华人民共和国刑法修正案（九）",
    "法释〔2014〕13号": "最高人民法院关于刑事裁判涉财产部分执行的若干规定",
    "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释": "最高人民法院关于适用〈中华人民共和国刑事诉讼法〉的解释",
}
PIECES = "第条款项目之一二三十百千0123４５（）()《》〈〉、，,和至-—.。；：“”「」 \n\t\u3000法刑典释规定本同该前上述年号〔〕以下简称A\U00020000"


def lookup(name: str) -> str | None:
    return FULL.get(name.strip("《》"))


def found(text: str, **more: str) -> list[str]:
    """The citations as `LAW ARTICLE.款(项)#目`, the law without 中华人民共和国; each is a span."""
    told = []
    for one in citations(text, lookup, **more):
        assert 0 <= one.start < one.end <= len(text)
        written = f"{one.law.removeprefix('中华人民共和国')} {one.article}".strip()
        written += f".{one.paragraph}" if one.paragraph else ""
        written += f"({one.item})" if one.item else ""
        told.append(written + (f"#{one.sub}" if one.sub else ""))
    return told


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("依照《中华人民共和国刑法》第二百六十四条之规定", ["刑法 第二百六十四条"]),
        ("刑法264条", ["刑法 第二百六十四条"]),
        ("刑诉法95", ["刑事诉讼法 第九十五条"]),
        ("刑法第１３３条之１第２款", ["刑法 第一百三十三条之一.2"]),
        ("刑法120-1条", ["刑法 第一百二十条之一"]),
        ("刑法第120-1条", ["刑法 第一百二十条之一"]),
        ("刑法第一百二十条之1", ["刑法 第一百二十条之一"]),
        ("民法典第10-12条", ["民法典 第十条", "民法典 第十一条", "民法典 第十二条"]),
        ("《民法典》第十条至第十二条、第十五条", ["民法典 第十条", "民法典 第十一条", "民法典 第十二条", "民法典 第十五条"]),
        ("民法典第十、十二条", ["民法典 第十条", "民法典 第十二条"]),
        ("《刑法》第三百八十九条、三百九十条", ["刑法 第三百八十九条", "刑法 第三百九十条"]),
        ("刑法第二十三条第一、二款", ["刑法 第二十三条.1", "刑法 第二十三条.2"]),
        ("刑法第六十七第三款", ["刑法 第六十七条.3"]),
        ("刑法第十六条第（二）项", ["刑法 第十六条(2)"]),
        ("刑法第十六条第一款第(二)、(四)项", ["刑法 第十六条.1(2)", "刑法 第十六条.1(4)"]),
        ("刑法第十六条第一款第（一）项至第（三）项", ["刑法 第十六条.1(1)", "刑法 第十六条.1(2)", "刑法 第十六条.1(3)"]),
        ("刑法第十六条第一款第二项第3目", ["刑法 第十六条.1(2)#3"]),
        ("《刑法》第十条和刑诉法第十五条", ["刑法 第十条", "刑事诉讼法 第十五条"]),
        ("《刑法》（2020年修正）第十条", ["刑法 第十条"]),
        ("民法典侵权责任编第1165条", ["民法典 第一千一百六十五条"]),
        ("法释〔2014〕13号第三条", ["最高人民法院关于刑事裁判涉财产部分执行的若干规定 第三条"]),
        ("法释[2014]13号", ["最高人民法院关于刑事裁判涉财产部分执行的若干规定"]),
        ("《中华人民共和\n国刑法》第二\n百条", ["刑法 第二百条"]),
        ("法条\t刑法第十条\t第十一条", ["刑法 第十条", "刑法 第十一条"]),
        ("刑法第一百二十条之一、之三", ["刑法 第一百二十条之一", "刑法 第一百二十条之三"]),
        ("刑法第120条之一至之三", ["刑法 第一百二十条之一", "刑法 第一百二十条之二", "刑法 第一百二十条之三"]),
        ("刑法第十条——第十二条", ["刑法 第十条", "刑法 第十一条", "刑法 第十二条"]),
        ("刑法1997", []),
        ("刑法第一百三十三条之一（危险驾驶罪）第一款第二项", ["刑法 第一百三十三条之一.1(2)"]),
        ("刑法修正案（九）第二条", ["刑法修正案（九） 第二条"]),
        ("《刑法修正案》（九）第二条", ["刑法修正案（九） 第二条"]),
        ("刑法修正案（十）第二条", ["刑法修正案（十） 第二条"]),
        ("依据《民法典》办理", ["民法典"]),
    ],
)
def test_a_citation_is_read_in_every_form(text: str, wanted: list[str]):
    assert found(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("刑法第十条。同法第十二条。", ["刑法 第十条", "刑法 第十二条"]),
        ("刑法第十条。民法典第八条。该法第十二条。", ["刑法 第十条", "民法典 第八条", "民法典 第十二条"]),
        ("物业管理条例第五条与刑法第十条。该条例第六条。", ["物业管理条例 第五条", "刑法 第十条", "物业管理条例 第六条"]),
        ("刑法第六十七条第三款，前款另有规定", ["刑法 第六十七条.3", "刑法 第六十七条.2"]),
        ("刑法第六十七条第三款；不具有前两款情节", ["刑法 第六十七条.3", "刑法 第六十七条.1", "刑法 第六十七条.2"]),
        ("刑法第十条第一款，同条第二款", ["刑法 第十条.1", "刑法 第十条.2"]),
        ("刑法第十条第一款，本条第二款", ["刑法 第十条.1", "刑法 第十条.2"]),
        ("刑法第十条。上述规定应予适用", ["刑法 第十条", "刑法 第十条"]),
        ("《中华人民共和国刑法》（以下简称《刑事法》）第一条；《刑事法》第二条", ["刑法 第一条", "刑法 第二条"]),
    ],
)
def test_a_citation_that_leans_on_an_earlier_one_is_led_back_to_it(text: str, wanted: list[str]):
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "根据合同第三条、第五条，乙方付款",
        "按照《房屋租赁合同》第八条",
        "公司章程第二十条",
        "他走了三条街，买了二十条鱼",
        "会议提出三条意见，第二条意见最重要",
        "第一条 目的\n第二条 范围\n第三条 附则",
        "《关于给予张某处分的决定》",
    ],
)
def test_what_is_no_law_is_no_citation(text: str):
    assert found(text) == []


def test_a_local_norm_is_not_taken_for_the_national_one_of_the_same_ending():
    assert found("河南省物业管理条例第三条") == ["河南省物业管理条例 第三条"]


def test_a_title_inside_an_unquoted_name_is_not_told_twice():
    text = "最高人民法院关于适用《中华人民共和国刑事诉讼法》的解释第三百条"
    assert found(text) == ["最高人民法院关于适用〈中华人民共和国刑事诉讼法〉的解释 第三百条"]
    unknown = "最高人民法院关于审理《刑法》上某类案件适用法律若干问题的解释第三条"
    assert found(unknown) == ["最高人民法院关于审理〈刑法〉上某类案件适用法律若干问题的解释 第三条"]


def test_a_law_that_no_library_knows_keeps_its_name_with_its_issuer():
    assert found("最高人民法院《关于某事的规定》第一条") == ["最高人民法院关于某事的规定 第一条"]


def test_the_text_of_a_law_cites_itself_by_pronoun_and_not_by_its_own_heading():
    text = "第六十七条 犯罪以后自动投案的，是自首。\n依照本法第十条和前款的规定。"
    told = found(text, own="中华人民共和国刑法", article="第六十七条")
    assert told == ["刑法 第十条", "刑法 第六十七条.1"]


def test_references_inside_a_printed_article_count_its_paragraphs():
    text = "附：《刑法》\n第十条 甲的，处罚。\n乙的，依照前款的规定处罚。\n有前两款行为的，从重。\n第十二条 丙。"
    assert found(text) == ["刑法 第十条", "刑法 第十条.1", "刑法 第十条.1", "刑法 第十条.2", "刑法 第十二条"]


def test_the_year_of_an_edition_is_told():
    note = [one.note for one in citations("2018年刑法第十条，《刑法》（2020年修正）第十一条", lookup)]
    assert note == ["2018", "2020年修正"]


def test_the_first_citation_of_a_list_begins_with_the_name():
    text = "依照《刑法》第十条、第十二条"
    assert [text[one.start : one.end] for one in citations(text, lookup)] == ["《刑法》第十条", "第十二条"]


CITATION = st.builds(
    lambda law, number, inserted, paragraph, item, sub: LawCitation(
        0, 0, law, article_label(number, inserted), paragraph, item, sub if item else 0
    ),
    st.sampled_from(sorted({law for law in FULL.values() if "〈" not in law})),
    st.integers(1, 1500),
    st.integers(0, 9),
    st.integers(0, 20),
    st.integers(0, 30),
    st.integers(0, 9),
)


@given(CITATION)
@settings(max_examples=400, deadline=None)
def test_what_is_written_out_is_read_back(one: LawCitation):
    text = render(one)
    read = citations(f"依照{text}办理", lambda name: name if name in FULL.values() else lookup(name))
    assert [(each.law, each.article, each.paragraph, each.item, each.sub) for each in read] == [
        (one.law, one.article, one.paragraph, one.item, one.sub)
    ]
    assert (read[0].start, read[0].end) == (2, 2 + len(text))


@given(st.text(alphabet=PIECES, max_size=200), st.booleans())
@settings(max_examples=2_000, deadline=None)
def test_no_text_makes_it_fail_and_every_citation_is_a_span(text: str, of_a_law: bool):
    own = {"own": "中华人民共和国刑法", "article": "第十条"} if of_a_law else {}
    for one in citations(text, lookup, **own):
        assert 0 <= one.start < one.end <= len(text)
        assert one.name is None or 0 <= one.name[0] < one.name[1] <= len(text)
        assert one.article or one.name


@pytest.mark.parametrize(
    "piece",
    ["第一、", "第", "第一条", "《", "《刑法》第一条第", "（一）", "第一条至", "最高人民法院关于", "（以下简称《刑》", "前款", "一", " \n"],
)
def test_time_grows_with_the_text_and_not_faster(piece: str):
    began = time.process_time()
    text = piece * (20_000 // len(piece))
    citations(text, lookup)
    assert time.process_time() - began < 0.05 * 20 * 3  # 50 ms for 1,000 characters, thrice for a busy machine


def test_a_long_mixed_text_takes_less_than_fifty_milliseconds_a_thousand_characters():
    chance = random.Random(5)
    text = "".join(chance.choice((*PIECES, "《刑法》第一条", "第十条至第十二条", "同法")) for _ in range(20_000))
    began = time.process_time()
    citations(text, lookup)
    assert (time.process_time() - began) * 1000 / (len(text) / 1000) < 50
