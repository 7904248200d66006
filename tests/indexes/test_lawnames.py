from __future__ import annotations

import pytest

from indexes.law_knowledge import Knowledge, Repeal, name_key
from indexes.lawnames import law_titles

TITLES = [
    "中华人民共和国刑法",
    "中华人民共和国治安管理处罚法",
    "最高人民法院、最高人民检察院关于办理甲类案件的解释",
    "最高人民法院关于办理乙类案件的规定",
    "最高人民检察院关于办理丙类案件的规定",
    "最高人民法院关于办理丙类案件的规定",
    "人民检察院某规则（试行）",
    "中华人民共和国刑法修正案（十一）",
]
KNOWN = Knowledge(
    aliases={name_key("治安法"): "中华人民共和国治安管理处罚法"},
    repeals=(Repeal("中华人民共和国合同法", None, "民法典", "test"),),
)
NAMES = law_titles(TITLES, [("最高人民法院关于办理乙类案件的规定", "标题\n法释〔2021〕3号\n第一条")], KNOWN)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("刑法", "中华人民共和国刑法"),
        ("《中华人民共和国刑法》", "中华人民共和国刑法"),
        ("刑法（2020年修正）", "中华人民共和国刑法"),
        ("治安法", "中华人民共和国治安管理处罚法"),
        ("合同法", "中华人民共和国合同法"),  # repealed, and in no library
        ("最高人民法院最高人民检察院关于办理甲类案件的解释", TITLES[2]),
        ("两高关于办理甲类案件的解释", TITLES[2]),
        ("最高法关于办理乙类案件的规定", TITLES[3]),
        ("关于办理乙类案件的规定", TITLES[3]),
        ("关于办理丙类案件的规定", None),  # two issuers: neither is meant
        ("法释〔2021〕3号", TITLES[3]),
        ("法释〔2021〕4号", None),
        ("刑", None),
        ("刑法修正案十一", "中华人民共和国刑法修正案（十一）"),
        ("", None),
        ("依照刑法", None),
    ],
)
def test_a_law_is_known_by_every_name_it_goes_by(written: str, title: str | None):
    assert NAMES(written) == title


def test_the_names_follow_the_library(catalogue, put):
    from indexes.lawbook import LawBook

    assert LawBook(catalogue).names()("某某管理条例") is None
