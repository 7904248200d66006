from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from assistant.traces import Issue, issues_in
from ingestion.document import Block, Document, Kind
from prompts import IssueType, issue_types, load_cues, load_scenarios

CUES = load_cues()
MakeIssue = Callable[..., IssueType]
LODGED = "前台未登记住客的身份信息。"


def document(text: str, kind: Kind = "case", title: str = "报告") -> Document:
    return Document(f"id-{title}", kind, "报告", title, text, (Block(0, len(text)),))


def met(text: str, type_: IssueType, kind: Kind = "case") -> list[str]:
    """The sentences that speak for the issue."""
    return [
        trace.text for issue in issues_in([document(text, kind)], [type_], CUES) for trace in issue.traces
    ]


def test_a_sentence_with_a_signal_is_a_trace_word_for_word(make_issue: MakeIssue) -> None:
    paper = document(f"　　走访湖畔旅馆。{LODGED}灯光正常。\n")
    (issue,) = issues_in([paper], [make_issue({"any": ["未登记"]})], CUES)
    (trace,) = issue.traces
    assert (trace.text, paper.text[trace.start : trace.end]) == (LODGED, LODGED)
    assert issue.evidence_of("gap") == (trace,)
    assert issue.evidence_of("another") == ()


@pytest.mark.parametrize(
    "text",
    [
        "经查，未发现未登记住客的情形。",
        "检查中不存在未登记住客的情况。",
        "现有材料不能证明前台未登记住客身份。",
        "旅馆经营者否认前台未登记住客身份。",
    ],
)
def test_what_is_denied_does_not_count(text: str, make_issue: MakeIssue) -> None:
    assert met(text, make_issue({"any": ["未登记"]})) == []
    assert met(LODGED, make_issue({"any": ["未登记"]})) == [LODGED]


@pytest.mark.parametrize(
    "text",
    [
        "如果前台未登记住客身份，应当通知派出所。",
        "一旦发现未登记住客，立即上报。",
        "培训内容包括不得未登记即办理入住。",
        "为防止未登记入住，现提示如下。",
    ],
)
def test_rules_and_suppositions_do_not_count(text: str, make_issue: MakeIssue) -> None:
    assert met(text, make_issue({"any": ["未登记"]})) == []


@pytest.mark.parametrize(
    "text",
    [
        "旅馆未登记住客身份的，由公安机关处五百元罚款。",
        "根据《住宿法》第五条规定，未登记住客的应当改正。",
        "有具有下列情形之一的：未登记住客身份。",
        "第五条　旅馆未登记住客身份的应当改正。",
    ],
)
def test_quoted_law_does_not_count(text: str, make_issue: MakeIssue) -> None:
    assert met(text, make_issue({"any": ["未登记"]})) == []


def test_words_of_the_issue_type_that_take_a_signal_back_are_heeded(make_issue: MakeIssue) -> None:
    lodging = make_issue({"any": ["登记"]}, negations=["已依法登记"])
    assert met("该旅馆住客均已依法登记。", lodging) == []
    assert met("该旅馆拒绝登记。", lodging) == ["该旅馆拒绝登记。"]


def test_a_denial_of_something_else_takes_nothing_back(make_issue: MakeIssue) -> None:
    text = "未发现消防隐患，但前台未登记住客身份。"
    assert met(text, make_issue({"any": ["未登记"]})) == [text]


def test_a_signal_of_several_groups_is_denied_where_one_of_them_is(make_issue: MakeIssue) -> None:
    assert met("走访湖畔旅馆，未发现未登记住客的情形。", make_issue({"all": [["旅馆"], ["未登记"]]})) == []


@pytest.mark.parametrize("kind", ["suggestion", "regulation", "proposal"])
def test_letters_laws_and_proposals_are_no_evidence_of_the_case(kind: Kind, make_issue: MakeIssue) -> None:
    assert met(LODGED, make_issue({"any": ["未登记"]}), kind) == []


