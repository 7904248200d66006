from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fakes import CountingEmbedder
from offices import HOTEL, KTV, copies, desk_at, done, until

import api.filling
import api.uploads
import assistant.desk
from api.office import Office
from api.uploads import receive, safe_name
from assistant.desk import open_desk
from assistant.errors import BadRequest, NotThere
from assistant.settings import Settings
from indexes.errors import DamagedStore, DiskFull
from indexes.index import Scope
from ingestion.document import document_id

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


# -- uploads -------------------------------------------------------------------------------------------


def test_an_upload_is_kept_under_its_id_and_found_by_words_at_once_and_by_meaning_soon(office: Office, home: Path):
    until(lambda: done(office))  # the index is ours
    report = office.add_upload("旅馆.txt", HOTEL, "甲案")
    [added] = report.added
    assert (added.path, added.id) == ("旅馆.txt", document_id(HOTEL))
    assert copies(home) == [f"{document_id(HOTEL)}/旅馆.txt"]
    assert (home / "uploads" / copies(home)[0]).read_bytes() == HOTEL
    assert office.search("监护人", by="words", scope=Scope(case="甲案"))
    until(lambda: done(office))
    assert [entry.state for entry in office.documents()] == ["complete"]
    assert office.kept_copy(added.id).read_bytes() == HOTEL


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("旅馆.txt", "旅馆.txt"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\系统\\旅馆.txt", "旅馆.txt"),
        ("/", "未命名"),
        ("..", "未命名"),
        ("", "未命名"),
        ("a\0b\r\nc.txt", "abc.txt"),
        ("卷\u202e\u200b宗.txt", "卷宗.txt"),
        ("坏\udcff.txt", "坏.txt"),
        (".htaccess", "htaccess"),
        ('问<>:"|?*.txt', "问_______.txt"),
        ("  空 格. ", "空 格"),
    ],
)
def test_a_name_is_made_safe(given: str, kept: str):
    assert safe_name(given) == kept


def test_a_name_of_300_characters_is_cut_and_keeps_its_suffix():
    made = safe_name("长" * 300 + ".docx")
    assert made.endswith("长.docx")
    assert len(made.encode()) <= 160
    assert len(safe_name("甲." + "长" * 300).encode()) <= 160


def test_no_name_leads_out_of_the_folder_of_uploads(office: Office, home: Path, tmp_path: Path):
    for number, name in enumerate(("../../外.txt", "/tmp/外.txt", "..\\外.txt", "x/../../../外.txt")):
        assert office.add_upload(name, HOTEL + str(number).encode()).added[0].path == "外.txt"
    assert len(copies(home)) == 4
    assert [path for path in tmp_path.rglob("外.txt") if home / "uploads" not in path.parents] == []


@pytest.mark.parametrize(("name", "data"), [("空.txt", b""), ("未知.xyz", b"text"), ("截断.docx", b"PK\x03\x04 torn")])
def test_of_a_file_that_fails_no_copy_stays(office: Office, home: Path, name: str, data: bytes):
    report = office.add_upload(name, data)
    assert [one.path for one in report.failed] == [name]
    assert copies(home) == []
    assert [path.name for path in (home / "uploads").iterdir()] == []


