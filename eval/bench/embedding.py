"""The default embedder: passages a second, milliseconds a question, nearness to fp32, peak memory.

    python -m eval.bench.embedding [--count 2000] [--threads 0] [--seed 1]
    python -m eval.bench.embedding --reference indexes/data/e5-reference.json

The second form writes the reference vectors anew from the fp32 graph (once for a new file of weights).
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sqlite3
import time
from pathlib import Path

import numpy as np

from indexes.china_law import data_file
from indexes.e5 import E5, nearness, open_e5, read_references

QUESTIONS = (
    "未成年人入住宾馆要登记哪些内容",
    "KTV 可以让不满十八岁的人进去吗",
    "被建议单位收到检察建议后多久回复",
    "窨井盖缺失致人受伤谁来管",
    "外卖平台的食品安全责任",
    "个人信息泄露后处理者要做什么",
    "校车超载由哪个部门查处",
    "农民工工资被拖欠怎么办",
)

# Written for this purpose: law and daily speech, line breaks, full width, figures, foreign letters.
REFERENCES = (
    ("passage", "旅馆接待未成年人入住，应当询问其父母或者其他监护人的联系方式、入住人员的身份关系等情况。"),
    ("passage", "第一条　为了保障食品安全，\n保护公众身体健康，根据宪法，制定本规定。"),
    ("passage", "２０２４年３月５日，本院向Ａ公司送达检察建议书（第１２号）～请于两个月内书面回复。"),
    ("passage", "The operator shall keep access logs for at least six months; see GB/T 22239-2019."),
    ("passage", "经查，涉案的五家娱乐场所均未在显著位置设置未成年人禁入标志，负责人称“忙不过来，没人看门”。"),
    ("query", "孩子偷偷给主播打赏，钱能要回来吗？"),
    ("query", "违反治安管理的处罚种类"),
    ("query", "听证员的意见不一致时怎样记录"),
)


def articles(count: int, seed: int) -> list[str]:
    """Texts of articles from the law package, drawn by chance."""
    with sqlite3.connect(f"file:{data_file()}?mode=ro", uri=True) as store:
        rows = store.execute("SELECT DISTINCT article_text FROM articles ORDER BY id").fetchall()
    return random.Random(seed).sample([text for (text,) in rows], min(count, len(rows)))


def passages_a_second(embedder: E5, texts: list[str]) -> tuple[float, float]:
    """Speed by the clock, and by processor time: what it would be were no other program running."""
    embedder.embed_passages(texts[:32])  # warms the memory
    began, used = time.perf_counter(), time.process_time()
    embedder.embed_passages(texts)
    clock, used = time.perf_counter() - began, time.process_time() - used
    return len(texts) / clock, len(texts) * embedder.threads / used


def milliseconds(embedder: E5, rounds: int = 12) -> tuple[float, float]:
    """Median and 95th percentile of one question."""
    taken = []
    for question in QUESTIONS * rounds:
        began = time.perf_counter()
        embedder.embed_query(question)
        taken.append((time.perf_counter() - began) * 1000)
    return float(np.quantile(taken, 0.5)), float(np.quantile(taken, 0.95))


def write_reference(path: Path) -> None:
    """The reference texts with their fp32 vectors, rounded to four places."""
    embedder = open_e5(precision="fp32", references=())
    rows = []
    for role, text in REFERENCES:
        vector = embedder.embed_query(text) if role == "query" else embedder.embed_passages([text])[0]
        rows.append({"role": role, "text": text, "vector": [round(float(each), 4) for each in vector]})
    head = {"weights": embedder.weights.digest, "made_by": "python -m eval.bench.embedding --reference"}
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    start = json.dumps(head, ensure_ascii=False)[:-1]
    path.write_text(f'{start}, "references": [\n{lines}\n]}}\n', encoding="utf-8")


def measure(count: int, threads: int, seed: int) -> None:
    """Print the table."""
    began = time.perf_counter()
    embedder = open_e5(threads=threads)
    loaded = time.perf_counter() - began
    texts = articles(count, seed)
    speed, alone = passages_a_second(embedder, texts)
    long = np.mean([len(each) for each in texts])
    middle, slow = milliseconds(embedder)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    some = texts[:200]
    exact = open_e5(threads=threads, precision="fp32").embed_passages(some)
    cosines = (embedder.embed_passages(some) * exact).sum(axis=1)
    print(f"{embedder.name}, {embedder.threads} threads, loaded in {loaded:.1f} s {embedder.notice}")
    print(f"passages        {speed:8.1f} /s   {len(texts)} of {long:.0f} characters")
    print(f"by the processor{alone:8.1f} /s   what it would be were no other program running")
    print(f"a question      {middle:8.1f} ms  p95 {slow:.1f} ms")
    print(f"cosine to fp32  {cosines.mean():8.4f}     least {cosines.min():.4f}, of {len(some)} passages")
    print(f"reference       {nearness(embedder, read_references()):8.4f}     least")
    print(f"peak memory     {memory:8.0f} MB")


def main() -> None:
    """Read the command line and measure, or write the reference."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000, help="how many articles")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reference", type=Path, help="write the reference vectors to this file instead")
    wanted = parser.parse_args()
    if wanted.reference:
        write_reference(wanted.reference)
    else:
        measure(wanted.count, wanted.threads, wanted.seed)


if __name__ == "__main__":
    main()
