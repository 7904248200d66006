"""Text as it is set on paper: quote marks paired, Chinese and Latin runs told apart, sentences made paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.reply import Section, Sentence
from ingestion.clean import heading_level

UNVERIFIED = "【待核实】"

# Names of norms, code, addresses and markup keep their quote marks.
_PROTECTED = re.compile(r"《[^《》\n]*》|`[^`\n]*`|\{[^{}\n]*\}|<[A-Za-z/][^<>\n]*>|https?://[!-~]+")
_QUOTES = (('"＂', "“", "”"), ("'＇", "‘", "’"))
_CODE_MARKS = "=<>{}[]\\"
# A sentence with such a number opens a paragraph; 3.5米, 一、二审 and 2024年 do not, 1.2024年… does.
_ITEM = re.compile(
    r"[一二三四五六七八九十]+、(?![一二三四五六七八九十])|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[.．、](?!\d)|\d{1,2}[.．、](?=(?:19|20)\d\d年)|[①-⑳]"
)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Piece:
    """Text of one look; `flag` pieces are shown highlighted, for whoever signs to see."""

    text: str
    flag: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: `level` is 0 for body text and 1 to 4 for headings."""

    level: int
    pieces: tuple[Piece, ...]


def is_unverified(sentence: Sentence) -> bool:
    """Whether a sentence must be shown as 待核实: it rests on nothing, or one of its citations is no pass."""
    if sentence.support == "unverified" or any(each.status != "verified" for each in sentence.citations):
        return True
    return not sentence.citations and not sentence.basis and heading_level(sentence.text) == 0


def gap(wanting: str) -> Piece:
    """What is wanting, as it stands in the letter."""
    return Piece(f"【待补充：{printable(wanting).strip()}】", flag=True)


def paragraphs(section: Section) -> tuple[Paragraph, ...]:
    """The heading, the sentences joined to paragraphs, then one paragraph for each gap.

    A new paragraph begins at a line end inside a sentence and at a number (（一）, 1., （1）). A numbered line
    without a sentence mark at its end is a heading of its level, as in GB/T 9704-2012, 7.3.3.
    """
    heading = _clean(section.heading)
    made = [Paragraph(max(1, heading_level(heading)), (Piece(heading),))] if heading else []
    made.extend(_body(section.sentences))
    made.extend(Paragraph(0, (gap(wanting),)) for wanting in section.gaps)
    return tuple(Paragraph(each.level, _curled(each.pieces)) for each in made)


def curl_quotes(text: str) -> str:
    """Pair straight quotes into “ ” and ‘ ’ where the text is Chinese; nothing else changes, nor does the length.

    Untouched stay quotes inside 《》, in code, addresses and English, apostrophes, inch marks, and a quote
    that has no partner.

    >>> curl_quotes('他说："按《办法》执行"。')
    '他说：“按《办法》执行”。'
    """
    marks = list(text)
    spared = {at for match in _PROTECTED.finditer(text) for at in range(*match.span())}
    for straight, left, right in _QUOTES:
        places = [at for at, char in enumerate(text) if char in straight and at not in spared]
        for start, end in _pairs(text, [at for at in places if not _apostrophe(text, at)]):
            if _is_chinese(text, start, end):
                marks[start], marks[end] = left, right
    return "".join(marks)


def runs(text: str) -> tuple[tuple[str, bool], ...]:
    """Split text for Word: (text, True) is set by the Chinese font wherever a character could be either.

    Quote marks, dashes and ellipses have one code point for both scripts; only between Latin letters are
    they Latin. Letters and digits always take the Latin font, so they need no run of their own.
    """
    made: list[tuple[str, bool]] = []
    for at, char in enumerate(text):
        chinese = not _is_latin_mark(text, at) if _is_ambiguous(char) else None
        if made and chinese in (None, made[-1][1]):
            made[-1] = (made[-1][0] + char, made[-1][1])
        else:
            made.append((char, chinese is not False))
    return tuple(made)


def printable(text: str) -> str:
    """Text that XML can hold: control characters (PDF text has them) and lone surrogates are left out."""
    return _NOT_XML.sub("", text).replace("\t", " ").replace("\r\n", "\n").replace("\r", "\n")


def width(text: str) -> float:
    """The width of a line in characters of its own size: 1 for a full-width one, half for the others."""
    return sum(1.0 if _is_ambiguous(char) or _is_wide(char) else 0.5 for char in text)


def _clean(text: str) -> str:
    return " ".join(printable(text).split("\n")).strip()


def _body(sentences: Iterable[Sentence]) -> Iterator[Paragraph]:
    open_: list[Piece] = []
    for sentence in sentences:
        lines = [line.strip() for line in printable(sentence.text).split("\n") if line.strip()]
        for number, line in enumerate(lines):
            level = heading_level(line)
            if open_ and (number or level or _ITEM.match(line)):
                yield Paragraph(0, tuple(open_))
                open_ = []
            pieces = [Piece(line)]
            if number == len(lines) - 1 and is_unverified(sentence):
                pieces.append(Piece(UNVERIFIED, flag=True))
            if level:
                yield Paragraph(level, tuple(pieces))
            else:
                open_.extend(pieces)
    if open_:
        yield Paragraph(0, tuple(open_))


def _curled(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Quotes are paired over the whole paragraph, for a quotation may run over several sentences."""
    joined = iter(curl_quotes("".join(piece.text for piece in pieces)))
    return tuple(Piece("".join(next(joined) for _ in piece.text), piece.flag) for piece in pieces)


def _pairs(text: str, places: list[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring quotes by twos; where one is left over, an inch mark (15") goes first."""
    if len(places) % 2:
        inch = next((at for at in places[::2] if text[at - 1 : at].isdecimal()), None)
        places = [at for at in places if at != inch]
    return zip(places[::2], places[1::2], strict=False)


def _apostrophe(text: str, at: int) -> bool:
    """don't, O'Brien, and the end of workers' in English."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if text[at] not in "'＇":
        return False
    return _is_letter(before) and (_is_letter(after) or (after == " " and _is_letter(text[at + 2 : at + 3])))


def _is_chinese(text: str, start: int, end: int) -> bool:
    before, after = text[:start].rstrip()[-1:], text[end + 1 :].lstrip()[:1]
    if (before and before in _CODE_MARKS) or (after and after in _CODE_MARKS):
        return False
    return any(_is_wide(char) for char in (before, after, *text[start + 1 : end]) if char)


def _is_latin_mark(text: str, at: int) -> bool:
    """Whether the nearest letters on both sides are Latin (one side may be the edge of the text)."""
    before = next((char for char in reversed(text[:at]) if _is_decisive(char)), "")
    after = next((char for char in text[at + 1 :] if _is_decisive(char)), "")
    sides = [_is_letter(char) for char in (before, after) if char]
    return bool(sides) and all(sides)


def _is_decisive(char: str) -> bool:
    return _is_letter(char) or _is_wide(char)


def _is_letter(char: str) -> bool:
    return char.isascii() and char.isalpha()


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def _is_ambiguous(char: str) -> bool:
    return unicodedata.east_asian_width(char) == "A" or char in "·–"
