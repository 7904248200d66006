"""Word files with known content: one generator for each feature that a reader may lose text in, or invent it from."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eval.bench.made import Made
from eval.bench.wordml import (
    box,
    complex_field,
    deleted,
    end_mark,
    grid,
    ins,
    lists,
    note,
    note_reference,
    numbered,
    p,
    package,
    r,
    raw,
    relationship,
    sdt,
    tbl,
    tc,
    tr,
)

_WHO = "被告人 证人 申请人 被建议单位 承办检察官 某某公司 某某街道办事处 市场监督管理局 某某学校 物业服务企业".split()
_DOES = "应当依法履行 未按规定落实 已经书面报告 逐项核查了 于当日登记 拒不提供 重新审查了 公开说明了 及时补正".split()
_WHAT = "安全生产责任 食品留样制度 消防通道管理 从业人员查验义务 整改方案 台账记录 举报线索 入职查询 监控录像 付款凭证".split()
_FORMS = (
    ("chineseCountingThousand", "%1、", "一二三四五", "{}、"),
    ("chineseCountingThousand", "（%1）", "一二三四五", "（{}）"),
    ("chineseCountingThousand", "第%1条　", "一二三四五", "第{}条　"),
    ("decimal", "%1.", "12345", "{}."),
    ("decimal", "（%1）", "12345", "（{}）"),
    ("decimalEnclosedCircleChinese", "%1", "①②③④⑤", "{}"),
    ("ideographTraditional", "%1、", "甲乙丙丁戊", "{}、"),
    ("chineseLegalSimplified", "%1、", "壹贰叁肆伍", "{}、"),
    ("upperLetter", "%1.", "ABCDE", "{}."),
    ("decimalFullWidth", "%1．", "１２３４５", "{}．"),
)


@dataclass(frozen=True)
class _Content:
    """A file as its maker gives it: the bytes, what must be read and what must not."""

    data: bytes
    lines: tuple[str, ...]
    absent: tuple[str, ...] = ()


class _Words:
    """Sentences from a small pool, each different from all others of its file."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._told = 0

    def sentence(self, stop: str = "。") -> str:
        """A sentence that no other one of this file contains."""
        return self.phrase() + stop

    def phrase(self) -> str:
        """The same without its stop."""
        self._told += 1
        count = self.rng.randint(2, 9) * 1000 + self._told
        who, does, what = (self.rng.choice(pool) for pool in (_WHO, _DOES, _WHAT))
        return f"{who}{does}{what}共{count}项"

    def several(self, count: int) -> list[str]:
        """As many sentences."""
        return [self.sentence() for _ in range(count)]


def made(rng: random.Random, count: int) -> Iterator[Made]:
    """Yield `count` Word files, every feature in turn."""
    for number in range(count):
        feature, maker = list(MAKERS.items())[number % len(MAKERS)]
        content = maker(_Words(rng))
        suffix = "docm" if feature == "macros" else "docx"
        yield Made(
            "word", feature, f"{feature}-{number}.{suffix}", content.data, content.lines, content.absent
        )


def _paragraphs(words: _Words) -> _Content:
    lines = words.several(words.rng.randint(3, 30))
    runs = [p(r(line[:5]), r(line[5:], "<w:b/>")) for line in lines]
    return _Content(package("".join(runs)), tuple(lines))


def _headings(words: _Words) -> _Content:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="H{level}"><w:name w:val="heading {level}"/></w:style>'
        for level in (1, 2)
    )
    lines = [
        *words.several(2),
        f"一、{words.phrase()}",
        f"（一）{words.phrase()}",
        f"1.{words.phrase()}",
        words.sentence(),
    ]
    styled = ["H1", "H2", "", "", "", ""]
    body = "".join(p(r(line), style=style) for line, style in zip(lines, styled, strict=True))
    return _Content(package(body, {"styles": styles}), tuple(lines))


def _merged(words: _Words) -> _Content:
    top, side, covered, *cells = (words.phrase() for _ in range(7))
    table = tbl(
        tr(tc(p(r(top)), '<w:gridSpan w:val="3"/>')),
        tr(tc(p(r(side)), '<w:vMerge w:val="restart"/>'), tc(p(r(cells[0]))), tc(p(r(cells[1])))),
        tr(tc(p(r(covered)), "<w:vMerge/>"), tc(p(r(cells[2]))), tc(p(r(cells[3])))),
    )
    head, foot = words.several(2)
    return _Content(package(p(r(head)) + table + p(r(foot))), (head, top, side, *cells, foot), (covered,))


