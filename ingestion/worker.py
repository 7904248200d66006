"""A process of its own that reads files: one that hangs, crashes or eats memory takes nothing else with it.

Started by `ingestion/crew.py`. Messages are pickles with their length in front:
orders on stdin (`Orders`, then paths), on stdout for each path its outcomes, pages as they come, and `Done`.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import resource
import shutil
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from struct import Struct
from typing import IO, Any

from ingestion.prepare import Terms, outcomes
from ingestion.pulse import heard

LENGTH = Struct(">Q")
GRACE = 10.0  # seconds over the limit after which a worker ends by itself: its keeper is gone
BYTES_A_SECOND = 10_000  # of a large file, before it says its first page: a scanned page of 50 KB takes 4 s


@dataclass(frozen=True)
class Orders:
    """What a worker is told first: `seconds` without a sign, `memory` in bytes that it may use.

    `folder` is its own for temporary files; its keeper removes it, or it does where the keeper was killed.
    """

    terms: Terms
    seconds: float
    memory: int
    folder: str


@dataclass(frozen=True)
class Page:
    """The worker began to read a page."""

    number: int


@dataclass(frozen=True)
class Done:
    """The worker has read the file; `last` says that it used much memory and ends now."""

    last: bool = False


def send(stream: IO[bytes], message: object) -> None:
    """Write a message; raises OSError where nobody reads any more."""
    payload = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(payload)))
    stream.write(payload)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """Read a message; raises EOFError where the other end is gone, also in the middle of one."""
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read


def main() -> None:
    """Read what is ordered until stdin ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand among the messages
    orders: Orders = receive(sys.stdin.buffer)
    _limit(orders.memory)
    import_module("ingestion.kinds")  # every file needs it: loaded before the clock runs
    send(out, Done())  # ready
    try:
        while not _read_next(orders, out):
            pass
    except (EOFError, BrokenPipeError):  # nobody waits for it any more
        shutil.rmtree(orders.folder, ignore_errors=True)
        os._exit(0)  # what stands in the pipe is for nobody: Python would fail to flush it


def _read_next(orders: Orders, out: IO[bytes]) -> bool:
    """Read the next file; whether it took so much memory that a fresh process should follow."""
    _work(receive(sys.stdin.buffer), orders, out)
    last = resident() > orders.memory // 2
    send(out, Done(last))
    return last


def allowed(path: Path, seconds: float) -> float:
    """How many seconds a file may take to give its first sign: the more the larger it is."""
    try:
        return seconds + path.stat().st_size / BYTES_A_SECOND
    except OSError:  # reading will tell
        return seconds


def resident(process: int | str = "self") -> int:
    """The memory that a process uses, in bytes; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def _work(path: Path, orders: Orders, out: IO[bytes]) -> None:
    """Read one file; while it waits for the keeper to take a message, no time runs."""

    def say(message: object) -> None:
        faulthandler.cancel_dump_traceback_later()
        send(out, message)
        faulthandler.dump_traceback_later(orders.seconds + GRACE, exit=True)

    faulthandler.dump_traceback_later(allowed(path, orders.seconds) + GRACE, exit=True)
    with heard(lambda number: say(Page(number))):
        for outcome in outcomes(path, orders.terms):
            say(outcome)
    faulthandler.cancel_dump_traceback_later()


def _limit(memory: int) -> None:
    """Let what asks for more than `memory` bytes fail, where the system can (Linux)."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or hard > memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
