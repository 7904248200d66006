"""Every citation of a text on a day: only what is in force, there, and quoted right is a pass."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.citing import CheckedCitation, check_citations, noted_year
from indexes.law_knowledge import law_knowledge
from indexes.lawbook import LawBook

OLD = """# 旅店管理条例

2009年12月1日 国务院令公布

<!-- INFO END -->

第一条 为了维护治安，制定本条例。

第二条 旅店应当查验住客的身份证件，并且登记。

第三条 旅店接待未成年人住宿，应当询问监护人的联系方式。

第四条 旅店不得在夜间喧哗。

第五条 本条例自2010年1月1日起施行。
"""
NEW = """# 旅店管理条例

2009年12月1日 国务院令公布 2020年5月1日 国务院令修订

<!-- INFO END -->

第一条 为了维护治安，制定本条例。

第二条 旅店应当安装监控设备，保存图像三十日。

第三条 旅店应当查验住客的身份证件，并且登记。

第四条 旅店接待未成年人住宿，应当询问监护人的联系方式，并且报告可疑情形。

第五条 旅店不得在夜间喧哗。
对屡教不改的，有下列情形之一的，可以罚款：
（一）三次以上的；
（二）造成后果的。

第六条 本条例自2020年6月1日起施行。
"""
TODAY = date(2026, 11, 25)


@pytest.fixture
def hotel(home) -> LawBook:
    home.load((OLD, "旅店管理条例(2010-01-01).md"), (NEW, "旅店管理条例(2020-06-01).md"))
    return home.lawbook


def check(book: LawBook, text: str, on: date = TODAY) -> list[CheckedCitation]:
    checked = list(check_citations(text, book, on))
    for one in checked:
        assert text[one.citation.start : one.citation.end] == one.text
        assert one.detail
        assert one.quote is None or 0 <= one.quote.start < one.quote.end <= len(text)
    return checked


def one(book: LawBook, text: str, on: date = TODAY) -> CheckedCitation:
    (only,) = check(book, text, on)
    return only


# -- versions ------------------------------------------------------------------------------------------


def test_the_version_of_the_day_counts_and_its_date_is_told(hotel: LawBook):  # L08
    before = one(hotel, "旅店管理条例第四条", date(2019, 1, 1))
    after = one(hotel, "旅店管理条例第四条")
    assert (before.status, after.status) == ("verified", "verified")
    assert "2010-01-01" in before.detail
    assert "2020-06-01" in after.detail


def test_a_quotation_of_the_older_text_whose_rule_has_moved_is_renumbered_and_shows_both(hotel: LawBook):
    moved = one(hotel, "《旅店管理条例》第四条规定：“旅店不得在夜间喧哗。”")
    assert (moved.status, moved.quote_status) == ("renumbered", "verbatim")
    assert [text.article for text in moved.versions] == ["第四条", "第五条"]
    assert "喧哗" in moved.versions[1].text


def test_a_quotation_of_an_article_that_was_changed_is_amended_and_shows_both(home):
    changed = NEW.replace("第三条 旅店应当查验住客的身份证件，并且登记。", "第三条 旅店应当询问同住人的身份关系。")
    home.load((OLD, "旅店管理条例(2010-01-01).md"), (changed, "旅店管理条例(2020-06-01).md"))
    amended = one(home.lawbook, "旅店管理条例第二条：“旅店应当查验住客的身份证件，并且登记”。")
    assert amended.status == "amended"
    assert [text.version for text in amended.versions] == ["2010-01-01", "2020-06-01"]


def test_a_named_edition_is_compared_with_the_text_in_force(hotel: LawBook):
    moved = one(hotel, "《旅店管理条例》（2010年施行）第四条")
    assert (moved.status, [text.article for text in moved.versions]) == ("renumbered", ["第四条", "第五条"])
    same = one(hotel, "《旅店管理条例》（2010年施行）第一条")
    assert same.status == "verified"
    inside = one(hotel, "《旅店管理条例（2010年施行）》第四条")
    assert inside.status == "renumbered"
    lacking = one(hotel, "《旅店管理条例》（2015年修正）第一条")
    assert lacking.status == "not_checked"


def test_words_of_a_text_that_is_not_yet_in_force_are_told(hotel: LawBook):
    early = one(hotel, "旅店管理条例第二条规定：“旅店应当安装监控设备，保存图像三十日。”", date(2019, 1, 1))
    assert early.status == "not_yet_in_force"
    assert "2020-06-01" in early.detail


def test_a_number_that_only_the_newer_text_has_is_not_yet_in_force(hotel: LawBook):
    assert one(hotel, "旅店管理条例第六条", date(2019, 1, 1)).status == "not_yet_in_force"


def test_before_the_first_text_nothing_is_in_force(hotel: LawBook):
    assert one(hotel, "旅店管理条例第一条", date(2009, 11, 30)).status == "not_yet_in_force"


# -- parts and quotations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("旅店管理条例第五条第二款第（二）项", "verified"),
        ("旅店管理条例第五条第（一）项", "verified"),
        ("旅店管理条例第五条第三款", "no_such_article"),
        ("旅店管理条例第五条第二款第（三）项", "no_such_article"),
        ("旅店管理条例第五条第一款第（一）项", "no_such_article"),
        ("旅店管理条例第七条", "no_such_article"),
        ("旅店管理条例第四条之一", "no_such_article"),
    ],
)
def test_paragraphs_and_items_must_be_there(hotel: LawBook, text: str, status: str):
    assert one(hotel, text).status == status


@pytest.mark.parametrize(
    "quoted",
    [
        "旅店管理条例第三条规定：“旅店应当查验住客的身份证件，并且登记。”",
        "旅店管理条例第三条规定：「旅店应当查验住客的身份证件，并且登记」",
        '旅店管理条例第三条规定："旅店应当查验住客的身份证件,并且登记"',
        "旅店管理条例第三条规定，“旅店应当查验……并且登记”",
        "旅店管理条例第三条：“旅店应当查验住客的\n身份证件，并且登记。”",
        "“旅店应当查验住客的身份证件，并且登记。”（旅店管理条例第三条）",
        "旅店管理条例第三条规定：旅店应当查验住客的身份证件，并且登记。",
        "旅店管理条例第三条规定：\n旅店应当查验住客的身份证件，并且登记。\n故提出建议。",
        "旅店管理条例第三条，即“旅店应当查验住客的身份证件”，",
        "附：旅店管理条例\n第三条 旅店应当查验住客的身份证件，并且登记。",
        "附：旅店管理条例\n第三条〔登记〕旅店应当查验住客的身份证件，并且登记。据此，旅店应当登记。",
        "旅店管理条例第三条（查验）规定：“旅店应当查验住客的身份证件”",
        "“旅店应当查验住客的身份证件，并且登记。”——旅店管理条例第三条",
        "旅店管理条例第三条规定：“第三条　旅店应当查验住客的身份证件，并且登记。”",
    ],
)
def test_a_quotation_is_compared_without_white_space_and_width(hotel: LawBook, quoted: str):
    checked = one(hotel, quoted)
    assert (checked.status, checked.quote_status) == ("verified", "verbatim")


@pytest.mark.parametrize(
    "quoted",
    [
        "旅店管理条例第三条规定：“旅店可以查验住客的身份证件，并且登记。”",
        "旅店管理条例第三条规定：“旅店应当查验住客的身份证件并且登记。”",
        "旅店管理条例第三条规定：“旅店应当查验住客身份证件，并且登记。”",
        "旅店管理条例第三条规定：旅店应当查验住客的护照，并且登记。",
        "旅店管理条例第三条规定：旅店应当查验住客的身份证件；并且可以登记。",
        "附：旅店管理条例\n第三条 旅店应当查验住客的身份证件，并且可以登记。",
        "“旅店应当登记，并且查验住客的身份证件。”（旅店管理条例第三条）",
    ],
)
def test_one_word_that_differs_is_told(hotel: LawBook, quoted: str):
    checked = one(hotel, quoted)
    assert (checked.status, checked.quote_status) == ("differs", "differs")
    assert checked.diff


def test_the_difference_names_the_words(hotel: LawBook):
    checked = one(hotel, "旅店管理条例第三条规定：“旅店可以查验住客的身份证件，并且登记。”")
    assert checked.diff == "引文作“可以”，原文作“应当”"


def test_words_of_another_paragraph_or_article_are_told_with_their_place(hotel: LawBook):
    paragraph = one(hotel, "旅店管理条例第五条第二款规定：“旅店不得在夜间喧哗”")
    assert paragraph.status == "differs"
    assert "第五条第一款" in paragraph.detail
    article = one(hotel, "旅店管理条例第一条规定：“旅店应当安装监控设备，保存图像三十日。”")
    assert article.status == "differs"
    assert "第二条" in article.detail


def test_a_quotation_behind_a_list_may_be_an_earlier_articles(hotel: LawBook):
    first, second = check(hotel, "旅店管理条例第二条、第三条规定：“旅店应当安装监控设备，保存图像三十日。”")
    assert (first.status, first.quote_status) == ("verified", "verbatim")
    assert (second.status, second.quote_status) == ("verified", "none")


def test_a_term_in_quotation_marks_is_no_quotation(hotel: LawBook):
    assert one(hotel, "旅店管理条例第三条规定的“身份”").quote_status == "none"


def test_nothing_is_said_of_a_law_that_the_library_lacks(hotel: LawBook):
    checked = one(hotel, "《茶馆管理条例》第三条规定：“茶馆应当登记。”")
    assert (checked.status, checked.quote_status) == ("not_checked", "none")


def test_an_article_without_a_law_is_not_checked(hotel: LawBook):
    assert one(hotel, "应当依照第三条的规定办理").status == "not_checked"


def test_a_text_without_citations_has_none(hotel: LawBook):
    assert check(hotel, "") == check(hotel, "今日无事。") == []


@pytest.mark.parametrize(
    ("note", "year"),
    [("2018年修正", 2018), ("2018", 2018), ("2021年1月1日施行", 2021), ("法释〔2014〕13号", None), ("以下简称《解释》", None)],
)
def test_the_year_of_an_edition_is_read_from_the_note(note: str, year: int | None):
    assert noted_year(note) == year


# -- the national laws ---------------------------------------------------------------------------------


def test_inserted_articles_are_told_from_their_base(national: LawBook):  # L01
    for written in ("刑法120条之一", "刑法第120-1条", "刑法第一百二十条之1"):
        checked = one(national, written)
        assert (checked.status, checked.citation.article) == ("verified", "第一百二十条之一")
    assert one(national, "刑法第120条").citation.article == "第一百二十条"


def test_made_up_number_made_up_law_and_wrong_content_get_three_labels(national: LawBook):  # L05
    number = one(national, "民法典第一千四百三十八条")
    law = one(national, "《住宅涂装承包人付款保护法》第十八条")
    content = one(national, "民法典第一百八十八条（定金）")
    assert [number.status, law.status, content.status] == ["no_such_article", "not_checked", "differs"]
    assert "1260 条" in number.detail
    assert "第五百八十七条" in content.detail


def test_a_repealed_law_is_not_invented_and_points_to_what_took_its_place(national: LawBook):  # L06
    text = "依据《合同法》第六十条及《民法通则》第一百三十五条"
    late = check(national, text, date(2024, 5, 1))
    assert [each.status for each in late] == ["repealed", "repealed"]
    assert "2021-01-01" in late[0].detail
    assert "第五百零九条" in late[0].detail
    assert "第一百八十八条" in late[1].detail
    early = check(national, text, date(2015, 5, 1))
    assert [each.status for each in early] == ["not_checked", "not_checked"]
    assert all("当时有效" in each.detail for each in early)


@pytest.mark.parametrize(
    ("text", "on", "status"),
    [  # the traps of the law data
        ("刑法第二百六十四条", "2026-11-25", "verified"),  # the package says 已被修改 of the whole law
        ("刑法第三百八十七条", "2026-11-25", "amended"),  # changed by 修正案（十二）, whose text the package lacks
        ("网络安全法第二十条", "2018-01-01", "not_checked"),  # the text of 2025 with the date of 2017
        ("医疗保障法第三条", "2026-11-25", "not_yet_in_force"),  # marked 现行有效
        ("固废法第二十条", "2025-09-01", "verified"),
        ("固废法第二十条", "2026-08-15", "repealed"),
        ("注册会计师法第五条", "2026-11-25", "not_checked"),  # a day that nobody names
        ("检察建议工作规定第十一条", "2026-11-25", "not_checked"),
    ],
)
def test_the_traps_of_the_law_data_catch_no_citation(national: LawBook, text: str, on: str, status: str):
    assert one(national, text, date.fromisoformat(on)).status == status


def test_every_article_that_a_repealed_law_points_to_is_in_force(national: LawBook):
    for one in law_knowledge().successors:
        for label in {new for articles in one.articles.values() for new in articles}:
            assert national.find(one.by, label, TODAY).status == "verified", (one.law, label)
