"""What a search gives: a passage, where it comes from, how good it is and how it was found."""

from __future__ import annotations

from dataclasses import dataclass
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
FoundBy = Literal["words", "meaning", "citation"]


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
