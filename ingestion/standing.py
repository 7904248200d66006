"""Where a name that is known stands in a text, and where its characters are part of something else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence

from ingestion.mask import WORDLIKE
from ingestion.names import Word
from ingestion.persons import opens_word

STRICT_END = frozenset('，。、；：（）()“”"‘’《》！？,;:!?/\n\r\t 　|的等')
VERB_AFTER = re.compile(
    r"供述|供称|称|证言|证实|陈述|到案|到庭|在|于|将|向|对|与|和|及|以|因|为|被|从|把|犯|系|是|说|未|不|还|又|即|便|遂|已|曾|均|也|都|给|就|再|有|没"
    r"|要求|请求|认为|提出|主张|辩|承认|签|支付|收到|归还|借|拿|打|驾驶|驾车|乘|前往|离开|进入|报警|报案|作为|担任|受|经|名下|家|处|身|本人|夫妇|二人|三人|一家|二〇|20|手机|账户|银行|微信|身份证|之|出庭|出席|无|伙同|同意|驾|骑|向|涉嫌|指派|住|现|处以|退|赔|交|收|付|转|汇|存|取|买|卖|租|雇|送|约|窜|持|用"
)
_OPENERS = frozenset(
    '，。、；：（）()“”"‘’《》！？,;:!?/\n\r\t 　|与和及由被将向对给跟同找叫让经为因是系从替帮请问把有于予至到'
)
# in front of a word that is a name here, these make it the word again (很高兴, 交通安全)
_WORD_BEFORE = re.compile(
    r"(?:很|非常|十分|感到|特别|不|太|更|真|最|极其|比较|挺|满|确保|保障|维护|注意|保证|健康|生产|交通|食品|人身|公共|社会|国家|大|的|全|了|着|是)$"
)
# what follows a person and no common word, but for the names that are words
_PERSON_AFTER = re.compile(
    r"供述|供称|称|证实|陈述|到案|到庭|于\d|在\d|将|向|犯|伙同|驾|说|辩称|诉称|认为其|签订|借|报警|报案|收到|归还|支付|、[一-龥]{2,3}的?(?:证言|供述|陈述)|（(?:另案|在逃|已判)|名下|本人|被抓"
    r"|的?(?:供述|证言|陈述|辩解|证词|身份证|手机|账户|银行卡|行为|父|母|妻|丈夫|住处|家)|[与和及同][一-龥]{2,4}(?:签订|的|发生|一起|合伙|系|是|均|在|到|先后)"
)
ROLE_WORD = re.compile(
    r"(?:人|者|员|师|友|亲|母|父|妻|夫|子|女|官|警|属|工|生|主|兄|弟|姐|妹|名叫|叫|姓名|民|长|东|方|客|同学|同事|老板|司机)[：:]?[ 　“]*$"
)


def standing(
    text: str, names: Mapping[str, Collection[int]], tags: Sequence[Word]
) -> dict[str, tuple[tuple[int, int], ...]]:
    """The places of each name, in the order of the names given; longer names go before shorter ones inside them.

    `names` maps a name to the places where it certainly stands. A name of three characters or more stands
    wherever its characters do; one of two must not cut a word in two; one that is a common word as well
    (高兴, 平安) stands beside a role, or where a name would be and a word would not.
    """
    starts = [word.start for word in tags]
    taken = bytearray(len(text))
    places: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(names, ())
    for name in sorted(names, key=lambda name: (-len(name), name)):
        spans = []
        for match in re.finditer(re.escape(name), text):
            start, end = match.span()
            if not any(taken[start:end]) and (
                start in names[name] or _stands(text, start, end, tags, starts)
            ):
                spans.append((start, end))
                taken[start:end] = b"\1" * (end - start)
        places[name] = tuple(spans)
    return places


def _stands(text: str, start: int, end: int, tags: Sequence[Word], starts: Sequence[int]) -> bool:
    name = text[start:end]
    if name.isascii():
        return not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())
    if name in WORDLIKE or (len(name) == 2 and opens_word(name)):
        return _stands_as_name(text, start, end)
    if len(name) != 2:
        return True
    return _closed(text, start, end) or not _cuts(text, start, end, tags, starts)


def _stands_as_name(text: str, start: int, end: int) -> bool:
    """Whether a word that is a name, too, stands here where a name would be."""
    before = text[max(0, start - 6) : start]
    if ROLE_WORD.search(before):
        return True
    if _WORD_BEFORE.search(before):
        return False
    return (start == 0 or text[start - 1] in _OPENERS) and bool(_PERSON_AFTER.match(text, end))


def _closed(text: str, start: int, end: int) -> bool:
    """Whether a name begins where something else ends, and ends where something else begins."""
    opens = start == 0 or text[start - 1] in _OPENERS
    return opens and (end >= len(text) or text[end] in STRICT_END)


def _cuts(text: str, start: int, end: int, tags: Sequence[Word], starts: Sequence[int]) -> bool:
    """Whether a word of the text begins inside the name and ends outside, or the other way round."""
    for edge in (start, end):
        index = bisect_right(starts, edge) - 1
        if (
            index >= 0
            and tags[index].start < edge < tags[index].end
            and tags[index].tag not in ("PER", "ORG", "LOC")
        ):
            word = tags[index]
            if word.start > start - 3 and word.end < end + 3 and len(text[word.start : word.end]) < 5:
                return True
    return text[end : end + 1] == text[end - 1]
