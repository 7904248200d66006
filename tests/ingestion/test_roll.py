from __future__ import annotations

from itertools import pairwise

import pytest

from ingestion import names
from ingestion.roll import everyone


def people(text: str, known: tuple[str, ...] = ()) -> list[str]:
    return [person.name for person in everyone(text, known).persons]


def officials(text: str) -> set[str]:
    return {person.name for person in everyone(text).officials}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("被告人张伟身份证号码330106199001011234。", ["张伟"]),
        ("当天王小刚没有上班，赵丽华替他。", ["王小刚", "赵丽华"]),
        ("欧阳修远和诸葛明亮在超市门口打电话。", ["欧阳修远", "诸葛明亮"]),
        ("阿依古丽·买买提江向扎西顿珠借款。", ["阿依古丽·买买提江", "扎西顿珠"]),
        ("证人热合曼·卡德尔的陈述，热合曼·卡德尔报警。", ["热合曼·卡德尔"]),
        ("合同由John Smith与伊万·彼得罗夫签订。", ["John Smith", "伊万·彼得罗夫"]),
        ("证人：段福杰\n签名：牛天军\n", ["段福杰", "牛天军"]),
        ("姓名\t身份证号\n齐峰志\t330106199001011234\n", ["齐峰志"]),
        ("被害人陈梅香、陈梅香之女刘思雨在场。", ["陈梅香", "刘思雨"]),
        ("上诉人陈文杰明知陈某驾驶其车辆，陈文杰仍坐车。", ["陈文杰"]),
        ("被询问人：马海洋\n询问人：张建国\n", ["马海洋"]),
    ],
)
def test_persons_are_found_with_and_without_roles(text, found):
    assert people(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "证人赵某、张某甲、李某1、吴xx的证言，被害人A报警。",
        "习近平总书记强调，要弘扬雷锋精神。",
        "（2015）温乐刑初字第244号，国家安全、交通平安、文明施工，群众很高兴。",
        "老王和小李在村口闲聊，王经理没来。",
        "被害人陈述、证人证言、被告人供述与辩解均证实。",
        "使用Microsoft Office软件，向Apple Inc购买。",
    ],
)
def test_what_names_nobody_is_left_alone(text):
    assert people(text) == []


def test_who_stands_there_by_office_is_told_apart():
    text = (
        "检察员李志强、周丽萍出庭。被告人王大海及其辩护人赵敏，浙江某某律师事务所律师到庭。委托诉讼代理人：汤飞光，浙江某某律师事务所律师。"
        "民警孙国庆抓获王大海。审判长陈秋晨 书记员叶培斌"
    )
    assert people(text) == ["王大海"]
    assert officials(text) == {"李志强", "周丽萍", "赵敏", "汤飞光", "孙国庆", "陈秋晨", "叶培斌"}


def test_an_officer_who_is_accused_or_hurt_is_no_official():
    assert people("被告人王大海，男，原系民警。民警王大海收受贿赂。") == ["王大海"]
    assert people("被害人孙国庆陈述，民警孙国庆执勤时被打。") == ["孙国庆"]


def test_a_name_that_is_a_word_is_found_where_a_person_stands_and_nowhere_else():
    text = "证人高兴证实，大家都很高兴。高兴称不知情，被告人平安，男，四十岁。要保障群众平安。"
    places = {
        person.name: [text[start - 1 : end + 1] for start, end in person.spans]
        for person in everyone(text).persons
    }
    assert places == {"高兴": ["人高兴证", "。高兴称"], "平安": ["人平安，"]}


def test_a_short_name_never_cuts_a_longer_name_or_a_word():
    text = "被害人王芳报警，证人王芳芳在场。国王芳龄十八。"
    spans = {person.name: person.spans for person in everyone(text).persons}
    assert spans["王芳"] == ((3, 5),)


def test_a_given_name_alone_leads_to_its_owner():
    assert everyone("被害人李小红报警。证人说，小红当天在家。").short == {"小红": "李小红"}


def test_a_name_of_the_case_is_found_without_any_sign():
    text = "另附秦祥立一份。"
    assert "秦祥立" in people(text, ("秦祥立",))


def test_without_the_model_roles_still_speak_and_the_user_is_told(monkeypatch):
    monkeypatch.setattr(names, "_tagger", lambda: None)
    assert people("被害人李小红报警，证人张三丰的证言。") == ["李小红", "张三丰"]
    assert "未能加载" in (names.missing() or "")


def test_the_model_is_there_and_its_words_cover_the_text():
    text = "张三在北京。\n李四，" + "很长的一段话" * 80 + "。末句"
    assert names.missing() is None
    words = names.words(text)
    assert (words[0].start, words[-1].end) == (0, len(text))
    assert all(before.end <= after.start for before, after in pairwise(words))
    read = "".join(text[word.start : word.end] for word in words)
    assert read.replace("\n", "") == text.replace("\n", "")
