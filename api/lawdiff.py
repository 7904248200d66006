"""A law between two days: the texts in force on each, side by side; a repealed law beside the one that took its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.lawreading import versions_of
from assistant.desk import Desk
from assistant.errors import NotThere
from indexes.compare import Compared, compare
from indexes.library import LawVersion, law_status, version_on
from indexes.renumber import Article


@dataclass(frozen=True)
class LawDiff:
    """Two texts of a law, or of a law and of the one that repealed it, and what became of each article."""

    old: LawVersion
    new: LawVersion
    notes: tuple[str, ...]
    changes: tuple[Compared, ...]


def law_diff(desk: Desk, name: str, first: date, second: date) -> LawDiff:
    """The law of this name on two days, the earlier first; raises NotThere where a text is not in the library."""
    first, second = sorted((first, second))
    old, before = _text_on(desk, name, first)
    new, after = _text_on(desk, name, second)
    changes = compare(articles_of(desk, old), articles_of(desk, new))
    return LawDiff(old, new, tuple(note for note in (before, after) if note), changes)


def articles_of(desk: Desk, version: LawVersion) -> list[Article]:
    """The articles of a text; what stands under no number (preamble, annex) is among them."""
    return [Article(label, text) for label, text in desk.lawbook.articles(version.document_id).items() if label]


def _text_on(desk: Desk, name: str, on: date) -> tuple[LawVersion, str]:
    """The text in force on a day, that of the law that repealed it by then, and what is to be said of it."""
    versions = versions_of(desk, name)
    found = version_on(versions, on)
    status, why, _ = law_status(versions, on)
    if found is not None:
        return found, "" if status == "verified" else f"{on}：{why}"
    if status == "repealed" and (by := desk.lawbook.repealed_by(versions[0].name)) is not None:
        later = version_on(desk.lawbook.versions(by), on)
        if later is not None:
            return later, f"《{versions[0].name}》已由《{later.name}》废止，{on} 以后者对照"
    raise NotThere(f"{on}：{why}。可先用 gongzhi law {name} --versions 查看库中有哪些文本。")
