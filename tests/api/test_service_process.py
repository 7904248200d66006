"""The service as a process of its own, over a real socket: bad uploads, endings, restarts."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from docx import Document
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parent.parent.parent
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


@dataclass
class Server:
    """A running service."""

    process: subprocess.Popen[str]
    http: httpx2.Client

    def wait(self, state: str = "idle") -> None:
        end = time.monotonic() + 300  # a busy machine is slow, and hanging ends all the same
        while self.http.get("/api/v1/health").json()["state"] != state:
            assert time.monotonic() < end
            time.sleep(0.05)


@contextlib.contextmanager
def serving(home: Path, *more: str, **environment: str) -> Iterator[Server]:
    """`gongzhi serve` on a free port of the loopback."""
    command = [sys.executable, "-m", "api", "--home", str(home), "serve", "--port", "0", *more]
    process = subprocess.Popen(
        command, cwd=ROOT, stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, **environment}
    )
    assert process.stderr is not None
    with process:
        first = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        assert found, first + process.stderr.read()
        try:
            with httpx2.Client(base_url=f"http://127.0.0.1:{found[1]}", timeout=60, trust_env=False) as http:
                yield Server(process, http)
        finally:
            if process.poll() is None:
                process.kill()


@pytest.fixture(scope="module")
def home(filled: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the home that the real embedder filled."""
    return Path(shutil.copytree(filled.home, tmp_path_factory.mktemp("served") / "home"))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as running:
        yield running


@pytest.fixture
def own_home(filled: Any, tmp_path: Path) -> Path:
    """A copy for one test; what the embedder expands at its first start is there already."""
    return Path(shutil.copytree(filled.home, tmp_path / "home"))


def word(path: Path) -> bytes:
    document = Document()
    for number in range(40):
        document.add_paragraph(f"第{number}段：湖畔旅馆未登记同住的未成年人。")
    document.save(str(path))
    return path.read_bytes()


def portable(path: Path, password: str | None = None) -> bytes:
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    canvas.drawString(100, 700, "a hotel without a register")
    canvas.save()
    return path.read_bytes()