def test_of_a_file_that_finds_no_room_no_copy_stays(office: Office, home: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise DiskFull("磁盘已满")

    monkeypatch.setattr(office.desk.catalogue, "add", full)
    with pytest.raises(DiskFull):
        office.add_upload("旅馆.txt", HOTEL)
    assert copies(home) == []


def test_a_file_over_the_limit_is_told_and_nothing_of_it_stays(office: Office, home: Path):
    report = office.add_upload("大.txt", b"x" * ((1 << 20) + 1))
    assert (report.failed[0].path, report.failed[0].cause) == ("大.txt", "文件超过 1 MB")
    assert "upload_mb" in report.failed[0].advice
    assert list((home / "uploads").iterdir()) == []


def test_the_same_file_twice_is_there_already_and_kept_once(office: Office, home: Path):
    office.add_upload("旅馆.txt", HOTEL)
    again = office.add_upload("又一份.txt", HOTEL)
    assert again.already == [(document_id(HOTEL), "又一份.txt")]
    assert copies(home) == [f"{document_id(HOTEL)}/旅馆.txt"]


def test_an_upload_may_come_as_bytes_a_path_or_an_open_file(tmp_path: Path):
    path = tmp_path / "旅馆.txt"
    path.write_bytes(HOTEL)
    with path.open("rb") as file:
        ids = {receive(tmp_path / "in", data, 1000)[1] for data in (HOTEL, path, file)}
    assert ids == {document_id(HOTEL)}


def test_what_a_kill_left_of_uploads_is_removed_once_it_is_old(home: Path):
    with Office(desk_at(home)) as office:
        office.add_upload("旅馆.txt", HOTEL)
    old, young = home / "uploads" / ".partial-1", home / "uploads" / ".partial-2"
    orphan = home / "uploads" / "0123456789abcdef"
    orphan.mkdir()
    for path in (old, young, orphan / "x.txt"):
        path.write_bytes(b"x")
    for path in (old, orphan, home / "uploads" / document_id(HOTEL)):
        os.utime(path, (0, 0))
    with Office(desk_at(home)):
        assert copies(home) == [".partial-2", f"{document_id(HOTEL)}/旅馆.txt"]


def test_a_removed_document_is_gone_with_its_copy_and_the_index_lets_go(office: Office, home: Path):
    office.add_upload("旅馆.txt", HOTEL)
    office.add_upload("歌厅.txt", KTV)
    until(lambda: done(office))
    assert office.remove(document_id(HOTEL)[:8]) == document_id(HOTEL)
    assert office.search("监护人", by="words") == []
    assert copies(home) == [f"{document_id(KTV)}/歌厅.txt"]
    until(lambda: office.desk.keywords.count() == office.progress().texts == 1)
    with pytest.raises(NotThere, match="没有 id 为"):
        office.remove(document_id(HOTEL))


# -- cases ---------------------------------------------------------------------------------------------


def test_a_case_can_be_created_before_it_has_documents_and_counts_them_afterwards(office: Office):
    assert office.create_case(" 甲案 ").documents == 0
    assert office.search("监护人", scope=Scope(case="甲案")) == []
    assert office.ask("旅馆登记了吗", case="甲案").grounding == "none"
    office.add_upload("旅馆.txt", HOTEL, "甲案")
    office.add_upload("歌厅.txt", KTV, "乙案")
    until(lambda: done(office))
    assert [(one.name, one.documents, dict(one.states)) for one in office.cases()] == [
        ("乙案", 1, {"complete": 1}),
        ("甲案", 1, {"complete": 1}),
    ]
    assert office.create_case("甲案").documents == 1


def test_created_cases_survive_a_restart(home: Path):
    with Office(desk_at(home)) as office:
        office.create_case("甲案")
    with Office(desk_at(home)) as office:
        assert [one.name for one in office.cases()] == ["甲案"]


@pytest.mark.parametrize("name", ["", "  ", "甲\n案", "案" * 65, "甲\0"])
def test_an_impossible_name_of_a_case_is_refused(office: Office, name: str):
    with pytest.raises(BadRequest, match="案件编号"):
        office.create_case(name)
    with pytest.raises(BadRequest, match="案件编号"):
        office.add_upload("旅馆.txt", HOTEL, name)


def test_only_a_case_without_documents_can_be_removed(office: Office):
    office.create_case("空案")
    office.add_upload("旅馆.txt", HOTEL, "甲案")
    office.remove_case("空案")
    assert [one.name for one in office.cases()] == ["甲案"]
    with pytest.raises(BadRequest, match="还有 1 份材料"):
        office.remove_case("甲案")
    with pytest.raises(NotThere):
        office.remove_case("空案")


def test_an_unknown_case_is_named(office: Office):
    for verb in (
        lambda: office.search("x", scope=Scope(case="无")),
        lambda: office.ask("x", case="无"),
        lambda: office.draft("无", "某局"),
        lambda: office.case("无"),
    ):
        with pytest.raises(NotThere, match="没有案件 无"):
            verb()


# -- drafts --------------------------------------------------------------------------------------------


def test_a_draft_survives_a_restart_with_its_files(home: Path):
    with Office(desk_at(home)) as office:
        office.add_upload("旅馆.txt", HOTEL, "甲案")
        made = office.draft("甲案", "望湖区公安分局")
    with Office(desk_at(home)) as office:
        assert office.drafts() == office.drafts("甲案") == [made]
        assert office.drafts("乙案") == []
        read = office.read_draft(made.id)
        assert read.draft == made.draft
        assert read.letter.read_bytes().startswith(b"PK")
        assert read.annex.read_bytes().startswith(b"PK")
        office.remove_draft(made.id)
        assert list((home / "drafts").iterdir()) == []


def test_of_a_draft_that_fails_nothing_stays(office: Office, home: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise DiskFull("磁盘已满")

    office.add_upload("旅馆.txt", HOTEL, "甲案")
    monkeypatch.setattr("api.drafting.write_annex", full)
    with pytest.raises(DiskFull):
        office.draft("甲案", "某局")
    assert list((home / "drafts").iterdir()) == []


@pytest.mark.parametrize(("case", "to"), [("甲案", " "), ("空案", "某局")])
def test_a_letter_to_nobody_or_from_an_empty_case_is_refused(office: Office, case: str, to: str):
    office.create_case("空案")
    office.add_upload("旅馆.txt", HOTEL, "甲案")
    with pytest.raises(BadRequest, match="请"):
        office.draft(case, to)


def test_a_damaged_draft_is_named_and_costs_the_list_nothing(office: Office, home: Path, caplog: Any):
    office.add_upload("旅馆.txt", HOTEL, "甲案")
    good, bad = office.draft("甲案", "某局"), office.draft("甲案", "某厅")
    (home / "drafts" / bad.id / "draft.json").write_text('{"id":', encoding="utf-8")
    assert office.drafts() == [good]
    assert bad.id in caplog.text
    with pytest.raises(DamagedStore, match="已损坏"):
        office.read_draft(bad.id)


@pytest.mark.parametrize("draft_id", ["../uploads", "0123456789abcdef", "", "x" * 300])
def test_an_unknown_draft_is_not_there(office: Office, draft_id: str):
    with pytest.raises(NotThere):
        office.read_draft(draft_id)


# -- many threads --------------------------------------------------------------------------------------


def test_many_threads_on_a_cold_desk_open_each_part_once_and_lose_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    with Office(desk_at(home)) as office:
        office.add_upload("旅馆.txt", HOTEL, "甲案")
        until(lambda: done(office))
    opened: list[str] = []

    def slow(name: str, make: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            opened.append(name)
            time.sleep(0.1)  # long enough for another thread to come by
            return make(*args, **kwargs)

        return call

    monkeypatch.setattr(assistant.desk, "Vectors", slow("vectors", assistant.desk.Vectors))
    monkeypatch.setattr(assistant.desk, "open_embedder", slow("embedder", lambda *_, **__: CountingEmbedder()))
    office = Office(open_desk(Settings(home=home)))

    def work(number: int) -> tuple[int, str, int]:
        mine = f"第{number}号文：湖畔旅馆期满终止合同，未登记第{number}名住客。\n".encode()
        hits = office.search("旅馆未登记住宿")
        reply = office.ask("旅馆前台登记同住未成年人身份信息", case="甲案")
        added = office.add_upload(f"{number}.txt", mine, f"案{number % 3}")
        return len(hits), reply.grounding, len(added.added)

    with office, ThreadPoolExecutor(16) as pool:
        first = [pool.submit(work, number) for number in range(8)]  # before and while the thread starts
        results = [one.result() for one in first] + list(pool.map(work, range(8, 40)))
        until(lambda: done(office))
        assert sorted(opened) == ["embedder", "vectors"]
        assert [one for one in results if not one[0] or one[1] != "full" or one[2] != 1] == []
        assert len(office.documents()) == 41
        state = office.progress()
        assert state.texts == state.with_words == state.with_vector == office.desk.keywords.count()
        assert office.search("第17号文", by="words")[0].passage.text.startswith("第17号文")


def test_the_same_file_from_many_threads_is_added_once(office: Office, home: Path):
    with ThreadPoolExecutor(8) as pool:
        reports = list(pool.map(lambda number: office.add_upload(f"{number}.txt", HOTEL, "甲案"), range(8)))
    assert sum(len(report.added) for report in reports) == 1
    assert sum(len(report.already) for report in reports) == 7
    assert len(copies(home)) == 1
