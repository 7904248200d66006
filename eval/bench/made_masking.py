"""Generated documents for the masking bench: each knows where persons, numbers, addresses and schools stand in it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from eval.bench.made_values import (
    DISTRICTS,
    WORD_NAMES,
    address,
    birth,
    card,
    id15,
    id18,
    landline,
    mail,
    mobile,
    name_of,
    plate,
    qq,
    school,
    wechat,
)


@dataclass(frozen=True)
class Span:
    """A known place: `kind` as the masking names it."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class MadeText:
    """A generated document and all that must go from it; `officials` are names that stay."""

    form: str
    text: str
    spans: tuple[Span, ...]
    officials: tuple[str, ...]


@dataclass
class _Pen:
    """Writes a document and notes what it writes."""

    rng: random.Random
    parts: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    officials: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    at: int = 0

    def put(self, *pieces: str | tuple[str, str]) -> None:
        for piece in pieces:
            text = piece if isinstance(piece, str) else piece[1]
            if not isinstance(piece, str):
                self.spans.append(Span(piece[0], self.at, self.at + len(text)))
            self.parts.append(text)
            self.at += len(text)

    def name(self) -> tuple[str, str]:
        while (name := name_of(self.rng)) in self.used or any(
            name in one or one in name for one in self.used
        ):
            pass
        self.used.add(name)
        return "姓名", name

    def word(self) -> tuple[str, str]:
        name = self.rng.choice(WORD_NAMES)
        self.used.add(name)
        return "姓名", name

    def official(self) -> str:
        name = self.name()[1]
        self.officials.append(name)
        return name


def documents(seed: int, count: int) -> Iterator[MadeText]:
    """`count` documents, each form in turn, the same for the same seed."""
    rng = random.Random(seed)
    for number in range(count):
        form, write = _FORMS[number % len(_FORMS)]
        pen = _Pen(rng)
        write(pen)
        yield MadeText(form, "".join(pen.parts), tuple(pen.spans), tuple(pen.officials))


def _indictment(pen: _Pen) -> None:
    rng = pen.rng
    accused, victim, witness, other = pen.name(), pen.name(), pen.name(), pen.name()
    region, detail = address(rng)
    pen.put(
        f"杭州市某某区人民检察院\n起诉书\n杭检刑诉〔2026〕{rng.randint(1, 900)}号\n被告人",
        accused,
        "，",
        rng.choice("男女"),
        "，",
        birth(rng),
        "出生，公民身份号码",
        id18(rng),
    )
    pen.put("，汉族，高中文化，务工，住", region, detail, "。因涉嫌盗窃罪，于2026年2月3日被刑事拘留。\n")
    pen.put(
        "本院查明：2026年1月5日，被告人",
        accused,
        "驾驶",
        plate(rng),
        "号小型轿车至被害人",
        victim,
        "家中，窃得现金人民币12800元，后将赃物交给",
        other,
        "保管。",
    )
    pen.put(accused, "到案后如实供述，", victim, "报警时使用", mobile(rng), "手机。")
    pen.put(
        "上述事实有被害人",
        victim,
        "的陈述，证人",
        witness,
        "、",
        other,
        "的证言，银行卡",
        card(rng),
        "的交易明细证实。\n",
    )
    pen.put(
        "本院认为，被告人",
        accused,
        "以非法占有为目的，秘密窃取他人财物，依照《中华人民共和国刑法》第二百六十四条，应当以盗窃罪追究其刑事责任。\n检察员：",
        pen.official(),
        "\n书记员：",
        pen.official(),
        "\n",
    )


def _questioning(pen: _Pen) -> None:
    rng = pen.rng
    person, friend, boss = pen.name(), pen.name(), pen.name()
    region, detail = address(rng)
    pen.put(
        "询问笔录\n询问人：",
        pen.official(),
        "、",
        pen.official(),
        "\n被询问人：",
        person,
        "\n身份证号码：",
        rng.choice((id18, id15))(rng),
        "\n现住址：",
        region,
        detail,
        "\n联系电话：",
        mobile(rng),
        "\n",
    )
    pen.put(
        "问：你和",
        friend,
        "是什么关系？\n答：",
        friend,
        "是我同事，我们都在",
        boss,
        "的店里上班。\n问：谁和你联系的？\n答：是",
        boss,
        "用微信号",
        wechat(rng),
        "加的我，QQ：",
        qq(rng),
        "也联系过。\n",
    )
    pen.put(
        "问：钱打到哪里？\n答：打到",
        friend,
        "的卡上，卡号",
        card(rng),
        "。",
        boss,
        "说第二天还，后来没有还。\n问：以上是否属实？\n答：属实。\n签名：",
        person,
        "\n",
    )


