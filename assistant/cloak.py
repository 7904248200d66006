"""What leaves this machine for a model elsewhere goes without names and numbers of persons, and comes back with them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.model import LONGEST_REPLY, Message, Model
from ingestion.identifiers import identifiers
from ingestion.mask import Person, aliases, mask_text, protected_persons, unmask
from ingestion.persons import mentions

_BORN = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日(?=出?生)")


_ROLE = re.compile(
    r"(?:被告人|犯罪嫌疑人|嫌疑人|罪犯|上诉人|原告人?|被告|申请人|被申请人|被害人|受害人|被害少女|证人|报案人|举报人|控告人|法定代理人|监护人"
    r"|辩护人|代理人|当事人|负责人|法定代表人|经营者|员工|工作人员|职工|民警|之父|之母|父亲|母亲)(?=[\u4e00-\u9fff]{2})"
)

# common ones that do not open common words (应当, 时间, 全部)
_SURNAMES = frozenset(
    "王李张刘陈杨赵吴周徐孙朱胡郭林罗郑梁谢宋唐韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺毛郝龚邵钱覃戴莫孔汤康施"
    "牛樊葛邢齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝舒阮柯纪梅童凌季裴霍涂苗谷盛曲翁冉骆蓝靳柴蒙鲍华喻祁蒲房滕屈饶艾尤阳卓吉缪简芦麦褚娄窦戚岑景卜冷晏卫柏宗瞿桂佟臧闵"
)


def names_in(text: str) -> frozenset[str]:
    """The names of all persons whom a text names beside a role, the accused and officials among them.

    Where a role is followed by a surname and no name could be read with certainty, the three characters
    and the two are both taken for one: what is hidden without need comes back all the same.
    """
    found = list(mentions(text))
    read = {mention.start for mention in found}
    named = {mention.name for mention in found if not mention.masked}
    for role in _ROLE.finditer(text):
        after = text[role.end() : role.end() + 3]
        if role.end() not in read and after[0] in _SURNAMES and "某" not in after:
            named |= {after, after[:2]} if after.isalpha() else {after[:2]}
    return frozenset(named | {person.name for person in protected_persons(text)})


@dataclass(frozen=True)
class Cloak:
    """Aliases of names, and notes in place of numbers: both ways."""

    names: dict[str, str]
    values: dict[str, str]

    def hidden(self, text: str) -> str:
        """The text as it may leave."""
        for value, note in self.values.items():
            text = text.replace(value, note)
        return mask_text(text, self.names)

    def restored(self, text: str) -> str:
        """A reply with what stood there before."""
        for value, note in self.values.items():
            text = text.replace(note, value)
        return unmask(text, self.names)

    def restored_pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        """The same for a reply in pieces, though an alias may come in two of them."""
        hidden = sorted([*self.names.values(), *self.values.values()], key=lambda alias: (-len(alias), alias))
        if not hidden:
            yield from pieces
            return
        pattern = re.compile("|".join(map(re.escape, hidden)))
        held = ""
        for piece in pieces:
            held += piece
            cut = max(0, len(held) - len(hidden[0]) + 1)
            cut = next((found.start() for found in pattern.finditer(held) if found.start() < cut < found.end()), cut)
            yield self.restored(held[:cut])
            held = held[cut:]
        yield self.restored(held)


def cloak_over(text: str, names: Collection[str]) -> Cloak:
    """The cloak for a text: over the given names, the persons it names itself, numbers and days of birth.

    The longest numbers come first, so that none is left that held another.
    """
    every = sorted({*names, *names_in(text)})
    found = [(one.kind, one.value) for one in identifiers(text)]
    found += [("出生日期", match.group()) for match in _BORN.finditer(text)]
    kinds = dict(sorted(((value, kind) for kind, value in found), key=lambda pair: (-len(pair[0]), pair[0])))
    values = {value: f"［{kind}{number}］" for number, (value, kind) in enumerate(kinds.items(), 1)}
    return Cloak(aliases([Person(name, "", ()) for name in every], "", text), values)


class Cloaked:
    """A model on another machine: whatever it is told is cloaked first, whatever it says is restored."""

    local = False

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name = model.name
        self.window = model.window

    def complete(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> str:
        """The reply, restored."""
        cloak, hidden = _cloaked(messages, names)
        return cloak.restored(self._model.complete(hidden, longest=longest))

    def stream(
        self, messages: Sequence[Message], *, names: Collection[str] = (), longest: int = LONGEST_REPLY
    ) -> Iterator[str]:
        """The reply in pieces, restored."""
        cloak, hidden = _cloaked(messages, names)
        yield from cloak.restored_pieces(self._model.stream(hidden, longest=longest))

    def known(self) -> list[str]:
        """What the endpoint lists."""
        return self._model.known()

    def close(self) -> None:
        """Close the connections."""
        self._model.close()


def _cloaked(messages: Sequence[Message], names: Collection[str]) -> tuple[Cloak, list[Message]]:
    cloak = cloak_over("\n".join(message.text for message in messages), names)
    return cloak, [replace(message, text=cloak.hidden(message.text)) for message in messages]
