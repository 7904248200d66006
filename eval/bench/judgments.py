"""From the facts of a criminal case to the articles applied: the product beside two simple rankings.

    python -m eval.bench.judgments HOME QUESTIONS.jsonl [FOLDER]

HOME holds the law and the judgments of FOLDER (`gongzhi laws`, `gongzhi add FOLDER`). A line of QUESTIONS has id,
query, relevant [{law, article}], and exclude (ids or paths of the judgments it was taken from); where that is
wanting, the judgment FOLDER/ID.txt is left out. Collections write the base article for an inserted one
(第一百三十三条 for 第一百三十三条之一); the last columns count them so, the first as they stand.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.desk import Desk, open_desk
from assistant.settings import Settings
from indexes import applied
from indexes.applied import Known
from indexes.fact_signs import fact_signs
from indexes.index import Scope
from ingestion.document import document_id
from ingestion.precedent import facts_text

AT, OFFENCES_AT, NEAR = 10, 3, 15
_INSERTED = re.compile(r"(第.+?条)之.+")


@dataclass(frozen=True)
class Case:
    """Facts, the articles applied to them, and the documents that must be left out."""

    id: str
    facts: str
    relevant: frozenset[str]
    exclude: frozenset[str]


Ranker = Callable[[Case], Sequence[str]]  # labels of 刑法, best first


def read_cases(path: Path, folder: Path | None) -> list[Case]:
    """The questions, each with the id of its own judgment in `exclude`."""
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        named = row.get("exclude") or ([str(folder / f"{row['id']}.txt")] if folder else [])
        out = {document_id(Path(one).read_bytes()) if Path(one).exists() else one for one in named}
        relevant = frozenset(one["article"] for one in row["relevant"])
        cases.append(Case(str(row["id"]), row["query"], relevant, frozenset(out)))
    return cases


def constant(known: Sequence[Known]) -> Ranker:
    """The articles that the other precedents apply most often, whatever the facts."""

    def rank(case: Case) -> list[str]:
        counts = Counter(one for paper in known if paper.document_id not in case.exclude for one in _labels(paper))
        return [label for label, _ in counts.most_common()]

    return rank


def neighbours(known: Sequence[Known], texts: Mapping[str, str]) -> Ranker:
    """The articles of the 15 papers that share most pairs of characters with the facts, by how many apply them."""
    pairs = {one.document_id: _pairs(facts_text(texts[one.document_id], one.facts)) for one in known}

    def rank(case: Case) -> list[str]:
        asked = _pairs(case.facts)
        others = [one for one in known if one.document_id not in case.exclude]
        others.sort(key=lambda one: -_cosine(asked, pairs[one.document_id]))
        counts = Counter(label for one in others[:NEAR] for label in _labels(one))
        return [label for label, _ in counts.most_common()]

    return rank


def by_search(desk: Desk, name: str) -> Ranker:
    """What `gongzhi search --kind regulation` shows, with or without precedents (`indexes/bycase.py`)."""

    def rank(case: Case) -> list[str]:
        scope = Scope(kinds=("regulation",), exclude=case.exclude)
        find = desk.finder.search if name == "finder" else desk.index.search
        return [hit.passage.article or "" for hit in find(case.facts, 30, scope=scope) if hit.law == fact_signs().law]

    return rank


def measure(rank: Ranker, cases: Sequence[Case]) -> list[float]:
    """Recall@10 and Recall@3 of offence articles, as they stand and with inserted articles as their base; ms (median)."""
    rows, spent = [], []
    for case in cases:
        began = time.perf_counter()
        found = rank(case)
        spent.append((time.perf_counter() - began) * 1000)
        rows.append([score for fold in (False, True) for score in _scores(found, case.relevant, fold=fold)])
    means = [statistics.fmean(one for one in column if one >= 0) for column in zip(*rows, strict=True)]
    return [*means, statistics.median(spent)]


def _scores(found: Sequence[str], relevant: frozenset[str], *, fold: bool) -> tuple[float, float]:
    """Recall@10 and offence Recall@3 of one case; -1 where it applies no offence article."""
    signs = fact_signs()
    ranking = list(dict.fromkeys(_INSERTED.sub(r"\1", one) if fold else one for one in found))
    gold = {_INSERTED.sub(r"\1", one) for one in relevant} if fold else set(relevant)
    offences = [one for one in ranking if signs.offence(one)]
    wanted = {one for one in gold if signs.offence(one)}
    recall = len(gold & set(ranking[:AT])) / len(gold)
    return recall, len(wanted & set(offences[:OFFENCES_AT])) / len(wanted) if wanted else -1.0


def _labels(paper: Known) -> list[str]:
    return list(dict.fromkeys(one.article for one in paper.applied if one.law == fact_signs().law))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def _cosine(first: Counter[str], second: Counter[str]) -> float:
    shared = sum(count * second[pair] for pair, count in first.items() if pair in second)
    norm = sum(one * one for one in first.values()) * sum(one * one for one in second.values())
    return float(shared / norm**0.5) if norm else 0.0


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    home, questions = Path(arguments[0]), Path(arguments[1])
    cases = read_cases(questions, Path(arguments[2]) if len(arguments) > 2 else None)
    desk = open_desk(Settings(home=home))
    began = time.perf_counter()
    desk.precedents.applicable(cases[0].facts)
    print(f"{len(cases)} cases; precedents read in {time.perf_counter() - began:.1f} s")
    with desk.catalogue.reading() as connection:
        known = applied.known(connection)
    texts = {one.document_id: desk.catalogue.text_of(one.document_id) or "" for one in known}
    print(f"{len(known)} precedents, {sum(len(one.applied) for one in known)} citations of articles")
    print("| ranking | Recall@10 | offences Recall@3 | (inserted as base) Recall@10 | offences Recall@3 | ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, rank in (
        ("the commonest articles, always", constant(known)),
        ("nearest neighbours, pairs of characters", neighbours(known, texts)),
        ("search without precedents", by_search(desk, "index")),
        ("gongzhi search --kind regulation", by_search(desk, "finder")),
    ):
        scores = measure(rank, cases)
        print(f"| {name} | " + " | ".join(f"{one:.3f}" for one in scores[:-1]) + f" | {scores[-1]:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
