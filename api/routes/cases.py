"""Cases over HTTP: list, create, read, delete."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import schemas
from api.office import Case
from api.routes.parts import Here, problems

router = APIRouter(prefix="/cases", tags=["案件"])


@router.get("", summary="列出案件", response_model=schemas.Cases, responses=problems())
def listed(office: Here) -> Any:
    """最近有变动的在前。"""
    return {"cases": [_shape(one) for one in office.cases()]}


@router.post("", summary="新建案件", status_code=201, response_model=schemas.Case, responses=problems())
def create(office: Here, new: schemas.NewCase) -> Any:
    """已有同名案件时，回答该案件。"""
    return _shape(office.create_case(new.name))


@router.get("/{case:path}", summary="一个案件", response_model=schemas.Case, responses=problems(404))
def read(office: Here, case: str) -> Any:
    """材料份数与读取状态。"""
    return _shape(office.case(case))


@router.delete("/{case:path}", summary="删除没有材料的案件", status_code=204, responses=problems(404))
def remove(office: Here, case: str) -> None:
    """案件里还有材料时回答 422。"""
    office.remove_case(case)


def _shape(case: Case) -> dict[str, Any]:
    return {"case": case.name, "documents": case.documents, "states": case.states, "changed_at": case.changed_at}
