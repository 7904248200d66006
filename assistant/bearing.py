"""Whether what a model wrote is borne out by passages: its quotes, its law, its numbers, its names, its sense, its words.

Each test errs towards 待核实: a sentence that passes may still be poor, one that fails is never shown as proved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from assistant.sentences import coverage, subject_words
from indexes.text import fold
from ingestion.numerals import NUMERAL, article_key, to_int
from ingestion.persons import mentions
from ingestion.statutes import paragraphs

Fault = Literal["quote", "law", "number", "name", "sense", "words"]
Words = Callable[[str], Sequence[str]]

# [D] From this share of its words found in the passages on, a sentence counts as said by them.
ENOUGH_WORDS = 0.6
SOME_WORDS = 0.4  # [D] and each clause from this share on
_QUOTES = re.compile(r"“([^“”]*)”|「([^「」]*)」|『([^『』]*)』|\"([^\"]*)\"")
_NAMED = re.compile(r"《([^《》]{1,60})》")
_ARTICLE = re.compile(rf"第\s*{NUMERAL}+\s*条(?:之{NUMERAL}+)?")
# a norm that is named before an article without 《》
_BARE = re.compile(
    rf"([\u4e00-\u9fff]{{1,30}}(?:法典|法|条例|规定|办法|解释|细则|规则|决定))(?=》?第\s*{NUMERAL}+\s*条)"
)
_THIS = re.compile(r"(?:本|该|此|上述|前述|同|以上)(?:法典|法|条例|规定|办法|解释|细则|规则|决定)$")
_PARAGRAPH = re.compile(rf"第\s*({NUMERAL}+)\s*款")
_ITEM = re.compile(rf"第?\s*[（(]\s*({NUMERAL}+)\s*[）)]\s*项|第\s*({NUMERAL}+)\s*项")
_DIGITS = re.compile(r"(\d+(?:,\d{3})+|\d+)(\.\d+)?\s*([万亿千百]{0,2})\s*([%‰]|[a-zA-Z]{1,4}|[\u4e00-\u9fff]?)")
_HAN = "零〇○一二三四五六七八九十百千两"
_UNITS = "名人位个家间次件条款项年月日天岁周时分秒元角%吨斤克米里平亩倍成起份台辆套瓶箱袋户栋层号期批处部所例万亿幅张组届级"
_CHINESE = re.compile(rf"(第)?([{_HAN}]+)([万亿]{{0,2}})([{_UNITS}])")
_PERCENT = re.compile(rf"百分之([{_HAN}]+)(?:点([{_HAN}]+))?")
# words that only join what is said
_LEADS = re.compile(
    r"^\s*(?:经查明?|经审查|经调查|综上(?:所述)?|因此|所以|同时|此外|另外|其中|据此|对此|并且|而且|但是?|然而|即|例如|根据|依据|按照|依照|上述|以上|具体|首先|其次|最后)"
)
_NUMERAL_WORD = re.compile(rf"\d|百分之|^[{_HAN}万亿]+[{_UNITS}]?$")
_PERSONS = frozenset("名位人个")
_SCALE = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100}
_NOT = r"(?:未曾|未能|没有|不得|不能|不应|不予|不再|并未|并非|尚未|禁止|严禁|拒不|从未|未|没|不|无|非)"
_DENIED = re.compile(rf"{_NOT}([\u4e00-\u9fff]{{2}})")
_DUTIES: dict[str, re.Pattern[str]] = {
    "duty": re.compile(r"应当|必须|应(?=[向对在于由按依及将为])|须(?!知)|需要|有义务"),
    "ban": re.compile(r"不得|禁止|严禁|不准|不能"),
    "may": re.compile(r"可以|有权|可(?=[对向由处并依给责])|得以"),
}
# the tail of a unit's name with the two characters before it (湖畔旅馆); words that only describe are none
_UNIT = re.compile(
    r"([\u4e00-\u9fff]{2})(有限公司|公司|旅馆|宾馆|酒店|歌厅|饭店|学校|中学|小学|医院|银行|超市|商店|药店|合作社|工厂|协会"
    r"|人民政府|委员会|检察院|法院|公安局|派出所|监督管理局|街道办事处|村委会|居委会)"
)
_DESCRIBES = re.compile(r"[一二四五六七八九十几多数家名的该本各对向由在与和及等某有其此两三应须是为被将从至或未类些种所要求让使等当地主管相涉上述前述]")
_PREFIX = "中华人民共和国"

Number = tuple[Decimal, str]


@dataclass(frozen=True)
class Source:
    """What a sentence may rest on: a text, the name it goes by, and of a law its article."""

    text: str
    title: str = ""
    law: str | None = None
    article: str | None = None

    @property
    def whole(self) -> str:
        """All that the source says, its name included."""
        return f"{self.title}\n{self.law or ''}{self.article or ''}\n{self.text}"


def faults(said: str, sources: Sequence[Source], words: Words) -> tuple[Fault, ...]:
    """What in a sentence (without its marks) the sources do not bear out; empty for a sentence that stands."""
    whole = "\n".join(source.whole for source in sources)
    tests: dict[Fault, bool] = {
        "quote": not quotes_stand(said, sources),
        "law": not law_stands(said, sources),
        "number": not numbers_stand(said, whole),
        "name": not names_stand(said, whole),
        "sense": not sense_stands(said, whole),
        "words": not words_stand(said, whole, words),
    }
    return tuple(fault for fault, found in tests.items() if found)


def quotes_in(text: str) -> list[str]:
    """What stands between quotation marks."""
    return [inner for found in _QUOTES.findall(text) for inner in found if inner.strip()]


def quotes_stand(said: str, sources: Sequence[Source]) -> bool:
    """Whether every quotation stands word for word (after folding) in one of the sources."""
    texts = [fold(source.text) for source in sources]
    return all(any(_quoted(quote) in text for text in texts) for quote in quotes_in(said))


def without_quotes(said: str) -> str:
    """The sentence without its quotation marks: what is not word for word must not look so."""
    return re.sub(r"[“”「」『』\"]", "", said)


def _quoted(quote: str) -> str:
    """A quotation as it is compared: a full stop that the sentence put inside it is not part of it."""
    return re.sub(r"[。.,;!?:]+$", "", fold(quote))


def law_stands(said: str, sources: Sequence[Source]) -> bool:
    """Whether each norm and article that is named is that of a source, or is named so in a source's text."""
    texts = fold("\n".join(source.text for source in sources))
    laws = {plain_name(name): source for source in sources for name in (source.law, source.title) if name}
    named = [match.group(1) for match in _NAMED.finditer(said)]
    if not all(plain_name(name) in laws or fold(name) in texts for name in named):
        return False
    if not all(_bare_stands(name, laws, texts) for name in _BARE.findall(said)):
        return False
    return all(_article_stands(match, said, sources, texts) for match in _ARTICLE.finditer(said)) and _parts_stand(
        said, sources
    )


