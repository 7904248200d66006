from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from indexes.build import LawReport, add_files, add_statutes
from indexes.bycase import Finder
from indexes.catalogue import Catalogue
from indexes.fact_signs import fact_signs, parse_signs
from indexes.fill import fill_words
from indexes.index import Index, Scope
from indexes.keywords import Keywords
from indexes.law_knowledge import KnowledgeError
from indexes.lawbook import LawBook
from indexes.precedents import Precedents
from indexes.store import VectorStore
from indexes.words import tokens
from ingestion.statutes import read_statute

LAW = """# 中华人民共和国刑法

2020年12月26日 修正

<!-- INFO END -->

第二十五条 共同犯罪是指二人以上共同故意犯罪。

第六十七条 犯罪以后自动投案，如实供述自己的罪行的，是自首。

第一百三十三条 违反交通运输管理法规，因而发生重大事故，致人重伤、死亡的，处三年以下有期徒刑。

第一百三十三条之一 在道路上驾驶机动车，醉酒驾驶机动车的，处拘役，并处罚金。

第二百三十八条 非法拘禁他人或者以其他方法非法剥夺他人人身自由的，处三年以下有期徒刑。

第二百六十四条 盗窃公私财物，数额较大的，处三年以下有期徒刑、拘役或者管制。
"""
NAMES = """# 关于适用刑法分则规定的犯罪的罪名的意见

1997年12月25日 通过

<!-- INFO END -->

1．盗窃罪（第264条） 2．非法拘禁罪（第238条）
"""
PAPER = (
    "某市某区人民法院 刑事判决书 （2024）某0101刑初{number}号 公诉机关某市某区人民检察院。 被告人{who}。 "
    "某市某区人民检察院指控，{facts}上述事实，被告人{who}在开庭审理过程中无异议，并有证人证言等证据证实。"
    "本院认为，被告人{who}的行为已构成犯罪。依照《中华人民共和国刑法》{articles}之规定，判决如下： "
    "被告人{who}犯罪，判处拘役三个月。 如不服本判决，可在十日内上诉。 审判员丙 二〇二四年三月一日"
)
THEFTS = [
    ("张某", "2024年1月{n}日，被告人张某在商场内趁被害人不备，窃得手机一部，价值人民币三千元，到案后如实供述。", "第二百六十四条、第六十七条第三款"),
    ("李某", "2024年1月{n}日，被告人李某伙同他人在公交车上扒窃，窃得被害人钱包一个，内有现金两千元。", "第二百六十四条、第二十五条第一款"),
]
DRIVES = [("王某", "2024年2月{n}日，被告人王某饮酒后驾驶小型轿车，被民警查获，经鉴定血液酒精含量为150毫克，到案后如实供述。", "第一百三十三条之一第一款、第六十七条第三款")]
THEFT = "2024年5月6日，被告人赵某在超市内趁被害人不备，窃得手机一部，价值人民币四千元，到案后如实供述，后手机已发还被害人。"
DRIVE = "2024年6月7日，被告人钱某饮酒后驾驶小型轿车行驶至某路口，被民警查获，经鉴定血液酒精含量为180毫克，到案后如实供述。"


def write(folder: Path) -> list[Path]:
    folder.mkdir()
    paths = []
    for number, (who, facts, articles) in enumerate(THEFTS * 3 + DRIVES * 4, 1):
        path = folder / f"{number}.txt"
        path.write_text(PAPER.format(number=number, who=who, facts=facts.format(n=number), articles=articles), encoding="utf-8")
        paths.append(path)
    return paths


class Home:
    def __init__(self, folder: Path) -> None:
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.keywords = Keywords(folder / "words")
        self.lawbook = LawBook(self.catalogue)
        self.precedents = Precedents(self.catalogue, self.lawbook, tokens)

        def closed() -> None:
            raise AssertionError("words alone are asked for")

        self.index = Index(self.catalogue, self.keywords, self.lawbook, VectorStore(folder / "vectors.sqlite"), closed, closed)
        self.finder = Finder(self.index, self.precedents)

    def ids(self) -> list[str]:
        return [one.id for one in self.catalogue.entries(laws_too=False)]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    (tmp_path / "home").mkdir()
    home = Home(tmp_path / "home")
    laws = [read_statute(LAW, "刑法.md"), read_statute(NAMES, "罪名.md")]
    add_statutes(home.catalogue, laws, LawReport())
    home.lawbook.settle()
    assert not add_files(home.catalogue, write(tmp_path / "判决")).failed
    fill_words(home.catalogue, home.keywords)
    yield home
    home.catalogue.close()


def test_like_facts_find_the_articles_that_like_judgments_apply(home: Home):
    found = home.precedents.applicable(THEFT)
    assert found[0].article in ("第二百六十四条", "第六十七条")
    assert {one.article for one in found[:2]} == {"第二百六十四条", "第六十七条"}
    driving = home.precedents.applicable(DRIVE)
    assert {one.article for one in driving[:2]} == {"第一百三十三条之一", "第六十七条"}
    chances = [one.chance for one in driving]
    assert chances == sorted(chances, reverse=True)


