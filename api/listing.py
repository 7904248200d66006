"""Commands that show what is stored: list, text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from api import shapes
from api.console import show, show_json, show_lines, table
from assistant.desk import Desk
from assistant.errors import NotThere
from indexes.likes import Link
from ingestion.document import Document, Kind
from ingestion.read import read_document
from ingestion.views import marked, original

LIKES = 3  # links of a document that are told in a table
STATES = {"read": "已读取", "searchable": "可按词检索", "complete": "可按语义检索"}


def list_documents(desk: Desk, case: str | None, kind: Kind | None, as_json: bool) -> None:
    """The documents of a case or of the whole home; laws only where they are asked for by kind."""
    entries = desk.catalogue.entries(case=case, kind=kind, laws_too=kind == "regulation")
    if as_json:
        show_lines(shapes.entry(one) for one in entries)
        return
    rows = [
        (one.id, one.case or "", one.subtype, one.title, STATES[one.state], likes(one.links)) for one in entries
    ]
    table(("id", "案件", "种类", "标题", "状态", "相同或相近"), rows)
    show(f"共 {len(entries)} 份。")


def likes(links: Sequence[Link]) -> str:
    """What a document is like, in the user's words: the first few of its links."""
    told = [
        f"与 {one.document_id} 文字相同" if one.how == "text" else f"与 {one.document_id} 相近（{one.likeness:.0%}）"
        for one in links[:LIKES]
    ]
    return "，".join(told) + (f"，等 {len(links)} 份" if len(links) > LIKES else "")


def text(desk: Desk, which: str, view: str, as_json: bool) -> int:
    """The text of a stored document, or of a file that is only read."""
    document = stored_or_file(desk, which)
    if view == "original":
        document = original(document)
    elif view == "marked":
        document = marked(document)
    if as_json:
        show_json(shapes.document(document))
    else:
        show(document.text)
    return 0


def stored_or_file(desk: Desk, which: str) -> Document:
    """A stored document by its id, or a file that is only read; raises NotThere."""
    document = desk.catalogue.document(which)
    if document is not None:
        return document
    if Path(which).exists():
        return read_document(Path(which))
    raise NotThere(f"没有 id 或路径为 {which} 的文件。用 gongzhi list 查看已添加的文件。")
