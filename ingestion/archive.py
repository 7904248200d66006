"""Containers (.zip, .eml): their members one by one, those of containers inside them too, within limits."""

from __future__ import annotations

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from ingestion.clean import is_cjk
from ingestion.document import NOTHING_READ, Block, Change, Hidden, Reading, Readings, document_id
from ingestion.errors import ReadingError, SecretFile, UnknownFormat, UnreadableFile
from ingestion.pulse import at_page

CONTAINERS = ("archive", "mail")  # what `ingestion.read.sniff` says of them
SEPARATOR = "!/"  # between a container and its member: 卷宗.zip!/起诉书.docx

MAX_DEPTH = 3  # containers one inside the other
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 256 * 1024 * 1024
MAX_BYTES = 1024 * 1024 * 1024  # of all members together
MAX_RATIO = 200
_RATIO_FROM = 4 * 1024 * 1024  # bytes: what is small may be packed as tightly as it likes
MAX_TEXT = 20_000_000  # characters of all members together in the text of the container

_FLAG_ENCRYPTED, _FLAG_UTF8 = 0x1, 0x800
_UNICODE_PATH = 0x7075  # Info-ZIP's field for a name in UTF-8
_UNPACK = "请用解压软件解开，再添加其中的文件"
_AGAIN = "请重新打包或向来源重新索取"
_MAX_NOTES = 50
_LONGEST_NAME = 255  # what file systems allow
# controls, and marks that turn the direction of writing: 甲<U+202E>cod.exe would look like 甲exe.doc
_UNPRINTABLE = re.compile("[\\x00-\\x1f\\x7f\\u202a-\\u202e\\u2066-\\u2069]")


@dataclass(frozen=True)
class Member:
    """A file in a container: its path there (in a zip inside, `内.zip!/甲.docx`), and its bytes or why there are none."""

    name: str
    data: bytes
    error: ReadingError | None = None


@dataclass
class _Budget:
    """What may still be unpacked of one container and all that is in it."""

    members: int
    bytes: int


def members(
    data: bytes, name: str, *, most: int = MAX_MEMBERS, most_bytes: int = MAX_BYTES
) -> Iterator[Member]:
    """Yield the files in a .zip or .eml, the attachments of a mail and the files of a zip inside it among them.

    A zip inside is not yielded itself, a mail inside is, before its attachments. A member that is damaged, locked,
    too large or too deep is yielded with its error, the others go on. Members come one by one: no more than one
    is held, `most` are given and `most_bytes` unpacked in all. Raises UnreadableFile where the container itself
    cannot be opened.
    """
    allowed = max(8 * _RATIO_FROM, MAX_RATIO * len(data))  # layers of zips that are small each are a bomb, too
    yield from _members(data, name, "", 1, _Budget(most, min(most_bytes, allowed)))


def read_archive(data: bytes, name: str, already: Readings = NOTHING_READ) -> Reading:
    """Read a .zip: the text of each member under its path as heading; what could not be read stands in the notes.

    Raises UnreadableFile where not one member can be read, and whatever the secrecy gate raises.
    """
    reading = with_members(Reading("", ()), data, name, already)
    if reading.text:
        return reading
    failed = reading.notes[0] if reading.notes else "压缩包是空的"
    raise UnreadableFile(name, f"压缩包里没有能读的文件（{failed}）", _AGAIN)


def with_members(own: Reading, data: bytes, name: str, already: Readings = NOTHING_READ) -> Reading:
    """Return the reading of a container: its own text, and behind it that of its members, each under its path.

    Pages and boxes of members are left out, since they are not the container's; its members say them, each as a
    document of its own. A member with a secrecy marking refuses the whole. What is `already` read is taken from there.
    """
    whole = _Whole(own)
    for number, member in enumerate(members(data, name), 1):
        at_page(number)  # a sign of life, and where it stopped
        try:
            reading = _read_member(member, name, already)
            if not whole.add(member.name, reading):
                whole.failed.append(f"{member.name} 的文字未并入（合计过长），请单独查看")
        except (UnknownFormat, UnreadableFile) as error:
            whole.failed.append(f"未读 {member.name}：{error.cause}")
    return whole.reading()


