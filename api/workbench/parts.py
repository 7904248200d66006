"""Small parts of all pages: elements that show text as text, buttons, notices, work off the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from api.failing import named_errors, sentence_and_code
from api.workbench.labels import Tone

P = ParamSpec("P")
R = TypeVar("R")
Handler = Callable[..., Any]

DEFECT = "程序遇到没有料到的情况，这一步没有完成；其他功能仍可使用。请把服务端的日志交给维护人员。"
SHOWN_MS = 12_000
_ENTER = "(e) => { if (!e.shiftKey && !e.isComposing) { e.preventDefault(); emit(); } }"
_PRESSED = "(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); emit(); } }"
_END = object()
_log = logging.getLogger(__name__)


class Words(TextElement):
    """An element of any tag whose text is shown as text, whatever stands in it."""

    def __init__(self, tag: str, text: str = "", classes: str = "") -> None:
        super().__init__(tag=tag, text=text)
        self.classes(classes)


def box(classes: str, tag: str = "div") -> ui.element:
    """An element that holds others."""
    return ui.element(tag).classes(classes)


def button(text: str, handler: Handler, classes: str = "", label: str = "") -> Words:
    """A button; `label` says for a screen reader what its text alone does not."""
    made = Words("button", text, f"btn {classes}")
    made.props["type"] = "button"
    if label:
        made.props["aria-label"] = label
        made.props["title"] = label
    made.on("click", handler, args=[])
    return made


def sentence_button(text: str, handler: Handler, classes: str) -> Words:
    """A sentence in running text that can be pressed: a real button would not break over lines."""
    made = Words("span", text, classes)
    made.props["role"] = "button"
    made.props["tabindex"] = "0"
    made.on("click", handler, args=[])
    made.on("keydown", handler, args=[], js_handler=_PRESSED)
    return made


def badge(text: str, tone: Tone = "plain") -> Words:
    """A short fact about what stands beside it."""
    return Words("span", text, f"badge {tone}")


def note(text: str, tone: Tone = "warn") -> Words:
    """A sentence that the reader must not miss."""
    return Words("p", text, f"note {tone}")


def empty(text: str, advice: str = "") -> None:
    """What a page says where there is nothing to show yet, and what to do about it."""
    with box("empty"):
        Words("p", text, "empty-text")
        if advice:
            Words("p", advice, "empty-advice")


def heading(text: str, hint: str = "") -> None:
    """The title of a page, and in a few words what it is for."""
    with box("page-title"):
        Words("h1", text)
        if hint:
            Words("p", hint, "hint")


def downloads(address: str, files: Mapping[str, str]) -> None:
    """Links to files of the API below an address, each by what it is called."""
    with box("downloads"):
        for name, said in files.items():
            link = Words("a", said, "btn download")
            link.props["href"] = f"{address}/{name}"
            link.props["download"] = True
            link.props["aria-label"] = f"{said}（.docx）"


def day_input(label: str, value: str = "") -> ui.input:
    """A field for a day; empty stands for today."""
    made = ui.input(label, value=value).props("type=date outlined dense stack-label").classes("field day")
    made.props["aria-label"] = label
    return made


def on_enter(field: ui.element, handler: Handler) -> None:
    """Call on Enter, but not while an input method composes and not for Shift+Enter."""
    field.on("keydown.enter", handler, js_handler=_ENTER)


async def confirmed(title: str, text: str, yes: str) -> bool:
    """Ask before something is gone for good; Esc and 取消 both say no."""
    with ui.dialog() as dialog, ui.card().classes("dialog"):
        Words("h2", title)
        Words("p", text)
        with box("actions"):
            button("取消", partial(dialog.submit, False))
            button(yes, partial(dialog.submit, True), "danger")
    answer = bool(await dialog)
    dialog.delete()
    return answer


# -- work and what goes wrong with it ------------------------------------------------------------------


async def off_loop(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run what takes its time in a thread, so that every other page goes on."""
    return await asyncio.to_thread(call, *args, **kwargs)


async def stream(make: Callable[[], Iterator[R]]) -> AsyncIterator[R]:
    """The items of an iterator, each made in a thread."""
    source = await asyncio.to_thread(make)
    while (item := await asyncio.to_thread(next, source, _END)) is not _END:
        yield item  # type: ignore[misc]


@contextmanager
def telling() -> Iterator[None]:
    """Tell the user of an error that has a name, with what to do; the others are defects and go on up."""
    client = ui.context.client
    try:
        yield
    except named_errors() as error:
        if not client.is_deleted:
            with client:
                tell(sentence_and_code(error)[0], "bad")


@contextmanager
def busy(element: ui.element) -> Iterator[None]:
    """Let an element rest while its work is under way."""
    element.props["disabled"] = True
    element.classes(add="busy")
    try:
        yield
    finally:
        if not element.is_deleted:  # the page was left meanwhile
            element.props.pop("disabled", None)
            element.classes(remove="busy")


def tell(text: str, tone: Tone = "plain") -> None:
    """Show a notice; one of trouble stays until it is closed."""
    ui.notify(
        text,
        position="top",
        color="white",
        textColor="dark",
        multi_line=len(text) > 30,
        close_button="知道了" if tone in ("bad", "warn") else False,
        timeout=0 if tone == "bad" else SHOWN_MS if tone == "warn" else 4_000,
        classes=f"notice {tone}",
    )


def tell_defect(error: Exception) -> None:
    """Say that something went wrong that nobody foresaw; NiceGUI has it in the log."""
    _log.debug("shown as a defect: %r", error)
    tell(DEFECT, "bad")
