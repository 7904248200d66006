"""The commands that look after the law: stale, laws missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from api import shapes
from api.console import progress, show, show_json, show_lines
from assistant.desk import Desk
from assistant.missing import missing
from assistant.stale import Stale, knowledge, letters, stale
from indexes.hit import STATUS_WORDS
from prompts import load_scenarios

KIND_WORDS = {"letter": "检察建议", "scenario": "场景", "deadline": "期限", "outline": "提纲"}


def stale_(desk: Desk, since: date | None, on: date | None, as_json: bool) -> int:
    """List letters and knowledge that rest on articles changed since they were written or checked."""
    read_citations(desk)
    leanings = [
        *letters(desk.catalogue, desk.graph, desk.lawbook, since),
        *knowledge(load_scenarios(), since),
    ]
    day = on or date.today()
    found = stale(leanings, desk.lawbook, day)
    if as_json:
        show_json({"checked": len(leanings), "stale": [_shape(one) for one in found]})
        return 0
    for one in found:
        leaning = one.leaning
        show(f"{KIND_WORDS[leaning.kind]} {leaning.title}（{leaning.id[:12]}）：《{leaning.law}》{leaning.article}，{STATUS_WORDS[one.status]}")
        to_come = one.when is not None and one.when > day
        detail = one.detail.replace("现为", "将为") if to_come else one.detail
        show(f"    {detail}" + (f"（{one.when} 起）" if one.when else ""))
    show(f"核对 {len(leanings)} 处引用，{len(found)} 处所依据的条文已改动。")
    return 0


def missing_laws(desk: Desk, as_json: bool) -> int:
    """List the norms that are cited and not in the library."""
    read_citations(desk)
    found = missing(desk.catalogue, desk.graph, desk.lawbook, knowledge(load_scenarios(), None))
    if as_json:
        show_lines(
            {
                "law": shapes.law_name(one.law), "cited": one.cited, "by": list(one.by),
                "knowledge": list(one.knowledge), "where_to_get": one.where_to_get,
                "note": one.note,
            }
            for one in found
        )  # fmt: skip
        return 0
    for one in found:
        show(f"{one.cited:>4} 处  《{one.law}》" + (f"（{one.note}）" if one.note else ""))
        show(f"        到哪里找：{one.where_to_get}")
    show(f"文书和知识文件引用、而库中没有的规范 {len(found)} 部。下载后用 gongzhi laws 文件夹 装载。")
    return 0


def read_citations(desk: Desk) -> None:
    """Read the citations of what was added since the last look."""
    waiting = len(desk.graph.waiting())
    with progress("梳理引用关系", waiting) as advance:
        desk.graph.refresh(advance)


def _shape(one: Stale) -> dict[str, Any]:
    leaning = one.leaning
    return {
        "kind": leaning.kind,
        "id": leaning.id,
        "title": leaning.title,
        "law": shapes.law_name(leaning.law),
        "article": leaning.article,
        "start": leaning.start if leaning.kind == "letter" else None,
        "end": leaning.end if leaning.kind == "letter" else None,
        "text": leaning.text or None,
        "as_of": leaning.since.isoformat(),
        "status": one.status,
        "detail": one.detail,
        "now": list(one.now),
        "in_force_from": one.when.isoformat() if one.when else None,
    }
