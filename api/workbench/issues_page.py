"""The page 问题线索: the governance issues that the papers of a case show, each with its evidence and whose duty it is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from api.flagging import SCOPES
from api.workbench import labels
from api.workbench.beside import Beside
from api.workbench.parts import Words, badge, box, busy, button, empty, heading, note, off_loop, telling
from api.workbench.tab import Tab
from assistant.issues import DutyHeld, Finding
from assistant.reply import Citation

SHOWN = 3  # quotes of a finding that are seen at once


def issues_page(tab: Tab) -> None:
    """Look for issues behind the current case."""
    heading("问题线索", "只是提示，供人判断：每条都附原文；一件案件只作个案，先调查。")
    if tab.case is None:
        empty("查找问题线索需要先选定案件。", "请在右上角选择案件，或到“案件”页新建并上传材料。")
        return
    case = tab.case

    async def look() -> None:
        with telling(), busy(made):
            with place.clear():
                Words("p", "正在逐份查看材料…", "coming")
            found: tuple[Finding, ...] | None = None
            try:
                found = await off_loop(tab.office.issues, case=case)
            finally:
                if found is None and not place.is_deleted:
                    place.clear()
            if not place.is_deleted:
                with place.clear():
                    _draw(tab.beside, found)

    with box("bar"):
        made = button(f"查看案件 {case} 的问题线索", look, "primary")
    place = box("findings")
    place.props["aria-live"] = "polite"
    ui.timer(0, look, once=True)


def _draw(beside: Beside, found: Sequence[Finding]) -> None:
    shown = [one for one in found if not one.doubtful]
    if not shown:
        empty("没有发现可以提示的治理问题。", "材料补充之后可以再看一次。")
    for one in shown:
        _card(beside, one)
    if doubtful := [one.type.name for one in found if one.doubtful]:
        Words("p", f"存疑（线索不足，未作提示）：{'、'.join(doubtful)}", "hint")


def _card(beside: Beside, one: Finding) -> None:
    with box("card finding", "section") as card:
        card.props["aria-label"] = one.type.name
        with box("card-head"):
            Words("h2", one.type.name)
            badge(one.type.field)
            badge(SCOPES[one.spread.pattern], "warn" if one.spread.pattern else "plain")
            badge(f"强度 {one.strength:.2f}").props["title"] = "依线索的种类与分量计，不是概率"
        Words("p", one.reason)
        for article in one.outdated:
            note(f"依据已变更、待更新：{article}")
        _evidence(beside, one.citations[:SHOWN])
        if more := one.citations[SHOWN:]:
            with box("more", "details"):
                Words("summary", f"另有 {len(more)} 处原文")
                _evidence(beside, more)
        with box("finding-facts", "dl"):
            _fact("可能的被建议单位", "、".join(one.units))
            _fact("办理方向", one.type.route)
            _duties(one.duties)
            _list("通常的建议", one.measures)
        Words("p", f"知识来源：{one.type.source}（{one.type.date}）", "basis")


def _evidence(beside: Beside, citations: Sequence[Citation]) -> None:
    with box("evidence", "ul"):
        for cited in citations:
            _quote(beside, cited)


def _quote(beside: Beside, cited: Citation) -> None:
    with box("evidence-line", "li"):
        open_ = partial(beside.citation, cited)
        chip = button(str(cited.number), open_, "chip paper", f"原文 {cited.number}：{labels.source(cited)}")
        chip.classes(remove="btn")
        made = button(" ".join(cited.quote.split()), open_, "quote-link", f"打开原文：{labels.source(cited)}")
        made.classes(remove="btn")
        made.props.pop("aria-label", None)
        Words("span", labels.source(cited), "hint")


def _fact(name: str, said: str) -> None:
    Words("dt", name)
    Words("dd", said)


def _duties(duties: Sequence[DutyHeld]) -> None:
    Words("dt", "职责依据")
    with box("", "dd"), box("plain-list", "ul"):
        for duty in duties:
            with box("", "li"):
                Words("span", duty.article.text)
                badge(*(labels.status(duty.status) or ("", "plain")))
                Words("span", f"{duty.who}：{duty.demand}")


def _list(name: str, items: Sequence[str]) -> None:
    Words("dt", name)
    with box("", "dd"), box("plain-list", "ul"):
        for item in items:
            Words("li", item)
