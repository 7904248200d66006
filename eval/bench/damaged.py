"""Damaged and hostile files among good ones, added in one go: no crash, no hang, bounded memory, each named.

    python -m eval.bench.damaged [--count 500] [--seed 1] [--keep FOLDER]

Makes `count` damaged files of every format (cut, flipped bits, overwritten, wrong suffix, empty, noise, bombs of
zip and XML, nested without end, absurd page sizes) and a tenth as many good ones, gives the folder to
`gongzhi add` in a home of its own, and prints for each kind of damage what became of it. Exit code 1 if a file was
lost from the report or failed without a cause, a good one was not added, or memory or time ran over.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench import hostile, made_other, made_word
from eval.bench.made import Made

MOST_MEMORY = 2 << 30  # bytes of any one process
SECONDS_EACH = 4  # for a file, all cores together; the whole may take no longer
SECONDS_MORE = 300  # for starting, and for a file that needs its time-out
_SUFFIXES = "docx pdf xlsx csv txt md html eml zip ofd srt vtt doc wps rtf xls et png jpg tif bmp xyz".split()
STOPPED = ("超时", "内存超过上限")  # words of the causes that the crew of readers gives itself
CRASHED = "中途退出"


@dataclass(frozen=True)
class Sample:
    """A file to add; `damage` is "" for a good one."""

    name: str
    data: bytes
    damage: str = ""


@dataclass(frozen=True)
class Run:
    """What an add of all files did: its exit code (None where it had to be ended), its report, time and memory."""

    code: int | None
    report: dict[str, list[dict[str, str]]]
    seconds: float
    memory: int
    said: str


def samples(rng: random.Random, count: int) -> Iterator[Sample]:
    """Yield good files and `count` damaged ones, no two with the same bytes."""
    seen = {b""}
    made = (each for each in sources(rng) if each.data)
    for number, each in enumerate(itertools.islice(made, max(1, count // 10))):
        seen.add(each.data)
        yield Sample(f"good-{number:04}-{each.name}", each.data)
    damages = itertools.cycle((*_DAMAGES, *([hostile.hostile] * 3)))
    number = 0
    for damage in damages:
        if number == count:
            return
        kind, name, data = damage(rng, next(made))
        if data in seen and kind != "empty":
            continue
        seen.add(data)
        yield Sample(f"bad-{number:04}-{kind.replace(' ', '-')}-{name}", data, kind)
        number += 1


def sources(rng: random.Random) -> Iterator[Made]:
    """Yield good files without end, of all formats that need no LibreOffice (each such file takes seconds)."""
    kinds = (made_other.quick(rng), made_word.made(rng, sys.maxsize), hostile.plain(rng))
    return (next(each) for each in itertools.cycle(kinds))


# --- damage ----------------------------------------------------------------------------------------------

Damaged = tuple[str, str, bytes]


def _cut(rng: random.Random, made: Made) -> Damaged:
    return "cut", made.name, made.data[: rng.randrange(1, max(2, len(made.data)))]


def _flipped(rng: random.Random, made: Made) -> Damaged:
    data = bytearray(made.data)
    for _ in range(rng.choice((1, 5, 50, 500))):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return "flipped", made.name, bytes(data)


def _overwritten(rng: random.Random, made: Made) -> Damaged:
    at, size = rng.randrange(len(made.data)), rng.randrange(1, len(made.data) + 1)
    filler = bytes(size) if rng.random() < 0.5 else rng.randbytes(size)
    return "overwritten", made.name, made.data[:at] + filler[: len(made.data) - at] + made.data[at + size :]


def _doubled(rng: random.Random, made: Made) -> Damaged:
    at = rng.randrange(len(made.data))
    return "doubled", made.name, made.data[:at] + made.data


def _wrong_suffix(rng: random.Random, made: Made) -> Damaged:
    # a byte order mark or a space more, so that it is not the same file as a good one
    return "wrong suffix", f"{made.name}.{rng.choice(_SUFFIXES)}", made.data + b" " * rng.randrange(1, 9)


def _noise(rng: random.Random, made: Made) -> Damaged:
    return "noise", f"noise.{rng.choice(_SUFFIXES)}", rng.randbytes(rng.randrange(1, 20_000))


def _headed_noise(rng: random.Random, made: Made) -> Damaged:
    return "noise behind a true head", made.name, made.data[:64] + rng.randbytes(rng.randrange(1, 20_000))


def _empty(rng: random.Random, made: Made) -> Damaged:
    return "empty", made.name, b""


_DAMAGES = (
    _cut, _cut, _flipped, _flipped, _flipped, _overwritten, _overwritten, _doubled, _wrong_suffix, _wrong_suffix,
    _noise, _headed_noise, _empty,
)  # fmt: skip


# --- the run ---------------------------------------------------------------------------------------------


def added(folder: Path, home: Path, limit: float) -> Run:
    """Add a folder as a user does, and watch; past `limit` seconds the whole is ended."""
    command = [sys.executable, "-m", "api", "add", str(folder), "--home", str(home), "--json"]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, err = process.communicate(timeout=limit)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        code = None
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    try:
        report = json.loads(out)
    except ValueError:
        report = {"added": [], "already": [], "failed": []}
    return Run(code, report, time.monotonic() - began, memory, err[-2000:])


def outcome(path: str, run: Run) -> str:
    """What became of a file: added, named (failed with cause and advice), stopped, crashed, unnamed, or lost."""
    for one in run.report["failed"]:
        if one["path"] == path:
            if not (one["cause"].strip() and one["advice"].strip()):
                return "unnamed"
            if CRASHED in one["cause"]:
                return "crashed"
            return "stopped" if any(word in one["cause"] for word in STOPPED) else "named"
    known = {one["path"] for one in (*run.report["added"], *run.report["already"])}
    return "added" if path in known else "lost"


def faults(given: Sequence[tuple[Sample, str]], run: Run, limit: float) -> list[str]:
    """What is wrong with a run; empty if all is well."""
    lost = [sample.name for sample, became in given if became in ("lost", "unnamed")]
    refused = [sample.name for sample, became in given if not sample.damage and became != "added"]
    crashed = [sample.name for sample, became in given if became == "crashed"]
    found = {
        f"{len(crashed)} files crashed their reader: {crashed[:5]}": bool(crashed),
        f"ended after {limit:.0f} s": run.code is None,
        f"exit code {run.code}: {run.said}": run.code not in (0, 1, None),
        f"{len(lost)} files without a cause: {lost[:5]}": bool(lost),
        f"{len(refused)} good files not added: {refused[:5]}": bool(refused),
        f"memory {run.memory >> 20} MiB": run.memory > MOST_MEMORY,
        "a stack trace on the screen": "Traceback" in run.said,
    }
    return [fault for fault, is_so in found.items() if is_so]


def main() -> None:
    """Print a line for each kind of damage; exit with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="write the files into this folder and leave them there")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gongzhi-damaged-") as temporary:
        folder = arguments.keep or Path(temporary) / "files"
        folder.mkdir(parents=True, exist_ok=True)
        made = list(samples(random.Random(arguments.seed), arguments.count))
        for sample in made:
            (folder / sample.name).write_bytes(sample.data)
        limit = SECONDS_MORE + SECONDS_EACH * len(made)
        run = added(folder, Path(temporary) / "home", limit)
        given = [(sample, outcome(str(folder / sample.name), run)) for sample in made]
    _show(given, run)
    wrong = faults(given, run, limit)
    for fault in wrong:
        print(f"WRONG: {fault}")
    sys.exit(1 if wrong else 0)


def _show(given: Sequence[tuple[Sample, str]], run: Run) -> None:
    kinds: dict[str, Counter[str]] = {}
    for sample, became in given:
        kinds.setdefault(sample.damage or "good", Counter())[became] += 1
    print(f"{'':30}{'files':>7}{'added':>7}{'named':>7}{'stopped':>8}{'crashed':>8}{'lost':>6}")
    for kind, counts in kinds.items():
        lost = counts["lost"] + counts["unnamed"]
        print(f"{kind:30}{counts.total():7}{counts['added']:7}{counts['named']:7}{counts['stopped']:8}{counts['crashed']:8}{lost:6}")
    print(f"{len(given)} files in {run.seconds:.0f} s, exit code {run.code}, largest process {run.memory >> 20} MiB")
    for sample, became in given:
        if became in ("stopped", "crashed"):
            cause = next(one["cause"] for one in run.report["failed"] if one["path"].endswith(sample.name))
            print(f"{became}: {sample.name}: {cause}")


if __name__ == "__main__":
    main()
