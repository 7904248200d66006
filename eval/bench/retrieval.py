"""Recall and MRR of `search --batch` over questions with known articles.

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
from pathlib import Path
from typing import Any

DEPTH = 100


def key(law: str, article: str) -> tuple[str, str]:
    """The name of an article as two files may write it."""
    plain = unicodedata.normalize("NFKC", law).replace("中华人民共和国", "")
    return "".join(sign for sign in plain if sign not in "《》〈〉<>" and not sign.isspace()), article


def ranked(hits: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The articles of the hits, best first."""
    return list(dict.fromkeys(key(hit["law"], hit["article"]) for hit in hits if hit["law"] and hit["article"]))


def measures(rows: list[tuple[set[tuple[str, str]], list[tuple[str, str]]]]) -> dict[str, float]:
    """Mean Recall@10, Recall@100 and MRR@10 over (relevant, ranked) pairs."""
    def recall(k: int) -> float:
        return sum(len(gold & set(found[:k])) / len(gold) for gold, found in rows) / len(rows)

    def first(gold: set[tuple[str, str]], found: list[tuple[str, str]]) -> float:
        return next((1 / rank for rank, one in enumerate(found[:10], 1) if one in gold), 0.0)

    return {"R@10": recall(10), "R@100": recall(100), "MRR@10": sum(first(*row) for row in rows) / len(rows)}


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
    for by in given.by or ("words", "meaning", "both"):
        answers, seconds = search(given.questions, given.home, by, ["--as-of", given.as_of] if given.as_of else [])
        rows = [(gold[one["id"]], ranked(one["hits"])) for one in answers]
        figures = "  ".join(f"{name} {value:.3f}" for name, value in measures(rows).items())
        print(f"{by:8} {len(rows)} questions  {figures}  {seconds / len(rows) * 1000:.1f} ms a question")


if __name__ == "__main__":
    main()
