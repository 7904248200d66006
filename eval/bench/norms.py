"""Check what the reader makes of a folder of norms: articles against another count, chapters against a checked sample.

Usage: python -m eval.bench.norms FOLDER

The other count knows no pattern and no rule of the reader's: it takes the words between white space that are nothing
but an article's number and stand at the head of a line or behind a full stop, and counts the longest series of them
that only counts upwards. What is quoted from elsewhere does not fit into that series.
"""

from __future__ import annotations

import hashlib
import sys
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from ingestion.provisions import provisions
from ingestion.statutes import Statute, is_numbered_article, read_statute
from prompts.loader import Record, read_model

_DIGITS = "零一二三四五六七八九"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ENDS = "。；：”」）》>"
LEAP = 20
_BODY = "<!-- INFO END -->"

Key = tuple[int, int]


class GoldChapter(Record):
    """An article of a norm, known by the SHA-256 of its file, and the numbers of the 编章节 that it stands in."""

    sha256: str
    article: str
    chapter: tuple[str, ...]


class GoldChapters(Record):
    """Articles whose chapters a person looked up."""

    about: str
    articles: tuple[GoldChapter, ...]


@dataclass(frozen=True)
class Count:
    """One norm: its articles by the reader and by the other count, labels that stand twice, and its 款 and 项."""

    name: str
    path: Path
    articles: int
    other: int
    twice: int
    paragraphs: int
    items: int


def number(words: str) -> int | None:
    """The value of a Chinese numeral up to 9999; None where the words are none."""
    total = digit = 0
    for sign in words.replace("〇", "零").replace("○", "零"):
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif sign in _DIGITS:
            digit = _DIGITS.index(sign)
        else:
            return None
    return total + digit or None


def key(word: str) -> Key | None:
    """The numbers of 第三条 and 第三条之一; None for any other word."""
    if not word.startswith("第") or "条" not in word:
        return None
    first, _, rest = word[1:].partition("条")
    main = number(first)
    inserted = number(rest[1:]) if rest.startswith("之") else 0 if not rest else None
    return (main, inserted) if main and inserted is not None else None


def other_count(text: str) -> int:
    """The articles of a norm by the longest series of numbers that counts upwards."""
    body = text.partition(_BODY)[2] or text
    return longest_rise([found for line in body.split("\n") for found in _keys(line)])


def _keys(line: str) -> Iterator[Key]:
    before = ""
    for word in line.replace("\u3000", " ").replace("【", " ").split():
        found = key(word.strip("*"))
        if found and (not before or before[-1] in _ENDS):
            yield found
        before = word


def longest_rise(keys: Sequence[Key]) -> int:
    """The length of the longest strictly rising series within a sequence, in its order, up to a leap of its numbers.

    No norm lacks `LEAP` articles in a row; behind such a leap stand articles that an amendment writes for another.
    """
    tails: list[int] = []
    before: list[int | None] = []
    for index, one in enumerate(keys):
        at = bisect_left(tails, one, key=lambda tail: keys[tail])
        before.append(tails[at - 1] if at else None)
        tails[at : at + 1] = [index]
    series: list[Key] = []
    last = tails[-1] if tails else None
    while last is not None:
        series.append(keys[last])
        last = before[last]
    series.reverse()
    return next((at for at in range(1, len(series)) if series[at][0] - series[at - 1][0] > LEAP), len(series))


def count(path: Path, text: str) -> Count:
    """Both counts of one file."""
    statute = read_statute(text, path.stem)
    labels = [one.label for one in statute.articles if is_numbered_article(one.label)]
    parts = [part for one in statute.articles for part in provisions(text[one.start : one.end])]
    items = sum(part.item > 0 and part.sub == 0 for part in parts)
    paragraphs = sum(part.item == 0 and part.sub == 0 for part in parts)
    twice = len(labels) - len(set(labels))
    return Count(statute.name, path, len(labels), other_count(text), twice, paragraphs, items)


def gold_chapters() -> tuple[GoldChapter, ...]:
    """The articles whose chapters a person looked up."""
    return read_model(GoldChapters, resources.files("eval") / "suites", "fields", "chapters-50.yaml").articles


def chapter_of(statute: Statute, label: str) -> tuple[str, ...]:
    """The numbers of the 编章节 that an article of a statute stands in (第二编, 第五章)."""
    (article,) = [one for one in statute.articles if one.label == label]
    return tuple(heading.split(" ")[0] for heading in article.headings)


def wrong_chapters(texts: dict[str, tuple[Path, str]]) -> tuple[int, list[str]]:
    """How many of the checked articles the folder holds, and what the reader has wrong of them."""
    checked, wrong = 0, []
    for gold in gold_chapters():
        if gold.sha256 in texts:
            path, text = texts[gold.sha256]
            checked += 1
            got = chapter_of(read_statute(text, path.stem), gold.article)
            if got != gold.chapter:
                wrong.append(f"{path.stem} {gold.article}：应为 {gold.chapter}，读出 {got}")
    return checked, wrong


def main(arguments: list[str]) -> int:
    """Print the totals, every norm on which the counts differ, and wrong chapters; 1 where there is any."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    paths = [path for path in sorted(Path(arguments[0]).rglob("*.md")) if not path.name.startswith("_")]
    data = {path: path.read_bytes() for path in paths}
    texts = {hashlib.sha256(held).hexdigest(): (path, held.decode("utf-8")) for path, held in data.items()}
    counts = [count(path, held.decode("utf-8")) for path, held in data.items()]
    differing = [one for one in counts if one.articles != one.other or one.twice]
    for one in differing:
        print(f"不一致：{one.path.stem}：{one.articles} 条，独立计数 {one.other}，重复 {one.twice}")
    checked, wrong = wrong_chapters(texts)
    print("\n".join(wrong), end="\n" if wrong else "")
    print(
        f"规范 {len(counts)} 部，条 {sum(one.articles for one in counts)}，独立计数 {sum(one.other for one in counts)}，"
    )
    print(
        f"款 {sum(one.paragraphs for one in counts)}，项 {sum(one.items for one in counts)}；不一致 {len(differing)} 部；"
    )
    print(f"章节抽查 {checked} 条，错 {len(wrong)} 条")
    return 1 if differing or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
