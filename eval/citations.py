"""Texts that cite law, with what each citation is worth, and how well the checker tells right from wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources

from assistant.citing import CheckedCitation, check_citations
from indexes.law_knowledge import law_knowledge, name_key
from indexes.lawbook import LawBook
from ingestion.numerals import article_label

TODAY = date(2026, 11, 25)  # the day of the set: nothing in it depends on when it is run

_GOLD = re.compile(
    r"(?P<law>\S+) (?:-|(?P<article>\d+)(?:-(?P<inserted>\d+))?(?:\.(?P<paragraph>\d+))?(?:\((?P<item>\d+)\))?(?:#(?P<sub>\d+))?)"
    r" (?P<status>\w+)(?: (?P<quote>verbatim|differs))?"
)


@dataclass(frozen=True)
class Wanted:
    """A citation that a text holds and what it is worth; status `wrong` is any but `verified`."""

    law: str
    article: str
    paragraph: int
    item: int
    sub: int
    status: str
    quote: str = "none"

    @property
    def key(self) -> tuple[str, str, int, int, int]:
        """What tells citations apart."""
        return name_key(self.law), self.article, self.paragraph, self.item, self.sub


@dataclass(frozen=True)
class CitingText:
    """A text with the citations that it holds, as of a day."""

    id: str
    text: str
    wanted: tuple[Wanted, ...]
    on: date = TODAY


@dataclass(frozen=True)
class Trouble:
    """A citation that was not found, not there, or judged otherwise than a person did."""

    case: CitingText
    kind: str  # missed, unwanted, passed (a wrong one), refused (a right one), status, quote
    told: str


@dataclass(frozen=True)
class Measured:
    """Counts over all texts; only a `verified` is a pass."""

    texts: int
    right: int
    right_passed: int
    wrong: int
    wrong_caught: int
    unchecked_passed: int
    troubles: tuple[Trouble, ...]


def by_hand() -> tuple[CitingText, ...]:
    """The texts written by hand that ship with the program."""
    path = resources.files("eval") / "suites" / "citations" / "by-hand.txt"
    return tuple(read_cases(path.read_text(encoding="utf-8").splitlines()))


def read_cases(lines: Iterable[str]) -> Iterator[CitingText]:
    """Texts of the form `@date text => LAW ARTICLE STATUS; …`; raises ValueError for a line that is none."""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        text, arrow, gold = line.rpartition(" => ")
        if not arrow:
            raise ValueError(f"line {number}: no ' => '")
        on = TODAY
        if text.startswith("@"):
            day, _, text = text[1:].partition(" ")
            on = date.fromisoformat(day)
        words = text.replace("\\n", "\n").replace("\\t", "\t")
        wanted = () if gold == "none" else tuple(_wanted(one, number) for one in gold.split("; "))
        yield CitingText(f"line {number}", words, wanted, on)


def _wanted(written: str, number: int) -> Wanted:
    match = _GOLD.fullmatch(written.strip())
    if match is None:
        raise ValueError(f"line {number}: {written!r} is no citation")
    numbers = {name: int(match[name] or 0) for name in ("article", "inserted", "paragraph", "item", "sub")}
    article = article_label(numbers["article"], numbers["inserted"]) if numbers["article"] else ""
    law = law_knowledge().aliases.get(name_key(match["law"]), match["law"])
    return Wanted(
        law, article, numbers["paragraph"], numbers["item"], numbers["sub"], match["status"], match["quote"] or "none"
    )


def measure(book: LawBook, cases: Sequence[CitingText]) -> Measured:
    """Check every text and compare with what is wanted."""
    total = Measured(len(cases), 0, 0, 0, 0, 0, ())
    for case in cases:
        found = list(check_citations(case.text, book, case.on))
        for wanted in case.wanted:
            place = next((at for at, one in enumerate(found) if _key(one) == wanted.key), None)
            one = None if place is None else found.pop(place)
            total = _count(total, case, wanted, one)
        extra = tuple(Trouble(case, "unwanted", f"{one.text}: {one.citation.law}") for one in found)
        total = replace(total, troubles=total.troubles + extra)
    return total


def _key(one: CheckedCitation) -> tuple[str, str, int, int, int]:
    cited = one.citation
    return name_key(cited.law), cited.article, cited.paragraph, cited.item, cited.sub


def _count(total: Measured, case: CitingText, wanted: Wanted, one: CheckedCitation | None) -> Measured:
    passed = one is not None and one.status == "verified"
    good = wanted.status == "verified"
    troubles = tuple(Trouble(case, kind, told) for kind, told in _troubles(wanted, one))
    return replace(
        total,
        right=total.right + good,
        right_passed=total.right_passed + (good and passed),
        wrong=total.wrong + (not good),
        wrong_caught=total.wrong_caught + (not good and one is not None and not passed),
        unchecked_passed=total.unchecked_passed + (wanted.status == "not_checked" and passed),
        troubles=total.troubles + troubles,
    )


def _troubles(wanted: Wanted, one: CheckedCitation | None) -> Iterator[tuple[str, str]]:
    if one is None:
        yield "missed", f"{wanted.law} {wanted.article} {wanted.paragraph} {wanted.item}"
        return
    told = f"{one.text}: {one.status} ({one.detail}), wanted {wanted.status}"
    if wanted.status == "verified" and one.status != "verified":
        yield "refused", told
    elif wanted.status != "verified" and one.status == "verified":
        yield "passed", told
    elif wanted.status not in {"wrong", one.status}:
        yield "status", told
    if wanted.status != "wrong" and wanted.quote != one.quote_status:
        yield "quote", f"{one.text}: {one.quote_status}, wanted {wanted.quote}"
