"""Speaker turns of a hearing record: who is named at its head, and who says what, as spans of its text.

A speaker is the name where the label or the attendance list gives exactly one, else the label as the record
has it; words without a label that says whose they are belong to 未识别. Nobody's words are guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from ingestion.labels import UNKNOWN as UNKNOWN
from ingestion.labels import Label, is_name, label_at, parts_of, surname_before
from ingestion.persons import COMPOUND
from ingestion.roster import LEADING, roster
from ingestion.roster import Participant as Participant

ALIKE = (("承办检察官", "承办人", "案件承办人", "主办检察官"), ("主持人", "听证主持人"), ("书记员", "记录人", "记录员"))

_PRESIDING = ("主持人", "听证主持人", "书记员", "记录人", "记录员")
_CALLED = re.compile(r"[ \t　]*(?:[【\[［〔](?P<bracketed>[^】\]］〕：:\n]{2,14})[】\]］〕][：:]?|(?P<plain>[^：:，。\n【】\[\]]{2,14})[：:])[ \t　]*")
_BRACKETED = re.compile(r"[ \t　]*【(?P<label>[^】\n]{2,12})】[ \t　]*(?=[^\s])")
_LINE = re.compile(r"[^：:\n]*[：:][ \t　]*(?P<words>[^\n]*)")
_DIRECTION = re.compile(r"[（(【\[][^\n]*[）)】\]]\s*")
_BREAK = re.compile(r"休会|复会|退席|退庭|离席|换人")
_BREAK_LINE = re.compile(r"[^，。：:\n]{0,12}(?:休会|复会)[^。：:\n]{0,20}(?:[。，][^。：:\n]{0,20}(?:休会|复会)[^。：:\n]{0,12})?。?")
_HEADING = re.compile(r"(?:[（(]?[一二三四五六七八九十]+[）)、．.]|第[一二三四五六七八九十]+[部阶环]|【)[^。！？\n]{1,30}")
_INTERJECTION = re.compile(r"(?:——|[（(](?=[^）)\n]{0,16}(?:插话|喊|有人|插嘴)))[^\n]*")
_STAMPED = re.compile(r"[ \t　]*[\[【（(]?\d{1,2}:\d{2}(?::\d{2})?[\]】）)]?[ \t　]*(?=\S)")
_ANNOUNCES = re.compile(
    r"(?:听证员(?P<asker>[一-龥]{2,3}?)|(?:由|请|^|(?<=[。，；]))(?P<named>(?![一-龥]{0,2}[由请在先])[一-龥]{2,3}?)听证员先?)(?:向(?P<whom>[一-龥]{2,14}?))?(?:提问|发问|问(?P<whose>[一-龥]{2,3}?(?=[。，；]))?)"
    r"(?:[，,]仍?由?(?P<by>[一-龥]{2,16}?)(?:回答|答))?"
)
# what a title in a label must be borne out by, where the list uses another word for it
_BEARS_OUT = {
    "警官": "民警|警|公安", "检": "检察|主持人|承办", "检察官": "检察|主持人|承办", "老师": "教师|老师|学校|小学|中学|大学|校", "大夫": "医", "医生": "医", "工": "工程师",
    "总": "经理|董事|总", "师傅": "师", "法官": "法官|法院|庭", "书记": "书记", "同志": "", "听证员": "听证员", "代表": "代表", "队": "队", "局": "局长", "科": "科长", "处": "处长",
}  # fmt: skip
_BY_SURNAME = frozenset("老师 书记 主任 总 工 代表 委员 律师 教授 会长 秘书长 校长 院长 科长 局长 处长 站长 所长 检察官 法官 医生 大夫 师傅 经理 社工 警官 同志 女士 先生 大姐 主席 研究员 监督员 局 副局长".split())
_LAY = frozenset("老师 师傅 总 经理 社工 医生 大夫 教授 校长 会长 大姐 代表 委员 律师".split())  # no prosecutor is called so
_ADDED = re.compile("委托|诉讼|监督(?=申请)|救助(?=申请)")  # what a label leaves out of a role
_REBUKES = re.compile(r"(?:刚才)?(?:讲话|说话|发言|插话|喊话)的(?:旁听|同志|人|那位|[一-龥]{1,4}(?:请)?(?:坐下|不要|安静|先等))|旁听(?:席|人员|的)?[^。]{0,12}(?:不要|不得|不能|请勿|安静|保持)")
_OWN_VOICE = re.compile(r"(?:^|[，。！？])(?:那)?(?:我(?!们|院|宣布|再|先|想请|来|说明|提醒)|咱|你们|俺)|^(?:嫂子|大[姐哥妈爷娘]|老[一-龥]|[一-龥](?:哥|姐|叔|婶))[，,别你]")
BRACKETED = 3  # labels in brackets from which on every bracketed head of a line is one
_REPLY = re.compile(r"[我没是有好]|对[，。的！]|不[，。！是同对]")
_INSIDE = re.compile(r"(?:——)?[（(][^）)\n]*[）)]\s*")
_SIGNED = re.compile(r"[^：:\n]{1,10}[（(](?:签名|签字|签章|捺印)[）)][：:]|[【（(]?[一-龥]{0,6}(?:签名|签字|签章)[栏处页]?[】）)：:]?$|[【（(]?(?:以下[为是]?(?:签名|签字|签章)|以下无正文)|[^：:\n]{0,8}笔录[^：:\n]{0,40}(?:无误|一致|相符|属实)")
_SIGNATURE = re.compile(r"[（(][^）)\n]{0,12}[）)]|签名|签字|签章|捺印|[＿_\s　、，,：:]+|\d{4}年\d{1,2}月\d{1,2}日|年|月|日")
_DONE = re.compile(r"[。！？!?…”』」）)]\s*$")
ANNOUNCING = 6  # characters from which words before a colon announce something (听证的问题是：)
REACH = 600  # characters within which a quotation that runs over paragraphs must close


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


def read_transcript(text: str, roles: Sequence[str]) -> Transcript:
    """The turns of a record; `roles` are the words for roles, the longest first."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text) if match.group().strip()]
    first = next((number for number, span in enumerate(lines) if _speaks(text, span, roles)), len(lines))
    participants = tuple(roster(text, lines[:first], roles))
    known = {one.name: one.role for one in participants}
    while first and (
        _called(text[slice(*lines[first - 1])], lines[first - 1][0], participants)
        or _speaks(text, lines[first - 1], roles, known)
    ):
        first -= 1
    reader = _Reader(text, roles, participants)
    for start, end in lines[first : _signatures_from(text, lines, first, roles, participants)]:
        reader.read(start, end)
    split = [part for turn in reader.turns for part in _apart(text, turn, reader.labels, roles, participants)]
    turns = [turn for turn in split if turn.start < turn.end]
    spoken = tuple(_questioned(text, turns, participants, roles))
    return Transcript(participants, spoken, tuple(reader.asides), tuple(_unlisted(spoken, participants)))


