"""What an embedder is, and which one a setting names; the door of sentence-transformers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

DEFAULT = "e5"


class EmbedderError(Exception):
    """No embedder can be opened; the message is a Chinese sentence that says what to do."""


class Embedder(Protocol):
    """Text in, vectors of unit length out.

    `name` covers the weights and the precision: vectors under two names are never compared.
    """

    @property
    def name(self) -> str:
        """What made the vectors: model, hash of its weights, precision."""

    @property
    def dimensions(self) -> int:
        """The length of each vector."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, in their order: (n, dimensions). Takes thousands at once."""

    def embed_query(self, text: str) -> Vectors:
        """The vector of one question: (dimensions,)."""


def open_embedder(spec: str, *, threads: int = 0, cache: Path | None = None) -> Embedder:
    """The embedder that a setting names: `e5`, or the path of a sentence-transformers folder.

    `threads` (of the default; 0: all cores) embed; `cache` is a folder where it keeps its expanded graph.
    Raises EmbedderError if the folder, the weights or the extra `gongzhi[models]` are missing.
    """
    if spec == DEFAULT:
        from indexes.e5 import open_e5  # onnxruntime and 250,000 pieces: only where they are used

        return open_e5(threads=threads, cache=cache)
    return open_sentence_transformers(Path(spec).expanduser())


@dataclass(frozen=True)
class SentenceTransformers:
    """A sentence-transformers model from a local folder, with the prompts that it brings."""

    name: str
    dimensions: int
    model: Any = field(repr=False)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts` as documents."""
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        return _floats(self.model.encode_document(list(texts), **_ENCODING))

    def embed_query(self, text: str) -> Vectors:
        """The vector of `text` as a query."""
        vector: Vectors = _floats(self.model.encode_query([text], **_ENCODING))[0]
        return vector


# many a folder has no module that normalises, and our distances suppose unit length
_ENCODING = {"normalize_embeddings": True, "convert_to_numpy": True, "show_progress_bar": False}


def open_sentence_transformers(folder: Path) -> SentenceTransformers:
    """The model in `folder`; nothing is fetched, whatever the folder lacks. It uses all cores, or the GPU.

    Raises EmbedderError if there is no such model, or sentence-transformers is not installed.
    """
    if not folder.is_dir():
        raise EmbedderError(
            f"找不到嵌入模型的文件夹 {folder}。请检查设置 embedder："
            f"写 e5 用自带的模型，或写一个本地 sentence-transformers 文件夹的路径。"
        )
    if not (folder / "modules.json").is_file():
        raise EmbedderError(
            f"{folder} 不是 sentence-transformers 模型文件夹（缺 modules.json）。"
            f"请换一个文件夹，或用 gongzhi model export 导出自带的模型。"
        )
    model = _load(folder)
    dimensions = int(_floats(model.encode_query(["维"], **_ENCODING)).shape[1])
    return SentenceTransformers(f"{folder.resolve().name[:48]}-{_digest(folder)}/torch", dimensions, model)


def _load(folder: Path) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EmbedderError(
            "要用 sentence-transformers 模型，请先安装：pip install 'gongzhi[models]'"
            "（只用处理器时先装 torch 的 CPU 版）。不装也可以把设置 embedder 改回 e5。"
        ) from error
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EmbedderError(
            f"读不出 {folder} 中的嵌入模型：{error}。请重新复制整个文件夹，或换一个模型。"
        ) from error


def _floats(rows: object) -> Vectors:
    return np.ascontiguousarray(rows, dtype=np.float32)


def _digest(folder: Path) -> str:
    """Eight hex digits over everything in the folder that can change a vector."""
    digest = hashlib.sha256()
    kept = (".safetensors", ".bin", ".json", ".txt", ".model")
    for path in sorted(path for path in folder.rglob("*") if path.suffix in kept):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:8]
