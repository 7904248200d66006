"""What is like a paper: cases and letters with like facts, and a warning where a like letter went to the same unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexes.catalogue import Catalogue
from indexes.precedents import Near, Precedents
from ingestion.document import Document
from ingestion.duplicates import LIKE_FROM, overlap, stretches
from ingestion.precedent import facts_text, precedent

QUOTE = 120  # characters of the facts on a card
COMPARED = 12  # letters compared word for word with a file that is not stored


@dataclass(frozen=True)
class SimilarCase:
    """A precedent with like facts: `text[start:end]` of it is `quote`."""

    near: Near
    quote: str


@dataclass(frozen=True)
class Alike:
    """A paper that is like this one word for word, 0 to 1, and what to tell of it."""

    document_id: str
    title: str
    likeness: float
    warning: str


@dataclass(frozen=True)
class Similar:
    """What is like a paper."""

    cases: tuple[SimilarCase, ...]
    alike: tuple[Alike, ...]


def similar(document: Document, catalogue: Catalogue, precedents: Precedents, k: int = 10) -> Similar:
    """The papers whose facts are like those of a document, stored or only read, and those that are like it in words."""
    facts = precedents.facts_of(document.id) or _facts(document, precedents)
    near = precedents.near(facts, k + 1, exclude=(document.id,))
    cases = tuple(SimilarCase(one, quote_at(catalogue, one)) for one in near[:k])
    alike = dict(_linked(document, catalogue)) or dict(_compared(document, catalogue, near[:COMPARED]))
    return Similar(cases, tuple(_alike(document, catalogue, alike)))


def quote_at(catalogue: Catalogue, near: Near) -> str:
    """The words at the span of a precedent, as far as a card shows them."""
    text = catalogue.text_of(near.document_id) or ""
    return text[near.start : min(near.end, near.start + QUOTE)]


def _facts(document: Document, precedents: Precedents) -> str:
    found = precedent(document.kind, document.text, precedents.names())
    return facts_text(document.text, found.facts) if found else document.text


def _linked(document: Document, catalogue: Catalogue) -> Iterable[tuple[str, float]]:
    for link in catalogue.links([document.id]).get(document.id, ()):
        yield link.document_id, link.likeness


def _compared(document: Document, catalogue: Catalogue, near: Sequence[Near]) -> Iterable[tuple[str, float]]:
    """Word for word with the nearest, where the document is not in the catalogue and so has no links."""
    if catalogue.has(document.id):
        return
    ours = stretches(document.text)
    for one in near:
        alike = overlap(ours, stretches(catalogue.text_of(one.document_id) or ""))
        if alike >= LIKE_FROM:
            yield one.document_id, round(alike, 4)


def _alike(document: Document, catalogue: Catalogue, found: dict[str, float]) -> Iterable[Alike]:
    for document_id, likeness in sorted(found.items(), key=lambda pair: -pair[1]):
        other = catalogue.document(document_id)
        if other is not None:
            yield Alike(document_id, other.title, likeness, _warning(document, other, likeness))


def _warning(document: Document, other: Document, likeness: float) -> str:
    """2024年9月10日已向该单位（…）发出相似的建议书 …, where both are letters to one unit."""
    unit, number, day = (_field(other, name) for name in ("被建议单位", "文号", "日期"))
    share = f"文字相似 {likeness:.0%}"
    if unit and unit == _field(document, "被建议单位"):
        return f"{day or '此前'}已向该单位（{unit}）发出相似的建议书{number}（{share}），请核对是否重复制发。"
    return f"与《{other.title}》{number}相近（{share}）。"


def _field(document: Document, name: str) -> str:
    return next((one.value for one in document.fields if one.name == name), "")
