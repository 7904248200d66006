"""Subtitles of a recording (.srt, .vtt) become a Reading: the words of each cue as a line, its times in its block."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.clean import Pen, join_lines
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.plain import decode

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-{{1,2}}>[ \t]*{_TIME}(?:[ \t].*)?", re.ASCII)
_TIMED = re.compile(rf"^{_TIMES.pattern}$", re.ASCII | re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_TAGS = re.compile(r"</?(?:b|i|u|s|c|v|lang|ruby|rt|font|span|\d{1,3}:\d{2}(?::\d{2})?\.\d{1,3})(?:[.\s=][^<>]*)?/?>", re.I)
_STYLED = re.compile(r"\{\\[^{}]*\}")  # {\an8}: where the words stand, of no meaning here


@dataclass(frozen=True)
class _Cue:
    """What is shown from one second to another; `voice` is the speaker where the file names one."""

    start: float
    end: float
    text: str
    voice: str = ""


def read_subtitles(data: bytes, name: str) -> Reading:
    """Read .srt or .vtt: a line and a block for each cue, `block.time` from and to which second it is shown.

    Numbers, times and marks of form are no text. A voice (`<v 主持人>`) stands as `主持人：` before its first words.
    Raises UnreadableFile, also where not one cue has a time.
    """
    text = decode(data, name)
    cues, notes, lost = _parsed(text)
    if not _TIMED.search(text) or not cues:
        raise UnreadableFile(name, "字幕文件里没有一条带时间的字幕", "请确认文件完整；纯文字请另存为 .txt 再添加")
    pen = Pen()
    times: list[tuple[float, float]] = []
    voice = ""
    for cue in cues:
        said = f"{cue.voice}：{cue.text}" if cue.voice and cue.voice != voice else cue.text
        voice = cue.voice
        pen.put(said)
        pen.end("\n")
        times.append((cue.start, cue.end))
    blocks = tuple(replace(block, time=time) for block, time in zip(pen.blocks, times, strict=True))
    return Reading(
        pen.text, blocks, hidden=tuple(Hidden(note, "字幕文件的注释") for note in notes), notes=_notes(cues, lost)
    )


def _notes(cues: list[_Cue], lost: int) -> tuple[str, ...]:
    first, last = min(cue.start for cue in cues), max(cue.end for cue in cues)
    back = sum(two.start < one.start for one, two in pairwise(cues))
    said = (
        (1, f"字幕 {len(cues)} 条，时间 {_clock(first)} 至 {_clock(last)}"),
        (back, f"有 {back} 条字幕的时间早于前一条，按文件中的先后读出"),
        (lost, f"有 {lost} 段文字没有时间，按先后读出"),
    )
    return tuple(note for count, note in said if count)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def _parsed(text: str) -> tuple[list[_Cue], list[str], int]:
    """Return the cues, the comments, and how many stretches stood without a time."""
    cues: list[_Cue] = []
    comments: list[str] = []
    lost = 0
    is_vtt = text.lstrip().startswith("WEBVTT")
    for number, lines in enumerate(_groups(text)):
        head = lines[0].strip()
        if is_vtt and (number == 0 or re.match(r"(?:STYLE|REGION)\b", head)) and not _timed(lines):
            continue
        if is_vtt and re.match(r"NOTE\b", head):
            comments.append("\n".join([head[4:].strip(), *lines[1:]]).strip())
            continue
        at = _timed(lines)
        if at is None:
            lost += _take_on(cues, lines)
        else:
            cues += _cues(lines[at:])
    return cues, [each for each in comments if each], lost


def _groups(text: str) -> Iterator[list[str]]:
    """Yield the stretches of lines between blank ones."""
    for group in re.split(r"\n(?:[ \t]*\n)+", text.strip("\n")):
        lines = [line for line in group.split("\n") if line.strip()]
        if lines:
            yield lines


def _timed(lines: list[str]) -> int | None:
    return next((at for at, line in enumerate(lines[:3]) if _TIMES.fullmatch(line)), None)


def _cues(lines: list[str]) -> Iterator[_Cue]:
    """Yield the cues of a stretch that begins with times; one without a blank line before it counts as well."""
    begins = [at for at, line in enumerate(lines) if _TIMES.fullmatch(line)]
    for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        times = _TIMES.fullmatch(lines[begin])
        words = lines[begin + 1 : end]
        if end < len(lines) and words and re.fullmatch(r"\s*\d{1,6}\s*", words[-1]):
            words = words[:-1]  # the number of the next cue
        if times is not None:
            first, second = _seconds(*times.groups()[:4]), _seconds(*times.groups()[4:])
            yield from _voices(first, max(first, second), words)


def _voices(start: float, end: float, words: list[str]) -> Iterator[_Cue]:
    """Yield the words of a cue, those of each voice apart."""
    pieces = _VOICE.split("\n".join(words))
    voices = ["", *(html.unescape(voice).strip() for voice in pieces[1::2])]
    for voice, piece in zip(voices, pieces[::2], strict=True):
        text = ""
        for line in piece.split("\n"):
            bare = html.unescape(_TAGS.sub("", _STYLED.sub("", line))).strip()
            text = join_lines(text, bare) if text and not bare.startswith(("-", "—", "–")) else "\n".join(filter(None, (text, bare)))
        for said in filter(None, text.split("\n")):
            yield _Cue(start, end, said, voice)


def _take_on(cues: list[_Cue], lines: list[str]) -> int:
    """Let words behind a blank line go on with the cue before them; the number of stretches that have none."""
    words = [line for line in lines if not re.fullmatch(r"\s*\d{1,6}\s*", line)]
    if not words:
        return 0
    last = cues[-1] if cues else _Cue(0.0, 0.0, "")
    cues += _voices(last.start, last.end, words)
    return 1


def _seconds(hours: str | None, minutes: str, seconds: str, rest: str | None) -> float:
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return round(whole + int((rest or "0").ljust(3, "0")) / 1000, 3)
