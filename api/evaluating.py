"""The command that measures the product on suites: eval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.console import progress, say, show, show_json, table
from assistant.errors import BadRequest
from assistant.settings import read_settings
from eval.gate import Change, changes, failures, load_gate
from eval.home import cache_folder, opened_home
from eval.measures import MEASURES
from eval.report import badness, shown, worst_cases, write_report
from eval.run import Run, SuiteResult, as_run, keep, load_run, run_suite, runs_folder
from eval.subjects import verbs_of
from eval.suite import Suite, load_suite, suite_names

WORST = 3  # cases named at the terminal; the report names more
MOST_CASES = 6  # changed cases named for a measure


def evaluate(
    names: Sequence[str], gate: str | None, against: str | None, by: str | None, out: Path | None, as_json: bool
) -> int:
    """Run suites, keep the run and its report, and say how they went; 1 if the gate fails.

    Raises NotThere for a suite, gate or run that is not there; nothing runs before all are found.
    """
    limits = load_gate(gate) if gate else None
    suites = [load_suite(name) for name in dict.fromkeys(names or (limits.suites if limits else ()))]
    if not suites:
        raise BadRequest(f"请写明评测集：{'、'.join(suite_names())}；或者用 --gate fast。")
    folder = out or runs_folder()
    before = load_run(against, folder) if against else None
    run = run_all(suites, by or (limits.by if limits else "both"))
    reasons = None if limits is None else failures(limits, run)
    since = None if before is None else changes(before, run)
    kept = keep(run, folder)
    report = write_report(run, kept.with_suffix(".html"), reasons, since)
    if as_json:
        show_json({**shape(run, reasons), "file": str(kept), "report": str(report), "against": _changed(since)})
    else:
        _show(run, reasons, since)
        show(f"记录 {kept}\n报告 {report}")
    return 1 if reasons else 0


def run_all(suites: Sequence[Suite], by: str) -> Run:
    """The suites put to the product in a home of their own; GONGZHI_HOME is neither read nor written."""
    root = cache_folder()
    settings = read_settings(root)
    vectors = by == "both"
    with opened_home(root, vectors=vectors, embedder=settings.embedder, threads=settings.threads, say=say) as home:
        verbs = verbs_of(home)
        results = []
        for suite in suites:
            with progress(f"评测 {suite.name}", len(suite.cases)) as advance:
                results.append(run_suite(suite, home, verbs, advance))
        return as_run(results, home)


def shape(run: Run, reasons: Sequence[str] | None) -> dict[str, Any]:
    """The answer of `eval`."""
    suites = [
        {"suite": one.suite, "cases": len(one.results), "skipped": len(one.skipped), "measures": dict(one.measures)}
        for one in run.suites
    ]
    state = None if reasons is None else "fail" if reasons else "pass"
    return {"run": run.id, "suites": suites, "gate": state, "reasons": list(reasons or ())}


def _changed(since: Sequence[Change] | None) -> list[dict[str, Any]] | None:
    if since is None:
        return None
    return [
        {"suite": c.suite, "measure": c.measure, "before": c.before, "now": c.now,
         "cases": [{"id": case, "before": old, "now": new} for case, old, new in c.cases]}
        for c in since
    ]  # fmt: skip


def _show(run: Run, reasons: Sequence[str] | None, since: Sequence[Change] | None) -> None:
    table(("评测集", "案例", "指标", "数值", "含义"), [row for suite in map(_rows, run.suites) for row in suite])
    for one in run.suites:
        _show_worst(one)
        for case, why in one.skipped:
            show(f"跳过 {one.suite} {case}：{why}")
    if since is not None:
        _show_since(since)
    if reasons is not None:
        show("门槛：未通过" if reasons else "门槛：通过")
        for reason in reasons:
            show(f"  {reason}")


def _rows(suite: SuiteResult) -> list[tuple[str, str, str, str, str]]:
    meanings = {one.name: one.meaning for one in MEASURES[suite.kind]}
    rows = [("", "", name, shown(value), meanings[name]) for name, value in suite.measures.items()]
    return [(suite.suite, str(len(suite.results)), *rows[0][2:]), *rows[1:]]


def _show_worst(suite: SuiteResult) -> None:
    worst = [one for one in worst_cases(suite) if badness(one, MEASURES[suite.kind]) > 0][:WORST]
    if worst:
        show(f"{suite.suite} 最差的几例：{'；'.join(f'{one.id} {_short(one.input)}' for one in worst)}")


def _short(text: str, most: int = 24) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most]}…"


def _show_since(since: Sequence[Change]) -> None:
    show("与上次相比：" if since else "与上次相比：没有变化")
    for one in since:
        cases = "、".join(case for case, _, _ in one.cases[:MOST_CASES])
        more = f" 等 {len(one.cases)} 例" if len(one.cases) > MOST_CASES else ""
        show(f"  {one.suite} {one.measure}：{shown(one.before)} → {shown(one.now)}；变化的案例：{cases}{more}")
