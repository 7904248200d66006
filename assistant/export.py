"""A draft becomes Word files: the letter in official layout, and its evidence annex."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from assistant.layout import Layout, twips
from assistant.remarks import Remark, anchor
from assistant.reply import Citation, Draft, Section, Sentence
from assistant.save import ExportError, hide, refuse_name, steady, write_whole
from assistant.stylesheet import chars, fonts_xml, settings_xml, styles_xml
from assistant.typeset import (
    Piece,
    curl_quotes,
    gap,
    is_unverified,
    paragraphs,
    printable,
    runs,
    width,
)
from indexes.hit import STATUS_WORDS, recognised

__all__ = ["STATUS_WORDS", "ExportError", "write_annex", "write_letter", "write_remarks"]

Value = TypeVar("Value")

# Identifiers and values that code compares; a name cannot stand in them, an alias would break them.
_CODES = frozenset({"kind", "letter_type", "document_id", "status", "support"})
_HEADINGS = {1: "heading 1", 2: "heading 2", 3: "heading 3", 4: "heading 4"}
_BRACKETS = re.compile(r"[\[［【(（〔](\d{4})[\]］】)）〕]")
_LONG = 400  # characters; a row with more in a cell may run over the page, or it would leave the page empty
_COLUMNS = (("序号", 0.06), ("文书语句", 0.33), ("依据", 0.21), ("原文摘录", 0.29), ("核实情况", 0.11))
# Parts of python-docx's template that would bring theme fonts, a picture and numbering of its own (X01).
_UNWANTED = ("theme", "stylesWithEffects", "webSettings", "customXml", "numbering", "fontTable", "thumbnail")
_UNWANTED_PACKAGE = ("thumbnail", "extended-properties")


def write_letter(
    draft: Draft, path: Path, layout: Layout, aliases: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write the letter as .docx in official layout (GB/T 9704-2012 as `layout` gives it).

    Gaps and what is not verified stay visible and highlighted. `aliases` (name → alias) stand for protected
    persons everywhere, the properties included. The same draft gives the same bytes. The file is there whole
    or not at all. Raises ExportError: the folder is missing or cannot be written, the disk is full, the name
    of the file is no .docx or holds a protected name.
    """
    refuse_name(path, aliases)
    draft = _masked(draft, aliases)
    word = _blank(layout, f"{draft.office}{_kind_line(draft)}", draft.date)
    _page(word, layout)
    _head(word, draft)
    for section in draft.sections:
        for paragraph in paragraphs(section):
            _add(word, _HEADINGS.get(paragraph.level, "Body Text"), paragraph.pieces)
    _tail(word, draft, layout)
    _save(word, path)


