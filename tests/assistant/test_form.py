from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from assistant.form import Form, layout
from assistant.norms import Bench
from assistant.reply import Section, Sentence
from indexes.lawbook import LawBook
from indexes.words import tokens
from ingestion.document import Document
from prompts import (
    IssueType,
    Outline,
    issue_types,
    load_deadlines,
    load_outline,
    load_scenarios,
    outline_names,
)
from prompts.loader import article_of

DAY = date(2026, 11, 25)
LETTER_TYPES = [
    name.removeprefix("suggestion-") for name in outline_names() if name.startswith("suggestion-")
]
MINORS = next(issue for issue in issue_types(load_scenarios()) if issue.deadline == "reply-minors")
MakeIssue = Callable[..., IssueType]


def form(lawbook: LawBook, letter_type: Any = "governance", on: date = DAY) -> Form:
    return Form(letter_type, on, Bench(lawbook, on, tokens))


@pytest.fixture
def empty(home: Any) -> LawBook:
    """A library without any law."""
    lawbook: LawBook = home.lawbook
    return lawbook


def reply_of(section: Section) -> Sentence:
    return next(sentence for sentence in section.sentences if "回复" in sentence.text)


# deadlines ------------------------------------------------------------------------------------------


def test_a_letter_on_minors_is_answered_within_a_month_by_the_law(national: LawBook) -> None:
    reply = reply_of(form(national).closing([MINORS]))
    assert "一个月内" in reply.text
    (cited,) = reply.citations
    assert (cited.law, cited.article) == ("中华人民共和国未成年人保护法", "第一百一十四条")
    assert cited.status == "verified"
    assert "一个月" in cited.quote
    assert reply.support == "supported"


def test_other_letters_are_answered_within_two_months_and_that_rule_is_unverified(
    national: LawBook, make_issue: MakeIssue
) -> None:
    reply = reply_of(form(national).closing([make_issue({"any": ["x"]})]))
    assert "两个月内" in reply.text
    assert [(c.status, c.quote) for c in reply.citations] == [("not_checked", "")]
    assert reply.support == "unverified"


def test_the_shortest_of_all_periods_applies(empty: LawBook, make_issue: MakeIssue) -> None:
    general = make_issue({"any": ["x"]})
    urgent = make_issue({"any": ["x"]}, deadline="reply-public-interest-urgent")
    assert "一个月内" in reply_of(form(empty).closing([general, MINORS])).text
    assert "十五日内" in reply_of(form(empty).closing([MINORS, urgent, general])).text


def test_a_letter_in_the_public_interest_keeps_its_own_period(empty: LawBook) -> None:
    reply = reply_of(form(empty, "public-interest").closing([MINORS]))
    assert "两个月内" in reply.text
    assert "检察公益诉讼" in (reply.citations[0].law or "")


def test_the_days_for_an_objection_are_declared_a_default(empty: LawBook) -> None:
    section = form(empty).closing([])
    objection = next(sentence for sentence in section.sentences if "异议" in sentence.text)
    assert load_deadlines().on("objection", DAY).text in objection.text
    assert len(section.gaps) == 1
    period = load_deadlines().on("objection", DAY)
    assert period.text in section.gaps[0]
    assert "核对" in section.gaps[0]


def test_before_the_law_on_minors_changed_the_general_period_applies(empty: LawBook) -> None:
    """The month of 未保法 114 is valid from 2021-06-01 on; what was valid before is two months."""
    assert "两个月内" in reply_of(form(empty, on=date(2021, 5, 31)).closing([MINORS])).text


def test_from_the_day_of_the_law_on_minors_a_month_applies(empty: LawBook) -> None:
    assert "一个月内" in reply_of(form(empty, on=date(2021, 6, 1)).closing([MINORS])).text


def test_a_day_before_all_periods_is_a_gap(empty: LawBook) -> None:
    section = form(empty, on=date(2018, 1, 1)).closing([])
    assert section.gaps
    assert not any("个月内" in sentence.text for sentence in section.sentences)


# opening --------------------------------------------------------------------------------------------


def test_the_opening_names_the_case_number_where_it_stands(
    empty: LawBook, case_file: tuple[Document, ...]
) -> None:
    section = form(empty).opening(case_file)
    (sentence,) = section.sentences
    (cited,) = sentence.citations
    document = next(one for one in case_file if one.id == cited.document_id)
    assert document.text[cited.start : cited.end] == cited.quote == "（2026）浙1302刑初117号"
    assert cited.quote in sentence.text
    assert "判决书" in document.subtype


def test_without_a_case_number_the_source_is_a_gap(empty: LawBook, paper: Callable[..., Document]) -> None:
    for documents in ([], [paper("走访湖畔旅馆，前台未登记。", "情况.txt")]):
        section = form(empty).opening(documents)
        assert section.sentences == ()
        assert "来源" in section.gaps[0]


# what stands on the outline ---------------------------------------------------------------------------


@pytest.mark.parametrize("letter_type", LETTER_TYPES)
def test_every_letter_type_has_a_title_and_the_three_headings(letter_type: str, empty: LawBook) -> None:
    made = form(empty, letter_type)
    outline: Outline = load_outline(f"suggestion-{letter_type}")
    assert made.title == outline.title[-1]
    headings = [made.heading(section) for section in ("facts", "problems", "advice")]
    assert [heading[0] for heading in headings] == list("一二三")


def test_the_basis_names_what_is_verified_and_leaves_the_rest_as_a_gap(national: LawBook) -> None:
    duties = [*MINORS.units[0].duties, article_of("《旅馆业治安管理办法》第六条")]
    sentence, gaps = form(national).basis(duties)
    assert sentence.support == "supported"
    assert all(cited.status == "verified" for cited in sentence.citations)
    named = {article.text for article in duties} | {"《中华人民共和国人民检察院组织法》第二十一条"}
    assert all((name in sentence.text) != (name in "".join(gaps)) for name in named)
    assert "《旅馆业治安管理办法》第六条" in "".join(gaps)


def test_where_nothing_is_verified_the_basis_says_so_and_still_opens_the_advice(empty: LawBook) -> None:
    sentence, gaps = form(empty).basis([article_of("《旅馆业治安管理办法》第六条")])
    assert "提出如下检察建议" in sentence.text
    assert (sentence.support, gaps) == ("unverified", ())


def test_the_ground_is_that_of_the_heaviest_issue_and_unverified_without_its_rules(
    national: LawBook, make_issue: MakeIssue
) -> None:
    first, second = make_issue({"any": ["x"]}, art11_item=1), make_issue({"any": ["x"]}, art11_item=5)
    ground = form(national).ground([first, second])
    assert ground is not None
    assert "第十一条第一项" in ground.text
    assert load_outline("suggestion-governance").ground(1).text in ground.text
    assert [(c.status, c.quote) for c in ground.citations] == [("not_checked", "")]
    assert ground.support == "unverified"


def test_without_an_issue_no_ground_is_named(empty: LawBook) -> None:
    assert form(empty).ground([]) is None


def test_the_layout_of_the_export_is_that_of_the_knowledge() -> None:
    made = layout()
    assert (made.lines, made.characters) == (22, 28)
