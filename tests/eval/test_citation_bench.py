"""The bench of citations: its texts are read as they are meant, and the checker judges all as a person did."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from realdata import missing, real

from eval.bench.citations import hostile
from eval.bench.judged_citations import gold, judged_on, recall, resolution
from eval.bench.made_citations import made
from eval.citations import Wanted, by_hand, measure, read_cases
from indexes.amend import with_amended
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.china_law import package_statutes
from indexes.law_knowledge import name_key
from indexes.lawbook import LawBook
from ingestion.citations import citations


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LawBook]:
    """The law book over all laws of the package."""
    catalogue = Catalogue(tmp_path_factory.mktemp("laws") / "catalogue.sqlite")
    add_statutes(catalogue, with_amended(package_statutes()), LawReport())
    lawbook = LawBook(catalogue)
    lawbook.settle()
    yield lawbook
    catalogue.close()


def test_a_line_becomes_a_text_with_what_is_wanted_of_it():
    (case,) = read_cases(["# about", "", "@2020-01-02 甲\\n乙 => 刑法 133-1.2(3)#4 differs differs; 民法典 - verified"])
    assert (case.text, case.on) == ("甲\n乙", date(2020, 1, 2))
    first, second = case.wanted
    assert first == Wanted("刑法", "第一百三十三条之一", 2, 3, 4, "differs", "differs")
    assert (second.article, second.quote) == ("", "none")
    (empty,) = read_cases(["丙 => none"])
    assert empty.wanted == ()


@pytest.mark.parametrize("line", ["甲", "甲 => 刑法", "甲 => 刑法 第十条 verified"])
def test_a_line_that_is_none_is_refused(line: str):
    with pytest.raises(ValueError, match="line 1"):
        list(read_cases([line]))


def test_wrong_judgments_are_counted(book: LawBook):
    cases = list(read_cases(["刑法第二百六十四条 => 刑法 264 repealed", "刑法第九百条 => 刑法 900 verified", "刑法 => 刑法 1 verified"]))
    measured = measure(book, cases)
    assert [trouble.kind for trouble in measured.troubles] == ["passed", "refused", "missed"]
    assert (measured.right, measured.right_passed, measured.wrong, measured.wrong_caught) == (2, 0, 1, 0)


def test_all_texts_written_by_hand_are_judged_as_a_person_did(book: LawBook):
    cases = by_hand()
    measured = measure(book, cases)
    assert [trouble.told for trouble in measured.troubles] == []
    assert len(cases) >= 180
    assert measured.right_passed == measured.right > 140
    assert measured.wrong_caught == measured.wrong > 90
    assert measured.unchecked_passed == 0


@pytest.mark.slow
def test_all_wrong_ones_made_from_the_laws_are_caught_and_the_right_ones_pass(book: LawBook):
    measured = measure(book, list(made(book, each=8)))
    assert [(one.kind, one.case.text) for one in measured.troubles if one.kind in {"passed", "missed"}] == []
    assert measured.wrong_caught == measured.wrong > 60
    assert measured.right_passed >= 0.99 * measured.right > 80
    assert measured.unchecked_passed == 0


def test_hostile_strings_are_read_as_spans(book: LawBook):
    chance = random.Random(1)
    names = book.names()
    for _ in range(1_000):
        text = hostile(chance)
        assert all(0 <= one.start < one.end <= len(text) for one in citations(text, names))


def test_the_marked_judgments_hold_offsets_and_no_text():
    documents = gold()
    assert len(documents) == 30
    for document in documents:
        assert set(document) == {"sha256", "citations"}
        for start, end, law, article, *_ in document["citations"]:
            assert 0 <= start < end
            assert name_key(law)
            assert article.startswith("第")


@pytest.mark.skipif(real("judgments") is None, reason=missing("judgments"))
def test_the_citations_of_the_judgments_are_found_and_resolve(book: LawBook):
    folder = real("judgments")
    assert folder is not None
    found = recall(folder, book)
    assert found.documents == 30
    assert found.found >= 0.97 * found.marked  # interpretations that only the folder of laws has are named without issuer
    resolved = resolution(folder, book)
    assert resolved.resolved >= 0.97 * resolved.in_library > 0


def test_the_day_of_a_judgment_is_the_last_one_in_chinese_numerals():
    assert judged_on("2017年1月2日……二〇一七年三月四日……二〇一七年十二月十一日 书记员") == date(2017, 12, 11)
    assert judged_on("2017年1月2日") is None