def _nested(words: _Words) -> _Content:
    one, *inner, two, last = (words.phrase() for _ in range(7))
    table = tbl(tr(tc(p(r(one)) + grid(tuple(inner[:2]), tuple(inner[2:])) + p()), tc(p(r(two)))))
    return _Content(package(table + p(r(last))), (one, *inner, two, last))


def _numbers(words: _Words) -> _Content:
    form, pattern, signs, shown = words.rng.choice(_FORMS)
    texts = words.several(words.rng.randint(2, 5))
    body = "".join(numbered(text) for text in texts)
    lines = [shown.format(sign) + text for sign, text in zip(signs, texts, strict=False)]
    return _Content(package(body, {"numbering": lists({1: ((form, pattern),)})}), tuple(lines))


def _levels(words: _Words) -> _Content:
    forms = (
        ("chineseCountingThousand", "%1、"),
        ("chineseCountingThousand", "（%2）"),
        ("decimal", "%3."),
        ("decimal", "（%4）"),
    )
    order = (0, 1, 2, 3, 3, 2, 1, 2, 0, 1)
    shown = ("一、", "（一）", "1.", "（1）", "（2）", "2.", "（二）", "1.", "二、", "（一）")
    texts = words.several(len(order))
    body = "".join(numbered(text, level=level) for text, level in zip(texts, order, strict=True))
    lines = tuple(number + text for number, text in zip(shown, texts, strict=True))
    return _Content(package(body, {"numbering": lists({1: forms})}), lines)


def _furniture(words: _Words) -> _Content:
    head, foot, first, *body = words.several(6)
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference w:type="default" r:id="footer1"/>'
        '<w:footerReference w:type="even" r:id="footer2"/><w:headerReference w:type="first" r:id="header2"/></w:sectPr>'
    )
    page = complex_field(" PAGE ", r("— 1 —"))
    parts = {"header1": p(r(head)), "header2": p(r(first)), "footer1": p(page), "footer2": p(r(foot))}
    parts["settings"] = "<w:evenAndOddHeaders/>"
    data = package("".join(p(r(line)) for line in body) + section, parts)
    return _Content(data, (*body, head, foot), (first, "— 1 —"))


def _notes(words: _Words) -> _Content:
    one, two, foot, end, after = words.several(5)
    parts = {
        "footnotes": f'<w:footnote w:type="separator" w:id="-1">{p(r("————"))}</w:footnote>{note("footnote", 2, p(r(foot)))}',
        "endnotes": note("endnote", 2, p(r(end))),
    }
    anchored = p(r(one[:4]), note_reference("footnote", 2), r(one[4:]))
    body = anchored + p(r(two), note_reference("endnote", 2)) + p(r(after))
    return _Content(package(body, parts), (one, foot, two, end, after), ("————",))


def _boxes(words: _Words) -> _Content:
    before, text, left, right, after = words.several(5)
    body = p(r(before), box(p(r(text)))) + p(box(grid((left, right)))) + p(r(after))
    return _Content(package(body), (before, text, left, right, after))


def _controls(words: _Words) -> _Content:
    block, inside, table, row, cell, prompt = (words.phrase() for _ in range(6))
    body = (
        sdt(p(r(block)))
        + p(r("编号"), sdt(r(inside)), r("号"))
        + sdt(grid((table,)))
        + tbl(sdt(tr(tc(p(r(row))))))
        + tbl(tr(tc(sdt(p(r(cell))))))
        + p(r("姓名："), sdt(r(prompt), "<w:showingPlcHdr/>"))
    )
    return _Content(package(body), (block, f"编号{inside}号", table, row, cell, "姓名："), (prompt,))


def _comments(words: _Words) -> _Content:
    text, said = words.several(2)
    body = p(
        '<w:commentRangeStart w:id="1"/>',
        r(text),
        '<w:commentRangeEnd w:id="1"/>',
        raw('<w:commentReference w:id="1"/>'),
    )
    return _Content(package(body, {"comments": note("comment", 1, p(r(said)))}), (text,), (said,))


def _runs_changed(words: _Words) -> _Content:
    one, old, new, two, both = (words.phrase() for _ in range(5))
    body = p(r(one), deleted(old), ins(r(new)), r("。")) + p(r(two), ins(deleted(both)), r("；"))
    return _Content(package(body), (f"{one}{new}。", f"{two}；"), (old, both))


