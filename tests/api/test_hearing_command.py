"""`gongzhi hearing` at the terminal: the contract's object, the papers, and what is said of bad input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

RECORD = (
    "听证笔录\n主持人：钱立\n听证员：宋佩琴、郝建勋\n"
    "主持人：现在开始听证。\n主持人：请听证员发表意见。\n听证员宋佩琴：同意。\n听证员郝建勋：不同意，证据不足。\n"
)


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "听证笔录.txt"
    path.write_text(RECORD, encoding="utf-8", newline="\n")
    return path


def test_the_answer_has_the_shape_of_the_contract_and_its_spans_hold(gongzhi: Any, record: Path) -> None:
    said = gongzhi("hearing", record, "--json")
    assert said.code == 0
    answer = said.json
    assert {"participants", "steps", "issues", "opinions", "tally", "commitments", "warnings"} <= answer.keys()
    assert answer["tally"] == {"agree": 1, "disagree": 1, "conditional": 0, "unclear": 0}
    assert all(RECORD[one["start"] : one["end"]] == one["reason"] for one in answer["opinions"])


def test_a_stored_record_is_summarised_by_its_id(gongzhi: Any, record: Path) -> None:
    identity = gongzhi("add", record, "--json").json["added"][0]["id"]
    said = gongzhi("hearing", identity)
    assert said.code == 0
    assert "郝建勋（不同意）：“不同意，证据不足。”" in said.out


def test_the_paper_and_its_annex_are_written(gongzhi: Any, record: Path, tmp_path: Path) -> None:
    out = tmp_path / "摘要.docx"
    assert gongzhi("hearing", record, "-o", out).code == 0
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(out)).paragraphs)
    assert "郝建勋不同意（不同意见，应当保留）" in text
    assert (tmp_path / "摘要-证据附表.docx").exists()


def test_a_document_without_speech_is_refused_with_advice(gongzhi: Any, tmp_path: Path) -> None:
    path = tmp_path / "判决书.txt"
    path.write_text("经审理查明，被告人盗窃手机一部。\n", encoding="utf-8")
    said = gongzhi("hearing", path, "--json")
    assert (said.code, said.out) == (2, "")
    assert "发言人标签" in said.err


def test_a_record_that_is_not_there_is_named(gongzhi: Any) -> None:
    said = gongzhi("hearing", "没有这份")
    assert said.code == 1
    assert "没有这份" in said.err
