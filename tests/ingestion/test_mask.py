from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.identifiers import identifiers, is_id_number, mask_identifiers, passes_luhn
from ingestion.mask import Person, aliases, mask_text, protected_persons, unmask


def found(text: str, on: date | None = None) -> dict[str, str]:
    return {person.name: person.role for person in protected_persons(text, on)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("被害人李小红放学后被带至宾馆。", {"李小红": "被害人"}),
        ("证人张三、李四的证言，书证等证据。", {"张三": "证人", "李四": "证人"}),
        ("有证人王军伟、隋建林、刘芳的证言证实。", {"王军伟": "证人", "隋建林": "证人", "刘芳": "证人"}),
        ("有赵铁柱、钱小妹的陈述在卷。", {"赵铁柱": "被害人", "钱小妹": "被害人"}),
        ("被害人李小红之母王芳报案。", {"李小红": "被害人", "王芳": "被害人亲属"}),
        ("被害人的母亲王芳报案称其女未归。", {"王芳": "被害人亲属"}),
        ("法定代理人赵国良，系被害人父亲。", {"赵国良": "法定代理人"}),
        ("报案人刘洋报案称手机被盗，举报人何平举报该店。", {"刘洋": "报案人", "何平": "举报人"}),
        ("鉴定人周正出庭作证。", {"周正": "鉴定人"}),
        ("证人欧阳娜娜称看见，证人阿依古丽·买买提的证言。", {"欧阳娜娜": "证人", "阿依古丽·买买提": "证人"}),
        ("证人李建和，男，在场。", {"李建和": "证人"}),
        ("证人范㛃、钟文静（服务员）、江海波证实。", {"范㛃": "证人", "钟文静": "证人", "江海波": "证人"}),
        ("被害人：李小红\n证人：王大力", {"李小红": "被害人", "王大力": "证人"}),
        ("被询问人：孙小美\n问：你叫什么名字？", {"孙小美": "证人"}),
    ],
)
def test_protected_persons_are_read_beside_their_role(text, names):
    assert found(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "被害人陈述、证人证言、被告人供述与辩解。",
        "抢走被害人黄金项链一条，骗取被害人钱款五万元。",
        "被害人向公安机关报案，被害人于2017年3月报警。",
        "被害人向张三借款后未还。",
        "被害人家属表示谅解，被害人马上报警，被害人全部损失已退赔。",
        "未成年人保护工作，未成年人文身，未成年人安全，监护人应当照管。",
        "报案人称，举报人反映，鉴定人应当出庭。",
        "被害人王府井公司、被害人中国银行。",
        "被害人单位，证人方面，被害人何时到场。",
    ],
)
def test_words_beside_a_role_are_not_taken_for_names(text):
    assert found(text) == {}


def test_accused_adults_and_officers_are_not_protected():
    text = (
        "被告人陈大强，男，1985年3月2日出生。审判员孙居芳。检察员胡怀先。民警孙国庆出警。证人钱进（民警）的证言。"
        "犯罪嫌疑人吴海供述。被告人陈大强的陈述。二〇二四年五月六日"
    )
    assert found(text) == {}


def test_names_that_the_source_hides_already_are_left_alone():
    assert found("证人赵某、张某甲、李某1、吴xx、王甲的证言，被害人A报警，被害人某某。") == {}


@pytest.mark.parametrize(
    "text",
    [
        "张小宝（15岁）随同入住。2024年5月6日",
        "张小宝（女，15周岁）随同入住。",
        "张小宝，女，2010年5月3日出生，学生。2024年5月6日",
        "张小宝（2010年5月3日出生）随同入住。2024年5月6日",
        "被告人张小宝，男，2008年1月1日出生。2024年5月6日",
        "张小宝（系未成年人）随同入住。",
        "当晚，年仅十三岁的女孩张小宝被带走。",
    ],
)
def test_whoever_is_stated_to_be_a_minor_is_protected(text):
    assert "张小宝" in found(text)


def test_a_person_of_age_is_not_made_a_minor():
    assert found("张大宝，男，1990年5月3日出生，农民。2024年5月6日") == {}
    assert found("张大宝（35岁）是店主。不满14岁以下的儿童不得入内。") == {}


def test_age_counts_on_the_day_that_is_given():
    text = "被告人张小宝，男，2008年5月3日出生。"
    assert "张小宝" in found(text, on=date(2026, 5, 2))
    assert found(text, on=date(2026, 5, 3)) == {}


def test_spans_are_all_places_of_the_name_and_no_longer_name():
    text = "被害人王芳报警。证人王芳芳看见王芳。"
    persons = {person.name: person.spans for person in protected_persons(text)}
    assert [text[start:end] for start, end in persons["王芳"]] == ["王芳", "王芳"]
    assert persons["王芳"] == ((3, 5), (15, 17))


def test_masking_never_cuts_into_a_longer_name():
    text = "被害人王芳报警。被告人王芳芳逃跑，王芳芳被抓。"
    masked = mask_text(text, {"王芳": "王某"})
    assert masked == "被害人王某报警。被告人王芳芳逃跑，王芳芳被抓。"


def test_a_name_that_is_also_a_word_is_masked_beside_its_role_only():
    masked = mask_text("被害人高兴报警。看见警察，大家很高兴。", {"高兴": "高某"})
    assert masked == "被害人高某报警。看见警察，大家很高兴。"


def person(name: str) -> Person:
    return Person(name, "证人", ())


def test_one_of_a_surname_is_called_by_it_and_several_get_distinct_suffixes():
    given = aliases([person("李小红"), person("张三"), person("张大四")], "案1")
    assert given["李小红"] == "李某"
    assert {given["张三"], given["张大四"]} == {"张某甲", "张某乙"}


