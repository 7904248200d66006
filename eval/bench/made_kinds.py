"""Papers of every kind, made from written templates as an office would hold them: untidy, and named by accident.

Usage: python -m eval.bench.made_kinds dev|frozen [COUNT]   (prints JSON lines: name, kind, subtype, text)
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import resources

COUNTS = {"dev": 14, "frozen": 7}  # papers of each subtype: a third of all is held out
SEEDS = {"dev": 20261125, "frozen": 5021}

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英志强文博晓东海波建国雨晴子轩思远春梅玉兰"
_CITIES = ("临江市", "安澜市", "清河市", "望州市", "永丰市", "海宁港市")
_DISTRICTS = ("云岭区", "望湖区", "柳浦区", "东陵县", "新桥区")
_PROVINCES = ("浙江省", "江苏省", "河南省", "湖南省", "四川省")
_COMPANIES = (
    "{c}恒远贸易有限公司",
    "{c}瑞丰物流有限公司",
    "{c}启明网络科技有限公司",
    "{c}德盛建筑工程有限公司",
)
_CRIMES = ("盗窃罪", "诈骗罪", "故意伤害罪", "寻衅滋事罪", "危险驾驶罪", "污染环境罪", "掩饰、隐瞒犯罪所得罪",
           "非法吸收公众存款罪", "帮助信息网络犯罪活动罪", "职务侵占罪", "开设赌场罪", "生产、销售有毒、有害食品罪")  # fmt: skip
_ARTICLES = (
    "第二百六十四条",
    "第二百六十六条",
    "第二百三十四条第一款",
    "第一百三十三条之一第一款第（二）项",
    "第三百一十二条",
)
_SUMS = ("人民币3,200元", "5万元", "12.6万元", "人民币八千元", "1860元", "二十余万元", "93000元")
_FACTS = (
    "{y}年{m}月{d}日{h}时许，被告人{a}在{city}{dist}‹大润发|百联›超市内，趁无人注意，窃得货架上的白酒{k}瓶，价值{sum}。",
    "{y}年{m}月至{m2}月间，{a}以代办‹贷款|签证|入学›为名，虚构身份，先后骗取被害人{c}等{k}人共计{sum}，所得款项用于赌博。",
    "{y}年{m}月{d}日凌晨，{a}酒后驾驶小型轿车沿{dist}人民路行驶，被民警当场查获，血液酒精含量为{n}mg/100ml。",
    "{a}自{y}年起将‹电镀|酸洗›废水未经处理直接排入厂外沟渠，经检测，总铬超标{k}倍。",
    "{y}年{m}月{d}日，{a}与{c}因‹宅基地|停车›发生口角，{a}用拳头击打{c}面部，致其鼻骨骨折，经鉴定为轻伤二级。",
    "{y}年{m}月，{a}明知他人实施网络犯罪，仍将本人名下{k}张银行卡提供给“{b}”使用，流入资金{sum}，其中查证属实的诈骗款{sum2}。",
    "{a}担任{co}业务员期间，利用收取货款的职务便利，将{sum}占为己有，用于网络游戏充值。",
    "{y}年{m}月，{a}在其经营的‹卤味店|包子铺›内添加罂粟壳，后被执法人员查获，现场扣押{k}公斤。",
)
_NAMES = (
    "扫描件{n}.pdf", "新建文本文档.txt", "IMG_{n5}.jpg", "1.docx", "定稿（改3）.docx", "{a}.docx", "材料{k}.pdf",
    "卷{k}_第{n}页.pdf", "起诉书.docx", "判决书扫描.pdf", "回复.doc", "微信图片_{y}{n}.png", "未命名.wps",
)  # fmt: skip
_FURNITURE = (
    "第 1 页 共 {k} 页",
    "扫描全能王 创建",
    "内部资料 注意保存",
    "附件{k}",
    "— 1 —",
    "打印时间 {y}-0{k}-1{k}",
)


@dataclass(frozen=True)
class Paper:
    """A made paper: the file's name, which says nothing sure, its gold kind and subtype, and its text."""

    name: str
    kind: str
    subtype: str
    text: str


@dataclass(frozen=True)
class _Template:
    kind: str
    subtype: str
    text: str


def papers(part: str, count: int | None = None) -> Iterator[Paper]:
    """The papers of one part (`dev` or `frozen`), `count` of each subtype; the same ones every time."""
    rng = random.Random(SEEDS[part])
    by_subtype: dict[tuple[str, str], list[_Template]] = {}
    for template in _templates(part):
        by_subtype.setdefault((template.kind, template.subtype), []).append(template)
    for (kind, subtype), templates in sorted(by_subtype.items()):
        for number in range(count or COUNTS[part]):
            values = _values(rng)
            text = _spoil(rng, _filled(rng, templates[number % len(templates)].text, values), values, kind)
            yield Paper(_filled(rng, rng.choice(_NAMES), values), kind, subtype, text)


def _templates(part: str) -> Iterator[_Template]:
    folder = resources.files("eval") / "bench" / "papers"
    for file in sorted(item.name for item in folder.iterdir() if item.name.startswith(f"{part}-")):
        for section in (folder / file).read_text(encoding="utf-8").split("=== ")[1:]:
            head, _, body = section.partition("\n")
            kind, _, subtype = head.partition(" ")
            for text in body.split("\n---\n"):
                yield _Template(kind, subtype, text.strip("\n"))


def _person(rng: random.Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, rng.choice((1, 2, 2))))


