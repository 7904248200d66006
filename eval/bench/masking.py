"""Measure masking: recall of numbers, recall and precision of names, stable aliases, exact restoring.

Run `python -m eval.bench.masking [JUDGMENTS]`: 300 generated documents with known spans, and, where the folder of
real judgments is given, 20 of them with names marked by hand (the fixture beside this file holds the digest of
each file, line and offsets, no text; a file that is not there or has another digest is skipped and counted).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from eval.bench.made_masking import MadeText, Span, documents
from ingestion.names import missing
from ingestion.redact import Redaction, pieces, redact, restore

SEED, COUNT = 20260501, 300
GOLD = "masking_gold.json"


@dataclass
class Tally:
    """Counts over documents: by kind what had to go, what went, and what went without need (names alone)."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    needless: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    masked_names: int = 0
    unstable: int = 0
    not_restored: int = 0
    documents: int = 0
    skipped: int = 0

    def recall(self, kind: str) -> float:
        """The share of the spans of a kind of which no character is left."""
        return self.found[kind] / self.wanted[kind] if self.wanted[kind] else 1.0

    def precision(self) -> float:
        """The share of masked names that are names of persons who are to be masked."""
        return 1 - len(self.needless) / self.masked_names if self.masked_names else 1.0


def count(tally: Tally, text: str, spans: Iterable[Span]) -> None:
    """Mask one document at the public level and compare with what is known of it."""
    result = redact(text, "public", case="bench")
    covered = {at for one in result.masked for at in range(one.start, one.end)}
    names = set()
    for span in spans:
        tally.wanted[span.kind] += 1
        hit = covered.issuperset(range(span.start, span.end))
        tally.found[span.kind] += hit
        if not hit:
            tally.missed.append(f"{span.kind} {text[max(0, span.start - 8) : span.end + 8]!r}")
        if span.kind == "姓名":
            names.add((span.start, span.end))
    for one in result.masked:
        if one.kind == "姓名":
            tally.masked_names += 1
            if (one.start, one.end) not in names:
                tally.needless.append(
                    f"{text[one.start : one.end]} in {text[max(0, one.start - 8) : one.end + 8]!r}"
                )
    tally.documents += 1
    tally.not_restored += restore(result.text, pieces(text, result.masked)) != text
    tally.unstable += not _stable(text, result)


def _stable(text: str, first: Redaction) -> bool:
    """Whether masking again, alone or knowing the case, gives the same."""
    return redact(text, "public", case="bench", known=first.known).text == first.text


def generated(made: Iterable[MadeText]) -> Tally:
    """The measures over generated documents."""
    tally = Tally()
    for one in made:
        count(tally, one.text, one.spans)
    return tally


def judgments(folder: Path) -> Tally:
    """The measures over real judgments whose names were marked by hand."""
    tally = Tally()
    for entry in json.loads(files("eval.bench").joinpath(GOLD).read_text(encoding="utf-8")):
        path = folder / entry["file"]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            tally.skipped += 1
            continue
        line = path.read_text(encoding="utf-8").split("\n")[entry["line"] - 1]
        count(tally, line, [Span("姓名", start, end) for start, end in entry["names"]])
    return tally


def _show(title: str, tally: Tally) -> None:
    print(f"{title}: {tally.documents} documents, {tally.skipped} skipped")
    for kind in sorted(tally.wanted):
        print(f"  {kind}: recall {tally.recall(kind):.4f} ({tally.found[kind]} of {tally.wanted[kind]})")
    print(
        f"  names: precision {tally.precision():.4f} ({len(tally.needless)} of {tally.masked_names} needless)"
    )
    print(f"  aliases differ: {tally.unstable}; not restored exactly: {tally.not_restored}")
    for line in [*tally.missed[:20], *(f"needless {line}" for line in tally.needless[:20])]:
        print(f"    {line}")


def main(arguments: list[str]) -> None:
    """Print the measures."""
    if note := missing():
        print(note)
    _show("generated", generated(documents(SEED, COUNT)))
    if arguments:
        _show("judgments", judgments(Path(arguments[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
