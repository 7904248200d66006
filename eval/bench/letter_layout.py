"""Measures a letter on paper, from its PDF, in millimetres and points, against the official layout.

python -m eval.bench.letter_layout LETTER.docx      (converts with LibreOffice first)
python -m eval.bench.letter_layout LETTER.pdf

Exit code 1 where a measure strays further than its tolerance. Fonts that are not installed are drawn by
others, so names are printed, not judged; the .docx names the right ones (tests/assistant/test_export.py).
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_MM = 25.4 / 72
# A renderer's share of an exact line above the baseline (LibreOffice: four fifths).
_ABOVE = 0.8
# GB/T 9704-2012, 5.1 to 5.2.3 and 7.5, stated here apart from the product's data: the judge brings his own rule.
PAGE = (210.0, 297.0)
TOP, LEFT, WIDTH, HEIGHT = 37.0, 28.0, 156.0, 225.0
LINES, CHARACTERS = 22, 28
TITLE_PT, BODY_PT, SMALL_PT = 22.0, 16.0, 14.0
NUMBER_DROP = 7.0


@dataclass(frozen=True)
class Glyph:
    """A character on a page: origin of its baseline from the upper left corner, width and size (mm, pt)."""

    char: str
    x: float
    y: float
    right: float
    size_pt: float
    font: str


@dataclass(frozen=True)
class Line:
    """Characters on one baseline, from left to right."""

    page: int
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        """What the line says."""
        return "".join(glyph.char for glyph in self.glyphs)

    @property
    def y(self) -> float:
        """The baseline, in mm from the top of the page."""
        return statistics.median(glyph.y for glyph in self.glyphs)

    @property
    def size_pt(self) -> float:
        """The most frequent size on the line."""
        return Counter(round(glyph.size_pt, 1) for glyph in self.glyphs).most_common(1)[0][0]


@dataclass(frozen=True)
class Measure:
    """A measured value beside the official one."""

    name: str
    unit: str
    wanted: float
    found: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the value lies within the tolerance."""
        return abs(self.found - self.wanted) <= self.tolerance


def read_lines(path: Path) -> tuple[tuple[float, float], list[Line]]:
    """The size of the first page in mm, and the lines of all pages from top to bottom."""
    document = pdfium.PdfDocument(path)
    width, height = document[0].get_size()
    lines = [
        Line(number, tuple(sorted(glyphs, key=lambda glyph: glyph.x)))
        for number, page in enumerate(document, start=1)
        for glyphs in _by_baseline(_glyphs(page))
    ]
    document.close()
    return (width * _MM, height * _MM), lines


def measure(size: tuple[float, float], lines: list[Line]) -> list[Measure]:
    """All measures of a letter of two pages or more (a full page is needed to count its lines)."""
    body = [line for line in lines if line.size_pt == BODY_PT]
    full = max(_pages(body).values(), key=len)
    pitch = statistics.median(b.y - a.y for a, b in pairwise(full))
    top, bottom = full[0].y - _ABOVE * pitch, full[-1].y + (1 - _ABOVE) * pitch
    ends = [
        line.glyphs[-1].right
        for line in body
        if not unicodedata.category(line.glyphs[-1].char).startswith("P")
    ]
    left = min(line.glyphs[0].x for line in body if line.glyphs[0].char.isalpha())
    longest = Counter(len(line.text) for line in _even(body)).most_common()
    return [
        Measure("纸宽", "mm", PAGE[0], size[0], 0.3),
        Measure("纸高", "mm", PAGE[1], size[1], 0.3),
        Measure("天头", "mm", TOP, top, 0.7),
        Measure("订口", "mm", LEFT, left, 0.7),
        Measure("版心宽", "mm", WIDTH, max(ends) - left, 1.0),
        Measure("版心高", "mm", HEIGHT, bottom - top, 1.0),
        Measure("行距", "pt", HEIGHT / LINES / _MM, pitch / _MM, 0.2),
        Measure("每面行数", "行", LINES, len(full), 0),
        Measure("每行字数", "字", CHARACTERS, max((count for count, _ in longest), default=0), 0),
        Measure("正文字号", "pt", BODY_PT, statistics.mode(line.size_pt for line in lines), 0.1),
        *_head(lines, left),
        *_foot(lines, bottom, left),
    ]


