from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from fakes import make_document

import indexes.likes
from indexes.catalogue import Catalogue
from indexes.likes import MOST_LINKS, Link
from indexes.rows import LawRow
from ingestion.document import Document
from ingestion.duplicates import likeness, sketch, stretches

WORDS = "旅馆 登记 未成年人 监护人 询问 公安 报告 处罚 整改 检查 台账 责任 制度 培训 街道 走访 学校 家长 夜间 入住".split()


def letter(seed: int, sentences: int = 40) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(WORDS, k=9)) + f"{rng.randrange(10_000)}。" for _ in range(sentences)]


def keep(catalogue: Catalogue, text: str, path: str, title: str = "文书", law: LawRow | None = None) -> Document:
    document, parts = make_document(text, title=title)
    assert catalogue.add(document, parts, path=path, law=law, sketch=None if law else sketch(text))
    return document


def test_the_same_text_in_another_format_is_linked_with_the_one_that_was_there_first(catalogue: Catalogue):
    text = "".join(letter(1))
    first = keep(catalogue, text, "/建议书.docx")
    second = keep(catalogue, "\n".join(letter(1)), "/建议书.pdf")
    assert catalogue.links([first.id, second.id]) == {
        first.id: (Link(second.id, "text", 1.0, earlier=False),),
        second.id: (Link(first.id, "text", 1.0, earlier=True),),
    }


def test_drafts_are_linked_with_how_alike_they_are_and_both_are_kept_and_searched(catalogue: Catalogue):
    draft = "\n".join(letter(1))
    final = "\n".join([*letter(1)[:30], *letter(2)[30:]])
    first, second = keep(catalogue, draft, "/初稿.docx"), keep(catalogue, final, "/定稿.docx")
    [link] = catalogue.links([second.id])[second.id]
    assert (link.document_id, link.how, link.earlier) == (first.id, "near", True)
    assert link.likeness == pytest.approx(likeness(draft, final), abs=1e-4)
    assert [(one.id, len(one.links)) for one in catalogue.entries()] == [(first.id, 1), (second.id, 1)]
    waiting = " ".join(work.search_text for work in catalogue.without_words(1_000))
    assert letter(1)[35] in waiting
    assert letter(2)[35] in waiting


def test_papers_that_share_a_passage_only_are_not_linked(catalogue: Catalogue):
    keep(catalogue, "".join(letter(1)), "/甲.txt")
    other = keep(catalogue, "".join([*letter(1)[:8], *letter(2)[8:]]), "/乙.txt")
    assert catalogue.links([other.id]) == {}


def test_the_link_goes_with_the_document(catalogue: Catalogue):
    first = keep(catalogue, "一段。", "/甲.txt", title="甲")
    second = keep(catalogue, "一段。", "/乙.txt", title="乙")
    catalogue.remove([first.id])
    assert catalogue.links([second.id]) == {}
    assert keep(catalogue, "一段。", "/丙.txt", title="丙").id in {
        link.document_id for link in catalogue.links([second.id])[second.id]
    }


def test_of_many_that_are_alike_each_is_linked_with_a_few(catalogue: Catalogue):
    for number in range(MOST_LINKS + 8):
        last = keep(catalogue, "".join(letter(1)) + f"第{number}份。", f"/{number}.txt")
        copy = keep(catalogue, "同文。", f"/同{number}.txt", title=str(number))
    assert len(catalogue.links([last.id])[last.id]) == MOST_LINKS
    assert len(catalogue.links([copy.id])[copy.id]) == MOST_LINKS


def test_a_new_paper_is_not_compared_with_all_that_are_there(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch):
    compared: list[str] = []

    def counted(text: str) -> Any:
        compared.append(text)
        return stretches(text)

    monkeypatch.setattr(indexes.likes, "stretches", counted)
    for number in range(100):
        keep(catalogue, "".join(letter(number)), f"/{number}.txt")
    assert compared == []
    draft = "".join([*letter(50)[:35], *letter(200)[35:]])
    keep(catalogue, draft, "/稿.txt")
    assert compared == [draft, "".join(letter(50))]


def test_versions_of_a_law_are_left_to_the_lawbook(catalogue: Catalogue):
    text = "".join(letter(1))
    law, _ = make_document(text, title="法")
    keep(catalogue, text, "/法.md", title="法", law=LawRow(law.id, "法", *[None] * 4, "", "", "", "", ""))
    assert catalogue.link_old() == 0
    assert catalogue.links([keep(catalogue, text, "/抄件.txt", title="抄件").id]) == {}


def test_a_member_is_not_linked_with_its_container_but_with_a_loose_copy(catalogue: Catalogue):
    text = "".join(letter(1))
    loose = keep(catalogue, text, "/建议书.txt", title="散件")
    member = keep(catalogue, text, "/卷宗.zip!/建议书.txt", title="成员")
    container = keep(catalogue, f"建议书.txt\n{text}", "/卷宗.zip", title="卷宗")
    links = catalogue.links([member.id, container.id])
    assert [one.document_id for one in links[member.id]] == [loose.id]
    assert [one.document_id for one in links[container.id]] == [loose.id]


def test_documents_of_an_older_home_are_kept_and_linked_at_the_next_add(tmp_path: Path):
    path = tmp_path / "catalogue.sqlite"
    _old_home(path, {"a" * 16: "".join(letter(1)), "b" * 16: "".join(letter(1))})
    with closing(Catalogue(path)) as catalogue:
        assert catalogue.text_of("a" * 16) == "".join(letter(1))
        assert catalogue.link_old() == 2
        assert catalogue.link_old() == 0
        assert catalogue.links(["b" * 16])["b" * 16] == (Link("a" * 16, "text", 1.0, earlier=True),)


def _old_home(path: Path, texts: dict[str, str]) -> None:
    """A catalogue as the first version made it."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path}")
    with as_file(files("indexes") / "migrations") as scripts, engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    rows: list[Any] = [
        (one, f"/{one}", "case", "", "", f"2026-01-0{number}", text, "{}")
        for number, (one, text) in enumerate(texts.items(), 1)
    ]
    with closing(sqlite3.connect(path)) as store, store:
        store.executemany(
            "INSERT INTO documents (id, path, kind, subtype, title, added_at, text, details) VALUES (?,?,?,?,?,?,?,?)",
            rows,
        )
