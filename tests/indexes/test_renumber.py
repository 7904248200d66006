"""Articles are followed from an older text of a law into a newer one by their words."""

from __future__ import annotations

from indexes.compare import compare, difference
from indexes.renumber import Article, Move, body, came_from, renumbered

GUARANTEE = "公司向其他企业投资或者为他人提供担保，依照公司章程的规定，由董事会或者股东会决议。"
TERM = "公司的营业期限由公司章程规定，期满可以解散。"
ORDINARY = "公司从事经营活动，应当遵守法律法规，遵守社会公德、商业道德，诚实守信。"
UNION = "公司职工依照工会法组织工会，开展工会活动，维护职工合法权益。"
MEETING = "股东会会议由董事会召集，董事长主持；董事长不能履行职务的，由副董事长主持。"
AUDIT = "公司应当在每一会计年度终了时编制财务会计报告，并依法经会计师事务所审计。"


def text(*bodies: str) -> list[Article]:
    return [Article(f"第{'一二三四五六七八九'[at]}条", f"第{'一二三四五六七八九'[at]}条 {body}") for at, body in enumerate(bodies)]


def map_of(moves: tuple[Move, ...]) -> dict[str, tuple[str, ...]]:
    return {one.old: one.new for one in moves if one.old}


def test_an_article_before_which_one_was_put_in_is_renumbered_and_reads_the_same():
    moves = renumbered(text(GUARANTEE, UNION), text(TERM, GUARANTEE, UNION))
    assert [(one.old, one.new, one.change, one.reworded) for one in moves] == [
        ("", ("第一条",), "added", False),
        ("第一条", ("第二条",), "renumbered", False),
        ("第二条", ("第三条",), "renumbered", False),
    ]


def test_an_article_is_followed_to_the_other_end_of_the_law_by_its_words():
    moves = renumbered(text(UNION, GUARANTEE, MEETING, AUDIT), text(GUARANTEE, MEETING, AUDIT, UNION))
    assert map_of(moves)["第一条"] == ("第四条",)
    assert map_of(moves)["第二条"] == ("第一条",)


def test_a_reworded_article_in_its_place_is_changed_and_not_new():
    (move,) = renumbered(text(GUARANTEE), text(GUARANTEE.replace("董事会或者股东会", "股东会")))
    assert (move.old, move.new, move.change, move.reworded) == ("第一条", ("第一条",), "changed", True)
    assert 0.6 < move.likeness < 1


def test_an_article_that_was_dropped_leads_nowhere_though_another_took_its_number():
    moves = renumbered(text(TERM, UNION, AUDIT), text(UNION, AUDIT))
    assert map_of(moves) == {"第一条": (), "第二条": ("第一条",), "第三条": ("第二条",)}
    assert moves[0].change == "removed"


def test_a_split_article_leads_to_all_its_parts_the_chief_one_first():
    moves = renumbered(text(f"{ORDINARY}\n{MEETING}{MEETING[:20]}。", AUDIT), text(ORDINARY, MEETING, AUDIT))
    assert set(map_of(moves)["第一条"]) == {"第一条", "第二条"}
    assert map_of(moves)["第二条"] == ("第三条",)
    assert not any(one.change == "added" for one in moves)


def test_merged_articles_lead_to_the_same_one():
    moves = renumbered(text(UNION, TERM, AUDIT), text(f"{UNION}\n{TERM}", AUDIT))
    assert map_of(moves) == {"第一条": ("第一条",), "第二条": ("第一条",), "第三条": ("第二条",)}
    assert came_from(moves)["第一条"] == ("第一条", "第二条")


def test_a_rule_that_its_article_kept_has_not_moved_to_the_new_article_that_repeats_it():
    copy = AUDIT.replace("公司应当", "国有独资公司应当")
    moves = renumbered(text(AUDIT, UNION), text(AUDIT, UNION, copy))
    assert map_of(moves)["第一条"] == ("第一条",)
    assert [one.new for one in moves if one.change == "added"] == [("第三条",)]


