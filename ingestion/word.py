"""A Word file (.docx) becomes a Reading: we walk its XML ourselves, so that nothing is lost or read twice."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Literal, NamedTuple

from lxml import etree

from ingestion.clean import Pen, heading_level, is_page_number
from ingestion.document import Change, Hidden, Reading
from ingestion.errors import UnreadableFile

# lxml ships no types
Node = Any
Mark = tuple[Literal["insert", "delete", "move_from", "move_to"], str, str]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_V = "{urn:schemas-microsoft-com:vml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# a file saved as "Strict Open XML" says the same under other names
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", _W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", _R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", _M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", _A[1:-1].encode()),
)

_MAX_XML = 300 * 1024 * 1024
_MAX_RATIO = 200
# small parts of one repeated letter compress without limit and harm nobody
_RATIO_FROM = 20 * 1024 * 1024

_DAMAGED = "请用 Word 或 WPS 打开并另存为新的 .docx 再添加；打不开时请向来源重新索取"
_TRACKED: dict[str, Literal["insert", "delete", "move_from", "move_to"]] = {
    f"{_W}ins": "insert",
    f"{_W}del": "delete",
    f"{_W}moveFrom": "move_from",
    f"{_W}moveTo": "move_to",
}
_GONE = ("delete", "move_from")
_WRAPPERS = frozenset(
    f"{_W}{name}" for name in ("hyperlink", "smartTag", "customXml", "fldSimple", "bdo", "dir", "sdtContent")
)
_FIXED_TEXT = {
    f"{_W}tab": "\t",
    f"{_W}ptab": "\t",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
}
# the boxes and ticks of forms stand in symbol fonts, whose codes mean nothing elsewhere
_SYMBOLS = {
    ("wingdings", 0x6F): "□",
    ("wingdings", 0xA8): "□",
    ("wingdings", 0xFE): "☑",
    ("wingdings", 0xFC): "✓",
    ("wingdings", 0xFB): "✗",
    ("wingdings 2", 0xA3): "□",
    ("wingdings 2", 0x52): "☑",
    ("wingdings 2", 0x50): "✓",
}
_TINY = 4  # half points


def read_word(data: bytes, name: str) -> Reading:
    """Read a .docx: its final text (insertions in, deletions out), one block for each paragraph.

    Paragraphs are joined by line ends, cells of a row by tabs. Automatic numbers are rendered, text boxes and
    notes follow their anchor's paragraph, headers and footers stand once at the end. Tracked changes are kept
    as Change, text that nobody sees and comments as Hidden. Raises UnreadableFile.
    """
    package = _open(data, name)
    walk = _Walk(package, _Styles(package.part("styles")), _numbers(package))
    body = package.main.find(f"{_W}body")
    if body is None:
        raise UnreadableFile(name, "Word 文件里没有正文", _DAMAGED)
    _blocks(walk, body, _Context(shaded=_coloured_page(package)))
    _flush(walk)
    furniture = _furniture(walk)
    _comments(walk)
    return Reading(
        walk.pen.text,
        tuple(walk.pen.blocks),
        tuple(walk.changes),
        tuple(walk.hidden),
        _notes(walk, furniture),
    )


# --- the package ------------------------------------------------------------------------------------------


def open_package(data: bytes, name: str) -> zipfile.ZipFile:
    """Open an Office package and refuse what would harm: damage, passwords, XML that explodes when unpacked.

    Raises UnreadableFile. Sizes are those the directory declares; zipfile never unpacks more than that.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile(name, "文件损坏或不完整（压缩结构打不开）", _DAMAGED) from error
    parts = [part for part in package.infolist() if part.filename.lower().endswith((".xml", ".rels"))]
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(name, "文件有密码保护", "请在 Word 或 WPS 里取消密码后再添加")
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > _MAX_XML or (unpacked > _RATIO_FROM and unpacked > _MAX_RATIO * max(packed, 1)):
        raise UnreadableFile(
            name, "解压后大得反常，可能是恶意文件", "请向来源核实，确认无误后另存为新文件再添加"
        )
    return package


def read_part(package: zipfile.ZipFile, part: str, name: str) -> bytes | None:
    """Return the bytes of one part of a package, None where there is no such part; raises UnreadableFile."""
    try:
        return package.read(part)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise UnreadableFile(name, f"文件损坏或不完整（{part} 读不出）", _DAMAGED) from error


