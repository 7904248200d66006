"""The named styles of a letter, its settings and its fonts as WordprocessingML text, made from a Layout."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from assistant.layout import Face, Layout

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class _Style:
    """A paragraph style: `format` is the inside of `w:pPr`, `extra` goes into `w:rPr` (both in the schema's order)."""

    id: str
    name: str
    face: Face
    format: str
    following: str = "BodyText"
    extra: str = ""


def styles_xml(layout: Layout) -> str:
    """The part `styles.xml`: fonts by name in every style and in docDefaults, none by theme (X01)."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_font(layout, layout.body)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
    )
    made = "".join(_style(layout, style) for style in _styles(layout))
    return f'<w:styles xmlns:w="{_NAMESPACE}">{defaults}{_BASIC.format(font=_font(layout, layout.body))}{made}</w:styles>'


def settings_xml() -> str:
    """The part `settings.xml`: outer page numbers on odd and even pages, Chinese punctuation compressed."""
    return (
        f'<w:settings xmlns:w="{_NAMESPACE}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:spaceForUL/>'
        "<w:balanceSingleByteDoubleByteWidth/><w:doNotLeaveBackslashAlone/><w:ulTrailSpace/><w:doNotExpandShiftReturn/>"
        "<w:useFELayout/>"
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


def fonts_xml(layout: Layout) -> str:
    """The part `fontTable.xml`: the fonts that the letter names, each with its substitute where it has one."""
    instead = dict(layout.substitutes)
    faces = (
        layout.title,
        layout.body,
        layout.heading1,
        layout.heading2,
        layout.page_number,
        layout.imprint,
        layout.table,
    )
    chinese = "".join(
        f"<w:font w:name={quoteattr(font)}>"
        + (f"<w:altName w:val={quoteattr(instead[font])}/>" if font in instead else "")
        + '<w:charset w:val="86"/></w:font>'
        for font in sorted({face.font for face in faces})
    )
    latin = f'<w:font w:name={quoteattr(layout.latin_font)}><w:charset w:val="00"/></w:font>'
    return f'<?xml version="1.0" encoding="UTF-8"?><w:fonts xmlns:w="{_NAMESPACE}">{latin}{chinese}</w:fonts>'


def chars(layout: Layout, count: float) -> int:
    """A length counted in characters of the body, in twips."""
    return round(count * layout.character_pt * 20)


# Word expects these four by name; the rest of its own styles it adds when they are used.
_BASIC = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr><w:rPr>{font}</w:rPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>'
    '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
    '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/></w:style>'
    '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>'
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders></w:tblPr></w:style>"
)


def _styles(layout: Layout) -> tuple[_Style, ...]:
    return (*_text_styles(layout), *_form_styles(layout), *_table_styles(layout))


def _text_styles(layout: Layout) -> tuple[_Style, ...]:
    """Title, headings and body: all on the grid of lines, body and headings indented."""
    line, indent = _pitch(layout), _first_line(layout)
    faces = (layout.heading1, layout.heading2, layout.body, layout.body)
    keep = ("<w:keepNext/>", "<w:keepNext/>", "", "")
    headings = (
        _Style(
            f"Heading{level}",
            f"heading {level}",
            face,
            f'{stay}{line}{indent}<w:outlineLvl w:val="{level - 1}"/>',
        )
        for level, (face, stay) in enumerate(zip(faces, keep, strict=True), start=1)
    )
    return (
        _Style(
            "Title",
            "Title",
            layout.title,
            f'<w:keepNext/><w:snapToGrid w:val="0"/>{line}<w:jc w:val="center"/>',
            "DocumentNumber",
        ),
        *headings,
        _Style("BodyText", "Body Text", layout.body, f"{line}{indent}"),
    )


def _form_styles(layout: Layout) -> tuple[_Style, ...]:
    """文号, 主送, 附件说明, signature, 抄送 and the page number."""
    body, one, seal = layout.body, layout.line_twips, round(layout.seal_lines * layout.line_twips)
    attached = _indent(layout, left=layout.indent_characters + 4, hanging=4)
    rules = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="1" w:color="auto"/>' for side in ("top", "bottom")
    )
    copies = _indent(layout, left=4, hanging=3, right=1, size_pt=layout.imprint.size_pt)
    page_line = f'<w:spacing w:line="{round(layout.page_number.size_pt * 24)}" w:lineRule="exact"/>'
    return (
        _Style(
            "DocumentNumber",
            "文号",
            body,
            f'{_pitch(layout)}<w:jc w:val="{layout.number_align}"/>',
            "Salutation",
        ),
        _Style("Salutation", "Salutation", body, _pitch(layout, before=one) + '<w:jc w:val="left"/>'),
        _Style(
            "Attachments", "附件说明", body, _pitch(layout) + attached + '<w:jc w:val="left"/>', "Attachments"
        ),
        _Style(
            "Signature",
            "Signature",
            body,
            f'<w:keepNext/>{_pitch(layout, before=seal)}<w:jc w:val="right"/>',
            "Date",
        ),
        _Style("Date", "Date", body, f'{_pitch(layout)}<w:jc w:val="right"/>', "Imprint"),
        _Style(
            "Imprint",
            "抄送",
            layout.imprint,
            f'<w:keepLines/><w:pBdr>{rules}</w:pBdr>{_pitch(layout, before=seal)}{copies}<w:jc w:val="left"/>',
            "Imprint",
        ),
        _Style("Footer", "footer", layout.page_number, f'<w:snapToGrid w:val="0"/>{page_line}', "Footer"),
    )


def _table_styles(layout: Layout) -> tuple[_Style, ...]:
    """Text in tables: never on an exact pitch, which would cut it off (X05)."""
    free = '<w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/>'
    return (
        _Style("TableText", "表格文字", layout.table, f'{free}<w:jc w:val="left"/>', "TableText"),
        _Style(
            "TableHead",
            "表头",
            layout.table,
            f'<w:keepNext/>{free}<w:jc w:val="center"/>',
            "TableText",
            extra="<w:b/>",
        ),
        _Style(
            "TableNote", "表格说明", layout.table, f'<w:keepNext/>{free}<w:jc w:val="left"/>', "TableText"
        ),
    )


def _style(layout: Layout, style: _Style) -> str:
    on_grid = style.face.size_pt == layout.body.size_pt
    spacing = f'<w:spacing w:val="{layout.character_space_twips}"/>' if on_grid else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style.id}"><w:name w:val="{style.name}"/><w:basedOn w:val="Normal"/>'
        f'<w:next w:val="{style.following}"/><w:qFormat/><w:pPr>{style.format}</w:pPr>'
        f"<w:rPr>{_font(layout, style.face, style.extra + spacing)}</w:rPr></w:style>"
    )


def _font(layout: Layout, face: Face, extra: str = "") -> str:
    latin, size = quoteattr(layout.latin_font), round(face.size_pt * 2)
    return (
        f"<w:rFonts w:ascii={latin} w:eastAsia={quoteattr(face.font)} w:hAnsi={latin} w:cs={latin}/>{extra}"
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    )


def _pitch(layout: Layout, before: int = 0) -> str:
    """The exact line pitch of the grid: it holds where fonts are substituted, too."""
    return f'<w:spacing w:before="{before}" w:after="0" w:line="{layout.line_twips}" w:lineRule="exact"/>'


def _first_line(layout: Layout) -> str:
    count = layout.indent_characters
    return f'<w:ind w:firstLineChars="{round(count * 100)}" w:firstLine="{chars(layout, count)}"/>'


def _indent(
    layout: Layout, left: float, hanging: float, right: float = 0, size_pt: float | None = None
) -> str:
    """Indents in twips alone: counted in characters, Word adds the hanging part to the left one once more."""
    unit = 20 * (size_pt or layout.character_pt)
    return f'<w:ind w:left="{round(left * unit)}" w:right="{round(right * unit)}" w:hanging="{round(hanging * unit)}"/>'
