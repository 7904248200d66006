"""Earlier suggestion letters as precedents: found by meaning, with problem, measures and reply; and what is like a paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from types import MappingProxyType

from assistant.traces import issues_in
from indexes.catalogue import Catalogue
from indexes.hit import Hit
from ingestion.document import Document
from ingestion.judgment import part_of
from ingestion.letter import ADVICE, PROBLEMS, letter_parts
from prompts import Cues, IssueType

LETTER, REPLY = "检察建议书", "回复函"
DEPTH = 60  # passages among which letters are sought
LONGEST_PROBLEM, LONGEST_REPLY = 160, 240  # characters of a card's problem and reply; all of it is a click away
FACETS = ("问题类型", "领域", "被建议单位类型", "地区", "层级", "年份", "采纳", "整改")
NONE_YET = "未见回复"

_YEAR = re.compile(r"(?:19|20)\d{2}")
_ITEM = re.compile(r"(?:^|(?<=[\n。；：]))[ 　]*(?:\d{1,2}[.．、]|[（(]?[一二三四五六七八九十]{1,2}[）)、])[ 　]*")
_HEADING = re.compile(r"^[ 　]*(?:[一二三四五六七八九十]{1,2}、)?(?:检察|整改|具体|对策|工作)?建议(?:内容|如下)?[ 　]*\n")
_PROBLEMS = re.compile(r"\s*[一二三四五六七八九十]{0,2}、?[^。，；\n]{0,14}问题[^。，；\n]{0,6}\n")
_REFUSED = re.compile(r"(?:不予|未予|不能|难以|不)采纳|不同意[^。]{0,12}建议|对[^。，]{0,16}建议[^。，]{0,12}异议")
_ACCEPTED = re.compile(r"采纳|高度重视|整改|落实情况|已(?:经)?(?:完成|落实|建立|开展)")
_DONE = re.compile(r"已(?:全部|经)?(?:完成|整改|落实|纠正|退回|撤销|建立)|整改到位|全部(?:整改|完成|落实)|责令|处罚|印发|修订|培训")
_OPEN = re.compile(r"尚未|暂未|尚不|困难|正在|未能|分期|仍在")
_LEVELS = (("最高人民检察院", "最高"), ("省", "省级"), ("自治区", "省级"), ("区", "区县级"), ("县", "区县级"), ("旗", "区县级"), ("市", "市级"), ("州", "市级"))


@dataclass(frozen=True)
class Reply:
    """The reply to a letter; `text[start:end]` of it is `quote`."""

    document_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Letter:
    """A suggestion letter as a precedent; `text[start:end]` is its `problem`. `facets` has a value for each of FACETS
    that is known of it.
    """

    document_id: str
    title: str
    number: str
    addressee: str
    day: str
    problem: str
    start: int
    end: int
    measures: tuple[str, ...]
    reply: Reply | None
    facets: Mapping[str, str]


@dataclass(frozen=True)
class FoundLetter:
    """A letter with the best passage that was found of it or of its reply, and the score of that."""

    letter: Letter
    hit: Hit
    score: float


@dataclass(frozen=True)
class FoundLetters:
    """Letters, best first, and for each facet how many of all that were found have each value."""

    hits: tuple[FoundLetter, ...]
    facets: Mapping[str, Mapping[str, int]]


Search = Callable[[str, int], Sequence[Hit]]  # over suggestion letters and replies


@dataclass
class Letters:
    """The letters of a home, each read once in the life of the process; what was removed is let go of."""

    catalogue: Catalogue
    types: Sequence[IssueType]
    cues: Cues
    _letters: dict[str, Letter] = field(default_factory=dict)
    _replies: dict[str, tuple[str, Reply]] = field(default_factory=dict)  # by document: the letter's number, the reply
    _others: set[str] = field(default_factory=set)
    _reading: Lock = field(default_factory=Lock)

    def all(self) -> list[Letter]:
        """All letters, each with its reply if that was added, too."""
        here = {entry.id for entry in self.catalogue.entries(kind="suggestion")}
        with self._reading:  # one thread reads what is new, the others wait for it
            for document_id in here - set(self._letters) - set(self._replies) - self._others:
                self._read(document_id)
            replies = dict(reply for one, reply in self._replies.items() if one in here)
            letters = [one for key, one in self._letters.items() if key in here]
        return [_answered(one, replies.get(one.number) if one.number else None) for one in letters]

    def _read(self, document_id: str) -> None:
        document = self.catalogue.document(document_id)
        if document is None:
            return
        if document.subtype == REPLY:
            self._replies[document_id] = (_field(document, "检察建议文号"), _reply(document))
        elif LETTER in document.subtype:
            self._letters[document_id] = self._letter(document)
        else:
            self._others.add(document_id)

    def _letter(self, document: Document) -> Letter:
        text, cut = document.text, letter_parts(document.text)
        problem, advice = part_of(cut, PROBLEMS), part_of(cut, ADVICE)
        start, end = (problem.start, problem.end) if problem else (0, len(text))
        if problem and (heading := _PROBLEMS.match(text, start, end)):
            start = heading.end()
        quote = _opening(text[start:end], LONGEST_PROBLEM)
        at = text.index(quote, start)
        return Letter(
            document.id,
            document.title,
            _field(document, "文号"),
            _field(document, "被建议单位"),
            _field(document, "日期"),
            quote,
            at,
            at + len(quote),
            tuple(measures(text[advice.start : advice.end])) if advice else (),
            None,
            MappingProxyType(self._facets(document)),
        )

    def _facets(self, document: Document) -> dict[str, str]:
        issuer = _field(document, "检察院").removesuffix("人民检察院")
        # letters are no evidence of issues in a case; read for themselves they are
        issues = issues_in([replace(document, kind="case")], self.types, self.cues, None)
        type_ = issues[0].type if issues else None
        unit = _unit_kind(_field(document, "被建议单位"), type_, self.types)
        year = _YEAR.search(_field(document, "日期") or _field(document, "文号"))
        known = {
            "问题类型": type_.name if type_ else "",
            "领域": type_.field if type_ else "",
            "被建议单位类型": unit,
            "地区": issuer,
            "层级": next((level for sign, level in _LEVELS if (issuer or _field(document, "检察院")).endswith(sign)), ""),
            "年份": year[0] if year else "",
        }
        return {name: value for name, value in known.items() if value}


def find_letters(
    query: str, letters: Iterable[Letter], search: Search, k: int, where: Mapping[str, str] | None = None
) -> FoundLetters:
    """Letters that a query finds by their own words or by those of their replies; `where` narrows to facet values."""
    known = list(letters)
    of_reply = {one.reply.document_id: one for one in known if one.reply is not None}
    own = {one.document_id: one for one in known}
    best: dict[str, FoundLetter] = {}
    for hit in search(query, DEPTH):
        letter = own.get(hit.passage.document_id) or of_reply.get(hit.passage.document_id)
        if letter is None or any(letter.facets.get(name) != value for name, value in (where or {}).items()):
            continue
        best.setdefault(letter.document_id, FoundLetter(letter, hit, hit.score))
    found = list(best.values())
    facets = {name: dict(Counter(one.letter.facets.get(name, "") for one in found)) for name in FACETS}
    shown = {name: {value: count for value, count in counts.items() if value} for name, counts in facets.items()}
    return FoundLetters(tuple(found[:k]), shown)


def measures(advice: str) -> list[str]:
    """The measures that the advice of a letter lists, one each; the advice whole where it has no list."""
    advice = _HEADING.sub("", advice, count=1)
    places = list(_ITEM.finditer(advice))
    if not places:
        return [" ".join(advice.split())] if advice.strip() else []
    ends = [*(one.start() for one in places[1:]), len(advice)]
    return [" ".join(advice[one.end() : end].split()) for one, end in zip(places, ends, strict=True)]


def _answered(letter: Letter, reply: Reply | None) -> Letter:
    if reply is None:
        return replace(letter, facets={**letter.facets, "采纳": NONE_YET, "整改": NONE_YET})
    words = reply.quote
    accepted = "回复称未采纳" if _REFUSED.search(words) else "回复称采纳" if _ACCEPTED.search(words) else "已回复"
    done = bool(_DONE.search(words))
    state = "回复称部分整改" if done and _OPEN.search(words) else "回复称已整改" if done else "回复未说明"
    short = _opening(words, LONGEST_REPLY)
    shown = replace(reply, quote=short, end=reply.start + len(short))
    return replace(letter, reply=shown, facets={**letter.facets, "采纳": accepted, "整改": state})


def _reply(document: Document) -> Reply:
    """The body of a reply, from behind its addressee."""
    text = document.text
    to = _field(document, "主送单位")
    start = text.find(to) + len(to) if to and to in text else 0
    while start < len(text) and text[start] in "：:\n 　":
        start += 1
    return Reply(document.id, start, len(text), text[start:])


def _opening(text: str, most: int) -> str:
    """The beginning of a text, verbatim, to the end of a sentence where that is near; without what is blank around it."""
    text = text.strip()
    if len(text) <= most:
        return text
    end = max(text.rfind(sign, 0, most) for sign in "。；\n")
    return text[: end + 1 if end > most // 2 else most].rstrip()


def _unit_kind(addressee: str, type_: IssueType | None, types: Iterable[IssueType]) -> str:
    """The kind of unit of an addressee: as its issue type calls it, else as most types do."""
    if not addressee:
        return ""
    if type_ is not None and (unit := type_.unit_named(addressee)) is not None:
        return unit.kind
    kinds = Counter(unit.kind for one in types if (unit := one.unit_named(addressee)) is not None)
    return kinds.most_common(1)[0][0] if kinds else "其他单位"


def _field(document: Document, name: str) -> str:
    return next((one.value for one in document.fields if one.name == name), "")
