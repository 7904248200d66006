from __future__ import annotations

from ingestion.judgment import foot_date, part_of, parts

LINES = """浙江省临江市望湖区人民法院
刑事判决书
（2025）浙1302刑初88号
公诉机关临江市望湖区人民检察院。
被告人贺小虎，男，1990年1月2日出生。
临江市望湖区人民检察院以望检刑诉〔2025〕9号起诉书指控被告人贺小虎犯盗窃罪，于2025年3月1日向本院提起公诉。现已审理终结。
临江市望湖区人民检察院指控：2025年1月3日，被告人贺小虎窃得手机一部。
被告人贺小虎对指控的事实无异议。
经审理查明：2025年1月3日，被告人贺小虎窃得手机一部。
上述事实，有被害人的陈述等证据证实，足以认定。
本院认为，被告人贺小虎的行为已构成盗窃罪。公诉机关指控的罪名成立。依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：
被告人贺小虎犯盗窃罪，判处拘役五个月。
如不服本判决，可在接到判决书的第二日起十日内提出上诉。
审　判　长　莫大海
二〇二五年四月八日
书　记　员　康小宁
附：相关法律条文
《中华人民共和国刑法》第二百六十四条盗窃公私财物，数额较大的，处三年以下有期徒刑。"""

NAMES = [
    "首部", "当事人", "审理经过", "指控", "辩称", "审理查明", "证据", "本院认为", "裁判依据", "判决结果",
    "权利告知", "落款", "附录",
]  # fmt: skip


def names(text: str) -> list[str]:
    return [part.name for part in parts(text)]


def test_every_part_of_a_judgment_is_found():
    assert names(LINES) == NAMES


def test_the_parts_are_found_where_spaces_stand_for_line_ends():
    assert names(LINES.replace("\n", " ")) == NAMES


def test_the_parts_are_found_where_nothing_stands_for_line_ends():
    found = names(LINES.replace("\n", ""))
    assert [name for name in NAMES if name not in found] == []


def test_the_parts_cover_the_text_without_gap_or_overlap():
    assert "".join(LINES[part.start : part.end] for part in parts(LINES)) == LINES


def test_a_charge_that_the_court_takes_up_stays_in_its_reasoning():
    reasoning = part_of(parts(LINES), "本院认为")
    assert reasoning
    assert "公诉机关指控的罪名成立" in LINES[reasoning.start : reasoning.end]


def test_the_ruling_of_the_first_instance_is_not_taken_for_the_final_one():
    text = LINES.replace(
        "经审理查明：",
        "原判认定上述事实，依照《中华人民共和国刑法》第二百六十四条之规定，判决如下：判处拘役一个月。经审理查明：",
    )
    ruling = part_of(parts(text), "判决结果")
    assert ruling
    assert "拘役五个月" in text[ruling.start : ruling.end]


def test_the_date_is_the_one_under_the_judges_and_not_that_of_a_stray_copy():
    text = LINES + "\n如不服本判决，可以上诉。审判员莫大海 二〇二六年六月二日"
    span = foot_date(text, parts(text))
    assert span
    assert text[slice(*span)] == "二〇二五年四月八日"


def test_a_judgment_whose_foot_is_missing_has_no_date():
    text = LINES[: LINES.index("本院认为")]
    assert foot_date(text, parts(text)) is None


def test_text_without_formulas_is_one_part():
    assert names("今天天气很好。") in (["正文"], ["首部"])
    assert parts("") == ()
