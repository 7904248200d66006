"""The shapes of precedents, on the command line and over HTTP: letters found, why a law was found, what is similar."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api import shapes
from assistant.precedents import FoundLetter, FoundLetters, Reply
from assistant.similar import Similar
from indexes.bycase import Reasoned
from indexes.precedents import Near

Shape = dict[str, Any]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PrecedentSearch(_Asked):
    """找先例。"""

    query: str = Field(min_length=1, max_length=20_000, description="要找什么。", examples=["旅馆没有登记未成年人"])
    k: int = Field(10, ge=1, le=100, description="最多几份。")
    where: dict[str, str] = Field(
        default_factory=dict, description="只要这些类别的，如 {\"领域\": \"未成年人保护\"}；名称见结果的 facets。"
    )


class PrecedentCard(BaseModel):
    """一份检察建议书：问题、措施、回复。"""

    document_id: str = Field(description="文件的 id。")
    title: str = Field(description="标题。")
    number: str = Field(description="文号。")
    day: str = Field(description="日期。")
    addressee: str = Field(description="被建议单位。")
    problem: str = Field(description="指出的问题，原文。")
    problem_start: int = Field(description="问题的起点。")
    problem_end: int = Field(description="问题的终点。")
    measures: list[str] = Field(description="建议的措施，一项一条。")
    reply: str | None = Field(description="回复的原文；未见回复则为空。")
    reply_id: str | None = Field(description="回复函的 id。")
    reply_start: int | None = Field(description="回复的起点。")
    reply_end: int | None = Field(description="回复的终点。")
    start: int = Field(description="建议书中与所查最相关的一段（在回复中找到的，则为所指问题）的起点。")
    end: int = Field(description="该段的终点（不含）。")
    quote: str = Field(description="该段原文，等于建议书全文[start:end]。")
    facets: dict[str, str] = Field(description="各类别的值。")
    score: float = Field(description="得分，高者在前。")


class PrecedentCards(BaseModel):
    """找到的先例，及各类别的份数。"""

    hits: list[PrecedentCard] = Field(description="最相关的在前。")
    facets: dict[str, dict[str, int]] = Field(description="类别 → 值 → 份数。")


class SimilarCaseShape(BaseModel):
    """一个相似的案件或先例。"""

    document_id: str = Field(description="文件的 id。")
    title: str = Field(description="标题。")
    kind: str = Field(description="种类。")
    likeness: float = Field(description="事实的相似程度，0 到 1。")
    start: int = Field(description="事实部分的起点。")
    end: int = Field(description="引文的终点。")
    quote: str = Field(description="事实部分的开头，原文。")


class AlikeShape(BaseModel):
    """一份文字相近的文书，及提醒。"""

    document_id: str = Field(description="文件的 id。")
    title: str = Field(description="标题。")
    likeness: float = Field(description="文字的相似程度，0 到 1。")
    warning: str = Field(description="提醒。")


class SimilarShape(BaseModel):
    """与一份文书相似的。"""

    document_id: str = Field(description="所问文书的 id。")
    cases: list[SimilarCaseShape] = Field(description="事实相似的案件与先例。")
    alike: list[AlikeShape] = Field(description="文字相近的文书，可能重复制发。")


def hit(one: Reasoned) -> Shape:
    """A hit of `search`; where precedents led to it, why, and each of them by id and span."""
    shape, why = shapes.hit(one.hit), one.reason
    if why is not None:
        cases = [_near(case) for case in why.cases]
        shape["precedents"] = {"reason": why.words, "near": why.near, "cases": cases}
    return shape


def letters(found: FoundLetters) -> Shape:
    """The answer of `precedents`."""
    return {"hits": [_letter(one) for one in found.hits], "facets": found.facets}


def similar(document_id: str, found: Similar) -> Shape:
    """The answer of `similar`."""
    cases = [{**_near(one.near), "end": one.near.start + len(one.quote), "quote": one.quote} for one in found.cases]
    alike = [
        {"document_id": one.document_id, "title": one.title, "likeness": one.likeness, "warning": one.warning}
        for one in found.alike
    ]
    return {"document_id": document_id, "cases": cases, "alike": alike}


def _near(one: Near) -> Shape:
    return {
        "document_id": one.document_id,
        "title": one.title,
        "kind": one.kind,
        "likeness": one.likeness,
        "start": one.start,
        "end": one.end,
    }


def _letter(one: FoundLetter) -> Shape:
    letter, reply, passage = one.letter, one.letter.reply, one.hit.passage
    place = (passage.start, passage.end, passage.text)
    if passage.document_id != letter.document_id:
        reply = Reply(passage.document_id, *place)
        place = (letter.start, letter.end, letter.problem)
    return {
        "document_id": letter.document_id,
        "title": letter.title,
        "number": letter.number,
        "day": letter.day,
        "addressee": letter.addressee,
        "problem": letter.problem,
        "problem_start": letter.start,
        "problem_end": letter.end,
        "measures": list(letter.measures),
        "reply": reply.quote if reply else None,
        "reply_id": reply.document_id if reply else None,
        "reply_start": reply.start if reply else None,
        "reply_end": reply.end if reply else None,
        "start": place[0],
        "end": place[1],
        "quote": place[2],
        "facets": dict(letter.facets),
        "score": round(one.score, 6),
    }
