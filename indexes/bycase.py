"""Search that asks precedents too: facts find the articles that papers with like facts apply, then what search finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from indexes.hit import Hit
from indexes.index import By, Index, Scope
from indexes.law_knowledge import name_key
from indexes.library import Found as FoundArticle
from indexes.library import LawVersion
from indexes.precedents import Applicable, Near, Precedents

FACTS = 150  # characters from which a query tells facts; questions are shorter (of 514 lay questions one is longer)
WORDS = 16  # characters below which a query tells no facts at all
ALIKE = 0.2  # likeness to a precedent from which a shorter query is taken for facts, too
ASKS = re.compile(r"[？?]|请问")  # a long question is a question all the same
TAIL = 40  # characters at its end in which it asks
UNLIKELY = 0.02  # chance below which what search finds by itself comes first
MOST = 40  # articles looked up for one search
SPARE = 10  # more than are shown: the library may lack some
ARTICLES = 2_000  # remembered as the library had them


@dataclass(frozen=True)
class Reason:
    """Why precedents name an article: how many of the most similar ones apply it, and which (each with its span)."""

    words: str
    near: int
    cases: tuple[Near, ...]


@dataclass(frozen=True)
class Reasoned:
    """A hit, with the reason where precedents named it."""

    hit: Hit
    reason: Reason | None = None


class Finder:
    """The search of a home: its index, and for facts its precedents."""

    def __init__(self, index: Index, precedents: Precedents) -> None:
        self.index = index
        self.precedents = precedents
        # precedents lead to the same few hundred articles again and again
        self._article = lru_cache(ARTICLES)(self._find)

    def search(self, query: str, k: int = 10, *, scope: Scope | None = None, by: By = "both") -> list[Hit]:
        """The best `k` hits, best first; as `Index.search`, with the articles by precedent before them."""
        return [one.hit for one in self.reasoned(query, k, scope=scope, by=by)]

    def reasoned(
        self, query: str, k: int = 10, *, scope: Scope | None = None, by: By = "both"
    ) -> list[Reasoned]:
        """As `search`, each hit by precedent with its reason."""
        scope = scope or Scope()
        led = self._led(query, k, scope)
        if len(led) >= k and scope.kinds == ("regulation",):
            return led[:k]
        hits = self.index.search(query, k, scope=scope, by=by)
        seen = {_article(one.hit) for one in led}
        rest = [Reasoned(hit) for hit in hits if hit.law is None or _article(hit) not in seen]
        if scope.kinds == ("regulation",):
            return [*led, *rest][:k]
        return _woven(led, rest)[:k]

    def _led(self, query: str, k: int, scope: Scope) -> list[Reasoned]:
        """The articles that precedents lead to, as hits; none for a question, or within one case."""
        if "regulation" not in scope.kinds or scope.case is not None or k < 1:
            return []
        if len(query) < WORDS:
            return []
        tells = len(query) >= FACTS and not ASKS.search(query[-TAIL:])
        if not tells and self.precedents.likeness(query, exclude=scope.exclude) < ALIKE:
            return []
        found = self.precedents.applicable(query, exclude=scope.exclude)
        likely = [one for one in found if one.chance >= UNLIKELY][: min(k + SPARE, MOST)]
        with self.index.catalogue.sight() as sight:
            stamp = sight.law_generation()
            wanted = self.index.wanted(scope, sight)
        made = (self._hit(one, scope, stamp) for one in likely)
        return [one for one in made if one is not None and (wanted is None or one.hit.passage.document_id in wanted)]

    def _find(self, _: tuple[int, str], law: str, article: str, on: date) -> FoundArticle:
        return self.index.lawbook.find(law, article, on)

    def _hit(self, one: Applicable, scope: Scope, stamp: tuple[int, str]) -> Reasoned | None:
        """The article on the day; None where the library lacks it or it must be in force and is not."""
        found = self._article(stamp, one.law, one.article, scope.as_of or date.today())
        if found.version is None or not found.passages or found.version.document_id in scope.exclude:
            return None
        if scope.in_force and found.status not in ("verified", "amended"):
            return None
        return Reasoned(_hit(found, found.version, one.chance), Reason(one.why, one.near, one.cases))


def _hit(found: FoundArticle, version: LawVersion, chance: float) -> Hit:
    day = None if version.version is None else version.version.isoformat()
    hit = Hit(found.passages[0], version.name, "regulation", chance, ("precedent",), law=version.name, version=day)
    return replace(hit, status=found.status)


def _article(hit: Hit) -> tuple[str, str | None]:
    return name_key(hit.law or ""), hit.passage.article


def _woven(led: Sequence[Reasoned], rest: Sequence[Reasoned]) -> list[Reasoned]:
    """Two rankings by turns: where papers are sought as well, articles must not push them all out."""
    woven: list[Reasoned] = []
    for at in range(max(len(led), len(rest))):
        woven += [*rest[at : at + 1], *led[at : at + 1]]
    return woven
