"""What became of each article between two texts of a law, told by the words and not by the order alone."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from indexes.text import fold
from ingestion.numerals import NUMERAL

Change = Literal["same", "changed", "renumbered", "added", "removed"]
Pair = tuple[int, int]

# Set while reading 公司法, 仲裁法, 监狱法 and 对外贸易法 in both texts; measured, not set, on the other laws of
# eval/suites/law/renumbering.yaml [D].
SURE = 0.6  # likeness from which two articles that prefer each other fix the order of their neighbours
ALIKE = 0.34  # likeness, with what the place adds, from which two articles are one
NEARNESS = 0.16  # what standing in the expected place adds
WEAK = 0.36  # likeness below which an article whose sentences went elsewhere is not what stands in its place
REACH = 4.0  # places away from the expected one at which that has fallen to a third
BETWEEN = 0.17  # likeness from which two articles without a counterpart are one where their neighbours are the same
FAINT = 0.1  # likeness that is enough there beside a counterpart of their neighbour, with a phrase of their own
PHRASE = 4  # characters in a row that make a phrase
LEAST = 0.16  # likeness without which no place helps
HELD = 0.6  # share of a sentence that another must hold for it to have come from there or gone there
MORE = 0.1  # by so much more than its article's own counterpart does
ONLY = 0.25  # less of it is asked where an article has no counterpart at all, and may have been merged into one
SENTENCE = 12  # characters without which a sentence is too short to tell where it came from
REFERRING = 40  # and so many, besides the numbers, for one that refers to other articles
COMMON = 0.12  # pairs of characters that more of the articles have than this tell none from another

_LABEL = re.compile(rf"\s*第{NUMERAL}+条(?:之{NUMERAL}+)?[\s\u3000]*")
_HEADINGS = re.compile(rf"(?:[\s\u3000]+(?:#+\s*)?第{NUMERAL}+(?:编|分编|章|节)[\s\u3000][^。；\n]{{1,40}})+\s*$")
_REFERENCE = re.compile(rf"第{NUMERAL}+[条款项]")


class Article(NamedTuple):
    """An article of one text: its label and its words, with or without the label before them."""

    label: str
    text: str


@dataclass(frozen=True)
class Move:
    """What became of the article `old` of the earlier text: `new` are the labels that it has in the later one.

    The first of `new` took most of it; more follow where it was split, and two articles that were merged lead to
    the same one. `new` is empty for a `removed` article, `old` for an `added` one. `renumbered` articles may read
    otherwise, too (`reworded`). `likeness` to the first of `new` goes from 0 to 1 (the same words).
    """

    old: str
    new: tuple[str, ...]
    change: Change
    reworded: bool
    likeness: float


def renumbered(old: Sequence[Article], new: Sequence[Article]) -> tuple[Move, ...]:
    """What became of every article of `old`, and which of `new` are new, in the order of `new`.

    Articles are matched by their words; the place among sure neighbours decides where words do not.
    Removed articles stand where they stood among the others.
    """
    table = _Table(old, new)
    pairs = _pairs(table)
    links = _links(table, pairs)
    gone = {at for at, _ in links}
    for at in [at for at, other in pairs.items() if table.like(at, other) < WEAK and at in gone]:
        del pairs[at]  # what little it shares with its counterpart is less than what it shares with another
    placed = [*_old_moves(table, pairs, links), *_added(table, pairs, links)]
    return tuple(move for _, move in sorted(placed, key=lambda one: one[0]))


def came_from(moves: Sequence[Move]) -> dict[str, tuple[str, ...]]:
    """From which articles of the earlier text each article of the later one came; none for new ones."""
    found: dict[str, tuple[str, ...]] = {}
    for move in moves:
        for label in move.new:
            found[label] = (*found.get(label, ()), *((move.old,) if move.old else ()))
    return found


def body(text: str) -> str:
    """The words of an article without the number before them, folded as quotations are.

    Headings of the part that follows, which some sources leave at an article's end, are none of its words.
    """
    return fold(_HEADINGS.sub("", _LABEL.sub("", text, count=1)))


# -- likeness ----------------------------------------------------------------------------------------


class _Table:
    """Two texts as sets of pairs of characters, and how alike their articles are."""

    def __init__(self, old: Sequence[Article], new: Sequence[Article]) -> None:
        self.old, self.new = old, new
        self.raw = tuple([_LABEL.sub("", one.text, count=1) for one in side] for side in (old, new))
        self.bodies = [body(one.text) for one in old], [body(one.text) for one in new]
        self.sets = tuple([_signs(words) for words in side] for side in self.bodies)
        seen = Counter(sign for side in self.sets for signs in side for sign in signs)
        total = max(1, len(old) + len(new))
        self.weight = {sign: math.log(1 + total / count) for sign, count in seen.items()}
        self.mass = tuple([self.weigh(signs) for signs in side] for side in self.sets)
        self.likes = self._likes(total)

    def weigh(self, signs: frozenset[str]) -> float:
        """How much the signs tell."""
        return sum(self.weight[sign] for sign in signs)

    def shared(self, old: int, new: int) -> float:
        """How much of what two articles say is in both."""
        return self.weigh(self.sets[0][old] & self.sets[1][new])

    @cached_property
    def _phrases(self) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
        """For each article of both texts the phrases that no other article of its text has."""
        sides = []
        for bodies in self.bodies:
            own = [_phrases(words) for words in bodies]
            seen = Counter(phrase for phrases in own for phrase in phrases)
            sides.append([frozenset(phrase for phrase in phrases if seen[phrase] == 1) for phrases in own])
        return sides[0], sides[1]

    def own_phrase(self, old: int, new: int) -> bool:
        """Whether two articles share a phrase that stands in no other article of either text."""
        return not self._phrases[0][old].isdisjoint(self._phrases[1][new])

    def _likes(self, total: int) -> dict[Pair, float]:
        """The likeness of all pairs that share something that is not everywhere."""
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for at, signs in enumerate(self.sets[1]):
            for sign in signs:
                holders[sign].append(at)
        most = max(4, int(COMMON * total))
        likes: dict[Pair, float] = {}
        for at, signs in enumerate(self.sets[0]):
            found: Counter[int] = Counter()
            for sign in signs:
                if len(holders[sign]) <= most:
                    found.update(dict.fromkeys(holders[sign], 1))
            for other, count in found.items():
                if count >= 2 or len(signs) < 12:
                    likes[at, other] = self.like(at, other)
        return likes

    def like(self, old: int, new: int) -> float:
        """Dice's measure over weighted pairs of characters; 1 only for articles that read the same."""
        if self.bodies[0][old] == self.bodies[1][new]:
            return 1.0
        both = self.mass[0][old] + self.mass[1][new]
        return min(0.999, 2 * self.shared(old, new) / both) if both else 0.0


