"""Bad input: each file that cannot be added is named with cause and advice, the others are added, nothing is harmed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

import indexes.build
import indexes.catalogue
from indexes.catalogue import Catalogue
from indexes.keywords import Keywords
from ingestion.errors import MissingFile

ROOT = Path(__file__).parents[2]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def docx(path: Path) -> bytes:
    document = Document()
    for number in range(40):
        document.add_paragraph(f"第{number}段：湖畔旅馆未登记同住的未成年人。")
    document.save(str(path))
    return path.read_bytes()


def pdf(path: Path, password: str | None = None) -> bytes:
    canvas = Canvas(str(path), encrypt=StandardEncryption(password) if password else None)
    canvas.drawString(100, 700, "a hotel without a register")
    canvas.save()
    return path.read_bytes()


def broken(folder: Path, name: str) -> Path:
    """A file of a folder that cannot be added, by the name of its fault."""
    path = folder / name
    if name == "空.txt":
        path.touch()
    elif name == "未知.xyz":
        path.write_text("文字", encoding="utf-8")
    elif name == "编码.txt":
        path.write_bytes(bytes(range(0x80, 0x100)) * 40)
    elif name == "加密.docx":
        path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le") + bytes(500))
    elif name == "旧.doc":
        path.write_bytes(OLE + "WordDocument".encode("utf-16-le") + bytes(500))
    elif name == "加密.pdf":
        pdf(path, "secret")
    elif name == "截断.docx":
        path.write_bytes(docx(path)[:-2000])
    elif name == "截断.pdf":
        path.write_bytes(pdf(path)[:300])
    elif name == "压缩.docx":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.txt", "文字")
    elif name == "断链.txt":
        path.symlink_to(folder / "不在")
    else:
        raise ValueError(name)
    return path


FAULTS = {
    "空.txt": ("0 字节", "下载或保存"),
    "未知.xyz": (".xyz", "另存为"),
    "编码.txt": ("编码", "UTF-8"),
    "加密.docx": ("密码", "取消密码"),
    "旧.doc": ("旧版 Word", "另存为 .docx"),
    "加密.pdf": ("密码", "密码"),
    "截断.docx": ("损坏", "重新"),
    "截断.pdf": ("不完整", "重新"),
    "压缩.docx": ("压缩包", "改为 .zip"),
    "断链.txt": ("找不到", "检查路径"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_cannot_be_read_is_named_with_cause_and_advice(gongzhi: Any, papers: Path, name: str):
    bad = broken(papers, name)
    said = gongzhi("add", papers, "--json")
    assert said.code == 1
    assert len(said.json["added"]) == 3
    [failed] = said.json["failed"]
    cause, advice = FAULTS[name]
    assert failed["path"] == str(bad)
    assert cause in failed["cause"]
    assert advice in failed["advice"]
    assert len(gongzhi("list", "--json").lines) == 3


def test_good_files_are_added_and_broken_ones_are_told_to_people(gongzhi: Any, papers: Path):
    for name in ("空.txt", "加密.docx", "截断.pdf"):
        broken(papers, name)
    said = gongzhi("add", papers)
    assert said.code == 1
    assert "新增 3 份，已在库中 0 份，失败 3 份。" in said.out
    for name in ("空.txt", "加密.docx", "截断.pdf"):
        assert f"未能添加 {papers / name}：" in said.out
        assert FAULTS[name][1] in said.out


def test_a_path_that_is_not_there_costs_the_others_nothing(gongzhi: Any, papers: Path, tmp_path: Path):
    said = gongzhi("add", tmp_path / "不在", papers, "--json")
    assert (said.code, len(said.json["added"])) == (1, 3)
    assert said.json["failed"] == [
        {"path": str(tmp_path / "不在"), "cause": "找不到文件", "advice": "请检查路径；文件可能已被移动或删除"}
    ]


def test_a_path_that_is_too_long_costs_the_others_nothing(gongzhi: Any, papers: Path):
    said = gongzhi("add", "长" * 300, papers, "--json")
    assert (said.code, len(said.json["added"]), len(said.json["failed"])) == (1, 3, 1)


def test_a_file_name_that_is_no_utf8_costs_the_others_nothing(gongzhi: Any, papers: Path):
    with open(os.fsencode(papers) + b"/\xc2\xc3.txt", "wb") as file:  # GBK, as from an old archive
        file.write("湖畔旅馆。".encode())
    assert len(gongzhi("add", papers, "--json").json["added"]) >= 3


def test_a_file_that_vanishes_between_listing_and_reading_is_named(
    gongzhi: Any, papers: Path, monkeypatch: pytest.MonkeyPatch
):
    load = indexes.build.load

    def vanishing(path: Path) -> tuple[bytes, str]:
        if path.name == "歌厅.txt":
            path.unlink()
        return load(path)

    monkeypatch.setattr(indexes.build, "load", vanishing)
    said = gongzhi("add", papers, "--json")
    assert (said.code, len(said.json["added"])) == (1, 2)
    assert [(Path(one["path"]).name, one["cause"]) for one in said.json["failed"]] == [("歌厅.txt", "找不到文件")]


def test_a_folder_that_vanishes_is_named(gongzhi: Any, papers: Path, monkeypatch: pytest.MonkeyPatch):
    def gone(path: Path) -> Iterator[Path]:
        raise MissingFile(str(path), "找不到文件", "请检查路径")

    monkeypatch.setattr(indexes.build, "files_under", gone)
    assert gongzhi("add", papers, "--json").json["failed"][0]["path"] == str(papers)


# -- the home folder -----------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("list",), ("add", "x"), ("search", "x"), ("doctor",), ("ask", "x")])
def test_a_home_of_a_newer_version_is_refused_and_left_alone(
    gongzhi: Any, papers: Path, tmp_path: Path, command: tuple[str, ...]
):
    gongzhi("add", papers)
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "catalogue.sqlite")) as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.commit()
        before = store.execute("SELECT count(*) FROM documents").fetchone()
    said = gongzhi(*command, "--json")
    assert (said.code, said.out) == (3, "")
    assert "请升级 gongzhi" in said.err
    with contextlib.closing(sqlite3.connect(tmp_path / "home" / "catalogue.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM documents").fetchone() == before == (3,)


def test_a_damaged_catalogue_is_told_with_what_to_do(gongzhi: Any, tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "catalogue.sqlite").write_bytes(b"these are just some bytes, no database " * 200)
    said = gongzhi("list", "--json")
    assert (said.code, said.out) == (3, "")
    assert "已损坏" in said.err
    assert "备份" in said.err


def test_an_unknown_setting_is_named(gongzhi: Any, tmp_path: Path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('offise = "某院"\n', encoding="utf-8")
    said = gongzhi("list", "--json")
    assert (said.code, said.out) == (2, "")
    assert "offise" in said.err
    assert "office" in said.err


@pytest.mark.parametrize("home", ["file.txt", "file.txt/home"])
def test_a_home_that_is_a_file_is_refused(gongzhi: Any, tmp_path: Path, home: str):
    (tmp_path / "file.txt").write_text("x")
    said = gongzhi("list", home=tmp_path / home)
    assert said.code in (2, 3)
    assert "file.txt" in said.err
    assert (tmp_path / "file.txt").read_text() == "x"


@pytest.mark.parametrize("content", [b"", b"just bytes" * 50, b"PK\x03\x04 a torn archive"])
def test_a_file_that_holds_no_vectors_is_refused_and_the_index_is_left_alone(
    gongzhi: Any, papers: Path, tmp_path: Path, content: bytes
):
    gongzhi("add", papers)
    (tmp_path / "v.npz").write_bytes(content)
    said = gongzhi("index", "--import", tmp_path / "v.npz")
    assert said.code == 3
    assert "不是完整的向量文件" in said.err
    assert {one["state"] for one in gongzhi("list", "--json").lines} == {"searchable"}


# -- a full disk ---------------------------------------------------------------------------------------


def full_sqlite(*_: object, **__: object) -> None:
    import sqlalchemy.exc

    raise sqlalchemy.exc.OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))


def full_system(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fault", [full_sqlite, full_system])
def test_a_disk_that_is_full_is_told_and_a_later_run_goes_on(gongzhi: Any, papers: Path, fault: Any):
    gongzhi("add", papers / "旅馆.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexes.catalogue, "_add_passages", fault)
        said = gongzhi("add", papers)
    assert said.code == 3
    assert "磁盘已满" in said.err
    assert "没有受损" in said.err
    assert len(gongzhi("list", "--json").lines) == 1  # the document whose passages did not fit is not there by half
    again = gongzhi("add", papers, "--json")
    assert (again.code, len(again.json["added"]), len(again.json["already"])) == (0, 2, 1)


def test_what_was_added_is_told_though_its_words_found_no_room(gongzhi: Any, papers: Path):
    def full(*_: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Keywords, "commit", lambda self: _commit(self, full))
        said = gongzhi("add", papers, "--json")
    assert (said.code, len(said.json["added"])) == (3, 3)
    assert "磁盘已满" in said.err
    assert gongzhi("add", papers, "--json").code == 0
    assert gongzhi("search", "湖畔旅馆", "--by", "words", "--json").json["hits"]


def _commit(keywords: Keywords, fault: Any) -> None:
    from indexes.keywords import _store_error

    try:
        fault()
    except ValueError as error:
        raise _store_error(error, keywords._folder) from error


def can_mount() -> bool:
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="needs the right to mount a small disk")
@pytest.mark.parametrize("size", ["500k", "1m"])
def test_a_disk_that_really_is_full(tmp_path: Path, size: str):
    source = tmp_path / "卷宗"
    source.mkdir()
    for number in range(6):
        lines = (f"{number}{line}湖畔旅馆第{line * 7919 % 1000}间客房未登记。" for line in range(3_000))
        (source / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    add = f"{sys.executable} -m api --home {disk}/home add {source} --json"
    script = f"""
        mount -t tmpfs -o size={size} tmpfs {disk}
        {add}; echo "code $?" >&2
        mount -o remount,size=100m {disk}
        {add}; echo "code $?" >&2
        {sys.executable} -m api --home {disk}/home list --json | wc -l
    """
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", textwrap.dedent(script)],
        cwd=ROOT, text=True, encoding="utf-8", capture_output=True, check=False, timeout=120,
    )
    assert [line for line in done.stderr.splitlines() if line.startswith("code")] == ["code 3", "code 0"]
    assert "磁盘已满" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.split()[-1] == "6"


# -- several processes ---------------------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from indexes.catalogue import Catalogue
from indexes.fill import fill_words, index_lock
from indexes.keywords import Keywords
home = Path(sys.argv[1])
catalogue, keywords = Catalogue(home / "catalogue.sqlite"), Keywords(home / "words")
with index_lock(home) as ours:
    print(ours, flush=True)
    sys.stdin.readline()
    fill_words(catalogue, keywords)
    keywords.close()
catalogue.close()
"""


