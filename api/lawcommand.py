"""The command that reads law: law NAME, its versions, what changed between two days, who cites it."""

from __future__ import annotations

from datetime import date
from typing import Any

from api import law_shapes, shapes
from api.citedby import Relations, Row, cited_by, relations
from api.console import show, show_json
from api.lawdiff import law_diff
from api.lawreading import law_versions, read_law
from api.stalecommand import read_citations
from assistant.desk import Desk
from indexes.china_law import current_to
from indexes.compare import Compared
from indexes.hit import STATUS_WORDS
from indexes.library import LawVersion
from ingestion.numerals import canonical_article

CHANGE_WORDS = {"same": "未变", "changed": "修改", "renumbered": "移动", "added": "新增", "removed": "删去"}
KIND_WORDS = {
    "regulation": "法规", "case": "案卷", "suggestion": "检察建议", "hearing": "听证", "proposal": "建议提案", "other": "其他",
}
UNKNOWN_FRESHNESS = "来源未载明核对到哪一天，该文本之后是否又有修改未知"


def read(desk: Desk, name: str, article: str | None, on: date | None, as_json: bool) -> int:
    """The text of a law on a day, or one article of it."""
    found = read_law(desk, name, canonical_article(article) if article else None, on or date.today())
    if as_json:
        show_json(law_shapes.text(desk, found))
        return 0
    version = found.version
    show(f"《{version.name}》{version.version or '日期不明'} 文本，{STATUS_WORDS[found.status]}：{found.detail}")
    show(_origin(desk, version))
    chapter = ""
    for one in found.articles:
        if one.chapter != chapter:
            chapter = one.chapter
            show(f"\n{chapter}")
        show(one.text)
    return 0


def versions(desk: Desk, name: str, on: date | None, as_json: bool) -> int:
    """The texts of a law that the library holds, old ones first."""
    found = law_versions(desk, name, on or date.today())
    law = found[0][0].name
    if as_json:
        show_json(law_shapes.versions(desk, found))
        return 0
    show(f"《{law}》")
    for one, status in found:
        until = f"，{one.in_force_to} 失效" if one.in_force_to else ""
        show(f"\n{one.version or '日期不明'} 文本（{STATUS_WORDS[status]}）：施行 {one.in_force_from or '日待核'}{until}")
        show(f"  {one.basis}" if one.basis else "  施行日未载")
        show(f"  {_origin(desk, one)}")
    return 0


def diff(desk: Desk, name: str, first: date, second: date, as_json: bool) -> int:
    """What became of each article between two days."""
    found = law_diff(desk, name, first, second)
    if as_json:
        show_json(law_shapes.diff(found))
        return 0
    show(f"《{found.old.name}》{found.old.version} 文本 → 《{found.new.name}》{found.new.version} 文本")
    for note in found.notes:
        show(note)
    for one in found.changes:
        if one.change != "same":
            show(f"\n{_line(one)}")
    counts = {word: sum(one.change == change for one in found.changes) for change, word in CHANGE_WORDS.items()}
    show("\n" + "，".join(f"{word} {count} 条" for word, count in counts.items()))
    show("［－…－］为删去的文字，［＋…＋］为增加的文字。条号的对应由程序比对文字得出，引用前请核对原文。")
    return 0


def citing(desk: Desk, name: str, article: str | None, on: date | None, as_json: bool) -> int:
    """Who cites a law, or an article of it: norms, judgments, letters."""
    read_citations(desk)
    label = canonical_article(article) if article else ""
    law, rows = cited_by(desk, name, label, on or date.today())
    if as_json:
        show_json({"law": shapes.law_name(law), "article": label or None, "cited_by": [_row(one) for one in rows]})
        return 0
    show(f"引用《{law}》{label}的有 {len(rows)} 处：")
    for one in rows:
        where = f"《{one.title}》{one.within}"
        show(f"{KIND_WORDS.get(one.kind, one.kind)}  {where}  {one.document_id[:8]} {one.start}-{one.end}\n    {one.quote}")
        if one.detail:
            show(f"    注意：{one.detail}")
    return 0


def related(desk: Desk, name: str, on: date | None, as_json: bool) -> int:
    """The norms above and below a law, and those that interpret it."""
    read_citations(desk)
    law, found = relations(desk, name, on or date.today())
    if as_json:
        show_json({"law": shapes.law_name(law), **_relations(found)})
        return 0
    show(f"《{law}》")
    for word, names in (("制定依据", found.rests_on), ("解释的法律", found.explains), ("据以制定的规范", found.basis_of),
                        ("解释", found.interpreted_by)):  # fmt: skip
        show(f"{word}：" + ("、".join(f"《{one}》" for one in names) if names else "库中没有"))
    return 0


# -- shapes ----------------------------------------------------------------------------------------


def _row(one: Row) -> dict[str, Any]:
    return {
        "document_id": one.document_id, "kind": one.kind, "title": one.title, "law": shapes.law_name(one.law),
        "article": one.within or None, "start": one.start, "end": one.end, "quote": one.quote, "detail": one.detail,
    }  # fmt: skip


def _relations(found: Relations) -> dict[str, Any]:
    names = {
        "rests_on": found.rests_on, "explains": found.explains, "basis_of": found.basis_of,
        "interpreted_by": found.interpreted_by,
    }  # fmt: skip
    return {key: [shapes.law_name(one) for one in value] for key, value in names.items()}


# -- words -------------------------------------------------------------------------------------------


def _line(one: Compared) -> str:
    """An article of a comparison for people."""
    where = " → ".join(label for label in (one.old, one.new) if label)
    word = CHANGE_WORDS[one.change] + ("并修改" if one.change == "renumbered" and one.reworded else "")
    if one.change in ("added", "removed"):
        return f"{where}（{word}） {one.new_text or one.old_text}"
    if not one.reworded:
        return f"{where}（{word}，文字未变）"
    marks = {"same": "{}", "old": "［－{}－］", "new": "［＋{}＋］"}
    return f"{where}（{word}） " + "".join(marks[piece.which].format(piece.text) for piece in one.pieces())


def _origin(desk: Desk, version: LawVersion) -> str:
    known = current_to(version.source)
    fresh = f"来源核对至 {known}" if known else UNKNOWN_FRESHNESS
    return f"来源：{version.source or '未载'}，{law_shapes.added(desk, version)} 装入；{fresh}。"
