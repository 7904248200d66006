"""Citations of law in a text, in every form: whose law, which article, paragraph and item, as spans of the text.

《中华人民共和国民法典》第一千二百五十四条第一款第（二）项, 刑法120-1条, 刑诉法95, 第十条至第十二条、第十五条,
第二十三条第一、二款, 本法第五条, 同法第十条, 前款, 法释〔2014〕13号第三条; broken across lines or not, in Chinese
or Arabic numerals, full or half width (the forms of the grounding rules of the design, section 6).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingestion.cited_names import (
    NUMBERED,
    TITLE,
    Lookup,
    Titles,
    Whose,
    behind_title,
    full_title,
    known_before,
    looks_like_law,
    squeeze,
    whose,
    with_short_names,
)
from ingestion.cited_units import ARTICLES, NUMBER, PARAGRAPHS, SPACE, WIDTH, Unit, refined, units
from ingestion.numerals import article_label, to_chinese, to_int
from ingestion.statutes import paragraphs

__all__ = ["LawCitation", "Lookup", "citations", "render"]

NEAR = 400  # characters behind a law's name within which a bare article is taken for one of it
MOST = 1_900  # no law has so many articles; a bare number from here on is a year
LISTED = 4_000  # the same where articles are printed one after another, each at the head of a sentence

_WITHOUT_SIGN = re.compile(
    rf"(?:法典?|条例|解释|规定|办法|细则|规则|通则|总则)(?:第|§)?{SPACE}(?P<number>\d{{1,4}})(?:-(?P<sub>\d{{1,2}}))?"
    r"(?![\d年月日号元%．.条款项章节编岁人份版次级个名起件万亿-])"
)
_BACK = re.compile(
    r"(?P<last>前|上)(?P<count>[两二三四五])?(?P<what>款|条|项)(?![例文款约目])"
    r"|(?<!各)(?:本|该|此|同)(?P<this>款|条|项(?=规定|所列|所|第|之|、))(?![例文款约目])"
    r"|(?:上述|前述|上引|前引)(?P<rule>规定|条款|条文|法条)"
)
_FOLLOWED = re.compile(
    rf"{SPACE}(?:（[^（）]{{0,80}}）)?{SPACE}(?:[一-龥]{{2,6}}编|分则|总则)?(?:中|的|里)?{SPACE}"
)
_NOTE = re.compile(rf"{SPACE}（([^（）]{{0,80}})）")
_CALLED = re.compile(r"称(?:为|作)?[：:“\"]?$")
_THING = re.compile(r"(?:意见|建议|理由|措施|消息|新闻|评论|线|路|街|河|船|命|鱼|短信|微信|记录|生产线)")  # 第二条意见
_LINE_HEAD = re.compile(
    rf"^[ \t\u3000]*第{SPACE}(?P<number>{NUMBER}){SPACE}条(?!第|之?规定|[、，和与及至之的])", re.MULTILINE
)
_GOES_ON = re.compile(rf"{SPACE}(?:[、，,和及与至之的规中款项目（）。；：:”》]|以及|明确|所|$)")  # not the text of the article
_BREAK = re.compile(r"。(?:[ \t\u3000]*\n\s*|[ \t\u3000]+)")  # between two 款 as they are printed
_AT_HEAD = re.compile(r"(?:^|[\n。；！”：:〕]|\s|[。；][ \t\u3000]*)$")


@dataclass(frozen=True)
class LawCitation:
    """A citation: `text[start:end]`. `law` is the full title where the name is known, else as written, "" where
    nothing tells whose article it is; `article` is its label (第一百二十条之一) or "" where a law is cited as a
    whole; paragraph, item and sub count from 1, 0 where none is named. `name` gives the span of the name (or
    pronoun) that tells the law, None where context does. `note` is what is said of its version: the bracket
    behind the name (2018年修正) or the year before it. `stated` is false where the law was taken from context.
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
class _Printed:
    """An article (from `paragraph` on) whose own words follow at `at`, as in the annex of a judgment."""

    law: str
    article: str
    paragraph: int
    at: int


