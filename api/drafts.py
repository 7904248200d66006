"""Drafts that are kept: each a folder of the home with the draft as JSON, the letter and its annex."""

from __future__ import annotations

import logging
import re
import secrets
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from api.drafting import annex_path
from assistant.errors import NotThere
from assistant.reply import Draft
from assistant.save import write_whole
from indexes.database import speaking
from indexes.errors import DamagedStore

LETTER = "检察建议书.docx"
FACTS = "draft.json"
_ID = re.compile(r"[0-9a-f]{16}")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Facts:
    """What stands in the JSON file."""

    id: str
    case: str
    created_at: str
    draft: Draft


@dataclass(frozen=True)
class DraftRecord:
    """A draft that is kept: `letter` and `annex` are .docx files; `created_at` is ISO with its offset."""

    id: str
    case: str
    created_at: str
    draft: Draft
    letter: Path
    annex: Path


@dataclass(frozen=True)
class Place:
    """Where a new draft will lie; it is there once `keep` has written its facts."""

    id: str
    folder: Path

    @property
    def letter(self) -> Path:
        """The letter; its annex lies beside it."""
        return self.folder / LETTER


def new_place(root: Path) -> Place:
    """A folder of its own for a new draft."""
    identity = secrets.token_hex(8)
    folder = root / identity
    with speaking(folder):
        folder.mkdir(mode=0o700, parents=True)
    return Place(identity, folder)


def keep(place: Place, case: str, draft: Draft) -> DraftRecord:
    """Write the facts of a draft beside its letter: the last step, after which it is there."""
    facts = _Facts(place.id, case, datetime.now(UTC).isoformat(timespec="microseconds"), draft)
    write_whole(place.folder / FACTS, _adapter().dump_json(facts, indent=1))
    return _record(place.folder, facts)


def give_up(place: Place) -> None:
    """Remove what was begun of a draft."""
    shutil.rmtree(place.folder, ignore_errors=True)


def read(root: Path, identity: str) -> DraftRecord:
    """A kept draft; raises NotThere, and DamagedStore where its file cannot be read."""
    path = root / identity / FACTS
    if not _ID.fullmatch(identity) or not path.is_file():
        raise NotThere(f"没有编号为 {identity[:40]} 的草稿。请从草稿列表中选择。")
    try:
        with speaking(path):
            return _record(path.parent, _adapter().validate_json(path.read_bytes()))
    except ValueError as error:
        raise DamagedStore(f"草稿文件 {path} 已损坏。请用备份恢复，或删除该文件夹后重新起草。") from error


def kept(root: Path, case: str | None = None) -> list[DraftRecord]:
    """The kept drafts, newest first; one that is damaged is named in the log and left out."""
    found = []
    for path in root.glob(f"*/{FACTS}"):
        try:
            found.append(read(root, path.parent.name))
        except (NotThere, DamagedStore) as error:
            _log.warning("%s", error)
    wanted = [one for one in found if case is None or one.case == case]
    return sorted(wanted, key=lambda one: one.created_at, reverse=True)


def remove(root: Path, identity: str) -> None:
    """Remove a kept draft and its files; raises NotThere."""
    folder = read(root, identity).letter.parent
    (folder / FACTS).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def as_json(record: DraftRecord) -> dict[str, Any]:
    """The facts of a kept draft, without its paths."""
    facts = asdict(record)
    return {name: facts[name] for name in ("id", "case", "created_at", "draft")}


def _record(folder: Path, facts: _Facts) -> DraftRecord:
    letter = folder / LETTER
    return DraftRecord(facts.id, facts.case, facts.created_at, facts.draft, letter, annex_path(letter))


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(_Facts)
