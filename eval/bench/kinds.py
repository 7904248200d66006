"""Measure how surely the kind and subtype of a paper are told, on the written papers of one part.

Usage: python -m eval.bench.kinds dev|frozen [--show]
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import resources

from eval.bench.made_kinds import Paper
from ingestion.document import Reading
from ingestion.kinds import recognise

# Subtypes that the reader tells more finely than the gold.
FINER = {"刑事附带民事判决书": "刑事判决书"}


@dataclass(frozen=True)
class Told:
    """A paper, and what it was told to be: gold and answer as `kind/subtype`."""

    paper: Paper
    gold: str
    answer: str


def papers(part: str) -> Iterator[Paper]:
    """The papers of a part as the suite holds them."""
    held = (resources.files("eval") / "suites" / "kinds" / f"{part}.jsonl").read_text(encoding="utf-8")
    return (Paper(**json.loads(line)) for line in held.splitlines())


def told(part: str) -> Iterator[Told]:
    """Every paper of a part with its answer."""
    for paper in papers(part):
        found = recognise(Reading(paper.text, ()), paper.name)
        answer = f"{found.kind}/{FINER.get(found.subtype, found.subtype)}"
        yield Told(paper, f"{paper.kind}/{paper.subtype}", answer)


def macro_f1(pairs: Iterable[tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """The mean of the F1 of each gold class, and each of them; pairs are (gold, answer)."""
    right: Counter[str] = Counter()
    golds: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    for gold, answer in pairs:
        golds[gold] += 1
        answers[answer] += 1
        right[gold] += gold == answer
    each = {gold: 2 * right[gold] / (golds[gold] + answers[gold]) for gold in golds}
    return (sum(each.values()) / len(each) if each else 0.0), each


def main(arguments: list[str]) -> int:
    """Print the F1 of every subtype, the macro-F1, and with --show what was told wrong."""
    if not arguments or arguments[0] not in ("dev", "frozen"):
        print(__doc__, file=sys.stderr)
        return 2
    answers = list(told(arguments[0]))
    mean, each = macro_f1((one.gold, one.answer) for one in answers)
    wrong: defaultdict[str, list[Told]] = defaultdict(list)
    for one in answers:
        if one.gold != one.answer:
            wrong[one.gold].append(one)
    for gold, score in sorted(each.items(), key=lambda pair: pair[1]):
        others = Counter(one.answer for one in wrong[gold])
        print(f"{score:.3f}\t{gold}\t" + "；".join(f"{answer} {count}" for answer, count in others.items()))
    unsure = sum(one.answer.endswith("未识别") for one in answers if one.gold != one.answer)
    total = sum(len(ones) for ones in wrong.values())
    print(f"文书 {len(answers)} 份，错 {total} 份（其中 {unsure} 份说明未识别），宏平均 F1 {mean:.4f}")
    if "--show" in arguments:
        for one in (each_wrong for ones in wrong.values() for each_wrong in ones):
            print(f"\n== {one.gold} -> {one.answer}  {one.paper.name}\n{one.paper.text[:300]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