def write_report(
    draft: Draft, path: Path, layout: Layout, aliases: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write a paper that goes to nobody (a summary of a hearing): as a letter, without number and addressee.

    Raises ExportError as `write_letter` does.
    """
    refuse_name(path, aliases)
    draft = _masked(draft, aliases)
    word = _blank(layout, _kind_line(draft), draft.date)
    _page(word, layout)
    _add(word, "Title", [Piece(_kind_line(draft))])
    for section in draft.sections:
        lines = [replace(section, heading="", sentences=(one,), gaps=()) for one in section.sentences]
        for part in [replace(section, sentences=(), gaps=()), *lines, replace(section, heading="", sentences=())]:
            for paragraph in paragraphs(part):
                _add(word, _HEADINGS.get(paragraph.level, "Body Text"), paragraph.pieces)
    _save(word, path)


def write_annex(
    draft: Draft, path: Path, layout: Layout, aliases: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Write the evidence annex as .docx: for each sentence its sources, article or page, quote and status.

    A quote is shown after the same aliases as its sentence. Raises ExportError as `write_letter` does.
    """
    refuse_name(path, aliases)
    draft = _masked(draft, aliases)
    title = f"{_kind_line(draft)}证据依据表"
    word = _blank(layout, f"{draft.office}{title}", draft.date)
    _page(word, layout, lying=True)
    _add(word, "Title", [Piece(title)])
    _add(word, "表格说明", [Piece(_summary(draft))])
    _table(word, draft, layout)
    _save(word, path)


def write_remarks(source: Path | str, path: Path, layout: Layout, remarks: Sequence[Remark]) -> list[Remark]:
    """Write a copy of a Word file (or of a text) with a comment at the words of each remark.

    Gives the remarks whose words do not stand in the body (a header, a footnote, a picture). Raises ExportError.
    """
    refuse_name(path, {})
    if isinstance(source, Path):
        try:
            word = Document(str(source))
        except (OpcError, KeyError, ValueError) as error:
            raise ExportError(source, "无法在其中加批注", "请用 Word 或 WPS 另存为新的 .docx 再试") from error
    else:
        word = _blank(layout, "引用核对", "")
        for line in source.split("\n"):
            _add(word, "Body Text", [Piece(line)])
    anchors, missing = anchor(word.element.body, remarks)
    for one in anchors:
        runs_ = [Run(one.first, word._body), Run(one.last, word._body)]
        word.add_comment(runs_, printable(one.remark.note), author="共治", initials="共治")
    _save(word, path)
    return missing


def _masked(value: Value, aliases: Mapping[str, str]) -> Value:
    """The value with aliases in every text that it holds, however deep; texts added later are covered, too."""
    masked: Any = value
    if isinstance(value, str):
        masked = hide(value, aliases)
    elif isinstance(value, tuple):
        masked = tuple(_masked(each, aliases) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in fields(value) if field.name not in _CODES)
        masked = replace(value, **{name: _masked(getattr(value, name), aliases) for name in names})
    result: Value = masked
    return result


# The letter, from its head to its tail


def _head(word: Any, draft: Draft) -> None:
    _add(word, "Title", [_or_gap(draft.office, "制发机关全称")])
    _add(word, "Title", [Piece(_kind_line(draft))])
    _add(word, "文号", [_or_gap(_numbered(draft.number), "文号")])
    addressee = draft.addressee.strip().rstrip("：:")
    _add(word, "Salutation", [_or_gap(addressee, "被建议单位全称"), Piece("：")])


def _numbered(number: str) -> str:
    """The 文号 with 〔〕 around its year, whatever brackets it came with (GB/T 9704-2012, 7.2.5)."""
    return _BRACKETS.sub(r"〔\1〕", number)


def _kind_line(draft: Draft) -> str:
    """The second line of the title: what the letter is, without the office that stands above it."""
    title = "".join(printable(draft.title).split())
    return title.removeprefix(draft.office) or title or draft.kind


def _tail(word: Any, draft: Draft, layout: Layout) -> None:
    """附件说明, signature, date, then 抄送 between rules."""
    _attachments(word, draft.attachments, layout)
    word.paragraphs[-1].paragraph_format.keep_with_next = True  # a signature never stands alone on a page
    _signature(word, draft, layout)
    if draft.copies_to:
        names = "，".join(name.strip().removeprefix("抄送：") for name in draft.copies_to)
        _add(word, "抄送", [Piece(f"抄送：{names.rstrip('。')}。")])


def _attachments(word: Any, names: Sequence[str], layout: Layout) -> None:
    """附件：1.… below one another; continued lines stand under the name (GB/T 9704-2012, 7.3.4)."""
    for number, name in enumerate(names, start=1):
        lead = "附件：" if number == 1 else ""
        count = f"{number}. " if len(names) > 1 else ""
        made = _add(word, "附件说明", [Piece(f"{lead}{count}{name.strip().removeprefix('附件：')}")])
        form = made.paragraph_format
        form.left_indent = Twips(chars(layout, layout.indent_characters + 3 + width(count)))
        form.first_line_indent = Twips(-chars(layout, width(lead + count)))
        if number == 1:
            form.space_before = Twips(layout.line_twips)


def _signature(word: Any, draft: Draft, layout: Layout) -> None:
    """The date stands `signature_characters` from the right, the office centred on it (GB/T 9704-2012, 7.3.5).

    An office too long for that moves the date instead, so that both share one centre.
    """
    office, day = _or_gap(draft.office, "制发机关全称"), _or_gap(_chinese_date(draft.date), "成文日期")
    longer = (width(office.text) - width(day.text)) / 2
    right = max(layout.signature_characters, longer)
    _indent_right(_add(word, "Signature", [office]), layout, right - longer)
    last = _add(word, "Date", [day])
    _indent_right(last, layout, right)
    last.paragraph_format.keep_with_next = bool(draft.copies_to)


def _indent_right(paragraph: WordParagraph, layout: Layout, count: float) -> None:
    paragraph.paragraph_format.right_indent = Twips(chars(layout, count))
    paragraph._p.get_or_add_pPr().get_or_add_ind().set(qn("w:rightChars"), str(round(count * 100)))


def _or_gap(text: str, wanting: str) -> Piece:
    shown = printable(text).strip()
    return Piece(shown) if shown else gap(wanting)


def _day(text: str) -> date | None:
    """The date of a draft, ISO or Chinese; None where it is neither."""
    found = re.fullmatch(r"\s*(\d{4})[-年](\d{1,2})[-月](\d{1,2})日?\s*", text)
    if not found:
        return None
    with contextlib.suppress(ValueError):  # 31 February
        return date(int(found[1]), int(found[2]), int(found[3]))
    return None


def _chinese_date(text: str) -> str:
    """2026年3月5日, without leading zeros (GB/T 9704-2012, 7.3.5.4); anything else stays as it was written."""
    day = _day(text)
    return f"{day.year}年{day.month}月{day.day}日" if day else text


# The annex


def _summary(draft: Draft) -> str:
    sentences = [sentence for section in draft.sections for sentence in section.sentences]
    cited = sum(1 for sentence in sentences if sentence.citations)
    doubtful = sum(map(is_unverified, sentences))
    gaps = sum(len(section.gaps) for section in draft.sections)
    number = f"{_numbered(draft.number)}，" if draft.number else ""
    return f"{number}共{len(sentences)}句，其中有出处{cited}句，待核实{doubtful}句；另有待补充{gaps}处。"


def _table(word: Any, draft: Draft, layout: Layout) -> None:
    table = word.add_table(rows=0, cols=len(_COLUMNS))
    table.style = "Table Grid"
    table.autofit = False
    total = twips(layout.text_height_mm)
    for column, (_, share) in zip(table.columns, _COLUMNS, strict=True):
        column.width = Twips(round(total * share))
    head = _row(table, [[Piece(name)] for name, _ in _COLUMNS], "TableHead")
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    number = 0
    for section in draft.sections:
        if section.heading:
            _band(table, section.heading)
        for sentence in section.sentences:
            number += 1
            _sentence_rows(table, number, sentence)
        _gap_rows(table, section)


def _sentence_rows(table: Any, number: int, sentence: Sentence) -> None:
    """One row for each citation; number and sentence stand once, merged over them."""
    # a sentence is shown as the letter prints it, a quote exactly as its source has it
    shown = [Piece(str(number))], [Piece(curl_quotes(sentence.text.strip()))]
    if not sentence.citations:
        doubtful = is_unverified(sentence)
        status = Piece("待核实", flag=True) if doubtful else Piece("格式语句")
        _row(table, [*shown, [Piece(sentence.basis or "无出处")], [Piece("—")], [status]])
        return
    for place, citation in enumerate(sentence.citations):
        status = Piece(_state(citation), flag=citation.status != "verified")
        lead = shown if place == 0 else ([], [])
        row = _row(table, [*lead, [Piece(_source(citation))], [Piece(citation.quote or "—")], [status]])
        if len(sentence.citations) > 1:
            for cell in row.cells[:2]:
                _merge_down(cell, first=place == 0)
    if sentence.support == "unverified":
        _row(table, [[], [], [], [], [Piece("待核实", flag=True)]])


def _gap_rows(table: Any, section: Section) -> None:
    for wanting in section.gaps:
        _row(table, [[], [gap(wanting)], [], [], [Piece("待补充", flag=True)]])


def _state(citation: Citation) -> str:
    """What was checked: of law that it is in force, of a paper that its words stand there."""
    if citation.law is None and citation.status == "verified":
        return recognised(citation.confidence) or "已核实"
    return STATUS_WORDS[citation.status]


def _source(citation: Citation) -> str:
    """Where a quote comes from: title, article and page, and the span by which it can be opened."""
    name = (
        f"《{citation.law}》" if citation.law and "《" not in citation.law else citation.law or citation.title
    )
    page = f"第{citation.page}页" if citation.page else ""
    span = f"{citation.document_id}:{citation.start}-{citation.end}" if citation.document_id else ""
    lines = (f"{name}{citation.article or ''}", page, span)
    return "\n".join(line for line in lines if line)


def _band(table: Any, heading: str) -> None:
    """A row over all columns that names the part of the letter."""
    row = _row(table, [[Piece(heading)], *([] for _ in _COLUMNS[1:])], "TableNote")
    merged = row.cells[0].merge(row.cells[-1])
    for empty in merged.paragraphs[1:]:
        empty._p.getparent().remove(empty._p)
    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", "E7E6E6")):
        shade.set(qn(f"w:{key}"), value)
    merged._tc.get_or_add_tcPr().append(shade)


def _row(table: Any, cells: Sequence[Sequence[Piece]], style: str = "TableText") -> Any:
    row = table.add_row()
    if all(len(piece.text) < _LONG for pieces in cells for piece in pieces):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, pieces in zip(row.cells, cells, strict=True):
        paragraph = cell.paragraphs[0]
        paragraph._p.get_or_add_pPr().style = style  # by its id: a look-up by name for each cell is slow
        _fill(paragraph, pieces)
    return row


def _merge_down(cell: _Cell, first: bool) -> None:
    merge = OxmlElement("w:vMerge")
    if first:
        merge.set(qn("w:val"), "restart")
    cell._tc.get_or_add_tcPr().append(merge)


# Paragraphs and runs


def _add(word: Any, style: str, pieces: Sequence[Piece]) -> WordParagraph:
    paragraph: WordParagraph = word.add_paragraph(style=style)
    _fill(paragraph, pieces)
    return paragraph


def _fill(paragraph: WordParagraph, pieces: Iterable[Piece]) -> None:
    """Add runs; fonts come from the style, a run only says which of them takes quotes and dashes (X02)."""
    for piece in pieces:
        for text, chinese in runs(printable(piece.text)):
            run = paragraph.add_run(text)
            if chinese:
                run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:hint"), "eastAsia")
            if piece.flag:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW


# The page


def _page(word: Any, layout: Layout, lying: bool = False) -> None:
    """Margins, grid and page numbers; a lying page keeps the type area, turned."""
    section = word.sections[0]
    size = twips(layout.page_width_mm), twips(layout.page_height_mm)
    margins = [twips(mm) for mm in (layout.top_mm, layout.right_mm, layout.bottom_mm, layout.binding_mm)]
    if lying:  # the binding edge comes to the top (GB/T 9704-2012, 7.6)
        size, margins = size[::-1], [margins[3], margins[0], margins[1], margins[2]]
        section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Twips, size)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Twips, margins)
    section.header_distance = section.footer_distance = Twips(_footer_distance(layout, margins[2]))
    section.gutter = Twips(0)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:linePitch"), str(layout.line_twips))
    if not lying:
        grid.set(qn("w:type"), "lines")
    _footer(section.footer, layout, WD_ALIGN_PARAGRAPH.RIGHT)
    _footer(section.even_page_footer, layout, WD_ALIGN_PARAGRAPH.LEFT)


