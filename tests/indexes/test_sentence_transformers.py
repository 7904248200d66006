"""The exported folder, run by sentence-transformers, gives the vectors of the embedded default."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from indexes.china_law import data_file
from indexes.e5 import export_sentence_transformers, open_e5
from indexes.embed import Embedder, EmbedderError, Vectors, open_embedder

pytestmark = [
    pytest.mark.models,
    # what torch and transformers say while they are imported is not ours to mend
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers")
    path = tmp_path_factory.mktemp("export") / "e5-small"
    export_sentence_transformers(path)
    return path


@pytest.fixture(scope="module")
def exported(folder: Path) -> Embedder:
    return open_embedder(str(folder))


@pytest.fixture(scope="module")
def texts() -> list[str]:
    with sqlite3.connect(f"file:{data_file()}?mode=ro", uri=True) as store:
        rows = store.execute("SELECT DISTINCT article_text FROM articles ORDER BY id").fetchall()
    some = random.Random(5).sample([text for (text,) in rows], 46)
    return [*some, "全角ＡＢＣ１２３～～\r\n换行", "①②  空格\t与\u200b零宽", "", "法律" * 600]


@pytest.fixture(scope="module")
def passages(exported: Embedder, texts: list[str]) -> Vectors:
    return exported.embed_passages(texts)


QUESTIONS = ["未成年人可以进酒吧吗", "窨井盖　坏了\n谁来管？", "拖欠工资"]


def test_it_equals_the_fp32_graph(exported: Embedder, texts: list[str], passages: Vectors):
    exact = open_e5(precision="fp32")
    assert (passages * exact.embed_passages(texts)).sum(axis=1).min() >= 0.9999
    assert min(float(exported.embed_query(each) @ exact.embed_query(each)) for each in QUESTIONS) >= 0.9999


def test_int8_stays_near_it(exported: Embedder, texts: list[str], passages: Vectors):
    default = open_e5()
    assert (passages * default.embed_passages(texts)).sum(axis=1).min() >= 0.99
    assert min(float(exported.embed_query(each) @ default.embed_query(each)) for each in QUESTIONS) >= 0.99


def test_its_vectors_have_unit_length_and_a_name_of_their_own(exported: Embedder, passages: Vectors):
    assert exported.dimensions == 384
    assert exported.name.startswith("e5-small-")
    assert exported.name.endswith("/torch")
    assert passages.dtype == np.float32
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)


def test_the_name_changes_with_the_weights(exported: Embedder, folder: Path, tmp_path: Path):
    other = tmp_path / folder.name
    other.mkdir()
    for path in folder.rglob("*"):
        if path.is_file():
            (other / path.relative_to(folder)).parent.mkdir(exist_ok=True)
            (other / path.relative_to(folder)).write_bytes(path.read_bytes())
    (other / "2_Normalize").mkdir()
    weights = bytearray((other / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (other / "model.safetensors").write_bytes(weights)
    assert open_embedder(str(other)).name != exported.name


def test_a_damaged_folder_is_named(folder: Path, tmp_path: Path):
    (tmp_path / "modules.json").write_text(
        (folder / "modules.json").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(EmbedderError, match=r"读不出 .* 中的嵌入模型"):
        open_embedder(str(tmp_path))
