"""Signals in case texts: what a phrase rule is and where in a text it is met."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from prompts.loader import KnowledgeRoot, Record, Tag, read_model

Span = tuple[int, int]


def _alternatives(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Group = Annotated[tuple[str, ...], BeforeValidator(_alternatives)]


class Signal(Record):
    """A rule of phrases. It is met where one phrase of `any`, one of each group of `all` and a match of
    `regex` (those that are given) stand within `within` characters of text.

    `weight` (0 to 1): the weights of the different signals met in a case are added up; 1 is enough
    for a finding. `shows`: ids of the problems that this signal is evidence of.
    """

    any: tuple[str, ...] = ()
    all: tuple[Group, ...] = ()
    regex: str = ""
    within: int = Field(default=120, gt=0)
    weight: float = Field(gt=0, le=1)
    shows: tuple[str, ...] = ()
    why: str = ""

    @model_validator(mode="after")
    def _usable(self) -> Signal:
        if not (self.any or self.all or self.regex):
            raise ValueError("any、all、regex 至少写一项")
        if any(not phrase for group in (self.any, *self.all) for phrase in group):
            raise ValueError("词语不能为空")
        try:
            re.compile(self.regex)
        except re.error as error:
            raise ValueError(f"regex 无法编译：{error}") from error
        return self


class Cues(Record):
    """Words around a signal that say it does not count, whatever the issue type.

    `negation` stands before a signal in its sentence (未发现…), `hypothetical` makes it a rule or a
    supposition (不得…, 如果…), `law_quote` are patterns of a sentence that quotes statute text, as in
    the appendix of a judgment. `finding` is the weight from which a finding is shown, `doubtful` the
    weight from which it is listed as doubtful. `gap` and `like` are from where a passage is taken to tell of
    a gap at all, and to read like the examples of an issue type (scores of assistant/likeness.py).
    """

    negation: tuple[str, ...]
    hypothetical: tuple[str, ...]
    law_quote: tuple[str, ...]
    finding: float = Field(gt=0)
    doubtful: float = Field(gt=0)
    gap: float
    like: float = Field(gt=0)
    tag: Tag
    source: str
    date: date


@lru_cache(maxsize=8)
def load_cues(root: KnowledgeRoot | None = None) -> Cues:
    """The general cues of `cues.yaml`. Raises KnowledgeError."""
    return read_model(Cues, root, "cues.yaml")


def signal_spans(signal: Signal, text: str) -> tuple[Span, ...]:
    """The spans in `text`, sorted and without repetition, of the phrases that meet the signal.

    Empty where the signal is not met. Negation is not looked at: that is for the reader of the text.
    """
    groups = [_occurrences(group, text) for group in (*signal.all, signal.any) if group]
    if signal.regex:
        groups.append([match.span() for match in re.finditer(signal.regex, text)])
    found: set[Span] = set()
    for anchor in groups[0]:
        near = [min(group, key=lambda span: _stretch(anchor, span), default=None) for group in groups[1:]]
        spans = [anchor, *(span for span in near if span is not None)]
        together = max(end for _, end in spans) - min(start for start, _ in spans)
        if len(spans) == len(groups) and (len(groups) == 1 or together <= signal.within):
            found.update(spans)
    return tuple(sorted(found))


def _occurrences(phrases: tuple[str, ...], text: str) -> list[Span]:
    # longest first, so that 未成年人 is not cut to 未成年
    pattern = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    return [match.span() for match in re.finditer(pattern, text)]


def _stretch(one: Span, other: Span) -> int:
    return max(one[1], other[1]) - min(one[0], other[0])
