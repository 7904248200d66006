"""Law over HTTP: a text on a day, one article, the versions."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api import schemas, shapes
from api.lawreading import LawText
from api.routes.parts import Here, problems
from indexes.library import LawVersion

router = APIRouter(prefix="/law", tags=["法律"])

Name = Annotated[str, Query(min_length=1, max_length=200, description="名称，可用通行的简称。", examples=["未成年人保护法"])]
Article = Annotated[str | None, Query(max_length=40, description="条号；不写则为全文。", examples=["第五十七条"])]
On = Annotated[schemas.Day | None, Query(description="以哪一天为准；不写则为今天。")]


@router.get("", summary="法律条文", response_model=schemas.LawText, responses=problems(404))
def read(office: Here, name: Name, article: Article = None, on: On = None) -> Any:
    """一部法律在某一天的全文，或其中一条，并说明效力。"""
    return _text(office.law(name, article, on))


@router.get("/versions", summary="法律的各个文本", response_model=schemas.LawVersions, responses=problems(404))
def versions(office: Here, name: Name, on: On = None) -> Any:
    """旧的在前。"""
    found = office.law_versions(name, on)
    return {"law": shapes.law_name(found[0][0].name), "versions": [_version(one, status) for one, status in found]}


def _text(found: LawText) -> dict[str, Any]:
    articles = [
        {"article": one.label, "chapter": one.chapter, "text": one.text, "start": one.start, "end": one.end}
        for one in found.articles
    ]
    law = {"law": shapes.law_name(found.version.name), "detail": found.detail, "articles": articles}
    return {**law, **_version(found.version, found.status)}


def _version(version: LawVersion, status: str) -> dict[str, Any]:
    return {
        "version": _iso(version.version),
        "in_force_from": _iso(version.in_force_from),
        "in_force_to": _iso(version.in_force_to),
        "status": status,
        "source": version.source,
        "document_id": version.document_id,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
