"""An amendment of the penal code and the text it changes become the next text."""

from __future__ import annotations

from datetime import date

import pytest

from indexes.amend import NotUnderstood, amended, with_amended
from indexes.china_law import package_statutes
from indexes.library import find_article, law_version, settle
from ingestion.document import Passage
from ingestion.statutes import Statute, read_statute

CODE = """# 中华人民共和国刑法

2020年12月26日 修正

<!-- INFO END -->

第一条 为了惩罚犯罪，制定本法。

第二条 甲罪，处三年以下有期徒刑。

犯前款罪，情节严重的，处三年以上有期徒刑。

第三条 乙罪，处拘役。
"""
ACT = """# 中华人民共和国刑法修正案（十二）

2023年12月29日 某会议通过

<!-- INFO END -->

{}

九、本修正案自2024年3月1日起施行。
"""


def code() -> Statute:
    return read_statute(CODE, "刑法(2020-12-26).md", source="甲来源")


def act(*items: str) -> Statute:
    body = "\n\n".join(f"{'一二三四五'[at]}、{item}" for at, item in enumerate(items))
    return read_statute(ACT.format(body), "刑法修正案（十二）(2023-12-29).md")


def words(statute: Statute) -> dict[str, str]:
    return {one.label: statute.text[one.start : one.end] for one in statute.articles}


def made(*items: str) -> Statute:
    found = amended(code(), act(*items))
    assert isinstance(found, Statute), found
    return found


def test_an_article_is_replaced_whole():
    found = words(made("将刑法第三条修改为：“乙罪，处一年以下有期徒刑。”"))
    assert found["第三条"] == "第三条 乙罪，处一年以下有期徒刑。"
    assert found["第一条"] == "第一条 为了惩罚犯罪，制定本法。"


def test_a_paragraph_is_replaced_and_the_others_stay():
    found = words(made("将刑法第二条第二款修改为：“犯前款罪，情节严重的，处五年以上有期徒刑。”"))
    assert found["第二条"].split("\n")[0] == "第二条 甲罪，处三年以下有期徒刑。"
    assert found["第二条"].endswith("犯前款罪，情节严重的，处五年以上有期徒刑。")


def test_an_article_with_a_new_paragraph_is_read_from_the_whole_that_the_amendment_gives():
    item = "在刑法第三条中增加一款作为第二款，将该条修改为：“乙罪，处拘役。\n\n“单位犯前款罪的，判处罚金。”"
    assert words(made(item))["第三条"] == "第三条 乙罪，处拘役。\n单位犯前款罪的，判处罚金。"


def test_a_new_article_stands_behind_the_one_that_it_follows():
    found = made("在刑法第二条后增加一条，作为第二条之一：“丙罪，处管制。”")
    assert [one.label for one in found.articles] == ["第一条", "第二条", "第二条之一", "第三条"]
    assert words(found)["第二条之一"] == "第二条之一 丙罪，处管制。"
    assert words(found)["第三条"] == "第三条 乙罪，处拘役。"


def test_the_made_text_tells_its_day_and_what_it_was_made_of():
    found = made("将刑法第三条修改为：“乙罪，处一年以下有期徒刑。”")
    assert (found.version, found.in_force_from) == (date(2023, 12, 29), date(2024, 3, 1))
    assert found.source == "甲来源（2020-12-26 文本按《中华人民共和国刑法修正案（十二）》编成）"


@pytest.mark.parametrize(
    "item",
    [
        "将刑法第九条修改为：“没有的条。”",  # no such article
        "将刑法第二条第三款修改为：“没有的款。”",  # no such paragraph
        "删去刑法第三条中的“拘役”。",  # a kind of change that is not read
        "将刑法第三条修改为：“乙罪，处管制。”增加一款作为第二款：“丙。”",  # two changes in one
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_applied(item: str):
    found = amended(code(), act("将刑法第三条修改为：“乙罪，处管制。”", item))
    assert found == NotUnderstood("中华人民共和国刑法修正案（十二）", ("二、",))


def test_an_amendment_older_than_the_text_is_not_applied_again():
    older = read_statute(ACT.format("一、将刑法第三条修改为：“旧。”").replace("2023年", "2011年"), "刑法修正案（八）(2011-02-25).md")
    assert len(list(with_amended([code(), older]))) == 2


def test_the_penal_code_of_the_package_is_carried_on_to_2024():
    """Trap: the package holds the text of 2020, and the amendment of 2023 beside it."""
    texts = [one for one in with_amended(package_statutes()) if one.name == "中华人民共和国刑法"]
    assert [str(one.version) for one in texts] == ["2020-12-26", "2023-12-29"]
    old, new = (words(one) for one in texts)
    changed = {label for label, text in new.items() if old.get(label) != text}
    assert changed == {f"第{n}条" for n in ("一百六十五", "一百六十六", "一百六十九", "三百八十七", "三百九十", "三百九十一", "三百九十三")}
    assert "实施前款行为，致使公司、企业利益遭受重大损失的" in new["第一百六十五条"]

    class Two:
        versions_ = settle([law_version(str(at), one) for at, one in enumerate(texts)])

        def versions(self, name: str) -> tuple[object, ...]:
            return self.versions_ if "刑法" in name else ()

        def article_passages(self, document_id: str, label: str) -> list[Passage]:
            text = (old, new)[int(document_id)].get(label)
            return [Passage(document_id, 0, len(text), text, (), label)] if text else []

        def labels(self, document_id: str) -> list[str]:
            return list(old)

    before = find_article(Two(), "刑法", "165", date(2024, 2, 29))  # type: ignore[arg-type]
    after = find_article(Two(), "刑法", "165", date(2024, 3, 1))  # type: ignore[arg-type]
    assert [before.status, after.status] == ["verified", "verified"]
    assert before.passages[0].text != after.passages[0].text
