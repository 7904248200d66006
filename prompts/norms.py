"""Norms: the laws that the knowledge names, and those that may be named only from here, as 待核实."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from prompts.loader import KnowledgeRoot, Record, Tag, read_model


class Law(Record):
    """A law that scenarios name. `core`: its articles are embedded first, before the other laws'.

    `national`: it is among the laws of the package that `gongzhi laws` loads; the others are loaded
    from a folder and are `not_checked` until then. `note` warns of versions.
    """

    title: str
    short: tuple[str, ...] = ()
    core: bool = False
    national: bool = True
    where_to_get: str = ""
    note: str = ""


class Norm(Record):
    """A norm whose text is not at hand: it may be named only with this source and tag, as 待核实.

    `number` (文号) and `effective` are empty where the source does not give them.
    """

    id: str
    title: str
    number: str = ""
    issuer: str
    year: int
    effective: date | None = None
    about: str
    where_to_get: str
    tag: Tag
    source: str

    @property
    def text(self) -> str:
        """The norm as a letter names it: 《人民检察院检察建议工作规定》."""
        return f"《{self.title}》"


class Laws(Record):
    """The file `laws.yaml`; `checked` is the day on which the articles that the knowledge names were last compared."""

    checked: date
    laws: tuple[Law, ...]


class Norms(Record):
    """The file `norms.yaml`."""

    norms: tuple[Norm, ...]


@lru_cache(maxsize=8)
def load_laws(root: KnowledgeRoot | None = None) -> tuple[Law, ...]:
    """The laws of `laws.yaml`. Raises KnowledgeError."""
    return read_model(Laws, root, "laws.yaml").laws


@lru_cache(maxsize=8)
def articles_checked(root: KnowledgeRoot | None = None) -> date:
    """The day as of which scenarios, deadlines and outlines name the right articles. Raises KnowledgeError."""
    return read_model(Laws, root, "laws.yaml").checked


@lru_cache(maxsize=8)
def load_norms(root: KnowledgeRoot | None = None) -> tuple[Norm, ...]:
    """The norms of `norms.yaml`. Raises KnowledgeError."""
    return read_model(Norms, root, "norms.yaml").norms
