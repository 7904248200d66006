"""What a model writes against what its passages say: each way of being wrong is caught, true sentences pass."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.bearing import Source, faults, numbers_in, without_quotes
from indexes.words import tokens

LAW = Source(
    "第五十七条　旅馆、宾馆、酒店等住宿经营者接待未成年人入住，应当询问父母或者其他监护人的联系方式；发现有违法犯罪嫌疑的，应当立即向公安机关报告。",
    "中华人民共和国未成年人保护法", "中华人民共和国未成年人保护法", "第五十七条",
)  # fmt: skip
FACT = Source(
    "2024年3月5日，湖畔旅馆接待三名未成年人入住，前台未登记同住的未成年人身份信息，收取房费1.2万元，占营业额的12%。"
    "依照《旅馆业治安管理办法》第六条，证人周小平证言证实。",
    "检查笔录",
)


@pytest.mark.parametrize(
    "said",
    [
        "根据未成年人保护法第五十七条，旅馆接待未成年人入住应当询问监护人的联系方式。",
        "《未成年人保护法》第57条要求旅馆接待未成年人入住，应当询问监护人的联系方式。",
        "《中华人民共和国未成年人保护法》第五十七条第一款规定，应当询问父母或者其他监护人的联系方式。",
        "旅馆应当“立即向公安机关报告”。",
        "旅馆必须“立即向公安机关报告。”",
    ],
)
def test_what_the_law_says_passes(said: str) -> None:
    assert faults(said, [LAW], tokens) == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("旅馆应当“马上向公安机关报告”。", "quote"),
        ("《刑法》规定旅馆接待未成年人入住应当询问监护人的联系方式。", "law"),
        ("根据刑法第五十七条，旅馆接待未成年人入住应当询问监护人的联系方式。", "law"),
        ("《未成年人保护法》第五十八条规定旅馆接待未成年人入住应当询问监护人的联系方式。", "law"),
        ("《未成年人保护法》第五十七条第三款规定应当询问监护人的联系方式。", "law"),
        ("《未成年人保护法》第五十七条第（二）项规定应当询问监护人的联系方式。", "law"),
        ("旅馆接待未成年人入住可以询问监护人的联系方式。", "sense"),
        ("旅馆接待未成年人入住不得询问监护人的联系方式。", "sense"),
        ("旅馆接待未成年人入住应当在24小时内报告公安机关。", "number"),
        ("住房公积金缴存基数由职工所在单位核定。", "words"),
        ("《中华人民共和国未成年人保护法》第五十七条规定，旅馆应当缴纳保证金。", "words"),
        ("旅馆应当缴纳保证金，并应当询问父母或者其他监护人的联系方式。", "words"),
    ],
)
def test_what_the_law_does_not_say_is_caught(said: str, fault: str) -> None:
    assert fault in faults(said, [LAW], tokens)


@pytest.mark.parametrize(
    "said",
    [
        "湖畔旅馆接待3名未成年人，前台未登记未成年人身份信息。",
        "湖畔旅馆收取房费12000元，占营业额的百分之十二。",
        "2024年3月5日，湖畔旅馆接待未成年人入住。",
        "湖畔旅馆接待三人入住。",
        "湖畔旅馆是一家旅馆，前台未登记未成年人身份信息。",
        "依照《旅馆业治安管理办法》第六条，前台未登记未成年人身份信息。",
        "证人周小平证实前台未登记未成年人身份信息。",
    ],
)
def test_what_the_paper_says_passes(said: str) -> None:
    assert faults(said, [FACT], tokens) == ()


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("湖畔旅馆接待四名未成年人，前台未登记未成年人身份信息。", "number"),
        ("湖畔旅馆接待一名未成年人，前台未登记未成年人身份信息。", "number"),
        ("2024年3月6日，湖畔旅馆接待未成年人入住。", "number"),
        ("湖畔旅馆收取房费1.2元。", "number"),
        ("湖畔旅馆收取房费，占营业额的13%。", "number"),
        ("湖畔旅馆前台登记了未成年人身份信息。", "sense"),
        ("湖畔旅馆没有收取房费。", "sense"),
        ("云屏旅馆接待未成年人入住，前台未登记身份信息。", "name"),
        ("证人王大力证实前台未登记未成年人身份信息。", "name"),
        ("依照《旅馆业治安管理办法》第七条，前台未登记未成年人身份信息。", "law"),
    ],
)
def test_what_the_paper_does_not_say_is_caught(said: str, fault: str) -> None:
    assert fault in faults(said, [FACT], tokens)


def test_nothing_bears_out_anything() -> None:
    assert faults("旅馆应当登记。", [], tokens) != ()


def test_numbers_have_units_and_one_form() -> None:
    assert numbers_in("三名学生，20,000元，百分之三点五，第五条，第二款，一个，十二间") == {
        (Decimal(3), "人"), (Decimal(20000).normalize(), "元"), (Decimal("3.5"), "%"), (Decimal(12), "间"),
    }  # fmt: skip


def test_a_false_quotation_loses_its_marks() -> None:
    assert without_quotes("旅馆应当“马上”「报告」。") == "旅馆应当马上报告。"
