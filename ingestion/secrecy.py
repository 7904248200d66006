"""The secrecy gate: tells a document that bears a secrecy marking from one that merely speaks of secrets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingestion.errors import SecretFile

# Basis: 保守国家秘密法 (2024-05-01) 第二十二条 (levels are marked on what carries a secret) and 第三十一条
# (no state secret is stored or processed on a system that is not made for it); how a marking looks:
# GB/T 9704-2012, 7.2.2 (秘密等级和保密期限 with ★ between them, in the upper left corner of the first page).
CAUSE = "文件标有国家秘密标志“{marking}”，本系统不是涉密信息系统，不得存储、处理（保守国家秘密法第三十一条）"
ADVICE = "请立即将该文件移至涉密设备，并报告本单位保密工作机构；如已依法解密，请用去除标志的解密件"

_HEAD = 6  # lines at the head of the first page among which a level may stand alone, without star and term
_TAIL = 3  # lines at the end: readers put headers and footers there
_ONE_LINE = 60  # characters that count as the head where a text has no line ends
_LONGEST = 60  # characters of a line that can be a marking; a sentence is longer

_STARS = "★☆⋆✩✪✫✬✭✮✯✰✡✦✧⭐🌟⚝*＊∗✱✳✴✶✻﹡⁎﹡※"
_LEVEL = r"(?P<level>绝密|机密|秘密)(?:级|件|文件)?"
_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_TERM = (
    rf"(?:(?:保密)?期限?[:为]?)?(?:{_NUMBER}(?:年|个?月|[天日])|长期|永久|启[用封]前|解密前|公开前|发布前"
    r"|(?:至|到)?\d{4}(?:年\d{1,2}月(?:\d{1,2}日)?|[-./]\d{1,2}[-./]\d{1,2}))(?:前|止|内|启用)?"
)
_GAP = r"[★·・•\-—─_:,，、;/|()\[\]【】〔〕《》]{0,3}"
_BEFORE = r"(?:(?:份号|编号|序号|No\.?)?[:：]?\d{1,7}(?:份|号)?|第\d{1,4}号|特急|加急|平急|特提|急件)?"
_AFTER = r"(?:[(\[【]?(?:特急|加急|平急|特提|急件)[)\]】]?|(?:份号|编号|序号|No\.?)?[:：]?\d{1,7}份?|第\d{1,7}号|[)\]】])?"
_LABEL = r"(?:密级(?:和保密期限)?|秘密等级|保密等级|保密级别|涉密等级|密别)?[:|]?"
# a whole line or the whole of what stands apart in one, folded: no blanks, half width, every star a ★
_STARRED = re.compile(
    rf"[(\[【]?{_BEFORE}{_LABEL}{_GAP}{_LEVEL}{_GAP}(?:★{_GAP}(?:{_TERM})?|{_TERM}){_GAP}{_AFTER}"
)
_ALONE = re.compile(rf"{_BEFORE}{_GAP}(?P<label>{_LABEL}){_GAP}{_LEVEL}{_GAP}{_AFTER}")
_LABELLED = re.compile(
    rf"(?:密级(?:和保密期限)?|秘密等级|保密等级|保密级别|涉密等级)[:|]{_GAP}{_LEVEL}{_GAP}(?:{_TERM})?{_AFTER}"
)
# in the running head of a text without line ends
_OPENS = re.compile(rf"{_BEFORE}{_LEVEL}★(?:{_TERM})?")
_APART = re.compile(r"\t+|[ 　]{2,}")
_LEVELS = re.compile(r"[绝絕][\s\u200b]*密|[机機][\s\u200b]*密|[秘祕][\s\u200b]*密")
_TRADITIONAL = str.maketrans("絕機祕級", "绝机秘级")


@dataclass(frozen=True)
class Marking:
    """A secrecy marking as it stands: `text[start:end]`; `level` is 绝密, 机密 or 秘密."""

    level: str
    shown: str
    start: int
    end: int


def marking(text: str, furniture: Iterable[str] = ()) -> Marking | None:
    """The secrecy marking that a text bears, or None; a text that speaks of secrets bears none.

    A marking stands apart in its line and has a star or a term (机密★10年, 秘密 5年, 绝密★启用前), wherever
    the line is; without either it counts only alone among the first lines (or the last, where headers are
    put). `furniture` are headers and footers that are not in the text; in them a level alone counts as well
    (start and end are then 0). Blanks inside, all shapes of the star, full and half width are one.
    """
    lines = list(_lines(text))
    near = {at for at, _ in (*lines[:_HEAD], *lines[-_TAIL:])}
    for start, line in lines:
        if found := _in_line(line, start in near):
            return Marking(found, line.strip(), start, start + len(line.rstrip()))
    for line in furniture:
        if found := _in_line(line, True):
            return Marking(found, line.strip(), 0, 0)
    return _upright(text, lines) or _running(text)


def refuse_secret(text: str, name: str, furniture: Iterable[str] = ()) -> None:
    """Raise SecretFile where the text bears a marking; the message shows no more than the marking."""
    if (found := marking(text, furniture)) is not None:
        raise SecretFile(name, CAUSE.format(marking=found.shown[:_LONGEST]), ADVICE)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with the place of their first character that is no blank."""
    at = 0
    for line in re.split(r"[\n\r\f\v\x85\u2028\u2029]", text):
        if line.strip():
            yield at + len(line) - len(line.lstrip()), line.lstrip()
        at += len(line) + 1


def _in_line(line: str, near: bool) -> str | None:
    """The level that a line marks; `near`: it stands where a level alone is a marking, too."""
    if not _LEVELS.search(line):
        return None
    # what stands apart in a line of the head (000123   机密★10年) counts; further on it is a cell of a list
    for piece in (line, *(_APART.split(line) if near else ())):
        folded = _folded(piece)
        if len(folded) > _LONGEST:
            continue
        if found := _STARRED.fullmatch(folded) or _LABELLED.fullmatch(folded):
            return found["level"]
        if near and (found := _ALONE.fullmatch(folded)):
            return found["level"]
    return None


def _upright(text: str, lines: list[tuple[int, str]]) -> Marking | None:
    """A marking written upright, one character a line."""
    head = lines[:_HEAD]
    for first, (start, line) in enumerate(head):
        if _folded(line) not in tuple("绝机秘"):
            continue
        column = [one for _, one in lines[first : first + _HEAD] if len(_folded(one)) <= 3]
        if found := re.match("绝密|机密|秘密", "".join(map(_folded, column))):
            end, last = lines[first + 1]
            return Marking(
                found.group(), text[start : end + len(last.rstrip())], start, end + len(last.rstrip())
            )
    return None


def _running(text: str) -> Marking | None:
    """A marking that opens a text whose line ends were lost: 机密★10年 某某人民检察院…."""
    start = len(text) - len(text.lstrip())
    found = _OPENS.match(_folded(text[start : start + _ONE_LINE]))
    if not found:
        return None
    end = next(end for end in range(start, len(text) + 1) if len(_folded(text[start:end])) >= found.end())
    return Marking(found["level"], text[start:end], start, end)


def _folded(line: str) -> str:
    """Half width, simplified, no blanks, one shape of star."""
    plain = unicodedata.normalize("NFKC", line).translate(_TRADITIONAL)
    kept = (
        char
        for char in plain
        if not char.isspace() and unicodedata.category(char) != "Cf" and char not in "\ufe0f"
    )
    return "".join("★" if char in _STARS else char for char in kept)
