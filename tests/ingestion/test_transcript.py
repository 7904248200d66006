from __future__ import annotations

import pytest

from ingestion.transcript import UNKNOWN, Participant, read_transcript
from prompts.hearing import load_hearing

ROLES = load_hearing().roles
HEAD = "听证笔录\n主持人：钱立（副检察长）\n承办检察官：贺铭、戴小雨\n听证员：王某（退休教师）、陈某甲、陈某乙\n参加人：申请人刘某；店长方晓\n"


def said(text: str) -> list[tuple[str, str]]:
    record = read_transcript(text, ROLES)
    return [(turn.speaker, text[turn.start : turn.end]) for turn in record.turns]


@pytest.mark.parametrize(
    ("line", "speaker"),
    [
        ("听证员王某：我同意。", "王某"),
        ("听证员（王某）：我同意。", "王某"),
        ("听证员 李建明：我同意。", "李建明"),
        ("主持人（副检察长 钱立）:现在开始。", "钱立"),
        ("[00:12:35] 主持人：现在开始。", "主持人"),
        ("00:12 被害人：我没有意见。", "被害人"),
        ("说话人2：我没有意见。", "说话人2"),
        ("文旅代表：我局接受意见。", "文旅代表"),
    ],
)
def test_a_label_in_any_form_names_its_speaker(line: str, speaker: str) -> None:
    assert [name for name, _ in said(line)] == [speaker]


def test_the_words_begin_behind_the_label_and_end_with_the_turn() -> None:
    assert said("主持人：现在开始。\n请各方发言。\n申请人刘某：好的。") == [
        ("主持人", "现在开始。\n请各方发言。"),
        ("刘某", "好的。"),
    ]


def test_a_colon_inside_a_sentence_is_no_label() -> None:
    assert said("辩护人：理由如下：第一，自首。\n我补充一点：已经赔偿。") == [
        ("辩护人", "理由如下：第一，自首。\n我补充一点：已经赔偿。")
    ]


def test_the_speech_of_another_inside_a_turn_does_not_change_the_speaker() -> None:
    assert [name for name, _ in said("证人杜某：店长说：“不用登记。”我就给了房卡。\n主持人：好。")] == ["杜某", "主持人"]


def test_an_interjection_belongs_to_nobody_known() -> None:
    assert said("主持人：请安静。\n——（旁听席有人插话）是你签的！") == [("主持人", "请安静。"), (UNKNOWN, "是你签的！")]


def test_question_and_answer_are_resolved_only_where_it_is_certain() -> None:
    known = HEAD + "听证员王某：我问申请人几个问题。\n问：钱付了吗？\n答：付了。\n"
    assert [name for name, _ in said(known)] == ["王某", "王某", "刘某"]
    assert [name for name, _ in said("听证员提问：\n问：钱付了吗？\n答：付了。\n")] == [UNKNOWN, UNKNOWN]
    both = HEAD + "听证员王某：两边都可以回答。\n答：提过。\n"
    assert [name for name, _ in said(both)] == ["王某", UNKNOWN]


def test_a_role_is_a_name_only_where_the_list_gives_exactly_one() -> None:
    text = HEAD + "主持人：现在开始。\n承办检察官：我介绍案情。\n"
    assert [name for name, _ in said(text)] == ["钱立", "承办检察官"]


def test_the_attendance_list_gives_names_and_roles() -> None:
    record = read_transcript(HEAD + "主持人：现在开始。\n", ROLES)
    assert record.participants == (
        Participant("钱立", "主持人"),
        Participant("贺铭", "承办检察官"),
        Participant("戴小雨", "承办检察官"),
        Participant("王某", "听证员"),
        Participant("陈某甲", "听证员"),
        Participant("陈某乙", "听证员"),
        Participant("刘某", "申请人"),
        Participant("方晓", "店长"),
    )


def test_persons_of_one_surname_are_never_merged() -> None:
    text = HEAD + "听证员陈某甲：同意。\n听证员陈某乙：不同意。\n"
    assert [name for name, _ in said(text)] == ["陈某甲", "陈某乙"]


def test_who_is_not_in_the_list_is_named() -> None:
    assert read_transcript(HEAD + "证人杜某：我看见了。\n", ROLES).unlisted == ("杜某",)


def test_headings_directions_and_signatures_are_not_speech() -> None:
    text = "主持人：现在休会。\n（休会十分钟）\n三、听证员提问\n主持人：现在复会。\n以上笔录核对无误。\n主持人：钱立\n"
    assert said(text) == [("主持人", "现在休会。"), ("主持人", "现在复会。")]
    assert [text[one.start : one.end] for one in read_transcript(text, ROLES).asides] == ["（休会十分钟）", "三、听证员提问"]


def test_a_signature_needs_no_sentence_before_it() -> None:
    assert said("主持人：听证到此结束。\n主持人：钱立\n听证员：王某　陈某甲\n") == [("主持人", "听证到此结束。")]


def test_a_label_on_its_own_line_opens_the_turn_below() -> None:
    assert said("主持人：\n请发表意见。\n听证员何某：\n我同意。\n没有补充。") == [
        ("主持人", "请发表意见。"),
        ("何某", "我同意。\n没有补充。"),
    ]


def test_a_text_without_labels_has_no_turns() -> None:
    assert said("经审理查明，被告人盗窃手机一部。") == []
    assert said("") == []
