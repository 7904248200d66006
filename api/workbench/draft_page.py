"""The page 起草: a letter drafted from the case, sentence by sentence with its evidence, its gaps in plain sight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

from nicegui import ui

from api.office import DraftRecord
from api.workbench import labels
from api.workbench.parts import (
    Words,
    badge,
    box,
    busy,
    button,
    confirmed,
    day_input,
    downloads,
    empty,
    heading,
    off_loop,
    sentence_button,
    tell,
    telling,
)
from api.workbench.tab import Tab
from assistant.reply import Draft, Section, Sentence
from assistant.typeset import is_unverified

# a sentence that begins so opens a paragraph of its own, as in the .docx
_ITEM = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.．、])")


def draft_page(tab: Tab) -> None:
    """The form for a new letter, and below it the earlier ones or the one that is open."""
    _Desk(tab).place()


class _Desk:
    """The letter that is open, if one is."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def place(self) -> None:
        """Put the page here."""
        heading("起草", "句句有依据：点击任一句看它依据的原文；案卷里没有的，标为待补充，不会编造。")
        if self._tab.case is None:
            empty("起草需要先选定案件。", "请在右上角选择案件，或到“案件”页新建并上传材料。")
            return
        self._form(self._tab.case)
        self._below = box("below")
        ui.timer(0, self._list, once=True)

    def _form(self, case: str) -> None:
        with box("bar"):
            to = ui.input("被建议单位（全称）", placeholder="例如 某某市公安局").props("outlined dense")
            to.classes("field wide")
            kind = ui.select(dict(labels.LETTERS), value="governance", label="文书类型").props("outlined dense")
            kind.classes("field kind")
            on = day_input("落款日期", date.today().isoformat())
            smooth = ui.checkbox("由模型润色").props("dense")
            smooth.set_visibility(self._tab.office.desk.model is not None)

            async def make() -> None:
                with telling(), busy(made):
                    day = date.fromisoformat(on.value) if on.value else None
                    record = await off_loop(self._tab.office.draft, case, to.value or "", kind.value, day, smooth.value)
                    tell("草稿已写好并保存。", "good")
                    self._open(record)

            made = button("起草", make, "primary")

    async def _list(self) -> None:
        self._tab.beside.close()
        with telling():
            records = await off_loop(self._tab.office.drafts, self._tab.case)
            if self._below.is_deleted:
                return
            with self._below.clear():
                self._draw_list(records)

    def _draw_list(self, records: Sequence[DraftRecord]) -> None:
        Words("h2", "已有草稿")
        if not records:
            empty("这个案件还没有草稿。", "在上面写明被建议单位，点“起草”。")
            return
        with box("draft-list", "ul"):
            for record in records:
                draft = record.draft
                with box("draft-line", "li"):
                    name = f"致{draft.addressee}：{labels.LETTERS[draft.letter_type]}"
                    button(name, partial(self._open, record), "link title")
                    Words("span", f"落款 {draft.date} · 写于 {labels.day_and_time(record.created_at)}", "hint")
                    gaps = sum(len(section.gaps) for section in draft.sections)
                    badge(f"{gaps} 处待补充" if gaps else "没有待补充", "warn" if gaps else "good")
                    _downloads(record)
                    button("删除", partial(self._remove, record), "quiet", f"删除草稿：{name}")

    async def _remove(self, record: DraftRecord) -> None:
        if not await confirmed("删除草稿", f"致{record.draft.addressee}的这份草稿和它的 .docx 文件都会删除。", "删除"):
            return
        with telling():
            await off_loop(self._tab.office.remove_draft, record.id)
            tell("草稿已删除。", "good")
        await self._list()

    def _open(self, record: DraftRecord) -> None:
        if self._below.is_deleted:
            return
        self._tab.beside.close()
        with self._below.clear():
            with box("letter-head"):
                button("← 全部草稿", self._list, "quiet")
                _counts(record.draft)
                _downloads(record)
            for note in record.draft.notes:
                Words("p", note, "hint")
            self._letter(record.draft)

    def _letter(self, draft: Draft) -> None:
        with box("letter", "article") as paper:
            paper.props["aria-label"] = "检察建议书"
            Words("p", draft.office or "本院名称待补充", "letter-office" if draft.office else "letter-office wanting")
            Words("h2", draft.title, "letter-title")
            Words("p", draft.number or "文号待补充", "letter-number" if draft.number else "letter-number wanting")
            Words("p", f"{draft.addressee}：", "letter-to")
            for section in draft.sections:
                self._section(section)
            Words("p", labels.chinese_day(draft.date), "letter-date")

    def _section(self, section: Section) -> None:
        with box("letter-section", "section"):
            if section.heading:
                Words("h3", section.heading)
            for sentences in paragraphs(section.sentences):
                with box("paragraph", "p"):
                    for one in sentences:
                        self._sentence(one)
            for gap in section.gaps:
                with box("gap", "p"):
                    Words("span", "待补充", "badge warn")
                    Words("span", gap)

    def _sentence(self, sentence: Sentence) -> None:
        doubtful = is_unverified(sentence)
        kind = "doubtful" if doubtful else "supported" if sentence.citations else "formal"
        made = sentence_button(sentence.text, partial(self._tab.beside.evidence, sentence), f"in-letter {kind}")
        made.props["title"] = f"{len(sentence.citations)} 处依据，点击查看" if sentence.citations else "没有引用原文"
        if doubtful:
            badge("待核实", "warn")


def paragraphs(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    """The sentences in paragraphs: one that begins with a number opens the next."""
    open_: list[Sentence] = []
    for sentence in sentences:
        if open_ and _ITEM.match(sentence.text):
            yield open_
            open_ = []
        open_.append(sentence)
    if open_:
        yield open_


def _counts(draft: Draft) -> None:
    """How much of the letter rests on something, and how much is wanting."""
    sentences = [one for section in draft.sections for one in section.sentences]
    cited = sum(bool(one.citations) for one in sentences)
    doubtful = sum(map(is_unverified, sentences))
    gaps = sum(len(section.gaps) for section in draft.sections)
    with box("counts"):
        badge(f"共 {len(sentences)} 句，{cited} 句有引用")
        badge(f"{doubtful} 句待核实", "warn" if doubtful else "good")
        badge(f"{gaps} 处待补充", "warn" if gaps else "good")


def _downloads(record: DraftRecord) -> None:
    downloads(f"/api/v1/drafts/{record.id}", {"letter": "下载建议书", "annex": "下载证据附表"})
