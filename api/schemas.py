"""The shapes of the contract as models, so that OpenAPI tells all of them; `api/shapes.py` fills them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from assistant.reply import Grounding, LetterType, Support
from indexes.hit import FoundBy, LawStatus
from indexes.index import By
from ingestion.document import Kind

DocumentState = Literal["read", "searchable", "complete"]
FillingState = Literal["idle", "filling", "waiting", "trouble", "stopped"]
View = Literal["final", "original", "marked"]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_day(value: object) -> object:
    seconds = isinstance(value, int | float)  # pydantic would take it for those since 1970
    if seconds or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise ValueError("日期请写成 2026-01-31 的样子")
    return value


Day = Annotated[
    date, BeforeValidator(_iso_day), WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-01-31"]})
]

_LAW, _QUOTE = "中华人民共和国未成年人保护法", "湖畔快捷旅馆前台未登记同住人员的身份信息。"


class Shape(BaseModel):
    """An answer; fields may be added to it (contract), so none is dropped."""

    model_config = ConfigDict(extra="allow")


class Question(BaseModel):
    """A request; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Problem(Shape):
    """出错时的回答（RFC 9457，application/problem+json）。"""

    type: str = Field(description="错误的种类，供程序判断。", examples=["urn:gongzhi:not-there"])
    title: str = Field(description="错误的名称。", examples=["没有找到"])
    status: int = Field(description="HTTP 状态码。", examples=[404])
    detail: str = Field(description="出了什么事，怎么办。", examples=["没有案件 2026-0999。请检查编号，或先新建案件并上传材料。"])
    errors: list[dict[str, str]] = Field(
        default=[], description="请求中每一处写错的地方。", examples=[[{"where": "as_of", "why": "日期请写成 2026-01-31 的样子"}]]
    )


# -- documents and cases -------------------------------------------------------------------------------


class Similar(Shape):
    """一份文字相近的文件。"""

    id: str = Field(description="文件的 id。", examples=["0ae8dcaaf87bbd3d"])
    likeness: float = Field(description="两份文字的重合程度，0 至 1。", examples=[0.82])


class AddedFile(Shape):
    """一份已添加的文件。"""

    id: str = Field(description="文件的 id（由内容决定）。", examples=["0ae8dcaaf87bbd3d"])
    path: str = Field(description="文件名。", examples=["刑事判决书.docx"])
    kind: Kind = Field(description="种类。")
    subtype: str = Field(description="细类。", examples=["判决书"])
    title: str = Field(description="标题。", examples=["刑事判决书"])
    passages: int = Field(description="分成多少段供检索。", examples=[17])
    duplicate_of: list[str] = Field(default=[], description="文字相同、早已在库中的文件的 id。", examples=[[]])
    duplicates: list[str] = Field(default=[], description="文字相同、后来添加的文件的 id。", examples=[[]])
    similar_to: list[Similar] = Field(default=[], description="文字相近的文件，最近的在前。", examples=[[]])


class KnownFile(Shape):
    """一份早已在库中的文件。"""

    id: str = Field(description="文件的 id。", examples=["0ae8dcaaf87bbd3d"])
    path: str = Field(description="文件名。", examples=["刑事判决书.docx"])


class FailedFile(Shape):
    """一份没有添加成的文件。"""

    path: str = Field(description="文件名。", examples=["截断.docx"])
    cause: str = Field(description="原因。", examples=["文件损坏或不完整（压缩结构打不开）"])
    advice: str = Field(description="怎么办。", examples=["请重新下载或向来源重新索取；能打开时请另存为新文件再添加"])
    page: int | None = Field(default=None, description="出错的页；不知道时为空。")


class AddReport(Shape):
    """上传的结果：每份文件要么已添加，要么早已在库中，要么失败并说明原因。"""

    added: list[AddedFile] = Field(description="新添加的文件。")
    already: list[KnownFile] = Field(description="早已在库中的文件。")
    failed: list[FailedFile] = Field(description="没有添加成的文件。")


class Entry(Shape):
    """文件列表中的一行。"""

    id: str = Field(description="文件的 id。", examples=["0ae8dcaaf87bbd3d"])
    path: str = Field(description="文件存放的位置。")
    kind: Kind = Field(description="种类。")
    subtype: str = Field(description="细类。", examples=["判决书"])
    title: str = Field(description="标题。", examples=["刑事判决书"])
    case: str | None = Field(description="案件编号。", examples=["2026-0117"])
    added_at: str = Field(description="添加时间。", examples=["2026-09-01T08:30:00.000000+00:00"])
    state: DocumentState = Field(description="已读取、可按词检索、可按语义检索。")
    duplicate_of: list[str] = Field(default=[], description="文字相同、比它早添加的文件的 id。", examples=[[]])
    duplicates: list[str] = Field(default=[], description="文字相同、比它晚添加的文件的 id。", examples=[[]])
    similar_to: list[Similar] = Field(default=[], description="文字相近的文件，最近的在前。", examples=[[]])


