"""`gongzhi eval`: the shape of the contract, its exit codes, and that nobody's data is touched."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from api.command import run
from eval.home import Home

Said = tuple[int, str, str]


@pytest.fixture
def gongzhi(
    eval_home: Home, eval_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """The command; homes are those of the session, runs go to a folder of the test."""
    monkeypatch.setenv("GONGZHI_EVAL_HOME", str(eval_root))
    monkeypatch.setenv("GONGZHI_HOME", str(tmp_path / "mine"))

    def call(*arguments: object) -> Said:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(["eval", *map(str, arguments), "--by", "words", "--out", str(tmp_path / "runs")])
        return code, out.getvalue(), err.getvalue()

    return call


def gate(folder: Path, limits: str) -> Path:
    path = folder / "gate.yaml"
    path.write_text(f"about: 测试\nsuites: {{precedents: {limits}}}\n", encoding="utf-8")
    return path


def test_json_has_the_shape_of_the_contract(gongzhi: Callable[..., Said]) -> None:
    code, out, _ = gongzhi("precedents", "retrieval", "--json")
    said = json.loads(out)
    assert code == 0
    assert {"run", "suites", "gate", "reasons"} <= set(said)
    assert [one["suite"] for one in said["suites"]] == ["precedents", "retrieval"]
    assert all({"suite", "cases", "skipped", "measures"} <= set(one) for one in said["suites"])
    assert said["suites"][0]["measures"]["R@10"] > 0.9
    assert (said["gate"], said["reasons"]) == (None, [])


def test_a_gate_that_holds_passes_and_one_that_does_not_fails_with_its_reason(
    gongzhi: Callable[..., Said], tmp_path: Path
) -> None:
    code, out, _ = gongzhi("precedents", "--gate", gate(tmp_path, "{R@10: {min: 0.5}}"), "--json")
    assert (code, json.loads(out)["gate"]) == (0, "pass")
    code, out, _ = gongzhi("precedents", "--gate", gate(tmp_path, "{RR@10: {min: 1, why: 试}}"), "--json")
    said = json.loads(out)
    assert (code, said["gate"]) == (1, "fail")
    assert re.fullmatch(r"precedents：RR@10 为 0\.\d+，低于下限 1（试）", said["reasons"][0])


def test_without_a_suite_those_of_the_gate_are_run(gongzhi: Callable[..., Said], tmp_path: Path) -> None:
    _, out, _ = gongzhi("--gate", gate(tmp_path, "{R@10: {min: 0.5}}"), "--json")
    assert [one["suite"] for one in json.loads(out)["suites"]] == ["precedents"]


def test_people_see_one_table_the_worst_cases_and_where_the_report_lies(gongzhi: Callable[..., Said]) -> None:
    code, out, _ = gongzhi("precedents")
    assert code == 0
    assert all(words in out for words in ("评测集", "R@10", "应找到的有多少排在前十", "precedents 最差的几例"))
    (report,) = re.findall(r"报告 (.+\.html)", out)
    assert "评测报告" in Path(report).read_text(encoding="utf-8")


def test_a_run_compared_with_itself_has_not_changed(gongzhi: Callable[..., Said]) -> None:
    _, out, _ = gongzhi("precedents", "--json")
    code, again, _ = gongzhi("precedents", "--against", json.loads(out)["run"], "--json")
    assert (code, json.loads(again)["against"]) == (0, [])
    code, again, _ = gongzhi("precedents", "--against", json.loads(out)["file"])
    assert "与上次相比：没有变化" in again


def test_a_run_leaves_the_users_home_alone(gongzhi: Callable[..., Said], tmp_path: Path) -> None:
    gongzhi("precedents")
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nothing",), 1, "没有评测集 nothing"),
        ((), 2, "请写明评测集"),
        (("precedents", "--gate", "slow"), 1, "找不到门槛文件 slow"),
        (("precedents", "--against", "r0"), 1, "找不到评测记录 r0"),
    ],
)
def test_what_is_not_there_is_named(
    gongzhi: Callable[..., Said], arguments: tuple[str, ...], code: int, said: str
) -> None:
    left, out, err = gongzhi(*arguments)
    assert (left, out) == (code, "")
    assert said in err
