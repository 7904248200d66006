"""The writer that asks a model: numbered passages go out, marked sentences come back, code proves each of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.bearing import Source, faults, plain_name, quotes_in, share_of_words, without_quotes
from assistant.cite import cite
from assistant.marks import Written, read_marks, sentences_as_written, with_late_marks
from assistant.model import LONGEST_REPLY, Message, Model, ModelFailed, tokens_at_most
from assistant.reply import Answer, AnswerSentence, Citation, Grounding, Support
from assistant.sentences import best_stretch, coverage, sentences, subject_words
from assistant.writer import LONGEST_QUOTE, Evidence, QuotingWriter, Words, refusal
from indexes.hit import Hit
from indexes.text import fold
from ingestion.document import Passage
from ingestion.numerals import NUMERAL, article_key
from prompts import render

UNPROVED = "【待核实】"
MOST_SENTENCES = 20
MOST_REPEATS = 2  # a model that says a thing for the third time is in a loop
PER_MESSAGE = 16  # tokens that a chat template puts around a message
SAID_ENOUGH = 0.95  # [D] a sentence with this share of the question's subject answers it, whatever the model says
BEARS_SOME = 0.3  # [D] a marked passage with a smaller share of the sentence's words bears nothing of it
_SPLIT = "\n===\n"

# a reply that gives no answer; what follows such a sentence is invention (field case A02)
_NO_ANSWER = re.compile(
    r"不足以(?:直接)?(?:回答|作答|说明|判断)|(?:无法|不能|难以)(?:直接|准确)?(?:回答|作答|提供|给出|确定|判断|得出)"
    r"|(?:未|没有|没|无法|未能)(?:能)?(?:找到|检索到|查到|查询到|搜索到|检索出)"
    r"|(?:材料|资料|上下文|文档|文本|内容|信息|规定)(?:中|里|内)?(?:均|都|并)?(?:未|没有|并未)(?:直接|明确|具体)?"
    r"(?:提及|提到|涉及|包含|说明|给出|载明|提供|规定|记载|回答)|抱歉|对不起|作为(?:一个|一名)?(?:AI|人工智能|语言模型)"
    r"|\b(?:sorry|cannot answer|not enough information|no information)\b",
    re.IGNORECASE,
)
# form that no answer has: JSON, code, paths, addresses (field case A03)
_FOREIGN = re.compile(r"[{}`]|<[/a-zA-Z]|https?://|(?<![\w/])/(?:[\w.-]+/)+[\w.-]*|[A-Za-z]:\\|\"\s*:\s*[\"\[\d]")
_ORDER = re.compile(
    r"系统(?:指令|提示)|忽略(?:以上|之前|上述|前面|所有)[^。]{0,6}(?:规则|指令|提示|要求)|只(?:能)?输出|此后(?:每个|所有)?回答"
    r"|(?:列|作)为唯一依据|ignore (?:all|the|any|previous)|system prompt|你(?:现在)?是一(?:个|名)[^。]{0,10}(?:助手|模型)",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"《([^《》]{{1,60}})》\s*(第\s*{NUMERAL}+\s*条(?:之{NUMERAL}+)?)")
_LABEL = re.compile(r"^(?:答|回答|答案|结论|依据|综上|综上所述)\s*[:：]\s*")
_DECORATION = re.compile(r"\*\*|__|^\s*(?:#{1,6}|[-*•>])\s+|^\s*\d{1,2}[.．、)）]\s*(?!\d)")


@dataclass(frozen=True)
class Asked:
    """What a model is asked: the messages, the hits that were sent (cut to what was sent), how many were not."""

    messages: tuple[Message, ...]
    sent: tuple[Hit, ...]
    left_out: int
    cut: int


class ModelWriter:
    """Answers in a model's words, each sentence proved by code; what is not proved says 待核实.

    Whether there is an answer at all is decided as without a model: where the quoting writer refuses, no
    model is asked. Where the model fails or says nothing that can be proved, the quoting writer's answer
    stands, and `missing` says so.
    """

    def __init__(
        self, model: Model, quoting: QuotingWriter, words: Words, names_of: Callable[[str], Collection[str]]
    ) -> None:
        """`names_of` gives the persons whom a document names, by its id; asked only for a model elsewhere."""
        self._model = model
        self._quoting = quoting
        self._words = words
        self._names_of = names_of

    def answer(self, evidence: Evidence) -> Answer:
        """The last of what `stream` gives."""
        *_, last = self.stream(evidence)
        return last

    def stream(self, evidence: Evidence) -> Iterator[Answer]:
        """The answer as it grows, by whole sentences that were proved or marked; the last is what counts."""
        quoted = self._quoting.answer(evidence)
        if quoted.grounding == "none":
            yield quoted
            return
        asked = ask_for(evidence, quoted, self._model.window)
        if not asked.sent:
            yield _instead(quoted, f"模型的窗口（{self._model.window} 个词元）容不下问题和材料。请调大设置 model_window。")
            return
        page = Page(asked.sent, self._words)
        names = frozenset(self._names(asked))
        try:
            reply = sentences_as_written(self._model.stream(asked.messages, names=names))
            for written in with_late_marks(_marked_by_name(one, asked.sent) for one in reply):
                if not page.add(written):
                    break
                if page.citations:  # until something is proved, there is nothing to show
                    yield page.answer(asked)
        except ModelFailed as error:
            yield _instead(quoted, str(error))
            return
        yield self._whole(page, asked, evidence, quoted)

    def _names(self, asked: Asked) -> Iterator[str]:
        if self._model.local:
            return
        for identity in dict.fromkeys(hit.passage.document_id for hit in asked.sent if not hit.law):
            yield from self._names_of(identity)

    def _whole(self, page: Page, asked: Asked, evidence: Evidence, quoted: Answer) -> Answer:
        if page.refused:
            if not self._said(evidence):
                return refusal(evidence)
            return _instead(quoted, "模型认为材料不足，但资料中有直接写明的文字。")
        if not page.citations:
            return _instead(quoted, "模型的回答没有一句能在资料中核实，没有采用。")
        return page.answer(asked)

    def _said(self, evidence: Evidence) -> bool:
        """Whether a single sentence of the evidence says all that the question asks about (field case A02 b)."""
        subject = subject_words(self._words(evidence.question))
        return any(
            coverage(subject, self._words(hit.passage.text[start:end])) >= SAID_ENOUGH
            for hit in evidence.hits
            for start, end in sentences(hit.passage.text)
        )


def _instead(quoted: Answer, why: str) -> Answer:
    """The quoting writer's answer, which says why it stands for the model's."""
    return replace(quoted, missing=f"{quoted.missing}{why}以上是资料原文的直接引用，未经模型改写。")


@dataclass(frozen=True)
class Part:
    """A sentence of the answer as it is shown."""

    text: str
    citations: tuple[int, ...]
    support: Support
    opens_line: bool


@dataclass
class Page:
    """The answer while it is read: sentences that were proved or marked, their citations, what was noted."""

    sent: Sequence[Hit]
    words: Words
    parts: list[Part] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    refused: bool = False
    partly: bool = False
    unknown: set[int] = field(default_factory=set)
    foreign: int = 0
    repeats: int = 0
    _seen: set[str] = field(default_factory=set)

    def add(self, written: Written) -> bool:
        """Take a sentence in; False where nothing that follows is to be read."""
        marked = read_marks(_LABEL.sub("", _DECORATION.sub("", written.text)))
        said = marked.text
        if not re.search(r"\w", said) or (not marked.marks and said.endswith(("：", ":"))):
            return True  # a heading, or marks without a sentence
        hits = [self.sent[number - 1] for number in marked.marks if 0 < number <= len(self.sent)]
        self.unknown.update(number for number in marked.marks if not 0 < number <= len(self.sent))
        if _gives_no_answer(said, hits):
            self.refused = self.refused or not self.parts
            self.partly = True
            return bool(self.parts)
        if self._strange(said, hits):
            self.foreign += 1
            return True
        if fold(said) in self._seen:
            self.repeats += 1
            return self.repeats < MOST_REPEATS
        self._seen.add(fold(said))
        self.parts.append(self._proved(said, hits, written.opens_line))
        return len(self.parts) < MOST_SENTENCES

    def _strange(self, said: str, hits: Sequence[Hit]) -> bool:
        """Whether a sentence has a form that no answer has and its passages have not either."""
        found = [match.group() for match in _FOREIGN.finditer(said)]
        return any(not any(one in hit.passage.text for hit in hits) for one in found)

    def _proved(self, said: str, hits: Sequence[Hit], opens_line: bool) -> Part:
        wrong = faults(said, [_source(hit) for hit in hits], self.words) if hits else ()
        if not hits or wrong:
            shown = without_quotes(said) if quotes_in(said) else said
            return Part(shown + UNPROVED, (), "unverified", opens_line)
        bearing = [hit for hit in hits if share_of_words(said, _source(hit).whole, self.words) >= BEARS_SOME]
        numbers = tuple(dict.fromkeys(self._cited(said, hit) for hit in bearing))
        sound = all(hit.law is None or hit.status == "verified" for hit in bearing)
        shown = _with_marks(said, numbers)
        return Part(shown if sound else shown + UNPROVED, numbers, "supported" if sound else "unverified", opens_line)

    def _cited(self, said: str, hit: Hit) -> int:
        """The number of the citation of what in a passage bears a sentence; made where it is not there yet."""
        start, end = bearing_stretch(said, hit, self.words)
        for known in self.citations:
            if (known.document_id, known.start, known.end) == (hit.passage.document_id, start, end):
                return known.number
        self.citations.append(cite(hit, len(self.citations) + 1, start, end))
        return len(self.citations)

    def answer(self, asked: Asked) -> Answer:
        """The answer so far."""
        text, marks = "", []
        for part in self.parts:
            text += "\n" if text and part.opens_line else ""
            marks.append(AnswerSentence(len(text), len(text) + len(part.text), part.citations, part.support))
            text += part.text
        whole = all(part.support == "supported" for part in self.parts) and not self.partly
        grounding: Grounding = "none" if not self.citations else "full" if whole else "partial"
        return Answer(text, grounding, self._notes(asked), tuple(self.citations), tuple(marks))

    def _notes(self, asked: Asked) -> str:
        notes = []
        if asked.left_out:
            notes.append(f"另有{asked.left_out}段相近的材料超出模型窗口，没有送给模型。")
        if asked.cut:
            notes.append(f"有{asked.cut}段材料过长，只送了前面的部分。")
        if self.unknown:
            numbers = "、".join(f"[{number}]" for number in sorted(self.unknown))
            notes.append(f"模型标注的出处{numbers}不存在，已删去。")
        if any(part.support == "unverified" for part in self.parts):
            notes.append("标有【待核实】的句子没有得到资料原文的印证，不能作为依据。")
        if self.partly:
            notes.append("模型认为材料没有回答问题的全部。")
        if self.foreign:
            notes.append("模型输出中与回答无关的内容已删去。")
        if orders := [hit for hit in asked.sent if _ORDER.search(hit.passage.text)]:
            names = "、".join(dict.fromkeys(f"《{hit.title}》" for hit in orders))
            notes.append(f"{names}中写有指令样的文字，只作为资料看待，没有执行。")
        return "".join(notes)


def _gives_no_answer(said: str, hits: Sequence[Hit]) -> bool:
    """Whether a sentence says that there is no answer, in words that are not those of a passage it cites."""
    match = _NO_ANSWER.search(said)
    return match is not None and not any(fold(match.group()) in fold(hit.passage.text) for hit in hits)


def _with_marks(said: str, numbers: Sequence[int]) -> str:
    """The sentence with its marks before the full stop."""
    marks = "".join(f"[{number}]" for number in numbers)
    body = said.rstrip("。")
    return f"{body}{marks}。" if body != said else f"{said}{marks}"


def _marked_by_name(written: Written, sent: Sequence[Hit]) -> Written:
    """A sentence without marks that names 《law》 and article of a passage that was sent has marked it so."""
    if read_marks(written.text).marks:
        return written
    named = {(plain_name(law), article_key(article)) for law, article in _NAMED.findall(written.text)}
    marks = [
        f"[{number}]"
        for number, hit in enumerate(sent, 1)
        if hit.law and (plain_name(hit.law), article_key(hit.passage.article or "")) in named
    ]
    return Written(written.text + "".join(marks), written.opens_line)


def _source(hit: Hit) -> Source:
    passage = hit.passage
    return Source(passage.text, hit.title, hit.law, passage.article if hit.law else None)


def bearing_stretch(said: str, hit: Hit, words: Words) -> tuple[int, int]:
    """The span, in the document, of the sentences of a passage that bear a sentence.

    They are as few as bear out all that the whole passage does: up to 220 characters, else up to twice as
    many, else the passage.
    """
    text = hit.passage.text
    label = hit.passage.article or ""
    skipped = len(label) if hit.law and text.startswith(label) else 0
    source = _source(hit)
    at_best = faults(said, [source], words)
    subject = subject_words(words(said))
    start, end = 0, len(text)
    for longest in (LONGEST_QUOTE, 2 * LONGEST_QUOTE, len(text)):
        first, last = best_stretch(text[skipped:], subject, words, longest)
        start, end = skipped + first, skipped + last
        if set(faults(said, [replace(source, text=text[start:end])], words)) <= set(at_best):
            break
    return hit.passage.start + start, hit.passage.start + end


# The prompt


def ask_for(evidence: Evidence, quoted: Answer, window: int) -> Asked:
    """The prompt within the window: rules and question whole, then passages, best first, as far as they fit.

    Those that the quoting writer chose come first. A passage that would take more than half of the room is
    cut at the end of a sentence. Token counts are upper bounds (`tokens_at_most`).
    """
    ranked = _ranked(evidence, quoted)
    reply = min(LONGEST_REPLY, window // 4)
    room = window - reply - 2 * PER_MESSAGE - sum(tokens_at_most(one.text) for one in _messages(evidence, []))
    half = room // 2
    sent: list[Hit] = []
    cut = 0
    for hit in ranked:
        frame = tokens_at_most(_fenced(len(sent) + 1, replace(hit, passage=replace(hit.passage, text=""))))
        fitting = _fitted(hit, min(room, max(half, 0)) - frame)
        if fitting is None:
            break
        cut += fitting.passage.end != hit.passage.end
        sent.append(fitting)
        room -= tokens_at_most(_fenced(len(sent), fitting)) + 1
    return Asked(tuple(_messages(evidence, sent)), tuple(sent), len(ranked) - len(sent), cut)


def _ranked(evidence: Evidence, quoted: Answer) -> list[Hit]:
    chosen = {(one.document_id, one.start) for one in quoted.citations}

    def picked(hit: Hit) -> bool:
        own = hit.passage
        return any(own.document_id == identity and own.start <= start < own.end for identity, start in chosen)

    return sorted(evidence.hits, key=lambda hit: not picked(hit))


def _fitted(hit: Hit, room: int) -> Hit | None:
    """The hit if it fits into so many tokens, else its first sentences that do; None if not even one does."""
    passage = hit.passage
    if tokens_at_most(passage.text) <= room:
        return hit
    ends = [end for _, end in sentences(passage.text) if tokens_at_most(passage.text[:end]) <= room]
    if not ends:
        return None
    end = max(ends)
    shorter = Passage(
        passage.document_id, passage.start, passage.start + end, passage.text[:end], passage.headings, passage.article
    )
    return replace(hit, passage=shorter)


def _messages(evidence: Evidence, sent: Sequence[Hit]) -> list[Message]:
    prompt = render(
        "answer",
        as_of=(evidence.as_of or date.today()).isoformat(),
        passages="\n".join(_fenced(number, hit) for number, hit in enumerate(sent, 1)),
        question=evidence.question.strip(),
    )
    rules, _, task = prompt.partition(_SPLIT)
    return [Message("system", rules.strip()), Message("user", task.strip())]


def _fenced(number: int, hit: Hit) -> str:
    """A passage between fences that it cannot close itself."""
    name = f"《{hit.law}》{hit.passage.article or ''}" if hit.law else f"《{hit.title}》"
    text = hit.passage.text.replace("<", "＜").replace(">", "＞").strip()
    return f"[{number}] {name}\n<材料>\n{text}\n</材料>"
