"""What a letter and its annex say of proof, and whom they must not name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from letters import FULL, LAYOUT, W, cited, form, highlighted, letter, parts, rows, texts, written
from lxml import etree

from assistant.export import ExportError, write_annex, write_letter
from assistant.reply import Section, Sentence
from indexes.hit import LawStatus


def test_gaps_and_doubtful_sentences_are_seen(tmp_path: Path) -> None:
    draft = letter(
        Section(
            "一、事实",
            (
                Sentence("有据。", (cited("有据"),)),
                Sentence("无据。", (), "unverified"),
                Sentence("法条已改。", (cited("旧文", "amended", "某法", "第一条"),)),
                Sentence("什么也不靠。"),
            ),
            ("旅馆检查记录",),
        )
    )
    word = written(draft, tmp_path)
    assert "有据。无据。【待核实】法条已改。【待核实】什么也不靠。【待核实】" in texts(word)
    assert highlighted(word) == ["【待核实】"] * 3 + ["【待补充：旅馆检查记录】"]


@pytest.mark.parametrize(
    "status",
    ["differs", "amended", "renumbered", "not_yet_in_force", "repealed", "no_such_article", "not_checked"],
)
def test_only_a_verified_citation_is_a_pass(status: LawStatus, tmp_path: Path) -> None:
    word = written(
        letter(Section("", (Sentence("句。", (cited("文", status, "某法", "第一条"),)),))), tmp_path
    )
    assert highlighted(word) == ["【待核实】"]


@pytest.mark.parametrize("field", ["office", "number", "addressee", "date"])
def test_what_the_case_does_not_say_is_a_visible_gap(field: str, tmp_path: Path) -> None:
    flags = highlighted(written(letter(**{field: ""}), tmp_path))
    assert flags
    assert all(flag.startswith("【待补充：") for flag in flags)


# Protected persons


SECRET = letter(
    Section(
        "一、林小雨案",
        (Sentence("被害人林小雨入住。", (cited("被害人林小雨（2012年生）入住"),)),),
        ("林小雨的监护人",),
    ),
    title="关于林小雨案的检察建议书",
    copies_to=("林小雨所在学校",),
    attachments=("林小雨陈述",),
)


@pytest.mark.parametrize("write", [write_letter, write_annex])
def test_a_protected_name_is_in_no_part_of_the_file(write: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    write(SECRET, path, LAYOUT, {"林小雨": "林某甲"})
    for name, content in parts(path).items():
        said = "".join(etree.fromstring(content).itertext()) + content.decode()
        assert "小雨" not in said, name
    assert "被害人林某甲入住" in "".join(etree.fromstring(parts(path)["word/document.xml"]).itertext())


@pytest.mark.parametrize("name", ["林　小雨", "林小\n雨", "林\x02小雨"])
@pytest.mark.parametrize("write", [write_letter, write_annex])
def test_a_name_with_something_inside_is_hidden_as_well(write: Any, name: str, tmp_path: Path) -> None:
    said = f"被害人{name}入住。"
    write(
        letter(Section("", (Sentence(said, (cited(said),)),))),
        tmp_path / "a.docx",
        LAYOUT,
        {"林小雨": "林某甲"},
    )
    text = "".join(etree.fromstring(parts(tmp_path / "a.docx")["word/document.xml"]).itertext())
    assert "被害人林某甲入住。" in text
    assert "雨" not in text


def test_a_protected_name_is_not_written_into_a_file_name(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="例如 林某甲案建议书") as caught:
        write_letter(SECRET, tmp_path / "林小雨案建议书.docx", LAYOUT, {"林小雨": "林某甲"})
    assert "林小雨" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


# The annex


def test_the_annex_leads_from_each_sentence_to_its_source_word_for_word(tmp_path: Path) -> None:
    law = cited("应当登记。", "repealed", "旅馆业治安管理办法", "第六条")
    draft = letter(
        Section(
            "一、事实",
            (
                Sentence('称"未登记"。', (cited('前台称"未登记"。'), law)),
                Sentence("无据。", (), "unverified"),
                form("现查明："),
            ),
            ("检查记录",),
        )
    )
    write_annex(draft, tmp_path / "a.docx", LAYOUT)
    assert rows(tmp_path / "a.docx") == [
        ["序号", "文书语句", "依据", "原文摘录", "核实情况"],
        ["一、事实"] * 5,
        [
            "1",
            "称“未登记”。",
            "悦来宾馆走访笔录\n第3页\na1b2c3d4e5f60718:10-19",
            '前台称"未登记"。',
            "已核实",
        ],
        ["1", "称“未登记”。", "《旅馆业治安管理办法》第六条\na1b2c3d4e5f60718:10-15", "应当登记。", "已废止"],
        ["2", "无据。", "无出处", "—", "待核实"],
        ["3", "现查明：", "提纲", "—", "格式语句"],
        ["", "【待补充：检查记录】", "", "", "待补充"],
    ]


def test_an_unsupported_sentence_with_citations_is_no_pass_in_the_annex(tmp_path: Path) -> None:
    draft = letter(Section("", (Sentence("说得太多。", (cited("少"),), "unverified"),)))
    write_annex(draft, tmp_path / "a.docx", LAYOUT)
    assert [row[4] for row in rows(tmp_path / "a.docx")] == ["核实情况", "已核实", "待核实"]


def test_table_cells_have_no_exact_line_pitch(tmp_path: Path) -> None:
    write_annex(FULL, tmp_path / "a.docx", LAYOUT)
    word = Document(str(tmp_path / "a.docx"))
    for cell in word.tables[0]._cells:
        for paragraph in cell.paragraphs:
            own = paragraph._p.find(f"{W}pPr/{W}spacing")
            assert own is None
            spacing = paragraph.style.element.find(f"{W}pPr/{W}spacing")
            assert spacing.get(f"{W}lineRule") == "auto"


def test_every_citation_of_a_long_letter_has_its_row(tmp_path: Path) -> None:
    many = tuple(Sentence(f"第{n}句。", (cited("甲"), cited("乙"))) for n in range(300))
    write_annex(letter(Section("", many)), tmp_path / "a.docx", LAYOUT)
    assert len(Document(str(tmp_path / "a.docx")).tables[0].rows) == 601
