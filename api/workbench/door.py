"""How the pages join the app: every path that no route of the API takes is theirs, if it is one of theirs at all."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from api.office import Office
from api.workbench.labels import PAGES

STATIC = Path(__file__).parent / "static"
STATIC_PATH = "/workbench"
OFFICE = "gongzhi.office"  # where a request carries its office; NiceGUI itself is one for the whole process
OWN = ("/_nicegui", STATIC_PATH + "/")  # what pages fetch

_Scope = MutableMapping[str, Any]
_App = Callable[[_Scope, Any, Any], Awaitable[None]]


def mount(app: FastAPI, office: Office) -> None:
    """Serve the pages of the workbench beside the routes of `app`, and start and stop them with it.

    NiceGUI keeps one set of pages for a process: of several apps that live at the same time only one should
    have a workbench; one after the other is fine.
    """
    app.router.default = _Door(_pages(), office, app.router.default)
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(one: FastAPI) -> AsyncIterator[Any]:
        carrier = _pages()
        async with carrier.router.lifespan_context(carrier), inner(one) as state:
            yield state

    app.router.lifespan_context = lifespan


def asset(name: str) -> str:
    """The address of a file of ours, new whenever the file is, so that no browser shows an old one."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={mark}"


@dataclass(frozen=True)
class _Door:
    """Takes requests for pages to NiceGUI, with the office that they are about; others to where they went before."""

    pages: _App
    office: Office
    other: _App

    async def __call__(self, scope: _Scope, receive: Any, send: Any) -> None:
        path = scope["path"]
        if path in PAGES or path == "/favicon.ico" or path.startswith(OWN):
            scope[OFFICE] = self.office
            await self.pages(scope, receive, send)
        else:
            await self.other(scope, receive, send)


@cache
def _pages() -> FastAPI:
    """NiceGUI with our pages: made once for a process, as it cannot be made twice.

    It keeps no cookie and no file (no storage secret is set), and sends nothing anywhere.
    """
    from nicegui import app as pages
    from nicegui import ui

    from api.workbench.frame import register

    carrier = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    pages.add_static_files(STATIC_PATH, STATIC, max_cache_age=86_400)
    ui.run_with(
        carrier,
        title="共治 · 工作台",
        favicon=STATIC / "favicon.svg",
        dark=False,
        language="zh-CN",
        binding_refresh_interval=None,  # nothing is bound by polling
        reconnect_timeout=30.0,
        tailwind=False,
        show_welcome_message=False,
    )
    register()
    return carrier
