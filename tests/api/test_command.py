"""What is typed: usage errors and help in Chinese, exit codes, where state lives, what goes to which stream."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import api.listing

ROOT = Path(__file__).parents[2]


def spawn(*arguments: object, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return subprocess.run(
        [sys.executable, "-m", "api", *map(str, arguments)],
        env=environment, text=True, encoding="utf-8", check=False, timeout=120,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("lst", "没有命令 lst，是不是 list"),
        ("list --foo", "没有选项 --foo"),
        ("list --jsn", "没有选项 --jsn，是不是 --json"),
        ("list 多余", "多出了 多余"),
        ("add", "缺少 文件或文件夹"),
        ("remove", "缺少 文件的 id"),
        ("text", "缺少 文件的 id，或一个文件的路径"),
        ("draft suggestion --to 甲 -o x.docx", "缺少 --case"),
        ("draft suggestion --case 甲 -o x.docx", "缺少 --to"),
        ("draft nothing", "没有命令 nothing"),
        ("search 旅馆 -k 0", "-k 的值不合要求：0，不能小于 1"),
        ("search 旅馆 -k 1001", "-k 的值不合要求：1001，不能大于 1000"),
        ("search 旅馆 -k 多", "-k 的值不合要求：多，请写一个整数"),
        ("search 旅馆 --by 猜", "--by 的值不合要求：猜，可以写 words、meaning、both"),
        ("list --kind 判决", "--kind 的值不合要求：判决，可以写 case、suggestion、regulation、hearing、proposal、other"),
        ("ask 旅馆 --as-of 2026-13-01", "--as-of 的值不合要求：2026-13-01，请写成 2026-01-31 的样子"),
        ("ask 旅馆 --as-of", "选项 --as-of 后面缺少值"),
        ("list --json=3", "选项 --json 后面不带值"),
        ("search 旅馆 --level 县级", "没有效力层级 县级。可用的层级：宪法、法律"),
        ("search 旅馆 --year 今年", "--year 的值不合要求：今年，请写一个整数"),
        ("search", "请写一个检索词，或用 --batch 指定一个文件"),
        ("search 旅馆 --batch a.jsonl --out b.jsonl", "请写一个检索词，或用 --batch 指定一个文件"),
        ("search --batch a.jsonl", "--batch 与 --out 要一起用"),
        ("ask 旅馆 --out a.jsonl", "--batch 与 --out 要一起用"),
        ("draft suggestion --case 甲 --to 乙 -o 书.pdf", "请用 -o 文件名.docx"),
        ("index --export /没有/这个/文件夹/v.npz", "不存在"),
    ],
)
def test_wrong_use_ends_with_2_and_a_chinese_sentence(gongzhi: Any, typed: str, said: str):
    reply = gongzhi(*typed.split())
    assert (reply.code, reply.out) == (2, "")
    assert said in reply.err
    assert "Traceback" not in reply.err


def test_an_error_of_use_names_the_help_page_of_that_command(gongzhi: Any):
    assert "用法见：gongzhi draft suggestion --help" in gongzhi("draft", "suggestion").err


@pytest.mark.parametrize(
    "typed",
    ["--help", "-h", "add --help", "search -h", "ask -h", "text -h", "index -h", "draft suggestion --help", "model export -h"],
)
def test_help_is_chinese_throughout(gongzhi: Any, typed: str):
    reply = gongzhi(*typed.split())
    assert reply.code == 0
    assert "用法：" in reply.out
    assert "选项" in reply.out
    english = ("Usage", "Options", "Commands", "Arguments", "Show this", "Install completion", "default:", "required", "<bool>")
    assert [word for word in english if word in reply.out] == []


@pytest.mark.parametrize("typed", ["", "draft", "model"])
def test_a_bare_command_shows_its_help_and_counts_as_wrong_use(gongzhi: Any, typed: str):
    reply = gongzhi(*typed.split())
    assert reply.code == 2
    assert "命令" in reply.out + reply.err


def test_help_names_every_command_of_the_contract(gongzhi: Any):
    page = gongzhi("--help").out
    for name in ("add", "list", "remove", "text", "laws", "index", "search", "ask", "draft", "model", "doctor"):
        assert f"│ {name} " in page


def test_heavy_libraries_stay_unloaded_until_they_are_used():
    heavy = "chromadb onnxruntime sqlalchemy alembic tantivy jieba rjieba docx pypdfium2 numpy openpyxl lxml"
    code = f"""
