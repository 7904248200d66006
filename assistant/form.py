"""The sentences of form of a letter: opening, basis, periods, signature; all from outlines and dated data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from assistant.cite import cite_document
from assistant.layout import Face, Layout
from assistant.norms import Bench
from assistant.reply import Citation, LetterType, Section, Sentence
from ingestion.document import Document, Field
from prompts import (
    Deadline,
    IssueType,
    Outline,
    fill,
    load_deadlines,
    load_layout,
    load_outline,
    slots_of,
)
from prompts.loader import Article, article_of

_PERIODS = {"objection": "提出异议的期限", "reply": "书面回复的期限", "review": "审查的期限"}


@dataclass(frozen=True)
class Form:
    """The outline of a letter type on a day, and what its fixed sentences rest on."""

    letter_type: LetterType
    on: date
    bench: Bench

    @cached_property
    def outline(self) -> Outline:
        """The outline of the letter type."""
        return load_outline(f"suggestion-{self.letter_type}")

    @property
    def title(self) -> str:
        """The last line of the title; the first is the office."""
        return self.outline.title[-1]

    def heading(self, section: str) -> str:
        """The heading of a section of the outline; raises KeyError if it has none of that id."""
        return next(one.heading for one in self.outline.sections if one.id == section)

    def ground(self, types: Sequence[IssueType]) -> Sentence | None:
        """The one item of Art. 11 that the letter rests on: that of its heaviest issue."""
        if not types or not self.outline.grounds:
            return None
        ground = self.outline.ground(types[0].art11_item)
        article = article_of(ground.source)
        cited = self.bench.cite(article, ground.text)
        sound = cited.status == "verified"
        text = f"上述情况属于{article.text}所列情形：{ground.text}。"
        return Sentence(text, (cited,), "supported" if sound else "unverified", basis=ground.source)

    def opening(self, documents: Sequence[Document]) -> Section:
        """Where the matter comes from: the case by its number, and how it was looked into."""
        source = _source(documents)
        if source is None:
            gap = "案件或者问题的来源：案件材料中没有案号，请补充案件名称"
            return Section("", (), (gap,))
        document, field = source
        case = f"{field.value}案"
        text = fill(self.outline.form("opening").text, case=case)
        cited = cite_document(document, field.start, field.end)
        return Section("", (Sentence(text, (cited,), basis=self.outline.form("opening").rests_on),))

    def basis(self, articles: Sequence[Article]) -> tuple[Sentence, tuple[str, ...]]:
        """On what the advice rests: the power to suggest, and the articles that bind the addressee.

        What is not verified on the day is a gap to look into, not part of the sentence, unless nothing else is left.
        """
        named = [(article, self.bench.cite(article, "检察建议")) for article in (*self.outline.legal_basis, *articles)]
        sound = [pair for pair in named if pair[1].status == "verified"]
        doubtful = [pair for pair in named if pair[1].status != "verified"]
        text = fill(self.outline.form("basis").text, basis=_listed(sound or doubtful))
        sentence = Sentence(
            text, tuple(cited for _, cited in sound or doubtful), "supported" if sound else "unverified"
        )
        gaps = (f"下列依据待核实，请核对原文后决定是否引用：{_listed(doubtful)}",) if sound and doubtful else ()
        return sentence, gaps

    def closing(self, types: Sequence[IssueType]) -> Section:
        """Until when to object and to reply; the shortest period that an issue of the letter brings."""
        keys = self.outline.deadlines
        made: list[Sentence] = []
        gaps: list[str] = []
        asked = {"objection": [keys.get("objection")], "reply": self._reply(types), "review": [keys.get("review")]}
        for name, candidates in asked.items():
            wanted = [key for key in candidates if key is not None]
            if not wanted:
                continue
            periods = [one for key in wanted if (one := self._on(key)) is not None]
            if not periods:
                gaps.append(f"{self.on.isoformat()} 当时的期限不在期限表中，请写明：{_PERIODS[name]}")
                continue
            period = min(periods, key=_days)
            made.append(self._period(name, period))
            if period.configurable:
                gaps.append(f"{period.name}暂按{period.text}填写（{period.condition}），请核对本院规定")
        return Section("", tuple(made), tuple(gaps))

    def _on(self, key: str) -> Deadline | None:
        """The period as it was on the day of the letter; None before it existed."""
        try:
            return load_deadlines().on(key, self.on)
        except KeyError:
            return None

    def _reply(self, types: Sequence[IssueType]) -> list[str | None]:
        usual = self.outline.deadlines.get("reply")
        own = [type_.deadline for type_ in types] if self.letter_type == "governance" else []
        return [usual, *own] if usual is not None else []

    def _period(self, name: str, period: Deadline) -> Sentence:
        slot = f"{name}_period"
        form = next(one for one in self.outline.forms if slot in slots_of(one.text))
        cited = tuple(self.bench.cite(article, form.text) for article in period.basis)
        sound = all(one.status == "verified" for one in cited)
        text = fill(form.text, **{slot: period.text})
        return Sentence(text, cited, "supported" if sound else "unverified", basis=period.source)


def _listed(named: Sequence[tuple[Article, Citation]]) -> str:
    return "、".join(article.text for article, _ in named)


def _days(period: Deadline) -> int:
    return period.value * (30 if period.unit == "个月" else 1)


def _source(documents: Sequence[Document]) -> tuple[Document, Field] | None:
    """The case number to name: of a judgment before any other paper."""
    ranked = sorted(documents, key=lambda one: "判决书" not in one.subtype)
    return next(
        ((one, field) for one in ranked if one.kind == "case" for field in one.fields if field.name == "案号"), None
    )


def layout() -> Layout:
    """The official layout (GB/T 9704 as `prompts/layouts/gbt9704.yaml` gives it) for the export."""
    known = load_layout()
    faces = {name: Face(one.font, one.points) for name, one in known.faces.items()}
    values: dict[str, Any] = {}
    for field in fields(Layout):
        if field.name in known.measurements:
            value = known.measurements[field.name].value
            values[field.name] = int(value) if field.name in ("lines", "characters") else value
        elif field.name in faces:
            values[field.name] = faces[field.name]
    return Layout(
        **values,
        latin_font=known.faces["latin"].font,
        number_align="right" if known.faces["number"].align == "right" else "center",
        substitutes=tuple(known.substitutes.items()),
    )
