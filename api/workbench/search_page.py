"""The page 检索: law, precedents, case files; each hit with its quote, opened beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType

from nicegui import ui

from api.office import Office
from api.workbench import labels
from api.workbench.parts import (
    Words,
    badge,
    box,
    busy,
    button,
    day_input,
    empty,
    heading,
    off_loop,
    on_enter,
    telling,
)
from api.workbench.precedent_cards import Opened, facet_bar, letter_card, reason_line
from api.workbench.tab import Tab
from assistant.precedents import FoundLetters
from indexes.bycase import Reason, Reasoned
from indexes.hit import Hit
from indexes.index import Scope
from ingestion.document import KINDS, Kind

HITS = 20
LONGEST_QUOTE = 240  # characters on a card; all of it stands beside
LONGEST_HEADING = 30  # longer ones are the head of a table, and say nothing here

SHELVES: Mapping[str, tuple[Kind, ...]] = MappingProxyType(
    {
        "法律": ("regulation",),
        "先例": ("suggestion",),
        "案卷": tuple(kind for kind in KINDS if kind not in ("regulation", "suggestion")),
    }
)


@dataclass(frozen=True)
class Wanted:
    """What is searched: on which shelf, in which case (for 案卷 alone), law as of which day."""

    query: str
    shelf: str
    case: str | None
    as_of: date | None = None
    in_force: bool = False

    @property
    def scope(self) -> Scope:
        """The scope of the search; precedents and law belong to no case."""
        case = self.case if self.shelf == "案卷" else None
        return Scope(SHELVES[self.shelf], case, self.as_of, self.in_force)


def search_page(tab: Tab) -> None:
    """A field, three shelves, and what stands there."""
    _Search(tab).place()


class _Search:
    """The state of the page: the shelf that is open."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._shelf = "法律"
        self._where: dict[str, str] = {}  # the values of facets to which precedents are narrowed

    def place(self) -> None:
        """Put the page here."""
        heading("检索", "按词与语义一起检索；每条结果都可打开原文核对。")
        with box("bar"):
            self._query = ui.input(placeholder="输入要查的问题或词语，回车检索").props("outlined dense clearable")
            self._query.classes("field wide").props["aria-label"] = "检索内容"
            self._as_of = day_input("法律截至")
            self._button = button("检索", self._search, "primary")
            on_enter(self._query, self._search)
        with box("tabs") as tabs:
            tabs.props["role"] = "tablist"
            self._tabs = {shelf: button(shelf, partial(self._open, shelf), "tab") for shelf in SHELVES}
        self._in_force = ui.checkbox("只看现行有效", on_change=self._search).props("dense").classes("only-in-force")
        self._results = box("results-list")
        self._results.props["aria-live"] = "polite"
        self._mark()
        self._hint()
        if self._tab.looking_for:
            self._query.set_value(self._tab.looking_for)
            self._tab.looking_for = ""
            ui.timer(0, self._search, once=True)

    def _hint(self) -> None:
        with self._results.clear():
            case = f"案件 {self._tab.case} 的" if self._tab.case else "全部案件的"
            what = {"法律": "法律法规的条文", "先例": "检察建议书与回复", "案卷": f"{case}材料"}[self._shelf]
            empty(f"在{what}中检索。", "可以直接写问题，例如：旅馆没有登记未成年人的身份信息")

    def _mark(self) -> None:
        for shelf, one in self._tabs.items():
            one.props["role"] = "tab"
            one.props["aria-selected"] = "true" if shelf == self._shelf else "false"
            one.update()
        self._in_force.set_visibility(self._shelf == "法律")

    async def _open(self, shelf: str) -> None:
        self._shelf = shelf
        self._where.clear()
        self._tab.beside.close()
        self._mark()
        await self._search()

    async def _search(self) -> None:
        query = (self._query.value or "").strip()
        if not query:
            self._hint()
            return
        as_of = date.fromisoformat(self._as_of.value) if self._as_of.value else None
        wanted = Wanted(query, self._shelf, self._tab.case, as_of, self._shelf == "法律" and bool(self._in_force.value))
        with telling(), busy(self._button):
            hits = await off_loop(looked_for, self._tab.office, wanted, dict(self._where))
            if wanted.shelf == self._shelf and not self._results.is_deleted:  # not overtaken by a later choice
                with self._results.clear():
                    self._draw(hits)

    async def _choose(self, name: str, value: str) -> None:
        if self._where.pop(name, None) != value:
            self._where[name] = value
        await self._search()

    def _draw(self, given: FoundLetters | Sequence[Reasoned]) -> None:
        open_at = self._tab.beside.document
        if isinstance(given, FoundLetters):
            facet_bar(given, self._where, self._choose)
            for letter in given.hits:
                letter_card(letter, open_at)
        hits = () if isinstance(given, FoundLetters) else given
        if not (given.hits if isinstance(given, FoundLetters) else hits):
            advice = "换一种说法，或换一个栏目再查。"
            if self._shelf == "先例":
                advice = "先例来自已上传的检察建议书；可在“案件”页上传本院的检察建议书，再来检索。"
            empty("没有找到。", advice)
        for one in hits:
            card(one.hit, partial(self._tab.beside.hit, one.hit), one.reason, open_at)


def found(office: Office, wanted: Wanted) -> list[Hit]:
    """The hits on a shelf, best first."""
    return office.search(wanted.query, HITS, scope=wanted.scope)


def looked_for(office: Office, wanted: Wanted, where: Mapping[str, str]) -> FoundLetters | list[Reasoned]:
    """What stands on a shelf for a query: of precedents the letters, narrowed to values of facets; else hits."""
    if wanted.shelf == "先例":
        return office.precedents(wanted.query, HITS, where)
    return office.reasoned(wanted.query, HITS, scope=wanted.scope)


def card(
    hit: Hit, opened: Callable[[], object], reason: Reason | None = None, open_at: Opened | None = None
) -> None:
    """A hit: where it stands, what it is worth, what it says, how it was found, and what precedents led to it."""
    passage = hit.passage
    title = f"《{hit.law}》{passage.article or ''}" if hit.law else f"《{hit.title}》"
    with box("card"):
        with box("card-head"):
            button(title, opened, "link title", f"打开原文：{title}")
            if (status := labels.status(hit.status)) is not None:
                badge(*status)
            if hit.law is None:
                badge(labels.KINDS[hit.kind])
        Words("blockquote", shortened(passage.text), "quote")
        with box("card-foot"):
            for fact in (
                f"案件 {hit.case}" if hit.case else "",
                f"{hit.version} 版本" if hit.version else "",
                " › ".join(one for one in passage.headings[1:] if len(one) <= LONGEST_HEADING),
                f"由{'、'.join(labels.FOUND_BY[way] for way in hit.found_by)}找到",
            ):
                if fact:
                    Words("span", fact)
        if reason is not None and open_at is not None:
            reason_line(reason, open_at)


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rstrip() + "……"