@dataclass
class _Package:
    """The XML parts of a .docx; `related` maps relationship ids, and kinds of parts, to part names."""

    archive: zipfile.ZipFile
    name: str
    main: Node
    related: dict[str, str]

    def part(self, kind: str) -> Node | None:
        """Return the root of a part by its kind (styles, footnotes …) or relationship id."""
        target = self.related.get(kind, f"word/{kind}.xml")
        return _xml(self.archive, target, self.name)


def _open(data: bytes, name: str) -> _Package:
    archive = open_package(data, name)
    targets = _relationships(archive, "", "_rels/.rels", name)
    path = targets.get("officeDocument", "word/document.xml")
    main = _xml(archive, path, name)
    if main is None:
        raise UnreadableFile(
            name, "扩展名是 .docx，内容却不是 Word 文档", "请确认文件来源，或用 Word、WPS 重新保存"
        )
    folder = str(PurePosixPath(path).parent)
    rels = f"{folder}/_rels/{PurePosixPath(path).name}.rels"
    return _Package(archive, name, main, _relationships(archive, folder, rels, name))


def _relationships(archive: zipfile.ZipFile, folder: str, path: str, name: str) -> dict[str, str]:
    """Return targets by relationship id and by the last word of the relationship type."""
    root = _xml(archive, path, name)
    found: dict[str, str] = {}
    for rel in () if root is None else root.iter(_RELATIONSHIP):
        target = rel.get("Target", "")
        target = target.lstrip("/") if target.startswith("/") or not folder else f"{folder}/{target}"
        found[rel.get("Id", "")] = target
        found.setdefault(rel.get("Type", "").rpartition("/")[2], target)
    return found


