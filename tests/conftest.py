"""What every test may use: a catalogue, documents in it, an embedder to work out by hand, and no network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder, make_document

from indexes.catalogue import Catalogue
from ingestion.document import Document, Kind


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    opened = Catalogue(tmp_path / "catalogue.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def put(catalogue: Catalogue) -> Any:
    """Adds a text to the catalogue, a passage a line; gives its document."""

    def add(text: str, kind: Kind = "case", title: str = "文书", case: str | None = None) -> Document:
        document, parts = make_document(text, kind, title)
        catalogue.add(document, parts, path=f"/{title}.txt", case=case)
        return document

    return add


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the loopback may be reached; a test that phones home fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
