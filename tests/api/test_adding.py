"""What `gongzhi add`, `gongzhi list` and an upload say of copies, drafts, containers and files that fail."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder

import api.adding
import indexes.build
from api import shapes
from api.console import progress
from api.office import Office
from assistant.desk import open_desk
from assistant.settings import Settings
from indexes.build import AddReport, Failure
from indexes.catalogue import Catalogue

LINES = [f"第{number}项：经检查，湖畔旅馆{number}号房间入住登记{number * 37}人，未询问监护人。" for number in range(20)]
FINAL = "\n".join(LINES)
DRAFT = "\n".join([*LINES[:16], *(f"另查明，星海歌厅{number * 91}次接待未成年人。" for number in range(4))])


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A letter, a copy of it in another format, a draft of it and another paper."""
    folder = tmp_path / "文书"
    folder.mkdir()
    (folder / "1定稿.txt").write_text(FINAL, encoding="utf-8")
    (folder / "2定稿.md").write_text(FINAL.replace("\n", "\n\n"), encoding="utf-8")
    (folder / "3初稿.txt").write_text(DRAFT, encoding="utf-8")
    (folder / "4别的.txt").write_text("走访记录\n学校发现三名学生夜间入住湖畔旅馆。\n", encoding="utf-8")
    return folder


def test_add_tells_scripts_what_is_a_copy_and_what_is_like(gongzhi: Any, letters: Path):
    final, copy, draft, other = gongzhi("add", letters, "--json").json["added"]
    assert (final["duplicate_of"], final["duplicates"]) == ([], [copy["id"]])
    assert (copy["duplicate_of"], copy["duplicates"]) == ([final["id"]], [])
    assert {one["id"] for one in draft["similar_to"]} == {final["id"], copy["id"]}
    assert all(0.5 <= one["likeness"] < 1 for one in draft["similar_to"])
    assert (other["duplicate_of"], other["similar_to"]) == ([], [])


def test_list_tells_it_too_and_shows_all(gongzhi: Any, letters: Path):
    gongzhi("add", letters, "--case", "甲案")
    for asked in (("list", "--json"), ("list", "--case", "甲案", "--json")):
        final, copy, draft, other = gongzhi(*asked).lines
        assert copy["duplicate_of"] == [final["id"]]
        assert [one["id"] for one in final["similar_to"]] == [draft["id"]]
        assert other["similar_to"] == []


def test_people_are_told_in_words(gongzhi: Any, letters: Path):
    said = gongzhi("add", letters)
    assert "文字相同" in said.out
    assert "相近" in said.out
    assert "其中 3 份与库中其他文件相同或相近，都已保留" in said.out
    assert "文字相同" in gongzhi("list").out


def test_a_copy_is_found_by_its_words_as_the_first_one_is(gongzhi: Any, letters: Path):
    added = gongzhi("add", letters, "--json").json["added"]
    hits = gongzhi("search", "7号房间入住登记", "--by", "words", "-k", "10", "--json").json["hits"]
    assert {one["id"] for one in added[:3]} <= {one["document_id"] for one in hits}


def test_the_page_that_failed_is_told(capsys: pytest.CaptureFixture[str]):
    report = AddReport(failed=[Failure("/卷.pdf", "读取超时（120 秒没有进展）", "请拆开", page=37)])
    api.adding._show_added(report)
    assert "未能添加 /卷.pdf：第 37 页：读取超时（120 秒没有进展）。请拆开。" in capsys.readouterr().out
    assert shapes.add_report(report)["failed"][0]["page"] == 37


def test_without_a_terminal_nothing_but_the_answer_is_said(gongzhi: Any, letters: Path):
    assert "读取文件" not in gongzhi("add", letters).err
    assert "读取文件" not in gongzhi("add", letters, "--json").err


def test_at_a_terminal_a_bar_tells_how_far_it_is_and_json_is_left_in_peace(monkeypatch: pytest.MonkeyPatch):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown(quiet: bool) -> str:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stderr", terminal := Terminal())
            with progress("读取文件", 3, quiet=quiet) as advance:
                advance(3)
        return terminal.getvalue()

    assert "3/3" in shown(quiet=False)
    assert "/秒" in shown(quiet=False)
    assert shown(quiet=True) == ""


def test_an_upload_of_a_container_tells_its_members_under_its_name(tmp_path: Path):
    desk = open_desk(Settings(home=tmp_path / "home"))
    desk.embedder = CountingEmbedder()
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("定稿.txt", FINAL)
        archive.writestr("空.txt", b"")
    with Office(desk) as office:
        report = office.add_upload("卷宗.zip", saved.getvalue())
        assert sorted(one.path for one in report.added) == ["卷宗.zip", "卷宗.zip!/定稿.txt"]
        assert [one.path for one in report.failed] == ["卷宗.zip!/空.txt"]
        [container] = [one for one in report.added if one.path == "卷宗.zip"]
        assert office.kept_copy(container.id).read_bytes() == saved.getvalue()


def test_an_upload_that_bears_a_secrecy_marking_leaves_nothing(tmp_path: Path):
    desk = open_desk(Settings(home=tmp_path / "home"))
    desk.embedder = CountingEmbedder()
    with Office(desk) as office:
        report = office.add_upload("密件.txt", "机密★1年\n关于某专项工作的情况\n暗号海棠依旧。\n".encode())
        assert "机密" in report.failed[0].cause
    left = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert [path for path in left if "海棠".encode() in path.read_bytes()] == []


def test_a_run_that_is_stopped_by_hand_says_that_what_was_done_is_kept(
    gongzhi: Any, letters: Path, monkeypatch: pytest.MonkeyPatch
):
    write = indexes.build._write

    def stopped(catalogue: Catalogue, path: Path, *rest: Any) -> Any:
        if path.name.startswith("3"):
            raise KeyboardInterrupt
        return write(catalogue, path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(indexes.build, "_write", stopped)
        said = gongzhi("add", letters)
    assert (said.code, "已完成的部分已经保存" in said.err) == (130, True)
    again = gongzhi("add", letters, "--json").json
    assert (len(again["already"]), len(again["added"])) == (2, 2)


def test_long_paths_are_shown_below_the_folder_that_they_share():
    short = api.adding._shortened(["/srv/share/2026年度/未检/旅馆系列案/一.docx", "/srv/share/2026年度/未检/旅馆系列案/附件.zip!/二.docx"])
    assert short("/srv/share/2026年度/未检/旅馆系列案/附件.zip!/二.docx") == "附件.zip!/二.docx"
    assert api.adding._shortened(["卷宗/一.docx"])("卷宗/一.docx") == "卷宗/一.docx"