def _footer_distance(layout: Layout, margin: int) -> int:
    """From the edge of the paper to the footer, whose dashes lie `page_number_drop_mm` below the type area."""
    below_dash = round(layout.page_number.size_pt * 0.52 * 20)  # what a line has below its dash
    return max(margin - twips(layout.page_number_drop_mm) - below_dash, twips(5))


def _footer(footer: Any, layout: Layout, side: WD_ALIGN_PARAGRAPH) -> None:
    """— 1 — at the outside, one character from the edge of the type area (GB/T 9704-2012, 7.5)."""
    footer.is_linked_to_previous = False
    paragraph = footer.paragraphs[0]
    paragraph.style = "Footer"
    paragraph.alignment = side
    indent = Twips(round(layout.page_number.size_pt * 20))
    form = paragraph.paragraph_format
    if side == WD_ALIGN_PARAGRAPH.LEFT:
        form.left_indent = indent
    else:
        form.right_indent = indent
    _fill(paragraph, [Piece("— ")])
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    number = paragraph.add_run("1")
    field.append(number._r)
    paragraph._p.append(field)
    _fill(paragraph, [Piece(" —")])


# The file


def _blank(layout: Layout, title: str, day: str) -> Any:
    """An empty document with our styles alone: nothing is left of the template's fonts, theme and author."""
    word = Document()
    _drop(word.part.rels, _UNWANTED)
    _drop(word.part.package.rels, _UNWANTED_PACKAGE)
    _refill(word.styles.element, styles_xml(layout))
    _refill(word.settings.element, settings_xml())
    uri = PackURI("/word/fontTable.xml")
    fonts = Part(uri, CONTENT_TYPE.WML_FONT_TABLE, fonts_xml(layout).encode(), word.part.package)
    word.part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)
    _properties(word.core_properties, title, _day(day))
    return word


def _drop(relations: Any, names: Sequence[str]) -> None:
    for id_ in [id_ for id_, each in relations.items() if each.reltype.rsplit("/", 1)[-1] in names]:
        del relations[id_]


def _refill(element: Any, xml: str) -> None:
    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(xml)))


def _properties(properties: Any, title: str, day: date | None) -> None:
    """The letter's own title and date; no author, and never the clock of this machine."""
    for child in list(properties._element):
        properties._element.remove(child)
    properties.title = printable(title)[:255]
    properties.author = properties.last_modified_by = ""
    properties.language = "zh-CN"
    if day:
        properties.created = properties.modified = datetime(day.year, day.month, day.day)


def _save(word: Any, path: Path) -> None:
    made = io.BytesIO()
    word.save(made)
    write_whole(path, steady(made.getvalue()))
