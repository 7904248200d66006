"""Reading the names of persons that stand beside a role (被害人…, 证人…, 审判长…) without any model.

`roll` joins what stands here with the name model's words (`names`), for texts that leave the office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费"
    "廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵"
    "席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫房裘缪解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆"
    "荣翁荀羊惠甄曲封芮储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬郗班仰秋仲伊宫宁仇栾暴甘厉戎祖武符刘景詹龙叶幸司韶郜黎蓟薄白怀蒲"
    "邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通扈燕冀郏浦尚农温别庄晏柴瞿阎连茹习宦艾鱼容向古易慎"
    "戈廖庾居衡耿满弘匡文寇广禄阙东欧沃利蔚夔隆巩厍聂晁勾敖融冷訾辛阚简饶曾沙鞠须丰巢关蒯查荆游竺权逯盖益桓肖闫仝佟付代丛巨尧岳初佘佴"
    "揭粟展岩栗覃涂漆谌琚苟原亢郄邸降楚战缑晋敬戢兰苑候亓禤麦邝丘鄢冼植区甯芦荘恽仉缐爱钭迟药隋黑宛桥瓮矫鹿衣"
)
COMPOUND = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离"
    " 长孙 宇文 司徒 鲜于 司空 闾丘 令狐 呼延 轩辕 西门 拓跋 百里 淳于 单于 完颜 纳兰"
).split()
_SAFE = frozenset(
    "王李张刘陈杨赵吴徐孙朱郭罗梁宋郑谢韩唐冯董萧肖曹袁邓傅沈彭吕苏卢蒋蔡贾丁魏薛潘杜戴汪姜姚谭廖邹熊陆郝崔邱秦侯邵孟尹黎闫"
)

# Never part of a given name; after a name they end it.
_HARD = frozenset("的了被把在从对给让该这那每各另并但或则若们么什谁您你我他她它个就都很没不吗呢啊吧等者")
# Words that usually follow a name, although some of them (李建和, 王正为) do occur in names.
_LINKS = frozenset("和与及于为以将向由因自同且而其使所此正亦均又再曾至即还无未")
_DOUBTFUL = frozenset("向于连常曾查成应别易单明高方文路关管计")  # surnames that are often plain words
_WEAK_ROLES = frozenset(
    {"未成年人", "法定代理人", "近亲属"}
)  # roles that general prose names without a person
_WINDOW = 20_000  # characters on either side in which a doubtful name is counted
_VERBS = frozenset("称说证供系是经到报有后时上打骑驾乘来去找带拿用可能会要回进出随当租取已也家死伤住")
_STOPS = frozenset("，。、；（： 　\n")
_NEXT = re.compile(
    r"证言|证实|证明|陈述|供述|供认|死亡|受伤|轻伤|重伤|轻微|驾驶|驾车|骑车|骑行|步行|报案|报警|发现|回家|放学|上学|辨认|签字|签名"
    r"|头部|面部|身上|身体|家属|亲属|家中|家里|住处|母亲|父亲|之母|之父|之妻|之夫|之子|之女|殴打|强奸|猥亵|抢劫|诈骗|骗取|盗窃|拿出"
    r"|手机|银行|账户|微信|支付|转账|现金|人民|损失|谅解|出具|出庭|到庭|到案|联系|要求|同意|表示|认为|指认|反映|介绍|购买|借款"
    r"|名下|夫妇|夫妻|一家|二人|两人|三人|本人|自述|自报|先后|多次|趁机|反抗|挣扎|逃离|离开|前往|进入|诉称|提出|发生|双方|委托|申请"
    r"|身份证|身份号|公民身份|居民身份|户籍|户口|性别|出生|现住|住址|住所|电话|年龄|民族|籍贯|学历|护照"
    r"|左|右|腹|胸|背|颈|腿|手|犯|适用|二[〇○零0]|[0-9０-９]|伙同|提[出起供交]|准备|辩[称解护]|举报|控告|出席|诉讼|诉请|经营|担任|因为|负责|签订|收到|无罪"
)
_CLOSERS = frozenset('，。、；：（）()“”"‘’《》！？,;:!?/／·【】[]［］〔〕—…-\n\r\t 　|')
# Common words that begin with a surname; after a role they are no names.
_WORDS = re.compile(
    r"陈述|陈诉|陈旧|方面|方便|方才|方可|方的|方与|方进|方提|家[属人庭中里长门住境]|单[位独方]|代[表理为办]|明[确知示显]|全[部体家身程额都]|"
    r"成[年立员为功了长绩]|经济|应[当该]|于[是当同次某\d]|向[公派法本检其他她我被]|从[事而中业]|和[被证其解他她]|时[任年候间,，]|常[年住驻常]|连[续同带]|"
    r"高[度额息达价档中校]|严[重厉格]|马[上路匹]|白[天色]|许[多可诺]|任[何意职由]|安[全装排静置]|金[钱额项手融戒条银]|强[烈行制迫奸]|"
    r"钱[财款包物]|车[辆内上牌主库祸身里]|房[屋间产内主东]|项[链目]|阴[道部茎]|胡乱|孙[子女][，的之]|祖[父母]|余[款额下]|包[内裹括里中]|双[方手]|"
    r"党[员委组支]|华为|黄[金色]|左[手侧眼臂腿肩脚]|路[过上边口人]|谢[谢绝]|曾[经多先在因有系被与向]|计[算划\d]|管[理辖教控制]|水|温[和暖]|毛[衣巾]|"
    r"平[时均常安台]|文[化件身明]|解[释除决]|别[人墅]|关[于系爱心]|权[利益]|充[值分]|通[过知话讯]|相[关应互识]|原[来先因审系判告籍件]|"
    r"后[来果又因在经被续]|但|公[司安诉民共开]|国[家有籍]|东[西侧北]|海|过[程失错来]|次[日要]|种|有|居[住民间]|那|空|利[用益息]|"
    r"农[民业村历]|宣[读判称]|支[付持配]|步[行入]|展[示开]|初[中次步犯]|越|都|商|满[意足\d]|广[东告]|边|终|易|由|巨[大额]|官|台|区|"
    r"申[请诉辩]|司[机法]|何[时人处种]|万[元余]|千|易于|顾[客问]|景|师|暴[力露]|印|宿[舍迁]|荣[誉]|乐[意]|危[险害]|尚[未需有]|简[称要单历]|"
    r"查[看明验询证处获封扣找]|游[玩泳戏]|红色|汽车|干[涉部活]|雷同|山|石[头块]|花[费园]|武器|沙发|皮[包带夹肤]|符[合]|毕[业竟]|景区|包房|"
    r"冷[静]|买[卖家受]|爱人|药[品店物]|黑[色夜]|战|康[复]|施[工暴行救]|古|习[惯]|封|班[级主]|席|同|束|寿|"
    r"张[贴开嘴]|王[府]|李子|周[边围期一二三四五六末]|江[边苏西]|林[地权业木场]|段|程[度序]|曲|叶[子]|梅|蓝|童|柏|米|章|季|章程|苗|牛|羊|鱼|鹿|"
    r"女[方儿]|男方|陆[续]|唐[突]|付[款给出某]|徐[徐]|龙|柜|洪水|钟[点]|戴[着]|高[兴]|汤|侯[车]|候[车问诊审]|管[制]|郎|韶|惠[及]|富|尤其|"
    r"蒙[受骗]|包装|甘愿|祝|倪|宁[可愿]|裁|库|岩|降|红包|桥|闻[讯]"
)
_S = "[" + "".join(sorted(SURNAMES)) + "]"
MASKED = re.compile(
    rf"(?:{_S}[一-龥]?(?:某[×某]?|[×xXＸ＊*○]{{1,3}})[甲乙丙丁戊己庚辛壬癸]?\d{{0,2}}(?:[·•][A-ZX×某]+)?"
    rf"|{_S}(?:[A-ZＡ-Ｚ](?![A-Za-z])|\d{{1,2}}(?!\d|[年月日时元万]))|{_S}[甲乙丙丁戊己庚辛壬癸](?![一-龥])"
    r"|某[某甲乙丙丁]|[A-ZＡ-Ｚ](?![A-Za-z]))"
)
_SYLLABLE = r"(?![的了被把将在对称说证与和及等于系从向])[一-龥]"
_DOTTED = re.compile(rf"(?:{_SYLLABLE}){{1,8}}(?:[·•・．‧](?:{_SYLLABLE}){{1,10}}){{1,3}}")
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ ·.]{1,2}[A-Z][a-zA-Z]*)*")
_INSTITUTION = re.compile(r"(?:股份|有限|公司|集团|银行|学校|小学|中学|大学|医院|酒店|宾馆|超市|合作社|人民)")

_PROTECTED_ROLES = {
    "未成年被害人": "被害人", "被害人": "被害人", "受害人": "被害人", "被侵害人": "被害人", "被害少女": "被害人",
    "附带民事诉讼原告人": "附带民事诉讼原告人", "法定代理人": "法定代理人", "监护人": "监护人", "近亲属": "近亲属",
    "证人": "证人", "被询问人": "证人", "报案人": "报案人", "报警人": "报案人", "举报人": "举报人", "控告人": "举报人", "投诉人": "举报人",
    "鉴定人": "鉴定人", "未成年人": "未成年人", "未成年学生": "未成年人", "幼女": "未成年人", "女童": "未成年人", "男童": "未成年人",
}  # fmt: skip
_OPEN_ROLES = {
    "原审被告人": "被告人", "被告人": "被告人", "上诉人": "上诉人", "犯罪嫌疑人": "犯罪嫌疑人", "嫌疑人": "犯罪嫌疑人",
    "被不起诉人": "被不起诉人", "同案犯": "同案人", "同案人": "同案人", "罪犯": "罪犯", "审判长": "审判长", "代理审判员": "审判员",
    "审判员": "审判员", "人民陪审员": "人民陪审员", "书记员": "书记员", "法官助理": "法官助理", "公诉人": "公诉人",
    "检察员": "检察员", "承办检察官": "承办检察官", "检察官助理": "检察官助理", "检察官": "检察官", "辩护人": "辩护人",
    "诉讼代理人": "诉讼代理人", "委托代理人": "诉讼代理人", "诉讼代表人": "诉讼代表人", "法定代表人": "法定代表人",
    "民警": "民警", "侦查员": "民警", "听证员": "听证员", "主持人": "主持人", "承办人": "承办人", "记录人": "记录人",
    "人民监督员": "人民监督员", "被申请人": "被申请人", "申请人": "申请人", "讯问人": "讯问人", "询问人": "询问人",
    "被讯问人": "被讯问人", "原告": "原告", "被告": "被告", "第三人": "第三人", "负责人": "负责人",
    "提案人": "提案人", "领衔代表": "领衔代表",
}  # fmt: skip
PROTECTED = frozenset(_PROTECTED_ROLES.values()) | {"被害人亲属"}
ACCUSED_OR_OFFICIAL = frozenset(
    "被告人 犯罪嫌疑人 被不起诉人 同案人 罪犯 被讯问人 审判长 审判员 人民陪审员 书记员 法官助理 公诉人 检察员 承办检察官 检察官助理 检察官"
    " 辩护人 诉讼代理人 民警 听证员 人民监督员 讯问人 询问人 记录人".split()
)
ROLES = {**_PROTECTED_ROLES, **_OPEN_ROLES}
ROLE = re.compile("|".join(sorted(ROLES, key=len, reverse=True)))
_AFTER_ROLE = re.compile(
    r"[ 　\t]*(?:（[^（）]{1,30}）)?[ 　\t]*(?:[：:][ 　\t]*)?(?:自报(?:名)?|名叫|系|即|姓名[：:]?)?"
)
_RELATIVE = re.compile(
    r"(?:之|的)?(?:父亲|母亲|父母|祖父|祖母|爷爷|奶奶|外公|外婆|丈夫|妻子|儿子|女儿|姐姐|哥哥|近亲属|父|母|妻|夫|子|女)(?:亲)?"
)
_JOIN = re.compile(
    r"(?:（[^（）]{0,40}）)?(?P<sep>[ 　]*[、，][ 　]*|[ 　]*(?:和|及|与|以及)[ 　]*|[ 　]{1,3})"
)
_TESTIMONY = re.compile(
    r"(?:等(?:多|\d{1,3}|[一二三四五六七八九十]{1,3})?[名位]?人?)?的?(?P<what>证言|证词|陈述)"
)
_BOUNDARY = frozenset("，。；：（）()\n\r\t 　“”】》")


@dataclass(frozen=True)
class Mention:
    """A name beside a role: `text[start:end] == name`; `masked` where the source already hides it (赵某)."""

    role: str
    name: str
    start: int
    end: int
    masked: bool = False


def mentions(text: str) -> Iterator[Mention]:
    """Yield every name that stands beside a role, in the order of the roles; lists share their role.

    Reads 被害人李小红, 证人张三、李四的证言, 听证员：甲、乙, 被害人李小红之母王芳, 张三、李四的证言.
    """
    for match in ROLE.finditer(text):
        yield from _beside(text, ROLES[match.group()], match.end())
    yield from _testimonies(text)


def name_at(text: str, start: int) -> int | None:
    """Where the name that begins at `start` ends; None if no name begins there."""
    for pattern in (_DOTTED, _LATIN):
        if (match := pattern.match(text, start)) and match.end() - start >= 3:
            return match.end()
    size = _surname(text, start)
    if not size or _WORDS.match(text, start):
        return None
    end = _length(text, start, size)
    return end if end and _believable(text, start, end) else None


def name_before(text: str, end: int) -> int | None:
    """Where the name that ends at `end` begins, if a boundary or a role stands before it; else None."""
    for size in (3, 2, 4):
        start = end - size
        if start < 0 or not (surname := _surname(text, start)) or not 1 <= size - surname <= 2:
            continue
        given = text[start + surname : end]
        if is_given(given) and _opens(text, start):
            return None if _WORDS.match(text, start) else start
    return None


def is_masked(name: str) -> bool:
    """Whether a name is already hidden (赵某, 张某甲, 吴xx, 潘某2, A)."""
    return "某" in name or MASKED.fullmatch(name) is not None


def opens_word(name: str) -> bool:
    """Whether a name begins as a common word does (方向, 成立), so that its characters need not mean the person."""
    return _WORDS.match(name) is not None


def surname_of(name: str) -> str:
    """The part of a name that an alias keeps: surname, of a name in several parts the first character."""
    if name[:2] in COMPOUND and len(name) > 2:
        return name[:2]
    return name[0]


def _opens(text: str, start: int) -> bool:
    if start == 0 or text[start - 1] in _BOUNDARY or text[start - 1] in "、的和与对将被向由及有":
        return True
    return any(text.endswith(role, 0, start) for role in ROLES)


def _surname(text: str, at: int) -> int:
    if text[at : at + 2] in COMPOUND:
        return 2
    return 1 if text[at : at + 1] in SURNAMES else 0


def _given(text: str, start: int, end: int) -> bool:
    part = text[start:end]
    return len(part) == end - start and is_given(part)


def is_given(part: str) -> bool:
    """Whether all characters may stand in a given name; rare ones (范㛃) lie outside the basic block."""
    return all(
        ("一" <= char <= "鿿" or "㐀" <= char <= "䶿" or char >= "\U00020000") and char not in _HARD
        for char in part
    )


def _closes(text: str, at: int) -> bool:
    """Whether what follows at `at` ends a name for certain."""
    return at >= len(text) or text[at] in _CLOSERS or text[at] in _HARD


def _follows(text: str, at: int) -> bool:
    """Whether what follows at `at` usually follows a name."""
    return _closes(text, at) or text[at] in _LINKS or text[at] in _VERBS or bool(_NEXT.match(text, at))


def _length(text: str, start: int, surname: int) -> int | None:
    """Decide between a given name of two characters and of one; the rest of the text settles doubtful cases."""
    short, long = start + surname + 1, start + surname + 2
    if not _given(text, start + surname, short):
        return None
    if not _given(text, start + surname, long):
        return short
    third = text[long - 1]
    if third in _LINKS and third not in _VERBS and text[long : long + 1] in _STOPS:
        return long  # a conjunction does not stand before a comma: it belongs to the name (李建和，)
    if third in _LINKS or third in _VERBS or _NEXT.match(text, long - 1):
        return long if _always(text, start, short, long) else short
    if _follows(text, long):
        return long
    return short if _count(text, start, short) > _count(text, start, long) else long


def _count(text: str, start: int, end: int) -> int:
    return text.count(text[start:end], max(0, start - _WINDOW), end + _WINDOW)


def _always(text: str, start: int, short: int, long: int) -> bool:
    """Whether the third character always comes along while what follows it varies: then it is part of the name."""
    often = _count(text, start, long)
    if often < 2 or often != _count(text, start, short):
        return False
    near = text[max(0, start - _WINDOW) : long + _WINDOW]
    after = {near[match.end() : match.end() + 1] for match in re.finditer(re.escape(text[start:long]), near)}
    return len(after) > (1 if all(_closes(char, 0) for char in after) else 2)


def _believable(text: str, start: int, end: int) -> bool:
    """Whether context speaks for a name."""
    if _INSTITUTION.match(text, end):
        return False
    if text[start] in _DOUBTFUL:
        return _closes(text, end) and text[start + 1] not in _LINKS and text[start + 1] not in _VERBS
    return _follows(text, end) or text[start] in _SAFE or _count(text, start, end) > 1


def _read(text: str, at: int) -> tuple[int, bool] | None:
    """The end of the name at `at` and whether it is masked already."""
    if (match := MASKED.match(text, at)) and text[at : at + 1] not in _HARD:
        return match.end(), True
    end = name_at(text, at)
    return (end, is_masked(text[at:end])) if end else None


def _beside(text: str, role: str, at: int) -> Iterator[Mention]:
    after = _AFTER_ROLE.match(text, at)
    at = after.end() if after else at
    if (relative := _RELATIVE.match(text, at)) and role == "被害人":
        role, at = "被害人亲属", relative.end()
    listed = False
    while (found := _read(text, at)) is not None:
        end, masked = found
        if (listed or role in _WEAK_ROLES) and not masked and not _follows(text, end):
            return
        yield Mention(role, text[at:end], at, end, masked)
        if role == "被害人" and (relative := _RELATIVE.match(text, end)):
            yield from _relative(text, relative.end())
        join = _JOIN.match(text, end)
        if join is None or (join["sep"].strip() in ("，", "") and not _goes_on(text, join.end(), role)):
            return
        at, listed = join.end(), True


def _relative(text: str, at: int) -> Iterator[Mention]:
    if (found := _read(text, at)) is not None:
        yield Mention("被害人亲属", text[at : found[0]], at, *found)


def _goes_on(text: str, at: int, role: str) -> bool:
    """After a comma or blank only lists of panel members go on, and only with a name that a delimiter ends."""
    if role not in ("听证员", "人民监督员", "人民陪审员"):
        return False
    end = name_at(text, at)
    return end is not None and (end >= len(text) or text[end] in "，、。；\n 　")


def _testimonies(text: str) -> Iterator[Mention]:
    """Names before 的证言 / 的陈述 with no role in front: 有李四、王五的证言."""
    for match in _TESTIMONY.finditer(text):
        role, end = ("被害人" if match["what"] == "陈述" else "证人"), match.start()
        while (start := name_before(text, end)) is not None:
            yield Mention(role, text[start:end], start, end, is_masked(text[start:end]))
            if start == 0 or text[start - 1] not in "、和及与":
                break
            end = start - 1