import sys
from api.command import run
run(["--help"])
print([name for name in {heavy.split()!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, encoding="utf-8", capture_output=True, check=True
    )
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_a_shell_is_printed(shell: str):
    done = spawn(env={"_GONGZHI_COMPLETE": f"source_{shell}"})
    assert done.returncode == 0
    assert "_GONGZHI_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("text", "没有的"), "没有 id 或路径为 没有的 的文件"),
        (("text", "长" * 300), "名称太长"),
        (("remove", "0123456789abcdef", "--json"), ""),
        (("search", "旅馆", "--case", "没有"), "没有案件 没有 的材料"),
        (("ask", "旅馆", "--case", "没有"), "没有案件 没有 的材料"),
        (("draft", "suggestion", "--case", "没有", "--to", "甲", "-o", "x.docx"), "没有案件 没有 的材料"),
        (("laws", "没有的文件夹"), "找不到 没有的文件夹"),
        (("index", "--import", "没有的.npz"), "找不到向量文件"),
    ],
)
def test_what_is_not_there_by_its_name_ends_with_1(gongzhi: Any, typed: tuple[str, ...], said: str):
    reply = gongzhi(*typed)
    assert reply.code == 1
    assert said in reply.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"id": 1, "query": "x"', "第 1 行不是一个 JSON 对象"),
        (b'{"id": 1}', "第 1 行缺少 id 或 query"),
        (b'{"id": 1, "query": 3}', "第 1 行缺少 id 或 query"),
        (b"[1]", "第 1 行缺少 id 或 query"),
        (b'{"id": 1, "query": "\xb9\xab"}', "第 1 行不是 UTF-8 文字"),
        (b'{"id": 7, "query": "x", "as_of": "2026-99"}', "id 为 7 的一行：as_of 应写成"),
        (b'{"id": 7, "query": "x", "case": 3}', "id 为 7 的一行：case"),
        (b'{"id": 7, "query": "x", "exclude": "a"}', "id 为 7 的一行：exclude"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_bad_line_of_a_batch_is_named_and_nothing_is_written(
    gongzhi: Any, tmp_path: Path, command: str, line: bytes, said: str
):
    (tmp_path / "in.jsonl").write_bytes(line + b"\n")
    reply = gongzhi(command, "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl")
    assert (reply.code, said in reply.err) == (2, True)
    assert not list(tmp_path.glob("out*"))


def test_a_batch_from_a_windows_editor_is_read(gongzhi: Any, tmp_path: Path):
    (tmp_path / "in.jsonl").write_bytes(b'\xef\xbb\xbf{"id": 1, "query": "x"}\r\n\r\n')
    reply = gongzhi("search", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", "--by", "words")
    assert reply.code == 0
    assert json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8")) == {"id": 1, "hits": []}


@pytest.mark.parametrize("out", ["没有/out.jsonl", "."])
def test_a_place_that_cannot_hold_the_results_is_told_before_the_work(gongzhi: Any, tmp_path: Path, out: str):
    (tmp_path / "in.jsonl").write_text('{"id": 1, "query": "x"}')
    reply = gongzhi("search", "--batch", tmp_path / "in.jsonl", "--out", tmp_path / out)
    assert (reply.code, "无法写入" in reply.err) == (2, True)


def test_state_lives_under_gongzhi_home_which_only_its_owner_may_read(tmp_path: Path):
    (tmp_path / "a.txt").write_text("湖畔旅馆未登记。", encoding="utf-8")
    home = tmp_path / "home"
    done = spawn("add", tmp_path / "a.txt", "--json", env={"GONGZHI_HOME": str(home), "HOME": str(tmp_path / "user")})
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["added"]) == 1
    assert home.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "user").exists()
    other = spawn("list", "--json", "--home", tmp_path / "other", env={"GONGZHI_HOME": str(home)})
    assert (other.returncode, other.stdout) == (0, "")


