"""Each measure on a handful of cases that can be worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from eval.case import Span
from eval.measures import MEASURES, Measure
from eval.observed import Answered, Cited, Flagged, Heard, Lettered, Pairing, Ranked


def measure(kind: str, name: str) -> Measure:
    return next(one for one in MEASURES[kind] if str(one) == name)


def value(kind: str, name: str, *rows: Any) -> float | None:
    return measure(kind, name).of(rows)


def quoted(start: int, end: int, **more: bool) -> Cited:
    return Cited(Span("paper", start, end), verbatim=more.pop("verbatim", True), **more)


def test_a_measure_prints_as_people_say_it() -> None:
    assert [str(one) for one in MEASURES["retrieval"]] == ["R@10", "RR@10", "nDCG@10"]
    assert f"{measure('issues', 'MacroF1')}" == "MacroF1"


def test_every_measure_has_a_meaning_and_a_source() -> None:
    assert [one.name for many in MEASURES.values() for one in many if not (one.meaning and one.source)] == []


def test_a_question_that_got_nothing_counts_as_nothing_found() -> None:
    first = Ranked("a", ("x",), ("x", "y"))
    nothing = Ranked("b", ("z",), ())
    assert value("retrieval", "R@10", first, nothing) == 0.5
    assert value("retrieval", "RR@10", first, nothing) == 0.5
    assert value("retrieval", "R@10", nothing) == 0.0


def test_the_second_rank_is_worth_a_half() -> None:
    assert value("retrieval", "RR@10", Ranked("a", ("x",), ("y", "x"))) == 0.5
    assert value("precedents", "Success@1", Ranked("a", ("x",), ("y", "x"))) == 0.0


def test_the_eleventh_hit_is_not_among_ten() -> None:
    row = Ranked("a", ("x",), (*map(str, range(10)), "x"))
    assert value("retrieval", "R@10", row) == 0.0


def test_span_precision_and_recall_count_characters() -> None:
    """Gold is 10 to 20; cited are 15 to 25, twice, and 40 to 50: 5 of 20 characters cited, 5 of 10 wanted."""
    row = Answered("a", (Span("paper", 10, 20),), (quoted(15, 25), quoted(15, 25), quoted(40, 50)))
    assert value("answers", "SpanP", row) == 0.25
    assert value("answers", "SpanR", row) == 0.5


def test_a_span_of_another_document_bears_nothing() -> None:
    row = Answered("a", (Span("other", 10, 20),), (quoted(10, 20),), ((0,),))
    assert value("answers", "SpanP", row) == 0.0
    assert value("answers", "Found", row) == 0.0
    assert value("answers", "Attribution", row) == 0.0


def test_a_refused_answer_costs_precision_and_recall() -> None:
    row = Answered("a", (Span("paper", 10, 20),), refused=True)
    assert (value("answers", "SpanP", row), value("answers", "SpanR", row)) == (0.0, 0.0)


def test_attribution_is_the_share_of_sentences_whose_citation_bears_the_gold() -> None:
    row = Answered("a", (Span("paper", 10, 20),), (quoted(10, 20), quoted(40, 50)), ((0,), (1,), (), (1, 0)))
    assert value("answers", "Attribution", row) == 0.5


def test_a_citation_bears_the_gold_from_half_of_the_shorter_one_on() -> None:
    gold = Span("paper", 0, 10)
    assert Span("paper", 5, 100).bears(gold)
    assert not Span("paper", 6, 100).bears(gold)
    assert Span("paper", 2, 5).bears(gold)


def test_verbatim_rate_is_over_all_citations() -> None:
    rows = [Answered("a", (), (quoted(0, 5), quoted(5, 9, verbatim=False))), Answered("b", (), (quoted(0, 5),))]
    assert value("answers", "Verbatim", *rows) == pytest.approx(2 / 3)


def test_in_force_rate_looks_only_at_law_that_was_shown_as_verified() -> None:
    old = quoted(0, 5, law=True, sound=True, in_force=False)
    marked = quoted(0, 5, law=True, sound=False, in_force=False)
    new = quoted(0, 5, law=True, sound=True, in_force=True)
    assert value("answers", "InForce", Answered("a", (), (old, marked, new, quoted(0, 5)))) == 0.5
    assert value("answers", "InForce", Answered("a", (), (quoted(0, 5),))) is None


def test_refusal_has_a_precision_and_a_recall() -> None:
    """Of three refusals two were right; of four questions without an answer two were refused."""
    rows = [Answered(str(n), (), refused=refused, answerable=answerable)
            for n, (refused, answerable) in enumerate(
                [(True, False), (True, False), (True, True), (False, False), (False, False), (False, True)]
            )]  # fmt: skip
    assert value("refusal", "RefusalP", *rows) == pytest.approx(2 / 3)
    assert value("refusal", "RefusalR", *rows) == 0.5
    assert value("refusal", "Answered", *rows) == 0.5


def test_who_never_refuses_has_no_precision_of_refusal() -> None:
    assert value("refusal", "RefusalP", Answered("a", ())) is None


def test_a_letter_is_measured_part_by_part() -> None:
    rows = [
        Lettered("a", held=(True, True), facts=(True, False), gaps=(True,), grounded=True, leaks=("甲", "乙")),
        Lettered("b", held=(False,), facts=(True,), articles=(False,), grounded=False),
        Lettered("c"),
    ]
    assert value("drafts", "Held", *rows) == pytest.approx(2 / 3)
    assert value("drafts", "Facts", *rows) == pytest.approx(2 / 3)
    assert value("drafts", "Articles", *rows) == 0.0
    assert value("drafts", "Gaps", *rows) == 1.0
    assert value("drafts", "Grounded", *rows) == 0.5
    assert value("drafts", "Leaks", *rows) == 2.0


def test_macro_f1_gives_every_type_the_same_weight() -> None:
    """Type 1: two of two found, F1 1; type 2: found once, in a negative, F1 0; type 3: missed, F1 0."""
    rows = [
        Flagged("a", frozenset({1}), frozenset({1})),
        Flagged("b", frozenset({1, 3}), frozenset({1})),
        Flagged("c", frozenset(), frozenset({2})),
    ]
    assert value("issues", "MacroF1", *rows) == pytest.approx(1 / 3)
    assert value("issues", "MicroF1", *rows) == pytest.approx(2 * 2 / (3 + 3))
    assert value("issues", "FalseFindings", *rows) == 1.0


def test_a_negative_that_stays_empty_is_neither_good_nor_bad_for_f1() -> None:
    assert value("issues", "MacroF1", Flagged("a", frozenset(), frozenset())) is None
    assert value("issues", "FalseFindings", Flagged("a", frozenset(), frozenset())) == 0.0


def test_a_hearing_is_measured_by_what_both_readers_noted() -> None:
    row = Heard(
        "a",
        {"turns": Pairing(10, 10, 9), "commitments": Pairing(2, 4, 2), "steps": Pairing(7, 9, 7)},
        views=(("agree", "agree"), ("conditional", "conditional"), ("disagree", None), ("agree", "agree")),
        dissent=(True, False),
        tally=False,
    )
    assert value("hearings", "Speakers", row) == 0.9
    assert value("hearings", "CommitF1", row) == pytest.approx(2 * 2 / 6)
    assert value("hearings", "Steps", row) == 1.0
    assert value("hearings", "Dissent", row) == 0.5
    assert value("hearings", "Views", row) == 0.75
    assert value("hearings", "Warned", row) is None
    assert value("hearings", "Tally", row) == 0.0
