"""Real judgments against fields that a person read; they are not carried, so a folder must be named, else all skip."""

from __future__ import annotations

import pytest
from realdata import missing, real

from eval.bench.judgment_fields import NAMES, by_bytes, compare, gold


@pytest.fixture(scope="module")
def held() -> dict[str, bytes]:
    folder = real("judgments")
    return by_bytes(folder.rglob("*.txt")) if folder else {}


def test_the_fixture_holds_forty_judgments_and_only_fields():
    papers = gold()
    assert len({paper.sha256 for paper in papers}) == 40
    assert {field.name for paper in papers for field in paper.fields} == set(NAMES)
    assert all(len(field.value) <= 30 for paper in papers for field in paper.fields)


@pytest.mark.parametrize("paper", gold(), ids=[paper.sha256[:12] for paper in gold()])
def test_the_fields_of_a_real_judgment_are_those_that_a_person_read(paper, held):
    if paper.sha256 not in held:
        pytest.skip(missing("judgments"))
    wrong = [one for one in compare(paper, held[paper.sha256]) if not one.right]
    assert not wrong
