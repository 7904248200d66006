"""Checked citations in the shape of the contract, and as models for OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from api.schemas import Day, Question, Shape
from api.shapes import law_name
from assistant.citing import CheckedCitation, QuoteStatus
from indexes.hit import LawStatus
from ingestion.citations import render


class CheckCitations(Question):
    """核对引用。"""

    text: str | None = Field(default=None, max_length=2_000_000, description="一段文字。", examples=["依照《刑法》第二百六十四条"])
    document_id: str | None = Field(default=None, max_length=64, description="或已添加的文件的 id。")
    on: Day | None = Field(default=None, description="以哪一天的法律为准；不写则为今天。")


class CitedVersion(Shape):
    """一条在某个文本中的文字。"""

    version: str = Field(description="文本的日期。", examples=["2018-10-26"])
    article: str = Field(description="条号。", examples=["第十六条"])
    text: str = Field(description="条文。")


class CitationChecked(Shape):
    """一处引用与核对的结果。"""

    start: int = Field(description="在文字中的开始位置。", examples=[2])
    end: int = Field(description="结束位置。", examples=[13])
    text: str = Field(description="原文所写。", examples=["《刑法》第二百六十四条"])
    law: str | None = Field(description="法律全称；未写明则为空。", examples=["中华人民共和国刑法"])
    article: str | None = Field(description="条号；只引法律名称则为空。", examples=["第二百六十四条"])
    paragraph: int | None = Field(description="第几款；未写则为空。", examples=[None])
    item: int | None = Field(description="第几项；未写则为空。", examples=[None])
    status: LawStatus = Field(description="核对结果；只有 verified 算通过。")
    quote_status: QuoteStatus = Field(description="引文：verbatim 一致，differs 不一致，none 没有引文。")
    detail: str = Field(description="说明。")
    versions: list[CitedVersion] = Field(default=[], description="条文改动或改号时，前后两个文本。")


class Citations(Shape):
    """文字中的全部引用，依次。"""

    citations: list[CitationChecked] = Field(description="引用。")


def citations(found: Sequence[CheckedCitation]) -> dict[str, Any]:
    """The answer of `cite`."""
    return {"citations": [_citation(one) for one in found]}


def _citation(one: CheckedCitation) -> dict[str, Any]:
    cited = one.citation
    version = one.version.version if one.version else None
    return {
        "start": cited.start,
        "end": cited.end,
        "text": one.text,
        "law": law_name(cited.law) or None,
        "article": cited.article or None,
        "paragraph": cited.paragraph or None,
        "item": cited.item or None,
        "sub": cited.sub or None,
        "status": one.status,
        "quote_status": one.quote_status,
        "detail": one.detail,
        "version": version.isoformat() if version else None,
        "quote": {"start": one.quote.start, "end": one.quote.end} if one.quote else None,
        "diff": one.diff or None,
        "versions": [
            {"version": each.version, "in_force_from": each.in_force_from or None, "article": each.article, "text": each.text}
            for each in one.versions
        ],
    }


def named(one: CheckedCitation) -> str:
    """What a citation names, in full: 《中华人民共和国刑法》第二百六十四条."""
    return render(one.citation)
