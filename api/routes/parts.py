"""What handlers share: the office, days, and the problems that every route can answer with."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Request

from api.office import Office
from api.schemas import Problem
from ingestion.document import Kind


def office_of(request: Request) -> Office:
    """The office of the app."""
    office: Office = request.app.state.office
    return office


Here = Annotated[Office, Depends(office_of)]
CaseQuery = Annotated[str | None, Query(description="案件编号；不写则不限案件。", examples=["2026-0117"])]
KindQuery = Annotated[Kind | None, Query(description="文书种类；不写则不限种类（不含法律法规）。")]

_SAID = {
    401: "缺少口令，或口令不对",
    403: "请求来自别的网站或别的主机名",
    404: "按名称或编号找不到",
    409: "数据与设置冲突",
    413: "上传的内容太大",
    415: "没有能读这种文件的阅读器",
    422: "请求写法有误，或内容无法处理",
    503: "数据目前不能使用（磁盘已满、文件损坏等）",
}


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route can answer with, for OpenAPI."""
    return {code: {"model": Problem, "description": _SAID[code]} for code in sorted({401, 403, 422, 503, *codes})}
