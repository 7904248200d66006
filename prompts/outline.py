"""Outlines of documents: headings, what each must hold, sentences of form, layout."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Literal

from pydantic import Field, model_validator

from prompts.loader import ArticleRef, KnowledgeError, KnowledgeRoot, Record, Tag, files_in, read_model
from prompts.template import slots_of

LetterType = Literal["retrial", "correction", "public-interest", "governance", "other"]


class Slot(Record):
    """A named gap of the document and what goes into it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    meaning: str
    required: bool = True


class FormSentence(Record):
    """A sentence that every such document says, with named slots. `rests_on` names its basis in words."""

    id: str
    text: str
    rests_on: str = ""
    when: str = ""
    tag: Tag = "K"


class Content(Record):
    """One thing that the document must hold (of the seven of Art. 16), and where the demand comes from."""

    id: str
    text: str
    rests_on: str
    tag: Tag


class OutlineSection(Record):
    """A part: `heading` is empty for the opening; `must` names contents; `form` names sentences of form."""

    id: str
    heading: str = ""
    must: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    guide: str


class Ground(Record):
    """An item of Art. 11: when a social-governance suggestion may be made."""

    item: int = Field(ge=1, le=6)
    text: str
    tag: Tag
    source: str


class Measurement(Record):
    """A number of the official layout, with its unit and where it comes from."""

    name: str
    value: float
    unit: Literal["mm", "pt", "行", "字"]
    tag: Tag
    source: str


class Face(Record):
    """A font of the official layout: it is named in the .docx and not shipped."""

    element: str
    font: str
    size: str
    points: float
    align: Literal["left", "center", "right", "justify"] = "justify"
    tag: Tag
    source: str


class Layout(Record):
    """The official layout: measurements by id, fonts by id, and the font to take for one that is missing."""

    measurements: dict[str, Measurement]
    faces: dict[str, Face]
    substitutes: dict[str, str] = Field(default_factory=dict)

    def mm(self, id_: str) -> float:
        """A measurement in millimetres. Raises KeyError, or ValueError where it is in another unit."""
        measurement = self.measurements[id_]
        if measurement.unit != "mm":
            raise ValueError(f"版式 {id_} 的单位是 {measurement.unit}，不是 mm")
        return measurement.value


class Outline(Record):
    """A kind of document: title lines, number, slots, sections in order, periods, signature, layout."""

    id: str
    kind: str
    letter_type: LetterType | None = None
    title: tuple[str, ...] = Field(min_length=1)
    number_pattern: str
    number_example: str
    salutation: str
    slots: tuple[Slot, ...]
    contents: tuple[Content, ...]
    forms: tuple[FormSentence, ...]
    sections: tuple[OutlineSection, ...] = Field(min_length=1)
    signature: tuple[str, ...]
    copies_to: str = ""
    attachments: str = ""
    deadlines: dict[Literal["reply", "reply_urgent", "objection", "review"], str] = Field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()
    legal_basis: tuple[ArticleRef, ...] = ()
    norms: tuple[str, ...] = ()
    layout: str = "gbt9704"
    tag: Tag
    source: str
    date: date

    @model_validator(mode="after")
    def _consistent(self) -> Outline:
        contents, forms = {c.id for c in self.contents}, {f.id for f in self.forms}
        placed = {name for section in self.sections for name in section.must}
        slots = {slot.name for slot in self.slots}
        faults = [
            *(f"必备内容 {name} 没有定义" for name in sorted(placed - contents)),
            *(f"必备内容 {name} 没有放入任何部分" for name in sorted(contents - placed)),
            *(f"格式句 {name} 没有定义" for s in self.sections for name in s.form if name not in forms),
            *(f"空位 {name} 没有说明" for name in self._used() if name not in slots),
            *(f"空位 {name} 没有用到" for name in sorted(slots - set(self._used()))),
        ]
        if faults:
            raise ValueError("；".join(faults))
        return self

    def _used(self) -> tuple[str, ...]:
        texts = (*self.title, self.salutation, *self.signature, self.copies_to, self.attachments)
        return tuple(
            dict.fromkeys(slot for text in (*texts, *(f.text for f in self.forms)) for slot in slots_of(text))
        )

    def form(self, id_: str) -> FormSentence:
        """A sentence of form by id. Raises KeyError."""
        for sentence in self.forms:
            if sentence.id == id_:
                return sentence
        raise KeyError(f"{self.id} 没有格式句 {id_}")

    def ground(self, item: int) -> Ground:
        """An item of Art. 11. Raises KeyError."""
        for ground in self.grounds:
            if ground.item == item:
                return ground
        raise KeyError(f"{self.id} 没有第 {item} 种情形")


def outline_names(root: KnowledgeRoot | None = None) -> tuple[str, ...]:
    """The names that `load_outline` knows."""
    return tuple(name.removesuffix(".yaml") for name in files_in(root, "outlines"))


@lru_cache(maxsize=32)
def load_outline(name: str, root: KnowledgeRoot | None = None) -> Outline:
    """The outline `outlines/<name>.yaml`. Raises KnowledgeError, listing the names for an unknown one."""
    names = outline_names(root)
    if name not in names:
        raise KnowledgeError(f"没有提纲 {name}，可用的有：{'、'.join(names)}")
    return read_model(Outline, root, "outlines", f"{name}.yaml")


@lru_cache(maxsize=8)
def load_layout(name: str = "gbt9704", root: KnowledgeRoot | None = None) -> Layout:
    """The layout `layouts/<name>.yaml`. Raises KnowledgeError."""
    return read_model(Layout, root, "layouts", f"{name}.yaml")
