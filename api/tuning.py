"""The command that learns the order of articles from questions with known articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from api.console import say, show
from assistant.desk import Desk

FEWEST = 50  # questions: fewer say nothing about other ones
WRONG_USE = 2


def tune_ranker(desk: Desk, files: list[Path], out: Path | None, as_json: bool) -> int:
    """Learn from files of {query, relevant: [{law, article}]} lines; the exit code.

    The weights go to `out` (`ranker.json` in the home folder if None), whole or not at all.
    """
    from eval.tuning import Tuning, read_questions
    from indexes.ranker import written

    try:
        rows = [json.loads(line) for file in files for line in _lines(file)]
        questions = read_questions(rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        say(f"读不了问题文件（{error}）。每行应为 {{\"query\", \"relevant\": [{{\"law\", \"article\"}}]}}。")
        return WRONG_USE
    if len(questions) < FEWEST:
        say(f"只有 {len(questions)} 个问题，至少要 {FEWEST} 个才能学出可靠的排序。")
        return WRONG_USE
    ranker = Tuning(desk.index, questions, say).ranker("、".join(file.name for file in files))
    target = out or desk.home / "ranker.json"
    partial = target.with_name(target.name + ".partial")
    partial.write_text(written(ranker), encoding="utf-8")
    partial.replace(target)
    _tell(dict(ranker.trained), target, as_json)
    return 0


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def _tell(trained: dict[str, Any], target: Path, as_json: bool) -> None:
    if as_json:
        show(json.dumps({**trained, "file": str(target)}, ensure_ascii=False))
        return
    show(f"已写入 {target}：{trained['questions']} 个问题，留出检验如下。")
    for way, figures in trained["held_out"].items():
        show(f"  {way:8}" + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