def _signs(words: str) -> frozenset[str]:
    """The pairs of characters of an article; the numbers of articles that it refers to are left out."""
    plain = re.sub(r"[^\w]", "", _REFERENCE.sub("第条", words))
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) or frozenset({plain})


def _phrases(words: str) -> frozenset[str]:
    """All runs of so many characters that neither a mark nor a reference to an article breaks."""
    runs = re.findall(r"\w+", _REFERENCE.sub("|", words))
    return frozenset(run[at : at + PHRASE] for run in runs for at in range(len(run) - PHRASE + 1))


# -- one to one --------------------------------------------------------------------------------------


def _pairs(table: _Table) -> dict[int, int]:
    """Which old article is which new one: the most alike first, the place among sure neighbours considered."""
    expected = _expected(table)
    scored = []
    for (old, new), like in table.likes.items():
        score = like + NEARNESS * math.exp(-abs(new - expected[old]) / REACH)
        if like >= LEAST and score >= ALIKE:
            scored.append((score, -abs(new - expected[old]), old, new))
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, old, new in sorted(scored, reverse=True):
        if old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return {**pairs, **_between(table, pairs)}


def _between(table: _Table, pairs: Mapping[int, int]) -> dict[int, int]:
    """Articles without a counterpart that stand between the same neighbours in both texts and prefer each other.

    Where next to nothing of the words was kept, a phrase that only these two have tells that they are one, if
    they stand right beside two others that are one: of the 14 such pairs in all laws at hand one was wrong, while
    a lower `BETWEEN` was wrong for half.
    """
    lone = [new for new in range(len(table.new)) if new not in pairs.values()]
    scored: list[tuple[float, int, int]] = []
    before = -1
    for old in range(len(table.old)):
        if old in pairs:
            before = pairs[old]
            continue
        after = next((pairs[one] for one in range(old + 1, len(table.old)) if one in pairs), len(table.new))
        scored += [(table.like(old, new), old, new) for new in lone if before < new < after]
    found: dict[int, int] = {}
    for like, old, new in sorted(scored, reverse=True):
        alike = like >= BETWEEN or (like >= FAINT and _beside(pairs, old, new) and table.own_phrase(old, new))
        if alike and old not in found and new not in found.values():
            found[old] = new
    return found


