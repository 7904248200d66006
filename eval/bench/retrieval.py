"""Recall, MRR and nDCG of `search --batch` over questions with known articles; milliseconds, memory, disk.

    python -m eval.bench.retrieval QUESTIONS.jsonl [--home DIR] [--by words] [--by both] [--as-of DATE]

Each question holds `query` and `relevant` (law and article). Articles that the library lacks count as
misses. Law names are compared without 中华人民共和国, marks, white space and width.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.settings import read_settings
from eval.bench.timing import MOST, Run, sizes, timed
from eval.measures import ranking
from eval.observed import Ranked

DEPTH = 100
WAYS = ("words", "meaning", "both")
# by the names of ir-measures
MEASURES = {"R@1": "R@1", "R@5": "R@5", "R@10": "R@10", "R@30": "R@30", "R@100": "R@100", "MRR@10": "RR@10",
            "nDCG@10": "nDCG@10"}  # fmt: skip


def key(law: str, article: str) -> tuple[str, str]:
    """The name of an article as two files may write it."""
    plain = unicodedata.normalize("NFKC", law).replace("中华人民共和国", "")
    return "".join(sign for sign in plain if sign not in "《》〈〉<>" and not sign.isspace()), article


def ranked(hits: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The articles of the hits, best first."""
    return list(dict.fromkeys(key(hit["law"], hit["article"]) for hit in hits if hit["law"] and hit["article"]))


def measures(rows: list[tuple[set[tuple[str, str]], list[tuple[str, str]]]]) -> dict[str, float]:
    """Means of the measures of ranking over (relevant, ranked) pairs."""
    ranks = [
        Ranked(str(number), tuple(map(_name, gold)), tuple(map(_name, found)))
        for number, (gold, found) in enumerate(rows)
    ]
    return {name: ranking(measure)(ranks) or 0.0 for name, measure in MEASURES.items()}


def _name(article: tuple[str, str]) -> str:
    return "".join(article)


def search(questions: Path, home: Path | None, by: str, more: list[str]) -> tuple[list[dict[str, Any]], float]:
    """The answers of one `search --batch`, and its seconds."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.jsonl"
        began = time.monotonic()
        command = [sys.executable, "-m", "api", "search", "--batch", str(questions), "--out", str(out),
                   "-k", str(DEPTH), "--kind", "regulation", "--by", by, *more]  # fmt: skip
        subprocess.run([*command, *(["--home", str(home)] if home else [])], check=True)
        seconds = time.monotonic() - began
        return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], seconds


def main() -> None:
    """Print a row for each way of searching."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--by", action="append", choices=("words", "meaning", "both"))
    parser.add_argument("--as-of")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    gold = {q["id"]: {key(r["law"], r["article"]) for r in q["relevant"]} for q in questions}
    for by in given.by or WAYS:
        answers, seconds = search(given.questions, given.home, by, ["--as-of", given.as_of] if given.as_of else [])
        rows = [(gold[one["id"]], ranked(one["hits"])) for one in answers]
        figures = "  ".join(f"{name} {value:.3f}" for name, value in measures(rows).items())
        print(f"{by:8} {len(rows)} questions  {figures}  {seconds / len(rows) * 1000:.1f} ms a question", flush=True)
    show_timing(read_settings(given.home).root, [q["query"] for q in questions], given.by or WAYS, given.as_of)


def show_timing(home: Path, queries: list[str], ways: Sequence[str], as_of: str | None) -> None:
    """Print what searching for ten takes, each way in a process of its own."""
    where = {"kinds": ["regulation"], **({"as_of": as_of} if as_of else {})}
    for by in ways:
        found = timed(home, queries[:MOST], [Run("law", by, where)])
        took = found.runs["law", by]
        print(f"{by:8} p50 {took.p50:.1f} ms  p95 {took.p95:.1f} ms  first answer of a fresh process {found.cold:.0f} ms  "
              f"memory {found.memory:.0f} MB")  # fmt: skip
    print("on disk ", "  ".join(f"{name} {size:.0f} MB" for name, size in sizes(home).items()))


if __name__ == "__main__":
    main()
