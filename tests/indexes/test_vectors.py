from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexes.vectors import Vectors

NEAR, FAR = np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32)


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    return Vectors(tmp_path / "vectors")


def found(vectors: Vectors) -> list[str]:
    return [hash_ for hash_, _ in vectors.search("case", NEAR, 10)]


def test_what_is_added_is_found_at_once_though_there_was_nothing_before(vectors: Vectors) -> None:
    assert found(vectors) == []
    vectors.add("case", ["a"], NEAR[None])
    assert found(vectors) == ["a"]
    vectors.add("case", ["b"], FAR[None])
    assert found(vectors) == ["a", "b"]
    assert (vectors.count("case"), vectors.count("regulation")) == (2, 0)


def test_what_is_removed_is_counted_no_more(vectors: Vectors) -> None:
    vectors.add("case", ["a", "b"], np.stack([NEAR, FAR]))
    assert vectors.count("case") == 2
    vectors.remove("case", ["a"])
    assert (vectors.count("case"), found(vectors)) == (1, ["b"])
    vectors.clear()
    assert (vectors.count("case"), found(vectors)) == (0, [])


def test_a_vector_that_is_replaced_after_a_search_is_found_where_it_now_is(vectors: Vectors) -> None:
    vectors.add("case", ["a", "b"], np.stack([NEAR, FAR]))
    assert found(vectors) == ["a", "b"]
    vectors.add("case", ["a"], -NEAR[None])
    assert vectors.search("case", NEAR, 10) == [("b", 0.0), ("a", -1.0)]


def test_few_and_many_vectors_are_searched_alike(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors.add("case", ["a", "b", "c"], np.stack([NEAR, FAR, (NEAR + FAR) / np.float32(2**0.5)]))
    all_compared = vectors.search("case", NEAR, 3)
    monkeypatch.setattr("indexes.vectors.EXACT", 0)
    by_lists = vectors.search("case", NEAR, 3)
    assert [hash_ for hash_, _ in all_compared] == [hash_ for hash_, _ in by_lists] == ["a", "c", "b"]
    assert [cosine for _, cosine in all_compared] == pytest.approx([cosine for _, cosine in by_lists])
