"""Names, numbers and addresses that are made up for the masking bench, with the check digits that real ones bear."""

from __future__ import annotations

import random

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷段郝龙黎史陶毛贺顾龚邵覃武钱戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
_RARE = "缪禹宓郏蔺鄢逄佘亓仝郗晏冼昝麻阚琚揭仇苟"
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "皇甫", "慕容", "令狐", "尉迟", "夏侯", "东方", "公孙", "司徒")
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志海燕云飞雪梅春晓东波宁浩宇轩子涵欣怡梓晨思雨佳琪文博天翔俊峰鹏程光辉立新永祥德福长生金凤翠花"
_MINORITY = (
    "阿依古丽·买买提", "古丽娜尔·艾合买提", "努尔买买提·吐尔逊", "艾山·玉素甫", "扎西·多吉", "巴特尔·苏和", "迪丽热巴·阿布都", "玛依拉·哈力克",
    "热合曼·卡德尔", "帕提古丽·依明", "买买提江·肉孜", "阿卜杜拉·热西提",
)  # fmt: skip
_FOREIGN = (
    "John Smith",
    "Maria Garcia",
    "Peter Johnson",
    "伊万·彼得罗夫",
    "玛丽亚·加西亚",
    "安娜·科斯塔",
    "David Brown",
    "约翰·史密斯",
)
WORD_NAMES = (
    "高兴",
    "平安",
    "安全",
    "文明",
    "江山",
    "黄河",
    "方圆",
    "高峰",
    "黎明",
    "石头",
    "高原",
    "林木",
    "关键",
    "向上",
    "安宁",
    "宁静",
)
_AREAS = ("330106", "110105", "310115", "440305", "510104", "420106", "320102", "370202")
DISTRICTS = (
    "浙江省杭州市西湖区",
    "上海市浦东新区",
    "江苏省南京市玄武区",
    "四川省成都市锦江区",
    "山东省青岛市市南区",
    "北京市朝阳区",
    "湖北省武汉市武昌区",
    "浙江省义乌市",
)
_STREETS = (
    "文三路",
    "世纪大道",
    "中山北路",
    "人民南路",
    "建国路",
    "解放大街",
    "和平巷",
    "学院路",
    "望江东路",
)
_ESTATES = ("阳光花园", "翠苑新村", "和平小区", "锦绣家园", "滨江公寓")
_SCHOOLS = (
    "文三街小学",
    "学军中学",
    "育才实验学校",
    "朝晖初级中学",
    "滨河小学",
    "第二中学",
    "春蕾幼儿园",
    "明珠小学",
)
_PROVINCES = "浙京沪苏川鲁鄂粤皖"
_BINS = ("622202", "621700", "622848", "620522", "436742", "521899")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def name_of(rng: random.Random) -> str:
    """A name of a person: common, rare, compound, minority or foreign."""
    kind = rng.random()
    if kind < 0.03:
        return rng.choice(_FOREIGN)
    if kind < 0.09:
        return rng.choice(_MINORITY)
    surname = (
        rng.choice(_COMPOUND) if kind < 0.15 else rng.choice(_RARE) if kind < 0.2 else rng.choice(_SURNAMES)
    )
    return surname + "".join(rng.choice(_GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))


def _day(rng: random.Random, first: int = 1955, last: int = 2003) -> tuple[int, int, int]:
    return rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)


def id18(rng: random.Random) -> tuple[str, str]:
    """A citizen number of 18 characters with its check digit."""
    year, month, day = _day(rng)
    digits = f"{rng.choice(_AREAS)}{year}{month:02}{day:02}{rng.randint(0, 999):03}"
    check = "10X98765432"[
        sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    ]
    return "身份证号", digits + check


def id15(rng: random.Random) -> tuple[str, str]:
    """A citizen number of the first generation."""
    year, month, day = _day(rng, 1940, 1985)
    return "身份证号", f"{rng.choice(_AREAS)}{year % 100:02}{month:02}{day:02}{rng.randint(0, 999):03}"


def mobile(rng: random.Random) -> tuple[str, str]:
    """A mobile number in one of its shapes."""
    number = f"1{rng.choice('3456789')}{rng.randint(0, 9)}{rng.randint(0, 99999999):08}"
    shape = rng.randrange(5)
    if shape == 1:
        number = f"{number[:3]} {number[3:7]} {number[7:]}"
    elif shape == 2:
        number = f"{number[:3]}-{number[3:7]}-{number[7:]}"
    elif shape == 3:
        number = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    return "手机号", number


def landline(rng: random.Random) -> tuple[str, str]:
    """A landline number with its area code."""
    code = rng.choice(("0571", "010", "021", "025", "0532", "028"))
    number = str(rng.randint(20000000, 89999999))
    return "固定电话", rng.choice(
        (f"{code}-{number}", f"（{code}）{number}", f"{code}—{number}", f"{code}{number}")
    )


def card(rng: random.Random) -> tuple[str, str]:
    """A bank card number that passes the Luhn test."""
    prefix = rng.choice(_BINS)
    body = prefix + "".join(str(rng.randint(0, 9)) for _ in range((16 if prefix[0] in "45" else 19) - 7))
    total = sum(
        int(digit) if at % 2 else sum(divmod(int(digit) * 2, 10)) for at, digit in enumerate(reversed(body))
    )
    number = body + str(-total % 10)
    return "银行卡号", " ".join(
        number[at : at + 4] for at in range(0, len(number), 4)
    ) if rng.random() < 0.3 else number


def plate(rng: random.Random) -> tuple[str, str]:
    """A number plate, of an electric car as well."""
    letter = rng.choice("ABCDEFG")
    tail = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(4)) + str(
        rng.randint(0, 9)
    )
    return "车牌号", rng.choice(_PROVINCES) + letter + rng.choice(("", "", "·")) + rng.choice(
        (tail, "D" + tail[:4] + "5")
    )


def mail(rng: random.Random) -> tuple[str, str]:
    """A mail address."""
    return (
        "电子邮箱",
        f"{_latin(rng)}{rng.randint(1, 999)}@{rng.choice(('qq.com', '163.com', 'example.com.cn'))}",
    )


def wechat(rng: random.Random) -> tuple[str, str]:
    """An account of WeChat."""
    return "微信号", f"{_latin(rng)}_{rng.randint(1000, 99999)}"


def qq(rng: random.Random) -> tuple[str, str]:
    """An account of QQ."""
    return "QQ号", str(rng.randint(10000, 3999999999))


def _latin(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(5, 8)))


def address(rng: random.Random) -> tuple[str, tuple[str, str]]:
    """A district, which stays, and the rest of the address."""
    house = f"{rng.choice(_STREETS)}{rng.randint(1, 300)}号"
    estate = f"{rng.choice(_ESTATES)}{rng.randint(1, 30)}幢{rng.randint(1, 4)}单元{rng.randint(101, 1802)}室"
    return rng.choice(DISTRICTS), ("住址", rng.choice((house, estate, house + estate)))


def school(rng: random.Random) -> tuple[str, str]:
    """The name of a school."""
    return "学校", rng.choice(_SCHOOLS)


def birth(rng: random.Random, first: int = 1955, last: int = 2003) -> tuple[str, str]:
    """A day of birth in the years given."""
    year, month, day = _day(rng, first, last)
    return "出生日期", f"{year}年{month}月{day}日"
