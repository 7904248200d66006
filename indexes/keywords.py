"""Search by words: the door of tantivy, one small record per text (its id and its tokens)."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from indexes.errors import DamagedStore, DiskFull, StoreError
from indexes.synonyms import shipped_synonyms
from indexes.words import tokens
from ingestion.document import Kind

Array = np.ndarray[Any, Any]
Tokeniser = Callable[[str], list[str]]
WRITER_BYTES = 64_000_000
LONGEST_QUERY = 400  # distinct tokens; the facts of a whole judgment say no more in their tail

MOST_PARTS, LONGEST_PART = 5, 8  # words set apart by blanks, and their characters, that are all to be found


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", stored=True, indexed=True, fast=True)
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


@dataclass(frozen=True)
class _Seen:
    """The index as it was at one commit, and what was worked out from it. Many threads search it at once."""

    stamp: tuple[int, int, int] | None
    searcher: Any
    rarities: dict[str, float]  # one for each word of a question: small beside the index


class Keywords:
    """An index of texts by their words (BM25). One process writes, any number read."""

    def __init__(self, folder: Path, tokenise: Tokeniser = tokens) -> None:
        self._folder = folder
        self._meta = str(folder / "meta.json")
        self._tokenise = tokenise
        self._synonyms = shipped_synonyms()
        folder.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(folder))
        except ValueError as error:
            raise DamagedStore(
                f"词索引 {folder} 无法打开（{error}）。请运行 gongzhi index --rebuild 重建。"
            ) from error
        self._writer: Any = None
        self._seen = _Seen(None, self._index.searcher(), {})

    def add(self, rows: Iterable[tuple[int, Kind, str]]) -> None:
        """Index (text id, kind, text); a text that is there already is replaced. Needs `commit`."""
        writer = self._open_writer()
        for text_id, kind, text in rows:
            self._delete(writer, text_id)
            document = tantivy.Document()
            document.add_unsigned("id", text_id)
            document.add_text("kind", kind)
            document.add_text("words", " ".join(self._tokenise(text)))
            try:
                writer.add_document(document)
            except ValueError as error:
                raise _store_error(error, self._folder) from error

    def remove(self, text_ids: Iterable[int]) -> None:
        """Let go of texts. Needs `commit`."""
        writer = self._open_writer()
        for text_id in text_ids:
            self._delete(writer, text_id)

    def clear(self) -> None:
        """Let go of everything, and keep that."""
        self._open_writer().delete_all_documents()
        self.commit()

    def commit(self) -> None:
        """Keep what was added and removed; searches of every process see it from now on."""
        if self._writer is None:
            return
        try:
            self._writer.commit()
        except ValueError as error:
            raise _store_error(error, self._folder) from error
        self._index.reload()

    def close(self) -> None:
        """Give the writer back, so that another process may write."""
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None

    def search(
        self,
        query: str,
        limit: int,
        *,
        kinds: Sequence[Kind] | None = None,
        among: Sequence[int] | None = None,
        lay: bool = False,
    ) -> list[tuple[int, float]]:
        """The best (text id, BM25 score) for the words of `query`, best first.

        `kinds` narrows to kinds of documents, `among` to these text ids. With `lay`, laws are also found by the
        legal words for lay words of `query` (`indexes/synonyms.py`).
        """
        ids, scores = self.ranked(query, limit, kinds=kinds, among=among, lay=lay)
        return list(zip(ids.tolist(), scores.tolist(), strict=True))

    def ranked(
        self,
        query: str,
        limit: int,
        *,
        kinds: Sequence[Kind] | None = None,
        among: Sequence[int] | None = None,
        lay: bool = False,
    ) -> tuple[Array, Array]:
        """As `search`, the text ids and the scores a column each."""
        words = list(dict.fromkeys(self._tokenise(query)))[:LONGEST_QUERY]
        if not words or limit < 1:
            return np.zeros(0, np.int64), np.zeros(0)
        wanted = self._any(words)
        filters = self._filters(kinds, among)
        searcher = self._look().searcher
        lawful = self._in_words_of_the_law(query, words) if lay else None
        if lawful is not None:
            wanted = tantivy.Query.boolean_query([(tantivy.Occur.Should, wanted), (tantivy.Occur.Should, lawful)])
        hits: Any = []
        together = self._all_parts(query)
        if together is not None:
            hits = searcher.search(_filtered(wanted, [*filters, together]), limit, count=False).hits
        if not hits:  # no text holds all of them, or a sentence is asked
            hits = searcher.search(_filtered(wanted, filters), limit, count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        return np.array(ids, np.int64), np.array([score for score, _ in hits], np.float64)

    def rarity(self, word: str) -> float:
        """How much a word tells texts apart, from 0 (in all of them) to 1 (in none): its share of the largest idf."""
        seen = self._look()
        rarity = seen.rarities.get(word)
        if rarity is None:
            total = seen.searcher.num_docs
            common = math.log1p(seen.searcher.doc_freq("words", word)) / math.log1p(total) if total > 1 else 0.0
            rarity = seen.rarities[word] = 1.0 - common
        return rarity

    def count(self) -> int:
        """How many texts are indexed."""
        return int(self._look().searcher.num_docs)

    def ids(self) -> set[int]:
        """The ids of all indexed texts."""
        searcher = self._look().searcher
        number = max(1, searcher.num_docs)
        hits = searcher.search(tantivy.Query.all_query(), number, count=False).hits
        return {int(text_id) for text_id in searcher.fast_field_values("id", [address for _, address in hits])}

    def _look(self) -> _Seen:
        """What was committed last, by this process or another: a commit puts a new file in the place of meta.json."""
        state = os.stat(self._meta)
        stamp = (state.st_ino, state.st_mtime_ns, state.st_size)
        if self._seen.stamp != stamp:
            self._index.reload()
            self._seen = _Seen(stamp, self._index.searcher(), {})
        return self._seen

    def _any(self, words: Iterable[str]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term("words", word)) for word in words])

    def _in_words_of_the_law(self, query: str, words: Sequence[str]) -> Any:
        """Laws that hold the legal words for lay words of `query`; None where it has none."""
        asked = frozenset(words)
        legal = dict.fromkeys(word for one in self._synonyms.of(query) for word in self._tokenise(one))
        new = [word for word in legal if word not in asked]
        if not new:
            return None
        return _filtered(tantivy.Query.boost_query(self._any(new), self._synonyms.weight), self._filters(["regulation"], None))

    def _all_parts(self, query: str) -> tuple[Any, Any] | None:
        """A filter for texts that hold every one of several short words set apart by blanks, as people type them."""
        parts = query.split()
        if not 2 <= len(parts) <= MOST_PARTS or max(map(len, parts)) > LONGEST_PART:
            return None
        must = [(tantivy.Occur.Must, self._term("words", word)) for part in parts for word in self._tokenise(part)]
        if not must:
            return None
        return tantivy.Occur.Must, tantivy.Query.const_score_query(tantivy.Query.boolean_query(must), 0.0)

    def _filters(self, kinds: Sequence[Kind] | None, among: Sequence[int] | None) -> list[tuple[Any, Any]]:
        filters = []
        if kinds is not None:
            any_kind = [(tantivy.Occur.Should, self._term("kind", kind)) for kind in kinds]
            filters.append(tantivy.Query.boolean_query(any_kind))
        if among is not None:
            filters.append(tantivy.Query.term_set_query(self._schema, "id", list(among)))
        # a filter must not change the score
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in filters]

    def _term(self, field: str, value: str) -> Any:
        option = "freq" if field == "words" else "basic"
        return tantivy.Query.term_query(self._schema, field, value, option)

    def _delete(self, writer: Any, text_id: int) -> None:
        # by query: `delete_documents_by_term` takes the number for a signed one and deletes nothing
        writer.delete_documents_by_query(tantivy.Query.term_query(self._schema, "id", text_id))

    def _open_writer(self) -> Any:
        if self._writer is None:
            try:
                self._writer = self._index.writer(WRITER_BYTES, 1)
            except ValueError as error:
                raise _store_error(error, self._folder) from error
        return self._writer


def _filtered(wanted: Any, filters: Sequence[tuple[Any, Any]]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, wanted), *filters]) if filters else wanted


def _store_error(error: Exception, folder: Path) -> StoreError:
    if "No space left" in str(error):
        return DiskFull(f"磁盘已满，无法写入 {folder}。已存的内容没有受损；请清理空间后重新运行同一命令。")
    if "LockBusy" in str(error) or "Lockfile" in str(error) or "lock" in str(error).lower():
        return StoreError(f"词索引 {folder} 正由另一个进程写入。请稍后重试。")
    return StoreError(f"写词索引 {folder} 时出错：{error}")
