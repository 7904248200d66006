"""The automatic numbers of a Word file, counted and shown as Word shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    hidden: bool


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
    if level.form == "bullet" or level.hidden:
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
        bool(switch(node.find(f"{W}rPr"), "vanish")),
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
        return _cycled(form, number)
    if form in _COUNTED and (number < 100 or form not in _DIGITS):
        digits, units, plain_ten = _COUNTED[form]
        return _counted(number, digits, units, plain_ten)
    if form in _DIGITS:
        return str(number).translate(str.maketrans("0123456789", _DIGITS[form]))
    if form in _WRITTEN:
        return _WRITTEN[form](number)
    width = 2 if form == "decimalZero" else len(form) if form.isdigit() else 1
    return str(number).zfill(width)


_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
_HALF_AIUEO = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"
_HALF_IROHA = "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽﾝ"
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
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщыэюя",
    "chicago": "*†‡§",
    "aiueo": _HALF_AIUEO,
    "aiueoFullWidth": _AIUEO,
    "iroha": _HALF_IROHA,
    "irohaFullWidth": _IROHA,
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
}
# forms whose signs are doubled when they run out: AA, BB …
_DOUBLED = ("upperLetter", "lowerLetter", "russianUpper", "russianLower", "chicago")
_MOST_ROUNDS = 40
_DIGITS = {
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "chineseCounting": "○一二三四五六七八九",
    "taiwaneseCounting": "○一二三四五六七八九",
    "koreanDigital": "영일이삼사오육칠팔구",
    "koreanDigital2": "零一二三四五六七八九",
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
    "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙",
    "hindiNumbers": "०१२३४५६७८९",
}
_HAN = "零一二三四五六七八九"
# digits, units, and whether 十一 is said rather than 一十一
_COUNTED = {
    "chineseCountingThousand": (_HAN, "十百千万", True),
    "japaneseCounting": (_HAN, "十百千万", True),
    "taiwaneseCountingThousand": (_HAN, "十百千萬", True),
    "chineseCounting": (_HAN, "十百千万", True),
    "taiwaneseCounting": (_HAN, "十百千萬", True),
    "chineseLegalSimplified": ("零壹贰叁肆伍陆柒捌玖", "拾佰仟万", False),
    "ideographLegalTraditional": ("零壹貳參肆伍陸柒捌玖", "拾佰仟萬", False),
    "japaneseLegal": ("零壹貳參肆伍陸柒捌玖", "拾佰仟萬", False),
}


def _cycled(form: str, number: int) -> str:
    """Return a number in a row of signs; when they run out, what Word shows: AA, BB …, else digits."""
    signs = _CYCLES[form]
    if number <= len(signs):
        return signs[number - 1]
    if form in _DOUBLED:
        rounds, at = divmod(number - 1, len(signs))
        # a list may claim to start at nine hundred million
        return signs[at] * (rounds + 1) if rounds < _MOST_ROUNDS else str(number)
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


def _sexagenary(number: int) -> str:
    """Return 甲子, 乙丑 … of the cycle of sixty."""
    stems, branches = _CYCLES["ideographTraditional"], _CYCLES["ideographZodiac"]
    return stems[(number - 1) % 10] + branches[(number - 1) % 12]


_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
_ORDINALS |= {"nine": "ninth", "twelve": "twelfth"}


def _cardinal(number: int) -> str:
    if not 0 <= number < 1_000_000:
        return str(number)
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = f" {_cardinal(number % size)}" if number % size else ""
    return f"{_cardinal(number // size)} {name}{rest}"


def _ordinal_word(number: int) -> str:
    words = _cardinal(number)
    last = re.split(r"[ -]", words)[-1]
    regular = f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"
    return words.removesuffix(last) + _ORDINALS.get(last, regular)


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


_WRITTEN: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "bullet": lambda number: "",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "ideographZodiacTraditional": _sexagenary,
    "numberInDash": lambda number: f"- {number} -",
    "hex": lambda number: f"{number:X}",
    "ordinal": _ordinal,
    "cardinalText": lambda number: _cardinal(number).capitalize(),
    "ordinalText": lambda number: _ordinal_word(number).capitalize(),
}
