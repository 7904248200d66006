"""Citations in a folder of judgments: how many of those that a person marked are found, and how many resolve."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.citing import CheckedCitation, check_citations
from indexes.law_knowledge import name_key
from indexes.lawbook import LawBook
from ingestion.citations import citations
from ingestion.dates import DATE, as_date

PAGE = 600  # characters of a printed page of an official paper: 22 lines of 28


@dataclass(frozen=True)
class Recall:
    """Of the citations that a person marked so many were found, with law, article, 款 and 项 right; others are unwanted."""

    documents: int
    marked: int
    found: int
    unwanted: int
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        """A line of the report."""
        share = self.found / self.marked if self.marked else 0.0
        lines = [f"judgments by hand: {self.documents} documents, {self.found}/{self.marked} = {share:.4f}, unwanted {self.unwanted}"]
        return "\n  ".join([*lines, *self.missing])


@dataclass(frozen=True)
class Resolution:
    """Of the citations of laws in the library so many led to their article; of some the text of that day is lacking."""

    documents: int
    citations: int
    in_library: int
    resolved: int
    text_of_the_day: int
    milliseconds: float  # for a page

    def __str__(self) -> str:
        """A line of the report."""
        return (
            f"judgments: {self.documents} dated documents, {self.citations} citations, {self.in_library} of laws in the library, "
            f"resolved {self.resolved / max(1, self.in_library):.4f}, text of that day held for "
            f"{self.text_of_the_day / max(1, self.in_library):.4f}; {self.milliseconds:.1f} ms a page of {PAGE} characters"
        )


def gold() -> list[dict[str, Any]]:
    """What a person marked: documents by the SHA-256 of their bytes, citations as offsets, law, article, 款, 项."""
    path = resources.files("eval") / "suites" / "citations" / "judgments-gold.json"
    loaded: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["documents"]
    return loaded


def recall(folder: Path, book: LawBook) -> Recall:
    """Compare the citations of the marked documents that the folder holds."""
    by_hash = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.txt"))}
    documents = marked = right = unwanted = 0
    missing: list[str] = []
    for entry in gold():
        path = by_hash.get(entry["sha256"])
        if path is None:
            continue
        documents += 1
        names = book.names()
        found = {
            (one.end, name_key(one.law), one.article, one.paragraph, one.item)
            for one in citations(path.read_text(encoding="utf-8"), names)
        }
        wanted = {
            (end, name_key(names(law) or law), article, paragraph, item)
            for _, end, law, article, paragraph, item in entry["citations"]
        }
        marked += len(wanted)
        right += len(wanted & found)
        unwanted += len(found - wanted)
        missing += [f"missing in {path.name}: {one}" for one in sorted(wanted - found)]
        missing += [f"unwanted in {path.name}: {one}" for one in sorted(found - wanted)]
    return Recall(documents, marked, right, unwanted, tuple(missing))


def resolution(folder: Path, book: LawBook) -> Resolution:
    """Check every citation of the dated judgments of the folder on the day of the judgment."""
    documents = total = held = resolved = then = 0
    spent = characters = 0.0
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        on = judged_on(text)
        if on is None:
            continue
        documents += 1
        characters += len(text)
        began = time.process_time()
        found = check_citations(text, book, on)
        spent += time.process_time() - began
        total += len(found)
        known = [one for one in found if one.version is not None]
        held += len(known)
        resolved += sum(one.status != "no_such_article" for one in known)
        then += sum(_of_the_day(one) for one in known)
    return Resolution(documents, total, held, resolved, then, spent * 1000 / max(1.0, characters / PAGE))


def _of_the_day(one: CheckedCitation) -> bool:
    return one.status not in {"not_checked", "no_such_article"}


def judged_on(text: str) -> date | None:
    """The last day written in Chinese numerals: that of the judgment."""
    days = [day for match in DATE.finditer(text) if match["chinese"] and (day := as_date(match.group()))]
    return days[-1] if days else None
