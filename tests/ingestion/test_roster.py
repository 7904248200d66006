from __future__ import annotations

import pytest

from ingestion.transcript import called_by_surname, read_transcript
from prompts.hearing import load_hearing

ROLES = load_hearing().roles
SPEECH = "\n主持人：现在开始听证。\n"


def people(head: str) -> dict[str, str]:
    return {one.name: one.role for one in read_transcript(head + SPEECH, ROLES).participants}


@pytest.mark.parametrize(
    "head",
    [
        "主 持 人：季平　　第四检察部主任\n听 证 员：关永强（区人大代表）、包晗（教师）",
        "主持人：季平；听证员：关永强、包晗",
        "方式：公开　主持人：季平　听证员：关永强、包晗",
        "主持人：第四检察部主任季平\n听证员（2人）：\n1.关永强，区人大代表\n2.包晗，大学教师、社区居民",
        "1.检察机关：检察长季平（主持人），书记员殷小露\n2.听证员：关永强，区人大代表、镇卫生院护士长\n　　　　包晗，社区干部",
        "主持人：副检察长　季平\n听证员：区人大代表　关永强\n　　　　律师　包晗",
        "姓名　　　身份或职务　　听证中的身份\n季平　　　检察官　　　　主持人\n关永强　　区人大代表　　听证员\n包晗　　　律师　　　　　听证员",
        "主持人　　季平\n听证员　　关永强\n听证员　　包晗",
        "主持人：季平\n听证员一：关永强\n听证员二：包晗",
        "主 持 人：季平\n听 证 员：关永强　包晗",
        "主持人：季平检察官\n听证员：\n关永强　区人大代表\n包晗　　执业律师",
    ],
)
def test_an_attendance_list_is_read_in_each_form_that_clerks_use(head: str) -> None:
    found = people(head)
    assert {name: role for name, role in found.items() if name != "殷小露"} == {
        "季平": "主持人",
        "关永强": "听证员",
        "包晗": "听证员",
    }


def test_facts_at_the_head_are_no_persons() -> None:
    assert people("案由：方平申请监督案\n听证地点：平安路\n听证方式：公开\n承办部门：第四检察部\n主持人：季平") == {"季平": "主持人"}


def test_a_person_whom_an_office_sent_is_known_by_the_brackets() -> None:
    head = "主持人：季平\n被申请机关：区自然资源局（负责人：青松）\n合适成年人：祖琳\n"
    record = read_transcript(f"{head}主持人：现在开始。\n被申请机关青松：我们在改。\n合适成年人祖琳：他愿意改。\n", ROLES)
    assert [turn.speaker for turn in record.turns] == ["季平", "青松", "祖琳"]


def test_a_numbered_panelist_is_the_one_whom_the_list_numbers_so() -> None:
    head = "主持人：季平\n听证员一：关永强（教师）\n听证员二：包晗（律师）\n"
    record = read_transcript(f"{head}主持人：请表态。\n听证员一：同意。\n听证员二：不同意。\n", ROLES)
    assert [turn.speaker for turn in record.turns] == ["季平", "关永强", "包晗"]


def test_a_surname_with_a_title_that_the_list_does_not_give_is_said_for_a_look() -> None:
    head = "主持人：季平\n听证员：宫本才（村民）、上官清（教授）\n"
    text = f"{head}主持人：请表态。\n宫书记：同意。\n上官教授：不同意。\n"
    record = read_transcript(text, ROLES)
    assert [turn.speaker for turn in record.turns] == ["季平", "宫本才", "上官清"]
    assert called_by_surname(text, record) == {"宫书记": "宫本才"}


def test_of_two_with_one_surname_a_title_that_the_list_gives_to_neither_names_nobody() -> None:
    head = "主持人：季平\n听证员：党根柱（村民）、党卫国（村民）\n"
    record = read_transcript(f"{head}主持人：请表态。\n党师傅：同意。\n", ROLES)
    assert record.turns[-1].speaker == "党师傅"


def test_words_of_one_are_never_given_to_another_of_the_same_surname() -> None:
    head = "主持人：季平\n听证员：陈小军（系父子）\n"
    record = read_transcript(f"{head}主持人：请说。\n陈国富：不申请。\n", ROLES)
    assert record.turns[-1].speaker == "陈国富"
