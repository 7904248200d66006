"""What a model wrote, read back: sentences as they complete, and the marks [1] that they carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NUMBERS = r"(?:材料|资料|出处|依据|来源)?\s*\d{1,3}(?:\s*[,，、和及\-–~～至]\s*(?:材料|资料)?\s*\d{1,3})*"
# [1] [1,2] [1-3] 【1】 ［材料1］, and （材料1）; four digits are a year, as in [2024]12号
MARK = re.compile(rf"[\[［【]\s*{_NUMBERS}\s*[\]］】]|[（(]\s*(?:见|依据)?\s*(?:材料|资料)\s*\d{{1,3}}\s*[)）]")
_RANGE = re.compile(r"(\d{1,3})\s*[\-–~～至]\s*(?:材料|资料)?\s*(\d{1,3})")
_OPENS, _CLOSES = "“「『", "”」』"
_END = re.compile(rf"[。！？][{_CLOSES})）]*(?:\s*(?:{MARK.pattern}))*[。]?")
_MAY_GO_ON = f"{_CLOSES})）[［【（( \t。"  # after an end: closing marks or a mark may still follow
_LONGEST = 800  # characters without an end; more is no sentence
_LONGEST_QUOTE = 400
# what refers and states nothing
_REFERENCE = re.compile(
    r"(?:根据|依据|参考|参见|见|来源|出处|引用|材料|资料|法律|规定|的|为|是|以上|上述|《[^《》]*》"
    r"|第[零〇一二三四五六七八九十百千两\d]+(?:条|款|项)(?:之[一二三四五六七八九十]+)?|[\s:：，,、。；;（）()*-])*"
)
_MOST_MARKS = 20  # a range of more passages than this names none


@dataclass(frozen=True)
class Marked:
    """A sentence without its marks, and the numbers of the passages that they name, each once, in order."""

    text: str
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Written:
    """A sentence as it was written, marks and all; whether it is the first of a line."""

    text: str
    opens_line: bool


def read_marks(text: str) -> Marked:
    """The marks of a sentence, and its text without them.

    >>> read_marks("前台未登记身份信息[1][3]。")
    Marked(text='前台未登记身份信息。', marks=(1, 3))
    """
    numbers = [number for mark in MARK.findall(text) for number in _numbers(mark)]
    left = MARK.sub("", text)
    left = re.sub(r"[（(]\s*[)）]", "", left)
    left = re.sub(r"^(?:根据|依据|按照|依照)?(?:上述|以上)?(?:材料|资料)(?:的?(?:规定|内容|记载|显示|载明))?\s*[，,：:]", "", left.strip())
    left = re.sub(r"\s+(?=[。，；！？])|(?<=[。！？])[。，；]+", "", left)
    return Marked(left.strip(), tuple(dict.fromkeys(numbers)))


def _numbers(mark: str) -> list[int]:
    spread = [(int(first), int(last)) for first, last in _RANGE.findall(mark)]
    ranges = [number for first, last in spread if 0 <= last - first < _MOST_MARKS for number in range(first, last + 1)]
    return [*ranges, *(int(digits) for digits in re.findall(r"\d+", _RANGE.sub("", mark)))]


def sentences_as_written(pieces: Iterable[str]) -> Iterator[Written]:
    """The sentences of a reply, each as soon as it is complete; marks after the full stop belong to it.

    A sentence does not end inside quotation marks that close again. Where more than 800 characters come
    without an end, reading stops: no sentence is so long.
    """
    held, opens = "", True
    for piece in _ended(pieces):
        held += piece
        while end := _end_of_first(held):
            text, held = held[:end], held[end:]
            if text.strip():
                yield Written(text.strip(), opens)
                opens = False
            opens = opens or text.endswith("\n")
        if len(held) > _LONGEST:
            return


def with_late_marks(sentences: Iterable[Written]) -> Iterator[Written]:
    """The sentences; one without marks takes those of a bare reference after it (依据：[1], 根据材料[2]，第五条。)."""
    waiting: Written | None = None
    for written in sentences:
        marked = read_marks(written.text)
        if waiting and marked.marks and _REFERENCE.fullmatch(marked.text):
            marks = "".join(f"[{number}]" for number in marked.marks)
            yield Written(f"{waiting.text}{marks}", waiting.opens_line)
            waiting = None
            continue
        if waiting:
            yield waiting
            waiting = None
        if marked.marks:
            yield written
        else:
            waiting = written
    if waiting:
        yield waiting


def _ended(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces and a line end, by which the last sentence is complete."""
    yield from pieces
    yield "\n"


def _end_of_first(held: str) -> int:
    """Where the first sentence ends; 0 while that cannot be known."""
    line = held.find("\n")
    stop = len(held) if line < 0 else line
    for match in _END.finditer(held, 0, stop):
        if _inside_quotes(held, match.end(), stop):
            continue
        follows = held[match.end() : match.end() + 1]
        if not follows or (line < 0 and follows in _MAY_GO_ON and len(held) - match.end() < 12):
            return 0
        return match.end()
    return line + 1 if line >= 0 else 0


def _inside_quotes(held: str, at: int, stop: int) -> bool:
    """Whether an offset lies in a quotation that has not run too long to be one."""
    opened = max(held.rfind(mark, 0, at) for mark in _OPENS)
    closed = max(held.rfind(mark, 0, at) for mark in _CLOSES)
    closes = any(mark in held[at:stop] for mark in _CLOSES)
    return opened > closed and (closes or (stop == len(held) and at - opened < _LONGEST_QUOTE))
