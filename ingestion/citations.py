"""Citations of law in a text, in every form: whose law, which article, paragraph and item, as spans of the text.

《中华人民共和国民法典》第一千二百五十四条第一款第（二）项, 刑法120-1条, 刑诉法95, 第十条至第十二条、第十五条,
第二十三条第一、二款, 本法第五条, 同法第十条, 前款, 法释〔2014〕13号第三条; broken across lines or not, in Chinese
or Arabic numerals, full or half width (the forms of the grounding rules of the design, section 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingestion.numerals import article_label, to_int
from ingestion.statutes import clean_name, paragraphs

Lookup = Callable[[str], str | None]  # the full title that a name or a number stands for, None where unknown

LONGEST_NAME = 60  # characters of a law's name that stands without 《》
LONGEST_TITLE = 120  # characters between 《 and 》
LONGEST_RANGE = 60  # articles of a range (第十条至第十二条) that are told one by one
NEAR = 400  # characters behind a law's name within which a bare article is taken for one of it

_WIDTH = str.maketrans("０１２３４５６７８９（）［］[]【】(),－–—―～~〇○", "0123456789（）〔〕〔〕〔〕（），------零零")
_S = r"[ \t\u3000\xa0\r\n]{0,4}"
_D = "零一二三四五六七八九十百千两0-9"
_N = rf"[{_D}](?:[ \t\u3000\r\n]{{0,2}}[{_D}]){{0,9}}"
_SEP = rf"{_S}(?:、|，|,|和|及|与|以及|或者?|暨){_S}"
_TO = rf"{_S}(?:至|到|-){_S}"
_NUMBERS = rf"{_N}(?:(?:{_SEP}|{_TO})第?{_S}{_N})*"
_ARTICLES = re.compile(
    rf"第{_S}(?P<numbers>{_NUMBERS}){_S}条(?:{_S}之{_S}(?P<sub>{_N})(?![{_D}]*[款项条]))?"
    rf"|(?P<bare>{_N}(?:-\d{{1,2}})?){_S}条(?:{_S}之{_S}(?P<baresub>{_N}))?"
)
_PARAGRAPHS = re.compile(rf"{_S}第{_S}(?P<numbers>{_NUMBERS}){_S}款")
_ITEM_N = rf"（{_S}{_N}{_S}）"
_ITEMS = re.compile(
    rf"{_S}第?{_S}(?P<numbers>(?:{_ITEM_N}|{_N})(?:(?:{_SEP}|{_TO})?第?{_S}{_ITEM_N}|(?:{_SEP}|{_TO})第?{_S}{_N})*){_S}项"
)
_SUBS = re.compile(rf"{_S}第?{_S}(?P<number>{_N}){_S}目")
_BETWEEN = re.compile(rf"{_SEP}(?=第)|{_TO}(?=第)")
_WITHOUT_SIGN = re.compile(
    rf"(?P<ends>法典?|条例|解释|规定|办法|细则|规则|通则|总则)(?:第|§)?{_S}(?P<number>\d{{1,4}})(?:-(?P<sub>\d{{1,2}}))?(?![\d年月日号元%．.条款项章节编岁人份份版次级-])"
)
_TITLE = re.compile(r"《(?P<name>[^《》]{1,120}(?:《[^《》]{1,60}》[^《》]{0,60})?)》")
_BEHIND_TITLE = re.compile(rf"{_S}(?:（(?P<note>[^（）]{{0,60}})）)?{_S}(?:中|的|里)?{_S}$")
_NUMBERED = re.compile(rf"(?P<kind>法释|法发|法办发|高检发(?:释字|研字|办字|民字|[一-龥]{{1,3}}字)?|高检会|国务院令|公通字){_S}〔{_S}(?P<year>\d{{4}}){_S}〕{_S}(?:第{_S})?(?P<number>\d{{1,4}}){_S}号")
_LAW_LIKE = re.compile(r"(?:法|法典|条例|规定|办法|解释|细则|规则|通则|总则|宪法|修正案(?:（[^（）]*）)?|决定|批复|规程|纲要)(?:（[^（）]{1,30}）)?$")
_UNQUOTED = re.compile(r"(?:法典|法|条例|规定|办法|解释|细则|规则|通则|总则|修正案（[一二三四五六七八九十]+）)$")
_SELF = re.compile(r"本(?:法典?|条例|规定|办法|解释|细则|规则|通则|决定|章程)(?:中|的)?$")
_SAME = re.compile(r"(?:同|该|此|上述|前述|前引|以上)(?:法典?|条例|规定|办法|解释|细则|规则|法律|司法解释|法律法规)(?:中|的)?$")
_NO_LAW = re.compile(
    r"(?:合同书?|协议书?|章程|公约|须知|制度|条款|约定|判决书?|裁定书?|起诉书|调解书|意见书|承诺书|保单|投标书|招标文件|规约|手册|守则|清单|说明书|补充协议)(?:》)?(?:的|中|里|之)?$"
)
# what a law's name does not begin with or hold, where it stands without 《》
_BOUNDARY = re.compile(
    r"[^一-龥（）、〈〉]|根据|依照|按照|依据|违反|适用|参照|符合|援引|触犯|构成|结合|对照|以及|或者|规定于|规定在|如果|因为|但是"
    r"|[是即见依按对由将被把使给让向从据似就又也还都则而且]|(?<!共)和(?!国)|(?<!参)与|(?<![以涉])及|(?<!目)的|、"
)
_NO_NAMES = frozenset("方法 看法 说法 做法 合法 依法 违法 司法 执法 立法 守法 无法 办法 规定 解释 规则 条例 法 本法 新法 旧法 现行法 实体法 程序法 普法 宪法解释".split())
_BACK = re.compile(
    r"(?P<last>前|上)(?P<count>[两二三四五])?(?P<what>款|条|项)(?![例文款约])|(?:本|该|此)(?P<this>款|条|项)(?![例文款约])"
)


@dataclass(frozen=True)
class LawCitation:
    """A citation: `text[start:end]`. `law` is the full title where the name is known, else as written, "" where
    nothing tells whose article it is; `article` is its label (第一百二十条之一) or "" where a law is cited as a
    whole; paragraph, item and sub count from 1, 0 where none is named. `name` gives the span of the name (or
    pronoun) that tells the law, None where context does. `note` is what stands in brackets behind the name
    (2018年修正). `stated` is false where the law was taken from an earlier citation.
    """

    start: int
    end: int
    law: str
    article: str = ""
    paragraph: int = 0
    item: int = 0
    sub: int = 0
    name: tuple[int, int] | None = None
    note: str = ""
    stated: bool = True


@dataclass(frozen=True)
class _Unit:
    """An article with what is named of it, and where that stands."""

    article: tuple[int, int]
    start: int
    end: int
    paragraph: int = 0
    item: int = 0
    sub: int = 0


@dataclass(frozen=True)
class _Whose:
    """The law of an article: its name, where that stands, and whether it is a law at all."""

    law: str = ""
    span: tuple[int, int] | None = None
    note: str = ""
    stated: bool = True
    is_law: bool = True


@dataclass
class _Context:
    """What was cited last, for 同法, 前款 and bare articles."""

    own: str
    own_article: str
    law: str = ""
    article: str = ""
    paragraph: int = 0
    end: int = -NEAR
    cited: list[LawCitation] = field(default_factory=list)


def citations(text: str, lookup: Lookup, own: str = "", article: str = "") -> tuple[LawCitation, ...]:
    """All citations of law in a text, in order.

    `lookup` gives the full title for a name (刑诉法) or a number (法释〔2014〕13号). Of the text of a law itself
    `own` is its title, which 本法 names, and `article` the label of the article that the text is, which 前款 and
    本条 refer to.
    """
    folded = text.translate(_WIDTH)
    context = _Context(own, article)
    taken = 0
    titles = {match.end(): match for match in _TITLE.finditer(folded)}
    anchors = sorted(_anchors(folded, titles), key=lambda one: one[0])
    for start, kind, match in anchors:
        if start < taken:
            continue
        found = list(_read(folded, start, kind, match, titles, lookup, context))
        for one in found:
            context.cited.append(one)
            taken = max(taken, one.end)
            if one.law:
                context.law, context.end = one.law, one.end
                context.article, context.paragraph = one.article or context.article, one.paragraph
    return tuple(sorted(_once(context.cited), key=lambda one: (one.start, one.end)))


def _once(found: Sequence[LawCitation]) -> Iterator[LawCitation]:
    """The citations without a law named alone that is but part of the name of another's law."""
    names = [one.name for one in found if one.article and one.name]
    for one in found:
        if one.article or not any(start <= one.start and one.end <= end for start, end in names):
            yield one


