"""A Word file (.docx, .docm) becomes a Reading: we walk its XML ourselves, so that nothing is lost or read twice."""

from __future__ import annotations

import email
import email.policy
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from ingestion.clean import is_page_number
from ingestion.document import Hidden, Reading
from ingestion.errors import ReadingError, UnreadableFile
from ingestion.numbering import numbers_of
from ingestion.pieces import A, Context, M, R, Walk
from ingestion.runs import DGM
from ingestion.styles import PAPER, Node, Styles, W, switch
from ingestion.walk import finish, flush, write_blocks
from ingestion.wordfields import settle_fields

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# a file saved as "Strict Open XML" says the same under other names
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W,
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R,
    b"http://purl.oclc.org/ooxml/officeDocument/math": M,
    b"http://purl.oclc.org/ooxml/drawingml/main": A,
    b"http://purl.oclc.org/ooxml/drawingml/diagram": DGM,
    b"http://purl.oclc.org/ooxml/drawingml/chart": "{http://schemas.openxmlformats.org/drawingml/2006/chart}",
}
_STRICT_NAME = re.compile(rb"([\"'])(" + b"|".join(_STRICT) + rb")\1")
_DEEPEST = 3  # files inside files
_UNSEEN = ("隐藏文字", "白色文字", "极小文字", "透明文字", "与底色相同的文字")

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
    try:
        return _read(data, name, 0)
    except RecursionError as error:
        raise UnreadableFile(name, "嵌套层数大得反常，可能是恶意文件", _DAMAGED) from error


