"""Count the articles of a folder of laws twice, by our reader and by a plain pattern, and explain differences.

Usage: python -m eval.bench.law_counts FOLDER
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from ingestion.statutes import is_numbered_article, read_statute

# The independent count: a line of the norm's body that begins with 第…条 and a space. It knows nothing of quoted
# articles or of several articles on one line; where it differs from the reader, the difference is explained.
PLAIN = re.compile(r"^第[零〇○一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?[ \u3000]", re.MULTILINE)


@dataclass(frozen=True)
class Count:
    """The articles of one file by both counts, its other parts, and why the counts differ."""

    path: Path
    name: str
    articles: int
    plain: int
    others: int
    why: str


def count(path: Path) -> Count:
    """Count the articles of one file."""
    text = path.read_text(encoding="utf-8")
    statute = read_statute(text, path.stem)
    starts = {article.start for article in statute.articles if is_numbered_article(article.label)}
    plain = {match.start() for match in PLAIN.finditer(text)}
    inside = len(starts - plain)
    quoted = len(plain - starts)
    reasons = [f"{inside} 条开始于行内（来源缺换行）"] if inside else []
    reasons += [f"{quoted} 行是引用的其他条文"] if quoted else []
    others = len(statute.articles) - len(starts)
    return Count(path, statute.name, len(starts), len(plain), others, "；".join(reasons))


def main(arguments: list[str]) -> int:
    """Print a line for each norm, the totals, and every norm on which the counts differ; 1 if one is unexplained."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__, file=sys.stderr)
        return 2
    counts = [count(path) for path in sorted(Path(arguments[0]).rglob("*.md")) if path.name != "_index.md"]
    for one in counts:
        print(f"{one.articles}\t{one.plain}\t{one.others}\t{one.name}\t{one.path.stem}")
    differing = [one for one in counts if one.articles != one.plain]
    print(f"\n规范 {len(counts)} 部；条 {sum(one.articles for one in counts)}；独立计数 {sum(one.plain for one in counts)}；")
    print(f"条以外的段落、附件等 {sum(one.others for one in counts)}；没有条的规范 {sum(not one.articles for one in counts)} 部")
    for one in differing:
        print(f"不一致：{one.name}（{one.path.name}）：{one.articles} / {one.plain}，{one.why or '原因不明'}")
    return 1 if any(not one.why for one in differing) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
