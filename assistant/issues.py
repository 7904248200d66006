"""Findings of governance issues: what the papers show, whose duty it is as of a day, what is usually advised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.cite import cite_document
from assistant.knowledge import SOUND
from assistant.likeness import Likeness
from assistant.reply import Citation
from assistant.traces import Issue, issues_in
from indexes.hit import LawStatus
from indexes.lawbook import LawBook
from ingestion.document import Document
from prompts import Article, Cues, IssueType

MOST_QUOTES = 8  # of one finding; the count of all stands in its reason
OUTDATED = "依据已变更、待更新"


@dataclass(frozen=True)
class DutyHeld:
    """An article that lays a duty on a unit, and what a citation of it is worth on the day asked."""

    article: Article
    who: str
    demand: str
    status: LawStatus
    detail: str


@dataclass(frozen=True)
class Spread:
    """How far an issue reaches: its places in papers, the case numbers, the units whose gap it may be."""

    places: int
    papers: int
    cases: tuple[str, ...]
    units: tuple[str, ...]

    @property
    def pattern(self) -> bool:
        """Whether it was met in several cases or in several units: one alone is 个案, 先调查."""
        return len(self.cases) > 1 or len(self.units) > 1


@dataclass(frozen=True)
class Finding:
    """A governance issue that papers show, for a person to judge; never a statement of guilt.

    `citations` are numbered from 1, best evidence first, each word for word of its document. `strength`
    (0 to 1) grows with the weight of different signals; it is no probability. `doubtful` findings are
    not shown as findings. `outdated` names the articles of its knowledge that the library knows to be
    out of force on the day: such an entry is shown as 依据已变更、待更新.
    """

    type: IssueType
    citations: tuple[Citation, ...]
    duties: tuple[DutyHeld, ...]
    spread: Spread
    strength: float
    doubtful: bool
    outdated: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The kinds of units that a letter usually goes to, the usual one first."""
        return tuple(unit.kind for unit in self.type.units)

    @property
    def measures(self) -> tuple[str, ...]:
        """The usual advice, for human choice."""
        return tuple(measure.text for measure in self.type.measures)

    @property
    def reason(self) -> str:
        """Why it is shown, in words, with counts; what to do first where it stands alone."""
        count = f"{self.spread.papers} 份材料中有 {self.spread.places} 处文字反映“{self.type.name}”"
        if self.outdated:
            count += f"；{OUTDATED}：{'、'.join(self.outdated)}"
        if not self.spread.pattern:
            return f"{count}。个案，先调查：{self.type.inquiry[0]}"
        where = [f"{len(self.spread.cases)} 个案件" if len(self.spread.cases) > 1 else "",
                 f"{len(self.spread.units)} 家单位（{'、'.join(self.spread.units)}）" if len(self.spread.units) > 1 else ""]
        return f"{count}，涉及{'、'.join(filter(None, where))}，属类案线索，仍须逐一核实。"


def find_issues(
    documents: Sequence[Document],
    types: Iterable[IssueType],
    cues: Cues,
    lawbook: LawBook,
    on: date,
    judge: Likeness | None = None,
) -> tuple[Finding, ...]:
    """The governance issues behind documents, strongest first, with the law as of a day.

    They are met by the signals of the knowledge files and, with a `judge`, by likeness to their examples.
    Findings (from the weight `cues.finding` on) come before the doubtful ones.
    """
    found = (_finding(issue, cues, lawbook, on) for issue in issues_in(documents, types, cues, judge))
    return tuple(sorted(found, key=lambda one: (one.doubtful, -one.strength)))


def _finding(issue: Issue, cues: Cues, lawbook: LawBook, on: date) -> Finding:
    shown = issue.traces[:MOST_QUOTES]
    return Finding(
        type=issue.type,
        citations=tuple(cite_document(t.document, t.start, t.end, n) for n, t in enumerate(shown, 1)),
        duties=tuple(_duties(issue.type, lawbook, on)),
        spread=_spread(issue),
        strength=round(min(1.0, issue.weight / (2 * cues.finding)), 2),
        doubtful=issue.weight < cues.finding,
        outdated=tuple(_outdated(issue.type, lawbook, on)),
    )


def _duties(type_: IssueType, lawbook: LawBook, on: date) -> Iterable[DutyHeld]:
    for duty in type_.duties:
        found = lawbook.find(duty.article.law, duty.article.article, on)
        yield DutyHeld(duty.article, duty.who, duty.demand, found.status, found.detail)


def _outdated(type_: IssueType, lawbook: LawBook, on: date) -> Iterable[str]:
    """The articles of the whole entry that must not be relied on any more."""
    for article in sorted(type_.articles(), key=lambda one: one.text):
        found = lawbook.find(article.law, article.article, on)
        if found.status not in SOUND:
            yield f"{article.text}（{found.detail}）"


def _spread(issue: Issue) -> Spread:
    papers = {trace.document.id: trace.document for trace in issue.traces}
    cases = dict.fromkeys(f.value for paper in papers.values() for f in paper.fields if f.name == "案号")
    units = dict.fromkeys(
        field.value
        for trace in issue.traces
        for field in trace.document.fields
        if field.name == "涉案单位" and field.value in trace.text and _involved(field.value, issue.type)
    )
    return Spread(len(issue.traces), len(papers), tuple(cases), tuple(_shortest(units)))


def _involved(name: str, type_: IssueType) -> bool:
    """Whether a name is that of a unit whose gap this issue is, not of one that supervises it."""
    unit = type_.unit_named(name)
    return unit is not None and unit.role == "involved"


def _shortest(names: Iterable[str]) -> list[str]:
    """The names without those that only say more around another: 望湖区湖畔旅馆 beside 湖畔旅馆."""
    given = list(names)
    return [name for name in given if not any(name != other and other in name for other in given)]
