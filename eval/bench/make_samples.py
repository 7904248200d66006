"""Makes the sample files of `eval/samples` from their sources, with equal bytes every time.

    python -m eval.bench.make_samples [FOLDER]

The texts stand in `eval/samples/source`, one file for each sample, in a markup of one mark a line:
`# ` title, `## ` and `### ` headings, `% ` right, `^ ` centred, `@ ` flush left, `| a | b |` a table
row, `**label**` bold, all else a body paragraph. All persons, places and numbers are invented.
"""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from itertools import groupby
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape

SAMPLES = Path(__file__).parent.parent / "samples"
SOURCE = SAMPLES / "source"
FONTS = SOURCE / "fonts"
MADE = datetime(2026, 11, 25, 8, 0, 0)  # the one time that all files carry

LineKind = Literal["title", "heading", "subheading", "right", "centre", "left", "row", "body"]
MARKS: dict[str, LineKind] = {
    "# ": "title",
    "## ": "heading",
    "### ": "subheading",
    "% ": "right",
    "^ ": "centre",
    "@ ": "left",
    "| ": "row",
}
FONT_OF: dict[LineKind, tuple[str, int]] = {  # the types of GB/T 9704: 二号 title, 三号 body
    "title": ("方正小标宋简体", 22),
    "heading": ("黑体", 16),
    "subheading": ("楷体_GB2312", 16),
}
BODY_FONT = ("仿宋_GB2312", 16)
STYLE_OF: dict[LineKind, str] = {"title": "Title", "heading": "Heading 1", "subheading": "Heading 2"}


@dataclass(frozen=True)
class Line:
    """One line of a source: its kind and its text without the mark."""

    kind: LineKind
    text: str


@dataclass(frozen=True)
class Sample:
    """One file to make: where its source lies, where it goes (both relative), and what makes it."""

    source: str
    target: str
    make: Callable[[str], bytes]


def read_lines(source: str) -> list[Line]:
    """The lines of a source; empty ones only part the text for the eye and are dropped."""
    return [_line(raw) for raw in source.splitlines() if raw.strip()]


def _line(raw: str) -> Line:
    for mark, kind in MARKS.items():
        if raw.startswith(mark):
            return Line(kind, raw[len(mark) :].strip())
    return Line("body", raw.strip())


def _cells(line: Line) -> list[str]:
    return [cell.strip() for cell in line.text.strip("|").split("|")]


def _by_table(lines: list[Line]) -> Iterator[tuple[bool, list[Line]]]:
    for is_table, group in groupby(lines, key=lambda line: line.kind == "row"):
        yield is_table, list(group)


# Word -------------------------------------------------------------------------------------------


def make_docx(source: str) -> bytes:
    """A Word document in the layout of official documents: A4, 156 x 225 mm of text, 28 pt a line."""
    import docx

    document = docx.Document()
    _set_page(document)
    for kind, name in STYLE_OF.items():
        _set_style(document.styles[name], *FONT_OF[kind])
    _set_style(document.styles["Normal"], *BODY_FONT)
    _set_language(document)
    lines = read_lines(source)
    for index, line in enumerate(lines):
        signs = line.kind == "right" and lines[index - 1].kind == "body"
        _add_paragraph(document, line, signs=signs)
    document.core_properties.title = next(line.text for line in lines if line.kind == "title")
    document.core_properties.author = "共治示例"
    document.core_properties.created = document.core_properties.modified = MADE
    stream = io.BytesIO()
    document.save(stream)
    return _with_fixed_times(stream.getvalue())


def _set_page(document: Any) -> None:
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = 1
    paragraph.add_run("— ")
    _add_page_number(paragraph)
    paragraph.add_run(" —")


def _add_page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def _set_style(style: Any, font: str, points: int) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = "Times New Roman", Pt(points)
    style.font.bold = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme font would win over the named one
    fonts.set(qn("w:eastAsia"), font)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)  # the blue rule under python-docx's titles
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = Pt(36 if points > 16 else 28)


def _set_language(document: Any) -> None:
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")  # else punctuation may stand in the middle, as in Taiwan


