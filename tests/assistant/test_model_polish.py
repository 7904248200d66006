"""A letter that a model rewrites: what says the same is taken, whatever says more or less is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.model import ModelFailed, ScriptedModel
from assistant.polish import Polished, polish, says_the_same
from assistant.reply import Citation, Draft, Section, Sentence
from indexes.words import tokens

FIRST = "经查，2025年3月5日，湖畔旅馆接待三名未成年人入住，前台工作人员未登记其身份信息。"
SECOND = "该旅馆也没有询问监护人的联系方式。"
RULE = "《中华人民共和国未成年人保护法》第五十七条规定：“应当询问父母或者其他监护人的联系方式”。"


def cited(text: str, number: int = 1) -> Citation:
    return Citation(number, f"id-{number}", "检查笔录", 0, len(text), text, "verified")


def draft_of(*sentences: Sentence) -> Draft:
    section = Section("一、基本事实", sentences, ("检查记录",))
    return Draft("suggestion", "governance", "检察建议书", "某院", "", "某局", "2026-11-25", (section,))


DRAFT = draft_of(
    Sentence(FIRST, (cited(FIRST, 1),)), Sentence(SECOND, (cited(SECOND, 2),)), Sentence(RULE, (cited(RULE, 3),)),
    Sentence("请于两个月内书面回复。", (), "supported", "规定"), Sentence("待查。", (), "unverified"),
)  # fmt: skip


def polished(reply: str | ModelFailed, draft: Draft = DRAFT, **more: object) -> tuple[Polished, ScriptedModel]:
    model = ScriptedModel([reply], **more)  # type: ignore[arg-type]
    return polish(draft, model, tokens), model


def texts(made: Polished) -> list[str]:
    return [one.text for one in made.draft.sections[0].sentences]


BETTER = "2025年3月5日，湖畔旅馆接待三名未成年人入住，前台工作人员未登记其身份信息。"


def test_a_sentence_that_says_the_same_is_taken_with_its_citations() -> None:
    made, _ = polished(f"{BETTER}[1]")
    assert texts(made)[0] == BETTER
    assert made.draft.sections[0].sentences[0].citations == DRAFT.sections[0].sentences[0].citations
    assert (made.taken, made.refused) == (1, 0)
    assert texts(made)[1:] == [one.text for one in DRAFT.sections[0].sentences][1:]
    assert made.draft.sections[0].gaps == ("检查记录",)


def test_two_sentences_are_joined_and_keep_both_citations() -> None:
    joined = "2025年3月5日，湖畔旅馆接待三名未成年人入住，前台工作人员未登记其身份信息，该旅馆也没有询问监护人的联系方式。"
    made, _ = polished(f"{joined}[1][2]\n{RULE}[3]")
    assert texts(made)[:2] == [joined, RULE]
    assert [c.number for c in made.draft.sections[0].sentences[0].citations] == [1, 2]
    assert (made.taken, made.refused) == (2, 0)


@pytest.mark.parametrize(
    "said",
    [
        BETTER.replace("三名", "四名"),
        BETTER.replace("2025年3月5日", "2025年3月6日"),
        BETTER.replace("2025年3月5日，", ""),
        BETTER.replace("湖畔旅馆", "云屏旅馆"),
        BETTER.replace("未登记", "已登记"),
        BETTER.replace("身份信息", "身份信息，违反《刑法》第五条"),
        BETTER.replace("湖畔旅馆", "“湖畔旅馆”"),
        BETTER + "上述行为造成恶劣社会影响，群众反映强烈，应当依法从严追究责任。",
        "（一）" + BETTER,
        "旅馆未登记。",
        "作为人工智能，无法改写。",
    ],
)
def test_a_sentence_that_says_more_or_less_or_otherwise_is_refused(said: str) -> None:
    made, _ = polished(f"{said}[1]")
    assert made.draft == DRAFT
    assert (made.taken, made.refused) == (0, 1)


@pytest.mark.parametrize(
    "said",
    [
        RULE.replace("父母或者其他监护人", "监护人"),
        RULE.replace("第五十七条", "第五十八条"),
        RULE.replace("“", "").replace("”", ""),
        RULE.replace("中华人民共和国未成年人保护法", "未成年人保护条例"),
        RULE.replace("应当", "可以"),
    ],
)
def test_law_is_left_word_for_word(said: str) -> None:
    made, _ = polished(f"{said}[3]")
    assert made.draft == DRAFT


@pytest.mark.parametrize(
    "reply", ["好的。", f"{BETTER}", f"{BETTER}[9]", f"{BETTER}[1][3]", f"{BETTER}[4]", "[1]", f"请于一周内回复。[4]\n{BETTER}[5]"]
)
def test_what_names_no_sentence_that_may_change_changes_nothing(reply: str) -> None:
    made, _ = polished(reply)
    assert made.draft == DRAFT
    assert made.taken == 0


def test_a_sentence_of_form_stays_though_it_would_say_the_same() -> None:
    assert says_the_same("请于两个月内作出书面回复。", ["请于两个月内书面回复。"], tokens)
    made, _ = polished("请于两个月内作出书面回复。[4]")
    assert made.draft == DRAFT


def test_form_gaps_and_what_is_unverified_are_not_shown_to_the_model() -> None:
    _, model = polished(f"{BETTER}[1]")
    told = model.heard[0][1].text
    assert FIRST in told
    assert "两个月内" not in told
    assert "待查" not in told


def test_a_model_that_fails_leaves_the_letter_and_it_is_said() -> None:
    made, _ = polished(ModelFailed("连不上模型服务。"))
    assert made.draft == DRAFT
    assert "连不上" in made.note
    assert "原稿" in made.note


def test_without_a_model_the_letter_stays() -> None:
    assert polish(DRAFT, None, tokens) == Polished(DRAFT, 0, 0)


def test_a_long_section_is_read_in_parts_that_fit_the_window() -> None:
    many = draft_of(*(Sentence(f"第{n}间客房{FIRST}", (cited(FIRST, n),)) for n in range(1, 41)))
    model = ScriptedModel(["好。"] * 40, window=2048)
    assert polish(many, model, tokens).draft == many
    told = [messages[1].text for messages in model.heard]
    assert 1 < len(told) < 40
    assert all(len("".join(message.text for message in messages)) < 2048 // 2 + 800 for messages in model.heard)
    assert sum(text.count("间客房") for text in told) == 40


def test_the_first_number_of_an_item_stays() -> None:
    assert says_the_same("（一）前台未登记身份信息。", ["（一）前台未登记其身份信息。"], tokens)
    assert not says_the_same("（二）前台未登记身份信息。", ["（一）前台未登记其身份信息。"], tokens)


def test_a_real_letter_is_the_same_letter_when_nothing_is_taken(drafted: Callable[..., Draft]) -> None:
    letter = drafted("临江市公安局云岭区分局")
    model = ScriptedModel(["无。"] * 50)
    assert polish(letter, model, tokens).draft == letter
    assert model.heard
