"""Errors as HTTP tells them: application/problem+json (RFC 9457), in Chinese, saying what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from api.failing import named_errors, sentence_and_code
from assistant.errors import AssistantError, BadSettings, NotThere
from assistant.save import ExportError
from indexes.embed import EmbedderError
from indexes.errors import ForeignEmbedder, StoreError
from ingestion.errors import MissingFile, ReadingError, UnknownFormat
from prompts.loader import KnowledgeError

MEDIA_TYPE = "application/problem+json"

Problem = dict[str, Any]

# the first family that an error belongs to counts: (family, status, type, title)
_FAMILIES: tuple[tuple[type[Exception], int, str, str], ...] = (
    (NotThere, 404, "not-there", "没有找到"),
    (BadSettings, 503, "bad-settings", "设置有误"),
    (ExportError, 503, "not-written", "文件无法写出"),
    (AssistantError, 422, "bad-request", "请求无法处理"),
    (MissingFile, 404, "not-there", "没有找到"),
    (UnknownFormat, 415, "unknown-format", "文件格式不能读"),
    (ReadingError, 422, "unreadable", "文件不能读"),
    (ForeignEmbedder, 409, "foreign-embedder", "嵌入模型不一致"),
    (StoreError, 503, "store", "数据目前不能使用"),
    (EmbedderError, 503, "embedder", "嵌入模型目前不能使用"),
    (KnowledgeError, 503, "knowledge", "知识文件有误"),
    (OSError, 503, "system", "读写出错"),
)
_BY_STATUS: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        400: ("bad-request", "请求无法处理", "请求的内容不完整或写法有误，无法解析。请检查后重新发送。"),
        401: ("no-token", "需要口令", "请在请求头里带上管理员设置的口令：Authorization: Bearer 口令。"),
        403: ("foreign", "来源不被允许", "请求来自别的网站或别的主机名，已拒绝。请直接访问本服务的地址。"),
        404: ("no-route", "没有这个地址", "没有这个地址。可用的地址见 /openapi.json。"),
        405: ("no-method", "不支持这种方法", "这个地址不支持这种请求方法。可用的方法见 /openapi.json。"),
        413: ("too-large", "上传的内容太大", "上传的内容太大。请分几次上传，或请管理员调大设置 upload_mb。"),
        500: ("defect", "程序出错", "程序遇到没有料到的情况，这次请求没有完成；服务仍在运行。请把服务端的日志交给维护人员。"),
    }
)
# what a wrong value is told, by the kind of error that pydantic reports; the limits are filled in
_VALUES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "缺少这一项",
        "extra_forbidden": "不认识这一项，请删去或检查拼写",
        "string_too_short": "不能为空",
        "string_too_long": "不能超过 {max_length} 个字",
        "string_type": "应是一段文字",
        "string_unicode": "含有不成字的编码",
        "greater_than_equal": "不能小于 {ge}",
        "less_than_equal": "不能大于 {le}",
        "int_parsing": "应是一个整数",
        "int_type": "应是一个整数",
        "int_from_float": "应是一个整数",
        "bool_parsing": "应是 true 或 false",
        "bool_type": "应是 true 或 false",
        "literal_error": "可以写 {expected}",
        "json_invalid": "不是正确的 JSON",
        "model_attributes_type": "应是一个 JSON 对象",
        "dict_type": "应是一个 JSON 对象",
        "list_type": "应是一个列表",
        "date_from_datetime_parsing": "日期请写成 2026-01-31 的样子",
        "date_parsing": "没有这一天，日期请写成 2026-01-31 的样子",
        "date_type": "日期请写成 2026-01-31 的样子",
    }
)


def install(app: FastAPI) -> None:
    """Let every error that has a name end in a problem, and every other one in a problem that hides its inside."""
    app.add_exception_handler(RequestValidationError, _invalid)
    for family in named_errors():
        app.add_exception_handler(family, _named)
    for code in _BY_STATUS:
        app.add_exception_handler(code, _status)


def problem_of(error: Exception) -> Problem:
    """The problem that tells one of the named errors."""
    status, kind, title = next(
        ((status, kind, title) for family, status, kind, title in _FAMILIES if isinstance(error, family)),
        (422, "bad-request", "请求无法处理"),
    )
    return problem(status, kind, title, sentence_and_code(error)[0])


def problem_of_status(status: int, detail: str = "") -> Problem:
    """The problem that stands for a status."""
    kind, title, said = _BY_STATUS[status]
    return problem(status, kind, title, detail or said)


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> Problem:
    """A problem by its parts; `more` are members of its own."""
    return {"type": f"urn:gongzhi:{kind}", "title": title, "status": status, "detail": detail, **more}


def answer(told: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response that carries a problem."""
    return JSONResponse(told, told["status"], headers, MEDIA_TYPE)


def encoded(told: Problem) -> bytes:
    """A problem as it goes over the wire."""
    return json.dumps(told, ensure_ascii=False).encode()


def _named(_: Request, error: Exception) -> JSONResponse:
    return answer(problem_of(error))


def _status(_: Request, error: Exception) -> JSONResponse:
    status = getattr(error, "status_code", 500)
    return answer(problem_of_status(status), getattr(error, "headers", None))


def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    wrong = [{"where": _where(one["loc"]), "why": _why(one)} for one in error.errors()]
    said = "；".join(f"{one['where']}：{one['why']}" for one in wrong)
    return answer(problem(422, "invalid", "请求写法有误", f"{said}。请改正后重新发送。", errors=wrong))


def _where(place: Sequence[Any]) -> str:
    """The name of a value in the request, as its sender wrote it."""
    named = [str(part) for part in place[1:] if isinstance(part, str)]
    return ".".join(named) or "请求正文"


def _why(error: Mapping[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        said = str(context.get("error", ""))
        return "应是用 multipart/form-data 上传的文件" if "UploadFile" in said else said
    expected = str(context.get("expected", "")).replace("'", "").replace(" or ", "、").replace(", ", "、")
    return _VALUES.get(kind, "值不合要求").format(**{**context, "expected": expected})
