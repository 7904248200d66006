"""A norm becomes articles: title, dates, 编章节 and the span of every article in the one text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingestion.enactment import issuer_of, level_of, level_of_folder, read_dates
from ingestion.numerals import NUMERAL, article_label, to_chinese, to_int

Key = tuple[int, int]


@dataclass(frozen=True)
class Article:
    """`text[start:end]` of a statute: it opens with the number as printed and holds no chapter heading.

    `label` is canonical: 第二百六十四条, 第一百三十三条之一. Norms without 条 are labelled by their own
    numbers (一、 or （一） or 1.) or by paragraph (第三段); what stands outside the articles is
    引言, 序言, 附件一 and so on. No label occurs twice in a statute. `headings` leads from 编 down to 节.
    """

    label: str
    headings: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Statute:
    """One version of a norm. Dates that the source does not give are None, and `in_force_basis` says why.

    `name` is the full title without white space and outer 《》, marks inside it written 〈〉.
    """

    name: str
    version: date | None
    promulgated: date | None
    in_force_from: date | None
    in_force_basis: str
    level: str
    issuer: str
    source: str
    text: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    text: str
    heading: str = ""
    rank: int = 0


@dataclass(frozen=True)
class _Opening:
    start: int
    label: str


_INVISIBLE = "\u200b\ufeff\u2060"
_BLANK = f" \t\r\f\v\u00a0\u3000\u2002\u2003{_INVISIBLE}"
_HEAD_END = "<!-- INFO END -->"
_RANKS = {"编": 1, "分编": 2, "章": 3, "节": 4, "目": 5}
_CHAPTER = re.compile(rf"第{NUMERAL}+(分编|编|章|节|目)(?![一-龥])[\s\u3000]*")
_LABEL = re.compile(rf"第({NUMERAL}+)条(?:之({NUMERAL}+))?")
_INLINE = re.compile(rf"[。；：”」）][\s\u3000]+(?=第{NUMERAL}+条(?:之{NUMERAL}+)?[\s\u3000])")
# "第十二条规定的期限" at the start of a line refers to an article and opens none
_REFERS = re.compile(r"(?:第|的|规定|所|中|之|和|与|及|至|到|或|以|内|外|项|款|、|，|,|。|；|（|\()")
_ANNEX = re.compile(rf"(附[件录表图]?[\s\u3000]*{NUMERAL}*)(?:[\s\u3000]*[：:].*|[\s\u3000]+.{{0,40}})?$")
_NUMBERS = (
    re.compile(r"([一二三四五六七八九十百]+)、"),
    re.compile(r"[（(]([一二三四五六七八九十百]+)[)）]"),
    re.compile(r"(\d{1,3})[.．、](?!\d)"),
)
_ITEM = re.compile(rf"[（(]{NUMERAL}+[)）]|\d{{1,3}}[.．、]")
_TITLE_END = re.compile(r"(?:法|典|条例|规定|办法|解释|解答|决定|规则|细则|批复|通知|意见|安排|方案|[)）〉》])$")
CLOSING = 3  # the last articles, among which the day of entry into force stands


def read_statute(text: str, name: str, *, level: str = "", source: str = "") -> Statute:
    """Read a norm from text like that of the law folders, or from the plain text of a .docx.

    `name` is the file's name: its (YYYY-MM-DD) dates the version, and it stands in for a missing title.
    `level`, a rank or the name of the folder (行政法规, 民法商法), overrides what title and issuer suggest. The text is kept code point for code point.
    """
    lines = list(_lines(text))
    title, rest = _title(lines)
    head, body, parts = _head_and_body(text, rest)
    articles = _articles(_with_headings(body, text), parts)
    dates = read_dates(
        [line.text for line in head], [text[part.start : part.end] for part in _closing(articles)], name
    )
    full_name = clean_name(title or re.sub(r"[（(]\d{4}-\d\d-\d\d[)）]|\.\w+$", "", name))
    rank = level_of_folder(level)
    issuer = issuer_of([line.text for line in head], full_name) or ("国务院" if rank == "行政法规" else "")
    return Statute(
        name=full_name,
        version=dates.version,
        promulgated=dates.promulgated,
        in_force_from=dates.in_force_from,
        in_force_basis=dates.basis,
        level=rank or level_of(full_name, issuer),
        issuer=issuer,
        source=source,
        text=text,
        articles=articles,
    )


def clean_name(title: str) -> str:
    """A norm's title without white space and outer 《》; marks inside it are written 〈〉."""
    title = "".join(character for character in title if not character.isspace() and character not in _INVISIBLE)
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1:
        title = title[1:-1]
    return title.translate(str.maketrans("《》<>", "〈〉〈〉"))


