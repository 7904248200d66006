"""Fakes whose output can be worked out by hand, and small documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ingestion.document import Block, Document, Kind, Passage, document_id

LETTERS = "补偿合同通知期满终止支付住宿登记"


class CountingEmbedder:
    """Embeds a text as how often each of sixteen characters occurs in it, plus one for what is left."""

    name = "counting/1"
    dimensions = len(LETTERS) + 1

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        self.embedded += texts
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, self.dimensions), "f4")

    def embed_query(self, text: str) -> np.ndarray[Any, Any]:
        return self._one(text)

    def _one(self, text: str) -> np.ndarray[Any, Any]:
        row = np.array([*(text.count(letter) for letter in LETTERS), 0.1], dtype=np.float32)
        return row / np.linalg.norm(row)


def make_document(text: str, kind: Kind = "case", title: str = "文书") -> tuple[Document, list[Passage]]:
    """A document of one block and one passage a line."""
    identity = document_id(f"{kind}{title}{text}".encode())
    parts, at = [], 0
    for line in text.split("\n"):
        if line:
            parts.append(Passage(identity, at, at + len(line), line, (title,)))
        at += len(line) + 1
    blocks = tuple(Block(part.start, part.end) for part in parts)
    return Document(identity, kind, "文书", title, text, blocks), parts
