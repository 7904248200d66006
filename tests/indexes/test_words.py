from __future__ import annotations

import pytest

from indexes.words import normalise, tokens


def test_words_and_marked_pairs() -> None:
    assert tokens("经济补偿") == ["经济", "补偿", "_经济", "_济补", "_补偿"]


def test_latin_and_numbers_stay_whole() -> None:
    assert tokens("KTV 186人次") == ["ktv", "186", "人次", "_人次"]


def test_brackets_of_document_numbers_do_not_matter() -> None:
    assert tokens("（2026）浙1302刑初117号") == tokens("(2026)浙1302刑初117号")


def test_blanks_inside_chinese_do_not_matter() -> None:
    assert normalise("总 则") == "总则"


def test_the_binding_cuts_like_jieba() -> None:
    rjieba = pytest.importorskip("rjieba")
    jieba = pytest.importorskip("jieba")
    jieba.setLogLevel("WARNING")
    for text in ("人民检察院应当自收到移送起诉案件材料之日起三日以内", "旅馆未登记未成年人身份信息", "生产、销售有毒、有害食品罪"):
        assert list(rjieba.cut_for_search(text)) == list(jieba.cut_for_search(text))
