"""The texts of all laws as columns of numbers, so that a search ranks thousands of them without a loop."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

import numpy as np

from indexes.features import Articles, Laws, article_number, law_columns
from indexes.lawbook import Shelf
from indexes.sight import LawPassages, Sight

Array = np.ndarray[Any, Any]
Unit = tuple[str, str] | int  # (law, article), or the number of a passage
MOST_DAYS = 64


@dataclass(frozen=True)
class LawTexts:
    """All passages of laws, a row each, in order of their text and their number.

    A unit of search (an article, or a passage of another document) is a number here, its code: of an article its
    law and its label, of a passage -1 less its number. Shapes: `start` and `count` (texts) lead from a text to its
    rows; `passage`, `document` and `code` are by row, `in_law` by document.
    """

    shelf: Shelf
    ids: Mapping[str, int]  # of texts by their hash
    documents: Mapping[str, int]
    names: tuple[str, ...]
    labels: Mapping[str, int]
    start: Array
    count: Array
    passage: Array
    document: Array
    code: Array
    number: Array
    length: Array
    in_law: Array
    laws: Laws
    _label_list: tuple[str, ...] = ()
    _days: dict[tuple[date, bool, frozenset[str] | None], Array] = field(default_factory=dict, repr=False)

    def unit(self, code: int) -> Unit:
        """What a code stands for."""
        if code < 0:
            return -1 - code
        law, label = divmod(code, len(self.labels))
        return self.names[law], self._label_list[label]

    def code_of(self, document: str, label: str) -> int:
        """The code of an article of a law that is here; KeyError where it is not."""
        return int(self.in_law[self.documents[document]]) * len(self.labels) + self.labels[label]

    def row_of(self, passage: int) -> int:
        """The row of a passage; -1 where it is none of a law."""
        found = np.flatnonzero(self.passage == passage)
        return int(found[0]) if len(found) else -1

    def searched(
        self, on: date, in_force: bool, exclude: Collection[str], within: frozenset[str] | None = None
    ) -> Array:
        """Which documents are searched for a day, shape (documents); of those `within`, where that is given."""
        key = (on, in_force, within)
        kept = self._days.get(key)
        if kept is None:
            eligible = self.shelf.eligible(on, only_in_force=in_force)
            if within is not None:
                eligible = eligible & within
            kept = np.fromiter((document in eligible for document in self.documents), bool, len(self.documents))
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            self._days[key] = kept
        left_out = [self.documents[document] for document in exclude if document in self.documents]
        if left_out:
            kept = kept.copy()
            kept[left_out] = False
        return kept

    def known(self, text_ids: Array) -> Array:
        """Which of these texts have rows, shape (n)."""
        inside = text_ids < len(self.count)
        return inside & (self.count[np.where(inside, text_ids, 0)] > 0)

    def rows(self, text_ids: Array) -> tuple[Array, Array]:
        """The rows of these texts in their order, and for each the place of its text in `text_ids`."""
        counts = self.count[text_ids]
        places = np.repeat(np.arange(len(text_ids)), counts)
        first = np.repeat(self.start[text_ids] - np.cumsum(counts) + counts, counts)
        return first + np.arange(len(places)), places

    def articles(self, rows: Array) -> Articles:
        """What the order of articles rests on, of these rows."""
        return Articles(self.laws, self.document[rows], self.number[rows], self.length[rows])


@dataclass(frozen=True)
class _Moment:
    """`texts` as they were at `stamp`; `mixed` tells which of them other documents may hold too."""

    stamp: tuple[tuple[int, str], int]
    check: tuple[int, int, int]
    texts: LawTexts
    mixed: frozenset[int]


class LawTextsBook:
    """Keeps the columns until a law is changed. Reading them anew takes a quarter of a second for 110,000 passages."""

    def __init__(self) -> None:
        self._moment: _Moment | None = None
        self._reading = Lock()

    def look(self, shelf: Shelf, sight: Sight) -> tuple[LawTexts, frozenset[int]]:
        """The columns for the moment of `sight`, and the texts of laws that other documents may hold too.

        Those, as all texts of other documents, must be read at each search: such a document is removed without a
        trace among the laws.
        """
        stamp = (shelf.stamp, sight.last_passage())
        moment = self._moment
        if moment is None or moment.stamp != stamp:
            with self._reading:  # twenty threads that meet a new law need not all read it
                moment = self._moment
                if moment is None or moment.stamp != stamp:
                    moment = self._moment = _read(stamp, shelf, sight, moment)
        return moment.texts, moment.mixed


def _read(stamp: tuple[tuple[int, str], int], shelf: Shelf, sight: Sight, before: _Moment | None) -> _Moment:
    """What is there now; columns of the same laws are kept, as documents of other kinds are added all day."""
    check = sight.law_passages_check()
    same = before is not None and before.stamp[0] == stamp[0] and before.check == check
    texts = before.texts if before is not None and same else law_texts(shelf, sight.law_passages())
    return _Moment(stamp, check, texts, frozenset(sight.texts_beside_laws()))


def law_texts(shelf: Shelf, read: LawPassages) -> LawTexts:
    """The columns of what was read."""
    documents = {document: at for at, document in enumerate(shelf.by_document)}
    names = {name: at for at, name in enumerate(dict.fromkeys(law.name for law in shelf.by_document.values()))}
    labels = {label: at for at, label in enumerate(dict.fromkeys(label or "" for label in read.article))}
    in_law = np.array([names[law.name] for law in shelf.by_document.values()], np.int64)
    text, passage = np.array(read.text_id, np.int64), np.array(read.passage, np.int64)
    place = np.array([documents.get(document, -1) for document in read.documents], np.int64)
    document = place[np.array(read.document, np.int64)]
    order = np.lexsort((passage, text))
    order = order[document[order] >= 0]  # what came after the shelf was read
    document, text = document[order], text[order]
    label = np.array([labels[one or ""] for one in read.article], np.int64)[order]
    count = np.bincount(text, minlength=1)
    sizes = np.bincount(document, minlength=len(documents))
    facts = law_columns([(one.name, one.level) for one in shelf.by_document.values()], sizes)
    label_numbers = np.array([article_number(one) for one in labels], np.int64)
    return LawTexts(
        shelf=shelf,
        ids=dict(zip(read.hash, read.text_id, strict=True)),
        documents=documents,
        names=tuple(names),
        labels=labels,
        start=np.cumsum(count) - count,
        count=count,
        passage=passage[order],
        document=document,
        code=in_law[document] * len(labels) + label,
        number=label_numbers[label],
        length=np.array(read.length, np.int64)[order],
        in_law=in_law,
        laws=facts,
        _label_list=tuple(labels),
    )
