from __future__ import annotations

import time
from datetime import date

import pytest

from ingestion.dates import as_date
from ingestion.document import Reading
from ingestion.kinds import Recognition, recognise

JUDGMENT = """浙江省临江市望湖区人民法院
刑事判决书
（2025）浙1302刑初88号
公诉机关临江市望湖区人民检察院。
被告人贺小虎，男，1990年1月2日出生。
辩护人侯立新，浙江某某律师事务所律师。
临江市望湖区人民检察院以望检刑诉〔2025〕9号起诉书指控被告人贺小虎犯盗窃罪，于2025年3月1日向本院提起公诉。
经审理查明：2025年1月3日，被告人贺小虎在临江市望湖区云屏电竞酒店窃得被害人赵某手机一部，价值人民币3,200元。
上述事实，有证人丁家豪的证言证实。
本院认为，被告人贺小虎的行为已构成盗窃罪。依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：
一、被告人贺小虎犯盗窃罪，判处拘役五个月；犯掩饰、隐瞒犯罪所得罪，判处罚金二千元。
如不服本判决，可以上诉。
审判长莫大海
二〇二五年四月八日
书记员康宁
"""

SUGGESTION = """临江市云岭区人民检察院
检察建议书
云检建〔2024〕12号
临江市公安局云岭区分局：
本院在办理尹某某案中发现你局监管的旅馆存在问题。
一、基本事实和证据
2024年3月9日，旅馆未登记。
二、检察建议
建议你局加强检查。请于收到后两个月内书面回复本院。
临江市云岭区人民检察院
2024年9月10日
"""

REPLY = """临江市公安局云岭区分局
关于云检建〔2024〕12号检察建议书的回复函
云公函〔2024〕63号
临江市云岭区人民检察院：
检察建议书收悉，现将整改落实情况回复如下：
一、核查情况。已整改。
临江市公安局云岭区分局
2024年10月9日
"""


def read(text: str, name: str = "未命名.txt") -> Recognition:
    found = recognise(Reading(text, ()), name)
    assert all(text[field.start : field.end] == field.value for field in found.fields)
    return found


def values(found: Recognition, name: str) -> list[str]:
    return [field.value for field in found.fields if field.name == name]


@pytest.mark.parametrize("between", ["\n", " ", ""], ids=["lines", "blanks for lines", "nothing for lines"])
def test_a_judgment_tells_its_fields_whatever_became_of_its_lines(between):
    found = read(JUDGMENT.replace("\n", between))
    assert (found.kind, found.subtype) == ("case", "刑事判决书")
    assert values(found, "案号") == ["（2025）浙1302刑初88号"]
    assert values(found, "法院") == ["浙江省临江市望湖区人民法院"]
    assert values(found, "检察院") == ["临江市望湖区人民检察院"]
    assert values(found, "日期") == ["二〇二五年四月八日"]
    assert values(found, "罪名") == ["盗窃罪", "掩饰、隐瞒犯罪所得罪"]
    assert values(found, "被告人") == ["贺小虎"]
    assert values(found, "被害人") == ["赵某"]
    assert values(found, "证人") == ["丁家豪"]
    assert values(found, "辩护人") == ["侯立新"]
    assert values(found, "审判长") == ["莫大海"]


def test_a_judgment_tells_units_and_sums():
    found = read(JUDGMENT)
    assert values(found, "涉案单位") == ["临江市望湖区云屏电竞酒店"]
    assert values(found, "金额") == ["人民币3,200元", "二千元"]


@pytest.mark.parametrize(
    "number",
    ["(2019)闽04刑终232号", "〔2019〕闽04刑终232号", "（2015）龙新刑初字第416号", "（2019）兵0603刑初26号"],
)
def test_case_numbers_are_kept_as_written(number):
    assert values(read(JUDGMENT.replace("（2025）浙1302刑初88号", number)), "案号") == [number]


def test_sums_are_kept_as_written():
    text = "共计，3000元，退还1,234.50元和20余万元，罚金人民币二千元，现金５００元。"
    assert values(read(text), "金额") == ["3000元", "1,234.50元", "20余万元", "二千元", "现金５００元"]


