"""Old office formats (.doc .wps .rtf .xls .et .odt .ods) are converted by a headless LibreOffice and then read.

Each conversion has a profile folder of its own, so that nothing of the user's LibreOffice is touched and several
may run at once; macros, links and active content stay off, and time, memory and output are limited.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingestion.document import Reading
from ingestion.errors import UnknownFormat, UnreadableFile

Old = Literal["doc", "word-xml", "rtf", "odt", "xls", "excel-xml", "xlsb", "ods"]

TIMEOUT = 90.0  # seconds for one file
_INSTALL = "请安装 LibreOffice（Debian、统信、麒麟：apt install libreoffice-writer libreoffice-calc）后重新添加，或"
_SAVE_WORD = "用 Word 或 WPS 另存为 .docx 再添加"
_SAVE_SHEET = "用 Excel 或 WPS 另存为 .xlsx 再添加"
_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    "/opt/libreoffice/program/soffice",
)
# CPU seconds, 512-byte blocks of a written file, KiB of address space; a limit the system lacks is passed over
_LIMITED = (
    "ulimit -t 120 2>/dev/null; ulimit -f 1000000 2>/dev/null; ulimit -v 6000000 2>/dev/null; exec \"$@\""
)
# macros: only signed ones from trusted places, of which there are none; links and remote content: never
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class _Way:
    """How an old format is converted: the suffix and filter it is opened with, and what comes of it."""

    shown: str
    suffix: str
    opened: str
    made: str
    saved: str


_WORD = ("docx", "MS Word 2007 XML")
_SHEET = ("xlsx", "Calc MS Excel 2007 XML")
_WAYS: dict[Old, _Way] = {
    "doc": _Way("旧版 Word 文件（.doc 或 .wps）", "doc", "MS Word 97", *_WORD),
    "word-xml": _Way("Word 2003 XML 文件", "xml", "MS Word 2003 XML", *_WORD),
    "rtf": _Way("RTF 文件", "rtf", "Rich Text Format", *_WORD),
    "odt": _Way("OpenDocument 文本（.odt）", "odt", "writer8", *_WORD),
    "xls": _Way("旧版 Excel 文件（.xls 或 .et）", "xls", "MS Excel 97", *_SHEET),
    "excel-xml": _Way("Excel 2003 XML 文件", "xml", "MS Excel 2003 XML", *_SHEET),
    "xlsb": _Way("Excel 二进制工作簿（.xlsb）", "xlsb", "Calc MS Excel 2007 Binary", *_SHEET),
    "ods": _Way("OpenDocument 表格（.ods）", "ods", "calc8", *_SHEET),
}


def read_office(data: bytes, name: str, old: Old, timeout: float = TIMEOUT) -> Reading:
    """Read a file of an old office format by way of .docx or .xlsx.

    Raises UnknownFormat where there is no LibreOffice on this machine, UnreadableFile where it cannot convert the
    file or needs more than `timeout` seconds; both say what the user can do.
    """
    from ingestion.sheet import read_sheet
    from ingestion.word import read_word

    way = _WAYS[old]
    made = _converted(data, name, way, timeout)
    try:
        reading = read_word(made, name) if way.made == "docx" else read_sheet(made, name)
    except UnreadableFile as error:
        raise UnreadableFile(name, f"{way.shown}转换后读不出（{error.cause}）", _by_hand(way)) from error
    return replace(reading, notes=(f"{way.shown}，经 LibreOffice 转换后读出", *reading.notes))


def find_soffice() -> str | None:
    """Return the LibreOffice of this machine, None where there is none."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _USUAL_PLACES if os.access(place, os.X_OK)), None)


def _by_hand(way: _Way) -> str:
    return "请" + (_SAVE_WORD if way.made == "docx" else _SAVE_SHEET) + "；文件若有密码，请先取消"


def _converted(data: bytes, name: str, way: _Way, timeout: float) -> bytes:
    """Return the bytes of the .docx or .xlsx that LibreOffice makes of a file."""
    program = find_soffice()
    if program is None:
        by_hand = _SAVE_WORD if way.made == "docx" else _SAVE_SHEET
        raise UnknownFormat(name, f"是{way.shown}，读它需要 LibreOffice，本机没有找到", _INSTALL + by_hand)
    # a child that was killed may write for a moment longer
    with tempfile.TemporaryDirectory(prefix="gongzhi-office-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / f"in.{way.suffix}"
        source.write_bytes(data)
        _run(_command(program, home, source, way), home, name, way, timeout)
        made = home / "out" / f"in.{way.made}"
        if not made.is_file():
            cause = f"{way.shown}转换不成，可能损坏或有密码，也可能是本机的 LibreOffice 缺少相应组件"
            raise UnreadableFile(name, cause, _by_hand(way))
        return made.read_bytes()


def _command(program: str, home: Path, source: Path, way: _Way) -> list[str]:
    profile = home / "profile" / "user"
    profile.mkdir(parents=True)
    (profile / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [
        program,
        f"-env:UserInstallation={(home / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        f"--infilter={way.opened}",
        "--convert-to",
        f"{way.made}:{way.saved}",
        "--outdir",
        str(home / "out"),
        str(source),
    ]
    return ["sh", "-c", _LIMITED, "sh", *command] if os.name == "posix" else command


def _run(command: list[str], home: Path, name: str, way: _Way, timeout: float) -> None:
    """Run the conversion; all that it started is ended at the time-out and whatever happens."""
    environment = {**os.environ, "HOME": str(home), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=home,
        env=environment,
        start_new_session=True,
    )
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(name, f"{way.shown}转换超过 {timeout:.0f} 秒，已停止", _by_hand(way)) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a conversion with the programs that it started, its starter being the first of them."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing of it is left
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()