class _Reader:
    """Reads line after line, and knows whose words an unlabelled line may go on with."""

    def __init__(self, text: str, roles: Sequence[str], participants: Sequence[Participant]) -> None:
        self.text, self.roles, self.participants = text, roles, participants
        self.known = {one.name: one.role for one in participants}
        self.turns: list[Turn] = []
        self.asides: list[Aside] = []
        self.labels: set[str] = set()  # those met at the head of a line
        self.bracketed = 0  # how many of them stand in brackets
        self.goes_on = -1  # where the last line without a label begins that was taken for the same speaker's
        self._before = ""  # the line before
        self._cut = ""  # why the next unlabelled line is no plain continuation: aside (the same speaker), break

    def read(self, start: int, end: int) -> None:
        """Take one line: a label opens a turn; an aside stands between turns; other lines go on or are nobody's."""
        text, bare = self.text, self.text[start:end].strip()
        label = None if self._quoting(start) else self._label(start, end)
        if label is not None:
            self.labels.add(label.text)
            self.bracketed += text[start:end].lstrip()[0] in "【[［〔"
            self._rebuked(label, end)
            self.turns.append(_turn(text, start, end, label, self.participants))
            self._cut = ""
        elif _INTERJECTION.match(bare):
            self.turns.append(_aside_turn(text, start, end))
        elif cut := self._between(bare):
            self.asides.append(Aside(start, end))
            self._cut = cut if cut == "break" or not self._cut else self._cut
        elif self.turns:
            self._go_on(start, end)
        self._before = bare

    def _label(self, start: int, end: int) -> Label | None:
        """The label of a line: by its form, by a title that the list bears out, or where labels stand in brackets."""
        line = self.text[start:end]
        label = label_at(self.text, start, end, self.roles, self.known) or _called(line, start, self.participants)
        if label is None and self.bracketed >= BRACKETED and (found := _BRACKETED.match(line)):
            return Label(found["label"], "", found["label"], start + found.end())
        return label

    def _rebuked(self, label: Label, end: int) -> None:
        """What was taken for the last speaker's further words is nobody's where the presider tells the audience off."""
        at = self.goes_on
        if not self.turns or not self.turns[-1].start < at < self.turns[-1].end or label.role not in _PRESIDING:
            return
        if _REBUKES.search(self.text[label.words : end]):
            last = self.turns.pop()
            self.turns += [replace(last, end=at - 1), replace(last, speaker=UNKNOWN, role="", start=at, label_start=at)]

    def _quoting(self, start: int) -> bool:
        """Whether a quotation that the turn has opened closes only behind `start`."""
        if not self.turns:
            return False
        said = self.text[self.turns[-1].start : start]
        following = re.search(r"[“”]", self.text[start : start + REACH])
        return said.count("“") > said.count("”") and following is not None and following.group() == "”"

    def _between(self, bare: str) -> str:
        """What a line is that nobody speaks: `break` ends the turn, `aside` only stands in it; "" for speech."""
        if _DIRECTION.fullmatch(bare):
            return "break" if _BREAK.search(bare) or bare[0] in "【[" else "aside"
        if not self.turns:
            return "break"
        if _BREAK_LINE.fullmatch(bare) and re.match(r"\d|休会|复会|随后|经", bare):
            return "break"
        free = _DONE.search(self._before) or bool(self._cut)
        if free and _HEADING.fullmatch(bare) and not bare.endswith(("；", ";", "，")):
            return "break"
        return "break" if free and len(bare) <= 20 and bare.endswith(("：", ":")) else ""

    def _go_on(self, start: int, end: int) -> None:
        last = self.turns[-1]
        if self._cut == "break" or _another_speaks(self.text, last, self.text[start:end]):
            self.turns.append(_unlabelled(self.text, start, end))
        elif self._cut == "aside" and last.start < last.end:
            self.turns.append(_unlabelled(self.text, start, end, last))
        else:
            self.goes_on = start if last.start < last.end else -1
            self.turns[-1] = _longer(self.text, last, start, end)
        self._cut = ""


