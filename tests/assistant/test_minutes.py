from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import docx
import pytest

from assistant.draft import Order, for_paper, letter_aliases
from assistant.export import write_report
from assistant.form import layout
from assistant.hearing import summarise_hearing
from assistant.hearing_views import Tally
from assistant.minutes import minutes
from ingestion.document import Document
from ingestion.read import to_document
from prompts.hearing import load_hearing

TEXT = (
    "听证笔录\n时间：2026年4月22日9时\n主持人：钱立\n听证员：王某、何某\n证人：杜小娟\n"
    "主持人：围绕两个问题发言：第一，旅馆是否登记住客；第二，公安机关是否检查。\n"
    "证人杜小娟：我没有登记住客。\n听证员王某：同意。\n听证员何某：不同意，登记住客是旅馆的义务。\n"
    "旅馆经营者薛长根：我们保证月底前装好登记系统。\n"
)


@pytest.fixture
def record() -> Document:
    return to_document(TEXT.encode(), "听证笔录.txt")


def text_of(path: Path) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]


def test_every_sentence_but_gaps_and_warnings_rests_on_words_of_the_record(record: Document) -> None:
    paper = minutes(summarise_hearing(record), record, "2026-11-25")
    sentences = [one for part in paper.sections[:-1] for one in part.sentences]
    assert sentences
    for one in sentences:
        assert one.citations
        assert all(c.quote == record.text[c.start : c.end] for c in one.citations)


def test_dissent_promises_and_gaps_are_on_paper(record: Document, tmp_path: Path) -> None:
    path = tmp_path / "摘要.docx"
    write_report(minutes(summarise_hearing(record), record, "2026-11-25"), path, layout())
    lines = text_of(path)
    assert "何某不同意（不同意见，应当保留）：“不同意，登记住客是旅馆的义务。”" in lines
    assert "薛长根：“我们保证月底前装好登记系统”（时限：月底前）" in lines
    assert all(any(gap in line for line in lines) for gap in load_hearing().wanting.items)


def test_a_protected_person_stands_by_alias(record: Document, tmp_path: Path) -> None:
    names = letter_aliases(Order("1", [record], "", "other", date(2026, 11, 25)))
    path = tmp_path / "摘要.docx"
    write_report(for_paper(minutes(summarise_hearing(record), record, "2026-11-25"), names), path, layout(), names)
    assert "杜小娟" in names
    assert "杜小娟" not in "\n".join(text_of(path))


def test_an_opinion_stands_once_and_an_issue_of_which_nobody_spoke_is_a_gap() -> None:
    text = (
        "主持人：围绕两个问题发言：第一，旅馆是否登记住客；第二，制发检察建议是否必要。\n"
        "主持人：请听证员发表意见。\n听证员王某：同意制发。\n"
    )
    record = to_document(text.encode(), "听证笔录.txt")
    paper = minutes(summarise_hearing(record), record, "2026-11-25")
    assert sum("同意制发。" in one.text for part in paper.sections for one in part.sentences) == 1
    assert any("旅馆是否登记住客" in gap and "没有辨认出" in gap for part in paper.sections for gap in part.gaps)


def test_a_record_with_more_than_nine_issues_becomes_a_paper() -> None:
    issues = "；".join(f"第{number}，事项{name}是否属实" for number, name in zip("一二三四五六七八九", "甲乙丙丁戊己庚辛壬", strict=True))
    record = to_document(f"主持人：听证问题：{issues}；10.事项癸是否属实。\n主持人：好。\n".encode(), "听证笔录.txt")
    paper = minutes(summarise_hearing(record), record, "2026-11-25")
    assert any(one.text.startswith("（十）") for part in paper.sections for one in part.sentences)


def test_the_parts_of_the_paper_are_numbered_without_a_gap(record: Document) -> None:
    headings = [one.heading for one in minutes(summarise_hearing(record), record, "2026-11-25").sections]
    assert [heading[0] for heading in headings] == list("一二三四五六七八九")[: len(headings)]


def test_numbers_and_days_of_birth_of_persons_do_not_leave(tmp_path: Path) -> None:
    words = "我叫杜小娟，2010年5月18日出生，身份证号码331302201005180029，电话13900000117。"
    record = to_document(f"听证笔录\n主持人：现在开始，请听证员发表意见。\n听证员王某：同意。{words}\n".encode(), "听证笔录.txt")
    path = tmp_path / "摘要.docx"
    write_report(for_paper(minutes(summarise_hearing(record), record, "2026-11-25"), {}), path, layout())
    written = "\n".join(text_of(path))
    assert "同意。" in written
    assert not any(secret in written for secret in ("331302201005180029", "13900000117", "2010年5月18日"))


def test_a_count_without_an_opinion_behind_it_is_not_supported(record: Document) -> None:
    bare = replace(summarise_hearing(record), opinions=(), tally=Tally(agree=3))
    (counted,) = [one for part in minutes(bare, record, "2026-11-25").sections for one in part.sentences if "共3人" in one.text]
    assert (counted.citations, counted.support) == ((), "unverified")
