"""A Document becomes Passages that follow its structure, carry their headings and stay within a length."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingestion.document import Block, Document, Passage, least_confidence
from ingestion.judgment import Part, parts
from ingestion.letter import OBJECTION, OTHER, REPLY, letter_parts
from ingestion.transcript import UNKNOWN, read_transcript

# A sentence ends behind its closing marks: 他说：“……。”后续
_SENTENCE = re.compile(r"[。！？；!?;…]+[”’」』》〉）)】〕\]]*")
_CLAUSE = re.compile(r"[，、：,:][”’」』》〉）)】〕\]]*|[ 　\t]+")
_GLUE = re.compile(r"[0-9A-Za-z.,%０-９]")
_GLUE_REACH = 12  # a hard cut steps back at most so far to keep a number or a Latin word whole
_CLOSING_REACH = 8  # closing marks behind a full stop may reach past the limit; then an earlier one serves

_NUMBERED = (
    re.compile(
        r"第[一二三四五六七八九十百零〇\d]{1,5}(?:编|章|节|部分)(?=[ 　\t\n]|$)|附(?:件|录)\d{0,2}(?=[：: 　\n]|$)"
    ),
    re.compile(r"[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[）)]"),
    re.compile(r"(?:\d{1,2}[.．](?!\d)|\d{1,2}、)"),
)
_ARTICLE = re.compile(
    r"[ 　#*]*(?P<label>第[一二三四五六七八九十百千零〇\d]{1,9}条(?:之[一二三四五六七八九十]{1,2})?)(?=[ 　\t*【])"
)
_SPEAKER = re.compile(
    r"[ 　\t]*[【\[]?(?P<who>[^：:，。；、？！\n（(]{1,16}(?:[（(][^）)\n]{1,16}[）)])?)[】\]]?[：:]"
)
_QUESTION = re.compile(r"[ 　\t]*问[ 　]*[：:]")
_ROW = re.compile(r"[^\n]*\t[^\n]*\t|[ ]*\|[^\n]*\|[^\n]*\|")
_JUDGMENT = ("判决书", "裁定书", "起诉书", "不起诉决定书", "抗诉书")
_LABEL = 30
_BREAK = re.compile("休会|复会")
# How a hearing's record names those who speak (听证规定 15), the longest first; others it names as it likes.
_ROLES = tuple(
    sorted(
        (
            "听证主持人", "主持人", "承办检察官", "检察官助理", "承办人", "检察官", "书记员", "记录人", "听证员代表", "听证员", "人民监督员",
            "犯罪嫌疑人", "被告人", "被不起诉人", "被害人", "申请人代表", "申请人", "被申请人", "申诉人", "当事人", "第三人", "法定代理人",
            "委托代理人", "代理人", "辩护律师", "辩护人", "值班律师", "侦查人员", "行政机关", "企业代表", "社区代表", "第三方组织", "证人", "鉴定人",
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip


@dataclass(frozen=True)
class _Section:
    """A stretch under one heading; `unit` ones (turns, rows) are packed while they fit, a `stub` is a mere heading.

    A `fresh` one never joins what stands before it.
    """

    start: int
    end: int
    headings: tuple[str, ...]
    article: str | None = None
    unit: bool = False
    stub: bool = False
    fresh: bool = False


def split(document: Document, limit: int = 450, floor: int = 60, overlap: int = 0) -> tuple[Passage, ...]:
    """Cut a document into passages of at most `limit` characters along its structure.

    Judgments are cut by parts, records by speaker turns, tables by rows (their header row stands in the
    headings), everything else by headings and paragraphs. A section shorter than `floor` joins its
    neighbour where both fit. Every character that is not white belongs to a passage; without `overlap`
    to exactly one. `overlap` asks that a passage inside a section repeats that many sentences of the one
    before, at most a sixth of the limit. Raises ValueError for a limit below 20.
    """
    if limit < 20:
        raise ValueError(f"a limit of {limit} characters leaves no room for a sentence")
    made = []
    for section in _joined(document.text, _sections(document), limit, floor):
        spans = split_span(document.text, section.start, section.end, limit - (limit // 6 if overlap else 0))
        for start, end in _overlapping(document.text, spans, limit // 6, overlap) if overlap else spans:
            text = document.text[start:end]
            made.append(Passage(document.id, start, end, text, section.headings, section.article))
    return _with_confidence(made, [block for block in document.blocks if block.confidence is not None])


def _with_confidence(made: Sequence[Passage], seen: Sequence[Block]) -> tuple[Passage, ...]:
    """Passages with the confidence of what was recognised from a picture in them."""
    if not seen:
        return tuple(made)
    starts = [block.start for block in seen]

    def near(one: Passage) -> Sequence[Block]:
        return seen[max(0, bisect_right(starts, one.start) - 1) : bisect_left(starts, one.end)]

    return tuple(replace(one, confidence=least_confidence(near(one), one.start, one.end)) for one in made)


def split_span(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    """Cut `text[start:end]` into spans of at most `limit` characters, white space trimmed at both ends.

    Cuts fall at line ends (款, 项) first, then behind sentences with their closing quotes, then behind
    commas, and only where there are none of these in the middle of the text. Linear in the length.
    """
    spans = []
    at = start
    while at < end:
        cut = end if end - at <= limit else _cut(text, at, end, limit)
        left, right = _trim(text, at, cut)
        if left < right:
            spans.append((left, right))
        at = cut
    return spans


def _cut(text: str, at: int, end: int, limit: int) -> int:
    """The best place to end a span that begins at `at`; what little would be left over evens out the last two."""
    stop = at + limit if end - at > limit * 5 // 4 else at + (end - at) * 2 // 3
    least = at + limit // 3
    if (line := text.rfind("\n", least, stop)) >= 0:
        return _before_heading(text, least, line + 1)
    if (sentence := _last_end(_SENTENCE, text, at, least, stop)) is not None:
        return sentence
    if (clause := _last_end(_CLAUSE, text, at, least, stop)) is not None:
        return clause
    if (line := text.rfind("\n", at + 1, least)) >= 0:
        return line + 1
    return _hard_cut(text, at, stop)


def _before_heading(text: str, least: int, cut: int) -> int:
    """Leave a heading line to the text that it heads."""
    start = text.rfind("\n", least, cut - 1) + 1
    line = text[start : cut - 1].strip()
    return start if start and len(line) <= _LABEL and _opens_heading(line) else cut


def _opens_heading(line: str) -> bool:
    return any(pattern.match(line) for pattern in _NUMBERED) and line[-1] not in "。；！？，："


def _last_end(pattern: re.Pattern[str], text: str, at: int, least: int, stop: int) -> int | None:
    """The last place up to `stop` where a sentence or clause ends, closing quotes (straight ones too) included."""
    best = None
    for match in pattern.finditer(text, least, stop + _CLOSING_REACH):
        end = match.end()
        if text[end : end + 1] == '"' and text.count('"', at, end) % 2:
            end += 1
        if end > stop:
            break
        best = end
    return best


def _hard_cut(text: str, at: int, stop: int) -> int:
    cut = stop
    while cut > max(at + 1, stop - _GLUE_REACH) and _GLUE.match(text, cut - 1) and _GLUE.match(text, cut):
        cut -= 1
    return cut if cut > max(at + 1, stop - _GLUE_REACH) else stop


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _overlapping(
    text: str, spans: list[tuple[int, int]], reach: int, sentences: int
) -> Iterator[tuple[int, int]]:
    """Spans whose beginning is moved back over the last sentences of the span before."""
    yield from spans[:1]
    for (before, ended), (start, end) in pairwise(spans):
        floor = max(before, start - reach)
        ends = [match.end() for match in _SENTENCE.finditer(text, floor, ended - 1)]
        back = ends[-sentences] if len(ends) >= sentences else floor
        yield _trim(text, back, end)


def _sections(document: Document) -> list[_Section]:
    """The sections of a document, in order, from its first to its last character."""
    text, title = document.text, document.title
    if document.subtype.endswith(_JUDGMENT) and len(found := parts(text)) > 1:
        return [_Section(part.start, part.end, (title, part.name)) for part in found]
    if document.kind == "hearing" and (spoken := _spoken(text, title)):
        return spoken
    if document.kind == "hearing" or document.subtype.endswith("笔录"):
        turns = _turns(text, title)
        if len(turns) > 2:
            return turns
    if document.subtype == "检察建议书" and len(found := letter_parts(text)) > 2:
        return list(_under_contents(list(_by_lines(document)), found, title))
    return list(_by_lines(document))


def _spoken(text: str, title: str) -> list[_Section]:
    """The turns of a hearing's record as the transcript reader tells them, under the headings between them."""
    record = read_transcript(text, _ROLES)
    if len(record.turns) < 3:
        return []
    marks: dict[int, tuple[str, bool]] = {}
    for aside in record.asides:
        words = text[aside.start : aside.end].strip()
        heads = len(words) <= _LABEL and _opens_heading(words)
        if heads or _BREAK.search(words):  # other stage directions stay with what was said
            marks[text.rfind("\n", 0, aside.start) + 1] = (words if heads else "", True)
    for turn in record.turns:
        who = (
            turn.speaker
            if turn.role in turn.speaker or turn.speaker == UNKNOWN
            else f"{turn.role}{turn.speaker}"
        )
        marks.setdefault(turn.label_start, (who, False))
    for start, end in _lines(text[: min(marks)]):  # the step that the first words stand under
        words = text[start:end].strip()
        if words and "：" not in words and len(words) <= _LABEL and _opens_heading(words):
            marks[start] = (words, True)
    last = text.find("\n", max(one.end for one in record.turns)) + 1
    if last and text[last:].strip():  # the signatures
        marks.setdefault(last, ("", True))
    starts = sorted(marks)
    sections = [_Section(0, starts[0], (title,), unit=True)] if starts[0] else []
    step: tuple[str, ...] = ()
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        words, heads = marks[start]
        step = ((words,) if words else ()) if heads else step
        path = (title, *step) if heads else (title, *step, words)
        sections.append(
            _Section(start, end, path, unit=True, stub=bool(heads and words), fresh=start == last)
        )
    return sections


