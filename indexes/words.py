"""Chinese text becomes search tokens: the door of jieba.

jieba's search-mode words plus character pairs beat either alone on lay questions over law, and pairs
find a name or a term that no dictionary knows. Pairs are marked, so that each has a frequency of its
own beside the word of the same two characters. `rjieba` is a binding in Rust whose cuts
are the same and about twenty times as fast; where it has no wheel, jieba itself does the work.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import pairwise

# Radicals that PDF fonts put in place of characters (⼈, ⺠ …): NFKC folds the Kangxi block only.
_RADICALS = str.maketrans({"⺠": "民", "⺟": "母", "⻓": "长", "⻅": "见", "⻋": "车", "⻔": "门", "⻛": "风", "⻝": "食",
                           "⻢": "马", "⻥": "鱼", "⻦": "鸟", "⻚": "页", "⻄": "西", "⻩": "黄", "⻰": "龙"})
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+|[a-z0-9]+(?:[.\-][a-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


# stands in nearly every title of a law and tells none from another
_EVERYWHERE = "中华人民共和国"


def normalise(text: str) -> str:
    """`text` as it is indexed: one width, one case, characters for radicals, no blanks inside Chinese."""
    text = text.replace(_EVERYWHERE, " ") if text.strip() != _EVERYWHERE else text
    text = unicodedata.normalize("NFKC", text).translate(_RADICALS).lower()
    return re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", text)


def tokens(text: str) -> list[str]:
    """Search tokens of a text: words in search mode, then every pair of neighbours, marked with `_`."""
    cut = _cutter()
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _HAN.match(run):
            found += cut(run)
            found += [f"_{first}{second}" for first, second in pairwise(run)]
        else:
            found.append(run)
    return found


@cache
def _cutter() -> Callable[[str], Iterable[str]]:
    try:
        import rjieba
    except ImportError:  # no wheel for this platform
        import jieba

        jieba.setLogLevel("WARNING")
        return jieba.cut_for_search  # type: ignore[no-any-return]
    return rjieba.cut_for_search