def plain_name(name: str) -> str:
    """A norm's name as it is compared: folded, without 中华人民共和国 before it."""
    return fold(name).removeprefix(_PREFIX)


def _bare_stands(name: str, laws: Iterable[str], texts: str) -> bool:
    plain = fold(name)
    return bool(_THIS.search(plain)) or any(plain.endswith(law) for law in laws) or plain in texts


def _article_stands(match: re.Match[str], said: str, sources: Sequence[Source], texts: str) -> bool:
    key = article_key(match.group())
    named = re.search(r"《([^《》]{1,60})》$", said[: match.start()])
    own = [
        source
        for source in sources
        if source.article and article_key(source.article) == key
        and (named is None or plain_name(named.group(1)) in {plain_name(source.law or ""), plain_name(source.title)})
    ]  # fmt: skip
    if own:
        return True
    if named is None:
        return key in {article_key(found) for found in _ARTICLE.findall(texts)}
    return any(
        plain_name(other.group(1)) == plain_name(named.group(1)) and article_key(other.group(2)) == key
        for other in re.finditer(rf"《([^《》]{{1,60}})》({_ARTICLE.pattern})", texts)
    )


def _parts_stand(said: str, sources: Sequence[Source]) -> bool:
    """Whether paragraphs and items that are named can be there at all."""
    folded = fold("\n".join(source.text for source in sources))
    for numeral in _PARAGRAPH.findall(said):
        number = _value(numeral)
        most = max((len(paragraphs(source.text)) for source in sources if source.law), default=0)
        if number is None or (number > most and f"第{numeral}款" not in folded):
            return False
    return all(
        any(sign in folded for sign in (f"({numeral})", f"第{numeral}项"))
        for found in _ITEM.findall(said)
        for numeral in found
        if numeral
    )


def numbers_stand(said: str, whole: str) -> bool:
    """Whether every number, date and amount stands in the text, with its unit, in digits or in words."""
    known = numbers_in(whole)
    values = {value for value, _ in known}
    counted = {unit for value, unit in known if value != 1}
    return all(
        (value, unit) in known or (unit == "" and value in values) or _is_article(value, unit, counted)
        for value, unit in numbers_in(said)
    )