def test_compound_minority_and_foreign_names_keep_what_the_rule_keeps():
    given = aliases([person("欧阳娜娜"), person("阿依古丽·买买提"), person("John Smith")], "案1")
    assert given == {"欧阳娜娜": "欧阳某", "阿依古丽·买买提": "阿某", "John Smith": "J某"}


def test_aliases_of_a_case_do_not_depend_on_the_order_of_persons():
    persons = [person(f"王{char}") for char in "甲一大小明红军强伟丽静芳"]
    assert aliases(persons, "案1") == aliases(reversed(persons), "案1")
    assert aliases(persons, "案1") != aliases(persons, "案2")


def test_a_later_document_of_the_case_keeps_the_aliases_given():
    first = aliases([person("张三")], "案1")
    later = aliases([person("张四"), person("张三")], "案1", known=first)
    assert later["张三"] == first["张三"]
    assert later["张四"] != later["张三"]


def test_an_alias_that_stands_in_the_text_already_goes_to_nobody():
    text = "证人张某、张某甲的证言，证人张三的证言。"
    given = aliases(protected_persons(text), "案1", text)
    assert given["张三"] not in text
    assert unmask(mask_text(text, given), given) == text


def test_hundreds_of_one_surname_still_get_aliases_of_their_own():
    persons = [person(f"王{chr(0x4E00 + number)}") for number in range(300)]
    assert len(set(aliases(persons, "案1").values())) == 300


NAMES = ["王芳", "王芳芳", "李小红", "李小", "欧阳娜娜", "张三", "张三丰", "阿依古丽·买买提", "赵铁柱"]
PIECES = [
    *NAMES,
    "被害人",
    "证人",
    "的证言",
    "，",
    "。",
    "甲",
    "乙",
    "某",
    "王某",
    "张某甲",
    "到庭",
    "和",
    "于2024年",
    "\n",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["案1", "案2"]))
def test_unmasking_restores_the_text_exactly(pieces, case):
    text = "".join(pieces)
    given_names = aliases([person(name) for name in NAMES], case, text)
    assert unmask(mask_text(text, given_names), given_names) == text


def test_no_protected_name_is_left_in_the_masked_text():
    text = (
        "2024年5月6日，被告人陈大强将被害人李小红（女，2010年5月3日出生）带至宾馆。李小红未回家，其母王芳报警，"
        "被害人李小红之母王芳称不知情。证人赵铁柱的证言证实，赵铁柱看见李小红。"
    )
    given_names = aliases(protected_persons(text), "案1", text)
    masked = mask_text(text, given_names)
    assert not any(name in masked for name in ("李小红", "王芳", "赵铁柱"))
    assert "陈大强" in masked


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("身份证号11010519491231002X。", "身份证号", "11010519491231002X"),
        ("公民身份号码：330106200501011239，", "身份证号", "330106200501011239"),
        ("号码１１０１０５１９４９１２３１００２Ｘ。", "身份证号", "１１０１０５１９４９１２３１００２Ｘ"),
        ("旧证110105491231002。", "身份证号", "110105491231002"),
        ("电话13812345678。", "手机号", "13812345678"),
        ("电话138 1234 5678。", "手机号", "138 1234 5678"),
        ("电话+86-13812345678。", "手机号", "13812345678"),
        ("电话0571-87654321。", "固定电话", "0571-87654321"),
        ("电话（0571）87654321。", "固定电话", "（0571）87654321"),
        ("卡号6222 0212 3456 7890 128。", "银行卡号", "6222 0212 3456 7890 128"),
        ("转入6222021234567890128。", "银行卡号", "6222021234567890128"),
        ("账号33050161723500000123。", "银行卡号", "33050161723500000123"),
        ("驾驶浙A12345小型轿车。", "车牌号", "浙A12345"),
        ("驾驶粤B·D12345轿车。", "车牌号", "粤B·D12345"),
        ("邮箱zhang.san@qq.com。", "电子邮箱", "zhang.san@qq.com"),
        ("微信号：zhang_san99，", "微信号", "zhang_san99"),
        ("QQ号12345678", "QQ号", "12345678"),
    ],
)
def test_identifiers_are_found_with_their_place(text, kind, value):
    (hit,) = identifiers(text)
    assert (hit.kind, hit.value) == (kind, value)
    assert text[hit.start : hit.end] == value


@pytest.mark.parametrize(
    "text",
    [
        "（2017）浙0103刑初556号",
        "金额13800000000元",
        "第410782120180000136号道路交通事故认定书",
        "统一社会信用代码91330106MA27Y5XK3B",
        "2024年5月6日12时30分，现金1234567.89元",
        "豫D×××××轻型货车，皖H8XXXX",
        "流水号123456789012345678",
        "拨打12309检察服务热线",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert identifiers(text) == ()


def test_check_digits():
    assert is_id_number("11010519491231002X")
    assert not is_id_number("110105194912310021")
    assert not is_id_number("11010519491331002X")
    assert passes_luhn("6222021234567890128")
    assert not passes_luhn("6222021234567890129")


def test_identifiers_are_replaced_by_a_note():
    assert (
        mask_identifiers("电话13812345678，邮箱a@b.cn。") == "电话［手机号已隐去］，邮箱［电子邮箱已隐去］。"
    )


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789Xx１２ -@.浙A转微信号卡号身份证QQ", max_size=120))
def test_identifiers_never_overlap_and_vanish_when_masked(text):
    hits = identifiers(text)
    assert all(text[hit.start : hit.end] == hit.value for hit in hits)
    assert all(before.end <= after.start for before, after in pairwise(hits))
