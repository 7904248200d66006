"""What cites an article, and which norms stand above, below and beside a law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.lawdiff import articles_of
from api.lawreading import versions_of
from assistant.desk import Desk
from indexes.bases import BASIS, EXPLAINS
from indexes.graph import Cite
from indexes.library import LawVersion, version_on
from indexes.renumber import Move, body, renumbered

BEFORE, BEHIND = 24, 60  # characters shown on either side of a citation
RANKS = {"regulation": 0, "case": 1, "suggestion": 2, "hearing": 3, "proposal": 4, "other": 5}


@dataclass(frozen=True)
class Row:
    """A citation of what was asked for: `text[start:end]` of a document; `within` is the citing article of `law`.

    `detail` warns where the citing text is older than the text now in force and the number meant something else.
    """

    document_id: str
    kind: str
    title: str
    law: str | None
    within: str
    start: int
    end: int
    quote: str
    detail: str = ""


@dataclass(frozen=True)
class Relations:
    """The titles of norms around a law."""

    rests_on: tuple[str, ...]
    explains: tuple[str, ...]
    basis_of: tuple[str, ...]
    interpreted_by: tuple[str, ...]


def cited_by(desk: Desk, name: str, article: str, on: date) -> tuple[str, list[Row]]:
    """The full title of a law, and all that cites it (or one article): norms in force, judgments, letters.

    Of a citing norm only the text for the day counts. Raises NotThere for a law that is not in the library.
    """
    versions = versions_of(desk, name)
    law = versions[0].name
    with desk.catalogue.sight() as sight:
        shelf = desk.lawbook.look(sight)
    eligible = shelf.eligible(on)
    found = [
        one for one in desk.graph.citing(law, article) if one.document_id not in shelf.by_document or one.document_id in eligible
    ]
    moved = _Moved(desk, versions, article, on)
    rows = [row for row in _rows(desk, found, shelf.by_document, moved) if row.law != law or row.within != article]
    return law, sorted(rows, key=lambda row: (RANKS.get(row.kind, 9), row.title, row.start))


def _rows(
    desk: Desk, found: Sequence[Cite], laws: Mapping[str, LawVersion], moved: _Moved
) -> Iterator[Row]:
    texts: dict[str, tuple[str, str, str]] = {}
    for one in found:
        if one.document_id not in texts:
            document = desk.catalogue.document(one.document_id)
            if document is None:
                continue
            texts[one.document_id] = document.kind, document.title, document.text
        kind, title, text = texts[one.document_id]
        by = laws.get(one.document_id)
        detail = moved.since(by.version) if by is not None else ""
        yield Row(
            one.document_id, kind, title, by.name if by else None, one.within, one.start, one.end,
            " ".join(text[max(0, one.start - BEFORE) : one.end + BEHIND].split()), detail,
        )  # fmt: skip


class _Moved:
    """What the number of an article meant in older texts of its law, told once for each text."""

    def __init__(self, desk: Desk, versions: Sequence[LawVersion], article: str, on: date) -> None:
        self._desk, self._versions, self._article = desk, versions, article
        self._now = version_on(versions, on)
        self._told: dict[str, str] = {}

    def since(self, day: date | None) -> str:
        """A warning where the text of that day meant another rule by the number; "" where it meant the same."""
        then = version_on(self._versions, day) if day is not None else None
        if not self._article or self._now is None or day is None or (then and then.version == self._now.version):
            return ""
        if then is None:
            older = self._now.version is not None and day < self._now.version
            return f"引用者早于 {self._now.version} 文本，当时的文本不在库，条号所指待核" if older else ""
        if then.document_id not in self._told:
            self._told[then.document_id] = self._tell(then, self._now)
        return self._told[then.document_id]

    def _tell(self, then: LawVersion, now: LawVersion) -> str:
        old, new = articles_of(self._desk, then), articles_of(self._desk, now)
        move: Move | None = next((one for one in renumbered(old, new) if one.old == self._article), None)
        if move is None or not move.new:
            return f"引用者早于 {now.version} 文本；所引 {then.version} 文本的{self._article}已无对应条文"
        if move.new == (self._article,):
            texts = dict(old)[self._article], dict(new)[self._article]
            return "" if body(texts[0]) == body(texts[1]) else f"引用者早于 {now.version} 文本，该条文字已修改"
        return f"引用者早于 {now.version} 文本；所引 {then.version} 文本的{self._article}现为{'、'.join(move.new)}"


def relations(desk: Desk, name: str, on: date) -> tuple[str, Relations]:
    """The full title of a law, and the norms that stand around it; raises NotThere."""
    versions = versions_of(desk, name)
    law = versions[0].name
    chosen = version_on(versions, on) or versions[-1]
    above = desk.graph.bases_of(chosen.document_id)
    with desk.catalogue.sight() as sight:
        laws = desk.lawbook.look(sight).by_document
    below = [(laws[one.document_id].name, one.how) for one in desk.graph.resting_on(law) if one.document_id in laws]
    return law, Relations(
        tuple(sorted(one.name for one in above if one.how == BASIS)),
        tuple(sorted(one.name for one in above if one.how == EXPLAINS)),
        tuple(sorted({title for title, how in below if how == BASIS})),
        tuple(sorted({title for title, how in below if how == EXPLAINS})),
    )
