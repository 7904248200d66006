"""The HTTP service in process: its shapes are those of the contract, its errors are problems in Chinese."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder
from fastapi.testclient import TestClient

from api import shapes
from api.app import create_app
from api.office import Office
from assistant.answer import check
from assistant.desk import Desk, open_desk
from assistant.settings import Settings
from assistant.writer import QuotingWriter
from indexes.errors import DiskFull, ForeignEmbedder
from indexes.index import Scope
from ingestion.document import document_id

HOTEL = "检查笔录\n湖畔旅馆前台未登记同住的未成年人身份信息。\n该旅馆也没有询问监护人的联系方式。\n"
KTV = "情况说明\n星海歌厅在凌晨两点以后仍然营业。\n"
QUESTION = "旅馆前台登记同住未成年人身份信息"


@pytest.fixture
def desk(tmp_path: Path, gongzhi: Any, law_folder: Path) -> Desk:
    """A desk with two versions of one norm and another norm."""
    assert gongzhi("laws", law_folder).code == 0
    desk = open_desk(Settings(home=tmp_path / "home", office="临江市望湖区人民检察院"))
    desk.embedder = CountingEmbedder()
    return desk


@pytest.fixture
def http(desk: Desk) -> Iterator[TestClient]:
    """A client of the service, with one case of one document, all of it read."""
    with TestClient(create_app(desk, workbench=False), base_url="http://127.0.0.1") as client:
        send(client, {"旅馆.txt": HOTEL}, case="甲案")
        wait(client)
        yield client


def send(client: TestClient, files: dict[str, str | bytes], **form: str) -> Any:
    given = [("files", (name, data.encode() if isinstance(data, str) else data)) for name, data in files.items()]
    return client.post("/api/v1/documents", files=given, data=form)


def wait(client: TestClient) -> None:
    end = time.monotonic() + 30
    while client.get("/api/v1/health").json()["state"] != "idle":
        assert time.monotonic() < end
        time.sleep(0.02)


def office(client: TestClient) -> Office:
    found: Office = client.app.state.office  # type: ignore[attr-defined]
    return found


# -- shapes --------------------------------------------------------------------------------------------


def test_an_upload_of_several_files_tells_what_became_of_each(http: TestClient):
    said = send(http, {"歌厅.txt": KTV, "旅馆.txt": HOTEL, "空.txt": b""}, case="甲案", kind="hearing")
    assert said.status_code == 201
    report = said.json()
    assert [(one["path"], one["kind"], one["passages"]) for one in report["added"]] == [("歌厅.txt", "hearing", 1)]
    assert report["already"] == [{"id": document_id(HOTEL.encode()), "path": "旅馆.txt"}]
    assert [one["path"] for one in report["failed"]] == ["空.txt"]


def test_documents_are_listed_read_in_full_downloaded_and_removed(http: TestClient):
    identity = document_id(HOTEL.encode())
    [line] = http.get("/api/v1/documents", params={"case": "甲案"}).json()["documents"]
    assert line == shapes.entry(office(http).documents("甲案")[0])
    assert (line["id"], line["case"], line["state"]) == (identity, "甲案", "complete")
    text = http.get(f"/api/v1/documents/{identity[:8]}").json()
    assert text["text"] == HOTEL
    assert next(HOTEL[block["start"] : block["end"]] for block in text["blocks"]) == "检查笔录"
    assert http.get(f"/api/v1/documents/{identity}/file").content == HOTEL.encode()
    assert http.delete(f"/api/v1/documents/{identity}").json() == {"removed": [identity], "missing": []}
    assert http.delete(f"/api/v1/documents/{identity}").status_code == 404
    assert http.get("/api/v1/documents").json() == {"documents": []}


def test_laws_are_listed_only_where_they_are_asked_for(http: TestClient):
    assert len(http.get("/api/v1/documents").json()["documents"]) == 1
    assert len(http.get("/api/v1/documents", params={"kind": "regulation"}).json()["documents"]) == 3


def test_tracked_changes_can_be_seen_in_each_view(http: TestClient, tmp_path: Path):
    [added] = send(http, {"修订.docx": tracked(tmp_path)}).json()["added"]
    address = f"/api/v1/documents/{added['id']}"
    texts = {view: http.get(address, params={"view": view}).json()["text"] for view in ("final", "original", "marked")}
    assert "已登记" in texts["final"]
    assert "未登记" in texts["original"]
    assert "已" in texts["marked"]
    assert "未" in texts["marked"]


def tracked(folder: Path) -> bytes:
    """A Word file in which 未 was changed to 已."""
    from docx import Document
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = Document()
    paragraph = document.add_paragraph("湖畔旅馆")
    for tag, text, word in (("del", "delText", "未"), ("ins", "t", "已")):
        change = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="甲" w:date="2026-01-01T00:00:00Z">'
        paragraph._p.append(parse_xml(f"{change}<w:r><w:{text}>{word}</w:{text}></w:r></w:{tag}>"))
    paragraph.add_run("登记住客。")
    document.save(str(folder / "修订.docx"))
    return (folder / "修订.docx").read_bytes()


def test_a_case_can_be_created_read_filled_and_removed(http: TestClient):
    made = http.post("/api/v1/cases", json={"name": "乙案"})
    assert (made.status_code, made.json()["documents"]) == (201, 0)
    assert [one["case"] for one in http.get("/api/v1/cases").json()["cases"]] == ["乙案", "甲案"]
    assert http.delete("/api/v1/cases/乙案").status_code == 204
    assert http.get("/api/v1/cases/甲案").json()["states"] == {"complete": 1}
    assert http.delete("/api/v1/cases/甲案").status_code == 422
    assert http.get("/api/v1/cases/乙案").status_code == 404


def test_a_case_may_have_a_slash_in_its_name(http: TestClient):
    assert http.post("/api/v1/cases", json={"name": "2026/117"}).status_code == 201
    assert http.get("/api/v1/cases/2026/117").json()["case"] == "2026/117"


@pytest.mark.parametrize("by", ["words", "meaning", "both"])
def test_a_search_gives_the_hits_of_the_contract_with_their_very_words(http: TestClient, by: str):
    said = http.post("/api/v1/search", json={"query": "未登记未成年人", "case": "甲案", "by": by}).json()
    hits = office(http).search("未登记未成年人", scope=Scope(case="甲案"), by=by)  # type: ignore[arg-type]
    assert said == {"query": "未登记未成年人", "ready": 1.0, "hits": [shapes.hit(hit) for hit in hits]}
    assert said["hits"]
    for hit in said["hits"]:
        text = http.get(f"/api/v1/documents/{hit['document_id']}").json()["text"]
        assert text[hit["start"] : hit["end"]] == hit["quote"]


@pytest.mark.parametrize(("as_of", "version"), [("2015-01-01", "2010-01-01"), ("2024-01-01", "2020-06-01")])
def test_a_search_for_law_gives_the_version_of_the_day(http: TestClient, as_of: str, version: str):
    wanted = {"query": "旅店接待未成年人住宿", "kind": "regulation", "as_of": as_of, "k": 1}
    [hit] = http.post("/api/v1/search", json=wanted).json()["hits"]
    assert (hit["law"], hit["article"], hit["version"]) == ("旅店管理条例", "第二条", version)


def test_a_search_narrows_to_office_year_and_level_of_norms(http: TestClient):
    def found(**narrow: object) -> list[str]:
        hits = http.post("/api/v1/search", json={"query": "旅店接待未成年人住宿", **narrow}).json()["hits"]
        return [hit["version"] or hit["title"] for hit in hits]

    assert found(year=2020, kind="regulation")
    assert set(found(year=2020, kind="regulation")) == {"2020-06-01"}
    assert found(level=["法律"], year=2020) == []
    assert found(office="没有这个院") == []
    wrong = http.post("/api/v1/search", json={"query": "旅店", "level": ["县级"]})
    assert (wrong.status_code, "没有效力层级" in wrong.text) == (422, True)


def test_an_answer_is_that_of_the_contract(http: TestClient):
    said = http.post("/api/v1/ask", json={"question": QUESTION, "case": "甲案"}).json()
    assert said == shapes.answer(office(http).ask(QUESTION, case="甲案"))
    assert said["grounding"] != "none"
    assert said["citations"][0]["quote"] in HOTEL


def test_no_evidence_is_an_answer_and_no_error(http: TestClient):
    said = http.post("/api/v1/ask", json={"question": "火星上有几条运河", "case": "甲案"})
    assert (said.status_code, said.json()["grounding"]) == (200, "none")
    assert said.json()["missing"]


def stream(client: TestClient, **asked: Any) -> list[tuple[str, Any]]:
    with client.stream("POST", "/api/v1/ask", json=asked, headers={"Accept": "text/event-stream"}) as said:
        assert said.headers["content-type"].startswith("text/event-stream")
        blocks = said.read().decode().split("\n\n")
    assert blocks.pop() == ""
    events = [block.split("\n") for block in blocks]
    assert all(len(lines) == 2 for lines in events)
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in events]


def test_a_streamed_answer_is_the_same_one_in_pieces(http: TestClient):
    send(http, {"二.txt": "检查笔录二\n湖畔旅馆前台又未登记同住未成年人身份信息。\n"}, case="甲案")
    wait(http)  # words or vectors that come in between would order the two answers differently
    events = stream(http, question=QUESTION, case="甲案")
    whole = http.post("/api/v1/ask", json={"question": QUESTION, "case": "甲案"}).json()
    assert "".join(data["text"] for name, data in events if name == "text") == whole["text"]
    assert [data for name, data in events if name == "citation"] == whole["citations"]
    assert len([name for name, _ in events if name == "text"]) == len(whole["sentences"]) > 1
    assert events[-1] == ("done", whole)


def test_a_stream_that_fails_says_so_in_an_event(http: TestClient, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise DiskFull("磁盘已满。请清理空间。")

    monkeypatch.setattr(QuotingWriter, "answer", full)
    [(name, data)] = stream(http, question=QUESTION, case="甲案")
    assert (name, data["status"], data["detail"]) == ("error", 503, "磁盘已满。请清理空间。")


def test_a_citation_that_its_document_does_not_bear_out_leaves_no_trace_in_the_stream(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("assistant.answer.check", lambda reply, _: check(reply, lambda _: "另一份文字"))
    events = stream(http, question=QUESTION, case="甲案")
    assert [name for name, _ in events if name == "citation"] == []
    assert events[-1][1]["grounding"] == "none"
    assert HOTEL[5:15] not in json.dumps(events, ensure_ascii=False)


def test_a_letter_is_drafted_listed_read_and_downloaded(http: TestClient):
    made = http.post("/api/v1/drafts", json={"case": "甲案", "to": "望湖区公安分局", "on": "2026-01-31"})
    assert made.status_code == 201
    draft = made.json()
    record = office(http).read_draft(draft["id"])
    assert draft.items() >= shapes.draft(record.draft, draft["file"]).items()
    assert (draft["addressee"], draft["date"], draft["case"]) == ("望湖区公安分局", "2026-01-31", "甲案")
    assert http.get(f"/api/v1/drafts/{draft['id']}").json() == draft
    [line] = http.get("/api/v1/drafts", params={"case": "甲案"}).json()["drafts"]
    assert line["gaps"] == sum(len(section["gaps"]) for section in draft["sections"]) > 0
    for address, path in ((draft["file"], record.letter), (draft["annex"], record.annex)):
        sent = http.get(address)
        assert sent.content == path.read_bytes()
        assert "filename*=utf-8''%E6%A3%80%E5%AF%9F" in sent.headers["content-disposition"]
    assert http.delete(f"/api/v1/drafts/{draft['id']}").status_code == 204
    assert http.get(draft["file"]).status_code == 404


@pytest.mark.parametrize(
    ("on", "version", "status"), [("2015-01-01", "2010-01-01", "verified"), ("2024-01-01", "2020-06-01", "verified")]
)
def test_a_law_is_read_as_of_a_day(http: TestClient, on: str, version: str, status: str):
    whole = http.get("/api/v1/law", params={"name": "旅店管理条例", "on": on}).json()
    assert (whole["law"], whole["version"], whole["status"]) == ("旅店管理条例", version, status)
    assert [one["article"] for one in whole["articles"]] == ["第一条", "第二条", "第三条"]
    one = http.get("/api/v1/law", params={"name": "旅店管理条例", "article": "2", "on": on}).json()
    assert one["articles"] == [whole["articles"][1]]
    text = http.get(f"/api/v1/documents/{whole['document_id']}").json()["text"]
    assert all(text[one["start"] : one["end"]] == one["text"] for one in whole["articles"])


def test_the_versions_of_a_law_are_listed_with_what_each_is_worth(http: TestClient):
    found = http.get("/api/v1/law/versions", params={"name": "旅店管理条例", "on": "2015-01-01"}).json()["versions"]
    assert [(one["version"], one["status"]) for one in found] == [
        ("2010-01-01", "verified"),
        ("2020-06-01", "not_yet_in_force"),
    ]
    later = http.get("/api/v1/law/versions", params={"name": "旅店管理条例", "on": "2024-01-01"}).json()["versions"]
    assert [one["status"] for one in later] == ["amended", "verified"]
    assert later[0]["in_force_to"] == "2020-06-01"


def test_a_law_on_two_days_is_told_article_by_article(http: TestClient, gongzhi: Any):
    asked = {"name": "旅店管理条例", "first": "2015-01-01", "second": "2024-01-01"}
    found = http.get("/api/v1/law/diff", params=asked).json()
    assert (found["old_version"], found["new_version"]) == ("2010-01-01", "2020-06-01")
    assert "changed" in {one["change"] for one in found["changes"]}
    told = gongzhi("law", "旅店管理条例", "--diff", "2015-01-01", "2024-01-01", "--json").json
    assert found == told
    early = http.get("/api/v1/law/diff", params=asked | {"first": "2001-01-01"})
    assert (early.status_code, "2001-01-01" in early.json()["detail"]) == (404, True)


def test_an_article_or_a_law_that_is_not_there_is_told(http: TestClient):
    missing = http.get("/api/v1/law", params={"name": "旅店管理条例", "article": "第九条"})
    assert (missing.status_code, "第九条" in missing.json()["detail"]) == (404, True)
    assert "没有《火星法》" in http.get("/api/v1/law", params={"name": "火星法"}).json()["detail"]


def test_issues_are_found_in_a_case_and_in_one_document(http: TestClient):
    in_case = http.post("/api/v1/issues", json={"case": "甲案"})
    assert in_case.status_code == 200
    assert in_case.json() == shapes.findings(office(http).issues(case="甲案"))
    assert in_case.json() == http.post("/api/v1/issues", json={"document_id": document_id(HOTEL.encode())}).json()
    for finding in in_case.json()["findings"] + in_case.json()["doubtful"]:
        assert all(HOTEL[one["start"] : one["end"]] == one["quote"] for one in finding["citations"])
    assert http.post("/api/v1/issues", json={}).status_code == 422
    assert http.post("/api/v1/issues", json={"case": "无"}).status_code == 404
    assert http.post("/api/v1/issues", json={"document_id": "/etc/passwd"}).status_code == 404


def test_health_tells_how_far_reading_has_come(http: TestClient):
    said = http.get("/api/v1/health").json()
    assert said.pop("texts") == said.pop("with_words") == said.pop("with_vector") > 1
    assert said == {"state": "idle", "trouble": "", "ready": 1.0}


# -- errors --------------------------------------------------------------------------------------------

WRONG: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/api/v1/nowhere", {}, 404, "没有这个地址"),
    ("PUT", "/api/v1/cases", {}, 405, "不支持这种请求方法"),
    ("GET", "/api/v1/documents/zzzzzzzz", {}, 404, "没有 id 为 zzzzzzzz 的文件"),
    ("GET", "/api/v1/documents/%00", {}, 404, "没有 id 为"),
    ("GET", "/api/v1/documents/..%2F..%2Fetc%2Fpasswd", {}, 404, "没有"),
    ("DELETE", "/api/v1/documents/zzzzzzzz", {}, 404, "请从文件列表中选择"),
    ("GET", "/api/v1/documents/zzzzzzzz?view=x", {}, 422, "view：可以写 final、original、marked"),
    ("GET", "/api/v1/documents?kind=x", {}, 422, "kind：可以写 case、"),
    ("GET", "/api/v1/drafts/..%2Fuploads", {}, 404, "没有"),
    ("GET", "/api/v1/drafts/0123456789abcdef/letter", {}, 404, "没有编号为 0123456789abcdef 的草稿"),
    ("POST", "/api/v1/cases", {"json": {"name": " "}}, 422, "案件编号不能为空"),
    ("POST", "/api/v1/cases", {"json": {"nam": "x"}}, 422, "nam：不认识这一项"),
    ("POST", "/api/v1/search", {"json": {}}, 422, "query：缺少这一项"),
    ("POST", "/api/v1/search", {"json": {"query": "   "}}, 422, "query：不能为空"),
    ("POST", "/api/v1/search", {"json": {"query": 1}}, 422, "query：应是一段文字"),
    ("POST", "/api/v1/search", {"json": {"query": "x" * 20_001}}, 422, "query：不能超过 20000 个字"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "k": 0}}, 422, "k：不能小于 1"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "k": 1001}}, 422, "k：不能大于 1000"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "as_of": "2026-02-30"}}, 422, "as_of：日期请写成 2026-01-31"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "as_of": "1738281600"}}, 422, "as_of：日期请写成 2026-01-31"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "as_of": 1738281600}}, 422, "as_of：日期请写成 2026-01-31"),
    ("POST", "/api/v1/search", {"json": {"query": "x", "case": "无"}}, 404, "没有案件 无"),
    ("POST", "/api/v1/search", {"content": b"{torn"}, 422, "请求正文：不是正确的 JSON"),
    ("POST", "/api/v1/search", {"content": b'{"query": "\\ud800"}'}, 422, "query：含有不成字的编码"),
    ("POST", "/api/v1/search", {"content": b"[1]"}, 422, "请求正文：应是一个 JSON 对象"),
    ("POST", "/api/v1/search", {"content": b""}, 422, "请求正文：缺少这一项"),
    ("POST", "/api/v1/search", {"content": b" " * ((1 << 20) + 1)}, 413, "太大"),
    ("POST", "/api/v1/ask", {"json": {"question": "x", "case": "无"}}, 404, "没有案件 无"),
    ("POST", "/api/v1/ask", {"json": {"question": "x", "as_of": "明天"}}, 422, "as_of：日期请写成 2026-01-31"),
    ("POST", "/api/v1/drafts", {"json": {"case": "无", "to": "某局"}}, 404, "没有案件 无"),
    ("POST", "/api/v1/drafts", {"json": {"case": "甲案", "to": ""}}, 422, "to：不能为空"),
    ("POST", "/api/v1/drafts", {"json": {"case": "甲案", "to": "某局", "type": "x"}}, 422, "type：可以写 retrial、"),
    ("GET", "/api/v1/law", {}, 422, "name：缺少这一项"),
    ("GET", "/api/v1/law?name=x&on=2026-13-01", {}, 422, "on：日期请写成 2026-01-31"),
    ("POST", "/api/v1/documents", {}, 422, "files：缺少这一项"),
    ("POST", "/api/v1/documents", {"data": {"case": "甲案"}}, 422, "files：缺少这一项"),
    ("POST", "/api/v1/documents", {"data": {"files": "x"}}, 422, "files：应是用 multipart/form-data 上传的文件"),
]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service with one case, for requests that change nothing."""
    desk = open_desk(Settings(home=tmp_path_factory.mktemp("quiet")))
    desk.embedder = CountingEmbedder()
    with TestClient(create_app(desk, workbench=False), base_url="http://127.0.0.1") as client:
        send(client, {"旅馆.txt": HOTEL}, case="甲案")
        wait(client)
        yield client


