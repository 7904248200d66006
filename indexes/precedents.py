"""Applicable law by precedent: the articles that papers with like facts apply, each with those papers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from indexes import applied
from indexes.applied import AppliedArticle, Known
from indexes.bags import Bag, Bags, Floats, Vocabulary, cosines
from indexes.catalogue import Catalogue
from indexes.chances import Evidence, Learnt, chances, learn
from indexes.fact_signs import fact_signs
from indexes.law_knowledge import name_key
from indexes.lawbook import LawBook
from indexes.lawnames import LawNames
from indexes.offences import NO_OFFENCES, Offences, read_offences
from ingestion.citations import citations
from ingestion.document import Kind
from ingestion.precedent import facts_text, precedent

MOST = 3_000  # precedents compared, those added last
LONGEST = 6_000  # characters of facts that are compared; what is behind them repeats the evidence
LEAST = 0.01  # chance below which an article is not worth naming
LIKE = 0.04  # likeness below which papers have only common words in common

ArticleKey = tuple[str, str]  # key of a law's name, label
Tokenise = Callable[[str], list[str]]


@dataclass(frozen=True)
class Near:
    """A precedent with like facts: `text[start:end]` of it cites the article in question, or is where its facts are."""

    document_id: str
    title: str
    kind: Kind
    likeness: float
    start: int
    end: int


@dataclass(frozen=True)
class Applicable:
    """An article with its chance (0 to 1) to apply; `cases` are those of the `near` most similar that apply it."""

    law: str
    article: str
    chance: float
    near: int
    cases: tuple[Near, ...]
    named: bool = False  # the facts name the offence, or the article

    @property
    def why(self) -> str:
        """The reason, in the user's words."""
        papers = "判决" if all(one.kind == "case" for one in self.cases) else "先例"
        if self.cases:
            return f"{self.near} 个最相似的{papers}中有 {len(self.cases)} 个适用"
        return "所述罪名或条文指向本条" if self.named else "条文用语与事实相近"


@dataclass(frozen=True)
class _Model:
    """What the precedents of one moment say."""

    stamp: tuple[tuple[int, int], tuple[int, str]]
    known: tuple[Known, ...]
    bags: Bags
    articles: tuple[ArticleKey, ...]
    titles: Mapping[ArticleKey, str]
    learnt: Learnt
    offences: Offences

    def likeness(self, asked: Bag, exclude: Collection[str]) -> Floats:
        """How like the facts of each precedent are; 0 for those that are left out."""
        likeness = self.bags.likeness(asked)
        if exclude:
            likeness[[row for row, one in enumerate(self.known) if one.document_id in exclude]] = 0.0
        return likeness


@dataclass
class _Kept:
    """The bags of papers that were read before, so that one more paper costs no reading of the others."""

    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    bags: dict[str, Bag] = field(default_factory=dict)


