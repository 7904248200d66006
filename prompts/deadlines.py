"""Deadlines: periods with their legal basis and the dates between which they hold."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator

from prompts.loader import ArticleRef, KnowledgeRoot, Record, Tag, read_model

Unit = Literal["日", "工作日", "个月"]
_DIGITS = "零一两三四五六七八九"


class Deadline(Record):
    """A period in one of its versions. `basis` is empty where the law leaves the period open (tag D)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    value: int = Field(gt=0)
    unit: Unit
    condition: str = ""
    basis: tuple[ArticleRef, ...] = ()
    valid_from: date
    valid_to: date | None = None
    configurable: bool = False
    tag: Tag
    source: str

    @property
    def text(self) -> str:
        """The period as a letter writes it: 两个月, 十五日."""
        return f"{_chinese(self.value, self.unit)}{self.unit}"

    def due(self, received: date) -> date | None:
        """The last day of the period that begins on the day after `received`; None for working days.

        民法典 201 and 202: the first day does not count, a month ends on the corresponding day. A last
        day that is a public holiday moves on (203); the calendar of holidays is not known here.
        """
        if self.unit == "日":
            return received + timedelta(days=self.value)
        return _months_after(received, self.value) if self.unit == "个月" else None


class Deadlines(Record):
    """All periods, each id possibly in several versions that do not overlap."""

    deadlines: tuple[Deadline, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Deadlines:
        for one in self.deadlines:
            if one.valid_to is not None and one.valid_to < one.valid_from:
                raise ValueError(f"{one.id}：valid_to 早于 valid_from")
        pairs = [(a, b) for i, a in enumerate(self.deadlines) for b in self.deadlines[i + 1 :] if a.id == b.id]
        for a, b in pairs:
            if a.valid_from <= (b.valid_to or date.max) and b.valid_from <= (a.valid_to or date.max):
                raise ValueError(f"期限 {a.id} 的两个版本在时间上重叠")
        return self

    def on(self, id_: str, day: date) -> Deadline:
        """The version of a period that holds on a day. Raises KeyError where there is none."""
        for deadline in self.deadlines:
            if deadline.id == id_ and deadline.valid_from <= day <= (deadline.valid_to or date.max):
                return deadline
        raise KeyError(f"{day.isoformat()} 没有期限 {id_}")

    def ids(self) -> frozenset[str]:
        """The ids of all periods."""
        return frozenset(deadline.id for deadline in self.deadlines)


@lru_cache(maxsize=8)
def load_deadlines(root: KnowledgeRoot | None = None) -> Deadlines:
    """The periods of `deadlines.yaml`. Raises KnowledgeError."""
    return read_model(Deadlines, root, "deadlines.yaml")


def _months_after(start: date, months: int) -> date:
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def _chinese(value: int, unit: Unit) -> str:
    if value == 2:
        return "二" if unit == "日" else "两"
    tens, ones = divmod(value, 10)
    if tens == 0:
        return _DIGITS[ones]
    head = "" if tens == 1 else "二" if tens == 2 else _DIGITS[tens]
    tail = "" if ones == 0 else "二" if ones == 2 else _DIGITS[ones]
    return f"{head}十{tail}"
