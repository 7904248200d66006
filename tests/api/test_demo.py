"""The demonstration runs from the laws to the letter on a machine that has no network but the loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from indexes.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
GOLD = yaml.safe_load((ROOT / "eval" / "samples" / "gold.yaml").read_text(encoding="utf-8"))
# Python asks for a module of this name at its start; it holds for every process that the demo may begin.
GUARD = '''
import socket

def guarded(method):
    def call(self, address, *rest):
        local = ("127.0.0.1", "::1", "localhost")
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in local:
            raise OSError(f"reached for the network: {address}")
        return method(self, address, *rest)
    return call

def resolve(host, *rest, **more):
    raise OSError(f"reached for the network: {host}")

for name in ("connect", "connect_ex"):
    setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
socket.getaddrinfo = resolve
'''


@dataclass(frozen=True)
class Demo:
    """What the demonstration printed, and the folder that it filled."""

    folder: Path
    out: str
    err: str

    @property
    def letters(self) -> list[Path]:
        return sorted(self.folder.glob("*.docx"))


def _no_network() -> list[str]:
    """The command in front that takes the network away; empty where only the guard can."""
    try:
        done = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return []
    return ["unshare", "-n"] if done.returncode == 0 else []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    place = tmp_path_factory.mktemp("demo")
    (place / "guard").mkdir()
    (place / "guard" / "sitecustomize.py").write_text(GUARD)
    (place / "user").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(place / "guard"), str(ROOT)]),
        "HOME": str(place / "user"),
        "GONGZHI_HOME": str(place / "user" / "untouched"),
    }
    done = subprocess.run(
        [*_no_network(), sys.executable, "-m", "api", "demo", "--folder", str(place / "demo")],
        env=environment, cwd=place, text=True, encoding="utf-8", capture_output=True, check=False, timeout=900,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert not (place / "user" / "untouched").exists()
    return Demo(place / "demo", done.stdout, done.stderr)


def text_of(path: Path) -> str:
    """All text of a .docx: every text node of every part, so that headers, notes and properties count too."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith((".xml", ".rels"))]
    return "\n".join(re.sub(r"<[^>]+>", "", part) for part in parts)


pytestmark = pytest.mark.slow


def test_the_demo_goes_through_every_step_and_reaches_for_no_network(demo: Demo):
    for step in ("1/5", "2/5", "3/5", "4/5", "5/5", "完成，用时"):
        assert step in demo.out
    assert "reached for the network" not in demo.out + demo.err
    assert "Traceback" not in demo.out + demo.err


def test_the_demo_answers_its_question_with_citations(demo: Demo):
    answer = demo.out.split("== 4/5")[1].split("== 5/5")[0]
    assert "[1]" in answer
    assert "依据：" in answer
    assert "没有依据" not in answer


def test_the_letter_lies_where_the_demo_says_and_opens(demo: Demo):
    assert [path.name for path in demo.letters] == ["检察建议书-证据附表.docx", "检察建议书.docx"]
    assert str(demo.folder / "检察建议书.docx") in demo.out
    body = "\n".join(paragraph.text for paragraph in Document(str(demo.folder / "检察建议书.docx")).paragraphs)
    assert "检察建议书" in body
    assert "临江市公安局望湖区分局" in body


def test_every_law_that_the_letter_names_is_verified_or_marked(demo: Demo):
    catalogue = Catalogue(demo.folder / "home" / "catalogue.sqlite")
    known = {law.name for law in catalogue.laws()}
    catalogue.close()
    # the bare name too, as letters speak: 《未成年人保护法》
    known |= {name.removeprefix("中华人民共和国") for name in known}
    body = text_of(demo.folder / "检察建议书.docx")
    named = re.finditer(r"《([^《》]{3,40}(?:法|条例|规定|办法|规则|解释))》", body)
    strays = [one[1] for one in named if one[1] not in known and "待核实" not in body[one.start() : one.end() + 60]]
    assert strays == []


def test_the_report_of_the_demo_cites_law_that_is_in_force_or_says_what_it_is(demo: Demo):
    drafted = demo.out.split("== 5/5")[1]
    laws = [line for line in drafted.splitlines() if "法律依据：" in line]
    assert laws
    for line in laws:
        for state in ("已废止", "尚未施行", "无此条", "条文已修改", "引文与原文不一致"):
            assert state not in line


@pytest.mark.parametrize("name", [one["name"] for one in GOLD["protected"]] + GOLD["protected_places"])
def test_no_protected_person_and_no_place_of_theirs_is_named(demo: Demo, name: str):
    assert [path.name for path in demo.letters if name in text_of(path)] == []


def numbers(value: Any) -> list[str]:
    """All strings under a value of the gold file."""
    if isinstance(value, dict):
        value = list(value.values())
    return [found for one in value for found in numbers(one)] if isinstance(value, list) else [str(value)]


def test_no_identity_number_and_no_telephone_number_stands_in_a_letter(demo: Demo):
    texts = "\n".join(text_of(path) for path in demo.letters)
    assert [one for one in numbers(GOLD["identifiers"]) if len(one) > 6 and one in texts] == []
