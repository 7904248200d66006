"""Words quoted beside a citation of law: where they stand, whether they are the article's, how they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from indexes.text import fold

LONGEST = 6_000  # characters of a quotation
MOST_COMPARED = 4_000_000  # pairs of characters: half a second
SHORTEST = 6  # folded characters; what is shorter is a term and no quotation
MISQUOTED = 0.7  # share above which an unmarked sentence is the article misquoted and not words about it [D]
ALIKE = 0.3  # share of a sentence's words below which it is not the article misquoted but another rule [D]

_OPENING = '“"「『'
_CLOSING = {"“": "”", "「": "」", "『": "』", '"': '"'}
# 第十条（明确）规定：“…”, 第十条：“…”, 第十条“…”; but 第十条规定的“公民个人信息” is a term
_LEAD = re.compile(
    r"(?:[（(〔\[［【][^（）()〔〕\[\]［］【】“”]{0,40}[）)〕\]］】])?[）)」』”]?[ \t\u3000\n]{0,3}(?P<ie>[，,]?即)?(?:之|的)?(?:条文|内容|原文)?(?:已经|已|明文|明确|分别|专门|还|就)?(?:所)?"
    r"(?P<says>规定|要求|指出|载明|写明|明确|称|为|是|如下)?(?:了|道|如下|为)?[ \t\u3000\n]{0,3}(?P<colon>[：:，,])?[ \t\u3000\n]{0,4}"
)
_BEFORE = re.compile(
    r"[”\"」』][。；，]?[ \t\u3000]{0,3}(?:[（(〔\[]|[—–-]{1,2})(?:参?见|引自|载|出自|语出|依据|根据|摘自)?[：:]?[ \t]{0,3}$"
)
_ORDER = re.compile(r"[ \t\u3000]*(?:一、|1[.．、]|被告|判决|裁定|决定|现|撤销|驳回|准许)")
_PROSE = re.compile(r"\s*(?:据此|因此|因而|故|综上|本案|本院|你|该|被告|根据|依据|依照|按照|可见|即|也就是|所以|由此|上述|以上)")
_PRINTED = re.compile(r"[ \t\u3000\n]{0,4}(?:[〔\[【［（(][^〕\]】］）)]{1,20}[〕\]】］）)])?[ \t\u3000\n]{0,4}")
_HEAD = re.compile(r"[\n。；：:！？\s][（(]?[一二三四五六七八九\d]{0,2}[、.．)）]?[ \t\u3000]*$")
_ELLIPSIS = re.compile(r"(?:\.{3,}|…+|·{3,}|\*{2,}|[×x]{2,})")
_EDGES = "。；，、：:;,."


@dataclass(frozen=True)
class Quote:
    """Words that stand as those of a citation: `text[start:end]`; `marked` where quotation marks enclose them."""

    start: int
    end: int
    marked: bool


def quote_of(text: str, start: int, end: int, article: str, stop: int = 0) -> Quote | None:
    """The quotation beside a citation at `start` to `end`.

    Without marks it is what follows 规定：, as far as it is the article's, or the first sentence where it is not; or
    the article printed behind its number at the head of a sentence, as far as `stop`, where the next one begins.
    """
    lead = _LEAD.match(text, end)
    at = lead.end() if lead else end
    says = bool(lead and (lead["says"] or lead["ie"]))
    if at < len(text) and text[at] in _OPENING and (says or (lead and (lead["colon"] or at == end))):
        close = _close(text, at)
        if close and len(fold(text[at + 1 : close])) >= SHORTEST:
            return Quote(at + 1, close, True)
        return None
    if before := _BEFORE.search(text, max(0, start - 12), start):
        return _ending_at(text, before.start())
    told = lead and lead["says"] in {"规定", "如下"} and lead["colon"] in {"：", ":"}
    if told and not _ORDER.match(text, at):
        return _unmarked(text, at, article, len(text))
    if at_head(text, start) and (printed := _PRINTED.match(text, end)):
        opening = fold(text[printed.end() : printed.end() + 12])[:8]
        if len(opening) == 8 and opening in _folded(article):
            return _unmarked(text, printed.end(), article, stop or len(text), sure=False)
    return None


def at_head(text: str, start: int) -> bool:
    """Whether a citation opens a sentence or a line."""
    return not start or bool(_HEAD.search(text, max(0, start - 4), start))


def _close(text: str, at: int) -> int | None:
    """Where the quotation that opens at `at` ends; quotations of the same kind inside it are passed over."""
    opening, closing = text[at], _CLOSING[text[at]]
    if opening == closing:
        end = text.find(closing, at + 1, at + LONGEST)
        return end if end >= 0 else None
    depth = 0
    for here in range(at, min(len(text), at + LONGEST)):
        if text[here] == closing:
            depth -= 1
            if depth <= 0:
                return here
        elif text[here] == opening:
            depth += 1
    return None


def _ending_at(text: str, close: int) -> Quote | None:
    """The quotation that closes at `close`."""
    opening = next(mark for mark, end in _CLOSING.items() if end == text[close])
    depth = 0
    for here in range(close - 1, max(-1, close - LONGEST), -1):
        if text[here] == opening:
            if depth == 0:
                long_enough = len(fold(text[here + 1 : close])) >= SHORTEST
                return Quote(here + 1, close, True) if long_enough else None
            depth -= 1
        elif text[here] == text[close] and opening != text[close]:
            depth += 1
    return None


def _unmarked(text: str, at: int, article: str, stop: int, *, sure: bool = True) -> Quote | None:
    """What follows 规定： without marks: as many sentences as are the article's, and the next where it is like it.

    The first one counts whatever it says; where not `sure` (an article printed behind its number) it must be like
    the article, too. A sentence that the article has elsewhere ends the quotation.
    """
    line = text.find("\n", at, stop)
    stop = min(line if line >= 0 else stop, at + LONGEST)
    ends = [match.end() for match in re.finditer(r"[。；]", text[at:stop])] or [stop - at]
    good = 0
    for end in ends:
        if verbatim(text[at : at + end], article):
            good = end
            continue
        sentence = text[at + good : at + end]
        needed = ALIKE if good and text[at + good - 1] == "；" else MISQUOTED
        like = share(sentence, article) >= needed and not _PROSE.match(sentence)
        if not verbatim(sentence, article) and (like or (good == 0 and sure)):
            good = end
        break
    return Quote(at, at + good, False) if len(fold(text[at : at + good])) >= SHORTEST else None


@lru_cache(maxsize=4_096)
def _folded(article: str) -> str:
    """An article folded; each is asked for many times."""
    return fold(article)


def verbatim(quote: str, article: str) -> bool:
    """Whether all words of the quotation stand in the article in their order; …… leaves some out."""
    inside = _folded(article)
    at = 0
    parts = [part.strip(_EDGES) for part in _ELLIPSIS.split(fold(quote))]
    for part in parts:
        found = inside.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return any(parts)


def share(quote: str, article: str) -> float:
    """The share of the quotation's words (pairs of characters) that the article has."""
    words, inside = fold(quote), _folded(article)
    pairs = [words[at : at + 2] for at in range(len(words) - 1)]
    return sum(pair in inside for pair in pairs) / len(pairs) if pairs else 0.0


