"""Hearings over HTTP: the summary of a record, and its .docx."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api import hearing_schemas, hearing_shapes
from api.routes.parts import Here, problems

router = APIRouter(prefix="/hearings", tags=["听证"])

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILE: dict[int | str, dict[str, Any]] = {
    **problems(404, 422), 200: {"description": ".docx 文件", "content": {WORD: {}}}
}


@router.get("/{document_id}", summary="听证摘要", response_model=hearing_schemas.Hearing, responses=problems(404, 422))
def read(office: Here, document_id: str) -> Any:
    """一份听证笔录的争议焦点、各方意见、听证员意见与计票、承诺事项；每处都有原文位置。"""
    return hearing_shapes.summary(office.hearing(document_id))


@router.get("/{document_id}/paper", summary="下载听证情况摘要", response_class=Response, responses=_FILE)
def paper(office: Here, document_id: str) -> FileResponse:
    """.docx；受保护的人用化名。"""
    return FileResponse(office.hearing_paper(document_id), media_type=WORD, filename="听证情况摘要.docx")


@router.get("/{document_id}/annex", summary="下载证据附表", response_class=Response, responses=_FILE)
def annex(office: Here, document_id: str) -> FileResponse:
    """摘要每句话依据笔录的哪一段原文。"""
    return FileResponse(office.hearing_annex(document_id), media_type=WORD, filename="听证情况摘要-证据附表.docx")