def _complaint(pen: _Pen) -> None:
    rng = pen.rng
    writer, neighbour, clerk = pen.name(), pen.name(), pen.name()
    region, detail = address(rng)
    pen.put(
        "关于反映施工噪声的来信\n尊敬的领导：\n我叫",
        writer,
        "，家住",
        region,
        detail,
        "，电话",
        landline(rng),
        "。\n",
    )
    pen.put(
        "今年三月以来，楼下饭店深夜施工，",
        neighbour,
        "和",
        clerk,
        "多次打12345热线反映。",
        neighbour,
        "的母亲年事已高，夜里睡不着。老板说有手续，但",
        clerk,
        "去查过，没有。\n",
    )
    pen.put("请检察院依法监督。回信请发", mail(rng), "。\n来信人：", writer, "\n2026年4月6日\n")


def _minor(pen: _Pen) -> None:
    rng = pen.rng
    child, mother, accused, teacher = pen.name(), pen.name(), pen.name(), pen.name()
    place = school(rng)
    pen.put(
        "审查报告\n被害人",
        child,
        "（女，",
        birth(rng, 2011, 2016),
        "出生），就读于",
        rng.choice(DISTRICTS),
        place,
        "四年级。法定代理人",
        mother,
        "，系",
        child,
        "之母，手机",
        mobile(rng),
        "。\n",
    )
    pen.put(
        "经审查：2026年3月2日放学后，",
        child,
        "在校门口被",
        accused,
        "带走。班主任",
        teacher,
        "发现后立即联系",
        mother,
        "。",
        mother,
        "赶到",
        place,
        "时，",
        accused,
        "已被民警",
        pen.official(),
        "控制。\n",
    )
    pen.put(
        "犯罪嫌疑人",
        accused,
        "供述，其通过QQ号",
        qq(rng),
        "认识",
        child,
        "。证人",
        teacher,
        "证实，",
        child,
        "性格内向。\n承办检察官：",
        pen.official(),
        "\n",
    )


def _words_as_names(pen: _Pen) -> None:
    rng = pen.rng
    word, other = pen.word(), pen.name()
    while (second := pen.word()) == word:
        pass
    pen.put(
        "情况说明\n被告人",
        word,
        "，男，",
        birth(rng),
        "出生。证人",
        second,
        "证实，",
        other,
        "当天不在场。\n",
    )
    pen.put(
        "经查，",
        word,
        "于2026年1月与",
        other,
        "签订合同，",
        word,
        "的供述与",
        second,
        "的证言一致。被告人",
        word,
        "到案后态度较好。\n",
    )
    pen.put(
        "各单位要抓好生产安全，文明施工，群众都很高兴，出入平安。会议在江山如画厅召开，关键是方向正确，程序合法。"
    )
    pen.put("联系方式：", mobile(rng), "。", other, "的账号为", card(rng), "。\n")


def _letter(pen: _Pen) -> None:
    rng = pen.rng
    dead, driver, owner = pen.name(), pen.name(), pen.name()
    pen.put(
        "检察建议书\n某检建〔2026〕",
        str(rng.randint(1, 90)),
        "号\n某某市交通运输局：\n本院在办理",
        driver,
        "交通肇事案中发现，贵局在货运管理中存在漏洞。\n",
    )
    pen.put(
        "2026年2月1日，",
        driver,
        "驾驶",
        plate(rng),
        "重型货车与",
        dead,
        "驾驶的电动车相撞，致",
        dead,
        "死亡。车辆实际所有人",
        owner,
        "未投保，",
        owner,
        "辩称不知情。",
    )
    pen.put(
        "依据《中华人民共和国道路交通安全法》第十七条，建议加强监管。联系人：",
        pen.name(),
        "，电话",
        landline(rng),
        "。\n",
    )


