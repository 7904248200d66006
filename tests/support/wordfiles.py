"""Word files of the tests: read with a look at their spans, and their views."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from eval.bench.wordml import package
from ingestion.document import Document, Reading
from ingestion.views import marked, original
from ingestion.word import read_word


def read(
    body: str,
    parts: Mapping[str, str] | None = None,
    rels: str = "",
    files: Mapping[str, bytes] | None = None,
    strict: bool = False,
) -> Reading:
    """Read a file of this body; blocks stand in order inside the text, changes stand where they say."""
    reading = read_word(package(body, parts, rels, files, strict), "试.docx")
    spans = [(block.start, block.end) for block in reading.blocks]
    assert all(0 <= start < end <= len(reading.text) for start, end in spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    for change in reading.changes:
        gone = change.kind in ("delete", "move_from")
        assert 0 <= change.start <= change.end <= len(reading.text)
        assert reading.text[change.start : change.end] == ("" if gone else change.text)
    return reading


def block_texts(reading: Reading) -> list[str]:
    return [reading.text[block.start : block.end] for block in reading.blocks]


def hidden(reading: Reading) -> list[tuple[str, str]]:
    return [(each.text, each.why) for each in reading.hidden]


def before(reading: Reading) -> str:
    """The text of the view `original`."""
    return original(_document(reading)).text


def with_marks(reading: Reading) -> str:
    """The text of the view `marked`."""
    return marked(_document(reading)).text


def _document(reading: Reading) -> Document:
    return Document("id", "other", "", "", reading.text, reading.blocks, (), reading.changes)