def _anchors(text: str, titles: dict[int, re.Match[str]]) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Where something may be cited: an article, a number without 条, a reference back, a title, a document number."""
    for match in _ARTICLES.finditer(text):
        yield match.start(), "article", match
    for match in _WITHOUT_SIGN.finditer(text):
        yield match.start("number"), "bare", match
    for match in _BACK.finditer(text):
        yield match.start(), "back", match
    for match in _NUMBERED.finditer(text):
        yield match.start(), "number", match
    for match in titles.values():
        yield match.start(), "title", match


def _read(
    text: str,
    start: int,
    kind: str,
    match: re.Match[str],
    titles: dict[int, re.Match[str]],
    lookup: Lookup,
    context: _Context,
) -> Iterator[LawCitation]:
    if kind == "title":
        yield from _whole(text, match, lookup)
    elif kind == "number":
        yield from _by_number(text, match, lookup)
    elif kind == "back":
        yield from _reference(text, match, context)
    elif kind == "bare":
        name = _known_before(text, match.start("number"), lookup)
        if name is not None:
            label = article_label(to_int(match["number"]), int(match["sub"] or 0)) if to_int(match["number"]) else ""
            if label:
                yield LawCitation(name.span[0] if name.span else start, match.end(), name.law, label, name=name.span)
    else:
        yield from _articles(text, start, match, titles, lookup, context)


def _whole(text: str, match: re.Match[str], lookup: Lookup) -> Iterator[LawCitation]:
    """A law cited by its title alone; one that is followed by an article is left to that."""
    written = "".join(match["name"].split())
    known = lookup(written)
    if known is None and not _LAW_LIKE.search(written):
        return
    behind = re.compile(rf"{_S}(?:（[^（）]{{0,60}}）)?{_S}(?:中|的)?{_S}(?:第{_S}{_N}|{_N}{_S}条)").match(text, match.end())
    if behind and _ARTICLES.match(text, behind.end() - len(behind.group().split("第")[-1]) - 1):
        return
    note = re.compile(r"（([^（）]{0,60})）").match(text, match.end())
    yield LawCitation(
        match.start(), match.end(), known or clean_name(written), name=match.span(), note=note[1] if note else ""
    )


def _by_number(text: str, match: re.Match[str], lookup: Lookup) -> Iterator[LawCitation]:
    """An interpretation cited by its number (法释〔2014〕13号), unless the number only follows its title."""
    before = text[max(0, match.start() - 3) : match.start()].rstrip()
    if before.endswith(("》（", "》")):
        return
    written = f"{match['kind']}〔{match['year']}〕{int(match['number'])}号"
    law = lookup(written) or written
    end, first = match.end(), True
    behind = _ARTICLES.match(text, _skip(text, match.end()))
    if behind is not None and behind["numbers"]:
        for unit in _units(text, behind):
            yield _citation(unit, _Whose(law, match.span()), match.start() if first else unit.start)
            first = False
    else:
        yield LawCitation(match.start(), end, law, name=match.span())


def _reference(text: str, match: re.Match[str], context: _Context) -> Iterator[LawCitation]:
    """前款, 前条, 本条第二款: relative to the article that the text is, or to the last one cited near by."""
    inside = bool(context.own and context.own_article)
    near = match.start() - context.end < NEAR
    if not inside and not (near and context.law and context.article):
        return
    law = context.own if inside else context.law
    label = context.own_article if inside else context.article
    what = match["what"] or match["this"]
    paragraph = _paragraph_at(text, match.start()) if inside else context.paragraph
    back = to_int(match["count"] or "一") if match["last"] else 0
    end = match.end()
    if what == "条":
        label = _earlier(label, back)
        paragraph = 0
    elif what == "款" and back:
        paragraph = max(0, paragraph - 1)
    if not label or (what == "款" and not paragraph):
        return
    refined = _refined(text, _Unit((0, 0), match.start(), end, paragraph))
    for unit in refined:
        yield LawCitation(unit.start, unit.end, law, label, unit.paragraph, unit.item, unit.sub, stated=False)


def _earlier(label: str, back: int) -> str:
    """The article so many before one; "" before the first, and for inserted ones, whose neighbours are not known."""
    found = re.fullmatch(rf"第({_N})条", label)
    number = to_int(found[1]) - back if found else 0
    return article_label(number) if number > 0 else ("" if back else label)


def _paragraph_at(text: str, at: int) -> int:
    spans = paragraphs(text)
    return next((number for number, (start, end) in enumerate(spans, 1) if start <= at < end), 0)


def _articles(
    text: str, start: int, match: re.Match[str], titles: dict[int, re.Match[str]], lookup: Lookup, context: _Context
) -> Iterator[LawCitation]:
    whose = _whose(text, start, titles, lookup, context)
    if match["bare"] and (not whose.stated or whose.span is None or lookup(text[slice(*whose.span)].strip("《》")) is None):
        return  # 3条 alone counts things; only behind a known name it is an article
    if not whose.is_law:
        return
    first = whose.span[0] if whose.span else start
    for unit in _units(text, match):
        yield _citation(unit, whose, first)
        first, whose = -1, replace(whose, span=whose.span)


def _citation(unit: _Unit, whose: _Whose, start: int) -> LawCitation:
    return LawCitation(
        unit.start if start < 0 else min(start, unit.start),
        unit.end,
        whose.law,
        article_label(*unit.article),
        unit.paragraph,
        unit.item,
        unit.sub,
        whose.span,
        whose.note,
        whose.stated,
    )


# -- whose article -----------------------------------------------------------------------------------


def _whose(
    text: str, at: int, titles: dict[int, re.Match[str]], lookup: Lookup, context: _Context
) -> _Whose:
    """The law that stands before an article, or that context tells."""
    head = text[max(0, at - LONGEST_TITLE - 70) : at]
    if (mark := head.rfind("》")) >= 0 and (behind := _BEHIND_TITLE.match(head, mark + 1)):
        end = at - len(head) + mark + 1
        title = titles.get(end)
        if title is not None:
            written = "".join(title["name"].split())
            if _NO_LAW.search(written) and lookup(written) is None:
                return _Whose(is_law=False)
            return _Whose(lookup(written) or clean_name(written), title.span(), behind["note"] or "")
    if known := _known_before(text, at, lookup):
        return known
    squeezed, places = _before(text, at)
    if pronoun := _SELF.search(squeezed):
        law = context.own or context.law
        return _Whose(law, (places[pronoun.start()], at), stated=bool(context.own))
    if pronoun := _SAME.search(squeezed):
        return _Whose(context.law, (places[pronoun.start()], at), stated=False)
    if _NO_LAW.search(squeezed):
        return _Whose(is_law=False)
    if named := _unknown_before(squeezed, places, at):
        return named
    if context.own:
        return _Whose(context.own, stated=False)
    return _Whose(context.law if at - context.end < NEAR else "", stated=False)


def _before(text: str, at: int) -> tuple[str, list[int]]:
    """The characters before a place without white space, and where each stands."""
    places: list[int] = []
    here = at - 1
    while here >= 0 and len(places) < LONGEST_NAME and at - here < 2 * LONGEST_NAME:
        if not text[here].isspace():
            places.append(here)
        elif text[here] == "\n" and here and text[here - 1] == "\n":
            break
        here -= 1
    places.reverse()
    return "".join(text[place] for place in places), places


def _known_before(text: str, at: int, lookup: Lookup) -> _Whose | None:
    """The longest known name that ends before a place: 依照刑事诉讼法|第九十五条."""
    squeezed, places = _before(text, at)
    note = ""
    if bracket := re.search(r"（([^（）]{1,40})）(?:的|中)?$", squeezed):
        inner = squeezed[: bracket.start()]
        if found := _longest(inner, lookup):
            note = bracket[1]
            return _Whose(found[1], (places[found[0]], places[len(inner) - 1] + 1), note)
    squeezed = re.sub(r"[的中§第]$", "", squeezed)
    if squeezed and (found := _longest(squeezed, lookup)):
        return _Whose(found[1], (places[found[0]], places[len(squeezed) - 1] + 1), note)
    return None


def _longest(squeezed: str, lookup: Lookup) -> tuple[int, str] | None:
    if not re.search(r"[法例定释则案章约典》）要见知复]$", squeezed):
        return None
    for start in range(len(squeezed) - 1):
        if (law := lookup(squeezed[start:])) is not None:
            return start, law
    return None


def _unknown_before(squeezed: str, places: Sequence[int], at: int) -> _Whose | None:
    """A name that the library may not know, by its form: …保护法, from the last word that no name holds."""
    bare = re.sub(r"[的中]$", "", squeezed)
    if not _UNQUOTED.search(bare):
        return None
    start = 0
    for boundary in _BOUNDARY.finditer(bare, 0, len(bare) - 1):
        start = boundary.end()
    name = bare[start:].lstrip("、，")
    if len(name) < 3 or name in _NO_NAMES or re.match(r"[（）]", name):
        return None
    start = len(bare) - len(name)
    return _Whose(name, (places[start], places[len(bare) - 1] + 1))


# -- which articles ----------------------------------------------------------------------------------


def _units(text: str, match: re.Match[str]) -> Iterator[_Unit]:
    """The articles of a list that begins here, each with its paragraphs and items."""
    before: _Unit | None = None
    current: re.Match[str] | None = match
    ranged = False
    while current is not None:
        units = [part for unit in _group(current) for part in _refined(text, unit)]
        if not units:
            return
        if ranged and before is not None:
            yield from _between(before, units[0])
        yield from units
        before = units[-1]
        link = _BETWEEN.match(text, before.end)
        current = _ARTICLES.match(text, link.end()) if link else None
        ranged = bool(link and re.fullmatch(_TO, link.group()))
        if current is not None and not current["numbers"]:
            return


def _between(first: _Unit, last: _Unit) -> Iterator[_Unit]:
    """The articles within a range of whole articles; they stand where the range does."""
    low, high = first.article[0] + 1, last.article[0]
    if first.paragraph or not 0 < high - low <= LONGEST_RANGE:
        return
    for number in range(low, high):
        yield _Unit((number, 0), first.start, last.end)


def _group(match: re.Match[str]) -> Iterator[_Unit]:
    """The articles that share one 条: 第十条, 第十、十二条, 第10-12条, 第120-1条."""
    written = match["numbers"] or match["bare"]
    sub = match["sub"] or match["baresub"]
    dashed = re.fullmatch(rf"({_N})-({_N})", "".join(written.split()))
    if dashed and to_int(dashed[2]) < to_int(dashed[1]):  # 120-1 is 120之一, 10-12 a range
        numbers = [(to_int(dashed[1]), to_int(dashed[2]))]
    else:
        numbers = [(number, 0) for number in _numbers(written)]
        if sub and numbers:
            numbers[-1] = (numbers[-1][0], to_int("".join(sub.split())))
    for article in numbers:
        if 0 < article[0] < 10_000 and article[1] < 100:
            yield _Unit(article, match.start(), match.end())


def _refined(text: str, unit: _Unit) -> Iterator[_Unit]:
    """A unit with the paragraphs, items and 目 named behind it: one for each of them."""
    parts: list[_Unit] = []
    at, paragraph = unit.end, unit.paragraph
    while True:
        step = _SEP_HERE.match(text, at) if parts else None
        here = step.end() if step else at
        if named := _PARAGRAPHS.match(text, here):
            for number in _numbers(named["numbers"]):
                parts.append(replace(unit, paragraph=number, start=named.start() if parts else unit.start, end=named.end()))
                paragraph = number
        elif named := _ITEMS.match(text, here):
            numbers = _numbers(named["numbers"])
            fresh = [
                replace(unit, paragraph=paragraph, item=number, start=named.start() if parts else unit.start, end=named.end())
                for number in numbers
            ]
            if parts and not step and not parts[-1].item:  # 第一款第（二）项 says more of 第一款
                parts[-1:] = [replace(one, start=parts[-1].start) for one in fresh]
            else:
                parts += fresh
            if parts and (sub := _SUBS.match(text, named.end())):
                parts[-1] = replace(parts[-1], sub=to_int("".join(sub["number"].split())), end=sub.end())
        else:
            break
        at = parts[-1].end if parts else at
        if not parts:
            break
    yield from parts or [unit]


_SEP_HERE = re.compile(rf"{_SEP}(?=第{_S}{_N}(?:{_SEP}第?{_S}{_N}){{0,6}}{_S}款|第?{_S}（{_S}{_N}{_S}）)")


def _numbers(written: str) -> list[int]:
    """The numbers of a list: 一、三 → 1, 3; 十至十二 → 10, 11, 12; one that is no numeral is left out."""
    found: list[int] = []
    ranged = False
    for piece in re.findall(rf"{_N}|至|到|-", written):
        if piece in "至到-":
            ranged = bool(found)
            continue
        try:
            number = to_int("".join(piece.split()))
        except ValueError:
            continue
        if ranged and 0 < number - found[-1] <= LONGEST_RANGE:
            found += range(found[-1] + 1, number)
        found.append(number)
        ranged = False
    return found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