def archive(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a.txt", "文字")
    return path.read_bytes()


BAD: dict[str, tuple[Any, str, str]] = {
    "空.txt": (lambda path: b"", "0 字节", "下载或保存"),
    "未知.xyz": (lambda path: "文字".encode(), ".xyz", "另存为"),
    "编码.txt": (lambda path: bytes(range(0x80, 0x100)) * 40, "编码", "UTF-8"),
    "加密.docx": (lambda path: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500), "密码", "取消密码"),
    "旧.doc": (lambda path: OLE + "WordDocument".encode("utf-16-le") + bytes(500), "旧版 Word", "另存为 .docx"),
    "加密.pdf": (lambda path: portable(path, "secret"), "密码", "密码"),
    "截断.docx": (lambda path: word(path)[:-2000], "损坏", "重新"),
    "截断.pdf": (lambda path: portable(path)[:300], "不完整", "重新"),
    "压缩.docx": (archive, "压缩包", "改为 .zip"),
    "图片.docx": (lambda path: b"\x89PNG\r\n" + bytes(200), "不是 Word 文档", "重新"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_named_and_the_server_keeps_answering(
    server: Server, home: Path, tmp_path: Path, name: str
):
    make, cause, advice = BAD[name]
    files = [("files", (name, make(tmp_path / name))), ("files", ("好.txt", f"{name}旁边的好文件。".encode()))]
    said = server.http.post("/api/v1/documents", files=files)
    assert said.status_code == 201
    [failed] = said.json()["failed"]
    assert failed["path"] == name
    assert cause in failed["cause"]
    assert advice in failed["advice"]
    assert len(said.json()["added"]) == 1
    alone = server.http.post("/api/v1/documents", files=[files[0]])
    assert (alone.status_code, alone.headers["content-type"]) == (422, "application/problem+json")
    assert alone.json()["detail"].startswith(f"{name}：")
    assert server.http.post("/api/v1/search", json={"query": "湖畔旅馆"}).json()["hits"]
    assert [path for path in (home / "uploads").rglob(name) if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../../etc/外.txt", "..\\..\\外.txt", "/etc/外.txt", "长" * 300 + ".txt", "a\x01b.txt", "."])
def test_a_name_leads_nowhere_and_is_never_too_long(server: Server, home: Path, name: str):
    said = server.http.post("/api/v1/documents", files={"files": (name, f"名为 {name} 的文件。".encode())})
    assert said.status_code in (201, 422)
    for one in said.json()["added"] + said.json()["failed"]:
        assert "/" not in one["path"]
        assert "\\" not in one["path"]
        assert len(one["path"].encode()) <= 160
    assert list(home.parent.rglob("外.txt")) == list((home / "uploads").rglob("外.txt"))
    assert not Path("/etc/外.txt").exists()
    assert server.http.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize(
    "raw",
    [b"", b"--x--\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"no form at all",
     b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc'],
)
def test_a_form_that_is_broken_is_refused(server: Server, raw: bytes):
    said = server.http.post(
        "/api/v1/documents", content=raw, headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert said.status_code in (400, 422)
    assert said.headers["content-type"] == "application/problem+json"
    assert server.http.get("/api/v1/health").status_code == 200


def test_the_same_file_twice_is_there_already(server: Server):
    for expected in ("added", "already"):
        said = server.http.post("/api/v1/documents", files={"files": ("两次.txt", "两次上传的文件。".encode())})
        assert len(said.json()[expected]) == 1


def test_who_hangs_up_in_the_middle_of_an_upload_harms_nothing(server: Server):
    import socket

    address = server.http.base_url
    with socket.create_connection((address.host, address.port)) as line:
        line.sendall(
            b"POST /api/v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data"
        )
    assert server.http.get("/api/v1/health").status_code == 200


def test_a_streamed_answer_arrives_over_the_wire(server: Server):
    asked = {"question": "湖畔旅馆前台未登记同住的未成年人身份信息", "case": "甲案"}
    with server.http.stream("POST", "/api/v1/ask", json=asked, headers={"Accept": "text/event-stream"}) as said:
        lines = [line for line in said.iter_lines() if line.startswith("event: ")]
    assert lines[0] == "event: text"
    assert lines[-1] == "event: done"


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_it_is_told_to_and_loses_nothing(own_home: Path, sign: signal.Signals):
    with serving(own_home) as running:
        running.http.post("/api/v1/documents", files={"files": ("旅馆.txt", "湖畔旅馆未登记。".encode())})
        running.process.send_signal(sign)
        assert running.process.wait(timeout=180) == 0
        assert running.process.stderr is not None
        said = running.process.stderr.read()
        assert "共治已结束" in said
        assert "Traceback" not in said
    with serving(own_home) as again:
        assert len(again.http.get("/api/v1/documents").json()["documents"]) == 4
        again.wait()


@pytest.mark.slow
def test_killed_while_vectors_fill_the_next_start_finishes_them(own_home: Path):
    lines = "\n".join(f"第{number}号房间的住宿登记表，住客第{number * 7919}号，未登记。" for number in range(400))
    with serving(own_home) as running:
        for part in range(3):
            data = f"台账{part}\n{lines}".encode()
            assert running.http.post("/api/v1/documents", files={"files": (f"{part}.csv", data)}).status_code == 201
        running.wait("filling")
        running.process.kill()
        running.process.wait(timeout=180)
    with serving(own_home) as again:
        assert len(again.http.get("/api/v1/documents").json()["documents"]) == 6
        again.wait()
        health = again.http.get("/api/v1/health").json()
        assert health["texts"] == health["with_words"] == health["with_vector"] > 10
        assert again.http.post("/api/v1/search", json={"query": "住客第7919号"}).json()["hits"]


def test_an_upload_survives_a_kill_right_after_its_answer(own_home: Path):
    with serving(own_home) as running:
        said = running.http.post("/api/v1/documents", files={"files": ("旅馆.txt", "湖畔旅馆未登记。".encode())})
        running.process.kill()
        running.process.wait(timeout=180)
    identity = said.json()["added"][0]["id"]
    with serving(own_home) as again:
        assert again.http.get(f"/api/v1/documents/{identity}/file").content == "湖畔旅馆未登记。".encode()


def test_with_a_token_every_request_must_bring_it(own_home: Path):
    with serving(own_home, GONGZHI_TOKEN="a-token-of-sixteen") as running:
        assert running.http.get("/api/v1/health").status_code == 401
        assert running.http.get("/").status_code == 401
        brought = {"Authorization": "Bearer a-token-of-sixteen"}
        assert running.http.get("/api/v1/health", headers=brought).status_code == 200
