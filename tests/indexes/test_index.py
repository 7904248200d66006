from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import CountingEmbedder

import indexes.index
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.fill import fill_vectors, fill_words, sweep
from indexes.index import Index, Scope
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.store import VectorStore
from indexes.vectors import Vectors
from ingestion.statutes import read_statute

OLD = """# 中华人民共和国住宿法

2018年1月1日 通过

<!-- INFO END -->

第一条 住宿应当登记。

第二条 违反登记规定的，给予补偿。

第三条 本法自2018年6月1日起施行。
"""
NEW = """# 中华人民共和国住宿法

2018年1月1日 通过

2024年1月1日 修订

<!-- INFO END -->

第一条 为了住宿安全，制定本法。

第二条 住宿应当登记。

第三条 本法自2024年6月1日起施行。
"""


class Rig:
    """A home with everything open."""

    def __init__(self, folder: Path, catalogue: Catalogue, embedder: CountingEmbedder) -> None:
        self.catalogue = catalogue
        self.keywords = Keywords(folder / "words")
        self.store = VectorStore(folder / "vectors.sqlite")
        self.vectors = Vectors(folder / "vectors")
        self.lawbook = LawBook(catalogue)
        self.embedder = embedder
        self.index = Index(
            catalogue, self.keywords, self.lawbook, self.store, lambda: self.vectors, lambda: embedder
        )

    def fill(self) -> None:
        self.lawbook.settle()
        fill_words(self.catalogue, self.keywords)
        self.keywords.close()
        fill_vectors(self.catalogue, self.store, self.vectors, self.embedder)


@pytest.fixture
def rig(tmp_path: Path, catalogue: Catalogue, embedder: CountingEmbedder) -> Rig:
    return Rig(tmp_path, catalogue, embedder)


def load(rig: Rig, *texts: tuple[str, str]) -> None:
    statutes = [read_statute(text, name, source="test") for text, name in texts]
    add_statutes(rig.catalogue, statutes, LawReport())
    rig.fill()


@pytest.fixture
def two_versions(rig: Rig) -> Rig:
    load(rig, (OLD, "住宿法(2018-01-01).md"), (NEW, "住宿法(2024-01-01).md"))
    return rig


@pytest.mark.parametrize("by", ["words", "meaning", "both"])
def test_the_article_of_the_version_in_force_is_found(two_versions: Rig, by: Any) -> None:
    hit = two_versions.index.search("住宿应当登记", 5, by=by)[0]
    assert (hit.law, hit.passage.article, hit.version) == ("中华人民共和国住宿法", "第二条", "2024-01-01")
    assert hit.status == "verified"


def test_an_older_date_finds_the_older_number_of_the_rule(two_versions: Rig) -> None:
    hit = two_versions.index.search("住宿应当登记", 5, scope=Scope(as_of=date(2019, 1, 1)))[0]
    assert (hit.passage.article, hit.version, hit.status) == ("第一条", "2018-01-01", "verified")


def test_versions_of_one_article_are_one_hit(two_versions: Rig) -> None:
    hits = two_versions.index.search("住宿登记施行", 10)
    units = [(hit.law, hit.passage.article) for hit in hits]
    assert len(units) == len(set(units))
    assert {hit.version for hit in hits} == {"2024-01-01"}


def test_before_the_first_version_nothing_is_in_force(two_versions: Rig) -> None:
    early = Scope(as_of=date(2017, 1, 1))
    assert {hit.status for hit in two_versions.index.search("住宿登记", 5, scope=early)} == {"not_yet_in_force"}
    strict = Scope(as_of=date(2017, 1, 1), in_force=True)
    assert two_versions.index.search("住宿登记", 5, scope=strict) == []


def test_a_quote_is_a_span_of_the_law(two_versions: Rig) -> None:
    for hit in two_versions.index.search("住宿登记", 5):
        passage = hit.passage
        text = two_versions.catalogue.text_of(passage.document_id)
        assert text is not None
        assert text[passage.start : passage.end] == passage.text


