from __future__ import annotations

from pathlib import Path

import pytest

from indexes.keywords import Keywords


@pytest.fixture
def keywords(tmp_path: Path) -> Keywords:
    return Keywords(tmp_path / "words")


def ids(keywords: Keywords, query: str) -> list[int]:
    return [text_id for text_id, _ in keywords.search(query, 10)]


def fill(keywords: Keywords, *texts: str) -> None:
    keywords.add((number, "regulation", text) for number, text in enumerate(texts, 1))
    keywords.commit()


def test_two_character_words_are_found(keywords: Keywords) -> None:
    fill(keywords, "用人单位应当支付经济补偿", "劳动合同期满终止", "用人单位通知")
    assert ids(keywords, "补偿") == [1]
    assert ids(keywords, "合同") == [2]
    assert ids(keywords, "用人单位 补偿") == [1]


def test_words_that_no_text_holds_together_are_still_found_apart(keywords: Keywords) -> None:
    fill(keywords, "用人单位应当支付经济补偿", "劳动合同期满终止")
    assert sorted(ids(keywords, "补偿 期满")) == [1, 2]


def test_a_sentence_without_punctuation_finds_itself(keywords: Keywords) -> None:
    long = "用人单位应当按照国家规定支付经济补偿" * 4
    fill(keywords, "用人单位应当按照国家规定支付经济补偿", "用人单位支付经济补偿", long)
    assert ids(keywords, "用人单位支付经济补偿")[0] == 2
    assert ids(keywords, long)[0] == 3


def test_widths_and_radicals_of_pdf_fonts_match(keywords: Keywords) -> None:
    fill(keywords, "２０２４年第１２号", "用⼈单位", "⼈⺠法院")
    assert ids(keywords, "2024年第12号")[0] == 1
    assert ids(keywords, "用人单位")[0] == 2
    assert ids(keywords, "人民法院")[0] == 3


def test_a_removed_text_is_not_found_and_the_next_best_is(keywords: Keywords) -> None:
    fill(keywords, "密语甲", "密语乙", "别的")
    keywords.remove([1])
    keywords.commit()
    assert ids(keywords, "密语甲") == [2]
    assert keywords.count() == 2


def test_adding_again_replaces(keywords: Keywords) -> None:
    fill(keywords, "旧文字")
    fill(keywords, "新内容")
    assert ids(keywords, "旧文字") == []
    assert keywords.ids() == {1}


def test_kinds_and_scopes_narrow_without_changing_scores(keywords: Keywords) -> None:
    keywords.add([(1, "case", "住宿登记"), (2, "regulation", "住宿登记"), (3, "regulation", "住宿登记规定")])
    keywords.commit()
    free = dict(keywords.search("住宿登记", 10))
    assert dict(keywords.search("住宿登记", 10, kinds=["regulation"])) == {2: free[2], 3: free[3]}
    assert dict(keywords.search("住宿登记", 10, among=[1, 3])) == {1: free[1], 3: free[3]}


def test_another_process_sees_what_was_committed(tmp_path: Path, keywords: Keywords) -> None:
    reader = Keywords(tmp_path / "words")
    fill(keywords, "住宿登记")
    assert ids(reader, "住宿登记") == [1]


def test_nothing_is_found_for_an_empty_question(keywords: Keywords) -> None:
    fill(keywords, "住宿登记")
    assert keywords.search("。。。", 10) == []


def test_a_word_that_more_texts_hold_is_less_rare_from_the_commit_on(keywords: Keywords, tmp_path: Path) -> None:
    reader = Keywords(tmp_path / "words")
    fill(keywords, "住宿登记", "经济补偿", "劳动合同")
    before = reader.rarity("登记")
    assert 0 < before < reader.rarity("密语") == 1.0
    keywords.add([(4, "regulation", "登记机关")])
    assert reader.rarity("登记") == before
    keywords.commit()
    assert reader.rarity("登记") < before