def _under_contents(sections: list[_Section], found: tuple[Part, ...], title: str) -> Iterator[_Section]:
    """Sections cut at the contents of a letter too; where no heading of its own leads there, its content does."""
    closing = False
    for section in sections:
        cuts = [part.start for part in found if section.start < part.start < section.end]
        for start, end in pairwise([section.start, *cuts, section.end]):
            part = next(part for part in found if part.start <= start < part.end)
            piece = replace(section, start=start, end=end, stub=section.stub and end == section.end)
            own = len(section.headings) > 1 and start == section.start
            if own or part.name in ("首部", "正文"):
                yield piece
            else:
                closes = part.name in (OBJECTION, REPLY, OTHER, "落款")
                fresh = closes and start == part.start and part.name in (OBJECTION, REPLY) and not closing
                closing = closing or closes
                yield replace(piece, headings=(title, part.name), unit=closes, fresh=fresh)


def _turns(text: str, title: str) -> list[_Section]:
    """Speaker turns under the steps of the record; of questions and answers each pair is one turn."""
    opening = _QUESTION if len(re.findall(r"^[ 　]*问[ 　]*[：:]", text, re.MULTILINE)) > 1 else _SPEAKER
    sections: list[_Section] = []
    opened, path, stub = 0, (title,), False
    step: tuple[str, ...] = ()
    for start, end in _lines(text):
        line = text[start:end].strip()
        heads = bool(line) and len(line) <= _LABEL and _opens_heading(line)
        match = None if heads else opening.match(text, start, end)
        if not heads and not match:
            continue
        if opened < start:
            sections.append(_Section(opened, start, path, unit=True, stub=stub))
        step = (line,) if heads else step
        who = match.groupdict().get("who") if match else None
        opened, stub, path = start, heads, (title, *step, *((who.strip(),) if who else ()))
    return [*sections, _Section(opened, len(text), path, unit=True)]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Start and end (behind the line end) of every line."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield start, end
        start = end


