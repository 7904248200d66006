"""Where in a Word file's body the words of a remark stand: runs are split so that a comment holds just them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_UNSEEN = frozenset({f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})


@dataclass(frozen=True)
class Remark:
    """What is to be said of `words`, which stand in the document in the order of the remarks."""

    words: str
    note: str


@dataclass(frozen=True)
class Anchor:
    """A remark with the first and the last run (w:r elements) of its words."""

    remark: Remark
    first: Any
    last: Any


@dataclass(frozen=True)
class _Sign:
    """A visible character: the w:t that holds it, and where."""

    holder: Any
    at: int


def anchor(body: Any, remarks: Sequence[Remark]) -> tuple[list[Anchor], list[Remark]]:
    """Each remark with its runs, split at the ends of its words; and those whose words the body has not.

    `body` is the lxml element of the body. White space does not count; what is deleted is passed over.
    """
    signs = _signs(body)
    text = "".join(sign.holder.text[sign.at] for sign in signs)
    places: list[tuple[int, int, Remark]] = []
    missing: list[Remark] = []
    at = 0
    for remark in remarks:
        words = "".join(remark.words.split())
        found = text.find(words, at) if words else -1
        if found < 0:
            missing.append(remark)
            continue
        places.append((found, found + len(words), remark))
        at = found + len(words)
    made = [_cut(signs[start], signs[end - 1], remark) for start, end, remark in reversed(places)]
    return made[::-1], missing


def _signs(body: Any) -> list[_Sign]:
    return [
        _Sign(holder, at)
        for holder in _holders(body)
        for at, sign in enumerate(holder.text or "")
        if not sign.isspace()
    ]


def _holders(element: Any) -> list[Any]:
    """All w:t of runs that are shown, in order."""
    found: list[Any] = []
    waiting = [element]
    while waiting:
        node = waiting.pop()
        if node.tag in _UNSEEN:
            continue
        if node.tag == f"{_W}t":
            if node.getparent().tag == f"{_W}r":
                found.append(node)
            continue
        waiting.extend(reversed([child for child in node if isinstance(child.tag, str)]))
    return found


def _cut(first: _Sign, last: _Sign, remark: Remark) -> Anchor:
    """The runs from the first to the last sign, without what stands before and behind in them."""
    _split(last.holder, last.at + 1)
    start = _split(first.holder, first.at)
    same = first.holder is last.holder
    return Anchor(remark, start, start if same else last.holder.getparent())


def _split(holder: Any, at: int) -> Any:
    """The run that begins with the text of `holder` from `at` on; the run before keeps what is in front."""
    run = holder.getparent()
    ahead = [node for node in run[: run.index(holder)] if node.tag != f"{_W}rPr"]
    behind = run[run.index(holder) + 1 :]
    text = holder.text or ""
    if at == 0 and not ahead:
        return run
    if at == len(text) and not behind:
        return run
    new = run.makeelement(run.tag, run.attrib)
    looks = run.find(f"{_W}rPr")
    if looks is not None:
        new.append(copy.deepcopy(looks))
    right = holder.makeelement(holder.tag, holder.attrib)
    holder.text, right.text = text[:at], text[at:]
    for node in (holder, right):
        node.set(_SPACE, "preserve")
    new.append(right)
    new.extend(behind)  # moved, not copied: other remarks hold on to them
    run.addnext(new)
    return new
