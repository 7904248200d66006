"""The norms that the office's documents and the knowledge rest on and the library lacks, and where they are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.stale import Leaning, versions_for
from indexes.catalogue import Catalogue
from indexes.graph import Graph
from indexes.law_knowledge import law_knowledge, name_key
from indexes.lawbook import LawBook
from prompts import load_laws, load_norms, source_for


@dataclass(frozen=True)
class Missing:
    """A norm that is not in the library: how often it is cited, by which documents and entries of the knowledge.

    `note` tells of a repeal that is known.
    """

    law: str
    cited: int
    by: tuple[str, ...]
    knowledge: tuple[str, ...]
    where_to_get: str
    note: str = ""


def missing(catalogue: Catalogue, graph: Graph, book: LawBook, leanings: Iterable[Leaning]) -> list[Missing]:
    """All of them, the most cited first. A law counts once for each place in a document, and once for each entry."""
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    by: dict[str, set[str]] = {}
    entries: dict[str, set[str]] = {}
    for entry in catalogue.entries(laws_too=False):
        for one in graph.cited_in(entry.id):
            if not versions_for(book, one.name):
                _count(one.name, entry.id, counts, names, by)
    for leaning in leanings:
        if not versions_for(book, leaning.law):
            _count(leaning.law, leaning.id, counts, names, entries)
    for norm in load_norms():
        if not versions_for(book, norm.title):
            names.setdefault(name_key(norm.title), norm.title)
            counts.setdefault(name_key(norm.title), 0)
    ordered = sorted(names, key=lambda key: (-counts[key], names[key]))
    return [_missing(names[key], counts[key], by.get(key, set()), entries.get(key, set())) for key in ordered]


def _count(
    name: str, who: str, counts: Counter[str], names: dict[str, str], by: dict[str, set[str]]
) -> None:
    key = name_key(name)
    counts[key] += 1
    if len(name) > len(names.get(key, "")):  # with 中华人民共和国 rather than without
        names[key] = name
    by.setdefault(key, set()).add(who)


def _missing(law: str, cited: int, by: set[str], entries: set[str]) -> Missing:
    key = name_key(law)
    place = source_for(law)
    told = [one.where_to_get for one in load_laws() if name_key(one.title) == key and one.where_to_get]
    told += [one.where_to_get for one in load_norms() if name_key(one.title) == key]
    repeal = next((one for one in law_knowledge().repeals if name_key(one.law) == key), None)
    note = f"自 {repeal.from_date} 起由{repeal.by}废止" if repeal else ""
    where = told[0] if told else place.where_to_get
    return Missing(law, cited, tuple(sorted(by)), tuple(sorted(entries)), where, note)
