"""What is noted of a summary or a finding, on records of a few lines that can be compared by eye."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from eval.case import IssueCase, IssueGold, locate
from eval.hearings import alike, hearing_case, pair
from eval.home import Home
from eval.issues import issue_case
from eval.measures import MEASURES
from eval.minutes import Excerpt, read_minutes
from eval.observed import Pairing
from eval.subjects import CannotJudge, Verbs
from ingestion.document import Document
from prompts import KnowledgeError

RECORD = """听证员（甲）：同意检察机关的意见。
听证员（乙）：我不同意不起诉。
当事人丙：我保证六月底前付清余款。
"""
GOLD = Excerpt.model_validate({
    "id": "r", "text": RECORD,
    "participants": [{"name": "甲", "role": "听证员"}, {"name": "乙", "role": "听证员"}],
    "turns": [{"speaker": "甲", "quote": "同意检察机关的意见"}, {"speaker": "乙", "quote": "我不同意不起诉"},
              {"speaker": "丙", "quote": "我保证六月底前付清余款"}],
    "opinions": [{"speaker": "甲", "view": "agree", "quote": "同意检察机关的意见"},
                 {"speaker": "乙", "view": "disagree", "quote": "我不同意不起诉"}],
    "tally": {"agree": 1, "disagree": 1},
    "issues": [{"issue": "丙是否真诚悔罪", "positions": [{"speaker": "丙", "quote": "我保证六月底前付清余款"}]}],
    "warnings": ["不一致"],
    "commitments": [{"who": "丙", "what": "我保证六月底前付清余款", "by": "六月底前"}],
})  # fmt: skip


def some(words: str, /, **more: Any) -> Any:
    """A line of a summary whose words stand in the record."""
    place = locate(RECORD, words)
    assert place is not None
    return SimpleNamespace(start=place[0], end=place[1], **{"role": "", **more})


def summary(**more: Any) -> Any:
    """The summary that a careful reader would write of RECORD."""
    return SimpleNamespace(**{
        "participants": [SimpleNamespace(name="甲", role="听证员"), SimpleNamespace(name="乙", role="听证员")],
        "turns": [some("同意检察机关的意见", speaker="甲"), some("我不同意不起诉", speaker="乙"),
                  some("我保证六月底前付清余款", speaker="丙")],
        "steps": [],
        "issues": [SimpleNamespace(issue="丙是否真诚悔罪", positions=[
            some("我保证六月底前付清余款", speaker="丙", text="我保证六月底前付清余款")])],
        "opinions": [some("同意检察机关的意见", speaker="甲", view="agree", reason="同意检察机关的意见"),
                     some("我不同意不起诉", speaker="乙", view="disagree", reason="我不同意不起诉")],
        "tally": SimpleNamespace(agree=1, disagree=1, conditional=0, unclear=0),
        "commitments": [some("我保证六月底前付清余款", who="丙", what="付清余款", by="六月底前")],
        "warnings": ["票数与各人意见不一致"],
        **more,
    })  # fmt: skip


@pytest.fixture
def heard(verbs: Verbs) -> Callable[..., dict[str, float | None]]:
    """The measures of RECORD when the product gives this summary."""

    def measure(**more: Any) -> dict[str, float | None]:
        seen = hearing_case(GOLD, replace(verbs, summarise=lambda _: summary(**more)))
        return {one.name: one.of([seen.observed]) for one in MEASURES["hearings"]}

    return measure


def test_a_perfect_summary_measures_one_everywhere(heard: Callable[..., dict[str, float | None]]) -> None:
    assert {name: value for name, value in heard().items() if value not in (1.0, None)} == {}


def test_words_given_to_another_speaker_cost_attribution(heard: Callable[..., dict[str, float | None]]) -> None:
    turns = [replace_speaker(one, "甲") for one in summary().turns]
    assert heard(turns=turns)["Speakers"] == pytest.approx(1 / 3)


def replace_speaker(turn: Any, speaker: str) -> Any:
    return SimpleNamespace(start=turn.start, end=turn.end, speaker=speaker, role="")


def test_dissent_that_is_smoothed_over_is_seen(heard: Callable[..., dict[str, float | None]]) -> None:
    first, second = summary().opinions
    second.view = "agree"
    values = heard(opinions=[first, second], tally=SimpleNamespace(agree=2, disagree=0, conditional=0, unclear=0))
    assert (values["Dissent"], values["Tally"]) == (0.0, 0.0)


def test_a_promise_of_another_day_or_person_is_not_the_same(heard: Callable[..., dict[str, float | None]]) -> None:
    (promise,) = summary().commitments
    for change in ({"by": "九月底前"}, {"who": "甲"}):
        other = SimpleNamespace(**{**vars(promise), **change})
        assert heard(commitments=[other])["CommitF1"] == 0.0


def test_a_reason_that_does_not_stand_where_it_says_is_not_verbatim(
    heard: Callable[..., dict[str, float | None]],
) -> None:
    first, second = summary().opinions
    second.start, second.end = first.start, first.end
    assert heard(opinions=[first, second])["Verbatim"] == pytest.approx(3 / 4)


def test_words_said_twice_are_two_turns(verbs: Verbs) -> None:
    text = "甲：不申请。\n乙：不申请。\n"
    turns = [{"speaker": "甲", "quote": "不申请。"}, {"speaker": "乙", "quote": "不申请。"}]
    case = Excerpt.model_validate({"id": "r", "text": text, "turns": turns})
    given = [SimpleNamespace(start=0, end=6, speaker="甲", role=""), SimpleNamespace(start=7, end=13, speaker="乙", role="")]
    seen = hearing_case(case, replace(verbs, summarise=lambda _: summary(turns=given)))
    assert seen.observed.parts["turns"] == Pairing(2, 2, 2)


def test_dissent_that_another_one_reports_counts_by_its_words(heard: Callable[..., dict[str, float | None]]) -> None:
    first, second = summary().opinions
    second.speaker = "听证员代表"
    assert heard(opinions=[first, second])["Dissent"] == 1.0


def test_one_given_thing_stands_for_one_wanted_thing() -> None:
    assert pair(["甲", "甲"], ["甲", "乙"], lambda a, b: a == b) == Pairing(2, 2, 1)


def test_two_wordings_of_one_issue_are_alike() -> None:
    assert alike("赵某是否真诚悔罪", "被告人赵某是否真诚悔罪") > 0.7
    assert alike("赵某是否真诚悔罪", "余款何时付清") == 0.0


def test_a_record_and_its_gold_are_read_together_and_an_unknown_key_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "hearings"
    folder.mkdir()
    (folder / "dev-record-1.txt").write_text(RECORD, encoding="utf-8")
    (folder / "dev-record-1.yaml").write_text("tally: {agree: 1, disagree: 1}\n", encoding="utf-8")
    (case,) = read_minutes(tmp_path, "dev")
    assert (case.id, case.text) == ("dev-record-1", RECORD.strip())
    (folder / "dev-record-1.yaml").write_text("tallies: {agree: 1}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"hearings/dev-record-1\.yaml(.|\n)*tallies：不认识的键"):
        list(read_minutes(tmp_path, "dev"))


def finding(document: Document, quote: str, **more: Any) -> Any:
    place = locate(document.text, quote)
    assert place is not None
    cited = SimpleNamespace(document_id=document.id, start=place[0], end=place[1], quote=quote, law=None)
    kind = SimpleNamespace(number=3, name="旅馆")
    return SimpleNamespace(**{"type": kind, "citations": [cited], "doubtful": False, **more})


def flagged(text: str, home: Home, verbs: Verbs, *gold: tuple[int, str], **more: Any) -> Any:
    """What is noted where the product finds issue 3 in the words 没有登记."""
    case = IssueCase(id="a", text=text, gold=tuple(IssueGold(row=row, quote=quote) for row, quote in gold))
    broken = replace(verbs, find_issues=lambda documents, on: [finding(documents[0], "没有登记", **more)])
    return issue_case(case, date(2026, 11, 25), home, broken).observed


def test_a_finding_is_compared_by_its_row_and_its_words(eval_home: Home, verbs: Verbs) -> None:
    seen = flagged("旅馆没有登记住客。门口没有标志。", eval_home, verbs, (3, "旅馆没有登记住客"), (4, "门口没有标志"))
    assert (seen.gold, seen.found) == ({3, 4}, {3})
    assert (seen.quoted, seen.verbatim) == ((True, False), (True,))


def test_a_doubtful_finding_is_not_shown_as_one(eval_home: Home, verbs: Verbs) -> None:
    assert flagged("旅馆没有登记住客。", eval_home, verbs, doubtful=True).found == frozenset()


def test_gold_that_does_not_stand_in_its_text_cannot_be_judged(eval_home: Home, verbs: Verbs) -> None:
    with pytest.raises(CannotJudge, match="没有“别的话”"):
        flagged("旅馆没有登记住客。", eval_home, verbs, (3, "别的话"))
