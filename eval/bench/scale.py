"""How search holds up from ten thousand passages to a million, and what each filter costs.

    python -m eval.bench.scale FOLDER --source HOME --questions QUESTIONS.jsonl [--sizes 10000 60000 200000 1000000]

HOME holds laws with their vectors. FOLDER gets a home that grows from size to size (real laws first, made papers
beyond: `eval/bench/made_library.py`), scale.csv and scale.svg. A size that scale.csv holds is not measured again;
a run that is ended in the middle goes on. All times are of searches for ten, each question embedded anew.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.desk import Desk, open_desk
from assistant.settings import read_settings
from eval.bench.made_library import Grown, grow
from eval.bench.timing import MOST, WARM, Run, Timing, sizes, timed

SIZES = (10_000, 60_000, 200_000, 1_000_000)
WAYS = ("words", "meaning", "both")
ALL = "all"
# by name, the fields of a scope; those of made papers come where there are some
LAW_FILTERS: Mapping[str, Mapping[str, Any]] = {
    "kind: regulation": {"kinds": ["regulation"]},
    "level: 司法解释": {"levels": ["司法解释"], "kinds": ["regulation"]},
    "level: 法律": {"levels": ["法律"], "kinds": ["regulation"]},
    "as of 2010-01-01": {"as_of": "2010-01-01"},
    "in force": {"in_force": True},
    "year: 2018": {"year": 2018},
}
PAPER_FILTERS: Mapping[str, Mapping[str, Any]] = {
    "kind: case": {"kinds": ["case"]},
    "case: one": {"case": "合成案7"},
    "office: one": {"office": "合成院7"},
    "office and year": {"office": "合成院7", "year": 2020},
}
LACKED = ("region", "who may see it")  # of the filters that issue 6 names
COLUMNS = ("texts", "by", "filter", "p50_ms", "p95_ms", "hits", "times_unfiltered", "first_answer_ms", "memory_mb",
           "catalogue_mb", "words_mb", "vectors_mb", "store_mb", "catalogue_per_s", "words_per_s",
           "vectors_per_s")  # fmt: skip

Row = dict[str, str]


def main() -> None:
    """Grow, measure, print the table, write the CSV and the plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--most", type=int, default=MOST, help="questions at each size")
    given = parser.parse_args()
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line)["query"] for line in lines][: given.most + WARM + 1]
    given.folder.mkdir(parents=True, exist_ok=True)
    table = given.folder / "scale.csv"
    for size in sorted(given.sizes):
        if any(size <= int(row["texts"]) < 1.2 * size for row in read_rows(table)):
            continue
        rows = measured(given.folder / "home", given.source, size, queries)
        _write(table, [*read_rows(table), *rows])
        print(shown(rows), flush=True)
    (given.folder / "scale.svg").write_text(plot(read_rows(table)), encoding="utf-8")
    print(f"filters that search does not have: {', '.join(LACKED)}")


def measured(home: Path, source: Path, size: int, queries: Sequence[str]) -> list[Row]:
    """The rows of one size; the home is grown to it, or is as large already."""
    desk, from_desk = open_desk(read_settings(home)), open_desk(read_settings(source))
    grown = grow(desk, from_desk, size)
    texts = desk.catalogue.progress().texts
    filters = {ALL: {}, **LAW_FILTERS, **(PAPER_FILTERS if _has_papers(desk) else {})}
    desk.close()
    from_desk.close()
    runs = [Run(name, by, where) for name, where in filters.items() for by in WAYS]
    return _rows(texts, grown, timed(home, queries, runs), sizes(home))


def _has_papers(desk: Desk) -> bool:
    return bool(desk.catalogue.case_text_ids(str(PAPER_FILTERS["case: one"]["case"])))


def _rows(texts: int, grown: Grown, timing: Timing, disk: Mapping[str, float]) -> list[Row]:
    rates: Mapping[str, float | None] = {
        "catalogue_per_s": grown.rate("catalogue", grown.texts), "words_per_s": grown.rate("words", grown.words),
        "vectors_per_s": grown.rate("vectors", grown.vectors),
    }  # fmt: skip
    rows = []
    for (name, by), took in timing.runs.items():
        values: dict[str, float | str | None] = {
            "texts": str(texts), "by": by, "filter": name, "p50_ms": took.p50, "p95_ms": took.p95, "hits": took.hits,
            "times_unfiltered": took.p50 / timing.runs[ALL, by].p50,
        }  # fmt: skip
        if name == ALL and by == WAYS[-1]:
            values |= {"first_answer_ms": timing.cold, "memory_mb": timing.memory}
            values |= {f"{part}_mb": size for part, size in disk.items()}
            values |= rates
        rows.append({column: _text(values.get(column)) for column in COLUMNS})
    return rows


