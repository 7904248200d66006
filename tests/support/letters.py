"""Letters made for the tests of their files, and what such a file holds."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx import Document

from assistant.export import write_letter
from assistant.layout import Face, Layout
from assistant.reply import Citation, Draft, Section, Sentence
from indexes.hit import LawStatus

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, KAI, HEI, SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"

LAYOUT = Layout(
    page_width_mm=210,
    page_height_mm=297,
    top_mm=37,
    binding_mm=28,
    text_width_mm=156,
    text_height_mm=225,
    lines=22,
    characters=28,
    latin_font="Times New Roman",
    title=Face(SONG, 22),
    body=Face(BODY, 16),
    heading1=Face(HEI, 16),
    heading2=Face(KAI, 16),
    page_number=Face("宋体", 14),
    imprint=Face(BODY, 14),
    table=Face(BODY, 10.5),
    number_align="right",
    indent_characters=2,
    signature_characters=4,
    seal_lines=2,
    page_number_drop_mm=7,
    substitutes=((BODY, "仿宋"),),
)


def cited(
    quote: str, status: LawStatus = "verified", law: str | None = None, article: str | None = None
) -> Citation:
    title = law or "悦来宾馆走访笔录"
    return Citation(
        1, "a1b2c3d4e5f60718", title, 10, 10 + len(quote), quote, status, law, article, None if law else 3
    )


def form(text: str) -> Sentence:
    return Sentence(text, basis="提纲")


def letter(*sections: Section, **changes: Any) -> Draft:
    made = Draft(
        kind="检察建议书",
        letter_type="governance",
        title="检察建议书",
        office="云水县人民检察院",
        number="云检建〔2026〕5号",
        addressee="云水县公安局",
        date="2026-07-05",
        sections=sections or (Section("一、基本事实和证据", (form("本院查明。"),)),),
    )
    return replace(made, **changes)


def body(*texts: str) -> Draft:
    return letter(Section("", tuple(form(text) for text in texts)))


def written(draft: Draft, folder: Path, **aliases: str) -> Any:
    path = folder / "letter.docx"
    write_letter(draft, path, LAYOUT, aliases)
    return Document(str(path))


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def texts(word: Any) -> list[str]:
    return [paragraph.text for paragraph in word.paragraphs]


def highlighted(word: Any) -> list[str]:
    return [run.text for paragraph in word.paragraphs for run in paragraph.runs if run.font.highlight_color]


def font_of(run: Any, paragraph: Any, word: Any, attribute: str) -> str | None:
    """What Word resolves: the run, its paragraph's style and what that is based on, then docDefaults."""
    owners = [run._r.find(f"{W}rPr")]
    style = paragraph.style
    while style is not None:
        owners.append(style.element.find(f"{W}rPr"))
        style = style.base_style
    owners.append(word.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
    for owner in owners:
        fonts = None if owner is None else owner.find(f"{W}rFonts")
        if fonts is not None and fonts.get(f"{W}{attribute}"):
            return str(fonts.get(f"{W}{attribute}"))
    return None


FULL = letter(
    Section("", (form("本院在办理案件中发现你局在旅馆业管理中存在漏洞。"),)),
    Section(
        "一、基本事实和证据",
        (Sentence("经查，12家旅馆未登记。", (cited("12家旅馆未登记"),)),),
        ("旅馆检查记录",),
    ),
    Section("二、存在的问题", (form("（一）登记制度落实不到位"), form("登记流于形式。"), form("1.任务"))),
    copies_to=("云水县人民政府",),
    attachments=("案件清单", "比对表"),
)


def rows(path: Path) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in Document(str(path)).tables[0].rows]
