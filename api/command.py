"""The `gongzhi` command: what people and scripts type. Heavy parts are imported where they are used."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from api import lawcli, precedentcli
from api.console import never_fail_to_encode, say, show
from api.options import AsJson, AsOf, Home, Level, Office, On, Year, day_of, desk_of

DONE, WRONG_USE, INTERRUPTED = 0, 2, 130

app = typer.Typer(
    name="gongzhi",
    help="共治：检察建议与社会治理的文书助手。离线可用，句句有出处。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
draft_app = typer.Typer(help="起草文书。", no_args_is_help=True)
model_app = typer.Typer(help="语言模型与嵌入模型。", no_args_is_help=True)
app.add_typer(draft_app, name="draft")
app.add_typer(model_app, name="model")
tune_app = typer.Typer(help="用本单位的问题改进检索。", no_args_is_help=True)
app.add_typer(tune_app, name="tune")

Case = Annotated[str | None, typer.Option("--case", help="案件编号。")]


class KindName(StrEnum):
    """The kinds of documents."""

    case = "case"
    suggestion = "suggestion"
    regulation = "regulation"
    hearing = "hearing"
    proposal = "proposal"
    other = "other"


class ByName(StrEnum):
    """How to search."""

    words = "words"
    meaning = "meaning"
    both = "both"


class EvalBy(StrEnum):
    """How suites search; by meaning alone nobody searches."""

    words = "words"
    both = "both"


class LevelName(StrEnum):
    """For whom a file is masked."""

    handler = "handler"
    office = "office"
    unit = "unit"
    public = "public"


class TypeName(StrEnum):
    """Types of suggestion letters."""

    retrial = "retrial"
    correction = "correction"
    public_interest = "public-interest"
    governance = "governance"
    other = "other"


class ViewName(StrEnum):
    """Views of a document with tracked changes."""

    final = "final"
    original = "original"
    marked = "marked"


Kind = Annotated[KindName | None, typer.Option("--kind", help="文书种类。")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            show(f"gongzhi {version('gongzhi')}")
        except PackageNotFoundError:  # `python -m api` in a checkout
            show("gongzhi（未安装，从源码运行）")
        raise typer.Exit


@app.callback()
def _main(
    context: typer.Context,
    home: Home = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本。")
    ] = False,
) -> None:
    context.obj = home


@app.command()
def add(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹。")],
    case: Case = None,
    kind: Kind = None,
    office: Annotated[str | None, typer.Option("--office", help="办案单位。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """添加文件或文件夹（.docx .pdf .txt .md .xlsx .csv）。"""
    from api import adding

    raise typer.Exit(
        adding.add(desk_of(context, home), paths, case, kind.value if kind else None, office, as_json)
    )


@app.command("list")
def list_(
    context: typer.Context, case: Case = None, kind: Kind = None, as_json: AsJson = False, home: Home = None
) -> None:
    """列出已添加的文件。"""
    from api import listing

    listing.list_documents(desk_of(context, home), case, kind.value if kind else None, as_json)


@app.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(help="文件的 id（可只写开头 6 位以上）。")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """移除文件；之后不再能搜到，也不再被引用。"""
    from api import adding

    raise typer.Exit(adding.remove(desk_of(context, home), ids, as_json))


@app.command()
def text(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="ID|PATH", help="文件的 id，或一个文件的路径。")],
    view: Annotated[ViewName, typer.Option("--view", help="有修订时看哪一种文本。")] = ViewName.final,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """显示一份文件的全文。"""
    from api import listing

    raise typer.Exit(listing.text(desk_of(context, home), which, view.value, as_json))


@app.command()
def laws(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[FOLDER|missing]", help="法规文件夹；不写则装载随程序附带的国家法律；missing 列出还缺哪些。"),
    ] = None,
    count: Annotated[bool, typer.Option("--count", help="只列出已装载的法律及条数。")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """装载法律法规。"""
    from api import adding

    if count:
        raise typer.Exit(adding.count_laws(desk_of(context, home), as_json))
    if str(folder) == "missing" and not Path("missing").exists():
        from api import stalecommand

        raise typer.Exit(stalecommand.missing_laws(desk_of(context, home), as_json))
    raise typer.Exit(adding.laws(desk_of(context, home), folder, as_json))


lawcli.register(app)


@app.command()
def index(
    context: typer.Context,
    export: Annotated[Path | None, typer.Option("--export", help="把向量写入一个文件。")] = None,
    import_: Annotated[Path | None, typer.Option("--import", help="读入另一台机器导出的向量。")] = None,
    first: Annotated[bool, typer.Option("--first", help="只补全案件与常用法律。")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="重建词索引与语义索引。")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """补全语义索引，显示进度与剩余时间；中断后再运行即可接着做。"""
    from api import adding

    raise typer.Exit(adding.index(desk_of(context, home), export, import_, first, rebuild, as_json))


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(help="要找什么。")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="最多几条。")] = 10,
    kind: Kind = None,
    case: Case = None,
    as_of: AsOf = None,
    by: Annotated[ByName, typer.Option("--by", help="按词、按语义，或两者。")] = ByName.both,
    in_force: Annotated[bool, typer.Option("--in-force", help="法律只看当日有效的。")] = False,
    office: Office = None,
    year: Year = None,
    level: Level = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="成批检索：每行一个 {id, query}。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="成批检索的结果文件。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """检索案卷、先例与法律。"""
    from api import asking

    desk = desk_of(context, home)
    narrow = (office, year, tuple(level or ()))
    scope = asking.scope(kind.value if kind else None, case, day_of(as_of), in_force, *narrow)
    raise typer.Exit(asking.search(desk, query, k, scope, by.value, batch, out, as_json))


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="问题。")] = None,
    case: Case = None,
    as_of: AsOf = None,
    batch: Annotated[Path | None, typer.Option("--batch", help="成批提问：每行一个 {id, query}。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="成批提问的结果文件。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """提问；每句回答都标明出处，没有依据就说没有。"""
    from api import asking

    raise typer.Exit(asking.ask(desk_of(context, home), question, case, day_of(as_of), batch, out, as_json))


@app.command()
def chat(context: typer.Context, case: Case = None, as_of: AsOf = None, home: Home = None) -> None:
    """连续问答：可以追问，每句回答都标明出处。"""
    from api import chatting

    raise typer.Exit(chatting.chat(desk_of(context, home), case, day_of(as_of)))


@app.command()
def hearing(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="FILE|ID", help="听证笔录的路径，或已添加的文件的 id。")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写到哪个 .docx。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """摘要一份听证笔录：争议焦点、各方意见、听证员意见与计票、承诺事项，句句有出处。"""
    from api import hearings

    raise typer.Exit(hearings.hearing(desk_of(context, home), which, out, as_json))


@app.command()
def cite(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="FILE|ID|-", help="文书的路径，已添加的文件的 id，或 -（标准输入）。")],
    on: On = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="把核对结果写成批注，存为哪个 .docx。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """核对文书引用的每一处法条：是否存在、是否有效、款项是否对、引文是否一字不差。"""
    from api import citing

    raise typer.Exit(citing.cite(desk_of(context, home), which, day_of(on), out, as_json))


@app.command()
def issues(
    context: typer.Context,
    which: Annotated[str, typer.Argument(metavar="CASE|FILE", help="案件编号、文件的 id，或一个文件的路径。")],
    as_of: AsOf = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """发现案件背后的社会治理问题，每项都引原文为证。"""
    from api import flagging

    raise typer.Exit(flagging.issues(desk_of(context, home), which, day_of(as_of), as_json))


@app.command()
def mask(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="要脱敏（或还原）的文件。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个 .docx 或 .txt。")],
    level: Annotated[LevelName, typer.Option("--level", help="给谁看：承办人、本院、其他单位、公开。")] = LevelName.public,
    case: Case = None,
    key: Annotated[Path | None, typer.Option("--key", help="对照文件写到哪里、从哪里读（默认在数据文件夹）。")] = None,
    restore: Annotated[bool, typer.Option("--restore", help="用对照文件还原已脱敏的文件。")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """脱敏：隐去姓名、证件号、电话、账号、住址等；同一案件化名一致，凭对照文件可还原。"""
    from api import masking
    from assistant.settings import read_settings

    folder = read_settings(home or context.find_root().obj).root
    if restore:
        raise typer.Exit(masking.unmask(folder, file, out, key))
    raise typer.Exit(masking.mask(folder, file, out, level.value, case, key, as_json))


@draft_app.command("suggestion")
def draft_suggestion(
    context: typer.Context,
    case: Annotated[str, typer.Option("--case", help="案件编号。")],
    to: Annotated[str, typer.Option("--to", help="被建议单位全称。")],
    out: Annotated[Path, typer.Option("-o", "--out", help="写到哪个 .docx。")],
    type_: Annotated[TypeName, typer.Option("--type", help="检察建议的类型。")] = TypeName.governance,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="文书日期（默认今天）。")
    ] = None,
    as_of: AsOf = None,
    polished: Annotated[
        bool, typer.Option("--polish", help="由语言模型润色句子（须已设置模型）；改变原意的改写不采用。")
    ] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """起草检察建议书：句句有依据，缺什么标明什么。"""
    from api import drafting

    raise typer.Exit(
        drafting.suggestion(
            desk_of(context, home), case, to, type_.value, day_of(on), out, as_json, polished, day_of(as_of)
        )
    )


@model_app.command("check")
def model_check(context: typer.Context, as_json: AsJson = False, home: Home = None) -> None:
    """检查所设的语言模型：能否连通、作答、逐句标注出处。"""
    from api import chatting

    raise typer.Exit(chatting.check_model(desk_of(context, home), as_json))


@model_app.command("export")
def model_export(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹。")],
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """把内置嵌入模型导出为 sentence-transformers 文件夹。"""
    from api import checking

    raise typer.Exit(checking.export_model(folder, as_json))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="监听的地址；本机以外的地址须先设置口令。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口。")] = 8000,
    home: Home = None,
) -> None:
    """启动服务：网页工作台与 HTTP 接口。"""
    from api import serving

    raise typer.Exit(serving.serve(desk_of(context, home), host, port))


@app.command("eval")
def eval_(
    context: typer.Context,
    suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE…", help="评测集；不写则运行门槛文件点名的。")] = None,
    gate: Annotated[str | None, typer.Option("--gate", help="门槛文件，或自带门槛的名称（fast）。")] = None,
    against: Annotated[str | None, typer.Option("--against", help="与哪次记录相比（编号或文件）。")] = None,
    by: Annotated[EvalBy | None, typer.Option("--by", help="只按词检索，还是词与语义（默认）。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="记录与报告写到哪个文件夹。")] = None,
    as_json: AsJson = False,
) -> None:
    """用随程序附带的评测集衡量检索、问答、起草等；另建资料库，不动已有数据。"""
    from api import evaluating

    raise typer.Exit(evaluating.evaluate(suites or [], gate, against, by.value if by else None, out, as_json))


@tune_app.command("ranker")
def tune_ranker(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="JSONL：每行 query 与 relevant（law、article）。")],
    out: Annotated[Path | None, typer.Option("--out", help="权重写到哪里（默认数据文件夹的 ranker.json）。")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """从“问题—正确法条”学出法条排序的权重，并用留出的问题检验。"""
    from api import tuning

    raise typer.Exit(tuning.tune_ranker(desk_of(context, home), files, out, as_json))


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False, home: Home = None) -> None:
    """检查安装、数据与知识文件是否正常。"""
    from api import checking

    raise typer.Exit(checking.doctor(desk_of(context, home), as_json))


@app.command()
def demo(
    context: typer.Context,
    folder: Annotated[Path, typer.Option("--folder", help="示例放在哪个文件夹。")] = Path("demo"),
) -> None:
    """用随程序附带的示例案件走完全程：装载法律、添加卷宗、提问、起草。"""
    from api import demo as demonstration

    raise typer.Exit(demonstration.run(folder))


precedentcli.register(app)


def main() -> None:
    """Run the command; every error that has a name ends in a sentence and an exit code."""
    never_fail_to_encode()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of a command line (contract: 0 done, 1 in part, 2 wrong use, 3 bad store)."""
    from api.failing import named_errors, sentence_and_code, usage

    try:
        result = _command(arguments)(args=arguments, prog_name="gongzhi", standalone_mode=False)
        sys.stdout.flush()
    except usage.NoArgsIsHelpError:  # the page itself is printed by typer already
        return WRONG_USE
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except BrokenPipeError:  # whoever read our answer has seen enough
        _give_up_stdout()
        return DONE
    except SystemExit as left:  # typer leaves so after completion, and where a pipe broke while it was written
        return left.code if "_GONGZHI_COMPLETE" in os.environ and isinstance(left.code, int) else DONE
    except named_errors() as error:
        if isinstance(error, OSError):
            _give_up_stdout()
        sentence, code = sentence_and_code(error)
        say(sentence)
        return code
    if result == INTERRUPTED:
        say("已中断。已完成的部分已经保存，再次运行同一命令即可接着做。")
    return result if isinstance(result, int) else DONE


def _give_up_stdout() -> None:
    """Let what stdout still holds go to nowhere, or Python would complain once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _command(arguments: list[str]) -> Any:
    """The command that typer builds; in Chinese where it will print help (which loads rich)."""
    from typer.main import get_command

    command = get_command(app)
    if len(arguments) < 2 or {"-h", "--help"} & {*arguments}:
        from api.helping import speak_chinese

        return speak_chinese(command)
    return command