def _hearing(pen: _Pen) -> None:
    rng = pen.rng
    applicant, agent, panel = pen.name(), pen.name(), [pen.official() for _ in range(3)]
    pen.put(
        "听证笔录\n主持人：",
        pen.official(),
        "\n听证员：",
        "、".join(panel),
        "\n申请人：",
        applicant,
        "，身份证号",
        id18(rng),
        "\n委托代理人：",
        agent,
        "，系申请人之兄，联系电话：",
        mobile(rng),
        "\n",
    )
    pen.put(
        "申请人",
        applicant,
        "：我不服原决定。\n",
        agent,
        "：补充一点，",
        applicant,
        "从未收到通知。\n主持人：请听证员评议。\n",
    )


def _roster(pen: _Pen) -> None:
    rng = pen.rng
    pen.put("姓名\t身份证号\t手机号\t银行卡号\n")
    for _ in range(5):
        pen.put(pen.name(), "\t", id18(rng), "\t", mobile(rng), "\t", card(rng), "\n")


def _civil(pen: _Pen) -> None:
    rng = pen.rng
    plaintiff, defendant, surety, third = pen.name(), pen.name(), pen.name(), pen.name()
    region, detail = address(rng)
    pen.put(
        "民事判决书\n（2026）浙0106民初",
        str(rng.randint(100, 9999)),
        "号\n原告：",
        plaintiff,
        "，",
        rng.choice("男女"),
        "，",
        birth(rng),
        "出生，住",
        region,
        detail,
        "，公民身份号码",
        id18(rng),
        "。\n被告：",
        defendant,
        "，",
        rng.choice("男女"),
        "，汉族。\n委托诉讼代理人：",
        pen.official(),
        "，浙江某某律师事务所律师。\n",
    )
    pen.put(
        "原告",
        plaintiff,
        "诉称，2025年6月，",
        defendant,
        "因经营需要向其借款20万元，",
        surety,
        "提供担保。",
        third,
        "转账至",
        defendant,
        "账户",
        card(rng),
        "。后",
        defendant,
        "、",
        surety,
        "均未归还。\n",
    )
    _civil_end(pen, plaintiff, defendant, third)


def _civil_end(
    pen: _Pen, plaintiff: tuple[str, str], defendant: tuple[str, str], third: tuple[str, str]
) -> None:
    pen.put(
        defendant,
        "辩称，该款系",
        third,
        "所借。本院认为，",
        plaintiff,
        "与",
        defendant,
        "之间借贷关系成立。\n审判长",
        pen.official(),
        "\n人民陪审员",
        pen.official(),
        "\n书记员",
        pen.official(),
        "\n",
    )


def _one_line(pen: _Pen) -> None:
    rng = pen.rng
    accused, second, victim = pen.name(), pen.name(), pen.name()
    pen.put(
        "某某县人民法院 刑事判决书 （2026）浙0328刑初",
        str(rng.randint(1, 400)),
        "号 公诉机关某某县人民检察院。 被告人",
        accused,
        "，绰号“阿六”，男，汉族。 辩护人",
        pen.official(),
        "，浙江某某律师事务所律师。 ",
    )
    pen.put(
        "经审理查明，2026年1月3日，被告人",
        accused,
        "伙同",
        second,
        "（另案处理）窜至",
        victim,
        "经营的超市，窃得香烟170余包。",
        second,
        "负责望风，",
        accused,
        "撬门入内，被",
        victim,
        "发现。 ",
    )
    pen.put(
        "以上事实，有被害人",
        victim,
        "的陈述、被告人",
        accused,
        "的供述等证据证实。 审判员",
        pen.official(),
        " 二〇二六年三月十一日 书记员",
        pen.official(),
        "\n",
    )


_FORMS: tuple[tuple[str, Callable[[_Pen], None]], ...] = (
    ("起诉书", _indictment), ("询问笔录", _questioning), ("来信", _complaint), ("未成年人案", _minor), ("词语姓名", _words_as_names),
    ("检察建议书", _letter), ("听证笔录", _hearing), ("表格", _roster), ("民事判决书", _civil), ("无换行判决书", _one_line),
)  # fmt: skip
