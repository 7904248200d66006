"""What is typed to read law: law, stale."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from api.options import AsJson, Home, On, day_of, desk_of

Days = Annotated[
    tuple[datetime, datetime] | None,
    typer.Option("--diff", formats=["%Y-%m-%d"], metavar="DATE DATE", help="逐条对照两天的文本。"),
]


def register(app: typer.Typer) -> None:
    """Make the commands of this module known."""
    app.command()(law)
    app.command()(stale)


def law(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="法律的名称，可用简称或文号。")],
    number: Annotated[str | None, typer.Argument(metavar="[ARTICLE]", help="条号：264 或 第二百六十四条。")] = None,
    article: Annotated[str | None, typer.Option("--article", help="只看一条。")] = None,
    on: On = None,
    versions: Annotated[bool, typer.Option("--versions", help="列出库中的各个文本。")] = False,
    diff: Days = None,
    cited_by: Annotated[bool, typer.Option("--cited-by", help="哪些规范、裁判文书、检察建议引用它。")] = False,
    related: Annotated[bool, typer.Option("--related", help="上位法、下位法、司法解释。")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """查一部法律：某一天的条文、各个文本、两天之间的改动、被谁引用。"""
    from api import lawcommand

    desk = desk_of(context, home)
    if versions:
        raise typer.Exit(lawcommand.versions(desk, name, day_of(on), as_json))
    if diff is not None:
        raise typer.Exit(lawcommand.diff(desk, name, diff[0].date(), diff[1].date(), as_json))
    if cited_by:
        raise typer.Exit(lawcommand.citing(desk, name, article or number, day_of(on), as_json))
    if related:
        raise typer.Exit(lawcommand.related(desk, name, day_of(on), as_json))
    raise typer.Exit(lawcommand.read(desk, name, article or number, day_of(on), as_json))


def stale(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option("--since", formats=["%Y-%m-%d"], help="文书、数据以哪一天的法律为准（默认各自的日期）。"),
    ] = None,
    on: On = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """哪些检察建议和场景数据所依据的条文已经改动。"""
    from api import stalecommand

    raise typer.Exit(stalecommand.stale_(desk_of(context, home), day_of(since), day_of(on), as_json))
