"""Hits become citations: numbered, with offsets, and verified against the canonical text."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from assistant.reply import Citation
from indexes.hit import Hit
from ingestion.document import Block, Document, least_confidence


def cite(hit: Hit, number: int, start: int, end: int) -> Citation:
    """The citation of a stretch of a hit's passage; raises ValueError if it lies outside of it."""
    passage = hit.passage
    if not passage.start <= start < end <= passage.end:
        raise ValueError(f"{start}-{end} is outside of passage {passage.id}")
    quote = passage.text[start - passage.start : end - passage.start]
    return Citation(
        number=number,
        document_id=passage.document_id,
        title=hit.title,
        start=start,
        end=end,
        quote=quote,
        status=hit.status or "verified",
        law=hit.law,
        article=passage.article if hit.law else None,
        confidence=passage.confidence,
    )


def cite_document(document: Document, start: int, end: int, number: int = 0) -> Citation:
    """The citation of a span of a document of the case file."""
    return Citation(
        number=number,
        document_id=document.id,
        title=document.title,
        start=start,
        end=end,
        quote=document.text[start:end],
        status="verified",
        page=page_of(document.blocks, start),
        confidence=least_confidence(document.blocks, start, end),
    )


def page_of(blocks: Sequence[Block], at: int) -> int | None:
    """The page on which an offset stands; None where the format has no pages."""
    number = bisect.bisect_right([block.start for block in blocks], at) - 1
    return blocks[number].page if number >= 0 else None


def verified(citation: Citation, text: str | None) -> bool:
    """Whether the quote stands in the document's text at the offsets that the citation gives."""
    return bool(citation.quote) and text is not None and text[citation.start : citation.end] == citation.quote
