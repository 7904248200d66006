"""Citations over HTTP: those of a text or a document, each checked on a day."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import cite_shapes
from api.routes.parts import Here, problems

router = APIRouter(prefix="/cite", tags=["法律"])


@router.post("", summary="核对引用", response_model=cite_shapes.Citations, responses=problems(404))
def check(office: Here, wanted: cite_shapes.CheckCitations) -> Any:
    """逐处核对引用的法条：是否存在、是否有效、款项是否对、引文是否一字不差；不在库中的一律为待核实。"""
    return cite_shapes.citations(office.cite(wanted.text, wanted.document_id, wanted.on))
