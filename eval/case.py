"""What a case of a suite is: what is asked, and the spans of law and files that should answer it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field, RootModel, model_validator

from assistant.reply import LetterType
from prompts.loader import Record

View = Literal["agree", "disagree", "conditional", "unclear"]
Content = Literal["source", "facts", "problems", "advice", "objection", "reply"]


class Gold(Record):
    """An article of a law (as of the day of the case), or words that stand verbatim in a file."""

    law: str = ""
    article: str = ""
    file: str = ""
    quote: str = ""

    @model_validator(mode="after")
    def _one_of_both(self) -> Gold:
        if bool(self.law and self.article) == bool(self.file and self.quote):
            raise ValueError("应写 law 与 article，或者 file 与 quote")
        return self

    def __str__(self) -> str:
        """As people write it."""
        return f"《{self.law}》{self.article}" if self.law else f"《{self.file}》“{self.quote}”"


class Question(Record):
    """A question to search or ask; `as_of` and `case` take the suite's where they are not given."""

    id: str
    ask: str
    as_of: date | None = None
    case: str | None = None
    within: Literal["law", "case", "letters"] | None = None
    gold: tuple[Gold, ...] = ()
    answerable: bool = True
    trap: str = ""


class Paper(Record):
    """A short paper of an invented case, as a file of that name would hold it."""

    name: str
    text: str


class LetterCase(Record):
    """A letter to draft: to whom, from which papers, and what it must hold.

    `facts` are ids of `samples/gold.yaml`; `quotes` stand in `papers`; `gaps` are words that a gap must
    say; `grounded` is whether the papers bear out a problem of that unit (None: not judged).
    """

    id: str
    to: str
    type: LetterType = "governance"
    as_of: date | None = None
    files: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    grounded: bool | None = None
    holds: tuple[Content, ...] = ()
    facts: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    gaps: tuple[str, ...] = ()


class IssueGold(Record):
    """An issue type by its row of the taxonomy, and the words that show it."""

    row: int
    quote: str


class IssueCase(Record):
    """A text and the issues that a careful reader finds in it; a hard negative has none and says why."""

    id: str
    text: str
    gold: tuple[IssueGold, ...] = ()
    why: str = ""


class IssueFile(RootModel[tuple[IssueCase, ...]]):
    """A file of issue cases: a list."""


@dataclass(frozen=True)
class Span:
    """`text_of(document_id)[start:end]`, half open, in code points."""

    document_id: str
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def shared(self, other: Span) -> int:
        """How many characters both spans cover."""
        if self.document_id != other.document_id:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    def bears(self, other: Span) -> bool:
        """Whether both say the same: they share at least half of the shorter one [D]."""
        return self.shared(other) * 2 >= max(1, min(len(self), len(other)))


def covered(spans: Iterable[Span]) -> frozenset[tuple[str, int]]:
    """The characters that the spans cover, each once."""
    return frozenset((one.document_id, at) for one in spans for at in range(one.start, one.end))


def locate(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands in a text, white space aside (a PDF breaks lines anywhere); None if it does not."""
    places = [at for at, sign in enumerate(text) if not sign.isspace()]
    bare = "".join(text[at] for at in places)
    wanted = "".join(quote.split())
    at = bare.find(wanted)
    return None if at < 0 or not wanted else (places[at], places[at + len(wanted) - 1] + 1)


TextOf = Callable[[str], str | None]


class SuiteFile(Record):
    """A suite of questions or letters as its file holds it."""

    suite: str
    about: str
    as_of: date
    case: str | None = None


class QuestionFile(SuiteFile):
    """A suite of questions."""

    cases: tuple[Question, ...] = Field(min_length=1)


class LetterFile(SuiteFile):
    """A suite of letters."""

    cases: tuple[LetterCase, ...] = Field(min_length=1)