def _speaks(text: str, span: tuple[int, int], roles: Sequence[str], known: Mapping[str, str] = MappingProxyType({})) -> bool:
    """Whether a line opens the speech: a label, and words that end as sentences do (or stand below it)."""
    label = label_at(text, *span, roles, known)
    if label is None:
        return False
    words = text[label.words : span[1]].strip()
    if not words:
        following = text[span[1] + 1 :].lstrip("\n").split("\n", 1)[0]
        if label.name and re.match(rf"\s*{re.escape(label.name)}[：:]", following):
            return False  # 承办检察官　蓝晓雯 above 蓝晓雯：…
        return bool(re.search(r"[。！？!?]\s*$", following)) and label_at(following, 0, len(following), roles, {}) is None
    announcing = len(words) >= ANNOUNCING and words.endswith(("：", ":"))
    return (announcing or bool(re.search(r"[。！？!?][”’』」》]*\s*$", words))) and not _listed(words)


def _listed(words: str) -> bool:
    """Whether words after a role are a list of persons rather than speech."""
    first = re.split(r"[（(，,、\s]", words)[0]
    return first != words and is_name(first, {})


def _turn(text: str, start: int, end: int, label: Label, participants: Sequence[Participant]) -> Turn:
    stop = max(label.words, start + len(text[start:end].rstrip()))
    stop = _without_break(text, label.words, stop)
    speaker, role = _person(label, participants)
    return Turn(speaker, role, label.words, stop, start)


def _without_break(text: str, start: int, stop: int) -> int:
    """Where the words end, a stage direction about a break behind them aside: …讨论。（15时50分休会）"""
    direction = re.search(r"[。！？][（(][^（）()\n]*(?:休会|复会)[^（）()\n]*[）)]$", text[start:stop])
    return start + direction.start() + 1 if direction else stop


def _person(label: Label, participants: Sequence[Participant]) -> tuple[str, str]:
    """Speaker and role: the name where label and list give exactly one person, else the label as it is."""
    numbered = [one for one in participants if one.called and one.called == label.text]
    if len(numbered) == 1:
        return numbered[0].name, numbered[0].role
    named = [one for one in participants if one.name == label.name]
    if len(named) > 1:  # two persons hidden behind one name: the label may tell them apart, the name does not
        return label.text, label.role
    called = _titled_one(label.text, participants)
    if called is not None and not named:
        return called.name, called.role
    if label.name and (label.name == UNKNOWN or label.name != label.text or named):
        return label.name, label.role or (named[0].role if named else "")
    if not label.role:
        return label.name, ""
    same = _of_role(label.role, participants)
    if label.name:  # 王听证员: one person of that role has the surname, or the label stays as it is
        surname = surname_before(label.text, label.role)
        same = [one for one in same if surname and one.name.startswith(surname)]
    return (same[0].name if len(same) == 1 else label.name or label.role), label.role