@dataclass
class _Context:
    """The text, and what was cited last in it, for 同法, 前款 and bare articles."""

    text: str
    lookup: Lookup
    titles: Titles
    own: str
    own_article: str
    law: str = ""
    article: str = ""
    paragraph: int = 0
    end: int = -LISTED
    taken: int = 0
    laws: list[str] = field(default_factory=list)  # the last one last
    cited: list[LawCitation] = field(default_factory=list)
    spans: Sequence[tuple[int, int]] | None = None
    printed: _Printed | None = None

    def keep(self, one: LawCitation) -> None:
        """Remember a citation for those that refer back to it."""
        self.cited.append(one)
        self.taken = max(self.taken, one.end)
        if not one.law:
            return
        self.law, self.end = one.law, one.end
        if one.article:
            self.article, self.paragraph = one.article, one.paragraph
        elif not self.laws or self.laws[-1] != one.law:
            self.article, self.paragraph = "", 0
        self.laws.append(one.law)

    def base(self, at: int) -> tuple[str, str, int] | None:
        """Law, article and 款 (0: not known) that a reference back at `at` counts from; None where there is none."""
        if self.own and self.own_article:
            return self.own, self.own_article, _paragraph_at(self, at)
        if self.printed is not None and at - self.printed.at < LISTED:
            one = self.printed
            words = self.text[one.at : at]
            left_out = "…" in words
            return one.law, one.article, 0 if left_out else one.paragraph + len(_BREAK.findall(words))
        if self.law and self.article and at - self.end < NEAR:
            return self.law, self.article, self.paragraph
        return None

    def forget(self, at: int) -> None:
        """What follows here belongs to a paper that is no law."""
        self.law, self.article, self.end, self.printed = "", "", at, None
        self.taken = max(self.taken, at)

    def last_of(self, kind: str) -> str:
        """The law that 同法 or 该条例 means: the last one of that kind, else the last one."""
        kind = kind.removeprefix("司法")
        fitting = (
            law for law in reversed(self.laws[-50:]) if re.search(rf"{kind}典?(?:（[^（）]*）)?$", law)
        )
        return next(fitting, self.laws[-1] if self.laws else "")


def citations(text: str, lookup: Lookup, own: str = "", article: str = "") -> tuple[LawCitation, ...]:
    """All citations of law in a text, in order.

    `lookup` gives the full title for a name (刑诉法) or a number (法释〔2014〕13号). Of the text of a law itself
    `own` is its title, which 本法 names, and `article` the label of the article that the text is, which 前款 and
    本条 refer to. The numbers at the heads of a text's own articles cite nothing.
    """
    folded = text.translate(WIDTH)
    titles = {match.end(): match for match in TITLE.finditer(folded)}
    context = _Context(folded, with_short_names(folded, lookup), titles, own, article)
    headings = _own_headings(folded, own)
    for start, kind, match in sorted(_anchors(context), key=lambda one: one[0]):
        if start < context.taken or start in headings:
            continue
        for one in _read(context, start, kind, match):
            context.keep(one)
    return tuple(sorted(_once(context.cited), key=lambda one: (one.start, one.end)))


def render(citation: LawCitation) -> str:
    """A citation as a letter writes it: 《中华人民共和国民法典》第一千二百五十四条第一款第（二）项."""
    words = f"《{citation.law}》" if citation.law else ""
    words += f"（{citation.note}）" if citation.note else ""
    words += citation.article
    words += f"第{to_chinese(citation.paragraph)}款" if citation.paragraph else ""
    words += f"第（{to_chinese(citation.item)}）项" if citation.item else ""
    return words + (f"第{to_chinese(citation.sub)}目" if citation.sub else "")


