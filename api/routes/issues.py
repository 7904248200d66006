"""Governance issues over HTTP: behind a case, or in one document."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import schemas, shapes
from api.routes.parts import Here, problems

router = APIRouter(prefix="/issues", tags=["社会治理问题"])


@router.post("", summary="查找社会治理问题", response_model=schemas.Findings, responses=problems(404))
def find(office: Here, wanted: schemas.FindIssues) -> Any:
    """每个问题都附原文、职责与条文效力；一件案件只作个案提示。"""
    return shapes.findings(office.issues(case=wanted.case, document_id=wanted.document_id, on=wanted.on))
