"""How well citations are checked: texts with known citations, the judgments of a folder, hostile strings, speed.

Usage: python -m eval.bench.citations [--home HOME] [--judgments FOLDER] [--fuzz N] [--show]

Without --home the laws of the package are put into a folder of their own (half a minute).
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from assistant.citing import check_citations
from assistant.desk import Desk, open_desk
from assistant.settings import Settings
from eval.bench.judged_citations import recall, resolution
from eval.bench.made_citations import made
from eval.citations import TODAY, Measured, by_hand, measure
from indexes.amend import with_amended
from indexes.build import LawReport, add_statutes
from indexes.china_law import package_statutes
from ingestion.citations import citations

SIGNS = "第条款项目之一二三十百千0123４５（）()《》〈〉、，,和至-—·.。；：“”「」 \n\t\u3000\u200b法刑民典释规定本同该前上述年号〔〕[]以下简称A\U00020000\x00"


def main() -> None:
    """Run what is asked for and print it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path)
    asked.add_argument("--judgments", type=Path)
    asked.add_argument("--fuzz", type=int, default=0)
    asked.add_argument("--show", action="store_true")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        desk = open_desk(Settings(home=chosen.home or Path(folder)))
        if chosen.home is None:
            _load(desk)
        hand = measure(desk.lawbook, by_hand())
        _print("by hand", hand, chosen.show)
        cases = list(made(desk.lawbook))
        _print("made", measure(desk.lawbook, cases), chosen.show)
        if chosen.judgments:
            print(recall(chosen.judgments, desk.lawbook))
            print(resolution(chosen.judgments, desk.lawbook))
        if chosen.fuzz:
            print(fuzz(desk, chosen.fuzz))
        desk.close()


def _load(desk: Desk) -> None:
    add_statutes(desk.catalogue, with_amended(package_statutes()), LawReport())
    desk.lawbook.settle()


def _print(name: str, one: Measured, show: bool) -> None:
    kinds = Counter(trouble.kind for trouble in one.troubles)
    print(
        f"{name}: {one.texts} texts; right {one.right_passed}/{one.right} passed, "
        f"wrong {one.wrong_caught}/{one.wrong} caught, not checked but passed {one.unchecked_passed}; {dict(kinds)}"
    )
    for trouble in one.troubles if show else ():
        print(f"  {trouble.kind}: {trouble.case.id} {trouble.case.on} | {trouble.case.text!r} | {trouble.told}")


def fuzz(desk: Desk, count: int, seed: int = 11) -> str:
    """Read `count` strings of signs that citations are made of: none may fail or take over 50 ms per 1,000 characters."""
    chance = random.Random(seed)
    names = desk.lawbook.names()
    worst = 0.0
    for number in range(count):
        text = hostile(chance)
        began = time.process_time()
        for one in citations(text, names):
            assert text[one.start : one.end]
        spent = (time.process_time() - began) * 1000 / max(1, len(text) / 1000)
        worst = max(worst, spent)
        if number % 50 == 0:
            check_citations(text, desk.lawbook, TODAY)
    return f"fuzz: {count} strings, none failed, the slowest {worst:.1f} ms per 1,000 characters"


def hostile(chance: random.Random) -> str:
    """A string of the signs that citations are made of, some of them repeated at length."""
    pieces: Sequence[str] = (*SIGNS, "第一条", "《刑法》", "第十条至第十二条", "（以下简称《", "最高人民法院关于", "同法", "规定：“")
    words = "".join(chance.choice(pieces) for _ in range(chance.randint(1, 120)))
    return words * chance.choice((1, 1, 1, 1, 1, 20)) if chance.random() < 0.1 else words


if __name__ == "__main__":
    main()
