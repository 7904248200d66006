from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistant.errors import BadRequest
from assistant.hearing import HearingSummary, summarise_hearing
from ingestion.document import Document
from ingestion.read import read_document, to_document

RECORD = Path(__file__).parents[2] / "eval" / "samples" / "2026-0117" / "听证笔录.docx"


def summary(text: str) -> HearingSummary:
    return summarise_hearing(to_document(text.encode(), "听证笔录.txt"))


def view(words: str) -> str:
    (one,) = summary(f"听证员王某：{words}").opinions
    return one.view


@pytest.fixture(scope="module")
def record() -> Document:
    return read_document(RECORD)


@pytest.fixture(scope="module")
def sample(record: Document) -> HearingSummary:
    return summarise_hearing(record)


def test_every_quote_of_the_sample_stands_word_for_word(record: Document, sample: HearingSummary) -> None:
    spans = [(p.text, p.start, p.end) for issue in sample.issues for p in issue.positions]
    spans += [(o.reason, o.start, o.end) for o in sample.opinions]
    spans += [(c.what, c.start, c.end) for c in sample.commitments]
    spans += [(issue.issue, issue.start, issue.end) for issue in sample.issues]
    assert len(spans) > 15
    assert all(record.text[start:end] == quote for quote, start, end in spans)


def test_the_sample_has_its_seven_steps_in_order(sample: HearingSummary, gold: dict[str, Any]) -> None:
    assert [step.step for step in sample.steps] == gold["hearing"]["steps"]


def test_the_tally_and_the_views_of_the_sample_are_exact(sample: HearingSummary, gold: dict[str, Any]) -> None:
    assert {"unclear": 0, **gold["hearing"]["tally"]} == vars(sample.tally)
    assert {one.speaker: one.view for one in sample.opinions} == {
        one["name"]: one["opinion"] for one in gold["hearing"]["panel"]
    }


def test_the_issues_in_dispute_are_those_announced(sample: HearingSummary, gold: dict[str, Any]) -> None:
    assert [f"第{n}，{one.issue}" for n, one in zip("一二三", sample.issues, strict=True)] == gold["hearing"]["issues"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("同意。", "agree"),
        ("我没有意见，赞成检察官的处理。", "agree"),
        ("同意，建议写明整改时间。", "agree"),
        ("刚才陈律师说他不同意，但我本人同意不起诉。", "agree"),
        ("我不同意，应当起诉。", "disagree"),
        ("反对不起诉。", "disagree"),
        ("同意，但是要以先交清罚款为前提。", "conditional"),
        ("有条件地同意。", "conditional"),
        ("原则上不反对，不过保留意见。", "unclear"),
        ("也不能说不同意，我再想想。", "unclear"),
        ("刚才郝建勋听证员不同意，我认为应当制发，我同意。", "agree"),
        ("家属不同意调解，我同意检察机关的意见。", "agree"),
        ("我不赞成刚才郝建勋的看法，同意检察机关的意见。", "agree"),
        ("未经本人同意采集人脸信息是违法的，我反对不起诉。", "disagree"),
        ("除非先把钱还清，否则我不同意。", "conditional"),
        ("同意前两点，第三点不同意。", "conditional"),
        ("我原来不同意，听了评议后改为同意。", "agree"),
        ("这个问题我今天表不了态。", "unclear"),
        ("检察机关的处理意见是妥当的。", "agree"),
        ("处理意见不妥。", "disagree"),
    ],
)
def test_a_view_is_read_as_it_was_meant(words: str, expected: str) -> None:
    assert view(words) == expected


def test_dissent_is_kept() -> None:
    found = summary("听证员甲：同意。\n听证员乙：不同意，伤情不轻。\n听证员丙：同意。")
    assert vars(found.tally) == {"agree": 2, "disagree": 1, "conditional": 0, "unclear": 0}
    assert [(one.speaker, one.reason) for one in found.dissent] == [("乙", "不同意，伤情不轻。")]


def test_a_stated_count_that_the_opinions_do_not_bear_out_is_told() -> None:
    found = summary("听证员甲：同意。\n听证员乙：不同意。\n听证员丙：同意。\n主持人：三名听证员一致同意，到此结束。")
    assert found.tally.disagree == 1
    assert any("一致同意" in warning and "1 人" in warning for warning in found.warnings)


def test_a_change_of_mind_counts_once_and_is_told() -> None:
    found = summary("听证员甲：我不同意。\n听证员乙：同意。\n听证员甲：听了解释，我同意。")
    assert (found.tally.agree, found.tally.disagree) == (2, 0)
    assert any("甲先后意见不同" in warning for warning in found.warnings)


def test_a_representative_reports_the_count_and_the_dissent() -> None:
    found = summary("听证员代表张敏：四名听证员同意检察机关的意见，何某不同意，他认为应当起诉。")
    assert (found.tally.agree, found.tally.disagree) == (4, 1)
    assert [(one.speaker, one.view) for one in found.dissent] == [("何某", "disagree")]


def test_a_promise_has_its_maker_its_words_and_its_time() -> None:
    found = summary("被申请人代表韩某：我局将于9月30日前完成复查，费用自理。\n主持人：好。")
    assert [(one.who, one.what, one.by) for one in found.commitments] == [
        ("韩某", "我局将于9月30日前完成复查", "9月30日前")
    ]


