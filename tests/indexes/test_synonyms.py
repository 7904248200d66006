from __future__ import annotations

from pathlib import Path

import pytest

from indexes.errors import StoreError
from indexes.keywords import Keywords
from indexes.synonyms import parse_synonyms, shipped_synonyms

FILE = "source: x\ndate: 2026-11-25\ntag: D\nweight: 0.5\nwords:\n  小偷: 盗窃 公私财物\n"


def test_a_lay_word_leads_to_the_words_of_the_law() -> None:
    synonyms = parse_synonyms(FILE)
    assert synonyms.of("抓到小偷怎么办") == ["盗窃", "公私财物"]
    assert synonyms.of("住宿登记") == []


@pytest.mark.parametrize(
    "text", [FILE + "more: 1\n", FILE.replace("date: 2026-11-25\n", ""), FILE.replace("盗窃 公私财物", "")]
)
def test_a_file_with_an_unknown_key_without_a_date_or_with_an_empty_entry_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match=r"synonyms\.yaml"):
        parse_synonyms(text)


def test_no_word_of_the_law_stands_for_itself() -> None:
    assert [lay for lay, legal in shipped_synonyms().words.items() if lay in legal] == []


def test_a_lay_question_finds_the_law_and_papers_keep_their_own_words(tmp_path: Path) -> None:
    keywords = Keywords(tmp_path)
    keywords.add([(1, "regulation", "盗窃公私财物的"), (2, "case", "盗窃公私财物的"), (3, "case", "小偷")])
    keywords.commit()
    assert {text_id for text_id, _ in keywords.search("小偷", 10, lay=True)} == {1, 3}
    assert [text_id for text_id, _ in keywords.search("小偷", 10)] == [3]
