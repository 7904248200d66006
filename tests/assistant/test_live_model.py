"""A real small model, where one is served: whatever it writes, code has proved what is cited and quoted.

Serve one (any OpenAI-compatible endpoint on this machine) and set GONGZHI_TEST_MODEL_URL, for example
http://127.0.0.1:8299/v1; GONGZHI_TEST_MODEL_NAME where the server wants a name. Slow on a small machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from assistant.answer import answer
from assistant.bearing import numbers_in, quotes_in
from assistant.model import Endpoint, EndpointModel
from assistant.model_writer import ModelWriter
from assistant.polish import polish
from assistant.reply import Draft
from indexes.fill import fill_words
from indexes.text import fold
from indexes.words import tokens

URL = os.environ.get("GONGZHI_TEST_MODEL_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="no model is served: GONGZHI_TEST_MODEL_URL is not set")

HEAD = "# 中华人民共和国住宿法\n\n2018年1月1日 通过\n\n<!-- INFO END -->\n\n"
LAW = HEAD + (
    "第一条 旅馆接待未成年人入住，应当登记姓名并询问监护人的联系方式。\n\n"
    "第二条 旅馆发现有违法犯罪嫌疑的，应当立即向公安机关报告。\n\n第三条 本法自2018年6月1日起施行。\n"
)
PAPER = "检查笔录\n2025年3月5日，湖畔旅馆接待未成年人三名入住，前台未登记姓名，也未询问监护人的联系方式。走廊灯光正常。"


@pytest.fixture(scope="module")
def model() -> Iterator[EndpointModel]:
    name = os.environ.get("GONGZHI_TEST_MODEL_NAME", "test")
    opened = EndpointModel(Endpoint(URL, name, window=4096, timeout=300))
    yield opened
    opened.close()


def test_whatever_it_answers_no_citation_is_unproved_and_no_quote_is_not_verbatim(
    model: EndpointModel, home: Any, put: Any
) -> None:
    home.load((LAW, "住宿法(2018-01-01).md"))
    put(PAPER, title="检查笔录", case="甲案")
    fill_words(home.catalogue, home.keywords)
    writer = ModelWriter(model, home.writer, tokens, lambda _: ())
    reply = answer(
        "旅馆接待未成年人入住应当做什么？", home.index, writer,
        case="甲案", as_of=date(2026, 11, 25), text_of=home.catalogue.text_of,
    )  # fmt: skip
    assert reply.grounding in ("full", "partial")
    texts = {one.number: home.catalogue.text_of(one.document_id) for one in reply.citations}
    for citation in reply.citations:
        assert texts[citation.number][citation.start : citation.end] == citation.quote
        assert citation.status == "verified"
    for sentence in reply.sentences:
        said = reply.text[sentence.start : sentence.end]
        assert bool(sentence.citations) or "【待核实】" in said
        for quote in quotes_in(said):
            assert any(fold(quote).rstrip("。") in fold(texts[number]) for number in sentence.citations)


def test_whatever_it_does_to_a_letter_no_fact_is_new_and_no_quote_is_not_verbatim(
    model: EndpointModel, drafted: Callable[..., Draft], text_of: Callable[[str], str]
) -> None:
    """The opening, one problem and the closing: a whole letter takes a small model many minutes."""
    whole = drafted("临江市公安局云岭区分局")
    few = tuple(
        type(section)(section.heading, section.sentences[:4], section.gaps) for section in whole.sections[2:3]
    )
    letter = type(whole)(**{**vars(whole), "sections": few})
    made = polish(letter, model, tokens).draft
    for before, after in zip(letter.sections, made.sections, strict=True):
        original = "".join(one.text for one in before.sentences)
        for sentence in after.sentences:
            assert numbers_in(sentence.text) <= numbers_in(original)
            assert {*map(fold, quotes_in(sentence.text))} <= {*map(fold, quotes_in(original))}
            for citation in sentence.citations:
                if citation.quote:
                    assert text_of(citation.document_id)[citation.start : citation.end] == citation.quote
        kept = {citation for one in after.sentences for citation in one.citations}
        assert kept == {citation for one in before.sentences for citation in one.citations}
