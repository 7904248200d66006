"""Commands that find and answer: search, ask."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

from api import precedent_shapes, shapes
from api.console import progress, read_json_lines, say, show, show_json, why
from assistant.act_day import act_hint
from assistant.answer import answer
from assistant.desk import Desk
from assistant.errors import BadRequest, NotThere
from assistant.reply import Answer
from assistant.writer import STATUS_WORDS
from indexes.bycase import Reason, Reasoned
from indexes.hit import recognised
from indexes.index import By, Scope
from ingestion.document import KINDS, Kind, document_id
from ingestion.enactment import LEVELS

FOUND_BY = {"words": "词", "meaning": "语义", "citation": "条号", "precedent": "类案"}
CASES = 3  # precedents that a card names
GROUNDING = {"full": "每句均有依据", "partial": "部分句子待核实", "none": "没有依据"}


def scope(
    kind: Kind | None,
    case: str | None,
    as_of: date | None,
    in_force: bool,
    office: str | None = None,
    year: int | None = None,
    levels: tuple[str, ...] = (),
) -> Scope:
    """The scope that the options describe; a level is one of norms, so it narrows to them. BadRequest for no level."""
    if unknown := [one for one in levels if one not in LEVELS]:
        raise BadRequest(f"没有效力层级 {'、'.join(unknown)}。可用的层级：{'、'.join(LEVELS)}。")
    kinds = (kind,) if kind else ("regulation",) if levels else KINDS
    return Scope(kinds, case, as_of, in_force, office=office, year=year, levels=levels)


def search(
    desk: Desk, query: str | None, k: int, where: Scope, by: str, batch: Path | None, out: Path | None, as_json: bool
) -> int:
    """One search for people or scripts, or many from a file."""
    _exactly_one(query, batch, out, "检索词")
    _known_case(desk, where.case)
    how = cast(By, by)
    if batch is not None and out is not None:
        return _batch(batch, out, lambda row: {"hits": _batch_hits(desk, row, k, where, how)})
    found = desk.finder.reasoned(query or "", k, scope=where, by=how)
    state = desk.catalogue.progress()
    ready = round(state.with_vector / state.texts, 4) if state.texts else 1.0
    if as_json:
        show_json({"query": query, "ready": ready, "hits": [precedent_shapes.hit(one) for one in found]})
        return 0
    _offer_day(desk, where.case, where.as_of)
    for number, one in enumerate(found, 1):
        show(_card(number, one))
    if not found:
        show("没有找到。换一个说法，或用 gongzhi list 看看材料是否已添加。")
    if by != "words" and ready < 1:
        say(f"语义索引已完成 {ready:.0%}，其余只按词检索；运行 gongzhi index 补全。")
    return 0


def _offer_day(desk: Desk, case: str | None, as_of: date | None) -> None:
    """Where a case tells when the act was done and no day was asked for, say how to see the law of that day."""
    if case is None or as_of is not None:
        return
    documents = (desk.catalogue.document(entry.id) for entry in desk.catalogue.entries(case=case))
    if hint := act_hint([one for one in documents if one is not None], date.today()):
        say(hint)


def _batch_hits(desk: Desk, row: dict[str, Any], k: int, where: Scope, by: By) -> list[shapes.Shape]:
    excluded = _ids(desk, row.get("exclude", []))
    found = desk.finder.reasoned(str(row["query"]), k, scope=replace(where, exclude=excluded), by=by)
    return [precedent_shapes.hit(one) for one in found]


def _ids(desk: Desk, given: list[str]) -> frozenset[str]:
    """Documents named by id, or by a path: the document that was added from there or has the same bytes."""
    if not given:
        return frozenset()
    paths = {entry.path: entry.id for entry in desk.catalogue.entries(laws_too=False)}
    return frozenset(name for one in given for name in _names(one, paths))


def _names(given: str, paths: dict[str, str]) -> Iterator[str]:
    yield given
    with contextlib.suppress(OSError, ValueError):  # an id that cannot be a path
        path = Path(given).resolve()
        yield paths.get(str(path), given)
        yield document_id(path.read_bytes())


def _card(number: int, one: Reasoned) -> str:
    hit = one.hit
    head = f"《{hit.law}》{hit.passage.article or ''}" if hit.law else f"《{hit.title}》"
    state = f"（{hit.version or '版本日期未载'}，{STATUS_WORDS[hit.status]}）" if hit.status else ""
    how = "、".join(filter(None, [*(FOUND_BY[one] for one in hit.found_by), recognised(hit.passage.confidence)]))
    where = f"{hit.passage.document_id} {hit.passage.start}-{hit.passage.end}"
    why = f"\n   {one.reason.words}：{_cases(one.reason)}" if one.reason and one.reason.cases else ""
    return f"{number}. {head}{state}  [{how}]  {where}{why}\n   {' '.join(hit.passage.text.split())}\n"


def _cases(reason: Reason) -> str:
    """The first precedents that apply the article, each with the place where it says so."""
    told = [f"{one.document_id} {one.start}-{one.end}" for one in reason.cases[:CASES]]
    return "，".join(told) + (f" 等 {len(reason.cases)} 份" if len(reason.cases) > CASES else "")


def ask(
    desk: Desk,
    question: str | None,
    case: str | None,
    as_of: date | None,
    batch: Path | None,
    out: Path | None,
    as_json: bool,
) -> int:
    """One question for people or scripts, or many from a file."""
    _exactly_one(question, batch, out, "问题")
    _known_case(desk, case)
    if batch is not None and out is not None:
        unknown: list[str] = []
        _batch(batch, out, lambda row: shapes.answer(_ask_row(desk, row, case, as_of, unknown)))
        return 1 if unknown else 0
    reply = _answer(desk, question or "", case, as_of)
    if as_json:
        show_json(shapes.answer(reply))
    else:
        _show_answer(reply)
    return 0


def _ask_row(
    desk: Desk, row: dict[str, Any], case: str | None, as_of: date | None, unknown: list[str]
) -> Answer:
    on = row.get("as_of")
    which = row.get("case") or case
    try:
        _known_case(desk, which)
    except NotThere as error:  # one line's case must not cost the others their answers
        say(str(error))
        unknown.append(str(which))
        return Answer("未找到依据，不作回答。", "none", str(error), (), ())
    return _answer(desk, row["query"], which, date.fromisoformat(on) if on else as_of)


def _answer(desk: Desk, question: str, case: str | None, as_of: date | None) -> Answer:
    return answer(
        question, desk.index, desk.writer, case=case, as_of=as_of, text_of=desk.catalogue.text_of
    )


def _show_answer(reply: Answer) -> None:
    show(reply.text)
    if reply.missing:
        show(reply.missing)
    show("")
    for one in reply.citations:
        where = f"《{one.law}》{one.article or ''}，{STATUS_WORDS[one.status]}" if one.law else f"《{one.title}》"
        where += f"（{seen}）" if (seen := recognised(one.confidence)) else ""
        show(f"[{one.number}] {where}  {one.document_id} {one.start}-{one.end}")
    show(f"依据：{GROUNDING[reply.grounding]}。")


def _exactly_one(text: str | None, batch: Path | None, out: Path | None, what: str) -> None:
    if (text is None) == (batch is None):
        raise BadRequest(f"请写一个{what}，或用 --batch 指定一个文件。")
    if (batch is None) != (out is None):
        raise BadRequest("--batch 与 --out 要一起用。")


def _known_case(desk: Desk, case: str | None) -> None:
    if case is not None and not desk.catalogue.entries(case=case):
        raise NotThere(f"没有案件 {case} 的材料。用 gongzhi add 路径 --case {case} 添加。")


def _batch(source: Path, out: Path, reply: Callable[[dict[str, Any]], shapes.Shape]) -> int:
    """One line out for each line in, in the same order; written whole or not at all."""
    rows = list(_rows(source))
    if out.is_dir() or not out.parent.is_dir():
        raise BadRequest(f"无法写入 {out}：请用 --out 写一个文件名，所在的文件夹须已存在。")
    partial = out.with_name(out.name + ".partial")
    try:
        with partial.open("w", encoding="utf-8") as file, progress("成批处理", len(rows)) as advance:
            for row in rows:
                line = {"id": row["id"], **reply(row)}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                advance(1)
        partial.replace(out)
    except OSError as error:
        raise BadRequest(f"无法写入 {out}：{why(error)}。请清理空间或换一个位置。") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return 0


def _rows(source: Path) -> Iterator[dict[str, Any]]:
    try:
        for row in read_json_lines(source):
            _check_row(row)
            yield row
    except OSError as error:
        raise BadRequest(f"无法读取 {source}：{why(error)}。请检查 --batch 后的路径。") from error
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _check_row(row: dict[str, Any]) -> None:
    """Raise ValueError for what a line may hold beside id and query, if it is of the wrong form."""
    where = f"id 为 {row['id']} 的一行"
    excluded = row.get("exclude", [])
    if not isinstance(excluded, list) or not all(isinstance(one, str) for one in excluded):
        raise ValueError(f"{where}：exclude 应是 id 或路径的列表。")
    if not isinstance(row.get("case"), str | None):
        raise ValueError(f"{where}：case 应是案件编号。")
    try:
        date.fromisoformat(row.get("as_of") or "2026-01-31")
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}：as_of 应写成 2026-01-31 的样子。") from error