def test_while_another_process_holds_the_index_rows_are_kept_and_the_holder_fills_the_rest(
    gongzhi: Any, papers: Path, tmp_path: Path
):
    gongzhi("list")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "home")],
        cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder:
        assert holder.stdout.readline() == "True\n"
        said = gongzhi("add", papers, "--json")
        assert (said.code, len(said.json["added"])) == (0, 3)
        assert "另一个进程正在维护索引" in said.err
        assert {one["state"] for one in gongzhi("list", "--json").lines} == {"read"}
        assert gongzhi("index", "--json").json["embedded"] == 0
        assert gongzhi("remove", said.json["added"][0]["id"], "--json").code == 0
        holder.communicate("go\n", timeout=60)
    assert holder.returncode == 0
    assert {one["state"] for one in gongzhi("list", "--json").lines} == {"searchable"}
    assert gongzhi("search", "歌厅凌晨营业", "--by", "words", "--json").json["hits"]


def test_who_fills_looks_again_for_what_came_while_it_was_filling(
    gongzhi: Any, papers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import api.adding

    words, added = api.adding._words, []

    def meanwhile(desk: Any) -> None:
        words(desk)
        if not added:  # another process adds after our last look, and finds the lock taken
            added.append(gongzhi("add", papers / "歌厅.txt", "--json"))

    monkeypatch.setattr(api.adding, "_words", meanwhile)
    gongzhi("add", papers / "旅馆.txt")
    assert "另一个进程正在维护索引" in added[0].err
    assert {one["state"] for one in gongzhi("list", "--json").lines} == {"searchable"}


def test_three_processes_add_at_once_and_nobody_is_refused(tmp_path: Path, gongzhi: Any):
    folders = []
    for number in range(3):
        folder = tmp_path / f"卷{number}"
        folder.mkdir()
        for other in range(5):
            (folder / f"{other}.txt").write_text(f"卷{number}号文{other}：湖畔旅馆未登记。\n", encoding="utf-8")
        (folder / "同.txt").write_text("三卷都有的同一份材料。\n", encoding="utf-8")
        folders.append(folder)
    command = [sys.executable, "-m", "api", "--home", str(tmp_path / "home"), "add"]
    running = [
        subprocess.Popen([*command, str(folder), "--json"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for folder in folders
    ]
    replies = [process.communicate(timeout=120) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], replies
    assert sum(len(json.loads(out)["added"]) for out, _ in replies) == 16
    listed = gongzhi("list", "--json").lines
    assert (len(listed), {one["state"] for one in listed}) == (16, {"searchable"})


def rows_in(home: Path) -> int:
    """How many documents another process has written so far."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{home / 'catalogue.sqlite'}?mode=ro", uri=True)) as store:
            return int(store.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet
        return 0


@pytest.mark.slow
@pytest.mark.parametrize("rows", [3, 60])
def test_an_add_that_is_killed_is_finished_by_the_next(gongzhi: Any, tmp_path: Path, rows: int):
    folder, home = tmp_path / "卷宗", tmp_path / "home"
    folder.mkdir()
    for number in range(60):
        text = "\n".join(f"第{number}号文第{line}段：旅馆未登记住客信息。" for line in range(60))
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "--home", str(home), "add", str(folder)],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )
    while rows_in(home) < rows and process.poll() is None:  # in the middle of reading, and while words are filled
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    said = gongzhi("add", folder, "--json")
    assert (said.code, len(said.json["added"]) + len(said.json["already"])) == (0, 60)
    assert len(said.json["already"]) >= rows
    catalogue, keywords = Catalogue(home / "catalogue.sqlite"), Keywords(home / "words")
    state = catalogue.progress()
    catalogue.close()
    assert len(gongzhi("list", "--json").lines) == 60
    assert keywords.count() == len(keywords.ids()) == state.with_words == state.texts
