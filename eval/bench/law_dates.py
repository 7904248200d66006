"""Law by date against what was read by hand: the renumbering map of 60 articles, the text in force on 45 days.

Usage: python -m eval.bench.law_dates [FOLDER]

FOLDER is a folder of laws (`gongzhi laws FOLDER`) that holds the older texts which the package lacks; without it,
what needs them is left out and counted as left out.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from eval.lawgold import Followed, follow, gold_days, gold_laws, in_force
from indexes.amend import with_amended
from indexes.china_law import package_statutes
from ingestion.lawfolder import folder_statutes
from ingestion.statutes import Statute


def main(arguments: Sequence[str]) -> int:
    """Print both tables; 1 where one of them shows a fault."""
    root = resources.files("eval") / "suites"
    statutes = list(with_amended(package_statutes()))
    if arguments:
        statutes += [one for one in folder_statutes(Path(arguments[0])) if isinstance(one, Statute)]
    wrong = 0
    print(f"{'law':<22}{'articles':>9}{'chief':>7}{'whole':>7}{'seconds':>9}")
    every: list[Followed] = []
    left = 0
    for gold in gold_laws(root):
        if gold.texts == "folder" and not arguments:
            left += len(gold.articles)
            continue
        began = time.perf_counter()
        found = follow(gold, statutes)
        took = time.perf_counter() - began
        every += found
        name = gold.law.removeprefix("中华人民共和国")
        print(f"{name:<22}{len(found):>9}{sum(x.chief for x in found):>7}{sum(x.whole for x in found):>7}{took:>9.2f}")
    for one in every:
        if not one.whole:
            print(f"  {one.law} {one.old}: wanted {'、'.join(one.wanted) or '—'}, found {'、'.join(one.found) or '—'}")
    wrong += sum(not one.chief for one in every)
    print(f"all {len(every)}: chief {sum(x.chief for x in every)}, whole {sum(x.whole for x in every)}; left out {left}")
    days = [day for day in gold_days(root) if arguments or day.texts == "package"]
    told = list(in_force(days, statutes))
    for day, version in told:
        if day.version != version:
            wrong += 1
            print(f"  {day.law} on {day.day}: wanted {day.version}, found {version}")
    right = sum(day.version == version for day, version in told)
    print(f"text in force: {right} of {len(told)} days right; left out {len(gold_days(root)) - len(days)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
