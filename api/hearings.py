"""The command that summarises a hearing: hearing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from api import hearing_shapes
from api.console import show, show_json
from api.listing import stored_or_file
from assistant.desk import Desk
from assistant.draft import Order, for_paper, letter_aliases
from assistant.errors import BadRequest
from assistant.export import write_annex, write_report
from assistant.form import layout
from assistant.hearing import HearingSummary, summarise_hearing
from assistant.hearing_views import VIEWS, WORDS
from assistant.minutes import minutes
from ingestion.document import Document


def hearing(desk: Desk, which: str, out: Path | None, as_json: bool) -> int:
    """Summarise a record, show it, and write it as .docx where a file is named."""
    document = stored_or_file(desk, which)
    summary = summarise_hearing(document)
    if out is not None:
        write(summary, document, out)
    if as_json:
        show_json(hearing_shapes.summary(summary))
    else:
        show(report(summary, document))
        if out is not None:
            show(f"已写出 {out}\n证据附表 {annex_path(out)}")
    return 0


def write(summary: HearingSummary, document: Document, out: Path) -> None:
    """Write the summary as .docx and its table of evidence beside it; protected persons stand by alias."""
    if out.suffix.lower() != ".docx":
        raise BadRequest(f"{out} 不是 .docx 文件名。请用 -o 文件名.docx。")
    today = date.today()
    paper = minutes(summary, document, today.isoformat())
    names = letter_aliases(Order(document.id, [document], "", "other", today))
    masked = for_paper(paper, names)
    write_report(masked, out, layout(), names)
    write_annex(masked, annex_path(out), layout(), names)


def annex_path(out: Path) -> Path:
    """Where the table of evidence lies: beside the summary."""
    return out.with_name(f"{out.stem}-证据附表.docx")


def report(summary: HearingSummary, document: Document) -> str:
    """The summary for people."""
    lines = [f"《{document.title}》 {document.id}", f"发言 {len(summary.turns)} 次，步骤 {len(summary.steps)} 个"]
    lines += [f"  {one.role}：{one.name}" for one in summary.participants]
    for issue in summary.issues:
        lines.append(f"\n争议焦点：{issue.issue}")
        lines += [f"  {one.speaker}：“{one.text}”  {one.start}-{one.end}" for one in issue.positions]
    lines.append("\n听证员意见：" + "，".join(f"{WORDS[view]} {getattr(summary.tally, view)} 人" for view in VIEWS))
    lines += [f"  {one.speaker}（{WORDS[one.view]}）：“{one.reason}”  {one.start}-{one.end}" for one in summary.opinions]
    if summary.commitments:
        lines.append("\n承诺事项：")
    lines += [f"  {one.who}：“{one.what}”  时限：{one.by or '未说明'}  {one.start}-{one.end}" for one in summary.commitments]
    lines += [f"\n请核对：{warning}" for warning in summary.warnings]
    return "\n".join(lines)
