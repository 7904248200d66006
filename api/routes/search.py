"""Search over HTTP. By POST, so that what is sought stands in no log of addresses."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import precedent_shapes, schemas
from api.asking import scope
from api.routes.parts import Here, problems

router = APIRouter(prefix="/search", tags=["检索与提问"])


@router.post("", summary="检索", response_model=schemas.Hits, responses=problems(404, 409))
def search(office: Here, wanted: schemas.Search) -> Any:
    """检索案卷、先例与法律；同一条法律的几个文本只出一次。"""
    narrow = (wanted.office, wanted.year, tuple(wanted.level))
    where = scope(wanted.kind, wanted.case, wanted.as_of, wanted.in_force, *narrow)
    found = office.reasoned(wanted.query, wanted.k, scope=where, by=wanted.by)
    hits = [precedent_shapes.hit(one) for one in found]
    return {"query": wanted.query, "ready": office.progress().ready, "hits": hits}
