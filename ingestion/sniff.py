"""What format a file is of: its content decides, the suffix only breaks ties; what has no reader is told why."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath
from typing import Literal

from ingestion.errors import ReadingError, UnknownFormat, UnreadableFile
from ingestion.office import Old

Format = Literal[
    "word", "pdf", "sheet", "plain", "office", "ofd", "page", "mail", "archive", "subtitles", "image"
]

_TEXT_SUFFIXES = ("", ".txt", ".text", ".md", ".markdown")
_SHEET_SUFFIXES = (".csv", ".tsv")
_PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_MAIL_SUFFIXES = (".eml", ".mht", ".mhtml")
_SUBTITLE_SUFFIXES = (".srt", ".vtt")
# under these names, text and web pages come from exports of other systems
_OLD_WORD, _OLD_SHEET = (".doc", ".wps", ".dot", ".rtf"), (".xls", ".et", ".xlt")
_SUFFIXES_BY_CONTENT = {
    ".docx": "Word 文档", ".xlsx": "Excel 表格", ".pdf": "PDF", ".ofd": "OFD 文件", ".zip": "压缩包",
    ".png": "图片", ".jpg": "图片", ".jpeg": "图片", ".tif": "图片", ".tiff": "图片", ".bmp": "图片",
    ".doc": "Word 文档", ".wps": "WPS 文档", ".rtf": "RTF 文件", ".xls": "Excel 表格", ".et": "WPS 表格",
}  # fmt: skip
_KINDS_READ = (
    "目前能读 .docx .doc .wps .rtf .pdf .ofd .xlsx .xls .et .csv .txt .md .html .eml .zip .srt .vtt 和图片"
    "（.png .jpg .tif .bmp），请另存为其中一种再添加"
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_UNPACK = ("是压缩包，但不是 .zip", "请先解压，再添加其中的文件")
_PICTURE = ("是图片，但这种格式不能读", "请另存为 .png 或 .jpg 再添加")
_SPOKEN = ("是音频或视频", "请先转写成文字（.txt 或带时间的 .srt、.vtt）再添加")
_PROGRAM = ("是程序，不是文书", "请确认文件来源；自解压包请先解压，再添加其中的文件")
# content of no reader, told by bytes at a place, so that advice fits
_FOREIGN = (
    (0, b"GIF8", _PICTURE),
    (8, b"WEBP", _PICTURE),
    (4, b"ftyphei", _PICTURE),
    (4, b"ftypmif1", _PICTURE),
    (0, b"Rar!", _UNPACK),
    (0, b"7z\xbc\xaf", _UNPACK),
    (0, b"\x1f\x8b", _UNPACK),
    (0, b"BZh9", _UNPACK),
    (0, b"\xfd7zXZ", _UNPACK),
    (4, b"ftyp", _SPOKEN),
    (8, b"WAVE", _SPOKEN),
    (0, b"ID3", _SPOKEN),
    (0, b"MZ\x90\0", _PROGRAM),
    (0, b"\x7fELF", _PROGRAM),
)
_AGAIN = "请重新下载或向来源重新索取；能打开时请另存为新文件再添加"
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HTML_PIECE = re.compile(r"\s*<(?:meta|title|style|table|div|p|font|span|center)\b", re.I)


def sniff(data: bytes, name: str) -> Format:
    """Tell the format by content first and suffix second; raises UnknownFormat or UnreadableFile."""
    suffix = PurePath(name).suffix.lower()
    if not data:
        raise UnreadableFile(name, "文件是空的（0 字节）", "请确认文件已完整下载或保存后再添加")
    if old_format(data, name) is not None:
        return "office"
    if data.startswith(b"PK"):
        return _sniff_zip(data, name, suffix)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        raise _compound(data, name)
    if data.startswith(_IMAGES) or (data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"):
        return "image"
    for at, mark, (cause, advice) in _FOREIGN:
        if data[at : at + len(mark)] == mark:
            raise UnknownFormat(name, cause, advice)
    return _sniff_text(data, name, suffix)


def old_format(data: bytes, name: str) -> Old | None:
    """Return which old office format a file is of, None where it is of none."""
    suffix = PurePath(name).suffix.lower()
    if data.startswith(_OLE):
        return _old_compound(data, suffix)
    if data.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(b"PK"):
        return _old_zip(data)
    head = _head(data)
    if "<?mso-application" in head or "<w:wordDocument" in head:
        return "excel-xml" if "Excel.Sheet" in head else "word-xml" if "ord" in head else None
    return None


def _old_compound(data: bytes, suffix: str) -> Old | None:
    if _holds(data, "EncryptedPackage"):
        return None
    is_word, is_sheet = _holds(data, "WordDocument"), _holds(data, "Workbook")
    if is_word and is_sheet:  # one holds the other; the suffix knows which
        return "xls" if suffix in _OLD_SHEET else "doc"
    if is_sheet or (suffix in _OLD_SHEET and _holds(data, "Book\0")):
        return "xls"
    return "doc" if is_word else None


def _holds(data: bytes, stream: str) -> bool:
    """Whether a compound file names a stream; names stand in its directory, in UTF-16."""
    return stream.encode("utf-16-le") in data


def _compound(data: bytes, name: str) -> ReadingError:
    """Return the error for a compound file that has no reader."""
    if _holds(data, "EncryptedPackage"):
        return UnreadableFile(name, "文件有密码保护", "请在 Word、Excel 或 WPS 里取消密码后再添加")
    if _holds(data, "PowerPoint Document"):
        return UnknownFormat(name, "是旧版演示文稿（.ppt 或 .dps）", "请另存为带文字的 .pdf 再添加")
    if _holds(data, "__substg1.0_"):
        return UnknownFormat(name, "是 Outlook 邮件（.msg）", "请在邮件软件里另存为 .eml 再添加")
    if PurePath(name).suffix.lower() in (*_OLD_WORD, *_OLD_SHEET):
        return UnreadableFile(name, "旧版 Office 文件损坏或不完整", _AGAIN)
    return UnknownFormat(name, "是认不出的旧版 Office 文件", _KINDS_READ)


def _old_zip(data: bytes) -> Old | None:
    """Return which old format a zip is of: OpenDocument names itself first, .xlsb is a workbook in binary."""
    if data[30:38] == b"mimetype":
        head = data[38:120]
        if head.startswith(b"application/vnd.oasis.opendocument.text"):
            return "odt"
        if head.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
    return "xlsb" if b"xl/workbook.bin" in data[-65_536:] and b"xl/worksheets/" in data[-65_536:] else None


def _sniff_zip(data: bytes, name: str, suffix: str) -> Format:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = set(archive.namelist())
            if any(info.header_offset < 0 for info in archive.infolist()):
                raise zipfile.BadZipFile("an entry begins before the file")
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile(name, "文件损坏或不完整（压缩结构打不开）", _AGAIN) from error
    if any(part.startswith("word/") and part.endswith(".xml") for part in parts):
        return "word"
    if any(part.startswith("xl/workbook") for part in parts):
        return "sheet"
    if "OFD.xml" in parts:
        return "ofd"
    if any(part.startswith("ppt/") for part in parts) and "[Content_Types].xml" in parts:
        raise UnknownFormat(name, "是演示文稿（.pptx）", "请另存为带文字的 .pdf 再添加")
    if suffix != ".zip" and suffix in _SUFFIXES_BY_CONTENT:
        cause = f"扩展名是 {suffix}，内容却不是 {_SUFFIXES_BY_CONTENT[suffix]}，只是一个压缩包"
        raise UnreadableFile(name, cause, "请确认文件来源；若是压缩包，请把扩展名改为 .zip 再添加")
    return "archive"


def _sniff_text(data: bytes, name: str, suffix: str) -> Format:
    if suffix in _TEXT_SUFFIXES[1:]:
        return "plain"
    if suffix in _SHEET_SUFFIXES:
        return "sheet"
    head = _head(data)
    if suffix in _MAIL_SUFFIXES or head.lower().startswith("mime-version:"):
        return "mail"
    if suffix in _SUBTITLE_SUFFIXES or head.startswith("WEBVTT"):
        return "subtitles"
    is_old = suffix in (*_OLD_WORD, *_OLD_SHEET)
    if suffix in _PAGE_SUFFIXES or _HTML.match(head) or (is_old and _HTML_PIECE.match(head)):
        return "page"
    if suffix == "":
        return "plain"
    if is_old and _is_text(data, name):
        return "sheet" if suffix in _OLD_SHEET else "plain"
    if suffix in _SUFFIXES_BY_CONTENT:
        cause = f"扩展名是 {suffix}，内容却不是 {_SUFFIXES_BY_CONTENT[suffix]}（文件可能损坏或不完整）"
        raise UnreadableFile(name, cause, "请重新下载或向来源重新索取，再打开确认")
    raise UnknownFormat(name, f"没有能读 {suffix} 文件的阅读器", _KINDS_READ)


def _is_text(data: bytes, name: str) -> bool:
    from ingestion.plain import decode

    try:
        decode(data, name)
    except UnreadableFile:
        return False
    return True


def _head(data: bytes) -> str:
    """Return the first characters of a file, as far as they are text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data[:4096].decode("utf-16", "ignore")
    return data[:4096].removeprefix(b"\xef\xbb\xbf").decode("latin-1")
