"""Search by meaning: the door of chromadb, one collection per kind, keyed by the hash of the text.

Chroma's own `where` filters cost ten to a hundred times the search, so there are none here: a kind is
a collection, and a narrower scope is scored exactly from the vector store (`indexes/store.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from indexes.errors import DamagedStore, DiskFull, StoreError
from ingestion.document import Kind

EXACT = 4_000  # vectors of a kind up to which all are compared: a tenth of the time that neighbour lists take
BATCH = 5_000  # chroma takes 5,461 records at most
# Neighbour lists as chroma makes them; written to disk in large steps, since its log replays the rest.
_SHAPE: Any = {"hnsw": {"space": "ip", "ef_construction": 60, "max_neighbors": 16, "ef_search": 150,
                   "batch_size": 1_000, "sync_threshold": 10_000}}

Array = np.ndarray[Any, Any]
_Stamp = tuple[int, int, int]


class Vectors:
    """An index of unit vectors by kind. One process writes; a process sees what was there when it opened."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        self._folder = folder
        self._errors = (ChromaError,)
        self._collections: dict[Kind, Any] = {}
        self._counts: dict[Kind, tuple[_Stamp, int]] = {}
        self._exact: dict[Kind, tuple[list[str], Array]] = {}
        self._reading = Lock()
        self._changes = 0
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._client = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        except ChromaError as error:
            raise DamagedStore(f"向量索引 {folder} 无法打开（{error}）。请运行 gongzhi index --rebuild 重建。") from error

    def add(self, kind: Kind, hashes: Sequence[str], rows: Array) -> None:
        """Keep vectors (n, dimensions) under their hashes; a hash that is there is replaced."""
        collection = self._collection(kind)
        for start in range(0, len(hashes), BATCH):
            part = slice(start, start + BATCH)
            try:
                collection.upsert(ids=list(hashes[part]), embeddings=rows[part].astype(np.float32))
            except self._errors as error:
                self._changes += 1
                self._exact.pop(kind, None)
                raise _store_error(error, self._folder) from error
            self._keep(kind, hashes[part], rows[part].astype(np.float32))

    def remove(self, kind: Kind, hashes: Sequence[str]) -> None:
        """Let go of vectors; hashes that are not there are passed over."""
        collection = self._collection(kind)
        for start in range(0, len(hashes), BATCH):
            part = hashes[start : start + BATCH]
            collection.delete(ids=list(part))
            self._keep(kind, part, np.zeros(0, np.float32))

    def search(self, kind: Kind, query: Array, limit: int) -> list[tuple[str, float]]:
        """The nearest (hash, cosine) of a kind, best first."""
        hashes, cosines = self.ranked(kind, query, limit)
        return list(zip(hashes, cosines.tolist(), strict=True))

    def ranked(self, kind: Kind, query: Array, limit: int) -> tuple[list[str], Array]:
        """As `search`, the hashes and the cosines a column each."""
        count = self.count(kind)
        limit = min(limit, count)
        if limit < 1:
            return [], np.zeros(0)
        if count <= EXACT:
            return self._nearest_of_all(kind, query, limit)
        collection = self._collection(kind)
        found = collection.query(query_embeddings=[query], n_results=limit, include=["distances"])
        return found["ids"][0], 1.0 - np.array(found["distances"][0], np.float64)

    def _nearest_of_all(self, kind: Kind, query: Array, limit: int) -> tuple[list[str], Array]:
        hashes, rows = self._all(kind)
        cosines = np.einsum("ij,j->i", rows, query)  # a matrix product would wake threads that then spin
        order = np.argsort(-cosines, kind="stable")[:limit]
        return [hashes[at] for at in order.tolist()], cosines[order].astype(np.float64)

    def _all(self, kind: Kind) -> tuple[list[str], Array]:
        """All vectors of a small kind, read once."""
        with self._reading:
            kept = self._exact.get(kind)
            if kept is None:
                read = self._collection(kind).get(include=["embeddings"])
                kept = self._exact[kind] = read["ids"], np.asarray(read["embeddings"], np.float32)
            return kept

    def _keep(self, kind: Kind, hashes: Sequence[str], rows: Array) -> None:
        """Bring what was read up to date: `rows` for `hashes`, or no rows where they were removed."""
        self._changes += 1
        with self._reading:
            kept = self._exact.pop(kind, None)
            if kept is None or len(kept[0]) > EXACT:
                return
            changed = set(hashes)
            stay = [at for at, hash_ in enumerate(kept[0]) if hash_ not in changed]
            names = [kept[0][at] for at in stay]
            added = rows.reshape(-1, kept[1].shape[1])
            self._exact[kind] = names + list(hashes[: len(added)]), np.concatenate([kept[1][stay], added])

    def count(self, kind: Kind) -> int:
        """How many vectors a kind has. Chroma counts row by row, so a count is kept until its file changes."""
        stamp = self._stamp()
        kept = self._counts.get(kind)
        if kept is not None and kept[0] == stamp:
            return kept[1]
        number = int(self._collection(kind).count())
        self._counts[kind] = stamp, number
        return number

    def hashes(self, kind: Kind) -> set[str]:
        """The hashes of all vectors of a kind."""
        return set(self._collection(kind).get(include=[])["ids"])

    def clear(self) -> None:
        """Let go of everything (another embedder begins)."""
        for one in self._client.list_collections():
            self._client.delete_collection(one.name)
        self._collections.clear()
        self._exact.clear()
        self._changes += 1

    def _stamp(self) -> _Stamp:
        """Changes with every change by this process (which counts them) or another (whose trace is the file's)."""
        state = (self._folder / "chroma.sqlite3").stat()
        return self._changes, state.st_mtime_ns, state.st_size

    def _collection(self, kind: Kind) -> Any:
        if kind not in self._collections:
            self._collections[kind] = self._client.get_or_create_collection(
                f"gongzhi-{kind}", configuration=_SHAPE, embedding_function=None
            )
        return self._collections[kind]


def _store_error(error: Exception, folder: Path) -> StoreError:
    if "full" in str(error) or "No space" in str(error):
        return DiskFull(f"磁盘已满，无法写入 {folder}。已存的内容没有受损；请清理空间后重新运行 gongzhi index。")
    return StoreError(f"写向量索引 {folder} 时出错：{error}")
