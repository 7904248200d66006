"""Views of a document with tracked changes: as it was, and with the changes shown; blocks follow the text."""

from __future__ import annotations

from ingestion.document import Block, Change, Document, Field
from ingestion.views import marked, original


def changed(text: str, blocks: list[tuple[int, int]], changes: list[tuple[str, int, int, str]]) -> Document:
    return Document(
        "id", "other", "", "题", text,
        blocks=tuple(Block(start, end) for start, end in blocks),
        fields=(Field("文号", text[:1], 0, 1),),
        changes=tuple(Change(kind, "甲", "2026-01-02", *rest) for kind, *rest in changes),  # type: ignore[arg-type]
    )


def blocks(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def test_without_changes_both_views_are_the_text():
    document = changed("甲。\n乙。", [(0, 2), (3, 5)], [])
    for view in (original, marked):
        assert (view(document).text, blocks(view(document))) == ("甲。\n乙。", ["甲。", "乙。"])


def test_an_insertion_is_out_of_the_original_and_marked_in_the_other():
    document = changed("应当如实登记。\n后文。", [(0, 7), (8, 11)], [("insert", 2, 4, "如实")])
    assert original(document).text == "应当登记。\n后文。"
    assert blocks(original(document)) == ["应当登记。", "后文。"]
    assert marked(document).text == "应当［增：如实］登记。\n后文。"
    assert blocks(marked(document)) == ["应当［增：如实］登记。", "后文。"]


def test_a_deletion_is_in_the_original_and_marked_in_the_other():
    document = changed("应当登记。\n后文。", [(0, 5), (6, 9)], [("delete", 2, 2, "酌情")])
    assert original(document).text == "应当酌情登记。\n后文。"
    assert blocks(original(document)) == ["应当酌情登记。", "后文。"]
    assert marked(document).text == "应当［删：酌情］登记。\n后文。"
    assert blocks(marked(document)) == ["应当［删：酌情］登记。", "后文。"]


def test_a_replacement_gives_back_the_old_words():
    document = changed("应当如实登记。", [(0, 7)], [("insert", 2, 4, "如实"), ("delete", 4, 4, "酌情")])
    assert original(document).text == "应当酌情登记。"
    assert marked(document).text == "应当［增：如实］［删：酌情］登记。"
    assert blocks(original(document)) == ["应当酌情登记。"]


def test_a_deletion_that_stands_directly_before_an_insertion_comes_first():
    document = changed("应当如实登记。", [(0, 7)], [("delete", 2, 2, "酌情"), ("insert", 2, 4, "如实")])
    assert original(document).text == "应当酌情登记。"
    assert marked(document).text == "应当［删：酌情］［增：如实］登记。"


def test_moved_words_stand_where_they_were():
    document = changed("乙甲。", [(0, 3)], [("move_to", 0, 1, "乙"), ("move_from", 2, 2, "乙")])
    assert original(document).text == "甲乙。"


def test_a_deletion_at_the_end_belongs_to_the_text():
    document = changed("应当登记", [(0, 4)], [("delete", 4, 4, "两日内")])
    assert original(document).text == "应当登记两日内"
    assert marked(document).text == "应当登记［删：两日内］"


def test_an_insertion_that_is_the_whole_paragraph_leaves_an_empty_block():
    document = changed("新。\n旧。", [(0, 2), (3, 5)], [("insert", 0, 2, "新。")])
    assert original(document).text == "\n旧。"
    assert blocks(original(document)) == ["", "旧。"]


def test_a_change_inside_another_is_not_applied_twice():
    document = changed("甲乙丙丁。", [(0, 5)], [("insert", 1, 4, "乙丙丁"), ("insert", 2, 3, "丙")])
    assert original(document).text == "甲。"


def test_a_view_has_no_changes_left_and_no_spans_of_another_text():
    document = changed("应当如实登记。", [(0, 7)], [("insert", 2, 4, "如实")])
    for view in (original(document), marked(document)):
        assert (view.changes, view.fields) == ((), ())
        assert (view.id, view.title) == ("id", "题")
    assert document.text == "应当如实登记。"
