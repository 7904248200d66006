"""Papers as they come: no title, broken titles, what scanners add, words of other kinds inside."""

from __future__ import annotations

import pytest

from ingestion.document import Reading
from ingestion.head import head_lines
from ingestion.kinds import recognise


def told(text: str) -> tuple[str, str]:
    found = recognise(Reading(text, ()), "扫描件1.pdf")
    return found.kind, found.subtype


INDICTMENT = """临江市人民检察院
起诉书
临检刑诉〔2025〕9号
被告人贺小虎，男，1990年1月2日出生。
经依法审查查明：贺小虎窃得手机一部。
本院认为，应当以盗窃罪追究其刑事责任，现提起公诉。
此致
临江市人民法院
检察员：叶青岚
"""


@pytest.mark.parametrize(
    "spoilt",
    [
        INDICTMENT.replace("起诉书\n", ""),
        INDICTMENT.replace("起诉书", "起 诉 书"),
        INDICTMENT.replace("检察院\n起诉书", "检\n察院起诉书"),
        "扫描全能王 创建\n第 1 页 共 3 页\n" + INDICTMENT,
        INDICTMENT.replace("\n", " "),
        INDICTMENT.replace("起诉书", "起诉书（副本）"),
    ],
    ids=["no title", "spaced", "broken", "scanner's lines", "no lines", "a copy"],
)
def test_an_indictment_is_one_however_it_comes(spoilt):
    assert told(spoilt) == ("case", "起诉书")


def test_a_report_that_quotes_an_indictment_is_a_report():
    text = "审查报告\n起诉书（代拟）附后\n承办人：叶青岚\n犯罪嫌疑人贺小虎涉嫌盗窃罪一案。\n经审查认定的事实如下。\n建议提起公诉。"
    assert told(text) == ("case", "审查报告")


def test_a_reply_whose_title_runs_over_two_lines_is_no_suggestion():
    text = "关于临检建〔2024〕3号检察建议书\n的回复函\n临江市人民检察院：\n检察建议书收悉，已整改。\n临江市教育局\n2024年5月6日\n"
    assert told(text) == ("suggestion", "回复函")


EXCERPTS = [
    ("case", "起诉书", "起诉书（节录）\n经依法审查查明：被告人贺小虎窃得手机一部。"),
    ("case", "刑事判决书", "判决书（节选）\n经审理查明：被告人贺小虎窃得手机一部。"),
    ("case", "民事判决书", "民事判决书（节录）\n本院经审理查明：原告与被告订立合同。"),
    ("case", "调查核实报告", "调查核实报告。" + "本院在办案中走访辖区旅馆，发现未登记。" * 10),
    ("case", "审查报告", "（审查报告节选）" + "经审查，被告人的供述与证据一致，予以认定。" * 10),
]


@pytest.mark.parametrize(("kind", "subtype", "text"), EXCERPTS, ids=[one[1] for one in EXCERPTS])
def test_an_excerpt_is_of_the_kind_that_it_names(kind, subtype, text):
    assert told(text) == (kind, subtype)


RECORDS = [
    ("讯问笔录", "讯问/提讯笔录\n问：姓名？\n答：贺小虎。\n问：知道为什么来吗？\n答：知道。"),
    ("询问笔录", "询问未成年证人笔录\n时间：2025年1月3日\n问：你看见了什么？\n答：没有。"),
    ("讯问笔录", "犯罪嫌疑人贺小虎\n问：你在公安机关的供述是否属实？\n答：属实。\n问：认罪吗？\n答：认罪。"),
    ("询问笔录", "被询问人：康宁\n询问人：叶青岚\n问：你是前台吗？\n答：是。\n问：登记了吗？\n答：没有。"),
]


@pytest.mark.parametrize(("subtype", "text"), RECORDS, ids=["提讯", "未成年证人", "讯问无题", "询问无题"])
def test_a_record_is_told_by_whom_it_questions(subtype, text):
    assert told(text) == ("case", subtype)


