"""A .docx with its words replaced and its layout kept: every part of the package, not the body alone."""

from __future__ import annotations

import io
import re
import zipfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingestion.errors import UnreadableFile
from ingestion.redact import Masked
from ingestion.word import open_package, read_part

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_W = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_TEXTS = frozenset({f"{_W}t", f"{_STRICT_W}t", f"{_A}t", f"{_W}delText", f"{_W}instrText"})
_PARAGRAPHS = frozenset({f"{_W}p", f"{_STRICT_W}p", f"{_A}p"})
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_GONE = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}dataBinding", f"{_STRICT_W}del", f"{_STRICT_W}moveFrom"}
)
_AUTHORS = frozenset({"author", "initials", "userId", "providerId"})
_TELLING = re.compile(r"[\u4e00-\u9fff@]|\d{7}")  # an attribute that can hold a name or a number
# parts beside the text that tell who wrote it, with what stands there when they are emptied
_PROPERTIES = {
    "docProps/core.xml": (
        "creator",
        "lastModifiedBy",
        "title",
        "subject",
        "keywords",
        "description",
        "category",
        "contentStatus",
    ),
    "docProps/app.xml": ("Company", "Manager", "HyperlinkBase"),
    "docProps/custom.xml": ("lpwstr", "lpstr", "bstr"),
}
_EMPTY = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<masked/>'

Edit = Callable[[str], Sequence[Masked]]


@dataclass(frozen=True)
class Masking:
    """A rewritten .docx: its bytes, its text before and after, the spans of the text before, and what was left as it is."""

    data: bytes
    before: str
    masked: tuple[Masked, ...]
    after: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Slot:
    """A stretch of text in an element (its text, or the value of `attribute`), at `start` of the whole."""

    node: Any
    start: int
    end: int
    attribute: str | None = None
    fixed: bool = False


def word_text(data: bytes, name: str) -> str:
    """All text of a .docx as `rewrite_word` sees it: paragraphs of all parts, then telling attributes, a line each."""
    return _text(_slots(_trees(open_package(data, name), name)))


def rewrite_word(data: bytes, name: str, edit: Edit, *, strip: bool = True) -> Masking:
    """The .docx with the spans that `edit` returns for its text replaced; every run keeps its looks.

    With `strip`, deleted and moved-away text, authors, properties, bound data, links to mail addresses and the
    picture of the first page go as well: they tell what the text no longer does. Raises UnreadableFile.
    """
    package = open_package(data, name)
    trees = _trees(package, name)
    if strip:
        for path, tree in trees.items():
            _strip(path, tree)
    slots = _slots(trees)
    before = _text(slots)
    masked = tuple(sorted(edit(before), key=lambda one: one.start))
    _replace(slots, masked)
    parts = {
        path: etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        for path, tree in trees.items()
    }
    if strip:
        parts |= {
            path: _EMPTY for path in package.namelist() if re.fullmatch(r"customXml/item\d*\.xml", path)
        }
    after = _text(_slots({path: _parse(part, path, name) for path, part in parts.items() if path in trees}))
    left_out = [path for path in package.namelist() if strip and path.startswith("docProps/thumbnail")]
    return Masking(_packed(package, parts, left_out, name), before, masked, after, tuple(_left(package)))


def _trees(package: zipfile.ZipFile, name: str) -> dict[str, Any]:
    """The XML of every part that can hold words, the main part first."""
    paths = [path for path in package.namelist() if path.lower().endswith((".xml", ".rels"))]
    paths = [path for path in paths if not path.startswith(("customXml/", "[Content_Types]"))]
    paths.sort(key=lambda path: (path != "word/document.xml", path))
    found = {path: read_part(package, path, name) for path in paths}
    return {path: _parse(part, path, name) for path, part in found.items() if part}


