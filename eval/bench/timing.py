"""How long searches take, in a process of their own, and what that process holds in memory.

    python -m eval.bench.timing < ASKED.json

What is asked: `home`, `began` (seconds of the epoch), `queries`, and `runs` of `name`, `by` and the fields of a
scope. Each question is put to every run in turn, so that whatever else the machine does hits all of them alike,
and forgotten in between, so that each search embeds it.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assistant.desk import open_desk
from assistant.settings import read_settings
from indexes.index import Index, Scope

MOST = 120  # questions that are timed
WARM = 10  # that are put before, to open what is opened once


@dataclass(frozen=True)
class Run:
    """A way of searching: its name, by what, and where (the fields of a `Scope`; a day in ISO)."""

    name: str
    by: str
    where: Mapping[str, Any]


@dataclass(frozen=True)
class Timed:
    """Milliseconds of a run."""

    p50: float
    p95: float
    hits: float  # found at a question, of ten


@dataclass(frozen=True)
class Timing:
    """Milliseconds from the start of a process to its first answer (the disk's cache is warm), the largest memory
    that it held (MB), and the runs, by name and by what.
    """

    cold: float
    memory: float
    runs: Mapping[tuple[str, str], Timed]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, by nearest rank."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def folder_size(path: Path) -> float:
    """Megabytes of a file, or of all files under a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return sum(one.stat().st_size for one in files) / 1e6


def sizes(home: Path) -> dict[str, float]:
    """Megabytes on disk of what a home keeps for searching."""
    parts = {"catalogue": "catalogue.sqlite", "words": "words", "vectors": "vectors", "store": "vectors.sqlite"}
    return {name: folder_size(home / part) for name, part in parts.items()}


def timed(home: Path, queries: Sequence[str], runs: Sequence[Run]) -> Timing:
    """Put questions to a home in a fresh process."""
    asked = {"home": str(home), "began": time.time(), "queries": list(queries),
             "runs": [{"name": run.name, "by": run.by, "where": dict(run.where)} for run in runs]}  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-m", "eval.bench.timing"], input=json.dumps(asked), text=True, check=True, stdout=subprocess.PIPE
    )
    made = json.loads(said.stdout)
    rows = {(row["name"], row["by"]): Timed(row["p50"], row["p95"], row["hits"]) for row in made["runs"]}
    return Timing(made["cold"], made["memory"], rows)


def scope_of(where: Mapping[str, Any]) -> Scope:
    """The scope that a run names."""
    given = dict(where)
    for name in ("kinds", "levels"):
        if name in given:
            given[name] = tuple(given[name])
    if "as_of" in given:
        given["as_of"] = date.fromisoformat(given["as_of"])
    return Scope(**given)


def _measured(index: Index, queries: Sequence[str], runs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    scopes = [(run, scope_of(run["where"])) for run in runs]
    taken: list[list[float]] = [[] for _ in runs]
    hits = [0] * len(runs)
    for number, query in enumerate(queries):
        for place, (run, scope) in enumerate(scopes):
            index._question.cache_clear()
            began = time.perf_counter()
            found = index.search(query, 10, scope=scope, by=run["by"])
            if number >= WARM:
                taken[place].append((time.perf_counter() - began) * 1000)
                hits[place] += len(found)
    return [
        {"name": run["name"], "by": run["by"], "p50": percentile(times, 0.5), "p95": percentile(times, 0.95),
         "hits": found / len(times)}
        for run, times, found in zip(runs, taken, hits, strict=True)
    ]  # fmt: skip


def main() -> None:
    """Search as asked on standard input, and print what it took as JSON."""
    asked = json.load(sys.stdin)
    desk = open_desk(read_settings(Path(asked["home"])))
    first, *queries = asked["queries"]
    run = asked["runs"][0]
    desk.index.search(first, 10, scope=scope_of(run["where"]), by=run["by"])
    cold = (time.time() - asked["began"]) * 1000
    rows = _measured(desk.index, queries, asked["runs"])
    desk.close()
    print(json.dumps({"cold": cold, "memory": _memory(), "runs": rows}))


def _memory() -> float:
    """Megabytes that this process held at most. What `getrusage` says may be that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        peak = re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="utf-8"))
        if peak:
            return int(peak[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    main()
