"""What cites an article, and which norms stand above, below and beside a law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.lawreading import versions_of
from assistant.desk import Desk
from assistant.numbers import Numbers
from assistant.stale import day_of
from indexes.bases import BASIS, EXPLAINS
from indexes.graph import Cite
from indexes.library import LawVersion, version_on
from ingestion.document import Document

BEFORE, BEHIND = 24, 60  # characters shown on either side of a citation
RANKS = {"regulation": 0, "case": 1, "suggestion": 2, "hearing": 3, "proposal": 4, "other": 5}


@dataclass(frozen=True)
class Row:
    """A citation of what was asked for: `text[start:end]` of a document; `within` is the citing article of `law`.

    `detail` warns where the citing text is older than the text now in force and the number meant something else.
    """

    document_id: str
    kind: str
    title: str
    law: str | None
    within: str
    start: int
    end: int
    quote: str
    detail: str = ""


@dataclass(frozen=True)
class Relations:
    """The titles of norms around a law."""

    rests_on: tuple[str, ...]
    explains: tuple[str, ...]
    basis_of: tuple[str, ...]
    interpreted_by: tuple[str, ...]


def cited_by(desk: Desk, name: str, article: str, on: date) -> tuple[str, list[Row]]:
    """The full title of a law, and all that cites it (or one article): norms in force, judgments, letters.

    An article that had another number when the citing text was written is found by the rule, not by the number.
    Of a citing norm only the text for the day counts. Raises NotThere for a law that is not in the library.
    """
    versions = versions_of(desk, name)
    law = versions[0].name
    with desk.catalogue.sight() as sight:
        shelf = desk.lawbook.look(sight)
    eligible = shelf.eligible(on)
    numbers = Numbers(desk.lawbook, versions, on)
    labels = numbers.ever(article) if article else ("",)
    found = [
        one
        for label in labels
        for one in desk.graph.citing(law, label)
        if one.document_id not in shelf.by_document or one.document_id in eligible
    ]
    rows = _rows(desk, found, shelf.by_document, numbers, article)
    return law, sorted(
        (row for row in rows if row.law != law or row.within != article),
        key=lambda row: (RANKS.get(row.kind, 9), row.title, row.start),
    )


def _rows(
    desk: Desk, found: Sequence[Cite], laws: Mapping[str, LawVersion], numbers: Numbers, article: str
) -> Iterator[Row]:
    known: dict[str, tuple[Document, date | None] | None] = {}
    for one in found:
        if one.document_id not in known:
            document = desk.catalogue.document(one.document_id)
            known[one.document_id] = None if document is None else (document, _day(document, laws))
        kept = known[one.document_id]
        if kept is None:
            continue
        document, day = kept
        by = laws.get(one.document_id)
        own = by is not None and numbers.is_current(by)  # the law's own text counts in its own numbers
        now, detail = numbers.now(one.article, day) if article and not own else ((one.article,), "")
        if article and article not in now:
            continue
        quote = " ".join(document.text[max(0, one.start - BEFORE) : one.end + BEHIND].split())
        yield Row(
            one.document_id, document.kind, document.title, by.name if by else None, one.within, one.start, one.end,
            quote, detail,
        )  # fmt: skip


def _day(document: Document, laws: Mapping[str, LawVersion]) -> date | None:
    """The day of a document: that of a law's text, else the last that its fields name."""
    if document.id in laws:
        return laws[document.id].version
    return day_of(document)


def relations(desk: Desk, name: str, on: date) -> tuple[str, Relations]:
    """The full title of a law, and the norms that stand around it; raises NotThere."""
    versions = versions_of(desk, name)
    law = versions[0].name
    chosen = version_on(versions, on) or versions[-1]
    above = desk.graph.bases_of(chosen.document_id)
    with desk.catalogue.sight() as sight:
        laws = desk.lawbook.look(sight).by_document
    below = [(laws[one.document_id].name, one.how) for one in desk.graph.resting_on(law) if one.document_id in laws]
    return law, Relations(
        tuple(sorted(one.name for one in above if one.how == BASIS)),
        tuple(sorted(one.name for one in above if one.how == EXPLAINS)),
        tuple(sorted({title for title, how in below if how == BASIS})),
        tuple(sorted({title for title, how in below if how == EXPLAINS})),
    )
