"""The letter on paper: what a prosecutor would have to mend by hand, and what must never leave the office."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm
from letters import (
    BODY,
    FULL,
    HEI,
    KAI,
    LAYOUT,
    SONG,
    W,
    body,
    cited,
    font_of,
    form,
    letter,
    parts,
    rows,
    texts,
    written,
)
from lxml import etree

from assistant.export import ExportError, write_annex, write_letter
from assistant.reply import Section, Sentence
from assistant.typeset import curl_quotes, paragraphs, runs
from eval.bench.letter_layout import measure, read_lines
from ingestion.word import read_word

# X01: fonts


def test_every_run_resolves_to_the_chinese_font_of_its_level(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    wanted = {"Title": SONG, "heading 1": HEI, "heading 2": KAI}
    for paragraph in word.paragraphs:
        name = paragraph.style.element.find(f"{W}name").get(f"{W}val")
        for run in paragraph.runs:
            assert font_of(run, paragraph, word, "eastAsia") == wanted.get(name, BODY), paragraph.text
            assert font_of(run, paragraph, word, "ascii") == "Times New Roman"
            assert font_of(run, paragraph, word, "hAnsi") == "Times New Roman"
    assert {p.style.name for p in word.paragraphs} >= {
        "Title",
        "Heading 1",
        "Heading 2",
        "Heading 3",
        "Body Text",
    }


def test_no_part_of_the_files_names_a_theme_font(tmp_path: Path) -> None:
    write_letter(FULL, tmp_path / "letter.docx", LAYOUT)
    write_annex(FULL, tmp_path / "annex.docx", LAYOUT)
    for path in tmp_path.iterdir():
        for name, content in parts(path).items():
            assert b"Theme" not in content, name
            assert "theme" not in name
            assert b"Calibri" not in content
            assert b"MS Mincho" not in content


def test_sizes_are_those_of_the_standard(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    sizes = {style.name: style.font.size.pt for style in word.styles if style.type == 1 and style.font.size}
    assert sizes["Title"] == 22
    assert {sizes[name] for name in ("Body Text", "Heading 1", "Heading 2", "Heading 3", "Date")} == {16}
    assert {sizes["抄送"], sizes["Footer"]} == {14}


def test_a_font_that_may_be_missing_names_its_substitute(tmp_path: Path) -> None:
    written(FULL, tmp_path)
    table = etree.fromstring(parts(tmp_path / "letter.docx")["word/fontTable.xml"])
    instead = {font.get(f"{W}name"): font.find(f"{W}altName") for font in table}
    assert instead[BODY].get(f"{W}val") == "仿宋"
    assert instead[HEI] is None


# X05: the page


def test_the_type_area_is_156_by_225_millimetres_at_37_and_28(tmp_path: Path) -> None:
    section = written(FULL, tmp_path).sections[0]
    near = pytest.approx
    assert section.top_margin == near(Mm(37), abs=Mm(0.05))
    assert section.left_margin == near(Mm(28), abs=Mm(0.05))
    assert section.page_width - section.left_margin - section.right_margin == near(Mm(156), abs=Mm(0.05))
    assert section.page_height - section.top_margin - section.bottom_margin == near(Mm(225), abs=Mm(0.05))


def test_22_lines_of_28_characters_fill_the_page_and_no_more(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    section, style = word.sections[0], word.styles["Body Text"]
    line = style.paragraph_format.line_spacing.pt
    height = (section.page_height - section.top_margin - section.bottom_margin) / 12700
    assert 22 * line <= height < 22.1 * line
    spacing = int(style.element.find(f"{W}rPr/{W}spacing").get(f"{W}val")) / 20
    width = (section.page_width - section.left_margin - section.right_margin) / 12700
    assert 28 * (16 + spacing) <= width < 28.2 * (16 + spacing)
    assert section._sectPr.find(f"{W}docGrid").get(f"{W}linePitch") == str(round(line * 20))


def test_page_numbers_stand_at_the_outer_edge(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    odd, even = word.sections[0].footer.paragraphs[0], word.sections[0].even_page_footer.paragraphs[0]
    assert word.settings.odd_and_even_pages_header_footer
    for footer, side in ((odd, "right"), (even, "left")):
        assert footer._p.find(f"{W}pPr/{W}jc").get(f"{W}val") == side
        assert footer._p.find(f"{W}fldSimple").get(f"{W}instr") == "PAGE"
        assert "".join(text.text for text in footer._p.iter(f"{W}t")) == "— 1 —"


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("一、总体要求", "Heading 1"),
        ("（一）目标", "Heading 2"),
        ("1.任务", "Heading 3"),
        ("（1）分工", "Heading 4"),
        ("3.5米以下的围栏应当更换", "Body Text"),
        ("2024年工作情况", "Body Text"),
        ("（一）建议你局开展整治。", "Body Text"),
    ],
)
def test_a_number_makes_a_heading_only_where_it_is_one(line: str, style: str, tmp_path: Path) -> None:
    paragraph = written(body(line), tmp_path).paragraphs[4]
    assert (paragraph.text, paragraph.style.name) == (line, style)


def test_sentences_run_on_in_one_paragraph_and_items_begin_new_ones() -> None:
    made = paragraphs(
        body("甲。", "乙。", "（一）丙。", "丁。", "1.2024年检查。", "3.5米。", "一、二审均认定。").sections[
            0
        ]
    )
    assert ["".join(piece.text for piece in each.pieces) for each in made] == [
        "甲。乙。",
        "（一）丙。丁。",
        "1.2024年检查。3.5米。一、二审均认定。",
    ]


def test_document_numbers_keep_their_brackets_in_the_text(tmp_path: Path) -> None:
    assert "依据国发〔2024〕5号文件。" in texts(written(body("依据国发〔2024〕5号文件。"), tmp_path))


# The head and the tail


def test_the_head_is_title_in_two_lines_number_and_addressee(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    assert texts(word)[:4] == ["云水县人民检察院", "检察建议书", "云检建〔2026〕5号", "云水县公安局："]
    assert word.paragraphs[2].style.element.find(f"{W}pPr/{W}jc").get(f"{W}val") == "right"
    assert word.paragraphs[3].style.paragraph_format.first_line_indent is None
    assert word.styles["Body Text"].paragraph_format.first_line_indent.pt == pytest.approx(2 * 15.79, abs=0.1)


def test_an_office_inside_the_title_is_not_said_twice(tmp_path: Path) -> None:
    word = written(letter(title="云水县人民检察院\n检察建议书"), tmp_path)
    assert texts(word)[:2] == ["云水县人民检察院", "检察建议书"]


@pytest.mark.parametrize(
    "number", ["云检建[2026]5号", "云检建［2026］5号", "云检建【2026】5号", "云检建（2026）5号"]
)
def test_other_brackets_around_the_year_become_the_right_ones(number: str, tmp_path: Path) -> None:
    assert texts(written(letter(number=number), tmp_path))[2] == "云检建〔2026〕5号"


@pytest.mark.parametrize("addressee", ["云水县公安局:", "云水县公安局："])
def test_the_addressee_has_one_full_width_colon(addressee: str, tmp_path: Path) -> None:
    assert texts(written(letter(addressee=addressee), tmp_path))[3] == "云水县公安局："


@pytest.mark.parametrize(
    "office", ["云水县检察院", "云水县人民检察院", "浙江省杭州市西湖风景名胜区人民检察院"]
)
def test_office_and_date_share_one_centre_on_the_right(office: str, tmp_path: Path) -> None:
    word = written(letter(office=office), tmp_path)
    signed, day = word.paragraphs[-2], word.paragraphs[-1]
    assert (signed.text, day.text) == (office, "2026年7月5日")
    one = LAYOUT.character_pt
    right = [each.paragraph_format.right_indent.pt / one for each in (signed, day)]
    assert right[0] + len(office) / 2 == pytest.approx(right[1] + 6 / 2, abs=0.05)  # 2026年7月5日: six wide
    assert right[1] == pytest.approx(4, abs=0.01) or right[0] == pytest.approx(0, abs=0.01)


def test_attachments_come_before_the_signature_and_copies_after_the_date(tmp_path: Path) -> None:
    assert texts(written(FULL, tmp_path))[-5:] == [
        "附件：1. 案件清单",
        "2. 比对表",
        "云水县人民检察院",
        "2026年7月5日",
        "抄送：云水县人民政府。",
    ]


# X02: quote marks


@pytest.mark.parametrize(
    ("straight", "right"),
    [
        (
            '他说："按《办法》执行"——同意……（"甲"与\'乙\'）。',
            "他说：“按《办法》执行”——同意……（“甲”与‘乙’）。",
        ),
        ("称\"他说'可以'就行\"。", "称“他说‘可以’就行”。"),
        ('《关于"放管服"的通知》', '《关于"放管服"的通知》'),
        ('英文为"ABC"。', "英文为“ABC”。"),
        ('He said "yes" and didn\'t go.', 'He said "yes" and didn\'t go.'),
        ('代码`print("甲")`不动', '代码`print("甲")`不动'),
        ('字段{"name": "甲"}不动', '字段{"name": "甲"}不动'),
        ('甲说"好', '甲说"好'),
        ('15"屏幕上写着"好"字', '15"屏幕上写着“好”字'),
        ("无引号", "无引号"),
    ],
)
def test_straight_quotes_are_paired_in_chinese_text_only(straight: str, right: str) -> None:
    assert curl_quotes(straight) == right


def test_a_quotation_over_two_sentences_is_paired(tmp_path: Path) -> None:
    assert "他说：“先登记。再入住。”" in texts(written(body('他说："先登记。', '再入住。"'), tmp_path))


def test_marks_of_both_scripts_are_told_to_be_chinese(tmp_path: Path) -> None:
    word = written(body('他说："按《办法》执行"——同意……（"甲"与\'乙\'）。'), tmp_path)
    paragraph = word.paragraphs[4]
    assert paragraph.text == "他说：“按《办法》执行”——同意……（“甲”与‘乙’）。"
    for run in paragraph.runs:
        if set(run.text) & set("“”‘’—…"):
            assert run._r.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_quotes_of_english_text_stay_in_the_latin_font() -> None:
    assert runs("称He said “yes” to us。") == (("称He said ", True), ("“yes” to us。", False))
    assert all(chinese for _, chinese in runs("第1—3条“甲”……"))


# The file


def test_the_same_draft_gives_the_same_bytes_with_its_own_date_and_no_author(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        write_letter(FULL, tmp_path / name, LAYOUT)
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    properties = Document(str(tmp_path / "a.docx")).core_properties
    assert properties.created is not None
    assert properties.created.date() == date(2026, 7, 5)
    assert (properties.title, properties.author, properties.comments) == (
        "云水县人民检察院检察建议书",
        "",
        "",
    )


def test_a_letter_without_a_date_claims_no_time_of_making(tmp_path: Path) -> None:
    assert written(letter(date=""), tmp_path).core_properties.created is None


def test_control_characters_of_a_pdf_do_not_break_the_file(tmp_path: Path) -> None:
    draft = letter(Section("", (Sentence("查\x02明\x0c。", (cited("查\x00明\ud800"),)),)))
    assert "查明。" in texts(written(draft, tmp_path))
    write_annex(draft, tmp_path / "a.docx", LAYOUT)
    assert rows(tmp_path / "a.docx")[1][3] == "查明"


def test_our_own_reader_loses_nothing_of_the_letter(tmp_path: Path) -> None:
    word = written(FULL, tmp_path)
    read = read_word((tmp_path / "letter.docx").read_bytes(), "letter.docx")
    for text in texts(word):
        assert text in read.text
    levels = {read.text[block.start : block.end]: block.level for block in read.blocks}
    assert levels["一、基本事实和证据"] == 1
    assert levels["（一）登记制度落实不到位"] == 2
    assert levels["本院在办理案件中发现你局在旅馆业管理中存在漏洞。"] == 0


# Bad places


@pytest.mark.parametrize(
    ("place", "cause"),
    [
        ("missing/a.docx", "文件夹不存在"),
        ("file/a.docx", "不是文件夹"),
        ("folder.docx", "同名文件夹"),
        ("a.doc", ".docx"),
    ],
)
def test_a_bad_place_is_named_in_chinese(place: str, cause: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.docx").mkdir()
    with pytest.raises(ExportError, match=cause):
        write_letter(FULL, tmp_path / place, LAYOUT)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder.docx"]


def test_a_folder_without_permission_is_named_in_chinese(tmp_path: Path) -> None:
    os = pytest.importorskip("os")
    if not hasattr(os, "geteuid"):
        pytest.skip("needs Unix permissions")
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may write anywhere
    try:
        with pytest.raises(ExportError, match="没有写入权限"):
            write_letter(FULL, locked / "a.docx", LAYOUT)
    finally:
        os.seteuid(user)


def test_a_full_disk_leaves_the_old_letter_as_it_was(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.docx"
    path.write_bytes(b"the old letter")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(ExportError, match="磁盘空间不足"):
            write_letter(FULL, path, LAYOUT)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"the old letter"
    assert [each.name for each in tmp_path.iterdir()] == ["a.docx"]


def test_a_layout_whose_type_area_leaves_the_paper_is_refused() -> None:
    with pytest.raises(ValueError, match="版心超出纸面"):
        replace(LAYOUT, text_width_mm=190)


# On paper


def office_program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout)


@pytest.mark.slow
@pytest.mark.skipif(
    not office_program() or not has_chinese_font(), reason="LibreOffice or a Chinese font is missing"
)
def test_the_page_measures_what_the_standard_says(tmp_path: Path) -> None:
    long = "办案发现辖区部分旅馆未按规定登记未成年人入住信息且未履行强制报告义务致使侵害行为未能及时发现"
    draft = replace(
        FULL, sections=(*FULL.sections[:2], Section("二、问题", tuple(form(long + "。") for _ in range(25))))
    )
    path = tmp_path / "letter.docx"
    write_letter(draft, path, LAYOUT)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    program = office_program()
    assert program
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    size, lines = read_lines(tmp_path / "letter.pdf")
    assert max(line.page for line in lines) == 3
    said = "".join(line.text for line in lines)
    for text in (
        "云检建〔2026〕5号",
        "云水县公安局：",
        "【待补充：旅馆检查记录】",
        "2026年7月5日",
        "抄送：云水县人民政府。",
    ):
        assert text in said.replace(" ", "")
    assert [f"{m.name} {m.wanted} {m.found:.2f}" for m in measure(size, lines) if not m.holds] == []