def _beside(pairs: Mapping[int, int], old: int, new: int) -> bool:
    """Whether the articles right before, or right after, are one in both texts."""
    return pairs.get(old - 1) == new - 1 or pairs.get(old + 1) == new + 1


def _expected(table: _Table) -> list[float]:
    """The place in the later text at which each old article would stand if nothing moved but its neighbours."""
    sure = _sure(table)
    olds = [old for old, _ in sure]
    places = []
    for old in range(len(table.old)):
        at = bisect_left(olds, old)
        if at < len(sure) and olds[at] == old:
            places.append(float(sure[at][1]))
        elif not sure:
            places.append(float(old))
        elif at == 0:
            places.append(sure[0][1] - (olds[0] - old))
        elif at == len(sure):
            places.append(sure[-1][1] + (old - olds[-1]))
        else:
            (left, start), (right, end) = sure[at - 1], sure[at]
            places.append(start + (end - start) * (old - left) / (right - left))
    return places


def _sure(table: _Table) -> list[Pair]:
    """The longest series of pairs that prefer each other and keep their order."""
    best: dict[int, tuple[float, int]] = {}
    back: dict[int, tuple[float, int]] = {}
    for (old, new), like in table.likes.items():
        best[old] = max(best.get(old, (0.0, -1)), (like, -new))
        back[new] = max(back.get(new, (0.0, -1)), (like, -old))
    mutual = [
        (old, -new)
        for old, (like, new) in sorted(best.items())
        if like >= SURE and back[-new] == (like, -old)
    ]
    return _longest_rising(mutual)


def _longest_rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The longest part of pairs, sorted by the first, in which the second rises as well."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for at, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        before.append(at_end[length - 1] if length else -1)
        if length == len(ends):
            ends.append(new)
            at_end.append(at)
        else:
            ends[length], at_end[length] = new, at
    chain = []
    at = at_end[-1] if at_end else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


# -- one to several, several to one ------------------------------------------------------------------


class _Unit(NamedTuple):
    """A sentence of an article, and the share of it that one sentence of the article's counterpart holds."""

    article: int
    signs: frozenset[str]
    mass: float
    held: float


def _links(table: _Table, pairs: Mapping[int, int]) -> set[Pair]:
    """Which articles share a sentence beside those that are one: an article was split, or merged into another.

    A sentence that its article kept has not gone elsewhere, though a new article may repeat it; and a sentence of
    an article with a counterpart comes from elsewhere only where the counterpart does not hold it.
    """
    sentences = [_sentences(table.raw[side]) for side in (0, 1)]
    olds = _Units(table, sentences, 0, pairs)
    news = _Units(table, sentences, 1, {new: old for old, new in pairs.items()})
    scored: dict[Pair, float] = {}
    for old, new in table.likes:
        if pairs.get(old) != new:
            for at in olds.by_article[old]:
                for other in news.by_article[new]:
                    score = olds.share(table, at, news, other, old in pairs)
                    kept = max(olds.all[at].held, news.all[other].held - (0 if old in pairs else ONLY))
                    if score >= HELD and score > kept + MORE:
                        scored[at, other] = score
    return _best(scored, olds, news, set(range(len(table.new))) - set(pairs.values()))