def test_a_removed_document_is_gone_and_the_next_best_comes_first(rig: Rig, put: Any) -> None:
    gone = put("住宿登记合同。", title="甲")
    put("住宿登记。", title="乙")
    rig.fill()
    rig.catalogue.remove([gone.id])  # the index has not been swept yet
    assert [hit.title for hit in rig.index.search("住宿登记合同", 1)] == ["乙"]


def test_a_case_is_searched_alone_and_exactly(rig: Rig, put: Any) -> None:
    put("住宿登记。", title="甲", case="1")
    put("住宿登记。", title="乙", case="2")
    rig.fill()
    for by in ("words", "meaning", "both"):
        hits = rig.index.search("住宿登记", 10, scope=Scope(case="1"), by=by)  # type: ignore[arg-type]
        assert [(hit.title, hit.case) for hit in hits] == [("甲", "1")]


def test_excluded_documents_do_not_count(rig: Rig, put: Any) -> None:
    out = put("住宿登记。", title="甲")
    put("住宿登记。", title="乙")
    rig.fill()
    scope = Scope(exclude=frozenset([out.id]))
    assert [hit.title for hit in rig.index.search("住宿登记", 10, scope=scope)] == ["乙"]


def test_kinds_narrow_the_search(rig: Rig, put: Any) -> None:
    put("住宿登记。", "case", title="案")
    put("住宿登记。", "suggestion", title="建议")
    rig.fill()
    hits = rig.index.search("住宿登记", 10, scope=Scope(kinds=("suggestion",)))
    assert [hit.kind for hit in hits] == ["suggestion"]


def test_a_hit_says_how_it_was_found(rig: Rig, put: Any) -> None:
    put("住宿登记。")
    rig.fill()
    assert rig.index.search("住宿登记", 1)[0].found_by == ("words", "meaning")
    assert rig.index.search("住宿登记", 1, by="words")[0].found_by == ("words",)


def test_words_alone_serve_until_vectors_are_there(rig: Rig, put: Any) -> None:
    put("住宿登记。")
    fill_words(rig.catalogue, rig.keywords)
    assert rig.index.search("住宿登记", 1)[0].found_by == ("words",)


def test_nothing_is_asked_nothing_is_found(rig: Rig) -> None:
    assert rig.index.search("  ", 5) == []


def test_what_another_process_loads_is_seen(rig: Rig, tmp_path: Path) -> None:
    load(rig, (OLD, "住宿法(2018-01-01).md"))
    assert rig.index.search("住宿应当登记", 1)[0].version == "2018-01-01"
    other = Rig(tmp_path, Catalogue(tmp_path / "catalogue.sqlite"), rig.embedder)
    statutes = [read_statute(NEW, "住宿法(2024-01-01).md", source="test")]
    add_statutes(other.catalogue, statutes, LawReport())
    other.lawbook.settle()
    fill_words(other.catalogue, other.keywords)
    assert rig.index.search("住宿应当登记", 1, by="words")[0].version == "2024-01-01"


