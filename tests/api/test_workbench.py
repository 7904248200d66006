from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fakes import CountingEmbedder
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.filling import Progress
from api.office import Office
from api.workbench import labels, views
from api.workbench.ask_page import answered, pieces
from api.workbench.door import STATIC, asset
from api.workbench.draft_page import paragraphs
from api.workbench.marking import MARK, marked
from api.workbench.search_page import Wanted, found, shortened
from api.workbench.tab import Turn
from assistant.cite import cite, cite_document
from assistant.desk import open_desk
from assistant.errors import NotThere
from assistant.reply import Answer, Citation, Sentence
from assistant.settings import Settings
from indexes.index import Scope
from ingestion.document import document_id

HOTEL = "检查笔录\n湖畔旅馆前台未登记同住的未成年人身份信息。\n该旅馆也没有询问监护人的联系方式。\n"
HOSTILE = "<script>alert('x')</script>\n**粗** &amp; <img src=x onerror=alert(1)> ${1} `b`\n# 标题\n"


class _Shown(HTMLParser):
    """What a browser would show of HTML: its text, what stands in marks, and the tags that it has."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.marked, self.tags, self._open = "", "", [], 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self._open += tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._open -= tag == "mark"

    def handle_data(self, data: str) -> None:
        self.text += data
        self.marked += data if self._open else ""


# -- marking -------------------------------------------------------------------------------------------


@given(
    st.text(alphabet="甲<>&\"'\n\t;ab#/", max_size=40),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
)
def test_a_text_is_shown_character_by_character_with_just_its_span_marked(
    text: str, span: tuple[int, int], headings: list[tuple[int, int]]
):
    shown = _Shown(marked(text, span, headings))
    assert shown.text == text
    fits = span[0] < span[1] <= len(text)
    assert shown.marked == (text[span[0] : span[1]] if fits else "")
    assert shown.tags.count("mark") == fits
    assert set(shown.tags) <= {"mark", "span"}


def test_nothing_of_a_document_becomes_markup():
    html = marked(HOSTILE, (0, 8), [(0, 3), (6, 30)])
    assert "<script" not in html
    assert "<img" not in html
    assert _Shown(html).text == HOSTILE


def test_a_heading_that_reaches_into_the_passage_is_cut_and_the_mark_stays_one():
    html = marked("一、事实。甲乙", (3, 6), [(0, 4)])
    assert html == f'<span class="title">一、事</span><mark id="{MARK}"><span class="title">实</span>。甲</mark>乙'


# -- what opens beside ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(filled: Any) -> Iterator[Office]:
    """An office over laws and two cases, not started: pages only read here."""
    desk = open_desk(Settings(home=filled.home))
    yield Office(desk)
    desk.close()


def test_a_citation_of_the_case_file_opens_its_document_with_the_quote_marked(office: Office):
    document = office.document(document_id(HOTEL.encode()))
    start = HOTEL.index("未登记")
    cited = replace(cite_document(document, start, start + 9, 1), page=2)
    view = views.of_citation(office, cited)
    assert view.text == HOTEL
    assert view.span is not None
    assert view.text[slice(*view.span)] == cited.quote == HOTEL[start : start + 9]
    assert view.notes == ()
    assert ("第 2 页", "plain") in view.facts


def test_a_citation_of_law_opens_the_article_with_its_version_and_what_it_is_worth(office: Office):
    [hit] = office.search("询问监护人的联系方式", 1, scope=Scope(("regulation",)), by="words")
    cited = cite(hit, 1, hit.passage.start + 4, hit.passage.start + 10)
    view = views.of_citation(office, cited)
    assert view.title == "《旅店管理条例》第二条"
    assert view.text.startswith("第二条 旅店接待未成年人住宿")
    assert view.span is not None
    assert view.text[slice(*view.span)] == cited.quote
    assert [word for word, _ in view.facts] == ["现行有效", "2020-06-01 版本", "2020-06-01 起施行"]
    whole = views.of_law(office, view)
    assert whole.span == (cited.start, cited.end)
    assert whole.text[slice(*whole.span)] == cited.quote
    assert whole.facts == view.facts
    assert "第一条" in whole.text


def test_an_article_out_of_force_is_opened_with_a_warning(office: Office):
    [hit] = office.search("询问监护人", 1, scope=Scope(("regulation",), as_of=date(2015, 1, 1)), by="words")
    cited = replace(cite(hit, 1, hit.passage.start, hit.passage.end), status="amended")
    view = views.of_citation(office, cited)
    assert view.facts[0] == ("条文已修改", "warn")
    assert ("2020-06-01 起失效", "plain") in view.facts


def test_a_quote_that_is_not_in_the_text_is_told_and_not_hidden(office: Office):
    document = office.document(document_id(HOTEL.encode()))
    view = views.of_citation(office, replace(cite_document(document, 0, 4), quote="别的话"))
    assert view.notes == (views.DIFFERS,)


def test_a_law_that_is_not_in_the_library_says_what_to_do():
    cited = Citation(1, "", "某条例", 0, 0, "", "not_checked", law="某条例", article="第三条")
    view = views.of_citation(cast(Office, None), cited)
    assert (view.title, view.facts, view.text) == ("《某条例》第三条", (("待核实", "warn"),), "")
    assert "gongzhi laws" in view.notes[0]


def test_a_document_that_was_removed_is_not_there(office: Office):
    with pytest.raises(NotThere):
        views.of_document(office, "0" * 16)


def test_hidden_text_is_told_beside_its_document():
    hidden = SimpleNamespace(document=lambda _: replace(_document(), hidden=(cast(Any, "x"),)))
    assert "看不见的文字" in views.of_document(cast(Office, hidden), "d").notes[0]


def _document() -> Any:
    from ingestion.document import Document

    return Document("d", "case", "判决书", "判决书", "正文", ())


# -- what pages say ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "words", "vectors", "said"),
    [
        (0, 0, 0, "尚无材料"),
        (100, 100, 63, "词 已可检索 · 语义 63%"),
        (100, 40, 0, "词 40% · 语义 0%"),
        (1000, 1000, 999, "词 已可检索 · 语义 99%"),
        (5, 5, 5, "词 已可检索 · 语义 已可检索"),
    ],
)
def test_the_state_of_the_index_is_said_in_one_line(texts: int, words: int, vectors: int, said: str):
    assert labels.index_state(Progress("filling", "", texts, words, vectors)) == said


def test_a_sentence_is_cut_where_it_bears_the_mark_of_a_citation():
    assert pieces("甲[1]乙[2]。", [1, 2]) == [("甲", 1), ("乙", 2), ("。", None)]
    assert pieces("甲[9]乙", [1]) == [("甲[9]乙", None), ("", 1)]  # a number that is no citation stays text
    assert pieces("甲", []) == [("甲", None)]


def test_a_question_is_answered_in_pieces_and_then_as_a_whole(office: Office):
    turn = Turn("旅店接待未成年人应当询问什么？", "甲案", "2026-11-25")
    *text, last = answered(office, turn)
    assert isinstance(last, Answer)
    assert "".join(cast(list[str], text)) == last.text
    assert last.citations


def test_a_question_about_an_unknown_case_has_an_error_with_a_name(office: Office):
    with pytest.raises(NotThere):
        list(answered(office, Turn("甲？", "无此案", "")))


def test_numbered_sentences_open_paragraphs():
    texts = ["开头。", "接着。", "（一）第一。", "续。", "2.第二。"]
    made = paragraphs([Sentence(text) for text in texts])
    assert [[one.text for one in part] for part in made] == [texts[:2], texts[2:4], texts[4:]]


def test_each_shelf_searches_its_own_kinds_and_only_case_files_by_case(office: Office):
    assert Wanted("甲", "法律", "甲案").scope == Scope(("regulation",), None)
    assert Wanted("甲", "先例", "甲案").scope.kinds == ("suggestion",)
    assert Wanted("甲", "案卷", "甲案").scope.case == "甲案"
    hits = found(office, Wanted("监护人的联系方式", "案卷", "甲案"))
    assert document_id(HOTEL.encode()) in [hit.passage.document_id for hit in hits]
    assert {hit.case for hit in hits} == {"甲案"}
    assert all(hit.law for hit in found(office, Wanted("监护人的联系方式", "法律", "甲案")))


def test_a_long_text_is_shortened_on_its_card():
    assert shortened("甲" * 240) == "甲" * 240
    assert shortened("甲" * 241) == "甲" * 240 + "……"


# -- pages over HTTP -----------------------------------------------------------------------------------


def app_at(home: Path, **settings: Any) -> Any:
    desk = open_desk(Settings(home=home, **settings))
    desk.embedder = CountingEmbedder()  # type: ignore[misc]
    return create_app(desk)


def local(app: Any) -> TestClient:
    return TestClient(app, base_url="http://127.0.0.1")


@pytest.mark.parametrize(("path", "name"), labels.PAGES.items())
def test_every_page_opens_in_chinese_and_names_nothing_outside(path: str, name: str, tmp_path: Path):
    with local(app_at(tmp_path / "home")) as http:
        page = http.get(path)
        style = http.get(asset("workbench.css"))
    assert page.status_code == 200
    assert '<html lang="zh-CN"' in page.text
    assert name in page.text
    assert "https://" not in page.text
    assert asset("workbench.css") in page.text
    assert style.headers["content-type"].startswith("text/css")
    assert "set-cookie" not in page.headers


def test_the_stylesheet_fetches_nothing():
    style = (STATIC / "workbench.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_what_is_no_page_stays_a_problem_of_the_api(tmp_path: Path):
    with local(app_at(tmp_path / "home")) as http:
        for path in ("/nix", "/api/v1/nix", "/ask/x"):
            assert http.get(path).status_code == 404
            assert http.get(path).headers["content-type"] == "application/problem+json"
        assert http.put("/api/v1/search").status_code == 405
        assert http.get("/favicon.ico").status_code == 200


def test_each_app_shows_its_own_office_one_after_the_other(tmp_path: Path):
    pages = []
    for name in ("甲案", "乙案"):
        with local(app_at(tmp_path / name)) as http:
            http.post("/api/v1/cases", json={"name": name})
            pages.append(http.get("/").text)
    assert "甲案（0 份）" in pages[0]
    assert "乙案（0 份）" in pages[1]
    assert "甲案（0 份）" not in pages[1]


def test_a_case_with_a_hostile_name_is_only_text(tmp_path: Path):
    with local(app_at(tmp_path / "home")) as http:
        http.app.state.office.create_case("<script>alert(1)</script>")  # type: ignore[attr-defined]
        page = http.get("/").text
    assert "alert(1)" in page
    assert "<script>alert(1)" not in page


def test_the_case_of_the_address_is_opened(tmp_path: Path):
    with local(app_at(tmp_path / "home")) as http:
        for name in ("甲案", "乙案"):
            http.post("/api/v1/cases", json={"name": name})
        assert "上传到案件 甲案" in http.get("/", params={"case": "甲案"}).text
        assert "上传到案件 乙案" in http.get("/", params={"case": "无此案"}).text  # the last that changed


def test_with_a_token_no_page_and_no_file_of_it_is_given_to_strangers(tmp_path: Path):
    with local(app_at(tmp_path / "home", token="geheim-0123456789")) as http:
        for path in ("/", asset("workbench.css"), "/_nicegui_ws/socket.io/?EIO=4&transport=polling"):
            said = http.get(path)
            assert said.status_code == 401
            assert said.headers["www-authenticate"].startswith("Basic")
        assert http.get("/", auth=("", "geheim-0123456789")).status_code == 200


def test_pages_leave_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with local(app_at(tmp_path / "home")) as http:
        http.get("/")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_the_guard_against_the_network_is_on():
    with pytest.raises(AssertionError), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
