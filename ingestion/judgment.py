"""The parts of a judgment (and of its kin), found by their opening formulas whether or not lines survived."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ingestion.dates import DATE
from ingestion.head import squeezed

CASE_NUMBER = re.compile(
    r"[（(〔\[［﹝【]\s*(?:19|20|１９|２０)[\d０-９]{2}\s*[）)〕\]］﹞】]\s*"
    r"[一-龥]{1,8}[\d０-９]{0,5}[一-龥]{0,10}(?:字)?(?:第)?\s*[\d０-９]{1,6}(?:[-－之][\d０-９]{1,3})?\s*号"
)
COURT_PAPER = re.compile(
    r"(?P<court>(?:(?!书)[一-龥]){2,26}人民法院|(?:(?!书)[一-龥]){2,8}(?:海事|铁路运输|知识产权|互联网|金融|军事)(?:中级)?法院)[\s#*]*"
    r"(?P<paper>(?:刑\s*事|民\s*事|行\s*政|执\s*行|国家赔偿)\s*(?:附\s*带\s*民\s*事\s*)?"
    r"(?:判\s*决\s*书|裁\s*定\s*书|调\s*解\s*书|决\s*定\s*书|抗诉书))"
)
# what a scanner or a register put before the name of a court
_BEFORE_COURT = re.compile(
    r".*(?:创建|注意保[存管密]|公开|页|附卷|公报|文书|文件)(?=[一-龥]{2,4}(?:省|市|区|县|州|自治))"
)
_HEAD = 900
_ENDS = "。；：！？”）】\n\r\t 　"
_OPENINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "审理经过",
        re.compile(
            r"检察院(?:于[^。，]{4,14})?以[^。，]{2,40}(?:号|起诉书|起诉决定)|公诉机关以[^。，]{2,40}起诉书"
            r"|人民法院审理[^。]{4,200}?一案|[^。，；：\s]{1,60}一案，"
        ),
    ),
    (
        "指控",
        re.compile(
            r"(?:检察院|公诉机关)(?:(?:的)?起诉书?|当庭)?指控[：:，,\s被]|起诉书?指控[：:，,]|(?:诉称|诉讼请求)[：:，,]"
        ),
    ),
    ("原审认定", re.compile(r"(?:原判|原审|一审)(?:法院|判决|法院判决)?(?:审理|经审理)?(?:认定|查明|认为)")),
    (
        "辩称",
        re.compile(
            r"(?:被告人?|上诉人|辩护人|被上诉人|被申请人)[^。，；：]{0,40}?"
            r"(?:辩称|(?<!供述[与和及])辩解|答辩|上诉称|上诉提出|上诉理由|对(?:公诉机关|起诉书?)?指控|的辩护意见|辩护意见|提出)"
            r"|庭审中，被告人"
        ),
    ),
    ("审理查明", re.compile(r"(?:审理|审查|本院|再审|二审)(?:并)?查明|经查明|查明[：:]|另查明|另查，")),
    (
        "证据",
        re.compile(
            r"(?:上述|以上|上列|前述|认定上述)(?:的)?(?:指控|犯罪|案件)?(?:的)?(?:事实|证据)|为(?:证明|证实)[^。，]{0,20}(?:指控|事实)"
            r"|(?:原判)?认定上述事实"
        ),
    ),
    ("本院认为", re.compile(r"本院(?:经审查|经审理|二审)?认为")),
)
_RULING = re.compile(r"(?:判\s*决|裁\s*定|决\s*定)如下\s*[：:]?")
_BASIS = re.compile(r"(?:依照|根据|依据|按照)[^。，；]{0,12}《")
_APPEAL = re.compile(r"如不服(?:从)?本|本(?:判决|裁定)为终审|本(?:判决|裁定)(?:送达|自)")
_SIGNED = re.compile(r"审\s*判\s*长|(?:代\s*理\s*)?审\s*判\s*员|检\s*察\s*(?:员|官)|此\s*致")
_ANNEX = re.compile(
    r"[（(［\[【]?附(?:件|录|页)?[：:]?\s*(?:本|相关|有关|适用|判决|法律|所|：|《|[一二三]、)|《中华人民共和国|本案(?:所)?(?:适用|引用|依据)的"
)
_PARTY = re.compile(
    r"(?:原\s*)?公诉机关|抗诉机关|被\s*告\s*(?:人|单位)|上诉人|原\s*告|申请(?:再审)?人|再审申请人|赔偿请求人"
    r"|被不起诉人|罪\s*犯|附带民事诉讼原告人"
)


@dataclass(frozen=True)
class Part:
    """One part of a judgment: `text[start:end]`; parts follow each other without gap from 0 to the end."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class CourtHead:
    """Court, name of the paper and case number of a judgment's head; spans of the text, white space inside kept."""

    court: tuple[int, int]
    paper: str
    number: tuple[int, int]


def court_head(text: str) -> CourtHead | None:
    """The head of a court's paper, where court, paper and number follow each other; None where they do not.

    White space between and within them (lines that were lost, titles that were spaced out) does not matter.
    """
    head = squeezed(text, 0, _HEAD)
    for paper in COURT_PAPER.finditer(head.text):
        at = paper.end()
        while head.text.startswith(("#", "*"), at):
            at += 1
        if number := CASE_NUMBER.match(head.text, at):
            start = paper.start("court")
            if before := _BEFORE_COURT.match(paper["court"]):
                start += before.end()
            return CourtHead(head.span(start, paper.end("court")), paper["paper"], head.span(*number.span()))
    return None