def test_a_signal_that_needs_two_sentences_takes_the_shortest_run(make_issue: MakeIssue) -> None:
    lodging = make_issue({"all": [["旅馆"], ["未登记"]], "within": 60})
    assert met("走访湖畔旅馆。前台未登记。灯光正常。", lodging) == ["走访湖畔旅馆。前台未登记。"]
    assert met("走访湖畔旅馆。旅馆未登记。灯光正常。", lodging) == ["旅馆未登记。"]


def test_different_signals_add_up_and_the_same_signal_counts_once(make_issue: MakeIssue) -> None:
    lodging = make_issue({"any": ["未登记"], "weight": 0.5}, {"any": ["未询问"], "weight": 0.25})
    papers = [document("未登记甲。未登记乙。未询问丙。"), document("未登记丁。", title="笔录")]
    (issue,) = issues_in(papers, [lodging], CUES)
    assert issue.weight == 0.75
    assert len(issue.traces) == 4


def test_what_weighs_too_little_is_not_listed(make_issue: MakeIssue) -> None:
    light = make_issue({"any": ["未登记"], "weight": 0.25})
    assert CUES.doubtful > 0.25
    assert issues_in([document(LODGED)], [light], CUES) == []


def test_a_counter_signal_weighs_against_the_issue(make_issue: MakeIssue) -> None:
    counter: list[dict[str, Any]] = [{"any": ["旅馆立即报警"], "weight": 0.75}]
    lodging = make_issue({"any": ["未登记"]}, counter_signals=counter)
    assert met(f"{LODGED}随后旅馆立即报警。", lodging) == []
    assert met(LODGED, lodging) == [LODGED]


def test_the_heaviest_issue_comes_first(make_issue: MakeIssue) -> None:
    light = make_issue({"any": ["未登记"], "weight": 0.6}, id_="light")
    heavy = make_issue({"any": ["未登记"]}, id_="heavy")
    assert [issue.type.id for issue in issues_in([document(LODGED)], [light, heavy], CUES)] == [
        "heavy",
        "light",
    ]


def test_nothing_read_is_nothing_found(make_issue: MakeIssue) -> None:
    assert issues_in([], [make_issue({"any": ["未登记"]})], CUES) == []
    assert issues_in([document("")], [make_issue({"any": ["未登记"]})], CUES) == []


# the sample case ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(case_file: tuple[Document, ...]) -> list[Issue]:
    return issues_in(case_file, issue_types(load_scenarios()), CUES)


def test_the_sample_case_shows_the_issues_that_a_careful_reader_finds(
    sample: list[Issue], gold: dict[str, Any]
) -> None:
    shown = {issue.type.number for issue in sample if issue.weight >= CUES.finding}
    assert shown == {row["row"] for row in gold["issue_types"]}


def test_every_trace_of_the_sample_case_is_text_of_its_document(sample: list[Issue]) -> None:
    for issue in sample:
        for trace in issue.traces:
            assert trace.text == trace.document.text[trace.start : trace.end]
            assert trace.text == trace.text.strip() != ""


def test_what_a_careful_reader_finds_is_among_the_traces(sample: list[Issue], gold: dict[str, Any]) -> None:
    """Each issue rests on two or more of the facts that the gold file names for it."""
    quotes = {fact["id"]: "".join(fact["quote"].split()) for fact in gold["facts"]}
    for row in gold["issue_types"]:
        issue = next(one for one in sample if one.type.number == row["row"])
        said = "\n".join("".join(trace.text.split()) for trace in issue.traces)
        clauses = {
            id_: [c for c in re.split("[，。；]", quotes[id_]) if len(c) >= 10] for id_ in row["facts"]
        }
        hit = [id_ for id_, parts in clauses.items() if any(part in said for part in parts)]
        assert len(hit) >= 2, (issue.type.name, hit)


def test_a_question_is_no_fact(make_issue: MakeIssue) -> None:
    asked = "听证员：请问旅馆，前台是不是未登记住客的身份？"
    assert met(asked, make_issue({"any": ["未登记"]}), "hearing") == []
