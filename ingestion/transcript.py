"""Speaker turns of a hearing record: who is named at its head, and who says what, as spans of its text.

A speaker is the name where the label or the attendance list gives exactly one, else the label as the record
has it; words without a label that says whose they are belong to 未识别. Nobody's words are guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingestion.persons import name_at

UNKNOWN = "未识别"
LEADING = ("主持人", "承办检察官", "承办人", "检察官助理", "书记员", "记录人", "听证员")  # roles that stay before a post

_TIME = r"(?:[\[【（(]?\d{1,2}:\d{2}(?::\d{2})?[\]】）)]?\s*)?"
_LINE = re.compile(rf"[ \t　]*{_TIME}(?P<label>(?:[^：:。！？；，、“”\n（(]|[（(][^）)\n]{{0,30}}[）)]){{1,40}}?)[：:][ \t　]*(?P<words>[^\n]*)")
_NUMBERED = re.compile(r"(?:说话人|发言人|[Ss]peaker)\s*[\dA-Z]+")
_ALONE = re.compile(rf"[ \t　]*{_TIME}(?P<label>(?:说话人|发言人|[Ss]peaker)\s*[\dA-Z]+)?[ \t　]*")
_QUESTION = re.compile(r"[问答]")
_BRACKETS = re.compile(r"[（(](?P<inner>[^（）()]*)[）)]$")
_MASKED = re.compile(r"[一-龥]某{1,2}(?:[甲乙丙丁戊己庚辛壬癸]|[1-9])?")
_LETTER = re.compile(r"[甲乙丙丁戊己庚辛壬癸]")
_DIRECTION = re.compile(r"[（(【][^\n]*[）)】]\s*")
_HEADING = re.compile(r"(?:[（(]?[一二三四五六七八九十]+[）)、．.]|第[一二三四五六七八九十]+[部阶环]|【)[^。！？\n]{1,30}")
_INTERJECTION = re.compile(r"(?:——|[（(](?=[^）)\n]{0,16}(?:插话|喊|有人|插嘴)))[^\n]*")
_STAMPED = re.compile(r"[ \t　]*[\[【（(]?\d{1,2}:\d{2}(?::\d{2})?[\]】）)]?[ \t　]*(?=\S)")
_ANNOUNCES = re.compile(
    r"听证员(?P<asker>[一-龥]{2,3}?)(?:向(?P<whom>[一-龥]{2,12}?))?提问(?:[，,]由(?P<by>[一-龥]{2,10}?)回答)?"
)
# behind a role and before a colon, two or three characters are a name unless they are one of these
_DEEDS = re.compile(r"[一-龥]*(?:提问|发言|意见|讨论|评议|陈述|说明|名单|回答|认为|情况|如下|介绍|补充|总结|宣布|问题)")
_REPLY = re.compile(r"[我不没是对有好]")
_INSIDE = re.compile(r"(?:——)?[（(][^）)\n]*[）)]\s*")
_SIGNED = re.compile(r"[【（(]?(?:以下[为是])?(?:签名|签字|签章)|[^：:\n]{0,8}笔录[^：:\n]{0,40}(?:无误|一致|相符|属实)")


@dataclass(frozen=True)
class Participant:
    """A person in the attendance list, and as what."""

    name: str
    role: str


@dataclass(frozen=True)
class Turn:
    """Words of one speaker: `text[start:end]`, without the label; `label_start` is where the line begins."""

    speaker: str
    role: str
    start: int
    end: int
    label_start: int


@dataclass(frozen=True)
class Aside:
    """A heading or a stage direction: a line that nobody speaks."""

    start: int
    end: int


@dataclass(frozen=True)
class Transcript:
    """A record read: who took part, who said what, what stands between, whose labels the list does not have."""

    participants: tuple[Participant, ...]
    turns: tuple[Turn, ...]
    asides: tuple[Aside, ...]
    unlisted: tuple[str, ...]


@dataclass(frozen=True)
class _Label:
    role: str
    name: str


def read_transcript(text: str, roles: Sequence[str]) -> Transcript:
    """The turns of a record; `roles` are the words for roles, the longest first."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    first = next((number for number, span in enumerate(lines) if _speaks(text, span, roles)), len(lines))
    participants = tuple(_roster(text, lines[:first], roles))
    turns: list[Turn] = []
    asides: list[Aside] = []
    for start, end in lines[first:]:
        line = text[start:end]
        if _SIGNED.match(line.strip()) or _signature(line, roles, participants):
            break
        label = _label(line, roles, participants)
        if label is not None:
            turns.append(_turn(text, start, end, label, participants))
        elif _INTERJECTION.match(line.strip()):
            turns.append(_aside_turn(text, start, end))
        elif _aside(line, turns):
            asides.append(Aside(start, end))
        elif turns and _another_speaks(text, turns[-1], line):
            turns.append(_unlabelled(text, start, end))
        elif turns:
            turns[-1] = _longer(text, turns[-1], start, end)
    spoken = tuple(_questioned(text, [turn for turn in turns if turn.start < turn.end], participants, roles))
    return Transcript(participants, spoken, tuple(asides), tuple(_unlisted(spoken, participants)))


