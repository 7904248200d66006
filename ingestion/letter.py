"""The contents of a suggestion letter (检察建议工作规定 16), found by their headings or by how their sentences open."""

from __future__ import annotations

import re

from ingestion.dates import DATE
from ingestion.judgment import Part

SOURCE, FACTS, PROBLEMS, ADVICE = "案件来源", "事实证据", "存在问题", "建议内容"
OBJECTION, REPLY, OTHER = "异议期限", "回复期限", "其他"
CONTENTS = (SOURCE, FACTS, PROBLEMS, ADVICE, OBJECTION, REPLY, OTHER)

_HEAD = 900
_NUMBER = r"[ 　]*(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)、.．])?[ 　]*"
_ADDRESSEE = re.compile(r"(?:^|\n|号[ 　])[ 　]*[^：:，。；\n ]{3,40}[：:]")
_NUMBERED = re.compile(r"\d{1,6}\s?号")
_NOT_ITEM = r"(?![（(]?(?:\d|[一二三四五六七八九十])[\d一二三四五六七八九十]?[.．、）)])"
# Where each content opens: a heading of its own, or a sentence that only it has.
_HEADINGS = (
    (
        FACTS,
        r"(?:基本|案件|有关)?(?:事实|案情)(?:和|与|及)?(?:证据)?|(?:调查)?(?:核实|查明)(?:的)?(?:情况|事实)|案件基本情况",
    ),
    (
        PROBLEMS,
        r"(?:发现|存在|反映|暴露)[^。，；：\n]{0,14}(?:问题|隐患|漏洞|违法情形)|(?:主要|存在)?问题|违法情形|案件反映的问题",
    ),
    (ADVICE, r"(?:检察|整改|具体|对策|改进|工作)?建议(?:内容|如下)?|建议(?:事项|内容)"),
)
_SENTENCES = (
    (
        SOURCE,
        r"(?:[12]\d{3}年[^，。]{0,20}，)?(?:本院|我院)[^。]{0,60}?(?:发现|了解|履职|受理|办理|审查)|[^。；]{2,60}一案，",
    ),
    (
        FACTS,
        r"(?:现)?(?:经|据)?(?:依法)?(?:本院)?(?:调查|审查|走访|核实|查证)[^。，：]{0,16}(?:查明|发现|核实|查实)?[，：:]|(?:现|经)查明",
    ),
    (PROBLEMS, r"本院(?:经审查)?认为|(?:该案|本案|案件|上述)[^。]{0,30}(?:反映|暴露|不符合|违反|说明)"),
    (
        ADVICE,
        r"(?:为[^。]{2,60}，)?(?:根据|依照|依据)[^。]{2,100}(?:提出|建议)|(?:现|特)[^。，]{0,10}建议|(?:建议|要求)你|为此[，]?[^。]{0,10}建议",
    ),
    (OBJECTION, _NOT_ITEM + r"[^。；：\n]{0,40}(?:不同意见|异议)[^。；：\n]{0,50}(?:日|提出|期限)"),
    (
        REPLY,
        _NOT_ITEM
        + r"(?:[^。；：\n]{0,60}(?:日|月|期限)[内前][^。；：\n]{0,50}(?:回复|答复|反馈|函告|告知本院|复函)|[^。；：\n]{0,40}(?:回复|反馈)[^。；：\n]{0,20}(?:期限|[日月]内))",
    ),
    (OTHER, r"逾期[^。]{2,60}|联系人|(?:附件|附)[：:]|抄送"),
)
_LINE = tuple(
    (name, re.compile(rf"{_NUMBER}(?:{pattern})[ 　]*：?(?:[ 　]*(?:\n|$)|[ 　](?=\S))"))
    for name, pattern in _HEADINGS
)
_OPENS = tuple((name, re.compile(pattern)) for name, pattern in _SENTENCES)
_RANK = {
    name: min(CONTENTS.index(name), CONTENTS.index(OBJECTION)) for name in CONTENTS
}  # the last three in any order
_WIDE = str.maketrans(",:;()", "，：；（）")  # a scan gives narrow marks; each stays one character
_START = re.compile(r"(?:(?<=[。；：！？])|(?<=[\n 　])|^)(?=[^\s。；])")
_SIGNED = re.compile(r"[一-龥]{2,24}人民检察院[ 　]*(?:（.{1,6}）)?\s*(?=" + DATE.pattern + r")")


def letter_parts(text: str) -> tuple[Part, ...]:
    """Cut a suggestion letter into 首部, its seven contents (`CONTENTS`) and 落款, as far as it has them.

    The parts follow each other without gap from 0 to the end. A content is looked for behind those that come
    before it; advice that returns to problems stays advice. A letter without these forms is one part 正文.
    """
    if not text:
        return ()
    text = text.translate(_WIDE)
    begin, end = _body(text)
    marks = [(0, "首部")] if begin else []
    marks += _marks(text, begin, end)
    if end < len(text):
        marks.append((end, "落款"))
    if len(marks) < 2:
        return (Part("正文", 0, len(text)),)
    starts = [start for start, _ in marks]
    ends = [*starts[1:], len(text)]
    if starts[0]:
        marks, starts, ends = [(0, "首部"), *marks], [0, *starts], [starts[0], *ends]
    return tuple(
        Part(name, start, stop) for (start, name), stop in zip(marks, ends, strict=True) if stop > start
    )


def _body(text: str) -> tuple[int, int]:
    """Where the words behind the addressee begin and where the signature stands."""
    to = next((match for match in _ADDRESSEE.finditer(text, 0, _HEAD) if "院" not in match[0][-3:]), None)
    number = _NUMBERED.search(text, 0, _HEAD)
    begin = to.end() if to else number.end() if number else 0
    signed = list(_SIGNED.finditer(text, begin))
    return begin, signed[-1].start() if signed else len(text)


def _marks(text: str, begin: int, end: int) -> list[tuple[int, str]]:
    """Where contents open, in the order in which a letter has them; the same content twice in a row is one."""
    places = [match.start() for match in _START.finditer(text, begin, end)]
    headed = {at: name for at in places for name, pattern in _LINE if pattern.match(text, at, end)}
    found: list[tuple[int, str]] = []
    for at in places:
        before = _RANK[found[-1][1]] if found else -1
        name = headed.get(at) or _sentence(text, at, end, before, set(headed.values()))
        if name and (not found or name != found[-1][1]) and _RANK[name] >= before:
            found.append((at, name))
    return found


def _sentence(text: str, at: int, end: int, before: int, headed: set[str]) -> str | None:
    """The content that a sentence opens: one behind that before, and none that has a heading of its own."""
    for name, pattern in _OPENS:
        if _RANK[name] >= before and name not in headed and pattern.match(text, at, end):
            return name
    return None
