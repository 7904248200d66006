"""The law behind the knowledge files, looked up as of a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from indexes.lawbook import LawBook
from prompts import Scenario, issue_types

# what a scenario may rest on: an article in force, or one of a law that the library lacks (待核实)
SOUND = ("verified", "not_checked")


def outdated(scenarios: Iterable[Scenario], lawbook: LawBook, on: date) -> Iterator[str]:
    """A line for each issue type and article that the library knows to be out of force on a day."""
    for issue in issue_types(tuple(scenarios)):
        for article in sorted(issue.articles(), key=lambda one: one.text):
            found = lawbook.find(article.law, article.article, on)
            if found.status not in SOUND:
                yield f"{issue.name}：{article.text}（{found.detail}）"