class Documents(Shape):
    """文件列表。"""

    documents: list[Entry] = Field(description="按添加时间排列，最新的在后。")


class Block(Shape):
    """一个段落、标题或单元格在全文中的位置。"""

    start: int = Field(description="起点（按字计，含）。")
    end: int = Field(description="终点（不含）。")
    level: int = Field(description="0 为正文，1 起为各级标题。")
    page: int | None = Field(description="页码；没有页的格式为空。")
    confidence: float | None = Field(None, description="文字由图像识别时的把握，0 到 1；低于 0.8 须对照原件；不是识别的为空。", examples=[None])


class DocumentText(Shape):
    """一份文件的全文；所有出处的起止位置都按这份全文计字。"""

    id: str = Field(description="文件的 id。", examples=["0ae8dcaaf87bbd3d"])
    title: str = Field(description="标题。", examples=["刑事判决书"])
    text: str = Field(description="全文。", examples=[_QUOTE])
    blocks: list[Block] = Field(description="段落、标题与单元格。")
    fields: dict[str, list[dict[str, Any]]] = Field(
        description="认出的要素（案号、文号等）及其位置。", examples=[{"案号": [{"value": "（2026）浙0102刑初17号", "start": 8, "end": 25}]}]
    )
    changes: list[dict[str, Any]] = Field(description="修订：增、删、移动，及作者与日期。", examples=[[]])
    hidden: list[dict[str, str]] = Field(description="看不见的文字，不作为依据。", examples=[[]])


class Removed(Shape):
    """移除的结果。"""

    removed: list[str] = Field(description="已移除的 id。", examples=[["0ae8dcaaf87bbd3d"]])
    missing: list[str] = Field(description="找不到的 id。", examples=[[]])


class NewCase(Question):
    """新建一个案件。"""

    name: str = Field(description="案件编号，不超过 64 个字。", examples=["2026-0117"])


class Case(Shape):
    """一个案件。"""

    case: str = Field(description="案件编号。", examples=["2026-0117"])
    documents: int = Field(description="有几份材料。", examples=[5])
    states: dict[DocumentState, int] = Field(description="各种读取状态的份数。", examples=[{"searchable": 2, "complete": 3}])
    changed_at: str = Field(description="最近一次新建或添加的时间。", examples=["2026-09-01T08:30:00.000000+00:00"])


class Cases(Shape):
    """案件列表，最近有变动的在前。"""

    cases: list[Case] = Field(description="案件。")


# -- search and ask ------------------------------------------------------------------------------------


class Search(Question):
    """检索。"""

    query: str = Field(min_length=1, max_length=20_000, description="要找什么。", examples=["旅馆接待未成年人未登记"])
    k: int = Field(10, ge=1, le=1_000, description="最多几条。")
    kind: Kind | None = Field(None, description="只找这一种类；法律法规写 regulation。")
    case: str | None = Field(None, description="只在这个案件里找。", examples=["2026-0117"])
    as_of: Day | None = Field(None, description="法律以哪一天为准；不写则为今天。")
    by: By = Field("both", description="按词、按语义，或两者。")
    in_force: bool = Field(False, description="法律只看当日有效的。")
    office: str | None = Field(None, description="只找这个单位的材料。")
    year: int | None = Field(None, description="只找这一年的：规范按文本日期，其他按落款日期或文号。", examples=[2024])
    level: list[str] = Field([], max_length=10, description="只找这些效力层级的规范。", examples=[["法律", "司法解释"]])


class Hit(Shape):
    """检索到的一段。"""

    document_id: str = Field(description="文件的 id。", examples=["0ae8dcaaf87bbd3d"])
    title: str = Field(description="文件的标题。", examples=["刑事判决书"])
    kind: Kind = Field(description="种类。")
    law: str | None = Field(description="法律的全称（不带书名号）；不是法律则为空。", examples=[_LAW])
    article: str | None = Field(description="条号。", examples=["第五十七条"])
    status: LawStatus | None = Field(description="该条在所问日期的效力。")
    case: str | None = Field(description="案件编号。")
    start: int = Field(description="起点（按字计，含）。", examples=[120])
    end: int = Field(description="终点（不含）。", examples=[141])
    quote: str = Field(description="原文，等于全文[start:end]。", examples=[_QUOTE])
    score: float = Field(description="得分，高者在前。", examples=[0.032787])
    found_by: list[FoundBy] = Field(description="按词、语义或条号找到。")
    confidence: float | None = Field(None, description="文字由图像识别时的把握，0 到 1；低于 0.8 须对照原件；不是识别的为空。", examples=[None])


