"""The form of the scenarios that the package carries, and how they read in a letter."""

from __future__ import annotations

import re

import pytest

from prompts import (
    IssueType,
    Signal,
    cited_articles,
    issue_types,
    load_cues,
    load_deadlines,
    load_laws,
    load_norms,
    load_outline,
    load_scenarios,
    outline_names,
    signal_spans,
    slots_of,
)
from prompts.loader import ARTICLE

ISSUES = issue_types(load_scenarios())
each_issue = pytest.mark.parametrize("issue", ISSUES, ids=lambda issue: issue.id)


def issue_named(id_: str) -> IssueType:
    return next(issue for issue in ISSUES if issue.id == id_)


def found(signal: Signal, text: str) -> list[str]:
    return [text[start:end] for start, end in signal_spans(signal, text)]


def test_all_35_rows_of_the_taxonomy_are_there_once() -> None:
    assert [issue.number for issue in ISSUES] == list(range(1, 36))


@each_issue
def test_every_problem_is_shown_by_some_signal_or_is_a_regulators(issue: IssueType) -> None:
    shown = {problem for signal in issue.signals for problem in signal.shows}
    assert {p.id for p in issue.problems if p.of == "involved"} <= shown


@each_issue
def test_an_issue_can_reach_a_finding_from_its_own_signals(issue: IssueType) -> None:
    assert sum(signal.weight for signal in issue.signals) >= load_cues().finding


@each_issue
def test_every_deadline_key_exists(issue: IssueType) -> None:
    assert issue.deadline in load_deadlines().ids()


@each_issue
def test_a_public_interest_route_names_what_opens_it(issue: IssueType) -> None:
    if issue.route == "行政公益诉讼":
        assert issue.public_interest
        assert issue.deadline == "reply-public-interest"


@each_issue
def test_a_minors_issue_is_answered_within_a_month(issue: IssueType) -> None:
    assert (issue.deadline == "reply-minors") == (issue.field == "未成年人保护")


@each_issue
def test_the_duties_of_a_unit_are_explained(issue: IssueType) -> None:
    explained = {(duty.article.law, duty.article.article) for duty in issue.duties}
    for unit in issue.units:
        assert {(article.law, article.article) for article in unit.duties} <= explained, unit.kind


@each_issue
def test_regulators_have_a_name_pattern_that_they_are_recognised_by(issue: IssueType) -> None:
    for unit in issue.units:
        assert set(slots_of(unit.pattern)) <= {"place"}
        if unit.role == "regulator":
            name = unit.pattern.replace("{place}", "临江市")
            assert "{place}" in unit.pattern
            recognised = issue.unit_named(name)
            assert recognised is not None
            assert recognised.kind == unit.kind


@each_issue
def test_sentences_for_letters_carry_no_case_and_no_orders(issue: IssueType) -> None:
    texts = [text for p in issue.problems for text in (p.statement, p.consequence)]
    texts += [measure.text for measure in issue.measures]
    for text in texts:
        assert not re.search(r"\d|某|\{|\}|必须|责令|撤职|加强学习|提高认识|加大力度", text), text
        assert "“" not in text, "a paraphrase is never shown as a quotation"
    assert not any(problem.statement.endswith("。") for problem in issue.problems)


@each_issue
def test_a_paraphrase_of_a_duty_is_no_quotation(issue: IssueType) -> None:
    assert not any(re.search("[“”「」]", duty.demand) for duty in issue.duties)


def test_articles_are_canonical_and_laws_stand_by_full_title() -> None:
    for law, article in cited_articles(load_scenarios()):
        assert ARTICLE.fullmatch(article), (law, article)
        assert "《" not in law
    assert ("中华人民共和国未成年人保护法", "第五十七条") in cited_articles(load_scenarios())


def test_every_law_that_is_named_is_in_the_list_of_laws_or_of_norms() -> None:
    known = {law.title for law in load_laws()} | {norm.title for norm in load_norms()}
    named = {law for law, _ in cited_articles(load_scenarios())}
    named |= {article.law for d in load_deadlines().deadlines for article in d.basis}
    named |= {article.law for name in outline_names() for article in load_outline(name).legal_basis}
    assert named <= known
    assert {law.title for law in load_laws()} <= named, "a law that nobody names"


def test_laws_outside_the_package_say_where_to_get_them() -> None:
    assert all(law.where_to_get for law in load_laws() if not law.national)
    assert all(norm.where_to_get and norm.source for norm in load_norms())


def test_a_letter_to_the_police_raises_what_the_police_can_act_on() -> None:
    lodging = issue_named("minors-lodging")
    unit = lodging.unit_named("临江市公安局望湖区分局")
    assert unit is not None
    assert unit.kind == "公安机关"
    pairs = lodging.for_unit("公安机关")
    assert [problem.id for problem, _ in pairs] == [
        "guardian-not-asked", "not-registered", "not-reported", "weak-inspection",
    ]
    assert all("公安机关" in measure.actors for _, measures in pairs for measure in measures)


def test_an_addressee_that_does_not_supervise_the_field_is_not_recognised() -> None:
    assert issue_named("minors-lodging").unit_named("临江市望湖区水利局") is None


def test_the_longest_known_part_of_a_name_decides() -> None:
    unit = issue_named("women-accessibility-relics").unit_named("临江市文化和旅游局")
    assert unit is not None
    assert unit.kind == "文物行政部门"


