from __future__ import annotations

from indexes.charges import read_charges

LIST = "1．盗窃罪（第264条） 2．走私、贩卖、运输、制造毒品罪（第347条） 3．非法拘禁罪（第238条）"
TABLE = "| 刑法条文 |罪名 |\n|-----|-----|\n| 第一百三十三条之一 （《修正案（八）》第二十二条） |危险驾驶罪 （取消飙车罪罪名） |\n"
RENAMED = "将《刑法》第一百六十九条的罪名由“旧罪”修改为“徇私舞弊低价折股、出售公司、企业资产罪”。"


def test_offences_are_read_from_lists_tables_and_changes():
    charges = read_charges([LIST, TABLE, RENAMED])
    assert charges.articles["盗窃罪"] == {"第二百六十四条"}
    assert charges.articles["危险驾驶罪"] == {"第一百三十三条之一"}
    assert charges.articles["徇私舞弊低价折股出售公司企业资产罪"] == {"第一百六十九条"}
    assert "飙车罪" not in charges.articles


def test_a_text_that_names_an_offence_leads_to_its_article():
    charges = read_charges([LIST, TABLE])
    assert charges.named_in("其行为已构成盗窃罪，应予惩处") == {"第二百六十四条"}
    assert charges.named_in("被告人犯危险驾驶罪、非法拘禁罪") == {"第一百三十三条之一", "第二百三十八条"}


def test_of_an_offence_that_lists_acts_one_of_them_will_do():
    charges = read_charges([LIST])
    assert charges.named_in("其行为已构成贩卖毒品罪") == {"第三百四十七条"}
    assert charges.named_in("其行为已构成走私、运输毒品罪") == {"第三百四十七条"}


def test_words_that_only_hold_the_sign_of_an_offence_name_none():
    charges = read_charges([LIST])
    assert charges.named_in("上述盗窃犯罪事实清楚，被告人认罪认罚，有罪犯档案资料") == frozenset()
    assert charges.named_in("其行为已构成抢劫罪") == frozenset()
