"""The report of a run: one HTML file that opens from disk, with plots drawn in it and the worst cases named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from eval.gate import Change
from eval.measures import MEASURES, Measure
from eval.run import CaseResult, Run, SuiteResult

WORST = 10  # cases listed of each suite
BAR, ROW, LABEL = 320, 26, 130  # pixels
# No font is named but the reader's own: Chinese labels come out wherever the machine shows Chinese at all.
STYLE = """
body{font:15px/1.6 system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:1080px;margin:2em auto;
padding:0 1em;color:#1c2733}h1{font-size:1.5em}h2{border-bottom:2px solid #d5dde5;padding-bottom:.2em;margin-top:2em}
table{border-collapse:collapse;width:100%;margin:.6em 0}td,th{text-align:left;vertical-align:top;padding:.3em .6em;
border-bottom:1px solid #e3e9ef}th{background:#f3f6f9}th,td.n pre{white-space:nowrap}td.n{font-variant-numeric:tabular-nums}
.pass{color:#1b6e3c}.fail{color:#a3231f}.small{color:#5b6b7b;font-size:.9em}pre{white-space:pre-wrap;margin:0;
font:inherit}svg text{font:13px system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;fill:#1c2733}
details{margin:.6em 0}
"""


def write_report(
    run: Run, path: Path, gate: Sequence[str] | None = None, since: Sequence[Change] | None = None
) -> Path:
    """Write the report; `gate` are the reasons why a gate failed (None: no gate), `since` the changes."""
    path.write_text(page(run, gate, since), encoding="utf-8")
    return path


def page(run: Run, gate: Sequence[str] | None = None, since: Sequence[Change] | None = None) -> str:
    """The report as HTML: it asks nothing of the network and runs no script."""
    parts = [f"<h1>评测报告 {escape(run.id)}</h1>", _made_with(run), _gate(gate), _overview(run), _since(since)]
    body = "\n".join([*(part for part in parts if part), *map(_suite, run.suites)])
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>评测报告 {escape(run.id)}</title><style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def shown(value: float | None) -> str:
    """A value as people read it; a dash where there was nothing to measure."""
    return "—" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") if value > 1 else f"{value:.3f}"


def _made_with(run: Run) -> str:
    how = "词与语义" if run.by == "both" else "词"
    facts = [run.at, f"检索方式：{how}", *([run.embedder] if run.embedder else []), f"资料库 {run.home}"]
    facts += [f"{name} {number}" for name, number in run.versions.items() if number]
    return f'<p class="small">{escape("；".join(facts))}</p>'


def _gate(reasons: Sequence[str] | None) -> str:
    if reasons is None:
        return ""
    if not reasons:
        return '<p class="pass">门槛：通过</p>'
    return f'<p class="fail">门槛：未通过</p><ul class="fail">{"".join(f"<li>{escape(r)}</li>" for r in reasons)}</ul>'


def _overview(run: Run) -> str:
    rows = (
        (one.suite, str(len(one.results)), str(len(one.skipped)), f"{one.seconds:.1f} 秒", _brief(one))
        for one in run.suites
    )
    return _table(("评测集", "案例", "跳过", "用时", "指标"), rows)


def _brief(suite: SuiteResult) -> str:
    return "  ".join(f"{name} {shown(value)}" for name, value in suite.measures.items())


def _since(changes: Sequence[Change] | None) -> str:
    if changes is None:
        return ""
    if not changes:
        return "<h2>与上次相比</h2><p>没有变化。</p>"
    rows = ((c.suite, c.measure, shown(c.before), shown(c.now), _cases(c)) for c in changes)
    return "<h2>与上次相比</h2>" + _table(("评测集", "指标", "上次", "本次", "变化的案例"), rows)


def _cases(change: Change) -> str:
    return "，".join(f"{case}（{shown(before)} → {shown(now)}）" for case, before, now in change.cases)


def _suite(suite: SuiteResult) -> str:
    measures = [one for one in MEASURES.get(suite.kind, ()) if one.name in suite.measures]
    worst = [one for one in worst_cases(suite) if badness(one, measures) > 0][:WORST]
    parts = [
        f'<h2>{escape(suite.suite)}</h2><p>{escape(suite.about)} <span class="small">'
        f"{len(suite.results)} 例，内容标识 {escape(suite.digest)}</span></p>",
        bars([(one.name, suite.measures[one.name]) for one in measures]),
        _table(("指标", "数值", "含义", "来源"),
               ((m.name, shown(suite.measures[m.name]), m.meaning, m.source) for m in measures)),
        f"<h3>最差的 {len(worst)} 例</h3>" + _worst(worst, measures) if worst else "<p>没有失分的案例。</p>",
    ]  # fmt: skip
    if suite.skipped:
        parts.append("<h3>跳过的案例</h3>" + _table(("编号", "原因"), suite.skipped))
    return "\n".join(parts)


def worst_cases(suite: SuiteResult) -> list[CaseResult]:
    """The cases of a suite, the worst first; of equal ones, in their order."""
    measures = MEASURES.get(suite.kind, ())
    return sorted(suite.results, key=lambda one: -badness(one, measures))


def badness(case: CaseResult, measures: Iterable[Measure]) -> float:
    """How far a case is from the best values, from 0 to 1: the mean over its measures."""
    gaps = [
        min(1.0, abs(measure.best - value))
        for measure in measures
        if (value := case.values.get(measure.name)) is not None
    ]
    return sum(gaps) / len(gaps) if gaps else 0.0


def _worst(cases: Sequence[CaseResult], measures: Sequence[Measure]) -> str:
    def values(case: CaseResult) -> str:
        known = ((m, case.values.get(m.name)) for m in measures)
        return "  ".join(f"{m.name} {shown(v)}" for m, v in known if v is not None and v != m.best)

    rows = ((one.id, one.input, one.expected, one.got, values(one)) for one in cases)
    return _table(("编号", "输入", "应有", "所得", "失分"), rows)


def bars(values: Sequence[tuple[str, float | None]]) -> str:
    """A bar plot as inline SVG; a value above 1 (a count) is a full bar with its number."""
    height = ROW * len(values) + 6
    drawn = []
    for number, (name, value) in enumerate(values):
        top = ROW * number + 4
        length = 0.0 if value is None else BAR * min(1.0, max(0.0, value))
        drawn.append(
            f'<text x="{LABEL - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>'
            f'<rect x="{LABEL}" y="{top}" width="{BAR}" height="18" fill="#eef2f6"/>'
            f'<rect x="{LABEL}" y="{top}" width="{length:.1f}" height="18" fill="#3b6ea5"/>'
            f'<text x="{LABEL + BAR + 8}" y="{top + 14}">{shown(value)}</text>'
        )
    width = LABEL + BAR + 80
    return f'<svg width="{width}" height="{height}" role="img" aria-label="指标">{"".join(drawn)}</svg>'


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(one)}</th>" for one in headings)
    body = "".join(
        "<tr>" + "".join(f'<td{_class(cell)}><pre>{escape(cell)}</pre></td>' for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _class(cell: str) -> str:
    return ' class="n"' if len(cell) < 12 else ""
