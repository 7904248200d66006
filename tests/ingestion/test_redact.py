from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.places import addresses, births, schools
from ingestion.redact import LEVELS, Known, pieces, redact, restore, restore_changed

TEXT = """审查报告
被告人张伟，男，1990年1月1日出生，公民身份号码330106199001011234，住浙江省杭州市西湖区文三路100号3单元502室。
被害人李小红（女，2012年5月3日出生），就读于杭州市西湖区文三街小学，电话13812345678，微信号：lxh_2012。
证人张丽华的证言证实，小红放学后离开文三街小学。张丽华的卡号为6222021234567890128，邮箱zlh@example.com。
承办检察官：王刚
"""


def test_the_handler_sees_all():
    assert redact(TEXT, "handler").text == TEXT


@pytest.mark.parametrize("level", ["office", "unit", "public"])
def test_beyond_the_handler_no_person_and_no_number_is_left(level):
    result = redact(TEXT, level, case="案1", secret=b"k" * 32)
    for value in (
        "张伟",
        "李小红",
        "小红",
        "张丽华",
        "330106199001011234",
        "13812345678",
        "lxh_2012",
        "文三街",
        "文三路",
        "zlh@",
        "6222",
    ):
        assert value not in result.text
    assert "王刚" in result.text
    assert result.officials == ("王刚",)
    assert "杭州市西湖区" in result.text


def test_each_level_hides_more_of_a_day_of_birth():
    assert "2012年5月3日" in redact(TEXT, "office", secret=b"k").text
    unit, public = redact(TEXT, "unit").text, redact(TEXT, "public").text
    assert "2012年［" in unit
    assert "2012" not in public


def test_numbers_compare_within_the_office_and_not_beyond():
    token = redact("电话13812345678。", "office", case="甲", secret=b"k").masked[0].alias
    assert redact("手机：138 1234 5678。", "office", case="乙", secret=b"k").masked[0].alias == token
    assert redact("电话13812345678。", "office", secret=b"x").masked[0].alias != token
    assert redact("电话13812345678。", "public").masked[0].alias == "［手机号1］"


def test_masking_a_case_again_gives_the_same_and_a_later_document_joins_it():
    first = redact(TEXT, "public", case="案1")
    assert redact(TEXT, "public", case="案1") == first
    assert redact(TEXT, "public", case="案1", known=first.known).text == first.text
    later = redact(
        "证人张丽华、张国强的证言。电话13812345678、13900001111。", "public", case="案1", known=first.known
    )
    assert later.known.names["张丽华"] == first.known.names["张丽华"]
    assert later.known.names["张国强"] not in first.known.names.values()
    assert "［手机号1］、［手机号2］" in later.text


@pytest.mark.parametrize("level", LEVELS)
def test_the_way_back_is_exact(level):
    result = redact(TEXT, level, case="案1", secret=b"k")
    assert restore(result.text, pieces(TEXT, result.masked)) == TEXT


def test_the_way_back_is_exact_even_where_an_alias_stood_in_the_text():
    known = Known(names={"张丽华": "张某"})
    text = "证人张丽华、张某的证言。"
    result = redact(text, "public", known=known)
    assert result.text == "证人张某、张某的证言。"
    assert restore(result.text, pieces(text, result.masked)) == text


def test_a_masked_text_that_was_changed_is_restored_by_its_aliases():
    result = redact(TEXT, "public", case="案1")
    changed = result.text.replace("审查报告", "审查报告（节选）")
    back = restore_changed(changed, result.text, pieces(TEXT, result.masked))
    assert back.replace("（节选）", "").replace("李小红放学", "小红放学") == TEXT


def test_what_no_table_can_hide_is_named_for_a_person_to_read():
    why = {reason for reason, _, _ in redact("采取技术侦查措施，检委会认为应当起诉。", "public").review}
    assert why == {"技术侦查", "内部意见"}


SCRAPS = [
    "张丽华",
    "王芳",
    "王芳芳",
    "被害人",
    "证人",
    "的证言",
    "，",
    "。",
    "\n",
    "13812345678",
    "某",
    "张某",
    "［手机号1］",
    "就读于文三街小学",
    "住杭州市西湖区文三路1号",
    "2012年5月3日出生",
    "高兴",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=25), st.sampled_from(LEVELS))
def test_spans_never_overlap_and_always_lead_back(parts, level):
    text = "".join(parts)
    result = redact(text, level, secret=b"k")
    assert all(before.end <= after.start for before, after in pairwise(result.masked))
    assert restore(result.text, pieces(text, result.masked)) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("住浙江省杭州市西湖区文三路100号3单元502室，", "文三路100号3单元502室"),
        ("户籍地：广东省德庆县高良镇大寨村委会古串村。", "高良镇大寨村委会古串村"),
        ("现住址：浙江省义乌市和平小区25幢3单元495室\n", "和平小区25幢3单元495室"),
        ("暂住在上海市浦东新区世纪大道88弄6号楼1201室。", "世纪大道88弄6号楼1201室"),
    ],
)
def test_an_address_ends_at_its_district(text, hidden):
    place = next(addresses(text))
    assert text[place.start : place.end] == hidden


@pytest.mark.parametrize(
    "text",
    ["住新野县。", "住院治疗十天。", "住校生人数", "住宿费500元", "住房公积金管理中心", "第三条 住户应当"],
)
def test_no_address_is_seen_where_there_is_none(text):
    assert list(addresses(text)) == []


def test_schools_of_pupils_are_found_and_others_left():
    text = "其就读于杭州市西湖区文三街小学三年级。"
    assert [text[one.start : one.end] for one in schools(text, False)][:1] == ["文三街小学"]
    assert list(schools("初中文化，小学文化程度，毕业于浙江大学附属中学", False)) == []
    assert list(schools("挪用官寨乡中心小学公款。", False)) == []


def test_days_of_birth_are_found_and_other_days_left():
    text = "1990年1月1日出生，出生日期：1990-01-01，判决于2020年1月1日生效。"
    assert [text[one.start : one.end] for one in births(text)] == ["1990年1月1日", "1990-01-01"]
