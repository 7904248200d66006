from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval.bench.retrieval import key, measures
from eval.bench.timing import folder_size, percentile, scope_of
from indexes.index import Scope

ONE, TWO, OTHER = (key("民法典", f"第{number}条") for number in "一二三")


def test_measures_are_those_that_a_hand_works_out():
    found = measures([({ONE, TWO}, [OTHER, ONE]), ({ONE}, [ONE]), ({ONE}, [])])
    assert found["R@1"] == pytest.approx((0 + 1 + 0) / 3)
    assert found["R@5"] == found["R@100"] == pytest.approx((0.5 + 1 + 0) / 3)
    assert found["MRR@10"] == pytest.approx((0.5 + 1 + 0) / 3)
    assert 0 < found["nDCG@10"] < found["R@5"]


def test_percentiles_are_values_that_were_seen():
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(number) for number in range(100)], 0.95) == 95.0
    assert percentile([7.0], 0.95) == 7.0


def test_a_scope_is_read_from_plain_values():
    assert scope_of({"kinds": ["case"], "as_of": "2020-01-01", "office": "甲院"}) == Scope(
        ("case",), as_of=date(2020, 1, 1), office="甲院"
    )


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path: Path):
    (tmp_path / "里").mkdir()
    (tmp_path / "里" / "甲").write_bytes(b"x" * 1_000_000)
    (tmp_path / "乙").write_bytes(b"x" * 500_000)
    assert folder_size(tmp_path) == 1.5
    assert folder_size(tmp_path / "乙") == 0.5
