from __future__ import annotations

import pytest

from assistant.cite import cite, cite_document, page_of, verified
from indexes.hit import Hit
from ingestion.document import Block, Document, Passage

TEXT = "序言。\n旅馆未登记。前台未询问。"
PASSAGE = Passage("a1b2", 4, 16, TEXT[4:16], ("报告",))


def hit(**more: object) -> Hit:
    return Hit(PASSAGE, "报告", "case", 1.0, ("words",), **more)  # type: ignore[arg-type]


def test_a_citation_quotes_the_document_at_its_offsets() -> None:
    made = cite(hit(), 3, 4, 10)
    assert (made.number, made.document_id, made.quote, made.law) == (3, "a1b2", "旅馆未登记。", None)
    assert TEXT[made.start : made.end] == made.quote
    assert verified(made, TEXT)


@pytest.mark.parametrize(("start", "end"), [(3, 10), (4, 17), (8, 8), (10, 8)])
def test_what_lies_outside_of_the_passage_is_no_citation(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="a1b2:4-16"):
        cite(hit(), 1, start, end)


def test_a_citation_of_law_carries_article_and_status() -> None:
    law = Hit(
        Passage("a1b2", 4, 16, TEXT[4:16], (), "第二条"), "住宿法", "regulation", 1.0, ("words",),
        law="住宿法", version="2018-01-01", status="repealed",
    )  # fmt: skip
    made = cite(law, 1, 4, 10)
    assert (made.law, made.article, made.status) == ("住宿法", "第二条", "repealed")


@pytest.mark.parametrize("text", [None, "", TEXT[1:], TEXT.replace("未登记", "已登记")])
def test_a_quote_that_the_document_does_not_bear_out_is_not_verified(text: str | None) -> None:
    assert not verified(cite(hit(), 1, 4, 10), text)


def test_an_empty_quote_is_never_verified() -> None:
    document = Document("a1b2", "case", "报告", "报告", TEXT, (Block(0, len(TEXT)),))
    assert not verified(cite_document(document, 4, 4), TEXT)


def test_a_citation_of_the_case_file_names_the_page() -> None:
    blocks = (Block(0, 3, page=1), Block(4, 10, page=2), Block(10, 16, page=3))
    document = Document("a1b2", "case", "报告", "报告", TEXT, blocks)
    made = cite_document(document, 10, 16, 2)
    assert (made.quote, made.page, made.status) == ("前台未询问。", 3, "verified")
    assert cite_document(document, 5, 9).page == 2


def test_a_format_without_pages_gives_no_page() -> None:
    assert page_of((Block(0, 3), Block(4, 16)), 8) is None
    assert page_of((), 8) is None
    assert page_of((Block(4, 16, page=1),), 0) is None
