"""Measure the fields read from real judgments against those that a person read; files are known by their bytes.

Usage: python -m eval.bench.judgment_fields FOLDER   (a folder that holds judgments as .txt)
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ingestion.document import Field
from ingestion.kinds import recognise
from ingestion.read import read_bytes
from prompts.loader import Record, read_model

NAMES = ("案号", "法院", "日期", "罪名")


class GoldField(Record):
    """A field as a person read it."""

    name: str
    start: int
    value: str


class GoldPaper(Record):
    """A judgment, known by the SHA-256 of its bytes, and its fields; a name that is missing is a field it has not."""

    sha256: str
    fields: tuple[GoldField, ...]


class GoldFile(Record):
    """The judgments that were read by hand."""

    about: str
    papers: tuple[GoldPaper, ...]


@dataclass(frozen=True)
class Compared:
    """One field of one judgment: the values wanted and those that were read."""

    sha256: str
    name: str
    wanted: tuple[str, ...]
    got: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether they are the same, whatever their order."""
        return sorted(self.wanted) == sorted(self.got)


def gold() -> tuple[GoldPaper, ...]:
    """The judgments read by hand that the package carries."""
    return read_model(GoldFile, resources.files("eval") / "suites", "fields", "judgments-40.yaml").papers


def by_bytes(files: Iterable[Path]) -> dict[str, bytes]:
    """The bytes of files by their SHA-256."""
    held = (path.read_bytes() for path in files)
    return {hashlib.sha256(data).hexdigest(): data for data in held}


def compare(paper: GoldPaper, data: bytes) -> Iterator[Compared]:
    """Each field of a judgment as wanted and as read. Raises ReadingError where the file cannot be read."""
    reading = read_bytes(data, "判决书.txt")
    fields = recognise(reading, "判决书.txt").fields
    for name in NAMES:
        wanted = tuple(one.value for one in paper.fields if one.name == name)
        yield Compared(paper.sha256, name, wanted, _values(fields, name, reading.text))


def _values(fields: Iterable[Field], name: str, text: str) -> tuple[str, ...]:
    """The values of a field; one that is not the text of its span does not count."""
    return tuple(one.value for one in fields if one.name == name and text[one.start : one.end] == one.value)


def main(arguments: list[str]) -> int:
    """Print the share of right values of each field, and what was wrong; judgments that are absent are counted."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    held = by_bytes(Path(arguments[0]).rglob("*.txt"))
    papers = [paper for paper in gold() if paper.sha256 in held]
    compared = [one for paper in papers for one in compare(paper, held[paper.sha256])]
    for name in NAMES:
        ones = [one for one in compared if one.name == name]
        print(f"{name}\t{sum(one.right for one in ones)}/{len(ones)}")
    for one in (one for one in compared if not one.right):
        print(f"不一致 {one.sha256[:12]} {one.name}：应为 {one.wanted}，读出 {one.got}")
    print(f"判决书 {len(papers)} 篇，缺 {len(gold()) - len(papers)} 篇")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
