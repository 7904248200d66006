"""The label that names a speaker at the head of a line: 听证员王某：, 【主持人】, [00:12:35] 说话人2, 听证员（王某）问：."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingestion.persons import COMPOUND, MASKED, name_at

UNKNOWN = "未识别"

_STAMP = r"(?:[\[［【（(]?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:[.,]\d{1,3})?[\]］】）)]?)"
_RANGE = rf"{_STAMP}(?:\s*(?:-->|[-—~～至])\s*{_STAMP})?"
_LEAD = re.compile(rf"[ \t　]*(?:{_RANGE}\s*)?(?:[（(]?\d{{1,3}}[）).．、]\s*)?[*#_ \t　]*(?=[^\s\d])")
_BODY = r"(?:[^：:。！？；，、“”\n\t（()【】\[\]*]|[（(][^）)\n]{0,30}[）)]){1,40}?"
_WITH_COLON = re.compile(rf"(?P<label>{_BODY})[ \t　*_]*(?:{_STAMP})?[ \t　*_]*[：:][ \t　*_]*")
_IN_BRACKETS = re.compile(r"[【\[［〔](?P<label>[^】\]］〕\n]{1,30})[】\]］〕][ \t　]*[：:]?[ \t　]*")
_IN_CELL = re.compile(r"(?P<label>[^\t\n：:。！？；，]{1,30})\t\s*")
_STAMPED = re.compile(rf"(?P<label>[^\n：:。！？；，、“”]{{1,20}}?)[ \t　]*{_RANGE}[ \t　]*[：:]?[ \t　]*$", re.MULTILINE)
_ALONE = re.compile(r"(?P<label>[^\n：:。！？；，、“”\t]{1,30})[ \t　*_]*$", re.MULTILINE)
_ONLY_A_STAMP = re.compile(rf"[ \t　]*{_RANGE}[ \t　]*")

_MACHINE = re.compile(r"(?:说话人|发言人|讲话人|[Ss]peaker|SPEAKER)[ _]*(?:\d+|[A-Z])")
_NOBODY = re.compile(r"有人|众人?|旁听(?:席|者|人员)?|某(?:人|听证员)|(?:一|某)[名位][一-龥]{2,5}|不明|未知|其他人|群众")
_BRACKETS = re.compile(r"[（(](?P<inner>[^（）()]*)[）)]$")
_MASKED = re.compile(r"[一-龥]某{1,2}(?:[甲乙丙丁戊己庚辛壬癸]|[1-9])?")
_LETTER = re.compile(r"[甲乙丙丁戊己庚辛壬癸]")
_COUNT = re.compile(r"[ （(]*\d{1,2}[）)号、.．]*[ 　]*")
_SPACED = re.compile(r"(?:[一-龥][ \t　]+){1,5}[一-龥]")
_COUNTED = re.compile(r"[ （(]*(?:\d{1,2}|[一二三四五六七]|[A-Za-z])[）)]?号?")
_POLITE = re.compile(r"[一-龥](?:师傅|老师|主任|经理|[局科处所站队会校院厂店]长|警官|医生|大夫|律师|书记|阿姨|大姐|大爷|大妈|女士|先生|老板|总|法官|检察官)")
_NICKNAME = re.compile(r"[老小][一-龥]")
_DEED = re.compile(r"(?:发言称|补充说|提问|追问|发问|回答|答复|发言|陈述|补充|介绍|总结|宣布|插话|说|问|答)$")
# behind a role and before a colon, two or three characters are a name unless they are one of these
_DEEDS = re.compile(r"[一-龥]*(?:提问|发言|意见|讨论|评议|陈述|说明|名单|回答|认为|情况|如下|介绍|补充|总结|宣布|问题|要求|诉求|请求|理由|签名|签字)")
_NO_NAME = re.compile(r"[的了是在有不说问答称讲道时后前里们我你他她它这那请就都也还又很没等让给叫]")
# a stretch with one of these speaks of somebody and names no speaker
_SPEAKS_OF = re.compile(r"[的了是我你他她它们这那说问没把让请]|^(?:另外|但|然后|以[上下]|[上下]述|全体|各位|各方|如果|因为|关于|根据|针对|至于|对于|同志|今天|本案|当时|现在)")
# words that begin like a surname and head a paragraph: 方案：, 时限：
_HEADWORDS = frozenset(
    "方案 方式 方法 时间 时限 原因 经过 经查 查明 明细 单价 安全 文件 项目 计划 权利 成果 关键 全文 公告 宗旨 步骤 解释 解决 方向 申请 申诉 "
    "应当 成效 后果 前提 条件 简介 车牌 房号 金额 平台 路线 项目名 党组 高见 水费 电费 明确 安排 管理 史料 时点 强调 单位 公司 时长 景区".split()
)


@dataclass(frozen=True)
class Label:
    """A speaker's label: its words as the record has them, what they say of role and name ("" where nothing),
    and where the words spoken begin.
    """

    text: str
    role: str
    name: str
    words: int


@dataclass(frozen=True)
class Parts:
    """What the words of a label say: a role, a name, or both."""

    role: str
    name: str


def label_at(text: str, start: int, end: int, roles: Sequence[str], known: Mapping[str, str]) -> Label | None:
    """The label with which the line `text[start:end]` begins; None where it has none.

    `roles` are role words, the longest first; `known` gives names of the attendance list with their roles.
    """
    line = text[start:end]
    if line.strip() and _ONLY_A_STAMP.fullmatch(line):  # a transcript's line above words of nobody known
        return Label(UNKNOWN, "", UNKNOWN, end)
    lead = _LEAD.match(text, start, end)
    at = lead.end() if lead else start
    stamped = _STAMPED.match(text, at, end)
    if stamped and (label := _stamped(stamped["label"].strip(" *_"), end, roles, known)):
        return label
    for pattern in (_IN_BRACKETS, _WITH_COLON, _IN_CELL):
        if (match := pattern.match(text, at, end)) and (label := _label(match, pattern is _WITH_COLON, roles, known)):
            return label
    return _alone(text, at, end, roles, known)


def parts_of(written: str, roles: Sequence[str], known: Mapping[str, str]) -> Parts | None:
    """Role and name in the words of a label; None where they are no label.

    >>> parts_of("听证员（王某）问", ("听证员",), {})
    Parts(role='听证员', name='王某')
    """
    written = unspaced(written.strip())
    dotted = re.fullmatch(r"(?P<role>[^·・]+)[·・](?P<name>[^·・]+)", written)
    if dotted and dotted["role"] in roles:
        written = f"{dotted['role']} {dotted['name']}"
    if _MACHINE.fullmatch(written):
        return Parts("", written)
    if written in ("问", "答"):
        return Parts(written, UNKNOWN)
    if _NOBODY.fullmatch(written):
        return Parts("", UNKNOWN)
    if written in known:
        return Parts(known[written], written)
    found = _by_role(written, roles, known) or _by_known_name(written, roles, known) or _sent(written, roles, known)
    if found is None and (deed := _DEED.search(written)) and deed.start():
        bare = written[: deed.start()].rstrip()
        listed = bare in known or bare in roles or bare in known.values()
        sure = listed or _by_known_name(bare, roles, known)
        inside = _by_role(bare, roles, known)
        if sure or (inside is not None and (inside.name or inside.role in roles)):
            found = parts_of(bare, roles, known)
    return found


def unspaced(written: str) -> str:
    """A label without the blanks that spread it over a column: 主 持 人."""
    return re.sub(r"\s", "", written) if _SPACED.fullmatch(written) else written


def is_name(word: str, known: Mapping[str, str]) -> bool:
    """Whether a word is a person's name: of the list, hidden already (王某甲), a letter (甲), or by its form."""
    if word in known or _MASKED.fullmatch(word) or _LETTER.fullmatch(word):
        return True
    return 2 <= len(word) <= 12 and name_at(word, 0) == len(word)


