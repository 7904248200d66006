"""The app: routes, errors and guard around one office; built here for `gongzhi serve`, tests and other servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.openapi.utils import get_openapi

from api import problems
from api.guard import LOOPBACK, Guard
from api.office import Office
from api.routes import ask, cases, cite, documents, drafts, health, hearings, issues, law, precedents, search
from assistant.desk import Desk

PREFIX = "/api/v1"
ABOUT = """检察建议与社会治理的文书助手：上传案卷，检索，提问，起草，句句有出处。

出错时回答 `application/problem+json`（RFC 9457），`detail` 说明出了什么事、怎么办。
起止位置（`start`、`end`）按文件全文的字计，左闭右开：`text[start:end] == quote`。
管理员设置了口令时，每个请求都要带请求头 `Authorization: Bearer 口令`。"""


def create_app(desk: Desk, *, workbench: bool = True, hosts: frozenset[str] | None = LOOPBACK) -> FastAPI:
    """The app over one desk; its lifespan starts the office and closes it (and the desk) at the end.

    `hosts` are the names by which it may be called (None: any, for where the token of the settings guards it);
    `workbench` adds the pages, where they are installed. The office is `app.state.office`.
    """
    app = FastAPI(
        title="共治 Gongzhi",
        summary="检察建议与社会治理的文书助手",
        description=ABOUT,
        version=_version(),
        lifespan=_lifespan,
        docs_url=None,  # its page would fetch scripts from the internet
        redoc_url=None,
    )
    app.state.office = office = Office(desk)
    api = APIRouter(prefix=PREFIX)
    for one in (documents, cases, search, precedents, ask, drafts, hearings, issues, law, cite, health):
        api.include_router(one.router)
    app.include_router(api)
    problems.install(app)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    if workbench:
        _mount_workbench(app, office)
    settings = desk.settings
    token = settings.token.get_secret_value() if settings.token else None
    app.add_middleware(Guard, token=token, hosts=hosts, upload_limit=settings.upload_mb << 20)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    office: Office = app.state.office
    office.start()
    try:
        yield
    finally:
        await run_in_threadpool(office.close)


def _mount_workbench(app: FastAPI, office: Office) -> None:
    from api.workbench import mount

    mount(app, office)


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI of the API, with problems under their own media type."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
        )
        for operation in [one for path in made["paths"].values() for one in path.values()]:
            for code, response in operation["responses"].items():
                if int(code) >= 400:
                    response["content"] = {problems.MEDIA_TYPE: response["content"]["application/json"]}
        app.openapi_schema = made
    return app.openapi_schema


def _version() -> str:
    try:
        return version("gongzhi")
    except PackageNotFoundError:  # run from a checkout
        return "0"
