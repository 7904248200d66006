"""A file becomes what the catalogue keeps of it: its document, passages and sketch, and those of its members."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ingestion.archive import CONTAINERS, SEPARATOR, Member, members
from ingestion.document import NOTHING_READ, Document, Kind, Passage, Reading, Readings, document_id
from ingestion.duplicates import Sketch, sketch
from ingestion.errors import ReadingError, SecretFile
from ingestion.pulse import at_page
from ingestion.read import load, shown, sniff, to_document
from ingestion.split import split

OUT_OF_MEMORY = "读取时占用的内存超过上限"
SPLIT_IT = "请用原来的程序打开确认；能打开时请拆成几个较小的文件再添加"
TOO_DEEP = "文件的结构嵌套过深"
SAVE_ANEW = "文件可能损坏；能打开时请另存为新文件再添加"


@dataclass(frozen=True)
class Prepared:
    """A document that was read; `member` tells its place in its container (`!/甲.docx`), empty for the file itself."""

    document: Document
    parts: tuple[Passage, ...]
    sketch: Sketch
    member: str = ""


@dataclass(frozen=True)
class Known:
    """Bytes that are in the catalogue already."""

    document_id: str
    member: str = ""


@dataclass(frozen=True)
class Failed:
    """A file or a member that could not be read: why, at which page if that is known, and what to do."""

    cause: str
    advice: str
    page: int | None = None
    member: str = ""
    secret: bool = False  # refused for its secrecy marking


Outcome = Prepared | Known | Failed


@dataclass(frozen=True)
class Terms:
    """What holds for all files of one adding: the ids that are known, and the kind if the user set it."""

    known: Container[str] = frozenset()
    kind: Kind | None = None


def outcomes(path: Path, terms: Terms, load: Callable[[Path], tuple[bytes, str]] = load) -> Iterator[Outcome]:
    """What becomes of a file and its members; running out of memory or of stack is a failure of the file."""
    try:
        data, name = load(path)
        yield from prepare(data, name, terms)
    except ReadingError as error:
        yield failed(error)
    except MemoryError:
        yield Failed(OUT_OF_MEMORY, SPLIT_IT)
    except RecursionError:
        yield Failed(TOO_DEEP, SAVE_ANEW)


def prepare(data: bytes, name: str, terms: Terms) -> Iterator[Outcome]:
    """Read the bytes of a file; of a container first its members, then itself, so that it stands for them all.

    A container with a member that bears a secrecy marking is refused whole, before any of its members is given
    away: what lies in one envelope with a secret is not stored either. A known one is opened all the same, for
    members that failed before. Each member is read once: the container's text is put together from theirs.
    """
    readings: dict[str, Reading] = {}
    found = []
    for number, member in enumerate(_members(data, name), 1):
        at_page(number)  # a sign of life
        outcome = _member(member, terms)
        if isinstance(outcome, Failed) and outcome.secret:
            yield from _refused(outcome)
            return
        if isinstance(outcome, Prepared):
            readings[outcome.document.id] = outcome.document.reading
        found.append(outcome)
    yield from found
    yield _one(data, name, terms, readings)


def _refused(member: Failed) -> Iterator[Failed]:
    """The member that bears the marking, and its container for its sake."""
    inside = member.member.removeprefix(SEPARATOR)
    yield member
    yield replace(member, cause=f"其中的 {inside}：{member.cause}", member="")


def failed(error: ReadingError) -> Failed:
    """What a reader's error says, for the report."""
    return Failed(error.cause, error.advice, secret=isinstance(error, SecretFile))


def _one(data: bytes, name: str, terms: Terms, members: Readings = NOTHING_READ) -> Outcome:
    identity = document_id(data)
    if identity in terms.known:
        return Known(identity)
    try:
        document = to_document(data, shown(Path(name)), members)
    except ReadingError as error:
        return failed(error)
    if terms.kind is not None:
        document = replace(document, kind=terms.kind)
    return Prepared(document, split(document), sketch(document.text))


def _member(member: Member, terms: Terms) -> Outcome:
    outcome = failed(member.error) if member.error is not None else _one(member.data, member.name, terms)
    return replace(outcome, member=f"{SEPARATOR}{member.name}")


def _members(data: bytes, name: str) -> Iterator[Member]:
    """The members of a container; none where the file is no container, or one that cannot be opened."""
    try:
        if sniff(data, name) in CONTAINERS:
            yield from members(data, name)
    except ReadingError:
        return  # reading the file itself tells the same
