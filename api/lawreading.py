"""A law read by its name: its text on a day, one article of it, its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from assistant.desk import Desk
from assistant.errors import NotThere
from indexes.hit import LawStatus
from indexes.library import LawVersion, law_names, law_status
from ingestion.document import Passage


@dataclass(frozen=True)
class LawArticle:
    """An article, or (without a label) a stretch that is not divided into articles: `text[start:end]` of its law."""

    label: str | None
    chapter: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class LawText:
    """A text of a law on a day: what it is worth then and why, and the articles that were asked for."""

    version: LawVersion
    status: LawStatus
    detail: str
    articles: tuple[LawArticle, ...]


def read_law(desk: Desk, name: str, article: str | None, on: date) -> LawText:
    """The law of this name on a day, whole or one article of it; raises NotThere."""
    versions = versions_of(desk, name)
    if article is None:
        status, detail, version = law_status(versions, on)
        chosen = version or versions[-1]
        passages = [found.passage for found in desk.catalogue.passages(chosen.document_id)]
    else:
        found = desk.lawbook.find(versions[0].name, article, on)
        if found.version is None or not found.passages:
            raise NotThere(f"{found.detail}。请核对条号；各个文本见“版本”。")
        status, detail, chosen, passages = found.status, found.detail, found.version, [*found.passages]
    return LawText(chosen, status, detail, tuple(_articles(desk.lawbook.text(chosen.document_id), passages)))


def law_versions(desk: Desk, name: str, on: date) -> list[tuple[LawVersion, LawStatus]]:
    """All texts of the law of this name, old ones first, each with what it is worth on a day; raises NotThere."""
    versions = versions_of(desk, name)
    status, _, current = law_status(versions, on)
    return [(one, status if current and one.version == current.version else _worth(one, on)) for one in versions]


def versions_of(desk: Desk, name: str) -> Sequence[LawVersion]:
    """All texts of the law of this name, old ones first; raises NotThere."""
    known = desk.lawbook.names()(name)  # a name without its issuer, a document number
    for full in (*law_names(name), *((known,) if known else ())):
        if found := desk.lawbook.versions(full):
            return sorted(found, key=lambda one: (one.version or date.min, one.source))
    absent = desk.lawbook.find(name, "第一条", date.today())
    why = f"。{absent.detail}" if absent.status == "repealed" else ""
    raise NotThere(f"库中没有《{name[:100]}》{why}。请核对名称，或由管理员用 gongzhi laws 装载。")


def _worth(version: LawVersion, on: date) -> LawStatus:
    """What a text is worth on a day on which another one counts."""
    if version.in_force_from is not None and version.in_force_from > on:
        return "not_yet_in_force"
    if version.in_force_to is not None and version.in_force_to <= on:
        return "amended"
    return "not_checked"


def _articles(text: str, passages: Sequence[Passage]) -> list[LawArticle]:
    """Passages as articles; the parts of a long article are one again."""
    found = []
    for label, group in groupby(passages, key=lambda one: one.article or one.start):
        parts = list(group)
        start, end = parts[0].start, parts[-1].end
        chapter = " ".join(parts[0].headings[1:])
        found.append(LawArticle(label if isinstance(label, str) else None, chapter, text[start:end], start, end))
    return found
