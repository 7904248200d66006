"""Who stands in a document by office: judges, prosecutors, clerks, lawyers, police; their names are for 案管 to decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ingestion.persons import Mention

Places = Mapping[str, tuple[tuple[int, int], ...]]

# Domain D: handlers and agents stay inside and are made public as 案管 decides; who protects others is not protected here.
_OFFICES = (
    "审判长|审判员|陪审员|书记员|速录员|法官助理|法官|执行员|检察长|检察官助理|检察官|检察员|公诉人|检察委员会委员|主持人|记录人|承办人|听证员|人民监督员"
    "|侦查人员|侦查员|民警|辅警|协警|警官|警员|指导员|教导员|中队长|大队长|支队长|翻译人员|翻译|辩护人|律师|院长|庭长|审核人|签发人|签发|校对"
)
_BY_OFFICE = frozenset(
    "审判长 审判员 人民陪审员 书记员 法官助理 公诉人 检察员 承办检察官 检察官助理 检察官 辩护人 民警 听证员 人民监督员 讯问人 询问人 记录人 主持人 承办人"
    " 提案人 领衔代表".split()
)
_AGENTS = frozenset({"诉讼代理人"})  # by office if a lawyer, else a relative or colleague of the party
_BEFORE = re.compile(rf"(?:{_OFFICES}|(?<!被)(?:讯问人|询问人))(?:（[^（）]{{1,12}}）)?[：:]?[ 　\t]*$")
_LAWYER = re.compile(
    r"(?:（[^（）]{0,20}）)?[，,、]?(?:系|是)?[^，。；\n]{0,24}?(?:律师|法律援助中心|法律援助处|法律服务所)"
)
_FIRM = re.compile(
    r"(?:（[^（）]{0,20}）)?[，,（(](?:均?系|是)?[^，。；与和向\n]{2,20}(?:律师事务所|法律援助中心|法律服务所)"
)
_OFFICER = re.compile(r"[（(][^（）()]{0,10}?(?:民警|法官|检察官|警官|辅警|律师|侦查人员|执法人员|协警)[）)]")
_PARTY = re.compile(r"[ 　]*[，,（(][ 　]*(?:男|女)[，,、）)]")


def in_office(text: str, places: Places, roles: Iterable[Mention]) -> set[str]:
    """The names that stand by an office and nowhere as a party, witness or victim.

    `places` are the spans of every name in the text; an office goes on through a list (民警王刚、李明).
    """
    beside: dict[str, set[str]] = {}
    for mention in roles:
        beside.setdefault(mention.name, set()).add(mention.role)
    spans = sorted((start, end, name) for name, found in places.items() for start, end in found)
    office: set[str] = set()
    party: set[str] = set()
    last = (-1, False)  # where the name before ended, and whether it stood by office
    for start, end, name in spans:
        goes_on = last[1] and text[last[0] : start] in ("、", "和", "及", "与")
        by_office = (
            goes_on
            or bool(_BEFORE.search(text, max(0, start - 24), start))
            or bool(_OFFICER.match(text, end))
        )
        if by_office or _FIRM.match(text, end):
            office.add(name)
        if _PARTY.match(text, end) and not by_office:
            party.add(name)
        last = (end, by_office)
    for name, found in beside.items():
        others = found - _BY_OFFICE - _AGENTS
        if others and not _only_officer(text, places.get(name, ())):
            party.add(name)
        elif found & _BY_OFFICE or any(_LAWYER.match(text, end) for _, end in places.get(name, ())):
            office.add(name)
    return office - party


def _only_officer(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether somebody is heard as an officer: 证人张三（民警）."""
    return any(_OFFICER.match(text, end) for _, end in spans)
