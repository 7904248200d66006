"""A follow-up question becomes one that can be understood, searched for and answered by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.bearing import numbers_in, numbers_stand, share_of_words
from assistant.model import Message, Model, ModelFailed, tokens_at_most
from assistant.reply import Answer
from assistant.sentences import subject_words
from indexes.text import fold
from ingestion.numerals import NUMERAL
from prompts import render

Words = Callable[[str], Sequence[str]]

LAST_TURNS = 4
LONGEST_QUESTION = 300  # characters
MOST_CARRIED = 4  # words of the question before that a follow-up takes over
_SPLIT = "\n===\n"
# words that lean on what was said before
_POINTS_BACK = re.compile(
    r"^(?:那|那么|然后|还有|另外|其中|如果|要是|为什么|为何|怎么|多少|哪|谁|有没有|依据是什么|理由是什么)"
    r"|它|他们|她|其(?!他|它|余|实|中)|该|上述|前述|刚才|前面|这(?:个|些|条|部|家|名|种|样|里|一)?|那(?:个|些|条|部|家|名|种|样)|此(?!外)"
    r"|(?:呢|吗)[？?]?$"
)
_LAW = re.compile(r"《[^《》]{1,60}》")
_ARTICLE = re.compile(rf"第\s*{NUMERAL}+\s*条(?:之{NUMERAL}+)?")
_THIS_ARTICLE = re.compile(r"(?:该|本|这|此|上述|前述)(?:一)?条")


@dataclass(frozen=True)
class Turn:
    """A question, as it was understood, and its answer."""

    question: str
    reply: Answer


def standalone(question: str, turns: Sequence[Turn], words: Words, model: Model | None = None) -> str:
    """The question with what it leaves unsaid, taken from the turns before; unchanged where it needs nothing.

    A model may write it; its words are taken only if they hold nothing that neither the question nor the
    turns hold. Else the law, the article and the subject of the turn before are set before the question.
    """
    question = question.strip()
    if not turns or not leans(question, words):
        return question
    article, laws = _ARTICLE.search(question), _laws(turns[-1])
    if article:
        return question.replace(article.group(), f"{laws[0]}{article.group()}", 1) if laws else question
    if model is not None:
        written = _by_model(question, turns[-LAST_TURNS:], words, model)
        if written and all(fold(written) != fold(turn.question) for turn in turns):  # the last one is not asked again
            return written
    carried = _carried(question, turns[-1], words)
    return f"关于{'、'.join(carried)}：{question}" if carried else question


def leans(question: str, words: Words) -> bool:
    """Whether a question cannot be understood by itself: it points back, or names next to no subject."""
    own = subject_words(words(question))
    if _LAW.search(question):
        return False
    if _ARTICLE.search(question):
        return not re.search(r"(?:法典?|条例|规定|办法|解释|规则|决定)\s*第", question)
    return not own or (len(own) <= 3 and _POINTS_BACK.search(question) is not None)


def _carried(question: str, last: Turn, words: Words) -> list[str]:
    """What the follow-up takes over: the law (with its article, if that is meant), else the subject."""
    if _THIS_ARTICLE.search(question):
        return [f"{law}{article}" for law in _laws(last)[:1] for article in _articles(last, law)[:1]]
    own = subject_words(words(question))
    law = _LAW.findall(last.question)[:1]
    bare = _LAW.sub("", last.question)
    ordered = list(dict.fromkeys(word for word in words(bare) if word in subject_words(words(bare))))
    new = [word for word in ordered if not any(word in known or known in word for known in own)]
    named = [f"{law[0]}{article}" for article in _ARTICLE.findall(last.question)[:1] if law] or law
    return [*named, *new[:MOST_CARRIED]]


def _laws(last: Turn) -> list[str]:
    """The norms of the turn before: those of the question first, then those that were cited."""
    cited = [f"《{one.law}》" for one in last.reply.citations if one.law]
    return list(dict.fromkeys([*_LAW.findall(last.question), *cited]))


def _articles(last: Turn, law: str) -> list[str]:
    cited = [one.article for one in last.reply.citations if one.article and f"《{one.law}》" == law]
    return [*_ARTICLE.findall(last.question), *cited]


def _by_model(question: str, turns: Sequence[Turn], words: Words, model: Model) -> str:
    """What the model makes of the question; empty if it fails or brings in something new."""
    lines = [f"问：{turn.question}\n答：{turn.reply.text[:LONGEST_QUESTION]}" for turn in turns]
    while lines:
        history = "\n".join(lines)
        messages = _messages(history, question)
        if sum(tokens_at_most(one.text) for one in messages) < model.window - LONGEST_QUESTION:
            break
        lines = lines[1:]
    else:
        return ""
    try:
        reply = model.complete(messages, longest=LONGEST_QUESTION)
    except ModelFailed:
        return ""  # the question is carried over by rule
    written = re.sub(r"^(?:改写后的?问题|问题|改写)\s*[:：]\s*", "", reply.strip().splitlines()[0]).strip() if reply.strip() else ""
    return written if _brings_nothing_new(written, question, history, words) else ""


def _messages(history: str, question: str) -> list[Message]:
    rules, _, task = render("question", history=history, question=question).partition(_SPLIT)
    return [Message("system", rules.strip()), Message("user", task.strip())]


def _brings_nothing_new(written: str, question: str, history: str, words: Words) -> bool:
    if not 2 <= len(written) <= LONGEST_QUESTION or any(sign in written for sign in "。；{}`\n"):
        return False
    known = f"{history}\n{question}"
    named = [*_LAW.findall(written), *_ARTICLE.findall(written)]
    return (
        all(fold(name) in fold(known) for name in named)
        and numbers_stand(written, known)
        and numbers_in(question) <= numbers_in(written)
        and share_of_words(written, known, words) >= 0.9  # a word or two of grammar may differ
        and share_of_words(question, written, words) >= 0.5  # it is still the same question
    )
