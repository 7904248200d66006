"""An embedder is chosen by one word of the settings, and every wrong word is answered in Chinese."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexes.embed import (
    Embedder,
    EmbedderError,
    SentenceTransformers,
    Vectors,
    open_embedder,
    open_sentence_transformers,
)


class Counting:
    """A model that can be computed by hand: how often 人 and 法 occur, a query twice as long as a document."""

    def encode_document(self, texts: Sequence[str], **how: bool) -> list[list[float]]:
        assert how["normalize_embeddings"]
        return [[text.count("人"), text.count("法")] for text in texts]

    def encode_query(self, texts: Sequence[str], **how: bool) -> list[list[float]]:
        return [[2 * text.count("人"), 2 * text.count("法")] for text in texts]


def counting() -> SentenceTransformers:
    return SentenceTransformers("counting", 2, Counting())


def test_passages_are_embedded_as_documents_and_questions_as_queries():
    embedder: Embedder = counting()
    passages: Vectors = embedder.embed_passages(["人人", "法"])
    assert passages.tolist() == [[2, 0], [0, 1]]
    assert passages.dtype == np.float32
    assert embedder.embed_query("人法").tolist() == [2, 2]


def test_no_passages_give_no_vectors():
    assert counting().embed_passages([]).shape == (0, 2)


def test_a_missing_folder_is_named_with_the_way_out(tmp_path: Path):
    with pytest.raises(EmbedderError, match=r"找不到嵌入模型的文件夹 .*没有.*写 e5 用自带的模型"):
        open_embedder(str(tmp_path / "没有"))


def test_a_hub_name_is_never_fetched():
    with pytest.raises(EmbedderError, match="找不到嵌入模型的文件夹 intfloat/multilingual-e5-small"):
        open_embedder("intfloat/multilingual-e5-small")


def test_a_folder_without_a_model_is_refused(tmp_path: Path):
    with pytest.raises(EmbedderError, match=r"缺 modules\.json"):
        open_embedder(str(tmp_path))


def test_a_missing_extra_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "modules.json").write_text("[]", encoding="utf-8")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EmbedderError, match=r"pip install 'gongzhi\[models\]'"):
        open_sentence_transformers(tmp_path)
