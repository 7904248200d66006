"""Whose article it is: the law's name before a citation, quoted or not, known or guessed; short names of the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingestion.cited_units import SPACE
from ingestion.statutes import clean_name

Lookup = Callable[[str], str | None]  # the full title that a name or a number stands for, None where unknown

LONGEST_NAME = 90  # characters of a law's name that stands without 《》
LONGEST_TITLE = 120  # characters between 《 and 》

TITLE = re.compile(r"《(?P<name>[^《》]{1,120}(?:《[^《》]{1,60}》[^《》]{0,60})?)》")
NUMBERED = re.compile(
    rf"(?P<kind>法释|法发|法办发|高检发(?:释字|研字|办字|民字|[一-龥]{{1,3}}字)?|高检会|国务院令|公通字){SPACE}"
    rf"〔{SPACE}(?P<year>\d{{4}}){SPACE}〕{SPACE}(?:第{SPACE})?(?P<number>\d{{1,4}}){SPACE}号"
)
_BEHIND_TITLE = re.compile(
    rf"{SPACE}(?:（(?P<note>[^（）]{{0,80}})）)?{SPACE}(?:[一-龥]{{2,6}}编|分则|总则)?(?:中|的|里)?{SPACE}$"
)
_LAW_LIKE = re.compile(
    r"(?:法|法典|条例|规定|办法|解释|细则|规则|通则|总则|宪法|修正案(?:（[^（）]*）)?|决定|决议|批复|规程|纲要)"
    r"(?:（[^（）]{1,30}）)?$"
)
# of titles that no library knows, those of these kinds are norms only where a maker of norms issued them
_PAPER = re.compile(r"(?:决定|决议|批复)(?:（[^（）]{1,30}）)?$")
_UNQUOTED = re.compile(
    r"(?:(?:法典|法|条例|规定|办法|解释|细则|规则|通则|总则|修正案)(?:（[一二三四五六七八九十]+）)?|解释[一二三四五六七八]|法解释[（]?[一二三四五]?[）]?)$"
)
_KINDS = "法典|法律|法|条例|规定|办法|司法解释|解释|细则|规则|通则|意见|决定"
_SELF = re.compile(rf"本(?:实施|暂行|若干|管理|特别)?(?P<kind>{_KINDS}|章程)(?:中|的)?$")
_SAME = re.compile(rf"(?:同|该|此|上述|前述|前引|以上)(?P<kind>{_KINDS}|法律法规)(?:中|的)?$")
_NO_LAW = re.compile(
    r"(?:合同书?|协议书?|章程|公约|民约|须知|制度|条款|约定|判决书?|裁定书?|起诉书|调解书|意见书|承诺书|保单|投标书|招标文件"
    r"|规约|手册|守则|清单|说明书)(?:》)?(?:的|中|里|之)?$"
)
_PART = re.compile(r"(?:总则|分则|总则编|物权编|合同编|人格权编|婚姻家庭编|继承编|侵权责任编|附则)$")
_ENDS = re.compile(r"(?:[法例定释则案章约典》）要见知复议]|修正案[一二三四五六七八九十]+)$")
# what a law's name does not begin with or hold, where it stands without 《》
_BOUNDARY = re.compile(
    r"[^一-龥（）、〈〉]|根据|依照|按照|依据|违反|适用|参照|符合|援引|触犯|构成|结合|对照|以及|或者|规定于|规定在|如果|因为|但是"
    r"|[是即见依按对由将被把使给让向从据似就又也还都则而且]|(?<!共)和(?!国)|(?<!参)与|(?<![以涉])及|(?<!目)的|、"
)
_ISSUER = r"(?:最高人民法院|最高人民检察院|最高法|最高检|两高|全国人民代表大会常务委员会|全国人大常委会|国务院|公安部|司法部|国家安全部)"
_ISSUED_BY = re.compile(rf"{_ISSUER}(?:{SPACE}[、和及]?{SPACE}{_ISSUER}){{0,4}}{SPACE}(?:印发的?)?$")
# an unquoted local norm ends like a national one: 河南省|物业管理条例
_LOCAL = re.compile(r"(?:省|市|自治区|自治州|自治县|(?<!地)区|县)(?:人民政府)?$")
_ABOUT = re.compile(
    rf"(?:{_ISSUER}[、和及]?){{0,4}}(?:印发)?《?关于[^。；：《》]{{2,60}}(?:《[^《》]{{1,40}}》[^。；：《》]{{0,40}})?$"
)
_NO_NAMES = frozenset(
    "方法 看法 说法 做法 合法 依法 违法 司法 执法 立法 守法 无法 办法 规定 解释 规则 条例 法 本法 新法 旧法 现行法 "
    "实体法 程序法 普法 宪法解释 有关规定 相关规定 暂行规定 暂行条例 暂行办法 实施细则 实施条例 实施办法 上述规定 前述规定 司法解释 法律规定 明确规定".split()
)
_YEAR = re.compile(
    r"(?<!\d)(?P<year>[12]\d{3})年?(?:\d{1,2}月(?:\d{1,2}日)?)?(?:版|修正|修订|修改)?(?:后)?的?(?:新|旧)?$"
)
_COUNTED = re.compile(r"[一二三四五六七八九十]{1,3}")
_EDITION = re.compile(r"（(?P<year>[12]\d{3}年?[^（）]{0,12})）$")  # 《公司法（2018年修正）》
_SHORT = re.compile(
    r"《(?P<name>[^《》]{2,120}(?:《[^《》]{1,60}》[^《》]{0,60})?)》"
    r"（[^（）]{0,60}?(?:以下)?(?:统|均)?(?:简称|下称|称)(?:为)?[：:]?[“\"‘《〈](?P<short>[^“”\"’‘《》〈〉（）]{2,40})[”\"’》〉]"
)


@dataclass(frozen=True)
class Whose:
    """The law of an article: its name, where that stands, and whether it is a law at all.

    `note` is what is said of its version: the bracket behind the name (2018年修正), or the year before it.
    """

    law: str = ""
    span: tuple[int, int] | None = None
    note: str = ""
    stated: bool = True
    is_law: bool = True
    kind: str = ""  # of a pronoun: 法, 条例, …; the law is then the last one of this kind
    own: bool = False  # 本法: the text's own law, where it is one


Titles = Mapping[int, re.Match[str]]  # names in 《》 by where they end


def looks_like_law(name: str) -> bool:
    """Whether a title reads as that of a norm."""
    issued = bool(re.match(_ISSUER, name))
    if len(name) < 3 or name in _NO_NAMES:
        return False
    return (bool(_LAW_LIKE.search(name)) and (issued or not _PAPER.search(name))) or (
        issued and name.endswith(("意见", "通知", "纪要", "答复"))
    )


def full_title(text: str, title: re.Match[str], lookup: Lookup) -> tuple[str, tuple[int, int], bool]:
    """What a title in 《》 names, its span, and whether it is known: 最高人民法院《关于…的解释》 has its issuer before it."""
    written = squeeze(title["name"])
    span = title.span()
    issuer = _ISSUED_BY.search(text, max(0, title.start() - 60), title.start())
    if issuer and written.startswith("关于"):
        joined = squeeze(issuer.group()) + written
        if (known := lookup(joined)) is not None:
            return known, (issuer.start(), title.end()), True
        if lookup(written) is None:
            return clean_name(joined), (issuer.start(), title.end()), False
    known = lookup(written)
    return known or clean_name(written), span, known is not None


def squeeze(written: str) -> str:
    """A name without the white space of line ends and columns."""
    return "".join(written.split())


def with_short_names(text: str, lookup: Lookup) -> Lookup:
    """`lookup`, and before it the short names that the text itself gives: 《…的解释》（以下简称《解释》）."""
    told: dict[str, str] = {}
    for match in _SHORT.finditer(text):
        name = squeeze(match["name"])
        known = lookup(name)
        if known is not None or looks_like_law(name):
            told.setdefault(squeeze(match["short"]), known or clean_name(name))
    if not told:
        return lookup
    return lambda name: told.get(name.strip("《》〈〉")) or lookup(name)


def behind_title(text: str, at: int, titles: Titles) -> tuple[re.Match[str], str] | None:
    """The title in 《》 that an article at `at` directly follows, with the note between them."""
    head = text[max(0, at - LONGEST_TITLE - 90) : at]
    mark = head.rfind("》")
    behind = _BEHIND_TITLE.match(head, mark + 1) if mark >= 0 else None
    title = titles.get(at - len(head) + mark + 1) if behind else None
    return (title, behind["note"] or "") if behind and title else None


def whose(text: str, at: int, titles: Titles, lookup: Lookup) -> Whose | None:
    """The law that stands before an article at `at`; None where only context can tell."""
    if found := behind_title(text, at, titles):
        title, note = found
        law, span, known = full_title(text, title, lookup)
        if _COUNTED.fullmatch(note):  # 《刑法修正案》（十一）
            law = lookup(f"{squeeze(title['name'])}（{note}）") or f"{law}（{note}）"
            note = ""
        if not known and _NO_LAW.search(squeeze(title["name"])):
            return Whose(is_law=False)
        year = _YEAR.search(text, max(0, span[0] - 20), span[0])
        inside = _EDITION.search(squeeze(title["name"])) if known else None
        return Whose(law, span, note or (inside or year or {"year": ""})["year"])
    squeezed, places = before(text, at)
    if known_name := _known(squeezed, places, lookup):
        return known_name
    if pronoun := _SELF.search(squeezed):
        return Whose("", (places[pronoun.start()], at), kind=pronoun["kind"], own=True)
    if pronoun := _SAME.search(squeezed):
        return Whose("", (places[pronoun.start()], at), stated=False, kind=pronoun["kind"])
    if _NO_LAW.search(squeezed):
        return Whose(is_law=False)
    return _unknown(squeezed, places)


def known_before(text: str, at: int, lookup: Lookup) -> Whose | None:
    """The longest known name that ends before a place: 依照刑事诉讼法|第九十五条."""
    return _known(*before(text, at), lookup)


def before(text: str, at: int) -> tuple[str, list[int]]:
    """The characters before a place without white space, and where each stands; an empty line ends them."""
    places: list[int] = []
    here = at - 1
    while here >= 0 and len(places) < LONGEST_NAME and at - here < 2 * LONGEST_NAME:
        if not text[here].isspace():
            places.append(here)
        elif text[here] == "\n" and here and text[here - 1] == "\n":
            break
        here -= 1
    places.reverse()
    return "".join(text[place] for place in places), places


def _known(squeezed: str, places: list[int], lookup: Lookup) -> Whose | None:
    bracket = re.search(r"（([^（）]{1,60})）(?:的|中)?$", squeezed)
    if bracket and not _COUNTED.fullmatch(bracket[1]):  # 修正案（十一） is a name of its own
        inner = squeezed[: bracket.start()]
        if found := _longest(inner, lookup):
            return Whose(found[1], (places[found[0]], places[len(inner) - 1] + 1), bracket[1])
    squeezed = re.sub(r"[的中§第]$", "", squeezed)
    for name in (squeezed, _PART.sub("", squeezed)):
        if name and (found := _longest(name, lookup)):
            if _LOCAL.search(squeezed, max(0, found[0] - 8), found[0]):
                return None
            year = _YEAR.search(squeezed, 0, found[0])
            span = (places[found[0]], places[len(name) - 1] + 1)
            return Whose(found[1], span, year["year"] if year else "")
    return None


def _longest(squeezed: str, lookup: Lookup) -> tuple[int, str] | None:
    if not _ENDS.search(squeezed):
        return None
    for start in range(len(squeezed) - 1):
        if (law := lookup(squeezed[start:])) is not None:
            return start, law
    return None


def _unknown(squeezed: str, places: list[int]) -> Whose | None:
    """What reads like a law's name though no library knows it: 依照河南省物业管理条例|第三条."""
    bare = re.sub(r"[的中]$", "", squeezed)
    if not _UNQUOTED.search(bare):
        return None
    if about := _ABOUT.search(bare):
        start = about.start()
    else:
        start = 0
        for boundary in _BOUNDARY.finditer(bare, 0, len(bare) - 1):
            start = boundary.end()
        start += len(bare[start:]) - len(bare[start:].lstrip("、，"))
    name = bare[start:]
    if len(name) < 3 or name in _NO_NAMES or name.startswith(("（", "）")):
        return None
    return Whose(clean_name(name), (places[start], places[len(bare) - 1] + 1))
