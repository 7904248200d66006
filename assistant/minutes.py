"""The summary of a hearing on paper (听证情况摘要, domain B.6): every sentence with the words of the record it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.cite import cite_document
from assistant.hearing import HearingSummary
from assistant.hearing_views import VIEWS, WORDS
from assistant.reply import Draft, Section, Sentence
from ingestion.document import Document
from ingestion.labels import UNKNOWN
from ingestion.numerals import to_chinese
from prompts.hearing import load_hearing

TITLE = "检察听证情况摘要"
_HEAD = re.compile(r"(?m)^\s*(?:案件(?:名称|编号)?|案由|案号|受理号|听证?(?:时间|地点|方式)|(?:开始)?时间|地点|形式|方式)[：:][^\n]+")


def minutes(summary: HearingSummary, document: Document, on: str) -> Draft:
    """The summary as a paper dated `on` (ISO): known facts, quotes, and visible gaps for the rest."""
    sections = (
        Section("听证基本情况", tuple(_facts(summary, document))),
        Section("争议焦点和各方意见", tuple(_issues(summary, document)), _open_issues(summary)),
        Section("听证员意见", tuple(_opinions(summary, document)), _none(summary.opinions, "听证员意见")),
        Section("承诺和待办事项", tuple(_commitments(summary, document))),
        Section("待补充", (), load_hearing().wanting.items),
        Section("需要核对", tuple(Sentence(one, support="unverified") for one in summary.warnings)),
    )
    filled = [one for one in sections if one.sentences or one.gaps]
    kept = tuple(replace(one, heading=f"{to_chinese(number)}、{one.heading}") for number, one in enumerate(filled, 1))
    return Draft("hearing", "other", TITLE, "", "", "", on, kept)


def _none(found: Sequence[object], what: str) -> tuple[str, ...]:
    return () if found else (f"笔录中没有辨认出{what}",)


def _open_issues(summary: HearingSummary) -> tuple[str, ...]:
    """What the second part lacks: any issue, or what was said on one."""
    silent = [f"各方对“{one.issue}”的意见（笔录中没有辨认出）" for one in summary.issues if not one.positions]
    return (*_none(summary.issues, "争议焦点"), *silent)


def _quoted(text: str, document: Document, *spans: tuple[int, int]) -> Sentence:
    cited = tuple(cite_document(document, start, end, number) for number, (start, end) in enumerate(spans, 1))
    return Sentence(text, cited, "supported" if cited else "unverified")


def _facts(summary: HearingSummary, document: Document) -> Iterator[Sentence]:
    before = summary.turns[0].label_start
    for match in _HEAD.finditer(document.text, 0, before):
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield _quoted(f"{match.group().strip()}。", document, (start, match.end()))
    if summary.participants:
        listed = "；".join(f"{one.role}{one.name}" for one in summary.participants)
        yield _quoted(f"参加人：{listed}。", document, (0, before))
    done = "、".join(step.step for step in summary.steps)
    if done:
        yield _quoted(f"听证依次进行了{done}。", document, *((step.start, step.end) for step in summary.steps))


def _issues(summary: HearingSummary, document: Document) -> Iterator[Sentence]:
    for number, issue in enumerate(summary.issues, 1):
        yield _quoted(f"（{to_chinese(number)}）{issue.issue}", document, (issue.start, issue.end))
        for one in issue.positions:
            if any(view.start <= one.start < view.end for view in summary.opinions):
                continue  # it stands whole in the next part
            yield _quoted(f"{one.role}{_named(one.speaker, one.role)}：“{one.text}”", document, (one.start, one.end))


def _named(speaker: str, role: str) -> str:
    return "" if speaker == role else speaker


def _opinions(summary: HearingSummary, document: Document) -> Iterator[Sentence]:
    counts = [f"{WORDS[view]}{getattr(summary.tally, view)}人" for view in VIEWS if getattr(summary.tally, view)]
    if counts:
        total = sum(getattr(summary.tally, view) for view in VIEWS)
        spans = [(one.start, one.end) for one in summary.opinions]
        yield _quoted(f"发表意见的听证员共{total}人：{'，'.join(counts)}。", document, *spans)
    for one in summary.opinions:
        mark = "" if one.view == "agree" else "（不同意见，应当保留）" if one.view == "disagree" else ""
        who = "（未写明姓名的听证员）" if one.speaker == UNKNOWN else one.speaker
        yield _quoted(f"{who}{WORDS[one.view]}{mark}：“{one.reason}”", document, (one.start, one.end))


def _commitments(summary: HearingSummary, document: Document) -> Iterator[Sentence]:
    for one in summary.commitments:
        due = f"（时限：{one.by}）" if one.by else "（未说明时限）"
        yield _quoted(f"{one.who}：“{one.what}”{due}", document, (one.start, one.end))
