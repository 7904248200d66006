"""What makes a paper a precedent: its facts, and the articles that its outcome rests on, as spans of its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.citations import LawCitation, Lookup, citations
from ingestion.document import Kind
from ingestion.judgment import Part, parts
from ingestion.letter import FACTS, PROBLEMS, letter_parts

JUDGMENT_FACTS: tuple[str, ...] = ("指控", "原审认定", "辩称", "审理查明", "证据")
LETTER_FACTS: tuple[str, ...] = (FACTS, PROBLEMS)
LEAST_FACTS = 40  # characters; less tells nothing apart
# where a court says what it applies; the reasoning only where no sentence of its own does
_BASIS = (("裁判依据",), ("本院认为", "判决结果"))

Span = tuple[int, int]


@dataclass(frozen=True)
class Precedent:
    """The spans of a paper that tell its facts, and the citations of the articles that it applies."""

    facts: tuple[Span, ...]
    applied: tuple[LawCitation, ...]


def precedent(kind: Kind, text: str, lookup: Lookup) -> Precedent | None:
    """A judgment or a suggestion letter as a precedent; None for other papers, and for one that applies no article."""
    if kind == "case":
        cut, wanted = parts(text), JUDGMENT_FACTS
        applied = next((found for names in _BASIS if (found := _cited(text, cut, names, lookup))), ())
    elif kind == "suggestion":
        cut, wanted = letter_parts(text), LETTER_FACTS
        applied = tuple(_articles(citations(text, lookup)))
    else:
        return None
    facts = tuple((part.start, part.end) for part in cut if part.name in wanted)
    if not applied or sum(end - start for start, end in facts) < LEAST_FACTS:
        return None
    return Precedent(facts, applied)


def facts_text(text: str, facts: Iterable[Span]) -> str:
    """The words of the facts, one part to a line."""
    return "\n".join(text[start:end] for start, end in facts)


def _cited(text: str, cut: Sequence[Part], names: Sequence[str], lookup: Lookup) -> tuple[LawCitation, ...]:
    return tuple(
        replace(one, start=one.start + part.start, end=one.end + part.start, name=None)
        for part in cut
        if part.name in names
        for one in _articles(citations(text[part.start : part.end], lookup))
    )


def _articles(found: Iterable[LawCitation]) -> Iterator[LawCitation]:
    return (one for one in found if one.law and one.article)