def _by_lines(document: Document) -> Iterator[_Section]:
    """Sections by headings (from the reader, or numbered lines), articles of a norm, and rows of tables."""
    text = document.text
    levels = {block.start: block for block in document.blocks if block.level}
    heads = {text.rfind("\n", 0, block.start) + 1 for block in document.blocks if block.header}
    trail: list[tuple[int, str]] = []
    header: str | None = None
    headings: tuple[str, ...] = (document.title,)
    article: str | None = None
    opened, unit, stub = 0, False, False
    for start, end in _lines(text):
        row = bool(_ROW.match(text, start, end))
        mark = None if row else _heading(text, start, end, levels)
        label = _ARTICLE.match(text, start, end) if document.kind == "regulation" and not row else None
        if not (row or header is not None or mark or label):
            stub = stub and not text[start:end].strip()
        else:
            if opened < start:
                yield _Section(opened, start, headings, article, unit, stub)
            opened, stub = start, bool(mark) and not _SENTENCE.search(text, start, end)
            if mark:
                trail = [*((level, name) for level, name in trail if level < mark[0]), mark]
            article = label["label"] if label else (None if mark else article)
            path = (document.title, *(name for _, name in trail if name not in document.title))
            if not row or start in heads or not header:  # the reader's header row, or else the first one
                header = _row_text(text, start, end) if row else None
            headings, unit = ((*path, header) if header else (*path, article) if article else path), row
    if opened < len(text):
        yield _Section(opened, len(text), headings, article, unit)


