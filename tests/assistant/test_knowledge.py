from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.knowledge import outdated
from indexes.lawbook import LawBook
from ingestion.statutes import paragraphs
from prompts import IssueType, Scenario, issue_types, load_scenarios

HEAD = "# 中华人民共和国住宿法\n\n2018年1月1日 通过\n\n{since}<!-- INFO END -->\n\n"
OLD = (
    HEAD.format(since="")
    + "第一条 住宿应当登记。\n\n第二条 违者处警告。\n\n第三条 本法自2018年6月1日起施行。\n"
)
NEW = (
    HEAD.format(since="2024年1月1日 修订\n\n")
    + "第一条 住宿应当登记。\n\n第三条 本法自2024年6月1日起施行。\n"
)
REPEALING = (
    "# 中华人民共和国旅馆法\n\n2027年1月1日 通过\n\n<!-- INFO END -->\n\n第一条 住宿应当登记。\n\n"
    "第二条 本法自2027年6月1日起施行。《中华人民共和国住宿法》同时废止。\n"
)
DAYS = [date(2026, 11, 25), date.today()]


@pytest.fixture
def scenario(make_issue: Callable[..., IssueType]) -> Scenario:
    """Its one issue cites 住宿法 第二条 and nothing else."""
    return Scenario(id="lodging", name="住宿", issues=(make_issue({"any": ["未登记"]}),))


@pytest.mark.parametrize("on", DAYS, ids=["fixed", "today"])
def test_no_article_that_a_scenario_cites_is_out_of_force(national: LawBook, on: date) -> None:
    assert list(outdated(load_scenarios(), national, on)) == []


def test_most_articles_that_scenarios_cite_were_really_looked_up(national: LawBook) -> None:
    """`outdated` is silent on laws that the library lacks; that must not be all of them."""
    articles = {article for issue in issue_types(load_scenarios()) for article in issue.articles()}
    found = [
        article
        for article in articles
        if national.find(article.law, article.article, DAYS[0]).status == "verified"
    ]
    assert len(found) > len(articles) / 2


def test_every_paragraph_that_a_scenario_cites_exists(national: LawBook) -> None:
    lacking = []
    for article in {a for issue in issue_types(load_scenarios()) for a in issue.articles() if a.paragraph}:
        found = national.find(article.law, article.article, DAYS[0])
        if not found.passages:
            continue
        text = national.text(found.passages[0].document_id)[found.passages[0].start : found.passages[-1].end]
        number = "一二三四五六七八九十".index(article.paragraph[1:-1]) + 1
        if number > len(paragraphs(text)):
            lacking.append(article.text)
    assert lacking == []


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (date(2017, 1, 1), "尚未施行"),
        (date(2019, 1, 1), None),
        (date(2024, 6, 1), "已无此条"),
    ],
)
def test_an_article_is_named_with_the_reason_on_the_days_when_it_is_out_of_force(
    home: Any, scenario: Scenario, on: date, why: str | None
) -> None:
    home.load((OLD, "住宿法(2018-01-01).md"), (NEW, "住宿法(2024-01-01).md"))
    lines = list(outdated([scenario], home.lawbook, on))
    if why is None:
        assert lines == []
        return
    (line,) = lines
    assert line.startswith("住宿未登记：《中华人民共和国住宿法》第二条")
    assert why in line


def test_a_law_that_will_be_repealed_is_named_from_that_day_on(home: Any, scenario: Scenario) -> None:
    home.load((OLD, "住宿法(2018-01-01).md"), (REPEALING, "旅馆法(2027-01-01).md"))
    assert list(outdated([scenario], home.lawbook, date(2027, 5, 31))) == []
    (line,) = outdated([scenario], home.lawbook, date(2099, 1, 1))
    assert "《中华人民共和国住宿法》第二条" in line
    assert "2027-06-01" in line


def test_a_law_that_the_library_lacks_is_not_called_outdated(home: Any, scenario: Scenario) -> None:
    assert list(outdated([scenario], home.lawbook, DAYS[0])) == []


def test_long_ago_hardly_any_of_it_was_in_force(national: LawBook) -> None:
    lines = list(outdated(load_scenarios(), national, date(1990, 1, 1)))
    assert any("《中华人民共和国反电信网络诈骗法》" in line for line in lines)
    assert any("尚未施行" in line for line in lines)
