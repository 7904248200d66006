"""The demonstration runs from the laws to the letter on a machine that has no network but the loopback."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from api.command import run
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
    if made := os.environ.get("GONGZHI_TEST_DEMO"):  # .ci/run made one with the installed program, without a network
        said = [Path(made).with_suffix(end).read_text(encoding="utf-8") for end in (".out", ".err")]
        return Demo(Path(made), *said)
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


def drafted(demo: Demo) -> dict[str, Any]:
    """What the letter rests on: the same letter once more, as scripts get it."""
    out, letter = io.StringIO(), demo.folder / "again" / "书.docx"
    letter.parent.mkdir(exist_ok=True)
    command = ["draft", "suggestion", "--case", GOLD["case"]["id"], "--to", "临江市公安局望湖区分局"]
    with redirect_stdout(out):
        assert run(["--home", str(demo.folder / "home"), *command, "-o", str(letter), "--json"]) == 0
    return json.loads(out.getvalue())  # type: ignore[no-any-return]


def test_every_citation_of_the_letter_is_verified_or_waits_to_be(demo: Demo):
    sentences = [s for section in drafted(demo)["sections"] for s in section["sentences"]]
    citations = [one for sentence in sentences for one in sentence["citations"]]
    assert {one["status"] for one in citations} <= {"verified", "not_checked"}
    assert sum(one["law"] is not None and one["status"] == "verified" for one in citations) >= 5
    catalogue = Catalogue(demo.folder / "home" / "catalogue.sqlite")
    texts = {one["document_id"]: catalogue.text_of(one["document_id"]) for one in citations if one["quote"]}
    catalogue.close()
    strays = [
        one for one in citations
        if (one["status"] == "verified") != bool(one["quote"])
        or (one["quote"] and (texts[one["document_id"]] or "")[one["start"] : one["end"]] != one["quote"])
    ]
    assert strays == []
    assert {s["support"] for s in sentences for one in s["citations"] if one["status"] != "verified"} == {"unverified"}


def test_a_law_that_the_library_lacks_is_marked_in_the_paragraph_that_names_it(demo: Demo):
    catalogue = Catalogue(demo.folder / "home" / "catalogue.sqlite")
    known = {law.name for law in catalogue.laws()}
    told = "".join(catalogue.text_of(one.id) or "" for one in catalogue.entries(case=GOLD["case"]["id"]))
    catalogue.close()
    known |= {name.removeprefix("中华人民共和国") for name in known}
    paragraphs = [paragraph.text for paragraph in Document(str(demo.folder / "检察建议书.docx")).paragraphs]
    named = [
        (name, paragraph)
        for paragraph in paragraphs
        for name in re.findall(r"《([^《》]{3,40}(?:法|条例|规定|办法|规则|解释))》", paragraph)
    ]
    assert named
    # what the case file names itself stands in a quote of the case file
    strays = [name for name, paragraph in named if name not in known and name not in told and "待核实" not in paragraph]
    assert strays == []


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


def test_no_day_of_birth_stands_in_the_letter_or_its_annex(demo: Demo):
    texts = "\n".join(text_of(path) for path in demo.letters)
    assert re.findall(r"\d{4}年\d{1,2}月\d{1,2}日出?生", texts) == []
    assert "出生日期已隐去" in texts
