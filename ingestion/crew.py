"""Many files are read at once: a worker process for each core, each with a keeper that never waits for ever.

A worker that hangs or takes too much memory is ended, one that crashes is replaced; the file is named with
its cause, and the others go on. At no time is more than a few files' text held.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Self

from ingestion.errors import UnreadableFile
from ingestion.prepare import OUT_OF_MEMORY, SAVE_ANEW, SPLIT_IT, Failed, Outcome, Terms
from ingestion.worker import Done, Orders, Page, allowed, receive, resident, send

WATCH_SECONDS = 0.1
HELD = 32  # outcomes that wait for those of an earlier file
QUEUED = 4  # outcomes that wait for the catalogue
STARTS = 3  # tries to start a worker: one may be ended from outside before it is ready, all are not
NEVER = math.inf
REPORT_IT = "请另存为新文件再添加；仍不行时，请把这段说明告诉维护者"
# A worker starts in a third of a second, a small file is read in a fiftieth.
FEW = 16
SMALL = 256 * 1024  # bytes of a file
UNPACKED = 8 << 20  # bytes of a small Office file when it is unpacked

Arrival = tuple[int, Outcome | None]  # the number of a file and what became of it; None once it is done with


@dataclass(frozen=True)
class Limits:
    """What reading one file may take: `seconds` without a sign that it goes on, `memory` in bytes.

    `workers` 0: one for each core.
    """

    seconds: float = 120.0  # LibreOffice takes half a minute to start on a tired disk; a page of OCR four seconds
    memory: int = 2 << 30
    workers: int = 0


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers_for(files: Sequence[Path], limits: Limits) -> int:
    """How many processes reading these files is worth; 0 for a few small ones that no reader can choke on."""
    if len(files) <= FEW and all(map(is_small, files)):
        return 0
    work = sum(1 + size_of(path) // SMALL for path in files)
    return max(1, min(limits.workers or cores(), len(files), -(-work // FEW)))


def is_small(path: Path) -> bool:
    """Whether a file is read in no time whatever stands in it: little text, or a little Office file."""
    if size_of(path) > SMALL or path.suffix.lower() in (".eml", ".zip"):
        return False
    try:
        with path.open("rb") as file:
            head = file.read(1024)
        if head.startswith(b"PK"):
            return _is_small_office(path)
    except OSError:  # reading tells why
        return True
    return b"%PDF-" not in head and (b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")))


def _is_small_office(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return True  # reading tells
    office = any(part.filename == "[Content_Types].xml" for part in parts)
    return office and sum(part.file_size for part in parts) <= UNPACKED


def size_of(path: Path) -> int:
    """The bytes of a file, 0 where there is none to ask."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read_files(files: Sequence[Path], terms: Terms, limits: Limits, workers: int) -> Iterator[Arrival]:
    """What became of each file, in the order of the files as far as that holds nobody up.

    Raises UnreadableFile where no worker can be started. Whoever stops early ends the workers.
    """
    with _Crew(files, terms, limits, workers) as crew:
        yield from in_order(crew.arrivals(), HELD)


def in_order(arrivals: Iterable[Arrival], most: int) -> Iterator[Arrival]:
    """Give arrivals file by file; of those that wait for an earlier file at most about `most` are held back."""
    turn = 0
    held: dict[int, list[Arrival]] = {}
    passed: set[int] = set()  # let through before their turn, and done with
    for arrival in arrivals:
        held.setdefault(arrival[0], []).append(arrival)
        if arrival[0] != turn and sum(map(len, held.values())) > most:
            yield from _let_through(held, min(held), passed)
        while turn in held or turn in passed:
            yield from _let_through(held, turn, passed)
            if turn not in passed:
                break  # the rest of this file comes as it comes
            passed.discard(turn)
            turn += 1
    for number in sorted(held):
        yield from held[number]


def _let_through(held: dict[int, list[Arrival]], number: int, passed: set[int]) -> list[Arrival]:
    given = held.pop(number, [])
    if given and given[-1][1] is None:
        passed.add(number)
    return given


