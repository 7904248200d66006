"""Commands that talk with a model: chat, and trying the endpoint."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date

from api.console import say, show, show_json
from api.failing import named_errors, sentence_and_code
from assistant.answer import answer_events
from assistant.conversation import Turn, standalone
from assistant.desk import Desk
from assistant.errors import NotThere
from assistant.model_trial import no_model, try_model
from assistant.reply import Answer, Citation
from indexes.hit import STATUS_WORDS
from indexes.words import tokens

GROUNDING = {"full": "每句均有依据", "partial": "部分句子待核实", "none": "没有依据"}
SIGNS = {"pass": "✓", "fail": "✗", "not_checked": "－"}
LEAVE = frozenset({"退出", "再见", "/q", "/quit", "quit", "exit"})
PROMPT = "问："


def chat(desk: Desk, case: str | None, as_of: date | None = None, read: Callable[[str], str] = input) -> int:
    """Questions and answers until Ctrl-D (or 退出); a follow-up is understood from the turns before.

    Ctrl-C stops the answer that is being written; at the question it leaves. Raises NotThere for an unknown case.
    """
    if case is not None and not desk.catalogue.entries(case=case):
        raise NotThere(f"没有案件 {case} 的材料。用 gongzhi add 路径 --case {case} 添加。")
    say(_greeting(desk, case))
    turns: list[Turn] = []
    while True:
        try:
            question = read(PROMPT).strip()
        except (EOFError, KeyboardInterrupt):
            say("")
            return 0
        if question in LEAVE:
            return 0
        if question:
            _turn(desk, question, case, as_of, turns)


def _greeting(desk: Desk, case: str | None) -> str:
    who = f"由模型 {desk.model.name} 作答，逐句核对出处" if desk.model else "没有设置模型，以原文引用作答"
    where = f"案件 {case} 的材料与法律" if case else "全部材料与法律"
    return f"检索范围：{where}；{who}。Ctrl-C 停止当前回答，Ctrl-D 退出。"


def _turn(desk: Desk, question: str, case: str | None, as_of: date | None, turns: list[Turn]) -> None:
    """One question; what goes wrong with it is said, and the conversation goes on."""
    try:
        asked = standalone(question, turns, tokens, desk.model)
        if asked != question:
            show(f"（按此理解：{asked}）")
        reply = _written(desk, asked, case, as_of)
    except KeyboardInterrupt:
        show("\n（已停止，以上内容不完整，不作为回答。）")
        return
    except named_errors() as error:
        say(f"\n{sentence_and_code(error)[0]}")
        return
    turns.append(Turn(asked, reply))
    _sources(reply)


def _written(desk: Desk, question: str, case: str | None, as_of: date | None) -> Answer:
    """Show the answer while it is written; where the last word differs from what was shown, show that too."""
    shown = ""
    reply = None
    text_of = desk.catalogue.text_of
    for event in answer_events(question, desk.index, desk.writer, case=case, as_of=as_of, text_of=text_of):
        if isinstance(event, Answer):
            reply = event
        else:
            sys.stdout.write(event)
            sys.stdout.flush()
            shown += event
    if reply is None:
        raise AssertionError("answer_events ends with an Answer")
    if shown != reply.text:
        show("\n（以上内容作废，以下为核对后的回答。）" if shown else "")
        sys.stdout.write(reply.text)
    show("")
    return reply


def _sources(reply: Answer) -> None:
    if reply.missing:
        show(reply.missing)
    for one in reply.citations:
        show(f"[{one.number}] {_where(one)}  {one.document_id} {one.start}-{one.end}")
    show(f"依据：{GROUNDING[reply.grounding]}。\n")


def _where(one: Citation) -> str:
    if one.law:
        return f"《{one.law}》{one.article or ''}，{STATUS_WORDS[one.status]}"
    return f"《{one.title}》" + (f"第{one.page}页" if one.page else "")


def check_model(desk: Desk, as_json: bool) -> int:
    """Try the model that is set and say what is wrong and how to mend it; 1 if anything failed."""
    trials = try_model(desk.model) if desk.model else no_model()
    if as_json:
        show_json({"checks": [vars(trial) for trial in trials]})
    else:
        for trial in trials:
            show(f"{SIGNS[trial.state]} {trial.name}：{trial.detail}")
            if trial.mend:
                show(f"    {trial.mend}")
    return 1 if any(trial.state == "fail" for trial in trials) else 0
