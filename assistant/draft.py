"""Drafting a suggestion letter from the case file, the scenarios and the law: evidence per sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from assistant.cite import cite_document
from assistant.form import Form
from assistant.norms import Bench, rule_sentence
from assistant.reply import Citation, Draft, LetterType, Section, Sentence, Support
from assistant.sentences import sentences
from assistant.traces import Issue, Trace, issues_in
from indexes.lawbook import LawBook
from ingestion.document import Document
from ingestion.identifiers import mask_identifiers
from ingestion.judgment import Part, parts
from ingestion.mask import aliases, mask_text, protected_persons
from prompts import IssueType, Measure, Problem, Unit, issue_types, load_cues, load_scenarios
from prompts.loader import Article

MOST_ISSUES = 3  # [D] a letter that names more problems than these says none of them well
MOST_PROBLEMS = 6
PROBLEMS_PER_ISSUE = 4
MOST_FACTS = 10
FACTS_PER_ISSUE = 6
FACTS_PER_PROBLEM = 2
LONGEST_FACT = 260  # characters; a longer sentence is an enumeration of evidence
SHORTEST_FACT = 15
# a list of evidence (5.证人…的证言) proves facts, it does not tell them
# parts of a judgment, as `ingestion/judgment.py` names them; TOLD where the court found no facts of its own
FOUND, REASONS = "审理查明", "本院认为"
TOLD = ("指控", "原审认定", "证据", "正文", REASONS)
_LISTED = re.compile(r"[（(]?[\d一二三四五六七八九十]{1,3}[)）.．、]")
_BIRTH = re.compile(r"(?:生于|出生于)?\d{4}年\d{1,2}月\d{1,2}日(?:出生|生)(?!效)")
# words at the head of a sentence that lean on the one before
_POINTS_BACK = re.compile(r"(?:该|上述|其(?!中)|此|次日|当日|当晚|随后|之后|同日|并)")
# decided facts before found ones, found ones before what somebody said
_ORDER = ("判决书", "裁定书", "起诉书", "调查核实报告", "审查报告")


@dataclass(frozen=True)
class Order:
    """What is asked for: a letter of a type to a unit, dated, from the documents of a case."""

    case: str
    documents: Sequence[Document]
    addressee: str
    letter_type: LetterType
    on: date
    office: str = ""
    as_of: date | None = None  # the day whose law is cited; that of the letter where none is named


@dataclass(frozen=True)
class Ground:
    """An issue of the case that the addressee answers for."""

    issue: Issue
    unit: Unit

    @property
    def pairs(self) -> list[tuple[Problem, tuple[Measure, ...]]]:
        """The problems that the case shows best, in the order of the scenario, with the addressee's measures."""
        shown = [pair for pair in self._possible if self.evidence(pair[0])]
        strongest = sorted(shown, key=lambda pair: -self._strength(pair[0]))[:PROBLEMS_PER_ISSUE]
        return [pair for pair in shown if pair in strongest]

    @property
    def unshown(self) -> list[Problem]:
        """Problems of the issue that the case file does not show (yet)."""
        return [problem for problem, _ in self._possible if not self.evidence(problem)]

    @property
    def _possible(self) -> list[tuple[Problem, tuple[Measure, ...]]]:
        """What a letter to this unit can raise; a business is not told of its regulator's gaps."""
        pairs = self.issue.type.for_unit(self.unit.kind)
        return [pair for pair in pairs if self.unit.role == "regulator" or pair[0].of == self.unit.role]

    def evidence(self, problem: Problem) -> list[Trace]:
        """The traces that show a problem and prove something: no plea, no charge, nothing merely said."""
        return [trace for trace in self.issue.evidence_of(problem.id) if _proves(trace)]

    def _strength(self, problem: Problem) -> float:
        return sum(trace.strength for trace in self.evidence(problem))


def letter_aliases(order: Order) -> Mapping[str, str]:
    """Aliases of the protected persons of the whole case (domain D): one person, one alias."""
    text = "\n".join(document.text for document in order.documents)
    persons = [person for document in order.documents for person in protected_persons(document.text)]
    return aliases(persons, order.case, text)


def draft_suggestion(
    order: Order, lawbook: LawBook, words: Callable[[str], Sequence[str]], names: Mapping[str, str]
) -> Draft:
    """The letter; whatever the case file does not bear out is a gap that says what is wanting.

    Protected persons stand in every sentence by their alias of `names`; the quotes of citations stay as
    they are in the case file, for the handler's eyes.
    """
    cues = load_cues()
    issues = issues_in(order.documents, issue_types(load_scenarios()), cues)
    shown = [issue for issue in issues if issue.weight >= cues.finding]
    grounds = _grounds(shown, order.addressee)
    bench = Bench(lawbook, order.as_of or order.on, words)
    form = Form(order.letter_type, order.on, bench)
    sections = [
        form.opening(order.documents),
        _facts(grounds, form.heading("facts")),
        _problems(grounds, shown, order.addressee, bench, form),
        _measures(grounds, bench, form),
        form.closing([ground.issue.type for ground in grounds]),
    ]
    return Draft(
        kind="suggestion",
        letter_type=order.letter_type,
        title=form.title,
        office=order.office,
        number="",
        addressee=order.addressee,
        date=order.on.isoformat(),
        sections=tuple(_masked(section, names) for section in sections),
    )


