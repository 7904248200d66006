from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest
from fakes import CountingEmbedder

from assistant.likeness import LONGEST, Thresholds, learn
from indexes.words import tokens
from prompts.examples import ExampleFile, Examples

FROM = Thresholds(gap=0.5, like=0.2)
LODGING = ("旅馆前台没有登记住宿的未成年人，也没有询问其监护人。", "民宿老板给了钥匙，住宿的学生从未登记。")
UNPAID = ("施工单位拖欠工资，工人终止合同后拿不到补偿。", "公司期满不支付补偿，合同终止也不通知。")
CALM = ("双方签订合同后和解。", "旅馆已经登记全部住宿人员。", "天气晴朗，路面干燥。")


def files(*issues: Examples, none: tuple[str, ...] = CALM) -> list[ExampleFile]:
    return [ExampleFile(source="测试", date=date(2026, 11, 25), tag="D", issues=issues, none=none)]


def judge(words: Any = tokens) -> Any:
    embed = CountingEmbedder().embed_passages
    return learn(files(Examples(issue="lodging", show=LODGING), Examples(issue="unpaid", show=UNPAID)), words, embed, FROM)


def test_a_passage_reads_most_like_the_type_whose_example_it_repeats() -> None:
    made = judge()
    scores = made.scores([*LODGING, *UNPAID])
    assert made.types == ("lodging", "unpaid")
    assert [int(row[:2].argmax()) for row in scores] == [0, 0, 1, 1]
    assert all(row[-1] > FROM.gap / 2 for row in scores)


def test_an_example_of_no_gap_tells_of_none() -> None:
    assert all(row[-1] < FROM.gap for row in judge().scores(CALM))


def test_a_resemblance_is_a_span_of_the_text() -> None:
    text = f"经审理查明：{LODGING[0]}{LODGING[1]}本案现已审理终结。"
    found = [one for one in judge().resemblances(text) if one.issue == "lodging"]
    assert found
    for one in found:
        assert text[one.start : one.end].strip() == text[one.start : one.end]
        assert "登记" in text[one.start : one.end]
        assert one.strength >= 1


def test_a_text_that_shares_no_word_with_any_example_resembles_nothing() -> None:
    assert judge().resemblances("被告人趁夜翻墙入室窃取手机两部，销赃得款。") == []
    assert judge().resemblances("") == []


def test_learning_twice_gives_the_same_judge() -> None:
    text = [LODGING[0] + CALM[0]]
    assert np.array_equal(judge().scores(text), judge().scores(text))


def test_a_long_text_is_judged_passage_by_passage() -> None:
    seen: list[str] = []

    def watching(text: str) -> Sequence[str]:
        seen.append(text)
        return tokens(text)

    made = judge(watching)
    seen.clear()
    made.resemblances("天气晴朗，路面干燥。" * 100)
    assert len(seen) > 1
    assert max(len(text) for text in seen) <= LONGEST


def test_without_examples_nothing_can_be_learnt() -> None:
    with pytest.raises(ValueError, match="no examples"):
        learn([], tokens, CountingEmbedder().embed_passages, FROM)
