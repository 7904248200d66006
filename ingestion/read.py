"""A path becomes a Document: find the files, look at their content, choose the reader."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ingestion.document import NOTHING_READ, Document, Reading, Readings, document_id
from ingestion.errors import MissingFile, ReadingError, SecretFile, UnreadableFile
from ingestion.sniff import Format, old_format
from ingestion.sniff import sniff as sniff

Reader = Callable[[bytes, str], Reading]

_MAX_BYTES = 512 * 1024 * 1024
# text of this length takes a minute to understand and 2 GB of memory; a case file of 2,000 pages has a tenth
_MAX_TEXT = 20_000_000
_ALL_TEXT = ("plain", "page", "subtitles", "sheet")


def read_document(path: Path) -> Document:
    """Read the file at a path; kind, subtype, title and fields are recognised from its text.

    Raises MissingFile, UnknownFormat or UnreadableFile, each with the path, the cause and what to do.
    """
    data, name = load(path)
    try:
        return to_document(data, name)
    except ReadingError as error:
        raise type(error)(str(path), error.cause, error.advice) from error


def to_document(data: bytes, name: str, members: Readings = NOTHING_READ) -> Document:
    """Return the Document that the bytes of a file make; errors as of `read_bytes`, with the name as path.

    Raises SecretFile where its text bears a secrecy marking.
    """
    from ingestion.kinds import recognise

    reading = read_bytes(data, name, members)
    refuse_secret(reading.text, name)
    found = recognise(reading, name)
    return Document(
        id=document_id(data),
        kind=found.kind,
        subtype=found.subtype,
        title=found.title,
        text=reading.text,
        blocks=reading.blocks,
        fields=found.fields,
        changes=reading.changes,
        hidden=reading.hidden,
        notes=reading.notes,
    )


def read_bytes(data: bytes, name: str, members: Readings = NOTHING_READ) -> Reading:
    """Read the bytes of one file with the reader that its content asks for; the suffix only breaks ties.

    `members`: of a container, what was read of its members already; they are not read again.
    Raises UnknownFormat, and UnreadableFile also where a whole file holds no text at all.
    """
    form = sniff(data, name)
    if form in _ALL_TEXT and len(data) > 4 * _MAX_TEXT and not data.startswith(b"PK"):
        raise _too_long(name)
    reading = _reader(form, data, name, members)(data, name)
    if not reading.text.strip():
        if form == "image":
            raise UnreadableFile(name, "图片里没有认出文字", "请确认图片清晰、方向正确，必要时重新扫描")
        cause = "文件里只有看不见的文字" if reading.hidden else "文件里没有文字"
        raise UnreadableFile(name, cause, "内容若是图片或扫描件，请存为 .pdf 或图片再添加")
    if len(reading.text) > _MAX_TEXT:
        raise _too_long(name)
    return reading


def _too_long(name: str) -> UnreadableFile:
    return UnreadableFile(name, f"文字超过 {_MAX_TEXT // 10_000} 万字", "请拆成几个文件再添加")


def refuse_secret(text: str, name: str) -> None:
    """Raise SecretFile where a text bears a marking of state secrets (`ingestion/secrecy.py`)."""
    from ingestion import secrecy

    try:
        secrecy.refuse_secret(text, name)
    except ReadingError as error:
        raise SecretFile(error.path, error.cause, error.advice) from error


def load(path: Path) -> tuple[bytes, str]:
    """Return the bytes and the name of a file; raises MissingFile or UnreadableFile."""
    try:
        info = path.stat()
        if stat.S_ISDIR(info.st_mode):
            os.listdir(path)  # a folder comes here when it could not be walked: find out why
            raise UnreadableFile(str(path), "是文件夹，不是文件", "请把文件夹交给 add，由它逐个添加")
        if info.st_size > _MAX_BYTES:
            raise UnreadableFile(str(path), f"文件超过 {_MAX_BYTES >> 20} MB", "请拆成几个文件再添加")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingFile(str(path), "找不到文件", "请检查路径；文件可能已被移动或删除") from error
    except PermissionError as error:
        raise UnreadableFile(str(path), "没有读取权限", "请用有权限的账号运行，或修改文件权限") from error
    except OSError as error:
        raise UnreadableFile(
            str(path), f"读取失败（{error.strerror}）", "请检查磁盘或网络盘后重试"
        ) from error
    if not data:
        raise UnreadableFile(str(path), "文件是空的（0 字节）", "请确认文件已完整下载或保存后再添加")
    return data, path.name


def files_under(path: Path) -> Iterator[Path]:
    """Yield the files to read under a path in stable order: the path itself if it is no folder.

    Hidden files, lock files of Office and system litter are skipped; each folder is walked once, whatever
    links lead to it. A folder that may not be listed is yielded itself, so that `load` tells why.
    """
    try:
        is_folder = path.is_dir()
    except OSError:  # a name that is too long, a loop of links: `load` tells why
        is_folder = False
    yield from _walk(path, set()) if is_folder else iter((path,))


def shown(path: Path) -> str:
    """The path as text; a name in GBK, as old archives leave it, is read as such."""
    raw = os.fsencode(path)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "backslashreplace")


def _walk(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        info = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield folder
        return
    if (info.st_dev, info.st_ino) in seen:
        return
    seen.add((info.st_dev, info.st_ino))
    for entry in entries:
        if _is_litter(entry.name):
            continue
        if entry.is_dir():
            yield from _walk(entry, seen)
        elif entry.is_file() or entry.is_symlink():
            yield entry  # a broken link too: it is named as missing rather than passed over


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini", "__macosx")


def _reader(form: Format, data: bytes, name: str, members: Readings) -> Reader:
    """Return the reader of a format; heavy libraries load only where they are used."""
    match form:
        case "word":
            from ingestion.word import read_word as reader
        case "pdf":
            from ingestion.pdf import read_pdf as reader
        case "sheet":
            from ingestion.sheet import read_sheet as reader
        case "ofd":
            from ingestion.ofd import read_ofd as reader
        case "page":
            from ingestion.page import read_page as reader
        case "mail":
            from ingestion.mail import read_mail

            return partial(read_mail, already=members)
        case "archive":
            from ingestion.archive import read_archive

            return partial(read_archive, already=members)
        case "subtitles":
            from ingestion.subtitles import read_subtitles as reader
        case "image":
            from ingestion.scan import read_image as reader
        case "office":
            from ingestion.office import read_office

            old = old_format(data, name)
            assert old is not None, "sniff saw an old format"
            return partial(read_office, old=old)
        case "plain":
            from ingestion.plain import read_plain as reader
    return reader
