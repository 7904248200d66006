"""The page 问答: questions and answers, each sentence with its citations; a click opens the passage beside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from nicegui import ui

from api.office import Office
from api.workbench import labels
from api.workbench.beside import Beside
from api.workbench.parts import (
    Words,
    badge,
    box,
    busy,
    button,
    day_input,
    heading,
    note,
    on_enter,
    stream,
    telling,
)
from api.workbench.tab import Tab, Turn
from assistant.reply import Answer, AnswerSentence, Citation

EXAMPLES = (
    "旅馆接待未成年人入住应当履行哪些义务？",
    "娱乐场所招用未成年人应当承担什么责任？",
    "检察机关可以向哪些单位提出检察建议？",
)
_MARK = re.compile(r"\[(\d+)\]")
_TO_END = "requestAnimationFrame(() => { const log = document.querySelector('.log'); if (log) log.scrollTop = log.scrollHeight; })"


def ask_page(tab: Tab) -> None:
    """The conversation of this tab, and the field for the next question."""
    with box("chat"):
        with box("log") as log:
            log.props["role"] = "log"
            log.props["aria-label"] = "问答记录"
            heading("问答", "只依据案卷与法律原文作答；没有依据就说没有。点击编号查看原文。")
            for turn in tab.turns:
                _draw_turn(tab, turn)
        _composer(tab, log)
    if tab.turns:
        ui.run_javascript(_TO_END)


def _composer(tab: Tab, log: ui.element) -> None:
    with box("composer"):
        question = ui.textarea(placeholder="输入问题，回车发送，Shift+回车换行")
        question.props('outlined dense autogrow input-style="max-height: 120px"').classes("question")
        question.props["aria-label"] = "问题"
        with box("composer-side"):
            as_of = day_input("法律截至")

            async def send() -> None:
                text = (question.value or "").strip()
                if text and not sending.props.get("disabled"):
                    question.set_value("")
                    examples.clear()
                    with busy(sending):
                        await _ask(tab, log, Turn(text, tab.case, as_of.value or ""))

            sending = button("提问", send, "primary")
    on_enter(question, send)
    with log:
        examples = box("examples")
    if not tab.turns:
        with examples:
            Words("p", "可以这样问：", "hint")
            for example in EXAMPLES:
                button(example, partial(question.set_value, example), "example")


async def _ask(tab: Tab, log: ui.element, turn: Turn) -> None:
    """Show the answer as it comes, then with its citations."""
    tab.turns.append(turn)
    with log:
        _question(turn)
        with box("answer") as place:
            place.props["aria-busy"] = "true"
            coming = Words("p", "正在查找依据…", "coming")
    ui.run_javascript(_TO_END)
    with telling():
        so_far = ""
        async for piece in stream(partial(answered, tab.office, turn)):
            if isinstance(piece, Answer):
                turn.answer = piece
            else:
                so_far += piece
                coming.set_text(so_far)
    if place.is_deleted:
        return
    with place.clear():
        place.props.pop("aria-busy", None)
        if turn.answer is None:
            tab.turns.remove(turn)
            note("这个问题没有得到回答，原因见上方提示。请按提示处理后再问。", "bad")
        else:
            draw_answer(turn.answer, tab, turn)
    ui.run_javascript(_TO_END)


def answered(office: Office, turn: Turn) -> Iterator[str | Answer]:
    """The answer to a question in pieces of its text, and at the end all of it."""
    as_of = date.fromisoformat(turn.as_of) if turn.as_of else None
    yield from office.ask_in_pieces(turn.question, case=turn.case, as_of=as_of)


def _draw_turn(tab: Tab, turn: Turn) -> None:
    _question(turn)
    if turn.answer is not None:
        with box("answer"):
            draw_answer(turn.answer, tab, turn)


def _question(turn: Turn) -> None:
    with box("asked"):
        Words("p", turn.question, "asked-text")
        scope = f"案件 {turn.case} 与法律" if turn.case else "全部材料与法律"
        Words("p", f"范围：{scope} · 法律截至：{turn.as_of or '今天'}", "asked-scope")


def draw_answer(reply: Answer, tab: Tab, turn: Turn) -> None:
    """An answer: its sentences with their citations, what is unverified and what is missing made plain."""
    if reply.grounding == "none":
        with box("refusal"):
            Words("p", reply.text)
            Words("p", reply.missing, "missing")
            button("检索相近的材料", partial(_look_for, tab, turn.question))
        return
    beside = tab.beside
    by_number = {one.number: one for one in reply.citations}
    at = 0
    with box("sentences"):
        for sentence in reply.sentences:
            if lead := reply.text[at : sentence.start].strip():
                Words("p", lead)
            _sentence(reply.text, sentence, by_number, beside)
            at = sentence.end
        if rest := reply.text[at:].strip():
            Words("p", rest)
    if reply.missing:
        note(reply.missing)
    _sources(reply, beside)


def _look_for(tab: Tab, question: str) -> None:
    tab.looking_for = question
    ui.navigate.to("/search")


def _sentence(text: str, sentence: AnswerSentence, by_number: dict[int, Citation], beside: Beside) -> None:
    doubtful = sentence.support == "unverified"
    with box("sentence doubtful" if doubtful else "sentence", "p"):
        cited = [number for number in sentence.citations if number in by_number]
        for piece, number in pieces(text[sentence.start : sentence.end], cited):
            if piece:
                Words("span", piece)
            if number is not None:
                chip(by_number[number], beside)
        if doubtful:
            badge("待核实", "warn")


def pieces(text: str, cited: list[int]) -> list[tuple[str, int | None]]:
    """The text of a sentence, cut where it bears the mark of a citation; those without a mark come last."""
    made: list[tuple[str, int | None]] = []
    at = 0
    for mark in _MARK.finditer(text):
        if int(mark[1]) in cited:
            made.append((text[at : mark.start()], int(mark[1])))
            at = mark.end()
    made.append((text[at:], None))
    shown = {number for _, number in made}
    return [*made, *(("", number) for number in cited if number not in shown)]


def chip(cited: Citation, beside: Beside) -> None:
    """The number of a citation; a click opens what it cites."""
    made = button(str(cited.number), partial(beside.citation, cited), "chip", f"引用 {cited.number}：{labels.source(cited)}")
    made.classes("law" if cited.law else "paper")


def _sources(reply: Answer, beside: Beside) -> None:
    with box("sources", "ul") as place:
        place.props["aria-label"] = "引用来源"
        for cited in reply.citations:
            with box("source", "li"):
                chip(cited, beside)
                button(labels.source(cited), partial(beside.citation, cited), "link")
                if cited.law is not None:
                    badge(*(labels.status(cited.status) or ("", "plain")))


