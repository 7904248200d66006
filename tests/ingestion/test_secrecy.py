from __future__ import annotations

from pathlib import Path

import pytest
from realdata import missing, real

from ingestion.errors import SecretFile
from ingestion.secrecy import marking, refuse_secret

BODY = "某某人民检察院文件\n某检发〔2026〕5号\n关于开展专项监督的通知\n各部门：\n现将有关事项通知如下。\n"
LONG = BODY + "请认真执行。\n" * 40

# forty ways in which documents bear a marking (GB/T 9704-2012, 7.2.2, and what is seen in practice)
MARKED = [
    "机密★10年\n" + BODY,
    "绝密★30年\n" + BODY,
    "秘密★5年\n" + BODY,
    "秘密★长期\n" + BODY,
    "绝密★启用前\n" + BODY,
    "机密★1个月\n" + BODY,
    "秘密★十年\n" + BODY,
    "机密★\n" + BODY,
    "机密☆10年\n" + BODY,
    "机密⋆10年\n" + BODY,
    "机密*10年\n" + BODY,
    "机密＊10年\n" + BODY,
    "机密※10年\n" + BODY,
    "机密⭐️10年\n" + BODY,
    "机密★１０年\n" + BODY,
    "机　密★10年\n" + BODY,
    "机 密 ★ 1 0 年\n" + BODY,
    "机　密　★　十　年\n" + BODY,
    "秘密 5年\n" + BODY,
    "秘密　5年\n" + BODY,
    "秘密（5年）\n" + BODY,
    "秘密·5年\n" + BODY,
    "机密级★10年\n" + BODY,
    "000123\n机密★10年\n特急\n" + BODY,
    "000123  机密★10年\n" + BODY,
    "机密★10年　　　　　　特急\n" + BODY,
    "机密★10年\t\t编号：000123\n" + BODY,
    "密级：机密\n" + BODY,
    "密级：秘密★5年\n" + BODY,
    "密级\t绝密\n" + BODY,
    "【机密】\n" + BODY,
    "（秘密）\n" + BODY,
    "绝密\n" + BODY,
    "机　密\n" + BODY,
    "\n\n  秘 密  \n" + BODY,
    "机\n密\n★\n10年\n" + BODY,
    BODY + "附件\n机密★至2030年12月31日\n名单\n" + "张某\n" * 30,
    LONG + "机密★10年\n",  # a header, put at the end by the reader
    LONG + "机密\n— 1 —",
    "机密★10年 某某人民检察院 关于开展专项监督的通知 各部门： 现将有关事项通知如下。",
]

SPEAKING = [
    "中华人民共和国保守国家秘密法\n第一章 总则\n第十四条 国家秘密的密级分为绝密、机密、秘密三级。\n",
    "第十四条 绝密级国家秘密是最重要的国家秘密，泄露会使国家安全和利益遭受特别严重的损害。\n",
    "绝密级国家秘密载体应当在符合国家保密标准的设施、设备中保存。\n机密级以上的由专人管理。",
    "被告人李某犯侵犯商业秘密罪，判处有期徒刑三年。",
    "商业秘密\n一、技术信息\n二、经营信息",
    "涉案文件首页标有“机密★10年”字样，经鉴定属机密级国家秘密。",
    "查获标注机密★20年的文件3份、秘密★5年的文件1份。",
    "（二）绝密级、机密级、秘密级国家秘密的保密期限分别不超过30年、20年、10年。",
    "保密期限：绝密级事项不超过三十年\n机密级事项不超过二十年\n秘密级事项不超过十年",
    BODY + "第二章\n国家秘密的范围和密级\n" + BODY,
    BODY + "问：文件是什么级别？\n答：\n机密\n" + BODY,
    "密级：公开\n" + BODY,
    "密级：无\n" + BODY,
    BODY + "序号\t文件\t密级\n1\t甲文件\t机密★10年\n2\t乙文件\t秘密\n3\t丙\t丁\n以上三份\n共三份\n以下空白",
    "工作秘密\n" + BODY,
    "内部资料 注意保存\n" + BODY,
    "机密性、完整性、可用性\n" + BODY,
    "秘密拘捕\n" + BODY,
    "",
]


def test_there_are_forty_marked_variants():
    assert len(set(MARKED)) == 40


@pytest.mark.parametrize("text", MARKED)
def test_a_document_that_bears_a_marking_is_refused(text):
    found = marking(text)
    assert found is not None
    assert found.level in ("绝密", "机密", "秘密")
    with pytest.raises(SecretFile, match="第三十一条"):
        refuse_secret(text, "通知.docx")


@pytest.mark.parametrize("text", SPEAKING)
def test_a_text_that_merely_speaks_of_secrets_is_not_refused(text):
    assert marking(text) is None


def test_the_marking_points_at_its_place():
    text = "000123\n  机密★10年\n" + BODY
    found = marking(text)
    assert found is not None
    assert text[found.start : found.end] == "机密★10年"


def test_the_marking_of_a_text_without_line_ends_points_at_its_place():
    text = " 机 密★10年 某某人民检察院 关于开展专项监督的通知"
    found = marking(text)
    assert found is not None
    assert text[found.start : found.end] == "机 密★10年"


def test_a_header_that_is_not_in_the_text_counts_as_well():
    assert marking(LONG) is None
    assert marking(LONG, ("机 密",)) is not None
    assert marking(LONG, ("某某人民检察院",)) is None


def test_the_refusal_names_file_reason_and_what_to_do_and_nothing_of_the_text():
    with pytest.raises(SecretFile) as raised:
        refuse_secret("机密★10年\n" + BODY, "通知.docx")
    assert raised.value.path == "通知.docx"
    assert "机密★10年" in raised.value.cause
    assert "保密工作机构" in raised.value.advice
    assert "专项监督" not in str(raised.value)


def data(folder: str) -> list[Path]:
    """The files of real data."""
    place = real(folder)
    files = sorted(path for path in place.rglob("*") if path.is_file()) if place else []
    if not files:
        pytest.skip(missing(folder))
    return files


@pytest.mark.parametrize("folder", ["laws", "judgments"])
def test_no_norm_and_no_judgment_is_refused(folder):
    refused = [
        path.name for path in data(folder) if marking(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert refused == []
