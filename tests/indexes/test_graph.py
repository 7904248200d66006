"""The graph of norms: who cites which article, and what rests on which law."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indexes.bases import bases_of
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.graph import Graph
from indexes.lawbook import LawBook
from ingestion.statutes import read_statute

LODGING = """# 中华人民共和国旅店法

2019年1月1日 全国人民代表大会常务委员会通过

<!-- INFO END -->

第一条 为了维护治安，根据宪法，制定本法。

第二条 旅店应当登记。

第三条 违反本法第二条规定的，处罚款。

第四条 本法自2019年2月1日起施行。
"""
RULES = """# 旅店管理条例

2020年1月1日 国务院令公布

<!-- INFO END -->

第一条 根据《中华人民共和国旅店法》，制定本条例。

第二条 旅店违反旅店法第二条的，责令改正；前款情形严重的，停业。

第三条 本条例自2020年2月1日起施行。
"""


@pytest.fixture
def graph(catalogue: Catalogue, tmp_path: Path) -> Iterator[Graph]:
    norms = [read_statute(LODGING, "旅店法(2019-01-01).md"), read_statute(RULES, "旅店管理条例(2020-01-01).md")]
    add_statutes(catalogue, norms, LawReport())
    opened = Graph(tmp_path / "citations.sqlite", catalogue, LawBook(catalogue))
    yield opened
    opened.close()


def test_citations_of_norms_are_spans_of_their_texts(graph: Graph, catalogue: Catalogue):
    assert graph.refresh() == 2
    found = graph.citing("旅店法", "第二条")
    texts = {one.document_id: catalogue.text_of(one.document_id) or "" for one in found}
    assert sorted((one.within, texts[one.document_id][one.start : one.end]) for one in found) == [
        ("第三条", "本法第二条"), ("第二条", "旅店法第二条"),
    ]  # fmt: skip


def test_judgments_and_letters_are_read_and_what_was_removed_is_forgotten(graph: Graph, catalogue: Catalogue, put: Any):
    paper = put("依照《旅店法》第二条处罚。", title="决定书")
    graph.refresh()
    assert paper.id in {one.document_id for one in graph.citing("中华人民共和国旅店法", "第二条")}
    assert [one.article for one in graph.cited_in(paper.id)] == ["第二条"]
    catalogue.remove([paper.id])
    graph.refresh()
    assert paper.id not in {one.document_id for one in graph.citing("旅店法", "第二条")}


def test_nothing_is_read_twice(graph: Graph):
    graph.refresh()
    assert graph.refresh() == 0


def test_a_paper_is_read_again_when_a_law_came_that_it_may_name(graph: Graph, catalogue: Catalogue, put: Any):
    paper = put("违反酒类条例第三条。", title="通知")
    graph.refresh()
    text = RULES.replace("旅店管理条例", "中华人民共和国酒类条例")
    add_statutes(catalogue, [read_statute(text, "酒类条例(2021-01-01).md")], LawReport())
    assert paper.id in graph.waiting()


def test_a_law_as_a_whole_is_asked_for_with_all_its_articles(graph: Graph):
    graph.refresh()
    assert {one.article for one in graph.citing("旅店法")} >= {"第二条", ""}


def test_a_norm_rests_on_the_law_it_is_made_under(graph: Graph):
    graph.refresh()
    (below,) = graph.resting_on("旅店法")
    (above,) = graph.bases_of(below.document_id)
    assert (above.name, above.how) == ("中华人民共和国旅店法", "rests on")


@pytest.mark.parametrize(
    ("name", "level", "opening", "found"),
    [
        ("某法", "法律", "第一条 为了…，根据宪法，制定本法。", [("中华人民共和国宪法", "rests on")]),
        ("某办法", "部门规章", "第一条 为了规范，根据《甲法》、《乙条例》等法律、行政法规，制定本办法。",
         [("甲法", "rests on"), ("乙条例", "rests on")]),
        ("最高人民法院关于适用〈甲法〉若干问题的解释", "司法解释", "为正确审理案件，作如下解释", [("甲法", "explains")]),
        ("甲法实施条例", "行政法规", "第一条 本条例。", [("甲法", "rests on")]),
        ("最高人民法院关于修改〈关于适用〈甲法〉的解释〉的决定", "司法解释", "根据《乙法》，制定本决定", []),
        ("某规定", "部门规章", "第一条 违反《甲法》的，依照《乙法》处罚。", []),
    ],
)  # fmt: skip
def test_what_a_text_rests_on_is_told_by_its_title_and_opening(
    name: str, level: str, opening: str, found: list[tuple[str, str]]
):
    assert list(bases_of(name, level, opening, lambda _: None)) == found
