"""The command that masks a file for a level, and undoes it with the key that is kept apart."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from api.console import say, show, show_json
from assistant.errors import BadRequest, NotThere
from ingestion.names import missing
from ingestion.read import load, to_document
from ingestion.redact import Known, Level, Masked, Piece, Redaction, pieces, redact, restore, restore_changed
from ingestion.wordmask import rewrite_word, word_text

KEYS = "keys"
LEVEL_NAMES: dict[Level, str] = {"handler": "承办人", "office": "本院", "unit": "其他单位", "public": "公开"}


@dataclass(frozen=True)
class Key:
    """The way back from one masked file: `pieces` are places in `text`, the masked text of that file."""

    level: str
    case: str
    text: str
    pieces: tuple[Piece, ...]


def mask(
    home: Path, path: Path, out: Path, level: Level, case: str | None, key: Path | None, as_json: bool
) -> int:
    """Mask FILE into OUT; the key goes to a file of its own (mode 0600), by default in the home folder.

    A .docx becomes a .docx with its layout, or plain text; every other file becomes plain text. Documents of one
    case (`case`, else the file by itself) share their aliases.
    """
    data, name = load(path)
    document = to_document(data, name)  # refuses a document that bears a secrecy marking
    _check(path, out, document.text, name)
    keys = _keys(home)
    known = _known(keys, case)
    secret = _secret(keys) if level == "office" else b""
    written: bytes
    notes: Sequence[str]
    done = redact(document.text, level, case=case or document.id, known=known, secret=secret)
    if level == "handler" and out.suffix.lower() == ".docx":
        written, way, notes = data, Key(level, case or "", "", ()), ()
    elif out.suffix.lower() == ".docx":
        written, way, done, notes = _word(data, name, done, level, case or document.id, secret)
    else:
        written, notes = done.text.encode(), ()
        way = Key(level, case or "", done.text, pieces(document.text, done.masked))
    kept = key or keys / f"{hashlib.sha256(written).hexdigest()[:16]}.json"
    if level != "handler":
        _write(kept, json.dumps(asdict(way), ensure_ascii=False).encode(), 0o600)
        _remember(keys, case, done.known)
    _write(out, written, 0o600 if level == "handler" else 0o644)
    _answer(out, kept, level, done, [*notes, *_warnings(out, done, document.text)], document.text, as_json)
    return 0


def unmask(home: Path, path: Path, out: Path, key: Path | None) -> int:
    """Write OUT with what stood in FILE before it was masked; exact if FILE is as it was written."""
    data, name = load(path)
    kept = key or _keys(home) / f"{hashlib.sha256(data).hexdigest()[:16]}.json"
    way = _read_key(kept, key is None)
    if name.lower().endswith(".docx"):
        changed = word_text(data, name) != way.text
        if changed:
            raise BadRequest(
                f"{path} 脱敏后被改动过，无法逐字还原。请用未改动的脱敏件，或另存为 .txt 后还原。"
            )
        back = [Masked("", one.start, one.end, one.original) for one in way.pieces]
        written = rewrite_word(data, name, lambda _: back, strip=False).data
    else:
        text = data.decode("utf-8")
        changed = text != way.text
        written = (
            restore_changed(text, way.text, way.pieces) if changed else restore(text, way.pieces)
        ).encode()
    _write(out, written, 0o600)
    show(f"已还原到 {out}。" + ("文件在脱敏后被改动过，只按化名还原，请核对。" if changed else ""))
    return 0


def _check(path: Path, out: Path, text: str, name: str) -> None:
    suffix = out.suffix.lower()
    if suffix not in (".docx", ".txt", ".md"):
        raise BadRequest(f"不能写成 {suffix or '没有扩展名的文件'}。请用 -o 文件名.docx 或 文件名.txt。")
    if suffix == ".docx" and not name.lower().endswith(".docx"):
        raise BadRequest("只有 .docx 能脱敏为 .docx。请用 -o 文件名.txt，或先用 Word、WPS 另存为 .docx。")
    if out.exists() and out.samefile(path):
        raise BadRequest("输出与原件是同一个文件。请用 -o 写到另一个文件，原件不应被覆盖。")


def _word(
    data: bytes, name: str, done: Redaction, level: Level, case: str, secret: bytes
) -> tuple[bytes, Key, Redaction, Sequence[str]]:
    """Mask the package with the aliases of its text; what stands elsewhere in it (comments …) joins them."""
    later = done

    def edit(text: str) -> Sequence[Masked]:
        nonlocal later
        later = redact(text, level, case=case, known=done.known, secret=secret)
        return later.masked

    result = rewrite_word(data, name, edit)
    way = Key(level, case, result.after, pieces(result.before, result.masked))
    return result.data, way, replace(done, known=later.known), result.notes


def _warnings(out: Path, done: Redaction, text: str) -> list[str]:
    """What the user should know before the file leaves."""
    notes = [note for note in (missing(),) if note]
    if any(one.kind == "姓名" and text[one.start : one.end] in out.name for one in done.masked):
        notes.append("输出文件名里有应隐去的姓名，请改名后再提供")
    taken = {text[one.start : one.end] for one in done.masked}
    clash = sorted({alias for name, alias in done.known.names.items() if name in taken and alias in text})
    if clash:
        notes.append(f"原文中已有“{'、'.join(clash)}”，与本案化名相同，可能混淆，请核对")
    if done.officials:
        notes.append(f"办案人员、律师等 {len(done.officials)} 人的姓名保留，是否公开由案管部门决定")
    reasons = dict.fromkeys(why for why, _, _ in done.review)
    if reasons:
        notes.append(f"文中有须人工审查的内容（{'、'.join(reasons)}），对外提供前请删除或概括")
    return notes


def _answer(
    out: Path, kept: Path, level: Level, done: Redaction, notes: Sequence[str], text: str, as_json: bool
) -> None:
    if as_json:
        show_json(
            {
                "file": str(out),
                "level": level,
                "masked": [asdict(one) for one in done.masked],
                "key": None if level == "handler" else str(kept),
                "review": [{"why": why, "start": start, "end": end} for why, start, end in done.review],
                "notes": list(notes),
            }
        )
        return
    counts: dict[str, int] = {}
    for one in done.masked:
        counts[one.kind] = counts.get(one.kind, 0) + 1
    what = "、".join(f"{kind} {count} 处" for kind, count in counts.items()) or "没有需要隐去的内容"
    show(f"已按“{LEVEL_NAMES[level]}”级写到 {out}：{what}。")
    if level != "handler":
        show(f"还原所用的密钥在 {kept}，请勿与脱敏件一同提供。")
    for note in notes:
        say(f"注意：{note}。")


def _keys(home: Path) -> Path:
    folder = home / KEYS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _case_file(keys: Path, case: str) -> Path:
    return keys / f"case-{hashlib.sha256(case.encode()).hexdigest()[:16]}.json"


def _known(keys: Path, case: str | None) -> Known:
    """The aliases that a case has given already."""
    if case is None or not (path := _case_file(keys, case)).is_file():
        return Known()
    said = _json(path)
    return Known(said["names"], said["values"])


def _remember(keys: Path, case: str | None, known: Known) -> None:
    if case is not None:
        said = {"case": case, "names": dict(known.names), "values": dict(known.values)}
        _write(_case_file(keys, case), json.dumps(said, ensure_ascii=False).encode(), 0o600)


def _secret(keys: Path) -> bytes:
    """What makes tokens of this office; made once, for without it tokens of two files no longer compare."""
    path = keys / "office.key"
    if not path.is_file():
        _write(path, secrets.token_bytes(32), 0o600)
    return path.read_bytes()


def _read_key(path: Path, by_default: bool) -> Key:
    if not path.is_file():
        advice = "文件可能被改动过，或是在别处脱敏的；请用 --key 指定密钥文件" if by_default else "请检查路径"
        raise NotThere(f"找不到密钥 {path}。{advice}。")
    said = _json(path)
    try:
        return Key(said["level"], said["case"], said["text"], tuple(Piece(**one) for one in said["pieces"]))
    except (KeyError, TypeError) as error:
        raise BadRequest(f"{path} 不是脱敏密钥。请用 --key 指定正确的密钥文件。") from error


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} 不是脱敏密钥，或已损坏。") from error


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file whole or not at all, never readable by more than `mode` says."""
    trial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(trial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(data)
        os.replace(trial, path)
    finally:
        trial.unlink(missing_ok=True)
