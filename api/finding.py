"""Letters and similar papers, found for the command line and the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api import precedent_shapes
from api.console import show, show_json
from api.listing import stored_or_file
from assistant.desk import Desk
from assistant.errors import BadRequest
from assistant.precedents import FACETS, FoundLetter, FoundLetters, find_letters
from assistant.similar import similar as find_similar
from indexes.hit import Hit
from indexes.index import Scope

LETTERS = Scope(kinds=("suggestion",))


def letters(desk: Desk, query: str, k: int, where: Mapping[str, str]) -> FoundLetters:
    """Suggestion letters that a query finds; raises BadRequest for a facet that there is not."""
    if unknown := [name for name in where if name not in FACETS]:
        raise BadRequest(f"没有类别 {'、'.join(unknown)}。可用的类别：{'、'.join(FACETS)}。")

    def search(text: str, depth: int) -> Sequence[Hit]:
        return desk.index.search(text, depth, scope=LETTERS)

    return find_letters(query, desk.letters.all(), search, k, where)


def precedents(desk: Desk, query: str, k: int, where: Sequence[str], as_json: bool) -> int:
    """`gongzhi precedents`: cards with problem, measures and reply, then the facets."""
    found = letters(desk, query, k, _where(where))
    if as_json:
        show_json(precedent_shapes.letters(found))
        return 0
    for number, one in enumerate(found.hits, 1):
        show(_card(number, one))
    if not found.hits:
        show("没有找到先例。先例来自已添加的检察建议书，用 gongzhi add 添加。")
        return 0
    for name, counts in found.facets.items():
        if counts:
            show(f"{name}：{'，'.join(f'{value} {count}' for value, count in sorted(counts.items()))}")
    return 0


def similar(desk: Desk, which: str, k: int, as_json: bool) -> int:
    """`gongzhi similar`: cases with like facts, and a warning of letters that are alike in words."""
    document = stored_or_file(desk, which)
    found = find_similar(document, desk.catalogue, desk.precedents, k)
    if as_json:
        show_json(precedent_shapes.similar(document.id, found))
        return 0
    for one in found.alike:
        show(f"注意：{one.warning}  {one.document_id}")
    for number, case in enumerate(found.cases, 1):
        near = case.near
        show(f"{number}. 《{near.title}》 事实相似 {near.likeness:.0%}  {near.document_id} {near.start}-{near.end}")
        show(f"   {' '.join(case.quote.split())}\n")
    if not found.cases:
        show("没有事实相似的案件或先例。")
    return 0


def _where(given: Sequence[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    if any(not sign or not value for _, sign, value in pairs):
        raise BadRequest("--where 写作 类别=值，如 --where 领域=未成年人保护。")
    return {name: value for name, _, value in pairs}


def _card(number: int, one: FoundLetter) -> str:
    letter = one.letter
    lines = [
        f"{number}. 《{letter.title}》{letter.number}  致 {letter.addressee or '（未识别）'}  {letter.day}",
        f"   {letter.document_id} {letter.start}-{letter.end}",
        f"   问题：{' '.join(letter.problem.split())}",
        *(f"   措施 {place}：{measure}" for place, measure in enumerate(letter.measures, 1)),
    ]
    if letter.reply:
        where = f"{letter.reply.document_id} {letter.reply.start}-{letter.reply.end}"
        lines.append(f"   回复：{' '.join(letter.reply.quote.split())}（{where}）")
    else:
        lines.append("   回复：未见回复")
    return "\n".join(lines) + "\n"