def _called(line: str, start: int, participants: Sequence[Participant]) -> Label | None:
    """A label that names somebody of the list by surname and title, by an office in the panel, by his organisation."""
    found = _CALLED.match(line)
    if found is None:
        return None
    written = (found["bracketed"] or found["plain"]).strip()
    one = _titled_one(written, participants)
    return Label(written, one.role, one.name, start + found.end()) if one else None


def _titled_one(written: str, participants: Sequence[Participant]) -> Participant | None:
    """The one person of the list whom a label calls 裘局长, 组长 or 恒远物流; None where it may be another."""
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", written).strip()
    surname = bare[:2] if bare[:2] in COMPOUND else bare[:1]
    title = bare.removeprefix(surname)
    if title and len(title) <= 6 and (wanted := _BEARS_OUT.get(title, re.escape(title))):
        called = [one for one in participants if one.name.startswith(surname) and title != one.name.removeprefix(surname)]
        if title in _LAY:
            called = [one for one in called if not one.role.startswith(LEADING[:-1])]
        # of two with the surname, only one whom the list itself gives that title
        meant = wanted if len(called) == 1 else re.escape(title)
        same = [one for one in called if re.search(meant, f"{one.note} {one.role}")]
        if len(same) == 1:
            return same[0]
        if len(called) == 1 and title in _BY_SURNAME:  # `hearing` warns where the list does not bear it out
            return called[0]
    posts = [one for one in participants if bare in re.split(r"[，,、]", one.note)]
    sent = [one for one in participants if len(bare) >= 3 and _is_office(bare, one.role)]
    for found in (posts, sent):
        if len(found) == 1 and len(bare) >= 2:
            return found[0]
    return None


def called_by_surname(text: str, record: Transcript) -> dict[str, str]:
    """The labels that name a person by surname and a title that the list does not give (宫书记), with the name."""
    people = {one.name: one for one in record.participants}
    found = {}
    for turn in record.turns:
        label = text[turn.label_start : turn.start].strip(" \t　：:【】[]［］〔〕*")
        one = people.get(turn.speaker)
        if one is None or turn.speaker in label:
            continue
        title = label.removeprefix(label[:2] if label[:2] in COMPOUND else label[:1])
        wanted = _BEARS_OUT.get(title, re.escape(title))
        if title in _BY_SURNAME and not re.search(wanted, f"{one.note} {one.role}"):
            found[label] = turn.speaker
    return found


def _is_office(short: str, role: str) -> bool:
    """Whether a role is a post in an office that `short` names: 恒远物流, 恒远物流有限公司人事经理."""
    return role.startswith(short) and bool(re.match(r"(?:股份|有限|责任|集团|公司|分?局|支队|委员会|中心|院|厂|店)", role[len(short) :]))


def _of_role(role: str, participants: Sequence[Participant]) -> list[Participant]:
    """The persons of a role: those of the very word, else of another word for it, else of one that ends so."""
    words = next((alike for alike in ALIKE if role in alike), (role,))
    exact = [one for one in participants if one.role == role]
    other = [one for one in participants if one.role in words]
    ends = [one for one in participants if one.role.endswith(role)]
    plain = [one for one in participants if _ADDED.sub("", one.role).endswith(_ADDED.sub("", role))]
    return exact or other or ends or plain or [one for one in participants if one.note.endswith(role)]


