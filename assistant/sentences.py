"""Sentences of a text as spans, and how well a sentence answers a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

# a sentence ends at 。！？； or a line end; closing marks stay with it
_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；][”’』」》）)]*|\n|$)")
# words of a question that say nothing of its subject
_EMPTY = frozenset(
    "什么 怎么 怎样 如何 哪些 哪个 哪里 多少 多久 几个 是否 能否 可否 可以 能够 应当 应该 需要 有没有 为什么 请问 吗 呢 吧 的 了 "
    "和 与 或 在 对 对于 关于 有关 规定 一个 这个 那个 这些 那些 我们 他们 他 她 我 你 是 有 会 要 被 把 由 从 向 到 给 "
    "情况 问题 哪 谁 何 及 其 该 将 后 前 时 中 上 下 等 也 都 就 还 又 并 而 不 "
    "几天 几日 几月 几年 几岁 几次 几间 几人 几名 几种 几项 几条 第几 第几条 哪条 哪一条 多长 多长时间 多大 多少钱 "
    "何时 时候 什么时候 为何 怎么办 怎么样 是不是 算不算 行不行".split()
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The spans of the sentences of `text[start:end]`, without white space at their ends."""
    stop = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text, start, stop):
        begin, finish = trimmed(text, match.start(), match.end())
        if begin < finish:
            spans.append((begin, finish))
    return spans


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def subject_words(words: Iterable[str]) -> frozenset[str]:
    """The words of a question that name its subject: the longest ones, not empty of meaning.

    Of a word and its parts (未成年人, 未成年, 成年人) only the whole counts, or one subject would count thrice.
    """
    known = {word for word in words if len(word) > 1 and not word.startswith("_")}
    whole = {word for word in known if not any(word != other and word in other for other in known)}
    return frozenset(whole - _EMPTY)


def coverage(
    subject: frozenset[str], words: Iterable[str], weight: Callable[[str], float] = len
) -> float:
    """The share (0 to 1) of the subject, by the weight of its words, that occurs among `words`."""
    weights = {word: weight(word) for word in subject}
    total = sum(weights.values())
    if not total:
        return 0.0
    known = set(words)
    return sum(weights[word] for word in subject if word in known) / total


def best_stretch(
    text: str, subject: frozenset[str], words: Callable[[str], Sequence[str]], longest: int
) -> tuple[int, int]:
    """The run of sentences, up to `longest` characters, that says most of the subject; a short text whole.

    A single sentence that is longer than `longest` is kept whole: half a sentence is no quotation.
    """
    spans = sentences(text)
    if not spans:
        return trimmed(text, 0, len(text))
    if spans[-1][1] - spans[0][0] <= longest and "\t" not in text:
        return spans[0][0], spans[-1][1]
    scores = _scores([text[start:end] for start, end in spans], subject, words)
    first = last = max(range(len(spans)), key=lambda number: scores[number])
    while True:  # grow towards the better neighbour while it fits
        fitting = [
            number
            for number in (first - 1, last + 1)
            if 0 <= number < len(spans)
            and spans[max(number, last)][1] - spans[min(number, first)][0] <= longest
            and scores[number] >= 0
        ]
        if not fitting:
            return spans[first][0], spans[last][1]
        best = max(fitting, key=lambda number: scores[number])
        first, last = min(first, best), max(last, best)


def _scores(
    texts: Sequence[str], subject: frozenset[str], words: Callable[[str], Sequence[str]]
) -> list[float]:
    """How much of the subject each sentence says; rows of a table count only where no sentence says any."""
    scores = [coverage(subject, words(text)) for text in texts]
    rows = ["\t" in text for text in texts]
    if not any(score > 0 and not row for score, row in zip(scores, rows, strict=True)):
        return scores
    return [-1.0 if row else score for score, row in zip(scores, rows, strict=True)]
