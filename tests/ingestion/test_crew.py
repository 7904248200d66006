"""Workers are real processes here; what their reader does with a text is told by its first word."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingestion.crew import FEW, SMALL, Limits, in_order, read_files, workers_for
from ingestion.errors import UnreadableFile
from ingestion.prepare import Failed, Known, Outcome, Prepared, Terms

# a reader with faults, put into the workers by the door that Python holds open for such things
FAULTY = """
import os, signal, time
import ingestion.plain
from ingestion.pulse import at_page
read = ingestion.plain.read_plain

def faulty(data, name):
    text = data.decode()
    if text.startswith("页"):
        at_page(7)
    if "挂起" in text:
        time.sleep(600)
    if "崩溃" in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "出错" in text:
        raise KeyError("没料到")
    if "吃内存" in text:
        bytearray(4 << 30)
    if "套得太深" in text:
        raise RecursionError
    if "慢" in text:
        for number in range(12):
            time.sleep(0.25)
            at_page(number + 1)
    if "子进程" in text:
        import subprocess
        child = subprocess.Popen(["sleep", "600"])
        open(os.environ["CHILD"], "w").write(str(child.pid))
        time.sleep(600)
    if "临时文件" in text:
        import tempfile
        open(os.environ["CHILD"], "w").write(tempfile.mkdtemp())
        time.sleep(600)
    return read(data, name)

