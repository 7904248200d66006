"""Who may speak to the service: the token, the names it is called by, pages of other sites, sizes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder
from fastapi.testclient import TestClient

from api.app import create_app
from api.serving import is_loopback, serve
from assistant.desk import open_desk
from assistant.errors import BadRequest
from assistant.settings import Settings

TOKEN = "a-token-of-the-administrator"
HEALTH = "/api/v1/health"


def client(home: Path, token: str | None = None, **how: Any) -> TestClient:
    desk = open_desk(Settings(home=home, token=token, upload_mb=1))  # type: ignore[arg-type]
    desk.embedder = CountingEmbedder()
    return TestClient(create_app(desk, workbench=False, **how), base_url="http://127.0.0.1:8000")


@pytest.fixture(scope="module")
def open_one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(tmp_path_factory.mktemp("open")) as made:
        yield made


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(tmp_path_factory.mktemp("guarded"), TOKEN, hosts=None) as made:
        yield made


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Token {TOKEN}", TOKEN,
     basic("甲", "wrong"), "Basic !!!", "Bearer 口令".encode()],
)
@pytest.mark.parametrize("path", [HEALTH, "/api/v1/cases", "/openapi.json", "/"])
def test_without_the_token_nothing_is_answered(guarded: TestClient, header: str | bytes | None, path: str):
    said = guarded.get(path, headers={} if header is None else {"Authorization": header})
    assert said.status_code == 401
    assert "口令" in said.json()["detail"]
    assert said.headers["www-authenticate"].startswith("Bearer" if path.startswith("/api") else "Basic")


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", basic("anyone", TOKEN)])
def test_with_the_token_it_answers_under_any_name(guarded: TestClient, header: str):
    said = guarded.get(HEALTH, headers={"Authorization": header, "Host": "gongzhi.example:8000"})
    assert said.status_code == 200


def test_the_token_is_never_shown(tmp_path: Path):
    settings = Settings(home=tmp_path, token=TOKEN)  # type: ignore[arg-type]
    assert TOKEN not in repr(settings) + str(settings)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LOCALHOST", "[::1]:8000"])
def test_the_loopback_is_served_under_its_own_names(open_one: TestClient, host: str):
    assert open_one.get(HEALTH, headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "[", "", "@"])
def test_a_name_that_was_bent_to_the_loopback_is_refused(open_one: TestClient, host: str):
    said = open_one.get(HEALTH, headers={"Host": host})
    assert (said.status_code, said.headers["content-type"]) == (403, "application/problem+json")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_changes_nothing(open_one: TestClient, headers: dict[str, str]):
    before = open_one.get("/api/v1/cases").json()
    assert open_one.post("/api/v1/cases", json={"name": "外案"}, headers=headers).status_code == 403
    assert open_one.delete("/api/v1/cases/x", headers=headers).status_code == 403
    assert open_one.get("/api/v1/cases").json() == before


def test_our_own_page_and_a_program_may_change_things(open_one: TestClient):
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert open_one.post("/api/v1/cases", json={"name": "甲案"}, headers=own).status_code == 201
    assert open_one.post("/api/v1/cases", json={"name": "乙案"}).status_code == 201


def test_a_socket_from_another_site_is_refused(open_one: TestClient):
    from starlette.websockets import WebSocketDisconnect

    with (
        pytest.raises(WebSocketDisconnect) as refused,
        open_one.websocket_connect("/_any", headers={"Origin": "http://evil.example"}),
    ):
        pass
    assert refused.value.code == 1008


def body_of(size: int) -> bytes:
    return b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n' + b"a" * size + b"\r\n--x--\r\n"


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def test_an_upload_over_the_limit_is_refused_before_it_is_read(open_one: TestClient):
    said = open_one.post("/api/v1/documents", content=body_of(3 << 20), headers=FORM)
    assert (said.status_code, "upload_mb" in said.json()["detail"]) == (413, True)


def test_an_upload_that_hides_its_length_is_cut_off_at_the_limit(open_one: TestClient):
    whole = body_of(5 << 20)
    pieces = (whole[start : start + 65_536] for start in range(0, len(whole), 65_536))
    said = open_one.post("/api/v1/documents", content=pieces, headers=FORM)
    assert (said.status_code, said.headers["content-type"]) == (413, "application/problem+json")
    assert open_one.get("/api/v1/documents").json() == {"documents": []}


def test_a_file_just_over_the_limit_is_named(open_one: TestClient):
    said = open_one.post("/api/v1/documents", files={"files": ("大.txt", b"a" * ((1 << 20) + 1))})
    assert said.status_code == 422
    assert said.json()["failed"][0]["path"] == "大.txt"
    assert "超过 1 MB" in said.json()["detail"]


def test_answers_are_kept_by_no_cache_and_shown_in_no_frame(open_one: TestClient):
    headers = open_one.get(HEALTH).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"


# -- where it may be bound -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("example.com", False), ("", False)],
)
def test_only_addresses_of_this_machine_alone_are_local(host: str, local: bool):
    assert is_loopback(host) is local


@pytest.mark.parametrize("token", [None, "short", "口令口令口令口令口令口令口令口令", "with space in the token"])
@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_another_address_demands_a_token_that_the_administrator_set(tmp_path: Path, host: str, token: str | None):
    desk = open_desk(Settings(home=tmp_path, token=token))  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match="口令"):
        serve(desk, host, 0)
    desk.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_port_that_is_taken_is_told(tmp_path: Path, gongzhi: Any, host: str):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = gongzhi("serve", "--host", host, "--port", taken.getsockname()[1])
    assert said.code == 2
    assert "已被别的程序占用" in said.err
    assert "--port" in said.err


def test_an_address_that_is_not_ours_and_a_port_that_is_none_are_told(gongzhi: Any, tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text(f'token = "{TOKEN}"\n', encoding="utf-8")
    said = gongzhi("serve", "--host", "192.0.2.7", "--port", 0)
    assert (said.code, "不是本机的地址" in said.err) == (2, True)
    assert gongzhi("serve", "--port", 70000).code == 2
