"""Chinese and Arabic numerals, and the one way in which an article's number is written."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_WRITTEN = "零一二三四五六七八九"

# The characters a number may be written with, for other modules' patterns.
NUMERAL = "[零〇○一二三四五六七八九十百千两0-9０-９]"

_ARTICLE = re.compile(
    rf"第?\s*(?P<number>{NUMERAL}+)\s*"
    rf"(?:条(?:之(?P<sub>{NUMERAL}+))?|[-—–－](?P<dash>{NUMERAL}+)\s*条?|之(?P<plain>{NUMERAL}+)条?)?"
)


def to_int(numeral: str) -> int:
    """The value of a numeral of either kind: 二百六十四, 264, ２６４, 一千零一, 二〇二四.

    Raises ValueError where the characters are no numeral.
    """
    numeral = unicodedata.normalize("NFKC", numeral)
    if numeral.isdigit():
        return int(numeral)
    if numeral and all(character in _DIGITS for character in numeral):  # digit by digit, as in a year
        return int("".join(str(_DIGITS[character]) for character in numeral))
    return _with_units(numeral)


def _with_units(numeral: str) -> int:
    total = 0
    digit: int | None = None
    for character in numeral:
        if character in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[character]
            digit = None
        elif character in _DIGITS:
            digit = _DIGITS[character]
        else:
            raise ValueError(f"not a numeral: {numeral!r}")
    if not numeral:
        raise ValueError("an empty string is no numeral")
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """The number in the words of a statute, 1 to 9999: 10 is 十, 110 is 一百一十, 1001 is 一千零一."""
    if not 0 < number < 10_000:
        raise ValueError(f"articles are numbered from 1 to 9999, not {number}")
    written = ""
    gap = False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if not digit:
            gap = bool(written)
            continue
        if gap:
            written += "零"
            gap = False
        written += _WRITTEN[digit] + sign
    return written[1:] if written.startswith("一十") else written


def article_label(number: int, sub: int = 0) -> str:
    """第二百六十四条 for (264, 0), 第一百三十三条之一 for (133, 1)."""
    label = f"第{to_chinese(number)}条"
    return f"{label}之{to_chinese(sub)}" if sub else label


def article_key(label: str) -> tuple[int, int] | None:
    """Number and 之-number of an article's label in any form; None where it is no article of this kind.

    What follows the article (第一款, 第（二）项) is left out.
    """
    match = _ARTICLE.match(label.strip())
    if match is None:
        return None
    whole = match.group(0)
    if "条" not in whole and match.end() < len(label.strip()):
        return None  # 一、 and 1. are numbers of another kind
    sub = match["sub"] or match["dash"] or match["plain"]
    try:
        return to_int(match["number"]), to_int(sub) if sub else 0
    except ValueError:
        return None


def canonical_article(label: str) -> str:
    """The label as a statute writes it: 第264条, 264条, 264 and 第二百六十四条第一款 give 第二百六十四条.

    第120-1条, 120条之一 and 第一百二十条之1 give 第一百二十条之一. What is no article number
    (一、, （二）, 引言, 附件一) comes back without white space and otherwise as it is.
    """
    key = article_key(label)
    if key is None or not 0 < key[0] < 10_000 or key[1] >= 10_000:
        return "".join(label.split())
    return article_label(*key)