def _anchors(context: _Context) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Where something may be cited: an article, a number without 条, a reference back, a title, a document number."""
    for match in ARTICLES.finditer(context.text):
        yield match.start(), "article", match
    for match in _WITHOUT_SIGN.finditer(context.text):
        yield match.start("number"), "bare", match
    for match in PARAGRAPHS.finditer(context.text):
        yield match.start(), "paragraph", match
    for match in _BACK.finditer(context.text):
        yield match.start(), "back", match
    for match in NUMBERED.finditer(context.text):
        yield match.start(), "number", match
    for match in context.titles.values():
        yield match.start(), "title", match


def _read(context: _Context, start: int, kind: str, match: re.Match[str]) -> Iterator[LawCitation]:
    if kind == "title":
        yield from _whole(context, match)
    elif kind == "number":
        yield from _by_number(context, match)
    elif kind == "paragraph":
        yield from _paragraphs(context, match)
    elif kind == "back":
        yield from _reference(context, match)
    elif kind == "bare":
        yield from _without_sign(context, match)
    else:
        yield from _articles(context, start, match)


def _once(found: Sequence[LawCitation]) -> Iterator[LawCitation]:
    """The citations without a law named alone that is but part of the name of another's law."""
    names = sorted({one.name for one in found if one.article and one.name})
    starts = [start for start, _ in names]
    for one in found:
        place = bisect_right(starts, one.start) - 1
        inside = place >= 0 and one.end <= names[place][1] and not one.article
        if not inside:
            yield one


def _own_headings(text: str, own: str) -> frozenset[int]:
    """Where the text's own articles open: lines that count 第一条, 第二条 from one, or the label of a law's article."""
    found: set[int] = set()
    run: list[int] = []
    for match in _LINE_HEAD.finditer(text):
        at = match.start() + match.group().index("第")
        try:
            number = to_int(squeeze(match["number"]))
        except ValueError:
            continue
        if own and not match.start():
            found.add(at)
        if number == len(run) + 1:
            run.append(at)
        elif number == 1:
            run = [at]
        if len(run) > 1 and run[-1] == at:
            found.update(run[-2:])
    return frozenset(found)


# -- the kinds of anchors ------------------------------------------------------------------------------


def _whole(context: _Context, match: re.Match[str]) -> Iterator[LawCitation]:
    """A law cited by its title alone; one that is followed by an article is left to that."""
    law, span, known = full_title(context.text, match, context.lookup)
    if not known and not looks_like_law(law):
        return
    behind = _FOLLOWED.match(context.text, match.end())
    if behind and (article := ARTICLES.match(context.text, behind.end())):
        found = behind_title(context.text, article.start(), context.titles)
        if found and found[0].end() == match.end():
            return
    if _CALLED.search(context.text, max(0, match.start() - 6), match.start()):
        return  # （以下简称《个保法》） gives a name and cites nothing
    note = _NOTE.match(context.text, match.end())
    yield LawCitation(span[0], span[1], law, name=span, note=note[1] if note else "")


def _by_number(context: _Context, match: re.Match[str]) -> Iterator[LawCitation]:
    """An interpretation cited by its number (法释〔2014〕13号), unless the number only follows its title."""
    before = context.text[max(0, match.start() - 3) : match.start()].rstrip()
    if before.endswith(("》（", "》")):
        return
    written = f"{match['kind']}〔{match['year']}〕{int(match['number'])}号"
    law = context.lookup(written) or written
    behind = _FOLLOWED.match(context.text, match.end())
    article = ARTICLES.match(context.text, behind.end() if behind else match.end())
    if article is None or article["bare"]:
        yield LawCitation(match.start(), match.end(), law, name=match.span())
        return
    yield from _each(units(context.text, article), Whose(law, match.span()))


def _reference(context: _Context, match: re.Match[str]) -> Iterator[LawCitation]:
    """前款, 前条, 本条第二款, 上述规定: relative to the article that the text is, or to the last one cited near by."""
    base = context.base(match.start())
    if base is None:
        return
    law, label, here = base
    if match["rule"]:
        if not context.own:
            yield LawCitation(match.start(), match.end(), law, label, here, stated=False)
        return
    what = match["what"] or match["this"]
    back = to_int(match["count"] or "一") if match["last"] else 0
    for step in range(back, 0, -1) if back else (0,):  # 前两款 are two
        named = _earlier(label, step) if what == "条" else label
        paragraph = 0 if what == "条" else here - step if what == "款" else here
        if not named or paragraph < 0 or (what == "款" and not paragraph):
            continue
        for unit in refined(context.text, Unit((0, 0), match.start(), match.end(), paragraph)):
            yield LawCitation(
                unit.start, unit.end, law, named, unit.paragraph, unit.item, unit.sub, stated=False
            )


