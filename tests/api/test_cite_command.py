"""gongzhi cite and its HTTP twin, in the shapes of the contract."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from docx import Document
from fastapi.testclient import TestClient

from api.app import create_app
from assistant.desk import open_desk
from assistant.settings import Settings

LETTER = (
    "依照《旅店管理条例》第二条、第九条，并依照第二条规定：“旅店接待未成年人住宿，应当询问监护人的姓名。”\n"
    "另据《茶馆管理办法》第一条。\n"
)
WANTED = ["verified", "no_such_article", "differs", "not_checked"]


@pytest.fixture
def laws(gongzhi, law_folder: Path):
    assert gongzhi("laws", law_folder).code == 0
    return gongzhi


def test_every_citation_is_told_with_its_span_and_worth(laws, tmp_path: Path):
    (tmp_path / "信.txt").write_text(LETTER, encoding="utf-8")
    said = laws("cite", tmp_path / "信.txt", "--json", "--on", "2026-11-25")
    assert said.code == 0
    found = said.json["citations"]
    assert [one["status"] for one in found] == WANTED
    for one in found:
        assert LETTER[one["start"] : one["end"]] == one["text"]
        assert {"law", "article", "paragraph", "item", "quote_status", "detail"} <= set(one)
    assert found[2]["quote_status"] == "differs"
    assert found[3]["law"] == "茶馆管理办法"
    assert found[0]["paragraph"] is None


def test_the_day_decides_which_text_counts(laws, tmp_path: Path):
    (tmp_path / "信.txt").write_text("旅店管理条例第二条规定：“旅店接待未成年人住宿，应当询问监护人的联系方式，并向公安机关报告可疑情形。”", encoding="utf-8")
    statuses = [
        laws("cite", tmp_path / "信.txt", "--json", "--on", day).json["citations"][0]["status"]
        for day in ("2009-06-01", "2019-05-01", "2021-05-01")
    ]
    assert statuses == ["not_yet_in_force", "not_yet_in_force", "verified"]


def test_people_get_a_table_and_a_count_that_hides_nothing(laws, tmp_path: Path):
    (tmp_path / "信.txt").write_text(LETTER, encoding="utf-8")
    said = laws("cite", tmp_path / "信.txt")
    assert "无此条文" in said.out
    assert "待核实 1" in said.out
    assert "《茶馆管理办法》" in said.out
    (tmp_path / "空.txt").write_text("无。", encoding="utf-8")
    assert "共 0 处引用" in laws("cite", tmp_path / "空.txt").out


def test_standard_input_is_read_in_both_encodings(laws, monkeypatch: pytest.MonkeyPatch):
    for encoding in ("utf-8", "gb18030"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("旅店管理条例第二条".encode(encoding))))
        (one,) = laws("cite", "-", "--json").json["citations"]
        assert (one["law"], one["status"]) == ("旅店管理条例", "verified")


def test_a_word_file_gets_comments_and_stays_otherwise_as_it_was(laws, tmp_path: Path):
    word = Document()
    for line in LETTER.splitlines():
        word.add_paragraph(line)
    word.save(str(tmp_path / "信.docx"))
    said = laws("cite", tmp_path / "信.docx", "-o", tmp_path / "核对.docx")
    assert said.code == 0
    made = Document(str(tmp_path / "核对.docx"))
    assert [paragraph.text for paragraph in made.paragraphs] == LETTER.splitlines()
    notes = [comment.text for comment in made.comments]
    assert [note[: note.index("】") + 1] for note in notes] == ["【现行有效】", "【无此条文】", "【引文与原文不一致】", "【待核实】"]
    refused = laws("cite", tmp_path / "信.docx", "-o", tmp_path / "信.docx")
    assert refused.code == 2
    assert "就是原件" in refused.err


def test_a_text_becomes_a_word_file_with_comments(laws, tmp_path: Path):
    (tmp_path / "信.txt").write_text(LETTER, encoding="utf-8")
    assert laws("cite", tmp_path / "信.txt", "-o", tmp_path / "核对.docx").code == 0
    assert len(list(Document(str(tmp_path / "核对.docx")).comments)) == 4


def test_a_file_that_is_not_there_is_named(laws, tmp_path: Path):
    said = laws("cite", tmp_path / "无.txt")
    assert said.code == 1
    assert "无.txt" in said.err


def test_the_service_answers_in_the_same_shape(laws, tmp_path: Path):
    desk = open_desk(Settings(home=tmp_path / "home"))
    with TestClient(create_app(desk, workbench=False), base_url="http://127.0.0.1") as http:
        answer = http.post("/api/v1/cite", json={"text": LETTER, "on": "2026-11-25"})
        assert answer.status_code == 200
        assert [one["status"] for one in answer.json()["citations"]] == WANTED
        assert http.post("/api/v1/cite", json={}).status_code == 422
        assert http.post("/api/v1/cite", json={"document_id": "abcdef0123"}).status_code == 404
        assert http.post("/api/v1/cite", json={"text": "甲", "on": "昨天"}).status_code == 422
    desk.close()