def is_numbered_article(label: str) -> bool:
    """Whether the label is that of a 条, not of a paragraph, preamble or annex."""
    return _LABEL.fullmatch(label) is not None


def paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of the 款 of an article's text.

    A new line opens a 款 unless it is an item (（一）, 1.), a line of plain text between two items, or the
    rest of a list whose line before ends in ， 、 ； or ：.
    """
    lines = [(line.start, line.end, line.text) for line in _lines(text)]
    items = [index for index, line in enumerate(lines) if _ITEM.match(line[2])]
    spans: list[tuple[int, int]] = []
    for index, (start, end, line) in enumerate(lines):
        following = next((item for item in items if item > index), None)
        between = (
            bool(items) and items[0] < index and following is not None and not _new_list(lines, index, following)
        )
        continues = bool(spans) and lines[index - 1][2].endswith(("，", "、", "；", "：", ":", ";"))
        if spans and (_ITEM.match(line) or between or continues):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


def _new_list(lines: Sequence[tuple[int, int, str]], index: int, item: int) -> bool:
    """Whether the item opens a list of its own: it counts from one again, or a line before announces it."""
    first = re.match(r"[（(]?(?:一|1)[)）.．、]", lines[item][2]) is not None
    return first or any(line[2].endswith(("：", ":")) for line in lines[index:item])


# -- lines, head and headings ------------------------------------------------------------------------


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold something, without the white space around them."""
    start = 0
    for raw in text.split("\n"):
        stripped = raw.strip(_BLANK)
        if stripped:
            left = start + raw.index(stripped)
            yield _Line(left, left + len(stripped), stripped)
        start += len(raw) + 1


def _title(lines: Sequence[_Line]) -> tuple[str, list[_Line]]:
    """The title and the lines after it; a title of plain text may run over three lines."""
    for index, line in enumerate(lines):
        if line.text.startswith("# "):
            return line.text[2:], list(lines[index + 1 :])
    title = ""
    for index, line in enumerate(lines[:3]):
        if _heading_text(line.text, markdown=False) or _LABEL.match(line.text) or len(line.text) > 80:
            return title, list(lines[index:])
        title += line.text
        if _TITLE_END.search(line.text):
            return title, list(lines[index + 1 :])
    return (lines[0].text, list(lines[1:])) if lines else ("", [])


def _head_and_body(text: str, lines: Sequence[_Line]) -> tuple[list[_Line], list[_Line], tuple[str, ...]]:
    """The lines that tell of passing and amending, the lines of the norm, and the titles of a part (人格权编)."""
    mark = text.find(_HEAD_END)
    if mark >= 0:
        head = [line for line in lines if line.end <= mark]
        body = [line for line in lines if line.start >= mark + len(_HEAD_END)]
    else:
        count = _head_length(lines)
        head, body = list(lines[:count]), list(lines[count:])
    parts = tuple(_squeeze(line.text[2:]) for line in head if line.text.startswith("# "))
    return [line for line in head if not line.text.startswith("# ")], body, parts


_HEAD_LINE = re.compile(
    r"\d{4}\s*年\s*\d{1,2}\s*月|^[（(].*[)）]$|通过|公布|发布|修正|修订|施行|第\S+号|^[—\-*=]+$|^目\s*[录次]$"
)

# a law changed many times tells its history in one paragraph of any length
_HISTORY = re.compile(r"[（(]?\s*(?:根据)?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日")


def _head_length(lines: Sequence[_Line]) -> int:
    for index, line in enumerate(lines):
        opens = _LABEL.match(line.text) or _heading_text(line.text, markdown=False)
        too_long = len(line.text) > 300 and not _HISTORY.match(line.text)
        if opens or too_long or not _HEAD_LINE.search(line.text):
            return index
    return 0


def _with_headings(lines: Sequence[_Line], text: str) -> list[_Line]:
    """The lines, chapter headings marked. In Markdown only lines with # are headings."""
    markdown = text.startswith("# ") or "\n# " in text or "\n## " in text
    marked = []
    for line in lines:
        found = _heading_text(line.text, markdown=markdown)
        if found is not None:
            line = replace(line, heading=found[0] or " ", rank=found[1])
        marked.append(line)
    return marked


def _heading_text(line: str, *, markdown: bool) -> tuple[str, int] | None:
    """Title and rank of a heading (编 1 … 目 5); None where the line is body text."""
    if markdown:
        if not line.startswith("#"):
            return None
        title = line.lstrip("#").strip(_BLANK)
        match = _CHAPTER.match(title)
        depth = len(line) - len(line.lstrip("#"))
        return _squeeze(title), _RANKS[match[1]] if match else max(3, depth + 1)
    if re.fullmatch(r"目[\s\u3000]*[录次]", line):
        return "", 1
    match = _CHAPTER.match(line)
    if match is None or len(line) > 45 or line.endswith(("。", "；", "，", "：")):
        return None
    return _squeeze(line), _RANKS[match[1]]