class Hits(Shape):
    """检索结果。"""

    query: str = Field(description="所检索的。", examples=["旅馆接待未成年人未登记"])
    ready: float = Field(description="语义索引的完成比例，0 到 1。", examples=[1.0])
    hits: list[Hit] = Field(description="最相关的在前。")


class Ask(Question):
    """提问。"""

    question: str = Field(min_length=1, max_length=20_000, description="问题。", examples=["涉案旅馆在登记住客上有什么问题？"])
    case: str | None = Field(None, description="只依据这个案件的材料与法律。", examples=["2026-0117"])
    as_of: Day | None = Field(None, description="法律以哪一天为准；不写则为今天。")


class Citation(Shape):
    """一处出处，由程序按原文核对。"""

    number: int = Field(description="文中的编号。", examples=[1])
    document_id: str = Field(description="文件的 id；库中没有则为空。", examples=["0ae8dcaaf87bbd3d"])
    title: str = Field(description="文件的标题。", examples=["刑事判决书"])
    law: str | None = Field(description="法律的全称。", examples=[_LAW])
    article: str | None = Field(description="条号。", examples=["第五十七条"])
    start: int = Field(description="起点（按字计，含）。", examples=[120])
    end: int = Field(description="终点（不含）。", examples=[141])
    quote: str = Field(description="原文。", examples=[_QUOTE])
    status: LawStatus = Field(description="核实情况；只有 verified 算核实。")
    confidence: float | None = Field(None, description="文字由图像识别时的把握，0 到 1；低于 0.8 须对照原件；不是识别的为空。", examples=[None])


class AnswerSentence(Shape):
    """回答中的一句。"""

    start: int = Field(description="在回答中的起点。", examples=[0])
    end: int = Field(description="终点（不含）。", examples=[25])
    citations: list[int] = Field(description="所依据的出处编号。", examples=[[1]])
    support: Support = Field(description="supported 有依据，unverified 待核实。")


class Answer(Shape):
    """回答；没有依据时 grounding 为 none，并在 missing 中说明缺什么。"""

    text: str = Field(description="回答全文，[1] 为出处编号。", examples=[f"《刑事判决书》载明：“{_QUOTE}”[1]"])
    grounding: Grounding = Field(description="每句有依据、部分有依据、没有依据。")
    missing: str = Field(description="缺什么、到哪里找。", examples=[""])
    citations: list[Citation] = Field(description="出处。")
    sentences: list[AnswerSentence] = Field(description="逐句的依据。")


# -- drafts --------------------------------------------------------------------------------------------


class DraftSentence(Shape):
    """文书中的一句及其依据。"""

    text: str = Field(description="句子。", examples=["经查，湖畔快捷旅馆前台未登记同住人员的身份信息。"])
    support: Support = Field(description="supported 有依据，unverified 待核实。")
    basis: str = Field(description="格式用语或期限的依据。", examples=[""])
    citations: list[Citation] = Field(description="出处。")


class DraftSection(Shape):
    """文书的一部分。"""

    heading: str = Field(description="标题；首部为空。", examples=["一、基本事实"])
    sentences: list[DraftSentence] = Field(description="逐句。")
    gaps: list[str] = Field(description="还缺什么。", examples=[["案件材料中没有找到被建议单位的整改情况"]])


class NewDraft(Question):
    """起草检察建议书。"""

    case: str = Field(min_length=1, max_length=200, description="案件编号。", examples=["2026-0117"])
    to: str = Field(min_length=1, max_length=200, description="被建议单位全称。", examples=["临江市公安局望湖分局"])
    type: LetterType = Field("governance", description="检察建议的类型。")
    on: Day | None = Field(None, description="文书日期；不写则为今天。")
    polish: bool = Field(False, description="由语言模型润色句子（须已设置模型）；改变原意的改写不会采用。")


