"""The frame of all pages: rail, header with the case and the state of the index, the page, the pane beside it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import Request
from nicegui import ui

from api.office import Case, Office
from api.workbench import labels
from api.workbench.ask_page import ask_page
from api.workbench.beside import Beside
from api.workbench.cases_page import cases_page
from api.workbench.door import OFFICE, asset
from api.workbench.draft_page import draft_page
from api.workbench.hearing_page import hearing_page
from api.workbench.issues_page import issues_page
from api.workbench.parts import Words, box, off_loop, tell_defect, telling
from api.workbench.search_page import search_page
from api.workbench.tab import Tab

REFRESH_SECONDS = 3.0
BUILD_SECONDS = 30.0  # a busy machine may take long to open a large catalogue

_PAGES: tuple[Callable[[Tab], object], ...] = (
    cases_page,
    ask_page,
    search_page,
    draft_page,
    hearing_page,
    issues_page,
)


def register() -> None:
    """Make the pages known to NiceGUI, each under its path."""
    for path in labels.PAGES:
        ui.page(path, response_timeout=BUILD_SECONDS)(workbench)


async def workbench(request: Request, case: str = "") -> None:
    """The workbench, opened at the page of the address, for the case of the address or the one changed last."""
    office: Office = request.scope[OFFICE]
    ui.add_head_html(f'<link rel="stylesheet" href="{asset("workbench.css")}">')
    ui.context.client.on_exception(tell_defect)
    with box("shell") as shell:
        cases: list[Case] = []
        with telling():
            cases = await off_loop(office.cases)
        names = [one.name for one in cases]
        chosen = case if case in names else next(iter(names), None)
        header, rail, main = box("header", "header"), box("rail", "nav"), box("main", "main")
        tab = Tab(office, Beside(office), chosen)
        with header:
            _header(tab, cases)
        with rail:
            rail.props["aria-label"] = "主导航"
            _rail(request.url.path)
        with main:
            tab.pages = ui.sub_pages(
                {path: partial(_page, page, tab) for path, page in zip(labels.PAGES, _PAGES, strict=True)}
            ).classes("pages")
    shell.on("keydown.escape", tab.beside.close, args=[])


def _page(page: Callable[[Tab], object], tab: Tab) -> object:
    """A page of its own: what was open beside the last one is closed."""
    tab.beside.close()
    return page(tab)


def _rail(path: str) -> None:
    """The pages; the one that is shown is marked for eyes and for screen readers."""
    links = {target: ui.link(name, target).classes("rail-link") for target, name in labels.PAGES.items()}

    def mark(current: str) -> None:
        for target, link in links.items():
            if target == current.partition("?")[0]:
                link.props["aria-current"] = "page"
            else:
                link.props.pop("aria-current", None)
            link.update()

    mark(path)
    ui.context.client.sub_pages_router.on_path_changed(mark)


def _header(tab: Tab, cases: list[Case]) -> None:
    with box("brand"):
        Words("span", "共治", "brand-name")
        Words("span", "检察建议与社会治理工作台", "brand-about")
    _chooser(tab, cases)
    _index_state(tab)


def _chooser(tab: Tab, cases: list[Case]) -> None:
    select = ui.select(_options(cases), value=tab.case or "", label="当前案件").props("outlined dense options-dense")
    select.classes("chooser")
    select.props["aria-label"] = "当前案件"

    def choose() -> None:
        if (select.value or None) != tab.case:
            tab.case = select.value or None
            tab.beside.close()
            tab.redraw()

    async def refresh() -> None:
        with telling():
            current = await off_loop(tab.office.cases)
            known = [one.name for one in current]
            if tab.case not in known:
                tab.case = None
            select.set_options(_options(current), value=tab.case or "")

    select.on_value_change(choose)
    tab.refresh_cases = refresh


def _options(cases: list[Case]) -> dict[str, str]:
    return {"": labels.NO_CASE, **{one.name: labels.case_line(one) for one in cases}}


def _index_state(tab: Tab) -> None:
    with box("index-state") as place:
        place.props["role"] = "status"
        line = Words("span", "", "index-line")
        trouble = Words("span", "", "badge warn")

    async def look() -> None:
        progress = await off_loop(tab.office.progress)
        line.set_text(labels.index_state(progress))
        trouble.set_text("索引遇到问题" if progress.trouble else "由另一进程建立" if progress.state == "waiting" else "")
        trouble.set_visibility(bool(trouble.text))
        place.props["title"] = progress.trouble or "新材料先按词可检索，语义索引在后台补全"
        place.update()

    trouble.set_visibility(False)
    ui.timer(REFRESH_SECONDS, look)
