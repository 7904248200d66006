"""Cards of precedents: a suggestion letter with problem, measures and reply; the cases for which an article was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from api.workbench.marking import Span
from api.workbench.parts import Words, badge, box, button
from assistant.precedents import FoundLetter, FoundLetters
from indexes.bycase import Reason

Opened = Callable[[str, Span], object]  # opens a document at a span
SHOWN = 5  # cases of a reason that have a button
BADGES = ("问题类型", "被建议单位类型", "采纳", "整改")


def letter_card(found: FoundLetter, opened: Opened) -> None:
    """A letter: to whom and when, what it found, what it advised, what was replied; each opens its original."""
    letter = found.letter
    with box("card"):
        with box("card-head"):
            title = f"《{letter.title}》{letter.number}"
            where = (letter.start, letter.end)
            button(title, lambda: opened(letter.document_id, where), "link title", f"打开原文：{title}")
            for name in BADGES:
                if value := letter.facets.get(name):
                    badge(value)
        Words("blockquote", f"问题：{letter.problem}", "quote")
        for number, measure in enumerate(letter.measures, 1):
            Words("p", f"措施 {number}：{measure}")
        if (reply := letter.reply) is not None:
            Words("blockquote", f"回复：{reply.quote}", "quote")
            place = (reply.start, reply.end)
            button("看回复", lambda: opened(reply.document_id, place), "link", f"打开对{title}的回复")
        with box("card-foot"):
            for fact in (f"致 {letter.addressee}" if letter.addressee else "", letter.day, letter.facets.get("地区", "")):
                if fact:
                    Words("span", fact)


def facet_bar(found: FoundLetters, chosen: Mapping[str, str], choose: Callable[[str, str], object]) -> None:
    """The facets with more than one value, or one that is chosen: a click narrows to a value, another click widens."""
    for name, counts in found.facets.items():
        if len(counts) < 2 and name not in chosen:
            continue
        with box("card-foot"):
            Words("span", name)
            for value, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
                mark = "✓ " if chosen.get(name) == value else ""
                button(f"{mark}{value} {count}", _choosing(choose, name, value), "link", f"{name}：{value}")


def reason_line(reason: Reason, opened: Opened) -> None:
    """Why precedents name an article, and the first of them, each opened at the place that cites it."""
    with box("card-foot"):
        Words("span", reason.words)
        for case in reason.cases[:SHOWN]:
            button(case.title, _opening(opened, case.document_id, (case.start, case.end)), "link", f"打开{case.title}")


def _choosing(choose: Callable[[str, str], object], name: str, value: str) -> Callable[[], object]:
    return lambda: choose(name, value)


def _opening(opened: Opened, document_id: str, span: Span) -> Callable[[], object]:
    return lambda: opened(document_id, span)