class Draft(Shape):
    """一份起草好的检察建议书。"""

    id: str = Field(description="草稿编号。", examples=["5f0c6a0f4e1b2d3c"])
    case: str = Field(description="案件编号。", examples=["2026-0117"])
    created_at: str = Field(description="起草时间。", examples=["2026-09-01T08:30:00.000000+00:00"])
    addressee: str = Field(description="被建议单位。", examples=["临江市公安局望湖分局"])
    date: str = Field(description="文书日期。", examples=["2026-09-01"])
    file: str = Field(description="下载检察建议书（.docx）的地址。", examples=["/api/v1/drafts/5f0c6a0f4e1b2d3c/letter"])
    annex: str = Field(description="下载证据附表（.docx）的地址。", examples=["/api/v1/drafts/5f0c6a0f4e1b2d3c/annex"])
    kind: str = Field(description="文书种类。", examples=["suggestion"])
    letter_type: LetterType = Field(description="检察建议的类型。")
    sections: list[DraftSection] = Field(description="各部分。")
    notes: list[str] = Field(description="给起草人的说明（如润色采用了几句），不写入文书。", examples=[[]])
    findings: list[dict[str, Any]] = Field(description="核查发现的问题。", examples=[[]])
    results: list[dict[str, Any]] = Field(description="各项核查的结果。", examples=[[]])


class DraftLine(Shape):
    """草稿列表中的一行。"""

    id: str = Field(description="草稿编号。", examples=["5f0c6a0f4e1b2d3c"])
    case: str = Field(description="案件编号。", examples=["2026-0117"])
    created_at: str = Field(description="起草时间。", examples=["2026-09-01T08:30:00.000000+00:00"])
    addressee: str = Field(description="被建议单位。", examples=["临江市公安局望湖分局"])
    letter_type: LetterType = Field(description="检察建议的类型。")
    title: str = Field(description="标题。", examples=["检察建议书"])
    date: str = Field(description="文书日期。", examples=["2026-09-01"])
    gaps: int = Field(description="还缺几处。", examples=[2])


class Drafts(Shape):
    """草稿列表，最新的在前。"""

    drafts: list[DraftLine] = Field(description="草稿。")


# -- issues --------------------------------------------------------------------------------------------


class FindIssues(Question):
    """查找社会治理问题：写案件编号或文件 id，二者选一。"""

    case: str | None = Field(None, max_length=200, description="案件编号。", examples=["2026-0117"])
    document_id: str | None = Field(None, max_length=64, description="文件的 id。", examples=[None])
    on: Day | None = Field(None, description="法律以哪一天为准；不写则为今天。")


class Duty(Shape):
    """一项职责及其条文。"""

    law: str = Field(description="法律的全称。", examples=[_LAW])
    article: str = Field(description="条号。", examples=["第五十七条"])
    status: LawStatus = Field(description="该条在所问日期的效力。")


class Finding(Shape):
    """一个社会治理问题；供人判断，不是结论。"""

    type: str = Field(description="问题的类型。", examples=["旅馆违规接待未成年人"])
    field: str = Field(description="所属领域。", examples=["未成年人保护"])
    reason: str = Field(description="为什么提示，及先查什么。", examples=["3 份材料中有 5 处文字反映“旅馆违规接待未成年人”。个案，先调查"])
    citations: list[Citation] = Field(description="依据的原文。")
    unit: list[str] = Field(description="可能的被建议单位。", examples=[["公安机关", "旅馆"]])
    duty: list[Duty] = Field(description="有关职责。")
    measures: list[str] = Field(description="通常的措施，供选择。", examples=[["督促落实五必须"]])
    route: str = Field(description="通常的办法。", examples=["检察建议"])
    confidence: float = Field(description="线索的强度，0 到 1，不是概率。", examples=[0.8])
    scope: Literal["single", "pattern"] = Field(description="single 个案、先调查；pattern 类案。")


class Findings(Shape):
    """查找的结果。"""

    findings: list[Finding] = Field(description="可以提示的问题，线索强的在前。")
    doubtful: list[Finding] = Field(description="线索不足的，不作提示。")


# -- health ------------------------------------------------------------------------------------


class Health(Shape):
    """服务与索引的状态。"""

    state: FillingState = Field(
        description="idle 已全部完成，filling 正在建立，waiting 另一个进程在建立，trouble 遇到问题，stopped 已停止。"
    )
    trouble: str = Field(description="遇到的问题与办法；没有则为空。", examples=[""])
    texts: int = Field(description="共多少段。", examples=[60])
    with_words: int = Field(description="可按词检索的段数。", examples=[60])
    with_vector: int = Field(description="可按语义检索的段数。", examples=[60])
    ready: float = Field(description="语义索引的完成比例，0 到 1。", examples=[1.0])
