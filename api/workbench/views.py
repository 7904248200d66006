"""What stands beside a page when something is opened: texts with the passage to look at. No web library here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from api.office import Office
from api.workbench import labels
from api.workbench.labels import Tone
from api.workbench.marking import Span
from assistant.errors import NotThere
from assistant.reply import Citation
from indexes.hit import Hit, LawStatus
from ingestion.document import Document

DIFFERS = "此处的原文与引文不一致，请以原文为准，并核对引用。"
LACKING = "库中没有这部法律或这一条，无法核对。请由管理员用 gongzhi laws 装载后再核对；核对之前按“待核实”处理。"


@dataclass(frozen=True)
class View:
    """A text to read: `text` with the passage `span` to look at, what it is in `facts`, and what to beware of.

    `whole` is the document (id, span there) of which this is a part; None where the text is whole itself.
    """

    title: str
    text: str
    span: Span | None = None
    headings: tuple[Span, ...] = ()
    facts: tuple[tuple[str, Tone], ...] = ()
    notes: tuple[str, ...] = ()
    whole: tuple[str, Span] | None = None


def of_citation(office: Office, cited: Citation) -> View:
    """What a citation cites: the article of the law, or the document, with the quote marked.

    Raises NotThere where the document was removed meanwhile.
    """
    if not cited.document_id:
        status = labels.status(cited.status)
        return View(labels.source(cited), "", facts=(status,) if status else (), notes=(LACKING,))
    span = (cited.start, cited.end)
    if cited.law is None:
        view = of_document(office, cited.document_id, span, page=cited.page)
    else:
        view = _article(office, cited.document_id, cited.law, cited.article, span, cited.status)
    return view if _shown(view) == cited.quote else replace(view, notes=(*view.notes, DIFFERS))


def of_hit(office: Office, hit: Hit) -> View:
    """The passage of a hit in its document, or the article of the law."""
    passage = hit.passage
    span = (passage.start, passage.end)
    if hit.law is None:
        return of_document(office, passage.document_id, span)
    return _article(office, passage.document_id, hit.law, passage.article, span, hit.status)


def of_document(office: Office, document_id: str, span: Span | None = None, page: int | None = None) -> View:
    """A whole document; raises NotThere."""
    document = office.document(document_id)
    words = dict.fromkeys((labels.KINDS[document.kind], document.subtype, f"第 {page} 页" if page else ""))
    facts: list[tuple[str, Tone]] = [(word, "plain") for word in words if word]
    notes = [*document.notes]
    if document.hidden:
        notes.append(f"文件中有 {len(document.hidden)} 处看不见的文字，没有作为依据。")
    headings = tuple((block.start, block.end) for block in document.blocks if block.level)
    return View(document.title, document.text, span, headings, tuple(facts), tuple(notes))


def of_law(office: Office, view: View) -> View:
    """The whole text of the law of which a view shows an article, at the same passage."""
    if view.whole is None:
        return view
    document_id, span = view.whole
    document = office.document(document_id)
    return replace(view, title=f"《{document.title}》", text=document.text, span=span, whole=None)


def _article(
    office: Office, document_id: str, law: str, article: str | None, span: Span, status: LawStatus | None
) -> View:
    document = office.document(document_id)
    start, end = _around(office, document, article, span)
    facts = [*filter(None, (labels.status(status),)), *_version(office, document_id, law)]
    return View(
        f"《{law}》{article or ''}",
        document.text[start:end],
        (span[0] - start, span[1] - start),
        facts=tuple(facts),
        whole=(document_id, span),
    )


def _around(office: Office, document: Document, article: str | None, span: Span) -> Span:
    """From where to where the whole article goes."""
    if article is None:
        return span
    parts = [one.passage for one in office.desk.catalogue.passages(document.id, article)]
    near = [part for part in parts if part.start <= span[1] and span[0] <= part.end]
    return min([span[0], *(one.start for one in near or parts)]), max([span[1], *(one.end for one in near or parts)])


def _version(office: Office, document_id: str, law: str) -> Sequence[tuple[str, Tone]]:
    """Which text of the law it is, and from when it is in force."""
    try:
        versions = office.law_versions(law)
    except NotThere:
        return ()
    found = next((one for one, _ in versions if one.document_id == document_id), None)
    if found is None:
        return ()
    dated = f"{found.version} 版本" if found.version else "版本日期待核"
    since = f"{found.in_force_from} 起施行" if found.in_force_from else "施行日待核"
    until = (f"{found.in_force_to} 起失效",) if found.in_force_to else ()
    return [(word, "plain") for word in (dated, since, *until)]


def _shown(view: View) -> str:
    return view.text[slice(*view.span)] if view.span else ""
