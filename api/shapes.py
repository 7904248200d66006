"""The shapes of the contract: what commands print with --json and HTTP answers alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assistant.issues import Finding
from assistant.reply import Answer, Citation, Draft
from indexes.build import AddReport, Failure, LawReport
from indexes.hit import Hit
from indexes.likes import Link
from indexes.rows import Entry
from ingestion.document import Document

Shape = dict[str, Any]


def failures(failed: Iterable[Failure]) -> list[Shape]:
    """Files that failed, each with cause, advice and, where it is known, the page."""
    return [
        {"path": one.path, "cause": one.cause, "advice": one.advice, **({"page": one.page} if one.page else {})}
        for one in failed
    ]


def likes(links: Iterable[Link]) -> Shape:
    """What a document is like: copies that were there before it and after it, and near ones with how near."""
    given = list(links)
    same = [one for one in given if one.how == "text"]
    return {
        "duplicate_of": [one.document_id for one in same if one.earlier],
        "duplicates": [one.document_id for one in same if not one.earlier],
        "similar_to": [{"id": one.document_id, "likeness": one.likeness} for one in given if one.how == "near"],
    }


def add_report(report: AddReport) -> Shape:
    """The answer of `add`."""
    added = [
        {
            "id": one.id,
            "path": one.path,
            "kind": one.kind,
            "subtype": one.subtype,
            "title": one.title,
            "passages": one.passages,
            **likes(one.links),
        }
        for one in report.added
    ]
    already = [{"id": document_id, "path": path} for document_id, path in report.already]
    return {"added": added, "already": already, "failed": failures(report.failed)}


def entry(one: Entry) -> Shape:
    """A line of `list`."""
    return {
        "id": one.id,
        "path": one.path,
        "kind": one.kind,
        "subtype": one.subtype,
        "title": one.title,
        "case": one.case,
        "added_at": one.added_at,
        "state": one.state,
        **likes(one.links),
    }


def document(one: Document) -> Shape:
    """The answer of `text`."""
    fields: dict[str, list[Shape]] = {}
    for field in one.fields:
        fields.setdefault(field.name, []).append(
            {"value": field.value, "start": field.start, "end": field.end}
        )
    return {
        "id": one.id,
        "text": one.text,
        "blocks": [
            {"start": b.start, "end": b.end, "level": b.level, "page": b.page, "confidence": b.confidence}
            for b in one.blocks
        ],
        "fields": fields,
        "changes": [
            {"kind": c.kind, "author": c.author, "date": c.date, "start": c.start, "end": c.end, "text": c.text}
            for c in one.changes
        ],
        "hidden": [{"text": h.text, "why": h.why} for h in one.hidden],
        "notes": list(one.notes),
    }


def law_report(report: LawReport) -> Shape:
    """The answer of `laws`."""
    skipped = [{"path": path, "why": why} for path, why in report.skipped]
    return {
        "laws": report.laws,
        "articles": report.articles,
        "pieces": report.pieces,
        "known": report.known,
        "skipped": skipped,
        "failed": failures(report.failed),
    }


def law_name(name: str | None) -> str | None:
    """A law's full title as it stands alone: marks inside it are 《》 again, which inside 《》 were 〈〉."""
    return None if name is None else name.translate(str.maketrans("〈〉", "《》"))


def hit(one: Hit) -> Shape:
    """A hit of `search`."""
    passage = one.passage
    return {
        "document_id": passage.document_id,
        "title": one.title,
        "kind": one.kind,
        "law": law_name(one.law),
        "article": passage.article if one.law else None,
        "version": one.version,
        "status": one.status,
        "case": one.case,
        "start": passage.start,
        "end": passage.end,
        "quote": passage.text,
        "score": round(one.score, 6),
        "found_by": list(one.found_by),
        "confidence": passage.confidence,
    }


def citation(one: Citation) -> Shape:
    """A citation of an answer or a letter."""
    return {
        "number": one.number,
        "document_id": one.document_id,
        "title": one.title,
        "law": law_name(one.law),
        "article": one.article,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "status": one.status,
        "page": one.page,
        "confidence": one.confidence,
    }


def answer(one: Answer) -> Shape:
    """The answer of `ask`."""
    return {
        "text": one.text,
        "grounding": one.grounding,
        "missing": one.missing,
        "citations": [citation(c) for c in one.citations],
        "sentences": [
            {"start": s.start, "end": s.end, "citations": list(s.citations), "support": s.support}
            for s in one.sentences
        ],
    }


def draft(one: Draft, file: str) -> Shape:
    """The answer of `draft suggestion`."""
    sections = [
        {
            "heading": section.heading,
            "sentences": [
                {
                    "text": s.text,
                    "support": s.support,
                    "basis": s.basis,
                    "citations": [citation(c) for c in s.citations],
                }
                for s in section.sentences
            ],
            "gaps": list(section.gaps),
        }
        for section in one.sections
    ]
    return {
        "file": file,
        "kind": one.kind,
        "letter_type": one.letter_type,
        "sections": sections,
        "notes": list(one.notes),
        "findings": [],
        "results": [],
    }


def findings(found: Iterable[Finding]) -> Shape:
    """The answer of `issues`: what would be shown as a finding apart from what is doubtful."""
    given = list(found)
    return {
        "findings": [finding(one) for one in given if not one.doubtful],
        "doubtful": [finding(one) for one in given if one.doubtful],
    }


def finding(one: Finding) -> Shape:
    """A governance issue."""
    return {
        "type": one.type.name,
        "number": one.type.number,
        "field": one.type.field,
        "reason": one.reason,
        "citations": [citation(c) for c in one.citations],
        "unit": list(one.units),
        "duty": [
            {
                "law": law_name(duty.article.law),
                "article": duty.article.article,
                "status": duty.status,
                "who": duty.who,
                "demand": duty.demand,
            }
            for duty in one.duties
        ],
        "measures": list(one.measures),
        "route": one.type.route,
        "confidence": one.strength,
        "scope": "pattern" if one.spread.pattern else "single",
        "outdated": list(one.outdated),
        "basis": f"{one.type.source}（{one.type.date}）",
    }