def _paragraphs(context: _Context, match: re.Match[str]) -> Iterator[LawCitation]:
    """第一款 alone: a 款 of the article that the text is, or of one that is printed here."""
    base = context.base(match.start())
    if base is None or not (context.own or context.printed):
        return
    law, label, _ = base
    for unit in refined(context.text, Unit((0, 0), match.start(), match.start())):
        yield LawCitation(unit.start, unit.end, law, label, unit.paragraph, unit.item, unit.sub, stated=False)
        if not context.own and _opens(context.text, match.start(), unit.end):
            context.printed = _Printed(law, label, unit.paragraph, unit.end)


def _opens(text: str, start: int, end: int) -> bool:
    """Whether the words of what is cited are printed behind it: it stands at the head of a sentence or line."""
    at_head = not start or bool(_AT_HEAD.search(text, max(0, start - 3), start))
    return at_head and not _GOES_ON.match(text, end)


def _earlier(label: str, back: int) -> str:
    """The article so many before one; "" before the first, and for inserted ones, whose neighbours are not known."""
    found = re.fullmatch(rf"第({NUMBER})条", label)
    number = to_int(found[1]) - back if found else 0
    return article_label(number) if number > 0 else ("" if back else label)


def _paragraph_at(context: _Context, at: int) -> int:
    if context.spans is None:
        context.spans = paragraphs(context.text)
    return next((number for number, (start, end) in enumerate(context.spans, 1) if start <= at < end), 0)


def _without_sign(context: _Context, match: re.Match[str]) -> Iterator[LawCitation]:
    """刑诉法95: a number without 条, only behind a known name."""
    name = known_before(context.text, match.start("number"), context.lookup)
    number = int(match["number"])
    if name is None or name.span is None or not 0 < number < MOST:  # 刑法1997 is an edition
        return
    label = article_label(number, int(match["sub"] or 0))
    yield LawCitation(name.span[0], match.end(), name.law, label, name=name.span, note=name.note)


def _articles(context: _Context, start: int, match: re.Match[str]) -> Iterator[LawCitation]:
    law = whose(context.text, start, context.titles, context.lookup)
    if match["bare"]:  # 3条 alone counts things; only behind a known name it is an article
        if law is not None and law.law and law.span and context.lookup(_name(context.text, law.span)):
            yield from _each(units(context.text, match), law)
        return
    if law is not None and not law.is_law:
        list_ = list(units(context.text, match))
        context.forget(list_[-1].end if list_ else match.end())
        return
    if law is None and _THING.match(context.text, match.end()):
        return
    law = _from_context(context, start, law)
    if law is None:
        return
    last = None
    for last in _each(units(context.text, match), law):
        yield last
    if last is not None and not context.own and last.law and _opens(context.text, min(start, (law.span or (start, 0))[0]), last.end):
        context.printed = _Printed(last.law, last.article, last.paragraph or 1, last.end)


def _name(text: str, span: tuple[int, int]) -> str:
    return squeeze(text[slice(*span)]).strip("《》")


def _from_context(context: _Context, start: int, law: Whose | None) -> Whose | None:
    """The law as found, pronouns and bare articles filled from what was cited before; None for no citation."""
    if law is not None and law.law:
        return law
    if law is not None and law.own:
        name = context.own or context.last_of(law.kind)
        return replace(law, law=name, stated=bool(context.own))
    if law is not None:
        return replace(law, law=context.last_of(law.kind))
    if context.own:
        return Whose(context.own, stated=False)
    distance = start - context.end
    at_head = bool(_AT_HEAD.search(context.text, max(0, start - 3), start)) or not start
    if context.law and distance < (LISTED if at_head and context.article else NEAR):
        return Whose(context.law, stated=False)
    return None if at_head else Whose(stated=False)


def _each(found: Iterable[Unit], law: Whose) -> Iterator[LawCitation]:
    """The units as citations of one law; the first stands from its name on."""
    first = law.span[0] if law.span else None
    for unit in found:
        start = unit.start if first is None else min(first, unit.start)
        label = article_label(*unit.article)
        yield LawCitation(
            start,
            unit.end,
            law.law,
            label,
            unit.paragraph,
            unit.item,
            unit.sub,
            law.span,
            law.note,
            law.stated,
        )
        first = None
