"""The commands of the whole way, one after the other, each with its seconds and its peak memory.

    python -m eval.bench.spine HOME [--laws FOLDER] [--documents FOLDER] [--questions FILE] [--no-index]

Every command runs as a process of its own; memory is the largest resident set that the system saw.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MEGABYTE = 1024  # ru_maxrss counts kilobytes on Linux


def measured(home: Path, arguments: list[str]) -> tuple[float, float, int]:
    """Seconds, megabytes and exit code of one command."""
    command = [sys.executable, "-m", "api", *arguments, "--home", str(home)]
    began = time.monotonic()
    with open(os.devnull, "w") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, usage.ru_maxrss / MEGABYTE, process.returncode


def commands(given: argparse.Namespace, out: Path) -> Iterator[list[str]]:
    """The commands to run, in their order."""
    yield ["laws"]
    if given.laws:
        yield ["laws", str(given.laws)]
    if not given.no_index:
        yield ["index"]
    if given.documents:
        yield ["add", str(given.documents), "--case", "bench"]
        yield ["index"]
    yield ["search", "旅馆接待未成年人入住应当履行哪些义务", "--by", "words"]
    yield ["search", "旅馆接待未成年人入住应当履行哪些义务"]
    yield ["ask", "旅馆接待未成年人入住应当履行哪些义务"]
    if given.questions:
        for by in ("words", "both"):
            batch = ["--batch", str(given.questions), "--out", str(out / by), "--kind", "regulation"]
            yield ["search", *batch, "--by", by]
    if given.documents:
        letter = str(out / "letter.docx")
        yield ["draft", "suggestion", "--case", "bench", "--to", "市场监督管理局", "-o", letter]


def main() -> None:
    """Print a row for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--laws", type=Path)
    parser.add_argument("--documents", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--no-index", action="store_true")
    given = parser.parse_args()
    print(f"{os.cpu_count()} processors; soft limit of open files {resource.getrlimit(resource.RLIMIT_NOFILE)[0]}")
    with tempfile.TemporaryDirectory() as out:
        for arguments in commands(given, Path(out)):
            seconds, megabytes, code = measured(given.home, arguments)
            print(f"{seconds:8.1f} s {megabytes:7.0f} MB  exit {code}  gongzhi {' '.join(arguments)}", flush=True)


if __name__ == "__main__":
    main()
