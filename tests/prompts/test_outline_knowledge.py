"""The outlines, periods and layout of letters that the package carries."""

from __future__ import annotations

import re
from datetime import date

import pytest

from prompts import (
    Outline,
    fill,
    load_deadlines,
    load_layout,
    load_norms,
    load_outline,
    outline_names,
)

OUTLINES = [load_outline(name) for name in outline_names()]
each_outline = pytest.mark.parametrize("outline", OUTLINES, ids=lambda outline: outline.id)
TODAY = date(2026, 11, 25)


def test_the_five_types_of_letters_have_an_outline_each() -> None:
    assert {outline.letter_type for outline in OUTLINES} == {
        "retrial", "correction", "public-interest", "governance", "other",
    }


@each_outline
def test_the_parts_are_the_same_five_for_every_type(outline: Outline) -> None:
    assert [section.id for section in outline.sections] == ["opening", "facts", "problems", "advice", "closing"]


@each_outline
def test_a_document_number_has_its_year_in_the_right_brackets(outline: Outline) -> None:
    assert re.match(outline.number_pattern, outline.number_example)
    assert not re.match(outline.number_pattern, outline.number_example.replace("〔", "[").replace("〕", "]"))


@each_outline
def test_every_period_and_norm_that_an_outline_names_exists(outline: Outline) -> None:
    assert set(outline.deadlines.values()) <= load_deadlines().ids()
    assert set(outline.norms) <= {norm.id for norm in load_norms()}


@each_outline
def test_every_demand_and_sentence_of_form_says_what_it_rests_on(outline: Outline) -> None:
    assert all(content.rests_on for content in outline.contents)
    assert all(sentence.rests_on for sentence in outline.forms)


def test_the_governance_letter_holds_the_seven_contents_in_order() -> None:
    governance = load_outline("suggestion-governance")
    assert [content.id for content in governance.contents] == [
        "source", "facts", "problems", "advice", "objection", "reply", "other",
    ]


def test_the_governance_letter_knows_the_six_grounds_of_article_11() -> None:
    governance = load_outline("suggestion-governance")
    assert [governance.ground(item).item for item in range(1, 7)] == [1, 2, 3, 4, 5, 6]
    assert all(ground.tag == "K" for ground in governance.grounds)
    with pytest.raises(KeyError, match="第 7 种情形"):
        governance.ground(7)


def test_a_governance_letter_does_not_threaten_to_sue() -> None:
    assert not any("起诉" in sentence.text for sentence in load_outline("suggestion-governance").forms)


def test_the_closing_of_a_letter_takes_its_periods_from_the_table() -> None:
    governance, table = load_outline("suggestion-governance"), load_deadlines()
    reply = table.on(governance.deadlines["reply"], TODAY)
    objection = table.on(governance.deadlines["objection"], TODAY)
    assert fill(governance.form("reply").text, reply_period=reply.text) == (
        "请自收到本检察建议书之日起两个月内，将落实情况书面回复本院，并附有关证明材料。"
    )
    assert "十五日内" in fill(governance.form("objection").text, objection_period=objection.text)


@pytest.mark.parametrize(
    ("id_", "text", "due"),
    [
        ("reply-general", "两个月", date(2026, 2, 28)),
        ("reply-minors", "一个月", date(2026, 1, 31)),
        ("reply-public-interest", "两个月", date(2026, 2, 28)),
        ("reply-public-interest-urgent", "十五日", date(2026, 1, 15)),
        ("notice-civil-public-interest", "三十日", date(2026, 1, 30)),
        ("deputy-reply-complex", "六个月", date(2026, 6, 30)),
    ],
)
def test_a_period_ends_as_the_civil_code_counts(id_: str, text: str, due: date) -> None:
    deadline = load_deadlines().on(id_, TODAY)
    assert deadline.text == text
    assert deadline.due(date(2025, 12, 31)) == due


def test_a_period_is_unknown_before_its_law_was_in_force() -> None:
    with pytest.raises(KeyError, match="2021-05-31 没有期限 reply-minors"):
        load_deadlines().on("reply-minors", date(2021, 5, 31))


def test_the_objection_period_is_ours_and_says_so() -> None:
    objection = load_deadlines().on("objection", TODAY)
    assert (objection.tag, objection.configurable, objection.basis) == ("D", True, ())


def test_every_period_with_a_legal_tag_names_its_article() -> None:
    assert all(d.basis for d in load_deadlines().deadlines if d.tag == "L")


def test_the_layout_is_that_of_an_official_document() -> None:
    layout = load_layout()
    assert layout.mm("top_mm") + layout.mm("text_height_mm") + layout.mm("bottom_mm") == layout.mm("page_height_mm")
    assert layout.mm("binding_mm") + layout.mm("text_width_mm") + layout.mm("right_mm") == layout.mm("page_width_mm")
    assert layout.measurements["lines"].value == 22
    assert layout.measurements["characters"].value == 28
    assert layout.faces["body"].font == "仿宋_GB2312"
    assert layout.faces["title"].points == 22


def test_a_count_of_lines_is_not_taken_for_millimetres() -> None:
    with pytest.raises(ValueError, match="单位是 行"):
        load_layout().mm("lines")