def _moved(words: _Words) -> _Content:
    one, moved, last = words.several(3)
    away = p(ins(r(moved), "moveFrom"), properties=end_mark("moveFrom"))
    here = p(ins(r(moved), "moveTo"), properties=end_mark("moveTo"))
    return _Content(package(p(r(one)) + away + here + p(r(last))), (one, moved, last))


def _paragraphs_changed(words: _Words) -> _Content:
    one, two, new, gone, last = words.several(5)
    body = (
        p(r(one), properties=end_mark("del"))
        + p(r(two))
        + p(ins(r(new)), properties=end_mark("ins"))
        + p(deleted(gone), properties=end_mark("del"))
        + p(r(last))
    )
    return _Content(package(body), (one + two, new, last), (gone,))


def _rows_changed(words: _Words) -> _Content:
    kept, new, gone, cell, dead, last = (words.phrase() for _ in range(6))
    change = '<w:cellDel w:id="1" w:author="张检" w:date="2026-03-01T09:00:00Z"/>'
    table = tbl(
        tr(tc(p(r(kept)))),
        tr(tc(p(ins(r(new)))), properties=ins("")),
        tr(tc(p(deleted(gone))), properties=ins("", "del")),
        tr(tc(p(r(cell))), tc(p(r(dead)), change)),
    )
    return _Content(package(table + p(r(last))), (kept, new, cell, last), (gone, dead))


_CHARACTER_STYLE = (
    '<w:style w:type="character" w:styleId="X"><w:name w:val="x"/><w:rPr><w:vanish/></w:rPr></w:style>'
)
_PARAGRAPH_STYLE = (
    '<w:style w:type="paragraph" w:styleId="Y"><w:name w:val="y"/><w:rPr><w:vanish/></w:rPr></w:style>'
)


def _unseen(words: _Words) -> _Content:
    seen, run, styled, paragraph, white, tiny, ground, on, off = (words.phrase() for _ in range(9))
    dark = '<w:shd w:val="clear" w:color="auto" w:fill="1F3864"/>'
    body = (
        p(r(seen), r(run, "<w:vanish/>"), r(styled, '<w:rStyle w:val="X"/>'), r("。"))
        + p(r(paragraph), style="Y")
        + p(r(white, '<w:color w:val="FFFFFF"/>'), r(tiny, '<w:sz w:val="2"/>'))
        + p(r(ground, f'<w:color w:val="1F3864"/>{dark}'))
        + p(r(on, f'<w:color w:val="FFFFFF"/>{dark}'))
        + p(r(off, '<w:vanish w:val="0"/>'))
    )
    data = package(body, {"styles": _CHARACTER_STYLE + _PARAGRAPH_STYLE})
    return _Content(data, (f"{seen}。", on, off), (run, styled, paragraph, white, tiny, ground))


def _chunk(words: _Words) -> _Content:
    before, one, two, after = words.several(4)
    inner = package(p(r(one)) + p(r(two)))
    rels = relationship("chunk", "aFChunk", "part.docx")
    data = package(
        p(r(before)) + '<w:altChunk r:id="chunk"/>' + p(r(after)), rels=rels, files={"word/part.docx": inner}
    )
    return _Content(data, (before, one, two, after))


def _fields(words: _Words) -> _Content:
    result, code, simple = (words.phrase() for _ in range(3))
    nested = complex_field(f" MERGEFIELD {code} ", r(code + "值"))
    condition = (
        raw('<w:fldChar w:fldCharType="begin"/>')
        + raw("<w:instrText> IF </w:instrText>")
        + nested
        + raw('<w:instrText> = "甲" </w:instrText>')
        + raw('<w:fldChar w:fldCharType="separate"/>')
        + r(result)
        + raw('<w:fldChar w:fldCharType="end"/>')
    )
    ticked = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    body = (
        p(condition)
        + p(f'<w:fldSimple w:instr=" DATE ">{r(simple)}</w:fldSimple>')
        + p(complex_field(" FORMCHECKBOX ", data=ticked), r("是"))
        + p(complex_field(r" eq \o\ac(○,3)"), r("号楼"))
    )
    return _Content(package(body), (result, simple, "☑是", "③号楼"), (code, "MERGEFIELD"))


def _signs(words: _Words) -> _Content:
    one, two, three = (words.phrase() for _ in range(3))
    run = (
        f"<w:r><w:t>{one}</w:t><w:tab/><w:t>{two}</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>{three}</w:t>"
        '<w:br w:type="page"/><w:lastRenderedPageBreak/><w:sym w:font="Wingdings" w:char="F0FE"/>'
        '<w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>'
    )
    emoji = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="1F600"/>'
        "</mc:Choice><mc:Fallback><w:t>😀</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    return _Content(package(p(run) + p(r("见"), emoji, r("标记"))), (f"{one}\t{two}-{three}☑α□", "见😀标记"))


