"""The head of a paper as its title is looked for: lines without blanks, page furniture gone, broken titles rejoined."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = 1500
_LINES = 14
_LONG = 140
_JOINED = 3  # a title may run over so many lines
_TITLE = 90
_SPACED = re.compile(r"(?<!\S)(?:[一-龥][ 　]){2,}[一-龥](?!\S)")
_MARKS = str.maketrans(
    {"(": "（", ")": "）", ":": "：", ",": "，", "[": "〔", "]": "〕", "［": "〔", "］": "〕"}
)
_NOISE = re.compile(r"[\s　#*《》]|[​﻿]")
# what scanners, printers and registries put above the first line of a paper
_FURNITURE = re.compile(
    r"第\d{1,4}页(?:[，/]?共\d{1,4}页)?|[-—–－]*\d{0,4}[-—–－]*|\d{1,4}/\d{1,4}|扫描全能王.*|.{0,4}由?.{0,12}扫描(?:创建|生成)|打印(?:时间|日期).*"
    r"|(?:内部(?:资料|材料|文件)|注意保[存管密]|不公开|公开|仅供.{1,10}|密级.{0,6}|(?:对外)?公开文本)+|附件[\d一二三四五六七八九十]{0,3}：?|(?:附|存)卷|<!--.*|-{3,}|bookCollapseSection.*|No\.?\d+|№\d+.*"
)
_LEAD = re.compile(
    r"（?(?P<title>[^。：，；（）]{3,40}?(?:（[^）]{1,8}）)?)）?[。：]|（(?P<apart>[^（）。]{3,24})）"
)
_NUMBERED = re.compile(r"[（〔]?[一二三四五六七八九十\d]{1,3}[、．.）〕](?!\d)")  # a heading inside the paper
_CLOSED = re.compile(r"[。；，、！？：]$|^[（〔].*[）〕]$|第.{1,8}号$|号$|(?:文件|公报|令)$")


@dataclass(frozen=True)
class Title:
    """A line of the head, or some that follow each other, as a title: the words, the first line, how many lines."""

    text: str
    line: int
    lines: int


@dataclass(frozen=True)
class Squeezed:
    """A text without white space; `places[i]` is where its i-th character stands in the whole text."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the whole text for a span of this one."""
        return self.places[start], self.places[end - 1] + 1


def squeezed(text: str, start: int = 0, end: int | None = None) -> Squeezed:
    """`text[start:end]` without white space."""
    stop = len(text) if end is None else min(end, len(text))
    places = tuple(at for at in range(start, stop) if not text[at].isspace())
    return Squeezed("".join(text[at] for at in places), places)


def plain(text: str) -> str:
    """The words of a text without blanks, Markdown and title marks, brackets and colons in one width."""
    return _NOISE.sub("", text).translate(_MARKS)


def head_lines(text: str) -> list[str]:
    """The first lines of a text, plain, without what scanners and printers add; a line of many sentences is cut at blanks."""
    found: list[str] = []
    for line in text[:_HEAD].split("\n"):
        pieces = [line] if len(plain(line)) <= _LONG else re.split(r"[ 　\t]+", _despaced(line))
        words = (_lead(plain(piece)) for piece in pieces)
        found += [word for word in words if word and not _FURNITURE.fullmatch(word)]
        if len(found) >= _LINES:
            break
    return found[:_LINES]


def _lead(words: str) -> str:
    """A line; of one that runs on without a break the first words (起诉书（节选）：被告人……), if they stand apart."""
    lead = _LEAD.match(words) if len(words) > _LONG else None
    return (lead["title"] or lead["apart"]) if lead else words


def _despaced(line: str) -> str:
    """A line in which titles that were spaced out (刑 事 判 决 书) are one word again."""
    return _SPACED.sub(lambda match: re.sub(r"\s", "", match[0]), line)


def titles(lines: list[str]) -> Iterator[Title]:
    """What may be the title, from the top: at each line first the longer joins, then the line itself."""
    for at in range(len(lines)):
        for count in range(min(_JOINED, len(lines) - at), 0, -1):
            pieces = lines[at : at + count]
            text = "".join(pieces)
            if (
                not _NUMBERED.match(text)
                and len(text) <= _LONG
                and (
                    count == 1
                    or (len(text) <= _TITLE and not any(map(_closed, pieces[:-1])) and "：" not in pieces[-1])
                )
            ):
                yield Title(text, at, count)


def _closed(line: str) -> bool:
    """Whether a line is complete in itself, so that no title runs on behind it."""
    return bool(_CLOSED.search(line)) or "：" in line
