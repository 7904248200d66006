from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder, make_document

from indexes import index, narrow
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.fill import fill_vectors, fill_words
from indexes.hit import Hit
from indexes.index import Index, Scope
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.narrow import Narrowed, year_of
from indexes.store import VectorStore
from indexes.vectors import Vectors
from ingestion.document import Field, Kind
from ingestion.statutes import read_statute

LAW = """# 中华人民共和国住宿法

2018年1月1日 通过

<!-- INFO END -->

第一条 住宿应当登记。
"""
RULE = """# 住宿登记条例

2021年1月1日 通过

<!-- INFO END -->

第一条 住宿应当登记，不登记的予以处罚。
"""
WAYS = ("words", "meaning", "both")


class Home:
    """A home with two offices' papers of two years, a law and an ordinance."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.catalogue, self.keywords = catalogue, Keywords(folder / "words")
        store, vectors, embedder = VectorStore(folder / "vectors.sqlite"), Vectors(folder / "vectors"), CountingEmbedder()
        lawbook = LawBook(catalogue)
        self.index = Index(catalogue, self.keywords, lawbook, store, lambda: vectors, lambda: embedder)
        for office, title, day, case in (
            ("甲院", "甲旧", "2020年3月1日", "1"), ("甲院", "甲新", "二〇二四年三月一日", None), ("乙院", "乙新", "2024-05-06", "1"),
        ):  # fmt: skip
            self.add(f"住宿登记，{title}。", title, office, day, case)
        statutes = [
            read_statute(LAW, "住宿法(2018-01-01).md", source="test", level="法律"),
            read_statute(RULE, "住宿登记条例(2021-01-01).md", source="test", level="地方性法规"),
        ]
        add_statutes(catalogue, statutes, LawReport())
        lawbook.settle()
        fill_words(catalogue, self.keywords)
        self.keywords.close()
        fill_vectors(catalogue, store, vectors, embedder)

    def add(self, text: str, title: str, office: str, day: str, case: str | None, kind: Kind = "case") -> None:
        document, parts = make_document(text, kind, title)
        dated = replace(document, fields=(Field("日期", day, 0, 1),))
        self.catalogue.add(dated, parts, path=title, case=case, office=office)

    def titles(self, scope: Scope, by: Any = "both", k: int = 10) -> set[str]:
        return {hit.title for hit in self.index.search("住宿登记", k, scope=scope, by=by)}


@pytest.fixture
def home(tmp_path: Path, catalogue: Catalogue) -> Home:
    return Home(tmp_path, catalogue)


@pytest.fixture(params=["few", "many"])
def how_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that are looked at one by one, and as if they were too many for that."""
    if request.param == "many":
        monkeypatch.setattr(index, "FEW_WORDS", 0)
        monkeypatch.setattr(index, "FEW_VECTORS", 0)


@pytest.mark.usefixtures("how_many")
@pytest.mark.parametrize("by", WAYS)
def test_an_office_finds_its_own_papers_alone(home: Home, by: str) -> None:
    assert home.titles(Scope(office="甲院"), by) == {"甲旧", "甲新"}
    assert home.titles(Scope(office="丙院"), by) == set()


@pytest.mark.usefixtures("how_many")
@pytest.mark.parametrize("by", WAYS)
def test_a_year_is_that_of_the_paper_and_of_the_text_of_a_norm(home: Home, by: str) -> None:
    assert home.titles(Scope(year=2024), by) == {"甲新", "乙新"}
    assert home.titles(Scope(year=2018), by) == {"中华人民共和国住宿法"}
    assert home.titles(Scope(year=2021, levels=("法律",)), by) == set()


@pytest.mark.usefixtures("how_many")
@pytest.mark.parametrize("by", WAYS)
def test_levels_find_norms_of_these_levels_alone(home: Home, by: str) -> None:
    assert home.titles(Scope(levels=("地方性法规",)), by) == {"住宿登记条例"}
    assert home.titles(Scope(levels=("地方性法规", "法律")), by) == {"住宿登记条例", "中华人民共和国住宿法"}


@pytest.mark.parametrize("by", WAYS)
def test_an_office_and_a_year_within_a_case_hold_together(home: Home, by: str) -> None:
    assert home.titles(Scope(case="1", office="甲院"), by) == {"甲旧"}
    assert home.titles(Scope(case="1", year=2024), by) == {"乙新"}


def test_an_article_named_outright_still_obeys_the_level(home: Home) -> None:
    def first(scope: Scope) -> Hit | None:
        return next(iter(home.index.search("住宿法1", 3, scope=scope)), None)

    named = first(Scope(as_of=date(2025, 1, 1)))
    assert named is not None
    assert named.found_by[-1] == "citation"
    other = first(Scope(levels=("地方性法规",)))
    assert other is None or other.title == "住宿登记条例"


def test_what_comes_later_is_found_within_the_office_too(home: Home) -> None:
    assert home.titles(Scope(office="甲院"), "words") == {"甲旧", "甲新"}
    home.add("住宿登记，又一份。", "甲三", "甲院", "2025年1月1日", None)
    fill_words(home.catalogue, home.keywords)
    home.keywords.close()
    assert home.titles(Scope(office="甲院"), "words") == {"甲旧", "甲新", "甲三"}


def test_more_is_fetched_where_little_of_it_is_wanted() -> None:
    some = Narrowed(frozenset(), {})
    assert some.reach(700, 100_000, 200_000) == 700
    assert some.reach(700, 20_000, 200_000) == narrow.ENOUGH * 10
    assert some.reach(700, 1, 1_000_000) == 7_000


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ([("案号", "（2023）京01刑初1号"), ("日期", "2024年1月3日")], 2024),
        ([("文号", "京检建〔2022〕5号"), ("被建议单位", "教育局")], 2022),
        ([("金额", "2019元")], None),
    ],
)
def test_a_date_tells_the_year_before_a_number_does(fields: list[tuple[str, str]], year: int | None) -> None:
    assert year_of(fields) == year