def _squeeze(title: str) -> str:
    """A heading without the white space that spreads it: 第一章 总 则 is 第一章 总则."""
    title = "".join(character for character in title if character not in _INVISIBLE)
    match = _CHAPTER.match(title)
    if match is None:
        return "".join(title.split())
    number = "".join(title[: match.end()].split())
    rest = "".join(title[match.end() :].split())
    return f"{number} {rest}" if rest else number


# -- openings ----------------------------------------------------------------------------------------


def _articles(lines: Sequence[_Line], parts: tuple[str, ...]) -> tuple[Article, ...]:
    openings = _article_openings(lines) or _number_openings(lines)
    annexes = _annexes(lines, max((opening.start for opening in openings), default=-1))
    return _unique(_assemble(_segments(lines, openings), annexes, parts, loose=not openings))


def _article_openings(lines: Sequence[_Line]) -> list[_Opening]:
    """Where articles open: labels at the start of a line, or after a sentence within one, that go on counting.

    A label that counts back, or that jumps while the next number still comes, is quoted or referred to.
    """
    body = [line for line in lines if not line.heading]
    keys = _line_keys(body)
    to_come = Counter(key for key in keys if key is not None)
    openings: list[_Opening] = []
    previous: Key | None = None
    quoted: Key | None = None
    said = ""
    for index, (line, key) in enumerate(zip(body, keys, strict=True)):
        if previous is not None and _ANNEX.match(line.text) and not _counts_on(keys[index:], previous):
            break
        if key is not None:
            to_come[key] -= 1
            if _goes_on(key, previous, quoted, to_come, said):
                openings.append(_Opening(line.start, article_label(*key)))
                previous, quoted, said = key, None, ""
            elif previous is not None and key > previous:
                quoted = key
        for offset, inner in _inline(line, previous):
            openings.append(_Opening(offset, article_label(*inner)))
            previous = inner
        said += line.text
    return openings


def _counts_on(keys: Sequence[Key | None], previous: Key) -> bool:
    """Whether the next number printed goes on from the article before."""
    return next((key for key in keys if key is not None), None) in _successors(previous)


def _goes_on(key: Key, previous: Key | None, quoted: Key | None, to_come: Counter[Key], said: str) -> bool:
    """Whether a label opens an article, given the article before it and the numbers still to come."""
    if previous is None or key in _successors(previous):
        return True
    if key <= previous or (quoted is not None and key in _successors(quoted)):
        return False
    # a jump: the source lacks a number, or an article of another law is quoted
    if any(to_come[successor] > 0 for successor in _successors(previous)):
        return False
    return f"作为{article_label(*key)}" not in said


def _successors(key: Key) -> tuple[Key, Key]:
    return (key[0] + 1, 0), (key[0], key[1] + 1)


def _line_keys(lines: Sequence[_Line]) -> list[Key | None]:
    """The article number that each line begins with, in the manner of this text: with a space, or without."""
    matches = [_LABEL.match(line.text) for line in lines]
    spaced = [_after(line, match) in ("", " ") for line, match in zip(lines, matches, strict=True)]
    any_spaced = any(spaced)
    keys: list[Key | None] = []
    for line, match, is_spaced in zip(lines, matches, spaced, strict=True):
        opens = is_spaced if any_spaced else match and not _REFERS.match(line.text, match.end())
        keys.append(_key(match) if match and opens else None)
    return keys


def _after(line: _Line, match: re.Match[str] | None) -> str:
    """What follows a label: empty for the line's end, a space for any white space or 【, else the character."""
    if match is None:
        return "-"
    following = line.text[match.end() : match.end() + 1]
    return " " if following.isspace() or following in ("【", "[", "〔") else following


def _key(match: re.Match[str]) -> Key | None:
    try:
        key = to_int(match[1]), to_int(match[2]) if match[2] else 0
    except ValueError:
        return None
    return key if 0 < key[0] < 10_000 and key[1] < 10_000 else None


def _inline(line: _Line, previous: Key | None) -> Iterator[tuple[int, Key]]:
    """Articles that open inside a line, each the very next number (a source that lost its line breaks)."""
    for gap in _INLINE.finditer(line.text):
        match = _LABEL.match(line.text, gap.end())
        key = _key(match) if match else None
        if previous is not None and key is not None and key in _successors(previous):
            previous = key
            yield line.start + gap.end(), key


