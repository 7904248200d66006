from __future__ import annotations

import pytest

from ingestion.document import Reading
from ingestion.kinds import recognise


def values(text: str, name: str) -> list[str]:
    fields = recognise(Reading(text, ()), "未命名.txt").fields
    assert all("".join(text[one.start : one.end].split()) == "".join(one.value.split()) for one in fields)
    return [one.value for one in fields if one.name == name]


JUDGMENT = """临江市望湖区人民法院
刑事判决书
（2025）浙1302刑终88号
原公诉机关临江市望湖区人民检察院。
上诉人贺小虎，男。
本院认为，贺小虎的行为已构成包庇罪。依照《中华人民共和国刑法》第三百一十条第一款、第六十七条第三款之规定，判决如下：
一、维持原判对贺小虎犯包庇罪的定罪部分；
二、撤销原判对贺小虎犯帮助毁灭证据罪的判决；
三、贺小虎犯包庇罪，判处拘役五个月。
本判决为终审判决。
审判长莫大海
二〇二五年四月八日
"""


def test_a_charge_that_the_verdict_only_sets_aside_is_none():
    assert values(JUDGMENT, "罪名") == ["包庇罪"]


@pytest.mark.parametrize(
    "charge", ["帮助信息网络犯罪活动罪", "掩饰、隐瞒犯罪所得、犯罪所得收益罪", "帮助犯罪分子逃避处罚罪"]
)
def test_a_charge_that_speaks_of_crimes_itself_is_whole(charge):
    assert values(JUDGMENT.replace("包庇罪", charge), "罪名") == [charge]


def test_a_charge_broken_over_two_lines_is_whole():
    text = (
        JUDGMENT.replace("犯包庇罪，判处", "犯帮助信息网络犯\n罪活动罪，判处")
        .replace("犯包庇罪的定罪", "的定罪")
        .replace("构成包庇罪", "构成犯罪")
    )
    assert values(text, "罪名") == ["帮助信息网络犯罪活动罪"]


def test_a_court_broken_over_two_lines_or_spaced_by_a_scan_is_whole():
    assert values(JUDGMENT.replace("望湖区人民", "望湖区人\n民", 1), "法院") == ["临江市望湖区人民法院"]
    assert values("不公开\n" + JUDGMENT.replace("人民法院", "人 民法院", 1), "法院") == [
        "临江市望湖区人民法院"
    ]


CITED = [
    ("依照《中华人民共和国刑法》第二百六十四条、第六十七条第三款之规定", "《中华人民共和国刑法》第二百六十四条、第六十七条第三款"),
    ("根据《民法典》第1254条第一款第（二）项", "《民法典》第1254条第一款第（二）项"),
    ("按照刑法第一百三十三条之一第一款的规定", "刑法第一百三十三条之一第一款"),
    ("《规则（试行）》（高检发〔2019〕1号）第五条", "《规则（试行）》（高检发〔2019〕1号）第五条"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cited"), CITED, ids=[cited for _, cited in CITED])
def test_cited_articles_are_kept_as_written(text, cited):
    assert values(f"某某意见\n{text}。", "引用法条") == [cited]


def test_a_law_named_without_an_article_cites_none():
    assert values("学习《中华人民共和国刑法》，依照合同第五条办理。", "引用法条") == []


def test_an_indictment_tells_to_which_court_it_goes():
    text = "临江市人民检察院\n起诉书\n临检刑诉〔2025〕9号\n被告人贺小虎，男。\n提起公诉。\n此致\n临江市人民法院\n"
    assert values(text, "主送单位") == ["临江市人民法院"]
    assert values(text, "文号") == ["临检刑诉〔2025〕9号"]


@pytest.mark.parametrize("number", ["望望公（刑）诉字〔2022〕98328号", "安新公诉字〔2018〕87151号"])
def test_a_number_of_the_police_is_read_with_its_brackets(number):
    text = f"临江市公安局\n起诉意见书\n文号：{number}\n犯罪嫌疑人贺小虎涉嫌盗窃罪一案，移送审查起诉。\n此致\n临江市人民检察院\n"
    assert values(text, "文号") == [number]


CIVIL = """临江市人民法院
民事判决书
（2024）浙1302民初88号
原告：贺小虎，男。
被告：临江瑞丰物流有限公司。
原告贺小虎与被告临江瑞丰物流有限公司物业服务合同纠纷一案，本院公开开庭进行了审理。
"""


def test_the_cause_of_a_civil_case_holds_no_party():
    assert values(CIVIL, "案由") == ["物业服务合同纠纷"]
    assert values(CIVIL.replace("物业服务合同纠纷一案", "劳动争议一案"), "案由") == ["劳动争议"]
    assert values(CIVIL, "涉案单位") == ["临江瑞丰物流有限公司"]


PROPOSAL = """临江市第九届人民代表大会第四次会议
代表建议
领衔代表：郝建勋
附议代表：宋佩琴、莫云涛
关于加强旅馆管理的建议
为此建议：
一、加强检查。
"""

ANSWER = """临江市教育局
对市九届人大四次会议第12号建议的答复
郝建勋、宋佩琴代表：
您提出的关于校外托管的建议收悉，现答复如下：
一、已开展检查。
临江市教育局
2024年5月6日
"""


def test_a_proposal_tells_who_makes_it_and_no_heading_is_an_addressee():
    assert values(PROPOSAL, "领衔代表") == ["郝建勋"]
    assert values(PROPOSAL, "附议代表") == ["宋佩琴", "莫云涛"]
    assert values(PROPOSAL, "主送单位") == []


def test_an_answer_tells_whom_it_answers_and_who_answers():
    assert values(ANSWER, "答复对象") == ["郝建勋、宋佩琴代表"]
    assert values(ANSWER, "发文单位") == ["临江市教育局"]


def test_a_retrial_suggestion_goes_to_the_court_below_its_text():
    text = "再审检察建议书\n临检民监〔2024〕3号\n本院审查查明，判决有误，提出再审检察建议。\n此致\n临江市人民法院\n临江市人民检察院\n2024年3月1日\n"
    assert values(text, "被建议单位") == ["临江市人民法院"]


RULES = """某某管理办法
（2024年3月1日交通运输部令第5号公布 自2024年5月1日起施行）
第一条 为了加强管理，制定本办法。
第二条 略。
"""


def test_a_norm_tells_its_number_its_maker_and_its_days():
    assert values(RULES, "文号") == ["交通运输部令第5号"]
    assert values(RULES, "制定机关") == ["交通运输部"]
    assert values(RULES, "公布日期") == ["2024年3月1日"]
    assert values(RULES, "施行日期") == ["2024年5月1日"]


def test_the_congress_of_a_place_is_told_with_its_session():
    text = "湖南省某某条例\n（2022年6月5日湖南省第十四届人民代表大会常务委员会第9次会议通过）\n第一条 制定本条例。\n第二条 略。\n"
    assert values(text, "制定机关") == ["湖南省第十四届人民代表大会常务委员会"]


def test_the_day_on_which_a_scan_was_printed_is_not_that_of_the_norm():
    assert values("打印时间 2025-02-12\n" + RULES, "公布日期") == ["2024年3月1日"]
