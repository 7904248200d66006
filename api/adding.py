"""Commands that change what is stored: add, remove, laws, index."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from api import shapes
from api.console import progress, say, show, show_json, table
from api.listing import likes
from assistant.desk import Desk
from assistant.errors import BadRequest, NotThere
from indexes.amend import with_amended
from indexes.build import AddReport, Failure, Filing, LawReport, add_found, add_statutes, paths_of
from indexes.china_law import package_statutes
from indexes.errors import StoreError
from indexes.fill import Filled, fill_vectors, fill_words, index_lock, sweep
from ingestion.archive import SEPARATOR
from ingestion.document import Kind
from ingestion.errors import ReadingError
from ingestion.lawfolder import SkippedLaw, folder_statutes
from ingestion.statutes import Statute
from prompts import load_laws

LONG = 40  # characters of a path from which a table shows it without the folder that all have in common
LOCKED = "另一个进程正在维护索引，由它继续建立索引，无需等待。"


def add(
    desk: Desk, paths: list[Path], case: str | None, kind: Kind | None, office: str | None, as_json: bool
) -> int:
    """Add files, make them findable by words, and say what became of each."""
    found = list(paths_of(paths))
    files = sum(isinstance(one, Path) for one in found)
    with progress("读取文件", files, quiet=as_json) as advance:
        report = add_found(desk.catalogue, found, Filing(case, kind, office), lambda _: advance(1))
    try:
        _fill_words(desk)
    finally:  # they are in the catalogue, whatever becomes of the index
        if as_json:
            show_json(shapes.add_report(report))
        else:
            _show_added(report)
    _say_rest(desk)
    return 1 if report.failed else 0


def _show_added(report: AddReport) -> None:
    already = [path for _, path in report.already]
    short = _shortened([*(one.path for one in report.added), *(one.path for one in report.failed), *already])
    rows = [("已添加", one.id, one.subtype, short(one.path), likes(one.links)) for one in report.added]
    rows += [("已在库中", document_id, "", short(path), "") for document_id, path in report.already]
    rows += [("未能添加", "", "", short(one.path), _cause(one)) for one in report.failed]
    table(("结果", "id", "种类", "文件", "说明"), rows)
    for one in report.failed:
        show(f"未能添加 {one.path}：{_cause(one)}。{one.advice}。")
    show(f"新增 {len(report.added)} 份，已在库中 {len(report.already)} 份，失败 {len(report.failed)} 份。")
    alike = sum(bool(one.links) for one in report.added)
    if alike:
        show(f"其中 {alike} 份与库中其他文件相同或相近，都已保留、都可检索；不需要的可用 gongzhi remove 移除。")


def _shortened(paths: Sequence[str]) -> Callable[[str], str]:
    """How a table names files: where their paths are long, below the folder that they all lie in."""
    folders = {str(Path(path.split(SEPARATOR)[0]).parent) for path in paths}
    if max(map(len, paths), default=0) <= LONG or len({os.path.isabs(folder) for folder in folders}) > 1:
        return str
    common = os.path.commonpath(folders)
    return lambda path: path.removeprefix(common + os.sep)


def _cause(failure: Failure) -> str:
    return f"第 {failure.page} 页：{failure.cause}" if failure.page else failure.cause


def _fill_words(desk: Desk) -> None:
    """Fill words if nobody else holds the index; whoever does fills them soon.

    Looks again once the lock is given back: who came meanwhile relied on us.
    """
    waiting = True
    while waiting:
        with index_lock(desk.home) as ours:
            if not ours:
                say(LOCKED)
                return
            _words(desk)
        waiting = bool(desk.catalogue.without_words(1))


def _words(desk: Desk) -> None:
    """Fill words, and let go of those that no document holds; the index lock is ours."""
    sweep(desk.catalogue, desk.keywords, lambda: desk.vectors)
    waiting = desk.catalogue.progress()
    with progress("建立词索引", waiting.texts - waiting.with_words) as advance:
        fill_words(desk.catalogue, desk.keywords, advance)
    desk.keywords.close()


def _say_rest(desk: Desk) -> None:
    state = desk.catalogue.progress()
    rest = state.texts - state.with_vector
    if rest:
        say(f"已可按词检索。语义检索还差 {rest} 段，运行 gongzhi index 补全。")


def remove(desk: Desk, ids: list[str], as_json: bool) -> int:
    """Forget documents at once, and let the index go of them if nobody else holds it."""
    removed, missing = desk.catalogue.remove(ids)
    _fill_words(desk)
    if as_json:
        show_json({"removed": removed, "missing": missing})
    else:
        for document_id in removed:
            show(f"已移除 {document_id}")
        for document_id in missing:
            show(f"没有找到 {document_id}。用 gongzhi list 查看已添加的文件。")
    return 1 if missing else 0


def laws(desk: Desk, folder: Path | None, as_json: bool) -> int:
    """Load the package's laws, or a folder of Markdown; name what was skipped and what failed."""
    if folder is not None and not folder.exists():
        raise NotThere(f"找不到 {folder}。请检查法规文件夹的路径。")
    report = LawReport()
    with progress("装载法律", None) as advance:
        statutes = with_amended(package_statutes()) if folder is None else _from_folder(folder, report)
        add_statutes(desk.catalogue, statutes, report, lambda _: advance(1))
    desk.lawbook.settle()
    desk.catalogue.first_in_line(law.title for law in load_laws() if law.core)
    _fill_words(desk)
    if as_json:
        show_json(shapes.law_report(report))
    else:
        for path, why in report.skipped:
            show(f"跳过 {path}：{why}")
        for one in report.failed:
            show(f"未能装载 {one.path}：{one.cause}。{one.advice}。")
        show(f"法律法规 {report.laws} 个文本（其中已在库中 {report.known} 个），条文 {report.articles} 条，不分条的段落 {report.pieces} 段。")
    _say_rest(desk)
    return 1 if report.failed else 0