def _is_article(value: Decimal, unit: str, counted: set[str]) -> bool:
    """Whether 一 is no count but the article of a noun (一家旅馆), where nothing else is counted in that unit."""
    return value == 1 and unit in {"人", "家", "项", "种", "次", "份", "件", "起", "间", "部", "处"} and unit not in counted


def numbers_in(text: str) -> set[Number]:
    """The numbers of a text as (value, unit); of articles, paragraphs and items there are none.

    三名 and 3人 are both (3, 人); 2万元 and 20,000元 both (20000, 元); 百分之十二 is (12, %).
    """
    plain = _without_parts(fold(text))
    found = set(_in_digits(plain)) | set(_in_words(plain))
    return {(value, "人" if unit in _PERSONS else unit) for value, unit in found}


def _without_parts(text: str) -> str:
    for pattern in (_ARTICLE, _PARAGRAPH, _ITEM):
        text = pattern.sub(" ", text)
    return text


def _in_digits(text: str) -> Iterator[Number]:
    for whole, fraction, scale, unit in _DIGITS.findall(text):
        try:
            value = Decimal(whole.replace(",", "") + fraction)
        except InvalidOperation:  # digits of another script
            continue
        for sign in scale:
            value *= _SCALE[sign]
        yield value.normalize(), unit if unit in _UNITS + "%‰" or unit.isascii() else ""


def _in_words(text: str) -> Iterator[Number]:
    for whole, fraction in _PERCENT.findall(text):
        if (value := _value(whole)) is not None:
            tail = "".join(str(to_int(digit)) for digit in fraction if digit not in "十百千")
            yield Decimal(f"{value}.{tail}" if tail else value).normalize(), "%"
    for ordinal, numeral, scale, unit in _CHINESE.findall(_PERCENT.sub(" ", text)):
        value = _value(numeral)
        if value is None or (not ordinal and not scale and numeral == "一" and unit in "个成部级"):
            continue  # 一个, 一部分: no count
        for sign in scale:
            value *= _SCALE[sign]
        if not scale and unit in "万亿":
            yield Decimal(value * _SCALE[unit]).normalize(), "元"
        yield Decimal(value).normalize(), unit


def _value(numeral: str) -> int | None:
    try:
        return to_int(numeral)
    except ValueError:
        return None


def names_stand(said: str, whole: str) -> bool:
    """Whether every unit and every person (beside a role) that is named is named in the text, too."""
    theirs = fold(whole)
    units = (before + kind for before, kind in _UNIT.findall(fold(said)) if not _DESCRIBES.search(before))
    persons = (mention.name for mention in mentions(said) if not mention.masked)
    return all(name in theirs for name in (*units, *map(fold, persons)))


def sense_stands(said: str, whole: str) -> bool:
    """Whether nothing is denied that the text affirms, or affirmed that it denies, and no duty is turned.

    Compared are the two characters after a word of denial (未登记 against 登记), and whether the text knows
    the kind of duty at all: 应当, 可以, 不得.
    """
    ours, theirs = fold(said), fold(whole)
    denied, denies = set(_DENIED.findall(ours)), set(_DENIED.findall(theirs))
    affirmed = _affirmed(theirs)
    if any(word in affirmed and word not in denies for word in denied):
        return False
    if any(word in _affirmed(ours) and word not in affirmed for word in denies - denied):
        return False
    return all(pattern.search(theirs) for pattern in _DUTIES.values() if pattern.search(ours))


def _affirmed(text: str) -> set[str]:
    """Every two characters that stand somewhere without a word of denial before them."""
    bare = _DENIED.sub("\n", text)
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def words_stand(said: str, whole: str, words: Words) -> bool:
    """Whether enough of a sentence's words stand in the text, and of each of its clauses some.

    The clauses, or one that is invented would hide behind the others.
    """
    if share_of_words(said, whole, words) < ENOUGH_WORDS:
        return False
    return all(share_of_words(clause, whole, words) >= SOME_WORDS for clause in re.split(r"[，,；;：:]", said))


def share_of_words(said: str, whole: str, words: Words) -> float:
    """The share, by length, of the sentence's words that stand in the text; 1 for a sentence without any.

    Numerals, norms and articles are no words here: they are compared for what they are, and a norm's long
    name would hide that what is said of it is not there.
    """
    for pattern in (_BARE, _NAMED, _ARTICLE, _PARAGRAPH, _ITEM, _LEADS):
        said = pattern.sub(" ", said)
    own = frozenset(word for word in subject_words(words(said)) if not _NUMERAL_WORD.search(word))
    return coverage(own, words(whole)) if own else 1.0