def test_other_numbers_in_a_reference_make_no_other_rule():
    old = text("违反本法第十条规定的，责令改正，处五万元以下罚款。", UNION)
    new = text(TERM, "违反本法第二十五条规定的，责令改正，处五万元以下罚款。", UNION)
    assert map_of(renumbered(old, new))["第一条"] == ("第二条",)


def test_every_article_of_both_texts_is_told_of():
    old, new = text(UNION, TERM, GUARANTEE), text(GUARANTEE, MEETING)
    moves = renumbered(old, new)
    assert {one.old for one in moves if one.old} == {one.label for one in old}
    assert {label for one in moves for label in one.new} == {one.label for one in new}


def test_an_empty_text_has_nothing_to_follow():
    assert renumbered([], []) == ()
    assert [one.change for one in renumbered([], text(UNION))] == ["added"]
    assert [one.change for one in renumbered(text(UNION), [])] == ["removed"]


def test_the_heading_of_the_next_part_is_none_of_an_articles_words():
    assert body("第二百零四条 期间依照本法。\n第二编 物 权\n第一分编 通 则") == "期间依照本法。"
    assert body("第三条 见本法第二编 的规定。") == "见本法第二编的规定。"


def test_a_comparison_shows_both_texts_and_what_differs_in_them():
    rows = compare(text(UNION, GUARANTEE), text(UNION, GUARANTEE.replace("由董事会或者股东会决议", "由股东会决议"), TERM))
    assert [(one.old, one.new, one.change) for one in rows] == [
        ("第一条", "第一条", "same"), ("第二条", "第二条", "changed"), ("", "第三条", "added"),
    ]  # fmt: skip
    pieces = rows[1].pieces()
    assert [(one.which, one.text) for one in pieces if one.which != "same"] == [("old", "董事会或者")]
    assert "".join(one.text for one in pieces if one.which != "new") == GUARANTEE
    assert rows[2].new_text.endswith(TERM)


def test_a_split_article_stands_in_a_row_for_each_part():
    rows = compare(text(f"{ORDINARY}\n{MEETING}", AUDIT), text(ORDINARY, MEETING, AUDIT))
    assert [(one.old, one.new) for one in rows] == [("第一条", "第一条"), ("第一条", "第二条"), ("第二条", "第三条")]


def test_words_between_two_changes_are_not_torn_apart():
    found = difference("处三年以下有期徒刑", "处五年以上有期徒刑")
    assert [(one.which, one.text) for one in found] == [
        ("same", "处"), ("old", "三年以下"), ("new", "五年以上"), ("same", "有期徒刑"),
    ]  # fmt: skip


def test_white_space_is_no_difference():
    assert difference("甲 乙\n丙", "甲乙丙") == (("same", "甲乙丙"),)


FEES = "当事人应当按照规定交纳费用，收取费用的办法报主管部门核准。"
LABOUR = "劳动争议和农业承包合同纠纷的仲裁，另行规定。"
SPORT = "劳动争议仲裁和体育仲裁等，适用有关专门法律、行政法规的规定。"


def test_an_article_of_which_little_was_kept_is_told_by_a_phrase_of_its_own_beside_its_old_neighbour():
    moves = renumbered(text(MEETING, FEES, LABOUR), text(MEETING, FEES, SPORT))
    assert 0.1 <= next(one.likeness for one in moves if one.old == "第三条") < 0.17
    assert map_of(moves)["第三条"] == ("第三条",)


def test_a_phrase_that_a_third_article_has_too_and_one_away_from_the_neighbours_tell_nothing():
    shared = FEES.replace("当事人", "劳动争议当事人")
    assert map_of(renumbered(text(MEETING, shared, LABOUR), text(MEETING, shared, SPORT)))["第三条"] == ()
    assert map_of(renumbered(text(MEETING, FEES, LABOUR), text(MEETING, FEES, AUDIT, SPORT)))["第三条"] == ()
