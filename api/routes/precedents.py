"""Precedents over HTTP: suggestion letters by meaning, and what is like a document."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api import precedent_shapes
from api.routes.parts import Here, problems

router = APIRouter(tags=["检索与提问"])

Count = Annotated[int, Query(ge=1, le=100, description="最多几份。")]


@router.post(
    "/precedents", summary="找先例", response_model=precedent_shapes.PrecedentCards, responses=problems()
)
def precedents(office: Here, wanted: precedent_shapes.PrecedentSearch) -> Any:
    """以往的检察建议书：问题、措施、回复，及各类别的份数。"""
    return precedent_shapes.letters(office.precedents(wanted.query, wanted.k, wanted.where))


@router.get(
    "/documents/{document_id}/similar",
    summary="相似的案件与先例",
    response_model=precedent_shapes.SimilarShape,
    responses=problems(404),
)
def similar(office: Here, document_id: str, k: Count = 10) -> Any:
    """事实相似的案件与先例；已向同一单位发过相似的建议书时提醒。"""
    return precedent_shapes.similar(document_id, office.similar(document_id, k))
