from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder
from offices import HOTEL, KTV, desk_at, done, until

import api.filling
import api.uploads
import indexes.fill
from api.office import Office
from indexes.embed import EmbedderError
from indexes.errors import DiskFull

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.filling, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(api.filling, "RETRY_SECONDS", 0.05)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def office(home: Path) -> Iterator[Office]:
    with Office(desk_at(home)) as opened:
        yield opened


HOLDER = """
import sys
from pathlib import Path
from indexes.fill import index_lock
with index_lock(Path(sys.argv[1])) as ours:
    print(ours, flush=True)
    sys.stdin.readline()
"""


def test_while_another_process_keeps_the_index_filling_waits_and_then_goes_on(home: Path):
    desk = desk_at(home)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with holder, Office(desk) as office:
        office.add_upload("旅馆.txt", HOTEL)
        time.sleep(0.2)
        assert office.progress().state == "waiting"
        assert [entry.state for entry in office.documents()] == ["read"]
        holder.communicate("go\n", timeout=60)
        until(lambda: done(office))
        assert [entry.state for entry in office.documents()] == ["complete"]


def test_what_another_process_adds_meanwhile_is_filled_too(office: Office, home: Path, tmp_path: Path):
    until(lambda: done(office))
    path = tmp_path / "旅馆.txt"
    path.write_bytes(HOTEL)
    command = [sys.executable, "-m", "api", "--home", str(home), "add", str(path)]
    said = subprocess.run(command, cwd=ROOT, text=True, encoding="utf-8", capture_output=True, check=True, timeout=60)
    assert "另一个进程正在维护索引" in said.stderr
    until(lambda: [entry.state for entry in office.documents()] == ["complete"])


class Broken(CountingEmbedder):
    """Fails until it is mended."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def embed_passages(self, texts: Any) -> Any:
        if self.error is not None:
            raise self.error
        return super().embed_passages(texts)


@pytest.mark.parametrize("error", [EmbedderError("模型坏了"), DiskFull("磁盘已满"), OSError("读写失败")])
def test_a_trouble_is_shown_and_once_it_is_mended_filling_goes_on(home: Path, error: Exception):
    embedder = Broken(error)
    with Office(desk_at(home, embedder)) as office:
        office.add_upload("旅馆.txt", HOTEL)
        until(lambda: office.progress().state == "trouble")
        assert office.progress().trouble == str(error)
        assert office.search("监护人", by="words")
        embedder.error = None
        until(lambda: done(office))
        assert office.progress().trouble == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_in_the_background_is_shown_and_not_lost(home: Path):
    with Office(desk_at(home, Broken(RuntimeError("没料到")))) as office:
        office.add_upload("旅馆.txt", HOTEL)
        until(lambda: office.progress().state == "stopped")
        assert "RuntimeError：没料到" in office.progress().trouble
        assert office.add_upload("歌厅.txt", KTV).added


class Slow(CountingEmbedder):
    """Takes its time, as a real one does, and says when it began."""

    def __init__(self) -> None:
        super().__init__()
        self.began = threading.Event()

    def embed_passages(self, texts: Any) -> Any:
        self.began.set()
        time.sleep(0.05)
        return super().embed_passages(texts)


def test_closing_while_vectors_fill_takes_no_window_and_the_next_start_goes_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(api.filling, "EMBED_AT_ONCE", 8)
    monkeypatch.setattr(indexes.fill, "WINDOW", 128)
    lines = "\n".join(f"第{number}号房间的住宿登记：期满终止合同{number * 7919}。" for number in range(400))
    embedder = Slow()
    office = Office(desk_at(home, embedder)).start()
    office.add_upload("台账.csv", lines.encode())
    assert embedder.began.wait(20)
    began = time.monotonic()
    office.close()
    assert time.monotonic() - began < 2.0  # all of it would take longer
    assert office.progress().state == "stopped"
    with Office(desk_at(home)) as again:
        assert again.search("第17号房间", by="words")
        until(lambda: done(again))
        state = again.progress()
        assert state.texts == state.with_vector == len(again.desk.vectors.hashes("other"))


def test_words_of_another_upload_do_not_wait_for_vectors(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(api.filling, "EMBED_AT_ONCE", 1)
    embedder = Slow()
    with Office(desk_at(home, embedder)) as office:
        office.add_upload("台账.csv", "\n".join(f"{number}号房间登记" * 40 for number in range(200)).encode())
        assert embedder.began.wait(20)
        office.add_upload("旅馆.txt", HOTEL)
        assert office.search("监护人", by="words")
        assert not done(office)


def test_vectors_that_another_process_wrote_while_we_waited_are_found(home: Path):
    """Chroma shows a process what it saw when it opened; a question asked meanwhile must not freeze that."""
    with Office(desk_at(home)) as office:
        office.add_upload("旅馆.txt", HOTEL)
        until(lambda: done(office))
    filler = f"""
import sys
sys.path.insert(0, {str(ROOT / 'tests' / 'support')!r})
from pathlib import Path
from fakes import CountingEmbedder
from assistant.desk import open_desk
from assistant.settings import Settings
from indexes.build import add_files
from indexes.fill import fill_vectors, fill_words, index_lock
desk = open_desk(Settings(home=Path({str(home)!r})))
desk.embedder = CountingEmbedder()
with index_lock(desk.home) as ours:
    print(ours, flush=True)
    path = Path(sys.stdin.readline().strip())
    add_files(desk.catalogue, [path])
    fill_words(desk.catalogue, desk.keywords)
    fill_vectors(desk.catalogue, desk.store, desk.vectors, desk.embedder)
    desk.close()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", filler], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    path = home.parent / "合同.txt"
    path.write_text("补偿合同通知期满终止支付", encoding="utf-8")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with holder, Office(desk_at(home)) as office:
        assert len(office.search("补偿合同", by="meaning")) == 1  # opens the vectors as they are now
        holder.communicate(f"{path}\n", timeout=60)
        assert holder.returncode == 0
        until(lambda: done(office))
        assert office.search("补偿合同通知期满终止支付", by="meaning")[0].passage.text.startswith("补偿合同")
