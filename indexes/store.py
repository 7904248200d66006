"""The store of vectors: each text's vector by content hash and embedder, kept once and portable.

A text is embedded once in the life of a home folder: a second version of a law, a rebuilt index or
another machine takes the vector from here. Kept as float16 (cosine to float32 above .99999).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import numpy as np
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from indexes.database import open_engine, speaking
from indexes.errors import StoreError
from indexes.tables import vector_metadata, vectors

CHUNK = 500
FORMAT = "gongzhi-vectors-1"
CASES = 8  # cases whose vectors are kept at hand
LARGEST_CASE = 20_000  # texts; a larger scope is read at every search
# OpenBLAS gives larger products to all cores, whose threads then wait spinning: many searches at once
# would take the cores from each other.
ONE_CORE = 400_000  # multiplications


_Matrix = np.ndarray[Any, Any]


class VectorStore:
    """Vectors by (content hash, embedder)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with speaking(path):
            self._engine = open_engine(path)
            with self._engine.execution_options(write=True).begin() as connection:
                vector_metadata.create_all(connection)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def get(self, hashes: Sequence[str], embedder: str) -> dict[str, np.ndarray[Any, Any]]:
        """The vectors (float32) that are known for these hashes."""
        found: dict[str, np.ndarray[Any, Any]] = {}
        with speaking(self.path), self._engine.begin() as connection:
            for start in range(0, len(hashes), CHUNK):
                query = sa.select(vectors.c.hash, vectors.c.vector).where(
                    vectors.c.embedder == embedder, vectors.c.hash.in_(hashes[start : start + CHUNK])
                )
                for row in connection.execute(query):
                    found[row.hash] = np.frombuffer(row.vector, dtype="<f2").astype(np.float32)
        return found

    def put(self, hashes: Sequence[str], embedder: str, rows: np.ndarray[Any, Any]) -> None:
        """Keep vectors (n, dimensions); one that is known already stays."""
        values = [
            {"hash": hash_, "embedder": embedder, "vector": row.astype("<f2").tobytes()}
            for hash_, row in zip(hashes, rows, strict=True)
        ]
        if not values:
            return
        with speaking(self.path), self._engine.execution_options(write=True).begin() as connection:
            connection.execute(insert(vectors).on_conflict_do_nothing(), values)

    def count(self, embedder: str) -> int:
        """How many vectors an embedder has made."""
        query = sa.select(sa.func.count()).select_from(vectors).where(vectors.c.embedder == embedder)
        with speaking(self.path), self._engine.begin() as connection:
            return int(connection.execute(query).scalar_one())

    def export(self, path: Path, embedder: str) -> int:
        """Write all vectors of an embedder to one file, whole or not at all; the number written."""
        query = sa.select(vectors.c.hash, vectors.c.vector).where(vectors.c.embedder == embedder)
        with speaking(self.path), self._engine.begin() as connection:
            rows = connection.execute(query.order_by(vectors.c.hash)).all()
        partial = path.with_name(path.name + ".partial")
        with speaking(path):
            try:
                with partial.open("wb") as file:
                    np.savez(
                        file,
                        format=np.array(FORMAT),
                        embedder=np.array(embedder),
                        hashes=np.array([row.hash for row in rows], dtype="S32"),
                        vectors=np.stack([np.frombuffer(row.vector, dtype="<f2") for row in rows])
                        if rows
                        else np.zeros((0, 0), dtype="<f2"),
                    )
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        return len(rows)

    def take_in(self, path: Path, embedder: str) -> int:
        """Read a file that `export` wrote; raise StoreError if it is of another embedder or damaged."""
        with speaking(path):
            try:
                with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                    if str(file["format"]) != FORMAT:
                        raise StoreError(f"{path} 不是共治的向量文件。请用 gongzhi index --export 生成。")
                    made_by = str(file["embedder"])
                    hashes = [one.decode() for one in file["hashes"]]
                    rows = file["vectors"]
            except (ValueError, KeyError, EOFError, BadZipFile) as error:
                raise StoreError(f"{path} 不是完整的向量文件（{error}）。请重新导出或复制。") from error
        if made_by != embedder:
            raise StoreError(f"{path} 由嵌入模型 {made_by} 生成，而现在用的是 {embedder}。请用同一模型导出。")
        for start in range(0, len(hashes), 5_000):
            self.put(hashes[start : start + 5_000], embedder, rows[start : start + 5_000])
        return len(hashes)


class CaseVectors:
    """The vectors of the cases that were searched last, each as one matrix; asked from many threads.

    What stands under a text's id never changes (an id is given once, and a text's vector is kept once), so
    a matrix is right for as long as the ids are the same. One that lacks vectors yet is not kept.
    """

    def __init__(self, store: VectorStore) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, tuple[int, ...]], tuple[_Matrix, _Matrix]] = OrderedDict()
        self._lock = Lock()

    def nearest(
        self, ids: Sequence[int], hashes: Callable[[], Mapping[int, str]], embedder: str, vector: _Matrix, limit: int
    ) -> tuple[_Matrix, _Matrix]:
        """Texts that have a vector (ids, cosines), nearest first; `hashes` gives those of `ids` where needed."""
        key = (embedder, tuple(ids))
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        ready, rows = kept or self._read(key, hashes())
        if not len(ready):
            return np.zeros(0, np.int64), np.zeros(0)
        likeness = _products(rows, vector)
        order = np.argsort(-likeness, kind="stable")[:limit]
        return ready[order], likeness[order].astype(np.float64)

    def _read(
        self, key: tuple[str, tuple[int, ...]], hashes: Mapping[int, str]
    ) -> tuple[_Matrix, _Matrix]:
        embedder, ids = key
        known = self._store.get(list(hashes.values()), embedder)
        ready = [text_id for text_id in ids if hashes.get(text_id) in known]
        rows = np.stack([known[hashes[text_id]] for text_id in ready]) if ready else np.zeros((0, 0), np.float32)
        numbers = np.array(ready, np.int64)
        if len(ready) == len(ids) <= LARGEST_CASE:
            with self._lock:
                self._kept[key] = numbers, rows
                while len(self._kept) > CASES:
                    self._kept.popitem(last=False)
        return numbers, rows


def _products(rows: _Matrix, vector: _Matrix) -> _Matrix:
    """The cosine of each row, on one core."""
    step = max(8, ONE_CORE // len(vector) // 8 * 8)
    return np.concatenate([rows[start : start + step] @ vector for start in range(0, len(rows), step)])
