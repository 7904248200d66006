"""What the number of an article meant on another day: the article of today that holds the rule cited then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from indexes.lawbook import LawBook
from indexes.library import LawVersion, version_on
from indexes.renumber import Article, Move, body, came_from, renumbered


class Numbers:
    """The articles of one law on a day, and what the numbers of its older texts became; each text is read once."""

    def __init__(self, book: LawBook, versions: Sequence[LawVersion], on: date) -> None:
        self._book, self._versions = book, versions
        self.current = version_on(versions, on)
        self._texts: dict[str, dict[str, str]] = {}
        self._moves: dict[str, dict[str, Move]] = {}

    def then(self, day: date | None) -> LawVersion | None:
        """The text in force on a day; None where the library does not have it."""
        return None if day is None else version_on(self._versions, day)

    def is_current(self, version: LawVersion) -> bool:
        """Whether a text is the one in force on the day, or a copy of it from another source."""
        now = self.current
        return now is not None and (version.name, version.version) == (now.name, now.version)

    def text(self, version: LawVersion) -> Mapping[str, str]:
        """The articles of a text by label."""
        if version.document_id not in self._texts:
            self._texts[version.document_id] = dict(self._book.articles(version.document_id))
        return self._texts[version.document_id]

    def move(self, version: LawVersion, label: str) -> Move | None:
        """What became of an article of an older text in the current one; None where it has no such article."""
        if self.current is None:
            return None
        if version.document_id not in self._moves:
            old, new = (
                [Article(one, text) for one, text in self.text(which).items() if one] for which in (version, self.current)
            )
            self._moves[version.document_id] = {one.old: one for one in renumbered(old, new) if one.old}
        return self._moves[version.document_id].get(label)

    def now(self, label: str, day: date | None) -> tuple[tuple[str, ...], str]:
        """The labels that an article cited on a day has in the current text, and a warning where they differ."""
        then, now = self.then(day), self.current
        if now is None or day is None or (then is not None and then.version == now.version):
            return (label,), ""
        if then is None:
            older = now.version is not None and day < now.version
            sure = older and self._book.find(now.name, label, day).status == "verified"
            return (label,), f"早于 {now.version} 文本，当时的文本不在库，条号所指待核" if older and not sure else ""
        move = self.move(then, label)
        if move is None:
            return (label,), ""  # the text of that day has no such article
        if not move.new:
            return (), f"所引 {then.version} 文本的{label}，{now.version} 文本已无对应条文"
        if move.new != (label,):
            return move.new, f"所引为 {then.version} 文本的{label}，现为{'、'.join(move.new)}"
        same = body(self.text(then)[label]) == body(self.text(now)[label])
        return move.new, "" if same else f"所引 {then.version} 文本之后，该条文字已修改"

    def ever(self, label: str) -> tuple[str, ...]:
        """All numbers that the rule of a current article has had in the texts of the library."""
        found = {label}
        seen = {None if self.current is None else self.current.version}
        for version in self._versions:
            if self.current is not None and version.version not in seen:
                seen.add(version.version)
                self.move(version, label)
                found.update(came_from(list(self._moves[version.document_id].values())).get(label, ()))
        return tuple(sorted(found))
