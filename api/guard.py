"""Who may speak to the service at all: the token, the name it is called by, the page that sends, the size."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from api.problems import MEDIA_TYPE, Problem, encoded, problem_of_status

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = dict[str, str]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE = ("GET", "HEAD", "OPTIONS")
LARGEST_JSON = 1 << 20  # bytes of a request that uploads no file
FORM_EXTRA = 1 << 20  # bytes around the files of a form

# pages and answers are for who asked: kept by no cache, shown in no frame, told to no other site
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"no-referrer"),
)
_API = ((b"cache-control", b"no-store"),)


class Guard:
    """Refuses, before anything is read, what no handler should see; works for pages and sockets alike.

    `hosts` are the names that the service is called by: a page elsewhere whose name was bent to the loopback
    (DNS rebinding) comes with another one. None where a token guards instead. With a token, programs bring it
    as `Authorization: Bearer`, and browsers ask their user for it (Basic; any name, the token as password).
    """

    def __init__(self, app: App, *, token: str | None, hosts: frozenset[str] | None, upload_limit: int) -> None:
        self._app = app
        self._token = token
        self._hosts = hosts
        self._upload_limit = upload_limit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _refuse(scope, send, refused)
            return
        bounded = _Bounded(receive, send, self._limit(headers), _extra(scope))
        await self._app(scope, bounded.receive, bounded.send)

    def _refusal(self, scope: Message, headers: Headers) -> Problem | None:
        if self._hosts is not None and _name(headers.get("host", "")) not in self._hosts:
            return problem_of_status(403)
        if (scope["type"] == "websocket" or scope["method"] not in SAFE) and _foreign(headers):
            return problem_of_status(403)
        if self._token is not None and not _brings(self._token, headers.get("authorization", "")):
            return problem_of_status(401)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._limit(headers):
            return problem_of_status(413)
        return None

    def _limit(self, headers: Headers) -> int:
        form = headers.get("content-type", "").lower().startswith("multipart/form-data")
        return self._upload_limit + FORM_EXTRA if form else LARGEST_JSON


class _Bounded:
    """Lets a body in up to a limit, also where its length was not told before; adds headers to the answer."""

    def __init__(self, receive: Receive, send: Send, limit: int, extra: tuple[tuple[bytes, bytes], ...]) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._extra = extra
        self._answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                return {"type": "http.disconnect"}  # ends the reading; the answer to that is replaced below
        return message

    async def send(self, message: Message) -> None:
        if self._left < 0:
            if not self._answered:
                self._answered = True
                await _answer(self._send, problem_of_status(413))
            return
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *self._extra]
        await self._send(message)


def _extra(scope: Message) -> tuple[tuple[bytes, bytes], ...]:
    return (*_ALWAYS, *_API) if scope["path"].startswith("/api/") else _ALWAYS


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _foreign(headers: Headers) -> bool:
    """Whether a browser says that another site's page sends this; programs say nothing."""
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()


def _brings(token: str, authorization: str) -> bool:
    """Whether the header holds the token; compared in constant time."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), token.encode())


async def _refuse(scope: Message, send: Send, told: Problem) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    ask = "Bearer" if scope["path"].startswith("/api/") else 'Basic realm="gongzhi", charset="UTF-8"'
    await _answer(send, told, ((b"www-authenticate", ask.encode()),) if told["status"] == 401 else ())


async def _answer(send: Send, told: Problem, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    body = encoded(told)
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode()), *_ALWAYS, *more]
    await send({"type": "http.response.start", "status": told["status"], "headers": headers})
    await send({"type": "http.response.body", "body": body})
