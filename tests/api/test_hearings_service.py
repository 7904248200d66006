from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from fakes import CountingEmbedder
from fastapi.testclient import TestClient

from api.app import create_app
from assistant.desk import open_desk
from assistant.settings import Settings

RECORD = (
    "检察听证笔录\n主持人：钱立\n听证员：王某、何某\n主持人：现在开始，请听证员发表意见。\n"
    "听证员王某：同意。\n听证员何某：不同意，应当起诉。\n旅馆经营者薛长根：我们保证月底前装好登记系统。\n"
)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    desk = open_desk(Settings(home=tmp_path / "home"))
    desk.__dict__["embedder"] = CountingEmbedder()
    with TestClient(create_app(desk, hosts=None, workbench=False)) as opened:
        yield opened


def upload(client: TestClient, name: str, text: str) -> str:
    answer = client.post("/api/v1/documents", files={"files": (name, text.encode())}, data={"case": "1"})
    (added,) = answer.json()["added"]
    return str(added["id"])


def test_a_record_is_summarised_in_the_shape_of_the_contract(client: TestClient) -> None:
    identity = upload(client, "听证笔录.txt", RECORD)
    answer = client.get(f"/api/v1/hearings/{identity}").json()
    assert answer["tally"] == {"agree": 1, "disagree": 1, "conditional": 0, "unclear": 0}
    assert [(one["speaker"], one["view"]) for one in answer["opinions"]] == [("王某", "agree"), ("何某", "disagree")]
    text = client.get(f"/api/v1/documents/{identity}").json()["text"]
    assert [text[one["start"] : one["end"]] for one in answer["opinions"]] == ["同意。", "不同意，应当起诉。"]
    assert answer["commitments"][0]["by"] == "月底前"


def test_the_summary_can_be_downloaded_as_word(client: TestClient) -> None:
    identity = upload(client, "听证笔录.txt", RECORD)
    for part in ("paper", "annex"):
        answer = client.get(f"/api/v1/hearings/{identity}/{part}")
        assert answer.status_code == 200
        assert docx.Document(io.BytesIO(answer.content)).paragraphs


def test_a_paper_without_speech_is_refused_with_advice(client: TestClient) -> None:
    identity = upload(client, "判决书.txt", "经审理查明，被告人盗窃手机一部。")
    answer = client.get(f"/api/v1/hearings/{identity}")
    assert answer.status_code == 422
    assert "没有可以辨认的发言" in answer.json()["detail"]


def test_an_unknown_record_is_not_found(client: TestClient) -> None:
    assert client.get("/api/v1/hearings/nobody").status_code == 404
