"""The suites are data that holds together: enough cases, gold that stands, and no key that is not understood."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import eval.suite
from assistant.errors import NotThere
from eval.case import Question, locate
from eval.home import MOST_ARTICLES, Home
from eval.letters import order_of
from eval.subjects import span_of
from eval.suite import FILES, load_suite, suite_names
from prompts import KnowledgeError, issue_types, load_laws, load_scenarios

OWN = Path(eval.suite.__file__).parent / "suites"
DAILY = [name for name in suite_names() if not name.endswith("-frozen")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Our suites in a folder of their own, to be spoilt."""
    root = tmp_path / "评测集"
    shutil.copytree(OWN, root, ignore=shutil.ignore_patterns("frozen-*"))
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def questions() -> list[tuple[str, Question, Any]]:
    named = [name for name in FILES if name != "drafts"]
    return [(f"{name} {case.id}", case, suite) for name in named for suite in [load_suite(name)] for case in suite.cases]


@pytest.mark.parametrize("name", DAILY)
def test_every_suite_has_at_least_twenty_cases(name: str) -> None:
    assert len(load_suite(name).cases) >= 20


@pytest.mark.parametrize("name", DAILY)
def test_no_id_stands_twice(name: str) -> None:
    ids = [case.id for case in load_suite(name).cases]
    assert len(set(ids)) == len(ids)


def test_refusal_holds_twenty_that_cannot_be_answered_and_twenty_that_can() -> None:
    marks = [case.answerable for case in load_suite("refusal").cases]
    assert (marks.count(False) >= 20, marks.count(True) >= 20) == (True, True)


def test_what_cannot_be_answered_has_no_gold_and_what_can_has_some() -> None:
    assert [name for name, case, _ in questions() if case.answerable != bool(case.gold)] == []


def test_every_gold_of_a_question_stands_in_the_samples_or_in_the_law_of_its_day(eval_home: Home) -> None:
    """`span_of` raises, naming what is wanting, if one does not."""
    spans = [span_of(gold, eval_home, case.as_of or suite.as_of) for _, case, suite in questions() for gold in case.gold]
    texts = [eval_home.desk.catalogue.text_of(span.document_id) for span in spans]
    assert all(text is not None and text[span.start : span.end].strip() for text, span in zip(texts, spans, strict=True))


def test_every_letter_names_facts_quotes_and_articles_that_are_there(eval_home: Home) -> None:
    facts = {fact["id"] for fact in eval_home.gold["facts"]}
    suite = load_suite("drafts")
    for case in suite.cases:
        on = case.as_of or suite.as_of
        texts = [document.text for document in order_of(case, on, eval_home).documents]
        assert set(case.facts) <= facts, case.id
        assert [quote for quote in case.quotes if not any(locate(text, quote) for text in texts)] == [], case.id
        assert all(span_of(gold, eval_home, on) for gold in case.gold), case.id


def test_every_gold_of_an_issue_is_a_row_of_the_taxonomy_and_stands_in_its_text() -> None:
    cases = load_suite("issues").cases
    assert {gold.row for case in cases for gold in case.gold} <= set(range(1, 36))
    assert [case.id for case in cases for gold in case.gold if locate(case.text, gold.quote) is None] == []


def test_a_text_without_an_issue_says_why_it_has_none() -> None:
    assert [case.id for case in load_suite("issues").cases if not case.gold and not case.why] == []


def test_an_unknown_key_is_refused_with_file_and_key(copy: Path) -> None:
    edit(copy / "answers.yaml", "id: a02, ask:", "id: a02, asks:")
    with pytest.raises(KnowledgeError) as error:
        load_suite("answers", copy)
    said = str(error.value)
    assert "answers.yaml" in said
    assert "cases[1].asks：不认识的键" in said
    assert "cases[1].ask：缺少这个键" in said


def test_an_unknown_key_in_a_list_of_issue_cases_is_refused_with_file_and_key(copy: Path) -> None:
    name = sorted(path.name for path in (copy / "issues").glob("dev-*.yaml"))[0]
    edit(copy / "issues" / name, "      quote: ", "      quotes: ")
    with pytest.raises(KnowledgeError) as error:
        load_suite("issues", copy)
    assert name in str(error.value)
    assert "quotes：不认识的键" in str(error.value)


def test_a_gold_must_be_an_article_or_a_quote(copy: Path) -> None:
    edit(copy / "retrieval.yaml", "article: 第五十七条", "quote: 应当询问")
    with pytest.raises(KnowledgeError, match=r"cases\[0\].gold\[0\]：应写 law 与 article，或者 file 与 quote"):
        load_suite("retrieval", copy)


def test_an_id_that_stands_twice_is_refused(copy: Path) -> None:
    edit(copy / "precedents.yaml", "id: p02", "id: p01")
    with pytest.raises(KnowledgeError, match="编号重复：p01"):
        load_suite("precedents", copy)


def test_a_suite_that_is_not_there_is_refused_with_the_names_of_those_that_are() -> None:
    with pytest.raises(NotThere, match="没有评测集 nothing，可用的有：retrieval、precedents"):
        load_suite("nothing")


def test_the_digest_of_a_suite_changes_with_its_cases(copy: Path) -> None:
    before = load_suite("precedents", copy).digest
    edit(copy / "precedents.yaml", "坐牢期间照领退休金", "服刑期间照领退休金")
    assert load_suite("precedents", copy).digest != before


def test_no_more_articles_are_embedded_than_promised(eval_home: Home) -> None:
    """Both counts are of passages: a long article is several."""
    known = {title for title, _, _, _ in eval_home.desk.catalogue.articles_per_law()}
    core = [law.title for law in load_laws() if law.core]
    waiting: Sequence[Any] = eval_home.desk.catalogue.without_vector(100_000, highest_rank=1)
    assert set(core) <= known
    assert len(core) < len(waiting) <= MOST_ARTICLES


def test_the_issue_types_that_we_know_of_have_cases() -> None:
    rows = {gold.row for case in load_suite("issues").cases for gold in case.gold}
    assert rows & {one.number for one in issue_types(load_scenarios())}
