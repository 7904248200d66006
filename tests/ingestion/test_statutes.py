"""A norm is read into articles, headings and dates; nothing is lost, nothing is made up."""

from __future__ import annotations

from datetime import date

import pytest

from ingestion.statutes import Statute, clean_name, paragraphs, read_statute

HEAD = "# 中华人民共和国测试法\n\n2015年4月24日 第十二届全国人民代表大会常务委员会第十四次会议通过\n\n<!-- INFO END -->\n\n"


def read(body: str, head: str = HEAD, name: str = "测试法(2015-04-24).md", level: str = "") -> Statute:
    statute = read_statute(head + body, name, level=level)
    everything = "".join(statute.text[one.start : one.end] for one in statute.articles)
    lines = [line.strip(" \u3000\u200b") for line in body.split("\n") if not line.startswith("#")]
    assert "".join(everything.split()) == "".join("".join(lines).split())  # every body line is in an article
    return statute


def texts(statute: Statute) -> dict[str, str]:
    return {one.label: statute.text[one.start : one.end] for one in statute.articles}


def test_an_article_knows_its_headings_and_holds_none_of_them():
    statute = read(
        "## 第一编 总 则\n\n## 第一章 一般规定\n\n第一条 甲。\n\n乙。\n\n### 第一节 丙\n\n第二条 丁。\n\n## 第二章 附 则\n\n第三条 戊。\n"
    )
    assert [one.headings for one in statute.articles] == [
        ("第一编 总则", "第一章 一般规定"),
        ("第一编 总则", "第一章 一般规定", "第一节 丙"),
        ("第一编 总则", "第二章 附则"),
    ]
    assert texts(statute) == {"第一条": "第一条 甲。\n\n乙。", "第二条": "第二条 丁。", "第三条": "第三条 戊。"}


def test_inserted_articles_stand_for_themselves():  # L01
    statute = read("第一百二十条 甲。\n第一百二十条之一 乙。\n第一百二十条之二 丙。\n第一百二十一条 丁。\n")
    assert list(texts(statute)) == ["第一百二十条", "第一百二十条之一", "第一百二十条之二", "第一百二十一条"]


REFERENCES = "第十一条 申请期限\n第十二条规定的期限，自送达之日起算。\n第十三条第二款的情形除外。\n第十二条 审查期限。为十日。\n"


@pytest.mark.parametrize("space", [" ", "\u3000", ""])
def test_a_line_that_begins_with_a_reference_opens_no_article(space: str):  # L02
    statute = read(REFERENCES.replace("条 ", f"条{space}"))
    assert list(texts(statute)) == ["第十一条", "第十二条"]
    assert texts(statute)["第十一条"].endswith("第十三条第二款的情形除外。")
    assert texts(statute)["第十二条"].startswith(f"第十二条{space}审查期限")


def test_a_quoted_old_article_does_not_count_again():  # L04
    statute = read("第五十五条 甲。\n第五十六条 乙。\n附：修改前的条文\n第四十七条 旧。\n第五十七条 也旧。\n")
    assert list(texts(statute)) == ["第五十五条", "第五十六条", "附"]


def test_an_article_of_another_law_quoted_in_between_stays_in_its_article():
    statute = read("第一条 增加一条：\n第二百六十四条 盗窃公私财物。\n第二条 乙。\n第三条 丙。\n")
    assert list(texts(statute)) == ["第一条", "第二条", "第三条"]


def test_articles_that_an_amendment_adds_at_its_end_are_not_its_own():
    body = "第五十二条 增加五条，分别作为第一百二十三条至第一百二十四条。内容如下：\n第一百二十三条 甲。\n第一百二十四条 乙。\n"
    assert list(texts(read(body))) == ["第五十二条"]


def test_a_number_that_the_source_lacks_does_not_stop_the_count():
    assert list(texts(read("第一条 甲。\n第三条 丙。\n第四条 丁。\n"))) == ["第一条", "第三条", "第四条"]


