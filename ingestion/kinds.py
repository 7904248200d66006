"""What a document is (kind, subtype, title) and which fields it bears, told by its head and structure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from ingestion import fields as read
from ingestion.document import Field, Kind, Reading
from ingestion.judgment import CASE_NUMBER, COURT_PAPER, parts

UNKNOWN = "未识别"
_HEAD_LINES = 14
_HEAD = 1500
_BODY = 20_000


@dataclass(frozen=True)
class Recognition:
    """What was recognised; `subtype` is Chinese (刑事判决书, 检察建议书 …), 未识别 where nothing is sure."""

    kind: Kind
    subtype: str
    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class _Rule:
    """A kind of paper: how its title line reads, and what its body must show (`need` of the `signs`)."""

    kind: Kind
    subtype: str
    title: re.Pattern[str]
    signs: tuple[re.Pattern[str], ...] = ()
    need: int = 1


@dataclass(frozen=True)
class _Verdict:
    kind: Kind
    subtype: str
    title: str


def _rule(kind: Kind, subtype: str, title: str, *signs: str, need: int = 1) -> _Rule:
    return _Rule(kind, subtype, re.compile(title), tuple(re.compile(sign) for sign in signs), need)


# In order: the first rule whose title line and signs are there wins. Titles match whole lines without blanks.
_RULES: tuple[_Rule, ...] = (
    _rule("case", "不起诉决定书", r".{0,40}?(?:附条件)?不起诉决定书", r"被不起诉人|犯罪嫌疑人|不起诉"),
    _rule("case", "起诉书", r".{0,40}?(?<!不)起诉书(?:（副本）)?", r"被告人", r"提起公诉|此致|刑诉", need=2),
    _rule("case", "抗诉书", r".{0,40}?抗诉书", r"抗诉|人民法院"),
    _rule("case", "起诉意见书", r".{0,40}?起诉意见书", r"犯罪嫌疑人"),
    _rule("case", "量刑建议书", r".{0,40}?量刑建议书", r"被告人|量刑"),
    _rule("case", "纠正违法通知书", r".{0,40}?纠正(?:审理)?违法(?:行为)?通知书", r"违法|纠正"),
    _rule("case", "检察意见书", r".{0,40}?检察意见书", r"检察院|行政处罚"),
    _rule("case", "行政处罚决定书", r".{0,40}?行政处罚决定书", r"处罚"),
    _rule(
        "hearing",
        "听证笔录",
        r".{0,40}?听证.{0,8}(?:笔录|记录)(?:（.{1,8}）)?",
        r"听证员|听证人",
        r"主持人|[：:]",
        need=2,
    ),
    _rule("hearing", "听证情况报告", r".{0,50}?听证.{0,10}(?:报告|摘要|总结|综述)", r"听证员|听证"),
    _rule("hearing", "听证通知书", r".{0,40}?听证.{0,6}(?:通知书|公告|方案)", r"听证"),
    _rule(
        "case",
        "笔录",
        r".{0,30}?(?P<name>(?:讯问|询问|调查|谈话|勘验|检查|搜查|辨认|扣押|指认|督促落实|送达|宣告)?笔录)(?:（.{1,8}）)?",
        r"[：:]",
        r"时间|地点|记录人|问[：:]|签名",
        need=2,
    ),
    _rule(
        "suggestion",
        "回复函",
        r".{0,60}?检察建议.{0,30}(?:回复|复函|答复|反馈|整改(?:落实)?情况)(?:的?(?:函|报告|说明))?|.{0,30}(?:回复函|复函|回函)",
        r"检察建议",
        r"整改|采纳|落实|采取|收悉|收到",
        need=2,
    ),
    _rule(
        "suggestion",
        "检察建议书",
        r".{0,40}?检察建议(?:书)?(?:（.{1,12}）)?",
        r"检察院|检.{0,6}建",
        r"建议|回复",
        need=2,
    ),
    _rule(
        "proposal",
        "建议提案答复",
        r"(?:关于)?(?:对|关于|答复).{0,80}?(?:建议|提案).{0,20}(?:答复|复函|答复函|办理情况|回复).{0,8}",
        r"代表|委员|政协|人大|提案",
        r"收悉|答复|办理",
        need=2,
    ),
    _rule(
        "proposal",
        "政协提案",
        r".{0,60}?提案(?:（.{1,12}）)?|(?:关于|建议).{2,60}",
        r"政协|委员会.{0,4}次会议",
        r"提案人|提案者|第一提案|提案号|第.{1,8}号提案|案由[：:\t]",
        need=2,
    ),
    _rule(
        "proposal",
        "代表建议",
        r".{0,60}?(?:代表建议|建议、批评和意见|代表.{0,6}建议)(?:（.{1,12}）)?|(?:关于|建议).{2,60}",
        r"人大|人民代表大会|代表建议",
        r"领衔代表|提建议人|代表姓名|建议人|附议|代表[：:\t]|代表团|代表建议第?.{0,6}号",
        need=2,
    ),
    _rule(
        "case",
        "审查报告",
        r".{0,60}?(?:审查(?:终结)?(?:报告|意见书)|结案报告)",
        r"承办|犯罪嫌疑人|被告人|审查",
        r"认定|处理意见|案件来源|诉讼",
        need=2,
    ),
    _rule(
        "case",
        "调查核实报告",
        r".{0,60}?(?:调查(?:核实|终结|情况)?|走访|核查)(?:情况)?(?:的)?(?:报告|情况说明)",
        r"调查|走访|核实",
        r"检察|线索|存在|查明",
        need=2,
    ),
    _rule("case", "鉴定意见", r".{0,50}?(?:鉴定(?:意见)?书|鉴定意见|检验报告|鉴定报告)", r"鉴定|检验"),
    _rule(
        "case", "受案登记表", r".{0,30}?(?:受案登记表|立案登记表|接受证据(?:材料)?清单|接报案登记表)", r"案"
    ),
    _rule("case", "立案决定书", r".{0,30}?(?:不予)?立案决定书", r"立案"),
    _rule("case", "到案经过", r".{0,30}?(?:到案|抓获|破案|归案)(?:情况|经过)(?:说明)?", r"."),
    _rule("case", "谅解书", r"(?:刑事)?(?:谅解书|和解协议书?|赔偿协议书?)", r"谅解|和解|赔偿"),
)
_LEDGER = re.compile(r"台账|登记|清单|明细|一览|统计|名单|汇总")
_ARTICLE = re.compile(
    r"^[ 　#*]*第[一二三四五六七八九十百千零〇\d]{1,8}条(?:之[一二三四五六七八九十])?(?=[ 　\t*【])",
    re.MULTILINE,
)
_NORM_TITLE = re.compile(
    r"(?P<name>.{2,130}?(?:法|法典|条例|规定|办法|规则|细则|解释|决定|批复|意见|纪要|通则|修正案.{0,5}|规程|准则|规范"
    r"|答复|解答|安排|通知|命令|决议))(?:[（(].{1,24}[)）])*"
)
_ISSUED = re.compile(r"通过|公布|发布|施行|修订|修正|印发|批准")
_MADE = re.compile(r"制定本(?:法|条例|规定|办法|规则|细则|规范|程序|准则|解释)|自.{4,20}起(?:施行|实施|生效)")
_OWN_RULES = re.compile(r"本公司|我公司|我司|本校|我校|本厂|我厂|我院|本集团")
_COUNCIL = re.compile(r"国务院(?:令|第.{1,10}次常务会议|公布|发布|批准|批转|颁布|修订)|经国务院批准")
_CONGRESS = re.compile(r"全国人民代表大会|全国人大(?:常委会)?")
_COURTS = re.compile(
    r"最高人民法院|最高人民检察院|法释〔|高检发释字|审理.{2,40}案件.{0,20}解释|办理.{2,60}案件.{0,20}解释"
)
_LOCAL_NAME = re.compile(
    r"^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    r"|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|[一-龥]{2,8}?(?:省|市|自治区|自治州|自治县))(?!场)"
)
_LOCAL = re.compile(r"(?<!全国)人民代表大会|(?:省|市|区)人大")
_LOCAL_GOVERNMENT = re.compile(r"(?:省|市|自治区)人民政府")
_MINISTRY = re.compile(
    r"(?:部|总局|委员会|银行|局|署|总署|海关)(?:令|第\d+号|\d{4}年第\d+号|部务|局务|委务|[^，。]{0,12}(?:发布|公布|通过))"
)


def recognise(reading: Reading, name: str) -> Recognition:
    """Tell kind, subtype, title and fields of a reading; `name` is the file's name and only serves as title.

    The head of the text (title line, number, office) and the structure behind it decide. Where they do
    not agree the document stays `other` / 未识别.
    """
    text = reading.text
    found = _court_paper(text) or _norm(text) or _table(text) or _titled(text)
    if found is None:
        return Recognition("other", UNKNOWN, _fallback_title(reading, name), tuple(_plain_fields(text)))
    return Recognition(found.kind, found.subtype, found.title or PurePath(name).stem, _fields(text, found))


def _fields(text: str, found: _Verdict) -> tuple[Field, ...]:
    if found.kind == "regulation" or found.subtype in ("表格", "台账"):
        return tuple(read.document_number(text))
    if COURT_PAPER.search(text, 0, 800) and found.subtype.endswith(("判决书", "裁定书", "调解书", "决定书")):
        return tuple(read.judgment_fields(text, parts(text)))
    if found.kind == "suggestion":
        reply = found.subtype == "回复函"
        return tuple(
            read.letter_fields(text, "主送单位" if reply else "被建议单位", "发文单位" if reply else "检察院")
        )
    if found.kind == "proposal":
        return tuple(read.letter_fields(text, "主送单位", "发文单位"))
    return tuple(read.case_fields(text, parts(text)))


def _plain_fields(text: str) -> Iterable[Field]:
    yield from read.document_number(text)
    yield from read.document_date(text)
    yield from read.persons(text)
    yield from read.units_and_sums(text)


def _court_paper(text: str) -> _Verdict | None:
    """A judgment, ruling or mediation: court, name of the paper and case number stand together in the head."""
    paper = COURT_PAPER.search(text, 0, 800)
    if paper is None:
        return None
    number = CASE_NUMBER.search(text, paper.end(), paper.end() + 60)
    if number is None or text[paper.end() : number.start()].strip(" 　\t\n#*"):
        return None
    subtype = re.sub(r"\s", "", paper["paper"])
    before = text[: paper.start()].split()
    described = before[0] if before and before[0].endswith("书") and len(before[0]) <= 80 else ""
    numbered = re.sub(r"\s", "", number.group())
    return _Verdict("case", subtype, described or f"{paper['court']}{subtype}{numbered}")


def _titled(text: str) -> _Verdict | None:
    """The first rule whose title is a line of the head and whose signs the body shows."""
    lines = _head_lines(text)
    body = text[:_BODY] + text[-2000:]
    for rule in _RULES:
        line = next(
            ((at, match) for at, line in enumerate(lines) if (match := rule.title.fullmatch(line))), None
        )
        if line is None or sum(bool(sign.search(body)) for sign in rule.signs) < min(
            rule.need, len(rule.signs)
        ):
            continue
        at, match = line
        return _Verdict(rule.kind, match.groupdict().get("name") or rule.subtype, _title(lines, at))
    return None


def _title(lines: list[str], at: int) -> str:
    """The title line, with the office before it where the two stand in separate lines."""
    title = lines[at]
    if (
        at
        and lines[at - 1].endswith(("检察院", "公安局", "委员会", "人民政府"))
        and not title.startswith(lines[at - 1])
    ):
        return lines[at - 1] + title
    if at and lines[at - 1].startswith("关于") and not title.startswith("关于"):
        return lines[at - 1] + title  # a title broken over two lines
    return title


def _head_lines(text: str) -> list[str]:
    """The first lines without blanks, Markdown marks and 《》; of a text in one line the runs between blanks."""
    head = text[:_HEAD]
    lines = head.split("\n") if "\n" in head.strip() else re.split(r"[ 　\t]+", head)
    cleaned = (re.sub(r"[\s　#*《》]", "", line) for line in lines)
    return [line for line in cleaned if line and len(line) <= 140][:_HEAD_LINES]


def _table(text: str) -> _Verdict | None:
    """A text most of whose lines are rows of cells."""
    lines = [line for line in text[: _BODY * 2].split("\n") if line.strip()]
    rows = [line for line in lines if line.count("\t") >= 2 or line.count("|") >= 3]
    if len(rows) < 3 or len(rows) < 0.7 * len(lines):
        return None
    title = next((line.strip() for line in lines[:3] if "\t" not in line and "|" not in line), "")
    ledger = _LEDGER.search(title) or "序号" in rows[0]
    return _Verdict("other", "台账" if ledger else "表格", title)


def _norm(text: str) -> _Verdict | None:
    """A law or rule: a title that names a norm, and articles that enact or a head that says who issued it."""
    lines = _head_lines(text)
    if not lines or not (title := _NORM_TITLE.fullmatch(lines[0])):
        return None
    articles = len(_ARTICLE.findall(text, 0, _BODY))
    head = re.sub(r"\s", "", text[:_HEAD].split("第一条")[0])
    subtype = _norm_subtype(title["name"], head)
    made = bool(_MADE.search(text[:_BODY]) or _MADE.search(text[-1500:]))
    if _OWN_RULES.search(text[:_BODY]) and not _ISSUED.search(head) and not _national(lines[0], head):
        return None  # a company's or school's own rules
    if articles >= 2 and (made or _ISSUED.search(head)):
        return _Verdict("regulation", subtype, lines[0])
    if (
        subtype in ("法律", "司法解释", "行政法规", "地方性法规")
        and _ISSUED.search(head)
        and _national(lines[0], head)
    ):
        return _Verdict("regulation", subtype, lines[0])
    return None


def _national(title: str, head: str) -> bool:
    """Whether a norm without articles names its maker in the title or in the line that issued it."""
    maker = r"(?:最高人民法院|最高人民检察院|国务院|全国人民代表大会|中华人民共和国)"
    return bool(re.match(maker, title)) or bool(
        re.search(maker + r"[^。]{0,60}(?:通过|公布|发布|批准|印发)", head[:400])
    )


def _norm_subtype(title: str, head: str) -> str:
    """The rank of a norm; 条例 of no place are the State Council's (行政法规制定程序条例 5: ministries may not use it)."""
    local = bool(_LOCAL_NAME.match(title))
    if _COURTS.search(title) or (_COURTS.search(head) and not title.endswith("法") and not local):
        return "司法解释"
    if local:
        return "地方政府规章" if _LOCAL_GOVERNMENT.search(head) and not _LOCAL.search(head) else "地方性法规"
    if re.search(r"(?<!办)法(?:典)?$|修正案", title) or _CONGRESS.search(title + head):
        return "法律"
    if _COUNCIL.search(title + head) or title.startswith("国务院") or title.endswith("条例"):
        return "行政法规"
    return "部门规章" if _MINISTRY.search(head) else UNKNOWN


def _fallback_title(reading: Reading, name: str) -> str:
    heading = next((block for block in reading.blocks if block.level == 1), None)
    title = reading.text[heading.start : heading.end].strip() if heading else ""
    return title if 2 <= len(title) <= 80 else PurePath(name).stem
