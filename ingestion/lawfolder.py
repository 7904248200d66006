"""Folders of laws: Markdown and Word files become statutes; indexes and broken files are named, not loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import MissingFile, ReadingError
from ingestion.read import files_under, load, read_bytes
from ingestion.statutes import Statute, read_statute

SUFFIXES = (".md", ".markdown", ".txt", ".docx")  # the national law database hands out .docx


@dataclass(frozen=True)
class SkippedLaw:
    """A file of the folder that is no law, and why."""

    path: str
    why: str


def folder_statutes(folder: Path) -> Iterator[Statute | SkippedLaw | ReadingError]:
    """Every file of a folder of laws: a Statute, or why it is none.

    The name of the folder that a file lies in is its level (刑法, 行政法规, 司法解释 …).
    Raises MissingFile if the folder is not there.
    """
    if not folder.exists():
        raise MissingFile(str(folder), "文件夹不存在", "请检查路径")
    for path in files_under(folder):
        yield _statute(path, folder)


def _statute(path: Path, folder: Path) -> Statute | SkippedLaw | ReadingError:
    if path.suffix.lower() not in SUFFIXES:
        return SkippedLaw(str(path), "不是 Markdown、文本或 Word 文件（.docx）")
    if path.name.startswith("_"):
        return SkippedLaw(str(path), "目录文件，不是法律")
    try:
        data, name = load(path)
        text = read_bytes(data, name).text
    except ReadingError as error:
        return error
    inside = path.relative_to(folder).parts if path != folder else ()
    return read_statute(text, name, level=inside[0] if len(inside) > 1 else "", source=_source(path, folder))


def _source(path: Path, folder: Path) -> str:
    """Where a text comes from, without the place of the folder on this machine."""
    return f"{folder.name}/{path.relative_to(folder).as_posix()}" if path != folder else path.name
