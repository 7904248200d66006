from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docx import Document

import ingestion.crew
import ingestion.document
from indexes.build import AddReport, Filing, add_files, add_found
from indexes.catalogue import Catalogue
from ingestion.crew import FEW, Limits
from ingestion.document import Block, document_id

ROOT = Path(__file__).parents[2]
WORDS = "旅馆 登记 未成年人 监护人 询问 公安 报告 处罚 整改 检查 台账 责任 制度 培训 街道 走访 学校 家长 夜间 入住".split()
SECRET = "机密★1年\n关于某专项工作的情况\n暗号海棠依旧。\n"


def letter(seed: int, sentences: int = 30) -> list[str]:
    rng = random.Random(seed)
    return ["".join(rng.choices(WORDS, k=9)) + f"{rng.randrange(10_000)}。" for _ in range(sentences)]


def write(folder: Path, count: int) -> list[Path]:
    """Files with a text each; every second one in Word."""
    folder.mkdir(exist_ok=True)
    paths = []
    for number in range(count):
        path = folder / f"{number:03}{'.docx' if number % 2 else '.txt'}"
        path.write_bytes(docx(letter(number)) if number % 2 else "\n".join(letter(number)).encode())
        paths.append(path)
    return paths


def docx(paragraphs: list[str]) -> bytes:
    document = Document()
    for one in paragraphs:
        document.add_paragraph(one)
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def packed(**members: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return saved.getvalue()


def on_disk(folder: Path, words: str) -> list[str]:
    """The files under a folder that hold these words, in UTF-8."""
    found = [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
    return [path.name for path in found]


def names(report: AddReport) -> list[str]:
    return [Path(one.path).name for one in report.added]


# -- many files ----------------------------------------------------------------------------------------


def test_of_many_files_the_broken_ones_are_named_and_the_others_added_in_their_order(
    catalogue: Catalogue, tmp_path: Path
):
    folder = tmp_path / "卷宗"
    good = write(folder, FEW + 8)
    good[3].write_bytes(good[3].read_bytes()[:2_000])
    good[4].write_bytes(b"")
    good[6].write_bytes(b"%PDF-1.7 and then nothing")
    heard: list[str] = []
    report = add_files(catalogue, [folder], case="甲案", progress=heard.append)
    broken = [str(good[number]) for number in (3, 4, 6)]
    assert [one.path for one in report.failed] == broken
    assert all(one.cause and one.advice for one in report.failed)
    assert [one.path for one in report.added] == [str(path) for path in good if str(path) not in broken]
    assert heard == [str(path) for path in good]
    entries = catalogue.entries(case="甲案")
    assert [one.path for one in entries] == [one.path for one in report.added]


def test_the_same_folder_again_is_known_and_nothing_is_there_twice(catalogue: Catalogue, tmp_path: Path):
    write(tmp_path / "卷宗", FEW + 2)
    first = add_files(catalogue, [tmp_path / "卷宗"])
    again = add_files(catalogue, [tmp_path / "卷宗"])
    assert again.added == again.failed == []
    assert again.already == [(one.id, one.path) for one in first.added]
    assert len(catalogue.entries()) == FEW + 2


def test_the_same_bytes_twice_in_one_run_are_one_document(catalogue: Catalogue, tmp_path: Path):
    paths = write(tmp_path / "卷宗", FEW + 2)
    (tmp_path / "卷宗" / "抄件.txt").write_bytes(paths[0].read_bytes())
    report = add_files(catalogue, [tmp_path / "卷宗"])
    assert len(report.added) == FEW + 2
    assert report.already == [(document_id(paths[0].read_bytes()), str(tmp_path / "卷宗" / "抄件.txt"))]


def test_a_file_that_hangs_is_named_and_costs_the_others_nothing(catalogue: Catalogue, tmp_path: Path):
    paths = write(tmp_path / "卷宗", FEW)
    os.mkfifo(tmp_path / "管道.txt")
    report = add_found(catalogue, [tmp_path / "管道.txt", *paths], Filing(), limits=Limits(seconds=2.0))
    [failed] = report.failed
    assert (failed.path, "超时" in failed.cause) == (str(tmp_path / "管道.txt"), True)
    assert len(report.added) == FEW


def test_a_few_small_files_start_no_process(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def never(*_: object, **__: object) -> Any:
        raise AssertionError("a process was started")

    monkeypatch.setattr(ingestion.crew.subprocess, "Popen", never)
    assert len(add_files(catalogue, write(tmp_path / "卷宗", 2)).added) == 2


ADD = """
import sys
from pathlib import Path
from indexes.build import add_files
from indexes.catalogue import Catalogue
add_files(Catalogue(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


def test_a_run_that_is_killed_in_the_middle_is_finished_by_the_next(tmp_path: Path):
    store, folder = tmp_path / "catalogue.sqlite", tmp_path / "卷宗"
    paths = write(folder, 120)
    process = subprocess.Popen([sys.executable, "-c", ADD, str(store), str(folder)], cwd=ROOT)
    with closing(Catalogue(store)) as catalogue:
        end = time.monotonic() + 60
        while not catalogue.known() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        before = catalogue.known()
        assert 0 < len(before) < len(paths)
        report = add_files(catalogue, [folder])
        assert {one for one, _ in report.already} == before
        assert len(report.added) == len(paths) - len(before)
        assert catalogue.known() == {document_id(path.read_bytes()) for path in paths}
        assert [one.links for one in catalogue.entries()] == [()] * len(paths)


def test_all_that_a_reader_found_of_a_block_is_kept(catalogue: Catalogue):
    blocks = (
        Block(0, 2, 1, 3, (1.0, 2.0, 3.5, 4.0)),
        Block(2, 4, header=True),
        Block(4, 6, time=(0.5, 2.0)),
        Block(6, 8, page=1, confidence=0.0),
    )
    document = ingestion.document.Document("a" * 16, "case", "", "", "一二三四五六七八", blocks)
    catalogue.add(document, (), path="/a")
    assert catalogue.document("a" * 16) == document


# -- what is alike -------------------------------------------------------------------------------------


def test_copies_in_other_formats_and_drafts_are_told_and_none_is_hidden(catalogue: Catalogue, tmp_path: Path):
    (tmp_path / "1定稿.docx").write_bytes(docx(letter(1)))
    (tmp_path / "2定稿.txt").write_text("\n".join(letter(1)), encoding="utf-8")
    (tmp_path / "3初稿.md").write_text("\n".join([*letter(1)[:26], *letter(2)[26:]]), encoding="utf-8")
    (tmp_path / "4别的.txt").write_text("\n".join(letter(3)), encoding="utf-8")
    report = add_files(catalogue, sorted(tmp_path.glob("[1-4]*")))
    word, text, draft, other = report.added
    assert [(one.document_id, one.how, one.earlier) for one in text.links] == [
        (word.id, "text", True),
        (draft.id, "near", False),
    ]
    assert {(one.document_id, one.how) for one in draft.links} == {(word.id, "near"), (text.id, "near")}
    assert other.links == ()
    assert len(catalogue.entries()) == 4


# -- containers ----------------------------------------------------------------------------------------


def test_members_of_a_container_are_documents_of_their_own_under_its_name(catalogue: Catalogue, tmp_path: Path):
    path = tmp_path / "卷宗.zip"
    path.write_bytes(packed(甲_txt="\n".join(letter(1)).encode(), 乙_docx=docx(letter(2)), 坏_docx=b"PK\x03\x04 torn"))
    report = add_files(catalogue, [path], case="甲案")
    assert sorted(names(report)) == sorted(["卷宗.zip", "甲.txt", "乙.docx"])
    assert {one.path for one in report.added} == {f"{path}", f"{path}!/甲.txt", f"{path}!/乙.docx"}
    assert [one.path for one in report.failed] == [f"{path}!/坏.docx"]
    whole = catalogue.text_of(document_id(path.read_bytes())) or ""
    assert letter(1)[5] in whole
    assert letter(2)[5] in whole
    assert [one.links for one in report.added] == [()] * 3
    again = add_files(catalogue, [path])
    assert (len(again.added), len(again.already), len(again.failed)) == (0, 3, 1)


# -- secrecy -------------------------------------------------------------------------------------------


def test_a_file_that_bears_a_secrecy_marking_is_refused_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "卷宗").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "卷宗" / "密件.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "卷宗" / "明件.txt").write_text("\n".join(letter(1)), encoding="utf-8")
    with closing(Catalogue(tmp_path / "home" / "catalogue.sqlite")) as catalogue:
        report = add_files(catalogue, [tmp_path / "卷宗"])
    assert names(report) == ["明件.txt"]
    [failed] = report.failed
    assert (Path(failed.path).name, "机密" in failed.cause) == ("密件.txt", True)
    assert on_disk(tmp_path / "home", letter(1)[3])
    assert on_disk(tmp_path / "home", "海棠") == []


def test_a_container_with_a_marked_member_is_refused_whole_and_leaves_nothing(tmp_path: Path):
    (tmp_path / "home").mkdir()
    path = tmp_path / "卷宗.zip"
    path.write_bytes(packed(明件_txt="\n".join(letter(1)).encode(), 密件_txt=SECRET.encode()))
    with closing(Catalogue(tmp_path / "home" / "catalogue.sqlite")) as catalogue:
        report = add_files(catalogue, [path])
    assert report.added == []
    assert [one.path for one in report.failed] == [f"{path}!/密件.txt", str(path)]
    assert "其中的 密件.txt" in report.failed[1].cause
    assert on_disk(tmp_path / "home", "海棠") == []
    assert on_disk(tmp_path / "home", letter(1)[3]) == []