def _speaks(text: str, span: tuple[int, int], roles: Sequence[str]) -> bool:
    """Whether a line opens the speech: a label, and words that end as sentences do (or stand below it)."""
    line = text[span[0] : span[1]]
    match = _LINE.match(line)
    if _label(line, roles, ()) is None:
        return False
    words = match["words"].strip() if match and not _ALONE.fullmatch(line) else ""
    if not words:
        following = text[span[1] + 1 :].split("\n", 1)[0]
        return bool(re.search(r"[。！？]\s*$", following))
    return bool(re.search(r"[。！？!?][”’』」》]*\s*$", words)) and not _listed(words)


def _listed(words: str) -> bool:
    """Whether words after a role are a list of persons rather than speech."""
    first = re.split(r"[（(，,、\s]", words)[0]
    return first != words and _is_name(first, {})


def _label(line: str, roles: Sequence[str], participants: Sequence[Participant]) -> _Label | None:
    if line.strip() and (alone := _ALONE.fullmatch(line)):  # a transcript's own line above the words
        return _Label("", alone["label"] or UNKNOWN)
    match = _LINE.match(line)
    if match is None:
        return None
    label = match["label"].strip()
    if _NUMBERED.fullmatch(label):
        return _Label("", label)
    if _QUESTION.fullmatch(label):
        return _Label(label, UNKNOWN)
    known = {one.name: one.role for one in participants}
    if label in known:
        return _Label(known[label], label)
    by_role = _by_role(label, roles, known)
    if by_role is None and (name := next((name for name in known if label.endswith(name)), "")):
        return _Label(known[name], name)
    return by_role


def _by_role(label: str, roles: Sequence[str], known: dict[str, str]) -> _Label | None:
    """A label that has a role word: 听证员王某, 主持人（副检察长 钱立）, 申请人代理人 周航, 文旅代表."""
    inner = ""
    if brackets := _BRACKETS.search(label):
        posts = re.split(r"[\s，,、：:]", brackets["inner"].strip())
        inner, label = posts[-1], label[: brackets.start()].strip()
        if _is_name(label, known) and any(inner.endswith(word) for word in roles):
            return _Label(inner, label)  # 王建新（区人大代表、听证员）
    for at in range(len(label), 0, -1):
        role, rest = label[:at].strip(), label[at:].strip()
        if not any(role.endswith(word) for word in roles):
            continue
        if not rest:
            return _Label(role, inner if _is_name(inner, known) else "")
        if _is_name(rest, known) or (re.fullmatch(r"[一-龥]{2,3}", rest) and not _DEEDS.fullmatch(rest)):
            return _Label(role, rest)
    return None


def _is_name(word: str, known: dict[str, str]) -> bool:
    if word in known or _MASKED.fullmatch(word) or _LETTER.fullmatch(word):
        return True
    return 2 <= len(word) <= 12 and name_at(word, 0) == len(word)


