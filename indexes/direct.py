"""What a question names outright, opened first: an article by law and number, a document by its own number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from indexes.law_knowledge import name_key
from indexes.library import law_names
from ingestion.numerals import article_key, article_label

LONGEST_NAME = 60  # characters of a law's name
MOST = 5  # articles of one question
_N = "0-9０-９零〇一二三四五六七八九十百千两"
# 民法典第一千二百五十四条, 民法典1254条, 刑法120条之一, 刑法第120-1条, 刑诉法95 (no 条: only where nothing follows)
_NUMBER = re.compile(
    rf"第?\s*(?P<number>[{_N}]{{1,9}})\s*(?:-\s*(?P<dash>[0-9０-９]{{1,2}}))?\s*"
    rf"(?:条(?:\s*之\s*(?P<sub>[{_N}]{{1,3}}))?|(?=$|[\s？?。，,；;]))"
)
_BRACKETS = str.maketrans("〔〕[]【】", "()()()")
# （2024）京0105刑初12号, 法释〔2014〕13号, 国发〔2024〕5号
_DOCUMENT = re.compile(r"[一-龥]{0,10}\((?:19|20)\d{2}\)[一-龥\d]{0,16}?\d{1,6}号")


def cited_articles(query: str, known: Collection[str]) -> list[tuple[str, str]]:
    """(key of a law's name, label of the article) for each citation of a law that is among `known` keys.

    >>> cited_articles("刑法第120-1条怎么适用", {"刑法"})
    [('刑法', '第一百二十条之一')]
    """
    found: dict[tuple[str, str], None] = {}
    law = None
    for match in _NUMBER.finditer(query):
        law = _law_before(query[: match.start()], known) or (law if "条" in match.group() else None)
        key = article_key(match.group().strip())
        if law is not None and key is not None and 0 < key[0] < 10_000:
            found.setdefault((law, article_label(*key)))
    return list(found)[:MOST]


def numbers(query: str) -> list[str]:
    """The numbers of documents that a question names, folded, with what stands before them.

    >>> numbers("看法释〔2014〕13号")
    ['看法释(2014)13号']
    """
    return [match.group() for match in _DOCUMENT.finditer(folded(query))]


def folded(text: str) -> str:
    """`text` without white space and with one kind of brackets."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())


def shared(number: str, head: str) -> int:
    """How many characters before the year a document's own head has in common with `number`; -1: not its number."""
    cut = number.index("(")
    places = [match.start() for match in re.finditer(re.escape(number[cut:]), head)]
    return max((_same_ending(number[:cut], head[:at]) for at in places), default=-1)


def _same_ending(one: str, other: str) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[-1 - length] == other[-1 - length]:
        length += 1
    return length


def _law_before(text: str, known: Collection[str]) -> str | None:
    """The longest name of a law with which `text` ends."""
    text = text.rstrip().rstrip("》〉")[-LONGEST_NAME:]
    return next((key for name in _endings(text) for key in _keys(name) if key in known), None)


def _endings(text: str) -> Iterator[str]:
    yield from (text[start:] for start in range(len(text) - 1))


def _keys(name: str) -> Iterator[str]:
    yield from (name_key(full) for full in law_names(name))
