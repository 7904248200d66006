"""Where an office finds the text of a norm that its library lacks."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from prompts.loader import KnowledgeError, KnowledgeRoot, Record, Tag, read_model


class LawSource(Record):
    """Where norms are found whose title matches the pattern `name`; noted on `date`."""

    name: str
    level: str
    where_to_get: str
    tag: Tag
    source: str
    date: datetime.date


class LawSources(Record):
    """The file `law_sources.yaml`: the first that fits counts, the last fits all."""

    sources: tuple[LawSource, ...]


@lru_cache(maxsize=8)
def load_law_sources(root: KnowledgeRoot | None = None) -> tuple[LawSource, ...]:
    """The places of `law_sources.yaml`. Raises KnowledgeError, too where the last one does not fit every title."""
    found = read_model(LawSources, root, "law_sources.yaml").sources
    for one in found:
        try:
            re.compile(one.name)
        except re.error as error:
            raise KnowledgeError(f"law_sources.yaml：“{one.name}”不是正确的表达式（{error}）") from error
    if not found or found[-1].name:
        raise KnowledgeError("law_sources.yaml：最后一条应当适用于任何名称（name 为空）")
    return found


def source_for(title: str) -> LawSource:
    """Where the norm of this title is found."""
    return next(one for one in load_law_sources() if re.search(one.name, title))