def difference(quote: str, article: str) -> str:
    """How the quotation departs from the article, in Chinese: 引文“应当”，原文“可以”; at most four places."""
    words = fold(quote).strip(_EDGES)
    if share(quote, article) < ALIKE:
        return f"所引“{_short(words)}”不是该条的内容"
    if len(words) * len(_folded(article)) > MOST_COMPARED:
        return "引文较长，与原文不一致，请逐字核对"
    inside = _nearest(words, _folded(article))
    places = []
    for kind, from_, to, start, end in SequenceMatcher(None, words, inside, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        ours, theirs = words[from_:to], inside[start:end]
        if kind == "delete":
            places.append(f"引文多出“{_short(ours)}”")
        elif kind == "insert":
            places.append(f"引文漏掉“{_short(theirs)}”")
        else:
            places.append(f"引文作“{_short(ours)}”，原文作“{_short(theirs)}”")
    told = "；".join(places[:4])
    return told + (f"；另有 {len(places) - 4} 处" if len(places) > 4 else "")


def _nearest(words: str, inside: str) -> str:
    """The stretch of the article that the quotation stands for, from its first to its last shared words."""
    blocks = SequenceMatcher(None, inside, words, autojunk=False).get_matching_blocks()
    long = [block for block in blocks if block.size >= min(3, max(1, len(words) // 4))]
    if not long:
        return inside[: len(words)]
    start = max(0, long[0].a - long[0].b)
    end = min(len(inside), long[-1].a + long[-1].size + len(words) - long[-1].b - long[-1].size)
    return inside[start:end]


def _short(words: str, most: int = 24) -> str:
    return words if len(words) <= most else f"{words[: most // 2]}……{words[-most // 2 :]}"


def best_match(quote: str, articles: Sequence[tuple[str, str]]) -> str | None:
    """The label of the first article whose words the quotation has."""
    return next((label for label, text in articles if verbatim(quote, text)), None)
