"""Reading the fields of a document (案号, 文号, court, addressee, date, persons, charges, sums), each with its span.

A value is the text of its span; only white space inside a name or number (a title broken over two lines, blanks
that a scan left) is taken out of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingestion.dates import DATE, as_date
from ingestion.document import Field
from ingestion.head import squeezed
from ingestion.judgment import CASE_NUMBER, Part, court_head, foot_date, part_of
from ingestion.norm_fields import cited_articles
from ingestion.persons import mentions, name_at

_NUMBER = r"[〔\[［﹝(（【][ ]?(?:19|20)\d{2}[ ]?[〕\]］﹞)）】][ ]?第?[ ]?\d{1,6}[ ]?号"
DOCUMENT_NUMBER = re.compile(
    rf"(?:^|[\s　：:])(?P<value>[一-龥]{{1,16}}(?:[（(][一-龥]{{1,2}}[）)][一-龥]{{1,4}})?{_NUMBER})(?=\s|$)"
)
_SUGGESTION_NUMBER = re.compile(
    rf"(?P<value>(?:(?![以的由据于到第对])[一-龥]){{1,8}}检[一-龥]{{0,6}}建{_NUMBER})"
)
_OFFICE = r"(?:(?!法院|审理|机关|指控|起诉|[书号的由经被向和与及])[一-龥×X])"
PROCURATORATE = re.compile(rf"最高人民检察院|(?<!审)(?<!诉机){_OFFICE}{{2,20}}(?:人民|军事|铁路运输)检察院")
_PLACE_ABOVE = re.compile(r"[一-龥]{1,8}[省市州县盟](?:[一-龥]{1,3}[省市州县区])?[一-龥]{0,2}")
_LEAD_WORDS = re.compile(
    r"^(?:我们是|系|是|移送|报送|原?公诉机关|抗诉机关|提请|由|经|被|向|至|在|到|和|与|及|本|该|对)(?=[一-龥]{3,})"
)
_ADDRESSEE = re.compile(r"^[ 　]*(?P<value>[^：:，。；、\n]{3,40}?)[ 　]*[：:][ 　]*$", re.MULTILINE)
_GREETING = re.compile(
    r"如下|以下|附件?|抄送|时间|地点|单位|名称|代表|委员|同志|案由|内容|电话|问$|答$|建议$|分析$|情况$|问题$|措施$|请求$|理由$"
)
_ORGAN = re.compile(
    r"(?:局|厅|委|委员会|部|政府|街道|办事处|公司|集团|学校|大学|中学|小学|幼儿园|医院|中心|协会|联合会|银行|行|院|所|厂|店|社|会|队|站|馆|乡|镇|村|处|办|署|室)$"
)
_CRIME = (
    r"(?P<value>(?![的、])(?:(?!指控|被告|上诉|事实|行为|犯(?!\s?罪[所分活]))[一-龥“”、]\n?){1,60}?罪)"
    r"(?=[，,、；;。：:（(的和及与并一判免且事又\s”]|$)"
)
_CHARGE = re.compile(rf"(?<![罪主从累惯初再])犯(?!\s?罪[嫌行人分活])[有了]?{_CRIME}")
_CHARGE_ALSO = re.compile(rf"[、和及与]{_CRIME}")
_COMMITTED = re.compile(rf"(?:构成|涉嫌犯?)了?{_CRIME}")
_CAUSE = re.compile(
    r"(?:因|与|，|诉|及)(?P<before>[^，。；\n]{0,60}?)(?P<value>[一-龥、]{2,24}?(?:纠纷|争议|诉讼))(?=一案|[一二再]审|民事)"
)
_CAUSE_START = re.compile(
    r".*(?:公司|中心|厂|店|商行|事务所|医院|学校|委员会|银行|局|等[一二三四五六七八九十\d]*人?|某[甲乙丙丁某\d]?|[、与诉])"
)
_CAUSE_LINE = re.compile(
    r"^[ 　]*(?:案[ 　]*由|涉嫌罪名)[ 　]*[：:\t][ 　]*(?P<value>[^\n\t，。；]{2,30})", re.MULTILINE
)
_WHEN_LINE = re.compile(r"^[ 　]*[^：:\n]{0,6}(?:时间|日期)[ 　]*[：:\t]?[ 　]*", re.MULTILINE)
_TO_COURT = re.compile(r"此\s?致[：:]?\s{0,6}(?P<value>[一-龥]{2,24}(?:人民法院|人民检察院|法院))")
_ANSWERED = re.compile(
    r"(?:^|\n|的?(?:答复|复函|答复函|回复)\s)[ 　]*(?P<value>[一-龥·、]{2,30}(?:等)?(?:代表|委员))(?:（[^）]{1,12}）)?[：:](?=[^：:]{0,200}收悉|[^：:]{0,200}(?:现|函)[^。]{0,20}(?:答复|函复|复函))"
)
_PROPOSERS = re.compile(
    r"(?P<role>领衔代表|提建议人|代表姓名|建议人|附议代表|附议人?|第一提案人|联名委员|联名人|提案人|提案者|提案单位)[ 　]*[：:\t 　][ 　]*"
    r"(?P<names>[一-龥·]{2,20}(?:、[一-龥·]{2,20}){0,20})"
)
_NUMERALS = "一二三四五六七八九十百千万亿零〇两"
_MONEY = re.compile(
    r"(?:(?:人民币|现金|[￥¥])[ ]?)?(?<!\d)(?<!\d[,，.．])\d{1,15}(?:[,，]\d{3}){0,5}(?:[.．]\d{1,6})?[ ]?[余多]?[十百千]?[万亿]?[余多]?元"
    rf"|(?<![{_NUMERALS}])[一二三四五六七八九十][{_NUMERALS}]{{0,20}}[余多]?元"
)
_COMPANY_END = re.compile(
    r"有限责任公司|股份有限公司|有限公司|合作社|会计师事务所|酒店|宾馆|旅馆|民宿|KTV|网吧|酒吧|会所|幼儿园|小学|中学|医院|诊所|超市|商行|经营部"
)
_COMPANY_NAME = re.compile(r"[一-龥A-Za-z0-9（）()·]{0,30}$")
_COMPANY_LEAD = re.compile(
    r".*(?:[（(][一二三四五六七八九十][）)]|其中|(?:被|原)告(?:人|单位)?|上诉人|申请人|第三人|被告单位|被害单位|涉案单位|名为|[经开运]营的?|[成设]立的?|注册的?|[任就]职于|位于|担任|伙同|前往|带至|入住|进入|来到|留宿"
    r"|开设的?|负责人|以及|或者|证明|要求|通过|检查|抽查|修订|提高|区分|请问|列入|召集|建议|避免|增加|简称|能否|位|家|个|间"
    r"|[在系由向与是到于对从给的将被以为至原某所和及就该各称请把让、])"
)
_PLACE_ONLY = re.compile(
    r"^(?:[一-龥]{0,12}[省市县区镇乡])?(?:部分|全部|其他|有关|相关|小|大|多|这|那|全|我们|你们|他们|电竞|主题|快捷|商务|星级|连锁|涉案|附近"
    r"|违规|普通|辖区|当地|上述|某|本地|内|外)*$"
)
_MAX_PERSONS = 400
_CLAUSE = re.compile(r"[^；。]+")
_SET_ASIDE = re.compile(r"[\s　]*(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]?)?[\s　]*撤\s?销")
_Place = tuple[int, int, re.Pattern[str]]


def judgment_fields(text: str, found: tuple[Part, ...]) -> Iterator[Field]:
    """案号, 法院, 检察院, 日期, 罪名 or 案由 of a court paper, then what every case paper has."""
    if head := court_head(text):
        yield Field("案号", _bare(text, head.number), *head.number)
        yield Field("法院", _bare(text, head.court), *head.court)
    else:
        yield from _first("案号", CASE_NUMBER.search(text, 0, 800))
    yield from procuratorate(text)
    if day := foot_date(text, found):
        yield Field("日期", text[day[0] : day[1]], *day)
    yield from charges(text, found)
    yield from common(text)


def case_fields(text: str, found: tuple[Part, ...]) -> Iterator[Field]:
    """The fields of any other paper of a case: indictment, report, record."""
    yield from _first("案号", CASE_NUMBER.search(text, 0, 800))
    yield from document_number(text)
    yield from procuratorate(text)
    yield from _first("主送单位", _TO_COURT.search(text, max(0, len(text) - 1500)))
    yield from document_date(text)
    yield from charges(text, found)
    yield from common(text)


def common(text: str) -> Iterator[Field]:
    """What any paper may name: persons by role, units, sums, cited articles."""
    yield from persons(text)
    yield from units_and_sums(text)
    yield from cited_articles(text)


def proposal_fields(text: str) -> Iterator[Field]:
    """A proposal or the answer to one: who proposes (提案人, 领衔代表 …) or is answered (答复对象), and a letter's fields."""
    proposers = tuple(_proposers(text))
    yield from proposers
    yield from _first("答复对象", _ANSWERED.search(text, 0, 1200))
    named = {(one.name, one.value) for one in proposers}
    yield from (
        one for one in letter_fields(text, "主送单位", "发文单位") if (one.name, one.value) not in named
    )


def _proposers(text: str) -> Iterator[Field]:
    for line in _PROPOSERS.finditer(text, 0, 3000):
        at = line.start("names")
        for written in line["names"].split("、"):
            name = written.removesuffix("等")
            yield Field(line["role"], name, at, at + len(name))
            at += len(written) + 1


def letter_fields(text: str, addressee: str, sender: str) -> Iterator[Field]:
    """文号, the addressee under the name given, the sender, date, sums and units of a letter."""
    yield from document_number(text)
    if addressee == "主送单位":
        yield from suggestion_number(text)
    if to := addressee_of(text):
        yield Field(addressee, text[to[0] : to[1]], *to)
    else:
        yield from _first(addressee, _TO_COURT.search(text))
    if sender == "检察院":
        yield from procuratorate(text)
    elif signed := _signer(text) or _letterhead(text):
        yield Field(sender, text[signed[0] : signed[1]], *signed)
    yield from document_date(text)
    yield from common(text)


def suggestion_number(text: str) -> Iterator[Field]:
    """The number of the suggestion that a reply answers."""
    return iter(_first("检察建议文号", _SUGGESTION_NUMBER.search(text, 0, 1500)))


def document_number(text: str) -> Iterator[Field]:
    """The number in the head of a letter or notice: ××检建〔2024〕3号."""
    start = 0
    for line in text[:600].split("\n"):
        bare = squeezed(text, start, start + len(line))
        if match := DOCUMENT_NUMBER.search(text, start, start + len(line)) or DOCUMENT_NUMBER.search(
            bare.text
        ):
            span = match.span("value") if match.string is text else bare.span(*match.span("value"))
            yield Field("文号", _bare(text, span), *span)
            return
        start += len(line) + 1


def procuratorate(text: str) -> Iterator[Field]:
    """The first procuratorate that the head of the paper names."""
    for match in PROCURATORATE.finditer(text, 0, 1500):
        start = _line_above(text, match.start())
        while lead := _LEAD_WORDS.match(text[start : match.end()]):
            start += lead.end()
        if match.end() - start > 5 or text.startswith("最高", start):
            yield Field("检察院", _bare(text, (start, match.end())), start, match.end())
            return


def _line_above(text: str, start: int) -> int:
    """Where a name begins that opens a line but whose place stands in the line above (临江市望⏎湖区人民检察院)."""
    if start == 0 or text[start - 1] != "\n":
        return start
    above = text[text.rfind("\n", 0, start - 1) + 1 : start - 1]
    return start - 1 - len(above) if _PLACE_ABOVE.fullmatch(above) else start


def addressee_of(text: str) -> tuple[int, int] | None:
    """The span of the line that ends in a colon and names a unit, within the head of a letter."""
    for match in _ADDRESSEE.finditer(text, 0, 1200):
        value = match["value"]
        if not _GREETING.search(value) and (_ORGAN.search(value) or re.match("[各贵]", value)):
            return match.span("value")
    return None


def document_date(text: str) -> Iterator[Field]:
    """The date under the signature; of a record the date beside 时间; none is invented from the body."""
    tail = _tail(text)
    lines = [match for match in DATE.finditer(text, tail) if _alone(text, *match.span())]
    if lines:
        yield Field("日期", lines[-1].group(), *lines[-1].span())
        return
    line = _WHEN_LINE.search(text, 0, 1500)
    if line and (match := DATE.match(text, line.end())):
        yield Field("日期", match.group(), *match.span())


def charges(text: str, found: tuple[Part, ...]) -> Iterator[Field]:
    """罪名 as the verdict has them; where there is none, as the charge has them; 案由 of other cases.

    Each charge once, at its first place. 罪名 are read after 犯/构成/涉嫌 up to 罪.
    """
    seen: set[str] = set()
    for places in _charge_places(text, found):
        for start, end, pattern in places:
            for field in _charges_in(text, start, end, pattern):
                if field.value not in seen:
                    seen.add(field.value)
                    yield field
        if seen:
            return
    if line := _CAUSE_LINE.search(text, 0, 2000):
        yield from _first("案由", line)
    elif match := _CAUSE.search(text, 0, 3000):
        start, end = match.span("value")
        if lead := _CAUSE_START.match(text[start:end]):
            start += lead.end()
        start = name_at(text, start) or start
        if end - start > 3:
            yield Field("案由", text[start:end], start, end)


def _charge_places(text: str, found: tuple[Part, ...]) -> Iterator[tuple[_Place, ...]]:
    """Where to look for charges, the surest places first; a verdict's clauses that only set one aside are left out."""
    if verdict := part_of(found, "判决结果"):
        clauses = _CLAUSE.finditer(text, verdict.start, verdict.end)
        yield tuple((*clause.span(), _CHARGE) for clause in clauses if not _SET_ASIDE.match(clause.group()))
    for name in ("审理经过", "指控", "本院认为"):
        for part in found:
            if part.name == name:
                yield ((part.start, part.end, _CHARGE),)
                yield ((part.start, part.end, _COMMITTED),)
    yield ((0, min(len(text), 3000), _CHARGE),)
    yield ((0, len(text), _COMMITTED),)


def _charges_in(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Field]:
    for match in pattern.finditer(text, start, end):
        yield Field("罪名", match["value"].replace("\n", ""), *match.span("value"))
        at = match.end()
        while also := _CHARGE_ALSO.match(text, at, end):
            yield Field("罪名", also["value"], *also.span("value"))
            at = also.end()


def persons(text: str) -> Iterator[Field]:
    """Each person once per role, at the first place; the field bears the role (被告人, 证人 …)."""
    seen: set[tuple[str, str]] = set()
    for mention in sorted(mentions(text), key=lambda mention: mention.start):
        key = (mention.role, mention.name)
        if key in seen or len(mention.name) < 2:
            continue
        seen.add(key)
        yield Field(mention.role, mention.name, mention.start, mention.end)
        if len(seen) >= _MAX_PERSONS:
            return


def units_and_sums(text: str) -> Iterator[Field]:
    """涉案单位 (companies, hotels, schools under a proper name) and 金额, each value once."""
    seen: set[str] = set()
    for start, end in _units(text):
        if text[start:end] not in seen:
            seen.add(text[start:end])
            yield Field("涉案单位", text[start:end], start, end)
    for match in _MONEY.finditer(text):
        if match.group() not in seen:
            seen.add(match.group())
            yield Field("金额", match.group(), *match.span())


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Names of units, read backwards from their last word to the verb or particle that introduces them."""
    done = 0
    for last in _COMPANY_END.finditer(text):
        before = _COMPANY_NAME.search(text[max(done, last.start() - 30) : last.start()])
        name = before.group() if before else ""
        if lead := _COMPANY_LEAD.match(name):
            name = name[lead.end() :]
        value = name + last.group()
        if (
            len(name) >= 2
            and not _PLACE_ONLY.match(name)
            and not text.startswith("生", last.end())
            and _balanced(value)
        ):
            yield last.end() - len(value), last.end()
            done = last.end()


def _balanced(value: str) -> bool:
    return value.count("（") == value.count("）") and value.count("(") == value.count(")")


def _first(name: str, match: re.Match[str] | None) -> Iterable[Field]:
    if match is None:
        return
    group = "value" if "value" in match.re.groupindex else 0
    yield Field(name, match[group], *match.span(group))


def _tail(text: str) -> int:
    """Where the last lines of a text begin: at most its last 600 characters, before an annex if one is marked."""
    return max(0, len(text.rstrip()) - 600)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a date stands by itself on its line, or behind a blank in a text without lines, and is a day."""
    if as_date(text[start:end]) is None:
        return False
    before = text[text.rfind("\n", 0, start) + 1 : start]
    after = text[end:].split("\n", 1)[0][:20]
    return not after.strip(" 　）)") and (
        not before.strip(" 　") or before[-1:] in " 　" or bool(_ORGAN.search(before.strip()))
    )


def _signer(text: str) -> tuple[int, int] | None:
    """The line above the closing date, if it names a unit."""
    for match in reversed(list(DATE.finditer(text, _tail(text)))):
        if not _alone(text, *match.span()):
            continue
        line_end = len(text[: match.start()].rstrip())
        start = text.rfind("\n", 0, line_end) + 1
        value = text[start:line_end].strip(" 　")
        if 4 <= len(value) <= 40 and _ORGAN.search(value) and "。" not in value:
            start = text.index(value, start)
            return start, start + len(value)
    return None


def _letterhead(text: str) -> tuple[int, int] | None:
    """The first line, if it is the name of a unit."""
    line = re.match(r"\s*(?P<value>[一-龥（）]{4,40}?)(?:文件|函件)?[ 　]*(?:\n|$)", text)
    return line.span("value") if line and _ORGAN.search(line["value"]) else None


def _bare(text: str, span: tuple[int, int]) -> str:
    """The value of a span: without the line ends and blanks that a scan or a narrow column put into it."""
    return "".join(text[slice(*span)].split())
