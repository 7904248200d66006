"""What the head and the closing article of a norm say of its dates, its issuer and its level."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Event = Literal["pass", "revise", "amend", "in_force"]

LEVELS = ("宪法", "法律", "行政法规", "司法解释", "部门规章", "地方性法规", "规范性文件")

# Between passing and promulgation lie weeks; what lies further apart are two texts [D].
UNTOLD_DAYS = 180

_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
# 公司法(2023-12-29).md, and the 公司法_20231229.docx of the national law database
_IN_FILE_NAME = re.compile(r"[（(](\d{4})-(\d{2})-(\d{2})[)）]|_(\d{4})(\d{2})(\d{2})(?!\d)")
_STARTS = re.compile(r"^[\s，,。；;）)]*(?:起)?\s*(?:施行|实施|生效)|^[^，。；\d]{0,12}公布施行|^[\s）)]*起生效")
_AMENDS = re.compile(r"决定[》〉]?\s*(?:第[一二三四五六七八九十]+次)?(?:修正|修订|修改)|修正|修改")
_FROM_DATE = re.compile(
    r"(?:自|于|从)\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日\s*(?:起)?\s*(?:施行|实施|执行|生效)"
)
_FROM_ISSUE = re.compile(r"自(?:公布|发布|颁布|印发|下发|批准|通过)之日起(?:开始)?(?:施行|实施|执行|生效)")
_ISSUERS = (
    r"全国人民代表大会常务委员会",
    r"全国人民代表大会",
    r"国务院、(?:中华人民共和国)?中央军事委员会",
    r"最高人民法院、最高人民检察院",
    r"最高人民法院",
    r"最高人民检察院",
    r"[一-龥]{2,12}(?:省|市|自治区|自治县)人民代表大会常务委员会",
    r"[一-龥]{2,12}(?:省|市|自治区|自治县)人民代表大会",
    r"国务院",
    r"[一-龥]{2,14}(?:部|委员会|总局|署)(?=令|发布|公布)",
)


@dataclass(frozen=True)
class Dates:
    """When a text was passed and since when it is in force; None is unknown, never absent.

    `version` is the day of the last passing or amending, `promulgated` the earliest day that the source
    names for the norm, `basis` tells in Chinese what `in_force_from` rests on or why it is unknown.
    """

    version: date | None
    promulgated: date | None
    in_force_from: date | None
    basis: str


def read_dates(head: Sequence[str], closing: Sequence[str], file_name: str) -> Dates:
    """The dates that the head lines, the closing articles and the file's name give together.

    A closing "自…起施行" dates an enactment or a 修订; of a 修正 it is the first enactment's and dates
    nothing, so that `in_force_from` stays None unless the head itself names the day.
    """
    events = _events(head)
    passings = [event for event in events if event[1] != "in_force"]
    named = _named(file_name)
    version = named or (max(passings)[0] if passings else max(events)[0] if events else None)
    promulgated = min(when for when, _ in (passings or events)) if events else named
    starts = [when for when, event in events if event == "in_force" and (version is None or when >= version)]
    if starts:
        return Dates(version, promulgated, max(starts), "题注载明施行日")
    if passings and max(passings)[1] == "amend":
        return Dates(version, promulgated, None, "修正文本，修改决定的施行日待核")
    day, basis = _from_closing(closing, version)
    if day is not None and day == version and passings and _untold(passings, named):
        return Dates(version, promulgated, None, "题注未载明最近一次修改的施行日，待核")
    return Dates(version, promulgated, day, basis)


def _untold(passings: Sequence[tuple[date, Event]], named: date | None) -> bool:
    """Whether "自公布之日" may be the enactment's, since the text was changed in a way the head does not call so."""
    last, event = max(passings)
    if named is not None and (named - last).days > UNTOLD_DAYS:
        return True
    return event == "pass" and (last - min(passings)[0]).days > UNTOLD_DAYS


def _events(head: Sequence[str]) -> list[tuple[date, Event]]:
    text = "\n".join(head)
    found = list(_DATE.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    events: list[tuple[date, Event]] = []
    for match, end in zip(found, ends[: len(found)], strict=True):
        when = to_date(*match.groups())
        if when is not None:
            events.append((when, _event(text[match.end() : end])))
    return events


def _event(rest: str) -> Event:
    if _STARTS.search(rest):
        return "in_force"
    outside = re.sub(r"《[^》]*》|〈[^〉]*〉", "决定》" if "决定" in rest else "", rest)
    if _AMENDS.search(outside):
        return "amend"
    return "revise" if "修订" in outside else "pass"


def _named(file_name: str) -> date | None:
    match = _IN_FILE_NAME.search(file_name)
    return to_date(*(part for part in match.groups() if part)) if match else None


def _from_closing(closing: Sequence[str], version: date | None) -> tuple[date | None, str]:
    for text in reversed(closing):
        match = _FROM_DATE.search(text)
        if match:
            day = to_date(*match.groups())
            if day is not None and (version is None or day >= version):
                return day, "正文载明施行日"
            return None, "正文所载施行日早于本次修改，施行日待核"
        if version is not None and _FROM_ISSUE.search(text):
            return version, "自公布之日起施行"
    return None, "施行日未载"


def to_date(year: str, month: str, day: str) -> date | None:
    """The day, or None where the three numbers are none."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def start_in(text: str, promulgated: date | None) -> date | None:
    """The day from which `text` says that it is in force ("自…起施行"); None where it says none."""
    dated = _FROM_DATE.findall(text)
    if dated:
        return to_date(*dated[-1])
    return promulgated if _FROM_ISSUE.search(text) else None


def issuer_of(head: Sequence[str], name: str) -> str:
    """Who passed the text that the head, or else the title, names; empty where neither does."""
    text = re.sub(r"《[^》]*》|第[零一二三四五六七八九十百\d]+届", "", "\n".join(head))
    return _issuer_in(text) or _issuer_in(name.split("关于")[0])


def _issuer_in(text: str) -> str:
    for pattern in _ISSUERS:
        match = re.search(pattern, text)
        if match:
            return match.group().removeprefix("中华人民共和国").lstrip("经日")
    return ""


def level_of(name: str, issuer: str) -> str:
    """The rank of a norm in the hierarchy (one of LEVELS), judged by its title and its issuer."""
    if name.startswith("中华人民共和国宪法"):
        return "宪法"
    if "最高人民法院" in name + issuer or "最高人民检察院" in name + issuer or name.startswith("人民检察院"):
        return "司法解释"
    if issuer.startswith("全国人民代表大会"):
        return "法律"
    if "人民代表大会" in issuer:
        return "地方性法规"
    if issuer.startswith("国务院"):
        return "行政法规"
    return "部门规章" if issuer else "规范性文件"


def level_of_folder(folder: str) -> str:
    """The rank that a folder's name tells (行政法规, 民法商法 …); empty where it tells none."""
    if folder in LEVELS:
        return folder
    return "法律" if folder.endswith("法") or folder in ("民法典",) else ""