def _surnamed(rest: str) -> bool:
    """Whether two or three characters begin with a surname and are no deed (常有福 behind 听证员)."""
    return bool(re.fullmatch(r"[一-龥]{2,3}", rest) and MASKED.fullmatch(f"{rest[0]}某") and not _DEEDS.fullmatch(rest)) and rest not in _HEADWORDS


def surname_before(label: str, role: str) -> str:
    """王 of 王听证员: the surname that stands before a role or a part of it; "" where none does."""
    for size in (2, 1):
        surname, rest = label[:size], label[size:]
        if (surname in COMPOUND if size == 2 else MASKED.fullmatch(f"{surname}某")) and rest and (rest in role or role in rest):
            return surname
    return ""


def _label(match: re.Match[str], colon: bool, roles: Sequence[str], known: Mapping[str, str]) -> Label | None:
    written = match["label"].strip(" \t　*_#")
    if parts := parts_of(written, roles, known):
        return Label(written, parts.role, parts.name, match.end())
    if colon and _unlisted_name(written, known):
        return Label(written, "", written, match.end())
    return None


def _stamped(written: str, end: int, roles: Sequence[str], known: Mapping[str, str]) -> Label | None:
    """A line of a name and a time alone, as transcribing programs write it."""
    if parts := parts_of(written, roles, known):
        return Label(written, parts.role, parts.name, end)
    if re.search(r"\d|时间|开始|结束|休会|复会|[年月日]", written):
        return None
    return Label(written, "", written, end)