def _read_member(member: Member, name: str, already: Readings) -> Reading:
    from ingestion.mail import own_reading
    from ingestion.read import read_bytes, refuse_secret, sniff

    if member.error is not None:
        raise member.error
    path = f"{name}{SEPARATOR}{member.name}"
    is_mail = sniff(member.data, path) == "mail"  # its attachments come by themselves
    if is_mail:
        reading = own_reading(member.data, path)
    else:
        reading = already.get(document_id(member.data)) or read_bytes(member.data, path)
    try:
        refuse_secret(reading.text, path)
    except SecretFile as error:
        raise SecretFile(name, f"其中的 {member.name}：{error.cause}", error.advice) from error
    return reading


class _Whole:
    """Puts the texts of members behind one another and moves their spans along."""

    def __init__(self, own: Reading) -> None:
        self.own = own
        self.failed: list[str] = []
        self._texts = [own.text] if own.text else []
        self._length = len(own.text)
        self._blocks: list[Block] = list(own.blocks)
        self._changes: list[Change] = list(own.changes)
        self._hidden: list[Hidden] = list(own.hidden)
        self._notes: list[str] = list(own.notes)

    def add(self, path: str, reading: Reading) -> bool:
        """Add a member under its path; False where the whole would become too long."""
        if self._length + len(path) + len(reading.text) + 2 > MAX_TEXT:
            return False
        head = self._append(path)
        self._blocks.append(Block(head, head + len(path), level=1))
        at = self._append(reading.text)
        self._blocks += [
            replace(
                block,
                start=block.start + at,
                end=block.end + at,
                level=block.level + 1 if block.level else 0,
                page=None,
                box=None,
            )
            for block in reading.blocks
        ]
        self._changes += [
            replace(change, start=change.start + at, end=change.end + at) for change in reading.changes
        ]
        self._hidden += [replace(hidden, why=f"{path}：{hidden.why}") for hidden in reading.hidden]
        self._notes += [f"{path}：{note}" for note in reading.notes]
        return True

    def reading(self) -> Reading:
        """Return the whole."""
        more = len(self.failed) - _MAX_NOTES
        failed = [*self.failed[:_MAX_NOTES], *([f"另有 {more} 个文件未读"] if more > 0 else [])]
        return Reading(
            "".join(self._texts),
            tuple(self._blocks),
            tuple(self._changes),
            tuple(self._hidden),
            (*failed, *self._notes),
        )

    def _append(self, text: str) -> int:
        joint = "\n" if self._texts else ""
        self._texts.append(joint + text)
        start = self._length + len(joint)
        self._length = start + len(text)
        return start


# --- what is in a container ------------------------------------------------------------------------------


def _members(data: bytes, name: str, prefix: str, depth: int, budget: _Budget) -> Iterator[Member]:
    from ingestion.mail import attachments

    files = _unzipped(data, name, budget) if data.startswith(b"PK") else attachments(data)
    for path, content in files:
        whole = prefix + path
        if budget.members <= 0:
            yield Member(whole, b"", UnreadableFile(whole, "压缩包里的文件过多，其余未读", _UNPACK))
            return
        budget.members -= 1
        if isinstance(content, ReadingError):
            yield Member(whole, b"", type(content)(whole, content.cause, content.advice))
        else:
            yield from _opened(Member(whole, content), depth, budget)


def _opened(member: Member, depth: int, budget: _Budget) -> Iterator[Member]:
    """Yield a member, or what is in it where it is a container itself."""
    form = _form(member)
    if form != "archive":
        yield member
    if form not in CONTAINERS:
        return
    if depth >= MAX_DEPTH:
        if form == "archive":
            cause = f"压缩包一层套一层，超过 {MAX_DEPTH} 层"
            yield Member(member.name, b"", UnreadableFile(member.name, cause, _UNPACK))
        return
    try:
        yield from _members(member.data, member.name, member.name + SEPARATOR, depth + 1, budget)
    except ReadingError as error:
        yield Member(member.name, b"", type(error)(member.name, error.cause, error.advice))


def _form(member: Member) -> str:
    """Return what a member is; where that cannot be told, reading it will say why."""
    from ingestion.read import sniff

    try:
        return sniff(member.data, member.name)
    except ReadingError:
        return ""


Files = Iterator[tuple[str, bytes | ReadingError]]