def _from_folder(folder: Path, report: LawReport) -> Iterator[Statute]:
    for one in folder_statutes(folder):
        if isinstance(one, SkippedLaw):
            report.skipped.append((one.path, one.why))
        elif isinstance(one, ReadingError):
            report.failed.append(Failure(one.path, one.cause, one.advice))
        else:
            yield one


def count_laws(desk: Desk, as_json: bool) -> int:
    """How many articles of each law are loaded, as the catalogue has them."""
    rows = desk.catalogue.articles_per_law()
    if as_json:
        show_json([{"law": name, "version": version, "source": source, "articles": n}
                   for name, version, source, n in rows])
    else:
        table(("法律法规", "版本", "来源", "条数"), [(a, b or "", c, str(n)) for a, b, c, n in rows])
        show(f"{len(rows)} 个文本，{sum(n for *_, n in rows)} 条。")
    return 0


def index(
    desk: Desk, export: Path | None, import_: Path | None, first: bool, rebuild: bool, as_json: bool
) -> int:
    """Fill words and vectors in the foreground; before it read, and after it write, a file of vectors."""
    if export is not None and not export.parent.is_dir():
        raise BadRequest(f"文件夹 {export.parent} 不存在。请先建立，或换一个位置。")
    if import_ is not None and not import_.is_file():
        raise NotThere(f"找不到向量文件 {import_}。请检查 --import 后的路径。")
    if import_ is not None and not zipfile.is_zipfile(import_):
        raise StoreError(f"{import_} 不是完整的向量文件。请重新导出或复制。")
    with index_lock(desk.home) as ours:
        if not ours:
            say(LOCKED)
            filled = Filled(0, 0, 0.0)
        else:
            filled = _fill(desk, import_, first, rebuild)
    if ours and desk.catalogue.without_words(1):  # added by others after the last look, relying on us
        _fill_words(desk)
    if export is not None:
        say(f"已导出 {desk.store.export(export, desk.embedder.name)} 条向量到 {export}")
    state = desk.catalogue.progress()
    shape = {
        "passages": state.texts,
        "embedded": filled.done,
        "reused": filled.reused,
        "remaining": state.texts - state.with_vector,
        "seconds": round(filled.seconds, 1),
    }
    if as_json:
        show_json(shape)
    else:
        rate = f"，每秒 {filled.done / filled.seconds:.0f} 段" if filled.done and filled.seconds else ""
        show(f"语义索引：共 {state.texts} 段，本次补全 {filled.done} 段（其中沿用已有向量 {filled.reused} 段），"
             f"用时 {filled.seconds:.0f} 秒{rate}，还差 {shape['remaining']} 段。")
    return 0


def _fill(desk: Desk, import_: Path | None, first: bool, rebuild: bool) -> Filled:
    if rebuild:
        _empty(desk)
    _words(desk)
    if import_ is not None:
        say(f"已读入 {desk.store.take_in(import_, desk.embedder.name)} 条向量")
    state = desk.catalogue.progress()
    began = time.monotonic()
    highest = 1 if first else None
    with progress("补全语义索引", state.texts - state.with_vector if not first else None) as advance:

        def after_window(count: int) -> None:
            advance(count)
            if desk.catalogue.without_words(1):  # added by another process: by words within seconds
                fill_words(desk.catalogue, desk.keywords)
                desk.keywords.close()

        filled = fill_vectors(
            desk.catalogue, desk.store, desk.vectors, desk.embedder, highest_rank=highest, progress=after_window
        )
    return Filled(filled.done, filled.reused, time.monotonic() - began)


def _empty(desk: Desk) -> None:
    """Begin both indexes anew, without opening what may be damaged; the store of vectors stays.

    The catalogue is told first: killed after that, the next run fills what is missing.
    """
    desk.catalogue.forget_index()
    for name in ("words", "vectors"):
        shutil.rmtree(desk.home / name, ignore_errors=True)