def _breaks(words: _Words) -> _Content:
    one, two, three = (words.phrase() for _ in range(3))
    body = p(r(one), raw("<w:br/>"), r(two), raw("<w:cr/>"), r(three))
    return _Content(package(body), (one, two, three))


def _formulas(words: _Words) -> _Content:
    name, x = words.phrase(), "<m:r><m:t>x</m:t></m:r>"
    half = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    power = f"<m:sSup><m:e>{x}</m:e><m:sup><m:r><m:t>8</m:t></m:r></m:sup></m:sSup>"
    maths = f"<m:oMath>{half}<m:r><m:t>+</m:t></m:r><m:d><m:e>{power}</m:e></m:d></m:oMath>"
    return _Content(package(p(r(name), maths)), (f"{name}1/2+(x^8)",))


def _ruby(words: _Words) -> _Content:
    one, two = words.phrase(), words.sentence()
    ruby = f"<w:r><w:ruby><w:rt>{r('pīn')}</w:rt><w:rubyBase>{r('拼')}</w:rubyBase></w:ruby></w:r>"
    return _Content(package(p(r(one), ruby, r(two))), (f"{one}拼{two}",), ("pīn",))


def _objects(words: _Words) -> _Content:
    one, two = words.several(2)
    thing = raw('<w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" r:id="nowhere"/></w:object>')
    picture = raw(
        '<w:drawing><wp:inline><a:graphic><a:blip r:embed="gone"/></a:graphic></wp:inline></w:drawing>'
    )
    rels = relationship("gone", "image", "NULL") + relationship("nowhere", "oleObject", "../NULL")
    return _Content(package(p(r(one), thing) + p(picture, r(two)), rels=rels), (one, two))


def _strict(words: _Words) -> _Content:
    one, two, three = words.several(3)
    maths = "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"
    return _Content(
        package(p(r(one)) + grid((two,)) + p(r(three), maths), strict=True), (one, two, f"{three}a+b")
    )


def _macros(words: _Words) -> _Content:
    lines = words.several(3)
    return _Content(package("".join(p(r(line)) for line in lines), macros=True), tuple(lines))


def _drop_cap(words: _Words) -> _Content:
    line, after = words.several(2)
    body = (
        p(r(line[:1]), properties='<w:framePr w:dropCap="drop" w:lines="3"/>') + p(r(line[1:])) + p(r(after))
    )
    return _Content(package(body), (line, after))


def _art(words: _Words) -> _Content:
    body, mark, one, two = (words.phrase() for _ in range(4))
    watermark = raw(f'<w:pict><v:shape><v:textpath string="{mark}"/></v:shape></w:pict>')
    texts = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in (one, two)
    )
    names = 'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    names += 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    model = f"<dgm:dataModel {names}><dgm:ptLst>{texts}</dgm:ptLst></dgm:dataModel>".encode()
    smart = raw(
        '<w:drawing><a:graphic><a:graphicData><dgm:relIds r:dm="model"/></a:graphicData></a:graphic></w:drawing>'
    )
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/></w:sectPr>'
    data = package(
        p(r(body), smart) + section,
        {"header1": p(watermark)},
        relationship("model", "diagramData", "diagrams/data1.xml"),
        {"word/diagrams/data1.xml": model},
    )
    return _Content(data, (body, one, two, mark))


MAKERS: dict[str, Callable[[_Words], _Content]] = {
    "paragraphs": _paragraphs,
    "headings": _headings,
    "merged cells": _merged,
    "nested tables": _nested,
    "automatic numbers": _numbers,
    "levels of numbers": _levels,
    "headers and footers": _furniture,
    "notes": _notes,
    "text boxes": _boxes,
    "content controls": _controls,
    "comments": _comments,
    "changed runs": _runs_changed,
    "moved paragraphs": _moved,
    "changed paragraphs": _paragraphs_changed,
    "changed rows": _rows_changed,
    "unseen text": _unseen,
    "files inside": _chunk,
    "fields": _fields,
    "signs": _signs,
    "breaks": _breaks,
    "formulas": _formulas,
    "ruby": _ruby,
    "objects": _objects,
    "strict": _strict,
    "macros": _macros,
    "drop caps": _drop_cap,
    "art": _art,
}
