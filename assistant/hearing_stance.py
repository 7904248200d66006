"""Where a clause stands towards what the prosecutors propose: the product of its negations, attitudes and outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingestion.transcript import Turn
from prompts.hearing import HearingCues, StanceCues

Sort = Literal["neutral", "not", "for", "against", "fits", "unfit", "should", "act", "undo"]
SIGN: Mapping[str, int] = {"for": 1, "against": -1, "fits": 1, "unfit": -1}  # of words that judge
REACH = 4  # characters between a negation and the word that it turns
_HALF = str.maketrans(",;:?!()", "，；：？！（）")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff”）])\.(?=$|[\s\u4e00-\u9fff“])", re.MULTILINE)
_TIME = re.compile(r"(?<=\d)[：，](?=\d)")
_OWN = re.compile(r"我(?:的意见|的看法|的结论|认为|觉得|看|个人|本人|主张|坚持)")
# words behind which a proposal stands, the surest first
_PROPOSES = (
    re.compile(r"拟(?!定)|初步意见|处理意见|倾向|审查意见|我们的意见"),
    re.compile(r"方案|打算|准备|建议|是否|妥当|决定|议题|问题"),
)


@dataclass(frozen=True)
class Proposal:
    """What is proposed: of each outcome that is spoken of, 1 if it shall come about and -1 if not.

    `divided` where one outcome is proposed for some and not for others: then words alone tell no stand.
    """

    signs: Mapping[str, int]
    divided: bool = False


NOTHING = Proposal({})


@dataclass(frozen=True)
class Stance:
    """A clause's stand: 1 for what is proposed, -1 against it; `strong` by a word of consent or dissent.

    `outcome` is the one that it speaks of ("" for the proposal as a whole); `voiced` where it says 我.
    """

    sign: int
    strong: bool
    outcome: str
    voiced: bool = False


@dataclass(frozen=True)
class _Token:
    sort: Sort
    outcome: str
    start: int
    end: int


def widened(text: str) -> str:
    """The text with half-width punctuation made full: as many characters, so that every span holds.

    >>> widened("主持人:好,14:05记下来.")
    '主持人：好，14:05记下来。'
    """
    wide = _STOP.sub("。", text.translate(_HALF))
    return _TIME.sub(lambda match: text[match.start()], wide)


def proposal_of(text: str, turns: Iterable[Turn], cues: HearingCues) -> Proposal:
    """What the handlers propose (拟不起诉), or else the presider; what is said first of an outcome holds."""
    signs: dict[str, int] = {}
    given = list(turns)
    for roles in (cues.handlers, cues.presiders):
        said = [text[one.start : one.end] for one in given if any(one.role.startswith(role) for role in roles)]
        for cue in _PROPOSES:
            for sentence in re.split(r"[。？！；\n]", "\n".join(said)):
                if found := cue.search(sentence):
                    named = dict(_named(sentence[found.end() :], cues.stance)) or dict(_named(sentence, cues.stance))
                    signs = {**named, **signs}
            if signs:
                divided = _divided("\n".join(said), cues.stance)
                return Proposal({name: sign for name, sign in signs.items() if name not in divided}, bool(divided))
    return Proposal(signs)


def _divided(said: str, cues: StanceCues) -> frozenset[str]:
    """The outcomes that are proposed for one and not for another: 对甲不起诉；对乙提起公诉."""
    for sentence in re.split(r"[。\n]", said):
        parts = [part for part in re.split(r"(?=对[^，。；对]{1,10}?(?:作|不|提|拟|予))", sentence) if part.startswith("对")]
        if _PROPOSES[0].search(sentence) and len(parts) > 1:
            every = {pair for part in parts for pair in _named(part, cues)}
            return frozenset(name for name, sign in every if (name, -sign) in every)
    return frozenset()


def _named(sentence: str, cues: StanceCues) -> Iterator[tuple[str, int]]:
    """Each outcome of a sentence with its sign; of one named twice, the last comes last."""
    tokens = list(_tokens(sentence, cues))
    for number, token in enumerate(tokens):
        if token.sort in ("act", "undo"):
            turned = _turned(tokens, number)
            yield token.outcome, (-1 if turned else 1) * (1 if token.sort == "act" else -1)


def stance_of(clause: str, proposal: Proposal, cues: StanceCues) -> Iterator[Stance]:
    """Where a clause stands; nothing where it neither judges nor names an outcome that is at stake.

    Two outcomes in one clause are judged apart (不起诉、发检察建议我都同意).
    """
    tokens = list(_tokens(clause, cues))
    attitude, strong = 1, any(one.sort in ("for", "against") for one in tokens)
    judged = strong or (any(one.sort in ("fits", "unfit") for one in tokens) and not _of_something_else(clause, cues))
    outcomes: dict[str, int] = {}
    for number, token in enumerate(tokens):
        turn = -1 if _turned(tokens, number) else 1
        if token.sort in SIGN:
            attitude *= turn * SIGN[token.sort]
        elif token.sort == "should":
            attitude *= turn
        elif token.sort in ("act", "undo"):
            known = proposal.signs.get(token.outcome)
            if known is not None:
                outcomes[token.outcome] = turn * known * (1 if token.sort == "act" else -1)
            elif judged:
                outcomes.setdefault("", 1)
    decides = _bare(clause, tokens) or bool(_OWN.search(clause)) or any(one.sort == "should" for one in tokens)
    if outcomes and (judged or (decides and not any(re.search(empty, clause) for empty in cues.empty))):
        for outcome, sign in outcomes.items():
            yield Stance(attitude * sign, strong, outcome, bool(_OWN.search(clause)))
    elif judged:
        yield Stance(attitude, strong, "")


def at_stake(clause: str, proposal: Proposal, cues: StanceCues) -> bool:
    """Whether a clause names an outcome that is proposed, or its opposite."""
    return any(token.outcome in proposal.signs for token in _tokens(clause, cues) if token.outcome)


def _of_something_else(clause: str, cues: StanceCues) -> bool:
    """Whether what a clause judges is another's deed (原判决不妥) rather than what is proposed."""
    return any(re.search(pattern, clause) for pattern in cues.others)