def test_json_is_utf8_whatever_the_terminal_speaks(tmp_path: Path):
    (tmp_path / "a.txt").write_text("范㛃未登记。", encoding="utf-8")
    done = spawn("text", tmp_path / "a.txt", "--json", "--home", tmp_path / "home", env={"PYTHONIOENCODING": "gbk"})
    assert json.loads(done.stdout)["text"] == "范㛃未登记。"


def test_a_character_that_the_terminal_lacks_does_not_stop_the_text(tmp_path: Path):
    (tmp_path / "a.txt").write_text("范㛃未登记。", encoding="utf-8")
    done = spawn("text", tmp_path / "a.txt", "--home", tmp_path / "home", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, "\\u36c3" in done.stdout) == (0, True)


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path):
    (tmp_path / "a.txt").write_text("湖畔旅馆未登记。\n" * 20_000, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    try:
        done = spawn("text", tmp_path / "a.txt", "--home", tmp_path / "home", stdout=write)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_cannot_be_written_is_told_and_is_no_success(tmp_path: Path):
    (tmp_path / "a.txt").write_text("湖畔旅馆未登记。", encoding="utf-8")
    with open("/dev/full", "w") as full:
        done = spawn("text", tmp_path / "a.txt", "--home", tmp_path / "home", stdout=full)
    assert done.returncode == 1
    assert "磁盘已满" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupted_command_says_that_it_can_be_taken_up_again(gongzhi: Any, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(api.listing, "list_documents", interrupted)
    reply = gongzhi("list")
    assert (reply.code, "再次运行同一命令" in reply.err) == (130, True)


def test_people_get_tables_and_sentences(filled: Any):
    listed = filled.gongzhi("list")
    assert "检查笔录" in listed.out or "旅馆" in listed.out
    assert "共 3 份。" in listed.out
    found = filled.gongzhi("search", "旅店接待未成年人", "--by", "words")
    assert "《旅店管理条例》第二条（2020-06-01，现行有效）" in found.out
    assert filled.gongzhi("remove", "0123456789abcdef").out.startswith("没有找到")
    assert "✓ 法律库" in filled.gongzhi("doctor").out


def test_a_model_is_not_exported_over_files_that_are_there(gongzhi: Any, tmp_path: Path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "mine.txt").touch()
    reply = gongzhi("model", "export", tmp_path / "m")
    assert (reply.code, "请换一个文件夹" in reply.err) == (2, True)


def test_a_rebuild_mends_indexes_that_cannot_be_opened(gongzhi: Any, papers: Path, tmp_path: Path):
    gongzhi("add", papers)
    assert gongzhi("index").code == 0
    (tmp_path / "home" / "words" / "meta.json").write_text("garbage")
    (tmp_path / "home" / "vectors" / "chroma.sqlite3").write_bytes(b"garbage" * 500)
    broken = gongzhi("search", "旅馆", "--by", "words")
    assert (broken.code, "--rebuild" in broken.err) == (3, True)
    # a new process, as with people: chroma keeps what it once opened as long as a process lives
    mended = json.loads(spawn("--home", tmp_path / "home", "index", "--rebuild", "--json").stdout)
    assert mended["reused"] == mended["passages"] > 0
    assert gongzhi("search", "旅馆", "--by", "words", "--json").json["hits"]
    assert json.loads(spawn("--home", tmp_path / "home", "search", "旅馆", "--by", "meaning", "--json").stdout)["hits"]


def test_doctor_sees_an_index_that_has_lost_what_the_catalogue_counts_on(gongzhi: Any, papers: Path, tmp_path: Path):
    gongzhi("add", papers)
    for path in (tmp_path / "home" / "words").iterdir():
        path.unlink()
    reply = gongzhi("doctor", "--json")
    assert reply.code == 1
    assert [one["mend"] for one in reply.json["checks"] if one["state"] == "error"] == ["运行 gongzhi index --rebuild 重建"]
