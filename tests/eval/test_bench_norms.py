from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.norms import count, gold_chapters, key, longest_rise, main, other_count

LAW = """# 某某法

2024年1月1日 通过

<!-- INFO END -->

## 第一章 总则

第一条 为了管理，制定本法。

第一条之一 前条规定的范围如下：

（一）甲；

（二）乙。

第三条规定的期限，从宽计算。

第二条 依照旧法第九条 办理的，从其规定。

## 第二章 附则

第三条 本法自公布之日起施行。
"""


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("第十二条", (12, 0)),
        ("第一百二十条之一", (120, 1)),
        ("第一千零一条", (1001, 0)),
        ("第三条规定的期限，从宽计算。", None),
        ("第三款", None),
        ("第条", None),
    ],
)
def test_a_word_that_is_nothing_but_an_articles_number_is_one(word, numbers):
    assert key(word) == numbers


def test_references_and_inserted_articles_are_counted_apart():
    assert other_count(LAW) == 4
    assert count(Path("某某法.md"), LAW).articles == 4


def test_items_and_paragraphs_are_counted():
    one = count(Path("某某法.md"), LAW)
    assert (one.items, one.paragraphs) == (2, 5)  # the line that refers to 第三条 is a 款 of its own


def test_what_is_quoted_from_elsewhere_does_not_fit_into_the_series():
    assert longest_rise([(55, 0), (47, 0), (56, 0)]) == 2
    assert longest_rise([(1, 0), (2, 0), (123, 0), (124, 0)]) == 2  # written for another norm
    assert longest_rise([]) == 0


def test_a_folder_whose_counts_agree_passes(tmp_path, capsys):
    (tmp_path / "某某法.md").write_text(LAW, encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert "条 4，独立计数 4" in capsys.readouterr().out


def test_a_norm_on_which_the_counts_differ_is_named(tmp_path, capsys):
    # the reader goes on behind a leap that the other count takes for another norm's
    (tmp_path / "缺条法.md").write_text(LAW.replace("第三条 本法", "第九十条 本法"), encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert "不一致：缺条法" in capsys.readouterr().out


def test_fifty_articles_have_chapters_that_a_person_looked_up():
    held = gold_chapters()
    assert len({(one.sha256, one.article) for one in held}) == 50
    assert all(one.chapter for one in held)
