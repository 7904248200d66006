"""The home of a run is made once, and what was embedded for one home is not embedded again for the next."""

from __future__ import annotations

from pathlib import Path

import pytest
from fakes import CountingEmbedder, make_document

from assistant.desk import Desk, open_desk
from assistant.settings import Settings
from eval.home import CASE, Home, _embed, _share_vectors, key_of, opened_home


def small_desk(folder: Path, embedder: CountingEmbedder) -> Desk:
    """A home with one paper of two passages."""
    desk = open_desk(Settings(home=folder))
    _share_vectors(folder, folder.parent)
    desk.__dict__["embedder"] = embedder
    document, parts = make_document("住宿登记\n补偿合同")
    desk.catalogue.add(document, parts, path="/文书.txt")
    return desk


def test_vectors_are_taken_over_from_an_earlier_home(tmp_path: Path) -> None:
    first, second = CountingEmbedder(), CountingEmbedder()
    desk = small_desk(tmp_path / "one", first)
    _embed(desk, lambda _: None)
    desk.close()
    again = small_desk(tmp_path / "two", second)
    _embed(again, lambda _: None)
    assert again.catalogue.without_vector(10) == []
    again.close()
    assert (len(first.embedded), second.embedded) == (2, [])


def test_a_home_holds_the_sample_case_the_letters_and_the_laws(eval_home: Home) -> None:
    assert {document.title for document in eval_home.case_file} <= {d.title for d in eval_home.papers.values()}
    assert len(eval_home.case_file) == 5
    assert len(eval_home.papers) == 11
    assert len(eval_home.desk.catalogue.laws()) > 300
    assert eval_home.gold["case"]["id"] == CASE


def test_a_home_is_made_once(eval_home: Home, eval_root: Path) -> None:
    said: list[str] = []
    with opened_home(eval_root / "homes", vectors=False, say=said.append) as again:
        assert again.key == eval_home.key
    assert said == []


def test_a_home_searched_by_words_is_apart_from_one_with_vectors(eval_home: Home) -> None:
    assert eval_home.key == f"{key_of('e5')}-words"
    assert eval_home.desk.catalogue.get("embedder") is None


def test_another_embedder_has_another_home() -> None:
    assert key_of("e5") != key_of("/models/bge")


def test_another_reading_of_files_makes_another_home(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("e5")
    monkeypatch.setattr("eval.home.MADE_BY", ("ingestion",))
    assert key_of("e5") != before