def test_what_is_asked_of_others_is_no_promise() -> None:
    found = summary("申请人刘某：请你们三十日内给我答复。\n听证员王某：希望公安机关月底前加强检查。")
    assert found.commitments == ()


def test_words_of_nobody_known_are_told() -> None:
    assert any("1 处发言未识别" in one for one in summary("主持人：请安静。\n——（有人插话）是你！").warnings)


def test_a_document_in_which_nobody_speaks_is_refused_with_advice() -> None:
    with pytest.raises(BadRequest, match="没有可以辨认的发言"):
        summary("经审理查明，被告人盗窃手机一部。")


OPINIONS = "主持人：现在开始听证。\n主持人：请听证员发表意见。\n"
LISTED = "主持人：钱立\n听证员：宋佩琴、郝建勋、王丽\n"


def test_a_representative_gives_each_named_member_the_view_that_is_his() -> None:
    found = summary(LISTED + OPINIONS + "听证员代表宋佩琴：经评议，宋佩琴、郝建勋同意；王丽不同意，认为证据不足。")
    assert [(one.speaker, one.view, one.reason) for one in found.opinions] == [
        ("宋佩琴", "agree", "宋佩琴、郝建勋同意"),
        ("郝建勋", "agree", "宋佩琴、郝建勋同意"),
        ("王丽", "disagree", "王丽不同意，认为证据不足。"),
    ]
    assert (found.tally.agree, found.tally.disagree) == (2, 1)


def test_dissent_that_a_report_ascribes_to_nobody_is_kept_for_nobody() -> None:
    found = summary(LISTED + OPINIONS + "听证员代表宋佩琴：表决结果为两票同意、一票反对，反对的理由是证据不足。")
    assert (found.tally.agree, found.tally.disagree) == (2, 1)
    assert [(one.speaker, one.view) for one in found.dissent] == [("未识别", "disagree")]
    assert "证据不足" in found.dissent[0].reason


def test_a_panelist_who_speaks_for_all_gives_the_count_of_all() -> None:
    found = summary(LISTED + OPINIONS + "听证员宋佩琴：我代表听证员发言，经评议，我们一致同意检察机关的意见。")
    assert found.tally.agree == 3


def test_who_joins_a_dissenter_dissents_and_it_is_told() -> None:
    found = summary(LISTED + OPINIONS + "听证员王丽：不同意。\n听证员宋佩琴：我同意王丽听证员的意见。")
    assert [one.view for one in found.opinions] == ["disagree", "disagree"]
    assert any("宋佩琴表示赞同他人意见" in warning for warning in found.warnings)


def test_an_opinion_without_words_of_a_view_is_kept_as_unclear_and_told() -> None:
    found = summary(LISTED + OPINIONS + "听证员王丽：证据上还有疑点，监控只有一段，不足以认定。\n听证员宋佩琴：同意。")
    assert [(one.speaker, one.view) for one in found.opinions] == [("王丽", "unclear"), ("宋佩琴", "agree")]
    assert any("没有明确的同意或不同意用语" in warning for warning in found.warnings)
    assert any("没有以下听证员的意见：郝建勋" in warning for warning in found.warnings)


def test_opinions_under_a_label_that_several_share_are_counted_apart() -> None:
    found = summary(LISTED + OPINIONS + "听证员：同意。\n听证员：不同意。")
    assert (found.tally.agree, found.tally.disagree) == (1, 1)
    assert any("不止一名听证员" in warning for warning in found.warnings)


def test_one_of_four_that_agrees_on_a_condition_is_no_contradiction() -> None:
    found = summary(
        LISTED + OPINIONS + "听证员宋佩琴：同意。\n听证员郝建勋：同意，条件是先赔偿。\n听证员王丽：不同意。\n"
        "主持人：两名听证员同意，其中一名附条件同意，一名不同意。"
    )
    assert not any("主持人称" in warning for warning in found.warnings)


def test_the_time_of_a_promise_is_the_time_alone() -> None:
    found = summary("申请人代表韩某：剩余部分在消纳场扩容后四十五日内清完，由我局负责。\n主持人：好。")
    assert [one.by for one in found.commitments] == ["消纳场扩容后四十五日内"]


def test_a_wish_goes_on_to_its_next_clause() -> None:
    assert summary("申请人刘某：希望两个局别再推，年底前完成整改。\n主持人：好。").commitments == ()


def test_a_task_that_the_presider_gives_is_the_handlers() -> None:
    found = summary("主持人：钱立\n承办检察官：祝颖\n主持人：现在开始。\n主持人：请承办检察官在9月25日前提交方案。")
    assert [(one.who, one.by) for one in found.commitments] == [("祝颖", "9月25日前")]


def test_a_view_read_from_what_a_panelist_wants_done_is_told_to_be_checked() -> None:
    found = summary(
        LISTED + "承办检察官：本院拟对赵某作不起诉决定。\n" + OPINIONS + "听证员王丽：应当起诉。\n听证员宋佩琴：同意不起诉。"
    )
    assert {one.speaker: one.view for one in found.opinions} == {"王丽": "disagree", "宋佩琴": "agree"}
    assert [one for one in found.warnings if "按发言主张计" in one] == [
        "王丽没有用同意或不同意一类的词，按发言主张计为不同意，请核对。"
    ]
