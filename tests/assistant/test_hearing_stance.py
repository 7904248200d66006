"""Where a clause stands towards what is proposed: 反对起诉 agrees where non-prosecution is proposed."""

from __future__ import annotations

import pytest

from assistant.hearing_stance import Proposal, proposal_of, stance_of, widened
from ingestion.transcript import read_transcript
from prompts.hearing import load_hearing

CUES = load_hearing()
NOT_PROSECUTED = {"起诉": -1}


@pytest.mark.parametrize(
    ("clause", "proposed", "sign"),
    [
        ("反对起诉", NOT_PROSECUTED, 1),
        ("没有起诉的必要", NOT_PROSECUTED, 1),
        ("不起诉说不过去", NOT_PROSECUTED, -1),
        ("应该送上法庭", NOT_PROSECUTED, -1),
        ("应当起诉", {"起诉": 1}, 1),
        ("应当批准逮捕", {"羁押": -1}, -1),
        ("人可以放出来", {"羁押": -1}, 1),
        ("不支持监督是对的", {"监督": -1}, 1),
        ("应当抗诉", {"监督": -1}, -1),
        ("抗诉就不必了", {"监督": 1}, -1),
        ("不能说我不赞成结案", {"终结": 1}, 1),
        ("我并非不同意", {}, 1),
        ("我看行", {}, 1),
        ("我看不行", {}, -1),
        ("就按检察院说的办", {}, 1),
        ("这样处理太轻了", {}, -1),
    ],
)
def test_negations_attitudes_and_outcomes_multiply(clause: str, proposed: dict[str, int], sign: int) -> None:
    assert [stance.sign for stance in stance_of(clause, Proposal(proposed), CUES.stance)] == [sign]


@pytest.mark.parametrize(
    "clause", ["他不该碰方向盘", "原判决不妥", "不起诉不等于不处罚", "赔偿款不够", "起诉书我看过了", "能不能起诉"]
)
def test_a_clause_that_judges_nothing_at_stake_has_no_stand(clause: str) -> None:
    assert not list(stance_of(clause, Proposal(NOT_PROSECUTED), CUES.stance))


def test_two_outcomes_in_one_clause_are_judged_apart() -> None:
    proposed = Proposal({"监督": -1, "制发检察建议": 1})
    stands = {one.outcome: one.sign for one in stance_of("不支持监督和制发检察建议我都同意", proposed, CUES.stance)}
    assert stands == {"监督": 1, "制发检察建议": 1}


@pytest.mark.parametrize(
    ("said", "signs"),
    [
        ("承办检察官：公安机关提请批准逮捕。我们的初步意见是不批准逮捕。", {"羁押": -1}),
        ("承办人：拟建议法院对其变更强制措施为取保候审。", {"羁押": -1}),
        ("主持人：请就信访事项终结的方案谈看法。", {"终结": 1}),
        ("承办人：案情介绍完毕。", {}),
    ],
)
def test_what_is_proposed_is_taken_from_the_prosecutors_words(said: str, signs: dict[str, int]) -> None:
    record = read_transcript(said, CUES.roles)
    assert dict(proposal_of(said, record.turns, CUES).signs) == signs


def test_half_width_marks_are_read_as_full_ones_and_keep_their_places() -> None:
    text = "主持人:好,14:05记下来.\n金额3,500.5元?"
    assert widened(text) == "主持人：好，14:05记下来。\n金额3,500.5元？"
    assert len(widened(text)) == len(text)
