"""Whether the service works, and how far reading has come."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from api import schemas
from api.routes.parts import Here, problems

router = APIRouter(prefix="/health", tags=["状态"])


@router.get("", summary="状态", response_model=schemas.Health, responses=problems())
def health(office: Here) -> Any:
    """索引建立到哪里，遇到什么问题。"""
    progress = office.progress()
    return {**asdict(progress), "ready": progress.ready}
