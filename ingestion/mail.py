"""A mail (.eml, .mht) becomes a Reading: subject, addresses, date, body; attachments are its members."""

from __future__ import annotations

import base64
import binascii
import email
import email.errors
import email.header
import email.policy
import email.utils
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import PurePath

from ingestion.clean import Pen
from ingestion.document import NOTHING_READ, Block, Hidden, Reading, Readings
from ingestion.errors import ReadingError, UnreadableFile
from ingestion.plain import decode

_HEADERS = (("From", "发件人"), ("To", "收件人"), ("Cc", "抄送"), ("Bcc", "密送"), ("Date", "日期"))
_WORD = re.compile(r"=\?([\w-]{1,30})(?:\*[\w-]*)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"(=\?[\w*-]{1,45}\?[bBqQ]\?[^?\s]*\?=)\s+(?==\?)")
_RAW_NAME = re.compile(r"""\b(?:file)?name\s*=\s*(?:"([^"\r\n]*)"|([^";\s]+))""", re.I)
_SMALL = 10 * 1024  # bytes: a picture inside the text below this is ornament
_MAX_PARTS = 2_000
_SUFFIXES = {
    "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "application/pdf": ".pdf", "application/zip": ".zip",
    "image/png": ".png", "image/jpeg": ".jpg", "image/tiff": ".tif", "image/bmp": ".bmp", "message/rfc822": ".eml",
}


def read_mail(data: bytes, name: str, already: Readings = NOTHING_READ) -> Reading:
    """Read a mail: its own text, and behind it the text of its attachments, each under its name.

    Raises UnreadableFile, and whatever the secrecy gate raises for an attachment.
    """
    from ingestion.archive import with_members

    return with_members(own_reading(data, name), data, name, already)


def own_reading(data: bytes, name: str) -> Reading:
    """Read a mail without its attachments: the subject as heading, who wrote to whom and when, the body.

    Of a body sent as plain text and as HTML the plain one is read, unless it says much less than the other.
    """
    message = _parsed(data)
    if not message.keys() and message.get_content_type() == "text/plain" and not _text(message, name).strip():
        raise UnreadableFile(name, "邮件是空的", "请在邮件软件里重新导出 .eml 再添加")
    pen = Pen()
    subject = header(message, "Subject")
    if subject:
        pen.put(subject, level=1)
        pen.end("\n")
    for field, label in _HEADERS:
        if value := _shown(message, field):
            pen.put(f"{label}：{value}")
            pen.end("\n")
    body, notes = _body(message, name)
    attached = [path for path, _ in attachments(data)]
    start = pen.put(body.text) if body.text.strip() else 0
    blocks = tuple(pen.blocks if not body.text.strip() else pen.blocks[:-1]) + _moved(body.blocks, start)
    if attached:
        notes += (f"附件 {len(attached)} 个：{'、'.join(attached[:20])}",)
    return Reading(pen.text, blocks, hidden=body.hidden, notes=(*notes, *body.notes))


def attachments(data: bytes) -> Iterator[tuple[str, bytes | ReadingError]]:
    """Yield the attachments of a mail by name, a mail that was forwarded as one of them (.eml).

    Small pictures that the text shows inside it (logos, signatures) are passed over.
    """
    message = _parsed(data)
    bodies = {id(part) for part in _bodies(message)}
    taken: set[str] = set()
    for number, part in enumerate(_leaves(message), 1):
        if id(part) in bodies:
            continue
        content = _content(part)
        inside = part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
        if inside and part.get_content_maintype() == "image" and len(content) < _SMALL:
            continue
        name = _unused(_name(part, number), taken)
        taken.add(name)
        yield name, content if content else UnreadableFile(name, "附件是空的（0 字节）", "请在邮件软件里另存附件再添加")


def header(message: Message, field: str) -> str:
    """Return a header as people read it: encoded words decoded, bytes beyond ASCII as UTF-8 or GB18030."""
    raw = next((value for key, value in message.raw_items() if key.lower() == field.lower()), "")
    return decoded_words(str(raw))


def decoded_words(raw: str) -> str:
    """Return the text of a header's value; a character cut in two by the end of an encoded word is whole again."""
    text = _unescaped(raw)
    text = _BETWEEN.sub(r"\1", re.sub(r"\r?\n[ \t]*", " ", text))
    out: list[str] = []
    at = 0
    held, charset = b"", ""
    for match in _WORD.finditer(text):
        if held and (match.start() > at or match[1].lower() != charset):
            out.append(_as_text(held, charset))
            held = b""
        out.append(text[at : match.start()])
        held, charset, at = held + _word_bytes(match), match[1].lower(), match.end()
    out += [_as_text(held, charset) if held else "", text[at:]]
    return re.sub(r"[\x00-\x1f\x7f]+", " ", "".join(out)).strip()


def _unescaped(raw: str) -> str:
    """Return text whose bytes beyond ASCII the parser kept as surrogates."""
    data = raw.encode("utf-8", "surrogateescape")
    return _as_text(data, "utf-8")


def _word_bytes(match: re.Match[str]) -> bytes:
    if match[2] in "bB":
        bare = re.sub(r"[^A-Za-z0-9+/]", "", match[3])
        try:
            return base64.b64decode(bare + "=" * (-len(bare) % 4))
        except binascii.Error:
            return b""
    return quopri.decodestring(match[3].replace("_", " ").encode("ascii", "replace"))


def _as_text(data: bytes, charset: str) -> str:
    """Return bytes as text by the charset named, else by the usual ones; gb2312 stands for all of GB18030."""
    named = "gb18030" if charset.lower().startswith(("gb", "x-gbk", "cp936")) else charset
    for encoding in (named, "utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except (LookupError, ValueError):
            continue
    return data.decode("gb18030", "backslashreplace")


def _parsed(data: bytes) -> Message:
    return email.message_from_bytes(data.lstrip(b"\r\n\t \xef\xbb\xbf"), policy=email.policy.compat32)


def _shown(message: Message, field: str) -> str:
    value = header(message, field)
    if field != "Date" or not value:
        return value
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return value
    return moment.strftime("%Y-%m-%d %H:%M:%S %z").strip()


# --- the body --------------------------------------------------------------------------------------------


def _body(message: Message, name: str) -> tuple[Reading, tuple[str, ...]]:
    """Return the body as a Reading, and what is to be said of it."""
    from ingestion.page import page_reading

    notes = []
    if message.get_content_type() in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        notes.append("邮件已加密，正文未读")
    if any(isinstance(each, email.errors.CloseBoundaryNotFoundDefect) for part in message.walk() for each in part.defects):
        notes.append("邮件不完整（缺少结尾）")
    plain, pages = [], []
    for part in _bodies(message):
        try:
            text = _text(part, name)
        except UnreadableFile:
            notes.append("正文的一部分认不出文字编码，未读")
            continue
        if part.get_content_type() == "text/html":
            pages.append(page_reading(text, name))
        else:
            plain.append(text.strip("\n"))
    written = "\n".join(filter(str.strip, plain))
    page = pages[0] if len(pages) == 1 else Reading("\n".join(each.text for each in pages), ())
    if _extent(page.text) > 2 * _extent(written):
        return page, tuple(notes)
    hidden = tuple(Hidden(each.text, each.why) for each in page.hidden)
    return Reading(written, _lines(written), hidden=hidden), tuple(notes)


def _extent(text: str) -> int:
    return len(re.sub(r"\s+", "", text))


def _lines(text: str) -> tuple[Block, ...]:
    from ingestion.clean import line_blocks

    return line_blocks(text)


def _moved(blocks: tuple[Block, ...], by: int) -> tuple[Block, ...]:
    return tuple(Block(block.start + by, block.end + by, block.level) for block in blocks)


def _bodies(message: Message) -> list[Message]:
    """Return the parts that are the body: text that is not attached and has no file name."""
    return [
        part
        for part in _leaves(message)
        if part.get_content_type() in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not _file_name(part)
    ]


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold no parts, in order; a mail inside is one part."""
    waiting = [message]
    count = 0
    while waiting and count < _MAX_PARTS:
        part = waiting.pop(0)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = _inner(part) + waiting
            continue
        count += 1
        yield part


def _inner(part: Message) -> list[Message]:
    # without parts, the library would decode what there is by whatever charset is named
    inner = part.get_payload() if part.is_multipart() else []
    return [each for each in inner if isinstance(each, Message)]


def _text(part: Message, name: str) -> str:
    data = _content(part)
    charset = str(part.get_param("charset") or "")
    if charset and not charset.lower().startswith(("us-ascii", "ascii", "unknown")):
        named = "gb18030" if charset.lower().startswith(("gb", "x-gbk", "cp936")) else charset
        try:
            return data.decode(named).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        except (LookupError, ValueError):  # ValueError: undecodable, or a charset that is no word
            pass
    return decode(data, name) if data else ""


def _content(part: Message) -> bytes:
    if part.is_multipart():
        return b"\n".join(_whole(each) for each in _inner(part))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _whole(message: Message) -> bytes:
    try:
        return message.as_bytes(policy=email.policy.compat32)
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
        return str(message.get_payload()).encode("utf-8", "surrogateescape")


# --- names -----------------------------------------------------------------------------------------------


def _file_name(part: Message) -> str:
    for field in ("Content-Disposition", "Content-Type"):
        raw = next((str(value) for key, value in part.raw_items() if key.lower() == field.lower()), "")
        if not raw.isascii() and (found := _RAW_NAME.search(_unescaped(raw))):
            return decoded_words(found[1] or found[2])
    try:
        given = part.get_filename("") or ""
    except (UnicodeError, LookupError, ValueError, TypeError):
        given = ""
    return decoded_words(given)


def _name(part: Message, number: int) -> str:
    """Return the name of an attachment without any folder; one without a name gets its number and a suffix."""
    given = PurePath(re.sub(r"[\\/:]+", "/", _file_name(part))).name
    if given:
        return given
    inner = _inner(part)
    if part.get_content_type() == "message/rfc822" and inner:
        subject = re.sub(r'[\\/:*?"<>|\s]+', " ", header(inner[0], "Subject")).strip()
        return f"{subject[:60] or f'转发邮件{number}'}.eml"
    return f"附件{number}{_SUFFIXES.get(part.get_content_type(), '')}"


def _unused(name: str, taken: set[str]) -> str:
    path = PurePath(name)
    number = 2
    while name in taken:
        name = f"{path.stem} ({number}){path.suffix}"
        number += 1
    return name
