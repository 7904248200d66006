"""Scenarios: the governance issues behind cases, with signals, causes, units, duties and measures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator

from prompts.loader import (
    Article,
    ArticleRef,
    KnowledgeError,
    KnowledgeRoot,
    Record,
    Tag,
    files_in,
    read_model,
)
from prompts.signals import Signal

Route = Literal["社会治理检察建议", "行政公益诉讼", "检察意见", "纠正违法", "再审检察建议", "督促监护", "线索移送"]
CauseKind = Literal["制度", "人员", "监管", "技术"]
Role = Literal["regulator", "involved"]


class Cause(Record):
    """A usual cause, to be confirmed by inquiry: never stated of a case without evidence."""

    kind: CauseKind
    text: str


class Duty(Record):
    """What an article demands of whom: `demand` is a paraphrase, never shown as a quotation."""

    article: ArticleRef
    who: str
    demand: str
    tag: Tag = "L"
    note: str = ""


class Unit(Record):
    """A kind of unit that a letter can go to.

    `pattern` gives its full name with {place} (empty for a business, whose name the case gives);
    `names` are parts of a name by which an addressee is recognised as of this kind; `duties` are its
    articles in this field. `role`: a regulator supervises the field, an involved unit broke the rule.
    """

    kind: str
    role: Role
    pattern: str = ""
    names: tuple[str, ...] = Field(min_length=1)
    why: str
    duties: tuple[ArticleRef, ...] = Field(min_length=1)


class Problem(Record):
    """A gap, said without the facts of any case: rule, gap, consequence.

    `of` says whose gap it is. A problem of a regulator is an inference from the case and needs inquiry.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    of: Role
    statement: str
    rule: tuple[ArticleRef, ...] = Field(min_length=1)
    consequence: str
    consequence_basis: tuple[ArticleRef, ...] = ()


class Measure(Record):
    """An advice that answers problems: actor, action, time, deliverable, and its basis where it has one."""

    answers: tuple[str, ...] = Field(min_length=1)
    actors: tuple[str, ...] = Field(min_length=1)
    action: str
    time: str
    deliverable: str
    basis: tuple[ArticleRef, ...] = ()
    tag: Tag = "D"

    @property
    def text(self) -> str:
        """The advice as one sentence of a letter, without its actor: 自收到本建议书之日起一个月内，……。"""
        when = f"自收到本建议书之日起{self.time}" if self.time.endswith("内") else self.time
        return f"{when}，{self.action}，形成{self.deliverable}。"


