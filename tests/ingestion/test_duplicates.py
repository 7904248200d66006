from __future__ import annotations

import random

import pytest

from ingestion.duplicates import (
    ESTIMATE_ERROR,
    LIKE_FROM,
    SIGNATURE,
    estimates,
    likeness,
    normal,
    sketch,
)

WORDS = "旅馆 登记 未成年人 监护人 询问 公安 报告 处罚 整改 检查 台账 责任 制度 培训 街道 走访 学校 家长 夜间 入住".split()


def letter(seed: int, sentences: int = 60) -> list[str]:
    """Sentences of random words, as unlike those of another seed as chance has it."""
    rng = random.Random(seed)
    return ["".join(rng.choices(WORDS, k=9)) + f"{rng.randrange(10_000)}。" for _ in range(sentences)]


def test_likeness_counts_the_stretches_of_five_characters_that_both_hold():
    # 26 letters hold 22 stretches; with the last letter changed 21 of them are left: 21 / (22 + 22 - 21)
    assert likeness("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyA") == pytest.approx(21 / 23)


@pytest.mark.parametrize(
    "printed",
    ["第一条 旅馆应当登记“姓名”（2026年）。", "第一条\n旅馆应当\u200b登记\"姓名\"(２０２６年)。", "第 一 条旅馆应当登记“姓名”（2026年）。\n"],
)
def test_a_text_is_the_same_in_whatever_format_it_is_printed(printed: str):
    assert sketch(printed).hash == sketch("第一条旅馆应当登记“姓名”（2026年）。").hash


@pytest.mark.parametrize("other", ["罚款15万元。", "罚款1.5元。", "罚款1.5万元", "不罚款1.5万元。"])
def test_another_amount_or_another_word_is_another_text(other: str):
    assert sketch(other).hash != sketch("罚款1.5万元。").hash


def test_a_signature_tells_likeness_to_within_its_error():
    whole = letter(1)
    for kept in (60, 45, 30, 15):
        other = "".join(whole[:kept] + letter(2)[kept:])
        true = likeness("".join(whole), other)
        [told] = estimates(sketch("".join(whole)).signature, [sketch(other).signature])
        assert abs(told - true) < ESTIMATE_ERROR


def test_drafts_share_a_band_and_papers_that_have_nothing_in_common_do_not():
    drafts = [letter(1), [*letter(1)[:50], *letter(2)[50:]]]
    first, second = ("".join(one) for one in drafts)
    assert likeness(first, second) > LIKE_FROM
    assert set(sketch(first).bands()) & set(sketch(second).bands())
    assert not set(sketch(first).bands()) & set(sketch("".join(letter(3))).bands())


def test_a_text_too_short_to_compare_has_a_hash_and_no_signature():
    short = sketch("送达回证：张某，2026年3月1日签收。")
    assert (short.signature, short.bands()) == (b"", [])
    assert len(short.hash) == 32


def test_a_sketch_is_the_same_in_every_process_and_on_every_machine():
    # kept in catalogues: whoever changes how it is made must make the kept ones anew (a migration)
    made = sketch("".join(letter(1)))
    assert len(made.signature) == 4 * SIGNATURE
    assert (made.hash, made.bands()[:2]) == ("9a6fe9eddf6f192fc30dbc3cf8058057", [8608488336750014809, -1541709510906341782])


def test_text_without_characters_is_no_trouble():
    assert sketch("").hash == sketch(" \n").hash
    assert likeness("", "") == 0.0
    assert normal("") == ""
    assert sketch("\ud800坏字符").stretches == 0