def _grounds(issues: Sequence[Issue], addressee: str) -> list[Ground]:
    found = [(issue, issue.type.unit_named(addressee)) for issue in issues]
    grounds = [Ground(issue, unit) for issue, unit in found if unit is not None]
    return [ground for ground in grounds if ground.pairs][:MOST_ISSUES]


def _facts(grounds: Sequence[Ground], heading: str) -> Section:
    """What the papers of the case say, word for word, paper by paper."""
    chosen: dict[tuple[str, int], Trace] = {}
    for ground in grounds:
        fitting = [trace for trace in ground.issue.traces if _tells(trace)]
        for trace in fitting[:FACTS_PER_ISSUE]:
            chosen.setdefault((trace.document.id, trace.start), trace)
    picked = [_with_antecedent(trace) for trace in list(chosen.values())[:MOST_FACTS]]
    traces = _apart(sorted(picked, key=lambda one: (*_place(one.document), one.start)))
    if not traces:
        return Section(heading, (), ("案件材料中没有找到能说明社会治理问题的事实，请补充判决书、调查核实材料等",))
    made: list[Sentence] = []
    papers: list[str] = []
    for trace in traces:
        cited = cite_document(trace.document, trace.start, trace.end)
        lead = ""
        if trace.document.id not in papers:
            papers.append(trace.document.id)
            lead = f"（{_chinese(len(papers))}）据《{trace.document.title}》载明，"
        made.append(Sentence(f"{lead}{_ended(trace.text)}", (cited,)))
    return Section(heading, tuple(made))


def _with_antecedent(trace: Trace) -> Trace:
    """The trace with the sentence before it, where it begins with a word that points back (该旅馆, 次日 …)."""
    text = trace.document.text
    if not _POINTS_BACK.match(trace.text):
        return trace
    line = text.rfind("\n", 0, trace.start) + 1
    before = sentences(text, line, trace.start)
    if not before or trace.end - before[-1][0] > LONGEST_FACT:
        return trace
    return replace(trace, start=before[-1][0])


def _proves(trace: Trace) -> bool:
    """Whether a sentence counts against somebody: it stands in a paper of the case, as found and not as charged.

    What was said at a hearing is a statement; a paper of unknown kind is quoted for what it is.
    """
    return trace.document.kind in ("case", "other") and _found_by_court(trace)


def _tells(trace: Trace) -> bool:
    """Whether a sentence can be read as a fact of its own: no heading, no row, no list of evidence."""
    text = trace.text
    return (
        _proves(trace)
        and SHORTEST_FACT <= len(text) <= LONGEST_FACT
        and text.endswith(("。", "；"))
        and not _LISTED.match(text)
        and not any(sign in text for sign in "\t\n")
    )


def _found_by_court(trace: Trace) -> bool:
    """Whether a sentence of a judgment is more than a charge or a plea, where the court found facts itself."""
    if "判决书" not in trace.document.subtype and "裁定书" not in trace.document.subtype:
        return True
    parts = judgment_parts(trace.document)
    found = any(part.name == FOUND for part in parts)
    fitting = (FOUND, REASONS) if found else TOLD
    return any(part.name in fitting and part.start <= trace.start < part.end for part in parts)


@lru_cache(maxsize=64)
def judgment_parts(document: Document) -> tuple[Part, ...]:
    """The parts of a judgment; asked for each of its sentences."""
    return parts(document.text)


def _apart(traces: Sequence[Trace]) -> list[Trace]:
    """The traces, in order, without those that lie inside the one before."""
    kept: list[Trace] = []
    for trace in traces:
        inside = kept and kept[-1].document.id == trace.document.id and trace.start < kept[-1].end
        if not inside:
            kept.append(trace)
    return kept


def _place(document: Document) -> tuple[int, str]:
    rank = next((at for at, word in enumerate(_ORDER) if word in document.subtype), len(_ORDER))
    return rank, document.title


def _problems(
    grounds: Sequence[Ground], shown: Sequence[Issue], addressee: str, bench: Bench, form: Form
) -> Section:
    gaps = [] if grounds else [_no_ground(shown, addressee)]
    quoted: set[str] = set()
    made: list[Sentence] = []
    for number, (ground, problem, _) in enumerate(_stated(grounds), 1):
        made += _problem(number, problem, ground, bench, quoted)
    for ground in grounds:
        gaps += [f"是否存在“{problem.statement}”，案件材料未载明，请调查核实" for problem in ground.unshown]
    item = form.ground([ground.issue.type for ground in grounds])
    return Section(form.heading("problems"), (*made, *([item] if item else [])), tuple(dict.fromkeys(gaps)))


def _stated(grounds: Sequence[Ground]) -> list[tuple[Ground, Problem, tuple[Measure, ...]]]:
    """The problems that the letter states, with the measures that answer them."""
    pairs = [(ground, problem, measures) for ground in grounds for problem, measures in ground.pairs]
    return pairs[:MOST_PROBLEMS]