def _head(lines: list[Line], left: float) -> Iterator[Measure]:
    titles = [line for line in lines if line.page == 1 and line.size_pt == TITLE_PT]
    yield Measure("标题行数", "行", 2, len(titles), 0)
    for line in titles:
        middle = (line.glyphs[0].x + line.glyphs[-1].right) / 2
        yield Measure(f"居中 {line.text[:8]}", "mm", LEFT + WIDTH / 2, middle, 1.0)
    number = next((line for line in lines if "〔" in line.text and line.page == 1), None)
    salutation = next((line for line in lines if line.text.endswith("：") and line.page == 1), None)
    if titles and number:
        below = (number.y - titles[-1].y) / _MM
        yield Measure("文号在标题下", "pt", HEIGHT / LINES / _MM, below, 3)
        yield Measure("文号右端", "mm", LEFT + WIDTH, number.glyphs[-1].right, 1.5)
    if salutation:
        yield Measure("主送顶格", "mm", left, salutation.glyphs[0].x, 0.7)


def _foot(lines: list[Line], bottom: float, left: float) -> Iterator[Measure]:
    """The page numbers: size, depth of the dashes below the type area, one character from the outer edge."""
    for line in lines:
        if line.y < bottom or not line.text.replace(" ", "").strip("—").isdecimal():
            continue
        dash = line.y - 0.3 * line.size_pt * _MM
        yield Measure(f"页码{line.page}字号", "pt", SMALL_PT, line.size_pt, 0.1)
        yield Measure(f"页码{line.page}距版心", "mm", NUMBER_DROP, dash - bottom, 1.5)
        from_edge = left + WIDTH - line.glyphs[-1].right if line.page % 2 else line.glyphs[0].x - left
        yield Measure(f"页码{line.page}距外侧", "mm", SMALL_PT * _MM, from_edge, 1.5)


def _even(lines: list[Line]) -> list[Line]:
    """Lines of full-width characters alone that begin at the margin: only these show how many a line holds."""
    start = min(line.glyphs[0].x for line in lines)
    return [
        line
        for line in lines
        if line.glyphs[0].x - start < 1
        and all(unicodedata.category(glyph.char) == "Lo" for glyph in (line.glyphs[0], line.glyphs[-1]))
        and all(unicodedata.east_asian_width(char) in "WF" for char in line.text)
    ]


def _pages(lines: list[Line]) -> dict[int, list[Line]]:
    pages: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        pages[line.page].append(line)
    return pages


def _glyphs(page: pdfium.PdfPage) -> Iterator[Glyph]:
    height, text = page.get_height(), page.get_textpage()
    x, y, flags = c_double(), c_double(), c_int()
    for index in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        if char.isspace() or not char.isprintable():
            continue
        raw.FPDFText_GetCharOrigin(text, index, byref(x), byref(y))
        name = create_string_buffer(128)
        raw.FPDFText_GetFontInfo(text, index, name, len(name), byref(flags))
        right = text.get_charbox(index, loose=True)[2]
        size = raw.FPDFText_GetFontSize(text, index)
        font = name.value.decode(errors="replace")
        yield Glyph(char, x.value * _MM, (height - y.value) * _MM, right * _MM, size, font)


def _by_baseline(glyphs: Iterator[Glyph]) -> Iterator[list[Glyph]]:
    row: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.y):
        if row and glyph.y - row[-1].y > 1:
            yield row
            row = []
        row.append(glyph)
    if row:
        yield row


def _as_pdf(path: Path, folder: Path) -> Path:
    """The PDF that LibreOffice makes of a .docx, with a profile of its own so that no open window is in the way."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.pdf"


def main(arguments: list[str]) -> int:
    """Print the table; return 0 where every measure holds, 1 where one strays, 2 on wrong use."""
    if len(arguments) != 1 or not Path(arguments[0]).is_file():
        print("用法：python -m eval.bench.letter_layout 文书.docx|文书.pdf", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    with tempfile.TemporaryDirectory() as folder:
        pdf = path if path.suffix.lower() == ".pdf" else _as_pdf(path, Path(folder))
        size, lines = read_lines(pdf)
    measures = measure(size, lines)
    for each in measures:
        mark = "" if each.holds else "  ← 不符"
        print(f"{each.name:<14}\t{each.wanted:8.2f}\t{each.found:8.2f} {each.unit}{mark}")
    fonts = Counter(glyph.font for line in lines for glyph in line.glyphs)
    print("PDF 中的字体：" + "，".join(f"{font} {count} 字" for font, count in fonts.most_common()))
    return 0 if all(each.holds for each in measures) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
