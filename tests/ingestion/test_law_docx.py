"""The .docx that the national law database hands out is read like the Markdown of a law folder."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from docx import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from ingestion.lawfolder import folder_statutes
from ingestion.statutes import Statute

# the form of the database: title and history centred, the contents, then the chapters again with their articles
HISTORY = (
    "（1993年12月29日第八届全国人民代表大会常务委员会第五次会议通过　根据1999年12月25日第九届全国人民代表大会常务委员会"
    "第十三次会议《关于修改〈中华人民共和国测试公司法〉的决定》第一次修正　根据2004年8月28日第十届全国人民代表大会常务委员会"
    "第十一次会议《关于修改〈中华人民共和国测试公司法〉的决定》第二次修正　2005年10月27日第十届全国人民代表大会常务委员会第十八次"
    "会议第一次修订　根据2013年12月28日第十二届全国人民代表大会常务委员会第六次会议《关于修改〈中华人民共和国海洋环境保护法〉等七部"
    "法律的决定》第三次修正　2023年12月29日第十四届全国人民代表大会常务委员会第七次会议第二次修订）"
)
CONTENTS = ("目　　录", "第一编　总　则", "第一章　一般规定", "第二章　公司登记", "第二编　附　则")
BODY = (
    "第一编　总　则", "第一章　一般规定", "第一条　为了规范公司的组织和行为，制定本法。",
    "第二条　本法所称公司，是指依照本法设立的公司：", "（一）有限责任公司；", "（二）股份有限公司。", "公司的合法权益受法律保护。",
    "第二章　公司登记", "第三条　设立公司，应当依法申请设立登记。", "第三条之一　登记机关应当公示登记事项。",
    "第二编　附　则", "第四条　本法自2024年7月1日起施行。",
)  # fmt: skip


def write(folder: Path, name: str, history: tuple[str, ...] = (HISTORY,)) -> Path:
    word = WordFile()
    title = word.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("中华人民共和国测试公司法").font.size = Pt(22)
    for line in (*history, *CONTENTS):
        word.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for line in BODY:
        word.add_paragraph(line)
    footer = word.sections[0].footer.paragraphs[0]
    footer.text = "— 1 —"
    folder.mkdir(exist_ok=True)
    word.save(str(folder / name))
    return folder / name


def read(path: Path) -> Statute:
    (statute,) = folder_statutes(path)
    assert isinstance(statute, Statute), statute
    return statute


def test_title_history_and_articles_of_the_databases_docx(tmp_path: Path):
    statute = read(write(tmp_path, "中华人民共和国测试公司法_20231229.docx"))
    assert statute.name == "中华人民共和国测试公司法"
    assert (statute.version, statute.promulgated) == (date(2023, 12, 29), date(1993, 12, 29))
    assert (statute.in_force_from, statute.in_force_basis) == (date(2024, 7, 1), "正文载明施行日")
    assert (statute.level, statute.issuer) == ("法律", "全国人民代表大会常务委员会")
    assert [one.label for one in statute.articles] == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]
    assert statute.articles[2].headings == ("第一编 总则", "第二章 公司登记")
    words = statute.text[statute.articles[1].start : statute.articles[1].end]
    assert words.split("\n") == [
        "第二条　本法所称公司，是指依照本法设立的公司：", "（一）有限责任公司；", "（二）股份有限公司。", "公司的合法权益受法律保护。",
    ]  # fmt: skip


def test_a_history_on_several_lines_dates_the_text_as_well(tmp_path: Path):
    lines = tuple(HISTORY.replace("　", "\n").split("\n"))
    statute = read(write(tmp_path, "测试公司法.docx", lines))
    assert (statute.version, statute.promulgated) == (date(2023, 12, 29), date(1993, 12, 29))
    assert statute.articles[0].label == "第一条"


def test_the_docx_and_the_markdown_of_one_text_have_the_same_articles(tmp_path: Path):
    word = read(write(tmp_path, "中华人民共和国测试公司法_20231229.docx"))
    marks = {"编": "## ", "章": "### "}
    body = "\n\n".join(next((marks[sign] for sign in "编章" if line[:4].find(sign) == 2), "") + line for line in BODY)
    text = f"# 中华人民共和国测试公司法\n\n{HISTORY}\n\n<!-- INFO END -->\n\n{body}\n"
    (tmp_path / "md").mkdir()
    (tmp_path / "md" / "测试公司法(2023-12-29).md").write_text(text, encoding="utf-8")
    marked = read(tmp_path / "md")
    told = [
        [("".join(one.text[a.start : a.end].split()), a.label, a.headings) for a in one.articles] for one in (word, marked)
    ]
    assert told[0] == told[1]
    assert (word.version, word.in_force_from) == (marked.version, marked.in_force_from)
