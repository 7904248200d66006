"""Many users at once: how long searches and questions take over HTTP, on the loopback, without a model.

    python -m eval.bench.load HOME [QUESTIONS.jsonl] [--users 20] [--seconds 120] [--think 1.0] [--think 0] [--case NAME]

Starts `gongzhi serve` on a free port of the loopback over HOME (give a copy: the service may fill its index)
and lets the users ask for so many seconds, half searches (ten hits by words and meaning), half questions.
`--think` is the pause of a person between an answer and the next question; with 0 every user asks again at
once, which is the closed loop. Given more than once, each is measured in turn. A question of the file
(`query`; else a few that come with the benches) gets a number of its own, so none is answered from memory.
Users and service share the processors. An answer counts as an error unless it is 200 and holds something.
The exit code is 1 where there was an error, or a 95th percentile is above its limit.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench.embedding import QUESTIONS

HOST = "127.0.0.1"
LIMITS = {"search": 300, "ask": 800}  # milliseconds, of the 95th percentile
PATIENCE = 60  # seconds for one answer, and for the service to start or to end
MOST_USERS, MOST_SECONDS, LONGEST_THINKING = 200, 600, 60
_ADDRESS = re.compile(rf"http://{re.escape(HOST)}:(\d+)/")


@dataclass(frozen=True)
class Taken:
    """One request: what kind it was, its milliseconds, and what was wrong (empty: nothing)."""

    kind: str
    milliseconds: float
    error: str


@dataclass(frozen=True)
class Load:
    """Who asks what: users, seconds of measuring, seconds of thinking between two questions, the case (if any)."""

    users: int
    seconds: float
    think: float
    case: str | None = None


class Service:
    """A `gongzhi serve` of our own; it is told to end when the block is left."""

    def __init__(self, home: Path) -> None:
        command = [sys.executable, "-m", "api", "serve", "--host", HOST, "--port", "0", "--home", str(home)]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._said: list[str] = []
        self.port = self._wait_for_port()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def processor_seconds(self) -> float:
        """Processor time that the service has used; 0 where the system does not tell."""
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _wait_for_port(self) -> int:
        for line in self._process.stderr or ():
            self._said.append(line)
            if found := _ADDRESS.search(line):
                return int(found[1])
        raise SystemExit("the service did not start:\n" + "".join(self._said))

    def _listen(self) -> None:
        for line in self._process.stderr or ():  # a full pipe would stop it
            print("service:", line, end="", file=sys.stderr)


def ask(connection: http.client.HTTPConnection, kind: str, question: str, case: str | None) -> Taken:
    """One request and its answer, read to the end."""
    body = {"query": question} if kind == "search" else {"question": question}
    data = json.dumps(body | ({"case": case} if case else {}))
    began = time.monotonic()
    try:
        connection.request("POST", f"/api/v1/{kind}", data, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        error = wrong(kind, response.status, content)
    except (OSError, http.client.HTTPException) as failure:
        connection.close()  # the next request opens it anew
        error = type(failure).__name__
    return Taken(kind, (time.monotonic() - began) * 1000, error)


def wrong(kind: str, status: int, content: bytes) -> str:
    """What is wrong with an answer; empty if nothing is."""
    if status != 200:
        return f"HTTP {status}"
    try:
        answer: dict[str, Any] = json.loads(content)
    except ValueError:
        return "no JSON"
    return "" if answer.get("hits" if kind == "search" else "text") else "empty"


def first_answer(port: int, question: str, case: str | None) -> float:
    """Seconds until the service has answered once: by then all that it needs is open."""
    began = time.monotonic()
    while True:
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        taken = ask(connection, "ask", question, case)
        connection.close()
        passed = time.monotonic() - began
        if not taken.error:
            return passed
        if passed > PATIENCE:
            raise SystemExit(f"no answer after {passed:.0f} s: {taken.error}")
        time.sleep(0.1)


def measure(port: int, load: Load, questions: Sequence[str], numbers: Iterator[int]) -> list[Taken]:
    """What all users were answered; `numbers` make each question the only one of its kind."""
    taken: list[Taken] = []
    end = time.monotonic() + load.seconds

    def user(number: int) -> None:
        chance = random.Random(number)
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        time.sleep(chance.random() * load.think)  # nobody waits for the others to begin
        while time.monotonic() < end:
            question = f"{chance.choice(questions)} {next(numbers)}"
            taken.append(ask(connection, chance.choice(("search", "ask")), question, load.case))
            time.sleep(load.think)
        connection.close()

    users = [threading.Thread(target=user, args=(number,)) for number in range(load.users)]
    for one in users:
        one.start()
    for one in users:
        one.join()
    return taken


def report(taken: Sequence[Taken], seconds: float, out: Callable[[str], object] = print) -> bool:
    """Write a row for each kind; whether there was no error and each 95th percentile is within its limit."""
    good = True
    for kind, limit in LIMITS.items():
        times = [one.milliseconds for one in taken if one.kind == kind and not one.error]
        errors = Counter(one.error for one in taken if one.kind == kind and one.error)
        half, most, nearly_all = np.quantile(times, (0.5, 0.95, 0.99)) if times else (np.nan,) * 3
        within = bool(most <= limit) and not errors
        good = good and within
        out(
            f"{kind:7} {len(times):6} answers  {len(times) / seconds:6.1f} /s  {errors.total():4} errors  "
            f"p50 {half:6.0f} ms  p95 {most:6.0f} ms  p99 {nearly_all:6.0f} ms  "
            f"{'within' if within else 'NOT within'} {limit} ms"
        )
        for error, count in errors.most_common():
            out(f"        {count} × {error}")
    return good


def read_questions(path: Path | None) -> list[str]:
    """The questions of a file (`query` of each line), or those of the benches."""
    if path is None:
        return list(QUESTIONS)
    return [str(json.loads(line)["query"]) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def run(service: Service, load: Load, questions: Sequence[str], numbers: Iterator[int]) -> bool:
    """Measure one load and print it; whether all was well."""
    pause = f"{load.think:g} s to think" if load.think else "no time to think (closed loop)"
    print(f"{load.users} users, {load.seconds:g} s, {pause}, {os.cpu_count()} processors", flush=True)
    used, own, began = service.processor_seconds(), time.process_time(), time.monotonic()
    taken = measure(service.port, load, questions, numbers)
    passed = time.monotonic() - began
    used, own = service.processor_seconds() - used, time.process_time() - own
    good = report(taken, passed)
    print(
        f"processor: the service {used / passed:.2f} cores, {used / max(1, len(taken)) * 1000:.1f} ms an answer; "
        f"the users {own / passed:.2f} cores",
        flush=True,
    )
    return good


def within(low: float, high: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    """A reader of an option that refuses what lies outside."""

    def read(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{low:g} to {high:g}")
        return value

    return read


def main() -> int:
    """Start the service, let the users ask, print; 0 if all was within its limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="a filled home folder")
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--users", type=within(1, MOST_USERS, int), default=20)
    parser.add_argument("--seconds", type=within(1, MOST_SECONDS, float), default=120)
    parser.add_argument("--think", type=within(0, LONGEST_THINKING, float), action="append")
    parser.add_argument("--case", help="search and ask in this case alone")
    given = parser.parse_args()
    questions, numbers = read_questions(given.questions), itertools.count(10_000)
    with Service(given.home) as service:
        print(f"the first answer after {first_answer(service.port, questions[0], given.case):.1f} s", flush=True)
        loads = [Load(given.users, given.seconds, think, given.case) for think in given.think or [1.0]]
        good = [run(service, load, questions, numbers) for load in loads]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
