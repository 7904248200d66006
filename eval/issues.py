"""Governance issues as subjects: the findings of a text, beside those of a careful reader."""

from __future__ import annotations

from datetime import date

from eval.case import IssueCase, Span, locate
from eval.home import Home
from eval.observed import Flagged
from eval.subjects import CannotJudge, Seen, Verbs
from ingestion.document import Document
from ingestion.read import to_document


def issue_case(case: IssueCase, on: date, home: Home, verbs: Verbs) -> Seen:
    """Look for issues in a text and compare types and quotes with the gold."""
    document = to_document(case.text.encode(), f"{case.id}.txt")
    wanted = [(gold.row, _place(document, gold.quote)) for gold in case.gold]
    findings = [one for one in verbs.find_issues((document,), on) if not one.doubtful]
    quotes = [(f.type.number, c) for f in findings for c in f.citations if c.law is None]
    spans = [(row, Span(c.document_id, c.start, c.end)) for row, c in quotes]
    observed = Flagged(
        case.id,
        frozenset(row for row, _ in wanted),
        frozenset(one.type.number for one in findings),
        verbatim=tuple(document.text[c.start : c.end] == c.quote != "" for _, c in quotes),
        quoted=tuple(any(row == number and span.bears(gold) for number, span in spans) for row, gold in wanted),
    )
    expected = "；".join(f"{gold.row} “{gold.quote}”" for gold in case.gold) or f"没有问题（{case.why}）"
    got = "；".join(f"{f.type.number} {f.type.name}" for f in findings) or "没有问题"
    return Seen(case.id, case.text.strip(), expected, got, observed)


def _place(document: Document, quote: str) -> Span:
    place = locate(document.text, quote)
    if place is None:
        raise CannotJudge(f"案例文字中没有“{quote}”")
    return Span(document.id, *place)
