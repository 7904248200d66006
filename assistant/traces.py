"""Governance issues behind a case: signals of the scenarios met in its documents, with their sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.likeness import Likeness
from assistant.sentences import sentences
from ingestion.document import Document
from prompts import Cues, IssueType, Signal, signal_spans

# letters and laws speak of problems in general; only these speak of the case
EVIDENCE_KINDS = ("case", "hearing", "other")


@dataclass(frozen=True)
class Trace:
    """A sentence of the case file that speaks for an issue; `shows` are the problems it is evidence of."""

    document: Document
    start: int
    end: int
    strength: float
    shows: tuple[str, ...]

    @property
    def text(self) -> str:
        """The sentence, word for word."""
        return self.document.text[self.start : self.end]


@dataclass(frozen=True)
class Issue:
    """An issue type met in a case: the summed weight of its different signals, and its traces, best first."""

    type: IssueType
    weight: float
    traces: tuple[Trace, ...]

    def evidence_of(self, problem: str) -> tuple[Trace, ...]:
        """The traces that show a problem."""
        return tuple(trace for trace in self.traces if problem in trace.shows)


def issues_in(
    documents: Sequence[Document], types: Iterable[IssueType], cues: Cues, judge: Likeness | None = None
) -> list[Issue]:
    """The issues whose signals are met in the documents, heaviest first, from `cues.doubtful` on.

    With a `judge`, stretches that read like the examples of an issue type speak for it too.
    """
    papers = [_Paper.of(document) for document in documents if document.kind in EVIDENCE_KINDS]
    alike = _alike(papers, judge)
    found = (_with_likeness(_issue(type_, papers, cues), alike.get(type_.id, [])) for type_ in types)
    return sorted((one for one in found if one.weight >= cues.doubtful), key=lambda one: -one.weight)


@dataclass(frozen=True)
class _Paper:
    document: Document
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, document: Document) -> _Paper:
        return cls(document, tuple(sentences(document.text)))

    def numbers(self, at: int) -> tuple[int, ...]:
        """The number of the sentence at an offset, if there is one."""
        number = bisect_right(self.spans, (at, len(self.document.text))) - 1
        return (number,) if number >= 0 and at < self.spans[number][1] else ()


def _issue(type_: IssueType, papers: Sequence[_Paper], cues: Cues) -> Issue:
    weight = 0.0
    marks: dict[tuple[str, int, int], tuple[_Paper, float, set[str]]] = {}
    for signal in type_.signals:
        met = False
        for paper in papers:
            for start, end in _kept(signal, paper, type_, cues):
                met = True
                key = (paper.document.id, start, end)
                _, strength, shows = marks.setdefault(key, (paper, 0.0, set()))
                marks[key] = (paper, strength + signal.weight, shows | set(signal.shows))
        weight += signal.weight if met else 0.0
    weight -= sum(s.weight for s in type_.counter_signals if any(signal_spans(s, p.document.text) for p in papers))
    traces = [
        Trace(paper.document, start, end, strength, tuple(sorted(shows)))
        for (_, start, end), (paper, strength, shows) in marks.items()
    ]
    traces.sort(key=lambda trace: (-trace.strength, trace.document.id, trace.start))
    return Issue(type_, round(weight, 4), tuple(traces))


def _alike(papers: Sequence[_Paper], judge: Likeness | None) -> dict[str, list[Trace]]:
    """By issue type, what the judge finds in the papers; strength 1 where a stretch is just like enough."""
    found: dict[str, list[Trace]] = {}
    if judge is None:
        return found
    for paper in papers:
        for one in judge.resemblances(paper.document.text):
            found.setdefault(one.issue, []).append(Trace(paper.document, one.start, one.end, one.strength, ()))
    return found


def _with_likeness(issue: Issue, alike: Sequence[Trace]) -> Issue:
    """The issue with what reads like it: the best stretch counts as a signal of its own."""
    if not alike:
        return issue
    weight = round(issue.weight + max(trace.strength for trace in alike), 4)
    marked = [(trace.document.id, trace.start, trace.end) for trace in issue.traces]
    new = [trace for trace in alike if not any(_covers(trace, mark) for mark in marked)]
    traces = sorted([*issue.traces, *new], key=lambda trace: (-trace.strength, trace.document.id, trace.start))
    return Issue(issue.type, weight, tuple(traces))


def _covers(trace: Trace, mark: tuple[str, int, int]) -> bool:
    document, start, end = mark
    return trace.document.id == document and trace.start < end and start < trace.end


def _kept(signal: Signal, paper: _Paper, type_: IssueType, cues: Cues) -> list[tuple[int, int]]:
    """The shortest runs of sentences in which a signal is met whole and not taken back."""
    text = paper.document.text
    spans = signal_spans(signal, text)
    touched = sorted({number for start, _ in spans for number in paper.numbers(start)})
    kept: list[tuple[int, int]] = []
    covered: set[int] = set()
    for length in (1, 2, 3):
        for first in touched:
            run = range(first, first + length)
            if run.stop > len(paper.spans) or covered.intersection(run):
                continue
            start, end = paper.spans[first][0], paper.spans[run.stop - 1][1]
            inside = signal_spans(signal, text[start:end])
            if inside:
                covered.update(run)
                if not any(_denied(text, start, end, start + at, paper, type_, cues) for at, _ in inside):
                    kept.append((start, end))
    return sorted(kept)


def _denied(text: str, start: int, end: int, at: int, paper: _Paper, type_: IssueType, cues: Cues) -> bool:
    number = next(iter(paper.numbers(at)), None)
    sentence = (start, end) if number is None else paper.spans[number]
    return _taken_back(text, sentence, at, type_, cues)


def _taken_back(text: str, sentence: tuple[int, int], at: int, type_: IssueType, cues: Cues) -> bool:
    """Whether the sentence denies the signal, asks for it, supposes it, or quotes a law."""
    whole = text[sentence[0] : sentence[1]]
    clause = _clause_before(text, sentence[0], at)
    return (
        whole.endswith("？")
        or any(word in clause for word in (*cues.negation, *cues.hypothetical))
        or any(word in whole for word in type_.negations)
        or any(re.search(pattern, whole) for pattern in cues.law_quote)
    )


def _clause_before(text: str, start: int, at: int) -> str:
    """What stands before a signal in its own clause."""
    before = text[start:at]
    return re.split(r"[，,：:；;]", before)[-1]
