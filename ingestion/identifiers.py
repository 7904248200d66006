"""Numbers that lead to a person: identity cards, phones, bank cards, plates, mail addresses, accounts of messengers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_AREAS = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)

# digits and letters are read in half width: `_HALF` keeps every place
_HALF = {0xFF01 + at: 0x21 + at for at in range(94)} | {
    0x3000: 0x20,
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x2013: 0x2D,
    0x2014: 0x2D,
    0x2212: 0x2D,
}

_ID_CARD = re.compile(
    r"(?<![\dA-Za-z])(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|\d{6} ?\d{4} ?\d{4} ?\d{3}[\dXx]|\d{15})(?![\dA-Za-z])"
)
_ID_LABEL = re.compile(r"(?:身份证|公民身份)(?:件)?(?:号码|号|证号)?(?:为|是)?[:\s(]*$")
_CARD = re.compile(
    r"(?<![\dA-Za-z.第])\d{4}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,4}){1,2}(?:[ -]?\d{1,3})?(?![\dA-Za-z])"
)
_CARD_LABEL = re.compile(r"(?:卡号|账号|帐号|账户|帐户|银行卡)(?:[^\d,。;]{0,12})$")
_ACCOUNT = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户)(?:为|是)?[:\s(]{0,3}(?P<value>\d(?:[ -]?\d){8,21})(?!\d)"
)
_MOBILE = re.compile(
    r"(?<![\dA-Za-z.])(?:(?:\+|00)?86[ -]?)?(?P<value>1[3-9]\d(?:[ -]?\d{4}[ -]?\d{4}|[ -]\d{3}[ -]\d{5}))(?![\dA-Za-z]|\.\d|[万亿元])"
)
_LANDLINE = re.compile(
    r"(?<![\d.])(?:[(]0\d{2,3}[)] ?|0\d{2,3}[- ]{1,2})[2-8]\d{2,3}[ -]?\d{4}(?:(?:[-转]|分机)\d{1,6})?(?!\d)"
)
_LANDLINE_BARE = re.compile(r"(?<![\dA-Za-z.])0(?:10|2\d|[3-9]\d{2})[2-8]\d{6,7}(?!\d|[A-Za-z])")
_LOCAL = re.compile(
    r"(?:电话|座机|固话|传真)(?:号码|号)?(?:为|是)?[:\s(]{0,3}(?P<value>[2-8]\d{2,3}[ -]?\d{4}(?:(?:[-转]|分机)\d{1,6})?)(?!\d)"
)
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
_PLATE = re.compile(
    rf"{_PROVINCE}[A-Z][·•・. -]?(?=[A-Z]*\d)(?![A-Z\d]*X{{2}})"
    r"(?:[A-HJ-NP-Z\d]{4}[挂学警港澳领使]|[A-HJ-NP-Z\d]{5,6}[挂学警港澳领使]?)(?![A-Za-z\d])"
    rf"|{_PROVINCE}\d{{2}}[·•・ -]?[A-Z\d]\d{{4}}(?=号?(?:[^,。;]{{0,3}})(?:农用|拖拉机|收割机|变型|三轮))"
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z0-9])"
)
_WECHAT = re.compile(
    r"(?:微信|WeChat|wechat)(?:账号|帐号|号码|号|ID|id)?(?:码|为|是)?[:\s“\"‘'(]{0,3}(?P<value>[A-Za-z][A-Za-z0-9_-]{5,19}|wxid_\w+)"
)
_QQ = re.compile(r"[Qq] ?[Qq](?:账号|帐号|号码|号)?(?:为|是)?[:\s“\"‘'(]{0,3}(?P<value>[1-9]\d{4,10})(?!\d)")
_NETWORK = re.compile(
    r"(?:抖音|快手|陌陌|支付宝|淘宝|微博|小红书|旺旺|游戏|闲鱼|Telegram|telegram)(?:账号|帐号|账户|号|ID|id)(?:为|是)?[:\s“\"‘'(]{0,3}(?P<value>[A-Za-z0-9][A-Za-z0-9_.-]{4,29})"
)
_PASSPORT = re.compile(
    r"(?:护照|通行证|军官证|士兵证|台胞证|居留证|驾驶证)(?:证)?(?:号码|号|证号)?(?:为|是)?[:\s(]{0,3}(?P<value>[A-Z]{0,2}\d{7,10})(?![\dA-Za-z])"
)
_IP = re.compile(
    r"(?<![\d.A-Za-z])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)"
)
_IP_NEAR = re.compile(r"(?:IP|ip|网络地址|登录地址)[^\n。;]{0,16}$")


@dataclass(frozen=True)
class Identifier:
    """A number that leads to a person: `text[start:end] == value`; `kind` in Chinese (身份证号, 手机号 …)."""

    kind: str
    value: str
    start: int
    end: int


def identifiers(text: str) -> tuple[Identifier, ...]:
    """Every identifier in the text, by place, without overlap; the more certain kind wins a shared span.

    Kinds: 身份证号 (GB 11643 checksum, or any well-formed number behind its label), 银行卡号 (Luhn, or behind
    its label), 手机号, 固定电话, 车牌号, 电子邮箱, 微信号, QQ号, 网络账号, 证件号 and IP地址 (behind a label).
    Full-width digits count as digits.
    """
    taken: list[Identifier] = []
    covered: set[int] = set()
    for kind, start, end in _candidates(text.translate(_HALF)):
        found = Identifier(kind, text[start:end], start, end)
        if covered.isdisjoint(range(found.start, found.end)):
            covered.update(range(found.start, found.end))
            taken.append(found)
    return tuple(sorted(taken, key=lambda found: found.start))


def mask_identifiers(text: str) -> str:
    """The text with each identifier replaced by a note such as ［身份证号已隐去］."""
    pieces, at = [], 0
    for found in identifiers(text):
        pieces += [text[at : found.start], f"［{found.kind}已隐去］"]
        at = found.end
    return "".join([*pieces, text[at:]])


def is_id_number(value: str) -> bool:
    """Whether 18 characters form a valid citizen number: area, date of birth and check digit (GB 11643-1999)."""
    if len(value) != 18 or value[:2] not in _AREAS or not _born(value[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == value[17].upper()


def passes_luhn(value: str) -> bool:
    """Whether a string of digits passes the Luhn test (ISO/IEC 7812-1) that bank cards bear."""
    digits = [int(digit) for digit in reversed(value)]
    doubled = (digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def plain_value(value: str) -> str:
    """A number as it compares: ASCII digits and capitals without separators."""
    return "".join(char.upper() for char in value.translate(_HALF) if char.isalnum() or char in "@._")


_Place = tuple[str, int, int]


def _candidates(text: str) -> Iterator[_Place]:
    """Kinds with their places in a text of half width, the most certain first."""
    yield from _id_cards(text)
    yield from _mails(text)
    yield from _cards(text)
    for kind, pattern in (
        ("手机号", _MOBILE), ("固定电话", _LANDLINE), ("固定电话", _LANDLINE_BARE), ("车牌号", _PLATE), ("微信号", _WECHAT),
        ("QQ号", _QQ), ("网络账号", _NETWORK), ("证件号", _PASSPORT), ("银行卡号", _ACCOUNT), ("固定电话", _LOCAL),
    ):  # fmt: skip
        group = "value" if "value" in pattern.groupindex else 0
        for match in pattern.finditer(text):
            yield kind, *match.span(group)
    for match in _IP.finditer(text):
        if _IP_NEAR.search(text, max(0, match.start() - 24), match.start()):
            yield "IP地址", *match.span()


def _mails(text: str) -> Iterator[_Place]:
    at = text.find("@")
    while at >= 0:  # from the sign, not from every word: the pattern alone is slow on long Latin runs
        start = max(0, at - 64)
        match = next((m for m in _MAIL.finditer(text, start, at + 330) if m.start() < at < m.end()), None)
        if match:
            yield "电子邮箱", *match.span()
        at = text.find("@", match.end() if match else at + 1)


def _id_cards(text: str) -> Iterator[_Place]:
    """Numbers of the right shape behind their label, or with an area and a day of birth in them.

    The check digit is not asked for: a number with a slip of the pen leads to its owner all the same.
    """
    for match in _ID_CARD.finditer(text):
        value = plain_value(match.group())
        labelled = bool(_ID_LABEL.search(text, max(0, match.start() - 16), match.start()))
        dated = len(value) == 18 and value[:2] in _AREAS and _born(value[6:14])
        if labelled or dated or _old_id(value):
            yield "身份证号", *match.span()


def _cards(text: str) -> Iterator[_Place]:
    for match in _CARD.finditer(text):
        value = plain_value(match.group())
        if not 15 <= len(value) <= 19:
            continue
        labelled = bool(_CARD_LABEL.search(text, max(0, match.start() - 24), match.start()))
        if labelled or (
            len(value) >= 16 and (value[:2] == "62" or (value[0] in "34569" and passes_luhn(value)))
        ):
            yield "银行卡号", *match.span()


def _old_id(value: str) -> bool:
    """Whether 15 digits read as a first-generation number: area and a date of birth in the 20th century."""
    return len(value) == 15 and value[:2] in _AREAS and _born("19" + value[6:12])


def _born(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= born.year <= 2100
