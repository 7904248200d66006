"""Letters and knowledge that rest on changed articles are found, and norms that the library lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.act_day import act_day, act_hint
from assistant.missing import missing
from assistant.numbers import Numbers
from assistant.stale import Leaning, Stale, knowledge, letters, stale
from indexes.build import LawReport, add_statutes
from indexes.catalogue import Catalogue
from indexes.graph import Graph
from indexes.lawbook import LawBook
from ingestion.document import Document, Field
from ingestion.statutes import read_statute
from prompts import articles_checked, load_scenarios

ORDER = "公司从事经营活动，应当遵守法律法规，遵守社会公德、商业道德，诚实守信。"
CHECK = "旅店接待未成年人住宿，应当询问监护人的联系方式，并记录在登记簿。"
FINE = "违反规定的，由公安机关处五百元以上三千元以下罚款。"
NEW = "旅店应当每年组织从业人员参加治安培训，培训记录保存三年。"


def law(day: str, *bodies: str) -> Any:
    year, month, number = day.split("-")
    articles = "\n\n".join(f"第{'一二三四五'[at]}条 {body}" for at, body in enumerate((*bodies, f"本法自{year}年{int(month)}月{int(number)}日起施行。")))
    head = f"{year}年{int(month)}月{int(number)}日 全国人民代表大会常务委员会修订"
    return read_statute(f"# 中华人民共和国旅店法\n\n{head}\n\n<!-- INFO END -->\n\n{articles}\n", f"旅店法({day}).md")


class Room:
    """A catalogue with its law book and graph."""

    def __init__(self, catalogue: Catalogue, folder: Path) -> None:
        self.catalogue, self.book = catalogue, LawBook(catalogue)
        self.graph = Graph(folder / "citations.sqlite", catalogue, self.book)

    def load(self, *statutes: Any) -> None:
        add_statutes(self.catalogue, statutes, LawReport())
        self.book.settle()
        self.graph.refresh()

    def stale(self, on: str, since: date | None = None) -> list[Stale]:
        self.graph.refresh()
        return stale(letters(self.catalogue, self.graph, self.book, since), self.book, date.fromisoformat(on))


@pytest.fixture
def room(catalogue: Catalogue, tmp_path: Path) -> Iterator[Room]:
    made = Room(catalogue, tmp_path)
    yield made
    made.graph.close()


@pytest.fixture
def letter(catalogue: Catalogue, put: Callable[..., Document]) -> Callable[[str, str], Document]:
    """Adds a letter of a day that says something."""

    def add(words: str, day: str) -> Document:
        from dataclasses import replace

        document = put(words, "suggestion", "检察建议书")
        catalogue.remove([document.id])
        dated = replace(document, fields=(Field("日期", day, 0, 0),))
        catalogue.add(dated, [], path="/letter.docx")
        return dated

    return add


def test_a_letter_whose_article_was_renumbered_by_a_newer_text_is_stale(room: Room, letter: Any):
    one = letter("请依照《旅店法》第二条落实询问义务。", "2021年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE))
    assert room.stale("2024-01-01") == []
    room.load(law("2023-01-01", ORDER, NEW, CHECK, FINE))
    (found,) = room.stale("2024-01-01")
    assert (found.leaning.id, found.status, found.now) == (one.id, "renumbered", ("第三条",))
    assert found.leaning.text == "《旅店法》第二条" == one.text[found.leaning.start : found.leaning.end]
    assert found.detail == "所引为 2020-01-01 文本的第二条，现为第三条"


def test_a_letter_written_under_the_newer_text_is_not(room: Room, letter: Any):
    letter("请依照《旅店法》第二条组织培训。", "2023年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE), law("2023-01-01", ORDER, NEW, CHECK, FINE))
    assert room.stale("2024-01-01") == []


def test_an_article_that_reads_the_same_leaves_the_letter_alone(room: Room, letter: Any):
    letter("请依照《旅店法》第一条经营。", "2021年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE), law("2023-01-01", ORDER, NEW, CHECK, FINE))
    assert room.stale("2024-01-01") == []


def test_a_reworded_and_a_dropped_article_are_told_apart(room: Room, letter: Any):
    letter("依照《旅店法》第二条、第三条。", "2021年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE), law("2023-01-01", ORDER, CHECK.replace("登记簿", "登记系统"), NEW))
    assert [(one.leaning.article, one.status) for one in room.stale("2024-01-01")] == [
        ("第二条", "amended"), ("第三条", "no_such_article"),
    ]  # fmt: skip


def test_a_text_that_comes_into_force_later_is_foretold(room: Room, letter: Any):
    letter("请依照《旅店法》第二条落实询问义务。", "2021年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE), law("2023-01-01", ORDER, NEW, CHECK, FINE))
    (found,) = room.stale("2022-06-01")
    assert (found.now, found.when) == (("第三条",), date(2023, 1, 1))


def test_a_law_of_which_the_older_text_is_wanting_says_nothing(room: Room, letter: Any):
    letter("请依照《旅店法》第二条落实询问义务。", "2019年3月1日")
    room.load(law("2020-01-01", ORDER, CHECK, FINE))
    assert room.stale("2024-01-01") == []


def test_the_numbers_that_a_rule_ever_had_lead_to_it(room: Room):
    room.load(law("2020-01-01", ORDER, CHECK, FINE), law("2023-01-01", ORDER, NEW, CHECK, FINE))
    numbers = Numbers(room.book, room.book.versions("旅店法"), date(2024, 1, 1))
    assert numbers.ever("第三条") == ("第三条", "第二条")
    assert numbers.now("第二条", date(2021, 1, 1)) == (("第三条",), "所引为 2020-01-01 文本的第二条，现为第三条")
    assert numbers.now("第二条", date(2023, 6, 1)) == (("第二条",), "")
    assert numbers.now("第九条", date(2021, 1, 1)) == (("第九条",), "")


def test_the_knowledge_names_no_article_that_has_changed_since_it_was_checked(national: LawBook):
    """A scenario whose law has a newer text in force is mended before it is shipped."""
    found = stale(knowledge(load_scenarios(), None), national, articles_checked())
    assert [one for one in found if one.when is None or one.when <= articles_checked()] == []
    assert {(one.leaning.law, one.when) for one in found} == {("中华人民共和国商标法", date(2027, 1, 1))}


def test_norms_that_papers_cite_and_the_library_lacks_are_listed_the_most_cited_first(room: Room, put: Any):
    one = put("依照《酒类条例》第三条、第四条和《某省旅店条例》第二条。", title="甲")
    two = put("依照《酒类条例》第五条。", title="乙")
    room.load(law("2020-01-01", ORDER, CHECK, FINE))
    found = missing(room.catalogue, room.graph, room.book, [])
    assert [(row.law, row.cited, row.by) for row in found[:2]] == [
        ("酒类条例", 3, tuple(sorted((one.id, two.id)))), ("某省旅店条例", 1, (one.id,)),
    ]  # fmt: skip
    assert "国家法律法规数据库" in found[0].where_to_get
    assert not any("旅店法" in row.law for row in found)


def test_a_missing_norm_that_the_knowledge_names_has_its_own_place(room: Room):
    room.load()
    leaning = Leaning("scenario", "lodging", "住宿", "互联网上网服务营业场所管理条例", "第二条", date(2026, 1, 1))
    found = {row.law: row for row in missing(room.catalogue, room.graph, room.book, [leaning])}
    assert found["互联网上网服务营业场所管理条例"].where_to_get == "国家法律法规数据库"
    assert found["互联网上网服务营业场所管理条例"].knowledge == ("lodging",)
    assert "最高人民检察院官网" in found["人民检察院检察建议工作规定"].where_to_get


def test_a_missing_norm_that_was_repealed_says_so(room: Room, put: Any):
    put("依照《中华人民共和国合同法》第六十条。", title="甲")
    room.load()
    found = {row.law: row for row in missing(room.catalogue, room.graph, room.book, [])}
    assert "2021-01-01 起" in found["中华人民共和国合同法"].note


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("经审理查明：2025年3月15日晚，被告人甲在某旅馆盗窃。", date(2025, 3, 15)),
        ("经审理查明：被告人甲，1990年1月1日出生。2025年3月16日盗窃。", date(2025, 3, 16)),
        ("本院于2026年1月2日立案。", None),
        ("经审理查明：2026年8月1日的事。", None),  # behind the paper's own day
    ],
)
def test_the_day_of_the_act_is_read_from_the_facts(text: str, day: date | None):
    paper = Document("a" * 16, "case", "刑事判决书", "判决书", text, (), fields=(Field("日期", "2026年7月10日", 0, 0),))
    assert act_day(paper) == day
    hint = act_hint([paper], date(2026, 11, 25))
    assert hint == (f"案卷事实部分最早的日期是 {day}，请核对是否为行为时间；要看当时的法律，请加 --as-of {day}。" if day else "")