def test_a_sheet_full_of_digits_does_not_hold_up_the_reader():
    def seconds(length: int) -> float:
        begun = time.process_time()
        read("1" * length)
        return time.process_time() - begun

    seconds(1_000)  # what is loaded once
    assert seconds(200_000) < 40 * max(seconds(20_000), 0.01)  # ten times the length: never a hundred times the time


def test_the_paper_itself_counts_and_not_the_title_put_before_it():
    text = "贺小虎盗窃一案二审刑事裁定书" + JUDGMENT.replace("\n", "")
    found = read(text)
    assert found.subtype == "刑事判决书"
    assert values(found, "法院") == ["浙江省临江市望湖区人民法院"]
    assert found.title == "贺小虎盗窃一案二审刑事裁定书"


def test_a_judgment_without_a_verdict_tells_the_charge():
    text = JUDGMENT[: JUDGMENT.index("本院认为")].replace("\n", "")
    found = read(text)
    assert values(found, "罪名") == ["盗窃罪"]
    assert values(found, "日期") == []


def test_several_charges_behind_one_verb_are_told_apart():
    text = JUDGMENT.replace("犯盗窃罪，判处", "犯抢劫罪、帮助犯罪分子逃避处罚罪和诈骗罪，判处")
    assert values(read(text), "罪名")[:3] == ["抢劫罪", "帮助犯罪分子逃避处罚罪", "诈骗罪"]


def test_the_prosecutor_of_an_appeal_is_not_mixed_with_the_court_before():
    text = (
        "河南省信阳市中级人民法院刑事判决书（2018）豫15刑终610号：河南省固始县人民法院审理"
        "河南省固始县人民检察院指控被告人王杰文犯贪污罪一案，作出判决。"
    )
    assert values(read(text), "检察院") == ["河南省固始县人民检察院"]


def test_a_suggestion_letter_tells_number_addressee_and_date():
    found = read(SUGGESTION)
    assert (found.kind, found.subtype) == ("suggestion", "检察建议书")
    assert found.title == "临江市云岭区人民检察院检察建议书"
    assert values(found, "文号") == ["云检建〔2024〕12号"]
    assert values(found, "检察院") == ["临江市云岭区人民检察院"]
    assert values(found, "被建议单位") == ["临江市公安局云岭区分局"]
    assert values(found, "日期") == ["2024年9月10日"]


def test_a_spaced_out_title_is_read():
    assert read(SUGGESTION.replace("检察建议书", "检 察 建 议 书", 1)).subtype == "检察建议书"


def test_a_reply_tells_whom_it_answers_and_who_answers():
    found = read(REPLY)
    assert (found.kind, found.subtype) == ("suggestion", "回复函")
    assert values(found, "文号") == ["云公函〔2024〕63号"]
    assert values(found, "检察建议文号") == ["云检建〔2024〕12号"]
    assert values(found, "主送单位") == ["临江市云岭区人民检察院"]
    assert values(found, "发文单位") == ["临江市公安局云岭区分局"]
    assert values(found, "日期") == ["2024年10月9日"]


