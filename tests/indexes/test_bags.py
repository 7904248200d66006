from __future__ import annotations

import pytest

from indexes.bags import Vocabulary, bm25, cosines


def test_a_text_is_like_itself_and_the_more_like_another_the_more_rare_words_they_share():
    words = Vocabulary()
    texts = ["盗窃 手机 商场".split(), "盗窃 钱包 公交".split(), "醉酒 驾驶 汽车".split()]
    bags = cosines([words.bag(one) for one in texts], words)
    likeness = bags.likeness(words.known(texts[0])).tolist()
    assert likeness[0] == pytest.approx(1.0, abs=1e-5)
    assert 0 < likeness[1] < likeness[0]
    assert likeness[2] == 0


def test_words_that_no_text_holds_change_nothing():
    words = Vocabulary()
    bags = cosines([words.bag(["盗窃", "手机"])], words)
    assert bags.likeness(words.known(["盗窃", "陌生"])).tolist() == bags.likeness(words.known(["盗窃"])).tolist()
    assert bags.likeness(words.known([])).tolist() == [0.0]
    words.bag(["新词"])  # the vocabulary grows behind the bags
    assert bags.likeness(words.known(["新词"])).tolist() == [0.0]


def test_by_bm25_a_short_text_with_the_word_stands_before_a_long_one():
    words = Vocabulary()
    texts = [["盗窃"], ["盗窃", *"一二三四五六七八"], ["驾驶"], ["登记"]]
    scores = bm25([words.bag(one) for one in texts], words).match(words.known(["盗窃", "盗窃"])).tolist()
    assert scores[0] > scores[1] > 0
    assert scores[2:] == [0, 0]


def test_without_texts_nothing_is_like_anything():
    words = Vocabulary()
    assert cosines([], words).likeness(words.known(["盗窃"])).tolist() == []
    assert bm25([], words).match(words.known(["盗窃"])).tolist() == []