def _no_ground(shown: Sequence[Issue], addressee: str) -> str:
    if not shown:
        return "案件材料中没有识别出知识库所列的社会治理问题，请人工归纳问题"
    seen = "；".join(
        f"{issue.type.name}（通常的被建议单位：{'、'.join(unit.kind for unit in issue.type.units)}）"
        for issue in shown[:MOST_ISSUES]
    )
    return f"没有识别出与{addressee}职责相符的问题，请核对被建议单位。案件反映的问题：{seen}"


def _problem(number: int, problem: Problem, ground: Ground, bench: Bench, quoted: set[str]) -> list[Sentence]:
    """Gap, the fact that shows it, the rule with its quote (once in a letter), the consequence."""
    ranked = sorted(
        ground.evidence(problem),
        # a sentence that shows this problem alone says more of it than one that tells the whole case
        key=lambda trace: (not _tells(trace), trace.text in quoted, -trace.strength / len(trace.shows)),
    )
    evidence = [_with_antecedent(trace) for trace in ranked[:FACTS_PER_PROBLEM]]
    facts = tuple(cite_document(trace.document, trace.start, trace.end) for trace in evidence)
    made = [Sentence(f"（{_chinese(number)}）{_ended(problem.statement)}", facts)]
    if _tells(evidence[0]):
        quoted.add(ranked[0].text)
        made.append(Sentence(f"案件材料载明：“{_inside(evidence[0].text)}”", facts[:1]))
    for article in problem.rule:
        made.append(_rule(article, bench.cite_rule(article, problem.statement), quoted))
    source = ground.issue.type.source
    made.append(Sentence(f"如不及时整改，可能导致：{_ended(problem.consequence)}", facts, basis=source))
    return made


def _rule(article: Article, citations: tuple[Citation, ...], quoted: set[str]) -> Sentence:
    support: Support = "supported" if citations[0].quote else "unverified"
    quotes = {citation.quote for citation in citations if citation.quote}
    text = rule_sentence(article, citations, again=bool(quotes) and quotes <= quoted)
    quoted.update(quotes)
    return Sentence(_ended(text), citations, support)


def _measures(grounds: Sequence[Ground], bench: Bench, form: Form) -> Section:
    """On what the advice rests, then each measure that answers a stated problem, once, numbered."""
    stated = _stated(grounds)
    seen: dict[str, tuple[Measure, IssueType]] = {}
    for ground, _, measures in stated:
        for measure in measures:
            seen.setdefault(measure.text, (measure, ground.issue.type))
    heading = form.heading("advice")
    if not seen:
        return Section(heading, (), ("没有可以提出的建议：请先补充事实与问题，或核对被建议单位",))
    duties = dict.fromkeys(duty for ground, _, _ in stated for duty in ground.unit.duties)
    basis, gaps = form.basis(list(duties))
    numbered = enumerate(seen.values(), 1)
    return Section(heading, (basis, *(_measure(n, m, type_, bench) for n, (m, type_) in numbered)), gaps)


def _measure(number: int, measure: Measure, type_: IssueType, bench: Bench) -> Sentence:
    cited = tuple(bench.cite(article, measure.action) for article in measure.basis)
    sound = all(one.status == "verified" for one in cited)
    basis = f"针对问题：{'、'.join(measure.answers)}；来源：{type_.source}"
    return Sentence(f"（{_chinese(number)}）{measure.text}", cited, "supported" if sound else "unverified", basis)


def for_paper(draft: Draft, names: Mapping[str, str]) -> Draft:
    """The draft as it may leave the handler: sentences, gaps, quotes and titles without names, numbers, days of birth."""

    def sentence(one: Sentence) -> Sentence:
        cited = tuple(
            replace(c, quote=_hidden(c.quote, names), title=_hidden(c.title, names)) for c in one.citations
        )
        return replace(one, citations=cited)

    sections = (_masked(part, names) for part in draft.sections)
    return replace(
        draft, sections=tuple(replace(part, sentences=tuple(map(sentence, part.sentences))) for part in sections)
    )


def _masked(section: Section, names: Mapping[str, str]) -> Section:
    kept = tuple(replace(one, text=_hidden(one.text, names)) for one in section.sentences)
    return replace(section, sentences=kept, gaps=tuple(_hidden(gap, names) for gap in section.gaps))


def _hidden(text: str, names: Mapping[str, str]) -> str:
    """The text as it may leave the office: aliases, no numbers of persons, no days of birth (domain D)."""
    return _BIRTH.sub("出生日期已隐去", mask_identifiers(mask_text(text, names)))


def _inside(text: str) -> str:
    """Text as it stands inside quotation marks: its own become single ones."""
    return text.translate(str.maketrans("“”", "‘’"))


def _ended(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith(("。", "！", "？", "”", "；")) else f"{text}。"


def _chinese(number: int) -> str:
    digits = "一二三四五六七八九十"
    if number <= 10:
        return digits[number - 1]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens - 1]) + "十" + (digits[ones - 1] if ones else "")
