from __future__ import annotations

import pytest

from ingestion.provisions import Provision, locate, named, provisions

ARTICLE = """第一百三十三条之一　在道路上驾驶机动车，有下列情形之一的，处拘役，并处罚金：
（一）追逐竞驶，情节恶劣的；
（二）醉酒驾驶机动车的；
　　1.在高速公路上；
　　2.在校门外。
机动车所有人对前款第二项行为负有直接责任的，依照前款的规定处罚。
有前两款行为，同时构成其他犯罪的：
（一）从重处罚；
（三）另行规定。"""


def words(paragraph: int = 0, item: int = 0, sub: int = 0) -> str | None:
    span = locate(ARTICLE, paragraph, item, sub)
    return None if span is None else ARTICLE[slice(*span)]


def test_paragraphs_items_and_sub_items_are_found_by_their_numbers():
    assert words(2) == "机动车所有人对前款第二项行为负有直接责任的，依照前款的规定处罚。"
    assert words(1, 1) == "（一）追逐竞驶，情节恶劣的；"
    assert words(1, 2, 2) == "2.在校门外。"
    assert words(3, 3) == "（三）另行规定。"


def test_a_paragraph_holds_its_items_and_an_item_its_sub_items():
    assert words(1) == ARTICLE[: ARTICLE.index("\n机动车所有人")]
    assert words(1, 2) == "（二）醉酒驾驶机动车的；\n　　1.在高速公路上；\n　　2.在校门外。"


def test_what_the_article_has_not_is_not_found():
    assert words(4) is None
    assert words(2, 1) is None
    assert words(3, 2) is None


def test_an_item_without_a_paragraph_is_found_only_where_one_paragraph_has_it():
    assert words(item=2) == words(1, 2)
    assert words(item=1) is None  # the first and the third 款 have one


def test_no_number_means_the_whole_article():
    assert words() == ARTICLE


def test_a_year_or_a_sum_at_the_head_of_a_line_opens_no_item():
    text = "第二条　罚款按照下列标准：\n（一）2.5万元以下；\n3.5万元以上的另行规定。"
    assert [(one.item, one.sub) for one in provisions(text)] == [(0, 0), (1, 0)]


def test_items_that_lost_their_lines_are_found_behind_colon_and_semicolon():
    text = "第四条　有下列情形之一的，免予处罚：（一）主动改正；（二）没有危害后果。"
    assert text[slice(*(locate(text, 1, 2) or (0, 0)))] == "（二）没有危害后果。"


def test_an_article_of_one_sentence_is_one_paragraph():
    text = "第三条　本法自2024年1月1日起施行。"
    assert provisions(text) == (Provision(1, 0, 0, 0, len(text)),)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("第二款", (2, 0, 0)),
        ("第一款第（二）项", (1, 2, 0)),
        ("第1款第2项", (1, 2, 0)),
        ("第（三）项", (0, 3, 0)),
        ("第三项第2目", (0, 3, 2)),
        ("第二款第十一项", (2, 11, 0)),
        ("第二条", None),
        ("", None),
    ],
)
def test_written_places_name_their_numbers(written, numbers):
    assert named(written) == numbers
