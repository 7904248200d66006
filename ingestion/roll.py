"""Every person whom a text names, with and without a role: anchors of `persons` joined with the name model's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingestion.dotted import dotted_names
from ingestion.mask import WORDLIKE, Person, protected_persons
from ingestion.names import Word, words
from ingestion.offices import in_office
from ingestion.persons import (
    COMPOUND,
    ROLE,
    ROLES,
    SURNAMES,
    Mention,
    is_given,
    is_masked,
    mentions,
    name_at,
    name_before,
    opens_word,
)
from ingestion.standing import ROLE_WORD, STRICT_END, VERB_AFTER, standing

# Family names that open common words too often to be read beside a role, but that the name model may find.
_RARE = frozenset(
    "化冶赫铁帖鲜户茆商延帅牟呙亚楼承问闭母木达肉才永光青者仁由但巩续普税同苑丑接粘信纵怡呼敏厚锁苟勾那哈额"
)
_TITLE = re.compile(
    r"(?:同志|先生|女士|小姐|老师|大夫|医生|经理|主任|书记|队长|师傅|大妈|大爷|大叔|大姐|大哥|阿姨|叔叔|老板|总)$"
)
_JUNK = re.compile(
    r"[检公刑民罪某×村镇乡路桥县市区省州院厂店厅局处所队组员人的和及与在是说称、，。；：:（）()“”\"《》〔〕\[\]／/*＊\d]|教授|仔$"
)
_GLUED = "然后前与和及向对被将由从给让叫同跟找在是为因而且但经"
# never the whole of a given name: what a surname alone is followed by (曹往后退, 于二〇一九年)
_NO_GIVEN = frozenset(
    "往用拨一二三四五六七八九十说问答打拿给找叫让到从去来又也还就再都很被把两几至即称〇○跑躺"
)
_AFTER_NAME = frozenset("犯伙系经因准家处及等妻父母与和为对向被将在于到从耶均也还又已曾称说供")
_CASE_NUMBER = re.compile(r"[（(〔\[［]\d{4}[）)〕\]］][^号，。；\n]{1,16}号")
_NICK = re.compile(
    r"[老小阿大][一-龥]|[一-龥](?:某|总|哥|姐|叔|姨|婶|妈|爷|嫂|师傅|家|庄|宅|氏|工|厂|主席|经理|书记|主任|校长|老板|老师|医生|队长|会计)|(?P<one>[一-龥])(?P=one)"
)
# names that official texts invoke and that are nobody's private data
_PUBLIC = frozenset(
    "习近平 毛泽东 邓小平 江泽民 胡锦涛 雷锋 焦裕禄 孔繁森 马克思 恩格斯 列宁 斯大林 孔子 孟子 老子 庄子 鲁迅 白求恩 马克思·恩格斯".split()
)
_LATIN = re.compile(
    r"(?<![A-Za-z])[A-Z][a-z'’-]+(?:(?: |·|\.|\. )[A-Z][a-zA-Z'’-]*){1,3}|(?<![A-Za-z])[A-Z]{2,15}(?: [A-Z]{2,15}){1,2}(?![A-Za-z])"
)

_NO_PERSON = re.compile(
    r"\b(?:Co|Ltd|Inc|Corp|LLC|Company|Bank|Group|Limited|University|School|Microsoft|Windows|Office|Word|Excel|Apple|Google|Android|Internet|Explorer|Adobe|"
    r"Wi|Pro|Plus|Max|Air|Mini|Note|System|Land|Rover|Benz|Club|Hotel|China|Chinese|Hong|Kong|New|York|The|Of|And|Model|Type|Version|Serial|Number|United|States|Open|Source)\b"
)

# what a form or a record of personal data has right after a name
_FACTS = re.compile(
    r"[ 　]*(?:（[^（）]{0,24}）)?[ 　]*(?:[，,、（(][ 　]*(?:性别[：:]?)?(?:男|女)[ 　]*[，,、；;）)]"
    r"|[，,]?[ 　]*[（(]?(?:的)?(?:居民)?(?:公民)?(?:身份证|身份号码|身份证件)"
    r"|[，,（(]?[ 　]*(?:联系电话|联系方式|手机号|手机|电话|微信号|银行卡号|住址|家庭住址|现住|住所地?|户籍地)[号码为：:]"
    r"|[，,（(][ 　]*\d{4}年\d{1,2}月(?:\d{1,2}日)?(?:出生|生)|[，,（(](?:时年|现年|年)?\d{1,3}周?岁)"
)
_KIN = "父亲|母亲|丈夫|妻子|儿子|女儿|哥哥|姐姐|弟弟|妹妹|祖父|祖母|爷爷|奶奶|外公|外婆|姑姑|舅舅|叔叔|前夫|前妻|男友|女友|其父|其母|其夫|其妻|其子|其女|其姐|其兄|其弟|其妹|之父|之母|之妻|之夫|之子|之女"
_LABELS = (
    "姓名|曾用名|别名|化名|又名|原名|真名|真实姓名|联系人|收件人|寄件人|收款人|付款人|户名|开户名|持卡人|车主|户主|家长|班主任|经办人|签收人|签收|签字|签名"
    "|申请人|投诉人|来访人|来信人|信访人|反映人|当事人|名叫|叫做|自称|自报"
)
_FOLK = "员工|职工|学生|业主|租客|房东|店主|老板|经营者|投资人|股东|出借人|借款人|担保人|保证人|患者|死者|伤者|同学|同事|邻居|朋友|网友|司机|驾驶员|行人|乘客|村民|居民|工人|店员|会计|出纳|村主任|校长|教师|老师"
_FORM = re.compile(rf"(?P<word>{_LABELS}|{_KIN}|{_FOLK})(?P<sure>[：:]|(?:叫|为|是|系)(?=[一-龥]))?[ 　\t“]*")
_WORD_NAME = re.compile(
    rf"(?P<role>{ROLE.pattern})[：:]?[ 　]*(?:（[^（）]{{1,20}}）)?(?P<word>[{''.join(sorted(SURNAMES))}][一-龥])"
    r"(?=[（，][ 　]*(?:男|女|系|\d|[一二三四五六七八九十])|的?(?:证言|供述|陈述|辩解|证词|上诉)|证实|证明|供称|辩称|诉称|称|犯|到庭|到案|在逃|不服|签名|于\d|于同|伙同|驾|以非法|"
    r"因|将|与|和|、|及|经|[ 　]*(?:\n|$)|身份证|，?居民身份|报警|报案|在\d|在[一-龥]{2,8}[县区市路村镇]|[，。]被|因涉嫌)"
)
_FORM_WORD = re.compile(rf"(?:{_LABELS})[：:][ 　]*(?P<word>[一-龥]{{2}})(?=[，。；、（ 　\n]|$)")
_FRAME = re.compile(
    rf"(?<=[与和及由被将向对给跟致经，。；：、\n])(?P<name>(?:{'|'.join(COMPOUND)}|[{''.join(sorted(SURNAMES))}])[一-龥]{{1,2}})"
    r"(?=驾驶|死亡|受伤|轻伤|重伤|经营的|报警|报案|供述|证实|签订|到案|辩称|诉称|称其|所有的|在逃|一起|借款|当场|合伙|提供担保|未投保)"
)
_COMPOUND_NAME = re.compile(
    rf"(?<=[与和及由被将向对给跟致到把从经叫，。；：、（“ 　\n])(?P<name>(?:{'|'.join(COMPOUND)})[一-龥]{{1,2}}?)(?=[，。；、：（）“”\n\t的等]|{VERB_AFTER.pattern})"
)
_NAME = rf"(?:(?:{'|'.join(COMPOUND)})[一-龥]{{1,2}}|[{''.join(sorted(SURNAMES))}][一-龥]{{1,2}})"
_LABELLED = re.compile(
    rf"(?P<label>{ROLE.pattern}|{_LABELS})[：:][ 　\t]*(?P<name>{_NAME})(?=[ 　]*(?:[，。；、（\n\t]|$))"
)
_SHAPE = re.compile(rf"{_NAME}(?=[，。；、：（）“” 　\n\t]|等|的|$)")
_ROW = re.compile(r"^(?=[^\n]*\d{7})[^\n]*\t[^\n]*$", re.MULTILINE)
_JOINED = re.compile(r"(?:（[^（）]{0,24}）)?(?:、|和|及|与|以及)")


@dataclass(frozen=True)
class Roll:
    """Who is named: `persons` whose names are to be masked, `officials` who stand there by their office.

    `short` maps a given name that stands for a person by itself (小红) to the whole name (李小红).
    """

    persons: tuple[Person, ...]
    officials: tuple[Person, ...]
    short: dict[str, str]


@dataclass(frozen=True)
class _Seen:
    """A name at a place; `by` says what speaks for it: model, role or form."""

    start: int
    end: int
    by: str
    role: str = ""


def everyone(text: str, known: Collection[str] = ()) -> Roll:
    """Every person whom the text names, with all places of the name, in the order of first appearance.

    Names come from roles (被告人…), from forms and facts (姓名：…, …，男，…) and from the name model; `known`
    are names met elsewhere in the case. Whoever stands there by an office alone (judge, prosecutor, clerk,
    lawyer, police) is told apart. Names that the source hides already (赵某), nicknames (老王) and figures of
    public life are left out.
    """
    tags = words(text)
    roles = list(mentions(text))
    seen = _settled(
        [
            *_by_role(text, roles, tags),
            *_words_as_names(text),
            *_by_label(text, tags),
            *_by_model(text, tags),
            *_by_form(text),
            *_by_frame(text, tags),
            *_by_cell(text),
        ],
        text,
    )
    seen = _extended(text, seen)
    seen += _listed(text, seen, tags)
    evidence: dict[str, list[_Seen]] = {name: [] for name in known if name in text}
    for one in sorted(seen, key=lambda one: one.start):
        evidence.setdefault(text[one.start : one.end], []).append(one)
    for name in [
        name
        for name, ones in evidence.items()
        if name in _PUBLIC or _doubtful(name, ones) or _overlong(name, evidence)
    ]:
        del evidence[name]
    places = standing(text, {name: {one.start for one in ones} for name, ones in evidence.items()}, tags)
    office = in_office(text, places, roles)
    office -= {person.name for person in protected_persons(text)} | set(known)
    people = [Person(name, _role(evidence[name]), spans) for name, spans in places.items() if spans]
    people.sort(key=lambda person: person.spans[0])
    return Roll(
        tuple(person for person in people if person.name not in office),
        tuple(person for person in people if person.name in office),
        _given_alone(text, [person.name for person in people if person.name not in office], tags),
    )


def _role(ones: Iterable[_Seen]) -> str:
    return next((one.role for one in ones if one.role), "")


def _doubtful(name: str, ones: Sequence[_Seen]) -> bool:
    """Whether a name that is a word as well has nothing but the model's word for it."""
    return name in WORDLIKE and bool(ones) and all(one.by == "model" for one in ones)


