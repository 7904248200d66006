"""Every citation of law in a text checked on a day: in force, changed, renumbered, made up, quoted right or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant.quoting import Quote, at_head, best_match, difference, quote_of, verbatim
from indexes.hit import LawStatus
from indexes.lawbook import LawBook
from indexes.library import LawVersion, law_names, law_status, status_on
from indexes.renumber import Article, body, renumbered
from indexes.text import fold
from ingestion.citations import LawCitation, citations
from ingestion.numerals import article_key, to_chinese
from ingestion.provisions import Provision, locate, provisions

QuoteStatus = Literal["verbatim", "differs", "none"]

LEAST_SEARCHED = 8  # folded characters that are looked for in other articles

_YEAR = re.compile(
    r"^(?P<only>[12]\d{3})年?$|(?<!\d)(?P<year>[12]\d{3})年?(?:\d{1,2}月(?:\d{1,2}日)?)?[^〔〕（）]{0,10}?"
    r"(?:修正|修订|修改|公布|施行|通过|实施|版|文本|本)"
)
_BRACKET = re.compile(r"[（(〔\[［【](?P<words>[一-龥、]{2,12})[）)〕\]］】]")
_ABOUT = re.compile(r"(?:中)?(?:关于|有关|对于?)(?P<words>[一-龥]{2,12}?)的(?:规定|条款|内容)")
_JOINED = re.compile(r"[\s、，,和及与]{0,6}(?:以及)?")


@dataclass(frozen=True)
class ArticleText:
    """An article (or the part of it that was cited) in one version of its law."""

    version: str
    article: str
    text: str
    in_force_from: str = ""


@dataclass(frozen=True)
class CheckedCitation:
    """What a citation is worth on a day. Only `verified` is a pass; `detail` says why in Chinese.

    `versions` has both texts where the article was changed or renumbered; `quote` is the span of the words quoted
    beside the citation, `diff` how they depart from the law's.
    """

    citation: LawCitation
    text: str
    status: LawStatus
    detail: str
    quote_status: QuoteStatus = "none"
    version: LawVersion | None = None
    quote: Quote | None = None
    diff: str = ""
    versions: tuple[ArticleText, ...] = ()


@dataclass(frozen=True)
class _Worth:
    """The worth of a citation while it is being found out; `words` is the text of what was cited."""

    status: LawStatus
    detail: str
    version: LawVersion | None = None
    article: str = ""  # the text of the whole article
    words: str = ""
    versions: tuple[ArticleText, ...] = ()


@dataclass
class _Reader:
    """The law book on one day, each article read once."""

    book: LawBook
    on: date
    _texts: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _versions: dict[str, Sequence[LawVersion]] = field(default_factory=dict)
    _worth: dict[tuple[str, str], _Worth] = field(default_factory=dict)
    _moves: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def read(self, found: Sequence[LawCitation]) -> None:
        """Read at once the articles that are cited."""
        keys = {(one.law, one.article) for one in found if one.law and one.article}
        for key, texts in self.book.texts_of(keys).items():
            if texts:  # else the book knows why
                status, detail, version = status_on(key[1], texts, self.versions(key[0]), self.on)
                text = texts.get(version.document_id, "") if version else ""
                self._worth[key] = _Worth(status, detail, version, text, text)

    def versions(self, law: str) -> Sequence[LawVersion]:
        """All texts of a law, old ones first."""
        if law not in self._versions:
            found = next((texts for name in law_names(law) if (texts := self.book.versions(name))), ())
            self._versions[law] = sorted(found, key=lambda one: (one.version or date.min, one.source))
        return self._versions[law]

    def texts(self, version: LawVersion) -> Mapping[str, str]:
        """The articles of a text by their labels."""
        if version.document_id not in self._texts:
            self._texts[version.document_id] = self.book.articles(version.document_id)
        return self._texts[version.document_id]

    def where_now(self, cited: LawVersion, label: str, now: LawVersion) -> str | None:
        """The number that the rule of an article of an older text has in a newer one; None where it is gone."""
        key = (cited.document_id, now.document_id)
        if key not in self._moves:
            old, new = ([Article(*one) for one in self.texts(version).items() if one[0]] for version in (cited, now))
            self._moves[key] = {move.old: move.new[0] for move in renumbered(old, new) if move.old and move.new}
        return self._moves[key].get(label)

    def worth(self, law: str, article: str) -> _Worth:
        """What a citation of an article, or of a law as a whole, is worth."""
        key = (law, article)
        if key not in self._worth:
            self._worth[key] = self._found(law, article)
        return self._worth[key]

    def _found(self, law: str, article: str) -> _Worth:
        if not article and (versions := self.versions(law)):
            status, detail, version = law_status(versions, self.on)
            return _Worth(status, detail, version)
        found = self.book.find(law, article or "第一条", self.on)
        text = "".join(passage.text for passage in found.passages)
        return _Worth(found.status, found.detail, found.version, text, text)


def check_citations(text: str, book: LawBook, on: date) -> tuple[CheckedCitation, ...]:
    """All citations of law in a text, in order, each with what it is worth on a day."""
    reader = _Reader(book, on)
    found = citations(text, book.names())
    reader.read(found)
    checked = [_checked(reader, text, one, found[place + 1 : place + 12]) for place, one in enumerate(found)]
    return tuple(_without_labels(_shared_quotes(reader, text, checked)))


def _without_labels(checked: Sequence[CheckedCitation]) -> Iterator[CheckedCitation]:
    """The citations without the label with which the quotation of one begins: 第三条规定：“第三条 旅店应当……”."""
    quoted = {(one.quote.start, one.citation.article) for one in checked if one.quote}
    for one in checked:
        if (one.citation.start, one.citation.article) not in quoted or one.citation.stated:
            yield one


def _checked(reader: _Reader, text: str, one: LawCitation, behind: Sequence[LawCitation]) -> CheckedCitation:
    words = text[one.start : one.end]
    if not one.law:
        return CheckedCitation(one, words, "not_checked", "未写明是哪部法律，请补写法律名称")
    worth = reader.worth(one.law, one.article)
    if one.article:
        worth = _edition(reader, one, _part(reader, one, worth))
        worth = _moved(reader, one, worth)
        worth = _subject(reader, text, one, worth)
    quote = None
    if one.article and not (behind and behind[0].start < one.end):
        stop = next((each.start for each in behind if at_head(text, each.start)), len(text))
        quote = quote_of(text, one.start, one.end, worth.article, stop)
    made = CheckedCitation(
        one, words, worth.status, worth.detail, version=worth.version, versions=worth.versions
    )
    return _quoted(reader, text, made, worth, quote) if quote else made


# -- the part, the edition, the number ---------------------------------------------------------------


def _part(reader: _Reader, one: LawCitation, worth: _Worth) -> _Worth:
    """The worth of the 款, 项 or 目 that is cited of an article in force."""
    if not worth.article or not (one.paragraph or one.item or one.sub):
        return worth
    span = _located(worth.article, one)
    if span is not None:
        return replace(worth, words=worth.article[slice(*span)])
    if worth.status != "verified":
        return worth
    named = _place(one)
    for version in reversed(reader.versions(one.law)):  # did an older text have it?
        older = reader.texts(version).get(one.article, "")
        past = version.version and worth.version and worth.version.version
        if past and version.version and version.version < past and (old := _located(older, one)):
            both = (
                _text(version, one.article, older[slice(*old)]),
                _text(worth.version, one.article, worth.article),
            )
            why = f"{one.article}{named}见于 {version.version} 文本，{worth.detail}已无该{named[-1]}"
            return replace(worth, status="amended", detail=why, words="", versions=both)
    count = max((part.paragraph for part in provisions(worth.article)), default=1)
    why = f"{one.article}没有{named}（该条共 {count} 款；{worth.detail}）"
    return replace(worth, status="no_such_article", detail=why, words="")


def _located(article: str, one: LawCitation) -> tuple[int, int] | None:
    """The span of the cited part; an item that several 款 have is the whole article's."""
    if not article:
        return None
    span = locate(article, one.paragraph, one.item, one.sub)
    if span is None and not one.paragraph and any(_is(part, one) for part in provisions(article)):
        return 0, len(article)
    return span