def _turn(text: str, start: int, end: int, label: _Label, participants: Sequence[Participant]) -> Turn:
    match = None if _ALONE.fullmatch(text, start, end) else _LINE.match(text, start)
    at = match.start("words") if match else end
    stop = at + len(text[at:end].rstrip())
    if label.name:
        return Turn(label.name, label.role or _role_of(label.name, participants), at, stop, start)
    same = [one for one in participants if one.role == label.role]
    name = same[0].name if len(same) == 1 else label.role
    return Turn(name, label.role, at, stop, start)


def _role_of(name: str, participants: Sequence[Participant]) -> str:
    return next((one.role for one in participants if one.name == name), "")


def _aside_turn(text: str, start: int, end: int) -> Turn:
    inside = _INSIDE.match(text, start)
    at = inside.end() if inside and inside.end() < end else start
    return Turn(UNKNOWN, "", at, start + len(text[start:end].rstrip()), start)


def _questioned(
    text: str, turns: Sequence[Turn], participants: Sequence[Participant], roles: Sequence[str]
) -> Iterator[Turn]:
    """The turns with 问 and 答 resolved where it is certain: one person asked by name or role, by one person."""
    asker: Participant | None = None
    asked: Participant | None = None
    for turn in turns:
        if turn.speaker != UNKNOWN:
            words = text[turn.start : turn.end]
            asker = Participant(turn.speaker, turn.role) if turn.role.startswith("听证员") else None
            asked = _addressed(words, turn.speaker, participants)
            if announced := _ANNOUNCES.search(words):
                asker = Participant(announced["asker"], "听证员")
                asked = _announced(announced["whom"] or announced["by"] or "", roles, participants)
            yield turn
        elif turn.role == "问" and asker is not None:
            yield replace(turn, speaker=asker.name, role=asker.role)
        elif turn.role == "答" and asked is not None:
            yield replace(turn, speaker=asked.name, role=asked.role)
        else:
            yield replace(turn, role="")


def _announced(whom: str, roles: Sequence[str], participants: Sequence[Participant]) -> Participant | None:
    """Whom a presider names for the answers: 申请人彭某, 承办检察官."""
    known = {one.name: one.role for one in participants}
    label = _label(f"{whom}：", roles, participants) if whom else None
    if label is None:
        return None
    same = [one.name for one in participants if one.role == label.role]
    name = label.name or (same[0] if len(same) == 1 else label.role)
    return Participant(name, label.role or known.get(name, ""))


def _addressed(words: str, speaker: str, participants: Sequence[Participant]) -> Participant | None:
    """The one person whom a question is put to (我问申请人代理人…, 请鲁月英女士回答); None if it is not certain."""
    put = re.search(r"(?:请问?|问)(?P<whom>[^，。：:？]{0,24})", words)
    if put is None:
        return None
    named = [one for one in participants if one.name in put["whom"] and one.name != speaker]
    if not named:
        longest = max((len(one.role) for one in participants if one.role in put["whom"]), default=0)
        named = [one for one in participants if one.role in put["whom"] and len(one.role) == longest]
    return named[0] if len(named) == 1 else None


def _aside(line: str, turns: Sequence[Turn]) -> bool:
    """A heading, a stage direction, or a line that only announces (听证员提问：)."""
    bare = line.strip()
    waiting = bool(turns) and turns[-1].start >= turns[-1].end
    return (
        bool(_DIRECTION.fullmatch(bare) or _HEADING.fullmatch(bare))
        or (len(bare) <= 20 and bare.endswith(("：", ":")))
        or (not turns and not waiting)
    )


def _another_speaks(text: str, turn: Turn, line: str) -> bool:
    """Whether an unlabelled line surely is not the same speaker's: a time stamp of its own, or a reply to him."""
    if turn.start >= turn.end or turn.speaker == UNKNOWN:
        return False
    last = text[turn.start : turn.end].rstrip().split("\n")[-1]
    asked = last.endswith(("？", "?")) or ("请" in re.split(r"[。！？]", last.rstrip("。"))[-1] and turn.role == "主持人")
    return bool(_STAMPED.match(line)) or (asked and bool(_REPLY.match(line.strip())))


