"""How a hearing record is read: who is called what, the seven steps, the words of opinions and promises."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pydantic import Field, field_validator

from prompts.loader import KnowledgeRoot, Record, Tag, read_model

Names = tuple[str, ...]


class StepCue(Record):
    """One of the seven steps: its name, and patterns of a heading or of the presider's words that open it."""

    name: str
    cues: Names = Field(min_length=1)


class ViewCues(Record):
    """Patterns of an opinion that is not clear, or that makes a condition; the first group that is met decides."""

    unclear: Names
    conditional: Names


class Outcome(Record):
    """Something that may be decided: patterns of words for doing it (起诉), and for its opposite (从宽)."""

    name: str
    acts: Names = Field(min_length=1)
    undone: Names


class StanceCues(Record):
    """Words whose product is a clause's stand: `neutral` ones say nothing though they look so, `negations` turn the
    next word, `agreeing` and `against` consent and dissent, `fits` and `unfit` judge (of `others`, not of the proposal),
    `empty` clauses name outcomes and decide nothing, `should` is what only judges an outcome, `rhetorical` questions deny; `joining` are patterns of joining somebody's opinion, whose one group is whose.
    """

    neutral: Names
    negations: Names
    agreeing: Names
    against: Names
    fits: Names
    unfit: Names
    others: Names
    empty: Names
    should: Names
    rhetorical: Names
    joining: Names
    outcomes: tuple[Outcome, ...] = Field(min_length=1)


class Seats(Record):
    """How many panelists there usually are, with where that is said."""

    least: int = Field(ge=1)
    most: int = Field(ge=1)
    source: str
    date: date
    tag: Tag


class Wanting(Record):
    """What a record cannot tell and the summary must: shown as gaps for the handling prosecutor."""

    items: Names = Field(min_length=1)
    source: str
    date: date
    tag: Tag


class HearingCues(Record):
    """All of `hearing.yaml`. `reported` are patterns of another's words; `firm` promises need no date;
    `consent` is
    consent to something else (未经本人同意), `subjects` are those whose views a clause may tell, `past` is what
    the speaker thought before, `partial` marks a view on parts, `reports` words of one who speaks for the panel, `summaries` of one who counts what was said, `nothing` of one who adds nothing; `closing` words
    of a presider's last turn, `notices` what a presider undertakes without a date, `proposal` marks an issue on which a view is a
    position, `common` are words that tell no issue.
    """

    source: str
    date: date
    tag: Tag
    seats: Seats
    wanting: Wanting
    presiders: Names
    handlers: Names
    clerks: Names
    panelists: Names
    others: Names
    steps: tuple[StepCue, ...] = Field(min_length=7, max_length=7)
    views: ViewCues
    reported: Names
    stance: StanceCues
    consent: Names
    subjects: Names
    past: Names
    partial: Names
    reports: Names
    summaries: Names
    nothing: Names
    promises: Names
    firm: Names
    closing: Names
    notices: Names
    proposal: Names
    common: Names
    requests: Names

    @field_validator("reported", "consent", "subjects", "past", "partial", "reports", "closing", "notices", "proposal")
    @classmethod
    def _patterns(cls, given: Names) -> Names:
        for pattern in given:
            re.compile(pattern)
        return given

    @property
    def roles(self) -> Names:
        """Every role word, the longest first."""
        every = {*self.presiders, *self.handlers, *self.clerks, *self.panelists, *self.others}
        return tuple(sorted(every, key=lambda role: (-len(role), role)))


@lru_cache(maxsize=8)
def load_hearing(root: KnowledgeRoot | None = None) -> HearingCues:
    """The cues of hearings. Raises KnowledgeError naming file and key."""
    return read_model(HearingCues, root, "hearing.yaml")
