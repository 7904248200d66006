"""Help pages in Chinese: typer's own English words are replaced on the commands that were built."""

from __future__ import annotations

from typing import Any

TYPES = {"bool": "", "path": "<路径>", "str": "<文字>", "int range": "<整数>", "int": "<整数>", "%Y-%m-%d": "<年-月-日>"}
HELP = "显示这份说明。"
COMPLETION = {
    "install_completion": "为当前的 shell 安装命令补全。",
    "show_completion": "显示当前 shell 的补全脚本，供复制或自行安装。",
}


def speak_chinese(command: Any) -> Any:
    """The command, and every command under it, with Chinese words around its own in help and usage."""
    from typer.core import TyperGroup

    _panels()
    pending = [command]
    while pending:
        one = pending.pop()
        _command(one)
        if isinstance(one, TyperGroup):
            one.subcommand_metavar = "命令 …"
            pending += one.commands.values()
    return command


def _panels() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "参数"
    rich_utils.OPTIONS_PANEL_TITLE = "选项"
    rich_utils.COMMANDS_PANEL_TITLE = "命令"
    rich_utils.REQUIRED_LONG_STRING = "［必填］"
    rich_utils.DEFAULT_STRING = "［默认 {}］"


def _command(command: Any) -> None:
    command.options_metavar = "[选项]"
    context = command.context_class(command, help_option_names=["-h", "--help"])
    command.context_class = _context_class(command.context_class)
    for parameter in command.get_params(context):
        if parameter.name == "help":
            parameter.help = HELP
        parameter.help = COMPLETION.get(parameter.name, parameter.help)
        shown = (parameter.display_type_rich(context) or "").strip("<>")
        if parameter.param_type_name == "option" and shown in TYPES:
            parameter.metavar = TYPES[shown]


def _context_class(context: Any) -> Any:
    class Formatter(context.formatter_class):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or "用法：")

    return type("Context", (context,), {"formatter_class": Formatter})
