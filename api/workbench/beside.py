"""The pane beside every page: the text behind a citation, scrolled to its passage and marked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from nicegui import ui

from api.office import Office
from api.workbench import labels, views
from api.workbench.marking import MARK, Span, marked
from api.workbench.parts import Words, badge, box, button, note, off_loop, telling
from api.workbench.views import View
from assistant.reply import Citation, Sentence
from indexes.hit import Hit

# two frames: one until the text is in the page, one until it is laid out
_SCROLL = f"""requestAnimationFrame(() => requestAnimationFrame(() => {{
  const pane = document.querySelector('.beside-text'), mark = document.getElementById('{MARK}');
  if (mark) mark.scrollIntoView({{block: 'center'}}); else if (pane) pane.scrollTop = 0;
}}));"""


class Beside:
    """One pane for each tab of a browser; it opens over a part of the page and Esc closes it."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._pane = box("beside", "aside")
        self._pane.props["aria-label"] = "原文"
        self._pane.set_visibility(False)

    def close(self) -> None:
        """Give the page its room back."""
        self._pane.clear()
        self._pane.set_visibility(False)

    async def citation(self, cited: Citation) -> None:
        """Open what a citation cites."""
        await self._open(partial(views.of_citation, self._office, cited))

    async def hit(self, hit: Hit) -> None:
        """Open what a search found."""
        await self._open(partial(views.of_hit, self._office, hit))

    async def document(self, document_id: str, span: Span | None = None) -> None:
        """Open a document, at a passage if one is given."""
        await self._open(partial(views.of_document, self._office, document_id, span))

    async def evidence(self, sentence: Sentence) -> None:
        """Open what a sentence of a letter rests on: its only citation at once, of several the list."""
        if len(sentence.citations) == 1 and sentence.citations[0].document_id:
            await self._open(partial(views.of_citation, self._office, sentence.citations[0]), sentence.basis)
        else:
            self._list(sentence)

    async def _open(self, make: Callable[[], View], basis: str = "", back: Sentence | None = None) -> None:
        with telling():
            self._show(await off_loop(make), basis, back)

    def _show(self, view: View, basis: str, back: Sentence | None) -> None:
        if self._pane.is_deleted:
            return
        self._pane.set_visibility(True)
        with self._pane.clear():
            self._head(view.title, back)
            with box("beside-facts"):
                for word, tone in view.facts:
                    badge(word, tone)
                if view.whole is not None:
                    whole = partial(views.of_law, self._office, view)
                    button("看全文", partial(self._open, whole), "link", f"看{view.title}所在的全文")
            for one in view.notes:
                note(one)
            if basis:
                Words("p", f"依据：{basis}", "basis")
            with box("beside-text"):
                ui.html(marked(view.text, view.span, view.headings), tag="div").classes("document")
            ui.run_javascript(_SCROLL)

    def _head(self, title: str, back: Sentence | None = None) -> None:
        with box("beside-head"):
            if back is not None:
                button("←", partial(self._list, back), "icon", "返回依据列表")
            Words("h2", title).props["title"] = title
            button("×", self.close, "icon", "关闭原文")

    def _list(self, sentence: Sentence) -> None:
        self._pane.set_visibility(True)
        with self._pane.clear():
            self._head("这句话的依据")
            with box("beside-text"):
                Words("p", sentence.text, "quoted-sentence")
                if sentence.basis:
                    Words("p", f"依据：{sentence.basis}", "basis")
                if not sentence.citations:
                    formal = "这句话是格式用语或知识库的内容，依据见上，没有引用原文。"
                    note(formal, "plain") if sentence.basis else note("这句话没有引用原文，请人工核实。")
                evidence_cards(sentence.citations, lambda cited: self._from_list(sentence, cited))

    async def _from_list(self, sentence: Sentence, cited: Citation) -> None:
        await self._open(partial(views.of_citation, self._office, cited), back=sentence)


def evidence_cards(citations: Sequence[Citation], chosen: Callable[[Citation], object]) -> None:
    """Citations as cards, each with its quote, its worth, and a button that opens the original."""
    for cited in citations:
        with box("card"):
            with box("card-head"):
                button(labels.source(cited), partial(chosen, cited), "link title", f"打开原文：{labels.source(cited)}")
                if cited.law is not None:
                    badge(*(labels.status(cited.status) or ("", "plain")))
            if cited.quote:
                Words("blockquote", cited.quote, "quote")
