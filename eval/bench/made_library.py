"""A home folder of any size: the real texts of laws of another home first, made case papers beyond.

The product's own catalogue, words and vectors keep them. Made passages are sentences of laws recombined; their
vectors lie near those of laws. What was added stays: a run that is ended in the middle goes on where it was.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np

from assistant.desk import Desk
from indexes.catalogue import add_document
from indexes.fill import fill_vectors, fill_words, index_lock
from indexes.rows import LawRow
from indexes.text import search_text, text_hash
from ingestion.document import Document, Field, Kind, Passage, document_id

AT_ONCE = 25  # documents in one transaction
PASSAGES = 40  # of a made document
OFFICES, YEARS, PER_CASE = 20, range(2015, 2027), 5
KINDS_MADE: tuple[Kind, ...] = ("case",) * 14 + ("suggestion",) * 3 + ("hearing", "proposal", "other")
NEAR = 4_000  # vectors of laws near which those of made texts lie
SEED = 6

Paper = tuple[Document, list[Passage], dict[str, Any]]  # with its path, case, office or law


@dataclass
class Grown:
    """What growing a home took: texts and seconds of each step."""

    texts: int = 0
    words: int = 0
    vectors: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def rate(self, step: str, number: int) -> float | None:
        """Texts a second; None where none came."""
        return number / self.seconds[step] if number and self.seconds.get(step) else None


class Ready:
    """Stands for the embedder where vectors are known or made: real ones come from the store."""

    def __init__(self, name: str, near: np.ndarray[Any, Any]) -> None:
        self.name = name
        self.dimensions = near.shape[1]
        self._near = near

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """A unit vector for each text: between two real ones, and a little off."""
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, self.dimensions), np.float32)

    def embed_query(self, text: str) -> np.ndarray[Any, Any]:
        """As a passage."""
        return self._one(text)

    def _one(self, text: str) -> np.ndarray[Any, Any]:
        chance = np.random.default_rng(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big"))
        first, second = self._near[chance.integers(0, len(self._near), 2)]
        off = chance.standard_normal(self.dimensions).astype(np.float32)
        row = first + 0.5 * second + 0.3 * off / np.linalg.norm(off)
        return np.asarray(row / np.linalg.norm(row), dtype=np.float32)


def grow(home: Desk, source: Desk, size: int) -> Grown:
    """Let a home grow to `size` texts, and index them; `source` holds laws with their vectors."""
    grown = Grown()
    before = home.catalogue.progress().texts
    began = time.monotonic()
    papers = _papers(home, source)
    texts = before  # at most so many: some texts are in several documents
    while texts < size or (texts := home.catalogue.progress().texts) < size:
        batch = _batch(papers, size - texts)
        texts += sum(len(parts) for _, parts, _ in batch)
        with home.catalogue.writing() as connection:
            for document, parts, more in batch:
                add_document(connection, document, parts, **more)
        _take_vectors(home, source, [paper for paper in batch if "law" in paper[2]])
    home.lawbook.settle()
    grown.seconds["catalogue"] = time.monotonic() - began
    grown.texts = home.catalogue.progress().texts - before
    with index_lock(home.home) as ours:
        if not ours:
            raise SystemExit(f"another process fills {home.home}")
        began = time.monotonic()
        grown.words = fill_words(home.catalogue, home.keywords)
        home.keywords.close()
        grown.seconds["words"] = time.monotonic() - began
        ready = Ready(source.embedder.name, _near(source))
        filled = fill_vectors(home.catalogue, home.store, home.vectors, ready)
        grown.vectors, grown.seconds["vectors"] = filled.done, filled.seconds
    return grown


def _batch(papers: Iterator[Paper], room: int) -> list[Paper]:
    """The next documents, up to the first that fills what room there is."""
    batch: list[Paper] = []
    while room > 0 and len(batch) < AT_ONCE:
        batch.append(next(papers))  # they never end
        room -= len(batch[-1][1])
    return batch


def _papers(home: Desk, source: Desk) -> Iterator[Paper]:
    """What the home lacks yet, in an order that is always the same."""
    known = home.catalogue.known()
    rows = sorted(source.catalogue.laws(), key=lambda row: row.document_id)
    for row in rows:
        if row.document_id not in known:
            yield _law(source, row)
    sentences = _sentences(source, rows)
    number = 0
    while True:
        paper = made_paper(number, sentences)
        if paper[0].id not in known:
            yield paper
        number += 1


def _law(source: Desk, row: LawRow) -> Paper:
    document = source.catalogue.document(row.document_id)
    assert document is not None
    parts = [found.passage for found in source.catalogue.passages(row.document_id)]
    return document, parts, {"path": row.source, "law": row}


def _sentences(source: Desk, rows: Sequence[LawRow]) -> list[str]:
    """Sentences of some laws."""
    chosen = random.Random(SEED).sample(list(rows), min(300, len(rows)))
    texts = (source.catalogue.text_of(row.document_id) or "" for row in chosen)
    found = {line.strip() for text in texts for line in text.replace("。", "。\n").split("\n")}
    return sorted(one for one in found if 12 <= len(one) <= 90)


def made_paper(number: int, sentences: Sequence[str]) -> Paper:
    """The made document of a number: its kind, case, office and year are those that the number gives it."""
    chance = random.Random(SEED * 1_000_003 + number)
    lines = ["".join(chance.choice(sentences) for _ in range(3)) for _ in range(PASSAGES)]
    year, kind = chance.choice(YEARS), chance.choice(KINDS_MADE)
    head = f"{year}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日"
    text = "\n".join([head, *lines])
    identity = document_id(f"made {number}\n{text}".encode())
    title = f"合成文书第{number}号"
    parts, at = [], len(head) + 1
    for line in lines:
        parts.append(Passage(identity, at, at + len(line), line, (title,)))
        at += len(line) + 1
    document = Document(identity, kind, "", title, text, blocks=(), fields=(Field("日期", head, 0, len(head)),))
    case, office = f"合成案{number // PER_CASE}", f"合成院{chance.randrange(OFFICES)}"
    return document, parts, {"path": title, "case": case, "office": office}


def _take_vectors(home: Desk, source: Desk, laws: Sequence[Paper]) -> None:
    hashes = [text_hash(search_text(part.headings, part.text)) for _, parts, _ in laws for part in parts]
    name = source.embedder.name
    known = source.store.get(hashes, name)
    if known:
        home.store.put(list(known), name, np.stack(list(known.values())))


def _near(source: Desk) -> np.ndarray[Any, Any]:
    """Vectors of laws, a sample that is always the same."""
    hashes: list[str] = []
    for row in sorted(source.catalogue.laws(), key=lambda one: one.document_id):
        found = source.catalogue.passages(row.document_id)
        hashes += [text_hash(search_text(one.passage.headings, one.passage.text)) for one in found]
        if len(hashes) >= NEAR:
            break
    rows = list(source.store.get(hashes, source.embedder.name).values())
    if not rows:
        raise SystemExit("the source home has no vectors yet; run gongzhi index there")
    return np.stack(rows)
