"""Addresses below the district, schools of minors, days of birth: what leads to a person without being a number."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingestion.names import Word

# domain D: "address to district level"; what stays is province, city and district, what goes is the rest
_REGION = (
    r"(?:[一-龥]{2,8}?(?:省|自治区)|北京市?|上海市?|天津市?|重庆市?)?(?:[一-龥]{1,7}?(?:自治州|地区|盟|市))?"
    r"(?:[一-龥]{1,7}?(?:自治县|新区|林区|县|(?<![小社园校])区|旗|市))?"
)
_ANCHOR = re.compile(
    r"(?:住址|住所地?|家庭住址|家庭地址|居住地址?|户籍所在地|户籍地址?|户口所在地|现住址?|暂住地?址?|联系地址|通讯地址|收货地址|收件地址|邮寄地址|地址|家住|租住(?:在|于)?|居住(?:在|于)|暂住(?:在|于)|现住(?:在|于)?|住(?:在|于)?)"
    r"(?:为|是|系|位于)?[：:]?[ 　]*"
)
_DETAIL = r"[一-龥A-Za-z0-9０-９\-－—#＃·]"
# ends of what is a place of living by itself
_FINE = r"(?:号楼|号院|号房|号|栋|幢|单元|室|弄|组|队|户|座|楼|层|社|屯|寨|湾|坪|村|庄|小区|花园|公寓|家园|新村|苑|里|巷|胡同|路|街|大道|镇|乡|街道|社区|居委会|村委会|宿舍|城|府|庭|轩)"
_STREET = re.compile(
    r"(?:[一-龥]{2,8}(?:路|街|大道|巷|弄|胡同|村|小区|花园|公寓|家园|新村|苑|社区|广场|镇|乡|街道)){1,4}(?:甲?乙?\d{1,5}[-－之]?\d{0,4}(?:号楼|号院|号|栋|幢|弄|单元|组|室|座|层)){1,5}(?:\d{2,5}(?:室|房)?)?"
)
_STOP = re.compile(
    r"[，。；、）)（(\n\r\t 　“”\"：:！？《》]|(?:因|于\d|[，。]|联系|电话|身份|手机|出生|邮编|人民|经营|开办|内(?!\S)|的|被|涉嫌|系|与|和|在|后|时|是|从|到|窃|盗|查|发现|实施|门前|附近|门口)"
)
_NOT_HOME = re.compile(r"[院宿宾酒旅房宅户民处所建持客店校进满了过读]")
_SCHOOL = re.compile(
    r"(?P<name>[一-龥0-9]{2,18}?(?:小学|初级中学|高级中学|中学|初中|高中|职业学校|技工学校|技校|职高|中专|实验学校|外国语学校|特殊教育学校|寄宿学校|九年一贯制学校|学校|幼儿园|附中|附小))(?P<campus>[一-龥]{2}校区)?"
)
_PUPIL = re.compile(
    r"就读|在读|读书|上学|放学|转学|年级|[班级校学中]学生|班主任|班上|幼儿园|未成年|女童|男童|家长"
)
_OF_SCHOOL = re.compile(
    r".*(?:就读于|就读在|就读|在读于|毕业于|任教于|系|是|在|于|到|至|从|往|为|由|与|和|及|向|将|对|位于|附近|转入|进入|被害人|原告|被告|该|送到|送至|离开|，|路过|途经|校名[：:]?|学校[：:])"
)
_NO_SCHOOL = re.compile(
    r"某|文化|程度|学历|元|归还|追加|截留|发给|赞助|返还|其就|[该本我其贵各全]校|^(?:这所|一所|两所|所有|有关|涉案|民办|公办|中|大|职业|党|寄宿制|义务教育|培训|托管|各中|全市|全县|辖区|当地)*(?:中小学|小学|中学|初中|高中|学校|幼儿园)"
)
_BORN = re.compile(
    r"(?:(?:出生日期|出生年月日?|生日|生于|出生于)[：:为是]?[ 　]*(?P<after>(?:19|20)\d{2}(?:年\d{1,2}月(?:\d{1,2}日)?|[-./]\d{1,2}[-./]\d{1,2}))"
    r"|(?P<before>(?:19|20)\d{2}年\d{1,2}月(?:\d{1,2}日)?)(?=[ 　]*(?:出生|生(?![产效活意前])|（?生）)))"
)


@dataclass(frozen=True)
class Place:
    """What leads to a person: `text[start:end]`; `kind` in Chinese: 住址, 学校, 出生日期."""

    kind: str
    start: int
    end: int


def addresses(text: str) -> Iterator[Place]:
    """The part of each address that lies below the district, behind its label or with a house number."""
    last = 0
    for match in _ANCHOR.finditer(text):
        if match.start() < last or (match.group() == "住" and _NOT_HOME.match(text, match.end())):
            continue
        end = _end(text, match.end())
        start = _below_district(text, match.end(), end)
        if _is_address(text[start:end]):
            yield Place("住址", start, end)
            last = end
    for match in _STREET.finditer(text):
        start = _below_district(text, match.start(), match.end())
        if start < match.end():
            yield Place("住址", start, match.end())


def schools(text: str, minors: bool, tags: Sequence[Word] = ()) -> Iterator[Place]:
    """Names of schools that lead to a minor: in a sentence about pupils, or anywhere where `minors` are concerned.

    A school found once is found wherever it stands; places may come twice.

    `tags` are the name model's words; where one takes the school for an organisation, the name begins there.
    """
    found = list(_schools(text, minors, tags))
    yield from found
    for name in {text[one.start : one.end] for one in found}:
        yield from (Place("学校", *match.span()) for match in re.finditer(re.escape(name), text))


def _schools(text: str, minors: bool, tags: Sequence[Word]) -> Iterator[Place]:
    organisations = [word for word in tags if word.tag in ("ORG", "LOC", "nz", "n")]
    starts = [word.start for word in organisations]
    for match in _SCHOOL.finditer(text):
        end = match.end()
        start = _school_start(text, match, organisations, starts)
        start = _below_district(text, start, end)
        name = text[start : match.end("name")]
        if (
            len(name) < 4
            or _NO_SCHOOL.search(name)
            or text[end : end + 2] in ("文化", "程度", "毕业", "学历")
        ):
            continue
        if minors or _PUPIL.search(_sentence(text, start, end)):
            yield Place("学校", start, end)


def _school_start(
    text: str, match: re.Match[str], organisations: Sequence[Word], starts: Sequence[int]
) -> int:
    start, end = match.start(), match.end("name")
    if lead := _OF_SCHOOL.match(text[start:end]):
        start += lead.end() if lead.end() < end - start - 2 else 0
    index = bisect_left(starts, end) - 1
    if index >= 0 and organisations[index].end >= end and organisations[index].tag in ("ORG", "LOC"):
        return max(match.start(), organisations[index].start)
    return start


def births(text: str) -> Iterator[Place]:
    """Days of birth."""
    for match in _BORN.finditer(text):
        group = "after" if match["after"] else "before"
        yield Place("出生日期", *match.span(group))


def kind_of_school(name: str) -> str:
    """What stays of a school's name: 某小学."""
    for word in ("小学", "幼儿园", "附小"):
        if word in name[-4:]:
            return "某小学" if word != "幼儿园" else "某幼儿园"
    for word in ("中学", "初中", "高中", "附中"):
        if name.endswith(word):
            return "某中学"
    return "某学校"


def _end(text: str, start: int) -> int:
    stop = _STOP.search(text, start, start + 60)
    return stop.start() if stop else min(len(text), start + 60)


def _is_address(detail: str) -> bool:
    return (
        len(detail) >= 2
        and "某" not in detail
        and "×" not in detail
        and bool(re.fullmatch(rf"{_DETAIL}+", detail))
        and bool(re.search(rf"{_FINE}|\d", detail))
    )


def _below_district(text: str, start: int, end: int) -> int:
    """Where the part of an address begins that is finer than a district."""
    region = re.match(_REGION, text[start:end])
    return start + (region.end() if region else 0)


def _sentence(text: str, start: int, end: int) -> str:
    left = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
    ends = [at for mark in "。；\n" if (at := text.find(mark, end)) >= 0]
    return text[max(left, start - 80) : min([*ends, end + 80])]