def _values(rng: random.Random) -> dict[str, str]:
    """What the slots of one paper hold; facts and companies are filled in turn."""
    city, dist, year = rng.choice(_CITIES), rng.choice(_DISTRICTS), rng.randint(2016, 2026)
    month, day, crime = rng.randint(1, 12), rng.randint(1, 28), rng.choice(_CRIMES)
    values = {one: _person(rng) for one in ("a", "b", "c", "p", "q", "r", "s")}
    values |= {
        "city": city, "dist": dist, "province": rng.choice(_PROVINCES), "xing": rng.choice(_SURNAMES),
        "proc": f"{city}{dist}人民检察院", "court": f"{city}{dist}人民法院", "pno": f"{city[0]}{dist[0]}",
        "y": str(year), "m": str(month), "m2": str(rng.randint(1, 12)), "d": str(day), "h": str(rng.randint(8, 22)),
        "by": str(rng.randint(1962, 2005)), "n": str(rng.randint(11, 480)), "k": str(rng.randint(2, 9)),
        "n2": str(rng.randint(1, 12)).zfill(2), "n4": str(rng.randint(1001, 9999)), "n5": str(rng.randint(10001, 99999)),
        "crime": crime, "crime0": crime[:-1], "art": rng.choice(_ARTICLES),
        "sum": rng.choice(_SUMS), "sum2": rng.choice(_SUMS),
        "date": f"{year}年{month}月{day}日", "cdate": _chinese_date(year, month, day),
        "co": rng.choice(_COMPANIES).format(c=city[:-1]), "facts": rng.choice(_FACTS), "facts2": rng.choice(_FACTS),
    }  # fmt: skip
    return values


def _chinese_date(year: int, month: int, day: int) -> str:
    digits = "〇一二三四五六七八九"
    tens = ("", "十", "二十")
    written = [tens[number // 10] + (digits[number % 10] if number % 10 else "") for number in (month, day)]
    return f"{''.join(digits[int(one)] for one in str(year))}年{written[0]}月{written[1]}日"


def _filled(rng: random.Random, text: str, values: dict[str, str]) -> str:
    """Slots by their values (facts hold slots themselves), alternatives ‹a|b› by one of them."""
    for _ in range(2):
        text = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)
    return re.sub(r"‹([^›]*)›", lambda match: rng.choice(match[1].split("|")), text)


def _spoil(rng: random.Random, text: str, values: dict[str, str], kind: str) -> str:
    """The paper as it comes: tidy, or with its title broken or gone, its lines lost, spaced by OCR, framed."""
    lines = text.split("\n")
    at = next((index for index, line in enumerate(lines) if line.startswith("#T")), None)
    if at is not None:
        removable = lines[at].startswith("#T?")
        title = re.sub(r"^#T\??\s*", "", lines[at])
        lines[at : at + 1] = _titles(rng, title, removable, kind)
    text = "\n".join(line for line in lines if line)
    manner: Callable[[random.Random, str], str] = rng.choices(
        (_tidy, _indented, _flat, _wrapped, _scanned), (40, 20, 12, 14, 14 if kind != "regulation" else 6)
    )[0]
    text = manner(rng, text)
    if rng.random() < 0.18:
        text = _filled(rng, rng.choice(_FURNITURE), values) + ("\n" if manner is not _flat else " ") + text
    return text


def _titles(rng: random.Random, title: str, removable: bool, kind: str) -> list[str]:
    chance = rng.random()
    if removable and chance < 0.2:
        return []
    if chance < 0.35 and len(title) > 9 and " " not in title:
        cut = rng.randint(4, len(title) - 3)
        return [title[:cut], title[cut:]]
    if chance < 0.45 and len(title) < 9:
        return [" ".join(title.replace(" ", ""))]
    if chance < 0.5:
        return (
            [f"《{title}》"] if kind in ("regulation", "suggestion") and "《" not in title else [f"# {title}"]
        )
    return [title]


def _tidy(rng: random.Random, text: str) -> str:
    return text + "\n"


def _indented(rng: random.Random, text: str) -> str:
    """Paragraphs as word processors write them, with two wide blanks and empty lines."""
    return "\n".join(f"　　{line}\n" if len(line) > 25 else line for line in text.split("\n"))


def _flat(rng: random.Random, text: str) -> str:
    """A text that lost its line ends; blanks stand for them."""
    return re.sub(r"\s*\n\s*", " ", text)


def _wrapped(rng: random.Random, text: str) -> str:
    """Lines cut at a fixed width wherever they are, as from a PDF."""
    width = rng.randint(22, 34)
    return "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, max(1, len(line)), width)
    )


def _scanned(rng: random.Random, text: str) -> str:
    """As OCR gives it: stray blanks between characters, half-width punctuation, a few marks lost."""
    text = re.sub(r"(?<=[一-龥])(?=[一-龥])", lambda match: " " if rng.random() < 0.03 else "", text)
    text = re.sub(
        r"[，：（）]",
        lambda match: rng.choice((match[0], {"，": ",", "：": ":", "（": "(", "）": ")"}[match[0]])),
        text,
    )
    return re.sub(r"(?<=[一-龥])、(?=[一-龥])", lambda match: "" if rng.random() < 0.05 else "、", text)


def main(arguments: list[str]) -> int:
    """Print the papers of one part as JSON lines."""
    if not arguments or arguments[0] not in COUNTS or len(arguments) > 2:
        print(__doc__, file=sys.stderr)
        return 2
    for paper in papers(arguments[0], int(arguments[1]) if len(arguments) == 2 else None):
        print(json.dumps(asdict(paper), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
