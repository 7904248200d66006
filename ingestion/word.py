"""A Word file (.docx) becomes a Reading: we walk its XML ourselves, so that nothing is lost or read twice."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from ingestion.clean import is_page_number
from ingestion.document import Hidden, Reading
from ingestion.errors import UnreadableFile
from ingestion.numbering import Numbers, numbers_of
from ingestion.styles import Node, Styles, W, is_white, switch
from ingestion.walk import A, Context, M, Walk, flush, text_of, write_blocks

R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# a file saved as "Strict Open XML" says the same under other names
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", M[1:-1].encode()),
    (b"http://purl.oclc.org/ooxml/drawingml/main", A[1:-1].encode()),
)

_MAX_XML = 300 * 1024 * 1024
_MAX_RATIO = 200
# small parts of one repeated letter compress without limit and harm nobody
_RATIO_FROM = 20 * 1024 * 1024

_DAMAGED = "请用 Word 或 WPS 打开并另存为新的 .docx 再添加；打不开时请向来源重新索取"


def read_word(data: bytes, name: str) -> Reading:
    """Read a .docx: its final text (insertions in, deletions out), one block for each paragraph.

    Paragraphs are joined by line ends, cells of a row by tabs. Automatic numbers are rendered, text boxes and
    notes follow their anchor's paragraph, headers and footers stand once at the end. Tracked changes are kept
    as Change, text that nobody sees and comments as Hidden. Raises UnreadableFile.
    """
    package = _open(data, name)
    walk = Walk(package.part, Styles(package.part("styles")), numbers_of(package.part("numbering")))
    body = package.main.find(f"{W}body")
    if body is None:
        raise UnreadableFile(name, "Word 文件里没有正文", _DAMAGED)
    write_blocks(walk, body, Context(shaded=_coloured_page(package)))
    flush(walk)
    furniture = _furniture(walk, package)
    _comments(walk)
    return Reading(
        walk.pen.text,
        tuple(walk.pen.blocks),
        tuple(walk.changes),
        tuple(walk.hidden),
        _notes(walk, furniture),
    )


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


def _coloured_page(package: _Package) -> bool:
    ground = package.main.find(f"{W}background")
    return ground is not None and not is_white(ground.get(f"{W}color", "FFFFFF"))


def _furniture(walk: Walk, package: _Package) -> list[tuple[str, str]]:
    """Write each header and footer once at the end; return them as (页眉 or 页脚, text) for the notes."""
    even = switch(walk.part("settings"), "evenAndOddHeaders")
    shown: list[tuple[str, str]] = []
    for where, target, used in _references(package.main, bool(even)):
        root = package.part(target) if target in package.related else None
        if root is None:
            continue
        text = _furniture_text(walk, root)
        if not text or is_page_number(text) or (where, text) in shown:
            continue
        if not used:
            walk.hidden.append(Hidden(text, f"未启用的{where}"))
            continue
        shown.append((where, text))
        write_blocks(walk, root, Context(boxed=True))
        flush(walk)
    return shown


def _references(main: Node, even: bool) -> Iterable[tuple[str, str, bool]]:
    """Yield (页眉 or 页脚, relationship id, whether it is ever shown): headers first."""
    for where, tag in (("页眉", "headerReference"), ("页脚", "footerReference")):
        for section in main.iter(f"{W}sectPr"):
            title = bool(switch(section, "titlePg"))
            for reference in section.findall(f"{W}{tag}"):
                kind = reference.get(f"{W}type", "default")
                used = {"first": title, "even": even}.get(kind, True)
                yield where, reference.get(f"{R}id", ""), used


def _furniture_text(walk: Walk, root: Node) -> str:
    """Return the visible text of a header or footer without writing it."""
    trial = Walk(walk.part, walk.styles, Numbers())
    write_blocks(trial, root, Context(boxed=True))
    flush(trial)
    return trial.pen.text.strip()


def _comments(walk: Walk) -> None:
    root = walk.part("comments")
    for comment in () if root is None else root.findall(f"{W}comment"):
        text = "\n".join(
            "".join(map(text_of, paragraph.iter(f"{W}t"))) for paragraph in comment.iter(f"{W}p")
        )
        if text.strip():
            walk.hidden.append(Hidden(text.strip(), f"批注（{comment.get(f'{W}author', '') or '未署名'}）"))


def _notes(walk: Walk, furniture: list[tuple[str, str]]) -> tuple[str, ...]:
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
