from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from assistant.desk import open_desk
from assistant.settings import Settings

LETTERS = Path(str(files("eval") / "samples" / "先例"))
CARD = {"document_id", "title", "problem", "addressee", "measures", "reply", "start", "end", "quote", "score"}
LAW = """# 中华人民共和国刑法

2020年12月26日 修正

<!-- INFO END -->

第一百三十三条之一 在道路上醉酒驾驶机动车的，处拘役，并处罚金。

第二百六十四条 盗窃公私财物，数额较大的，处三年以下有期徒刑、拘役或者管制。
"""
FACTS = "2024年2月1日，被告人{who}饮酒后驾驶小型轿车行驶至某路口，被民警查获，经鉴定血液酒精含量为一百五十毫克，到案后如实供述自己的罪行，且无异议。"
PAPER = (
    "某市某区人民法院 刑事判决书 （2024）某0101刑初{n}号 公诉机关某市某区人民检察院。 被告人{who}。 某市某区人民检察院指控，{facts}"
    "上述事实有证人证言等证据证实。本院认为，被告人的行为已构成危险驾驶罪。依照《中华人民共和国刑法》第一百三十三条之一第一款之规定，判决如下： "
    "被告人{who}犯危险驾驶罪，判处拘役一个月。 如不服本判决，可在十日内上诉。 审判员丙 二〇二四年三月一日"
)


@pytest.fixture
def letters(gongzhi: Any) -> Any:
    assert gongzhi("add", LETTERS, "--json").code == 0
    return gongzhi


@pytest.fixture
def drives(gongzhi: Any, tmp_path: Path) -> Any:
    law = tmp_path / "法规"
    law.mkdir()
    (law / "刑法.md").write_text(LAW, encoding="utf-8")
    papers = tmp_path / "判决"
    papers.mkdir()
    for n, who in enumerate(("王某", "李某", "周某"), 1):
        text = PAPER.format(n=n, who=who, facts=FACTS.format(who=who))
        (papers / f"{n}.txt").write_text(text, encoding="utf-8")
    assert gongzhi("laws", law, "--json").code == 0
    assert gongzhi("add", papers, "--json").code == 0
    return gongzhi


def test_precedents_answers_as_the_contract_has_it(letters: Any):
    said = letters("precedents", "公安检查旅馆走过场", "-k", 2, "--json")
    assert said.code == 0
    assert len(said.json["hits"]) == 2
    for card in said.json["hits"]:
        assert set(card) >= CARD
        text = letters("text", card["document_id"], "--json").json["text"]
        assert text[card["start"] : card["end"]] == card["quote"]
        reply = letters("text", card["reply_id"], "--json").json["text"]
        assert reply[card["reply_start"] : card["reply_end"]] == card["reply"]
    assert said.json["facets"]["年份"] == {"2024": 1, "2025": 1, "2026": 1}


def test_precedents_for_people_tells_problem_measures_and_reply_and_obeys_a_facet(letters: Any):
    said = letters("precedents", "养老金", "--where", "领域=社会保险")
    assert said.code == 0
    assert "望检建〔2025〕3号" in said.out
    assert "云检建" not in said.out
    for word in ("问题：", "措施 1：", "回复：", "年份：2025 1"):
        assert word in said.out
    assert letters("precedents", "养老金", "--where", "颜色=红").code == 2
    assert letters("precedents", "养老金", "--where", "领域").code == 2


def test_a_home_without_letters_says_where_precedents_come_from(gongzhi: Any):
    said = gongzhi("precedents", "旅馆")
    assert (said.code, "gongzhi add" in said.out) == (0, True)
    assert gongzhi("precedents", "旅馆", "--json").json["hits"] == []


def test_similar_takes_an_id_or_a_path_and_refuses_what_is_not_there(drives: Any, tmp_path: Path):
    identity = drives("list", "--json").lines[0]["id"]
    said = drives("similar", identity, "--json")
    assert said.code == 0
    assert identity not in {one["document_id"] for one in said.json["cases"]}
    assert len(said.json["cases"]) == 2
    assert said.json["alike"]
    new = tmp_path / "新.txt"
    new.write_text(FACTS.format(who="吴某"), encoding="utf-8")
    assert len(drives("similar", new, "--json").json["cases"]) == 3
    assert "事实相似" in drives("similar", new).out
    assert drives("similar", "0123456789abcdef").code == 1


def test_facts_find_the_law_by_precedent_with_the_reason_and_each_case_one_click_away(drives: Any):
    facts = FACTS.format(who="吴某") * 2
    hit = drives("search", facts, "--kind", "regulation", "-k", 1, "--by", "words", "--json").json["hits"][0]
    assert (hit["article"], hit["found_by"]) == ("第一百三十三条之一", ["precedent"])
    assert hit["precedents"]["reason"] == "3 个最相似的判决中有 3 个适用"
    for case in hit["precedents"]["cases"]:
        text = drives("text", case["document_id"], "--json").json["text"]
        assert "第一百三十三条之一" in text[case["start"] : case["end"]]
    assert "3 个最相似的判决中有 3 个适用" in drives("search", facts, "--kind", "regulation", "--by", "words").out


def test_in_a_batch_an_excluded_judgment_is_no_precedent(drives: Any, tmp_path: Path):
    papers = sorted(str(path) for path in (tmp_path / "判决").glob("*.txt"))
    rows = [{"id": "全", "query": FACTS * 2}, {"id": "少", "query": FACTS * 2, "exclude": papers[:1]}, {"id": "无", "query": FACTS * 2, "exclude": papers}]
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    assert drives("search", "--batch", source, "--out", out, "--kind", "regulation", "--by", "words").code == 0
    found = {row["id"]: row["hits"][0] for row in map(json.loads, out.read_text(encoding="utf-8").splitlines())}
    assert found["全"]["precedents"]["near"] == 3
    assert found["少"]["precedents"]["near"] == 2
    assert "precedents" not in found["无"]


def test_both_are_served_over_http(letters: Any, tmp_path: Path):
    with TestClient(create_app(open_desk(Settings(home=tmp_path / "home")), workbench=False), base_url="http://127.0.0.1") as http:
        wanted = {"query": "旅馆", "k": 1, "where": {"领域": "未成年人保护"}}
        found = http.post("/api/v1/precedents", json=wanted).json()
        assert [one["number"] for one in found["hits"]] == ["云检建〔2024〕12号"]
        identity = found["hits"][0]["document_id"]
        said = http.get(f"/api/v1/documents/{identity}/similar").json()
        assert identity not in {one["document_id"] for one in said["cases"]}
        assert http.get("/api/v1/documents/0123456789abcdef/similar").status_code == 404
        assert http.post("/api/v1/precedents", json={"query": "旅馆", "where": {"颜色": "红"}}).status_code in (400, 422)
