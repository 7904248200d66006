"""Fields that tell of norms: the articles that a paper cites, and who made a norm, under which number, from when."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingestion.dates import DATE
from ingestion.document import Field
from ingestion.numerals import NUMERAL

_ARTICLE = rf"第\s?{NUMERAL}+\s?条(?:之{NUMERAL}{{1,3}})?(?:第{NUMERAL}+款)?(?:第?[（(]{NUMERAL}+[）)]项|第{NUMERAL}+项)?"
_MORE = rf"(?:(?:第{NUMERAL}+款)?(?:第?[（(]{NUMERAL}+[）)]项|第{NUMERAL}+项)|第{NUMERAL}+款|{_ARTICLE})"
_LIST = rf"{_ARTICLE}(?:(?:、|，|及|和|与|以及|至|或者?|，?并)(?:{_MORE}))*"
# Laws that papers name without marks; what stands before must be no part of another name.
_SHORT = r"刑法|刑诉法|刑事诉讼法|民法典|民诉法|民事诉讼法|行政诉讼法|行诉法|未成年人保护法|行政处罚法|治安管理处罚法"
_CITED = re.compile(
    rf"《[^《》]{{2,60}}》(?:[（(][^）)\n]{{1,14}}[）)])?\s?{_LIST}|(?<![一-龥])(?:{_SHORT}){_LIST}|(?<=[据照按对])(?:{_SHORT}){_LIST}"
)
_ORDER = re.compile(
    r"(?P<value>(?:中华人民共和国)?(?:主席|国务院|(?:(?!日|已经|发布)[一-龥]){1,16}(?:部|委员会|总局|总署|署|局|银行|人民政府))?令[ 　\n]?(?:\d{4}年)?[（(]?第\s?\d{1,4}\s?号[）)]?"
    r"|(?:法释|高检发释字|国发|国办发|法发|高检发)〔\d{4}〕\d{1,3}号)"
)
_PLACE = r"(?:(?:(?!日|经|根据|已|由)[一-龥]){2,10}(?:省|市|自治区|自治州|自治县)|[省市州区县])"
_SESSION = r"(?:第[一二三四五六七八九十百\d]{1,4}届)?"
_MAKERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<=届)全国人民代表大会(?:常务委员会)?|全国人民代表大会(?:常务委员会)?",
        rf"{_PLACE}{_SESSION}人民代表大会(?:常务委员会)?",
        r"最高人民法院[、 　\n]?最高人民检察院|最高人民法院|最高人民检察院",
        r"国务院(?=令|第|公布|发布|批准)|国务院$",
        rf"{_PLACE}人民政府",
        r"(?:(?!日|经|已|由)[一-龥]){2,14}(?:部|委员会|总局|署|局|银行)(?=令|第\s?\d|发布|公布|部务|\d{4}年)",
    )
)
_OTHERS = re.compile(r"《[^》]*》|〈[^〉]*〉")
_ISSUED = re.compile(r"(?!\s*\n)(?:(?!\d{4}年)[^。]){0,60}?(?:通过|公布|发布|批准|印发)")
_STARTS = re.compile(r"自\s?(?P<value>" + DATE.pattern + r")\s?起(?:施行|实施|生效)")
_HEAD = 900
_MOST = 200


def cited_articles(text: str) -> Iterator[Field]:
    """引用法条: every law with the articles named behind it, as written, each wording once."""
    seen: set[str] = set()
    for match in _CITED.finditer(text):
        if match.group() not in seen:
            seen.add(match.group())
            yield Field("引用法条", match.group(), *match.span())
            if len(seen) >= _MOST:
                return


def norm_fields(text: str) -> Iterator[Field]:
    """文号, 制定机关, 公布日期 (the first day that the head names) and 施行日期 of a norm, as far as it tells them."""
    head = re.split(r"第一条|第一章", text[:_HEAD], maxsplit=1)[0]
    if number := _ORDER.search(head):
        yield Field("文号", number["value"], *number.span("value"))
    if maker := _maker(head):
        yield Field("制定机关", "".join(text[slice(*maker)].split()), *maker)
    days = list(DATE.finditer(head))
    issued = next((day for day in days if _ISSUED.match(head, day.end())), None)
    if day := issued or _last_day(text) or next(iter(days), None):
        yield Field("公布日期", day.group(), *day.span())
    starts = list(_STARTS.finditer(text, 0, _HEAD)) or list(_STARTS.finditer(text, max(0, len(text) - 1500)))
    if starts:
        yield Field("施行日期", starts[-1]["value"], *starts[-1].span("value"))


def _maker(head: str) -> tuple[int, int] | None:
    """The span of who made the norm; what stands between 《》 names other norms."""
    own = _OTHERS.sub(lambda match: "〇" * len(match.group()), head)
    found = (match.span() for pattern in _MAKERS if (match := pattern.search(own)))
    return next(found, None)


def _last_day(text: str) -> re.Match[str] | None:
    """The date that a reply or notice closes with."""
    return next(
        (day for day in DATE.finditer(text, max(0, len(text) - 60)) if not text[day.end() :].strip()), None
    )
