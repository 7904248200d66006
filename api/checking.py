"""Commands that look after the installation: doctor, model export."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.console import show, show_json
from assistant.desk import Desk
from assistant.errors import BadRequest
from assistant.knowledge import outdated
from indexes.china_law import data_file, package_statutes
from indexes.embed import EmbedderError
from indexes.errors import StoreError
from indexes.fill import claim
from ingestion.document import KINDS
from prompts import load_deadlines, load_norms, load_outline, load_scenarios, outline_names
from prompts.loader import KnowledgeError

LEAST_FREE = 1_000_000_000  # bytes; the vectors of the whole law library take about this much
REBUILD = "运行 gongzhi index --rebuild 重建"
MARKS = {"ok": "✓", "warning": "！", "error": "✗"}


@dataclass(frozen=True)
class Check:
    """One look at the installation: state ok, warning or error, and how to mend it."""

    name: str
    state: str
    detail: str
    mend: str = ""


def doctor(desk: Desk, as_json: bool) -> int:
    """Look at everything and say what is wrong and how to mend it; 1 if anything is an error."""
    checks = [check for look in LOOKS for check in look(desk)]
    if as_json:
        show_json({"checks": [vars(check) for check in checks]})
    else:
        for check in checks:
            show(f"{MARKS[check.state]} {check.name}：{check.detail}")
            if check.mend:
                show(f"    {check.mend}")
    return 1 if any(check.state == "error" for check in checks) else 0


def _home(desk: Desk) -> Iterator[Check]:
    mode = desk.home.stat().st_mode & 0o777
    if mode & 0o077:
        yield Check("数据文件夹", "warning", f"{desk.home} 其他用户也能读（权限 {mode:o}）", f"运行 chmod 700 {desk.home}")
    else:
        yield Check("数据文件夹", "ok", str(desk.home))
    free = shutil.disk_usage(desk.home).free
    state = "ok" if free > LEAST_FREE else "warning"
    yield Check("磁盘空间", state, f"剩余 {free / 1e9:.1f} GB", "" if state == "ok" else "请清理空间")


def _package(desk: Desk) -> Iterator[Check]:
    try:
        yield Check("法律数据包", "ok", str(data_file().name))
        next(iter(package_statutes()))
    except StoreError as error:
        yield Check("法律数据包", "error", str(error), "重新安装 gongzhi")


def _laws(desk: Desk) -> Iterator[Check]:
    versions = desk.catalogue.laws()
    if not versions:
        yield Check("法律库", "warning", "还没有装载法律", "运行 gongzhi laws")
        return
    names = {version.name for version in versions}
    newest = max((version.version or "" for version in versions), default="")
    yield Check("法律库", "ok", f"{len(names)} 部法律法规，{len(versions)} 个文本，最新文本 {newest}")


def _embedder(desk: Desk) -> Iterator[Check]:
    try:
        embedder = desk.embedder
        claim_possible = desk.catalogue.get("embedder")
        if claim_possible is not None:
            claim(desk.catalogue, embedder)
    except (EmbedderError, StoreError) as error:
        yield Check("嵌入模型", "error", str(error))
        return
    notice = getattr(embedder, "notice", "")
    yield Check("嵌入模型", "warning" if notice else "ok", notice or embedder.name)


def _index(desk: Desk) -> Iterator[Check]:
    state = desk.catalogue.progress()
    rest = state.texts - state.with_vector
    detail = f"{state.texts} 段，按词可检索 {state.with_words} 段，按语义可检索 {state.with_vector} 段"
    yield Check("索引", "ok" if not rest else "warning", detail, "运行 gongzhi index 补全" if rest else "")
    try:
        words, vectors = desk.keywords.count(), sum(desk.vectors.count(kind) for kind in KINDS)
    except StoreError as error:
        yield Check("索引文件", "error", str(error), REBUILD)
        return
    # an index may be a batch ahead of the catalogue, never behind it
    if words < state.with_words or vectors < state.with_vector:
        detail = f"目录记载按词 {state.with_words} 段、按语义 {state.with_vector} 段，索引中只有 {words} 段、{vectors} 段"
        yield Check("索引文件", "error", detail, REBUILD)


def _knowledge(desk: Desk) -> Iterator[Check]:
    try:
        scenarios = load_scenarios()
        load_deadlines()
        norms = load_norms()
        outlines = [load_outline(name) for name in outline_names()]
    except KnowledgeError as error:
        yield Check("知识文件", "error", str(error), "按提示改正该文件")
        return
    issues = sum(len(scenario.issues) for scenario in scenarios)
    yield Check("知识文件", "ok", f"{len(scenarios)} 个场景，{issues} 类问题，{len(outlines)} 个提纲，"
                f"{len(norms)} 个待核实规范")
    if desk.catalogue.laws():
        for line in outdated(scenarios, desk.lawbook, date.today()):
            yield Check("知识依据", "warning", f"依据已变更、待更新：{line}", "请更新 prompts/scenarios 下的该条目")


LOOKS: tuple[Callable[[Desk], Iterator[Check]], ...] = (_home, _package, _laws, _embedder, _index, _knowledge)


def export_model(folder: Path, as_json: bool) -> int:
    """Write the embedded default as a sentence-transformers folder."""
    from indexes.e5 import export_sentence_transformers

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadRequest(f"{folder} 已存在且不是空文件夹。请换一个文件夹，以免覆盖其中的文件。")
    export_sentence_transformers(folder)
    if as_json:
        show_json({"folder": str(folder)})
    else:
        show(f"已导出到 {folder}。在设置里写 embedder = \"{folder}\" 即可改用它。")
    return 0