class _Hand:
    """One worker process, from the keeper's side."""

    def __init__(self, orders: Orders) -> None:
        self._lock = threading.Lock()
        self._deadline = NEVER
        self._ended_for = ""
        self._page: int | None = None
        self._given = 0.0  # seconds until the deadline, when it was set
        self.finished = False
        self._folder = tempfile.TemporaryDirectory(prefix="gongzhi-")  # what a reader leaves goes with the worker
        self._orders = replace(orders, folder=self._folder.name)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed by close()
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from ingestion.worker import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "TMPDIR": self._folder.name},
            start_new_session=True,  # Ctrl-C is ours to handle, and what a reader starts ends with it
        )

    def begin(self) -> None:
        """Give the orders and wait until the worker is ready; raises UnreadableFile where it cannot start."""
        stdin, stdout = self._pipes()
        try:
            send(stdin, self._orders)
            receive(stdout)
        except (EOFError, BrokenPipeError) as error:
            self.finished = True
            cause = f"读取进程无法启动（{self._last_words() or f'退出码 {self._reap()}'}）"
            raise UnreadableFile(sys.executable, cause, "请运行 gongzhi doctor 检查安装") from error

    def read(self, path: Path) -> Iterator[Outcome]:
        """What the worker makes of a file; if it does not live to say, what it ended of."""
        stdin, stdout = self._pipes()
        self._page = None
        try:
            send(stdin, path)
            self._wait(allowed(path, self._orders.seconds))
            while not isinstance(message := receive(stdout), Done):
                self._wait(NEVER)
                if isinstance(message, Page):
                    self._page = message.number
                else:
                    yield message
                self._wait(self._orders.seconds)
            self.finished = message.last
        except (EOFError, BrokenPipeError):
            yield self._ended()
        finally:
            self._wait(NEVER)

    def check(self, now: float) -> None:
        """End the worker if its time is over or its memory too much."""
        with self._lock:
            if now > self._deadline:
                self._end("time")
            elif self._deadline != NEVER and resident(self._process.pid) > self._orders.memory:
                self._end("memory")

    def close(self) -> None:
        """End the worker and what it started, and remove what it left."""
        self.kill()
        self._reap()
        for stream in (*self._pipes(), self._errors):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        self._folder.cleanup()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin  # both were asked for
        assert stdout
        return stdin, stdout

    def kill(self) -> None:
        """End the worker now; whoever waits for it is told."""
        with self._lock:
            self._end("")

    def _wait(self, seconds: float) -> None:
        with self._lock:
            self._given = seconds if seconds != NEVER else self._given
            self._deadline = time.monotonic() + seconds

    def _end(self, why: str) -> None:
        """End the worker's whole group, LibreOffice, say, would outlive it; not once its number may be another's."""
        self._ended_for = self._ended_for or why
        self._deadline = NEVER
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _reap(self) -> int:
        """Wait for the end of the worker, and end what it started before its number is given up; its exit code."""
        end = time.monotonic() + 1
        while self._process.returncode is None and not self._is_over():
            if time.monotonic() > end:  # it closed its stdout and goes on
                self.kill()
            time.sleep(0.005)
        self.kill()
        with self._lock:
            return self._process.wait()

    def _is_over(self) -> bool:
        """Whether the worker has ended; it is not waited for yet, so that its number stays its own."""
        if not hasattr(os, "waitid"):  # macOS before Python 3.13
            return self._process.poll() is not None
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def _ended(self) -> Failed:
        self.finished = True
        code = self._reap()
        if self._ended_for == "time":
            return Failed(f"读取超时（{self._given:.0f} 秒没有进展）", SPLIT_IT, self._page)
        if self._ended_for == "memory" or code == -signal.SIGKILL:
            return Failed(OUT_OF_MEMORY, SPLIT_IT, self._page)
        if code < 0:
            return Failed(f"读取程序中途退出（信号 {-code}）", SAVE_ANEW, self._page)
        return Failed(f"读取程序出错（{self._last_words() or f'退出码 {code}'}）", REPORT_IT, self._page)

    def _last_words(self) -> str:
        """The last line that the worker wrote on stderr: of a traceback the error."""
        self._errors.seek(max(0, self._errors.seek(0, os.SEEK_END) - 2_000))
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:200] if lines else ""


class _Crew:
    """The workers of one adding, their keepers (threads), and the watch over all."""

    def __init__(self, files: Sequence[Path], terms: Terms, limits: Limits, workers: int) -> None:
        self._orders = Orders(terms, limits.seconds, limits.memory, "")
        self._files = enumerate(files)
        self._next = threading.Lock()
        self._results: queue.Queue[Arrival | None] = queue.Queue(QUEUED)  # None: a keeper has ended
        self._closing = threading.Event()
        self._hands: dict[int, _Hand] = {}  # by keeper
        self._threads = ThreadPoolExecutor(workers + 1)
        self._keepers = [self._threads.submit(self._keep, number) for number in range(workers)]
        self._threads.submit(self._watch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for hand in list(self._hands.values()):
            hand.kill()  # its keeper is told at once
        self._threads.shutdown()

    def arrivals(self) -> Iterator[Arrival]:
        """What became of the files, as it comes; raises what a keeper ended of."""
        busy = len(self._keepers)
        while busy:
            result = self._results.get()
            if result is None:
                busy -= 1
            else:
                yield result
        for keeper in self._keepers:
            keeper.result()

    def _keep(self, keeper: int) -> None:
        try:
            while (task := self._task()) is not None:
                number, path = task
                hand = self._hand(keeper)
                if self._closing.is_set():  # or it was made too late to be ended with the others
                    break
                for outcome in hand.read(path):
                    self._put((number, outcome))
                self._put((number, None))
        finally:
            self._drop(keeper)
            self._put(None)

    def _task(self) -> tuple[int, Path] | None:
        with self._next:
            return None if self._closing.is_set() else next(self._files, None)

    def _hand(self, keeper: int) -> _Hand:
        """The worker of a keeper, a new one where the last one has ended."""
        if keeper in self._hands and not self._hands[keeper].finished:
            return self._hands[keeper]
        for attempt in range(STARTS):
            self._drop(keeper)
            self._hands[keeper] = _Hand(self._orders)
            try:
                self._hands[keeper].begin()
                break
            except UnreadableFile:
                if attempt == STARTS - 1 or self._closing.is_set():
                    raise
        return self._hands[keeper]

    def _drop(self, keeper: int) -> None:
        if (hand := self._hands.pop(keeper, None)) is not None:
            hand.close()

    def _put(self, result: Arrival | None) -> None:
        while not self._closing.is_set():
            with contextlib.suppress(queue.Full):
                self._results.put(result, timeout=WATCH_SECONDS)
                return

    def _watch(self) -> None:
        while not self._closing.wait(WATCH_SECONDS):
            now = time.monotonic()
            for hand in list(self._hands.values()):
                hand.check(now)
