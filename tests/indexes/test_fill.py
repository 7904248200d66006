from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CountingEmbedder

from indexes.catalogue import Catalogue
from indexes.errors import ForeignEmbedder, StoreError
from indexes.fill import fill_vectors, fill_words, index_lock, sweep
from indexes.keywords import Keywords
from indexes.store import VectorStore
from indexes.vectors import Vectors


@pytest.fixture
def keywords(tmp_path: Path) -> Keywords:
    return Keywords(tmp_path / "words")


@pytest.fixture
def vectors(tmp_path: Path) -> Vectors:
    return Vectors(tmp_path / "vectors")


@pytest.fixture
def store(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "vectors.sqlite")


def test_words_are_filled_once(catalogue: Catalogue, keywords: Keywords, put: Any) -> None:
    put("住宿登记。\n经济补偿。")
    assert fill_words(catalogue, keywords) == 2
    assert fill_words(catalogue, keywords) == 0
    assert keywords.count() == 2


def test_vectors_are_filled_and_found(
    catalogue: Catalogue, store: VectorStore, vectors: Vectors, embedder: CountingEmbedder, put: Any
) -> None:
    put("住宿登记。\n经济补偿。")
    filled = fill_vectors(catalogue, store, vectors, embedder)
    assert (filled.done, filled.reused) == (2, 0)
    hash_, score = vectors.search("case", embedder.embed_query("文书\n住宿登记。"), 1)[0]
    assert score == pytest.approx(1.0, abs=1e-3)
    with catalogue.sight() as sight:
        ids = sight.ids_of_hashes([hash_], "case")
    assert list(ids.values()) == [
        found.text_id for found in catalogue.passages(catalogue.entries()[0].id) if "住宿" in found.passage.text
    ]


def test_a_text_is_embedded_once_in_the_life_of_a_home(
    catalogue: Catalogue, store: VectorStore, vectors: Vectors, embedder: CountingEmbedder, put: Any
) -> None:
    document = put("住宿登记。")
    fill_vectors(catalogue, store, vectors, embedder)
    catalogue.remove([document.id])
    put("住宿登记。")
    catalogue.forget_index()
    assert fill_vectors(catalogue, store, vectors, embedder).reused == 1
    assert embedder.embedded == ["文书\n住宿登记。"]


def test_a_stopped_filling_is_finished_by_the_next(
    catalogue: Catalogue, store: VectorStore, vectors: Vectors, embedder: CountingEmbedder, put: Any
) -> None:
    put("住宿登记。\n经济补偿。")
    stop = threading.Event()
    stop.set()
    assert fill_vectors(catalogue, store, vectors, embedder, stop=stop).done == 0
    assert fill_vectors(catalogue, store, vectors, embedder).done == 2
    assert catalogue.progress().with_vector == 2


def test_a_kill_between_index_and_catalogue_repeats_without_harm(
    catalogue: Catalogue, store: VectorStore, vectors: Vectors, embedder: CountingEmbedder, put: Any
) -> None:
    put("住宿登记。")
    fill_vectors(catalogue, store, vectors, embedder)
    ids = catalogue.case_text_ids("none") or [
        found.text_id for found in catalogue.passages(catalogue.entries()[0].id)
    ]
    catalogue.mark(ids, vector=False)  # as if killed before the catalogue was told
    assert fill_vectors(catalogue, store, vectors, embedder).reused == 1
    assert vectors.count("case") == 1


def test_another_embedder_is_refused_with_both_names(
    catalogue: Catalogue, store: VectorStore, vectors: Vectors, embedder: CountingEmbedder, put: Any
) -> None:
    put("住宿登记。")
    fill_vectors(catalogue, store, vectors, embedder)
    other = CountingEmbedder()
    other.name = "other/2"
    with pytest.raises(ForeignEmbedder, match=r"counting/1.*other/2"):
        fill_vectors(catalogue, store, vectors, other)


def test_sweeping_lets_words_and_vectors_go(
    catalogue: Catalogue, keywords: Keywords, store: VectorStore, vectors: Vectors,
    embedder: CountingEmbedder, put: Any,
) -> None:
    kept = put("住宿登记。", title="留")
    gone = put("经济补偿。", title="去")
    fill_words(catalogue, keywords)
    fill_vectors(catalogue, store, vectors, embedder)
    catalogue.remove([gone.id])
    assert sweep(catalogue, keywords, lambda: vectors) == 1
    assert keywords.ids() == {found.text_id for found in catalogue.passages(kept.id)}
    assert vectors.count("case") == 1
    assert catalogue.progress().texts == 1


def test_vectors_travel_between_machines(tmp_path: Path, store: VectorStore) -> None:
    rows = np.array([[0.6, 0.8], [1.0, 0.0]], dtype=np.float32)
    store.put(["a" * 32, "b" * 32], "e", rows)
    assert store.export(tmp_path / "v.bin", "e") == 2
    other = VectorStore(tmp_path / "other.sqlite")
    assert other.take_in(tmp_path / "v.bin", "e") == 2
    assert np.allclose(other.get(["a" * 32], "e")["a" * 32], rows[0], atol=1e-3)


def test_vectors_of_another_embedder_are_not_taken_in(tmp_path: Path, store: VectorStore) -> None:
    store.put(["a" * 32], "e", np.ones((1, 2), dtype=np.float32))
    store.export(tmp_path / "v.bin", "e")
    with pytest.raises(StoreError, match="由嵌入模型 e 生成，而现在用的是 f"):
        store.take_in(tmp_path / "v.bin", "f")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"just text"])
def test_a_damaged_vectors_file_is_refused(tmp_path: Path, store: VectorStore, content: bytes) -> None:
    (tmp_path / "v.bin").write_bytes(content)
    with pytest.raises(StoreError, match="不是"):
        store.take_in(tmp_path / "v.bin", "e")


def _hold(home: Path, started: Any, release: Any) -> None:
    with index_lock(home) as ours:
        assert ours
        started.set()
        release.wait(20)


def test_only_one_process_holds_the_index(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    started, release = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, started, release))
    other.start()
    assert started.wait(20)
    with index_lock(tmp_path) as ours:
        assert not ours
    release.set()
    other.join(20)
    with index_lock(tmp_path) as ours:
        assert ours
