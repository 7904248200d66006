"""Options that many commands take, and the desk that a command works at."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.desk import Desk

AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON。")]
Home = Annotated[Path | None, typer.Option("--home", help="数据文件夹（默认 GONGZHI_HOME 或 ~/.gongzhi）。")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="法律以哪一天为准（默认今天）。")
]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="以哪一天为准（默认今天）。")]
Office = Annotated[str | None, typer.Option("--office", help="只找这个单位的材料。")]
Year = Annotated[int | None, typer.Option("--year", help="只找这一年的：规范按文本日期，其他按落款日期或文号。")]
Level = Annotated[
    list[str] | None,
    typer.Option("--level", help="只找这一效力层级的规范（法律、行政法规、司法解释、地方性法规…），可写多次。"),
]


def desk_of(context: typer.Context, home: Path | None) -> Desk:
    """The desk of the home folder that the command line names."""
    from assistant.desk import open_desk
    from assistant.settings import read_settings

    desk = open_desk(read_settings(home or context.find_root().obj))
    context.call_on_close(desk.close)
    return desk


def day_of(value: datetime | None) -> date | None:
    """The day of an option."""
    return None if value is None else value.date()
