"""What the texts of laws say of other laws: which they repeal, which they amend, and from when on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from indexes.law_knowledge import Amendment, Repeal, name_key
from ingestion.enactment import start_in
from ingestion.statutes import Statute, clean_name

_NAMED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?P<part>第[一二三四五六七八九十百千零]+条)?")
_REPEAL = re.compile(r"(?:同时|即行|予以|相应)?废止")
_REFERRED = re.compile(r"(?:根据|依照|依据|按照|为了实施|修改)$")
_AMENDING = re.compile(r"关于修改〈(.+?)〉(?:部分条款|个别条款)?的决定$")
_BY_ARTICLE = re.compile(r"(?P<law>中华人民共和国(?:刑法|宪法))修正案")
_LISTED = re.compile(r"^[一二三四五六七八九十百]+、修改《((?:[^《》]|《[^《》]*》)+)》\s*$", re.MULTILINE)
_NUMBERED = re.compile(r"第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?")
PENAL_CODE = "中华人民共和国刑法"


def repeals(statutes: Iterable[Statute]) -> tuple[Repeal, ...]:
    """What the texts themselves repeal ("《…》同时废止"), each with the article that says so.

    A repeal takes effect with the enactment that says it: for a text amended later, whose own date is of the
    amendment, that is the earliest day its source names for the law.
    """
    return tuple(repeal for statute in statutes for repeal in _repeals_of(statute))


def _repeals_of(statute: Statute) -> list[Repeal]:
    found = []
    for article in statute.articles:
        text = statute.text[article.start : article.end]
        if "废止" not in text:
            continue
        for sentence in re.split(r"(?<=[。；\n])", text):
            for name in _repealed_in(sentence):
                if name_key(name) != name_key(statute.name):
                    by = f"《{statute.name}》{article.label}"
                    found.append(Repeal(name, _repealed_from(statute, text), by, statute.source))
    return found


def _repealed_in(sentence: str) -> list[str]:
    end = next((match.start() for match in _REPEAL.finditer(sentence)), None)
    if end is None:
        return []
    names = []
    for match in _NAMED.finditer(sentence[:end]):
        before = sentence[: match.start()].rstrip()
        if not match["part"] and not _REFERRED.search(before):
            names.append(clean_name(match[1]))
    return names


def _repealed_from(statute: Statute, text: str) -> date | None:
    named = start_in(text, None)
    if named is not None:
        return named
    if statute.in_force_from is not None and statute.promulgated == statute.version:
        return statute.in_force_from
    return statute.promulgated


def amendments(statute: Statute) -> tuple[Amendment, ...]:
    """The changes of other laws that a 修改决定 or 修正案 makes, with the day from which they are in force.

    Of a 刑法修正案 the articles that it touches are named; for others `articles` is None: not known.
    """
    by_article = _BY_ARTICLE.match(statute.name)
    amending = _AMENDING.search(statute.name)
    names: list[str] = []
    touched: frozenset[str] | None = None
    if by_article:
        names = [by_article["law"]]
        touched = _touched(statute) if by_article["law"] == PENAL_CODE else None
    elif amending:
        names = amending[1].split("〉〈") if "〉〈" in amending[1] else re.split(r"〉[、和]〈", amending[1])
    elif "关于修改〈" in statute.name:
        names = [clean_name(name) for name in _LISTED.findall(statute.text)]
    if statute.version is None:
        return ()
    day = statute.in_force_from
    return tuple(Amendment(name, statute.version, day, touched, f"《{statute.name}》") for name in names)


def _touched(statute: Statute) -> frozenset[str]:
    """The articles that a 修正案 names outside the words it puts in: rather one too many than one too few."""
    labels: set[str] = set()
    for line in statute.text.split("\n"):
        outside = re.sub(r"[“\"].*[”\"]|[“\"].*", "", line.strip())
        labels.update(_NUMBERED.findall(outside))
    return frozenset(labels)
