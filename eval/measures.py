"""Measures as values: each prints as people say it, tells in a line what it means, and where it comes from.

The door of ir-measures, which computes the measures of ranking. A measure of one case is the measure of a
list that holds that case alone. None stands for "nothing there to measure", never for a good or bad value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eval.case import covered
from eval.observed import Answered, Cited, Flagged, Heard, Lettered, Pairing, Ranked


@dataclass(frozen=True)
class Measure:
    """A measure: its name, one line of meaning, its source, and how it is computed; `best` is 1 or 0."""

    name: str
    meaning: str
    source: str
    of: Callable[[Sequence[Any]], float | None]
    best: float = 1.0

    def __str__(self) -> str:
        return self.name


def share(marks: Iterable[bool]) -> float | None:
    """The share of marks that are true; None without any."""
    known = list(marks)
    return sum(known) / len(known) if known else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that there are."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def f1(same: int, wanted: int, given: int) -> float | None:
    """The harmonic mean of precision and recall (van Rijsbergen 1979); None if nothing was wanted or given."""
    return 2 * same / (wanted + given) if wanted + given else None


# -- ranking ---------------------------------------------------------------------------------------


def ranking(name: str) -> Callable[[Sequence[Ranked]], float | None]:
    """The measure of ir-measures of this name (`R@10`, `nDCG@10`); a question that got nothing counts as 0."""

    def value(rows: Sequence[Ranked]) -> float | None:
        import ir_measures

        measure = ir_measures.parse_measure(name)
        qrels = [ir_measures.Qrel(row.id, wanted, 1) for row in rows for wanted in row.gold]
        run = [
            ir_measures.ScoredDoc(row.id, found, float(-rank))
            for row in rows
            for rank, found in enumerate(row.found)
        ]
        return float(ir_measures.calc_aggregate([measure], qrels, run)[measure]) if qrels else None

    return value


IR = "ir-measures（trec_eval）"
RANKING = (
    Measure("R@10", "应找到的有多少排在前十", IR, ranking("R@10")),
    Measure("RR@10", "第一个正确结果的名次的倒数", IR, ranking("RR@10")),
    Measure("nDCG@10", "前十名的排序好坏，越靠前越重", IR, ranking("nDCG@10")),
)
FIRST = Measure("Success@1", "第一名就正确的占多少", IR, ranking("Success@1"))

# -- citations -------------------------------------------------------------------------------------


def _span_precision(rows: Sequence[Answered]) -> float | None:
    """Of the characters cited, how many belong to the gold; a refusal of what can be answered is 0."""

    def one(row: Answered) -> float | None:
        if not row.gold:
            return None
        cited, gold = covered(c.span for c in row.citations), covered(row.gold)
        return len(cited & gold) / len(cited) if cited else 0.0

    return mean(map(one, rows))


def _span_recall(rows: Sequence[Answered]) -> float | None:
    """Of the characters of the gold, how many are cited."""

    def one(row: Answered) -> float | None:
        gold = covered(row.gold)
        return len(covered(c.span for c in row.citations) & gold) / len(gold) if gold else None

    return mean(map(one, rows))


def _attribution(rows: Sequence[Answered]) -> float | None:
    """Of all sentences of the answers with gold, how many cite a span that bears some of it."""
    return share(
        any(row.citations[at].span.bears(gold) for at in cited for gold in row.gold)
        for row in rows
        if row.gold
        for cited in row.sentences
    )


def _found(rows: Sequence[Answered]) -> float | None:
    """Of the gold spans, how many some citation bears."""
    return share(any(c.span.bears(gold) for c in row.citations) for row in rows for gold in row.gold)


def _citations(rows: Sequence[Answered | Lettered]) -> list[Cited]:
    return [citation for row in rows for citation in row.citations]


def _verbatim(rows: Sequence[Answered | Lettered]) -> float | None:
    return share(citation.verbatim for citation in _citations(rows))


def _in_force(rows: Sequence[Answered | Lettered]) -> float | None:
    return share(citation.in_force for citation in _citations(rows) if citation.law and citation.sound)


VERBATIM = Measure("Verbatim", "引文在原文所示位置逐字存在的占多少", "contract.md 引文规则", _verbatim)
IN_FORCE = Measure("InForce", "标为有效的法条在所问日期确实有效的占多少", "contract.md 引文效力", _in_force)
CITING = (
    Measure("SpanP", "引用的字里有多少属于应引的原文", "LegalBench-RAG（2024）按字计", _span_precision),
    Measure("SpanR", "应引的原文里有多少字被引用", "LegalBench-RAG（2024）按字计", _span_recall),
    Measure("Found", "应引的条文、原文有多少被引到", "本项目", _found),
    Measure("Attribution", "答句的出处落在应引原文上的占多少", "ALCE（2023）引文精确率，按出处核对", _attribution),
)

# -- refusal ---------------------------------------------------------------------------------------


def _refusal_precision(rows: Sequence[Answered]) -> float | None:
    return share(not row.answerable for row in rows if row.refused)


def _refusal_recall(rows: Sequence[Answered]) -> float | None:
    return share(row.refused for row in rows if not row.answerable)


def _answered(rows: Sequence[Answered]) -> float | None:
    return share(not row.refused for row in rows if row.answerable)


ANSWERED = Measure("Answered", "答得了的问题里作了回答的占多少", "本项目", _answered)
REFUSING = (
    Measure("RefusalP", "拒答的问题里确实答不了的占多少", "精确率（Rajpurkar 等 2018 无答案问题）", _refusal_precision),
    Measure("RefusalR", "答不了的问题里拒答了的占多少", "召回率（Rajpurkar 等 2018 无答案问题）", _refusal_recall),
    ANSWERED,
)

# -- letters ---------------------------------------------------------------------------------------


def _letter(part: str) -> Callable[[Sequence[Lettered]], float | None]:
    def value(rows: Sequence[Lettered]) -> float | None:
        return share(mark for row in rows for mark in getattr(row, part))

    return value


def _grounded(rows: Sequence[Lettered]) -> float | None:
    return share(row.grounded for row in rows if row.grounded is not None)


def _leaks(rows: Sequence[Lettered]) -> float | None:
    return float(sum(len(row.leaks) for row in rows)) if rows else None


DRAFTING = (
    Measure("Held", "应有的内容（来源、事实、问题、建议、异议、回复）写了多少", "《人民检察院检察建议工作规定》第十六条（待核）", _letter("held")),
    Measure("Facts", "应写的事实有多少写进文书并注明出处", "samples/gold.yaml", _letter("facts")),
    Measure("Articles", "应引的条文有多少被引用且当日有效", "samples/gold.yaml", _letter("articles")),
    Measure("Gaps", "应指明的缺口指明了多少", "本项目", _letter("gaps")),
    Measure("Grounded", "有依据才写问题、无依据不写，做对的占多少", "本项目", _grounded),
    Measure("Leaks", "送出的文书里出现的受保护姓名、地址、号码", "《中华人民共和国未成年人保护法》第一百零三条；脱敏规则", _leaks, best=0.0),
    VERBATIM,
    IN_FORCE,
)

# -- governance issues -----------------------------------------------------------------------------


def _macro_f1(rows: Sequence[Flagged]) -> float | None:
    """The mean over the types (wanted or found) of their F1 over all cases, negatives included."""
    types = {row for one in rows for row in one.gold | one.found}
    return mean(
        f1(
            sum(type_ in one.gold & one.found for one in rows),
            sum(type_ in one.gold for one in rows),
            sum(type_ in one.found for one in rows),
        )
        for type_ in types
    )


def _micro_f1(rows: Sequence[Flagged]) -> float | None:
    same = sum(len(row.gold & row.found) for row in rows)
    return f1(same, sum(len(row.gold) for row in rows), sum(len(row.found) for row in rows))


def _false_findings(rows: Sequence[Flagged]) -> float | None:
    """Findings in texts that hold no issue."""
    negatives = [row for row in rows if not row.gold]
    return float(sum(len(row.found) for row in negatives)) if negatives else None


FLAGGING = (
    Measure("MacroF1", "每类问题的 F1 的平均，反例计入", "宏平均 F1（Lewis 1991）", _macro_f1),
    Measure("MicroF1", "全部问题合计的 F1", "微平均 F1（Lewis 1991）", _micro_f1),
    Measure("FalseFindings", "反例里误报的问题数", "本项目", _false_findings, best=0.0),
    Measure("Quoted", "应引的原话有多少被引作依据", "本项目", lambda rows: share(m for r in rows for m in r.quoted)),
    Measure("Verbatim", "依据在原文所示位置逐字存在的占多少", "contract.md 引文规则",
            lambda rows: share(m for r in rows for m in r.verbatim)),
)  # fmt: skip

# -- hearings --------------------------------------------------------------------------------------


def _pairs(rows: Sequence[Heard], part: str) -> Pairing:
    found = [row.parts[part] for row in rows if part in row.parts]
    return Pairing(sum(p.wanted for p in found), sum(p.given for p in found), sum(p.same for p in found))


def _recall(part: str) -> Callable[[Sequence[Heard]], float | None]:
    def value(rows: Sequence[Heard]) -> float | None:
        pairs = _pairs(rows, part)
        return pairs.same / pairs.wanted if pairs.wanted else None

    return value


def _f1_of(part: str) -> Callable[[Sequence[Heard]], float | None]:
    def value(rows: Sequence[Heard]) -> float | None:
        pairs = _pairs(rows, part)
        return f1(pairs.same, pairs.wanted, pairs.given)

    return value


def _views(rows: Sequence[Heard]) -> float | None:
    return share(wanted == given for row in rows for wanted, given in row.views)


def _marks(part: str) -> Callable[[Sequence[Heard]], float | None]:
    return lambda rows: share(mark for row in rows for mark in getattr(row, part))


def _tally(rows: Sequence[Heard]) -> float | None:
    return share(row.tally for row in rows if row.tally is not None)


HEARING = (
    Measure("Speakers", "发言归到正确发言人的占多少", "议题 4 的要求：1.0", _recall("turns")),
    Measure("TurnF1", "发言分得不多不少、归得对的 F1", "本项目", _f1_of("turns")),
    Measure("Participants", "参加人及身份认对的 F1", "本项目", _f1_of("participants")),
    Measure("Views", "听证员意见的态度认对的占多少", "contract.md 听证", _views),
    Measure("Dissent", "不同意见、附条件意见原样保留的占多少", "《人民检察院审查案件听证工作规定》，待核", _marks("dissent")),
    Measure("Tally", "意见计数全对的占多少", "《人民检察院审查案件听证工作规定》，待核", _tally),
    Measure("Steps", "七个步骤认出且位置对的占多少", "《人民检察院审查案件听证工作规定》，待核", _recall("steps")),
    Measure("Issues", "争议焦点找到的 F1", "本项目", _f1_of("issues")),
    Measure("Positions", "焦点上谁说了什么，应记的记了多少", "本项目", _recall("positions")),
    Measure("CommitF1", "承诺（谁、做什么、何时）的 F1", "本项目", _f1_of("commitments")),
    Measure("Warned", "应提示的矛盾提示了多少", "本项目", _marks("warned")),
    Measure("Verbatim", "摘录在原文所示位置逐字存在的占多少", "contract.md 引文规则", _marks("verbatim")),
)

MEASURES: dict[str, tuple[Measure, ...]] = {
    "retrieval": RANKING,
    "precedents": (*RANKING, FIRST),
    "answers": (*CITING, VERBATIM, IN_FORCE, ANSWERED),
    "refusal": (*REFUSING, VERBATIM, IN_FORCE),
    "drafts": DRAFTING,
    "issues": FLAGGING,
    "hearings": HEARING,
}
