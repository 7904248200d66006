"""The commands that read law by date: law, laws missing, stale."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordFile

LAWS = {
    "旅店管理条例(2010-01-01).md": ("2009年12月1日 国务院第一号令公布", "2010年1月1日", (
        "旅店接待未成年人住宿，应当询问监护人的联系方式，并记录在登记簿。",
        "违反本条例第二条规定的，由公安机关处五百元以上三千元以下罚款。",
    )),
    "旅店管理条例(2020-05-01).md": ("2009年12月1日 国务院第一号令公布 2020年5月1日 国务院第二号令修订", "2020年6月1日", (
        "旅店应当每年组织从业人员参加治安培训，培训记录保存三年。",
        "旅店接待未成年人住宿，应当询问监护人的联系方式，记录在登记簿，并向公安机关报告可疑情形。",
        "违反本条例第三条规定的，由公安机关处五百元以上三千元以下罚款。",
    )),
}  # fmt: skip


def norm(head: str, start: str, bodies: tuple[str, ...]) -> str:
    every = ("为了维护旅店治安，根据《中华人民共和国治安管理处罚法》，制定本条例。", *bodies, f"本条例自{start}起施行。")
    articles = "\n\n".join(f"第{'一二三四五六'[at]}条 {body}" for at, body in enumerate(every))
    return f"# 旅店管理条例\n\n{head}\n\n<!-- INFO END -->\n\n{articles}\n"


@pytest.fixture
def library(tmp_path: Path, gongzhi: Any) -> Any:
    """A home with two texts of one norm."""
    folder = tmp_path / "laws" / "行政法规"
    folder.mkdir(parents=True)
    for name, (head, start, bodies) in LAWS.items():
        (folder / name).write_text(norm(head, start, bodies), encoding="utf-8")
    assert gongzhi("laws", tmp_path / "laws").code == 0
    return gongzhi


def test_a_law_on_a_day_has_the_shape_of_the_contract(library: Any):
    said = library("law", "旅店管理条例", "--on", "2015-05-01", "--json").json
    assert (said["law"], said["version"], said["in_force_from"]) == ("旅店管理条例", "2010-01-01", "2010-01-01")
    assert said["status"] == "verified"
    assert said["source"] == "laws/行政法规/旅店管理条例(2010-01-01).md"
    assert [one["article"] for one in said["articles"]] == ["第一条", "第二条", "第三条", "第四条"]
    assert set(said["articles"][0]) >= {"article", "chapter", "text"}


@pytest.mark.parametrize("asked", [("2",), ("第二条",), ("--article", "2"), ("--article", "第二条")])
def test_one_article_is_shown_in_the_text_of_the_day(library: Any, asked: tuple[str, ...]):
    old = library("law", "旅店管理条例", *asked, "--on", "2015-05-01", "--json").json
    new = library("law", "旅店管理条例", *asked, "--json").json
    assert [one["article"] for one in (*old["articles"], *new["articles"])] == ["第二条", "第二条"]
    assert "询问监护人" in old["articles"][0]["text"]
    assert "治安培训" in new["articles"][0]["text"]


def test_people_are_told_the_version_its_source_and_that_nobody_knows_whether_it_is_the_last(library: Any):
    out = library("law", "旅店管理条例", "2", "--on", "2015-05-01").out
    assert "2010-01-01 文本" in out
    assert "来源：laws/行政法规/旅店管理条例(2010-01-01).md" in out
    assert "该文本之后是否又有修改未知" in out
    assert library("law", "旅店管理条例", "--json").json["current_to"] is None


def test_versions_are_listed_old_ones_first_each_with_its_days(library: Any):
    said = library("law", "旅店管理条例", "--versions", "--json").json
    assert said["law"] == "旅店管理条例"
    told = [(one["version"], one["in_force_from"], one["in_force_to"], one["status"]) for one in said["versions"]]
    assert told == [("2010-01-01", "2010-01-01", "2020-06-01", "amended"), ("2020-05-01", "2020-06-01", None, "verified")]
    assert all(one["added_at"] and one["source"] for one in said["versions"])
    assert "2020-06-01 失效" in library("law", "旅店管理条例", "--versions").out


def test_a_difference_goes_article_by_article(library: Any):
    said = library("law", "旅店管理条例", "--diff", "2015-05-01", "2022-05-01", "--json").json
    told = [(one["old"], one["new"], one["change"]) for one in said["changes"]]
    assert told == [
        ("第一条", "第一条", "same"),
        (None, "第二条", "added"),
        ("第二条", "第三条", "renumbered"),
        ("第三条", "第四条", "renumbered"),
        ("第四条", "第五条", "renumbered"),
    ]
    changed = said["changes"][2]
    assert changed["reworded"]
    assert ["new", "，并向公安机关报告可疑情形"] in changed["words"]
    assert changed["old_text"].startswith("第二条")
    assert changed["new_text"].startswith("第三条")
    out = library("law", "旅店管理条例", "--diff", "2015-05-01", "2022-05-01").out
    assert "第二条 → 第三条（移动并修改）" in out
    assert "［＋，并向公安机关报告可疑情形＋］" in out


def test_the_days_of_a_difference_may_stand_in_either_order(library: Any):
    one = library("law", "旅店管理条例", "--diff", "2022-05-01", "2015-05-01", "--json").json
    assert (one["old_version"], one["new_version"]) == ("2010-01-01", "2020-05-01")


def test_a_day_without_a_text_is_not_there(library: Any):
    said = library("law", "旅店管理条例", "--diff", "1999-01-01", "2022-05-01")
    assert (said.code, said.out) == (1, "")
    assert "1999-01-01" in said.err


def test_an_unknown_law_and_a_wrong_day_are_told_apart(library: Any):
    assert library("law", "没有的法").code == 1
    assert library("law", "旅店管理条例", "--on", "昨天").code == 2


def test_a_newer_text_is_a_version_and_overwrites_nothing(library: Any, tmp_path: Path):
    """The .docx that the national law database hands out."""
    word = WordFile()
    head, _, bodies = LAWS["旅店管理条例(2020-05-01).md"]
    articles = ("为了维护旅店治安，制定本条例。", *bodies, "本条例自2025年3月1日起施行。")
    lines = [f"第{'一二三四五'[at]}条　{body}" for at, body in enumerate(articles)]
    for line in ("旅店管理条例", f"（{head}　2025年1月20日 国务院第三号令第二次修订）", *lines):
        word.add_paragraph(line)
    (tmp_path / "new").mkdir()
    word.save(str(tmp_path / "new" / "旅店管理条例_20250120.docx"))
    assert library("laws", tmp_path / "new", "--json").json["laws"] == 1
    told = library("law", "旅店管理条例", "--versions", "--json").json["versions"]
    assert [(one["version"], one["in_force_from"], one["in_force_to"]) for one in told] == [
        ("2010-01-01", "2010-01-01", "2020-06-01"),
        ("2020-05-01", "2020-06-01", "2025-03-01"),
        ("2025-01-20", "2025-03-01", None),
    ]
    old = library("law", "旅店管理条例", "2", "--on", "2015-05-01", "--json").json
    assert "记录在登记簿" in old["articles"][0]["text"]


def test_who_cites_an_article_is_found_by_the_rule_and_not_by_the_number(library: Any, tmp_path: Path):
    paper = tmp_path / "决定书.txt"
    paper.write_text("行政处罚决定书\n你店违反《旅店管理条例》第三条。\n2021年3月1日\n", encoding="utf-8")
    added = library("add", paper, "--json").json["added"][0]["id"]
    said = library("law", "旅店管理条例", "3", "--cited-by", "--json").json
    assert (said["law"], said["article"]) == ("旅店管理条例", "第三条")
    assert added in {one["document_id"] for one in said["cited_by"]}
    own = [one for one in said["cited_by"] if one["law"] == "旅店管理条例"]
    assert [one["article"] for one in own] == ["第四条"]
    for one in said["cited_by"]:
        text = library("text", one["document_id"], "--json").json["text"]
        assert text[one["start"] : one["end"]] in one["quote"]


def test_what_stands_around_a_law_is_told(library: Any):
    said = library("law", "旅店管理条例", "--related", "--json").json
    assert said["rests_on"] == ["中华人民共和国治安管理处罚法"]
    assert (said["basis_of"], said["interpreted_by"], said["explains"]) == ([], [], [])


def test_missing_norms_are_lines_with_where_they_are_found(library: Any, tmp_path: Path):
    paper = tmp_path / "笔录.txt"
    paper.write_text("依照《酒类流通管理办法》第三条，责令改正。\n", encoding="utf-8")
    added = library("add", paper, "--json").json["added"][0]["id"]
    lines = {one["law"]: one for one in library("laws", "missing", "--json").lines}
    assert (lines["酒类流通管理办法"]["cited"], lines["酒类流通管理办法"]["by"]) == (1, [added])
    assert "国家规章库" in lines["酒类流通管理办法"]["where_to_get"]
    assert "旅店管理条例" not in lines
    assert "《酒类流通管理办法》" in library("laws", "missing").out


def test_a_letter_on_a_changed_article_is_listed_as_stale(library: Any, tmp_path: Path):
    letter = tmp_path / "检察建议书.txt"
    letter.write_text(
        "某某市人民检察院\n检察建议书\n检建〔2018〕3号\n某某旅店：\n依照《旅店管理条例》第二条，建议落实询问义务。\n"
        "某某市人民检察院\n2018年3月1日\n",
        encoding="utf-8",
    )
    added = library("add", letter, "--kind", "suggestion", "--json").json["added"][0]["id"]
    said = library("stale", "--json").json
    (found,) = [one for one in said["stale"] if one["kind"] == "letter"]
    assert (found["id"], found["article"], found["now"], found["status"]) == (added, "第二条", ["第三条"], "renumbered")
    assert found["as_of"] == "2018-03-01"
    text = library("text", added, "--json").json["text"]
    assert text[found["start"] : found["end"]] == found["text"] == "《旅店管理条例》第二条"
    assert "现为第三条" in library("stale").out


def test_a_day_that_no_source_tells_is_shown_as_unknown(library: Any, tmp_path: Path):
    """Trap: the closing article of an amended text dates the enactment, and nothing dates the amendment."""
    head = "2009年12月1日 国务院第一号令公布\n2026年10月1日 《国务院关于修改部分行政法规的决定》修正"
    text = norm(head, "2010年1月1日", LAWS["旅店管理条例(2010-01-01).md"][2]).replace("旅店管理条例", "酒类管理条例")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "酒类管理条例(2026-10-01).md").write_text(text, encoding="utf-8")
    assert library("laws", tmp_path / "more").code == 0
    (told,) = library("law", "酒类管理条例", "--versions", "--json").json["versions"]
    assert (told["version"], told["in_force_from"], told["in_force_to"]) == ("2026-10-01", None, None)
    assert "施行 日待核" in library("law", "酒类管理条例", "--versions").out
    assert library("law", "酒类管理条例", "2", "--on", "2026-10-02", "--json").json["status"] == "not_checked"


def test_a_repealed_law_that_the_library_lacks_is_repealed_and_not_unknown(library: Any):  # L06
    said = library("law", "合同法", "60")
    assert said.code == 1
    assert "自 2021-01-01 起由《中华人民共和国民法典》第一千二百六十条废止" in said.err