def test_articles_that_lost_their_line_breaks_are_found_inside_the_line():
    statute = read("第一条 甲。 第二条 乙。 第三条 丙，依照 第九条 办理。\n")
    assert texts(statute) == {"第一条": "第一条 甲。", "第二条": "第二条 乙。", "第三条": "第三条 丙，依照 第九条 办理。"}


def test_text_before_the_first_article_and_annexes_behind_the_last_are_kept():
    statute = read("为了测试，制定本法。\n\n第一条 甲。\n\n## 附件一\n\n目录。\n\n附件二：名单\n张某。\n")
    assert texts(statute) == {
        "引言": "为了测试，制定本法。",
        "第一条": "第一条 甲。",
        "附件一": "目录。",
        "附件二": "附件二：名单\n张某。",
    }


def test_a_long_annex_is_one_piece_beside_short_articles():  # L09: cutting it is the splitter's work
    body = "".join(f"第{number}条 短。\n" for number in "一二三四五六七八九") + "附件\n" + "长" * 20_000 + "\n"
    statute = read(body)
    assert len(statute.articles) == 10
    assert texts(statute)["附件"].endswith("长" * 20_000)


def test_a_norm_without_articles_is_split_at_its_own_numbers():
    statute = read("为惩治犯罪，作如下修改：\n\n一、将第一条修改为：\n\n“1.甲。\n\n二、乙。\n\n三、自公布之日起施行。\n")
    assert list(texts(statute)) == ["引言", "一、", "二、", "三、"]
    assert texts(statute)["一、"] == "一、将第一条修改为：\n\n“1.甲。"


def test_items_that_count_anew_under_each_heading_keep_labels_of_their_own():
    statute = read("## 一、甲\n\n１．子。\n\n2.丑。\n\n## 二、乙\n\n1.寅。\n")
    assert [one.label for one in statute.articles] == ["1.", "2.", "二、1."]


def test_a_norm_without_any_number_is_split_into_paragraphs():
    statute = read("某法院：\n\n你院请示收悉。\n\n| 甲 | 乙 |\n| 丙 | 丁 |\n\n此复。\n")
    assert list(texts(statute)) == ["第一段", "第二段", "第三段", "第四段"]


def test_the_text_of_a_docx_needs_no_markdown():
    text = (
        "中华人民共和国测试法\n（2015年4月24日第十二届全国人民代表大会常务委员会第十四次会议通过）\n目　　录\n第一章　总则\n"
        "第二章　附则\n第一章　总则\n第一条　甲。\n第二章　附则\n第二条　本法自2016年1月1日起施行。\n"
    )
    statute = read_statute(text, "测试法.docx")
    assert statute.name == "中华人民共和国测试法"
    assert [(one.label, one.headings) for one in statute.articles] == [
        ("第一条", ("第一章 总则",)),
        ("第二条", ("第二章 附则",)),
    ]
    assert (statute.version, statute.in_force_from) == (date(2015, 4, 24), date(2016, 1, 1))


def test_an_empty_file_gives_a_norm_without_articles():
    assert read_statute("", "空.md").articles == ()


def test_the_title_of_a_part_becomes_a_heading():
    head = "# 中华人民共和国民法典\n\n# 继承编\n\n2020年5月28日 第十三届全国人民代表大会第三次会议通过\n\n<!-- INFO END -->\n"
    statute = read("## 第一章 一般规定\n第一千一百一十九条 甲。\n", head, "继承编.md")
    assert statute.name == "中华人民共和国民法典"
    assert statute.articles[0].headings == ("继承编", "第一章 一般规定")


