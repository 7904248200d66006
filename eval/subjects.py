"""What a suite puts to the product, case by case: the verbs are handed in, so that broken ones can be measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.answer import answer
from assistant.draft import Order, draft_suggestion, letter_aliases
from assistant.hearing import HearingSummary, summarise_hearing
from assistant.issues import Finding, find_issues
from assistant.reply import Answer, Citation, Draft
from eval.case import Gold, Question, Span, locate
from eval.home import Home
from eval.observed import Answered, Cited, Ranked
from indexes.hit import Hit
from indexes.index import Scope
from indexes.lawbook import LawBook
from indexes.words import tokens
from ingestion.document import KINDS, Document, Kind
from prompts import issue_types, load_cues, load_scenarios

DEPTH = 10
LETTER_KINDS: tuple[Kind, ...] = ("suggestion",)
LAW_KINDS: tuple[Kind, ...] = ("regulation",)
PAPER_KINDS = tuple(kind for kind in KINDS if kind not in (*LETTER_KINDS, *LAW_KINDS))
WITHIN = {"law": LAW_KINDS, "case": PAPER_KINDS, "letters": LETTER_KINDS}
USUAL = {"retrieval": "law", "precedents": "letters"}


class CannotJudge(Exception):
    """A case whose gold the home does not hold; the message says in Chinese what is wanting."""


@dataclass(frozen=True)
class Verbs:
    """What of the product is measured."""

    search: Callable[[str, int, Scope], Sequence[Hit]]
    answer: Callable[[str, str | None, date], Answer]
    draft: Callable[[Order], Draft]
    find_issues: Callable[[Sequence[Document], date], Sequence[Finding]]
    summarise: Callable[[Document], HearingSummary]


def verbs_of(home: Home) -> Verbs:
    """The product's own verbs over a home."""
    desk = home.desk

    def ask(question: str, case: str | None, on: date) -> Answer:
        text_of = desk.catalogue.text_of
        return answer(question, desk.index, desk.writer, case=case, as_of=on, text_of=text_of)

    def draft(order: Order) -> Draft:
        return draft_suggestion(order, desk.lawbook, tokens, letter_aliases(order))

    def find(documents: Sequence[Document], on: date) -> Sequence[Finding]:
        return find_issues(documents, issue_types(load_scenarios()), load_cues(), desk.lawbook, on, desk.judge)

    def search(query: str, k: int, scope: Scope) -> Sequence[Hit]:
        return desk.index.search(query, k, scope=scope)

    return Verbs(search, ask, draft, find, summarise_hearing)


@dataclass(frozen=True)
class Seen:
    """A case that was run: what was asked and wanted and came, in words, and what the measures need."""

    id: str
    input: str
    expected: str
    got: str
    observed: Any


def span_of(gold: Gold, home: Home, on: date) -> Span:
    """Where the gold stands: the article in the version in force on the day, or the words in their file.

    An article's own number is not part of it: a citation names it and need not quote it.
    """
    if gold.file:
        document = home.papers.get(gold.file)
        if document is None:
            raise CannotJudge(f"示例中没有文件 {gold.file}")
        return _words(document.id, document.text, gold.quote)
    found = home.desk.lawbook.find(gold.law, gold.article, on)
    if found.status != "verified" or not found.passages:
        raise CannotJudge(f"{on} 有效的{gold}不在法律库中（{found.detail}）")
    first, last = found.passages[0], found.passages[-1]
    label = first.article or ""
    skipped = len(label) if first.text.startswith(label) else 0
    return Span(first.document_id, first.start + skipped, last.end)


def _words(document_id: str, text: str, quote: str) -> Span:
    place = locate(text, quote)
    if place is None:
        raise CannotJudge(f"文件中没有“{quote}”")
    return Span(document_id, *place)


# -- search ----------------------------------------------------------------------------------------


def search_case(question: Question, kind: str, on: date, home: Home, verbs: Verbs) -> Seen:
    """Put a question to the search; a hit takes the name of the gold that it bears."""
    within = question.within or USUAL[kind]
    gold = {str(one): span_of(one, home, on) for one in question.gold}
    scope = Scope(kinds=WITHIN[within], case=question.case if within == "case" else None, as_of=on)
    hits = verbs.search(question.ask, DEPTH, scope)
    names = [name for hit in hits for name in _names(hit, gold)]
    observed = Ranked(question.id, tuple(gold), tuple(dict.fromkeys(names)))
    return Seen(question.id, question.ask, "；".join(gold), "；".join(map(_shown, hits)) or "（没有结果）", observed)


def _names(hit: Hit, gold: dict[str, Span]) -> list[str]:
    passage = hit.passage
    span = Span(passage.document_id, passage.start, passage.end)
    return [name for name, wanted in gold.items() if span.bears(wanted)] or [passage.id]


def _shown(hit: Hit) -> str:
    if hit.law:
        return f"《{hit.law}》{hit.passage.article or ''}"
    return f"《{hit.title}》“{_short(hit.passage.text)}”"


def _short(text: str, most: int = 40) -> str:
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most]}…"


# -- answers ---------------------------------------------------------------------------------------


def answer_case(question: Question, on: date, home: Home, verbs: Verbs) -> Seen:
    """Put a question to the assistant and look at each of its citations."""
    gold = tuple(span_of(one, home, on) for one in question.gold)
    reply = verbs.answer(question.ask, question.case, on)
    places = {one.number: at for at, one in enumerate(reply.citations)}
    observed = Answered(
        question.id,
        gold,
        tuple(cited(one, home.desk.catalogue.text_of(one.document_id), home.desk.lawbook, on) for one in reply.citations),
        tuple(tuple(places[n] for n in s.citations if n in places) for s in reply.sentences),
        refused=reply.grounding == "none",
        answerable=question.answerable,
    )
    wanted = "；".join(map(str, question.gold)) if question.answerable else f"拒答（{question.trap}）"
    return Seen(question.id, question.ask, wanted or "作出回答", reply.text, observed)


def cited(citation: Citation, text: str | None, lawbook: LawBook, on: date) -> Cited:
    """A citation judged by the text that it names and by the dates of the law, not by its own status."""
    verbatim = text is not None and bool(citation.quote) and text[citation.start : citation.end] == citation.quote
    return Cited(
        Span(citation.document_id, citation.start, citation.end),
        verbatim,
        law=citation.law is not None,
        sound=citation.status == "verified",
        in_force=citation.law is not None and _in_force(citation.law, citation.document_id, lawbook, on),
    )


def _in_force(law: str, document_id: str, lawbook: LawBook, on: date) -> bool:
    """Whether the version cited was in force on the day, by its own dates alone."""
    version = next((one for one in lawbook.versions(law) if one.document_id == document_id), None)
    if version is None:
        return False
    begins = version.in_force_from or version.version
    return begins is not None and begins <= on and (version.in_force_to is None or on < version.in_force_to)
