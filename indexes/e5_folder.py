"""The e5 weights written as a sentence-transformers folder, without torch or transformers."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np

from indexes.e5_weights import LONGEST, PASSAGE, QUERY, Weights

SPECIAL = {
    "bos_token": "<s>",
    "eos_token": "</s>",
    "cls_token": "<s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}


def write_folder(folder: Path, weights: Weights, tokenizer: str) -> None:
    """Write settings, `tokenizer` (the text of tokenizer.json) and tensors into a new folder."""
    for part in ("1_Pooling", "2_Normalize"):
        (folder / part).mkdir(parents=True)
    for name, content in _settings(weights).items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    _write_safetensors(folder / "model.safetensors", weights)


def _settings(weights: Weights) -> dict[str, object]:
    """The .json files that transformers 4 and 5 and sentence-transformers read, by name."""
    shape = weights.shape
    kinds = {"": "Transformer", "1_Pooling": "Pooling", "2_Normalize": "Normalize"}
    return {
        "modules.json": [
            {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for number, (path, kind) in enumerate(kinds.items())
        ],
        "sentence_bert_config.json": {"max_seq_length": LONGEST, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": QUERY, "document": PASSAGE},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": LONGEST,
            "clean_up_tokenization_spaces": False,
            **SPECIAL,
        },
        "special_tokens_map.json": SPECIAL,
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": shape.hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": shape.inner,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": shape.types,
            "layer_norm_eps": shape.epsilon,
            "hidden_act": "gelu",
            "pad_token_id": weights.special["<pad>"],
            "torch_dtype": "float32",  # stored in half, computed in full: halves are slow and rough on a CPU
        },
    }


def _names(weights: Weights) -> dict[str, tuple[str, tuple[int, ...]]]:
    """BertModel's names for the tensors of the file, and their shapes."""
    hidden, inner = weights.shape.hidden, weights.shape.inner
    shape = weights.shape
    names: dict[str, tuple[str, tuple[int, ...]]] = {
        "embeddings.word_embeddings.weight": ("emb.word", (shape.vocabulary, hidden)),
        "embeddings.position_embeddings.weight": ("emb.pos", (shape.positions, hidden)),
        "embeddings.token_type_embeddings.weight": ("emb.type", (shape.types, hidden)),
        "embeddings.LayerNorm.weight": ("emb.ln.w", (hidden,)),
        "embeddings.LayerNorm.bias": ("emb.ln.b", (hidden,)),
    }
    matrices = {
        "attention.self.query": ("q", (hidden, hidden)),
        "attention.self.key": ("k", (hidden, hidden)),
        "attention.self.value": ("v", (hidden, hidden)),
        "attention.output.dense": ("ao", (hidden, hidden)),
        "attention.output.LayerNorm": ("aln", (hidden,)),
        "intermediate.dense": ("fi", (inner, hidden)),
        "output.dense": ("fo", (hidden, inner)),
        "output.LayerNorm": ("oln", (hidden,)),
    }
    for number in range(shape.layers):
        for long, (short, size) in matrices.items():
            names[f"encoder.layer.{number}.{long}.weight"] = (f"l{number}.{short}.w", size)
            names[f"encoder.layer.{number}.{long}.bias"] = (f"l{number}.{short}.b", size[:1])
    return names


def _write_safetensors(path: Path, weights: Weights) -> None:
    """The tensors as float16: eight bytes with the header's length, the header, the tensors."""
    names = _names(weights)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for long, (_, size) in names.items():
        start, end = end, end + 2 * int(np.prod(size))
        header[long] = {"dtype": "F16", "shape": size, "data_offsets": [start, end]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        for short, size in names.values():
            file.write(weights.tensor(short, *size).astype("<f2").tobytes())
