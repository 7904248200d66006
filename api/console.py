"""What people see at the terminal: tables on stdout; progress, hints and errors on stderr."""

from __future__ import annotations

import errno
import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EVERY_SECONDS = 5.0  # between two lines of progress where stderr is no terminal
WHY = {
    errno.ENOENT: "不存在",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EROFS: "所在的磁盘只能读",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写失败",
}


def say(text: str) -> None:
    """A hint on stderr."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def show(text: str) -> None:
    """A line of the answer on stdout."""
    print(text)  # noqa: T201


def why(error: OSError) -> str:
    """What the operating system complains of, in the user's words."""
    return WHY.get(error.errno or 0, error.strerror or str(error))


def never_fail_to_encode() -> None:
    """Let stdout escape what the terminal's encoding lacks (〇 or 㛃 in GBK) instead of failing there."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _utf8() -> None:
    """JSON is UTF-8 whatever the encoding of the terminal; a broken file name stands in it as an escape."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def show_json(value: Any) -> None:
    """One JSON document on stdout."""
    _utf8()
    show(json.dumps(value, ensure_ascii=False, indent=2))


def show_lines(values: Iterable[Any]) -> None:
    """JSON lines on stdout."""
    _utf8()
    for value in values:
        show(json.dumps(value, ensure_ascii=False))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on stdout; plain and aligned by display width, so it can be copied."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE, header_style="bold", pad_edge=False)
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    console = Console(file=sys.stdout, highlight=False, markup=False)
    console.print(drawn)


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr with rate and time left; plain lines where stderr is no terminal.

    `quiet`: the bar or nothing where it is False, nothing at all where it is True.
    """
    terminal = sys.stderr.isatty()
    if terminal and not quiet:
        with _bar(what, total) as advance:
            yield advance
    elif quiet is not None:
        yield lambda _: None
    else:
        yield _lines(what, total)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn(),
        console=Console(file=sys.stderr),
    )
    began = time.monotonic()
    with bar:
        task = bar.add_task(what, total=total, rate="")

        def advance(count: int) -> None:
            bar.advance(task, count)
            done = bar.tasks[task].completed
            bar.update(task, rate=f"{done / max(time.monotonic() - began, 0.001):.0f}/秒")

        yield advance


def _lines(what: str, total: int | None) -> Callable[[int], None]:
    began = said = time.monotonic()
    done = 0

    def advance(count: int) -> None:
        nonlocal done, said
        done += count
        now = time.monotonic()
        if now - said < EVERY_SECONDS:
            return
        said = now
        rate = done / max(now - began, 0.001)
        rest = f"，约剩 {max(total - done, 0) / rate:.0f} 秒" if total and rate else ""
        say(f"{what}：{done}{f'/{total}' if total else ''}，{rate:.0f}/秒{rest}")

    return advance


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-lines file; raises ValueError with the line's number for a bad one."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line.decode("utf-8-sig"))
            except UnicodeDecodeError as error:
                raise ValueError(f"{path} 第 {number} 行不是 UTF-8 文字。请另存为 UTF-8 后再试。") from error
            except json.JSONDecodeError as error:
                raise ValueError(f"{path} 第 {number} 行不是一个 JSON 对象（第 {error.colno} 个字符处）。") from error
            if not isinstance(value, dict) or "id" not in value or not isinstance(value.get("query"), str):
                raise ValueError(f"{path} 第 {number} 行缺少 id 或 query（query 应是一段文字）。")
            yield value