def _bare(clause: str, tokens: Sequence[_Token]) -> bool:
    """Whether a clause says little beside an outcome: 结吧, 还是要起诉他."""
    said = sum(token.end - token.start for token in tokens)
    return any(token.sort in ("act", "undo") for token in tokens) and len(re.sub(r"\W", "", clause)) - said <= 4


def _turned(tokens: Sequence[_Token], number: int) -> bool:
    """Whether negations before a word turn it: the one next to it, and those next to that one."""
    turned, at = False, tokens[number].start
    for token in reversed(tokens[:number]):
        if token.sort != "not" or at - token.end > REACH:
            break
        turned, at = not turned, token.start
    return turned


def _tokens(clause: str, cues: StanceCues) -> Iterator[_Token]:
    for match in _pattern(cues).finditer(clause):
        name = match.lastgroup or ""
        sort, _, number = name.partition("_")
        outcome = cues.outcomes[int(number)].name if number else ""
        yield _Token(sort, outcome, *match.span())  # type: ignore[arg-type]


@lru_cache(maxsize=8)
def _pattern(cues: StanceCues) -> re.Pattern[str]:
    """One alternation: what says nothing first, then outcomes, attitudes, duties, negations."""
    groups = [("neutral", cues.neutral)]
    groups += [("against", cues.against), ("for", cues.agreeing), ("unfit", cues.unfit), ("fits", cues.fits)]
    for number, outcome in enumerate(cues.outcomes):
        groups += [(f"undo_{number}", outcome.undone), (f"act_{number}", outcome.acts)]
    groups += [("should", cues.should), ("not", cues.negations)]
    return re.compile("|".join(f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in groups if patterns))
