"""Errors of every room in the user's words, with the exit code of the contract."""

from __future__ import annotations

import click

from assistant.errors import AssistantError, NotThere

IN_PART, WRONG_USE, BAD_STORE = 1, 2, 3


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
        click.UsageError: WRONG_USE,
        NotThere: IN_PART,
        AssistantError: WRONG_USE,
        ExportError: WRONG_USE,
        ReadingError: IN_PART,
        StoreError: BAD_STORE,
        EmbedderError: BAD_STORE,
        KnowledgeError: BAD_STORE,
    }


def sentence_and_code(error: Exception) -> tuple[str, int]:
    """What to tell the user of one of the named errors, and how to exit."""
    sentence = _usage(error) if isinstance(error, click.UsageError) else str(error)
    return sentence, next(code for family, code in _codes().items() if isinstance(error, family))


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "gongzhi"
    return f"{_what(error)}。用法见：{command} --help"


def _what(error: click.UsageError) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {error.possibilities[0]}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少 {_name(error)}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error)} 的值不合要求：{error.message}"
    if "No such command" in error.message:
        return f"没有命令 {error.message.split(chr(39))[1]}"
    return f"命令写法有误：{error.message}"


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "参数")
    return str(error.param.metavar or "、".join(error.param.opts))