def _text(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else f"{value:.2f}"


def read_rows(table: Path) -> list[Row]:
    """The rows that were measured before."""
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(table: Path, rows: Iterable[Row]) -> None:
    partial = table.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    partial.replace(table)


def shown(rows: Sequence[Row]) -> str:
    """One size as people read it: a line of sizes and rates, a line for each filter and way."""
    whole = next(row for row in rows if row["filter"] == ALL and row["by"] == WAYS[-1])
    facts = "  ".join(f"{column} {whole[column]}" for column in COLUMNS[7:] if whole[column])
    lines = [f"{whole['texts']} texts  {facts}"]
    for row in rows:
        lines.append(f"  {row['filter']:18} {row['by']:8} p50 {row['p50_ms']:>7} ms  p95 {row['p95_ms']:>7} ms  "
                     f"{row['times_unfiltered']:>6} times  {row['hits']:>5} hits")  # fmt: skip
    return "\n".join(lines)


# -- the plot --------------------------------------------------------------------------------------

WIDE, HIGH, EDGE = 720, 420, 60
COLOURS = {"words": "#2a7f62", "meaning": "#b5651d", "both": "#24476b"}
DASHES = {"p50_ms": "none", "p95_ms": "5 4"}


def plot(rows: Sequence[Row]) -> str:
    """Milliseconds by texts, both axes logarithmic, as SVG: searches of all, p50 drawn through and p95 dashed."""
    whole = sorted((row for row in rows if row["filter"] == ALL), key=lambda row: int(row["texts"]))
    lines = {
        (by, share): [(int(row["texts"]), float(row[share])) for row in whole if row["by"] == by]
        for by in WAYS for share in DASHES
    }  # fmt: skip
    points = [point for line in lines.values() for point in line]
    if not points:
        return '<svg xmlns="http://www.w3.org/2000/svg"/>\n'
    across, up = _axis([x for x, _ in points], EDGE, WIDE - EDGE), _axis([y for _, y in points], HIGH - EDGE, EDGE)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDE}" height="{HIGH}" fill="white"/>',
        f'<text x="{WIDE / 2}" y="24" text-anchor="middle" font-size="14">milliseconds of a search by texts in the library '
        "(p50 drawn through, p95 dashed)</text>",
        *_grid(points, across, up),
    ]
    for (by, share), line in lines.items():
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{COLOURS[by]}" stroke-width="2" '
                     f'stroke-dasharray="{DASHES[share]}"/>')  # fmt: skip
        parts += [f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="3" fill="{COLOURS[by]}"/>' for x, y in line]
    for place, by in enumerate(WAYS):
        parts.append(f'<text x="{EDGE + 12}" y="{EDGE + 8 + 18 * place}" fill="{COLOURS[by]}">{by}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axis(values: Sequence[float], start: float, end: float) -> Any:
    """From a value to its place, by its logarithm."""
    low, high = math.log(min(values)), math.log(max(values))
    return lambda value: start + (end - start) * ((math.log(value) - low) / (high - low) if high > low else 0.5)


def _grid(points: Sequence[tuple[int, float]], across: Any, up: Any) -> list[str]:
    parts = []
    for texts in sorted({x for x, _ in points}):
        at = f"{across(texts):.1f}"
        parts.append(f'<line x1="{at}" y1="{EDGE}" x2="{at}" y2="{HIGH - EDGE}" stroke="#ddd"/>')
        parts.append(f'<text x="{at}" y="{HIGH - EDGE + 20}" text-anchor="middle">{texts:,}</text>')
    low, high = min(y for _, y in points), max(y for _, y in points)
    for mark in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000):
        if low <= mark <= high:
            at = f"{up(mark):.1f}"
            parts.append(f'<line x1="{EDGE}" y1="{at}" x2="{WIDE - EDGE}" y2="{at}" stroke="#ddd"/>')
            parts.append(f'<text x="{EDGE - 8}" y="{at}" text-anchor="end" dominant-baseline="middle">{mark} ms</text>')
    return parts


if __name__ == "__main__":
    main()