def _xml(archive: zipfile.ZipFile, path: str, name: str) -> Node | None:
    data = read_part(archive, path, name)
    if data is None:
        return None
    for strict, usual in _STRICT:
        data = data.replace(strict, usual)
    # entities stay closed: a document type has no place in a Word file and may explode
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(name, f"文件损坏（{path} 不是完整的 XML）", _DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile(
            name, "文件含不该有的 XML 实体定义，可能是恶意文件", "请向来源核实后另存为新文件再添加"
        )
    return root


# --- styles -----------------------------------------------------------------------------------------------


class _Look(NamedTuple):
    """What decides whether a run can be seen; None where nothing is said."""

    vanish: bool | None = None
    white: bool | None = None
    shaded: bool | None = None
    tiny: bool | None = None

    def over(self, below: _Look) -> _Look:
        """Return this look where it speaks and the one below where it is silent."""
        return _Look(*(low if high is None else high for high, low in zip(self, below, strict=True)))


_SILENT = _Look()


@dataclass
class _Style:
    """One style: its own properties and the style it is based on."""

    name: str
    based_on: str | None
    paragraph: Node | None
    run: Node | None
    shaded_table: bool


class _Styles:
    """The styles of a document, asked through their inheritance."""

    def __init__(self, root: Node | None) -> None:
        self._styles: dict[str, _Style] = {}
        self._looks: dict[str | None, _Look] = {}
        self.default: str | None = None
        for node in () if root is None else root.findall(f"{_W}style"):
            self._add(node)

    def chain(self, style: str | None) -> Iterator[tuple[str, _Style]]:
        """Yield a style and those it is based on, nearest first."""
        seen: set[str] = set()
        while style is not None and style in self._styles and style not in seen:
            seen.add(style)
            yield style, self._styles[style]
            style = self._styles[style].based_on

    def look(self, style: str | None) -> _Look:
        """Return the look that a style gives to its runs."""
        if style not in self._looks:
            look = _SILENT
            for _, each in self.chain(style):
                look = look.over(_look(each.run))
                if each.paragraph is not None and _is_coloured(each.paragraph.find(f"{_W}shd")):
                    look = look.over(_Look(shaded=True))
            self._looks[style] = look
        return self._looks[style]

    def level(self, properties: Node | None, style: str | None) -> int:
        """Return the heading level of a paragraph from its outline level or its style, 0 for body text."""
        outline = _value(properties, "outlineLvl")
        for _, each in self.chain(style):
            outline = outline or _value(each.paragraph, "outlineLvl")
            named = re.fullmatch(r"(?:heading|标题)\s*(\d)", each.name, re.IGNORECASE)
            if outline is None and named:
                return int(named[1])
            if outline is None and each.name.lower() in ("title", "标题"):
                return 1
        return int(outline) + 1 if outline is not None and outline.isdigit() and int(outline) < 9 else 0

    def numbering(self, style: str | None) -> tuple[str | None, str | None, str | None]:
        """Return (number id, level, the style that says so) of a style's automatic number."""
        for key, each in self.chain(style):
            number = None if each.paragraph is None else each.paragraph.find(f"{_W}numPr")
            if number is not None and _value(number, "numId") is not None:
                return _value(number, "numId"), _value(number, "ilvl"), key
        return None, None, None

    def shades_tables(self, style: str | None) -> bool:
        """Return whether a table style colours any of its cells."""
        return any(each.shaded_table for _, each in self.chain(style))

    def _add(self, node: Node) -> None:
        key = node.get(f"{_W}styleId", "")
        shades = any(_is_coloured(shade) for shade in node.iter(f"{_W}shd"))
        self._styles[key] = _Style(
            _value(node, "name") or "",
            _value(node, "basedOn"),
            node.find(f"{_W}pPr"),
            node.find(f"{_W}rPr"),
            node.get(f"{_W}type") == "table" and shades,
        )
        if node.get(f"{_W}type") == "paragraph" and _is_on(node.get(f"{_W}default", "0")):
            self.default = key


def _value(parent: Node | None, child: str) -> str | None:
    """Return `w:val` of the named child, None where parent, child or value are missing."""
    node = None if parent is None else parent.find(f"{_W}{child}")
    return None if node is None else node.get(f"{_W}val")


def _is_on(value: str | None) -> bool:
    """Return the truth of a Word switch: present with no value means on."""
    return value not in ("0", "false", "off", "none")


def _switch(parent: Node | None, child: str) -> bool | None:
    node = None if parent is None else parent.find(f"{_W}{child}")
    return None if node is None else _is_on(node.get(f"{_W}val"))


def _look(properties: Node | None) -> _Look:
    if properties is None or not len(properties):
        return _SILENT
    size = _value(properties, "sz")
    return _Look(
        _switch(properties, "vanish"),
        _whiteness(properties.find(f"{_W}color")),
        _groundness(properties),
        int(size) <= _TINY if size is not None and size.isdigit() else None,
    )


def _whiteness(color: Node | None) -> bool | None:
    if color is None:
        return None
    if color.get(f"{_W}themeColor") == "background1" and color.get(f"{_W}themeShade") is None:
        return True
    return _is_white(color.get(f"{_W}val", "auto"))


def _is_white(value: str) -> bool:
    return re.fullmatch(r"(?i)#?(?:f[a-f]){3}", value) is not None


def _groundness(properties: Node) -> bool | None:
    highlight = _value(properties, "highlight")
    if highlight is not None and highlight not in ("none", "white"):
        return True
    shade = properties.find(f"{_W}shd")
    return None if shade is None else _is_coloured(shade)


def _is_coloured(shade: Node | None) -> bool:
    """Return whether a shading lays a ground on which white text can be read."""
    if shade is None:
        return False
    if shade.get(f"{_W}val") not in (None, "clear", "nil"):
        return True
    fill = shade.get(f"{_W}fill", "auto")
    themed = shade.get(f"{_W}themeFill") not in (None, "background1")
    return themed or (fill.lower() != "auto" and not _is_white(fill))


def _coloured_page(package: _Package) -> bool:
    ground = package.main.find(f"{_W}background")
    return ground is not None and not _is_white(ground.get(f"{_W}color", "FFFFFF"))


# --- automatic numbers ------------------------------------------------------------------------------------


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
class _Numbers:
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


def _numbers(package: _Package) -> _Numbers:
    root = package.part("numbering")
    numbers = _Numbers()
    if root is None:
        return numbers
    abstract = {node.get(f"{_W}abstractNumId"): node for node in root.findall(f"{_W}abstractNum")}
    # a list may only name the style under which another list defines its levels
    by_style = {_value(node, "styleLink"): key for key, node in abstract.items() if _value(node, "styleLink")}
    for node in root.findall(f"{_W}num"):
        key = _value(node, "abstractNumId")
        linked = by_style.get(_value(abstract.get(key), "numStyleLink"))
        key = linked if linked is not None else key
        if key in abstract:
            numbers.lists[node.get(f"{_W}numId", "")] = _list(key or "", abstract[key], node)
    return numbers


def _list(key: str, abstract: Node, node: Node) -> _List:
    levels = {_whole(each.get(f"{_W}ilvl"), 0): _level(each) for each in abstract.findall(f"{_W}lvl")}
    starts: dict[int, int] = {}
    for override in node.findall(f"{_W}lvlOverride"):
        at = _whole(override.get(f"{_W}ilvl"), 0)
        own = override.find(f"{_W}lvl")
        if own is not None:
            levels[at] = _level(own)
        start = _value(override, "startOverride")
        if start is not None:
            starts[at] = _whole(start, 1)
    inside = {at: level for at, level in levels.items() if 0 <= at < 9}
    return _List(key, inside, {at: start for at, start in starts.items() if 0 <= at < 9})


def _level(node: Node) -> _Level:
    form = next(node.iter(f"{_W}numFmt"), None)
    restart = _value(node, "lvlRestart")
    return _Level(
        _whole(_value(node, "start"), 1),
        "decimal" if form is None else _form(form),
        _value(node, "lvlText") or "",
        None if restart is None else _whole(restart, 0),
        bool(_switch(node, "isLgl")),
        _value(node, "pStyle"),
    )


def _form(node: Node) -> str:
    """Return the name of a number format; of 001, 002, 003 … the zeros."""
    custom = re.match(r"0*1(?=,|$)", node.get(f"{_W}format", ""))
    return custom[0] if custom else node.get(f"{_W}val", "decimal")


def _whole(value: str | None, default: int) -> int:
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


# --- the walk ---------------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """A stretch of a paragraph: its text, the tracked change it is under, and why it cannot be seen."""

    text: str
    mark: Mark | None = None
    why: str = ""

    @property
    def is_final(self) -> bool:
        """Whether the piece stands in the final text."""
        return not self.why and (self.mark is None or self.mark[0] not in _GONE)


@dataclass(frozen=True)
class _Context:
    """What is known from above about the part of the tree that is being walked."""

    mark: Mark | None = None
    why: str = ""
    shaded: bool = False
    look: _Look = _SILENT
    boxed: bool = False

    def under(self, node: Node) -> _Context:
        """Return the context inside a tracked change; what is deleted stays deleted whatever is inside."""
        if self.mark is not None and self.mark[0] in _GONE:
            return self
        return replace(
            self, mark=(_TRACKED[node.tag], node.get(f"{_W}author", ""), node.get(f"{_W}date", ""))
        )


@dataclass
class _Walk:
    """The state of one walk through a document."""

    package: _Package
    styles: _Styles
    numbers: _Numbers
    pen: Pen = field(default_factory=Pen)
    changes: list[Change] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    carried: list[_Piece] = field(default_factory=list)  # paragraphs whose end was deleted
    anchored: list[tuple[Node, _Context]] = field(default_factory=list)  # boxes and notes of this paragraph
    new_lines: list[tuple[Mark, int]] = field(default_factory=list)  # inserted line ends the pen holds back
    notes_seen: set[tuple[str, str]] = field(default_factory=set)
    note_parts: dict[str, dict[str, Node]] = field(default_factory=dict)
    pictures: int = 0
    unread: int = 0


def _blocks(walk: _Walk, container: Node, ctx: _Context) -> None:
    """Write the paragraphs and tables of a body, cell, box or note, through whatever wraps them."""
    for node, inner in _through(container, (f"{_W}p", f"{_W}tbl", f"{_W}altChunk"), ctx):
        if node.tag == f"{_W}p":
            _paragraph(walk, node, inner)
        elif node.tag == f"{_W}tbl":
            _flush(walk)
            _table(walk, node, inner)
        else:
            walk.unread += 1


def _through(node: Node, wanted: tuple[str, ...], ctx: _Context) -> Iterator[tuple[Node, _Context]]:
    """Yield the wanted children of a node, also those inside content controls and other wrappers."""
    for child in node:
        tag = child.tag
        if tag in wanted:
            yield child, ctx
        elif tag == f"{_W}sdt":
            yield from _through(child, wanted, _controlled(child, ctx))
        elif tag in _WRAPPERS:
            yield from _through(child, wanted, ctx)
        elif tag in _TRACKED:
            yield from _through(child, wanted, ctx.under(child))
        elif tag == f"{_MC}AlternateContent":
            yield from _through(_alternative(child), wanted, ctx)


def _controlled(sdt: Node, ctx: _Context) -> _Context:
    """Return the context inside a content control; its prompt (单击此处输入文字) was written by nobody."""
    prompt = _switch(sdt.find(f"{_W}sdtPr"), "showingPlcHdr")
    return replace(ctx, why=ctx.why or "内容控件的填写提示") if prompt else ctx


def _alternative(node: Node) -> Node:
    """Return the one branch of an alternative that is read: the first choice, the fallback if that is mute."""
    branches = [*node.findall(f"{_MC}Choice"), *node.findall(f"{_MC}Fallback")]
    speaking = (
        branch for branch in branches if next(branch.iter(f"{_W}t", f"{_W}delText"), None) is not None
    )
    return next(speaking, branches[0] if branches else node)


def _paragraph(walk: _Walk, node: Node, ctx: _Context) -> None:
    properties = node.find(f"{_W}pPr")
    style = _value(properties, "pStyle") or walk.styles.default
    look = walk.styles.look(style)
    if properties is not None and _is_coloured(properties.find(f"{_W}shd")):
        look = look._replace(shaded=True)
    pieces = walk.carried + list(_inline(walk, node, replace(ctx, look=look)))
    end = _end_mark(properties, ctx)
    if end.why or (end.mark is not None and end.mark[0] in _GONE):
        # the line end is gone, so what follows goes on in the same paragraph
        walk.carried = [*pieces, end._replace(why="")] if end.mark is not None else pieces
        return
    walk.carried = []
    number = _number(walk, properties, style) if not ctx.why else ""
    _write(walk, pieces, number, 0 if ctx.boxed else walk.styles.level(properties, style), ctx, end.mark)
    _write_anchored(walk)


def _end_mark(properties: Node | None, ctx: _Context) -> _Piece:
    """Return the paragraph's line end as a piece: it may itself be inserted, deleted or hidden."""
    own = None if properties is None else properties.find(f"{_W}rPr")
    inner = ctx
    for child in () if own is None else own:
        if child.tag in _TRACKED:
            inner = inner.under(child)
    return _Piece("\n", inner.mark, "隐藏文字" if _look(own).vanish else "")


def _flush(walk: _Walk) -> None:
    """Write what was carried on from paragraphs whose end was deleted when no paragraph follows."""
    if walk.carried:
        pieces, walk.carried = walk.carried, []
        # the last line end belongs to the cell or the table behind it
        _write(walk, pieces[:-1] if pieces[-1].text == "\n" else pieces, "", 0, _Context())
    _write_anchored(walk)


def _write(
    walk: _Walk, pieces: list[_Piece], number: str, level: int, ctx: _Context, end: Mark | None = None
) -> None:
    """Write one paragraph and note its changes and what it hides; a truly empty one leaves an empty line.

    `end` is the tracked change that made its line end, if any.
    """
    text = "".join(piece.text for piece in pieces if piece.is_final)
    if (
        number
        and text
        and number[-1].isalnum()
        and number[-1].isascii()
        and text[0].isascii()
        and text[0].isalnum()
    ):
        number += " "  # 1 and 2024年 would read 12024年
    text = number + text
    level = level or (0 if ctx.boxed else heading_level(text))
    before = walk.pen.length
    start = walk.pen.put(text, level if len(text) < 200 else 0)
    if text:
        _note_new_lines(walk, before, start)
    _note_pieces(walk, pieces, start + len(number) if text else walk.pen.length)
    if text or (not pieces and not walk.anchored):
        if end is not None:
            walk.new_lines.append((end, walk.pen.place()[1]))
        walk.pen.end("\n")


def _note_new_lines(walk: _Walk, before: int, start: int) -> None:
    """Note the inserted line ends among the separators that were just written from `before` to `start`."""
    made, walk.new_lines = walk.new_lines, []
    for mark, at in made:
        if before + at < start:
            _add_change(walk.changes, mark, before + at, "\n")


def _note_pieces(walk: _Walk, pieces: list[_Piece], at: int) -> None:
    unseen: list[_Piece] = []
    for piece in pieces:
        if piece.mark is not None and not piece.why:
            _add_change(walk.changes, piece.mark, at, piece.text)
        if piece.is_final:
            at += len(piece.text)
        elif piece.why and piece.text.strip():
            unseen.append(piece)
    for piece in unseen:
        last = walk.hidden[-1] if walk.hidden and piece is not unseen[0] else None
        if last is not None and last.why == piece.why:
            walk.hidden[-1] = Hidden(last.text + piece.text, piece.why)
        else:
            walk.hidden.append(Hidden(piece.text, piece.why))


def _add_change(changes: list[Change], mark: Mark, at: int, text: str) -> None:
    """Add a tracked change, or lengthen the last one where the same hand went on."""
    if not text:
        return
    kind, author, date = mark
    end = at if kind in _GONE else at + len(text)
    last = changes[-1] if changes else None
    if last and (last.kind, last.author, last.date, last.end) == (kind, author, date, at):
        changes[-1] = replace(last, end=end, text=last.text + text)
    else:
        changes.append(Change(kind, author, date, at, end, text))


def _write_anchored(walk: _Walk) -> None:
    """Write the text boxes and notes that hang on the paragraph just written."""
    anchored, walk.anchored = walk.anchored, []
    for node, ctx in anchored:
        if node.tag == f"{_V}textpath":
            _write(walk, [_Piece(node.get("string", ""), ctx.mark, ctx.why)], "", 0, ctx)
            continue
        _blocks(walk, node, ctx)
        _flush(walk)


def _number(walk: _Walk, properties: Node | None, style: str | None) -> str:
    """Return a paragraph's automatic number as Word shows it, "" if it has none."""
    own = None if properties is None else properties.find(f"{_W}numPr")
    number, level = _value(own, "numId"), _value(own, "ilvl")
    if number is None:
        number, inherited, source = walk.styles.numbering(style)
        level = level or inherited or _level_of_style(walk.numbers, number, source)
    return walk.numbers.next(number, _whole(level, 0)) if number not in (None, "0") else ""


def _level_of_style(numbers: _Numbers, number: str | None, style: str | None) -> str | None:
    series = numbers.lists.get(number or "")
    levels = series.levels.items() if series else ()
    return next((str(at) for at, level in levels if style is not None and level.style == style), None)


# --- inside a paragraph -----------------------------------------------------------------------------------


def _inline(walk: _Walk, node: Node, ctx: _Context) -> Iterator[_Piece]:
    """Yield the pieces of a paragraph in reading order, through whatever wraps its runs."""
    for child in node:
        tag = child.tag
        if tag == f"{_W}r":
            yield from _run(walk, child, ctx)
        elif tag in _WRAPPERS:
            yield from _inline(walk, child, ctx)
        elif tag in _TRACKED:
            yield from _inline(walk, child, ctx.under(child))
        elif tag == f"{_W}sdt":
            yield from _inline(walk, child, _controlled(child, ctx))
        elif tag == f"{_MC}AlternateContent":
            yield from _inline(walk, _alternative(child), ctx)
        elif tag in (f"{_M}oMath", f"{_M}oMathPara"):
            yield _Piece("".join(part.text or "" for part in child.iter(f"{_M}t")), ctx.mark, ctx.why)


def _run(walk: _Walk, run: Node, ctx: _Context) -> Iterator[_Piece]:
    why = ctx.why or _why_unseen(walk, run, ctx)
    inner = replace(ctx, why=why) if why else ctx
    text = ""
    for child in run:
        if child.tag == f"{_MC}AlternateContent":
            for part in _alternative(child):
                _anchor(walk, part, inner)
        elif child.tag == f"{_W}ruby":
            # the reading aid above the characters is no text of its own
            base = child.find(f"{_W}rubyBase")
            yield _Piece(text, ctx.mark, why)
            text = ""
            yield from () if base is None else _inline(walk, base, ctx)
        else:
            text += _text(child)
            _anchor(walk, child, inner)
    if text or len(run) > (run.find(f"{_W}rPr") is not None):
        # a run with a picture or a page break is a piece without text: its paragraph is no empty line
        yield _Piece(text, ctx.mark, why)


def _text(node: Node) -> str:
    """Return the characters that a child of a run stands for."""
    tag = node.tag
    if tag in (f"{_W}t", f"{_W}delText"):
        text: str = node.text or ""
        # a line end in the XML is layout of the XML
        return re.sub(r"\s*\n\s*", " ", text).strip() if "\n" in text else text
    if tag == f"{_W}br":
        return "\n" if node.get(f"{_W}type", "textWrapping") == "textWrapping" else ""
    if tag == f"{_W}sym":
        return _symbol(node)
    return _FIXED_TEXT.get(tag, "") if isinstance(tag, str) else ""


def _symbol(node: Node) -> str:
    code = node.get(f"{_W}char", "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    point = int(code, 16)
    if 0xF000 <= point <= 0xF0FF:
        return _SYMBOLS.get((node.get(f"{_W}font", "").lower(), point - 0xF000), "")
    known = _SYMBOLS.get((node.get(f"{_W}font", "").lower(), point))
    return known or (chr(point) if point >= 0x20 and not 0xD800 <= point <= 0xF8FF else "")


def _why_unseen(walk: _Walk, run: Node, ctx: _Context) -> str:
    """Return why a reader of the page does not see a run, "" where he does."""
    properties = run.find(f"{_W}rPr")
    style = walk.styles.look(_value(properties, "rStyle"))
    own = _look(properties)
    look = own.over(style).over(ctx.look)
    if own.vanish is None:
        # between styles the switch toggles (ECMA-376 part 1, 17.7.3)
        look = look._replace(vanish=bool(style.vanish) != bool(ctx.look.vanish))
    if look.vanish:
        return "隐藏文字"
    if look.white and not look.shaded and not ctx.shaded:
        return "白色文字"
    return "极小文字" if look.tiny else ""


def _anchor(walk: _Walk, node: Node, ctx: _Context) -> None:
    """Remember the text boxes and the note that hang on this place; count pictures."""
    tag = node.tag
    if tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
        note = _footnote(walk, "footnotes" if tag.endswith("}footnoteReference") else "endnotes", node)
        if note is not None:
            walk.anchored.append((note, _Context(ctx.mark, ctx.why)))
    elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
        if ctx.mark is not None and ctx.mark[0] in _GONE:
            return
        found, pictures = _boxes(node)
        walk.pictures += pictures
        walk.anchored += [(box, _Context(ctx.mark, ctx.why, shaded, boxed=True)) for box, shaded in found]


def _footnote(walk: _Walk, part: str, reference: Node) -> Node | None:
    """Return the note that a reference names, once."""
    if part not in walk.note_parts:
        root = walk.package.part(part)
        notes = () if root is None else root
        # separators are notes with a type
        walk.note_parts[part] = {
            note.get(f"{_W}id"): note
            for note in notes
            if isinstance(note.tag, str) and note.get(f"{_W}type") in (None, "normal")
        }
    key = reference.get(f"{_W}id", "")
    if (part, key) in walk.notes_seen:
        return None
    walk.notes_seen.add((part, key))
    return walk.note_parts[part].get(key)


def _boxes(drawing: Node) -> tuple[list[tuple[Node, bool]], int]:
    """Return the outermost text boxes of a drawing, each with whether it has a coloured ground, and pictures."""
    found: list[tuple[Node, bool]] = []
    pictures = 0
    stack = [drawing]
    while stack:
        node = stack.pop()
        if node.tag == f"{_W}txbxContent" or (node.tag == f"{_V}textpath" and node.get("string")):
            found.append((node, _filled(node)))
        elif node.tag == f"{_MC}AlternateContent":
            stack.append(_alternative(node))
        else:
            pictures += node.tag in (f"{_A}blip", f"{_V}imagedata")
            stack.extend(reversed(node))
    return found, pictures


def _filled(box: Node) -> bool:
    """Return whether the shape around a text box is filled, so that white text on it can be read."""
    if box.tag == f"{_V}textpath":
        return True
    for shape in box.iterancestors():
        if shape.tag == f"{_W}r":
            return False
        if shape.get("fillcolor", "white").lower() not in ("white", "#ffffff", "#fff"):
            return True
        for fill in shape.iterchildren():
            if isinstance(fill.tag, str) and fill.tag.endswith("}spPr"):
                return any(_paints(paint) for paint in fill)
    return False


def _paints(paint: Node) -> bool:
    if paint.tag in (f"{_A}gradFill", f"{_A}blipFill", f"{_A}pattFill"):
        return True
    if paint.tag != f"{_A}solidFill":
        return False
    return not any(_is_white(color.get("val", "")) or color.get("val") in ("bg1", "lt1") for color in paint)


# --- tables -----------------------------------------------------------------------------------------------


def _table(walk: _Walk, table: Node, ctx: _Context) -> None:
    """Write a table row by row; a cell merged over others stands once, where it begins."""
    properties = table.find(f"{_W}tblPr")
    shaded = properties is not None and (
        _is_coloured(properties.find(f"{_W}shd")) or walk.styles.shades_tables(_value(properties, "tblStyle"))
    )
    inner = replace(ctx, shaded=ctx.shaded or shaded)
    for row, row_ctx in _through(table, (f"{_W}tr",), inner):
        own = row.find(f"{_W}trPr")
        for child in () if own is None else own:
            if child.tag in _TRACKED:
                row_ctx = row_ctx.under(child)
        _row(walk, row, row_ctx)


def _row(walk: _Walk, row: Node, ctx: _Context) -> None:
    before = walk.pen.place()
    for cell, inner in _through(row, (f"{_W}tc",), ctx):
        place = walk.pen.place()
        _blocks(walk, cell, _cell_context(cell, inner))
        _flush(walk)
        walk.pen.end_cell(place)
        # the line end of a cell's last paragraph gave way to the tab
        held = place[1] if walk.pen.length == place[0] else 0
        walk.new_lines = [(mark, at) for mark, at in walk.new_lines if at < held]
    walk.pen.end_row(before)


def _cell_context(cell: Node, ctx: _Context) -> _Context:
    properties = cell.find(f"{_W}tcPr")
    if properties is None:
        return ctx
    if any(_continues(properties.find(f"{_W}{merge}")) for merge in ("vMerge", "hMerge")):
        ctx = replace(ctx, why=ctx.why or "被合并单元格盖住的文字")
    deleted = properties.find(f"{_W}cellDel")
    if deleted is not None and (ctx.mark is None or ctx.mark[0] not in _GONE):
        ctx = replace(ctx, mark=("delete", deleted.get(f"{_W}author", ""), deleted.get(f"{_W}date", "")))
    shade = properties.find(f"{_W}shd")
    return ctx if shade is None else replace(ctx, shaded=_is_coloured(shade))


def _continues(merge: Node | None) -> bool:
    """Return whether a cell goes on with the cell it is merged into."""
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


# --- headers, footers, comments ---------------------------------------------------------------------------


def _furniture(walk: _Walk) -> list[tuple[str, str]]:
    """Write each header and footer once at the end; return them as (页眉 or 页脚, text) for the notes."""
    even = _switch(walk.package.part("settings"), "evenAndOddHeaders")
    shown: list[tuple[str, str]] = []
    for where, target, used in _references(walk.package.main, bool(even)):
        root = walk.package.part(target) if target in walk.package.related else None
        if root is None:
            continue
        text = _furniture_text(walk, root)
        if not text or is_page_number(text) or (where, text) in shown:
            continue
        if not used:
            walk.hidden.append(Hidden(text, f"未启用的{where}"))
            continue
        shown.append((where, text))
        _blocks(walk, root, _Context(boxed=True))
        _flush(walk)
    return shown


def _references(main: Node, even: bool) -> Iterable[tuple[str, str, bool]]:
    """Yield (页眉 or 页脚, relationship id, whether it is ever shown): headers first."""
    for where, tag in (("页眉", "headerReference"), ("页脚", "footerReference")):
        for section in main.iter(f"{_W}sectPr"):
            title = bool(_switch(section, "titlePg"))
            for reference in section.findall(f"{_W}{tag}"):
                kind = reference.get(f"{_W}type", "default")
                used = {"first": title, "even": even}.get(kind, True)
                yield where, reference.get(f"{_R}id", ""), used


def _furniture_text(walk: _Walk, root: Node) -> str:
    """Return the visible text of a header or footer without writing it."""
    trial = _Walk(walk.package, walk.styles, _Numbers())
    _blocks(trial, root, _Context(boxed=True))
    _flush(trial)
    return trial.pen.text.strip()


def _comments(walk: _Walk) -> None:
    root = walk.package.part("comments")
    for comment in () if root is None else root.findall(f"{_W}comment"):
        text = "\n".join(
            "".join(map(_text, paragraph.iter(f"{_W}t"))) for paragraph in comment.iter(f"{_W}p")
        )
        if text.strip():
            walk.hidden.append(Hidden(text.strip(), f"批注（{comment.get(f'{_W}author', '') or '未署名'}）"))


def _notes(walk: _Walk, furniture: list[tuple[str, str]]) -> tuple[str, ...]:
    """Return what the user should know about this file, in Chinese sentences."""
    comments = sum(hidden.why.startswith("批注") for hidden in walk.hidden)
    # a move is two entries and one change
    changes = sum(change.kind != "move_from" for change in walk.changes)
    unseen = sum(hidden.why in ("隐藏文字", "白色文字", "极小文字") for hidden in walk.hidden)
    counted = (
        (changes, f"含修订 {changes} 处，正文取修订后的内容"),
        (unseen, f"含不可见文字 {unseen} 处，未作为正文"),
        (comments, f"含批注 {comments} 条，未作为正文"),
        (walk.pictures, f"含图片 {walk.pictures} 张，图中文字未读"),
        (walk.unread, f"含嵌入的其他文件 {walk.unread} 个，未读"),
    )
    notes = [note for count, note in counted if count]
    return (*notes, *(f"{where}：{' '.join(text.split())}" for where, text in furniture))
