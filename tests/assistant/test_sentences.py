from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.sentences import best_stretch, coverage, sentences, subject_words
from indexes.words import tokens


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def letters(text: str) -> list[str]:
    """Each character a word."""
    return list(text)


def stretch(text: str, subject: str, longest: int, words: Callable[[str], list[str]] = letters) -> str:
    start, end = best_stretch(text, frozenset(subject), words, longest)
    return text[start:end]


# sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "旅馆未登记。前台未询问！是否报告？没有；",
            ["旅馆未登记。", "前台未询问！", "是否报告？", "没有；"],
        ),
        ("他说：“不用登记。”随后离开。", ["他说：“不用登记。”", "随后离开。"]),
        ("（不予登记。）随后离开。", ["（不予登记。）", "随后离开。"]),
        ("标题\n　　正文没有句号\n\n", ["标题", "正文没有句号"]),
        ("处罚款3.5万元，2026.5.1起执行", ["处罚款3.5万元，2026.5.1起执行"]),
        ("  \n\t", []),
        ("", []),
    ],
)
def test_a_sentence_ends_where_a_reader_would_end_it(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_only_the_sentences_of_the_window_are_given_with_offsets_of_the_whole_text() -> None:
    text = "甲句。乙句。丙句。"
    assert sentences(text, 3, 6) == [(3, 6)]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="字，。！？；：“”」）\n\t 　a1", max_size=80))
def test_no_word_is_lost_or_told_twice(text: str) -> None:
    spans = sentences(text)
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())


# what a question is about ---------------------------------------------------------------------------


def test_a_subject_is_counted_once_and_not_again_in_its_parts() -> None:
    assert subject_words(["未成年", "成年人", "未成年人", "_未成", "登记"]) == {"未成年人", "登记"}


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("请问应当如何办理？有什么规定吗", {"办理"}),
        ("年休假有几天？", {"年休假"}),
        ("产假多长时间？", {"产假"}),
        ("什么时候施行？", {"施行"}),
        ("怎么办？", set()),
    ],
)
def test_words_that_any_question_has_are_no_subject(question: str, subject: set[str]) -> None:
    assert subject_words(tokens(question)) == subject


def test_coverage_is_the_share_of_weight_that_is_found() -> None:
    subject = frozenset({"公积金", "缴存"})
    assert coverage(subject, ["缴存", "年休假"]) == pytest.approx(2 / 5)
    assert coverage(subject, ["缴存"], {"公积金": 1.0, "缴存": 3.0}.__getitem__) == pytest.approx(0.75)


def test_no_subject_is_covered_by_nothing() -> None:
    assert coverage(frozenset(), ["缴存"]) == 0.0


# the part to quote ----------------------------------------------------------------------------------


def test_a_short_text_is_quoted_whole() -> None:
    assert stretch(" 甲甲。乙乙。\n", "甲", 20) == "甲甲。乙乙。"


def test_of_a_long_text_the_sentence_that_says_it_is_quoted() -> None:
    assert stretch("甲甲甲甲甲甲。乙丙乙丙乙丙。丁丁丁丁丁丁。", "乙丙", 8) == "乙丙乙丙乙丙。"


def test_the_quote_grows_towards_the_neighbour_that_says_more_while_it_fits() -> None:
    text = "甲甲甲甲甲甲。乙丙乙丙乙丙。丙丁丁丁丁丁。戊戊戊戊戊戊。"
    assert stretch(text, "乙丙", 15) == "乙丙乙丙乙丙。丙丁丁丁丁丁。"


def test_a_sentence_longer_than_the_limit_is_never_cut() -> None:
    long = "乙" * 30 + "，" + "丙" * 30 + "。"
    assert stretch("甲甲。" + long + "丁丁。", "乙丙", 10) == long


ROW = "旅馆\t未登记\t14"
SENTENCE = "旅馆有14间次没有登记。"


@pytest.mark.parametrize("row", [ROW, "旅馆\t没有登记\t14\t间次"])
def test_a_row_of_a_table_is_not_quoted_when_a_sentence_says_it(row: str) -> None:
    text = "\n".join([row, row, "说明。", row, SENTENCE, row, "表格见下。", row])
    quote = stretch(text, "旅馆没有登记", 30)
    assert SENTENCE in quote
    assert "\t" not in quote


def test_a_row_is_quoted_where_no_sentence_says_it() -> None:
    text = "\n".join(["本表由承办人制作。", "甲\t乙\t丙", ROW, "以上情况经核对。"])
    assert ROW in stretch(text, "旅馆未登记", 12)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="甲乙丙，。；\n\t ", max_size=80), st.integers(1, 40))
def test_what_is_quoted_is_always_whole_sentences(text: str, longest: int) -> None:
    start, end = best_stretch(text, frozenset("甲乙"), letters, longest)
    spans = sentences(text)
    if not spans:
        assert start == end
        return
    assert start in {a for a, _ in spans}
    assert end in {b for _, b in spans}
    assert end - start <= longest or (start, end) in spans