PAPERS = [
    ("case", "起诉书", "临江市人民检察院\n起诉书\n临检刑诉〔2025〕9号\n被告人贺小虎，男。\n经依法审查查明：……\n此致\n临江市人民法院"),
    ("case", "不起诉决定书", "临江市人民检察院\n不起诉决定书\n被不起诉人贺小虎，男。\n本院决定对贺小虎不起诉。"),
    ("case", "审查报告", "关于贺小虎涉嫌盗窃案的审查报告\n承办人：叶青岚\n一、犯罪嫌疑人基本情况\n二、经审查认定的事实\n三、处理意见"),
    ("case", "调查核实报告", "关于辖区旅馆\n落实登记义务情况的调查核实报告\n一、线索来源\n经走访、询问，查明以下问题。"),
    ("case", "询问笔录", "询问笔录（第2次）\n时间：2025年1月3日\n记录人：康宁\n问：你叫什么？\n答：丁家豪。"),
    ("case", "讯问笔录", "讯问笔录\n时间：2025年1月3日\n问：你叫什么？\n答：贺小虎。"),
    ("case", "抗诉书", "临江市人民检察院\n刑事抗诉书\n临江市中级人民法院：\n本院认为判决有误，依法提出抗诉。"),
    ("case", "纠正违法通知书", "临江市人民检察院\n纠正违法通知书\n你局存在违法情形，请予纠正。"),
    ("case", "行政处罚决定书", "临江市公安局\n行政处罚决定书\n决定给予罚款处罚。"),
    ("hearing", "听证笔录", "临江市人民检察院听证笔录\n主持人：莫云涛\n听证员：宋佩琴、郝建勋\n主持人：现在开始。"),
    ("hearing", "听证情况报告", "关于贺小虎案公开听证情况的报告\n听证员五人参加。"),
    ("suggestion", "回复函", "关于落实检察建议整改情况的报告\n临江市人民检察院：\n检察建议收悉，已整改。"),
    ("proposal", "政协提案", "政协临江市第五届委员会第三次会议\n关于加强电竞酒店管理的提案\n提案人：宋佩琴\n案由：……"),
    ("proposal", "代表建议", "临江市第九届人民代表大会第四次会议\n代表建议\n领衔代表：郝建勋\n关于加强旅馆管理的建议。"),
    ("proposal", "建议提案答复", "关于对市政协第12号提案的答复函\n宋佩琴委员：\n您的提案收悉，现答复如下："),
    ("regulation", "法律", "中华人民共和国某某法\n2024年1月1日 全国人民代表大会常务委员会通过\n第一条 为了……，制定本法。\n第二条 略。"),
    ("regulation", "行政法规", "某某管理条例\n2024年1月1日 国务院令第700号公布\n第一条 为了……，制定本条例。\n第二条 略。"),
    ("regulation", "地方性法规", "浙江省某某条例\n浙江省人民代表大会常务委员会通过\n第一条 为了……，制定本条例。\n第二条 略。"),
    ("regulation", "司法解释", "最高人民法院关于审理某某案件的解释\n最高人民法院审判委员会通过\n第一条 略。\n第二条 略。"),
    ("regulation", "部门规章", "某某管理办法\n2024年1月1日 公安部令第5号公布\n第一条 为了……，制定本办法。\n第二条 略。"),
    ("other", "台账", "抽查台账\n序号\t名称\t结论\n1\t甲旅馆\t未登记\n2\t乙旅馆\t已登记\n3\t丙旅馆\t未登记"),
    ("other", "表格", "姓名\t年龄\t住址\n甲\t1\t某地\n乙\t2\t某地\n丙\t3\t某地"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "subtype", "text"), PAPERS, ids=[subtype for _, subtype, _ in PAPERS])
def test_a_paper_is_recognised_by_its_head_and_structure(kind, subtype, text):
    found = read(text)
    assert (found.kind, found.subtype) == (kind, subtype)


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我们去公园。",
        "关于起诉书送达情况的说明\n起诉书已经送达。",
        "会议通知\n请各科室参加关于检察建议书的培训。",
        "学习笔记\n判决书、裁定书、起诉书的写法各不相同。",
        "劳动合同\n第一条 甲方聘用乙方。\n第二条 工资按月支付。",
        "某某公司考勤管理办法\n第一条 为规范本公司考勤，制定本办法。\n第二条 略。",
        "起诉书",
    ],
)
def test_what_is_not_sure_is_said_to_be_unknown(text):
    found = read(text)
    assert (found.kind, found.subtype) == ("other", "未识别")


def test_the_name_of_the_file_alone_decides_nothing():
    found = read("今天天气很好。", "刑事判决书.txt")
    assert found.subtype == "未识别"
    assert found.title == "刑事判决书"


def test_a_title_broken_over_two_lines_is_whole():
    found = read("关于辖区旅馆\n落实登记义务情况的调查核实报告\n一、线索来源\n经走访，查明以下问题。")
    assert found.title == "关于辖区旅馆落实登记义务情况的调查核实报告"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024年5月6日", date(2024, 5, 6)),
        ("２０２４年５月６日", date(2024, 5, 6)),
        ("2024 年 5 月 6 日", date(2024, 5, 6)),
        ("二〇一七年十二月十一日", date(2017, 12, 11)),
        ("二○一七年十月三十日", date(2017, 10, 30)),
        ("二0一六年十一月二十二日", date(2016, 11, 22)),
        ("2024-05-06", date(2024, 5, 6)),
        ("2024年2月30日", None),
        ("2024年5月", None),
        ("二〇一七年十三月一日", None),
    ],
)
def test_written_dates_name_days(written, day):
    assert as_date(written) == day
