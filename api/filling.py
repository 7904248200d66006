"""Words and vectors fill in the background while the service runs: by one thread, resumable, its troubles shown."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from assistant.desk import Desk
from indexes.embed import Embedder, EmbedderError
from indexes.errors import StoreError
from indexes.fill import fill_vectors, fill_words, index_lock, sweep
from ingestion.document import KINDS

State = Literal["idle", "filling", "waiting", "trouble", "stopped"]

POLL_SECONDS = 2.0  # other processes add too, and rely on whoever holds the index
RETRY_SECONDS = 60.0  # after a trouble that only a person can mend (disk full, another embedder)
EMBED_AT_ONCE = 128  # texts between two looks at whether to stop: some two seconds on two cores

TROUBLES = (StoreError, EmbedderError, OSError)


@dataclass(frozen=True)
class Progress:
    """How far reading has come; `trouble` is a Chinese sentence where something stands in the way.

    `state`: `idle` (all is done), `filling`, `waiting` (another process keeps the index), `trouble`
    (tried again every minute and after each upload), `stopped` (not started, closed, or ended by a defect).
    """

    state: State
    trouble: str
    texts: int
    with_words: int
    with_vector: int

    @property
    def ready(self) -> float:
        """The share of texts that can be found by meaning, 0 to 1."""
        return round(self.with_vector / self.texts, 4) if self.texts else 1.0


class _Stopped(Exception):
    """The service closes: what was embedded of this window is let go, and made again by the next start."""


@dataclass(frozen=True)
class _Patient:
    """An embedder that looks up from its work: it can be stopped within a window, and words need not wait for it."""

    inner: Embedder
    stop: threading.Event
    between: Callable[[], None]
    name: str = field(init=False)
    dimensions: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.inner.name)
        object.__setattr__(self, "dimensions", self.inner.dimensions)

    def embed_query(self, text: str) -> np.ndarray[Any, Any]:
        return self.inner.embed_query(text)

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """The vectors of `texts`, short ones first, so that each batch is even."""
        rows = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for start in range(0, len(order), EMBED_AT_ONCE):
            if self.stop.is_set():
                raise _Stopped
            self.between()
            part = order[start : start + EMBED_AT_ONCE]
            rows[part] = self.inner.embed_passages([texts[number] for number in part])
        return rows


class Filling:
    """The thread that fills. It keeps the index of the home folder from `start` to `close`.

    `open_parts` opens vectors and embedder of the desk (once, whoever calls it first). Uploads fill their own
    words through `words`, so that they can be found at once; vectors follow.
    """

    def __init__(self, desk: Desk, open_parts: Callable[[], None]) -> None:
        self._desk = desk
        self._open_parts = open_parts
        self._stop = threading.Event()
        self._pause = threading.Event()  # set to stop, and to sweep between two windows
        self._wake = threading.Event()
        self._orphans = threading.Event()
        self._writing = threading.Lock()  # one writer of words at a time
        self._ours = False
        self._state: State = "stopped"
        self._trouble = ""
        self._thread = threading.Thread(target=self._run, name="filling", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier process left unfinished is finished first."""
        self._state = "waiting"
        self._orphans.set()
        self._thread.start()

    def close(self) -> None:
        """Stop, keeping all that is written; takes a few seconds at most while vectors are made."""
        self._stop.set()
        self._pause.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def progress(self) -> Progress:
        """How far it has come, and what stands in the way."""
        state = self._desk.catalogue.progress()
        done = state.texts == state.with_words == state.with_vector
        now: State = "filling" if self._state == "idle" and not done else self._state  # before the thread woke
        return Progress(now, self._trouble, state.texts, state.with_words, state.with_vector)

    def words(self) -> None:
        """Make what was added findable by words now, if the index is ours; and wake the thread for the rest."""
        try:
            with self._writing:
                if self._ours:
                    self._fill_words()
        except TROUBLES as error:  # the document is kept; the thread tries again
            self._note(error)
        self._wake.set()

    def removed(self) -> None:
        """Let the index go of what was removed, soon."""
        self._orphans.set()
        self._pause.set()
        self._wake.set()

    # -- in the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                with index_lock(self._desk.home) as ours:
                    if ours:
                        self._keep()
                if not self._stop.is_set():
                    self._stop.wait(POLL_SECONDS)
        finally:
            self._state = "stopped"
            if defect := sys.exc_info()[1]:
                self._trouble = f"后台建立索引意外停止（{type(defect).__name__}：{defect}）。请重新启动服务，并报告这个问题。"

    def _keep(self) -> None:
        """Fill again and again, from now until the service closes; the index lock is ours."""
        with self._writing:
            self._ours = True
        try:
            self._catch_up()
            while not self._stop.is_set():
                self._wake.wait(self._round())
                self._wake.clear()
        finally:
            with self._writing:
                self._ours = False

    def _catch_up(self) -> None:
        """See the vectors that another process wrote while we waited: chroma looks for them when it writes itself."""
        if "vectors" in self._desk.__dict__:
            for kind in KINDS:
                self._desk.vectors.remove(kind, ["-"])

    def _round(self) -> float:
        """Do what there is to do; how many seconds to wait before the next look, if nobody wakes us."""
        try:
            self._fill()
        except _Stopped:
            return 0.0
        except TROUBLES as error:
            self._note(error)
            return RETRY_SECONDS
        self._state, self._trouble = "idle", ""
        return POLL_SECONDS

    def _note(self, error: Exception) -> None:
        self._state, self._trouble = "trouble", str(error)

    def _fill(self) -> None:
        catalogue = self._desk.catalogue
        while not self._stop.is_set():
            self._pause.clear()
            if self._stop.is_set():  # set meanwhile, and cleared by us
                return
            with self._writing:
                self._sweep()
                self._fill_words()
            if not catalogue.without_vector(1):
                if catalogue.get("embedder") is not None:
                    self._open_parts()  # before the first question asks for it
                return
            self._state = "filling"
            self._fill_vectors()

    def _sweep(self) -> None:
        if self._orphans.is_set():
            self._orphans.clear()
            sweep(self._desk.catalogue, self._desk.keywords, lambda: self._desk.vectors)
            self._desk.keywords.close()

    def _fill_words(self) -> None:
        if self._desk.catalogue.without_words(1):
            fill_words(self._desk.catalogue, self._desk.keywords)
            self._desk.keywords.close()

    def _fill_vectors(self) -> None:
        self._open_parts()
        desk = self._desk
        patient = _Patient(desk.embedder, self._stop, self._between)
        fill_vectors(desk.catalogue, desk.store, desk.vectors, patient, stop=self._pause)

    def _between(self) -> None:
        """What another process added is findable by words within seconds, though vectors take hours."""
        if self._desk.catalogue.without_words(1):
            with self._writing:
                self._fill_words()
