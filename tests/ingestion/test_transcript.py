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
        ("【听证员王某】我同意。", "王某"),
        ("**听证员王某：**我同意。", "王某"),
        ("听证员王某\t我同意。", "王某"),
        ("听证员（王某）问：付了没有？", "王某"),
        ("3. 听证员王某：我同意。", "王某"),
        ("听证员2：我同意。", "听证员2"),
        ("王某（00:12:35）：我同意。", "王某"),
        ("SPEAKER_01: 我同意。", "SPEAKER_01"),
        ("说话人2 00:12:35\n我没有意见。", "说话人2"),
        ("被害人的母亲：我不谅解。", "被害人的母亲"),
        ("老赵：我不谅解。", "老赵"),
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


@pytest.mark.parametrize(
    "line",
    ["派出所民警当时说：不立案。", "家属意见：不同意。", "理由如下：没有证据。", "另外，大队长说过：你回去等。",
     "本案的当事人：两个人。", "各位听证员：请看这里。", "“听证员：都一样。”这是原话。", "方案：先付一半。"],
)  # fmt: skip
def test_a_paragraph_that_only_speaks_of_somebody_stays_with_its_speaker(line: str) -> None:
    assert said(f"{HEAD}主持人：现在开始。\n申请人刘某：我不服。\n{line}\n主持人：好。") == [
        ("钱立", "现在开始。"),
        ("刘某", f"我不服。\n{line}"),
        ("钱立", "好。"),
    ]


def test_a_label_inside_a_quotation_over_several_paragraphs_is_no_speaker() -> None:
    assert [name for name, _ in said("申请人刘某：通知写着：“各位：\n主持人：张三。\n到此为止。”念完了。\n主持人：好。")] == [
        "刘某",
        "主持人",
    ]


def test_speeches_run_together_in_one_paragraph_are_told_apart() -> None:
    text = HEAD + "主持人：是否申请回避？刘某：不申请。主持人：好。\n主持人：请坐。\n"
    assert said(text)[:3] == [("钱立", "是否申请回避？"), ("刘某", "不申请。"), ("钱立", "好。")]


def test_nobody_is_known_to_go_on_behind_a_break_or_a_heading() -> None:
    text = "申请人刘某：先说到这里。\n（休会十分钟）\n现在继续。\n主持人：好。\n三、听证员提问\n付了没有？\n"
    assert [name for name, _ in said(text)] == ["刘某", UNKNOWN, "主持人", UNKNOWN]


def test_behind_a_gesture_the_same_speaker_goes_on() -> None:
    assert said("申请人刘某：看这里。\n（出示照片）\n这是门口。\n主持人：好。")[:2] == [
        ("刘某", "看这里。"),
        ("刘某", "这是门口。"),
    ]


def test_a_surname_with_a_title_is_a_name_only_where_one_person_has_it() -> None:
    text = HEAD + "王听证员：同意。\n陈听证员：不同意。\n刘某：好。\n"
    assert [name for name, _ in said(text)] == ["王某", "陈听证员", "刘某"]


def test_two_persons_behind_one_hidden_name_are_told_apart_by_their_labels() -> None:
    head = "主持人：钱立\n听证员：王某某（人大代表）、王某某（教师）\n"
    text = head + "主持人：现在开始。\n听证员王某某（人大代表）：同意。\n听证员王某某（教师）：不同意。\n"
    record = read_transcript(text, ROLES)
    assert len({turn.speaker for turn in record.turns}) == 3
    assert record.unlisted == ()


def test_an_answer_that_is_only_a_name_does_not_end_the_record() -> None:
    text = HEAD + "主持人：请说姓名。\n申请人：刘某\n主持人：好。\n主持人：钱立　书记员：\n听证员（签名）：王某　陈某甲\n"
    assert said(text) == [("钱立", "请说姓名。"), ("刘某", "刘某"), ("钱立", "好。")]


def test_the_items_of_an_announced_list_belong_to_the_turn() -> None:
    text = "承办检察官：听证的问题是：\n一、是否抗诉\n二、是否赔偿\n以上。\n主持人：好。"
    assert said(text)[0] == ("承办检察官", "听证的问题是：\n一、是否抗诉\n二、是否赔偿\n以上。")


def test_a_title_names_a_person_only_where_the_list_gives_it_to_one() -> None:
    """Two named 郝: 郝局长 is the one whom the list calls so, 郝老师 may be either and stays as it is."""
    text = (
        "听证员：郝建民（小学教师）、郝丽（会计）\n被申请人：市水利局，到场人员：裘正（副局长）\n主持人：现在开始。\n"
        "郝老师：我补充一点。\n裘局长：时间没有异议。\n"
    )
    assert [turn.speaker for turn in read_transcript(text, ROLES).turns] == ["主持人", "郝老师", "裘正"]