def _add_paragraph(document: Any, line: Line, *, signs: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph(style=STYLE_OF.get(line.kind, "Normal"))
    for index, part in enumerate(line.text.split("**")):
        if part:
            run = paragraph.add_run(part)
            run.bold = True if index % 2 else None
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")  # for “ ” and —
    if signs:
        paragraph.paragraph_format.space_before = Pt(28)
    if line.kind in ("title", "centre", "right"):
        paragraph.alignment = 2 if line.kind == "right" else 1
    elif line.kind != "left":
        paragraph.paragraph_format.first_line_indent = Pt(32)


def _with_fixed_times(data: bytes) -> bytes:
    """The same zip with every time set to `MADE`, in the entries and in docProps/core.xml."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, date_time=MADE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>%s" % _stamp(), content
                )
            new.writestr(entry, content)
    return stream.getvalue()


def _stamp() -> bytes:
    return f"{MADE.isoformat()}Z".encode()


# PDF --------------------------------------------------------------------------------------------


def make_pdf(source: str) -> bytes:
    """A PDF with a text layer, its fonts embedded, page numbers between dashes.

    Raises ValueError naming the characters that the two small fonts beside the sources lack.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    lines = read_lines(source)
    _register_fonts("".join(line.text for line in lines))
    stream = io.BytesIO()
    title = "".join(line.text for line in lines if line.kind == "title")
    document = SimpleDocTemplate(
        stream, pagesize=A4, invariant=1, title=title, author="共治示例",
        topMargin=30 * mm, bottomMargin=28 * mm, leftMargin=27 * mm, rightMargin=27 * mm,
    )  # fmt: skip
    document.build(list(_flowables(lines)), onFirstPage=_number_page, onLaterPages=_number_page)
    return stream.getvalue()


def _register_fonts(text: str) -> None:
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    for name in ("serif", "sans"):
        font = TTFont(f"samples-{name}", str(FONTS / f"{name}.ttf"))
        missing = {c for c in text if ord(c) not in font.face.charToGlyph}
        if missing:
            raise ValueError(f"{name}.ttf 缺字：{''.join(sorted(missing))}；用 make_fonts 重做字体子集")
        registerFont(font)


def _number_page(canvas: Any, document: Any) -> None:
    canvas.setFont("samples-serif", 11)
    canvas.drawCentredString(document.pagesize[0] / 2, 50, f"— {document.page} —")


def _flowables(lines: list[Line]) -> Iterator[Any]:
    from reportlab.platypus import Paragraph, Spacer

    styles = _pdf_styles()
    for is_table, group in _by_table(lines):
        if is_table:
            yield _pdf_table(group)
            yield Spacer(1, 8)
        else:
            for line in group:
                yield Paragraph(escape(line.text), styles.get(line.kind, styles["body"]))


def _pdf_styles() -> dict[LineKind, Any]:
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle(
        "body", fontName="samples-serif", fontSize=11.5, leading=19.5, wordWrap="CJK", firstLineIndent=23
    )
    flat = {"parent": body, "firstLineIndent": 0}
    return {
        "body": body,
        "title": ParagraphStyle(
            "title", fontName="samples-sans", fontSize=17, leading=27, alignment=1, **flat
        ),
        "heading": ParagraphStyle(
            "heading",
            parent=body,
            fontName="samples-sans",
            fontSize=12,
            spaceBefore=8,
            spaceAfter=3,
            keepWithNext=1,
        ),
        "centre": ParagraphStyle("centre", alignment=1, spaceBefore=5, spaceAfter=5, keepWithNext=1, **flat),
        "right": ParagraphStyle("right", alignment=2, **flat),
        "left": ParagraphStyle("left", **flat),
    }


def _pdf_table(rows: list[Line]) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Table

    cells = [_cells(row) for row in rows]
    look = [
        ("FONT", (0, 0), (-1, -1), "samples-serif", 10.5),
        ("FONT", (0, 0), (-1, 0), "samples-sans", 10.5),
        ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ]
    return Table(cells, style=look, rowHeights=20)


def make_fonts(serif: Path, sans: Path, number: int = 2) -> None:
    """Cut the two fonts to the characters of the PDF source; needs fontTools, run by hand only.

    `serif` and `sans` are Noto CJK collections (SIL Open Font License 1.1) and `number` the place of
    the simplified Chinese face in them. reportlab embeds TrueType outlines only, so curves are turned.
    """
    text = (SOURCE / "2026-0117" / "调查核实报告.md").read_text(encoding="utf-8")
    for name, path in (("serif", serif), ("sans", sans)):
        _cut_font(path, number, set(text) | set(map(chr, range(32, 127))) | {"—"}, FONTS / f"{name}.ttf")


def _cut_font(path: Path, number: int, characters: set[str], target: Path) -> None:
    ttlib, subset = import_module("fontTools.ttLib"), import_module("fontTools.subset")
    font = ttlib.TTFont(path, fontNumber=number, recalcTimestamp=False)
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, drop_tables=["VORG", "BASE"]
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in characters if c >= " "])
    cutter.subset(font)
    _turn_curves(font, ttlib)
    font.save(target)