def _is(part: Provision, one: LawCitation) -> bool:
    return part.item == one.item and part.sub == one.sub


def _place(one: LawCitation) -> str:
    paragraph = f"第{to_chinese(one.paragraph)}款" if one.paragraph else ""
    item = f"第（{to_chinese(one.item)}）项" if one.item else ""
    return paragraph + item + (f"第{to_chinese(one.sub)}目" if one.sub else "")


def _edition(reader: _Reader, one: LawCitation, worth: _Worth) -> _Worth:
    """The worth where the citation names the year of its edition: the text of that year is compared."""
    year = noted_year(one.note)
    if year is None or worth.version is None or worth.status not in {"verified", "no_such_article"}:
        return worth
    if year in _years(worth.version):
        return worth
    cited = next((each for each in reader.versions(one.law) if year in _years(each)), None)
    if cited is None:
        return replace(
            worth, status="not_checked", detail=f"所注的 {year} 年文本不在库中，未能核对；{worth.detail}"
        )
    old = reader.texts(cited).get(one.article, "")
    if not old:
        why = f"所注的 {cited.version} 文本没有{one.article}"
        return replace(worth, status="no_such_article", detail=why)
    if worth.article and body(old) == body(worth.article):
        return replace(worth, detail=f"{worth.detail}；所注 {cited.version} 文本的该条与此相同")
    if cited.in_force_from is not None and cited.in_force_from > reader.on:
        why = f"所注的 {cited.version} 文本自 {cited.in_force_from} 起施行"
        return replace(worth, status="not_yet_in_force", detail=why)
    return _successor(reader, one, worth, cited, old)


