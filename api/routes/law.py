"""Law over HTTP: a text on a day, one article, the versions, two days side by side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api import law_shapes, schemas
from api.routes.parts import Here, problems

router = APIRouter(prefix="/law", tags=["法律"])

Name = Annotated[str, Query(min_length=1, max_length=200, description="名称，可用通行的简称。", examples=["未成年人保护法"])]
Article = Annotated[str | None, Query(max_length=40, description="条号；不写则为全文。", examples=["第五十七条"])]
On = Annotated[schemas.Day | None, Query(description="以哪一天为准；不写则为今天。")]
Early = Annotated[schemas.Day, Query(description="前一天。", examples=["2018-12-01"])]
Late = Annotated[schemas.Day, Query(description="后一天。", examples=["2024-08-01"])]


@router.get("", summary="法律条文", response_model=law_shapes.Text, responses=problems(404))
def read(office: Here, name: Name, article: Article = None, on: On = None) -> Any:
    """一部法律在某一天的全文，或其中一条，并说明效力。"""
    return law_shapes.text(office.desk, office.law(name, article, on))


@router.get("/versions", summary="法律的各个文本", response_model=law_shapes.Versions, responses=problems(404))
def versions(office: Here, name: Name, on: On = None) -> Any:
    """旧的在前。"""
    return law_shapes.versions(office.desk, office.law_versions(name, on))


@router.get("/diff", summary="法律的两个文本对照", response_model=law_shapes.Diff, responses=problems(404))
def diff(office: Here, name: Name, first: Early, second: Late) -> Any:
    """一部法律在两天的文本，逐条对照；后一天已被另一部法律取代的，与那一部对照。"""
    return law_shapes.diff(office.law_diff(name, first, second))
