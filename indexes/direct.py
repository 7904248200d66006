"""What a question names outright, opened first: an article by law and number, a document by its own number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from indexes.law_knowledge import name_key
from ingestion.citations import citations
from ingestion.cited_names import Lookup

MOST = 5  # articles of one question
_MAY_CITE = re.compile(r"[0-9０-９条]")  # without any of these no article is cited: most questions
_BRACKETS = str.maketrans("〔〕[]【】", "()()()")
# （2024）京0105刑初12号, 法释〔2014〕13号, 国发〔2024〕5号
_DOCUMENT = re.compile(r"[一-龥]{0,10}\((?:19|20)\d{2}\)[一-龥\d]{0,16}?\d{1,6}号")


def cited_articles(query: str, names: Callable[[], Lookup]) -> list[tuple[str, str]]:
    """(key of a law's name, label of the article) for each article that the question cites of a law in `names`.

    `names` is asked only where the question may cite something.
    """
    if not _MAY_CITE.search(query):
        return []
    cited = ((name_key(one.law), one.article) for one in citations(query, names()) if one.law and one.article)
    return list(dict.fromkeys(cited))[:MOST]


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