def _parse(part: bytes, path: str, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableFile(
            name, f"文件损坏（{path} 不是完整的 XML）", "请用 Word 或 WPS 另存为新的 .docx 再处理"
        ) from error


def _strip(path: str, tree: Any) -> None:
    """Take out what is not shown and tells of persons: deleted text, bound data, authors, properties, links to mail."""
    properties = _PROPERTIES.get(path, ())
    for node in list(tree.iter()):
        if not isinstance(node.tag, str):
            continue
        if node.tag in _GONE and node.getparent() is not None:
            _drop(node)
            continue
        for attribute in [name for name in node.attrib if name.rpartition("}")[2] in _AUTHORS]:
            node.attrib[attribute] = "某"
        if node.tag.rpartition("}")[2] in properties:
            node.text = ""
        if path == "_rels/.rels" and node.get("Type", "").endswith("/thumbnail"):
            _drop(node)
        elif path.endswith(".rels") and node.get("Target", "").startswith(("mailto:", "tel:")):
            node.set("Target", "about:blank")


def _drop(node: Any) -> None:
    """Take out an element; what stands behind it stays."""
    parent, tail = node.getparent(), node.tail
    previous = node.getprevious()
    parent.remove(node)
    if tail and previous is not None:
        previous.tail = (previous.tail or "") + tail


def _slots(trees: dict[str, Any]) -> list[_Slot]:
    """Every stretch of text with its place; paragraphs end with a line end."""
    slots: list[_Slot] = []
    at = 0
    for tree in trees.values():
        for line in (*_paragraphs(tree), *_attributes(tree)):
            for node, attribute, text, fixed in line:
                slots.append(_Slot(node, at, at + len(text), attribute, fixed))
                at += len(text)
            at += 1
    return slots


_Piece = tuple[Any, str | None, str, bool]


def _paragraphs(tree: Any) -> Iterator[list[_Piece]]:
    """The pieces of each paragraph, without those of the paragraphs inside it."""
    for paragraph in tree.iter(*_PARAGRAPHS):
        line: list[_Piece] = []
        code: list[_Piece] = []
        for node in _own(paragraph):
            kind = node.tag.rpartition("}")[2]
            if node.tag in _TEXTS:
                (code if kind == "instrText" else line).append((node, None, node.text or "", False))
            elif kind in _SIGNS and node.getparent().tag.rpartition("}")[2] == "r":
                line.append((node, None, _SIGNS[kind], True))
        yield from (one for one in (line, code) if one)


def _own(paragraph: Any) -> Iterator[Any]:
    for child in paragraph:
        if not isinstance(child.tag, str):
            continue
        yield child
        if child.tag not in _PARAGRAPHS:
            yield from _own(child)


def _attributes(tree: Any) -> Iterator[list[_Piece]]:
    """Attributes that can hold a name or a number: alternative texts, tags of controls, links."""
    for node in tree.iter():
        if isinstance(node.tag, str):
            for attribute, value in node.attrib.items():
                if _TELLING.search(value) and "/officeDocument/" not in value and "/package/" not in value:
                    yield [(node, attribute, value, False)]


def _text(slots: Sequence[_Slot]) -> str:
    pieces: list[str] = []
    at = 0
    for slot in slots:
        pieces.append("\n" * (slot.start - at))
        pieces.append(_value(slot))
        at = slot.end
    return "".join(pieces)


def _value(slot: _Slot) -> str:
    if slot.fixed:
        return _SIGNS[slot.node.tag.rpartition("}")[2]]
    return str(slot.node.get(slot.attribute) if slot.attribute else slot.node.text or "")


def _replace(slots: Sequence[_Slot], masked: Sequence[Masked]) -> None:
    """Write each alias where its span begins and take the rest of the span out, from the last to the first."""
    starts = [slot.start for slot in slots]
    for one in reversed(masked):
        first = True
        for slot in slots[max(0, bisect_right(starts, one.start) - 1) : bisect_right(starts, one.end)]:
            start, end = max(one.start, slot.start), min(one.end, slot.end)
            if start >= end:
                continue
            if slot.fixed:
                slot.node.getparent().remove(slot.node)
                continue
            value = _value(slot)
            new = value[: start - slot.start] + (one.alias if first else "") + value[end - slot.start :]
            first = False
            _write(slot, new)


def _write(slot: _Slot, value: str) -> None:
    if slot.attribute:
        slot.node.set(slot.attribute, value)
        return
    slot.node.text = value
    if value != value.strip() and "wordprocessingml" in slot.node.tag:
        slot.node.set(_SPACE, "preserve")


def _packed(package: zipfile.ZipFile, parts: dict[str, bytes], left_out: Sequence[str], name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for info in package.infolist():
            if info.filename in left_out:
                continue
            content = parts.get(info.filename)
            if content is None:
                content = b"" if info.is_dir() else read_part(package, info.filename, name) or b""
            packed.writestr(zipfile.ZipInfo(info.filename), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _left(package: zipfile.ZipFile) -> Iterator[str]:
    """What words cannot be taken out of."""
    pictures = sum(path.startswith("word/media/") for path in package.namelist())
    inside = sum(path.startswith(("word/embeddings/", "word/afchunk")) for path in package.namelist())
    if pictures:
        yield f"含图片 {pictures} 张，图中内容未处理，请人工查看"
    if inside:
        yield f"含嵌入的其他文件 {inside} 个，未处理，请人工删除"
