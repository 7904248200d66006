"""The articles that name offences, with the names of those offences: how well each fits the words of a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from indexes.bags import Bag, Bags, Vocabulary, bm25
from indexes.catalogue import Catalogue
from indexes.charges import Charges, read_charges
from indexes.fact_signs import FactSigns
from indexes.lawbook import LawBook
from indexes.library import version_on


@dataclass(frozen=True)
class Offences:
    """The articles with their words, and the offences that norms of the library name."""

    labels: tuple[str, ...]
    words: Bags
    charges: Charges

    def match(self, asked: Bag) -> Mapping[str, float]:
        """For each article how well its words fit, 1 for the best one; {} where nothing fits or no law is loaded."""
        if not self.labels:
            return {}
        scores = self.words.match(asked)
        best = float(scores.max())
        if best <= 0:
            return {}
        return {label: float(score) / best for label, score in zip(self.labels, scores, strict=True)}


NO_OFFENCES = Offences((), bm25((), Vocabulary()), Charges({}))


def read_offences(
    catalogue: Catalogue, lawbook: LawBook, signs: FactSigns, vocabulary: Vocabulary, tokenise: Callable[[str], list[str]]
) -> Offences:
    """The offences as the library has them today; the articles get the names of their offences twice, as their title."""
    with catalogue.sight() as sight:
        laws = lawbook.look(sight).by_document.values()
    norms = sorted(
        (one for one in laws if any(word in one.name for word in signs.named_by)),
        key=lambda one: (one.version or date.min, one.name),
    )
    charges = read_charges(lawbook.text(one.document_id) for one in norms)
    names = charges.by_article()
    texts = _articles(catalogue, lawbook, signs)
    bags = [vocabulary.bag(tokenise(" ".join(names.get(label, ()) * 2) + " " + text)) for label, text in texts.items()]
    return Offences(tuple(texts), bm25(bags, vocabulary), charges)


def _articles(catalogue: Catalogue, lawbook: LawBook, signs: FactSigns) -> Mapping[str, str]:
    version = version_on(lawbook.versions(signs.law), date.today())
    if version is None:
        return {}
    texts: dict[str, str] = {}
    for found in catalogue.passages(version.document_id):
        label = found.passage.article
        if label is not None and signs.offence(label):
            texts[label] = texts.get(label, "") + found.passage.text
    return texts
