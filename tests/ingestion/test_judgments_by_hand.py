"""Real judgments against fields that a person read; they are not carried, so a folder must be named, else all skip."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from eval.bench.judgment_fields import NAMES, by_bytes, compare, gold

FOLDER = os.environ.get("GONGZHI_JUDGMENTS", "")


@pytest.fixture(scope="module")
def held() -> dict[str, bytes]:
    return by_bytes(Path(FOLDER).rglob("*.txt")) if FOLDER else {}


def test_the_fixture_holds_forty_judgments_and_only_fields():
    papers = gold()
    assert len({paper.sha256 for paper in papers}) == 40
    assert {field.name for paper in papers for field in paper.fields} == set(NAMES)
    assert all(len(field.value) <= 30 for paper in papers for field in paper.fields)


@pytest.mark.parametrize("paper", gold(), ids=[paper.sha256[:12] for paper in gold()])
def test_the_fields_of_a_real_judgment_are_those_that_a_person_read(paper, held):
    if paper.sha256 not in held:
        pytest.skip("the judgment is not here; name its folder in GONGZHI_JUDGMENTS")
    wrong = [one for one in compare(paper, held[paper.sha256]) if not one.right]
    assert not wrong
