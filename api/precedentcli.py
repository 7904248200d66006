"""The commands `precedents` and `similar`, put beside the others by `api/command.py`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.options import AsJson, Home, desk_of

Count = Annotated[int, typer.Option("-k", min=1, max=100, help="最多几份。")]


def register(app: typer.Typer) -> None:
    """Add both commands to the app."""

    @app.command()
    def precedents(
        context: typer.Context,
        query: Annotated[str, typer.Argument(help="要找什么样的检察建议。")],
        k: Count = 10,
        where: Annotated[
            list[str] | None, typer.Option("--where", metavar="类别=值", help="只要这一类的，可写多次。")
        ] = None,
        as_json: AsJson = False,
        home: Home = None,
    ) -> None:
        """找以往的检察建议书：问题、措施、回复，按问题类型、领域、单位、地区、年份等分类。"""
        from api import finding

        raise typer.Exit(finding.precedents(desk_of(context, home), query, k, where or [], as_json))

    @app.command()
    def similar(
        context: typer.Context,
        which: Annotated[str, typer.Argument(metavar="ID|PATH", help="文件的 id，或一个文件的路径。")],
        k: Count = 10,
        as_json: AsJson = False,
        home: Home = None,
    ) -> None:
        """找事实相似的案件与先例；已向同一单位发过相似的建议书时提醒。"""
        from api import finding

        raise typer.Exit(finding.similar(desk_of(context, home), which, k, as_json))
