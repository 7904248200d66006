from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from assistant.desk import open_desk
from assistant.settings import read_settings
from eval.bench import against
from eval.bench.made_library import Ready, grow, made_paper
from eval.bench.scale import COLUMNS, plot, read_rows, shown
from eval.tuning import FOLDS
from indexes.build import LawReport, add_statutes
from indexes.fill import fill_vectors
from indexes.index import Scope
from indexes.text import search_text, text_hash
from ingestion.statutes import read_statute

SENTENCES = [f"第{number}种情形的旅馆应当如实登记住宿人员的身份信息。" for number in range(40)]
LAW = "# 住宿法\n\n2018年1月1日 通过\n\n<!-- INFO END -->\n\n" + "\n\n".join(
    f"第{sign}条 {sentence}" for sign, sentence in zip("一二三四五六七八九", SENTENCES, strict=False)
)


def row(texts: int, by: str, name: str = "all", p50: float = 5.0) -> dict[str, str]:
    values = {"texts": str(texts), "by": by, "filter": name, "p50_ms": f"{p50}", "p95_ms": f"{2 * p50}",
              "times_unfiltered": "1.00", "hits": "10.0"}  # fmt: skip
    return {column: values.get(column, "") for column in COLUMNS}


def test_a_made_paper_is_always_the_same_and_its_passages_are_its_text():
    document, parts, more = made_paper(7, SENTENCES)
    assert made_paper(7, SENTENCES)[0] == document
    assert made_paper(8, SENTENCES)[0].id != document.id
    assert [document.text[part.start : part.end] for part in parts] == [part.text for part in parts]
    assert {"case", "office", "path"} == set(more)


def test_made_vectors_are_of_length_one_near_real_ones_and_always_the_same():
    near = np.eye(8, dtype=np.float32)[:2]
    first, again = (Ready("e5", near).embed_passages(["甲", "乙"]) for _ in range(2))
    assert np.allclose(np.linalg.norm(first, axis=1), 1)
    assert (first == again).all()
    assert float((first @ near.T).max(axis=1).min()) > 0.5


@pytest.mark.slow
def test_a_home_grows_from_laws_to_papers_and_goes_on_where_it_was(tmp_path: Path):
    source, home = (open_desk(read_settings(tmp_path / name)) for name in ("源", "大"))
    add_statutes(source.catalogue, [read_statute(LAW, "住宿法(2018-01-01).md", source="test")], LawReport())
    fill_vectors(source.catalogue, source.store, source.vectors, source.embedder)
    grown = grow(home, source, 9)
    assert (grown.texts, grown.words, grown.vectors) == (9, 9, 9)
    law = home.lawbook.versions("住宿法")[0]
    real = [found.passage for found in home.catalogue.passages(law.document_id)]
    hashes = [text_hash(search_text(part.headings, part.text)) for part in real]
    kept, given = (desk.store.get(hashes, source.embedder.name) for desk in (home, source))
    assert all((kept[one] == given[one]).all() for one in hashes)
    grown = grow(home, source, 200)
    assert grown.words == grown.vectors == grown.texts >= 191
    assert grow(home, source, 200).texts == 0
    hits = home.index.search("如实登记住宿人员", 5, scope=Scope(office="合成院7"), by="words")
    assert all(home.catalogue.document(hit.passage.document_id).title.startswith("合成") for hit in hits)  # type: ignore[union-attr]
    source.close()
    home.close()


def test_the_plot_has_a_line_for_each_way_and_a_place_for_each_size():
    rows = [row(size, by, p50=size / 1000) for size in (10_000, 60_000) for by in ("words", "meaning", "both")]
    drawn = ET.fromstring(plot(rows))
    lines = drawn.findall("{*}polyline")
    assert len(lines) == 6
    assert all(len(line.attrib["points"].split()) == 2 for line in lines)
    assert {"10,000", "60,000"} <= {text.text for text in drawn.findall("{*}text")}
    ET.fromstring(plot([]))
    ET.fromstring(plot(rows[:1]))


def test_a_table_that_is_not_there_has_no_rows(tmp_path: Path):
    assert read_rows(tmp_path / "scale.csv") == []
    assert "10000 texts" in shown([row(10_000, by) for by in ("words", "meaning", "both")])


def test_each_question_is_put_to_all_searches_and_first_to_nobody_s_memory():
    asked: list[tuple[str, str]] = []
    one, other = against.key("民法典", "第一条"), against.key("民法典", "第二条")

    def search(name: str) -> against.Search:
        def found(query: str) -> list[against.Article]:
            asked.append((name, query))
            return [other, one, one] if name == "甲" else [one]

        return found

    prepared: list[int] = []
    found = against.compared([(3, "问", frozenset({one}))], {"甲": search("甲"), "乙": search("乙")}, prepared.append)
    assert prepared == [3]
    assert asked[-2:] == [("甲", "问"), ("乙", "问")]
    assert [ranks[0].found for ranks, _ in found.values()] == [("".join(other), "".join(one)), ("".join(one),)]
    assert FOLDS == 5


def test_the_package_s_articles_are_those_that_its_own_search_takes():
    held = against.held()
    assert against.key("中华人民共和国民法典", "第一千二百五十四条") in held
    assert against.key("中华人民共和国刑法", "第二百六十四条") in held  # marked 已被修改, and in force
    with sqlite3.connect(f"file:{against.data_file()}?mode=ro", uri=True) as connection:
        [(rows,)] = connection.execute("SELECT count(*) FROM articles")
    assert len(held) < rows
