"""A finished file goes to disk whole or not at all; what stands in the way becomes a Chinese sentence."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from assistant.errors import AssistantError
from assistant.typeset import printable
from ingestion.mask import mask_text

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_NO_SPACE = ("磁盘空间不足", "请清理磁盘或另选位置后重试")
_NOT_ALLOWED = ("没有写入权限", "请换一个可写的文件夹；该文件正用 Word 或 WPS 打开时请先关闭")
_CAUSES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        errno.ENOENT: ("目标文件夹不存在", "请先建立该文件夹，或另选位置"),
        errno.ENOTDIR: ("目标位置不是文件夹", "请另选一个文件夹"),
        errno.EISDIR: ("同名文件夹已存在", "请换一个文件名"),
        errno.ENAMETOOLONG: ("文件名过长", "请换一个短的文件名"),
        errno.EACCES: _NOT_ALLOWED,
        errno.EPERM: _NOT_ALLOWED,
        errno.EROFS: _NOT_ALLOWED,
        errno.ENOSPC: _NO_SPACE,
        errno.EDQUOT: _NO_SPACE,
        errno.EFBIG: _NO_SPACE,
    }
)


class ExportError(AssistantError):
    """The file cannot be written; `cause` and `advice` are Chinese sentences for the user."""

    def __init__(self, path: Path, cause: str, advice: str) -> None:
        super().__init__(f"{path}：{cause}。{advice}")
        self.path = path
        self.cause = cause
        self.advice = advice


def hide(text: str, aliases: Mapping[str, str]) -> str:
    """The text with aliases for names, also for a name with white space inside (王　芳, or a line end of a PDF).

    Control characters go first: they would hide a name from the search and not from the reader.
    """
    text = printable(text)
    for name in aliases:
        if not name.isascii():
            text = re.sub(r"\s*".join(map(re.escape, name)), name.replace("\\", r"\\"), text)
    return mask_text(text, aliases)


def refuse_name(path: Path, aliases: Mapping[str, str]) -> None:
    """Raise ExportError where the file is no .docx, or where its name holds a name that `aliases` hide."""
    if path.suffix.lower() != ".docx":
        raise ExportError(path, "文件名应以 .docx 结尾", "请改文件名")
    hidden = hide(path.stem, aliases)
    if hidden != path.stem:
        shown = path.with_name(f"{hidden}{path.suffix}")
        raise ExportError(shown, "文件名里有受保护人员的姓名", f"请改用化名，例如 {shown.name}")


def steady(data: bytes) -> bytes:
    """The same zip file with one fixed time for all its members, so that equal content gives equal bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the target and rename: a reader sees the old file or the new one, never a part.

    Raises ExportError.
    """
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        cause, advice = _CAUSES.get(
            error.errno or 0, (f"系统拒绝写入（{error.strerror}）", "请另选位置后重试")
        )
        raise ExportError(path, cause, advice) from error