def _unlisted_name(written: str, known: Mapping[str, str]) -> bool:
    if _POLITE.fullmatch(written):
        return True
    if _NICKNAME.fullmatch(written) or _MASKED.fullmatch(written):
        return True
    return 2 <= len(written) <= 4 and written not in _HEADWORDS and not _DEEDS.fullmatch(written) and is_name(written, known)


def _alone(text: str, at: int, end: int, roles: Sequence[str], known: Mapping[str, str]) -> Label | None:
    """A label on its own line without a colon: only one that is sure, above words that end as sentences do."""
    match = _ALONE.match(text, at, end)
    if match is None:
        return None
    written = match["label"].strip(" *_")
    parts = parts_of(written, roles, known)
    sure = parts is not None and (
        parts.name in known or parts.role in (*roles, *known.values()) or bool(_MACHINE.fullmatch(written))
    )
    below = text[end + 1 :].split("\n", 1)[0]
    if parts is None or not sure or not re.search(r"[。！？!?…][”’』」》）]*\s*$", below):
        return None
    return Label(written, parts.role, parts.name, end)


def _by_role(label: str, roles: Sequence[str], known: Mapping[str, str]) -> Parts | None:
    """A label that has a role word: 听证员王某, 主持人（副检察长 钱立）, 申请人代理人 周航, 文旅代表, 听证员2."""
    written, inner, posts = label, "", [""]
    if brackets := _BRACKETS.search(label):
        posts = re.split(r"[\s，,、：:]", brackets["inner"].strip())
        inner, label = posts[-1], label[: brackets.start()].strip()
        if is_name(label, known) and any(inner.endswith(word) for word in roles):
            return Parts(inner, label)  # 王建新（区人大代表、听证员）
    if _speaks_of(label, roles, known):
        return None
    for at in range(len(label), 0, -1):
        role, rest = label[:at].strip(), label[at:].strip()
        if not any(role.endswith(word) for word in roles):
            continue
        if not rest:
            named = is_name(inner, known) or (len(posts) > 1 and bool(re.fullmatch(r"[一-龥]{2,3}", inner)) and inner not in roles)
            return _titled(role, inner if named else "", roles)
        if is_name(rest, known) or (role in roles and _surnamed(rest)) or (re.fullmatch(r"[一-龥]{2,3}", rest) and not _DEEDS.fullmatch(rest) and not _NO_NAME.search(rest)):
            return Parts(role, rest)
        if _COUNTED.fullmatch(rest):
            return Parts(role, written)
        if (count := _COUNT.match(rest)) and is_name(rest[count.end() :], known):
            return Parts(role, rest[count.end() :])  # 听证员1卞红梅
    return None


def _sent(label: str, roles: Sequence[str], known: Mapping[str, str]) -> Parts | None:
    """Whom an office sent, in brackets: 解放街道办（伍春燕）, if the list has the name."""
    brackets = _BRACKETS.search(label)
    if brackets is None or (name := brackets["inner"].strip()) not in known:
        return None
    office = label[: brackets.start()].strip()
    return None if not office or _speaks_of(office, roles, known) else Parts(known[name] or office, name)


def _titled(role: str, name: str, roles: Sequence[str]) -> Parts:
    """A role; with a surname in front (王听证员) the role apart, and the label as it is for the name."""
    for word in roles:
        if role.endswith(word) and len(role) > len(word) and surname_before(role, word) == role[: -len(word)]:
            return Parts(word, name or role)
    return Parts(role, name)


def _speaks_of(label: str, roles: Sequence[str], known: Mapping[str, str]) -> bool:
    """Whether a stretch speaks of somebody (本案的当事人) rather than naming a speaker (被害人的母亲)."""
    rest = label
    for word in roles:
        rest = rest.replace(word, "")
    return rest not in ("的", "之") and rest.removesuffix("的") not in known and bool(_SPEAKS_OF.search(rest))


def _by_known_name(label: str, roles: Sequence[str], known: Mapping[str, str]) -> Parts | None:
    """A label with a name of the list at one end: 区人大代表宋佩琴, 宋佩琴听证员, 宋佩琴（区人大代表）."""
    for name in sorted(known, key=len, reverse=True):
        if label.endswith(name) and (label[: -len(name)] == known[name] or not _SPEAKS_OF.search(label[: -len(name)])):
            return Parts(known[name], name)
        rest = label[len(name) :].strip()
        if label.startswith(name) and (rest in roles or re.fullmatch(r"[（(][^（）()]*[）)]", rest)):
            return Parts(known[name], name)
    return None