def _turn_curves(font: Any, ttlib: Any) -> None:
    cu2qu = import_module("fontTools.pens.cu2quPen")
    pens = import_module("fontTools.pens.ttGlyphPen")
    order, glyphs = font.getGlyphOrder(), font.getGlyphSet()
    table = ttlib.newTable("glyf")
    table.glyphOrder, table.glyphs = order, {}
    for name in order:
        pen = pens.TTGlyphPen(glyphs)
        glyphs[name].draw(cu2qu.Cu2QuPen(pen, 1.0, reverse_direction=True))
        table.glyphs[name] = pen.glyph()
    font["loca"], font["glyf"] = ttlib.newTable("loca"), table
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):  # fmt: skip
        setattr(maxp, field, 1 if field == "maxZones" else 0)
    font["post"].formatType = 3.0
    font.sfntVersion = "\x00\x01\x00\x00"


# Spreadsheet and plain text ---------------------------------------------------------------------


def make_xlsx(source: str) -> bytes:
    """A workbook with two sheets: the ledger as it stands, and its counts for each hotel."""
    import openpyxl

    rows = list(csv.reader(io.StringIO(source)))
    book = openpyxl.Workbook()
    ledger, counts = book.worksheets[0], book.create_sheet("汇总")
    ledger.title = "抽查台账"
    for row in rows:
        ledger.append([int(cell) if cell.isdecimal() else cell or None for cell in row])
    for count in _count_ledger([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]):
        counts.append(count)
    for sheet in (ledger, counts):
        _set_sheet(sheet)
    book.properties.creator, book.properties.created = "共治示例", MADE
    stream = io.BytesIO()
    book.save(stream)
    return _with_fixed_times(stream.getvalue())


def _count_ledger(rows: list[dict[str, str]]) -> list[list[str | int]]:
    verdicts = ("未登记", "登记未询问", "已落实")
    table: list[list[str | int]] = []
    for hotel, group in groupby(rows, key=lambda row: row["旅馆名称"]):
        visits = list(group)
        found = [row["抽查结论"] for row in visits]
        minors = sum(int(row["未成年人数"]) for row in visits)
        table.append([hotel, len(visits), *(found.count(verdict) for verdict in verdicts), minors])
    total = [sum(int(row[column]) for row in table) for column in range(1, 6)]
    head: list[str | int] = ["旅馆名称", "抽查间次", *verdicts, "涉未成年人次"]
    return [head, *table, ["合计", *total]]


def _set_sheet(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    for column in sheet.iter_cols():
        longest = max(len(str(cell.value or "")) for cell in column[1:])
        sheet.column_dimensions[column[0].column_letter].width = min(max(longest * 1.6 + 2, 9), 46)
    sheet.freeze_panes = "A2"


def make_txt(source: str) -> bytes:
    """Plain text as older office systems write it: GB18030 with Windows line ends."""
    return source.replace("\n", "\r\n").encode("gb18030")


# All of them ------------------------------------------------------------------------------------


def samples() -> list[Sample]:
    """The files to make, by their sources: what a source's suffix does not settle is said here."""
    found: list[Sample] = []
    for path in sorted(SOURCE.glob("*/*.*")):
        name = path.relative_to(SOURCE)
        if path.stem == "调查核实报告":
            found.append(Sample(str(name), str(name.with_suffix(".pdf")), make_pdf))
        elif path.suffix == ".md":
            found.append(Sample(str(name), str(name.with_suffix(".docx")), make_docx))
        elif path.suffix == ".csv":
            found.append(Sample(str(name), str(name.with_suffix(".xlsx")), make_xlsx))
        elif path.suffix == ".txt" and path.parent != FONTS:
            found.append(Sample(str(name), str(name), make_txt))
    return found


def make_samples(folder: Path) -> list[Path]:
    """Write all samples under `folder`, replacing what is there; returns the paths written."""
    written: list[Path] = []
    for sample in samples():
        source = (SOURCE / sample.source).read_text(encoding="utf-8")
        path = folder / sample.target
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sample.make(source))
        written.append(path)
    return written


def main() -> None:
    """Make the samples in the folder named on the command line, else where they belong."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    for path in make_samples(folder):
        print(f"{path.stat().st_size:>9,}  {path}")


if __name__ == "__main__":
    main()
