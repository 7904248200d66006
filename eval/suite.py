"""Suites as data: which there are, and how their files become cases; an unknown key is refused by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from assistant.errors import NotThere
from eval.case import IssueFile, LetterFile, QuestionFile
from eval.measures import MEASURES, Measure
from eval.minutes import read_minutes
from prompts.loader import KnowledgeError, KnowledgeRoot, entry, files_in, read_model, read_text

FROZEN = "-frozen"  # a part that is run once, when the code is done
ISSUES_DAY = date(2026, 11, 25)  # the day on which the texts of both suites were written
FILES: dict[str, type[QuestionFile] | type[LetterFile]] = {
    "retrieval": QuestionFile,
    "precedents": QuestionFile,
    "answers": QuestionFile,
    "refusal": QuestionFile,
    "drafts": LetterFile,
}
ABOUT = {"issues": "从案件文字里认出社会治理问题，反例不误报", "hearings": "听证笔录：发言人、步骤、焦点、意见、承诺"}


@dataclass(frozen=True)
class Suite:
    """Cases of one kind; `digest` covers the files that they were read from."""

    name: str
    kind: str
    about: str
    as_of: date
    cases: tuple[Any, ...]
    digest: str
    case: str | None = None

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is measured in a suite of this kind."""
        return MEASURES[self.kind]


def own_suites() -> KnowledgeRoot:
    """The suites that the package carries."""
    return resources.files("eval") / "suites"


def suite_names() -> tuple[str, ...]:
    """All suites: the five of questions and letters, and both parts of the other two."""
    return (*FILES, *(name + part for name in ABOUT for part in ("", FROZEN)))


def load_suite(name: str, root: KnowledgeRoot | None = None) -> Suite:
    """The suite of a name. Raises NotThere, listing the names, or KnowledgeError, naming file and key."""
    root = own_suites() if root is None else root
    if name not in suite_names():
        raise NotThere(f"没有评测集 {name}，可用的有：{'、'.join(suite_names())}")
    kind = name.removesuffix(FROZEN)
    if kind in FILES:
        return _questions(kind, root)
    part = "frozen" if name.endswith(FROZEN) else "dev"
    read: Callable[[KnowledgeRoot, str], Iterator[Any]] = _issues if kind == "issues" else read_minutes
    cases = tuple(read(root, part))
    if not cases:
        raise NotThere(f"评测集 {name} 没有案例文件（{kind}/{part}-*）。")
    return Suite(name, kind, ABOUT[kind], ISSUES_DAY, cases, _digest(root, *_parts(root, kind, part)))


def _questions(kind: str, root: KnowledgeRoot) -> Suite:
    model: type[Any] = FILES[kind]
    file = read_model(model, root, f"{kind}.yaml")
    twice = {one.id for one in file.cases if [other.id for other in file.cases].count(one.id) > 1}
    if twice:
        raise KnowledgeError(f"评测集 {kind} 的编号重复：{'、'.join(sorted(twice))}")
    return Suite(kind, kind, file.about, file.as_of, file.cases, _digest(root, (f"{kind}.yaml",)), file.case)


def _issues(root: KnowledgeRoot, part: str) -> Iterator[Any]:
    for name in files_in(root, "issues"):
        if name.startswith(f"{part}-"):
            yield from read_model(IssueFile, root, "issues", name).root


def _parts(root: KnowledgeRoot, folder: str, part: str) -> list[tuple[str, str]]:
    names = (item.name for item in entry(root, folder).iterdir() if item.name.startswith(f"{part}-"))
    return [(folder, name) for name in sorted(names)]


def _digest(root: KnowledgeRoot, *files: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for parts in files:
        digest.update("/".join(parts).encode())
        digest.update(read_text(root, *parts).encode())
    return digest.hexdigest()[:16]
