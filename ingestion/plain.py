"""Plain text and Markdown become a Reading; the encoding is found out, never guessed into U+FFFD."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from pathlib import PurePath

from ingestion.clean import line_blocks, normalise, strange_share
from ingestion.document import Block, Reading
from ingestion.errors import UnreadableFile

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = ("gb18030", "big5", "utf-16-le", "utf-16-be")
_STRANGE_LIMIT = 0.02
# below this share of common characters a decoding is not believed
_COMMON_LIMIT = 0.6
_SAMPLE = 20_000
_MARK = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_FENCE = re.compile(r"[ \t]*(```|~~~)")
_SAVE_AS_UTF8 = "请用记事本或 WPS 打开，确认文字正常后另存为 UTF-8 编码的 .txt 再添加"


def read_plain(data: bytes, name: str) -> Reading:
    """Read .txt or .md: the text is the file itself, one block for each line.

    In Markdown a `#` heading is a block of that level that leaves out the marks. Raises UnreadableFile
    where the encoding cannot be told or the content is binary.
    """
    text = decode(data, name)
    blocks = line_blocks(text)
    if PurePath(name).suffix.lower() in (".md", ".markdown"):
        blocks = _markdown_headings(text, blocks)
    lost = text.count("\ufffd")
    notes = (f"原文件含 {lost} 个无法辨认的字符（U+FFFD）",) if lost else ()
    return Reading(text, blocks, notes=notes)


def decode(data: bytes, name: str) -> str:
    """Return the text of the bytes: by byte order mark, UTF-8, GB18030 and its rivals, else by statistics.

    Raises UnreadableFile rather than let one undecodable byte into the text.
    """
    raw = _decoded(data)
    if raw is None:
        raise UnreadableFile(name, "认不出文字编码", _SAVE_AS_UTF8)
    text = normalise(raw)
    # NULs that pad a text are taken out; a single odd character makes no text binary
    strange = strange_share(text) * len(text)
    if strange > max(1.5, _STRANGE_LIMIT * len(text)) or raw.count("\0") > len(raw) / 2:
        raise UnreadableFile(name, "内容不是文字（含大量控制符或私用区字符）", _SAVE_AS_UTF8)
    return text


def _decoded(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _try(data, encoding)
    text = _try(data, "utf-8")
    return text if text is not None else _by_commonness(data)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _by_commonness(data: bytes) -> str | None:
    """Return the decoding with most everyday characters: bytes of Big5 are often valid GB18030 and wrong."""
    best, best_share = None, 0.0
    for encoding in _CHINESE:
        text = _try(data, encoding)
        share = _common_share(text) if text else 0.0
        if share > best_share + 0.05:
            best, best_share = text, share
    return best if best_share >= _COMMON_LIMIT else _by_statistics(data)


def _by_statistics(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    match = from_bytes(data[: _SAMPLE * 4]).best()
    return _try(data, match.encoding) if match is not None else None


def _common_share(text: str) -> float:
    """Return the share of everyday characters among those beyond ASCII; control characters count against it."""
    # ASCII that opens the file says nothing; the characters that count may come late
    beyond = re.sub(r"[\t\n\x0c\r -~]+", "", text)[:_SAMPLE]
    return sum(map(_is_common, beyond)) / len(beyond) if beyond else 1.0


def _is_common(char: str) -> bool:
    """Return whether a character is of the first level of GB 2312 or of Big5, or a mark of Chinese text."""
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        lead = 0
    if 0xB0 <= lead <= 0xD7 or 0xA1 <= lead <= 0xA3:
        return True
    try:
        lead = char.encode("big5")[0]
    except UnicodeEncodeError:
        return False
    return 0xA4 <= lead <= 0xC6


def _markdown_headings(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks with the level of each `#` heading, which begins behind its marks."""
    fenced = False
    out = []
    for block in blocks:
        if _FENCE.match(text, block.start):
            fenced = not fenced
        mark = None if fenced else _MARK.match(text, block.start, block.end)
        out.append(block if mark is None else replace(block, start=mark.end(), level=len(mark[1])))
    return tuple(out)
