"""The command that checks the citations of law in a paper: cite."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from api import cite_shapes
from api.console import say, show, show_json, table
from api.listing import stored_or_file
from assistant.citing import CheckedCitation, check_citations
from assistant.desk import Desk
from assistant.errors import BadRequest
from assistant.export import write_remarks
from assistant.form import layout
from assistant.remarks import Remark
from indexes.hit import STATUS_WORDS

QUOTES = {"verbatim": "引文一致", "differs": "引文有出入", "none": ""}


def cite(desk: Desk, which: str, on: date | None, out: Path | None, as_json: bool) -> int:
    """Check each citation, show a table or JSON, and write comments where a file is named."""
    day = on or date.today()
    text = _stdin() if which == "-" else stored_or_file(desk, which).text
    found = check_citations(text, desk.lawbook, day)
    if out is not None:
        _annotate(which, text, found, out)
    if as_json:
        show_json(cite_shapes.citations(found))
        return 0
    if found:
        rows = [(_one_line(one.text), cite_shapes.named(one), _word(one), _told(one, 40)) for one in found]
        table(("引用", "所指", "结果", "说明"), rows)
    show(_summary(found, day))
    if out is not None:
        show(f"已写出 {out}")
    return 0


def _stdin() -> str:
    data = sys.stdin.buffer.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadRequest("标准输入不是 UTF-8 或 GB18030 文字。请另存为文件，再用 gongzhi cite 文件。")


def _annotate(which: str, text: str, found: Sequence[CheckedCitation], out: Path) -> None:
    """Write comments into a copy of the .docx, or into a new one made of the text."""
    path = Path(which)
    if out.exists() and path.exists() and out.samefile(path):
        raise BadRequest(f"{out} 就是原件。请用 -o 另起一个文件名。")
    source = path if which != "-" and path.is_file() and path.suffix.lower() == ".docx" else text
    missing = write_remarks(source, out, layout(), remarks(text, found))
    if missing:
        say(f"有 {len(missing)} 处引用不在正文中（页眉、脚注、图片等），未能加批注：{'、'.join(_one_line(one.words) for one in missing)}")


def remarks(text: str, found: Sequence[CheckedCitation]) -> list[Remark]:
    """What the comments say; citations that overlap share one."""
    spans: list[tuple[int, int, list[str]]] = []
    for one in found:
        start, end = one.citation.start, one.citation.end
        note = f"【{_word(one)}】{cite_shapes.named(one)}：{_told(one)}"
        if spans and start < spans[-1][1]:
            first, last, notes = spans[-1]
            spans[-1] = (first, max(last, end), [*notes, note])
        else:
            spans.append((start, end, [note]))
    return [Remark(text[start:end], "\n".join(notes)) for start, end, notes in spans]


def _word(one: CheckedCitation) -> str:
    """The result in a word; where nothing is quoted, what differs is what is said of the article."""
    return "内容不符" if one.status == "differs" and one.quote is None else STATUS_WORDS[one.status]


def _told(one: CheckedCitation, most: int = 300) -> str:
    """The reason, the quotation's worth, and both texts where the article was changed."""
    lines = [one.detail + (f"。{QUOTES[one.quote_status]}" if one.quote_status != "none" else "")]
    if one.diff and one.diff not in one.detail:
        lines.append(one.diff)
    lines += [f"{each.version} 文本{_short(each.text, most)}" for each in one.versions]
    return "\n".join(lines)


def _short(text: str, most: int) -> str:
    line = _one_line(text)
    return line if len(line) <= most else f"{line[:most]}……"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _summary(found: Sequence[CheckedCitation], day: date) -> str:
    counts = Counter(one.status for one in found)
    told = "，".join(f"{STATUS_WORDS[status]} {number}" for status, number in counts.most_common())
    unknown = sorted({one.citation.law for one in found if one.status == "not_checked" and one.version is None})
    lines = [f"以 {day} 为准，共 {len(found)} 处引用{'：' + told if told else '。'}"]
    names = [name for name, _ in groupby(unknown) if name]
    if names:
        lines.append(f"库中没有或待核实：{'、'.join(f'《{name}》' for name in names)}。可用 gongzhi laws 文件夹 装载后再核对。")
    return "\n".join(lines)
