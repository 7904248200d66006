"""Dates as documents write them: 2024年5月6日, ２０２４年５月６日, 二〇一七年十二月八日, 2024-05-06."""

from __future__ import annotations

import re
from datetime import date

_ZEROS = "〇○零ΟОOoоＯｏ0０"
DATE = re.compile(
    rf"(?P<digits>(?:[1１][9９]|[2２][0０])\d\d\s?年\s?\d{{1,2}}\s?月\s?\d{{1,2}}\s?日)"
    rf"|(?P<chinese>[一二][一二三四五六七八九{_ZEROS}]{{3}}\s?年\s?[一二三四五六七八九十]{{1,3}}\s?月\s?[一二三四五六七八九十]{{1,3}}\s?日)"
    r"|(?<![\d-])(?P<iso>(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?![\d-])"
)
_DIGITS = "一二三四五六七八九"


def as_date(value: str) -> date | None:
    """The day that a written date names; None if it is no full date or names no day of the calendar."""
    match = DATE.fullmatch(value.strip())
    if match is None:
        return None
    year, month, day = (part for part in re.split(r"[年月日\-/.\s]+", match.group()) if part)
    try:
        return date(_year(year), _number(month), _number(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return int("".join(str(_DIGITS.find(char) + 1) for char in text))


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        return _DIGITS.find(text) + 1
    return (_DIGITS.find(tens) + 1 if tens else 1) * 10 + (_DIGITS.find(ones) + 1 if ones else 0)