def _overlong(name: str, evidence: Mapping[str, Sequence[_Seen]]) -> bool:
    """Whether a name is another one with the word after it (卢遥犯, 李军因)."""
    return name[-1] in _AFTER_NAME and len(evidence.get(name[:-1], ())) > len(evidence[name])


def _by_role(text: str, roles: Iterable[Mention], tags: Sequence[Word]) -> Iterator[_Seen]:
    """Names beside a role; where words run into a name in several parts, `dotted_names` knows its begin."""
    inner = {at for start, end in dotted_names(text, tags) for at in range(start + 1, end)}
    late = {start for start, _ in dotted_names(text, tags)}
    for mention in roles:
        glued = any(at in late for at in range(mention.start + 1, mention.end)) or mention.start in inner
        if not mention.masked and not mention.name.startswith("某") and not glued:
            yield _Seen(mention.start, mention.end, "role", mention.role)


def _words_as_names(text: str) -> Iterator[_Seen]:
    """Names that are words as well (高兴, 平安), where a role stands before them and what follows fits a person only."""
    for match in _WORD_NAME.finditer(text):
        word = match["word"]
        if word in WORDLIKE or (opens_word(word) and not is_masked(word) and _FACTS.match(text, match.end())):
            yield _Seen(*match.span("word"), "role", ROLES[match["role"]])
    for match in _FORM_WORD.finditer(text):
        if match["word"] in WORDLIKE:
            yield _Seen(*match.span("word"), "form")
    for match in _FACTS.finditer(text):
        start = match.start() - 2
        if text[start : match.start()] in WORDLIKE and (start == 0 or text[start - 1] in STRICT_END):
            yield _Seen(start, match.start(), "form")


def _by_model(text: str, tags: Sequence[Word]) -> Iterator[_Seen]:
    """Names that the model found, cleaned of what it glues to them; dotted and Latin ones in one piece."""
    numbered = {at for match in _CASE_NUMBER.finditer(text) for at in range(*match.span())}
    people = [_trimmed(text, word) for word in tags if word.tag == "PER" and word.start not in numbered]
    counts = Counter(text[start:end] for start, end in people)
    whole = [*dotted_names(text, tags), *_latin(text, people)]
    yield from (_Seen(start, end, "model") for start, end in whole)
    for start, end in people:
        if text[max(0, start - 1) : start + 1] in ("主任", "责任", "担任", "现任", "历任"):
            start += 1
        if text[start] in _GLUED and counts[text[start + 1 : end]] > counts[text[start:end]]:
            start += 1
        name = text[start:end]
        if len(name) < 2 or any(left <= start < right for left, right in whole):
            continue
        if _is_name(name, counts[name]) and (len(name) > 2 or counts[name] > 1 or _framed(text, start, end)):
            yield _Seen(start, end, "model")


def _latin(text: str, people: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Names in Latin letters, of which the model found one part at least or which stand between Chinese words."""
    found = {at for start, end in people for at in range(start, end)}
    for match in _LATIN.finditer(text):
        around = (text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]).strip()
        chinese = not around.isascii() or not around
        seen = not found.isdisjoint(range(*match.span()))
        if seen or (chinese and not _NO_PERSON.search(match.group())):
            yield match.span()


def _trimmed(text: str, word: Word) -> tuple[int, int]:
    """The place of a word without blanks, quotes, title and connective."""
    start, end = word.start, word.end
    while start < end - 1 and text[start] in " 　\n\r\t“”\"'":
        start += 1
    while end - 1 > start and text[end - 1] in " 　\n\r\t“”\"'":
        end -= 1
    title = _TITLE.search(text[start:end])
    if title and title.start() >= 2:
        end = start + title.start()
    if end - start > 3 and text[start] in _GLUED and text[start : start + 2] not in COMPOUND:
        start += 1
    return start, end


def _is_name(name: str, count: int) -> bool:
    """Whether a word that the model takes for a name is to be believed."""
    if len(name) < 2 or is_masked(name) or _JUNK.search(name) or _NICK.fullmatch(name):
        return False
    if not all("一" <= char <= "鿿" or "㐀" <= char <= "䶿" or char >= "\U00020000" for char in name):
        return False
    if name[:2] in COMPOUND:
        return 3 <= len(name) <= 4
    if name[0] in SURNAMES or name[0] in _RARE:
        return (
            (len(name) == 2 and name[1] not in _NO_GIVEN)
            or len(name) == 3
            or (len(name) == 4 and (name[1] in SURNAMES or count > 1))
        )
    return 3 <= len(name) <= 6 and len(set(name)) > 1


def _by_form(text: str) -> Iterator[_Seen]:
    """Names that a form names (姓名：…) or that facts of a person follow (…，男，…; …身份证号码…)."""
    for match in _FORM.finditer(text):
        start, end = match.end(), name_at(text, match.end())
        if end and _ends(text, end):
            name = text[start:end]
            weak = not match["sure"] and match["word"] not in _LABELS.split("|")
            if not is_masked(name) and not _NICK.fullmatch(name) and not (weak and name in WORDLIKE):
                yield _Seen(start, end, "form")
    for match in _FACTS.finditer(text):
        start_of = name_before(text, match.start())
        if start_of is not None and not is_masked(text[start_of : match.start()]):
            yield _Seen(start_of, match.start(), "form")


def _by_frame(text: str, tags: Sequence[Word]) -> Iterator[_Seen]:
    """Names that stand where only a person can: 与…驾驶的, 致…死亡."""
    common = _common(tags)
    for match in (*_FRAME.finditer(text), *_COMPOUND_NAME.finditer(text)):
        span = match.span("name")
        name = match["name"]
        if span not in common and not is_masked(name) and not opens_word(name) and is_given(name[1:]):
            yield _Seen(*span, "form")


def _by_label(text: str, tags: Sequence[Word]) -> Iterator[_Seen]:
    """Names that are all that stands behind a label and its colon, whatever their characters mean (证人：段福杰)."""
    common = _common(tags)
    for match in _LABELLED.finditer(text):
        name = match["name"]
        if (len(name) > 2 or match.span("name") not in common) and not is_masked(name) and is_given(name[1:]):
            yield _Seen(*match.span("name"), "form", ROLES.get(match["label"], ""))


def _common(tags: Iterable[Word]) -> frozenset[tuple[int, int]]:
    """Where the model sees one common word, and not a name."""
    return frozenset((word.start, word.end) for word in tags if word.tag not in ("PER", "nr", "xc", "nz"))


def _by_cell(text: str) -> Iterator[_Seen]:
    """Names that are the whole of a cell, in a row with a long number."""
    for row in _ROW.finditer(text):
        for cell in re.finditer(r"[^\t]+", row.group()):
            start = row.start() + cell.start()
            if cell.group()[0] in SURNAMES and name_at(text, start) == start + len(cell.group()):
                yield _Seen(start, start + len(cell.group()), "form")


def _extended(text: str, seen: Iterable[_Seen]) -> list[_Seen]:
    """Names with the character that always follows them, while what comes after it varies (秦祥 → 秦祥立)."""
    longer: dict[str, str] = {}
    ones = list(seen)
    for name in {text[one.start : one.end] for one in ones}:
        after = [text[match.end() : match.end() + 2] for match in re.finditer(re.escape(name), text)]
        first = {pair[:1] for pair in after}
        if _may_grow(name) and len(after) > 1 and len(first) == 1 and len({pair[1:] for pair in after}) > 1:
            (char,) = first
            if (
                "一" <= char <= "龥"
                and char not in _AFTER_NAME
                and not VERB_AFTER.match(char)
                and char not in STRICT_END
            ):
                longer[name] = name + char
    return [replace(one, end=one.end + 1) if text[one.start : one.end] in longer else one for one in ones]


def _may_grow(name: str) -> bool:
    return "一" <= name[0] <= "龥" and len(name) == (3 if name[:2] in COMPOUND else 2)


def _settled(seen: Iterable[_Seen], text: str) -> list[_Seen]:
    """One name for each place where names begin: what ends clearly, what the model says, what recurs."""
    by_start: dict[int, list[_Seen]] = {}
    for one in seen:
        by_start.setdefault(one.start, []).append(one)
    kept = []
    for start, ones in by_start.items():
        best = max(ones, key=lambda one: (_weight(text, one), one.end))
        role = next((one.role for one in ones if one.role), "")
        anchor = next((one.by for one in ones if one.by != "model"), best.by)
        kept.append(_Seen(start, best.end, anchor, role))
    return kept


def _weight(text: str, one: _Seen) -> int:
    return 2 * _ends(text, one.end) + 2 * (one.by == "model") + (text.count(text[one.start : one.end]) > 1)


def _ends(text: str, end: int) -> bool:
    """Whether what follows a name usually follows one."""
    return end >= len(text) or text[end] in STRICT_END or bool(VERB_AFTER.match(text, end))


def _framed(text: str, start: int, end: int) -> bool:
    """Whether what stands around a short name speaks for it."""
    return _ends(text, end) or bool(ROLE_WORD.search(text, max(0, start - 6), start))


def _listed(text: str, seen: Sequence[_Seen], tags: Sequence[Word]) -> list[_Seen]:
    """Names that stand in a list with a name: 张三、李四和王五."""
    common = _common(tags)
    taken = {one.start for one in seen}
    more: list[_Seen] = []
    for one in seen:
        at = one.end
        while (join := _JOINED.match(text, at)) and join.end() not in taken:
            shaped = _SHAPE.match(text, join.end())
            if (
                not shaped
                or is_masked(shaped.group())
                or not is_given(shaped.group()[1:])
                or shaped.group() in WORDLIKE
                or shaped.span() in common
            ):
                break
            end = shaped.end()
            more.append(_Seen(join.end(), end, "list", one.role))
            taken.add(join.end())
            at = end
    return more


def _given_alone(text: str, names: Iterable[str], tags: Sequence[Word]) -> dict[str, str]:
    """Given names that the model found standing alone, of persons with a surname of one character."""
    alone = {text[word.start : word.end] for word in tags if word.tag == "PER"}
    whole: dict[str, list[str]] = {}
    for name in names:
        if len(name) == 3 and name[0] in SURNAMES and name[1:] in alone and name[1:] not in WORDLIKE:
            whole.setdefault(name[1:], []).append(name)
    return {given: owners[0] for given, owners in whole.items() if len(owners) == 1}