@pytest.mark.parametrize(
    ("events", "closing", "start"),
    [
        ("2015年4月24日 某会议通过", "本法自2015年10月1日起施行。", date(2015, 10, 1)),
        ("2015年4月24日 某会议通过", "本法自公布之日起施行。", date(2015, 4, 24)),
        ("2015年4月24日 某会议通过\n\n2015年9月1日 施行", "附则。", date(2015, 9, 1)),
        ("2009年2月28日 某会议通过\n\n2015年4月24日 某会议修订", "本法自2015年10月1日起施行。", date(2015, 10, 1)),
        # the closing article of a 修正 is the enactment's
        ("2009年2月28日 某会议通过\n\n2015年4月24日 《关于修改〈测试法〉的决定》修正", "本法自公布之日起施行。", None),
        ("2009年2月28日 某会议通过\n\n2015年4月24日 《国务院关于修改部分行政法规的决定》修订", "自公布之日起施行。", None),
        ("2009年2月28日 某会议通过\n\n2015年4月24日 某会议修订", "本法自2009年6月1日起施行。", None),
        ("2009年2月28日 某会议通过", "本法自公布之日起施行。", None),  # the head leaves the last change out
        ("2009年2月28日 某会议通过\n\n2009年6月1日 施行\n\n2015年4月24日 《关于修改的决定》修正", "附则。", None),
    ],
)
def test_the_day_of_entry_into_force_is_taken_only_from_words_about_this_text(
    events: str, closing: str, start: date | None
):
    statute = read(f"第一条 甲。\n第二条 {closing}\n", f"# 测试法\n\n{events}\n\n<!-- INFO END -->\n")
    assert statute.version == date(2015, 4, 24)
    assert statute.in_force_from == start
    assert statute.in_force_basis


def test_without_a_date_in_the_file_name_the_last_event_of_the_head_dates_the_version():
    head = "# 测试法\n\n2009年2月28日 某会议通过\n\n2011年3月1日 《决定》修正\n\n<!-- INFO END -->\n"
    statute = read("第一条 甲。\n", head, "测试法.md")
    assert (statute.version, statute.promulgated) == (date(2011, 3, 1), date(2009, 2, 28))


def test_a_norm_without_any_date_has_none():
    statute = read("第一条 甲。\n", "# 测试办法\n\n<!-- INFO END -->\n", "测试办法.md")
    assert (statute.version, statute.promulgated, statute.in_force_from) == (None, None, None)


def test_issuer_and_level_come_from_the_head_unless_the_folder_tells():
    assert (read("第一条 甲。\n").issuer, read("第一条 甲。\n").level) == ("全国人民代表大会常务委员会", "法律")
    assert read("第一条 甲。\n", level="行政法规").level == "行政法规"
    assert read("第一条 甲。\n", level="民法商法").level == "法律"
    local = "# 某市条例\n\n2020年1月1日 浙江省第十三届人民代表大会常务委员会第十七次会议通过\n\n<!-- INFO END -->\n"
    assert read("第一条 甲。\n", local, "某市条例.md").level == "地方性法规"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("《中华人民共和国 刑法》", "中华人民共和国刑法"),
        ("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", "最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释"),
        ("全国人民代表大会\u3000组织法\u200b", "全国人民代表大会组织法"),
    ],
)
def test_a_name_has_no_white_space_and_no_outer_marks(title: str, name: str):
    assert clean_name(title) == name


def test_a_list_on_lines_of_its_own_is_one_paragraph():  # L04
    text = "第八十六条 国务院由下列人员组成：\n总理，\n副总理若干人，\n秘书长。\n国务院实行总理负责制。\n国务院的组织由法律规定。"
    assert [text[start:end] for start, end in paragraphs(text)][2] == "国务院的组织由法律规定。"


def test_plain_lines_inside_an_item_are_no_paragraphs():  # L04
    text = "第九条 有下列情形的：\n（一）甲；\n（六）乙。\n说明一。\n说明二。\n（七）丙。\n前款不适用于丁。\n下列除外：\n（一）戊。"
    assert [text[start:end][:3] for start, end in paragraphs(text)] == ["第九条", "前款不", "下列除"]
