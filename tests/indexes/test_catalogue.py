from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from fakes import make_document

from indexes.catalogue import Catalogue
from indexes.database import HEAD
from indexes.errors import DamagedStore, NewerHome


def test_a_document_is_read_back_as_it_was_added(catalogue: Catalogue) -> None:
    document, parts = make_document("第一段。\n第二段。")
    assert catalogue.add(document, parts, path="/a.txt", case="1")
    assert catalogue.document(document.id) == document
    assert catalogue.text_of(document.id) == "第一段。\n第二段。"


def test_a_beginning_of_an_id_is_enough_if_only_one_document_has_it(catalogue: Catalogue, put: Any) -> None:
    document = put("一段。")
    assert catalogue.document(document.id[:6]) == document
    assert catalogue.document(document.id[:5]) is None


def test_the_same_bytes_are_added_once(catalogue: Catalogue) -> None:
    document, parts = make_document("一段。")
    assert catalogue.add(document, parts, path="/a.txt")
    assert not catalogue.add(document, parts, path="/b.txt")
    assert [entry.path for entry in catalogue.entries()] == ["/a.txt"]


def test_every_passage_is_a_span_of_its_document(catalogue: Catalogue, put: Any) -> None:
    document = put("甲。\n乙乙。\n丙。")
    for found in catalogue.passages(document.id):
        passage = found.passage
        assert document.text[passage.start : passage.end] == passage.text


def test_a_text_that_two_documents_hold_waits_once(catalogue: Catalogue, put: Any) -> None:
    put("同一段话。", title="文书")
    document, parts = make_document("同一段话。\n另一段。", title="文书")
    catalogue.add(document, parts, path="/2.txt")
    assert sorted(work.search_text for work in catalogue.without_words(10)) == ["文书\n另一段。", "文书\n同一段话。"]


def test_state_follows_words_and_vectors(catalogue: Catalogue, put: Any) -> None:
    put("一段。")
    assert catalogue.entries()[0].state == "read"
    ids = [work.text_id for work in catalogue.without_words(10)]
    catalogue.mark(ids, words=True)
    assert catalogue.entries()[0].state == "searchable"
    catalogue.mark(ids, vector=True)
    assert catalogue.entries()[0].state == "complete"


def test_a_removed_document_is_gone_at_once_and_its_texts_are_orphans(catalogue: Catalogue, put: Any) -> None:
    document = put("一段。")
    assert catalogue.remove([document.id, "nothing"]) == ([document.id], ["nothing"])
    assert catalogue.document(document.id) is None
    assert catalogue.passages(document.id) == []
    assert len(catalogue.take_orphans()) == 1


def test_a_text_added_again_while_it_is_swept_is_filled_again(catalogue: Catalogue, put: Any) -> None:
    document = put("一段。")
    ids = [work.text_id for work in catalogue.without_words(10)]
    catalogue.mark(ids, words=True, vector=True)
    catalogue.remove([document.id])
    orphans = catalogue.take_orphans()
    put("一段。")
    catalogue.drop_orphans([work.text_id for work in orphans])
    assert [work.text_id for work in catalogue.without_words(10)] == ids


def test_cases_come_before_laws_and_the_newest_first(catalogue: Catalogue) -> None:
    law, law_parts = make_document("法条。", "regulation", "法")
    catalogue.add(law, law_parts, path="law", rank=2)
    for name in ("旧", "新"):
        document, parts = make_document(f"{name}案。", title=name)
        catalogue.add(document, parts, path=name)
    assert [work.search_text for work in catalogue.without_vector(10)] == ["新\n新案。", "旧\n旧案。", "法\n法条。"]
    assert len(catalogue.without_vector(10, highest_rank=1)) == 2


def test_a_home_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    Catalogue(path).close()
    with sqlite3.connect(path) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(NewerHome, match="请升级"):
        Catalogue(path)
    assert path.read_bytes() == before


def test_a_damaged_catalogue_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"no database at all, just some bytes that are long enough" * 100)
    with pytest.raises(DamagedStore, match="已损坏"):
        Catalogue(path)


def test_the_newest_migration_is_the_one_that_the_code_expects() -> None:
    versions = Path(__file__).parents[2] / "indexes" / "migrations" / "versions"
    assert max(path.name[:4] for path in versions.glob("0*.py")) == HEAD


def test_the_migrations_make_the_tables_that_the_code_describes(catalogue: Catalogue) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from indexes.tables import metadata

    with catalogue._read() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_two_catalogues_on_one_file_see_each_other(tmp_path: Path, catalogue: Catalogue) -> None:
    document, parts = make_document("一段。")
    other = Catalogue(tmp_path / "catalogue.sqlite")
    other.add(document, parts, path="/a.txt")
    assert catalogue.has(document.id)
    other.close()


def test_a_sight_shows_one_moment_whatever_is_written_meanwhile(catalogue: Catalogue, put: Any) -> None:
    kept = put("住宿登记。", case="1")
    with catalogue.sight() as sight:
        ids = sight.case_text_ids("1")
        put("经济补偿。", title="乙", case="1")
        catalogue.remove([kept.id])
        assert sight.case_text_ids("1") == ids
        holder = sight.holders(ids)[ids[0]][0]
        assert sight.found([holder.passage])[holder.passage].passage.text == "住宿登记。"
    with catalogue.sight() as sight:
        assert sight.holders(ids) == {}
        assert sight.found([holder.passage]) == {}


def test_every_passage_that_holds_a_text_is_named(catalogue: Catalogue, put: Any) -> None:
    first, second = put("住宿登记。\n经济补偿。", title="甲", case="1"), put("住宿登记。\n另一段。", title="甲", case="2")
    with catalogue.sight() as sight:
        both = [text_id for text_id in sight.case_text_ids("1") if text_id in sight.case_text_ids("2")]
        holders = sight.holders(both)[both[0]]
    assert len(both) == 1
    assert {(one.document_id, one.article, one.kind) for one in holders} == {
        (first.id, None, "case"),
        (second.id, None, "case"),
    }


def test_thirty_readers_at_once_all_get_a_connection(catalogue: Catalogue, put: Any) -> None:
    put("住宿登记。", case="1")
    everybody = threading.Barrier(30, timeout=20)
    seen: list[int] = []

    def read() -> None:
        with catalogue.sight() as sight:
            everybody.wait()  # nobody gives a connection back before all have one
            seen.append(len(sight.case_text_ids("1")))

    threads = [threading.Thread(target=read) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 30
