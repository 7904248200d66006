"""Errors of every room in the user's words, with the exit code of the contract."""

from __future__ import annotations

import errno
import re
from importlib import import_module
from typing import Any

import typer

from api.console import why
from assistant.errors import AssistantError, NotThere

IN_PART, WRONG_USE, BAD_STORE = 1, 2, 3

# typer carries a click of its own since 0.2x and used the installed one before: take the one that it raises
usage = import_module(typer.BadParameter.__module__)

# what a wrong value is told, by the kind of error that pydantic reports; the limits are filled in
VALUES = {
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "int_parsing": "请写一个整数",
}
# what typer says in English, and what we say for it
PHRASES = (
    (r"No such command '(?P<name>.*?)'\.(?: Did you mean '(?P<near>.*?)')?", "没有命令 {name}"),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((?P<name>.*)\)", "多出了 {name}"),
    (r"Missing command", "缺少要做什么的命令"),
    (r"Option '?(?P<name>[^' ]+)'? requires an argument", "选项 {name} 后面缺少值"),
    (r"Option '?(?P<name>[^' ]+)'? does not take a value", "选项 {name} 后面不带值"),
)


def named_errors() -> tuple[type[Exception], ...]:
    """The errors that have a sentence for the user; looked up only once one was raised."""
    return tuple(_codes())


def _codes() -> dict[type[Exception], int]:
    from assistant.export import ExportError
    from indexes.embed import EmbedderError
    from indexes.errors import StoreError
    from ingestion.errors import ReadingError
    from prompts.loader import KnowledgeError

    # the first that fits counts: NotThere before its family
    return {
        usage.UsageError: WRONG_USE,
        NotThere: IN_PART,
        AssistantError: WRONG_USE,
        ExportError: WRONG_USE,
        ReadingError: IN_PART,
        StoreError: BAD_STORE,
        EmbedderError: BAD_STORE,
        KnowledgeError: BAD_STORE,
        OSError: IN_PART,  # of a file that was named or of stdout; the store translates its own
    }


def sentence_and_code(error: Exception) -> tuple[str, int]:
    """What to tell the user of one of the named errors, and how to exit."""
    if isinstance(error, usage.UsageError):
        sentence = _usage(error)
    elif isinstance(error, OSError):
        sentence = _system(error)
    else:
        sentence = str(error)
    return sentence, next(code for family, code in _codes().items() if isinstance(error, family))


def _system(error: OSError) -> str:
    where = error.filename or "输出"
    advice = "清理空间后再试" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "检查路径后再试"
    return f"读写 {where} 时出错：{why(error)}。请{advice}。"


def _usage(error: Any) -> str:
    command = error.ctx.command_path if error.ctx else "gongzhi"
    return f"{_what(error)}。用法见：{command} --help"


def _what(error: Any) -> str:
    if isinstance(error, usage.NoSuchOption):
        near = f"，是不是 {sorted(error.possibilities)[0]}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, usage.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, usage.BadParameter):
        return f"{_name(error)} 的值不合要求：{_value(error)}"
    for pattern, ours in PHRASES:
        if said := re.match(pattern, error.message):
            near = f"，是不是 {said['near']}" if said.groupdict().get("near") else ""
            return ours.format(**said.groupdict()) + near
    return f"命令写法有误：{error.message}"


def _value(error: Any) -> str:
    """What is wrong with a value, and how it should look."""
    errors: list[Any] = getattr(error.__cause__, "errors", list)()
    if not errors:
        return str(error.message)
    first = errors[0]
    said = first["msg"]
    if "does not match the formats" in said:
        said = "请写成 2026-01-31 的样子"
    elif choices := re.search(r"is not one of (.*?)\.?$", said):
        said = "可以写 " + choices[1].replace("'", "").replace(", ", "、")
    elif first["type"] in VALUES:
        said = VALUES[first["type"]].format(**first.get("ctx", {}))
    return f"{first['input']}，{said}"


def _name(error: Any) -> str:
    """A parameter as it is typed: an option by its dashes, an argument by what it is."""
    parameter = error.param
    if parameter is None:
        return str(error.param_hint or "参数")
    if parameter.param_type_name == "argument":
        return str(parameter.help or parameter.metavar or parameter.name).rstrip("。？")
    return "、".join(parameter.opts)
