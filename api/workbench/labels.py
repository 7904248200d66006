"""What the pages call things: kinds, states and statuses in words, with the tone in which they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal

from api.office import Case, Progress
from assistant.reply import Citation, LetterType
from assistant.writer import STATUS_WORDS
from indexes.hit import FoundBy, LawStatus, recognised
from ingestion.document import Kind

Tone = Literal["good", "warn", "plain", "bad"]

PAGES: Mapping[str, str] = MappingProxyType(
    {
        "/": "案件",
        "/ask": "问答",
        "/search": "检索",
        "/draft": "起草",
        "/hearing": "听证",
        "/issues": "问题线索",
    }
)
KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        "case": "案卷材料",
        "suggestion": "检察建议",
        "regulation": "法律法规",
        "hearing": "听证笔录",
        "proposal": "建议提案",
        "other": "其他",
    }
)
STATES: Mapping[str, tuple[str, Tone]] = MappingProxyType(
    {
        "read": ("已读入", "plain"),
        "searchable": ("按词可检索", "plain"),
        "complete": ("词、语义均可检索", "good"),
    }
)
LETTERS: Mapping[LetterType, str] = MappingProxyType(
    {
        "governance": "社会治理检察建议",
        "correction": "纠正违法检察建议",
        "public-interest": "公益诉讼检察建议",
        "retrial": "再审检察建议",
        "other": "其他检察建议",
    }
)
FOUND_BY: Mapping[FoundBy, str] = MappingProxyType({"words": "词", "meaning": "语义", "citation": "条文引用", "precedent": "类案"})
NO_CASE = "不限案件"


def status(one: LawStatus | None) -> tuple[str, Tone] | None:
    """What a citation is worth, in words; None for what is not law."""
    if one is None:
        return None
    return STATUS_WORDS[one], "good" if one == "verified" else "warn"


def source(citation: Citation) -> str:
    """What a citation cites, as a reader names it: the law with its article, or the document with its page."""
    if citation.law is not None:
        return f"《{citation.law}》{citation.article or ''}"
    page = f"第 {citation.page} 页" if citation.page else ""
    seen = recognised(citation.confidence)
    return f"《{citation.title}》{page}{f'（{seen}）' if seen else ''}"


def index_state(progress: Progress) -> str:
    """How far the index has come, in one line: 词 已可检索 · 语义 63%."""
    if not progress.texts:
        return "尚无材料"
    words = _share(progress.with_words, progress.texts)
    return f"词 {words} · 语义 {_share(progress.with_vector, progress.texts)}"


def _share(done: int, of: int) -> str:
    """Never 100 % before it is all."""
    return "已可检索" if done >= of else f"{done * 100 // of}%"


def case_line(case: Case) -> str:
    """A case as it stands in the chooser."""
    return f"{case.name}（{case.documents} 份）"


def day_and_time(iso: str) -> str:
    """A moment that was kept in UTC, by the clock of this machine: 2026-11-25 09:41."""
    return datetime.fromisoformat(iso).astimezone().strftime("%Y-%m-%d %H:%M")


def chinese_day(iso: str) -> str:
    """A day as a letter writes it: 2026年11月25日."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
