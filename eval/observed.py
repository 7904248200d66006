"""What was seen when a case was put to the product: just what the measures need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from eval.case import Span, View


@dataclass(frozen=True)
class Ranked:
    """A search: the names of the wanted things, and the names of the found ones, best first."""

    id: str
    gold: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True)
class Cited:
    """A citation: its span, whether it stands there verbatim, and of law whether it was in force on the day.

    `sound` says that the product showed the law as verified.
    """

    span: Span
    verbatim: bool
    law: bool = False
    sound: bool = False
    in_force: bool = False


@dataclass(frozen=True)
class Answered:
    """An answer: the gold spans, the citations, and the citations (by place in `citations`) of each sentence."""

    id: str
    gold: tuple[Span, ...]
    citations: tuple[Cited, ...] = ()
    sentences: tuple[tuple[int, ...], ...] = ()
    refused: bool = False
    answerable: bool = True


@dataclass(frozen=True)
class Lettered:
    """A letter: for each thing that was asked of it whether it was there, its citations, and the names it leaked."""

    id: str
    held: tuple[bool, ...] = ()
    facts: tuple[bool, ...] = ()
    articles: tuple[bool, ...] = ()
    gaps: tuple[bool, ...] = ()
    grounded: bool | None = None
    citations: tuple[Cited, ...] = ()
    leaks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flagged:
    """Issues by row of the taxonomy: wanted, found, whether each quote is verbatim, whether gold words were quoted."""

    id: str
    gold: frozenset[int]
    found: frozenset[int]
    verbatim: tuple[bool, ...] = ()
    quoted: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Pairing:
    """How many things were wanted, how many were given, and how many of both are the same."""

    wanted: int
    given: int
    same: int


@dataclass(frozen=True)
class Heard:
    """A hearing: how many of the things that a careful reader notes were noted the same.

    `views` are (wanted, given) of each opinion, `dissent` and `warned` whether each was kept, `tally`
    whether all four counts are right (None where none was asked for).
    """

    id: str
    parts: Mapping[str, Pairing] = field(default_factory=dict)
    views: tuple[tuple[View, View | None], ...] = ()
    dissent: tuple[bool, ...] = ()
    warned: tuple[bool, ...] = ()
    tally: bool | None = None
    verbatim: tuple[bool, ...] = ()