def test_an_unknown_kind_of_unit_is_an_error_that_lists_the_kinds() -> None:
    with pytest.raises(KeyError, match="公安机关"):
        issue_named("minors-lodging").unit("海关")


def test_a_measure_reads_as_a_sentence() -> None:
    first = issue_named("minors-lodging").measures[0]
    assert first.text.startswith("自收到本建议书之日起一个月内，对涉案住宿经营者")
    assert first.text.endswith("形成处理结果及法律文书。")


def test_a_signal_is_met_only_where_its_groups_stand_close_together() -> None:
    signal = Signal(all=(("宾馆",), ("未登记",)), within=10, weight=0.5)
    assert found(signal, "该宾馆未登记") == ["宾馆", "未登记"]
    assert found(signal, "该宾馆位于城东，前台工作人员当日未登记") == []


def test_each_place_where_a_signal_is_met_is_given() -> None:
    signal = Signal(all=(("宾馆", "旅馆"), ("未登记",)), within=8, weight=0.5)
    text = "甲宾馆未登记。前台值班记录显示乙旅馆未登记。"
    assert found(signal, text) == ["宾馆", "未登记", "旅馆", "未登记"]


def test_the_longer_of_two_phrases_is_taken() -> None:
    assert found(Signal(any=("未成年", "未成年人"), weight=0.5), "两名未成年人") == ["未成年人"]


def test_any_all_and_regex_must_all_be_met() -> None:
    signal = Signal(any=("检出",), regex=r"\d+mg", within=20, weight=0.5)
    assert found(signal, "卤汤中检出罂粟碱3mg") == ["检出", "3mg"]
    assert found(signal, "卤汤中检出罂粟碱") == []


def test_a_law_quote_in_the_appendix_of_a_judgment_is_known_as_one() -> None:
    quotes = load_cues().law_quote
    law = "第三百五十四条容留他人吸食、注射毒品的，处三年以下有期徒刑、拘役或者管制，并处罚金。"
    fact = "被告人在其租住的房间内容留吸毒人员张某吸食甲基苯丙胺。"
    assert any(re.search(pattern, law) for pattern in quotes)
    assert not any(re.search(pattern, fact) for pattern in quotes)


WRITTEN_AS_IN_JUDGMENTS = [
    ("food-safety", "harmful-food", "在加工卤汤过程中非法添加罂粟，经检测，卤汤样品中检出罂粟碱。"),
    ("minors-lodging", "not-registered", "该旅馆前台仅查验一人身份证件，未登记被害人的身份信息。"),
    ("minors-entertainment-venues", "hired", "安排未满十八周岁的王某某在KTV包厢内从事有偿陪侍。"),
    ("cards-and-laundering", "lent-cards", "明知他人用于违法犯罪，仍将本人银行卡出租给他人使用。"),
    ("shell-companies", "false-registration", "冒用他人身份证注册公司，虚构地址办理营业执照。"),
    ("invoice-fraud", "false-invoice", "在无真实货物交易的情况下，向他人开具增值税专用发票。"),
    ("loan-review", "loose-review", "提供虚假收入证明等材料向银行申请贷款。"),
    ("hazardous-waste-pollution", "illegal-discharge", "清洗废水未经处理直接排入下水道。"),
    ("natural-resources", "logging", "在未办理采伐许可证的情况下，滥伐林木166株。"),
    ("subcontracting-wages", "arrears", "拖欠公司职工工资48万元，经责令支付后仍不支付。"),
    ("pension-overpayment", "paid-in-prison", "张某在监狱服刑期间，养老金仍继续发放。"),
    ("delivery-contraband", "inspection", "快递网点收寄时未开箱验视，包裹内藏有冰毒。"),
    ("work-safety", "training", "未对工人进行安全教育培训，安排无证人员上岗。"),
    ("fire-safety", "exits", "起火时二楼安全出口被锁，人员无法疏散。"),
    ("personal-information-leak", "permissions", "利用工作便利登录内部系统导出业主信息出售牟利。"),
    ("medical-aesthetics-drugs", "unlicensed", "未取得医师资格，在美容店为他人注射玻尿酸。"),
    ("medical-insurance-fraud", "identity", "收购他人医保卡冒名开药后倒卖药品。"),
    ("property-penalties", "not-transferred", "罚金和追缴违法所得判项至今未移送执行。"),
    ("community-correction", "out-of-control", "社区矫正期间未经批准外出，脱离监管。"),
    ("venues-vice", "prostitution", "在其经营的足浴店内容留卖淫嫖娼。"),
]


@pytest.mark.parametrize(("id_", "problem", "text"), WRITTEN_AS_IN_JUDGMENTS, ids=lambda value: value[:20])
def test_a_sentence_of_a_judgment_shows_its_problem(id_: str, problem: str, text: str) -> None:
    met = [signal for signal in issue_named(id_).signals if signal_spans(signal, text)]
    assert problem in {shown for signal in met for shown in signal.shows}


PRIVATE_QUARREL = "被告人与邻居因琐事发生口角，持木棍将对方打伤，经鉴定为轻伤二级。"


def test_a_plain_assault_meets_no_business_issue() -> None:
    met = {issue.id for issue in ISSUES for signal in issue.signals if signal_spans(signal, PRIVATE_QUARREL)}
    assert met <= {"disputes"}
