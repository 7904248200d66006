from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from assistant.issues import OUTDATED, Finding, find_issues
from ingestion.document import Block, Document, Field
from prompts import IssueType, load_cues

CUES = load_cues()
DAY = date(2026, 11, 25)
LAW = "# 住宿管理法\n\n2020年1月1日起施行\n\n第一条　旅馆应当登记住客身份。\n\n第二条　违反前条的，处以罚款。\n"
LODGED = "湖畔旅馆的前台未登记住客的身份信息。"
MakeIssue = Callable[..., IssueType]
Find = Callable[..., Sequence[Finding]]
HOTEL = {"kind": "旅馆", "role": "involved", "names": ["旅馆"], "why": "涉案", "duties": ["《住宿管理法》第一条"]}
POLICE = {"kind": "公安机关", "role": "regulator", "names": ["公安"], "why": "主管", "duties": ["《住宿管理法》第二条"]}


def file(text: str, number: str = "", units: tuple[str, ...] = (), name: str = "报告") -> Document:
    fields = [Field("案号", number, 0, 0)] if number else []
    fields += [Field("涉案单位", unit, text.index(unit), text.index(unit) + len(unit)) for unit in units]
    return Document(f"id-{name}", "case", "报告", name, text, (Block(0, len(text)),), tuple(fields))


@pytest.fixture
def lodging(make_issue: MakeIssue) -> Callable[..., IssueType]:
    """An issue type that rests on a law which the library holds."""

    def make(weight: float = 1.0, duty: str = "《住宿管理法》第一条", **more: Any) -> IssueType:
        return make_issue(
            {"any": ["未登记"], "weight": weight},
            units=[POLICE, HOTEL],
            duties=[{"article": duty, "who": "旅馆", "demand": "登记"}],
            problems=[
                {"id": "gap", "of": "involved", "statement": "没有登记", "rule": ["《住宿管理法》第二条"], "consequence": "失管"}
            ],
            measures=[
                {"answers": ["gap"], "actors": ["公安机关", "旅馆"], "action": "检查", "time": "一个月内", "deliverable": "台账"}
            ],
            inquiry=["调取住宿登记记录"],
            **more,
        )

    return make


@pytest.fixture
def find(home: Any) -> Find:
    home.load((LAW, "住宿管理法.md"))

    def found(*papers: Document, types: list[IssueType], on: date = DAY) -> Sequence[Finding]:
        return find_issues(papers, types, CUES, home.lawbook, on)

    return found


def test_a_finding_quotes_its_evidence_word_for_word(find: Find, lodging: Callable[..., IssueType]) -> None:
    paper = file(f"走访情况如下。{LODGED}灯光正常。")
    (one,) = find(paper, types=[lodging()])
    (cited,) = one.citations
    assert cited.number == 1
    assert paper.text[cited.start : cited.end] == cited.quote == LODGED
    assert not one.doubtful


def test_what_is_not_found_is_no_finding(find: Find, lodging: Callable[..., IssueType]) -> None:
    assert find(file("经查，未发现未登记住客的情形。"), types=[lodging()]) == ()


def test_a_weak_signal_alone_is_doubtful(find: Find, lodging: Callable[..., IssueType]) -> None:
    (one,) = find(file(LODGED), types=[lodging(weight=0.6)])
    assert one.doubtful
    assert one.strength == 0.3


def test_one_case_alone_is_to_be_inquired_into_first(find: Find, lodging: Callable[..., IssueType]) -> None:
    (one,) = find(file(LODGED, "（2026）浙01刑初1号", ("湖畔旅馆",)), types=[lodging()])
    assert not one.spread.pattern
    assert one.reason == "1 份材料中有 1 处文字反映“住宿未登记”。个案，先调查：调取住宿登记记录"


def test_several_cases_are_a_pattern_with_counts(find: Find, lodging: Callable[..., IssueType]) -> None:
    papers = [file(LODGED, f"（2026）浙01刑初{n}号", name=f"判决{n}") for n in (1, 2, 3)]
    (one,) = find(*papers, types=[lodging()])
    assert one.spread.pattern
    assert "3 份材料中有 3 处文字" in one.reason
    assert "涉及3 个案件" in one.reason


def test_several_units_of_one_case_are_a_pattern(find: Find, lodging: Callable[..., IssueType]) -> None:
    paper = file("湖畔旅馆未登记住客。云屏旅馆未登记住客。", units=("湖畔旅馆", "云屏旅馆"))
    (one,) = find(paper, types=[lodging()])
    assert one.spread.units == ("湖畔旅馆", "云屏旅馆")
    assert one.spread.pattern


def test_one_unit_under_two_names_is_one_and_the_regulator_is_none(
    find: Find, lodging: Callable[..., IssueType]
) -> None:
    paper = file("望湖区湖畔旅馆未登记住客。公安分局未登记湖畔旅馆。", units=("望湖区湖畔旅馆", "湖畔旅馆", "公安分局"))
    (one,) = find(paper, types=[lodging()])
    assert one.spread.units == ("湖畔旅馆",)
    assert not one.spread.pattern


def test_duties_carry_their_status_on_the_day(find: Find, lodging: Callable[..., IssueType]) -> None:
    (one,) = find(file(LODGED), types=[lodging()])
    assert [(duty.article.article, duty.status) for duty in one.duties] == [("第一条", "verified")]
    assert one.outdated == ()
    assert one.units == ("公安机关", "旅馆")


def test_an_entry_whose_article_is_no_more_is_shown_as_outdated_while_the_rest_works(
    find: Find, lodging: Callable[..., IssueType]
) -> None:
    gone = lodging(id_="gone", duty="《住宿管理法》第九条")
    found = {one.type.id: one for one in find(file(LODGED), types=[gone, lodging()])}
    assert found["lodging"].outdated == ()
    (line,) = found["gone"].outdated
    assert line.startswith("《住宿管理法》第九条")
    assert OUTDATED in found["gone"].reason
    assert OUTDATED not in found["lodging"].reason


def test_a_law_that_the_library_lacks_is_unverified_not_outdated(
    find: Find, lodging: Callable[..., IssueType]
) -> None:
    (one,) = find(file(LODGED), types=[lodging(duty="《没有装载的条例》第三条")])
    assert one.duties[0].status == "not_checked"
    assert one.outdated == ()
