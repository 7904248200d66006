"""Trying a model: is it reached, is it offered, does it write, does it stream, does it mark its sentences."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.marks import read_marks, sentences_as_written
from assistant.model import Message, Model, ModelFailed

State = Literal["pass", "fail", "not_checked"]
SHORT = 200  # tokens of a reply in a trial
_TASK = (
    "只根据材料回答，每句末尾用方括号写材料编号，例如[1]。\n\n[1] 旅馆接待旅客住宿必须登记。\n"
    "[2] 夜间施工应当公告附近居民。\n\n问题：旅馆接待旅客住宿必须做什么？"
)


@dataclass(frozen=True)
class Trial:
    """One thing that was tried; `mend` says what to do where it failed."""

    name: str
    state: State
    detail: str
    mend: str = ""


def try_model(model: Model) -> tuple[Trial, ...]:
    """The trials, in order; where the model cannot write at all, what needs that is `not_checked`."""
    trials = [_listed(model)]
    wrote = _guarded("生成", lambda: _writes(model))
    trials.append(wrote)
    for name, trial in (("流式输出", _streams), ("标注出处", _marks)):
        if wrote.state == "fail":
            trials.append(Trial(name, "not_checked", "模型没有作答，未检查。"))
        else:
            trials.append(_guarded(name, lambda trial=trial: trial(model)))  # type: ignore[misc]
    return tuple(trials)


def no_model() -> tuple[Trial, ...]:
    """What is said where no model is set."""
    mend = "设置 GONGZHI_MODEL_URL（OpenAI 兼容接口，一般以 /v1 结尾）与 GONGZHI_MODEL_NAME；需要密钥的再设 GONGZHI_MODEL_KEY。"
    return (Trial("设置", "fail", "没有设置模型，回答都是原文引用。", mend),)


def _guarded(name: str, trial: Callable[[], Trial]) -> Trial:
    try:
        return trial()
    except ModelFailed as error:
        detail, mend = _detail_and_mend(str(error))
        return Trial(name, "fail", detail, mend)


def _detail_and_mend(sentence: str) -> tuple[str, str]:
    """An error's sentence ends with what to do about it."""
    detail, sign, mend = sentence.partition("。请")
    return (f"{detail}。", f"请{mend}") if sign else (sentence, "")


def _listed(model: Model) -> Trial:
    try:
        known = model.known()
    except ModelFailed as error:
        detail, mend = _detail_and_mend(str(error))
        return Trial("连接", "fail", detail, mend)
    if model.name in known or not known:
        return Trial("连接", "pass", f"已连接，服务列出{len(known)}个模型。")
    offered = "、".join(known[:5])
    if len(known) == 1:  # servers of a single model answer to any name
        return Trial("连接", "pass", f"已连接；服务上的模型名是 {offered}，与设置的 {model.name} 不同。")
    return Trial("连接", "fail", f"服务没有列出 {model.name}。", f"把设置 model_name 改为其中之一：{offered}。")


def _writes(model: Model) -> Trial:
    began = time.monotonic()
    text = model.complete([Message("user", "只写两个字：可以")], longest=SHORT)
    return Trial("生成", "pass", f"{time.monotonic() - began:.1f} 秒内答复，共{len(text)}字。")


def _streams(model: Model) -> Trial:
    pieces = list(model.stream([Message("user", "用一句话说明什么是检察建议。")], longest=SHORT))
    several = len([piece for piece in pieces if piece]) > 1
    if several:
        return Trial("流式输出", "pass", f"分{len(pieces)}段收到。")
    return Trial("流式输出", "fail", "整段一次收到，不能边写边看。", "请打开模型服务的流式输出（stream），并检查中间的代理是否缓存答复。")


def _marks(model: Model) -> Trial:
    marks = list(_given(model))
    if 1 in marks and 2 not in marks:
        return Trial("标注出处", "pass", "按要求标注了出处。")
    if marks:
        return Trial("标注出处", "fail", "标注的出处不对。", "可以使用，但较多句子会标为待核实；请换用能力更强的模型。")
    return Trial("标注出处", "fail", "没有标注出处。", "这个模型的回答不会被采用，仍以原文引用作答；请换用遵循指令的对话模型（instruct、chat）。")


def _given(model: Model) -> Iterator[int]:
    for written in sentences_as_written([model.complete([Message("user", _TASK)], longest=SHORT)]):
        yield from read_marks(written.text).marks
