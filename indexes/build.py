"""The one way from file to index: files and laws become rows of the catalogue.

Words and vectors are filled from the catalogue afterwards (`indexes/fill.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexes.catalogue import Catalogue, add_document
from indexes.lawbook import says
from indexes.library import amendments, repeals
from indexes.likes import Link
from indexes.rows import LawRow
from ingestion.crew import Arrival, Limits, read_files, workers_for
from ingestion.document import Document, Kind, Passage, document_id
from ingestion.errors import ReadingError
from ingestion.prepare import Failed, Known, Outcome, Terms, outcomes
from ingestion.read import files_under, load, shown
from ingestion.split import split_span
from ingestion.statutes import Statute, is_numbered_article

LAW_RANK = 2  # embedded after cases (0) and after the laws that scenarios name (1)
LAW_LIMIT = 700  # characters of an article searched as one; e5 reads 512 tokens, about this much
LAWS_AT_ONCE = 40  # statutes in one transaction


@dataclass(frozen=True)
class Added:
    """A file, or a member of a container, that is now in the catalogue, and what it is like.

    It is the description only: the texts of thousands of files are not held until the last one is read.
    """

    id: str
    kind: Kind
    subtype: str
    title: str
    path: str
    passages: int
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Failure:
    """A file that could not be added, why, at which page if that is known, and what to do about it."""

    path: str
    cause: str
    advice: str
    page: int | None = None


@dataclass
class AddReport:
    """What became of each file, in the order in which they were named and lie in their folders."""

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


@dataclass(frozen=True)
class Filing:
    """Where added files belong: their case, their office, and their kind if the user set it."""

    case: str | None = None
    kind: Kind | None = None
    office: str | None = None


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
    return add_found(catalogue, list(paths_of(given)), Filing(case, kind, office), progress)


def add_found(
    catalogue: Catalogue,
    found: Sequence[Path | Failure],
    filing: Filing,
    progress: Callable[[str], None] | None = None,
    limits: Limits | None = None,
) -> AddReport:
    """Add the files that `paths_of` found, as `add_files` does; `progress` hears of each that is done with.

    Each file is kept as soon as it is read, so that a run that is ended in the middle loses nothing: run again,
    it passes over what it added. Many files, and large ones, are read by processes of their own within `limits`.
    """
    catalogue.link_old()
    files = [path for path in found if isinstance(path, Path)]
    names = [shown(path) for path in files]
    written: list[tuple[int, Added | Failure | tuple[str, str]]] = []
    with closing(_arrivals(files, Terms(catalogue.known(), filing.kind), limits or Limits())) as arrivals:
        for number, outcome in arrivals:
            if outcome is not None:
                written.append((number, _write(catalogue, files[number], names[number], outcome, filing)))
            elif progress is not None:
                progress(names[number])
    report = AddReport(failed=[one for one in found if isinstance(one, Failure)])
    for _, one in sorted(written, key=lambda pair: pair[0]):
        _enter(report, one)
    links = catalogue.links([one.id for one in report.added])
    report.added = [replace(one, links=links.get(one.id, ())) for one in report.added]
    return report


def _arrivals(files: Sequence[Path], terms: Terms, limits: Limits) -> Generator[Arrival]:
    workers = workers_for(files, limits)
    if workers:
        yield from read_files(files, terms, limits, workers)
        return
    for number, path in enumerate(files):
        for outcome in outcomes(path, terms, load):
            yield number, outcome
        yield number, None


def _write(
    catalogue: Catalogue, path: Path, name: str, outcome: Outcome, filing: Filing
) -> Added | Failure | tuple[str, str]:
    """Keep what was read, and tell what became of it."""
    if isinstance(outcome, Failed):
        return Failure(name + outcome.member, outcome.cause, outcome.advice, outcome.page)
    if isinstance(outcome, Known):
        return outcome.document_id, name + outcome.member
    document, parts = outcome.document, outcome.parts
    if not catalogue.add(
        document,
        parts,
        path=shown(path.resolve()) + outcome.member,
        case=filing.case,
        office=filing.office,
        sketch=outcome.sketch,
    ):  # the same bytes twice in one run, or another process was quicker
        return document.id, name + outcome.member
    return Added(document.id, document.kind, document.subtype, document.title, name + outcome.member, len(parts))


def _enter(report: AddReport, one: Added | Failure | tuple[str, str]) -> None:
    if isinstance(one, Added):
        report.added.append(one)
    elif isinstance(one, Failure):
        report.failed.append(one)
    else:
        report.already.append(one)


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
