"""One look at the catalogue, in one transaction: all that a search asks of it.

A search asks for hundreds of rows, and many people search at once. So each question is one statement of
a fixed text with one value, and many rows come back as one JSON array: SQLite's driver lets go of the
interpreter's lock at every row, and between twenty threads each of those moments may cost milliseconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from indexes.rows import Found, Holder, LawRow, found_of
from indexes.tables import laws
from ingestion.document import Kind

_CASE_TEXTS = """
SELECT json_group_array(DISTINCT p.text_id)
FROM documents d JOIN passages p ON p.document_id = d.id WHERE d.case_id = ?"""
_IDS_OF_HASHES = """
SELECT json_group_array(json_array(t.hash, t.id))
FROM json_each(?) given CROSS JOIN texts t ON t.hash = given.value AND t.kind = ?"""
_HASHES_OF_IDS = """
SELECT json_group_array(json_array(t.id, t.hash))
FROM json_each(?) given CROSS JOIN texts t ON t.id = given.value"""
# a text and the documents of its passages are of one kind, and the row of a text is the smaller one
_HOLDERS = """
SELECT json_group_array(json_array(p.text_id, p.id, p.document_id, p.article, t.kind, p."end" - p.start))
FROM json_each(?) given CROSS JOIN texts t ON t.id = given.value CROSS JOIN passages p ON p.text_id = t.id"""
_FOUND = """
SELECT p.id, p.document_id, p.start, p."end", p.headings, p.article, p.confidence, p.text, p.text_id,
       d.kind, d.title, d.case_id, d.path
FROM json_each(?) given CROSS JOIN passages p ON p.id = given.value CROSS JOIN documents d ON d.id = p.document_id"""
_ARTICLES = """
SELECT p.document_id, p.article, p.text
FROM json_each(?) given CROSS JOIN passages p
ON p.document_id = json_extract(given.value, '$[0]') AND p.article = json_extract(given.value, '$[1]')
ORDER BY p.document_id, p.start"""
_HEADS = """
SELECT l.name, substr(d.text, 1, ?) FROM laws l JOIN documents d ON d.id = l.document_id"""
# all passages of laws, a JSON array a column: 110,000 of them in a quarter of a second
_LAW_PASSAGES = """
SELECT json_group_array(p.text_id), json_group_array(t.hash), json_group_array(p.id), json_group_array(l.rowid),
       json_group_array(p.article), json_group_array(p."end" - p.start)
