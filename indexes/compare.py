"""Two texts of a law article by article: what stayed, what was reworded, moved, put in, taken out, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal, NamedTuple

from indexes.renumber import Article, Change, body, renumbered

Which = Literal["same", "old", "new"]

LEAST_SAME = 3  # fewer equal characters between two changes are taken into the change, which reads easier [D]
LONGEST = 6_000  # characters; longer articles are compared sentence by sentence

_LABEL = re.compile(r"\s*第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?[\s\u3000]*")


class Piece(NamedTuple):
    """Words that both texts have (same), or only the older (old) or the newer one (new)."""

    which: Which
    text: str


@dataclass(frozen=True)
class Compared:
    """An article of the older text beside one of the newer; "" where there is none.

    An article that was split stands in several rows, one for each article it became; one that was merged shares
    its `new` with others. `change` is that of the contract; a `renumbered` article may be `reworded` as well.
    """

    old: str
    new: str
    change: Change
    reworded: bool
    old_text: str
    new_text: str
    likeness: float

    def pieces(self) -> tuple[Piece, ...]:
        """The two texts, without their numbers, as one: what is the same and what is not."""
        return difference(_LABEL.sub("", self.old_text, count=1), _LABEL.sub("", self.new_text, count=1))


def compare(old: Sequence[Article], new: Sequence[Article]) -> tuple[Compared, ...]:
    """The articles of two texts of a law side by side, in the order of the newer text."""
    before, after = dict(old), dict(new)
    return tuple(row for move in renumbered(old, new) for row in _rows(move.old, move.new, before, after, move.likeness))


def _rows(
    old: str, news: Sequence[str], before: dict[str, str], after: dict[str, str], likeness: float
) -> Iterator[Compared]:
    for new in news or ("",):
        one, other = before.get(old, ""), after.get(new, "")
        reworded = bool(old and new) and body(one) != body(other)
        change: Change = "removed" if not new else "added" if not old else "renumbered" if old != new else "changed"
        if change == "changed" and not reworded:
            change = "same"
        yield Compared(old, new, change, reworded, one, other, likeness if new == (news or [""])[0] else 0.0)


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """What two texts share and what only one of them has, in reading order; white space does not count."""
    one, other = "".join(old.split()), "".join(new.split())
    left, right = (_cut(one), _cut(other)) if len(one) + len(other) > LONGEST else (list(one), list(other))
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(left[i:j])))
        else:
            pieces += [Piece("old", "".join(left[i:j])), Piece("new", "".join(right[k:m]))]
    return tuple(_joined([piece for piece in pieces if piece.text]))


def _cut(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[。；，])", text) if part]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with slivers of equal text between two changes taken into them."""
    last = len(pieces) - 1
    told = [
        piece.which == "same" and len(piece.text) < LEAST_SAME and 0 < at < last for at, piece in enumerate(pieces)
    ]
    for changed, group in groupby(zip(pieces, told, strict=True), key=lambda one: one[0].which != "same" or one[1]):
        run = [piece for piece, _ in group]
        if not changed:
            yield from run
            continue
        for which in ("old", "new"):
            text = "".join(piece.text for piece in run if piece.which in (which, "same"))
            if text:
                yield Piece("old" if which == "old" else "new", text)
