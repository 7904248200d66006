"""What the assistant gives back: citations, answers, drafts and findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from indexes.hit import LawStatus

Grounding = Literal["full", "partial", "none"]
Support = Literal["supported", "unverified"]
LetterType = Literal["retrial", "correction", "public-interest", "governance", "other"]


@dataclass(frozen=True)
class Citation:
    """A quoted span: `quote == text_of(document_id)[start:end]`, made by code, never by a model.

    A norm that the library lacks is cited with `document_id` empty, an empty quote and the
    status `not_checked`; it is shown as 待核实. `confidence` is that of words recognised from a picture.
    """

    number: int
    document_id: str
    title: str
    start: int
    end: int
    quote: str
    status: LawStatus
    law: str | None = None
    article: str | None = None
    page: int | None = None
    confidence: float | None = None


@dataclass(frozen=True)
class AnswerSentence:
    """A sentence of an answer: a span of `Answer.text` and the numbers of its citations."""

    start: int
    end: int
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True)
class Answer:
    """An answer; "nothing found" is an Answer with grounding `none`, not an exception."""

    text: str
    grounding: Grounding
    missing: str
    citations: tuple[Citation, ...]
    sentences: tuple[AnswerSentence, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a letter and what it rests on; with no citation it is `unverified`.

    `support` is `supported` for a sentence of form too (a salutation, a deadline that rests on
    dated knowledge data): such a sentence names its `basis`.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    support: Support = "supported"
    basis: str = ""


@dataclass(frozen=True)
class Section:
    """A part of a letter: a heading (empty for the opening), its sentences and its gaps."""

    heading: str
    sentences: tuple[Sentence, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A drafted letter. Empty strings stand for what the case does not say (a visible gap).

    `notes` are Chinese sentences for the drafter alone (what a model changed, that it failed); no paper has them.
    """

    kind: str
    letter_type: LetterType
    title: str
    office: str
    number: str
    addressee: str
    date: str
    sections: tuple[Section, ...]
    copies_to: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
