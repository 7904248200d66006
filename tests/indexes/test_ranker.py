from __future__ import annotations

import json

import numpy as np
import pytest

from indexes.direct import cited_articles, folded, numbers, shared
from indexes.errors import StoreError
from indexes.features import FEATURES, Articles, Ranked, law_columns, rows
from indexes.lawnames import law_titles
from indexes.ranker import FORMAT, WAYS, Adapter, Ranker, Weights, parse_ranker, shipped_ranker, written

KNOWN = law_titles(["中华人民共和国民法典", "中华人民共和国刑法", "中华人民共和国刑事诉讼法"])


def weights(**chosen: float) -> Weights:
    count = len(FEATURES)
    return Weights(
        np.zeros(count, np.float32),
        np.ones(count, np.float32),
        np.array([chosen.get(name, 0.0) for name in FEATURES], np.float32),
    )


def ranker() -> Ranker:
    adapter = Adapter("e", np.array([[1.0], [0.0]]), np.array([[0.0, 1.0]]), np.array([0.0, 0.5]))
    return Ranker({way: weights(gap_meaning=1.5) for way in WAYS}, adapter, {"questions": 1})


def test_weights_are_written_and_read_back_the_same() -> None:
    again = parse_ranker(written(ranker()), "x")
    assert again.ways["both"].weight.tolist() == ranker().ways["both"].weight.tolist()
    assert again.adapter is not None
    assert again.adapter.turn(np.array([0.0, 1.0])).tolist() == pytest.approx([0.5547, 0.83205], abs=1e-4)


def test_a_turned_question_has_length_one() -> None:
    adapter = ranker().adapter
    assert adapter is not None
    assert float(np.linalg.norm(adapter.turn(np.array([0.6, 0.8])))) == pytest.approx(1.0)


@pytest.mark.parametrize("change", [{"more": 1}, {"format": "other"}, {"ways": {}}])
def test_a_file_that_is_no_ranker_is_refused_by_name(change: dict[str, object]) -> None:
    data = {**json.loads(written(ranker())), **change}
    with pytest.raises(StoreError, match=r"weights\.json"):
        parse_ranker(json.dumps(data), "weights.json")


def test_a_feature_that_the_program_does_not_know_is_refused() -> None:
    data = json.loads(written(ranker()))
    data["ways"]["both"]["weather"] = [0, 1, 2]
    with pytest.raises(StoreError, match="weather"):
        parse_ranker(json.dumps(data), "x")


def test_the_ranker_that_ships_says_what_it_was_learned_from() -> None:
    shipped = shipped_ranker()
    assert FORMAT.endswith("1")
    assert shipped.trained["questions"] > 50
    assert set(shipped.trained["held_out"]) == set(WAYS)


def test_what_neither_search_ranks_first_stands_lower_in_its_features() -> None:
    laws = law_columns([("住宿法", "法律"), ("北京市住宿条例", "地方性法规")], np.array([10, 10]))
    articles = Articles(laws, np.array([0, 0, 1]), np.array([1, 2, 9]), np.array([20, 20, 20]))
    words, near = Ranked(np.array([0, 2]), np.array([9.0, 3.0])), Ranked(np.array([0, 1]), np.array([0.9, 0.8]))
    table = rows("住宿登记", articles, words, near)
    named = {name: table[:, at].tolist() for at, name in enumerate(FEATURES)}
    assert named["in_both"] == [1, 0, 0]
    assert named["gap_meaning"] == pytest.approx([0, -0.1, -0.105])
    assert named["neighbour"] == pytest.approx([-0.1, 0, -0.105])
    assert named["is_local"] == [0, 0, 1]
    assert named["title_match"] == pytest.approx([1 / 2, 1 / 2, 1 / 4])


def test_a_law_knows_how_many_titles_name_it() -> None:
    laws = law_columns(
        [("中华人民共和国民法典", "法律"), ("最高人民法院关于适用民法典的解释", "司法解释")], np.array([3, 0])
    )
    assert laws.named.tolist() == [1, 0]
    assert laws.size.tolist() == [3, 0]


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("民法典1254条", ("民法典", "第一千二百五十四条")),
        ("《刑法》第二百六十四条怎么适用", ("刑法", "第二百六十四条")),
        ("刑诉法95", ("刑事诉讼法", "第九十五条")),
        ("刑法120条之一", ("刑法", "第一百二十条之一")),
        ("刑法第120-1条", ("刑法", "第一百二十条之一")),
        ("刑法第一百二十条之1", ("刑法", "第一百二十条之一")),
        ("刑法第120条", ("刑法", "第一百二十条")),
        ("中华人民共和国刑法 第１２０条", ("刑法", "第一百二十条")),
    ],
)
def test_an_article_is_known_in_every_form_of_its_citation(query: str, label: tuple[str, str]) -> None:
    assert cited_articles(query, lambda: KNOWN) == [label]


@pytest.mark.parametrize("query", ["2024年第12号", "罚款200元", "刑法修正案"])
def test_what_cites_no_article_opens_nothing(query: str) -> None:
    assert cited_articles(query, lambda: KNOWN) == []


def test_a_number_belongs_to_the_document_whose_organ_it_names() -> None:
    (number,) = numbers("看看法释〔2014〕13号")
    assert shared(number, folded("法释〔2014〕 13 号")) == 2
    assert shared(number, folded("国发〔2014〕13号")) == 0
    assert shared(number, folded("法释〔2014〕130号")) == -1
