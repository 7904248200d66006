"""The desk: everything that a home folder offers, built here and nowhere else."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from assistant.cloak import Cloaked, names_in
from assistant.errors import BadSettings
from assistant.likeness import Likeness, Thresholds, learn
from assistant.model import Endpoint, EndpointModel, Model
from assistant.model_writer import ModelWriter
from assistant.precedents import Letters
from assistant.settings import Settings
from assistant.writer import QuotingWriter, Writer
from indexes.bycase import Finder
from indexes.catalogue import Catalogue
from indexes.embed import Embedder, open_embedder
from indexes.embed import Vectors as Matrix
from indexes.errors import DiskFull, StoreError
from indexes.graph import Graph
from indexes.index import Index
from indexes.keywords import Keywords
from indexes.lawbook import LawBook
from indexes.precedents import Precedents
from indexes.ranker import ranker_of
from indexes.store import VectorStore
from indexes.text import text_hash
from indexes.vectors import Vectors
from indexes.words import tokens
from prompts import issue_types, load_cues, load_scenarios
from prompts.examples import load_examples


class Desk:
    """The parts of one home folder; each is opened when it is first used."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.home = settings.root

    @cached_property
    def catalogue(self) -> Catalogue:
        """Documents, passages and laws."""
        return Catalogue(self.home / "catalogue.sqlite")

    @cached_property
    def keywords(self) -> Keywords:
        """The index of words."""
        return Keywords(self.home / "words")

    @cached_property
    def store(self) -> VectorStore:
        """The store of vectors."""
        return VectorStore(self.home / "vectors.sqlite")

    @cached_property
    def vectors(self) -> Vectors:
        """The index of vectors."""
        return Vectors(self.home / "vectors")

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder that the settings name."""
        return open_embedder(self.settings.embedder, threads=self.settings.threads, cache=self.home / "models")

    @cached_property
    def lawbook(self) -> LawBook:
        """Law by name, article and date."""
        return LawBook(self.catalogue)

    @cached_property
    def graph(self) -> Graph:
        """Who cites which article."""
        return Graph(self.home / "citations.sqlite", self.catalogue, self.lawbook)

    @cached_property
    def index(self) -> Index:
        """Search."""
        return Index(
            self.catalogue,
            self.keywords,
            self.lawbook,
            self.store,
            lambda: self.vectors,
            lambda: self.embedder,
            ranker_of(self.home),
        )

    @cached_property
    def precedents(self) -> Precedents:
        """Judgments and letters as precedents."""
        return Precedents(self.catalogue, self.lawbook, tokens)

    @cached_property
    def letters(self) -> Letters:
        """Suggestion letters with their replies."""
        return Letters(self.catalogue, issue_types(load_scenarios()), load_cues())

    @cached_property
    def finder(self) -> Finder:
        """Search that asks precedents too."""
        return Finder(self.index, self.precedents)

    @cached_property
    def model(self) -> Model | None:
        """The language model that the settings name; one on another machine is told nothing personal.

        Raises BadSettings for a URL without a name.
        """
        chosen = self.settings
        if not chosen.model_url:
            return None
        if not chosen.model_name:
            raise BadSettings("设置了 model_url，还缺 model_name。请写明模型在该服务上的名称。")
        endpoint = Endpoint(
            chosen.model_url, chosen.model_name, chosen.model_key, chosen.model_window, chosen.model_timeout
        )
        model = EndpointModel(endpoint)
        return model if endpoint.local else Cloaked(model)

    @cached_property
    def writer(self) -> Writer:
        """Who writes answers: the model where there is one, else by quoting."""
        quoting = QuotingWriter(tokens, self.keywords.rarity)
        return ModelWriter(self.model, quoting, tokens, lru_cache(512)(self._names_of)) if self.model else quoting

    def _names_of(self, document_id: str) -> frozenset[str]:
        return names_in(self.catalogue.text_of(document_id) or "")

    @cached_property
    def judge(self) -> Likeness:
        """Which issue types a passage reads like, learnt from the examples of the knowledge files."""
        cues = load_cues()
        thresholds = Thresholds(cues.gap, cues.like)
        return learn(load_examples(), tokens, self.embedder.embed_passages, thresholds, kept=self._kept)

    def _kept(self, texts: Sequence[str]) -> Matrix:
        """Vectors (texts, dimensions) of the knowledge's examples, each embedded once in the life of the home."""
        hashes = [text_hash(text) for text in texts]
        known = self.store.get(hashes, self.embedder.name)
        new = {hash_: text for hash_, text in zip(hashes, texts, strict=True) if hash_ not in known}
        if new:
            made = self.embedder.embed_passages(list(new.values()))
            self.store.put(list(new), self.embedder.name, made)
            known |= dict(zip(new, made, strict=True))
        return np.stack([np.asarray(known[hash_], dtype=np.float32) for hash_ in hashes])

    def close(self) -> None:
        """Give back what was opened."""
        for name in ("keywords", "graph", "catalogue", "store", "model"):
            if (part := self.__dict__.get(name)) is not None:
                part.close()


def open_desk(settings: Settings) -> Desk:
    """The desk of a home folder, made if it is not there (for its owner only: mode 0700).

    Raises StoreError if the folder cannot be made or was written by a newer version.
    """
    home = settings.root
    if home.exists() and not home.is_dir():
        raise BadSettings(f"{home} 是文件，不是文件夹。请用 --home 指定另一个文件夹。")
    _make(home)
    desk = Desk(settings)
    desk.catalogue  # noqa: B018  a newer home is refused now, not at the first question
    return desk


def _make(home: Path) -> None:
    try:
        if not home.exists():
            home.mkdir(mode=0o700, parents=True)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(f"磁盘已满，无法建立 {home}。请清理空间后再试。") from error
        raise StoreError(f"无法建立文件夹 {home}：{error.strerror}。请检查权限，或用 --home 指定另一个。") from error