class Precedents:
    """The judgments and letters of a home as precedents; sees at once what any process has added or removed."""

    def __init__(self, catalogue: Catalogue, lawbook: LawBook, tokenise: Tokenise) -> None:
        self._catalogue = catalogue
        self._lawbook = lawbook
        self._tokenise = tokenise
        self._kept = _Kept()
        self._model: _Model | None = None
        self._making = Lock()

    def refresh(self) -> int:
        """Read the papers that were not yet read as precedents, and keep what they apply; how many there were."""
        with self._catalogue.reading() as connection:
            waiting = applied.unread(connection)
        if not waiting:
            return 0
        names = self._lawbook.names()
        for document_id, kind in waiting:
            found = precedent(kind, self._catalogue.text_of(document_id) or "", names)
            with self._catalogue.writing() as connection:
                applied.keep(connection, document_id, found)
        return len(waiting)

    def applying(self, law: str, article: str) -> list[str]:
        """The papers that apply an article."""
        self.refresh()
        with self._catalogue.reading() as connection:
            return applied.applying(connection, law, article)

    def applicable(self, facts: str, *, exclude: Collection[str] = ()) -> list[Applicable]:
        """The articles that may apply to these facts, the likeliest first; [] where no precedent is like them.

        Papers in `exclude` are asked neither for their articles nor for how often articles apply.
        """
        model = self._look()
        evidence = self._evidence(model, facts, exclude)
        if evidence is None:
            return []
        rated = chances(model.learnt, evidence, model.articles, fact_signs())
        cases = self._cases(model, evidence)
        named = evidence.charged | evidence.cited
        found = [
            Applicable(
                model.titles.get(key, fact_signs().law),
                key[1],
                round(chance, 4),
                min(len(evidence.nearest), fact_signs().near),
                tuple(cases.get(key, ())),
                key[1] in named and key[0] == name_key(fact_signs().law),
            )
            for key, chance in rated
            if chance >= LEAST
        ]
        return sorted(found, key=lambda one: (-one.chance, one.law, one.article))

    def likeness(self, facts: str, *, exclude: Collection[str] = ()) -> float:
        """How like these facts the nearest precedent is, 0 to 1; 0 where there is none."""
        near = self.near(facts, 1, exclude=exclude)
        return near[0].likeness if near else 0.0

    def near(self, facts: str, k: int, *, exclude: Collection[str] = ()) -> list[Near]:
        """The `k` precedents with the most similar facts, the most similar first, with the span of their facts."""
        model = self._look()
        likeness = model.likeness(self._bag(facts), exclude)
        found = []
        for row, alike in _nearest(likeness, k):
            paper = model.known[row]
            start, end = paper.facts[0]
            found.append(Near(paper.document_id, paper.title, paper.kind, round(alike, 4), start, end))
        return found

    def facts_of(self, document_id: str) -> str | None:
        """The facts of a stored paper: of a precedent those parts, of another all of it; None where it is unknown."""
        text = self._catalogue.text_of(document_id)
        if text is None:
            return None
        paper = next((one for one in self._look().known if one.document_id == document_id), None)
        return text if paper is None else facts_text(text, paper.facts)

    def names(self) -> LawNames:
        """The names by which laws are cited."""
        return self._lawbook.names()

    # -- what is asked of the model -----------------------------------------------------------------

    def _bag(self, facts: str) -> Bag:
        return self._kept.vocabulary.known(self._tokenise(facts[:LONGEST]))

    def _evidence(self, model: _Model, facts: str, exclude: Collection[str]) -> Evidence | None:
        asked = self._bag(facts)
        likeness = model.likeness(asked, exclude)
        nearest = _nearest(likeness, fact_signs().voters)
        if not nearest:
            return None
        law = name_key(fact_signs().law)
        names = self._lawbook.names()
        return Evidence(
            nearest=nearest,
            likeness=likeness,
            charged=model.offences.charges.named_in(facts),
            cited=frozenset(one.article for one in citations(facts, names) if name_key(one.law) == law and one.article),
            words=model.offences.match(asked),
            signs=frozenset(label for label, sign in fact_signs().signs.items() if sign.search(facts)),
        )

    def _cases(self, model: _Model, evidence: Evidence) -> Mapping[ArticleKey, Sequence[Near]]:
        cases: dict[ArticleKey, list[Near]] = {}
        told = fact_signs().near
        for row, alike in evidence.nearest[:told]:
            paper = model.known[row]
            for key, where in _first(paper.applied).items():
                near = Near(paper.document_id, paper.title, paper.kind, round(alike, 4), where.start, where.end)
                cases.setdefault(key, []).append(near)
        return cases

    # -- the model ----------------------------------------------------------------------------------

    def _look(self) -> _Model:
        """The model of this moment; made anew only where papers or laws came or went."""
        stamp = self._stamp()
        model = self._model
        if model is not None and model.stamp == stamp:
            return model
        with self._making:
            model = self._model
            if model is None or model.stamp != stamp:
                self.refresh()
                model = self._model = self._made(stamp)
            return model

    def _stamp(self) -> tuple[tuple[int, int], tuple[int, str]]:
        with self._catalogue.reading() as connection:
            papers = applied.stamp(connection)
        with self._catalogue.sight() as sight:
            return papers, sight.law_generation()

    def _made(self, stamp: tuple[tuple[int, int], tuple[int, str]]) -> _Model:
        signs = fact_signs()
        with self._catalogue.reading() as connection:
            known = tuple(applied.known(connection)[:MOST])
        self._kept.bags = {one.document_id: self._kept_bag(one) for one in known}
        titles = {_key(one): one.law for paper in known for one in paper.applied if "诉讼" not in one.law}
        articles = tuple(sorted(titles))
        offences = NO_OFFENCES
        if known:  # without precedents nobody asks for them
            offences = read_offences(self._catalogue, self._lawbook, signs, self._kept.vocabulary, self._tokenise)
        bags = cosines([self._kept.bags[one.document_id] for one in known], self._kept.vocabulary)
        facts = [facts_text(self._catalogue.text_of(one.document_id) or "", one.facts) for one in known]
        learnt = learn([{_key(each) for each in one.applied} for one in known], facts, articles, signs)
        return _Model(stamp, known, bags, articles, titles, learnt, offences)

    def _kept_bag(self, paper: Known) -> Bag:
        kept = self._kept.bags.get(paper.document_id)
        if kept is None:
            text = self._catalogue.text_of(paper.document_id) or ""
            kept = self._kept.vocabulary.bag(self._tokenise(facts_text(text, paper.facts)[:LONGEST]))
        return kept


def _nearest(likeness: Floats, k: int) -> list[tuple[int, float]]:
    """The rows of the `k` most similar precedents that are like the facts at all, each with its likeness."""
    order = np.argsort(-likeness, kind="stable")[:k]
    return [(int(row), float(likeness[row])) for row in order if likeness[row] >= LIKE]


def _key(one: AppliedArticle) -> ArticleKey:
    return name_key(one.law), one.article


def _first(articles: Iterable[AppliedArticle]) -> Mapping[ArticleKey, AppliedArticle]:
    """For each article where a paper applies it first."""
    found: dict[ArticleKey, AppliedArticle] = {}
    for one in articles:
        found.setdefault(_key(one), one)
    return found
