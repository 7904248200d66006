"""The command that looks for governance issues: issues."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api import shapes
from api.console import show, show_json
from assistant.desk import Desk
from assistant.errors import NotThere
from assistant.issues import Finding, find_issues
from assistant.writer import STATUS_WORDS
from ingestion.document import Document
from ingestion.read import read_document
from prompts import issue_types, load_cues, load_scenarios

SCOPES = {False: "个案，先调查", True: "类案线索"}


def issues(desk: Desk, which: str, on: date | None, as_json: bool) -> int:
    """Look for issues behind a case or in one file, and show each with its evidence."""
    found = findings(desk, documents(desk, which), on or date.today())
    if as_json:
        show_json(shapes.findings(found))
        return 0
    for number, one in enumerate((one for one in found if not one.doubtful), 1):
        show(card(number, one))
    doubtful = [one.type.name for one in found if one.doubtful]
    if len(doubtful) == len(found):
        show("没有发现可以提示的治理问题。")
    if doubtful:
        show(f"存疑（线索不足，未作提示）：{'、'.join(doubtful)}")
    return 0


def findings(desk: Desk, papers: list[Document], on: date) -> tuple[Finding, ...]:
    """The findings in documents, with law as of a day."""
    return find_issues(papers, issue_types(load_scenarios()), load_cues(), desk.lawbook, on, desk.judge)


def documents(desk: Desk, which: str) -> list[Document]:
    """The documents of a case, the document of an id, or that of a file; raises NotThere."""
    entries = desk.catalogue.entries(case=which)
    if entries:
        return [one for entry in entries if (one := desk.catalogue.document(entry.id)) is not None]
    if Path(which).is_file():
        return [read_document(Path(which))]
    found = desk.catalogue.document(which)
    if found is None:
        raise NotThere(
            f"没有案件、文件或路径 {which}。用 gongzhi list 查看已添加的材料，或用 gongzhi add 路径 --case 案件编号 添加。"
        )
    return [found]


def card(number: int, one: Finding) -> str:
    """A finding for people."""
    lines = [f"{number}. 【{one.type.field}】{one.type.name}（{SCOPES[one.spread.pattern]}，强度 {one.strength:.2f}）"]
    lines.append(f"   {one.reason}")
    for cited in one.citations:
        lines.append(f"   [{cited.number}] 《{cited.title}》{cited.document_id} {cited.start}-{cited.end}")
        lines.append(f"       “{' '.join(cited.quote.split())}”")
    lines.append(f"   可能的被建议单位：{'、'.join(one.units)}（{one.type.route}）")
    for duty in one.duties:
        state = "" if duty.status == "verified" else f"（{STATUS_WORDS[duty.status]}）"
        lines.append(f"   职责：{duty.article.text}{state} {duty.who}：{duty.demand}")
    lines += [f"   措施：{measure}" for measure in one.measures]
    return "\n".join(lines) + "\n"
