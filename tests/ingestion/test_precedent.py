from __future__ import annotations

from ingestion.precedent import facts_text, precedent

JUDGMENT = (
    "某市某区人民法院 刑事判决书 （2024）某0101刑初1号 公诉机关某市某区人民检察院。 被告人甲。 某市某区人民检察院以某检刑诉〔2024〕1号起诉书指控被告人甲犯盗窃罪。"
    "某市某区人民检察院指控，2024年1月1日被告人甲在某商场内盗走乙的手机一部，价值人民币三千元，后被抓获。"
    "上述事实，被告人甲在开庭审理过程中无异议，并有证人证言等证据证实。"
    "本院认为，被告人甲盗窃他人财物，数额较大，其行为已构成盗窃罪。"
    "依照《中华人民共和国刑法》第二百六十四条、第六十七条第三款之规定，判决如下： 被告人甲犯盗窃罪，判处拘役三个月。"
    "如不服本判决，可在十日内上诉。 审判员丙 二〇二四年三月一日"
)
LETTER = (
    "某市某区人民检察院\n检察建议书\n某检建〔2024〕1号\n某市公安局某区分局：\n本院在办理甲案中发现，辖区旅馆管理存在漏洞。现查明：\n一、基本事实\n"
    "经抽查，八家旅馆均未登记未成年人的身份信息，也没有询问监护人的联系方式，共二十一间次。\n二、存在的问题\n"
    "旅馆未依照《中华人民共和国未成年人保护法》第五十七条的规定履行询问义务。\n三、检察建议\n建议你局：\n1.开展检查。\n"
    "某市某区人民检察院\n2024年9月10日\n"
)


def lookup(name: str) -> str | None:
    return name.strip("《》") if name.strip("《》").startswith("中华人民共和国") else None


def test_a_judgment_applies_the_articles_that_its_ruling_rests_on_and_each_stands_at_its_span():
    found = precedent("case", JUDGMENT, lookup)
    assert found is not None
    assert [(one.law, one.article, one.paragraph) for one in found.applied] == [
        ("中华人民共和国刑法", "第二百六十四条", 0),
        ("中华人民共和国刑法", "第六十七条", 3),
    ]
    assert "第二百六十四条" in JUDGMENT[found.applied[0].start : found.applied[0].end]
    assert "第六十七条" in JUDGMENT[found.applied[1].start : found.applied[1].end]


def test_the_facts_of_a_judgment_hold_the_charge_and_not_what_the_court_made_of_it():
    found = precedent("case", JUDGMENT, lookup)
    assert found is not None
    facts = facts_text(JUDGMENT, found.facts)
    assert "盗走乙的手机" in facts
    assert "本院认为" not in facts
    assert "第二百六十四条" not in facts


def test_a_letter_is_a_precedent_by_its_facts_and_problems():
    found = precedent("suggestion", LETTER, lookup)
    assert found is not None
    assert [one.article for one in found.applied] == ["第五十七条"]
    facts = facts_text(LETTER, found.facts)
    assert "八家旅馆" in facts
    assert "开展检查" not in facts


def test_a_judgment_cut_off_before_its_ruling_and_a_paper_of_another_kind_are_no_precedents():
    assert precedent("case", JUDGMENT[: JUDGMENT.index("本院认为")], lookup) is None
    assert precedent("hearing", JUDGMENT, lookup) is None
    assert precedent("case", "", lookup) is None
