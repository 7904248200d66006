"""From a path to a Document: content decides, and every refusal says why and what to do."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from ingestion.document import document_id
from ingestion.errors import MissingFile, ReadingError, SecretFile, UnknownFormat, UnreadableFile
from ingestion.read import files_under, load, read_bytes, read_document, to_document
from ingestion.sniff import old_format, sniff

OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def word(text: str = "检察建议书") -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def workbook() -> bytes:
    made = io.BytesIO()
    Workbook().save(made)
    return made.getvalue()


def pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(72, 700, "text")
    canvas.save()
    return made.getvalue()


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "内容")
    return made.getvalue()


# --- content first


@pytest.mark.parametrize(
    ("data", "form"), [(word(), "word"), (workbook(), "sheet"), (pdf(), "pdf"), ("文".encode(), "plain")]
)
def test_content_decides_where_the_suffix_lies_or_lacks(data: bytes, form: str):
    assert sniff(data, "没有后缀") == form
    if form != "plain":
        assert sniff(data, "误.txt") == form
        assert sniff(data, "备份.bak") == form


def test_the_suffix_decides_between_kinds_of_text():
    assert sniff("甲,乙".encode(), "a.csv") == "sheet"
    assert sniff("甲,乙".encode(), "a.TXT") == "plain"
    assert sniff("# 甲".encode(), "a.md") == "plain"


def test_a_word_file_named_txt_is_read_as_word():
    assert read_bytes(word("正文。"), "误.txt").text == "正文。"


# --- bad input

REFUSED = [
    (b"", "空.docx", UnreadableFile, "0 字节"),
    (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "锁.docx", UnreadableFile, "密码"),
    (OLE + b"\0" * 600 + "PowerPoint Document".encode("utf-16-le"), "旧.ppt", UnknownFormat, "演示文稿"),
    (OLE + b"\0" * 600 + "__substg1.0_".encode("utf-16-le"), "信.msg", UnknownFormat, "Outlook"),
    (OLE + b"\0" * 600, "某.bin", UnknownFormat, "旧版 Office"),
    (OLE + b"\0" * 600, "断.doc", UnreadableFile, "损坏"),
    (b"\1\2\3" * 500, "乱.doc", UnreadableFile, "不是 Word"),
    (zipped("甲.txt"), "改名.docx", UnreadableFile, "压缩包"),
    (zipped("OFD.xml"), "公文.ofd", UnreadableFile, "OFD"),
    (zipped("[Content_Types].xml", "ppt/presentation.xml"), "演示.pptx", UnknownFormat, "演示文稿"),
    (zipped(), "空.zip", UnreadableFile, "空的"),
    (b"Rar!\x1a\7\1\0" + b"0" * 50, "卷宗.rar", UnknownFormat, "压缩包"),
    (b"GIF89a" + b"0" * 50, "图.gif", UnknownFormat, "图片"),
    (b"\0\0\0\x18ftypheic" + b"0" * 50, "照片.heic", UnknownFormat, "图片"),
    (b"\0\0\0\x18ftypmp42" + b"0" * 50, "庭审.mp4", UnknownFormat, "音频或视频"),
    (b"MZ\x90\0" + b"0" * 50, "程序.exe", UnknownFormat, "程序"),
    (word()[:900], "断.docx", UnreadableFile, "不完整"),
    ("这是文字".encode(), "假.docx", UnreadableFile, "不是 Word 文档"),
    ("这是文字".encode(), "假.pdf", UnreadableFile, "不是 PDF"),
    ("文字".encode(), "程序.xyz", UnknownFormat, ".xyz"),
    (bytes(range(256)) * 8, "二进制.txt", UnreadableFile, ""),
    (" \n　\n".encode(), "白.txt", UnreadableFile, "没有文字"),
    (word(""), "空白.docx", UnreadableFile, "没有文字"),
]


@pytest.mark.parametrize(("data", "name", "kind", "cause"), REFUSED, ids=[case[1] for case in REFUSED])
def test_each_refusal_names_cause_and_advice(data: bytes, name: str, kind: type[ReadingError], cause: str):
    with pytest.raises(kind) as caught:
        read_bytes(data, name)
    assert type(caught.value) is kind
    assert cause in caught.value.cause
    assert caught.value.advice
    assert caught.value.path == name


ODT = zipped("mimetype")[:38] + b"application/vnd.oasis.opendocument.textPK"


@pytest.mark.parametrize(
    ("data", "name", "form", "old"),
    [
        (OLE + "WordDocument".encode("utf-16-le"), "旧.wps", "office", "doc"),
        (OLE + "Workbook".encode("utf-16-le"), "旧.et", "office", "xls"),
        (OLE + "WordDocumentWorkbook".encode("utf-16-le"), "带图表.doc", "office", "doc"),
        (OLE + "WordDocumentWorkbook".encode("utf-16-le"), "带附件.xls", "office", "xls"),
        (b"{\\rtf1 abc}", "信.doc", "office", "rtf"),
        (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument>', "a.doc", "office", "word-xml"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "a.xls", "office", "excel-xml"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图.txt", "image", None),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "图.docx", "image", None),
        (b"BM" + b"\1\0\0\0" + b"\0" * 50, "图.bmp", "image", None),
        (b"BM is a name", "a.txt", "plain", None),
        ("单位\t次数\n甲\t3\n".encode("gb18030"), "导出.xls", "sheet", None),
        ("只是文字，没有格式。".encode("gb18030"), "说明.doc", "plain", None),
        (b"From: a@b.cn\n\nx", "信.eml", "mail", None),
        (zipped("甲.txt"), "卷宗.zip", "archive", None),
        (zipped("甲.txt"), "卷宗", "archive", None),
    ],
)
def test_each_format_is_told_by_content_and_suffix(data: bytes, name: str, form: str, old: str | None):
    assert sniff(data, name) == form
    assert old_format(data, name) == old


def test_text_under_the_name_of_excel_is_a_table():
    assert read_bytes("单位\t次数\n甲\t3\n".encode("gb18030"), "导出.xls").text == "单位\t次数\n甲\t3"


@pytest.mark.parametrize("kind", [ReadingError, MissingFile, UnknownFormat, UnreadableFile, SecretFile])
def test_errors_cross_from_one_process_to_another(kind: type[ReadingError]):
    error = pickle.loads(pickle.dumps(kind("甲.docx", "损坏", "请重新索取")))
    assert type(error) is kind
    assert (error.path, error.cause, error.advice) == ("甲.docx", "损坏", "请重新索取")
    assert str(error) == "甲.docx：损坏。请重新索取"


def test_a_file_with_a_secrecy_marking_is_refused_by_that_name(tmp_path: Path):
    path = tmp_path / "密.txt"
    path.write_text("机密★10年\n某某市人民检察院\n关于某案的请示\n", encoding="utf-8")
    with pytest.raises(SecretFile) as caught:
        read_document(path)
    assert caught.value.path == str(path)
    assert "请示" not in str(caught.value)


def test_a_missing_path_and_a_vanished_file_say_so(tmp_path: Path):
    with pytest.raises(MissingFile) as caught:
        load(tmp_path / "无.docx")
    assert "找不到" in caught.value.cause


def test_an_empty_file_is_refused_with_its_path(tmp_path: Path):
    path = tmp_path / "空.txt"
    path.touch()
    with pytest.raises(UnreadableFile) as caught:
        load(path)
    assert caught.value.path == str(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path):
    path = tmp_path / "禁.txt"
    path.write_text("密", encoding="utf-8")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="权限"):
        load(path)


def test_a_denied_read_is_refused_also_where_the_system_lets_root_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "禁.txt"
    path.write_text("密", encoding="utf-8")

    def deny(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", deny)
    with pytest.raises(UnreadableFile, match="权限"):
        load(path)


# --- folders


def test_folders_are_walked_in_order_without_litter(tmp_path: Path):
    for name in (
        "乙/2.txt",
        "乙/1.txt",
        "甲.txt",
        ".隐/x.txt",
        ".DS_Store",
        "~$甲.docx",
        "__MACOSX/甲.txt",
        "Thumbs.db",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("文", encoding="utf-8")
    found = [path.relative_to(tmp_path).as_posix() for path in files_under(tmp_path)]
    assert found == ["乙/1.txt", "乙/2.txt", "甲.txt"]


def test_a_loop_of_links_is_walked_once(tmp_path: Path):
    inner = tmp_path / "内"
    inner.mkdir()
    (inner / "a.txt").write_text("文", encoding="utf-8")
    (inner / "环").symlink_to(tmp_path)
    assert [path.name for path in files_under(tmp_path)] == ["a.txt"]


def test_a_broken_link_is_named_rather_than_passed_over(tmp_path: Path):
    (tmp_path / "断").symlink_to(tmp_path / "无")
    (link,) = files_under(tmp_path)
    with pytest.raises(MissingFile):
        load(link)


def test_a_file_given_by_name_is_taken_even_if_hidden(tmp_path: Path):
    path = tmp_path / ".藏.txt"
    path.write_text("文", encoding="utf-8")
    assert list(files_under(path)) == [path]


# --- documents


def test_a_document_has_the_identity_of_its_bytes_and_the_text_of_its_reading(tmp_path: Path):
    path = tmp_path / "建议书.txt"
    path.write_text("某某市人民检察院\n检察建议书\n", encoding="utf-8")
    document = read_document(path)
    assert document.id == document_id(path.read_bytes())
    assert document.text == path.read_text(encoding="utf-8")
    assert document == to_document(path.read_bytes(), path.name)


def test_an_error_of_a_reader_carries_the_whole_path(tmp_path: Path):
    path = tmp_path / "坏.docx"
    path.write_bytes(word()[:500])
    with pytest.raises(UnreadableFile) as caught:
        read_document(path)
    assert caught.value.path == str(path)
