from __future__ import annotations

from collections import Counter
from dataclasses import asdict

import pytest

from eval.bench import kinds, made_kinds
from eval.bench.kinds import macro_f1


@pytest.mark.parametrize("part", ["dev", "frozen"])
def test_the_papers_of_the_suite_are_those_that_the_templates_make(part):
    assert [asdict(one) for one in kinds.papers(part)] == [asdict(one) for one in made_kinds.papers(part)]


def test_there_are_twenty_papers_of_at_least_twelve_subtypes_and_a_third_is_held_out():
    counts = {part: Counter(one.subtype for one in kinds.papers(part)) for part in ("dev", "frozen")}
    assert counts["dev"].keys() == counts["frozen"].keys()
    assert len(counts["dev"]) >= 12
    assert min((counts["dev"] + counts["frozen"]).values()) >= 20
    assert counts["frozen"].total() * 3 == counts["dev"].total() + counts["frozen"].total()


def test_no_held_out_paper_is_made_from_a_template_of_the_others():
    dev = {one.text[-40:] for one in kinds.papers("dev")}
    assert not dev & {one.text[-40:] for one in kinds.papers("frozen")}


def test_kind_and_subtype_are_told():
    mean, each = macro_f1((one.gold, one.answer) for one in kinds.told("dev"))
    assert mean >= 0.98
    assert min(each.values()) >= 0.9


def test_a_class_counts_as_much_as_any_other_and_a_wrong_answer_costs_both():
    mean, each = macro_f1([("a", "a"), ("a", "a"), ("a", "b"), ("b", "b")])
    assert each == {"a": pytest.approx(0.8), "b": pytest.approx(2 / 3)}
    assert mean == pytest.approx((0.8 + 2 / 3) / 2)