FROM laws l CROSS JOIN passages p ON p.document_id = l.document_id CROSS JOIN texts t ON t.id = p.text_id"""
_LAW_ROWS = "SELECT json_group_array(rowid), json_group_array(document_id) FROM laws"
_LAW_PASSAGES_CHECK = """
SELECT count(*), coalesce(max(p.id), 0), coalesce(sum(p.id), 0)
FROM laws l CROSS JOIN passages p ON p.document_id = l.document_id"""
_BESIDE_LAWS = """
SELECT json_group_array(DISTINCT p.text_id) FROM documents d CROSS JOIN passages p ON p.document_id = d.id
WHERE d.kind = 'regulation' AND d.id NOT IN (SELECT document_id FROM laws)"""
_PLACES = """
SELECT json_group_array(json_array(p.text_id, p.id, p.document_id, p.article, 'regulation', p."end" - p.start))
FROM passages p WHERE p.document_id = ? AND p.article = ?"""
_HEADS_OF_ALL = """
SELECT d.id, d.title || char(10) || substr(d.text, 1, ?) AS head FROM documents d"""
_FIRST = """
SELECT p.text_id, p.id, p.document_id, p.article, d.kind, p."end" - p.start
FROM passages p JOIN documents d ON d.id = p.document_id WHERE d.id = ? ORDER BY p.start LIMIT 1"""
_DOCUMENTS = "SELECT json_group_array(id) FROM documents"
_DOCUMENTS_OF = "SELECT json_group_array(id) FROM documents WHERE office = ?"
_FIELDS = """
SELECT json_group_array(json_array(d.id, json_extract(d.details, '$.fields')))
FROM json_each(?) given CROSS JOIN documents d ON d.id = given.value"""
_TEXTS_OF = """
SELECT json_group_array(json_array(t.kind, t.id)) FROM (
  SELECT DISTINCT p.text_id AS id FROM json_each(?) given CROSS JOIN passages p ON p.document_id = given.value
) held CROSS JOIN texts t ON t.id = held.id"""
_STAMP = """
SELECT (SELECT count(*) FROM laws), (SELECT value FROM settings WHERE name = 'law_dates'), (SELECT max(id) FROM passages)"""


class LawPassages(NamedTuple):
    """Columns over passages; `document` leads into `documents`."""

    text_id: list[int]
    hash: list[str]
    passage: list[int]
    documents: list[str]
    document: list[int]
    article: list[str | None]
    length: list[int]  # characters


class Sight:
    """What the catalogue holds at one moment; good until the transaction ends (`Catalogue.sight`)."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._read_stamp: Any = None  # one transaction sees one

    def setting(self, name: str) -> str | None:
        """A remembered value, such as the embedder that filled the vectors."""
        value = self._one("SELECT value FROM settings WHERE name = ?", name)
        return None if value is None else str(value[0])

    def law_generation(self) -> tuple[int, str]:
        """A value that changes whenever any process has added or removed a law or set its dates."""
        count, dates, _ = self._stamp()
        return int(count), str(dates or "")

    def laws(self) -> list[LawRow]:
        """All versions of all laws."""
        return [LawRow(**row._mapping) for row in self._connection.execute(sa.select(laws))]

    def law_heads(self, length: int) -> list[tuple[str, str]]:
        """The name of every law with the first characters of each of its texts."""
        return [(name, head) for name, head in self._connection.exec_driver_sql(_HEADS, (length,)).all()]

    def law_passages(self) -> LawPassages:
        """All passages of all texts of laws."""
        text_id, hash_, passage, rows, article, length = map(json.loads, self._one(_LAW_PASSAGES))
        numbers, documents = map(json.loads, self._one(_LAW_ROWS))
        place = {number: at for at, number in enumerate(numbers)}
        return LawPassages(text_id, hash_, passage, documents, [place[row] for row in rows], article, length)

    def law_passages_check(self) -> tuple[int, int, int]:
        """Numbers that stay the same while the passages of laws do: how many, the highest and the sum of their numbers."""
        count, highest, total = self._one(_LAW_PASSAGES_CHECK)
        return int(count), int(highest), int(total)

    def texts_beside_laws(self) -> list[int]:
        """The texts of such documents of the kind of laws as are none."""
        return list(self._list(_BESIDE_LAWS))

    def article_holders(self, document_id: str, article: str) -> list[Holder]:
        """The passages of one article, in order of their number."""
        return sorted((Holder._make(row) for row in self._list(_PLACES, document_id, article)), key=lambda one: one[1])

    def last_passage(self) -> int:
        """The highest number of a passage: it grows with every document that is added."""
        return int(self._stamp()[2] or 0)

    def _stamp(self) -> Any:
        if self._read_stamp is None:
            self._read_stamp = self._one(_STAMP)
        return self._read_stamp

    def heads(self, length: int) -> list[tuple[str, str]]:
        """Every document with its title and the first characters of its text."""
        return [(row.id, row.head) for row in self._connection.exec_driver_sql(_HEADS_OF_ALL, (length,))]

    def first_holder(self, document_id: str) -> Holder | None:
        """The first passage of a document."""
        row = self._one(_FIRST, document_id)
        return None if row is None else Holder._make(row)

    def document_ids(self) -> frozenset[str]:
        """The ids of all documents."""
        return frozenset(self._list(_DOCUMENTS))

    def documents_of(self, office: str) -> frozenset[str]:
        """The ids of the documents of an office."""
        return frozenset(self._list(_DOCUMENTS_OF, office))

    def fields_of(self, documents: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        """The (name, value) fields of documents by their id."""
        rows = self._list(_FIELDS, json.dumps(documents))
        return {one: [(field[0], field[1]) for field in fields or ()] for one, fields in rows}

    def texts_of(self, documents: Sequence[str]) -> dict[Kind, tuple[int, ...]]:
        """The ids of the texts of documents by kind, in order."""
        found: dict[Kind, list[int]] = {}
        for kind, text_id in self._list(_TEXTS_OF, json.dumps(documents)):
            found.setdefault(kind, []).append(text_id)
        return {kind: tuple(sorted(ids)) for kind, ids in found.items()}

    def case_text_ids(self, case: str) -> list[int]:
        """The texts of a case, by their number."""
        return sorted(self._list(_CASE_TEXTS, case))

    def ids_of_hashes(self, hashes: Sequence[str], kind: Kind) -> dict[str, int]:
        """The ids of texts by their hash."""
        return dict(self._list(_IDS_OF_HASHES, json.dumps(hashes), kind))

    def hashes_of_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """The hashes of texts by their id."""
        return dict(self._list(_HASHES_OF_IDS, json.dumps(ids)))

    def holders(self, text_ids: Sequence[int]) -> dict[int, list[Holder]]:
        """Every passage that holds one of these texts, by text."""
        found: dict[int, list[Holder]] = {}
        for row in self._list(_HOLDERS, json.dumps(text_ids)):
            found.setdefault(row[0], []).append(Holder._make(row))
        return found

    def found(self, passage_ids: Sequence[int]) -> dict[int, Found]:
        """Passages by their number; one that was removed meanwhile is left out."""
        return {row.id: found_of(row) for row in self._rows(_FOUND, passage_ids)}

    def article_texts(self, wanted: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The texts of (document, article); an article that a document lacks is left out."""
        texts: dict[tuple[str, str], str] = {}
        for document_id, article, part in self._rows(_ARTICLES, list(wanted)):
            texts[document_id, article] = texts.get((document_id, article), "") + part
        return texts

    def _rows(self, statement: str, given: Sequence[Any]) -> Sequence[Any]:
        return self._connection.exec_driver_sql(statement, (json.dumps(given),)).all()

    def _list(self, statement: str, *values: str) -> Any:
        return json.loads(self._one(statement, *values)[0])

    def _one(self, statement: str, *values: str) -> Any:
        return self._connection.exec_driver_sql(statement, values).first()
