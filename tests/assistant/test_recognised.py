from __future__ import annotations

from contextlib import closing
from pathlib import Path

from assistant.cite import cite_document
from assistant.writer import source_line
from indexes.catalogue import Catalogue
from indexes.hit import recognised
from ingestion.document import Block, Document
from ingestion.split import split

TEXT = "检查情况\n前台未登记同住人员的身份信息。\n现场查获入住记录三份。"
FIRST, SECOND = TEXT.index("前台"), TEXT.index("现场")


def scan() -> Document:
    blocks = (
        Block(0, 4, level=1, page=1, confidence=0.99),
        Block(FIRST, SECOND - 1, page=1, confidence=0.62),
        Block(SECOND, len(TEXT), page=2, confidence=0.97),
    )
    return Document("a" * 16, "case", "笔录", "检查笔录", TEXT, blocks)


def test_a_quote_from_a_scan_says_how_sure_its_own_words_are():
    doubtful = cite_document(scan(), FIRST, SECOND - 1)
    sure = cite_document(scan(), SECOND, len(TEXT))
    assert (doubtful.confidence, sure.confidence) == (0.62, 0.97)
    assert source_line(doubtful) == "《检查笔录》（第1页，识别文字，请对照原件）载明："
    assert source_line(sure) == "《检查笔录》（第2页，识别文字）载明："


def test_text_that_was_never_a_picture_says_nothing_of_recognition():
    assert recognised(None) == ""


def test_a_passage_is_as_sure_as_its_least_sure_block_and_stays_so_in_the_catalogue(tmp_path: Path):
    parts = split(scan())
    assert min(one.confidence or 1 for one in parts) == 0.62
    with closing(Catalogue(tmp_path / "catalogue.sqlite")) as catalogue:
        catalogue.add(scan(), parts, path="检查笔录.png")
        kept = [one.passage for one in catalogue.passages("a" * 16)]
    assert [one.confidence for one in kept] == [one.confidence for one in parts]