def _row_text(text: str, start: int, end: int) -> str:
    cells = (cell.strip() for cell in re.split(r"[\t|]", text[start:end]))
    return " | ".join(cell for cell in cells if cell)[:200]


def _heading(text: str, start: int, end: int, levels: dict[int, Block]) -> tuple[int, str] | None:
    """The depth and name of a heading that opens the line; a numbered paragraph counts by its first clause."""
    left, right = _trim(text, start, end)
    block = levels.get(left) or next(
        (levels[at] for at in range(left, min(right, left + 8)) if at in levels), None
    )
    line = text[left:right]
    for depth, pattern in enumerate(_NUMBERED, start=10):
        if pattern.match(line):
            name = re.split(r"[。；：:，]", line, maxsplit=1)[0]
            return (depth, name[:_LABEL]) if len(name) > 2 or depth == 10 or block else None
    return (block.level, line.lstrip("#* ")[:60]) if block and line else None


def _joined(text: str, sections: Iterable[_Section], limit: int, floor: int) -> Iterator[_Section]:
    """Sections with the short ones joined to their neighbours, and units packed together while they fit."""
    held: _Section | None = None
    for section in sections:
        if held is not None and _fits(held, section, limit, floor):
            held = _merge(held, section, floor)
        else:
            if held is not None:
                yield held
            held = section
    if held is not None:
        yield held


def _fits(held: _Section, section: _Section, limit: int, floor: int) -> bool:
    """Whether two neighbours make one section: a heading goes with what it heads, never with what is before."""
    if held.stub or section.stub or section.fresh:
        return held.stub
    size = section.end - held.start
    if size > limit or held.article != section.article:
        return False
    if held.unit and section.unit and held.headings == section.headings and " | " in held.headings[-1]:
        return True  # rows of one table
    short = min(held.end - held.start, section.end - section.start) < floor
    return short and (size <= limit // 2 or not (held.unit and section.unit))


def _merge(held: _Section, section: _Section, floor: int) -> _Section:
    """One section of two: a real one lends its headings to a short one; turns name all their speakers."""
    first, second = held.end - held.start, section.end - section.start
    headings = held.headings if not held.stub and first >= max(second, floor) else section.headings
    if held.unit and section.unit and not held.stub and held.headings != section.headings:
        before = held.headings[-1].split("、") if len(held.headings) > 1 else []
        names = dict.fromkeys([*before, section.headings[-1]])
        headings = (*section.headings[:-1], "、".join(names)) if len(section.headings) > 1 else held.headings
    article = section.article if held.stub else held.article
    stub = held.stub and section.stub
    return _Section(held.start, section.end, headings, article, section.unit, stub, held.fresh)
