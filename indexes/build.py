"""The one way from file to index: files and laws become rows of the catalogue.

Words and vectors are filled from the catalogue afterwards (`indexes/fill.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexes.catalogue import Catalogue, add_document
from indexes.lawbook import says
from indexes.library import amendments, repeals
from indexes.rows import LawRow
from ingestion.document import Document, Kind, Passage, document_id
from ingestion.errors import ReadingError
from ingestion.read import files_under, load, shown, to_document
from ingestion.split import split, split_span
from ingestion.statutes import Statute, is_numbered_article

LAW_RANK = 2  # embedded after cases (0) and after the laws that scenarios name (1)
LAW_LIMIT = 700  # characters of an article searched as one; e5 reads 512 tokens, about this much
LAWS_AT_ONCE = 40  # statutes in one transaction


@dataclass(frozen=True)
class Added:
    """A file that is now in the catalogue."""

    document: Document
    path: str
    passages: int


@dataclass(frozen=True)
class Failure:
    """A file that could not be added, why, and what to do about it."""

    path: str
    cause: str
    advice: str


@dataclass
class AddReport:
    """What became of each file."""

    added: list[Added] = field(default_factory=list)
    already: list[tuple[str, str]] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


@dataclass
class LawReport:
    """What became of each norm."""

    laws: int = 0
    articles: int = 0  # those that have a number (第…条)
    pieces: int = 0  # preambles, annexes, and norms that are not divided into 条
    known: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def paths_of(given: Iterable[Path]) -> Iterator[Path | Failure]:
    """The files under the given paths, and a Failure for each path that is not there."""
    for path in given:
        try:
            yield from files_under(path)
        except ReadingError as error:
            yield Failure(error.path, error.cause, error.advice)


def add_files(
    catalogue: Catalogue,
    given: Iterable[Path],
    *,
    case: str | None = None,
    kind: Kind | None = None,
    office: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> AddReport:
    """Add files and folders; a file that fails is named, and the others go on.

    Raises StoreError where the home folder itself cannot be written; what was added stays added.
    """
    report = AddReport()
    for path in paths_of(given):
        if isinstance(path, Failure):
            report.failed.append(path)
            continue
        try:
            _add_file(catalogue, path, report, case=case, kind=kind, office=office)
        except ReadingError as error:
            report.failed.append(Failure(shown(path), error.cause, error.advice))
        if progress is not None:
            progress(shown(path))
    return report


def _add_file(
    catalogue: Catalogue, path: Path, report: AddReport, *, case: str | None, kind: Kind | None, office: str | None
) -> None:
    data, name = load(path)
    known = document_id(data)
    if catalogue.has(known):
        report.already.append((known, shown(path)))
        return
    document = to_document(data, shown(Path(name)))
    if kind is not None:
        document = replace(document, kind=kind)
    parts = split(document)
    if catalogue.add(document, parts, path=shown(path.resolve()), case=case, office=office):
        report.added.append(Added(document, shown(path), len(parts)))
    else:  # another process was quicker
        report.already.append((known, shown(path)))


def add_statutes(
    catalogue: Catalogue,
    statutes: Iterable[Statute],
    report: LawReport,
    progress: Callable[[str], None] | None = None,
) -> None:
    """Add laws, several in a transaction; a version whose text is known is counted as known."""
    known = set(catalogue.known())
    batch: list[Statute] = []
    for statute in statutes:
        batch.append(statute)
        if len(batch) == LAWS_AT_ONCE:
            _add_batch(catalogue, batch, known, report, progress)
            batch = []
    _add_batch(catalogue, batch, known, report, progress)


def _add_batch(
    catalogue: Catalogue,
    batch: Sequence[Statute],
    known: set[str],
    report: LawReport,
    progress: Callable[[str], None] | None,
) -> None:
    with catalogue.writing() as connection:
        for statute in batch:
            document, parts, law = law_document(statute)
            new = document.id not in known and add_document(
                connection, document, parts, path=statute.source, rank=LAW_RANK, law=law
            )
            known.add(document.id)
            report.known += not new
            report.laws += 1
            numbered = sum(is_numbered_article(article.label) for article in statute.articles)
            report.articles += numbered
            report.pieces += len(statute.articles) - numbered
            if progress is not None:
                progress(statute.name)


def law_document(statute: Statute) -> tuple[Document, list[Passage], LawRow]:
    """A statute as a document, its articles as passages (long ones in parts), its dates as a row."""
    identity = document_id(f"{statute.source}\n{statute.version}\n{statute.text}".encode())
    document = Document(identity, "regulation", statute.level, statute.name, statute.text, blocks=())
    parts = [
        Passage(identity, start, end, statute.text[start:end], (statute.name, *article.headings), article.label)
        for article in statute.articles
        for start, end in split_span(statute.text, article.start, article.end, LAW_LIMIT)
    ]
    row = LawRow(
        identity,
        statute.name,
        _iso(statute.version),
        _iso(statute.promulgated),
        _iso(statute.in_force_from),
        None,
        statute.in_force_basis,
        statute.level,
        statute.issuer,
        statute.source,
        says(amendments(statute), repeals([statute])),
    )
    return document, parts, row


def _iso(day: object) -> str | None:
    return None if day is None else str(day)
