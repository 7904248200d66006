"""Gold for law by date: articles followed from an older text into a newer one, and the text in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pydantic import Field

from indexes.law_knowledge import name_key
from indexes.library import LawVersion, amendments, law_names, law_version, repeals, settle, version_on
from indexes.renumber import Article, renumbered
from ingestion.statutes import Statute
from prompts.loader import KnowledgeRoot, Record, entry, read_model

Texts = Literal["package", "folder", "here"]
FOLDER = "law"


class GoldArticle(Record):
    """An article of the older text and those of the newer one that hold its rule, the chief one first."""

    old: str
    new: tuple[str, ...]


class GoldLaw(Record):
    """A law in two texts (by their days); `by` is the law of the newer text where it is another one."""

    law: str
    old: date
    new: date
    by: str = ""
    texts: Texts
    older: dict[str, str] = Field(default_factory=dict)
    articles: tuple[GoldArticle, ...]


class GoldLaws(Record):
    """The file `renumbering.yaml`."""

    about: str
    laws: tuple[GoldLaw, ...]


class GoldDay(Record):
    """The text of a law that is in force on a day; None where none is, or its text is not at hand."""

    law: str
    day: date
    version: date | None
    texts: Texts


class GoldDays(Record):
    """The file `in_force.yaml`."""

    about: str
    days: tuple[GoldDay, ...]


@dataclass(frozen=True)
class Followed:
    """An article as the gold and as the program follow it."""

    law: str
    old: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]

    @property
    def chief(self) -> bool:
        """Whether it leads to one of the articles that hold its rule, or to none where it was dropped."""
        return self.found[:1] == self.wanted[:1] or (bool(self.found) and self.found[0] in self.wanted)

    @property
    def whole(self) -> bool:
        """Whether it leads to all of them and to no other."""
        return set(self.found) == set(self.wanted)


def gold_laws(root: KnowledgeRoot) -> tuple[GoldLaw, ...]:
    """The articles that were followed by hand. Raises KnowledgeError."""
    return read_model(GoldLaws, entry(root, FOLDER), "renumbering.yaml").laws


def gold_days(root: KnowledgeRoot) -> tuple[GoldDay, ...]:
    """The texts in force that were looked up by hand. Raises KnowledgeError."""
    return read_model(GoldDays, entry(root, FOLDER), "in_force.yaml").days


def follow(gold: GoldLaw, statutes: Iterable[Statute]) -> list[Followed]:
    """The articles of a gold law as the program follows them; KeyError where a text is not among the statutes."""
    texts: dict[tuple[str, date | None], Statute] = {}
    for one in statutes:  # the first source counts: a folder may hold a code in parts
        texts.setdefault((name_key(one.name), one.version), one)
    new = _articles(texts[name_key(gold.by or gold.law), gold.new])
    old = (
        [Article(label, text) for label, text in gold.older.items()]
        if gold.texts == "here"
        else _articles(texts[name_key(gold.law), gold.old])
    )
    moves = {one.old: one.new for one in renumbered(old, new)}
    return [Followed(gold.law, one.old, one.new, moves[one.old]) for one in gold.articles]


def in_force(days: Sequence[GoldDay], statutes: Iterable[Statute]) -> Iterator[tuple[GoldDay, date | None]]:
    """Each gold day with the text that the program takes to be in force."""
    kept = list(statutes)
    versions = _settled(kept)
    for day in days:
        texts = next((found for name in law_names(day.law) if (found := versions.get(name_key(name)))), [])
        chosen = version_on(texts, day.day)
        yield day, None if chosen is None else chosen.version


def _settled(statutes: Sequence[Statute]) -> Mapping[str, list[LawVersion]]:
    changes = [change for one in statutes for change in amendments(one)]
    facts = [law_version(f"{at:06d}", one) for at, one in enumerate(statutes)]
    found: dict[str, list[LawVersion]] = {}
    for version in settle(facts, changes, repeals(statutes)):
        found.setdefault(name_key(version.name), []).append(version)
    return found


def _articles(statute: Statute) -> list[Article]:
    return [Article(one.label, statute.text[one.start : one.end]) for one in statute.articles]
