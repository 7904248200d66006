"""Documents over HTTP: upload, list, text, delete."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from api import problems as told
from api import schemas, shapes
from api.routes.parts import CaseQuery, Here, KindQuery, problems
from ingestion.document import Kind

router = APIRouter(prefix="/documents", tags=["文件"])

Files = Annotated[list[UploadFile], File(description="一份或几份文件：.docx .pdf .txt .md .xlsx .csv。")]
CaseForm = Annotated[str | None, Form(description="放进哪个案件；没有这个案件就新建。", examples=["2026-0117"])]
KindForm = Annotated[Kind | None, Form(description="文书种类；不写则自动识别。")]
OfficeForm = Annotated[str | None, Form(alias="office", description="办案单位。")]


@router.post(
    "",
    summary="上传文件",
    status_code=201,
    response_model=schemas.AddReport,
    responses=problems(413),
)
def upload(
    office: Here, files: Files, case: CaseForm = None, kind: KindForm = None, office_name: OfficeForm = None
) -> Any:
    """上传后立即可按词检索，语义索引在后台补全。几份文件中有的不能添加时，其余照常添加；全部不能添加时回答 422。"""
    given = [(one.filename or "", one.file) for one in files]
    report = shapes.add_report(office.add_uploads(given, case, kind, office_name))
    return report if report["added"] or report["already"] else told.answer(_nothing_added(report))


@router.get("", summary="列出文件", response_model=schemas.Documents, responses=problems())
def listed(office: Here, case: CaseQuery = None, kind: KindQuery = None) -> Any:
    """法律法规只在 kind=regulation 时列出。"""
    return {"documents": [shapes.entry(one) for one in office.documents(case, kind)]}


@router.get("/{document_id}", summary="全文", response_model=schemas.DocumentText, responses=problems(404))
def text(
    office: Here, document_id: str, view: Annotated[schemas.View, Query(description="有修订时看哪一种文本。")] = "final"
) -> Any:
    """全文、段落、要素与修订。id 可只写开头 6 位以上。"""
    found = office.document(document_id, view)
    return {"title": found.title, **shapes.document(found)}


@router.get("/{document_id}/file", summary="下载上传的原件", response_class=Response, responses=problems(404))
def original(office: Here, document_id: str) -> Response:
    """只有经本服务上传的文件才留有原件。"""
    from fastapi.responses import FileResponse

    path = office.kept_copy(document_id)
    return FileResponse(path, filename=path.name)


@router.delete("/{document_id}", summary="移除文件", response_model=schemas.Removed, responses=problems(404))
def remove(office: Here, document_id: str) -> Any:
    """移除后立即不再能搜到，也不再被引用。"""
    return {"removed": [office.remove(document_id)], "missing": []}


def _nothing_added(report: shapes.Shape) -> told.Problem:
    said = "；".join(f"{one['path']}：{one['cause']}。{one['advice']}" for one in report["failed"])
    return told.problem(422, "nothing-added", "没有一份文件能添加", f"{said}。", **report)
