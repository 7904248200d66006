from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import prompts
from prompts import KnowledgeError, issue_types, load_scenarios
from prompts.examples import load_examples

OWN = Path(prompts.__file__).parent


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A copy of the knowledge whose examples are a single file to write."""
    shutil.copytree(OWN / "scenarios", tmp_path / "scenarios")
    (tmp_path / "examples").mkdir()
    return tmp_path


def write(root: Path, text: str) -> None:
    (root / "examples" / "a.yaml").write_text(f"source: 测试\ndate: 2026-11-25\ntag: D\n{text}", encoding="utf-8")


def test_every_issue_type_has_examples_and_near_ones_that_are_none() -> None:
    given = {one.issue: one for file in load_examples() for one in file.issues}
    assert set(given) == {type_.id for type_ in issue_types(load_scenarios())}
    assert all(len(one.show) >= 10 and len(one.unlike) >= 4 for one in given.values())


def test_no_example_stands_twice() -> None:
    files = load_examples()
    texts = [text for file in files for one in file.issues for text in (*one.show, *one.unlike)]
    texts += [text for file in files for text in file.none]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("issues: [{issue: nobody-knows, show: [甲]}]", "没有问题类型 nobody-knows"),
        ("issues: [{issue: disputes, show: [甲]}, {issue: disputes, show: [乙]}]", "disputes 写了两次"),
        ("issues: [{issue: disputes, show: [甲], unlike: [甲]}]", "同一段例文写了两次"),
        ("issues: [{issue: disputes, show: [甲], weights: 3}]", "weights：不认识的键"),
        ("issues: [{issue: disputes, show: []}]", "a.yaml"),
    ],
)
def test_a_faulty_file_is_refused_by_name(text: str, told: str, knowledge: Path) -> None:
    write(knowledge, text)
    with pytest.raises(KnowledgeError, match=told):
        load_examples(knowledge)
