"""Questions over HTTP: one JSON answer, or a stream of server-sent events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from api import schemas, shapes
from api.failing import named_errors
from api.office import Office
from api.problems import problem_of
from api.routes.parts import Here, problems

STREAM = "text/event-stream"
Accept = Annotated[str, Header(description="写 text/event-stream 则逐句回答。", examples=["application/json"])]

router = APIRouter(prefix="/ask", tags=["检索与提问"])

_EVENTS = """逐句回答（server-sent events），每个事件的 data 是一个 JSON 对象：
`text` {"text"}，已核实的一段，依次相连；`citation` 一处出处；
`done` 完整的回答，与 JSON 回答相同，全文以它为准；`error` 出错，与 problem+json 相同，之后不再有事件。"""
_RESPONSES: dict[int | str, dict[str, Any]] = {
    **problems(404, 409),
    200: {
        "description": "回答；或逐句回答的事件。",
        "content": {
            STREAM: {
                "schema": {"type": "string", "description": _EVENTS},
                "example": 'event: text\ndata: {"text": "未找到依据，不作回答。"}\n\nevent: done\ndata: {…}\n\n',
            }
        },
    },
}


@router.post("", summary="提问", response_model=schemas.Answer, responses=_RESPONSES)
def ask(office: Here, asked: schemas.Ask, accept: Accept = "application/json") -> Any:
    """每句都标明出处；没有依据就说没有。请求头 Accept 写 text/event-stream 时逐句回答。"""
    office.know_case(asked.case)
    if STREAM in accept:
        return StreamingResponse(events(office, asked), media_type=STREAM, headers={"X-Accel-Buffering": "no"})
    return shapes.answer(office.ask(asked.question, case=asked.case, as_of=asked.as_of))


def events(office: Office, asked: schemas.Ask) -> Iterator[bytes]:
    """The answer as events: its text in pieces, its citations, then all of it; or an error."""
    try:
        for piece in office.ask_in_pieces(asked.question, case=asked.case, as_of=asked.as_of):
            if isinstance(piece, str):
                yield event("text", {"text": piece})
            else:
                yield from (event("citation", shapes.citation(one)) for one in piece.citations)
                yield event("done", shapes.answer(piece))
    except named_errors() as error:
        yield event("error", problem_of(error))


def event(name: str, data: object) -> bytes:
    """One server-sent event; JSON has no line ends, so its data is one line."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
