from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

import ingestion.plain
from ingestion.prepare import Failed, Prepared, Terms, prepare


def packed(**members: str) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text.encode())
    return saved.getvalue()


def test_the_members_of_a_container_are_read_once_and_make_its_text(monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []
    plain = ingestion.plain.read_plain
    monkeypatch.setattr(ingestion.plain, "read_plain", lambda data, name: read.append(name) or plain(data, name))
    found = [one for one in prepare(packed(甲="甲的话。", 乙="乙的话。"), "卷宗.zip", Terms()) if isinstance(one, Prepared)]
    assert [Path(name).name for name in read] == ["甲.txt", "乙.txt"]
    assert [one.member for one in found] == ["!/甲.txt", "!/乙.txt", ""]
    assert found[-1].document.text == "甲.txt\n甲的话。\n乙.txt\n乙的话。"


def test_nothing_of_a_container_is_given_away_before_its_last_member_is_known_to_bear_no_marking():
    found = list(prepare(packed(甲="甲的话。", 乙="机密★1年\n关于某专项工作的情况\n"), "卷宗.zip", Terms()))
    assert all(isinstance(one, Failed) and one.secret for one in found)
    assert [one.member for one in found] == ["!/乙.txt", ""]
