"""What people see at the terminal: tables on stdout; progress, hints and errors on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EVERY_SECONDS = 5.0  # between two lines of progress where stderr is no terminal


def say(text: str) -> None:
    """A hint on stderr."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def show(text: str) -> None:
    """A line of the answer on stdout."""
    print(text)  # noqa: T201


def show_json(value: Any) -> None:
    """One JSON document on stdout."""
    show(json.dumps(value, ensure_ascii=False, indent=2))


def show_lines(values: Iterable[Any]) -> None:
    """JSON lines on stdout."""
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
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr with rate and time left; plain lines where stderr is no terminal."""
    if sys.stderr.isatty():
        with _bar(what, total) as advance:
            yield advance
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
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
            except json.JSONDecodeError as error:
                raise ValueError(f"{path} 第 {number} 行不是 JSON：{error.msg}") from error
            if not isinstance(value, dict) or "id" not in value or "query" not in value:
                raise ValueError(f"{path} 第 {number} 行缺少 id 或 query")
            yield value
