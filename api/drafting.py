"""Commands that write letters: draft suggestion."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

from api import shapes
from api.console import say, show, show_json
from assistant.act_day import act_hint
from assistant.cloak import names_in
from assistant.desk import Desk
from assistant.draft import Order, draft_suggestion, for_paper, letter_aliases
from assistant.errors import BadRequest, NotThere
from assistant.export import write_annex, write_letter
from assistant.form import layout
from assistant.model import Model
from assistant.polish import polish
from assistant.reply import Draft, LetterType
from assistant.writer import STATUS_WORDS
from indexes.words import tokens


def suggestion(
    desk: Desk,
    case: str,
    to: str,
    letter_type: LetterType,
    on: date | None,
    out: Path,
    as_json: bool,
    polished: bool = False,
    as_of: date | None = None,
) -> int:
    """Draft a letter, write it with its annex of evidence, and say what each part rests on."""
    draft = make(desk, case, to, letter_type, on, out, polished, as_of)
    if as_json:
        show_json(shapes.draft(draft, str(out)))
    else:
        report(draft, out)
    return 0


def make(
    desk: Desk,
    case: str,
    to: str,
    letter_type: LetterType,
    on: date | None,
    out: Path,
    polished: bool = False,
    as_of: date | None = None,
) -> Draft:
    """The draft, written to `out` and its annex beside it; with `polished` its sentences smoothed by the model.

    Raises NotThere for a case without documents, BadRequest for a letter to nobody, a file that is no .docx,
    and for polishing where no model is set.
    """
    if not to.strip():
        raise BadRequest("请用 --to 写明被建议单位全称。")
    if out.suffix.lower() != ".docx":
        raise BadRequest(f"{out} 不是 .docx 文件名。请用 -o 文件名.docx。")
    if polished and desk.model is None:
        raise BadRequest("没有设置语言模型，不能润色。请先设置 model_url 和 model_name，或不要求润色。")
    entries = desk.catalogue.entries(case=case)
    if not entries:
        raise NotThere(f"没有案件 {case} 的材料。用 gongzhi add 路径 --case {case} 添加。")
    documents = [one for entry in entries if (one := desk.catalogue.document(entry.id)) is not None]
    office = desk.settings.office or next((entry.office for entry in entries if entry.office), "") or ""
    order = Order(case, documents, to.strip(), letter_type, on or date.today(), office, as_of)
    names = letter_aliases(order)
    draft = draft_suggestion(order, desk.lawbook, tokens, names)
    if as_of is not None:
        draft = replace(draft, notes=(*draft.notes, f"所引法律以 {as_of} 的文本为准。"))
    elif hint := act_hint(documents, order.on):
        say(hint)
    if polished:
        named = frozenset(name for one in documents for name in names_in(one.text))
        draft = smoothed(draft, desk.model, named)
    paper = for_paper(draft, names)
    write_letter(paper, out, layout(), names)
    write_annex(paper, annex_path(out), layout(), names)
    return draft


def smoothed(draft: Draft, model: Model | None, names: Collection[str]) -> Draft:
    """The letter in the model's words where they say the same; its notes say how much was taken and refused.

    `names` are the persons of the case, whom a model elsewhere is not told.
    """
    made = polish(draft, model, tokens, names)
    said = f"语言模型润色：采用 {made.taken} 句；{made.refused} 处改写与原句意思不同，未采用。"
    return replace(made.draft, notes=(*draft.notes, said, *((made.note,) if made.note else ())))


def annex_path(letter: Path) -> Path:
    """Where the annex of evidence lies: beside the letter."""
    return letter.with_name(f"{letter.stem}-证据附表.docx")


def report(draft: Draft, out: Path) -> None:
    """What was written, and what each part rests on."""
    show(f"已写出 {out}")
    show(f"证据附表 {annex_path(out)}")
    for note in draft.notes:
        show(note)
    for section in draft.sections:
        cited = [citation for sentence in section.sentences for citation in sentence.citations]
        papers = list(dict.fromkeys(f"《{c.title}》" for c in cited if c.quote and not c.law))
        laws = list(dict.fromkeys(
            f"《{c.law}》{c.article}" + ("" if c.status == "verified" else f"（{STATUS_WORDS[c.status]}）")
            for c in cited if c.law
        ))
        show(f"\n{section.heading or '首部与结尾'}：{len(section.sentences)} 句")
        if papers:
            show(f"  事实依据：{'、'.join(papers)}")
        if laws:
            show(f"  法律依据：{'、'.join(laws)}")
        for gap in section.gaps:
            show(f"  待补充：{gap}")