class IssueType(Record):
    """One issue of the taxonomy (domain C, row `number`).

    `units` begins with the usual addressee. `art11_item` is the item of Art. 11 of the 2019 rules on
    suggestions; `deadline` the key of the reply period in deadlines.yaml; `public_interest` the
    articles that open public-interest litigation, where there are any; `inquiry` what to find out
    before a letter is written; `false_positives` what looks like the issue and is not.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    number: int = Field(ge=1)
    name: str
    field: str
    involved: str
    signals: tuple[Signal, ...] = Field(min_length=1)
    counter_signals: tuple[Signal, ...] = ()
    negations: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = Field(min_length=1)
    duties: tuple[Duty, ...] = Field(min_length=1)
    problems: tuple[Problem, ...] = Field(min_length=1)
    measures: tuple[Measure, ...] = Field(min_length=1)
    route: Route
    also: tuple[Route, ...] = ()
    public_interest: tuple[ArticleRef, ...] = ()
    art11_item: int = Field(ge=1, le=6)
    deadline: str
    inquiry: tuple[str, ...] = Field(min_length=1)
    false_positives: tuple[str, ...] = ()
    tag: Tag
    source: str
    date: date

    @model_validator(mode="after")
    def _consistent(self) -> IssueType:
        problems = [problem.id for problem in self.problems]
        kinds = [unit.kind for unit in self.units]
        faults = [
            *_twice(problems, "问题编号"),
            *_twice(kinds, "单位种类"),
            *_unknown((p for s in self.signals for p in s.shows), problems, "信号指向的问题"),
            *_unknown((p for m in self.measures for p in m.answers), problems, "措施回应的问题"),
            *_unknown((a for m in self.measures for a in m.actors), kinds, "措施的责任单位"),
            *self._unanswered(),
        ]
        if faults:
            raise ValueError(f"{self.id}：{'；'.join(faults)}")
        return self

    def _unanswered(self) -> list[str]:
        usual = self.units[0].kind
        answered = {p for measure in self.measures if usual in measure.actors for p in measure.answers}
        acting = {actor for measure in self.measures for actor in measure.actors}
        return [
            *(f"问题 {p.id} 没有由{usual}落实的措施" for p in self.problems if p.id not in answered),
            *(f"{unit.kind}没有可以落实的措施" for unit in self.units if unit.kind not in acting),
        ]

    def unit(self, kind: str) -> Unit:
        """The unit of that kind. Raises KeyError naming the kinds that there are."""
        for unit in self.units:
            if unit.kind == kind:
                return unit
        raise KeyError(f"{self.id} 没有单位种类 {kind}，只有：{'、'.join(unit.kind for unit in self.units)}")

    def unit_named(self, addressee: str) -> Unit | None:
        """The unit that an addressee's name belongs to, by the longest known part of it; None if none."""
        known = [(len(name), unit) for unit in self.units for name in unit.names if name in addressee]
        return max(known, key=lambda pair: pair[0])[1] if known else None

    def for_unit(self, kind: str) -> tuple[tuple[Problem, tuple[Measure, ...]], ...]:
        """The problems that a letter to this kind of unit can raise, each with the measures it can take."""
        mine = [measure for measure in self.measures if kind in measure.actors]
        pairs = ((p, tuple(m for m in mine if p.id in m.answers)) for p in self.problems)
        return tuple((problem, measures) for problem, measures in pairs if measures)

    def articles(self) -> frozenset[Article]:
        """Every article that the issue names anywhere."""
        return frozenset(
            article
            for named in (
                [duty.article for duty in self.duties],
                *(unit.duties for unit in self.units),
                *(problem.rule for problem in self.problems),
                *(problem.consequence_basis for problem in self.problems),
                *(measure.basis for measure in self.measures),
                self.public_interest,
            )
            for article in named
        )


class Scenario(Record):
    """A field of work: its name and the issues that it looks for."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    issues: tuple[IssueType, ...] = Field(min_length=1)


@lru_cache(maxsize=8)
def load_scenarios(root: KnowledgeRoot | None = None) -> tuple[Scenario, ...]:
    """All scenarios of `scenarios/*.yaml`, by file name.

    Raises KnowledgeError naming file and key, or the two files that give one id to two things.
    """
    names = files_in(root, "scenarios")
    scenarios = tuple(read_model(Scenario, root, "scenarios", name) for name in names)
    _refuse_double(scenarios, names)
    return scenarios


def issue_types(scenarios: tuple[Scenario, ...]) -> tuple[IssueType, ...]:
    """The issue types of all scenarios, in the order of the taxonomy."""
    return tuple(sorted((i for s in scenarios for i in s.issues), key=lambda issue: issue.number))


def cited_articles(scenarios: tuple[Scenario, ...]) -> set[tuple[str, str]]:
    """Every (law, article) that the scenarios name: what is embedded first and checked in CI."""
    return {(a.law, a.article) for s in scenarios for issue in s.issues for a in issue.articles()}


def _refuse_double(scenarios: tuple[Scenario, ...], names: tuple[str, ...]) -> None:
    seen: dict[tuple[str, object], str] = {}
    for scenario, name in zip(scenarios, names, strict=True):
        ids: list[tuple[str, object]] = [("场景编号", scenario.id)]
        ids += [("问题类型编号", issue.id) for issue in scenario.issues]
        ids += [("问题类型序号", issue.number) for issue in scenario.issues]
        for what, id_ in ids:
            if (what, id_) in seen:
                before = seen[what, id_]
                raise KnowledgeError(f"知识文件 scenarios/{name}：{what} {id_} 与 scenarios/{before} 重复")
            seen[what, id_] = name


def _twice(ids: list[str], what: str) -> list[str]:
    return [f"{what} {id_} 重复" for id_ in sorted({i for i in ids if ids.count(i) > 1})]


def _unknown(used: Iterable[str], known: list[str], what: str) -> list[str]:
    return [f"{what} {id_} 不存在" for id_ in dict.fromkeys(used) if id_ not in known]
