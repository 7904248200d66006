from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.shared import Pt

from ingestion.errors import UnreadableFile
from ingestion.redact import Masked, pieces
from ingestion.wordmask import rewrite_word, word_text

NAMES = {"李小红": "李某", "张三": "张某", "13812345678": "［手机号1］"}


def hide(text: str) -> list[Masked]:
    return [Masked("", *found.span(), NAMES[found.group()]) for found in re.finditer("|".join(NAMES), text)]


def saved(document: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_part(data: bytes, change: dict[str, tuple[str, str]]) -> bytes:
    """The package with a text replaced in some parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode("utf-8") if name in change else old.read(name)
            new.writestr(name, part.replace(*change[name]) if isinstance(part, str) else part)
    return buffer.getvalue()


def everything(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.fixture
def letter() -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph("被害人")
    for piece in ("李", "小", "红"):
        paragraph.add_run(piece).bold = piece == "小"
    paragraph.add_run("报警，电话138").font.size = Pt(16)
    paragraph.add_run("12345678。")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "张三", "在场"
    document.sections[0].header.paragraphs[0].text = "关于李小红的报告"
    document.core_properties.author, document.core_properties.title = "张三", "李小红案"
    return saved(document)


def test_a_name_in_three_runs_becomes_one_alias_and_the_runs_keep_their_looks(letter):
    result = rewrite_word(letter, "a.docx", hide)
    paragraph = docx.Document(io.BytesIO(result.data)).paragraphs[0]
    assert paragraph.text == "被害人李某报警，电话［手机号1］。"
    sized = [run for run in paragraph.runs if run.font.size == Pt(16)]
    assert [run.text for run in sized] == ["报警，电话［手机号1］"]


def test_tables_headers_and_properties_are_masked_as_well(letter):
    shown = everything(rewrite_word(letter, "a.docx", hide).data)
    assert not any(value in shown for value in ("李小红", "张三", "12345678"))
    assert "关于李某的报告" in shown


def test_deleted_text_authors_and_alternative_texts_tell_nothing(letter):
    extra = (
        '<w:p><w:del w:id="1" w:author="张三" w:date="2026-01-01T00:00:00Z"><w:r><w:delText>王五</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="张三"><w:r><w:t>李小红</w:t></w:r></w:ins>'
        '<w:r><w:t>完</w:t></w:r></w:p><w:sdt><w:sdtPr><w:alias w:val="李小红"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>表</w:t></w:r></w:p></w:sdtContent></w:sdt><w:sectPr'
    )
    data = with_part(letter, {"word/document.xml": ("<w:sectPr", extra)})
    result = rewrite_word(data, "a.docx", hide)
    shown = everything(result.data)
    assert not any(value in shown for value in ("李小红", "张三", "王五"))
    assert "完" in shown
    assert docx.Document(io.BytesIO(result.data)).paragraphs[0].text.startswith("被害人李某")


def test_the_way_back_restores_the_text_exactly(letter):
    result = rewrite_word(letter, "a.docx", hide)
    back = [Masked("", one.start, one.end, one.original) for one in pieces(result.before, result.masked)]
    assert word_text(result.data, "a.docx") == result.after
    assert rewrite_word(result.data, "a.docx", lambda _: back, strip=False).after == result.before


def test_a_number_written_with_a_hyphen_that_does_not_break_is_taken_whole():
    document = docx.Document()
    run = document.add_paragraph().add_run("电话138")
    run._r.append(run._r.makeelement(run._r.tag.replace("}r", "}noBreakHyphen"), {}))
    run.add_text("12345678。")
    result = rewrite_word(
        saved(document), "a.docx", lambda text: [Masked("", at := text.index("138"), at + 12, "［手机号1］")]
    )
    assert docx.Document(io.BytesIO(result.data)).paragraphs[0].text == "电话［手机号1］。"


def test_what_cannot_be_masked_is_said():
    data = with_part(saved(docx.Document()), {})
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/media/image1.png", b"x")
        package.writestr("word/embeddings/a.xlsx", b"x")
    assert [note[:4] for note in rewrite_word(buffer.getvalue(), "a.docx", hide).notes] == [
        "含图片 ",
        "含嵌入的",
    ]


def test_a_damaged_file_is_named():
    with pytest.raises(UnreadableFile, match="损坏"):
        rewrite_word(b"PK\x03\x04", "a.docx", hide)
