"""Whether a text is a norm, and of which rank: by its title, the lines that say who made it, and its articles."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingestion.head import Title, head_lines, plain, titles

UNKNOWN_RANK = "未识别"
_BODY = 20_000
_TOP = 7  # a norm's title stands within so many lines, behind gazette and order at most
_ARTICLE = re.compile(
    r"(?:^|(?<=[。；：）〕》]))[ 　#*]*第[一二三四五六七八九十百千零〇\d]{1,8}条(?:之[一二三四五六七八九十]{1,2})?(?=[ 　\t*【])"
    r"|[。）] 第[一二三四五六七八九十百千零〇\d]{1,8}条 ",
    re.MULTILINE,
)
_NORM_TITLE = re.compile(
    r"(?P<name>.{2,130}?(?:法|法典|条例|规定|办法|规则|细则|解释|决定|批复|意见|纪要|通则|修正案.{0,5}|规程|准则|规范"
    r"|答复|解答|安排|通知|命令|决议))(?:（.{1,24}）)*"
)
_NO_TITLE = re.compile(
    r"(?:令|公报|公告|文件|目录|号)$|^第.{1,10}[条章节编]|^（|^\d{4}年|^(?:发布|颁布|制定|公布)(?:部门|机关|单位|日期)|^目次"
)
_ISSUED = re.compile(r"通过|公布|发布|施行|修订|修正|印发|批准|现予")
_MADE = re.compile(r"制定本(?:法|条例|规定|办法|规则|细则|规范|程序|准则|解释)|自.{4,20}起(?:施行|实施|生效)")
_OWN_RULES = re.compile(r"本公司|我公司|我司|本校|我校|本厂|我厂|我院|本集团")
_PUBLIC = re.compile(r"(?:条例|(?<!办)法)(?:（.{1,24}）)*$")  # no company may call its rules so
_MAKER = re.compile(r"最高人民法院|最高人民检察院|国务院关于|全国人民代表大会")
_RULED = re.compile(
    r"(?:批复|答复|函复|规定|解释|决定|通知|安排|办法|意见|命令)如下|此复|如下(?:规定|解释|办法|安排)"
)
_COUNCIL = re.compile(r"国务院令|国务院(?:第.{1,10}次常务会议|公布|发布|批准|批转|颁布|修订)|经国务院批准")
_CONGRESS = re.compile(r"全国人民代表大会|全国人大(?:常委会)?|中华人民共和国主席令")
_COURTS = re.compile(
    r"最高人民法院|最高人民检察院|法释〔|高检发释字|审理.{2,40}案件.{0,20}解释|办理.{2,60}案件.{0,20}解释"
)
_LOCAL_NAME = re.compile(
    r"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    r"|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆"
    r"|(?!城市|中国人民)[一-龥]{2,12}?(?:省|(?<!城)市|自治区|自治州|自治县|经济特区|新区))(?!场)"
)
_LOCAL = re.compile(r"(?<!全国)人民代表大会|(?:省|市|区)人大")
_LOCAL_GOVERNMENT = re.compile(r"(?:省|市|区|州|县|^|，|[ ）日])人民政府")
_MINISTRY = re.compile(
    r"(?:部|总局|委员会|银行|局|署|总署|海关)(?:、.{2,20})?(?:令|第\d+号|\d{4}年第\d+号|部务|局务|委务|总局令|行务|署务|第.{1,6}次(?:部务|局务|委务|行务|署务|总局)|[^，。]{0,12}(?:发布|公布|通过))"
)


@dataclass(frozen=True)
class Norm:
    """A norm's title and its rank (法律, 行政法规 …, 未识别 where nothing tells)."""

    title: str
    rank: str


def norm(text: str) -> Norm | None:
    """Read a text as a norm; None where it is none: no title of one, or nothing that enacts or issues it."""
    lines = head_lines(text)
    if (title := _norm_title(lines)) is None:
        return None
    articles = len(_ARTICLE.findall(text, 0, _BODY))
    head = _head_of(text)
    rank = _rank(title.text, head)
    if rank == UNKNOWN_RANK and _MINISTRY.search(plain(text[-300:])):  # the order stands under the text
        rank = "部门规章"
    own = (
        bool(_OWN_RULES.search(text[:_BODY]))
        and not _PUBLIC.search(title.text)
        and not _national(title.text, head)
    )
    if own and not _ISSUED.search(head):
        return None  # a company's or school's own rules
    body = plain(text[:_BODY] + text[-1500:])
    if articles >= 2 and (_ISSUED.search(head) or (_MADE.search(body) and not own)):
        return Norm(title.text, rank)
    if _MAKER.match(title.text) and (articles >= 2 or _RULED.search(body)):
        return Norm(title.text, rank)
    if (
        _ISSUED.search(head)
        and rank in ("法律", "司法解释", "行政法规", "地方性法规")
        and _national(title.text, head)
    ):
        return Norm(title.text, rank)
    return None


def _norm_title(lines: list[str]) -> Title | None:
    """The first line, or lines that follow each other, that reads as the title of a norm."""
    for title in titles(lines[: _TOP + 2]):
        pieces = lines[title.line : title.line + title.lines]
        if title.line < _TOP and _NORM_TITLE.fullmatch(title.text) and not any(map(_NO_TITLE.search, pieces)):
            return title
        if re.match(r"第[一1](?:条|章|编)", title.text):
            return None
    return None


def _head_of(text: str) -> str:
    """What stands before the first article or item, plain; names of other norms that it mentions are out."""
    head = re.split(r"第一条|\n[ 　]*一、", text[:1500], maxsplit=1)[0]
    return plain(re.sub(r"〈[^〉]*〉|《关于[^》]*》|《[^》]{0,30}(?:修改|废止)[^》]*》", "", head))


def _national(title: str, head: str) -> bool:
    """Whether a norm without articles names its maker in the title or in the line that issued it."""
    maker = r"(?:最高人民法院|最高人民检察院|国务院|全国人民代表大会|中华人民共和国)"
    issued = re.search(maker + r"[^。]{0,60}(?:通过|公布|发布|批准|印发)", head[:400])
    return bool(re.match(maker, title) or issued)


def _rank(title: str, head: str) -> str:
    """The rank of a norm; 条例 of no place are the State Council's (行政法规制定程序条例 5: ministries may not use it).

    A rule of a place that is called 条例 is its congress's (规章制定程序条例 7: governments may not use it).
    """
    passed = _LOCAL.search(head) and not _CONGRESS.search(title + head) and not _COUNCIL.search(title + head)
    local = bool(_LOCAL_NAME.match(title) or passed)
    if title.startswith(("国务院", "全国人民代表大会", "全国人大")):
        return "行政法规" if title.startswith("国务院") else "法律"
    if (
        re.match(r"人民(?:检察院|法院)(?!.*法$)", title)
        or _COURTS.search(title)
        or (_COURTS.search(head) and not title.endswith("法") and not local)
    ):
        return "司法解释"
    if local:
        government = _LOCAL_GOVERNMENT.search(head) and not _LOCAL.search(head)
        return "地方政府规章" if government and not title.endswith("条例") else "地方性法规"
    if re.search(r"(?<!办)(?<!方)法(?:典)?(?:（.{1,24}）)*$|修正案", title) or _CONGRESS.search(title + head):
        return "法律"
    if _COUNCIL.search(title + head) or re.search(r"条例(?:（.{1,24}）)*$", title):
        return "行政法规"
    return "部门规章" if _MINISTRY.search(head) or _MINISTRY.search(title) else UNKNOWN_RANK
