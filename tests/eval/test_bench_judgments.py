from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.bench.judgments import Case, constant, measure, neighbours, read_cases
from indexes.applied import AppliedArticle, Known
from ingestion.document import document_id

LAW = "中华人民共和国刑法"


def paper(identity: str, *articles: str) -> Known:
    applied = tuple(AppliedArticle(LAW, one, 0, 0, 0, 1) for one in articles)
    return Known(identity, "case", identity, ((0, 20),), applied)


PAPERS = [paper("甲", "第二百六十四条", "第六十七条"), paper("乙", "第二百六十四条"), paper("丙", "第一百三十三条之一")]


def test_each_question_leaves_its_own_judgment_out(tmp_path: Path):
    (tmp_path / "一.txt").write_text("判决", encoding="utf-8")
    relevant = [{"law": LAW, "article": "第六十七条"}]
    rows = [{"id": "一", "query": "事实", "relevant": relevant}, {"id": "二", "query": "事实", "relevant": relevant, "exclude": ["甲"]}]
    source = tmp_path / "q.jsonl"
    source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    first, second = read_cases(source, tmp_path)
    assert first.exclude == {document_id("判决".encode())}
    assert second.exclude == {"甲"}


def test_the_constant_list_counts_the_other_papers_only():
    case = Case("一", "", frozenset({"第六十七条"}), frozenset({"甲"}))
    assert constant(PAPERS)(case) == ["第二百六十四条", "第一百三十三条之一"]


def test_neighbours_are_those_that_share_pairs_of_characters():
    texts = {"甲": "商场内盗窃手机", "乙": "公交车上扒窃钱包", "丙": "醉酒驾驶小型轿车"}
    case = Case("一", "饮酒后驾驶轿车", frozenset(), frozenset({"甲"}))
    assert neighbours(PAPERS, texts)(case)[0] in ("第一百三十三条之一", "第二百六十四条")
    assert set(neighbours(PAPERS, texts)(case)) == {"第一百三十三条之一", "第二百六十四条"}


def test_recall_is_told_as_it_stands_and_with_inserted_articles_as_their_base():
    case = Case("一", "", frozenset({"第一百三十三条", "第六十七条"}), frozenset())
    scores = measure(lambda _: ["第六十七条", "第一百三十三条之一"], [case])
    assert scores[:4] == [pytest.approx(0.5), 0.0, 1.0, 1.0]


def test_of_offences_only_the_first_three_count():
    offences = ["第二百六十四条", "第二百六十五条", "第二百六十六条", "第二百六十七条"]
    case = Case("一", "", frozenset(offences), frozenset())
    assert measure(lambda _: ["第六十七条", *offences], [case])[:2] == [1.0, 0.75]
