"""Letters as subjects: draft one for a case of the suite and look for what it must hold and must not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.draft import Order, for_paper, letter_aliases
from assistant.reply import Citation, Draft
from eval.case import Content, LetterCase, Span, locate
from eval.home import CASE, Home
from eval.observed import Cited, Lettered
from eval.subjects import CannotJudge, Seen, Verbs, cited, span_of
from ingestion.document import Document
from ingestion.read import to_document

# the order in which every outline has its parts
OPENING, FACTS, PROBLEMS, ADVICE = range(4)
LEAST_ADVICE = 2  # sentences: on what it rests, and a measure


def letter_case(case: LetterCase, on: date, home: Home, verbs: Verbs) -> Seen:
    """Draft a letter and compare it with what the case demands of it."""
    order = order_of(case, on, home)
    draft = verbs.draft(order)
    marks = [one for section in draft.sections for sentence in section.sentences for one in sentence.citations]
    texts = {document.id: document.text for document in order.documents}
    judged = [(one, _judged(one, texts, home, on)) for one in marks]
    gaps = [gap for section in draft.sections for gap in section.gaps]
    observed = Lettered(
        case.id,
        held=tuple(holds(draft, content) for content in case.holds),
        facts=tuple(any(c.span.bears(fact) for _, c in judged) for fact in _facts(case, order, home)),
        articles=tuple(_rests_on(span_of(one, home, on), judged) for one in case.gold),
        gaps=tuple(any(words in gap for gap in gaps) for words in case.gaps),
        grounded=None if case.grounded is None else case.grounded == bool(draft.sections[PROBLEMS].sentences),
        # a norm that the library lacks is shown as such, with no quote to compare
        citations=tuple(c for one, c in judged if one.quote),
        leaks=tuple(dict.fromkeys(leaks(for_paper(draft, letter_aliases(order)), home))),
    )
    return Seen(case.id, _asked(case, on), _wanted(case), _came(draft, gaps, observed), observed)


def order_of(case: LetterCase, on: date, home: Home) -> Order:
    """The order that a case describes: from its own papers, or from (some of) the sample case."""
    documents: Sequence[Document]
    if case.papers:
        documents = [to_document(paper.text.encode(), paper.name) for paper in case.papers]
    else:
        wanted = {home.papers[name].id for name in case.files if name in home.papers}
        if len(wanted) != len(case.files):
            raise CannotJudge(f"示例中没有 {'、'.join(name for name in case.files if name not in home.papers)}")
        documents = [one for one in home.case_file if not wanted or one.id in wanted]
    return Order(CASE, documents, case.to, case.type, on, str(home.gold["case"]["office"]))


def holds(draft: Draft, content: Content) -> bool:
    """Whether a letter holds one of the contents of Art. 16 (《人民检察院检察建议工作规定》)."""
    sections = draft.sections
    closing = "".join(sentence.text for sentence in sections[-1].sentences)
    return {
        "source": bool(sections[OPENING].sentences),
        "facts": any(sentence.citations for sentence in sections[FACTS].sentences),
        "problems": bool(sections[PROBLEMS].sentences),
        "advice": len(sections[ADVICE].sentences) >= LEAST_ADVICE,
        "objection": "异议" in closing,
        "reply": "回复" in closing,
    }[content]


def leaks(paper: Draft, home: Home) -> Iterator[str]:
    """The protected names, places and numbers of the sample case that the letter shows as it leaves."""
    text = "\n".join(_everything(paper))
    gold = home.gold
    known = [one["name"] for one in gold["protected"]] + list(gold["protected_places"])
    known += [number for files in gold["identifiers"].values() for numbers in files.values() for number in numbers]
    yield from (one for one in known if str(one) in text)


def _everything(paper: Draft) -> Iterator[str]:
    yield from (paper.title, paper.addressee, paper.office, paper.number, *paper.attachments, *paper.copies_to)
    for section in paper.sections:
        yield from (section.heading, *section.gaps)
        for sentence in section.sentences:
            yield from (sentence.text, sentence.basis)
            yield from (words for one in sentence.citations for words in (one.title, one.quote))


def _judged(citation: Citation, texts: dict[str, str], home: Home, on: date) -> Cited:
    identity = citation.document_id
    text = texts[identity] if identity in texts else home.desk.catalogue.text_of(identity)
    return cited(citation, text, home.desk.lawbook, on)


def _facts(case: LetterCase, order: Order, home: Home) -> list[Span]:
    known = {fact["id"]: fact for fact in home.gold["facts"]}
    spans: list[Span] = []
    for name in case.facts:
        document = home.papers[known[name]["file"]]
        spans += _found((document,), known[name]["quote"])
    for quote in case.quotes:
        spans += _found(order.documents, quote)
    return spans


def _found(documents: Sequence[Document], quote: str) -> list[Span]:
    for document in documents:
        place = locate(document.text, quote)
        if place is not None:
            return [Span(document.id, *place)]
    raise CannotJudge(f"案件材料中没有“{quote}”")


def _rests_on(article: Span, judged: Sequence[tuple[Citation, Cited]]) -> bool:
    return any(c.span.bears(article) and c.sound and c.in_force for _, c in judged)


def _asked(case: LetterCase, on: date) -> str:
    papers = "、".join(case.files or [paper.name for paper in case.papers]) or "全部卷宗"
    return f"致{case.to}（{case.type}，{on}，凭{papers}）"


def _wanted(case: LetterCase) -> str:
    grounded = {True: "写出问题", False: "不写问题", None: ""}[case.grounded]
    parts = [grounded, *case.holds, *case.facts, *case.quotes, *map(str, case.gold), *(f"缺口：{g}" for g in case.gaps)]
    return "；".join(part for part in parts if part)


def _came(draft: Draft, gaps: Sequence[str], seen: Lettered) -> str:
    counts = "，".join(f"{part.heading or '首尾'} {len(part.sentences)} 句" for part in draft.sections)
    leaked = f"；泄露：{'、'.join(seen.leaks)}" if seen.leaks else ""
    return f"{counts}；缺口：{'；'.join(gaps) or '无'}{leaked}"