def _unlabelled(text: str, start: int, end: int) -> Turn:
    stamp = _STAMPED.match(text, start)
    return Turn(UNKNOWN, "", stamp.end() if stamp else start, start + len(text[start:end].rstrip()), start)


def _longer(text: str, turn: Turn, start: int, end: int) -> Turn:
    """The turn with one more paragraph; where the label stood alone, the words begin here."""
    stop = start + len(text[start:end].rstrip())
    if turn.start >= turn.end:
        return replace(turn, start=start + len(text[start:end]) - len(text[start:end].lstrip()), end=stop)
    return replace(turn, end=stop)


def _signature(line: str, roles: Sequence[str], participants: Sequence[Participant]) -> bool:
    """A role with nothing but names behind it: 主持人：邱志刚, 听证员：王某　陈某甲."""
    match = _LINE.match(line)
    if match is None or _label(line, roles, participants) is None or not match["words"].strip():
        return False
    words = [word for word in re.split(r"[\s　、，,]+", match["words"].strip()) if word]
    known = {one.name: one.role for one in participants}
    return all(_is_name(word, known) for word in words)


def _roster(text: str, head: Sequence[tuple[int, int]], roles: Sequence[str]) -> Iterator[Participant]:
    """The persons of the attendance list: `role：name（…）、name（…）`, a person a line below, role and name."""
    open_role = ""
    for start, end in head:
        line = text[start:end].strip()
        match = re.match(r"(?P<role>[^：:，。（(]{2,16})(?:[（(][^）)]*[）)])?[：:]\s*(?P<rest>.*)$", line)
        role = match["role"].strip() if match else ""
        if match and any(role.endswith(word) for word in (*roles, "参加人", "参加人员")):
            open_role = "" if match["rest"].strip() else role
            yield from _persons(match["rest"].strip(), role, roles)
        elif open_role and (found := _first_name(line, roles)):
            yield Participant(found, open_role)
        else:
            open_role = ""


def _persons(rest: str, role: str, roles: Sequence[str]) -> Iterator[Participant]:
    organisation = ""
    for part in re.split(r"[；;]|、(?![^（(]*[）)])", rest):
        bare = re.sub(r"[（(][^（）()]*[）)]", "", part).strip(" \t　。")
        if not bare:
            continue
        if found := _first_name(bare, roles):
            yield Participant(found, role)
        elif (inside := _by_role(re.split(r"[，,]", bare)[0], roles, {})) and inside.name:
            yield Participant(inside.name, role if role in LEADING else organisation + inside.role)
        elif behind := _behind_a_post(bare, roles):
            post, name = behind
            if "到场人员" in post:
                organisation = re.split(r"[，,]", bare)[0]
                yield Participant(name, organisation + post.replace("到场人员", ""))
            else:
                yield Participant(name, role if post in ("经营者", "负责人") else role + post)


def _behind_a_post(bare: str, roles: Sequence[str]) -> tuple[str, str] | None:
    """云岭建设有限公司，法定代表人 骆永昌 → (法定代表人, 骆永昌)."""
    for piece in re.split(r"[，,]", bare)[1:]:
        label = _by_role(piece.strip(), roles, {})
        if label and label.name:
            return label.role, label.name
    return None


def _first_name(line: str, roles: Sequence[str]) -> str | None:
    """The name with which an entry of the list begins, if what follows it is no more than a remark."""
    bare = re.split(r"[（(，,\s]", line.strip())[0]
    short = re.fullmatch(r"[一-龥]{2,3}", bare) and not any(bare.endswith(word) for word in roles)
    return bare if short or _is_name(bare, {}) else None


def _unlisted(turns: Sequence[Turn], participants: Sequence[Participant]) -> list[str]:
    """Who speaks and is not in the list, if there is a list."""
    if not participants:
        return []
    known = {one.name for one in participants}
    return list(dict.fromkeys(t.speaker for t in turns if t.speaker not in known and t.speaker != UNKNOWN))
