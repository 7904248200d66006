"""The automatic numbers of a Word file, counted and shown as Word shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingestion.styles import Node, W, switch, val


@dataclass
class _Level:
    """One level of a numbered list."""

    start: int
    form: str
    pattern: str
    restart: int | None
    legal: bool
    style: str | None


@dataclass
class _List:
    """One `w:num`: the abstract list whose counters it shares, its levels and where it starts anew."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int]


@dataclass
class Numbers:
    """The numbered lists of a document and how far each has counted."""

    lists: dict[str, _List] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def next(self, number: str, at: int) -> str:
        """Count one paragraph of a list at a level and return its number as Word shows it."""
        series = self.lists.get(number)
        if series is None or at not in series.levels:
            return ""
        counts = self._counts.setdefault(series.abstract, [None] * 9)
        if number not in self._begun:
            self._begun.add(number)
            for level in series.starts:
                counts[level] = None
        counts[at] = _start(series, at) if counts[at] is None else (counts[at] or 0) + 1
        _restart_deeper(series, counts, at)
        return _rendered(series, counts, at)


def _start(series: _List, level: int) -> int:
    given = series.levels.get(level)
    return series.starts.get(level, given.start if given else 1)


def _restart_deeper(series: _List, counts: list[int | None], at: int) -> None:
    for deeper in range(at + 1, 9):
        level = series.levels.get(deeper)
        # w:lvlRestart names the level (from 1) that makes this one start anew; 0 is never, silence is any
        if level is None or level.restart is None or at + 1 <= level.restart:
            counts[deeper] = None


def _rendered(series: _List, counts: list[int | None], at: int) -> str:
    level = series.levels[at]
    if level.form == "bullet":
        return ""

    def place(match: re.Match[str]) -> str:
        which = int(match[1]) - 1
        count = counts[which]
        shown = series.levels.get(which)
        form = "decimal" if level.legal or shown is None else shown.form
        return numeral(form, _start(series, which) if count is None else count)

    return re.sub(r"%([1-9])", place, level.pattern)


def numbers_of(root: Node | None) -> Numbers:
    """Return the numbered lists that the numbering part of a package defines."""
    numbers = Numbers()
    if root is None:
        return numbers
    abstract = {node.get(f"{W}abstractNumId"): node for node in root.findall(f"{W}abstractNum")}
    # a list may only name the style under which another list defines its levels
    by_style = {val(node, "styleLink"): key for key, node in abstract.items() if val(node, "styleLink")}
    for node in root.findall(f"{W}num"):
        key = val(node, "abstractNumId")
        linked = by_style.get(val(abstract.get(key), "numStyleLink"))
        key = linked if linked is not None else key
        if key in abstract:
            numbers.lists[node.get(f"{W}numId", "")] = _list(key or "", abstract[key], node)
    return numbers


def _list(key: str, abstract: Node, node: Node) -> _List:
    levels = {whole(each.get(f"{W}ilvl"), 0): _level(each) for each in abstract.findall(f"{W}lvl")}
    starts: dict[int, int] = {}
    for override in node.findall(f"{W}lvlOverride"):
        at = whole(override.get(f"{W}ilvl"), 0)
        own = override.find(f"{W}lvl")
        if own is not None:
            levels[at] = _level(own)
        start = val(override, "startOverride")
        if start is not None:
            starts[at] = whole(start, 1)
    inside = {at: level for at, level in levels.items() if 0 <= at < 9}
    return _List(key, inside, {at: start for at, start in starts.items() if 0 <= at < 9})


def _level(node: Node) -> _Level:
    form = next(node.iter(f"{W}numFmt"), None)
    restart = val(node, "lvlRestart")
    return _Level(
        whole(val(node, "start"), 1),
        "decimal" if form is None else _form(form),
        val(node, "lvlText") or "",
        None if restart is None else whole(restart, 0),
        bool(switch(node, "isLgl")),
        val(node, "pStyle"),
    )


def _form(node: Node) -> str:
    """Return the name of a number format; of 001, 002, 003 … the zeros."""
    custom = re.match(r"0*1(?=,|$)", node.get(f"{W}format", ""))
    return custom[0] if custom else node.get(f"{W}val", "decimal")


def whole(value: str | None, default: int) -> int:
    """Return a whole number as the XML writes it, the default where it is none."""
    return int(value) if value is not None and re.fullmatch(r"-?\d{1,9}", value) else default


def numeral(form: str, number: int) -> str:
    """Return a number in one of Word's formats (ECMA-376 part 1, 17.18.59); unknown ones in digits."""
    if form in _CYCLES and number >= 1:
        signs = _CYCLES[form]
        return signs[number - 1] if number <= len(signs) else _beyond(form, signs, number)
    if form in ("chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"):
        return _counted(number, "零一二三四五六七八九", "十百千万")
    if form in ("chineseCounting", "taiwaneseCounting") and number < 100:
        return _counted(number, "零一二三四五六七八九", "十百千万")
    if form == "chineseLegalSimplified":
        return _counted(number, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万", plain_ten=False)
    if form in ("ideographLegalTraditional", "japaneseLegal"):
        return _counted(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟萬", plain_ten=False)
    if form in _DIGITS:
        return str(number).translate(str.maketrans("0123456789", _DIGITS[form]))
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form in ("none", "bullet"):
        return ""
    width = 2 if form == "decimalZero" else len(form) if form.isdigit() else 1
    return str(number).zfill(width)


_CYCLES = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "lowerLetter": "abcdefghijklmnopqrstuvwxyz",
}
_DIGITS = {
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "chineseCounting": "○一二三四五六七八九",
    "taiwaneseCounting": "○一二三四五六七八九",
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
}


def _beyond(form: str, signs: str, number: int) -> str:
    """Return what Word shows when the signs of a format run out: AA, BB …, else digits."""
    if form in ("upperLetter", "lowerLetter"):
        rounds, at = divmod(number - 1, len(signs))
        return signs[at] * (rounds + 1)
    return str(number)


def _counted(number: int, digits: str, units: str, plain_ten: bool = True) -> str:
    """Return a number in Chinese counting; `plain_ten` says 十一 rather than 一十一."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        rest = (
            ""
            if not low
            else (digits[0] if low < 1000 else "") + _counted(low, digits, units, plain_ten=False)
        )
        return _counted(high, digits, units, plain_ten) + units[3] + rest
    if number <= 0:
        return digits[0]
    text = ""
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            text += digits[digit] + (units[power - 1] if power else "")
        elif text and text[-1] != digits[0] and number % 10**power:
            text += digits[0]
    return text[1:] if plain_ten and 10 <= number < 20 else text


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    pairs = zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
    text = ""
    for value, sign in pairs:
        text += sign * (number // value)
        number %= value
    return text