NORMS = [
    ("法律", "全国人民代表大会常务委员会公报\n中华人民共和国某某促\n进法\n（2024年1月1日第十四届全国人民代表大会常务委员会第七次会议通过）\n第一条 制定本法。\n第二条 略。"),
    ("法律", "全国人民代表大会常务委员会关于某某工作的决定\n2024年1月1日通过\n一、最高人民法院、最高人民检察院应当加强指导。\n二、本决定自公布之日起施行。"),
    ("行政法规", "国务院令 第8号\n某某管理暂行规定\n2024年1月1日国务院第3次常务会议通过\n第一条 制定本规定。\n第二条 略。"),
    ("行政法规", "保障某某条例\n第一条 制定本条例。\n第二条 施工单位在本项目完工前应当付款。"),
    ("行政法规", "国务院关于某某问题的规定\n第一条 根据公司法，制定本规定。\n第二条 略。"),
    ("司法解释", "最高人民检察院关于某某问题的批复\n高检发释字〔2019〕3号\n某省人民检察院：\n经研究，批复如下：\n一、略。\n此复。"),
    ("司法解释", "人民检察院某某工作规定\n2024年1月1日最高人民检察院检察委员会通过\n第一条 制定本规定。\n第二条 略。"),
    ("部门规章", "内部资料 注意保存\n某某考核细则\n第一条 为规范考核，制定本细则。\n第二条 略。\n交通运输部令第5号\n2024年1月1日公布"),
    ("地方性法规", "厦门经济特区某某条例\n市人民代表大会常务委员会2024年1月1日通过\n第一条 制定本条例。\n第二条 略。"),
    ("地方性法规", "西湖某某景观条例\n2024年1月1日杭州市人民代表大会常务委员会通过\n第一条 制定本条例。\n第二条 略。"),
    ("地方政府规章", "成都市某某管理办法\n2024年1月1日市人民政府令第3号公布\n第一条 制定本办法。\n第二条 略。"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rank", "text"), NORMS, ids=[f"{rank}-{number}" for number, (rank, _) in enumerate(NORMS)]
)
def test_the_rank_of_a_norm_is_told_by_who_made_it(rank, text):
    assert told(text) == ("regulation", rank)


def test_a_rule_of_an_unnamed_maker_has_a_rank_that_nobody_knows():
    assert told("某某管理办法\n2024年1月1日公布\n第一条 制定本办法。\n第二条 略。") == (
        "regulation",
        "未识别",
    )


UNSURE = [
    "民事起诉状\n原告：贺小虎。\n被告：康宁。\n事实与理由：借款未还，请求判决。\n此致\n临江市人民法院",
    "关于征集听证员的公告\n现公开征集听证员十名，经审查合格者由本院聘任。",
    "某院年度工作总结\n一年来审查起诉案件一百件，制发检察建议三件，回复率百分之百，召开听证会五次。",
    "工作日志\n上午校对起诉书、审查报告各一份，下午送达。",
    "检察长走进校园\n他介绍了从讯问笔录到起诉书再到判决书的办案流程，告诫同学远离犯罪。",
    "房屋租赁合同\n第一条 甲方出租房屋。\n第二条 争议向人民法院提起诉讼。\n第三条 自签字之日起生效。",
]


@pytest.mark.parametrize("text", UNSURE, ids=[text[:6] for text in UNSURE])
def test_a_text_that_only_speaks_of_papers_is_none(text):
    assert told(text) == ("other", "未识别")


def test_the_head_is_read_without_what_scanners_and_printers_add():
    text = "— 1 —\n第 1 页 共 6 页\n扫描全能王 创建\n附件2\n内部资料 注意保存\n审 查 报 告\n正文"
    assert head_lines(text) == ["审查报告", "正文"]


def test_a_title_holds_neither_letterhead_nor_addressee():
    text = "临江市教育局\n关于对检察建议的复函\n临江市人民检察院：\n检察建议收悉，已整改。"
    assert recognise(Reading(text, ()), "1.docx").title == "关于对检察建议的复函"