ingestion.plain.read_plain = faulty
"""
QUICK = Limits(seconds=2.0, memory=1 << 30)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(FAULTY, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setenv("CHILD", str(tmp_path / "child"))
    return tmp_path


def write(folder: Path, *texts: str) -> list[Path]:
    paths = [folder / f"{number}.txt" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


def read(paths: list[Path], limits: Limits = QUICK, terms: Terms | None = None, workers: int = 1) -> dict[int, Any]:
    found: dict[int, Outcome] = {}
    for number, outcome in read_files(paths, terms or Terms(), limits, workers):
        if outcome is not None:
            assert number not in found
            found[number] = outcome
    return found


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z"


def soon(true: Any) -> bool:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(true())


@pytest.mark.parametrize(
    ("text", "cause", "page"),
    [
        ("挂起", "读取超时", None),
        ("页挂起", "读取超时", 7),
        ("页崩溃", "读取程序中途退出（信号 11）", 7),
        ("出错", "KeyError: '没料到'", None),
        ("吃内存", "内存超过上限", None),
        ("套得太深", "嵌套过深", None),
    ],
)
def test_a_file_that_its_reader_chokes_on_is_named_and_the_others_are_read(
    folder: Path, text: str, cause: str, page: int | None
):
    found = read(write(folder, "第一份。", text, "第三份。"))
    assert isinstance(found[0], Prepared)
    assert isinstance(found[2], Prepared)
    assert isinstance(found[1], Failed)
    assert cause in found[1].cause
    assert found[1].advice
    assert found[1].page == page


def test_a_file_that_says_its_pages_may_take_longer_than_the_limit(folder: Path):
    began = time.monotonic()
    [outcome] = read(write(folder, "慢慢读的一份。")).values()
    assert isinstance(outcome, Prepared)
    assert time.monotonic() - began > QUICK.seconds


def test_what_a_reader_started_and_left_ends_with_it(folder: Path):
    [failed] = read(write(folder, "子进程")).values()
    assert "超时" in failed.cause
    child = int((folder / "child").read_text())
    assert soon(lambda: gone(child))


def test_what_a_reader_wrote_and_left_is_removed(folder: Path):
    read(write(folder, "临时文件"))
    assert not Path((folder / "child").read_text()).exists()


def test_known_bytes_are_not_read_again(folder: Path):
    paths = write(folder, "一份。", "另一份。")
    known = read(paths)[0].document.id
    again = read(paths, terms=Terms(frozenset({known})))
    assert again[0] == Known(known)
    assert isinstance(again[1], Prepared)


def test_a_kind_that_the_user_set_holds_in_the_workers(folder: Path):
    [outcome] = read(write(folder, "一份。"), terms=Terms(kind="hearing")).values()
    assert outcome.document.kind == "hearing"


def test_files_come_in_their_order_though_the_first_takes_longest(folder: Path):
    paths = write(folder, "慢的一份。", *(f"第{number}份。" for number in range(8)))
    numbers = [number for number, outcome in read_files(paths, Terms(), QUICK, 2) if outcome is not None]
    assert numbers == list(range(9))


def test_whoever_stops_early_does_not_wait_for_what_hangs(folder: Path):
    arrivals = read_files(write(folder, "第一份。", "子进程"), Terms(), Limits(seconds=600), 1)
    assert isinstance(next(arrivals)[1], Prepared)
    assert soon((folder / "child").exists)
    assert soon(lambda: (folder / "child").read_text())
    began = time.monotonic()
    arrivals.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5
    assert soon(lambda: gone(int((folder / "child").read_text())))


def test_a_worker_that_cannot_start_is_told_and_not_taken_for_a_bad_file(folder: Path):
    (folder / "site" / "sitecustomize.py").write_text("import os; os._exit(3)")
    with pytest.raises(UnreadableFile, match="读取进程无法启动"):
        read(write(folder, "一份。"))


def test_a_file_that_never_gives_its_bytes_is_left(folder: Path):
    os.mkfifo(folder / "管道.txt")
    found = read([folder / "管道.txt", *write(folder, "一份。")])
    assert "超时" in found[0].cause
    assert isinstance(found[1], Prepared)


# -- the order of arrivals -----------------------------------------------------------------------------

A, B = Known("a"), Known("b")


def test_arrivals_of_a_later_file_wait_for_those_of_an_earlier_one():
    came = [(1, B), (1, None), (0, A), (0, A), (0, None), (2, B), (2, None)]
    assert list(in_order(came, most=10)) == [(0, A), (0, A), (0, None), (1, B), (1, None), (2, B), (2, None)]


def test_what_comes_for_the_file_whose_turn_it_is_is_given_at_once():
    given = in_order(_then_fail([(0, A), (0, None), (1, B)]), most=10)
    assert [next(given) for _ in range(3)] == [(0, A), (0, None), (1, B)]


def test_no_more_than_so_many_are_held_back():
    came = [(number, one) for number in range(1, 9) for one in (A, None)]
    given = in_order(_then_fail(came), most=4)
    assert [next(given) for _ in range(12)] == came[:12]


def test_nothing_is_lost_and_nothing_comes_twice_when_files_are_let_through():
    came = [(3, A), (3, None), (1, A), (2, B), (1, B), (1, None), (2, None), (0, A), (0, None), (4, A), (4, None)]
    for most in range(12):
        given = list(in_order(came, most))
        assert sorted(given, key=str) == sorted(came, key=str)
        for number in range(5):
            assert [one for one in given if one[0] == number] == [one for one in came if one[0] == number]


def _then_fail(arrivals: list[Any]) -> Iterator[Any]:
    yield from arrivals
    raise AssertionError("more was asked for than was needed")


# -- what is worth a process ---------------------------------------------------------------------------


def test_a_few_small_files_are_not_worth_a_process(tmp_path: Path):
    from docx import Document

    Document().save(str(tmp_path / "小.docx"))
    assert workers_for([tmp_path / "小.docx", *write(tmp_path, "小")], Limits()) == 0
    assert workers_for([tmp_path / "不在.txt"], Limits()) == 0


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("判决.pdf", b"%PDF-1.7 "),
        ("其实是判决.txt", b"\n%PDF-1.7 "),
        ("扫描.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"),
        ("卷宗.zip", b"PK\x05\x06" + bytes(18)),
        ("邮件.eml", b"From: a\n\nb"),
        ("大.txt", b"x" * (SMALL + 1)),
    ],
)
def test_what_a_reader_may_choke_on_is_read_in_a_process(tmp_path: Path, name: str, data: bytes):
    (tmp_path / name).write_bytes(data)
    assert workers_for([tmp_path / name], Limits()) == 1


def test_an_office_file_that_unpacks_to_much_is_read_in_a_process(tmp_path: Path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "胀.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        archive.writestr("word/document.xml", " " * (9 << 20))
    assert (tmp_path / "胀.docx").stat().st_size < SMALL
    assert workers_for([tmp_path / "胀.docx"], Limits()) == 1


def test_many_files_are_read_by_as_many_workers_as_asked_for(tmp_path: Path):
    paths = write(tmp_path, *["文"] * (FEW * 4))
    assert workers_for(paths, Limits(workers=3)) == 3
    assert workers_for(paths[: FEW + 1], Limits(workers=3)) == 2
