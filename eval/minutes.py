"""Hearing records and excerpts as cases: the record's text, and what a careful reader notes of it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import RootModel

from eval.case import View
from prompts.loader import KnowledgeError, KnowledgeRoot, Record, files_in, read_model, read_text

FOLDER = "hearings"


class Person(Record):
    """Who took part, and as what."""

    name: str
    role: str


class Turn(Record):
    """Words of the record and who spoke them; 未识别 where no label says so."""

    speaker: str
    quote: str


class Step(Record):
    """One of the seven steps, and the words with which it begins."""

    step: str
    quote: str


class Position(Record):
    """What somebody said on an issue."""

    speaker: str
    quote: str


class Dispute(Record):
    """An issue in dispute and who said what of it."""

    issue: str
    positions: tuple[Position, ...] = ()


class Opinion(Record):
    """A panelist's view and the words that state it."""

    speaker: str
    view: View
    quote: str


class Commitment(Record):
    """What somebody promised, until when in the record's words; `said_by` where another one says it."""

    who: str
    what: str
    by: str = ""
    said_by: str = ""


class Tally(Record):
    """How many panelists hold each view."""

    agree: int = 0
    disagree: int = 0
    conditional: int = 0
    unclear: int = 0


class Minutes(Record):
    """The gold of a record; a part that is None is not judged, an empty one must stay empty."""

    participants: tuple[Person, ...] | None = None
    steps: tuple[Step, ...] | None = None
    turns: tuple[Turn, ...] | None = None
    issues: tuple[Dispute, ...] | None = None
    opinions: tuple[Opinion, ...] | None = None
    tally: Tally | None = None
    dissent: tuple[Position, ...] | None = None
    commitments: tuple[Commitment, ...] | None = None
    warnings: tuple[str, ...] | None = None


class Excerpt(Minutes):
    """A short stretch of a record with its gold."""

    id: str
    text: str
    why: str = ""


class Excerpts(RootModel[tuple[Excerpt, ...]]):
    """A file of excerpts: a list."""


def read_minutes(root: KnowledgeRoot, part: str) -> Iterator[Excerpt]:
    """The records of a part, then its excerpts. Raises KnowledgeError, naming file and key."""
    for name in files_in(root, FOLDER):
        if name.startswith(f"{part}-excerpts"):
            yield from read_model(Excerpts, root, FOLDER, name).root
        elif name.startswith(f"{part}-"):
            gold = read_model(Minutes, root, FOLDER, name)
            case = name.removesuffix(".yaml")
            yield Excerpt(id=case, text=_record(root, case), **dict(gold))


def _record(root: KnowledgeRoot, case: str) -> str:
    text = read_text(root, FOLDER, f"{case}.txt")
    if not text.strip():
        raise KnowledgeError(f"听证笔录 {FOLDER}/{case}.txt 没有文字")
    return text
