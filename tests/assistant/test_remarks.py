"""Remarks become comments in Word: at just the words that they are about, the text left as it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from assistant.export import ExportError, write_remarks
from assistant.form import layout
from assistant.remarks import Remark, anchor


def commented(path: Path) -> list[tuple[str, str]]:
    """The words and the text of every comment, in order."""
    word = Document(str(path))
    notes = {comment.comment_id: comment.text for comment in word.comments}
    found = []
    for start in word.element.body.iter(qn("w:commentRangeStart")):
        number = int(start.get(qn("w:id")))
        words, inside = "", False
        for node in word.element.body.iter():
            if node is start:
                inside = True
            elif node.tag == qn("w:commentRangeEnd") and int(node.get(qn("w:id"))) == number:
                break
            elif inside and node.tag == qn("w:t"):
                words += node.text or ""
        found.append((words, notes[number]))
    return found


def text_of(word: Any) -> str:
    return "\n".join("".join(node.text or "" for node in paragraph.iter(qn("w:t"))) for paragraph in word.element.body.iter(qn("w:p")))


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    word = Document()
    paragraph = word.add_paragraph("依照")
    paragraph.add_run("《刑").bold = True
    paragraph.add_run("法》第一")
    paragraph.add_run("条、第二条办理。")
    word.add_table(1, 2).cell(0, 1).text = "见民法典第三条"
    word.add_paragraph("又见第一条。")
    path = tmp_path / "信.docx"
    word.save(str(path))
    return path


def test_a_comment_holds_just_the_words_of_its_remark(letter: Path, tmp_path: Path):
    remarks = [Remark("《刑法》第一条", "甲"), Remark("第二条", "乙"), Remark("民法典第三条", "丙"), Remark("第一条", "丁")]
    out = tmp_path / "出.docx"
    assert write_remarks(letter, out, layout(), remarks) == []
    assert commented(out) == [("《刑法》第一条", "甲"), ("第二条", "乙"), ("民法典第三条", "丙"), ("第一条", "丁")]


def test_the_text_and_the_looks_of_runs_stay_as_they_were(letter: Path, tmp_path: Path):
    before = text_of(Document(str(letter)))
    out = tmp_path / "出.docx"
    write_remarks(letter, out, layout(), [Remark("刑法》第", "甲")])
    after = Document(str(out))
    assert text_of(after) == before
    bold = "".join(run.text for paragraph in after.paragraphs for run in paragraph.runs if run.bold)
    assert bold == "《刑"


def test_inserted_text_is_found_and_deleted_text_is_not(tmp_path: Path):
    word = Document()
    paragraph = word.add_paragraph("依照刑法第")._p
    for kind, tag, text in (("del", "delText", "一"), ("ins", "t", "二")):
        paragraph.append(parse_xml(f'<w:{kind} {nsdecls("w")} w:id="1" w:author="a"><w:r><w:{tag}>{text}</w:{tag}></w:r></w:{kind}>'))
    paragraph.append(parse_xml(f'<w:r {nsdecls("w")}><w:t>条</w:t></w:r>'))
    word.save(str(tmp_path / "改.docx"))
    out = tmp_path / "出.docx"
    assert write_remarks(tmp_path / "改.docx", out, layout(), [Remark("刑法第二条", "甲")]) == []
    assert commented(out) == [("刑法第二条", "甲")]


def test_words_over_a_line_end_are_found_without_it(tmp_path: Path):
    out = tmp_path / "出.docx"
    assert write_remarks("依照《中华人民共和\n国刑法》第一条\n办理", out, layout(), [Remark("《中华人民共和\n国刑法》第一条", "甲")]) == []
    assert commented(out)[0][1] == "甲"
    assert text_of(Document(str(out))) == "依照《中华人民共和\n国刑法》第一条\n办理"


def test_remarks_whose_words_the_body_lacks_come_back(letter: Path, tmp_path: Path):
    lost = Remark("第九条", "甲")
    assert write_remarks(letter, tmp_path / "出.docx", layout(), [lost, Remark("第二条", "乙")]) == [lost]


def test_comments_of_others_stay(letter: Path, tmp_path: Path):
    word = Document(str(letter))
    word.add_comment(word.paragraphs[0].runs, "请核", author="王某")
    word.save(str(letter))
    out = tmp_path / "出.docx"
    write_remarks(letter, out, layout(), [Remark("第二条", "乙")])
    assert [comment.text for comment in Document(str(out)).comments] == ["请核", "乙"]


def test_a_file_that_is_no_word_file_is_refused_in_chinese(tmp_path: Path):
    (tmp_path / "坏.docx").write_bytes(b"PK no")
    with pytest.raises(ExportError, match="另存为"):
        write_remarks(tmp_path / "坏.docx", tmp_path / "出.docx", layout(), [])
    with pytest.raises(ExportError, match=r"\.docx"):
        write_remarks("文", tmp_path / "出.txt", layout(), [])


def test_every_cut_gives_back_the_whole_text():
    text = "甲乙丙丁"
    for start in range(4):
        for end in range(start + 1, 5):
            body = parse_xml(f"<w:body {nsdecls('w')}><w:p><w:r><w:t>甲乙</w:t><w:t>丙丁</w:t></w:r></w:p></w:body>")
            anchors, missing = anchor(body, [Remark(text[start:end], "")])
            assert missing == []
            assert re.sub(r"\s", "", "".join(node.text or "" for node in body.iter(qn("w:t")))) == text
            runs = list(body.iter(qn("w:r")))
            inside = runs[runs.index(anchors[0].first) : runs.index(anchors[0].last) + 1]
            assert "".join(node.text or "" for run in inside for node in run.iter(qn("w:t"))) == text[start:end]
