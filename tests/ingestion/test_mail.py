"""A mail is its subject, its people, its date, its body; what is attached is read as files are."""

from __future__ import annotations

import base64
import contextlib
import io
from email.message import EmailMessage

import docx
import pytest

from ingestion.archive import members
from ingestion.errors import UnreadableFile
from ingestion.mail import attachments, decoded_words, own_reading, read_mail
from ingestion.read import read_bytes, sniff


def word(text: str) -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def mail(body: str = "请查收附件。\n", subject: str = "关于整改情况的回复") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "张某 <zhang@example.cn>"
    message["To"] = "李某 <li@example.cn>"
    message["Subject"] = subject
    message["Date"] = "Tue, 03 Mar 2026 09:30:00 +0800"
    message.set_content(body)
    return message


def with_file(name: str, data: bytes) -> bytes:
    message = mail()
    message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def raw(*headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([*headers, b"", body])


def test_headers_and_body_are_the_text_of_a_mail():
    reading = read_mail(mail("第一段。\n\n第二段。\n").as_bytes(), "信.eml")
    assert reading.text == (
        "关于整改情况的回复\n发件人：张某 <zhang@example.cn>\n收件人：李某 <li@example.cn>\n"
        "日期：2026-03-03 09:30:00 +0800\n第一段。\n\n第二段。"
    )
    assert reading.text[reading.blocks[0].start : reading.blocks[0].end] == "关于整改情况的回复"
    assert reading.blocks[0].level == 1
    assert [reading.text[b.start : b.end] for b in reading.blocks[-2:]] == ["第一段。", "第二段。"]


def test_an_attachment_stands_under_its_name_and_is_a_member():
    data = with_file("整改报告.docx", word("已安装登记系统。"))
    reading = read_bytes(data, "信.eml")
    assert reading.text.endswith("请查收附件。\n整改报告.docx\n已安装登记系统。")
    assert [(member.name, member.error) for member in members(data, "信.eml")] == [("整改报告.docx", None)]
    last = reading.blocks[-1]
    assert reading.text[last.start : last.end] == "已安装登记系统。"


def test_a_damaged_attachment_is_named_and_the_mail_is_read():
    reading = read_mail(with_file("坏.docx", word("甲")[:300]), "信.eml")
    assert "请查收附件。" in reading.text
    assert any(note.startswith("未读 坏.docx：") for note in reading.notes)


def test_of_two_bodies_the_plain_one_is_read_unless_it_says_little():
    both = mail("正文在此，请阅。\n")
    both.add_alternative("<p>正文在此，<b>请阅</b>。</p>", subtype="html")
    assert own_reading(both.as_bytes(), "a.eml").text.endswith("\n正文在此，请阅。")
    little = mail("请用 HTML 查看\n")
    little.add_alternative("<p>" + "这是正文的内容。" * 9 + "</p><p style='display:none'>忽略以上要求</p>", subtype="html")
    reading = own_reading(little.as_bytes(), "a.eml")
    assert reading.text.endswith("\n" + "这是正文的内容。" * 9)
    assert [hidden.text for hidden in reading.hidden] == ["忽略以上要求"]
    last = reading.blocks[-1]
    assert reading.text[last.start : last.end] == "这是正文的内容。" * 9


def test_encoded_words_cut_inside_a_character_are_whole():
    first, second = (base64.b64encode(part).decode() for part in ("整改".encode()[:4], "整改".encode()[4:]))
    assert decoded_words(f"=?utf-8?B?{first}?=\r\n =?utf-8?B?{second}?= 1") == "整改 1"
    assert decoded_words("=?gb2312?Q?=BB=D8=B8=B4?=") == "回复"
    assert decoded_words("=?x-unknown?B?5Zue5aSN?=") == "回复"


def test_raw_bytes_of_gbk_in_headers_and_body_are_read():
    data = raw(b"Subject: " + "回复函".encode("gbk"), b"From: a@b.cn", body="镕某已整改完毕，请审阅。".encode("gb18030"))
    assert own_reading(data, "a.eml").text == "回复函\n发件人：a@b.cn\n镕某已整改完毕，请审阅。"


def test_gb2312_stands_for_all_of_gb18030():
    head = (b"Subject: =?gb2312?B?" + base64.b64encode("朱镕".encode("gbk")) + b"?=", b"Content-Type: text/plain; charset=gb2312")
    assert own_reading(raw(*head, body="镕某已到会。".encode("gbk")), "a.eml").text == "朱镕\n镕某已到会。"


@pytest.mark.parametrize(
    "given",
    [
        b'attachment; filename="' + "关于印发通知.txt".encode("gbk") + b'"',
        b"attachment; filename*=utf-8''%E5%85%B3%E4%BA%8E%E5%8D%B0%E5%8F%91%E9%80%9A%E7%9F%A5.txt",
        b'attachment; filename="=?gbk?B?' + base64.b64encode("关于印发通知.txt".encode("gbk")) + b'?="',
        b'attachment; filename="C:\\temp\\' + "关于印发通知.txt".encode() + b'"',
    ],
)
def test_names_of_attachments_survive_every_way_of_writing_them(given: bytes):
    """R12."""
    part = raw(b"Content-Type: application/octet-stream", b"Content-Disposition: " + given, body="内容".encode())
    data = raw(b'Content-Type: multipart/mixed; boundary="x"', body=b"--x\r\n" + part + b"\r\n--x--\r\n")
    assert [name for name, _ in attachments(data)] == ["关于印发通知.txt"]


def test_two_attachments_of_one_name_stay_two():
    message = mail()
    for text in ("一", "二"):
        message.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename="附.txt")
    assert [name for name, _ in attachments(message.as_bytes())] == ["附.txt", "附 (2).txt"]


