"""The door of langchain: what a model is, one behind an OpenAI-compatible endpoint, and one that follows a script."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import urlsplit

from pydantic import SecretStr

from assistant.errors import AssistantError

if TYPE_CHECKING:
    import httpx
    from langchain_core.messages import BaseMessage
    from langchain_openai import ChatOpenAI

Role = Literal["system", "user", "assistant"]
LONGEST_REPLY = 1024  # tokens that a model may write; a longer answer is no answer to one question
THOUGHTS = ("<think>", "</think>")  # what reasoning models put before their reply
PIECE = 7  # characters that the scripted model gives at a time


class ModelFailed(AssistantError):
    """The model gave nothing that can be used; the message is a Chinese sentence and never holds the key."""


@dataclass(frozen=True)
class Message:
    """One part of what a model is told."""

    role: Role
    text: str


class Model(Protocol):
    """Writes text from messages.

    `window` is how many tokens prompt and reply may have together; `local` says whether it runs on this
    machine (then what it is told does not leave it). `names` are persons whom the messages may name and
    who must not become known outside; a local model may be told them.
    """

    @property
    def name(self) -> str:
        """What the endpoint calls it."""
        ...

    @property
    def window(self) -> int:
        """Tokens of prompt and reply together."""
        ...

    @property
    def local(self) -> bool:
        """Whether nothing that it is told leaves this machine."""
        ...

    def complete(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> str:
        """The reply, `longest` tokens at most, not empty. Raises ModelFailed."""
        ...

    def stream(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> Iterator[str]:
        """The reply in pieces as it is written. Raises ModelFailed, also after the first pieces."""
        ...

    def known(self) -> list[str]:
        """The names of the models that the endpoint offers. Raises ModelFailed."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...


@dataclass(frozen=True)
class Endpoint:
    """Where a model answers: an OpenAI-compatible URL (…/v1), the model's name, the key, and limits.

    `window` is in tokens, `timeout` in seconds for a whole reply.
    """

    url: str
    name: str
    key: SecretStr | None = None
    window: int = 8192
    timeout: float = 120.0

    @property
    def local(self) -> bool:
        """Whether the endpoint is this machine."""
        return is_loopback(self.url)

    @property
    def place(self) -> str:
        """The host as it is shown: without user, password and path."""
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        return f"{parts.scheme}://{host}:{parts.port}" if parts.port else f"{parts.scheme}://{host}"


class EndpointModel:
    """A model behind an OpenAI-compatible endpoint, through langchain; nothing is loaded before the first call."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.name = endpoint.name
        self.window = endpoint.window
        self.local = endpoint.local

    def __repr__(self) -> str:
        return f"EndpointModel({self.name} at {self._endpoint.place})"

    def complete(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> str:
        """The reply; raises ModelFailed for anything that goes wrong at the endpoint, and for an empty reply."""
        with self._translated():
            reply = self._chat.invoke(_foreign(messages), **_limits(longest)).text
        text = "".join(without_thoughts(iter([reply]))).strip()
        if not text:
            raise ModelFailed(f"模型 {self.name} 的答复是空的。")
        return text

    def stream(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> Iterator[str]:
        """The reply in pieces; raises ModelFailed, too, where the whole takes longer than the timeout."""
        with self._translated():
            yield from without_thoughts(self._pieces(messages, longest))

    def known(self) -> list[str]:
        """What the endpoint lists under /models."""
        with self._translated():
            return [str(one.id) for one in self._chat.root_client.models.list().data]

    def close(self) -> None:
        """Close the connections, if any were opened."""
        if "_connections" in self.__dict__:
            self._connections.close()

    def _pieces(self, messages: Sequence[Message], longest: int) -> Iterator[str]:
        until = time.monotonic() + self._endpoint.timeout
        empty = True
        for chunk in self._chat.stream(_foreign(messages), **_limits(longest)):
            if time.monotonic() > until:
                raise ModelFailed(self._too_slow())
            empty = empty and not chunk.text.strip()
            yield chunk.text
        if empty:
            raise ModelFailed(f"模型 {self.name} 的答复是空的。")

    @cached_property
    def _chat(self) -> ChatOpenAI:
        """The client; nothing is reported to langsmith."""
        import langsmith
        from langchain_openai import ChatOpenAI

        langsmith.configure(enabled=False)
        end = self._endpoint
        # a key must be given, or the client would take OPENAI_API_KEY and show it to this endpoint
        key = end.key or SecretStr("none")
        return ChatOpenAI(
            base_url=end.url, model=end.name, api_key=key, timeout=end.timeout, max_retries=0, temperature=0,
            http_client=self._connections, openai_proxy="",
        )  # fmt: skip

    @cached_property
    def _connections(self) -> httpx.Client:
        """Connections of our own, to be closed; a loopback endpoint is reached past every proxy."""
        import httpx

        return httpx.Client(trust_env=not self.local, timeout=self._endpoint.timeout)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Foreign errors become ModelFailed; they are not chained, for what they quote may hold the key."""
        import httpx
        import openai

        try:
            yield
        except (openai.APITimeoutError, httpx.TimeoutException):
            raise ModelFailed(self._too_slow()) from None
        except openai.APIStatusError as error:
            raise ModelFailed(self._refused(error.status_code)) from None
        except (openai.APIConnectionError, httpx.TransportError, OSError):
            raise ModelFailed(
                f"连不上模型服务 {self._endpoint.place}。请检查它是否已启动、设置 model_url 是否正确。"
            ) from None
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, *_MALFORMED):
            raise ModelFailed(
                f"模型服务 {self._endpoint.place} 的答复格式不对。请确认设置 model_url 指向 OpenAI 兼容接口（一般以 /v1 结尾）。"
            ) from None

    def _too_slow(self) -> str:
        return f"模型 {self.name} 在 {self._endpoint.timeout:g} 秒内没有答完。请稍后再试，或调大设置 model_timeout。"

    def _refused(self, status: int) -> str:
        if status in (401, 403):
            return f"模型服务 {self._endpoint.place} 不接受密钥（{status}）。请检查设置 model_key。"
        if status == 404:
            return f"模型服务 {self._endpoint.place} 没有 {self.name}（404）。请检查设置 model_url 与 model_name。"
        if status == 429:
            return f"模型服务 {self._endpoint.place} 太忙（429）。请稍后再试。"
        if status in (400, 413, 422):
            return f"模型 {self.name} 不接受这次请求（{status}），可能超出了它的窗口。请检查设置 model_window。"
        return f"模型服务 {self._endpoint.place} 出错（{status}）。请查看它的日志。"


