"""Filling words and vectors from the catalogue: resumable, repeatable, by one process at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from indexes.catalogue import Catalogue
from indexes.embed import Embedder
from indexes.errors import ForeignEmbedder
from indexes.keywords import Keywords
from indexes.rows import Work
from indexes.store import VectorStore
from indexes.vectors import Vectors

WORDS_BATCH = 5_000
WINDOW = 2_048  # texts that are embedded together: long enough to sort them into even batches
AHEAD = 4  # windows fetched from the catalogue at once

OnProgress = Callable[[int], None]


@dataclass(frozen=True)
class Filled:
    """What a filling did: texts given a vector now, and how many of those came from the store."""

    done: int
    reused: int
    seconds: float


@contextmanager
def index_lock(home: Path) -> Iterator[bool]:
    """Hold the index lock of a home folder if nobody does; yields whether it is ours."""
    lock = FileLock(home / "index.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def fill_words(catalogue: Catalogue, keywords: Keywords, progress: OnProgress | None = None) -> int:
    """Make every text findable by its words; the number of texts that were not yet.

    Words are committed before the catalogue is told, so a kill between the two repeats a batch.
    """
    done = 0
    while batch := catalogue.without_words(WORDS_BATCH):
        keywords.add((work.text_id, work.kind, work.search_text) for work in batch)
        keywords.commit()
        catalogue.mark([work.text_id for work in batch], words=True)
        done += len(batch)
        if progress is not None:
            progress(len(batch))
    return done


def sweep(catalogue: Catalogue, keywords: Keywords, vectors: Callable[[], Vectors]) -> int:
    """Let the index go of texts that no document holds any more; how many there were."""
    orphans = catalogue.take_orphans()
    if not orphans:
        return 0
    keywords.remove(work.text_id for work in orphans)
    keywords.commit()
    for kind in {work.kind for work in orphans}:
        vectors().remove(kind, [work.hash for work in orphans if work.kind == kind])
    catalogue.drop_orphans([work.text_id for work in orphans])
    return len(orphans)


def claim(catalogue: Catalogue, embedder: Embedder) -> None:
    """Remember whose vectors these are; raise ForeignEmbedder if they are another's."""
    owner = catalogue.get("embedder")
    if owner is None:
        catalogue.put("embedder", embedder.name)
    elif owner != embedder.name:
        raise ForeignEmbedder(
            f"语义索引由嵌入模型 {owner} 建立，而现在设置的是 {embedder.name}，两者的向量不能混用。"
            "请改回原来的模型，或运行 gongzhi index --rebuild 用新模型重建。"
        )


def fill_vectors(
    catalogue: Catalogue,
    store: VectorStore,
    vectors: Vectors,
    embedder: Embedder,
    *,
    highest_rank: int | None = None,
    progress: OnProgress | None = None,
    stop: threading.Event | None = None,
) -> Filled:
    """Give every text its vector, the most wanted first, until none is left or `stop` is set.

    While one window is embedded, the one before is written: to the store, to the index, and only
    then to the catalogue. A kill at any point loses at most two windows of work and no consistency.
    """
    claim(catalogue, embedder)
    began = time.monotonic()
    done = reused = 0
    with ThreadPoolExecutor(1, thread_name_prefix="vectors") as writer:
        pending: Future[None] | None = None
        for window in _windows(catalogue, highest_rank):
            if stop is not None and stop.is_set():
                break
            rows, known = _embed(window, store, embedder)
            if pending is not None:
                pending.result()
            pending = writer.submit(_write, window, rows, known, catalogue, store, vectors, embedder.name)
            done, reused = done + len(window), reused + len(known)
            if progress is not None:
                progress(len(window))
        if pending is not None:
            pending.result()
    return Filled(done, reused, time.monotonic() - began)


def _windows(catalogue: Catalogue, highest_rank: int | None) -> Iterator[Sequence[Work]]:
    """What waits for a vector, window by window; the window that is still being written is not given again."""
    last: frozenset[int] = frozenset()
    while True:
        batch = catalogue.without_vector(WINDOW * AHEAD, highest_rank=highest_rank)
        batch = [work for work in batch if work.text_id not in last]
        if not batch:
            return
        for start in range(0, len(batch), WINDOW):
            window = batch[start : start + WINDOW]
            last = frozenset(work.text_id for work in window)
            yield window


def _embed(
    window: Sequence[Work], store: VectorStore, embedder: Embedder
) -> tuple[np.ndarray[Any, Any], frozenset[str]]:
    """Vectors (n, dimensions) of a window, and the hashes of those that the store had."""
    known = store.get([work.hash for work in window], embedder.name)
    new = {work.hash: work.search_text for work in window if work.hash not in known}
    made = dict(zip(new, embedder.embed_passages(list(new.values())), strict=True)) if new else {}
    rows = np.stack([known[work.hash] if work.hash in known else made[work.hash] for work in window])
    return rows, frozenset(known)


def _write(
    window: Sequence[Work],
    rows: np.ndarray[Any, Any],
    known: frozenset[str],
    catalogue: Catalogue,
    store: VectorStore,
    vectors: Vectors,
    embedder: str,
) -> None:
    new = [number for number, work in enumerate(window) if work.hash not in known]
    store.put([window[number].hash for number in new], embedder, rows[new])
    for kind in sorted({work.kind for work in window}):
        chosen = [number for number, work in enumerate(window) if work.kind == kind]
        vectors.add(kind, [window[number].hash for number in chosen], rows[chosen])
    catalogue.mark([work.text_id for work in window], vector=True)