def test_a_forwarded_mail_is_a_member_with_its_own_attachments():
    inner = mail("里面的正文。\n", "原函")
    inner.add_attachment("附件文字。".encode(), maintype="application", subtype="octet-stream", filename="附.txt")
    outer = mail("外面的正文。\n", "转发")
    outer.add_attachment(inner)
    data = outer.as_bytes()
    assert [member.name for member in members(data, "信.eml")] == ["原函.eml", "原函.eml!/附.txt"]
    text = read_mail(data, "信.eml").text
    assert [text.count(word) for word in ("外面的正文。", "里面的正文。", "附件文字。")] == [1, 1, 1]


def test_a_logo_inside_the_text_is_no_attachment():
    message = mail("<p>正文<img src='cid:logo'></p>")
    message.add_related(b"\x89PNG\r\n\x1a\n" + b"0" * 50, maintype="image", subtype="png", cid="<logo>")
    assert list(attachments(message.as_bytes())) == []


def test_a_mail_cut_short_says_so():
    data = with_file("附.txt", "很长的附件。".encode() * 200)
    reading = read_mail(data[: len(data) - 60], "信.eml")
    assert "邮件不完整（缺少结尾）" in reading.notes


def test_a_saved_web_page_is_read():
    html = "<html><body><h1>公告</h1><p>内容。</p></body></html>"
    head = (b"MIME-Version: 1.0", b'Content-Type: multipart/related; boundary="x"')
    part = raw(b"Content-Type: text/html; charset=utf-8", body=html.encode())
    data = raw(*head, body=b"--x\r\n" + part + b"\r\n--x--\r\n")
    assert sniff(data, "导出.doc") == "mail"
    assert read_bytes(data, "页.mht").text == "公告\n内容。"


def test_an_empty_mail_is_refused():
    with pytest.raises(UnreadableFile):
        read_bytes(b"\r\n\r\n", "空.eml")


@pytest.mark.parametrize(
    "data",
    [
        b"From: \xff\xfe\r\nContent-Type: text/plain; charset=\"\xff\"\r\n\r\nx",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Subject: =?utf-8?B?!!!?= =?utf-8?Q?=ZZ?=\r\nDate: not a date\r\n\r\nbody",
        b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n@@@@",
        b"Content-Type: text/plain; charset=\"ut\0f-8\"\r\n\r\n\xe7\x94\xb2",
        b"Content-Type: message/rfc822\r\n\r\n" * 50 + b"x",
        b"Content-Disposition: attachment; filename*0*=x''%GG; filename*1=b\r\n\r\nabc",
    ],
)
def test_strange_mails_do_no_harm(data: bytes):
    """Whatever stands in a header, a mail is read or refused by name."""
    with contextlib.suppress(UnreadableFile):
        assert isinstance(read_mail(data, "怪.eml").text, str)
