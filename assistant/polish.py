"""A drafted letter in smoother words: a model rewrites sentences, code takes only what says the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.bearing import Source, faults, numbers_in, quotes_in
from assistant.marks import read_marks
from assistant.model import LONGEST_REPLY, Message, Model, ModelFailed, tokens_at_most
from assistant.reply import Draft, Section, Sentence
from indexes.text import fold
from prompts import render

Words = Callable[[str], Sequence[str]]
_SPLIT = "\n===\n"
_ITEM = re.compile(r"^\s*[（(][一二三四五六七八九十\d]{1,3}[）)]|^\s*\d{1,2}[.．、]")
_NORM = re.compile(r"《[^《》]+》(?:第[^条《》]{1,8}条(?:之[一二三四五六七八九十]+)?)?")
_NOT = re.compile(r"未|没有|不得|不能|禁止|严禁|不|无")
SHORTEST, LONGEST = 0.5, 1.5  # [D] a sentence of another length says less, or more


@dataclass(frozen=True)
class Polished:
    """The letter; how many sentences were taken in the model's words, how many of its words were refused.

    `note` says in Chinese where the model failed; the rest of the letter is then as it was drafted.
    """

    draft: Draft
    taken: int
    refused: int
    note: str = ""


@dataclass(frozen=True)
class Proposal:
    """A sentence that a model wrote for the originals from `first` to `last` (indices into the section)."""

    text: str
    first: int
    last: int


def polish(draft: Draft, model: Model | None, words: Words, names: Collection[str] = ()) -> Polished:
    """The letter with sentences rewritten or joined where that changes nothing that it says.

    A rewritten sentence stands only if every quotation, number, date, name and norm of the originals is in it
    and no others, nothing is denied or affirmed anew, and it keeps the originals' citations. Form (a
    salutation, a deadline), what is unverified and gaps are not shown to the model. Without a model the
    draft comes back as it is. `names` are persons whom a model elsewhere must not be told.
    """
    if model is None:
        return Polished(draft, 0, 0)
    sections: list[Section] = []
    taken = refused = 0
    note = ""
    for section in draft.sections:
        if note:
            sections.append(section)
            continue
        try:
            made, kept, lost = _section(section, model, words, names)
        except ModelFailed as error:
            note = f"{error}其余部分保持原稿。"
            sections.append(section)
            continue
        sections.append(made)
        taken += kept
        refused += lost
    return Polished(replace(draft, sections=tuple(sections)), taken, refused, note)


def _section(section: Section, model: Model, words: Words, names: Collection[str]) -> tuple[Section, int, int]:
    offered = [number for number, one in enumerate(section.sentences) if _may_change(one)]
    if not offered:
        return section, 0, 0
    made = dict(enumerate(section.sentences))
    taken = refused = 0
    for part in _parts(section, offered, model.window):
        messages = _messages(section, part)
        room = min(LONGEST_REPLY, 2 * sum(tokens_at_most(section.sentences[one].text) for one in part) + 64)
        for proposal in _proposals(model.complete(messages, names=names, longest=room), part):
            originals = [made.get(number) for number in range(proposal.first, proposal.last + 1)]
            whole = [one for one in originals if one is not None]
            if len(whole) < len(originals) or not says_the_same(proposal.text, [one.text for one in whole], words):
                refused += 1
                continue
            if proposal.first == proposal.last and fold(proposal.text) == fold(whole[0].text):
                continue  # the model left it alone
            taken += len(whole)
            made[proposal.first] = _joined(proposal.text, whole)
            for number in range(proposal.first + 1, proposal.last + 1):
                del made[number]
    return replace(section, sentences=tuple(made[number] for number in sorted(made))), taken, refused


def _may_change(one: Sentence) -> bool:
    return bool(one.citations) and one.support == "supported"


def _parts(section: Section, offered: Sequence[int], window: int) -> Iterator[list[int]]:
    """The sentences in runs that a model can read and write within its window."""
    room = (window - 800) // 3  # the rules take about 500 tokens; what is read is written once more
    part: list[int] = []
    used = 0
    for number in offered:
        size = tokens_at_most(section.sentences[number].text) + 8
        if part and used + size > room:
            yield part
            part, used = [], 0
        if size <= room:
            part.append(number)
            used += size
    if part:
        yield part


def _messages(section: Section, part: Sequence[int]) -> list[Message]:
    lines = "\n".join(
        f"[{number + 1}] {' '.join(section.sentences[number].text.split())}" for number in part
    )
    rules, _, task = render("polish", sentences=lines).partition(_SPLIT)
    return [Message("system", rules.strip()), Message("user", task.strip())]


def _proposals(reply: str, part: Sequence[int]) -> Iterator[Proposal]:
    """The lines of a reply that name the sentences they stand for, each of those at most once, in order."""
    reached = -1
    for line in reply.splitlines():
        found = read_marks(line)
        marks = [number - 1 for number in found.marks]
        text = re.sub(r"^\s*(?:\*\*|[-*•]\s+)", "", found.text).strip()
        if not marks or not text or marks[0] <= reached:
            continue
        follow = marks == list(range(marks[0], marks[0] + len(marks)))
        if follow and all(number in part for number in marks):
            reached = marks[-1]
            yield Proposal(text, marks[0], marks[-1])


def _joined(text: str, originals: Sequence[Sentence]) -> Sentence:
    citations = tuple(dict.fromkeys(citation for one in originals for citation in one.citations))
    basis = "；".join(dict.fromkeys(one.basis for one in originals if one.basis))
    return Sentence(text, citations, "supported", basis)


def says_the_same(text: str, originals: Sequence[str], words: Words) -> bool:
    """Whether a rewritten sentence says neither more nor less than the originals, as far as code can tell."""
    whole = "".join(originals)
    if not SHORTEST <= len(text) / max(1, len(whole)) <= LONGEST or "\n" in text:
        return False
    if [_first(text)] != [_first(originals[0])] or any(_first(one) for one in originals[1:]):
        return False
    if {*map(fold, quotes_in(text))} != {*map(fold, quotes_in(whole))}:
        return False
    if numbers_in(text) != numbers_in(whole) or _norms(text) != _norms(whole):
        return False
    if len(_NOT.findall(text)) != len(_NOT.findall(whole)):
        return False
    return not faults(text, [Source(whole)], words) and not faults(whole, [Source(text)], words)


def _first(text: str) -> str:
    """The number that opens an item of a list, folded; empty where there is none."""
    found = _ITEM.match(text)
    return fold(found.group()) if found else ""


def _norms(text: str) -> set[str]:
    return {fold(found.group()) for found in _NORM.finditer(text)}


