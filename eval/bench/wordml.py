"""Word files from raw XML, for benches and tests: what no library writes (tracked changes, controls, boxes …)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        "http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "http://purl.oclc.org/ooxml/officeDocument/math",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
}
SOMEBODY, SOME_DAY = "张检", "2026-03-01T09:00:00Z"

_ROOTS = {"header": "hdr", "footer": "ftr"}
_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ORDER = zipfile.ZipInfo("x").date_time  # 1980: equal bytes every time


def package(
    body: str,
    parts: Mapping[str, str] | None = None,
    rels: str = "",
    files: Mapping[str, bytes] | None = None,
    strict: bool = False,
    macros: bool = False,
) -> bytes:
    """Return a .docx: the body's content, and parts as name → inner XML of their root.

    A part is related under its own name as id (`header1`); `rels` are further relationships, `files` further
    members of the archive; `macros` makes it a .docm.
    """
    inner = parts or {}
    main = f"{_TYPES}.document" if not macros else "application/vnd.ms-word.document.macroEnabled"
    texts = {
        "[Content_Types].xml": _content_types(inner, main),
        "_rels/.rels": _relationships(relationship("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships(
            "".join(relationship(name, name.rstrip("0123456789"), f"{name}.xml") for name in inner) + rels
        ),
    }
    for name, content in inner.items():
        root = _ROOTS.get(name.rstrip("0123456789"), name)
        texts[f"word/{name}.xml"] = f"<w:{root} {NAMES}>{content}</w:{root}>"
    if strict:
        texts = {name: _strict(text) for name, text in texts.items()}
    members = {name: text.encode() for name, text in texts.items()} | dict(files or {})
    if macros:
        members["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"
    return zipped(members)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of the members, with equal bytes every time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ORDER), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _content_types(parts: Mapping[str, str], main: str) -> str:
    own = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPES}.{name.rstrip("0123456789")}+xml"/>'
        for name in parts
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Default Extension="html" ContentType="text/html"/><Default Extension="txt" ContentType="text/plain"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}.main+xml"/>{own}</Types>'
    )


def _strict(text: str) -> str:
    for usual, strict in STRICT.items():
        text = text.replace(usual, strict)
    return text


def _relationships(inner: str) -> str:
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def relationship(identity: str, kind: str, target: str) -> str:
    """A relationship of the main part: its id, the last word of its type, and its target."""
    return f'<Relationship Id="{identity}" Type="{REL}/{kind}" Target="{target}"/>'


def p(*runs: str, properties: str = "", style: str = "") -> str:
    """A paragraph."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def raw(inner: str) -> str:
    """A run of anything."""
    return f"<w:r>{inner}</w:r>"


def ins(inner: str, tag: str = "ins") -> str:
    """What somebody inserted (or moved, by the tag)."""
    return f'<w:{tag} w:id="1" w:author="{SOMEBODY}" w:date="{SOME_DAY}">{inner}</w:{tag}>'


def deleted(text: str) -> str:
    """A run that somebody deleted."""
    return ins(f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>', "del")


def end_mark(tag: str) -> str:
    """The paragraph properties that say that a paragraph's end was inserted, deleted or moved."""
    return f"<w:rPr>{ins('', tag)}</w:rPr>"


def tc(inner: str, properties: str = "") -> str:
    """A table cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A table row."""
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, properties: str = "") -> str:
    """A table."""
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(rows)}</w:tbl>"


def grid(*rows: tuple[str, ...]) -> str:
    """A table of plain texts."""
    return tbl(*(tr(*(tc(p(r(text))) for text in row)) for row in rows))


def sdt(inner: str, properties: str = "") -> str:
    """A content control."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def box(inner: str, fill: str = "", style: str = "") -> str:
    """A run with a text box, as Word writes it: a drawing and its fallback with the same text."""
    shape = f"<wps:wsp><wps:spPr>{fill}</wps:spPr>{style}<wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
        '<wp:extent cx="1800000" cy="360000"/><wp:docPr id="1" name="1"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{shape}</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape>"
        f"<v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def complex_field(instruction: str, *result: str, data: str = "") -> str:
    """A field of runs: what it is told, and the runs of its result, if it has one."""
    begin = raw(f'<w:fldChar w:fldCharType="begin">{data}</w:fldChar>')
    told = raw(f'<w:instrText xml:space="preserve">{escape(instruction)}</w:instrText>')
    separate = raw('<w:fldChar w:fldCharType="separate"/>') if result else ""
    end = raw('<w:fldChar w:fldCharType="end"/>')
    return begin + told + separate + "".join(result) + end


def note_reference(kind: str, number: int) -> str:
    """The anchor of a `footnote` or an `endnote`."""
    return raw(f'<w:{kind}Reference w:id="{number}"/>')


def note(kind: str, number: int, inner: str) -> str:
    """A `footnote`, an `endnote` or a `comment`."""
    signed = f' w:author="{SOMEBODY}" w:date="{SOME_DAY}"' if kind == "comment" else ""
    return f'<w:{kind} w:id="{number}"{signed}>{inner}</w:{kind}>'


def numbered(text: str, number: int = 1, level: int = 0) -> str:
    """A paragraph of a numbered list."""
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(r(text), properties=properties)


def lists(levels: Mapping[int, tuple[tuple[str, str], ...]]) -> str:
    """The numbering part: lists by id, each as (form, pattern) of its levels."""
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{identity}">{"".join(_level(at, *each) for at, each in enumerate(forms))}'
        "</w:abstractNum>"
        for identity, forms in levels.items()
    )
    concrete = "".join(
        f'<w:num w:numId="{each}"><w:abstractNumId w:val="{each}"/></w:num>' for each in levels
    )
    return abstract + concrete


def _level(at: int, form: str, pattern: str) -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )
