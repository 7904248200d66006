"""What a document is (kind, subtype, title) and which fields it bears, told by its head and structure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from ingestion import fields as read
from ingestion.document import Field, Kind, Reading
from ingestion.head import Title, head_lines, plain, titles
from ingestion.judgment import court_head, parts
from ingestion.norm_fields import norm_fields
from ingestion.norm_kind import norm

UNKNOWN = "未识别"
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
    """A kind of paper: how its title reads, and what its body must show (`need` of the `signs`).

    Without `title` the signs alone tell the paper, and all of them must be there.
    """

    kind: Kind
    subtype: str
    title: re.Pattern[str] | None
    signs: tuple[re.Pattern[str], ...] = ()
    need: int = 1


@dataclass(frozen=True)
class _Verdict:
    kind: Kind
    subtype: str
    title: str


_BRACKETS = r"(?:（.{1,14}）){0,2}"


def _rule(kind: Kind, subtype: str, title: str, *signs: str, need: int = 1) -> _Rule:
    found = tuple(re.compile(sign) for sign in signs)
    return _Rule(kind, subtype, re.compile(f"(?:{title}){_BRACKETS}"), found, need)


def _untitled(kind: Kind, subtype: str, *signs: str) -> _Rule:
    return _Rule(kind, subtype, None, tuple(re.compile(sign, re.DOTALL) for sign in signs), len(signs))


# At the first line of the head that is a title, the first rule whose signs are there wins. Titles match whole.
_RULES: tuple[_Rule, ...] = (
    _rule(
        "case", "不起诉决定书", r".{0,40}?(?:附条件)?不起诉决定书", r"被(?:附条件)?不起诉|犯罪嫌疑人|不起诉"
    ),
    _rule(
        "case",
        "起诉书",
        r".{0,40}?(?<!不)起诉书",
        r"被告",
        r"提起公诉|此致|刑诉|审查查明|本院认为|诉讼请求|公益诉讼",
        need=2,
    ),
    _rule(
        "case",
        "民事判决书",
        r".{0,40}?(?:民事)判决书|判决书",
        r"原告|起诉人",
        r"审理查明|判决如下|本院认为",
        need=2,
    ),
    _rule(
        "case",
        "刑事判决书",
        r".{0,40}?(?:刑事)判决书|判决书",
        r"被告(?:人|单位)",
        r"审理查明|判决如下|本院认为|原判",
        need=2,
    ),
    _rule(
        "case", "刑事裁定书", r".{0,40}?刑事裁定书", r"被告人|罪犯|上诉人", r"裁定如下|原判|本院认为", need=2
    ),
    _rule("case", "民事裁定书", r".{0,40}?民事裁定书", r"原告|申请人|上诉人", r"裁定如下|本院认为", need=2),
    _rule("case", "抗诉书", r".{0,40}?抗诉书", r"抗诉|人民法院"),
    _rule("case", "起诉意见书", r".{0,40}?起诉意见书", r"犯罪嫌疑人"),
    _rule("case", "量刑建议书", r".{0,40}?量刑建议书", r"被告人|量刑"),
    _rule("case", "纠正违法通知书", r".{0,40}?纠正(?:审理)?违法(?:行为)?通知书", r"违法|纠正"),
    _rule("case", "检察意见书", r".{0,40}?检察意见书", r"检察院|行政处罚"),
    _rule("case", "行政处罚决定书", r".{0,40}?行政处罚决定书", r"处罚"),
    _rule(
        "hearing",
        "听证笔录",
        r".{0,40}?听证.{0,8}(?:笔录|记录)",
        r"听证员|听证人|听证(?:时间|地点)",
        r"主持人|主持|[：:]",
        need=2,
    ),
    _rule("hearing", "听证情况报告", r".{0,50}?听证.{0,10}(?:报告|摘要|总结|综述)", r"听证员|听证"),
    _rule("hearing", "听证通知书", r".{0,40}?听证会?(?:的)?(?:通知书|公告|方案)", r"听证"),
    _rule("case", "笔录", r".{0,30}?笔录", r"[：:]|问|答", r"时间|地点|记录|问|签名", need=2),
    _rule(
        "suggestion",
        "回复函",
        r".{0,60}?检察建议.{0,30}(?:回复|复函|答复|反馈|整改(?:落实)?情况)(?:的?(?:函|报告|说明))?"
        r"|.{0,60}?检察建议书?》?(?:的)?(?:落实|整改|采纳).{0,10}(?:反馈|报告|说明|函)|.{0,30}(?:回复函|复函|回函)",
        r"检察建议|《?建议书",
        r"整改|采纳|落实|采取|收悉|收到",
        r"检察院",
        need=3,
    ),
    _rule(
        "suggestion",
        "检察建议书",
        r".{0,40}?检察建议(?:书)?",
        r"检察院|检.{0,6}建",
        r"建议|回复",
        need=2,
    ),
    _rule(
        "proposal",
        "建议提案答复",
        r"(?:.{0,12}(?:局|厅|委|委员会|政府|检察院))?(?:关于)?(?:对|关于|答复).{0,80}?(?:建议|提案).{0,20}(?:答复|复函|答复函|办理情况|回复).{0,8}",
        r"代表|委员|政协|人大|提案",
        r"收悉|答复|办理|函复",
        need=2,
    ),
    _rule(
        "proposal",
        "政协提案",
        r".{0,60}?提案|.{0,40}提案[表纸]|政协.{0,40}提案",
        r"政协|委员会.{0,4}次会议|提案委",
        r"提案人|提案者|第一提案|提案单位|提案号|第.{1,8}号提案|提案第.{1,8}号|案由[：:\t]|委员|界别",
        need=2,
    ),
    _rule(
        "proposal",
        "代表建议",
        r".{0,60}?(?:代表建议|建议、?批评(?:和|、)?意见|代表.{0,6}建议).{0,2}",
        r"人大|人民代表大会|代表建议|代表",
        r"领衔代表|提建议人|代表姓名|建议人|附议|代表[：:\t]|代表团|代表建议第?.{0,6}号",
        need=2,
    ),
    _rule(
        "case",
        "审查报告",
        r".{0,60}(?:案件?|起诉|逮捕|申诉|监督).{0,10}审查(?:终结)?报告(?:节[选录])?",
        r"承办|嫌疑人|被告人|申请人|申诉人",
    ),
    _rule(
        "case",
        "审查报告",
        r".{0,60}?(?:审查(?:终结)?(?:报告|意见书)(?:节[选录])?|审查逮捕意见书|结案报告)",
        r"承办|犯罪嫌疑人|被告人|审查|申请人",
        r"认定|处理意见|案件来源|诉讼|证据|查明|移送",
        need=2,
    ),
    _rule(
        "case",
        "调查核实报告",
        r".{0,80}?(?:调查(?:核实|终结)|走访核[实查]|核查核实)(?:情况)?(?:的)?(?:报告|情况说明)",
        r"调查|走访|核",
    ),
    _rule(
        "case",
        "调查核实报告",
        r".{0,80}?(?:调查(?:情况)?|走访(?:调查)?|核查|核实|查证)(?:情况)?(?:的)?(?:报告|情况说明)",
        r"调查|走访|核实",
        r"检察|线索|查明|案件",
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
# Titles that many papers bear; whose paper it is, the body must say.
_LOOSE: tuple[_Rule, ...] = (
    _rule(
        "proposal",
        "政协提案",
        r"(?:关于|建议|推[动进]|加强).{2,60}",
        r"政协|委员会.{0,4}次会议|界别",
        r"提案人|提案者|第一提案|提案单位|提案号|第.{1,8}号提案|提案编号|案由[：:\t]",
        need=2,
    ),
    _rule(
        "proposal",
        "代表建议",
        r"(?:关于|建议|推[动进]|加强).{2,60}",
        r"人大|人民代表大会|代表建议|代表团",
        r"领衔代表|提建议人|代表姓名|建议人|附议|代表[：:\t]|代表团|代表建议第?.{0,6}号",
        need=2,
    ),
)
_ASKED = r"(?:问.{2,80}?答.{1,200}?){2}"
# A paper whose heading is lost shows by formulas that only its kind has.
_UNTITLED: tuple[_Rule, ...] = (
    _untitled("case", "起诉意见书", r"犯罪嫌疑人", r"移送(?:你|贵)?院?审查(?:起诉)?", r"此致.{2,24}检察院"),
    _untitled("case", "不起诉决定书", r"被(?:附条件)?不起诉(?:人|单位)", r"决定对.{1,40}?不起诉"),
    _untitled(
        "case", "起诉书", r"被告(?:人|单位)", r"(?<!请求)提起公诉|提起附带民事公益诉讼", r"此致.{2,24}法院"
    ),
    _untitled(
        "case",
        "审查报告",
        r"犯罪嫌疑人",
        r"承办人|承办检察官|检察官",
        r"审查认定|经审查|审查过程|侦查机关认定",
        r"处理意见|承办人意见|意见及理由|[妥当]否|请(?:审批|批示|检察长决定)",
        r"^(?!.*此致)",
    ),
    _untitled(
        "hearing",
        "听证笔录",
        r"听证员",
        r"主持人",
        r"(?:主持人|听证员[^，。：]{0,6})[：】].*?(?:听证员[^，。：]{0,6})[：】]",
    ),
    _untitled(
        "case", "讯问笔录", rf"{_ASKED}|(?:检：.*?){{2}}", r"犯罪嫌疑人|被告人|讯问", r"讯问|认罪|供述|笔录"
    ),
    _untitled("case", "询问笔录", _ASKED, r"询问|被害人|证人", r"^(?!.*讯问人)"),
    _untitled("suggestion", "回复函", r"检察院：", r"检察建议", r"收悉|收到|签收", r"整改|采纳|落实"),
    _untitled(
        "suggestion",
        "检察建议书",
        r"检.{0,6}建〔(?:19|20)\d{2}〕",
        r"建议你|特建议|提出.{0,6}建议|检察建议",
        r"回复|告知本院|函告本院",
        r"本院",
        r"^(?!.*收悉)",
    ),
    _untitled(
        "proposal", "建议提案答复", r"(?:代表|委员)：", r"建议|提案", r"收悉", r"答复如下|函复如下|答复"
    ),
    _untitled("proposal", "政协提案", r"提案(?:人|者|单位)：|第一提案人", r"政协|委员", r"建议"),
    _untitled("proposal", "代表建议", r"(?:领衔代表|提建议人|附议代表|代表姓名)", r"建议"),
)
_RECORDS = (
    ("讯问", "讯问"), ("提讯", "讯问"), ("询问", "询问"), ("勘验", "勘验"), ("检查", "检查"), ("搜查", "搜查"),
    ("辨认", "辨认"), ("扣押", "扣押"), ("指认", "指认"), ("督促落实", "督促落实"), ("送达", "送达"), ("宣告", "宣告"),
    ("谈话", "谈话"), ("调查", "调查"),
)  # fmt: skip
_ENDED = re.compile(r"(?:书|笔录|记录|报告|建议|提案|函|答复|说明|意见|表|情况|反馈)(?:（.{1,14}）)*$")
_EXCERPT = "（节"  # 起诉书（节录）, （节选）
_LEDGER = re.compile(r"台账|登记|清单|明细|一览|统计|名单|汇总")


def recognise(reading: Reading, name: str) -> Recognition:
    """Tell kind, subtype, title and fields of a reading; `name` is the file's name and only serves as title.

    The head of the text (title line, number, office) and the structure behind it decide; where the title is
    lost, formulas that no other kind has. Where they do not agree the document stays `other` / 未识别.
    """
    text = reading.text
    found = _court_paper(text) or _norm(text) or _table(text) or _titled(text)
    if found is None:
        return Recognition("other", UNKNOWN, _fallback_title(reading, name), tuple(_plain_fields(text)))
    return Recognition(found.kind, found.subtype, found.title or PurePath(name).stem, _fields(text, found))


def _fields(text: str, found: _Verdict) -> tuple[Field, ...]:
    if found.kind == "regulation":
        return tuple(norm_fields(text))
    if found.subtype in ("表格", "台账"):
        return tuple(read.document_number(text))
    if court_head(text):
        return tuple(read.judgment_fields(text, parts(text)))
    if found.kind == "suggestion":
        reply = found.subtype == "回复函"
        return tuple(
            read.letter_fields(text, "主送单位" if reply else "被建议单位", "发文单位" if reply else "检察院")
        )
    if found.kind == "proposal":
        return tuple(read.proposal_fields(text))
    return tuple(read.case_fields(text, parts(text)))


def _plain_fields(text: str) -> Iterable[Field]:
    yield from read.document_number(text)
    yield from read.document_date(text)
    yield from read.common(text)


def _court_paper(text: str) -> _Verdict | None:
    """A judgment, ruling or mediation: court, name of the paper and case number stand together in the head."""
    head = court_head(text)
    if head is None:
        return None
    written = (plain(text[slice(*span)]) for span in (head.court, head.number))
    described = [
        line for line in head_lines(text[: head.court[0]]) if line.endswith("书") and len(line) <= 80
    ]
    return _Verdict("case", head.paper, described[0] if described else head.paper.join(written))


def _norm(text: str) -> _Verdict | None:
    found = norm(text)
    return _Verdict("regulation", found.rank, found.title) if found else None


def _titled(text: str) -> _Verdict | None:
    """The rule of the first title of the head whose signs the body shows; without a title, by its formulas."""
    lines = head_lines(text)
    body = plain(text[:_BODY] + "\n" + text[-2000:])
    raw = text[:_BODY]
    for rules in (_RULES, _LOOSE):
        for title in titles(lines):
            for rule in rules:
                if (
                    rule.title
                    and rule.title.fullmatch(title.text)
                    and _shows(rule, body, raw, _EXCERPT in title.text)
                ):
                    return _Verdict(rule.kind, _subtype(rule, title.text, body), _title(lines, title, rule))
    for rule in _UNTITLED:
        if _shows(rule, body[:6000], raw):
            return _Verdict(rule.kind, rule.subtype, "")
    return None


def _shows(rule: _Rule, body: str, raw: str, excerpt: bool = False) -> bool:
    """Whether enough of the signs are in the body, plain or as it stands (with tabs); of an excerpt the first will do."""
    found = [bool(sign.search(body) or sign.search(raw)) for sign in rule.signs]
    return found[0] if excerpt else sum(found) >= min(rule.need, len(found))


def _subtype(rule: _Rule, title: str, body: str) -> str:
    """The rule's subtype; of a record its own name, and where the title does not say, by whom it questions."""
    if rule.subtype != "笔录":
        return rule.subtype
    named = next((name for word, name in _RECORDS if word in title), None)
    if named is None and re.search(_ASKED, body, re.DOTALL):
        named = (
            "讯问"
            if re.search(r"讯问|犯罪嫌疑人|被告人", body[:400])
            else "询问"
            if "询问" in body[:400]
            else None
        )
    return f"{named or ''}笔录"


def _title(lines: list[str], title: Title, rule: _Rule) -> str:
    """The title, no longer than the rule needs; with the office before it where the two stand in separate lines."""
    pieces = lines[title.line : title.line + title.lines]
    whole = re.compile(rule.title.pattern) if rule.title else re.compile("")
    while len(pieces) > 1 and whole.fullmatch("".join(pieces[:-1])) and _ENDED.search(pieces[-2]):
        pieces.pop()
    while len(pieces) > 1 and re.match("关于|对", pieces[1]) and whole.fullmatch("".join(pieces[1:])):
        pieces.pop(0)
    before = lines[title.line - 1] if title.line and len(pieces) == title.lines else ""
    text = "".join(pieces)
    if before.endswith(("检察院", "公安局", "委员会", "人民政府")) and not text.startswith(before):
        return before + text
    return text


def _table(text: str) -> _Verdict | None:
    """A text most of whose lines are rows of cells."""
    lines = [line for line in text[: _BODY * 2].split("\n") if line.strip()]
    rows = [line for line in lines if line.count("\t") >= 2 or line.count("|") >= 3]
    if len(rows) < 3 or len(rows) < 0.7 * len(lines):
        return None
    title = next((line.strip() for line in lines[:3] if "\t" not in line and "|" not in line), "")
    ledger = _LEDGER.search(title) or "序号" in rows[0]
    return _Verdict("other", "台账" if ledger else "表格", title)


def _fallback_title(reading: Reading, name: str) -> str:
    heading = next((block for block in reading.blocks if block.level == 1), None)
    title = reading.text[heading.start : heading.end].strip() if heading else ""
    return title if 2 <= len(title) <= 80 else PurePath(name).stem
