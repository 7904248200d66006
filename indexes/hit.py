"""What a search gives: a passage, where it comes from, how good it is and how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ingestion.document import Kind, Passage

LawStatus = Literal[
    "verified",
    "differs",
    "amended",
    "renumbered",
    "not_yet_in_force",
    "repealed",
    "no_such_article",
    "not_checked",
]
# what a prosecutor reads for it, everywhere
STATUS_WORDS: Mapping[LawStatus, str] = MappingProxyType(
    {
        "verified": "现行有效",
        "differs": "引文与原文不一致",
        "amended": "条文已修改",
        "renumbered": "条号已变更",
        "not_yet_in_force": "尚未施行",
        "repealed": "已废止",
        "no_such_article": "无此条文",
        "not_checked": "待核实",
    }
)
FoundBy = Literal["words", "meaning", "citation", "precedent"]

SURE = 0.8  # confidence below which recognised text is read wrong too often to be sent unread


def recognised(confidence: float | None) -> str:
    """What a reader must know of words that were recognised from a picture; empty where they were not."""
    if confidence is None:
        return ""
    return "识别文字" if confidence >= SURE else "识别文字，请对照原件"


@dataclass(frozen=True)
class Hit:
    """One found passage. Of a law, `law`, `article` and `status` (on the date asked) are set."""

    passage: Passage
    title: str
    kind: Kind
    score: float
    found_by: tuple[FoundBy, ...]
    case: str | None = None
    law: str | None = None
    version: str | None = None
    status: LawStatus | None = None
