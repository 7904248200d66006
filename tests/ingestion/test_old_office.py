"""Old office files are converted by LibreOffice out of harm's way; without it the user is told what to do."""

from __future__ import annotations

import io
import subprocess
import tempfile
import time
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from ingestion import office
from ingestion.errors import UnknownFormat, UnreadableFile
from ingestion.office import find_soffice, read_office
from ingestion.read import read_bytes

RTF = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}\f0 \'bc\'ec\'b2\'ec\'bd\'a8\'d2\'e9\'ca\'e9\par \u27491?\u25991?\u12290?\par {\v \'b0\'b5}}"

needs_soffice = pytest.mark.skipif(find_soffice() is None, reason="LibreOffice is not installed")


def converted(data: bytes, suffix: str, to: str) -> bytes:
    """What LibreOffice makes of a file, in a profile of its own; skips where it lacks the component."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"in.{suffix}"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [str(find_soffice()), profile, "--headless", "--convert-to", to, "--outdir", folder, str(source)]
        subprocess.run(command, capture_output=True, check=False, timeout=120)
        made = Path(folder) / f"in.{to.partition(':')[0]}"
        if not made.is_file():
            pytest.skip(f"this LibreOffice makes no {to}")
        return made.read_bytes()


def word() -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_heading("检察建议书", 1)
    document.add_paragraph("本院在办理案件中发现。")
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("单位", "次数", "甲宾馆", "3"), strict=True):
        cell.text = text
    document.add_paragraph("某某市人民检察院")
    document.save(made)
    return made.getvalue()


@pytest.mark.slow
@needs_soffice
def test_a_doc_is_read_under_either_name():
    data = converted(word(), "docx", "doc:MS Word 97")
    reading = read_bytes(data, "建议书.wps")
    assert reading.text == "检察建议书\n本院在办理案件中发现。\n单位\t次数\n甲宾馆\t3\n某某市人民检察院"
    assert reading.blocks[0].level == 1
    assert any("LibreOffice" in note for note in reading.notes)


@pytest.mark.slow
@needs_soffice
def test_an_xls_is_read_as_a_table():
    made = io.BytesIO()
    book = Workbook()
    book.active.append(["单位", "次数"])
    book.active.append(["甲宾馆", 3])
    book.save(made)
    data = converted(made.getvalue(), "xlsx", "xls:MS Excel 97")
    assert read_bytes(data, "台账.et").text.endswith("单位\t次数\n甲宾馆\t3")


@pytest.mark.slow
@needs_soffice
def test_an_rtf_is_read_and_its_hidden_text_stands_apart():
    """R10."""
    reading = read_bytes(RTF, "信.doc")
    assert reading.text == "检察建议书\n正文。"
    assert [hidden.text for hidden in reading.hidden] == ["暗"]


@pytest.mark.slow
@needs_soffice
def test_a_damaged_file_is_refused_by_name_and_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "WordDocument".encode("utf-16-le")
    with pytest.raises(UnreadableFile, match="转换不成") as caught:
        read_bytes(data, "坏.doc")
    assert ".docx" in caught.value.advice
    assert list(tmp_path.iterdir()) == []


def test_without_libreoffice_the_user_is_told_what_to_install_or_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(office, "find_soffice", lambda: None)
    for old, way in (("doc", ".docx"), ("xls", ".xlsx")):
        with pytest.raises(UnknownFormat, match="LibreOffice") as caught:
            read_office(b"x", "旧文件", old)
        assert "apt install" in caught.value.advice
        assert way in caught.value.advice


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="the stand-in is a shell script")
def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    sign = tmp_path / "still-alive"
    stand_in = tmp_path / "soffice"
    stand_in.write_text(f"#!/bin/sh\n(sleep 3; touch '{sign}') &\nsleep 30\n", encoding="utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setattr(office, "find_soffice", lambda: str(stand_in))
    began = time.monotonic()
    with pytest.raises(UnreadableFile, match="已停止"):
        read_office(RTF, "慢.rtf", "rtf", timeout=1.0)
    assert time.monotonic() - began < 10
    time.sleep(3)
    assert not sign.exists()