class Listening(CountingEmbedder):
    """Keeps the questions that it was asked to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.questions: list[str] = []

    def embed_query(self, text: str) -> np.ndarray[Any, Any]:
        self.questions.append(text)
        return super().embed_query(text)


def test_a_question_is_embedded_once_for_all_its_searches(tmp_path: Path, catalogue: Catalogue, put: Any) -> None:
    rig = Rig(tmp_path, catalogue, Listening())
    put("住宿登记。", "case")
    put("住宿登记。", "suggestion")
    rig.fill()
    for kind in ("case", "suggestion"):
        assert rig.index.search("住宿登记", 5, scope=Scope(kinds=(kind,)))[0].kind == kind
    rig.index.search("经济补偿", 5)
    assert rig.embedder.questions == ["住宿登记", "经济补偿"]  # type: ignore[attr-defined]


def test_a_case_that_grows_or_shrinks_is_searched_as_it_is(rig: Rig, put: Any) -> None:
    def found() -> list[str]:
        hits = rig.index.search("住宿登记", 10, scope=Scope(case="1"), by="meaning")
        return [hit.title for hit in hits]

    first = put("住宿合同。", title="甲", case="1")
    rig.fill()
    assert found() == found() == ["甲"]
    put("住宿登记。", title="乙", case="1")
    assert found() == ["甲"]  # what has no vector yet
    rig.fill()
    assert found() == ["乙", "甲"]
    rig.catalogue.remove([first.id])
    assert found() == ["乙"]


def test_a_law_that_is_removed_is_found_no_more(two_versions: Rig) -> None:
    new = two_versions.index.search("住宿应当登记", 5)[0]
    two_versions.catalogue.remove([new.passage.document_id])
    left = two_versions.index.search("住宿应当登记", 5)[0]
    assert (left.version, left.passage.article) == ("2018-01-01", "第一条")


def test_twenty_people_search_while_law_and_papers_come_and_go(two_versions: Rig, put: Any) -> None:
    rig = two_versions
    dates = (None, date(2019, 1, 1), date(2017, 1, 1))
    expected = {on: rig.index.search("住宿应当登记", 3, scope=Scope(("regulation",), as_of=on)) for on in dates}
    wrong: list[object] = []
    stop = threading.Event()

    def person(number: int) -> None:
        on = dates[number % 3]
        while not stop.is_set():
            found = rig.index.search("住宿应当登记", 3, scope=Scope(("regulation",), as_of=on))
            if found != expected[on]:
                wrong.append(found)
            rig.index.search(f"住宿登记{number}", 5)  # an error in a thread fails the test

    people = [threading.Thread(target=person, args=(number,)) for number in range(20)]
    for one in people:
        one.start()
    for number in range(6):
        paper = put(f"住宿登记第{number}号。", title=f"文书{number}")
        fill_words(rig.catalogue, rig.keywords)
        rig.lawbook.settle()  # the dates of all laws are written anew, so every search reads them again
        fill_vectors(rig.catalogue, rig.store, rig.vectors, rig.embedder)
        rig.catalogue.remove([paper.id])
        sweep(rig.catalogue, rig.keywords, lambda: rig.vectors)
    stop.set()
    for one in people:
        one.join()
    rig.keywords.close()
    assert wrong == []


def test_an_article_that_the_question_names_comes_first(two_versions: Rig) -> None:
    first = two_versions.index.search("违反登记、给予补偿：住宿法第1条", scope=Scope(as_of=date(2020, 1, 1)))[0]
    assert (first.passage.article, "citation" in first.found_by) == ("第一条", True)


def test_a_named_article_is_that_of_the_day(two_versions: Rig) -> None:
    first = two_versions.index.search("住宿法2", scope=Scope(as_of=date(2025, 1, 1)))[0]
    assert "住宿应当登记" in first.passage.text


def test_a_document_is_opened_by_its_number(rig: Rig, put: Any) -> None:
    put("某某人民法院判决书（2024）京0105刑初12号。被告人住宿未登记。", title="甲")
    put("京0105刑初12号之外的文书（2024）京0105刑初13号，12号。", title="乙")
    rig.fill()
    first = rig.index.search("(2024) 京0105刑初12号", 1)[0]
    assert "被告人住宿未登记" in first.passage.text
    assert "citation" in first.found_by


def test_the_learned_order_waits_until_the_laws_have_their_vectors(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was learned with all of them: while few have one, those few would stand before what words find."""
    asked: list[str] = []
    learned = indexes.index.ordered
    monkeypatch.setattr(indexes.index, "ordered", lambda *given: asked.append(given[-1]) or learned(*given))
    load(rig, (OLD, "住宿法(2018-01-01).md"))
    rig.index.search("住宿应当登记")
    assert asked == ["both"]
    more = NEW.replace("住宿法", "养犬条例") + "\n".join(f"第{number}条 犬只按照规定免疫。\n" for number in "四五六七八九")
    add_statutes(rig.catalogue, [read_statute(more, "养犬条例(2024-01-01).md", source="test")], LawReport())
    rig.lawbook.settle()
    fill_words(rig.catalogue, rig.keywords)  # and no vectors yet
    rig.keywords.close()
    assert rig.index.search("住宿应当登记")
    assert asked == ["both"]
    rig.index.search("住宿应当登记", by="words")
    assert asked == ["both", "words"]
    rig.fill()
    rig.index.search("住宿应当登记")
    assert asked == ["both", "words", "both"]
