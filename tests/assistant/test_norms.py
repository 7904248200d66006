from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from assistant.norms import LONGEST_RULE, Bench, rule_sentence
from assistant.reply import Citation
from indexes.words import tokens
from ingestion.statutes import paragraphs
from prompts.loader import article_of

HEAD = "# 中华人民共和国住宿法\n\n2018年1月1日 通过\n\n{since}<!-- INFO END -->\n\n"
OLD = HEAD.format(since="") + (
    "第一条 旅馆应当登记住客姓名。\n\n第二条 违反登记规定的，处警告。\n\n"
    "第三条 旧的过渡规定。\n\n第四条 本法自2018年6月1日起施行。\n"
)
NEW = HEAD.format(since="2024年1月1日 修订\n\n") + (
    "第一条 旅馆应当登记住客姓名。\n\n旅馆接待未成年人，应当询问监护人的联系方式。\n\n旅馆应当安装监控。\n\n"
    "第二条 {long}违反登记规定的，由公安机关处五百元罚款。{long}\n\n第四条 本法自2024年6月1日起施行。\n"
).replace(
    "{long}", "".join(f"第{n}类旅馆的管理办法，由主管部门会同有关部门另行制定。" for n in "一二三四五六")
)


@pytest.fixture
def library(home: Any) -> Any:
    home.load((OLD, "住宿法(2018-01-01).md"), (NEW, "住宿法(2024-01-01).md"))
    return home


def cite(home: Any, article: str, about: str = "登记", on: date = date(2026, 11, 25)) -> Citation:
    made = Bench(home.lawbook, on, tokens).cite(article_of(f"《中华人民共和国住宿法》{article}"), about)
    if made.quote:
        assert home.lawbook.text(made.document_id)[made.start : made.end] == made.quote
    return made


@pytest.mark.parametrize(
    ("on", "words"), [(date(2019, 1, 1), "违反登记规定的，处警告。"), (date(2024, 5, 31), "处警告。")]
)
def test_an_article_is_quoted_as_it_stands_on_the_day_of_the_letter(
    library: Any, on: date, words: str
) -> None:
    made = cite(library, "第二条", on=on)
    assert made.quote.endswith(words)
    assert (made.law, made.article, made.status) == ("中华人民共和国住宿法", "第二条", "verified")


def test_of_a_long_article_the_part_that_speaks_of_the_problem_is_quoted(library: Any) -> None:
    made = cite(library, "第二条", "违反登记规定")
    assert "由公安机关处五百元罚款。" in made.quote
    assert len(made.quote) <= LONGEST_RULE


def test_only_the_paragraph_that_is_named_is_quoted(library: Any) -> None:
    assert cite(library, "第一条第二款").quote == "旅馆接待未成年人，应当询问监护人的联系方式。"
    assert cite(library, "第一条第一款").quote.endswith("应当登记住客姓名。")
    whole = cite(library, "第一条").quote
    assert len(paragraphs(whole)) == 3


@pytest.mark.parametrize(
    ("article", "on", "status"),
    [
        ("第一条", date(2017, 1, 1), "not_yet_in_force"),
        ("第三条", date(2026, 1, 1), "no_such_article"),
        ("第九十九条", date(2026, 1, 1), "no_such_article"),
    ],
)
def test_an_article_that_is_not_in_force_is_named_without_a_quote(
    library: Any, article: str, on: date, status: str
) -> None:
    made = cite(library, article, on=on)
    assert (made.status, made.quote, made.document_id, made.start, made.end) == (status, "", "", 0, 0)
    assert made.article == article


def test_a_law_that_the_library_lacks_is_named_as_not_checked(library: Any) -> None:
    rule = article_of("《旅馆业治安管理办法》第六条")
    made = Bench(library.lawbook, date(2026, 11, 25), tokens).cite(rule, "登记")
    assert (made.status, made.quote, made.law, made.article) == (
        "not_checked",
        "",
        "旅馆业治安管理办法",
        "第六条",
    )
    assert made.title == rule.text


def test_a_paragraph_that_the_article_lacks_is_not_verified(library: Any) -> None:
    made = cite(library, "第一条第九款")
    assert (made.quote, made.status == "verified") == ("", False)


# the sentence of a letter ---------------------------------------------------------------------------


def said(
    home: Any, article: str, about: str = "登记", *, again: bool = False, on: date = date(2026, 11, 25)
) -> str:
    rule = article_of(f"《中华人民共和国住宿法》{article}")
    cited = Bench(home.lawbook, on, tokens).cite_rule(rule, about)
    for one in cited:
        assert home.lawbook.text(one.document_id)[one.start : one.end] == one.quote
    return rule_sentence(rule, cited, again=again)


def test_a_rule_is_quoted_without_its_number_said_twice(library: Any) -> None:
    text = said(library, "第二条", on=date(2019, 1, 1))
    assert "“违反登记规定的，处警告。”" in text
    assert text.count("第二条") == 1


def test_a_rule_that_cannot_be_quoted_is_named_without_quotation_marks(library: Any) -> None:
    text = said(library, "第三条")
    assert "《中华人民共和国住宿法》第三条" in text
    assert "“" not in text


def test_a_rule_that_was_quoted_before_is_only_named(library: Any) -> None:
    text = said(library, "第一条第二款", again=True)
    assert "《中华人民共和国住宿法》第一条第二款" in text
    assert "监护人" not in text


def test_an_item_of_a_list_is_quoted_with_the_words_that_open_the_list(home: Any) -> None:
    items = "".join(
        f"（{number}）{what}，由公安机关会同有关部门按照各自的职责分工依法处理并向社会公布处理的结果；\n\n"
        for number, what in zip(
            "一二三四", ["未安装监控的", "拒绝检查的", "未询问监护人联系方式的", "无证经营的"], strict=True
        )
    )
    lead = "第一条 旅馆有下列情形之一的，责令改正："
    law = HEAD.format(since="") + f"{lead}\n\n{items}第二条 本法自2018年6月1日起施行。\n"
    home.load((law, "住宿法(2018-01-01).md"))
    text = said(home, "第一条", "未询问监护人的联系方式")
    assert "旅馆有下列情形之一的，责令改正：" in text
    assert "（三）未询问监护人联系方式的" in text