@pytest.mark.parametrize(("method", "path", "sent", "status", "said"), WRONG)
def test_a_wrong_request_is_told_in_chinese_and_harms_nothing(
    quiet: TestClient, method: str, path: str, sent: dict[str, Any], status: int, said: str
):
    headers = {"Content-Type": "application/json"} if "content" in sent else {}
    reply = quiet.request(method, path, headers=headers, **sent)
    problem = reply.json()
    assert (reply.status_code, problem["status"]) == (status, status)
    assert reply.headers["content-type"] == "application/problem+json"
    assert said in problem["detail"]
    assert problem["title"]
    assert problem["type"].startswith("urn:gongzhi:")
    assert quiet.get("/api/v1/health").json()["state"] == "idle"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DiskFull("磁盘已满。请清理。"), 503),
        (ForeignEmbedder("模型不同。请改回。"), 409),
        (OSError(5, "Input/output error", "/x"), 503),
    ],
)
def test_a_trouble_of_the_store_is_told_with_its_own_status(
    http: TestClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
):
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(office(http), "reasoned", fail)
    said = http.post("/api/v1/search", json={"query": "x"})
    assert (said.status_code, said.headers["content-type"]) == (status, "application/problem+json")
    assert "请" in said.json()["detail"]


def test_a_defect_shows_nothing_of_the_inside(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret of 张三")

    app = create_app(desk, workbench=False)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        monkeypatch.setattr(office(client), "reasoned", fail)
        said = client.post("/api/v1/search", json={"query": "x"})
        assert (said.status_code, said.headers["content-type"]) == (500, "application/problem+json")
        assert "张三" not in said.text
        assert client.get("/api/v1/health").status_code == 200


# -- OpenAPI -------------------------------------------------------------------------------------------


def test_openapi_tells_every_route_with_chinese_words_examples_and_problems(http: TestClient):
    made = http.get("/openapi.json").json()
    operations = {f"{verb} {path}": one for path, verbs in made["paths"].items() for verb, one in verbs.items()}
    assert {"post /api/v1/documents", "get /api/v1/documents/{document_id}", "post /api/v1/ask"} <= set(operations)
    for name, one in operations.items():
        assert any("一" <= letter <= "鿿" for letter in one["summary"] + one["description"]), name
        problems = {code: reply for code, reply in one["responses"].items() if int(code) >= 400}
        assert "503" in problems, name
        assert all(list(reply["content"]) == ["application/problem+json"] for reply in problems.values()), name
    bare = [
        f"{name}.{field}"
        for name, schema in made["components"]["schemas"].items()
        if not name.startswith("Body_")
        for field, value in schema.get("properties", {}).items()
        if not value.get("description")
    ]
    assert bare == []
    question = made["components"]["schemas"]["Ask"]["properties"]["question"]
    assert question["examples"]


def test_no_page_of_the_service_fetches_scripts_from_elsewhere(http: TestClient):
    assert http.get("/docs").status_code == 404
    assert http.get("/redoc").status_code == 404
