"""Texts that cite the laws of the package, made from templates: right ones, and ones made wrong in a known way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from eval.citations import TODAY, CitingText, Wanted
from indexes.china_law import package_statutes
from indexes.lawbook import LawBook
from indexes.library import law_status
from indexes.text import fold
from ingestion.numerals import article_key, article_label, to_chinese
from ingestion.provisions import provisions

SEED = 7
PREFIX = "中华人民共和国"
_LABEL = re.compile(r"^第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?\s*")
_SWAPS = (("应当", "可以"), ("可以", "应当"), ("不得", "可以"), ("三年", "五年"), ("处", "免"), ("以上", "以下"), ("或者", "并且"))


@dataclass(frozen=True)
class Law:
    """A law in force on the day of the set, with its articles."""

    name: str
    texts: Mapping[str, str]
    since: date | None

    @property
    def short(self) -> str:
        """The name without 中华人民共和国."""
        return self.name.removeprefix(PREFIX)

    def pick(self, chance: random.Random, *, paragraphs: int = 1, items: int = 0) -> str:
        """The label of an article with at least so many 款 or 项; "" where there is none."""
        fitting = [label for label in self.texts if _has(self.texts[label], paragraphs, items)]
        return chance.choice(fitting) if fitting else ""


Made = tuple[str, tuple[Wanted, ...]]
Maker = Callable[[Law, random.Random], Made | None]


def made(book: LawBook, each: int = 24) -> Iterator[CitingText]:
    """So many texts of each kind, right ones first; the same ones at every run."""
    chance = random.Random(SEED)
    laws = current_laws(book)
    for maker in (*RIGHT, *WRONG):
        count = 0
        while count < each:
            text = maker(chance.choice(laws), chance)
            if text is not None:
                count += 1
                yield CitingText(f"{maker.__name__} {count}", *text)
    yield from _early(laws, chance, each)
    yield from _older(book)


def current_laws(book: LawBook) -> list[Law]:
    """The laws of the package that are in force on the day, those of numbered articles, without the penal code."""
    found = []
    for statute in package_statutes():
        versions = book.versions(statute.name)
        status, _, version = law_status(versions, TODAY)
        current = version is not None and version.version == statute.version
        texts = {one.label: statute.text[one.start : one.end] for one in statute.articles if article_key(one.label)}
        # what a known change touches is not for a template to judge
        if status == "verified" and current and len(texts) > 20 and statute.name != f"{PREFIX}刑法":
            found.append(Law(statute.name, texts, statute.in_force_from))
    return found


def _has(text: str, paragraphs: int, items: int) -> bool:
    parts = provisions(text)
    return max(one.paragraph for one in parts) >= paragraphs and max(one.item for one in parts) >= items


def _one(law: Law, label: str, status: str = "verified", quote: str = "none", paragraph: int = 0, item: int = 0) -> Wanted:
    return Wanted(law.name, label, paragraph, item, 0, status, quote)


def _arabic(label: str) -> str:
    number, inserted = article_key(label) or (0, 0)
    return f"{number}-{inserted}" if inserted else str(number)


def _wide(text: str) -> str:
    return text.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})


# -- right ones --------------------------------------------------------------------------------------


def _full(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    return f"依照《{law.name}》{label}的规定办理。", (_one(law, label),)


def _bare(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    return f"其行为违反了{law.short}{label}。", (_one(law, label),)


def _digits(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    written = chance.choice([f"《{law.short}》第{_arabic(label)}条", _wide(f"{law.name}第{_arabic(label)}条")])
    return f"法律依据：{written}", (_one(law, label),)


def _paragraph(law: Law, chance: random.Random) -> Made | None:
    label = law.pick(chance, paragraphs=2)
    form = chance.choice(["第二款", "第2款", "第 二 款"])
    return (f"根据《{law.short}》{label}{form}之规定", (_one(law, label, paragraph=2),)) if label else None


def _item(law: Law, chance: random.Random) -> Made | None:
    label = law.pick(chance, items=2)
    if not label:
        return None
    form = chance.choice(["第（二）项", "第二项", "第(2)项", "第２项"])
    return f"属于{law.name}{label}{form}所列情形", (_one(law, label, item=2),)


def _list(law: Law, chance: random.Random) -> Made:
    labels = sorted(chance.sample(list(law.texts), 3), key=lambda one: article_key(one) or (0, 0))
    return f"依据《{law.name}》{'、'.join(labels[:2])}和{labels[2]}，", tuple(_one(law, label) for label in labels)


def _range(law: Law, chance: random.Random) -> Made | None:
    start = chance.randint(1, len(law.texts) - 3)
    labels = [article_label(start + step) for step in range(3)]
    if any(label not in law.texts for label in labels):
        return None
    return f"见《{law.short}》{labels[0]}至{labels[2]}", tuple(_one(law, label) for label in labels)


def _broken(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    words = f"《{law.name}》{label}"
    at = chance.randint(2, len(words) - 2)
    return f"根据{words[:at]}\n{words[at:]}的规定", (_one(law, label),)


def _same(law: Law, chance: random.Random) -> Made:
    first, second = chance.sample(list(law.texts), 2)
    return f"《{law.name}》{first}已有规定，同法{second}另有规定。", (_one(law, first), _one(law, second))


def _quoted(law: Law, chance: random.Random) -> Made | None:
    label = law.pick(chance)
    words = _sentence(law.texts[label])
    if not words or "条" in words:
        return None
    form = chance.choice(["《{law}》{label}规定：“{words}”", "“{words}”（《{law}》{label}）", "《{law}》{label}：「{words}」"])
    return form.format(law=law.name, label=label, words=words), (_one(law, label, quote="verbatim"),)


# -- wrong ones --------------------------------------------------------------------------------------


def _beyond(law: Law, chance: random.Random) -> Made:
    last = max((article_key(label) or (0, 0))[0] for label in law.texts)
    label = article_label(last + chance.randint(1, 60))
    # `wrong`, as a text that is not yet in force may have it
    return f"依照《{law.name}》{label}的规定", (_one(law, label, "wrong"),)


def _inserted(law: Law, chance: random.Random) -> Made | None:
    number = (article_key(law.pick(chance)) or (0, 0))[0]
    label = article_label(number, 9)
    return None if label in law.texts else (f"依照{law.short}{label}", (_one(law, label, "no_such_article"),))


def _no_paragraph(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    count = max(one.paragraph for one in provisions(law.texts[label])) + chance.randint(1, 3)
    return f"根据《{law.short}》{label}第{to_chinese(count)}款", (_one(law, label, "no_such_article", paragraph=count),)


def _no_item(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    count = max(one.item for one in provisions(law.texts[label])) + chance.randint(1, 3)
    return f"根据《{law.name}》{label}第（{to_chinese(count)}）项", (_one(law, label, "no_such_article", item=count),)


def _altered(law: Law, chance: random.Random) -> Made | None:
    label = law.pick(chance)
    words = _sentence(law.texts[label])
    swaps = [(old, new) for old, new in _SWAPS if old in words]
    if not words or "条" in words or not swaps:
        return None
    old, new = chance.choice(swaps)
    return f"《{law.name}》{label}规定：“{words.replace(old, new, 1)}”", (_one(law, label, "differs", "differs"),)


def _dropped(law: Law, chance: random.Random) -> Made | None:
    label = law.pick(chance)
    words = _sentence(law.texts[label])
    if len(words) < 20 or "条" in words:
        return None
    at = chance.randint(6, len(words) - 8)
    quote = words[:at] + words[at + 3 :]
    if fold(quote).strip("。；，,;:") in fold(law.texts[label]):
        return None
    return f"“{quote}”（{law.short}{label}）", (_one(law, label, "differs", "differs"),)


def _misplaced(law: Law, chance: random.Random) -> Made | None:
    label, other = chance.sample(list(law.texts), 2)
    words = _sentence(law.texts[other])
    if len(words) < 16 or "条" in words or fold(words).strip("。；，,;:") in fold(law.texts[label]):
        return None
    return f"《{law.name}》{label}规定：“{words}”", (_one(law, label, "differs", "differs"),)


def _invented(law: Law, chance: random.Random) -> Made:
    label = law.pick(chance)
    name = f"{chance.choice(['数字', '社区', '夜间', '青年', '公共'])}{chance.choice(['停车', '装修', '家政', '陪伴', '租车'])}服务保障法"
    return f"依照《{PREFIX}{name}》{label}", (Wanted(f"{PREFIX}{name}", label, 0, 0, 0, "not_checked"),)


RIGHT: Sequence[Maker] = (_full, _bare, _digits, _paragraph, _item, _list, _range, _broken, _same, _quoted)
WRONG: Sequence[Maker] = (_beyond, _inserted, _no_paragraph, _no_item, _altered, _dropped, _misplaced, _invented)


def _sentence(text: str) -> str:
    """The first sentence of an article without its label; "" where it is a list or quotes somebody."""
    words = _LABEL.sub("", text)
    end = words.find("。")
    words = words[: end + 1]
    return words if 10 <= len(words) <= 300 and not set(words) & set("\n：“”\"《》（…") else ""


def _early(laws: Sequence[Law], chance: random.Random, each: int) -> Iterator[CitingText]:
    """Articles cited the day before their text came into force: none of them may pass, unless it was so before."""
    dated = [law for law in laws if law.since and law.since > date(2018, 1, 1)]
    for number in range(each):
        law = chance.choice(dated)
        label = max(law.texts, key=lambda one: article_key(one) or (0, 0))
        assert law.since is not None
        wanted = (_one(law, label, "wrong"),)
        yield CitingText(f"early {number + 1}", f"依照《{law.name}》{label}", wanted, law.since - timedelta(days=1))


def _older(book: LawBook) -> Iterator[CitingText]:
    """Words of an older text quoted as if they were today's."""
    for statute in package_statutes():
        versions = book.versions(statute.name)
        status, _, now = law_status(versions, TODAY)
        if status != "verified" or now is None or statute.version is None or statute.version == now.version:
            continue
        if now.version is None or now.version < statute.version:
            continue
        current = fold(book.text(now.document_id))
        gone = 0
        for article in statute.articles:
            words = _sentence(statute.text[article.start : article.end])
            if gone < 8 and article_key(article.label) and "条" not in words and words and fold(words)[:-1] not in current:
                gone += 1
                law = Law(statute.name, {}, None)
                wanted = (_one(law, article.label, "wrong"),)
                yield CitingText(f"older {statute.name} {gone}", f"《{statute.name}》{article.label}规定：“{words}”", wanted)
