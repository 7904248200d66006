"""A model behind an endpoint: what it is sent, what comes back, and every way in which it can fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.model import (
    Endpoint,
    EndpointModel,
    Message,
    ModelFailed,
    ScriptedModel,
    is_loopback,
    tokens_at_most,
    without_thoughts,
)

KEY = "sk-geheim-0123456789"
ASK = [Message("system", "只写一句。"), Message("user", "你好")]
Reply = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class Server:
    """An endpoint on the loopback that replies as it is told and keeps what it was sent."""

    def __init__(self, reply: Reply) -> None:
        self.asked: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.asked.append(self.path)
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                server.bodies.append(body)
                server.headers.append({name.lower(): value for name, value in self.headers.items()})
                reply(self, body)

            def do_GET(self) -> None:
                server.asked.append(self.path)
                send(self, 200, json.dumps({"object": "list", "data": [{"id": "qwen", "object": "model"}]}))

            def log_message(self, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, text: str, kind: str = "application/json") -> None:
    data = text.encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def says(text: str) -> Reply:
    """Replies with a text, whole or streamed as it was asked for."""

    def reply(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        if not body.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            send(handler, 200, json.dumps({"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}))
            return
        lines = [event(piece) for piece in (text[:3], text[3:])]
        send(handler, 200, "".join([*lines, "data: [DONE]\n\n"]), "text/event-stream")

    return reply


def event(piece: str) -> str:
    choice = {"index": 0, "delta": {"content": piece}, "finish_reason": None}
    return "data: " + json.dumps({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}) + "\n\n"


def refuses(status: int) -> Reply:
    body = json.dumps({"error": {"message": f"key {KEY} is bad", "type": "x", "code": None}})
    return lambda handler, _: send(handler, status, body)


def breaks_off(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(event("开头").encode())
    handler.wfile.flush()
    handler.connection.shutdown(socket.SHUT_RDWR)
    handler.close_connection = True


def sleeps(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
    time.sleep(1.0)
    handler.close_connection = True


Serve = Callable[[Reply], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    opened: list[Server] = []

    def start(reply: Reply) -> Server:
        opened.append(Server(reply))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def model_at(url: str, timeout: float = 5.0) -> EndpointModel:
    return EndpointModel(Endpoint(url, "qwen", SecretStr(KEY), 4096, timeout))


def test_a_reply_is_read_whole_and_in_pieces(serve: Serve) -> None:
    server = serve(says("旅馆应当登记。"))
    model = model_at(server.url)
    assert model.complete(ASK, longest=77) == "旅馆应当登记。"
    assert list(model.stream(ASK))[:2] == ["旅馆应", "当登记。"]
    sent = server.bodies[0]
    assert [(one["role"], one["content"]) for one in sent["messages"]] == [("system", "只写一句。"), ("user", "你好")]
    assert (sent["model"], sent["max_tokens"], sent["temperature"]) == ("qwen", 77, 0)
    assert "max_completion_tokens" not in sent
    assert model.known() == ["qwen"]


def test_the_key_goes_to_the_endpoint_and_is_shown_nowhere(serve: Serve) -> None:
    server = serve(refuses(401))
    model = model_at(server.url)
    with pytest.raises(ModelFailed) as caught:
        model.complete(ASK)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "model_key" in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    for shown in (repr(model), str(caught.value), repr(Endpoint(server.url, "m", SecretStr(KEY)))):
        assert KEY not in shown


def test_without_a_key_none_of_the_environment_is_shown_to_the_endpoint(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-another-house")
    server = serve(says("好。"))
    EndpointModel(Endpoint(server.url, "qwen")).complete(ASK)
    assert "another-house" not in json.dumps(server.headers)


def test_connections_are_given_back(serve: Serve) -> None:
    model = model_at(serve(says("好。")).url)
    model.close()  # before anything was opened
    model.complete(ASK)
    connections = model._connections
    model.close()
    assert connections.is_closed


def test_a_password_in_the_address_is_not_shown() -> None:
    assert Endpoint("http://user:geheim@10.0.0.1:8000/v1", "m").place == "http://10.0.0.1:8000"


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (refuses(403), "model_key"),
        (refuses(404), "model_name"),
        (refuses(429), "太忙"),
        (refuses(400), "model_window"),
        (refuses(500), "出错（500）"),
        (lambda handler, _: send(handler, 200, "{half", "application/json"), "格式不对"),
        (lambda handler, _: send(handler, 200, "<html>", "text/html"), "格式不对"),
        (lambda handler, _: send(handler, 200, "{}"), "格式不对"),
        (lambda handler, _: send(handler, 200, '{"choices": []}'), "格式不对"),
        (says("  "), "空的"),
        (says("<think>想了很久"), "空的"),
    ],
)
def test_what_goes_wrong_is_a_sentence_that_says_what_to_do(serve: Serve, reply: Reply, word: str) -> None:
    with pytest.raises(ModelFailed, match=word):
        model_at(serve(reply).url).complete(ASK)


@pytest.mark.parametrize(
    ("reply", "word"),
    [
        (refuses(500), "出错（500）"),
        (breaks_off, "连不上"),
        (lambda handler, _: send(handler, 200, "data: {half\n\n", "text/event-stream"), "格式不对"),
        (lambda handler, _: send(handler, 200, "data: [DONE]\n\n", "text/event-stream"), "格式不对|空的"),
        (lambda handler, _: send(handler, 200, "<html>", "text/html"), "格式不对|空的"),
        (says(""), "空的"),
    ],
)
def test_a_stream_that_goes_wrong_is_one_too(serve: Serve, reply: Reply, word: str) -> None:
    with pytest.raises(ModelFailed, match=word):
        list(model_at(serve(reply).url).stream(ASK))


def test_nobody_at_the_address(unused_port: int) -> None:
    with pytest.raises(ModelFailed, match="连不上"):
        model_at(f"http://127.0.0.1:{unused_port}/v1").complete(ASK)
    with pytest.raises(ModelFailed, match="连不上"):
        model_at(f"http://127.0.0.1:{unused_port}/v1").known()


def test_a_slow_model_is_not_waited_for(serve: Serve) -> None:
    model = model_at(serve(sleeps).url, timeout=0.2)
    began = time.monotonic()
    with pytest.raises(ModelFailed, match="model_timeout"):
        model.complete(ASK)
    assert time.monotonic() - began < 5.0


def test_a_loopback_endpoint_is_reached_past_every_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "OPENAI_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert model_at(serve(says("好。")).url).complete(ASK) == "好。"


def test_nothing_is_reported_to_langsmith(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    utils = pytest.importorskip("langsmith.utils")
    tracers = pytest.importorskip("langchain_core.tracers.langchain")
    utils.get_env_var.cache_clear()
    listener = serve(refuses(500))
    for name, value in (("TRACING", "true"), ("TRACING_V2", "true"), ("API_KEY", "x"), ("ENDPOINT", listener.url)):
        monkeypatch.setenv(f"LANGSMITH_{name}", value)
    model = model_at(serve(says("好。")).url)
    model.complete(ASK)
    assert "".join(model.stream(ASK)) == "好。"
    tracers.wait_for_all_tracers()  # they would send from threads of their own
    utils.get_env_var.cache_clear()
    assert listener.asked == []


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000/v1", True), ("http://localhost/v1", True), ("http://[::1]:8/v1", True),
        ("http://127.9.9.9/v1", True), ("http://10.0.0.2/v1", False), ("https://localhost.evil.com/v1", False),
        ("http://0.0.0.0/v1", False), ("https://api.example.com/v1", False), ("", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_local(url: str, local: bool) -> None:
    assert is_loopback(url) is local
    assert Endpoint(url, "m").local is local


@pytest.mark.parametrize(
    ("pieces", "left"),
    [
        (["<think>先想", "一想</think>\n\n登记", "。"], "登记。"),
        (["<thi", "nk>想</thi", "nk>登记。"], "登记。"),
        (["<", "材料>登记。"], "<材料>登记。"),
        (["登记", "。<think>"], "登记。<think>"),
        (["<think>没有想完"], ""),
        ([], ""),
    ],
)
def test_thoughts_before_a_reply_are_left_out(pieces: list[str], left: str) -> None:
    assert "".join(without_thoughts(iter(pieces))) == left


def test_tokens_are_never_counted_too_low() -> None:
    assert tokens_at_most("旅馆应当登记。") == 7
    assert tokens_at_most("2024年abc") == 8
    assert tokens_at_most("𠮷") == 4  # spelt out byte by byte


def test_a_script_is_followed_and_what_was_heard_is_kept() -> None:
    model = ScriptedModel(["一二三四五六七八九", ModelFailed("坏了。")])
    assert list(model.stream(ASK, names={"张三"})) == ["一二三四五六七", "八九"]
    with pytest.raises(ModelFailed):
        model.complete(ASK)
    assert model.heard[0] == tuple(ASK)
    assert model.told[0] == {"张三"}
