from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import docx
import pytest

from assistant.desk import Desk, open_desk
from assistant.precedents import FACETS, find_letters, measures
from assistant.settings import Settings
from assistant.similar import similar
from indexes.build import add_files
from indexes.fill import fill_words
from indexes.hit import Hit
from indexes.index import Scope
from ingestion.document import Document, document_id

LETTERS = Path(str(files("eval") / "samples" / "先例"))
HOTEL = LETTERS / "1-检察建议书-旅馆未登记未成年人.docx"


def desk_with(folder: Path, *paths: Path) -> Desk:
    desk = open_desk(Settings(home=folder))
    assert not add_files(desk.catalogue, paths).failed
    fill_words(desk.catalogue, desk.keywords)
    return desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return desk_with(tmp_path_factory.mktemp("先例"), LETTERS)


def searching(desk: Desk):  # type: ignore[no-untyped-def]
    def search(query: str, k: int) -> Sequence[Hit]:
        return desk.index.search(query, k, scope=Scope(kinds=("suggestion",)), by="words")

    return search


def test_a_letter_is_found_with_its_problem_measures_addressee_and_reply(desk: Desk):
    found = find_letters("人已经死亡仍继续发放养老金", desk.letters.all(), searching(desk), 1)
    (one,) = found.hits
    letter = one.letter
    assert letter.number == "望检建〔2025〕3号"
    assert letter.addressee == "临江市望湖区人力资源和社会保障局"
    assert len(letter.measures) == 3
    assert letter.measures[1].startswith("将死亡、服刑人员信息由年度比对改为按月比对")
    text = desk.catalogue.text_of(letter.document_id)
    assert text is not None
    assert text[letter.start : letter.end] == letter.problem
    assert "核验不及时" in letter.problem
    assert letter.reply is not None
    answer = desk.catalogue.text_of(letter.reply.document_id)
    assert answer is not None
    assert answer[letter.reply.start : letter.reply.end] == letter.reply.quote
    assert "12人已退回241300元" in letter.reply.quote


def test_what_is_found_in_the_reply_leads_to_its_letter(desk: Desk):
    found = find_letters("前台人员培训考核合格率", desk.letters.all(), searching(desk), 1)
    assert found.hits[0].letter.number == "云检建〔2024〕12号"


def test_facets_count_all_letters_found_and_narrow_them(desk: Desk):
    letters = desk.letters.all()
    found = find_letters("检察建议落实整改", letters, searching(desk), 1)
    assert len(found.hits) == 1
    assert set(found.facets) == set(FACETS)
    assert found.facets["年份"] == {"2024": 1, "2025": 1, "2026": 1}
    assert found.facets["领域"] == {"未成年人保护": 1, "社会保险": 1, "市场监管": 1}
    assert found.facets["层级"] == {"区县级": 3}
    assert found.facets["被建议单位类型"]["公安机关"] == 1
    narrowed = find_letters("检察建议落实整改", letters, searching(desk), 9, {"地区": "临江市南浦区"})
    assert [one.letter.number for one in narrowed.hits] == ["南检建〔2026〕5号"]


def test_a_letter_without_a_reply_says_so_and_an_objection_of_others_is_no_refusal(desk: Desk, tmp_path: Path):
    alone = desk_with(tmp_path / "一份", HOTEL).letters.all()
    assert [(one.reply, one.facets["采纳"], one.facets["整改"]) for one in alone] == [(None, "未见回复", "未见回复")]
    adopted = {one.number: one.facets["采纳"] for one in desk.letters.all()}
    assert "回复称未采纳" not in adopted.values()  # 利害关系人提出异议 stands in one of them


def test_a_letter_that_is_removed_is_not_found_any_more(tmp_path: Path):
    desk = desk_with(tmp_path / "home", LETTERS)
    gone = next(one for one in desk.letters.all() if one.number == "云检建〔2024〕12号")
    desk.catalogue.remove([gone.document_id])
    assert gone.document_id not in {one.document_id for one in desk.letters.all()}


def test_measures_are_told_one_by_one_and_advice_without_a_list_whole():
    assert measures("三、检察建议\n提出如下建议：\n1.开展检查。\n2.公布结果。") == ["开展检查。", "公布结果。"]
    assert measures("建议你局开展检查，\n并公布结果。") == ["建议你局开展检查， 并公布结果。"]
    assert measures(" \n") == []


def test_a_like_letter_to_the_same_unit_is_warned_of(desk: Desk):
    stored = next(one for one in desk.letters.all() if one.number == "云检建〔2024〕12号")
    letter = desk.catalogue.document(stored.document_id)
    assert letter is not None
    text = letter.text.replace("云检建〔2024〕12号", "云检建〔2024〕31号")
    again = replace(letter, id=document_id(text.encode()), text=text)
    (alike,) = similar(again, desk.catalogue, desk.precedents).alike
    assert alike.document_id == stored.document_id
    assert "2024年9月10日已向该单位（临江市公安局云岭区分局）发出相似的建议书云检建〔2024〕12号" in alike.warning
    other = replace(again, fields=tuple(one for one in again.fields if one.name != "被建议单位"))
    assert "已向该单位" not in similar(other, desk.catalogue, desk.precedents).alike[0].warning


def test_the_cases_most_like_a_paper_come_first_without_the_paper_itself(desk: Desk):
    paper = Document("0" * 16, "case", "报告", "报告", "旅馆前台未登记未成年人的身份信息，未询问监护人的联系方式。" * 3, blocks=())
    cases = similar(paper, desk.catalogue, desk.precedents, 2).cases
    assert cases[0].near.title == "临江市云岭区人民检察院检察建议书"
    first = desk.catalogue.document(cases[0].near.document_id)
    assert first is not None
    assert first.text[cases[0].near.start :].startswith(cases[0].quote)
    assert first.id not in {one.near.document_id for one in similar(first, desk.catalogue, desk.precedents).cases}


def test_a_reply_without_a_number_is_no_reply_to_a_letter_without_one(tmp_path: Path):
    """Drafts have no number yet: they must not be given the measures of another unit."""
    for path in LETTERS.glob("1-*.docx"):
        text = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
        (tmp_path / path.with_suffix(".txt").name).write_text(text.replace("云检建〔2024〕12号", "检察建议书"), "utf-8")
    (alone,) = desk_with(tmp_path / "home", *tmp_path.glob("*.txt")).letters.all()
    assert (alone.number, alone.reply) == ("", None)
