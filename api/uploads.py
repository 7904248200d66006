"""Files that come in over HTTP: a safe name, a size limit, and a copy kept under the home folder."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Container
from pathlib import Path
from typing import BinaryIO

from indexes.database import speaking

CHUNK = 1 << 20
LONGEST_NAME = 160  # bytes of UTF-8; file systems take 255, and Word adds to a name while it edits
UNNAMED = "未命名"
PARTIAL = ".partial-"
STALE_SECONDS = 3_600.0  # what no catalogue knows after this long was left behind by a kill

Data = bytes | Path | BinaryIO


class TooLarge(Exception):
    """The file is larger than the office allows."""


def safe_name(name: str) -> str:
    """The name of a file without folders, control characters and what file systems refuse; its suffix stays.

    A name in any other than UTF-8 comes with surrogates, which go too. Never empty, at most 160 bytes.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(one for one in last if unicodedata.category(one)[0] != "C")
    plain = re.sub(r'[<>:"|?*]', "_", printable).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix.encode()) > 16:
        stem, dot, suffix = plain, "", ""
    room = LONGEST_NAME - len((dot + suffix).encode())
    return (stem.encode()[:room].decode(errors="ignore").rstrip() or UNNAMED) + dot + suffix


def receive(folder: Path, data: Data, limit: int) -> tuple[Path, str]:
    """Write what comes in to a file of its own under `folder`; that file, and the id of its bytes.

    Raises TooLarge above `limit` bytes, StoreError where the folder cannot be written; nothing is left then.
    """
    digest = hashlib.sha256()
    partial = folder / f"{PARTIAL}{secrets.token_hex(8)}"
    whole = False
    with speaking(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with _opened(data) as source, partial.open("xb") as file:
                while piece := source.read(CHUNK):
                    digest.update(piece)
                    file.write(piece)
                    if file.tell() > limit:
                        raise TooLarge
                file.flush()
                os.fsync(file.fileno())
            whole = True
        finally:
            if not whole:
                partial.unlink(missing_ok=True)
    return partial, digest.hexdigest()[:16]


def place(partial: Path, identity: str, name: str) -> Path:
    """Move a received file to where it is kept: `<folder>/<document id>/<name>`."""
    with speaking(partial.parent):
        folder = partial.parent / identity
        folder.mkdir(mode=0o700, exist_ok=True)
        return partial.replace(folder / name)


def forget(folder: Path, identity: str) -> None:
    """Remove the kept copy of a document; one that was added from elsewhere has none."""
    shutil.rmtree(folder / identity, ignore_errors=True)


def tidy(folder: Path, known: Container[str]) -> None:
    """Remove what a kill left behind: old files that no document of the catalogue stands for."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        with contextlib.suppress(OSError):  # what cannot be removed now is removed another time
            if path.name in known or time.time() - path.stat().st_mtime < STALE_SECONDS:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _opened(data: Data) -> BinaryIO:
    if isinstance(data, bytes):
        return io.BytesIO(data)
    return data.open("rb") if isinstance(data, Path) else data