def _number_openings(lines: Sequence[_Line]) -> list[_Opening]:
    """Where the items of a norm without 条 open: the kind of number (一、 or （一） or 1.) that comes first."""
    kind = next((kind for line in lines if not line.heading for kind in _NUMBERS if _first(kind, line.text)), None)
    if kind is None:
        return []
    openings: list[_Opening] = []
    previous = 0
    restart = False  # under a new heading the items may count from one again
    for line in lines:
        match = None if line.heading else kind.match(line.text)
        if match and (to_int(match[1]) > previous or (restart and to_int(match[1]) == 1)):
            openings.append(_Opening(line.start, _item_label(match)))
            previous = to_int(match[1])
            restart = False
        restart = restart or bool(line.heading)
    return openings


def _item_label(match: re.Match[str]) -> str:
    """一、 or （一） or 1. whatever the width that it is printed in."""
    if match.re is _NUMBERS[2]:
        return f"{to_int(match[1])}."
    return f"{match[1]}、" if match.re is _NUMBERS[0] else f"（{match[1]}）"


def _first(kind: re.Pattern[str], text: str) -> bool:
    match = kind.match(text)
    return match is not None and to_int(match[1]) == 1


def _annexes(lines: Sequence[_Line], last_opening: int) -> dict[int, str]:
    """The lines behind the last article that open an annex, by where they start."""
    found = {}
    for line in lines:
        match = _ANNEX.match(line.heading or line.text)
        if line.start > last_opening and match:
            found[line.start] = "".join(match[1].split())
    return found


# -- assembling --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Segment:
    """A line, or the part of it that belongs to one article; `label` where an article opens with it."""

    start: int
    end: int
    label: str
    line: _Line


def _segments(lines: Sequence[_Line], openings: Sequence[_Opening]) -> Iterator[_Segment]:
    labels = {opening.start: opening.label for opening in openings}
    starts = sorted(labels)
    at = 0
    for line in lines:
        cuts = [line.start]
        while at < len(starts) and starts[at] < line.end:
            cuts.append(starts[at])
            at += 1
        cuts = sorted(set(cuts))
        for start, end in zip(cuts, [*cuts[1:], line.end], strict=True):
            length = len(line.text[start - line.start : end - line.start].rstrip(_BLANK))
            yield _Segment(start, start + length, labels.get(start, ""), line)


def _assemble(
    segments: Iterator[_Segment], annexes: dict[int, str], parts: tuple[str, ...], *, loose: bool
) -> list[Article]:
    """Every body line in exactly one article; with `loose`, each paragraph (or table) is one."""
    found: list[Article] = []
    stack: list[tuple[int, str]] = []
    annex = ""
    fresh = True  # nothing is open: the next line opens a piece of its own
    in_table = False
    for segment in segments:
        annex = annexes.get(segment.start, annex)
        heading = segment.line.heading
        if heading:
            stack = [(rank, title) for rank, title in stack if rank < segment.line.rank]
            if heading.strip():
                stack.append((segment.line.rank, heading))
            fresh = True
            continue
        was_in_table, in_table = in_table, segment.line.text.startswith("|")
        headings = parts + tuple(title for _, title in stack)
        paragraph = loose and not (was_in_table and in_table)
        if segment.label or fresh or paragraph or segment.start in annexes:
            label = segment.label or annex or _stray_label(len(found), headings, loose=loose)
            found.append(Article(label, headings, segment.start, segment.end))
        else:
            found[-1] = replace(found[-1], end=segment.end)
        fresh = False
    return found


def _stray_label(count: int, headings: tuple[str, ...], *, loose: bool) -> str:
    """How text is called that stands under no number: 序言, 引言, the number of its heading, or its place."""
    if headings and headings[-1] in ("序言", "前言"):
        return headings[-1]
    if loose:
        return f"第{to_chinese(count + 1)}段"
    return _heading_number(headings) or "引言" if count else "引言"


def _heading_number(headings: tuple[str, ...]) -> str:
    """The 一、 of the innermost heading; empty where it has none."""
    matches = (kind.match(headings[-1]) for kind in _NUMBERS if headings)
    return next((match.group() for match in matches if match), "")


def _unique(articles: Sequence[Article]) -> tuple[Article, ...]:
    """No label twice: a repeated one is told apart by its heading's number, else by its count."""
    seen: Counter[str] = Counter()
    told = []
    for article in articles:
        label = article.label
        if seen[label]:
            label = _heading_number(article.headings) + label
        seen[label] += 1
        told.append(replace(article, label=f"{label}（{seen[label]}）" if seen[label] > 1 else label))
    return tuple(told)


def _closing(articles: Sequence[Article]) -> list[Article]:
    """The last articles before any annex."""
    inner = [article for article in articles if not article.label.startswith("附")]
    return inner[-CLOSING:]
