"""A Word file as a whole: every feature once more, damage refused with advice, and the law of spans."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wordfiles import read

from eval.bench.made import Made
from eval.bench.made_word import MAKERS, made
from eval.bench.wordml import NAMES, box, deleted, end_mark, ins, p, package, r, sdt, tbl, tc, tr
from ingestion.errors import UnreadableFile
from ingestion.word import read_word


@pytest.mark.parametrize("file", list(made(random.Random(11), 2 * len(MAKERS))), ids=lambda file: file.name)
def test_of_a_made_file_no_character_is_lost_or_invented(file: Made):
    text = read_word(file.data, file.name).text
    assert Counter("".join(text.split())) == Counter("".join("".join(file.lines).split()))
    places = [text.find(line) for line in file.lines]
    assert -1 not in places
    assert places == sorted(places)
    assert not [each for each in file.absent if each in text]


def test_a_file_of_the_strict_kind_is_read():
    maths = "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"
    url = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert read(p(r(f"正文，见 {url}"), maths), strict=True).text == f"正文，见 {url}a+b"


def test_a_truncated_file_is_refused_with_advice():
    with pytest.raises(UnreadableFile) as caught:
        read_word(package(p(r("正文" * 500)))[:-60], "断.docx")
    assert "损坏" in caught.value.cause
    assert caught.value.advice


def test_damage_inside_the_archive_is_refused():
    data = bytearray(package(p(*(r(f"正文{number}") for number in range(300)))))
    at = data.index(b"word/document.xml", data.index(b"_rels/.rels")) + 200
    data[at : at + 20] = bytes(20)
    with pytest.raises(UnreadableFile, match="损坏"):
        read_word(bytes(data), "坏.docx")


def test_an_entity_bomb_is_refused_unopened():
    bomb = '<!DOCTYPE d [<!ENTITY a "哈哈"><!ENTITY b "&a;&a;&a;">]>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "word/document.xml", f"{bomb}<w:document {NAMES}><w:body><w:p/></w:body></w:document>"
        )
    with pytest.raises(UnreadableFile, match="实体"):
        read_word(made.getvalue(), "弹.docx")


def test_a_zip_bomb_is_refused_unpacked_never():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    with pytest.raises(UnreadableFile, match="大得反常"):
        read_word(made.getvalue(), "弹.docx")


def test_tables_nested_as_deep_as_the_format_lets_them_are_read_or_refused():
    body = p(r("底"))
    for _ in range(70):
        body = tbl(tr(tc(body + p())))
    assert read(body).text == "底"
    for _ in range(70):
        body = tbl(tr(tc(body + p())))
    with pytest.raises(UnreadableFile):
        read(body)


def test_a_damaged_file_is_read_or_refused_and_nothing_else():
    rng = random.Random(3)
    whole = next(file for file in made(rng, len(MAKERS)) if file.feature == "notes").data
    for _ in range(60):
        data = bytearray(whole[: rng.randint(40, len(whole))] if rng.random() < 0.3 else whole)
        for _ in range(rng.randint(1, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            text = read_word(bytes(data), "坏.docx").text
        except UnreadableFile as error:
            text = error.advice
        assert isinstance(text, str)


# --- the law of spans

TEXTS = st.text(st.sampled_from("甲乙 \u3000a1。、一"), max_size=4)
RUNS = st.one_of(
    TEXTS.map(r),
    TEXTS.map(lambda text: ins(r(text))),
    TEXTS.map(deleted),
    TEXTS.map(lambda text: r(text, "<w:vanish/>")),
    TEXTS.map(lambda text: sdt(r(text))),
    TEXTS.map(lambda text: box(p(r(text)))),
)
MARKS = st.sampled_from(["", end_mark("del"), end_mark("ins")])
PARAGRAPHS = st.builds(lambda runs, mark: p(*runs, properties=mark), st.lists(RUNS, max_size=4), MARKS)
CELLS = st.recursive(
    st.lists(PARAGRAPHS, min_size=1, max_size=2).map("".join),
    lambda inner: st.lists(inner, min_size=1, max_size=2).map(lambda each: tbl(tr(*map(tc, each))) + p()),
    max_leaves=3,
)
ROWS = st.builds(
    lambda cells, mark: tr(*map(tc, cells), properties=ins("", mark) if mark else ""),
    st.lists(CELLS, min_size=1, max_size=3),
    st.sampled_from(["", "", "ins", "del"]),
)
TABLES = st.lists(ROWS, min_size=1, max_size=3).map(lambda rows: tbl(*rows))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(PARAGRAPHS, TABLES), max_size=5))
def test_every_block_and_change_is_a_true_span(blocks: list[str]):
    reading = read("".join(blocks))  # read() checks order and bounds of the blocks, and every change
    outside = "".join(
        reading.text[one:two]
        for one, two in zip(
            [0, *(block.end for block in reading.blocks)],
            [*(block.start for block in reading.blocks), len(reading.text)],
            strict=True,
        )
    )
    assert not outside.strip()
