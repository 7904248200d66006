"""What rests on articles that have changed: the office's own letters, and the articles that the knowledge names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.numbers import Numbers
from indexes.catalogue import Catalogue
from indexes.graph import Cite, Graph
from indexes.hit import LawStatus
from indexes.lawbook import LawBook
from indexes.library import LawVersion, law_names, law_status
from ingestion.dates import as_date
from ingestion.document import Document
from ingestion.numerals import canonical_article
from prompts import Scenario, articles_checked, load_deadlines, load_outline, outline_names

Kind = Literal["letter", "scenario", "deadline", "outline"]


@dataclass(frozen=True)
class Leaning:
    """Something that rests on an article as of a day: a citation in a letter, or an entry of the knowledge.

    `id` is that of the document, or of the issue type, deadline or outline; a span only for documents.
    """

    kind: Kind
    id: str
    title: str
    law: str
    article: str
    since: date
    start: int = 0
    end: int = 0
    text: str = ""


@dataclass(frozen=True)
class Stale:
    """A leaning whose article has changed: `now` are its labels in the newer text, `when` that is in force from."""

    leaning: Leaning
    status: LawStatus
    detail: str
    now: tuple[str, ...]
    when: date | None


def letters(catalogue: Catalogue, graph: Graph, book: LawBook, since: date | None) -> Iterator[Leaning]:
    """The citations of articles in the office's letters, each as of the letter's own day (or of `since`)."""
    for entry in catalogue.entries(kind="suggestion", laws_too=False):
        document = catalogue.document(entry.id)
        if document is None:
            continue
        day = since or day_of(document) or date.fromisoformat(entry.added_at[:10])
        for one in graph.cited_in(entry.id):
            if one.article and book.versions(one.name):
                yield _of_letter(document, one, day)


def knowledge(scenarios: Iterable[Scenario], since: date | None) -> Iterator[Leaning]:
    """The articles that scenarios, deadlines and outlines name, as of the day on which they were last compared."""
    checked = since or articles_checked()
    for scenario in scenarios:
        for issue in scenario.issues:
            for article in sorted(issue.articles(), key=lambda one: one.text):
                yield Leaning("scenario", issue.id, issue.name, article.law, article.article, checked)
    for deadline in load_deadlines().deadlines:
        if deadline.valid_to is None:
            for article in deadline.basis:
                yield Leaning("deadline", deadline.id, deadline.name, article.law, article.article, checked)
    for name in outline_names():
        outline = load_outline(name)
        for article in outline.legal_basis:
            yield Leaning("outline", outline.id, "".join(outline.title), article.law, article.article, checked)


def stale(leanings: Iterable[Leaning], book: LawBook, on: date) -> list[Stale]:
    """Those whose article reads otherwise, has another number or is gone on a day, or will by a text known now."""
    found: list[Stale] = []
    kept: dict[tuple[str, date], Numbers] = {}
    for one in leanings:
        versions = versions_for(book, one.law)
        for day in (on, *_to_come(versions, on)):
            numbers = kept.setdefault((one.law, day), Numbers(book, versions, day))
            changed = _changed(one, book, versions, numbers, day)
            if changed is not None:
                found.append(changed)
                break
    return found


def day_of(document: Document) -> date | None:
    """The day of a document, as its fields tell it."""
    days = (as_date(field.value) for field in document.fields if field.name == "日期")
    return next((day for day in days if day is not None), None)


def versions_for(book: LawBook, law: str) -> Sequence[LawVersion]:
    """All texts of a law by any of its names; none where the library lacks it."""
    known = book.names()(law)
    names = (*((known,) if known else ()), *law_names(law))
    return next((found for name in names if (found := book.versions(name))), ())


def _of_letter(document: Document, one: Cite, day: date) -> Leaning:
    text = document.text[one.start : one.end]
    return Leaning("letter", document.id, document.title, one.name, one.article, day, one.start, one.end, text)


def _to_come(versions: Sequence[LawVersion], on: date) -> list[date]:
    """The days after a day on which a text of the library comes into force."""
    return sorted({one.in_force_from for one in versions if one.in_force_from and one.in_force_from > on})


def _changed(
    one: Leaning, book: LawBook, versions: Sequence[LawVersion], numbers: Numbers, day: date
) -> Stale | None:
    if not versions or day < one.since:
        return None
    then = numbers.then(one.since)
    if then is None:
        return None
    if numbers.current is None:
        status, why, version = law_status(versions, day)
        ended = status == "repealed"
        return Stale(one, status, why, (), version.in_force_to if version else None) if ended else None
    label = canonical_article(one.article)
    now, detail = numbers.now(label, one.since)
    if now == (label,) and not detail:
        return None
    status = "renumbered" if now and now != (label,) else "amended" if now else "no_such_article"
    return Stale(one, status, detail, now, numbers.current.in_force_from)