# what reading a reply of another form ends in
_MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, RuntimeError)


@dataclass
class ScriptedModel:
    """Says what it was given to say, one line of the script for each call, and keeps what it heard (for tests).

    A ModelFailed in the script is raised; `breaks_after` characters of a streamed reply the endpoint breaks.
    """

    script: Sequence[str | ModelFailed]
    window: int = 8192
    local: bool = True
    name: str = "scripted"
    breaks_after: int | None = None
    heard: list[tuple[Message, ...]] = field(default_factory=list)
    told: list[frozenset[str]] = field(default_factory=list)

    def complete(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> str:
        """The next line of the script."""
        self.heard.append(tuple(messages))
        self.told.append(frozenset(names))
        says = self.script[len(self.heard) - 1]
        if isinstance(says, ModelFailed):
            raise says
        return says

    def stream(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> Iterator[str]:
        """The next line of the script, a few characters at a time."""
        said = self.complete(messages, names=names, longest=longest)
        for start in range(0, len(said), PIECE):
            if self.breaks_after is not None and start >= self.breaks_after:
                raise ModelFailed("模型服务中途断开。")
            yield said[start : start + PIECE]

    def known(self) -> list[str]:
        """Itself."""
        return [self.name]

    def close(self) -> None:
        """Nothing is open."""


def is_loopback(url: str) -> bool:
    """Whether a URL leads to this very machine."""
    host = urlsplit(url).hostname or ""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def tokens_at_most(text: str) -> int:
    """How many tokens a text has at most, by the tokenizers of models that know Chinese (Qwen, DeepSeek, GLM …).

    One token for each character up to U+9FFF (running Chinese has 0.6 to 0.8), for any other as many as it
    has bytes in UTF-8, since a tokenizer may spell it out.
    """
    return sum(1 if character <= "\u9fff" else len(character.encode("utf-8", "replace")) for character in text)


def without_thoughts(pieces: Iterator[str]) -> Iterator[str]:
    """The pieces of a reply without the <think>…</think> that may stand before it."""
    begins, ends = THOUGHTS
    held = ""
    thinking = False
    for piece in pieces:
        held += piece
        if not thinking:
            head = held.lstrip()
            if head.startswith(begins):
                thinking = True
            elif not begins.startswith(head[: len(begins)]):
                yield held
                break
        if thinking and ends in held:
            yield held.partition(ends)[2].lstrip()
            break
    else:
        if not thinking:
            yield held
        return
    yield from pieces


def _limits(longest: int) -> dict[str, Any]:
    # max_tokens is what every compatible server knows; langchain would send max_completion_tokens
    return {"extra_body": {"max_tokens": longest}}


def _foreign(messages: Sequence[Message]) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: dict[Role, Callable[[str], BaseMessage]] = {
        "system": SystemMessage, "user": HumanMessage, "assistant": AIMessage
    }  # fmt: skip
    return [kinds[message.role](message.text) for message in messages]
