from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from indexes.lawbook import Shelf
from indexes.lawtexts import LawTexts, law_texts
from indexes.library import LawVersion
from indexes.sight import LawPassages


def version(document: str, name: str, start: date, end: date | None = None) -> LawVersion:
    return LawVersion(document, name, start, start, start, end, "法律", "", "", "")


OLD, NEW = version("old", "住宿法", date(2018, 1, 1), date(2024, 1, 1)), version("new", "住宿法", date(2024, 1, 1))
OTHER = version("other", "旅馆法", date(2020, 1, 1))
SHELF = Shelf((3, ""), {"住宿法": (OLD, NEW), "旅馆法": (OTHER,)}, {one.document_id: one for one in (OLD, NEW, OTHER)})


@pytest.fixture
def texts() -> LawTexts:
    """Text 5 stands as article 1 in the old version and as article 2 in the new one; text 7 in another law."""
    read = LawPassages(
        text_id=[7, 5, 5],
        hash=["g", "e", "e"],
        passage=[12, 11, 10],
        documents=["other", "new", "old"],
        document=[0, 1, 2],
        article=["第一条", "第二条", "第一条"],
        length=[30, 20, 20],
    )
    return law_texts(SHELF, read)


def units(texts: LawTexts, text_ids: list[int], day: date, exclude: frozenset[str] = frozenset()) -> list[object]:
    rows, _ = texts.rows(np.array(text_ids))
    rows = rows[texts.searched(day, False, exclude)[texts.document[rows]]]
    return [texts.unit(code) for code in texts.code[rows].tolist()]


def test_a_text_in_two_versions_stands_for_the_article_of_the_day(texts: LawTexts) -> None:
    assert units(texts, [7, 5], date(2025, 1, 1)) == [("旅馆法", "第一条"), ("住宿法", "第二条")]
    assert units(texts, [7, 5], date(2019, 1, 1), frozenset({"other"})) == [("住宿法", "第一条")]


def test_what_is_left_out_once_is_there_in_the_next_search(texts: LawTexts) -> None:
    assert units(texts, [7], date(2025, 1, 1), frozenset({"other"})) == []
    assert units(texts, [7], date(2025, 1, 1)) == [("旅馆法", "第一条")]


def test_texts_of_other_documents_have_no_rows(texts: LawTexts) -> None:
    assert texts.known(np.array([5, 6, 7, 99])).tolist() == [True, False, True, False]


def test_a_code_leads_to_its_unit_and_back(texts: LawTexts) -> None:
    assert texts.unit(texts.code_of("new", "第二条")) == ("住宿法", "第二条")
    assert texts.unit(-13) == 12
    assert texts.row_of(12) == 2
    assert texts.row_of(13) == -1


def test_passages_that_came_after_the_laws_were_read_are_passed_over() -> None:
    read = LawPassages([1], ["h"], [1], ["newer"], [0], ["第一条"], [9])
    assert not law_texts(SHELF, read).known(np.array([1])).any()
