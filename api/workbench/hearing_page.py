"""The page 听证: what a hearing record says, by its own words: a click on a line opens it in the record."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from api.office import Office
from api.workbench import labels
from api.workbench.parts import (
    Words,
    badge,
    box,
    busy,
    button,
    downloads,
    empty,
    heading,
    note,
    off_loop,
    telling,
)
from api.workbench.tab import Tab
from assistant.hearing import HearingSummary
from assistant.hearing_views import VIEWS, WORDS, View
from indexes.rows import Entry

TONES: dict[View, labels.Tone] = {"agree": "good", "disagree": "bad", "conditional": "warn", "unclear": "plain"}


def hearing_page(tab: Tab) -> None:
    """Choose a record of the case, and read what it says."""
    heading("听证", "从听证笔录整理要点：只摘录，不改动发言人；没有标明是谁说的，记为“未识别”。")
    place = box("hearing")

    async def start() -> None:
        with telling():
            records = await off_loop(_records, tab.office, tab.case)
            if not place.is_deleted:
                with place.clear():
                    _choose(tab, records)

    ui.timer(0, start, once=True)


def _records(office: Office, case: str | None) -> list[Entry]:
    return office.documents(case, "hearing")


def _choose(tab: Tab, records: list[Entry]) -> None:
    if not records:
        where = f"案件 {tab.case} 里" if tab.case else "库中"
        empty(f"{where}还没有听证笔录。", "在“案件”页上传听证笔录（.docx 或 .txt，发言前有“主持人：”“听证员某某：”这类标签）。")
        return
    with box("bar"):
        options = {one.id: f"{one.title}（{one.case or '未归案'}）" for one in records}
        select = ui.select(options, value=records[-1].id, label="听证笔录").props("outlined dense").classes("field wide")

        async def read() -> None:
            with telling(), busy(made):
                document_id = str(select.value)
                summary = await off_loop(tab.office.hearing, document_id)
                if not place.is_deleted:
                    with place.clear():
                        _Record(tab, document_id, summary).draw()

        made = button("整理", read, "primary")
    place = box("record")
    select.on_value_change(read)
    ui.timer(0, read, once=True)


class _Record:
    """A summary on the page; every line of it leads to its place in the record."""

    def __init__(self, tab: Tab, document_id: str, summary: HearingSummary) -> None:
        self._tab = tab
        self._id = document_id
        self._summary = summary

    def draw(self) -> None:
        """Put all parts here, what a person must look at first."""
        for warning in self._summary.warnings:
            note(warning)
        downloads(f"/api/v1/hearings/{self._id}", {"paper": "下载听证情况摘要", "annex": "下载证据附表"})
        self._people()
        self._steps()
        self._issues()
        self._opinions()
        self._commitments()

    def _line(self, text: str, start: int, end: int, classes: str = "quote-link") -> None:
        made = button(text, partial(self._tab.beside.document, self._id, (start, end)), classes)
        made.classes(remove="btn")
        made.props["title"] = "在笔录中查看"

    def _people(self) -> None:
        with _part("参加人"), box("people", "ul"):
            for one in self._summary.participants:
                with box("person", "li"):
                    Words("span", one.name, "person-name")
                    Words("span", one.role, "hint")

    def _steps(self) -> None:
        with _part("程序"), box("steps", "ol"):
            for one in self._summary.steps:
                with box("", "li"):
                    self._line(one.step, one.start, one.end, "step")

    def _issues(self) -> None:
        with _part("争议问题与各方意见"):
            if not self._summary.issues:
                Words("p", "笔录中没有归纳争议问题的话。", "hint")
            for number, one in enumerate(self._summary.issues, 1):
                with box("issue"):
                    self._line(f"{number}. {one.issue}", one.start, one.end, "issue-name")
                    for said in one.positions:
                        with box("said"):
                            Words("span", said.speaker, "speaker")
                            if said.role and said.role != said.speaker:
                                Words("span", said.role, "hint")
                            self._line(said.text, said.start, said.end)

    def _opinions(self) -> None:
        tally = self._summary.tally
        with _part("听证员意见"):
            with box("tally") as counts:
                counts.props["aria-label"] = "意见统计"
                for view in VIEWS:
                    badge(f"{WORDS[view]} {getattr(tally, view)}", TONES[view] if getattr(tally, view) else "plain")
            for one in self._summary.opinions:
                with box("said opinion" if one.view == "agree" else "said opinion dissent"):
                    Words("span", one.speaker, "speaker")
                    badge(WORDS[one.view], TONES[one.view])
                    self._line(one.reason, one.start, one.end)

    def _commitments(self) -> None:
        with _part("承诺事项"):
            if not self._summary.commitments:
                Words("p", "笔录中没有明确的承诺。", "hint")
            for one in self._summary.commitments:
                with box("said"):
                    Words("span", one.who, "speaker")
                    badge(f"期限：{one.by}" if one.by else "未说期限", "plain" if one.by else "warn")
                    self._line(one.what, one.start, one.end)


def _part(name: str) -> ui.element:
    """A part of the summary, with its title."""
    place = box("part", "section")
    place.props["aria-label"] = name
    with place:
        Words("h2", name)
    return place
