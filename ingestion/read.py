"""A path becomes a Document: find the files, look at their content, choose the reader."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePath
from typing import Literal

from ingestion.document import Document, Reading, document_id
from ingestion.errors import MissingFile, ReadingError, UnknownFormat, UnreadableFile

Reader = Callable[[bytes, str], Reading]
Format = Literal["word", "pdf", "sheet", "plain"]

_TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".markdown")
_SHEET_SUFFIXES = (".csv", ".tsv")
_MAX_BYTES = 512 * 1024 * 1024
_KINDS_READ = "目前能读 .docx、.pdf、.txt、.md、.xlsx、.csv，请另存为其中一种再添加"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# content of no reader yet, told by how it begins, so that advice fits
_FOREIGN = (
    (b"\x89PNG", "是图片", "图片中的文字目前不能识别，请先用扫描软件转成带文字层的 PDF"),
    (b"\xff\xd8\xff", "是图片", "图片中的文字目前不能识别，请先用扫描软件转成带文字层的 PDF"),
    (b"GIF8", "是图片", "图片中的文字目前不能识别，请先用扫描软件转成带文字层的 PDF"),
    (b"II*\0", "是图片", "图片中的文字目前不能识别，请先用扫描软件转成带文字层的 PDF"),
    (b"MM\0*", "是图片", "图片中的文字目前不能识别，请先用扫描软件转成带文字层的 PDF"),
    (b"{\\rtf", "是 RTF 文件", "请用 Word 或 WPS 另存为 .docx 再添加"),
    (b"Rar!", "是压缩包", "请先解压，再添加其中的文件"),
    (b"7z\xbc\xaf", "是压缩包", "请先解压，再添加其中的文件"),
    (b"\x1f\x8b", "是压缩包", "请先解压，再添加其中的文件"),
)
# the streams of a compound file are named in UTF-16
_OLE_STREAMS = (
    ("EncryptedPackage", UnreadableFile, "文件有密码保护", "请在 Word、Excel 或 WPS 里取消密码后再添加"),
    ("WordDocument", UnknownFormat, "是旧版 Word 文件（.doc 或 .wps）", "请用 Word/WPS 另存为 .docx 再添加"),
    ("Workbook", UnknownFormat, "是旧版 Excel 文件（.xls 或 .et）", "请用 Excel/WPS 另存为 .xlsx 再添加"),
    ("PowerPoint Document", UnknownFormat, "是旧版演示文稿（.ppt）", "请另存为带文字的 .pdf 再添加"),
)
_SUFFIXES_BY_CONTENT = {".docx": "Word 文档", ".xlsx": "Excel 表格", ".pdf": "PDF"}


def read_document(path: Path) -> Document:
    """Read the file at a path; kind, subtype, title and fields are recognised from its text.

    Raises MissingFile, UnknownFormat or UnreadableFile, each with the path, the cause and what to do.
    """
    data, name = load(path)
    try:
        return to_document(data, name)
    except ReadingError as error:
        raise type(error)(str(path), error.cause, error.advice) from error


def to_document(data: bytes, name: str) -> Document:
    """Return the Document that the bytes of a file make; errors as of `read_bytes`, with the name as path."""
    from ingestion.kinds import recognise

    reading = read_bytes(data, name)
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


def read_bytes(data: bytes, name: str) -> Reading:
    """Read the bytes of one file with the reader that its content asks for; the suffix only breaks ties.

    Raises UnknownFormat, and UnreadableFile also where a whole file holds no text at all.
    """
    reading = _reader(sniff(data, name))(data, name)
    if not reading.text.strip():
        cause = "文件里只有看不见的文字" if reading.hidden else "文件里没有文字"
        raise UnreadableFile(name, cause, "内容若是图片或扫描件，请先转成带文字层的 PDF 再添加")
    return reading


def sniff(data: bytes, name: str) -> Format:
    """Tell the format by content first and suffix second; raises UnknownFormat or UnreadableFile."""
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise UnreadableFile(name, "文件是空的（0 字节）", "请确认文件已完整下载或保存后再添加")
    if data.startswith(b"PK"):
        return _sniff_zip(data, name, suffix)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        raise _compound(data, name)
    for start, cause, advice in _FOREIGN:
        if data.startswith(start):
            raise UnknownFormat(name, cause, advice)
    return _sniff_text(data, name, suffix)


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


def _reader(form: Format) -> Reader:
    """Return the reader of a format; heavy libraries load only where they are used."""
    if form == "word":
        from ingestion.word import read_word

        return read_word
    if form == "pdf":
        from ingestion.pdf import read_pdf

        return read_pdf
    if form == "sheet":
        from ingestion.sheet import read_sheet

        return read_sheet
    from ingestion.plain import read_plain

    return read_plain


def _sniff_zip(data: bytes, name: str, suffix: str) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        advice = "请重新下载或向来源重新索取；能打开时请另存为新文件再添加"
        raise UnreadableFile(name, "文件损坏或不完整（压缩结构打不开）", advice) from error
    if any(part.startswith("word/") and part.endswith(".xml") for part in parts):
        return "word"
    if any(part.startswith("xl/workbook") for part in parts):
        return "sheet"
    if suffix in _SUFFIXES_BY_CONTENT:
        cause = f"扩展名是 {suffix}，内容却不是 {_SUFFIXES_BY_CONTENT[suffix]}，只是一个压缩包"
        raise UnreadableFile(name, cause, "请确认文件来源；若是压缩包，请先解压再添加其中的文件")
    if "OFD.xml" in parts:
        raise UnknownFormat(name, "是 OFD 文件，目前不能读", "请用 OFD 阅读器导出为 .pdf 再添加")
    raise UnknownFormat(name, "是压缩包", "请先解压，再添加其中的文件")


def _compound(data: bytes, name: str) -> ReadingError:
    """Return the error for a compound file: a locked Office file or one of the formats before 2007."""
    for stream, kind, cause, advice in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return kind(name, cause, advice)
    return UnknownFormat(name, "是认不出的旧版 Office 文件", _KINDS_READ)


def _sniff_text(data: bytes, name: str, suffix: str) -> Format:
    if suffix in _SUFFIXES_BY_CONTENT:
        cause = f"扩展名是 {suffix}，内容却不是 {_SUFFIXES_BY_CONTENT[suffix]}（文件可能损坏或不完整）"
        raise UnreadableFile(name, cause, "请重新下载或向来源重新索取，再用 Word、WPS 打开确认")
    if suffix in _SHEET_SUFFIXES:
        return "sheet"
    if suffix in _TEXT_SUFFIXES:
        return "plain"
    raise UnknownFormat(name, f"没有能读 {suffix} 文件的阅读器", _KINDS_READ)
