"""Every command that answers scripts, field by field as the contract of the command line has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

KINDS = {"case", "suggestion", "regulation", "hearing", "proposal", "other"}
STATUSES = {
    "verified", "differs", "amended", "renumbered", "not_yet_in_force", "repealed", "no_such_article", "not_checked",
}
SPAN = {"start": int, "end": int}
MAYBE = (str, type(None))
FAILED = [{"path": str, "cause": str, "advice": str}]
ADD = {
    "added": [{"id": str, "path": str, "kind": KINDS, "subtype": str, "title": str, "passages": int}],
    "already": [{"id": str, "path": str}],
    "failed": FAILED,
}
ENTRY = {
    "id": str, "path": str, "kind": KINDS, "subtype": str, "title": str, "case": MAYBE, "added_at": str,
    "state": {"read", "searchable", "complete"},
}
TEXT = {
    "id": str,
    "text": str,
    "blocks": [{**SPAN, "level": int, "page": (int, type(None))}],
    "changes": [{**SPAN, "kind": {"insert", "delete", "move_from", "move_to"}, "author": str, "date": str, "text": str}],
    "hidden": [{"text": str, "why": str}],
}
LAWS = {"laws": int, "articles": int, "skipped": [{"path": str, "why": str}], "failed": FAILED}
INDEX = {"passages": int, "embedded": int, "remaining": int, "seconds": (int, float)}
HIT = {
    **SPAN, "document_id": str, "title": str, "kind": KINDS, "law": MAYBE, "article": MAYBE,
    "status": STATUSES | {None}, "case": MAYBE, "quote": str, "score": float, "found_by": [str],
}
SEARCH = {"query": str, "ready": float, "hits": [HIT]}
CITATION = {
    **SPAN, "number": int, "document_id": str, "title": str, "law": MAYBE, "article": MAYBE, "quote": str,
    "status": STATUSES,
}
ANSWER = {
    "text": str,
    "grounding": {"full", "partial", "none"},
    "missing": str,
    "citations": [CITATION],
    "sentences": [{**SPAN, "citations": [int], "support": {"supported", "unverified"}}],
}
DRAFT = {
    "file": str,
    "kind": str,
    "sections": [{"heading": str, "sentences": [{"text": str, "citations": [CITATION]}], "gaps": [str]}],
    "findings": list,
    "results": list,
}
DOCTOR = {"checks": [{"name": str, "state": str, "detail": str, "mend": str}]}


def misfits(value: Any, shape: Any, at: str = "$") -> list[str]:
    """Where a JSON value is not of a shape: a type, several, a set of values, a list of one, a dict of fields."""
    if isinstance(shape, dict):
        lacking = [f"{at}.{name} is lacking" for name in shape if name not in value]
        return lacking or [bad for name, part in shape.items() for bad in misfits(value[name], part, f"{at}.{name}")]
    if isinstance(shape, list):
        return [bad for n, one in enumerate(value) for bad in misfits(one, shape[0], f"{at}[{n}]")]
    if isinstance(shape, set):
        return [] if value in shape else [f"{at} is {value!r}"]
    return [] if isinstance(value, shape) and not isinstance(value, bool) else [f"{at} is {value!r}"]


def bears_out(gongzhi: Any, one: dict[str, Any]) -> bool:
    """Whether a hit or citation stands at its offsets in what `text` prints."""
    text = gongzhi("text", one["document_id"], "--json").json["text"]
    return bool(one["quote"]) and text[one["start"] : one["end"]] == one["quote"]


def batch(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_add_names_what_was_added_what_was_known_and_what_failed(gongzhi: Any, papers: Path):
    first = gongzhi("add", papers, "--case", "甲案", "--json")
    assert (first.code, misfits(first.json, ADD)) == (0, [])
    assert [Path(one["path"]).name for one in first.json["added"]] == ["学校.txt", "旅馆.txt", "歌厅.txt"]
    assert all(one["passages"] >= 1 and one["title"] for one in first.json["added"])
    (papers / "空.txt").touch()
    again = gongzhi("add", papers, "--json")
    assert (again.code, misfits(again.json, ADD)) == (1, [])
    assert again.json["added"] == []
    assert {one["id"] for one in again.json["already"]} == {one["id"] for one in first.json["added"]}
    assert [Path(one["path"]).name for one in again.json["failed"]] == ["空.txt"]


def test_a_hint_about_what_is_left_to_do_goes_to_stderr(gongzhi: Any, papers: Path):
    said = gongzhi("add", papers, "--json")
    assert "gongzhi index" in said.err
    assert "gongzhi index" not in said.out


def test_the_kind_that_is_given_counts(gongzhi: Any, papers: Path):
    added = gongzhi("add", papers / "旅馆.txt", "--kind", "hearing", "--json").json["added"]
    assert [one["kind"] for one in added] == ["hearing"]
    assert [one["kind"] for one in gongzhi("list", "--json").lines] == ["hearing"]


def test_list_prints_a_line_for_each_document_and_obeys_case_and_kind(filled: Any):
    everything = filled.gongzhi("list", "--json")
    assert (everything.code, misfits(everything.lines, [ENTRY])) == (0, [])
    assert [Path(one["path"]).name for one in everything.lines] == ["旅馆.txt", "歌厅.txt", "学校.txt"]
    assert {one["state"] for one in everything.lines} == {"complete"}
    assert [one["case"] for one in filled.gongzhi("list", "--case", "乙案", "--json").lines] == ["乙案"]
    laws = filled.gongzhi("list", "--kind", "regulation", "--json").lines
    assert sorted(one["title"] for one in laws) == ["噪声管理办法", "旅店管理条例", "旅店管理条例"]
    assert filled.gongzhi("list", "--kind", "proposal", "--json").out == ""


def test_remove_tells_what_is_gone_and_what_was_never_there(gongzhi: Any, papers: Path):
    identity = gongzhi("add", papers / "旅馆.txt", "--json").json["added"][0]["id"]
    said = gongzhi("remove", identity[:8], "0123456789abcdef", "--json")
    assert said.code == 1
    assert said.json == {"removed": [identity], "missing": ["0123456789abcdef"]}
    assert gongzhi("list", "--json").lines == []


def test_a_removed_document_is_not_found_and_the_next_one_takes_its_place(gongzhi: Any, papers: Path):  # T06
    gongzhi("add", papers)
    query = ("search", "湖畔旅馆接待未成年人", "--by", "words", "--json")
    first, second = gongzhi(*query).json["hits"][:2]
    gongzhi("remove", first["document_id"])
    hits = gongzhi(*query).json["hits"]
    assert hits[0]["document_id"] == second["document_id"]
    assert first["document_id"] not in {hit["document_id"] for hit in hits}
    assert gongzhi("text", first["document_id"]).code == 1


def test_text_prints_a_utf8_file_code_point_for_code_point(gongzhi: Any, papers: Path):
    path = papers / "旅馆.txt"
    identity = gongzhi("add", path, "--json").json["added"][0]["id"]
    for which in (identity, identity[:6], path):
        said = gongzhi("text", which)
        assert said.code == 0
        assert said.out == path.read_text(encoding="utf-8") + "\n"


def test_text_gives_blocks_and_fields_as_spans_of_the_text(gongzhi: Any, tmp_path: Path):
    path = tmp_path / "书.txt"
    body = "某某市人民检察院\n检察建议书\n某检建〔2025〕7号\n\n某某旅馆：\n本院在履行职责中发现问题。\n"
    path.write_text(body, encoding="utf-8")
    shown = gongzhi("text", path, "--json").json
    assert misfits(shown, TEXT) == []
    assert [shown["text"][b["start"] : b["end"]] for b in shown["blocks"]] == [line for line in body.split("\n") if line]
    fields = [one for values in shown["fields"].values() for one in values]
    assert fields
    assert misfits(fields, [{"value": str, **SPAN}]) == []
    assert all(0 <= one["start"] < one["end"] <= len(shown["text"]) for one in fields)


def changed_docx(path: Path) -> Path:
    document = Document()
    paragraph = document.add_paragraph("旅馆应当")
    author = 'w:author="甲" w:date="2026-01-02T03:04:05Z"'
    for xml in (
        f'<w:ins {nsdecls("w")} w:id="1" {author}><w:r><w:t>如实</w:t></w:r></w:ins>',
        f'<w:del {nsdecls("w")} w:id="2" {author}><w:r><w:delText>酌情</w:delText></w:r></w:del>',
        f'<w:r {nsdecls("w")}><w:t>登记。</w:t></w:r>',
    ):
        paragraph._p.append(parse_xml(xml))
    document.save(str(path))
    return path


@pytest.mark.parametrize(
    ("view", "text"),
    [("final", "旅馆应当如实登记。"), ("original", "旅馆应当酌情登记。"), ("marked", "旅馆应当［增：如实］［删：酌情］登记。")],
)
def test_text_shows_each_view_of_tracked_changes(gongzhi: Any, tmp_path: Path, view: str, text: str):
    said = gongzhi("text", changed_docx(tmp_path / "改.docx"), "--view", view)
    assert said.out == text + "\n"


def test_tracked_changes_are_told_with_author_date_and_place(gongzhi: Any, tmp_path: Path):
    shown = gongzhi("text", changed_docx(tmp_path / "改.docx"), "--json").json
    assert misfits(shown, TEXT) == []
    inserted, deleted = shown["changes"]
    assert (inserted["kind"], inserted["author"], inserted["date"][:10]) == ("insert", "甲", "2026-01-02")
    assert shown["text"][inserted["start"] : inserted["end"]] == inserted["text"] == "如实"
    assert (deleted["kind"], deleted["start"], deleted["end"], deleted["text"]) == ("delete", 6, 6, "酌情")


def test_laws_counts_norms_and_articles_and_names_what_it_skips_and_what_fails(gongzhi: Any, law_folder: Path):
    (law_folder / "行政法规" / "空.md").touch()
    said = gongzhi("laws", law_folder, "--json")
    assert (said.code, misfits(said.json, LAWS)) == (1, [])
    assert (said.json["laws"], said.json["articles"]) == (3, 8)
    assert [Path(one["path"]).name for one in said.json["skipped"]] == ["_index.md"]
    assert [Path(one["path"]).name for one in said.json["failed"]] == ["空.md"]


def test_the_same_laws_are_loaded_once(gongzhi: Any, law_folder: Path):
    gongzhi("laws", law_folder)
    said = gongzhi("laws", law_folder, "--json")
    assert (said.code, said.json["known"]) == (0, 3)
    counted = gongzhi("laws", "--count", "--json").json
    assert [(one["law"], one["version"], one["articles"]) for one in counted] == [
        ("噪声管理办法", "2011-05-01", 2), ("旅店管理条例", "2010-01-01", 3), ("旅店管理条例", "2020-06-01", 3),
    ]


def test_index_counts_texts_and_leaves_nothing_to_do(filled: Any):
    assert (filled.indexed.code, misfits(filled.indexed.json, INDEX)) == (0, [])
    assert filled.indexed.json["embedded"] == filled.indexed.json["passages"] > 8
    assert filled.indexed.json["remaining"] == 0
    assert filled.gongzhi("index", "--json").json["embedded"] == 0


def test_vectors_travel_to_another_machine_and_nothing_is_embedded_there(filled: Any, gongzhi: Any, tmp_path: Path):
    file = tmp_path / "vectors.npz"
    assert filled.gongzhi("index", "--export", file, "--json").code == 0
    gongzhi("add", filled.papers)
    said = gongzhi("index", "--import", file, "--json")
    assert (said.code, misfits(said.json, INDEX)) == (0, [])
    assert said.json["reused"] == said.json["embedded"] == said.json["passages"] > 0


@pytest.mark.parametrize("by", ["words", "meaning", "both"])
def test_every_hit_of_a_search_stands_at_its_offsets(filled: Any, by: str):
    said = filled.gongzhi("search", "旅馆没有询问未成年人的监护人", "--by", by, "--json")
    assert (said.code, misfits(said.json, SEARCH)) == (0, [])
    assert said.json["ready"] == 1.0
    assert said.json["hits"]
    assert all(bears_out(filled.gongzhi, hit) for hit in said.json["hits"])
    scores = [hit["score"] for hit in said.json["hits"]]
    assert scores == sorted(scores, reverse=True)
    found_by = {name for hit in said.json["hits"] for name in hit["found_by"]}
    assert found_by == {"words", "meaning"} if by == "both" else found_by == {by}


def test_search_keeps_to_the_number_the_kind_and_the_case_that_were_asked_for(filled: Any):
    laws = filled.gongzhi("search", "旅馆 未成年人", "--kind", "regulation", "-k", 2, "--json").json["hits"]
    assert [hit["kind"] for hit in laws] == ["regulation", "regulation"]
    papers = filled.gongzhi("search", "旅馆 未成年人", "--case", "乙案", "--json").json["hits"]
    assert {hit["case"] for hit in papers} == {"乙案"}


@pytest.mark.parametrize(
    ("day", "version", "status"),
    [("2015-01-01", "2010-01-01", "verified"), ("2024-01-01", "2020-06-01", "verified")],
)
def test_versions_of_an_article_are_one_hit_the_one_of_the_day(filled: Any, day: str, version: str, status: str):
    hits = filled.gongzhi("search", "旅店接待未成年人住宿", "--as-of", day, "--json").json["hits"]
    ours = [hit for hit in hits if (hit["law"], hit["article"]) == ("旅店管理条例", "第二条")]
    assert [(hit["version"], hit["status"]) for hit in ours] == [(version, status)]
    assert ours[0]["quote"].startswith("第二条")


def test_a_search_without_hit_is_an_answer_too(gongzhi: Any, papers: Path):
    gongzhi("add", papers)
    said = gongzhi("search", "量子色动力学", "--by", "words", "--json")
    assert (said.code, said.json["hits"]) == (0, [])


def test_a_batch_of_searches_answers_line_by_line_in_order(filled: Any, tmp_path: Path):
    given = batch(tmp_path / "in.jsonl", {"id": "丙", "query": "歌厅凌晨营业"}, {"id": 2, "query": "夜间施工公告"})
    said = filled.gongzhi("search", "--batch", given, "--out", tmp_path / "out.jsonl", "--by", "both", "-k", 3)
    rows = rows_of(tmp_path / "out.jsonl")
    assert (said.code, said.out, [row["id"] for row in rows]) == (0, "", ["丙", 2])
    assert misfits(rows, [{"hits": [HIT]}]) == []
    assert "凌晨" in rows[0]["hits"][0]["quote"]
    assert (rows[1]["hits"][0]["law"], rows[1]["hits"][0]["article"]) == ("噪声管理办法", "第一条")
    assert all(len(row["hits"]) <= 3 for row in rows)


def test_a_document_is_excluded_by_id_by_path_and_by_a_copy_of_it(filled: Any, tmp_path: Path):
    hotel = filled.papers / "旅馆.txt"
    identity = next(one["id"] for one in filled.gongzhi("list", "--json").lines if one["path"] == str(hotel))
    copy = tmp_path / "另存.txt"
    copy.write_bytes(hotel.read_bytes())
    excludes = [[], [identity], [str(hotel)], [str(copy)], ["没有这个文件", "长" * 300]]
    given = batch(
        tmp_path / "in.jsonl",
        *({"id": n, "query": "湖畔旅馆未登记未成年人", "exclude": one} for n, one in enumerate(excludes)),
    )
    assert filled.gongzhi("search", "--batch", given, "--out", tmp_path / "out.jsonl", "--by", "words").code == 0
    found = [identity in {hit["document_id"] for hit in row["hits"]} for row in rows_of(tmp_path / "out.jsonl")]
    assert found == [True, False, False, False, True]


def test_an_answer_quotes_what_stands_in_its_documents(filled: Any):
    said = filled.gongzhi("ask", "旅店接待未成年人住宿应当询问什么", "--json")
    assert (said.code, misfits(said.json, ANSWER)) == (0, [])
    reply = said.json
    assert reply["grounding"] in ("full", "partial")
    assert [one["number"] for one in reply["citations"]] == list(range(1, len(reply["citations"]) + 1))
    assert all(bears_out(filled.gongzhi, one) for one in reply["citations"])
    for sentence in reply["sentences"]:
        stretch = reply["text"][sentence["start"] : sentence["end"]]
        assert all(f"[{number}]" in stretch for number in sentence["citations"])
    article = next(one for one in reply["citations"] if one["law"])
    assert (article["law"], article["article"], article["status"]) == ("旅店管理条例", "第二条", "verified")


def test_without_evidence_the_answer_says_so_and_quotes_nothing(filled: Any):
    said = filled.gongzhi("ask", "航天器对接机构的液压参数是多少", "--json")
    assert (said.code, misfits(said.json, ANSWER)) == (0, [])
    assert (said.json["grounding"], said.json["citations"]) == ("none", [])
    assert said.json["missing"]


def test_a_batch_of_questions_obeys_the_case_and_the_date_of_each_line(filled: Any, tmp_path: Path):
    question = "旅店接待未成年人住宿应当询问什么"
    given = batch(
        tmp_path / "in.jsonl",
        {"id": "旧", "query": question, "as_of": "2015-01-01"},
        {"id": "新", "query": question, "as_of": "2024-01-01"},
        {"id": "案", "query": "湖畔旅馆入住的学生", "case": "乙案"},
        {"id": "无", "query": question, "case": "丙案"},
    )
    said = filled.gongzhi("ask", "--batch", given, "--out", tmp_path / "out.jsonl")
    old, new, case, none = rows_of(tmp_path / "out.jsonl")
    assert [row["id"] for row in (old, new, case, none)] == ["旧", "新", "案", "无"]
    assert misfits([old, new, case, none], [ANSWER]) == []
    assert not any("可疑情形" in one["quote"] for one in old["citations"])
    assert any("可疑情形" in one["quote"] for one in new["citations"])
    others = {one["id"] for one in filled.gongzhi("list", "--case", "甲案", "--json").lines}
    assert case["citations"]
    assert others.isdisjoint(one["document_id"] for one in case["citations"])
    assert (none["grounding"], "丙案" in none["missing"]) == ("none", True)
    assert (said.code, said.out) == (1, "")


def test_a_letter_is_drafted_and_its_citations_stand_at_their_offsets(filled: Any, tmp_path: Path):
    letter = tmp_path / "书.docx"
    said = filled.gongzhi("draft", "suggestion", "--case", "甲案", "--to", "望湖区公安分局", "-o", letter, "--json")
    assert (said.code, misfits(said.json, DRAFT)) == (0, [])
    assert said.json["file"] == str(letter)
    assert letter.read_bytes().startswith(b"PK")
    citations = [c for section in said.json["sections"] for s in section["sentences"] for c in s["citations"]]
    assert any(one["quote"] for one in citations)
    assert all(bears_out(filled.gongzhi, one) for one in citations if one["quote"])
    assert all(one["status"] == "not_checked" for one in citations if not one["quote"])


def test_doctor_looks_at_home_law_embedder_index_and_knowledge(filled: Any):
    said = filled.gongzhi("doctor", "--json")
    assert (said.code, misfits(said.json, DOCTOR)) == (0, [])
    states = {one["name"]: one["state"] for one in said.json["checks"]}
    assert {"数据文件夹", "法律数据包", "法律库", "嵌入模型", "索引", "知识文件"} <= set(states)
    assert states["索引"] == states["数据文件夹"] == "ok"


def test_the_version_is_one_line(gongzhi: Any):
    said = gongzhi("--version")
    assert said.code == 0
    assert said.out.startswith("gongzhi")
    assert said.out.count("\n") == 1