def _sentences(texts: Sequence[str]) -> list[list[frozenset[str]]]:
    """The sentences of each article that are long enough to tell where they came from."""
    kept = ([one for one in re.split(r"[。\n]", text) if len(_plain(one)) > SENTENCE] for text in texts)
    return [[_signs(fold(sentence)) for sentence in article] for article in kept]


def _plain(sentence: str) -> str:
    """A sentence; nothing of one that does little more than refer to other articles."""
    bare = _REFERENCE.sub("", fold(sentence))
    return "" if bare != fold(sentence) and len(bare) < REFERRING else bare


class _Units:
    """The sentences of one text, by number and by article."""

    def __init__(
        self, table: _Table, sentences: Sequence[list[list[frozenset[str]]]], side: int, counterpart: Mapping[int, int]
    ) -> None:
        self.all: list[_Unit] = []
        self.by_article: defaultdict[int, list[int]] = defaultdict(list)
        for at, article in enumerate(sentences[side]):
            own = sentences[1 - side][counterpart[at]] if at in counterpart else []
            for signs in article:
                mass = table.weigh(signs)
                held = max((table.weigh(signs & other) / mass for other in own), default=0.0)
                if side or held < 1 - MORE:  # what was kept went nowhere else
                    self.by_article[at].append(len(self.all))
                    self.all.append(_Unit(at, signs, mass, held))

    def share(self, table: _Table, at: int, others: _Units, other: int, split: bool) -> float:
        """How much of the shorter sentence the longer one holds, less where little of that is in the shorter.

        An article that has no counterpart (`split` is false) was merged only where the other holds most of it.
        """
        one, two = self.all[at], others.all[other]
        if min(one.mass, two.mass) < 0.4 * max(one.mass, two.mass) and one.signs.isdisjoint(two.signs):
            return 0.0
        both = table.weigh(one.signs & two.signs)
        if not split:
            return both / one.mass
        less, more = sorted((both / one.mass, both / two.mass))
        return max(less + 0.1, more - 0.1)


def _best(scored: Mapping[Pair, float], olds: _Units, news: _Units, lone: set[int]) -> set[Pair]:
    """The articles to which the old sentences went, and those from which the sentences of new articles came."""
    went: dict[int, tuple[float, int]] = {}
    came: dict[int, tuple[float, int]] = {}
    for (old, new), score in scored.items():
        went[old] = max(went.get(old, (0.0, 0)), (score, -new))
        if news.all[new].article in lone:
            came[new] = max(came.get(new, (0.0, 0)), (score, -old))
    pairs = {(old, -new) for old, (_, new) in went.items()} | {(-old, new) for new, (_, old) in came.items()}
    return {(olds.all[old].article, news.all[new].article) for old, new in pairs}


# -- telling -----------------------------------------------------------------------------------------


def _old_moves(table: _Table, pairs: Mapping[int, int], links: set[Pair]) -> Iterator[tuple[float, Move]]:
    """What became of each old article, with its place among the new ones."""
    place = -1.0
    for at, article in enumerate(table.old):
        others = sorted(new for old, new in links if old == at)
        own = [pairs[at]] if at in pairs else []
        news = [*own, *(new for new in others if new not in own)]
        if own:
            place = float(own[0])
        yield (float(news[0]) if news else place + 0.5), _move(table, at, article.label, news)


def _move(table: _Table, at: int, label: str, news: Sequence[int]) -> Move:
    if not news:
        return Move(label, (), "removed", False, 0.0)
    labels = tuple(table.new[new].label for new in news)
    reworded = len(news) > 1 or table.bodies[0][at] != table.bodies[1][news[0]]
    change: Change = "renumbered" if labels[0] != label else "changed" if reworded else "same"
    return Move(label, labels, change, reworded, round(table.like(at, news[0]), 3))


def _added(table: _Table, pairs: Mapping[int, int], links: set[Pair]) -> Iterator[tuple[float, Move]]:
    known = {*pairs.values(), *(new for _, new in links)}
    for at, article in enumerate(table.new):
        if at not in known:
            yield float(at), Move("", (article.label,), "added", False, 0.0)