def _read(data: bytes, name: str, depth: int) -> Reading:
    package = _open(data, name, depth)
    walk = Walk(
        package.part, package.chunk, Styles(package.part("styles")), numbers_of(package.part("numbering"))
    )
    body = package.main.find(f"{W}body")
    if body is None:
        raise UnreadableFile(name, "Word 文件里没有正文", _DAMAGED)
    page = _page_colour(package)
    write_blocks(walk, body, Context(ground=page, outer=page))
    flush(walk)
    furniture = _furniture(walk, package)
    finish(walk)
    _comments(walk)
    return Reading(
        walk.pen.text,
        tuple(walk.pen.blocks),
        tuple(edit.done() for edit in sorted(walk.changes, key=lambda edit: edit.start)),
        tuple(walk.hidden),
        _notes(walk, furniture, package.has_macros),
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
    # ValueError: a name that is no UTF-8, a place before the file
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableFile(name, f"文件损坏或不完整（{part} 读不出）", _DAMAGED) from error


@dataclass
class _Package:
    """The XML parts of a .docx; `related` maps relationship ids, and kinds of parts, to part names."""

    archive: zipfile.ZipFile
    name: str
    names: dict[str, str]
    depth: int
    main: Node = None
    related: dict[str, str] = field(default_factory=dict)

    @property
    def has_macros(self) -> bool:
        """Whether the file carries a program."""
        return any(name.endswith("vbaproject.bin") for name in self.names)

    def bytes_of(self, path: str) -> bytes | None:
        """Return the bytes of a part; names are compared as Office does, without regard to case."""
        known = self.names.get(_plain(path)) or self.names.get(_plain(unquote(path)))
        return None if known is None else read_part(self.archive, known, self.name)

    def part(self, kind: str) -> Node | None:
        """Return the root of a part by its kind (styles, footnotes …) or relationship id."""
        root = self.xml(self.related.get(kind, f"word/{kind}.xml"))
        if root is not None:
            settle_fields(root)
        return root

    def xml(self, path: str) -> Node | None:
        """Return the root of the part at a path, None where there is none."""
        data = self.bytes_of(path)
        return None if data is None else _xml(data, path, self.name)

    def chunk(self, relationship: str) -> Reading | None:
        """Read a whole file that stands inside this one (`w:altChunk`), None where it cannot be read."""
        target = self.related.get(relationship, "")
        data = self.bytes_of(target)
        if data is None or self.depth >= _DEEPEST:
            return None
        try:
            return _chunk(data, f"{self.name}!/{PurePosixPath(target).name}", self.depth + 1)
        except ReadingError:
            return None


def _chunk(data: bytes, name: str, depth: int) -> Reading:
    """Read a file inside a file; raises ReadingError."""
    from ingestion.read import read_bytes

    if data.startswith(b"PK") and any(
        each.startswith("word/") for each in open_package(data, name).namelist()
    ):
        return _read(data, name, depth)
    if PurePosixPath(name).suffix.lower() in (".mht", ".mhtml") or data[:200].lstrip().startswith(
        b"MIME-Version"
    ):
        return read_bytes(_web_page(data), f"{name}.html")
    return read_bytes(data, name)


def _web_page(data: bytes) -> bytes:
    """Return the page inside a web archive (.mht), as UTF-8 that says so itself."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
    if body is None:
        return b""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):  # a charset that nobody knows
        text = data.decode("utf-8", "replace")
    return text.encode("utf-8-sig")


def _open(data: bytes, name: str, depth: int) -> _Package:
    archive = open_package(data, name)
    package = _Package(archive, name, {_plain(each): each for each in archive.namelist()}, depth)
    targets = _relationships(package, "")
    paths = [targets.get("officeDocument", ""), "word/document.xml"]
    path = next((each for each in paths if _plain(each) in package.names), "")
    main = package.xml(path)
    if main is None:
        raise UnreadableFile(
            name, "扩展名是 .docx，内容却不是 Word 文档", "请确认文件来源，或用 Word、WPS 重新保存"
        )
    settle_fields(main)
    return replace(package, main=main, related=_relationships(package, path))


def _plain(path: str) -> str:
    """Return the name of a part as it is compared: some packers write backslashes."""
    return path.replace("\\", "/").lstrip("/").lower()


def _relationships(package: _Package, source: str) -> dict[str, str]:
    """Return the targets of a part by relationship id and by the last word of the relationship type.

    Targets that lead nowhere (NULL, removed pictures) are kept: whoever asks for them finds no part.
    """
    folder, _, last = source.rpartition("/")
    root = package.xml(posixpath.join(folder, "_rels", f"{last}.rels"))
    found: dict[str, str] = {}
    for rel in () if root is None else root.iter(_RELATIONSHIP):
        if rel.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, rel.get("Target", "").replace("\\", "/")))
        found[rel.get("Id", "")] = target.lstrip("/")
        found.setdefault(rel.get("Type", "").rpartition("/")[2], target.lstrip("/"))
    return found


def _xml(data: bytes, path: str, name: str) -> Node:
    data = _STRICT_NAME.sub(lambda found: found[1] + _STRICT[found[2]][1:-1].encode() + found[1], data)
    # entities stay closed: a document type has no place in a Word file and may explode
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(name, f"文件损坏（{path} 不是完整的 XML）", _DAMAGED) from error
    if root.getroottree().docinfo.doctype:
        raise UnreadableFile(
            name, "文件含不该有的 XML 实体定义，可能是恶意文件", "请向来源核实后另存为新文件再添加"
        )
    return root


def _page_colour(package: _Package) -> str:
    """Return the colour of the page; Word keeps one without showing it unless told to."""
    ground = package.main.find(f"{W}background")
    shown = switch(package.part("settings"), "displayBackgroundShape")
    color = "auto" if ground is None else ground.get(f"{W}color", "auto")
    return str(color).upper() if shown and re.fullmatch(r"[0-9A-Fa-f]{6}", color) else PAPER


def _furniture(walk: Walk, package: _Package) -> list[tuple[str, str]]:
    """Write each header and footer once at the end; return them as (页眉 or 页脚, text) for the notes."""
    even = switch(walk.part("settings"), "evenAndOddHeaders")
    shown: list[tuple[str, str]] = []
    unused: list[Hidden] = []
    for where, target, used in _references(package.main, bool(even)):
        root = package.part(target) if target in package.related else None
        text = "" if root is None else _text_aside(walk, root)
        if not text or is_page_number(text) or (where, text) in shown:
            continue
        if not used:
            unused.append(Hidden(text, f"未启用的{where}"))
            continue
        shown.append((where, text))
        write_blocks(walk, root, Context(boxed=True))
        flush(walk)
    walk.hidden += [each for each in dict.fromkeys(unused) if (each.why[-2:], each.text) not in shown]
    return shown


def _references(main: Node, even: bool) -> Iterator[tuple[str, str, bool]]:
    """Yield (页眉 or 页脚, relationship id, whether it is ever shown): headers first.

    A section without a header of its own goes on with that of the section before it.
    """
    sections = list(main.iter(f"{W}sectPr"))
    for where, tag in (("页眉", "headerReference"), ("页脚", "footerReference")):
        for at, section in enumerate(sections):
            for reference in section.findall(f"{W}{tag}"):
                kind = reference.get(f"{W}type", "default")
                titled = any(switch(each, "titlePg") for each in _heirs(sections[at:], tag))
                used = {"first": titled, "even": even}.get(kind, True)
                yield where, reference.get(f"{R}id", ""), used


def _heirs(sections: list[Node], tag: str) -> Iterator[Node]:
    """Yield a section and those behind it that take over its first page's header or footer."""
    for at, section in enumerate(sections):
        kinds = [each.get(f"{W}type") for each in section.findall(f"{W}{tag}")]
        if at and "first" in kinds:
            return
        yield section


def _text_aside(walk: Walk, root: Node) -> str:
    """Return the visible text of a header, footer or comment without writing it."""
    aside = walk.aside()
    write_blocks(aside, root, Context(boxed=True))
    finish(aside)
    return aside.pen.text.strip()


def _comments(walk: Walk) -> None:
    """Keep the comments apart, each with who wrote it and on which day."""
    root = walk.part("comments")
    for comment in () if root is None else root.findall(f"{W}comment"):
        text = _text_aside(walk, comment)
        if text:
            signed = [comment.get(f"{W}author") or "未署名", comment.get(f"{W}date", "")[:10]]
            walk.hidden.append(Hidden(text, f"批注（{'，'.join(filter(None, signed))}）"))


def _notes(walk: Walk, furniture: list[tuple[str, str]], has_macros: bool) -> tuple[str, ...]:
    """Return what the user should know about this file, in Chinese sentences."""
    comments = sum(hidden.why.startswith("批注") for hidden in walk.hidden)
    # a move is two entries and one change
    changes = sum(edit.mark[0] != "move_from" for edit in walk.changes)
    unseen = sum(hidden.why in _UNSEEN for hidden in walk.hidden)
    kinds = "、".join(dict.fromkeys(kind for kind in walk.objects if kind))
    counted = (
        (changes, f"含修订 {changes} 处，正文取修订后的内容"),
        (unseen, f"含不可见文字 {unseen} 处，未作为正文"),
        (comments, f"含批注 {comments} 条，未作为正文"),
        (walk.pictures, f"含图片 {walk.pictures} 张，图中文字未读"),
        (walk.charts, f"含图表 {walk.charts} 个，图中文字未读"),
        (len(walk.objects), f"含嵌入的对象 {len(walk.objects)} 个{f'（{kinds}）' if kinds else ''}，未读"),
        (walk.unread, f"含嵌入的其他文件 {walk.unread} 个，未读"),
        (walk.signs, f"含认不出的符号 {walk.signs} 个，未读"),
        (has_macros, "含宏程序，未运行"),
    )
    notes = [note for count, note in counted if count]
    return (*notes, *(f"{where}：{' '.join(text.split())}" for where, text in furniture))
