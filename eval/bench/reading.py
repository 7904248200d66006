"""What the readers lose and invent, feature by feature, on generated files whose text is known; pages a second, memory.

    python -m eval.bench.reading [--count 200] [--seed 1] [--only word pdf other scan]

Each generator makes `--count` files (of scans a tenth, at least 12) with every feature of its format in turn.
A line is found if it stands in the canonical text; what is missing counts as lost, letters that belong to no
line as invented, and so does a text that a reader must leave out. Scanned pages are measured by edit distance.
White space is not counted. The exit code is 1 where a text format lost or invented a character, or where the
accuracy of scans is below 0.97.
"""

from __future__ import annotations

import argparse
import difflib
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from eval.bench import made_other, made_pdf, made_scan, made_word
from eval.bench.made import Made
from ingestion.errors import ReadingError
from ingestion.read import read_bytes

MAKERS: dict[str, Callable[[random.Random, int], Iterator[Made]]] = {
    "word": made_word.made,
    "pdf": made_pdf.made,
    "other": made_other.made,
    "scan": made_scan.made,
}
FORMATS = tuple(MAKERS)
SEEN = "scan"  # recognised from pictures: measured by edit distance
LEAST_ACCURACY = 0.97  # of scanned pages, goal of the reading issue for clean pages at 200 dpi
FEWEST_SCANS = 12


@dataclass
class Count:
    """What was found of one feature, in characters without white space."""

    files: int = 0
    pages: int = 0
    characters: int = 0
    lost: int = 0
    invented: int = 0
    seconds: float = 0.0
    examples: list[str] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        """The share of characters that are right (0 to 1)."""
        return 1 - (self.lost + self.invented) / max(1, self.characters)


def bare(text: str) -> str:
    """A text without white space."""
    return "".join(text.split())


def compare(text: str, lines: Sequence[str], absent: Sequence[str]) -> tuple[int, int, list[str]]:
    """Characters lost and invented, and examples of both: lines are looked for in their order, each once."""
    left, at, lost, wrong = bare(text), 0, 0, []
    rest = ""
    for line in map(bare, lines):
        found = left.find(line, at)
        if found < 0:
            lost += len(line)
            wrong.append(f"lost {line[:40]}")
            continue
        rest += left[at:found]
        at = found + len(line)
    rest += left[at:]
    invented = len(rest)
    if rest:
        wrong.append(f"invented {rest[:40]}")
    for line in map(bare, absent):
        if line in left and line not in rest:
            invented += len(line)
            wrong.append(f"not left out {line[:40]}")
    return lost, invented, wrong


def edits(text: str, lines: Sequence[str]) -> tuple[int, int]:
    """Characters lost and invented by the alignment of two texts."""
    wanted, given = bare("".join(lines)), bare(text)
    lost = invented = 0
    for tag, i, j, k, m in difflib.SequenceMatcher(None, wanted, given, autojunk=False).get_opcodes():
        if tag != "equal":
            lost += j - i
            invented += m - k
    return lost, invented


def measure(made: Iterable[Made], seen: bool) -> dict[tuple[str, str], Count]:
    """Read each file and count by format and feature."""
    counts: dict[tuple[str, str], Count] = defaultdict(Count)
    for one in made:
        count = counts[one.format, one.feature]
        began = time.perf_counter()
        try:
            text, error = read_bytes(one.data, one.name).text, ""
        except ReadingError as refused:
            text, error = "", f"refused: {refused.cause}"
        count.seconds += time.perf_counter() - began
        wrong: list[str] = []
        if seen:
            lost, invented = edits(text, one.lines)
        else:
            lost, invented, wrong = compare(text, one.lines, one.absent)
        count.files += 1
        count.pages += one.pages
        count.characters += len(bare("".join(one.lines)))
        count.lost += lost
        count.invented += invented
        count.examples += [error] if error else wrong[:2]
    return counts


def generated(name: str, count: int, seed: int) -> Iterator[Made]:
    """The files of one generator."""
    number = max(FEWEST_SCANS, count // 10) if name == SEEN else count
    yield from MAKERS[name](random.Random(seed), number)


def show(counts: dict[tuple[str, str], Count], seen: bool) -> Count:
    """Print a line for each feature, and return the sum."""
    whole = Count()
    for (form, feature), one in sorted(counts.items()):
        print(
            f"{form:9} {feature:32} {one.files:4} files {one.characters:7} characters"
            f"  lost {one.lost:5}  invented {one.invented:5}"
            + (f"  accuracy {one.accuracy:.4f}" if seen else "")
            + (f"  e.g. {one.examples[0]}" if one.examples else "")
        )
        for name in ("files", "pages", "characters", "lost", "invented", "seconds"):
            setattr(whole, name, getattr(whole, name) + getattr(one, name))
    return whole


def main() -> int:
    """Measure the formats asked for; see the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=FORMATS, default=list(FORMATS))
    chosen = parser.parse_args()
    failed = False
    for name in chosen.only:
        seen = name == SEEN
        whole = show(measure(generated(name, chosen.count, chosen.seed), seen), seen)
        rate = whole.pages / max(whole.seconds, 1e-9)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"== {name}: {whole.files} files, {whole.characters} characters, lost {whole.lost}, invented"
            f" {whole.invented}, accuracy {whole.accuracy:.4f}, {rate:.1f} pages/s, peak {peak:.0f} MB\n"
        )
        failed |= whole.accuracy < LEAST_ACCURACY if seen else bool(whole.lost + whole.invented)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
