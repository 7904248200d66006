"""Letters over HTTP: draft, list, read, download, delete."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse

from api import schemas, shapes
from api.drafts import DraftRecord
from api.routes.parts import CaseQuery, Here, problems
from api.uploads import safe_name

router = APIRouter(prefix="/drafts", tags=["文书"])

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FILE: dict[int | str, dict[str, Any]] = {**problems(404), 200: {"description": ".docx 文件", "content": {WORD: {}}}}


@router.post("", summary="起草检察建议书", status_code=201, response_model=schemas.Draft, responses=problems(404))
def create(office: Here, new: schemas.NewDraft) -> Any:
    """句句有依据，缺什么标明什么；草稿与 .docx 都会保存。"""
    return _shape(office.draft(new.case, new.to, new.type, new.on, new.polish))


@router.get("", summary="列出草稿", response_model=schemas.Drafts, responses=problems())
def listed(office: Here, case: CaseQuery = None) -> Any:
    """最新的在前。"""
    return {"drafts": [_line(one) for one in office.drafts(case)]}


@router.get("/{draft_id}", summary="一份草稿", response_model=schemas.Draft, responses=problems(404))
def read(office: Here, draft_id: str) -> Any:
    """各部分、逐句的依据与还缺什么。"""
    return _shape(office.read_draft(draft_id))


@router.get("/{draft_id}/letter", summary="下载检察建议书", response_class=Response, responses=_FILE)
def letter(office: Here, draft_id: str) -> FileResponse:
    """公文格式的 .docx。"""
    record = office.read_draft(draft_id)
    return FileResponse(record.letter, media_type=WORD, filename=_name(record, "检察建议书"))


@router.get("/{draft_id}/annex", summary="下载证据附表", response_class=Response, responses=_FILE)
def annex(office: Here, draft_id: str) -> FileResponse:
    """每句话依据哪一段原文。"""
    record = office.read_draft(draft_id)
    return FileResponse(record.annex, media_type=WORD, filename=_name(record, "检察建议书-证据附表"))


@router.delete("/{draft_id}", summary="删除草稿", status_code=204, responses=problems(404))
def remove(office: Here, draft_id: str) -> None:
    """连同它的 .docx 一起删除。"""
    office.remove_draft(draft_id)


def _name(record: DraftRecord, what: str) -> str:
    return safe_name(f"{what}-{record.case.replace('/', '-')}.docx")


def _shape(record: DraftRecord) -> dict[str, Any]:
    address = f"/api/v1/drafts/{record.id}"
    return {
        "id": record.id,
        "case": record.case,
        "created_at": record.created_at,
        "addressee": record.draft.addressee,
        "date": record.draft.date,
        **shapes.draft(record.draft, f"{address}/letter"),
        "annex": f"{address}/annex",
    }


def _line(record: DraftRecord) -> dict[str, Any]:
    draft = record.draft
    return {
        "id": record.id,
        "case": record.case,
        "created_at": record.created_at,
        "addressee": draft.addressee,
        "letter_type": draft.letter_type,
        "title": draft.title,
        "date": draft.date,
        "gaps": sum(len(section.gaps) for section in draft.sections),
    }
