"""A letter smoothed by a model through the command's own way: what it took, what it refused, and without a model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api import drafting
from assistant.desk import Desk, open_desk
from assistant.errors import BadRequest
from assistant.model import ModelFailed, ScriptedModel
from assistant.reply import Draft
from assistant.settings import Settings
from ingestion.read import read_document


@pytest.fixture
def desk(filled: Any) -> Iterator[Desk]:
    opened = open_desk(Settings(home=filled.home))
    yield opened
    opened.close()


def make(desk: Desk, out: Path, polished: bool = True) -> Draft:
    return drafting.make(desk, "甲案", "望湖区公安分局", "governance", date(2026, 1, 31), out, polished)


def with_model(desk: Desk, *said: str | ModelFailed) -> ScriptedModel:
    model = ScriptedModel(list(said))
    desk.__dict__["model"] = model
    return model


def test_without_a_model_polishing_is_refused_and_nothing_is_written(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="model_url"):
        make(desk, tmp_path / "信.docx")
    assert not any(tmp_path.iterdir())


def test_what_the_model_makes_up_is_refused_and_said(desk: Desk, tmp_path: Path) -> None:
    plain = make(desk, tmp_path / "原.docx", polished=False)
    model = with_model(desk, *["2099年9月9日，某旅馆被罚款999元。[1]"] * 20)
    made = make(desk, tmp_path / "信.docx")
    assert model.heard, "the model was asked"
    assert made.sections == plain.sections
    assert any("采用 0 句" in note for note in made.notes)
    assert "2099年" not in read_document(tmp_path / "信.docx").text


def test_where_the_model_fails_the_letter_is_as_drafted_and_says_so(desk: Desk, tmp_path: Path) -> None:
    plain = make(desk, tmp_path / "原.docx", polished=False)
    with_model(desk, ModelFailed("连不上模型服务。"))
    made = make(desk, tmp_path / "信.docx")
    assert made.sections == plain.sections
    assert made.notes[-1] == "连不上模型服务。其余部分保持原稿。"
    assert "连不上" not in read_document(tmp_path / "信.docx").text
