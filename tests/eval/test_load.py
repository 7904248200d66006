from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval.bench import load
from eval.bench.load import Load, Taken

ANSWERS: dict[str, Any] = {
    "/api/v1/search": {"hits": [{"title": "甲"}]},
    "/api/v1/ask": {"text": "住宿应当登记。"},
}


class Served(ThreadingHTTPServer):
    """A service that knows two answers, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((load.HOST, 0), Handler)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answers = dict(ANSWERS)
        self.status = 200


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Served

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        content = json.dumps(self.server.answers[self.path]).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: a test has no log."""


@pytest.fixture
def served() -> Iterator[Served]:
    with Served() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def measured(served: Served, **more: Any) -> list[Taken]:
    wanted = {"users": 4, "seconds": 0.3, "think": 0.02, **more}
    return load.measure(served.server_port, Load(**wanted), ["住宿要登记吗", "谁来管"], itertools.count(1))


def rows(taken: list[Taken]) -> tuple[bool, str]:
    said: list[str] = []
    return load.report(taken, 1, lambda row: said.append(str(row))), "\n".join(said)


def test_users_search_and_ask_and_no_question_comes_twice(served: Served) -> None:
    taken = measured(served, case="2026-0117")
    assert len(taken) == len(served.asked) >= 4
    assert {one.kind for one in taken} == {"search", "ask"}
    assert {one.error for one in taken} == {""}
    questions = [body.get("query") or body["question"] for _, body in served.asked]
    assert len(set(questions)) == len(questions)
    assert {body["case"] for _, body in served.asked} == {"2026-0117"}


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [(503, {"title": "磁盘已满"}, "HTTP 503"), (200, {"hits": [], "text": ""}, "empty"), (200, {}, "empty")],
)
def test_an_answer_that_helps_nobody_is_an_error(served: Served, status: int, answer: Any, error: str) -> None:
    served.status, served.answers = status, dict.fromkeys(ANSWERS, answer)
    taken = measured(served)
    assert {one.error for one in taken} == {error}
    good, said = rows(taken)
    assert not good
    assert f"× {error}" in said


def test_a_service_that_is_gone_is_an_error_and_no_end_of_the_measuring(served: Served) -> None:
    port = served.server_port
    served.server_close()
    taken = load.measure(port, Load(2, 0.1, 0.02), ["谁来管"], itertools.count(1))
    # the kernel may still have accepted the first of them
    assert taken
    assert {one.error for one in taken} <= {"ConnectionRefusedError", "ConnectionResetError"}


@pytest.mark.parametrize(("slow", "good"), [(300, True), (301, False)])
def test_the_95th_percentile_is_held_against_its_limit(slow: float, good: bool) -> None:
    searches = [Taken("search", slow if number >= 90 else 10, "") for number in range(100)]
    assert rows([*searches, Taken("ask", 20, "")])[0] is good


def test_nothing_measured_is_not_within_the_limits() -> None:
    good, said = rows([])
    assert not good
    assert said.count("NOT within") == 2


def test_a_file_gives_its_questions(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": 1, "query": "谁来管"}\n\n{"id": 2, "query": "要登记吗"}\n', encoding="utf-8")
    assert load.read_questions(path) == ["谁来管", "要登记吗"]
    assert len(load.read_questions(None)) > 3


@pytest.mark.parametrize("option", ["--users 201", "--users 0", "--seconds 601", "--think -1"])
def test_a_load_has_bounds(monkeypatch: pytest.MonkeyPatch, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["load", "home", *option.split()])
    with pytest.raises(SystemExit):
        load.main()
    assert option.split()[0] in capsys.readouterr().err