def _apart(
    text: str, turn: Turn, labels: set[str], roles: Sequence[str], participants: Sequence[Participant]
) -> Iterator[Turn]:
    """The turns that a paragraph runs together: …申请回避？王建国：不申请。主持人：好。

    A label inside a paragraph counts only behind the end of a sentence, outside quotations, and if it is the
    label of another line or a name of the list.
    """
    known = {one.name: one.role for one in participants}
    heads = re.findall(r"(?<=[。！？])[ 　]*([^：:。！？；，、“”\n]{1,24})[：:]", text[turn.start : turn.end])
    if any(head not in labels and head not in known for head in heads):
        return (yield turn)  # a list that is read out, not turns run together
    for match in re.finditer(r"(?<=[。！？])[ 　]*(?P<label>[^：:。！？；，、“”\n]{1,24})[：:]", text[turn.start : turn.end]):
        at = turn.start + match.start("label")
        said = text[turn.start : at]
        if (match["label"] not in labels and match["label"] not in known) or said.count("“") > said.count("”"):
            continue
        parts = parts_of(match["label"], roles, known)
        if parts is None or turn.speaker == UNKNOWN:
            continue
        label = Label(match["label"], parts.role, parts.name, turn.start + match.end())
        yield replace(turn, end=at)
        yield from _apart(text, replace(_turn(text, at, turn.end, label, participants)), labels, roles, participants)
        return
    yield turn


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
                asker = Participant((announced["asker"] or announced["named"]), "听证员")
                asked = _announced(announced["whom"] or announced["whose"] or announced["by"] or "", roles, participants)
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
    label = parts_of(whom, roles, known) if whom else None
    if label is None:
        return Participant(whom, "") if whom and is_name(whom, known) else None
    same = _of_role(label.role, participants)
    name = label.name or (same[0].name if len(same) == 1 else label.role)
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


def _another_speaks(text: str, turn: Turn, line: str) -> bool:
    """Whether an unlabelled line surely is not the same speaker's: a time stamp of its own, or a reply to him."""
    if turn.start >= turn.end or turn.speaker == UNKNOWN:
        return False
    last = text[turn.start : turn.end].rstrip().split("\n")[-1]
    if turn.role in _PRESIDING and _OWN_VOICE.search(line.strip()):
        return True
    asked = last.endswith(("？", "?")) or ("请" in re.split(r"[。！？]", last.rstrip("。"))[-1] and turn.role == "主持人")
    return bool(_STAMPED.match(line)) or (asked and bool(_REPLY.match(line.strip())))


def _unlabelled(text: str, start: int, end: int, same: Turn | None = None) -> Turn:
    """A turn without a label: nobody's, or going on behind a stage direction with what `same` said."""
    stamp = _STAMPED.match(text, start)
    at = stamp.end() if stamp else start + len(text[start:end]) - len(text[start:end].lstrip())
    stop = _without_break(text, at, start + len(text[start:end].rstrip()))
    return Turn(same.speaker if same else UNKNOWN, same.role if same else "", at, stop, start)


def _longer(text: str, turn: Turn, start: int, end: int) -> Turn:
    """The turn with one more paragraph; where the label stood alone, the words begin here."""
    stop = _without_break(text, start, start + len(text[start:end].rstrip()))
    if turn.start >= turn.end:
        return replace(turn, start=start + len(text[start:end]) - len(text[start:end].lstrip()), end=stop)
    return replace(turn, end=stop)


def _signatures_from(
    text: str, lines: Sequence[tuple[int, int]], first: int, roles: Sequence[str], participants: Sequence[Participant]
) -> int:
    """The number of the line from which on there are only signatures (or the line that announces them)."""
    number = len(lines)
    while number > first and _signature(text[slice(*lines[number - 1])], roles, participants):
        number -= 1
    for earlier in range(number - 1, first, -1):
        start, end = lines[earlier]
        if _SIGNED.match(text[start:end].strip()):
            return earlier
        if label_at(text, start, end, roles, {}) is not None and re.search(r"[。！？!?…]”?\s*$", text[start:end]):
            break
    return number


def _signature(line: str, roles: Sequence[str], participants: Sequence[Participant]) -> bool:
    """A line with nothing but roles, names, blanks and dates: 主持人：邱志刚　书记员：, 听证员：王某　陈某甲."""
    if _SIGNED.match(line.strip()):
        return True
    known = {one.name: one.role for one in participants}
    bare = _SIGNATURE.sub(" ", line)
    words = bare.split()
    return all(is_name(word, known) or any(word.endswith(role) for role in (*roles, "参加人", "参加人员")) for word in words) and not _DONE.search(
        re.sub(r"[（(][^）)]*[）)]", "", line)
    )


def _unlisted(turns: Sequence[Turn], participants: Sequence[Participant]) -> list[str]:
    """Who speaks and is not in the list, if there is a list; a name that two of the list share is in it."""
    if not participants:
        return []
    known = [one.name for one in participants]
    shared = {name for name in known if known.count(name) > 1}
    strange = (t.speaker for t in turns if t.speaker not in known and t.speaker != UNKNOWN)
    return list(dict.fromkeys(one for one in strange if not any(name in one for name in shared)))