def _unzipped(data: bytes, name: str, budget: _Budget) -> Files:
    """Yield the files of a zip with their bytes, or with what hinders reading them."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, OSError) as error:
        raise UnreadableFile(name, "压缩包损坏或不完整", _AGAIN) from error
    places: set[int] = set()
    with archive:
        for info in archive.infolist():
            path = member_name(info)
            if path.endswith("/") or _is_litter(path):
                continue
            if info.header_offset in places:  # the classic bomb: a thousand names for one file
                yield path, UnreadableFile(path, "与压缩包里的另一个文件是同一段内容，未重复读", _AGAIN)
            else:
                places.add(info.header_offset)
                yield path, _unpacked(archive, info, path, budget)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str, budget: _Budget) -> bytes | ReadingError:
    refusal = _refusal(info, budget)
    if refusal:
        return UnreadableFile(path, *refusal)
    budget.bytes -= info.file_size
    try:
        return archive.read(info)
    except NotImplementedError:
        return UnreadableFile(path, "压缩方法不能解", _UNPACK)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, RuntimeError):
        return UnreadableFile(path, "在压缩包里已损坏，解不开", _AGAIN)


def _refusal(info: zipfile.ZipInfo, budget: _Budget) -> tuple[str, str] | None:
    """Return cause and advice where a member is not even unpacked; zipfile never unpacks more than is declared."""
    if info.flag_bits & _FLAG_ENCRYPTED:
        return "有密码保护", "请用解压软件输入密码解开，再添加其中的文件"
    if info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return "解压后大得反常，可能是恶意文件", "请向来源核实，确认无误后解压再添加"
    if info.file_size > MAX_MEMBER_BYTES:
        return f"解压后超过 {MAX_MEMBER_BYTES >> 20} MB", _UNPACK
    if info.file_size > budget.bytes:
        return "压缩包解开后过大，其余未读", _UNPACK
    return None


def _is_litter(path: str) -> bool:
    parts = path.split("/")
    return "__MACOSX" in parts or parts[-1].startswith((".", "~$")) or parts[-1].lower() in ("thumbs.db", "desktop.ini")


# --- names -----------------------------------------------------------------------------------------------


def member_name(info: zipfile.ZipInfo) -> str:
    """Return the path of a zip's entry as its maker wrote it: UTF-8 where marked, GBK as Chinese Windows leaves it.

    `orig_filename` it is: elsewhere Python takes the byte 0x5C of a GBK character for a separator. Nothing
    is written under this name, all the same it leads nowhere outside: no drive, no `..`.
    """
    raw = info.orig_filename
    unicode_path = _unicode_path(info)
    if unicode_path:
        raw = unicode_path
    elif not info.flag_bits & _FLAG_UTF8:
        raw = _decoded(raw)
    raw = _UNPRINTABLE.sub("", raw.replace("\\", "/"))
    is_folder = raw.endswith("/")
    parts = [part[-_LONGEST_NAME:] for part in re.sub(r"^[A-Za-z]:", "", raw).split("/") if part not in ("", ".", "..")]
    return "/" if is_folder else "/".join(parts) or "未命名"


def _unicode_path(info: zipfile.ZipInfo) -> str:
    """Return the name that Info-ZIP's extra field gives for exactly this entry, else ""."""
    extra = info.extra
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        content = extra[at + 4 : at + 4 + size]
        at += 4 + size
        if kind != _UNICODE_PATH or len(content) < 6 or content[0] != 1:
            continue
        try:
            if struct.unpack_from("<I", content, 1)[0] == zlib.crc32(info.orig_filename.encode("cp437")):
                return content[5:].decode("utf-8")
        except UnicodeError:
            return ""
    return ""


def _decoded(name: str) -> str:
    """Return a name that zipfile took for cp437: UTF-8 with Chinese in it, else GBK, else as it came."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    if raw.isascii():
        return name
    readings = [_try(raw, encoding) for encoding in ("utf-8", "gb18030", "big5")]
    known = [reading for reading in readings if reading is not None]
    chinese = [reading for reading in known if _is_chinese(reading)]
    return next(iter([*chinese, *known]), name)


def _try(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_chinese(text: str) -> bool:
    """Whether all that is not ASCII is Chinese: 谢谢 in GBK is valid UTF-8 as well, and Cyrillic there."""
    return all(is_cjk(char) for char in text if not char.isascii())
