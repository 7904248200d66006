"""What each part of the order of articles adds, on questions held back.

    python -m eval.bench.ranking QUESTIONS.jsonl --home DIR

Five folds; the home folder must hold the laws with their vectors. The rows of `eval/tuning.py`, each without a part.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.desk import open_desk
from assistant.settings import read_settings
from eval.tuning import Tuning, read_questions
from indexes.features import FEATURES
from indexes.ranker import WAYS

OTHER_ARTICLES = {"law_weight_meaning", "law_weight_words", "law_rank", "law_best_meaning", "law_best_words", "neighbour"}
FACTS_OF_NORM = {"law_size", "law_named", "is_law", "is_regulation", "is_interpretation", "is_local", "length",
                 "place_in_law"}  # fmt: skip


def main() -> None:
    """Print a row for each part and way of searching."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.questions.read_text(encoding="utf-8").splitlines()]
    desk = open_desk(read_settings(given.home))
    tuning = Tuning(desk.index, read_questions(rows))
    try:
        for way in WAYS:
            _print(tuning, way)
    finally:
        desk.close()


def _print(tuning: Tuning, way: str) -> None:
    def row(name: str, *, adapted: bool = True, learned: bool = True) -> None:
        figures = tuning.cross_validated(way, adapted=adapted, learned=learned).row()
        print(f"{way:8} {name:28}", figures, flush=True)

    def without(name: str, parts: set[str]) -> None:
        features = [feature for feature in FEATURES if feature not in parts]
        print(f"{way:8} {name:28}", tuning.cross_validated(way, features=features).row(), flush=True)

    row("reciprocal rank", adapted=False, learned=False)
    if way != "words":
        row("turned, reciprocal rank", learned=False)
        row("learned, not turned", adapted=False)
    row("turned and learned")
    without("without other articles", OTHER_ARTICLES)
    without("without facts of the norm", FACTS_OF_NORM)
    without("without the title", {"title_match"})


if __name__ == "__main__":
    main()