def noted_year(note: str) -> int | None:
    """The year of an edition that a note names: 2018年修正, 2018; None for 法释〔2014〕13号."""
    found = _YEAR.search(note)
    return int(found["only"] or found["year"]) if found else None


def _years(version: LawVersion) -> set[int]:
    return {day.year for day in (version.version, version.in_force_from) if day is not None}


def _moved(reader: _Reader, one: LawCitation, worth: _Worth) -> _Worth:
    """The worth of a number that the text in force lacks and an older one has: where its rule stands now."""
    if worth.status != "no_such_article" or worth.version is None or worth.words or worth.versions:
        return worth
    now = worth.version
    if one.article in reader.texts(now):
        return worth
    for version in reversed(reader.versions(one.law)):
        old = reader.texts(version).get(one.article, "")
        if (
            old
            and version.document_id != now.document_id
            and (version.version or date.min) < (now.version or date.min)
        ):
            return _successor(reader, one, worth, version, old)
    last = max((key[0] for label in reader.texts(now) if (key := article_key(label))), default=0)
    told = f"（{now.version} 文本共 {last} 条）" if last else ""
    return replace(worth, detail=worth.detail + told)


def _successor(reader: _Reader, one: LawCitation, worth: _Worth, cited: LawVersion, old: str) -> _Worth:
    """`amended` or `renumbered`: an article of an older text, and what stands in its place in the text in force."""
    now = worth.version
    if now is None:
        return worth
    label = reader.where_now(cited, one.article, now)
    was = _text(cited, one.article, old)
    if label is None or label == one.article:
        is_ = (_text(now, one.article, worth.article),) if worth.article else ()
        why = f"{one.article}见于 {cited.version} 文本，{now.version} 文本" + (
            "已修改该条" if is_ else "已无此条"
        )
        status: LawStatus = "amended" if is_ else "no_such_article"
        return replace(worth, status=status, detail=why, versions=(was, *is_))
    why = f"{cited.version} 文本的{one.article}，在 {now.version} 文本中为{label}"
    return replace(
        worth, status="renumbered", detail=why, versions=(was, _text(now, label, reader.texts(now)[label]))
    )


def _text(version: LawVersion | None, article: str, text: str) -> ArticleText:
    if version is None:
        return ArticleText("", article, text)
    return ArticleText(str(version.version or ""), article, text, str(version.in_force_from or ""))


# -- what is said of the article ---------------------------------------------------------------------


def _subject(reader: _Reader, text: str, one: LawCitation, worth: _Worth) -> _Worth:
    """`differs` where the article is said to be about a thing (第一百八十八条（定金）) that only other articles tell of."""
    said = _BRACKET.match(text, one.end) or _ABOUT.match(text, one.end)
    if said is None or worth.status != "verified" or worth.version is None:
        return worth
    words = said["words"].removesuffix("罪")  # 抢劫罪 is told of as 抢劫
    if len(words) < 2:
        return worth
    if said.re is _BRACKET and re.search(r"以下|简称|下同|修正|修订|项|款|条|略|之[一二三]", words):
        return worth
    if any(words[at : at + 2] in worth.article for at in range(len(words) - 1)):
        return worth
    elsewhere = [label for label, other in reader.texts(worth.version).items() if words in other]
    if not elsewhere:
        return worth
    told = "、".join(elsewhere[:3]) + ("等条" if len(elsewhere) > 3 else "")
    why = f"{one.article}存在，但内容与“{words}”不符；“{words}”见{told}（{worth.detail}）"
    return replace(worth, status="differs", detail=why)


# -- what is quoted ----------------------------------------------------------------------------------