def test_the_reason_counts_the_most_similar_judgments_and_each_case_says_so_at_its_span(home: Home):
    theft = next(one for one in home.precedents.applicable(THEFT) if one.article == "第二百六十四条")
    assert theft.why == f"{theft.near} 个最相似的判决中有 6 个适用"
    assert theft.near <= fact_signs().near
    assert len(theft.cases) == 6
    for case in theft.cases:
        text = home.catalogue.text_of(case.document_id)
        assert text is not None
        assert "第二百六十四条" in text[case.start : case.end]


def test_a_judgment_that_is_left_out_neither_votes_nor_is_shown(home: Home):
    drives = [one for one in home.ids() if "饮酒" in (home.catalogue.text_of(one) or "")]
    found = home.precedents.applicable(DRIVE, exclude=drives)
    assert not {case.document_id for one in found for case in one.cases} & set(drives)
    assert all(not one.cases for one in found if one.article == "第一百三十三条之一")


def test_an_offence_that_no_precedent_knows_is_found_where_the_facts_name_it(home: Home):
    facts = "被告人孙某将被害人关在屋内三日，到案后如实供述。公诉机关认为其行为已构成非法拘禁罪。"
    found = {one.article: one for one in home.precedents.applicable(facts)}
    assert found["第二百三十八条"].chance > found["第二百六十四条"].chance
    assert found["第二百三十八条"].named
    assert found["第二百三十八条"].cases == ()


def test_a_sign_in_the_facts_raises_the_article_that_it_goes_with_in_the_precedents(home: Home):
    alone = {one.article: one.chance for one in home.precedents.applicable(THEFT)}
    together = {one.article: one.chance for one in home.precedents.applicable(THEFT.replace("赵某在", "赵某伙同他人在"))}
    assert together["第二十五条"] > alone["第二十五条"]


def test_an_article_that_no_precedent_applies_is_not_raised_for_standing_before_an_inserted_one(home: Home):
    found = {one.article: one.chance for one in home.precedents.applicable(DRIVE)}
    assert found.get("第一百三十三条", 0.0) < 0.5 < found["第一百三十三条之一"]


def test_a_judgment_that_is_removed_is_no_precedent_any_more_and_a_new_one_is_at_once(home: Home, tmp_path: Path):
    before = home.precedents.near(DRIVE, 20)
    home.catalogue.remove([before[0].document_id])
    after = home.precedents.near(DRIVE, 20)
    assert {one.document_id for one in before} - {one.document_id for one in after} == {before[0].document_id}
    new = tmp_path / "新.txt"
    new.write_text(PAPER.format(number=99, who="钱某", facts=DRIVE, articles="第一百三十三条之一"), encoding="utf-8")
    (added,) = add_files(home.catalogue, [new]).added
    assert home.precedents.near(DRIVE, 1)[0].document_id == added.id


def test_who_applies_an_article_is_known_by_any_spelling_of_the_law(home: Home):
    assert len(home.precedents.applying("刑法", "第一百三十三条之一")) == 4
    assert home.precedents.applying("中华人民共和国刑法", "第二十五条") == home.precedents.applying("《刑法》", "第二十五条")


def test_what_a_removed_paper_applied_leaves_no_row(home: Home):
    home.precedents.refresh()
    home.catalogue.remove(home.ids())
    with home.catalogue.reading() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM applied")).scalar() == 0
        assert connection.execute(sa.text("SELECT count(*) FROM precedents")).scalar() == 0
    assert home.precedents.applicable(THEFT) == []


def test_search_for_law_puts_what_precedents_apply_first_and_says_why(home: Home):
    found = home.finder.reasoned(DRIVE * 2, 4, scope=Scope(kinds=("regulation",)), by="words")
    assert {one.hit.passage.article for one in found[:2]} == {"第一百三十三条之一", "第六十七条"}
    first = found[0]
    assert first.hit.found_by == ("precedent",)
    assert first.hit.law == "中华人民共和国刑法"
    assert first.reason is not None
    assert first.reason.cases
    articles = [one.hit.passage.article for one in found]
    assert len(articles) == len(set(articles))


def test_a_question_is_searched_as_before(home: Home):
    for query in ("盗窃", "什么是共同犯罪，要怎么处罚主犯", "邻居在院子里铺设水管，不让别人经过，双方为此产生了矛盾，" * 6 + "请问应当怎么办？"):
        scope = Scope(kinds=("regulation",))
        assert home.finder.search(query, 5, scope=scope, by="words") == home.index.search(query, 5, scope=scope, by="words")


def test_a_letter_of_the_knowledge_file_that_is_not_understood_is_refused():
    with pytest.raises(KnowledgeError, match="缺少"):
        parse_signs("near: 3")
    with pytest.raises(KnowledgeError, match="颜色"):
        parse_signs("颜色: 红")
