"""Numerals of both kinds, and the one way to write an article's number."""

from __future__ import annotations

import pytest

from ingestion.numerals import article_key, canonical_article, to_chinese, to_int


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (100, "一百"), (101, "一百零一"), (110, "一百一十"),
     (264, "二百六十四"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"), (1260, "一千二百六十")],
)  # fmt: skip
def test_a_number_is_written_as_statutes_write_it(number: int, written: str):
    assert to_chinese(number) == written


def test_every_number_that_an_article_can_have_is_read_back():
    assert all(to_int(to_chinese(number)) == number for number in range(1, 10_000))


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("264", 264), ("２６４", 264), ("二〇二四", 2024), ("一百〇一", 101), ("两百", 200), ("一百二十", 120)],
)
def test_numerals_in_other_spellings_have_their_value(numeral: str, value: int):
    assert to_int(numeral) == value


@pytest.mark.parametrize("text", ["", "条", "二百x"])
def test_what_is_no_numeral_is_refused(text: str):
    with pytest.raises(ValueError, match="numeral"):
        to_int(text)


@pytest.mark.parametrize("number", [0, -1, 10_000])
def test_numbers_that_no_article_has_are_refused(number: int):
    with pytest.raises(ValueError, match="1 to 9999"):
        to_chinese(number)


@pytest.mark.parametrize(
    "form", ["第264条", "264条", "264", "第二百六十四条", "二百六十四条", "第 ２６４ 条", "第二百六十四条第一款", "第264条第（二）项"]
)
def test_every_form_of_an_article_gives_its_one_label(form: str):
    assert canonical_article(form) == "第二百六十四条"


@pytest.mark.parametrize(
    "form", ["120条之一", "第120-1条", "第一百二十条之1", "第一百二十条之一", "第120条之一第二款", "120-1"]
)
def test_an_inserted_article_is_never_folded_into_its_base(form: str):
    assert canonical_article(form) == "第一百二十条之一"
    assert article_key(form) == (120, 1)


@pytest.mark.parametrize("label", ["一、", "（一）", "1.", "引言", "附件一", "第三段", "第〇条"])
def test_labels_of_another_kind_stay_as_they_are(label: str):
    assert canonical_article(label) == label