def _quoted(
    reader: _Reader, text: str, made: CheckedCitation, worth: _Worth, quote: Quote
) -> CheckedCitation:
    """The citation with what the words quoted beside it are worth."""
    words = text[quote.start : quote.end]
    made = replace(made, quote=quote)
    if worth.version is None or not (worth.article or worth.versions):
        return made
    if worth.words and verbatim(words, worth.words):
        return replace(made, quote_status="verbatim")
    if (
        worth.status in {"amended", "renumbered"}
        and worth.versions
        and verbatim(words, worth.versions[0].text)
    ):
        return replace(made, quote_status="verbatim")
    if worth.status == "verified":
        made = _not_its_words(reader, made, worth, words)
    other = made.status in {"amended", "renumbered"} and len(made.versions) > 1
    diff = difference(words, made.versions[1].text if other else worth.words or worth.article)
    if made.status in {"verified", "differs"}:
        told = made.detail if made.status == "differs" else f"引文与原文不一致：{diff}（{made.detail}）"
        return replace(made, status="differs", quote_status="differs", diff=diff, detail=told)
    if made.status == "not_checked":  # the text of that day is not at hand
        return made
    verbatim_then = made.status in {"amended", "renumbered", "not_yet_in_force"} and made.versions
    return replace(made, quote_status="verbatim" if verbatim_then else "differs", diff=diff)


def _not_its_words(reader: _Reader, made: CheckedCitation, worth: _Worth, words: str) -> CheckedCitation:
    """Whose words they are: of another 款, of another version of the article, of another article, or nobody's."""
    one, now = made.citation, worth.version
    if verbatim(words, worth.article):
        place = _place_of(worth.article, words)
        return replace(
            made, status="differs", detail=f"引文见于{one.article}{place}，不在所引的{_place(one)}"
        )
    if len(fold(words)) < LEAST_SEARCHED or now is None:
        return made
    label = best_match(words, list(reader.texts(now).items()))
    for version in reversed(reader.versions(one.law)):
        then = reader.texts(version).get(one.article, "")
        if _same_edition(version, now) or not verbatim(words, then):
            continue
        return _then(
            made,
            version,
            then,
            (now, label or one.article, reader.texts(now).get(label or "", worth.article)),
        )
    if label is not None:
        return replace(
            made, status="differs", detail=f"引文见于{label}，不是{one.article}的文字（{made.detail}）"
        )
    return made


def _same_edition(one: LawVersion, other: LawVersion) -> bool:
    return one.document_id == other.document_id or (one.version is not None and one.version == other.version)


def _then(
    made: CheckedCitation, version: LawVersion, then: str, now: tuple[LawVersion, str, str]
) -> CheckedCitation:
    """The citation whose quotation is that of another version."""
    current, label, text = now
    one = made.citation
    was, is_ = _text(version, one.article, then), _text(current, label, text)
    if (version.version or date.min) > (current.version or date.min):
        start = f"，自 {version.in_force_from} 起施行" if version.in_force_from else "，施行日待核"
        why = f"引文是 {version.version} 文本{start}；{made.detail}"
        return replace(made, status="not_yet_in_force", detail=why, versions=(was, is_))
    if label != one.article:
        why = f"引文是 {version.version} 文本的{one.article}，在 {current.version} 文本中为{label}"
        return replace(made, status="renumbered", detail=why, versions=(was, is_))
    why = f"引文是 {version.version} 文本的文字，{current.version} 文本已修改该条"
    return replace(made, status="amended", detail=why, versions=(was, is_))


def _place_of(article: str, words: str) -> str:
    """The smallest part of an article that has the words."""
    found = [part for part in provisions(article) if verbatim(words, article[part.start : part.end])]
    if not found:
        return ""
    part = min(found, key=lambda each: each.end - each.start)
    return _place(LawCitation(0, 0, "", "", part.paragraph, part.item, part.sub))


def _shared_quotes(reader: _Reader, text: str, checked: list[CheckedCitation]) -> list[CheckedCitation]:
    """A quotation behind a list (第十条、第十一条规定：“…”) that is not the last article's may be an earlier one's."""
    for place in range(len(checked) - 1, 0, -1):
        last = checked[place]
        if last.quote is None or last.quote_status != "differs":
            continue
        words = text[last.quote.start : last.quote.end]
        for before in range(place - 1, -1, -1):
            one, next_ = checked[before].citation, checked[before + 1].citation
            if one.law != last.citation.law or not _JOINED.fullmatch(
                text, one.end, max(one.end, next_.start)
            ):
                break
            worth = _part(reader, one, reader.worth(one.law, one.article))
            if verbatim(words, worth.words):
                checked[before] = replace(checked[before], quote=last.quote, quote_status="verbatim")
                again = _checked(reader, text[: last.citation.end], last.citation, ())
                checked[place] = again
                break
    return checked
