"""`gongzhi mask`: what is written, where the key lies, and that the way back is exact."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path
from typing import Any

import docx
import pytest

from api.masking import mask, unmask
from assistant.errors import BadRequest, NotThere
from ingestion.errors import SecretFile
from ingestion.read import to_document

TEXT = "被害人李小红（女，2012年5月3日出生）报警，电话13812345678。证人张三丰的证言。检察员：王刚\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "报告.txt"
    path.write_text(TEXT, encoding="utf-8", newline="\n")
    return path


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_text_is_masked_and_restored_to_the_byte(tmp_path, paper, capsys):
    home, out, back = tmp_path / "home", tmp_path / "公开.txt", tmp_path / "还原.txt"
    assert mask(home, paper, out, "public", None, None, True) == 0
    said = answer(capsys)
    assert said["file"] == str(out)
    assert {TEXT[one["start"] : one["end"]] for one in said["masked"]} == {
        "李小红",
        "2012年5月3日",
        "13812345678",
        "张三丰",
    }
    assert (
        out.read_text(encoding="utf-8")
        == "被害人李某（女，［出生日期1］出生）报警，电话［手机号1］。证人张某的证言。检察员：王刚\n"
    )
    assert unmask(home, out, back, None) == 0
    assert back.read_bytes() == paper.read_bytes()


def test_the_key_lies_apart_for_its_owner_only(tmp_path, paper, capsys):
    mask(tmp_path / "home", paper, tmp_path / "公开.txt", "public", "案1", None, True)
    key = Path(answer(capsys)["key"])
    assert key.parent == tmp_path / "home" / "keys"
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in key.parent.iterdir()} == {0o600}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "公开.txt", "报告.txt"]


def test_a_docx_stays_a_docx_and_is_restored(tmp_path, capsys):
    document = docx.Document()
    paragraph = document.add_paragraph("被害人李")
    paragraph.add_run("小红").bold = True
    paragraph.add_run("报警，电话13812345678。")
    document.sections[0].header.paragraphs[0].text = "李小红案"
    path, out, back = tmp_path / "a.docx", tmp_path / "b.docx", tmp_path / "c.docx"
    document.save(str(path))
    mask(tmp_path / "home", path, out, "public", None, None, True)
    said = answer(capsys)
    text = to_document(path.read_bytes(), "a.docx").text
    assert "李小红" in {text[one["start"] : one["end"]] for one in said["masked"]}
    masked = docx.Document(str(out))
    assert masked.paragraphs[0].text == "被害人李某报警，电话［手机号1］。"
    assert masked.sections[0].header.paragraphs[0].text == "李某案"
    unmask(tmp_path / "home", out, back, None)
    assert docx.Document(str(back)).paragraphs[0].text == "被害人李小红报警，电话13812345678。"


def test_documents_of_one_case_share_their_aliases(tmp_path, paper, capsys):
    other = tmp_path / "笔录.txt"
    other.write_text("证人张国强、张三丰的证言。", encoding="utf-8")
    home = tmp_path / "home"
    mask(home, paper, tmp_path / "1.txt", "public", "案1", None, True)
    mask(home, other, tmp_path / "2.txt", "public", "案1", None, True)
    assert (tmp_path / "2.txt").read_text(encoding="utf-8").endswith("、张某的证言。")


def test_tokens_of_one_office_compare(tmp_path, paper, capsys):
    other = tmp_path / "笔录.txt"
    other.write_text("联系电话：138-1234-5678。", encoding="utf-8")
    for number, path in enumerate((paper, other)):
        mask(tmp_path / "home", path, tmp_path / f"{number}.txt", "office", None, None, True)
    written = [(tmp_path / f"{number}.txt").read_text(encoding="utf-8") for number in (0, 1)]
    tokens = [text.split("［手机号#")[1][:12] for text in written]
    assert tokens[0] == tokens[1]


def test_a_text_that_was_changed_is_restored_by_aliases_and_that_is_said(tmp_path, paper, capsys):
    home, out, key = tmp_path / "home", tmp_path / "公开.txt", tmp_path / "k.json"
    mask(home, paper, out, "public", None, key, True)
    out.write_text("补充：" + out.read_text(encoding="utf-8"), encoding="utf-8")
    unmask(home, out, tmp_path / "b.txt", key)
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == "补充：" + TEXT
    assert "请核对" in capsys.readouterr().out
    with pytest.raises(NotThere, match="--key"):
        unmask(home, out, tmp_path / "c.txt", None)


def test_the_user_is_told_what_needs_eyes(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text("被害人李小红报警。采取技术侦查措施。检察员：王刚\n", encoding="utf-8")
    mask(tmp_path / "home", path, tmp_path / "李小红.txt", "public", None, None, False)
    said = capsys.readouterr().err
    assert "文件名里有应隐去的姓名" in said
    assert "技术侦查" in said
    assert "1 人的姓名保留" in said


@pytest.mark.parametrize(
    ("out", "said"), [("b.pdf", "不能写成"), ("b.docx", "只有 .docx"), ("报告.txt", "同一个文件")]
)
def test_wrong_outputs_are_refused_and_nothing_is_written(tmp_path, paper, out, said):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(BadRequest, match=said):
        mask(tmp_path / "home", paper, tmp_path / out, "public", None, None, True)
    assert sorted(tmp_path.iterdir()) == before


def test_a_secret_document_is_not_masked(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("机密★10年\n被害人李小红报警。\n", encoding="utf-8")
    with pytest.raises(SecretFile, match="第三十一条"):
        mask(tmp_path / "home", path, tmp_path / "b.txt", "public", None, None, True)
    assert not (tmp_path / "b.txt").exists()


def test_the_handler_gets_the_file_as_it_is(tmp_path, capsys):
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    document = docx.Document()
    document.add_paragraph("被害人李小红报警。")
    path = tmp_path / "a.docx"
    document.save(str(path))
    mask(tmp_path / "home", path, tmp_path / "b.docx", "handler", None, None, True)
    assert answer(capsys)["masked"] == []
    assert (tmp_path / "b.docx").read_bytes() == path.read_bytes()


def test_marked_documents_are_refused_by_add_and_leave_nothing_on_disk(gongzhi: Any, tmp_path: Path):
    folder = tmp_path / "卷宗"
    folder.mkdir()
    for number, marking in enumerate(("机密★10年", "秘密 5年", "绝　密", "机密☆长期")):
        (folder / f"{number}.txt").write_text(
            f"{marking}\n关于专项监督的通知{number}\n各部门：\n", encoding="utf-8"
        )
    reply = gongzhi("add", folder, "--json")
    assert reply.code == 1
    assert len(reply.json["failed"]) == 4
    assert reply.json["added"] == []
    assert all("第三十一条" in one["cause"] for one in reply.json["failed"])
    kept = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert kept
    assert not any(
        word.encode(code) in path.read_bytes()
        for path in kept
        for word in ("专项监督",)
        for code in ("utf-8", "utf-16-le")
    )