def parts(text: str) -> tuple[Part, ...]:
    """Cut a judgment, ruling, indictment or decision into its parts.

    Names: 首部, 当事人, 审理经过, 指控, 原审认定, 辩称, 审理查明, 证据, 本院认为, 裁判依据, 判决结果, 权利告知,
    落款, 附录. A part may come more than once (several counts). The union is the whole text; of a text
    that has no such formulas one part 正文 is left.
    """
    if not text:
        return ()
    marks = sorted(_tail_marks(text))
    limit = marks[0][0] if marks else len(text)
    head = _head_marks(text, limit)
    begin = head[-1][0] if head else 0
    marks = [*head, *_body_marks(text, begin, limit), *marks]
    return _partition(text, marks) if marks else (Part("正文", 0, len(text)),)


def part_of(found: tuple[Part, ...], name: str) -> Part | None:
    """The first part of that name, or None."""
    return next((part for part in found if part.name == name), None)


def foot_date(text: str, found: tuple[Part, ...]) -> tuple[int, int] | None:
    """The span of the date under the judges' names, None where the foot is missing.

    The first signed date counts: published files sometimes carry a second, stray copy of the paper behind it.
    """
    for part in found:
        if part.name == "落款" and (match := DATE.search(text, part.start, part.end)):
            return match.span()
    return None


def _head_marks(text: str, limit: int) -> list[tuple[int, str]]:
    marks = [(0, "首部")]
    number = CASE_NUMBER.search(text, 0, min(len(text), 600))
    start = number.end() if number else 0
    party = _PARTY.search(text, start, min(limit, start + 300))
    if party and not text[start : party.start()].strip(" 　\n\r\t：:"):
        marks.append((party.start(), "当事人"))
    elif number:
        marks.append((_skip_blank(text, number.end()), "审理经过"))
    elif party and party.start() < 120:
        marks.append((party.start(), "当事人"))
    return marks if marks[-1][0] < limit else marks[:1]


def _skip_blank(text: str, at: int) -> int:
    while at < len(text) and text[at] in " 　\n\r\t：:":
        at += 1
    return at


def _body_marks(text: str, begin: int, limit: int) -> list[tuple[int, str]]:
    marks: dict[int, str] = {}
    for name, opening in _OPENINGS:
        for match in opening.finditer(text, begin + 1, limit):
            start = _sentence_start(text, match.start(), begin + 1)
            if start is not None:
                marks.setdefault(start, name)
    return _whole_reasoning(sorted(marks.items()))


def _whole_reasoning(marks: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Drop charges and defences that the court only takes up within its reasoning (本院认为)."""
    kept: list[tuple[int, str]] = []
    reasoning = False
    for start, name in marks:
        if reasoning and name in ("指控", "辩称"):
            continue
        reasoning = name == "本院认为"
        kept.append((start, name))
    return kept


def _sentence_start(text: str, at: int, floor: int) -> int | None:
    """Where the sentence that holds `at` opens, if the formula stands at its beginning (within 40 characters)."""
    for index in range(at, max(floor, at - 40) - 1, -1):
        if text[index - 1] in _ENDS or text.startswith("审理终结", index - 4):
            return index
        if text[index - 1] in "，、" and index != at:
            return None
    return None


def _tail_marks(text: str) -> list[tuple[int, str]]:
    ruling = _final_ruling(text)
    if ruling is None:
        return []
    marks = [(ruling.end(), "判决结果")] if ruling.end() < len(text) else []
    sentence = max(text.rfind(end, 0, ruling.start()) for end in "。；") + 1
    if basis := _BASIS.search(text, sentence, ruling.start()):
        marks.append((basis.start(), "裁判依据"))
    if appeal := _APPEAL.search(text, ruling.end()):
        marks.append((appeal.start(), "权利告知"))
    signed = _SIGNED.search(text, appeal.start() if appeal else ruling.end())
    if signed and signed.start() > ruling.end():
        marks.append((signed.start(), "落款"))
        if annex := _ANNEX.search(text, signed.end()):
            marks.append((annex.start(), "附录"))
    return marks


def _final_ruling(text: str) -> re.Match[str] | None:
    """The ruling formula that a signature follows; a judgment on appeal also quotes the earlier one."""
    found = list(_RULING.finditer(text))
    appeals = [match.start() for match in _APPEAL.finditer(text)]
    if not appeals:
        return found[-1] if found else None
    before = bisect_right([match.start() for match in found], appeals[0])
    return found[before - 1] if before else None


def _partition(text: str, marks: list[tuple[int, str]]) -> tuple[Part, ...]:
    merged: list[tuple[int, str]] = []
    for start, name in marks:
        if not merged or merged[-1][1] != name:
            merged.append((start, name))
    ends = [start for start, _ in merged[1:]] + [len(text)]
    return tuple(
        Part(name, start, end) for (start, name), end in zip(merged, ends, strict=True) if end > start
    )
