"""Examples of how an issue reads in case papers, and of what only looks like it: what likeness is learnt from."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pydantic import Field, model_validator

from prompts.loader import KnowledgeError, KnowledgeRoot, Record, Tag, files_in, read_model
from prompts.scenario import issue_types, load_scenarios


class Examples(Record):
    """Of one issue type: passages that `show` it, and near ones that are `unlike` it.

    A passage is one to three sentences as a judgment, a report or a record writes them, invented for this.
    """

    issue: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    show: tuple[str, ...] = Field(min_length=1)
    unlike: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Examples:
        given = [*self.show, *self.unlike]
        if len(set(given)) < len(given):
            raise ValueError(f"{self.issue}：同一段例文写了两次")
        return self


class ExampleFile(Record):
    """The examples of one scenario, with who wrote them and when."""

    source: str
    date: date
    tag: Tag
    issues: tuple[Examples, ...]
    # passages like any of these that are about nothing of the kind: private quarrels, quoted law, plans
    none: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def load_examples(root: KnowledgeRoot | None = None) -> tuple[ExampleFile, ...]:
    """All files of `examples/`. Raises KnowledgeError for an issue type that no scenario has, or two entries of one."""
    files = tuple(read_model(ExampleFile, root, "examples", name) for name in files_in(root, "examples"))
    known = {type_.id for type_ in issue_types(load_scenarios() if root is None else load_scenarios.__wrapped__(root))}
    named = [one.issue for file in files for one in file.issues]
    for issue in named:
        if issue not in known:
            raise KnowledgeError(f"examples：没有问题类型 {issue}")
        if named.count(issue) > 1:
            raise KnowledgeError(f"examples：问题类型 {issue} 写了两次")
    return files
