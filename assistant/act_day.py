"""When the act of a case was done, as its judgments and charges tell: the day whose law an act is judged by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from ingestion.dates import DATE, as_date
from ingestion.document import Document

WITHIN = 400  # characters behind the words that open the facts, in which the first day is the act's
_FACTS = re.compile(r"(?:审理|审查|侦查|调查|经依法)?查明[：:，,]|指控[：:，,]|(?:犯罪|违法)事实(?:如下)?[：:，,]")
_OTHER = re.compile(r"出生|生于|立案|受理|起诉|判决|判处|逮捕|拘留|刑满|释放|成立|登记|注册|通过|施行|公布")
_BEFORE, _BEHIND = 6, 14


def act_day(document: Document) -> date | None:
    """The first day that the facts of a case paper name, if it lies before the paper's own; None where none does."""
    own = next((day for field in document.fields if field.name == "日期" and (day := as_date(field.value))), None)
    days = []
    for facts in _FACTS.finditer(document.text):
        for found in DATE.finditer(document.text, facts.end(), facts.end() + WITHIN):
            day = as_date("".join(found.group().split()))
            before = re.split(r"[。；，：]", document.text[max(facts.end(), found.start() - _BEFORE) : found.start()])[-1]
            around = before + re.split(r"[。；]", document.text[found.end() : found.end() + _BEHIND])[0]
            if day is not None and (own is None or day < own) and not _OTHER.search(around):
                days.append(day)
                break
    return min(days, default=None)


def act_hint(documents: Iterable[Document], today: date) -> str:
    """An offer to look at the law of the day of the act; "" where no paper tells it, or it is that of today."""
    days = [day for one in documents if one.kind == "case" and (day := act_day(one)) is not None and day < today]
    if not days:
        return ""
    return f"案卷事实部分最早的日期是 {min(days)}，请核对是否为行为时间；要看当时的法律，请加 --as-of {min(days)}。"
