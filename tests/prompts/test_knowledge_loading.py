"""What a lawyer who edits a knowledge file is told when something is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import prompts
from prompts import Article, KnowledgeError, load_cues, load_deadlines, load_outline, load_scenarios
from prompts.loader import files_in

OWN = Path(prompts.__file__).parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The package's own knowledge in a folder of its own, to be spoilt."""
    root = tmp_path / "知识"
    shutil.copytree(OWN, root, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return root


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_knowledge_can_be_loaded_from_another_folder(copy: Path) -> None:
    edit(copy / "scenarios/minors.yaml", "name: 未成年人综合司法保护", "name: 本院未检")
    assert "本院未检" in [scenario.name for scenario in load_scenarios(copy)]
    assert "本院未检" not in [scenario.name for scenario in load_scenarios()]


def test_an_unknown_key_is_refused_with_file_and_key(copy: Path) -> None:
    edit(copy / "scenarios/minors.yaml", "    involved: 涉案住宿经营者", "    involvd: 涉案住宿经营者")
    with pytest.raises(KnowledgeError) as error:
        load_scenarios(copy)
    said = str(error.value)
    assert "scenarios/minors.yaml" in said
    assert "issues[2].involvd：不认识的键" in said
    assert "issues[2].involved：缺少这个键" in said


def test_every_fault_of_a_file_is_said_at_once(copy: Path) -> None:
    path = copy / "deadlines.yaml"
    edit(path, "value: 2, unit: 个月", "value: 二, unit: 个月")
    edit(path, "valid_from: 2021-06-01", "valid_from: 去年")
    with pytest.raises(KnowledgeError) as error:
        load_deadlines(copy)
    assert "deadlines[0].value：应为整数" in str(error.value)
    assert "deadlines[1].valid_from：应为日期" in str(error.value)


def test_a_key_that_stands_twice_is_refused_with_its_line(copy: Path) -> None:
    edit(copy / "cues.yaml", "finding: 1.0\n", "finding: 1.0\nfinding: 0.1\n")
    with pytest.raises(KnowledgeError, match=r"cues\.yaml 第 \d+ 行：键 finding 重复"):
        load_cues(copy)


def test_broken_yaml_names_its_file(copy: Path) -> None:
    edit(copy / "cues.yaml", "negation: [", "negation: [[")
    with pytest.raises(KnowledgeError, match=r"cues\.yaml 不是有效的 YAML"):
        load_cues(copy)


def test_an_empty_file_is_refused(copy: Path) -> None:
    (copy / "cues.yaml").write_text("", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"cues\.yaml"):
        load_cues(copy)


def test_a_file_that_is_not_utf8_says_what_to_do(copy: Path) -> None:
    path = copy / "cues.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(KnowledgeError, match="UTF-8"):
        load_cues(copy)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="scenarios"):
        files_in(tmp_path, "scenarios")


def test_a_regex_that_does_not_compile_is_refused(copy: Path) -> None:
    edit(copy / "scenarios/minors.yaml", "{any: [电竞酒店, 电竞房, 电竞宾馆],", "{regex: '电竞(酒店',")
    with pytest.raises(KnowledgeError, match="regex 无法编译"):
        load_scenarios(copy)


def test_a_signal_that_points_to_no_problem_is_refused(copy: Path) -> None:
    edit(copy / "scenarios/minors.yaml", "shows: [guardian-not-asked]", "shows: [guardian]")
    with pytest.raises(KnowledgeError, match="minors-lodging：信号指向的问题 guardian 不存在"):
        load_scenarios(copy)


def test_a_problem_that_no_measure_answers_is_refused(copy: Path) -> None:
    path = copy / "scenarios/shell-companies.yaml"
    edit(path, "answers: [still-registered, false-registration, account-misused]", "answers: [still-registered]")
    with pytest.raises(KnowledgeError, match="问题 account-misused 没有由市场监管部门落实的措施"):
        load_scenarios(copy)


def test_a_measure_that_answers_an_unknown_problem_is_refused(copy: Path) -> None:
    edit(copy / "scenarios/shell-companies.yaml", "answers: [weak-warning, bookkeeping]", "answers: [warnings]")
    with pytest.raises(KnowledgeError, match="措施回应的问题 warnings 不存在"):
        load_scenarios(copy)


def test_an_article_that_is_not_written_canonically_is_refused(copy: Path) -> None:
    path = copy / "scenarios/minors.yaml"
    edit(path, "rule: [《中华人民共和国未成年人保护法》第五十七条]", "rule: [《中华人民共和国未成年人保护法》第57条]")
    with pytest.raises(KnowledgeError, match="应写作《法律全称》第……条"):
        load_scenarios(copy)


def test_one_id_for_two_issue_types_is_refused(copy: Path) -> None:
    edit(copy / "scenarios/public-order.yaml", "id: disputes", "id: venues-vice")
    with pytest.raises(KnowledgeError, match=r"问题类型编号 venues-vice 与 scenarios/public-order\.yaml 重复"):
        load_scenarios(copy)


def test_two_versions_of_a_period_may_not_overlap(copy: Path) -> None:
    edit(copy / "deadlines.yaml", "id: reply-minors", "id: reply-general")
    with pytest.raises(KnowledgeError, match="期限 reply-general 的两个版本在时间上重叠"):
        load_deadlines(copy)


def test_an_outline_slot_that_nobody_explains_is_refused(copy: Path) -> None:
    edit(copy / "outlines/suggestion-governance.yaml", "收到本检察建议书之日起{reply_period}内", "{reply_days}内")
    with pytest.raises(KnowledgeError) as error:
        load_outline("suggestion-governance", copy)
    assert "空位 reply_days 没有说明" in str(error.value)
    assert "空位 reply_period 没有用到" in str(error.value)


def test_a_content_of_article_16_that_stands_nowhere_is_refused(copy: Path) -> None:
    edit(copy / "outlines/suggestion-governance.yaml", "must: [objection, reply, other]", "must: [reply, other]")
    with pytest.raises(KnowledgeError, match="必备内容 objection 没有放入任何部分"):
        load_outline("suggestion-governance", copy)


def test_an_unknown_outline_lists_those_that_there_are() -> None:
    with pytest.raises(KnowledgeError, match="suggestion-governance"):
        load_outline("检察建议")


def test_a_title_within_a_title_keeps_its_brackets(copy: Path) -> None:
    review = next(d for d in load_deadlines(copy).deadlines if d.id == "review-retrial")
    assert review.basis == (
        Article(law="最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", article="第四百一十七条"),
    )
    assert review.basis[0].text == "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第四百一十七条"
