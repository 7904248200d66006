"""An independent look at drafted letters: every citation against the catalogue, by plain SQL.

    python -m eval.bench.letters HOME LETTER.json…

LETTER.json is what `gongzhi draft suggestion … --json` printed. For each citation with a quote, the
quote must stand at its offsets in the stored text; where it names an article, the offsets must lie in
that article of that law, and its text must hold the quote.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any


def fault(store: sqlite3.Connection, one: dict[str, Any]) -> str | None:
    """What is wrong with a citation; None if nothing is."""
    if not one["quote"]:
        return None if one["status"] != "verified" else "verified without a quote"
    row = store.execute("SELECT text FROM documents WHERE id = ?", (one["document_id"],)).fetchone()
    if row is None or row[0][one["start"] : one["end"]] != one["quote"]:
        return "the quote does not stand at its offsets"
    if one["law"]:
        parts = store.execute(
            "SELECT p.start, p.end FROM passages p JOIN laws l ON l.document_id = p.document_id"
            " WHERE l.name = ? AND p.document_id = ? AND p.article = ?",
            (one["law"], one["document_id"], one["article"]),
        ).fetchall()
        if not parts or one["start"] < min(p[0] for p in parts) or one["end"] > max(p[1] for p in parts):
            return "the offsets are not in that article"
    return None


def main() -> None:
    """Print a line for each letter; exit with 1 if any citation is wrong."""
    store = sqlite3.connect(f"file:{Path(sys.argv[1]) / 'catalogue.sqlite'}?mode=ro", uri=True)
    wrong = 0
    for path in sys.argv[2:]:
        letter = json.loads(Path(path).read_text(encoding="utf-8"))
        sentences = [s for section in letter["sections"] for s in section["sentences"]]
        citations = [c for sentence in sentences for c in sentence["citations"]]
        faults = [(c["law"] or c["title"], found) for c in citations if (found := fault(store, c))]
        bare = sum(not c["quote"] for c in citations)
        gaps = sum(len(section["gaps"]) for section in letter["sections"])
        wrong += len(faults)
        print(f"{path}: {len(sentences)} sentences, {len(citations)} citations ({bare} to verify by hand), "
              f"{gaps} gaps, {len(faults)} wrong")
        for name, found in faults:
            print(f"  {name}: {found}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
