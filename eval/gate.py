"""Gates and comparisons: what a run must reach, and what changed since another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from assistant.errors import BadRequest, NotThere
from eval.run import Run, SuiteResult
from eval.suite import own_suites, suite_names
from prompts.loader import KnowledgeError, Record, entry, files_in, read_model

SAME = 1e-9
GATES = "gates"


class Limit(Record):
    """Between which values a measure must lie, and why there."""

    min: float | None = None
    max: float | None = None
    why: str = ""

    @model_validator(mode="after")
    def _some(self) -> Limit:
        if self.min is None and self.max is None:
            raise ValueError("应写 min 或 max")
        return self


class Gate(Record):
    """The limits of each suite by measure; `by` says how the suites search."""

    about: str
    by: Literal["words", "both"] = "both"
    suites: dict[str, dict[str, Limit]] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Gate:
        unknown = [name for name in self.suites if name not in suite_names()]
        if unknown:
            raise ValueError(f"没有评测集 {'、'.join(unknown)}")
        return self


def load_gate(name: str) -> Gate:
    """A gate by the path of its file, or one of ours by its name (`fast`). Raises NotThere or BadRequest."""
    path = Path(name)
    try:
        if path.is_file():
            return read_model(Gate, path.parent, path.name)
        ours = [one.removesuffix(".yaml") for one in files_in(own_suites(), GATES)]
        if name in ours:
            return read_model(Gate, entry(own_suites(), GATES), f"{name}.yaml")
    except KnowledgeError as error:
        raise BadRequest(str(error)) from error
    raise NotThere(f"找不到门槛文件 {name}。自带的门槛：{'、'.join(ours)}。")


def failures(gate: Gate, run: Run) -> list[str]:
    """Why a run does not pass, a sentence each; empty where it passes."""
    by_name = {one.suite: one for one in run.suites}
    return [reason for suite, limits in gate.suites.items() for reason in _suite_failures(suite, limits, by_name)]


def _suite_failures(
    suite: str, limits: Mapping[str, Limit], by_name: Mapping[str, SuiteResult]
) -> Iterator[str]:
    if suite not in by_name:
        yield f"{suite}：本次没有运行，不能算通过"
        return
    result = by_name[suite]
    if result.skipped:
        names = "、".join(name for name, _ in result.skipped)
        yield f"{suite}：{len(result.skipped)} 例无法判定（{names}），不能算通过"
    for name, limit in limits.items():
        value = result.measures.get(name)
        why = f"（{limit.why}）" if limit.why else ""
        if value is None:
            yield f"{suite}：{name} 没有数值，不能算通过{why}"
        elif limit.min is not None and value < limit.min - SAME:
            yield f"{suite}：{name} 为 {value:.4g}，低于下限 {limit.min:g}{why}"
        elif limit.max is not None and value > limit.max + SAME:
            yield f"{suite}：{name} 为 {value:.4g}，高于上限 {limit.max:g}{why}"


@dataclass(frozen=True)
class Change:
    """A measure before and now, and the cases whose value of it changed: (id, before, now)."""

    suite: str
    measure: str
    before: float | None
    now: float | None
    cases: tuple[tuple[str, float | None, float | None], ...]


def changes(before: Run, now: Run) -> list[Change]:
    """What differs between two runs, of the suites that both have; a case that one lacks counts as changed."""
    earlier = {one.suite: one for one in before.suites}
    pairs = [(earlier[one.suite], one) for one in now.suites if one.suite in earlier]
    return [change for pair in pairs for change in _changes(*pair)]


def _changes(before: SuiteResult, now: SuiteResult) -> Iterator[Change]:
    old = {one.id: one.values for one in before.results}
    new = {one.id: one.values for one in now.results}
    for name in dict.fromkeys([*before.measures, *now.measures]):
        pairs = [(case, old.get(case, {}).get(name), new.get(case, {}).get(name)) for case in {**old, **new}]
        changed = tuple(one for one in pairs if not _same(one[1:]))
        values = before.measures.get(name), now.measures.get(name)
        if changed or not _same(values):
            yield Change(now.suite, name, *values, changed)


def _same(pair: Sequence[float | None]) -> bool:
    first, second = pair
    if first is None or second is None:
        return first is second
    return abs(first - second) < SAME
