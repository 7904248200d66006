from __future__ import annotations

import pytest

from assistant.conversation import Turn, leans, standalone
from assistant.model import ModelFailed, ScriptedModel
from assistant.reply import Answer, Citation
from indexes.words import tokens

NAME = "中华人民共和国未成年人保护法"
CITED = Citation(1, "id", NAME, 0, 2, "旅馆", "verified", NAME, "第五十七条")
FIRST = Turn("旅馆接待未成年人入住应当询问什么？", Answer("旅馆应当询问联系方式[1]。", "full", "", (CITED,), ()))


def asked(question: str, *said: str | ModelFailed) -> str:
    return standalone(question, [FIRST], tokens, ScriptedModel(list(said)) if said else None)


@pytest.mark.parametrize(
    "question", ["那没有询问怎么处罚？", "为什么？", "它由哪个部门监管？", "还有谁要报告？", "如果没有询问呢？"]
)
def test_a_follow_up_takes_over_the_subject(question: str) -> None:
    written = asked(question)
    assert written.endswith(question)
    assert "旅馆" in written
    assert "未成年人" in written


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("第五十八条呢？", f"《{NAME}》第五十八条呢？"),
        ("这条是什么时候施行的？", f"关于《{NAME}》第五十七条：这条是什么时候施行的？"),
    ],
)
def test_a_follow_up_on_an_article_takes_over_the_law(question: str, written: str) -> None:
    assert asked(question) == written


@pytest.mark.parametrize(
    "question",
    [
        "贷款诈骗罪的立案标准是多少？",
        "《刑法》第二百六十四条是什么？",
        "刑法第二百六十四条规定了什么？",
        "湖畔旅馆被罚款多少？",
        "公安机关收到报告应当怎么处理未成年人？",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question: str) -> None:
    assert not leans(question, tokens)
    assert asked(question) == question


def test_the_first_question_has_nothing_to_take_over() -> None:
    assert standalone("那它呢？", [], tokens) == "那它呢？"


def test_a_model_may_write_the_question() -> None:
    good = "旅馆接待未成年人入住没有询问联系方式怎么处罚？"
    assert asked("那没有询问怎么处罚？", good) == good
    assert asked("那没有询问怎么处罚？", f"改写后的问题：{good}") == good


@pytest.mark.parametrize(
    "said",
    [
        "旅馆接待未成年人3人没有询问怎么处罚？",  # a number of its own
        "违反《治安管理处罚法》没有询问怎么处罚？",  # law of its own
        "旅馆应当询问联系方式。",  # an answer
        "今天天气如何，适合出行吗？",  # another question
        "旅馆接待未成年人入住应当询问什么？",  # the last question once more
        '{"question": "没有询问怎么处罚"}',
        "",
        "旅馆" * 400,
        ModelFailed("连不上模型服务。"),
    ],
)
def test_a_model_that_brings_in_something_new_or_fails_is_not_followed(said: str | ModelFailed) -> None:
    assert asked("那没有询问怎么处罚？", said) == asked("那没有询问怎么处罚？")


def test_an_article_is_not_left_to_a_model() -> None:
    assert asked("第五十八条呢？", "旅馆接待未成年人入住应当做什么？") == f"《{NAME}》第五十八条呢？"


def test_a_question_that_needs_nothing_costs_no_call() -> None:
    model = ScriptedModel([])
    standalone("贷款诈骗罪的立案标准是多少？", [FIRST], tokens, model)
    assert model.heard == []


def test_a_long_conversation_keeps_within_the_window() -> None:
    long = Turn("旅馆" * 100, Answer("登记" * 400, "full", "", (), ()))
    model = ScriptedModel(["好"], window=1200)
    standalone("那它呢？", [long] * 10, tokens, model)
    assert all(len("".join(one.text for one in messages)) < 1200 for messages in model.heard)
