"""Files that are made to do harm: bombs of zip and XML, nesting without end, absurd sizes, loops."""

from __future__ import annotations

import io
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator

from eval.bench import made_ofd
from eval.bench.made import Made

_TEXT = "某某市人民检察院在办理案件中发现你单位未按规定落实登记制度。"


def hostile(rng: random.Random, made: Made) -> tuple[str, str, bytes]:
    """A hostile file: its kind, its name, its bytes; `made` is not used, each is built from nothing."""
    kind = rng.choice(sorted(_KINDS))
    suffix, data = _KINDS[kind](rng)
    return kind, f"{kind.replace(' ', '-')}.{suffix}", data


def plain(rng: random.Random) -> Iterator[Made]:
    """Yield good PDFs and pictures without end."""
    for number in range(sys.maxsize):
        if number % 4 < 3:
            data = pdf(595, 842, f"page {rng.random()}")
            yield Made("pdf", "plain", f"plain-{number}.pdf", data, ())
        else:
            yield Made("md", "plain", f"plain-{number}.md", f"# 标题\n\n{_TEXT}{rng.random()}\n".encode(), ())


def pdf(width: float, height: float, text: str, extra: str = "") -> bytes:
    """A PDF of one page of this size (points)."""
    content = f"BT /F1 12 Tf 10 10 Td ({text}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.0f} {height:.0f}] /Contents 4 0 R {extra}"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\n"
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode()


def _zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def _salt(rng: random.Random) -> bytes:
    return f"{rng.random()}".encode()


_PLAIN_PARTS = {
    "docx": ("word/document.xml", '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:document>'),
    "xlsx": ("xl/worksheets/sheet1.xml", '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'),
    "ofd": ("Doc_0/Document.xml", '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016">{}</ofd:Document>'),
}  # fmt: skip
_WORKBOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_BOOK_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>"
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)


def _package(rng: random.Random, body: str, prolog: str = "") -> tuple[str, bytes]:
    """A file of Office or OFD whose main part has this inside, and this before its root."""
    suffix = rng.choice(sorted(_PLAIN_PARTS))
    part, frame = _PLAIN_PARTS[suffix]
    files = [(part, f"{prolog}{frame.format(body)}".encode()), ("salt.txt", _salt(rng))]
    if suffix == "ofd":
        root = made_ofd.parts([])["OFD.xml"]
        files.insert(0, ("OFD.xml", root))
    if suffix == "xlsx":
        more = {"xl/workbook.xml": _WORKBOOK, "xl/_rels/workbook.xml.rels": _BOOK_RELS, "[Content_Types].xml": _TYPES}
        files += [(name, text.encode()) for name, text in more.items()]
    return suffix, _zipped(*files)


def _xml_bomb(rng: random.Random) -> tuple[str, bytes]:
    """Ten entities, each ten times the one before: ten thousand million characters."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))
    return _package(rng, "&e10;", f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "{"x" * 10}">{entities}]>')


def _xml_outside(rng: random.Random) -> tuple[str, bytes]:
    return _package(rng, "&f;", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>')


def _xml_large_entity(rng: random.Random) -> tuple[str, bytes]:
    """One long entity named many times."""
    entity = f'<!ENTITY f "{"x" * 100_000}">'
    return _package(rng, "&f;" * 20_000, f'<?xml version="1.0"?><!DOCTYPE a [{entity}]>')


def _xml_deep(rng: random.Random) -> tuple[str, bytes]:
    depth = rng.choice((200, 2_000, 200_000))
    return _package(rng, "<w:p>" * depth + "</w:p>" * depth if rng.random() < 0.5 else "<w:sdt>" * depth)


def _part_bomb(rng: random.Random) -> tuple[str, bytes]:
    """A part of some hundred million spaces, packed a thousandfold."""
    return _package(rng, " " * rng.choice((50_000_000, 350_000_000)))


def _wide_sheet(rng: random.Random) -> tuple[str, bytes]:
    """Rows that each have a cell in the last column."""
    rows = "".join(f'<row r="{n}"><c r="XFD{n}" t="inlineStr"><is><t>x</t></is></c></row>' for n in range(1, 5_000))
    part = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'
    files = {
        "xl/workbook.xml": _WORKBOOK, "xl/_rels/workbook.xml.rels": _BOOK_RELS, "[Content_Types].xml": _TYPES,
        "xl/worksheets/sheet1.xml": part,
    }  # fmt: skip
    return "xlsx", _zipped(*((name, text.encode()) for name, text in files.items()), ("salt.txt", _salt(rng)))


def _zip_bomb(rng: random.Random) -> tuple[str, bytes]:
    return "zip", _zipped(("a.txt", b"0" * rng.choice((25_000_000, 300_000_000))), ("salt.txt", _salt(rng)))


def _zip_layers(rng: random.Random) -> tuple[str, bytes]:
    """Archives of archives, ten in each, the innermost a bomb."""
    data = _zipped(("0.txt", b"0" * 15_000_000), ("salt.txt", _salt(rng)))
    for _ in range(rng.randrange(2, 6)):
        data = _zipped(*((f"{n}.zip", data) for n in range(10)))
    return "zip", data


def _zip_deep(rng: random.Random) -> tuple[str, bytes]:
    data = _zipped(("底.txt", _salt(rng)))
    for level in range(rng.choice((4, 30, 300))):
        data = _zipped((f"{level}.zip", data))
    return "zip", data


def _zip_many(rng: random.Random) -> tuple[str, bytes]:
    return "zip", _zipped(*((f"{n}.txt", _salt(rng)) for n in range(rng.choice((3_000, 20_000)))))


def _zip_overlapping(rng: random.Random) -> tuple[str, bytes]:
    """Many entries of the directory that all name the same large file."""
    kernel = zlib.compress(b"0" * 20_000_000, 9)[2:-4]
    fixed = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(b"0" * 20_000_000), len(kernel), 20_000_000, 5, 0)
    local = b"PK\3\4" + fixed + b"k.txt" + kernel
    count = rng.randrange(200, 5_000)
    entry = b"PK\1\2" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"k.txt"
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, len(local), 0)
    return "zip", local + entry * count + b"PK\5\6" + end


def _zip_lying(rng: random.Random) -> tuple[str, bytes]:
    """A file that unpacks to much more than it declares."""
    data = bytearray(_zipped(("a.txt", b"0" * 19_000_000), ("salt.txt", _salt(rng))))
    at = data.find(b"PK\1\2")
    data[22:26] = data[at + 24 : at + 28] = struct.pack("<I", 100)
    return "zip", bytes(data)


def _zip_names(rng: random.Random) -> tuple[str, bytes]:
    """Names that lead elsewhere or are no names."""
    names = ("../" * 20 + "etc/passwd", "C:\\windows\\a.txt", "x\1\2.txt", "a" * 60_000 + ".txt", ".", "//", "甲\u202e.txt")
    return "zip", _zipped(*((name, _salt(rng)) for name in names))


def _pdf_size(rng: random.Random) -> tuple[str, bytes]:
    width, height = rng.choice(((1e9, 1e9), (0, 0), (-5, 3e8), (1, 1e9), (200_000, 200_000)))
    return "pdf", pdf(width, height, f"{rng.random()}", rng.choice(("", "/UserUnit 75000", "/Rotate 45")))


def _pdf_loop(rng: random.Random) -> tuple[str, bytes]:
    """A tree of pages that bites its own tail."""
    data = pdf(595, 842, f"{rng.random()}")
    return "pdf", data.replace(b"/Kids [3 0 R] /Count 1", b"/Kids [2 0 R] /Count 9")


def _pdf_count(rng: random.Random) -> tuple[str, bytes]:
    return "pdf", pdf(595, 842, f"{rng.random()}").replace(b"/Count 1", b"/Count 9000000")


def _ofd_size(rng: random.Random) -> tuple[str, bytes]:
    area = rng.choice(("0 0 1e30 1e30", "0 0 -1 -1", "0 0 nan inf", "1e308 1e308 1e308 1e308"))
    line = made_ofd.text(f"{_TEXT}{rng.random()}", 1, 1, 3)
    return "ofd", made_ofd.packed(made_ofd.parts([made_ofd.page(line, area=area)]))


def _ofd_deltas(rng: random.Random) -> tuple[str, bytes]:
    line = made_ofd.text(f"{_TEXT}{rng.random()}", 20, 20, delta="g 2000000000 1e300")
    return "ofd", made_ofd.ofd(line)


def _ofd_loop(rng: random.Random) -> tuple[str, bytes]:
    """A composite object made of itself, twice."""
    use = '<ofd:CompositeObject ID="3" Boundary="0 0 9 9" ResourceID="50"/>'
    unit = f'<ofd:CompositeGraphicUnit ID="50"><ofd:Content>{use * 2}{made_ofd.text("回", 20, 20)}</ofd:Content></ofd:CompositeGraphicUnit>'
    return "ofd", made_ofd.ofd(use + made_ofd.text(f"{_TEXT}{rng.random()}", 20, 20), resources=unit)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png_size(rng: random.Random) -> tuple[str, bytes]:
    """A picture of hundreds of millions of dots in a few bytes."""
    side = rng.choice((20_000, 60_000, 2_000_000_000))
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(10_000_000))
    salt = _chunk(b"tEXt", b"Comment\0" + _salt(rng))
    return "png", b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + salt + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _tiff_loop(rng: random.Random) -> tuple[str, bytes]:
    """A TIFF whose list of pages comes back to its first."""
    entries = struct.pack("<HHII", 256, 4, 1, 50) + struct.pack("<HHII", 257, 4, 1, 50)
    return "tif", b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + entries + struct.pack("<I", 8) + _salt(rng)


def _bmp_size(rng: random.Random) -> tuple[str, bytes]:
    head = b"BM" + struct.pack("<IHHI", 100, 0, 0, 54)
    return "bmp", head + struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, 2**31 - 1, 1, 24, 0, 0, 0, 0, 0, 0) + _salt(rng)


def _html_deep(rng: random.Random) -> tuple[str, bytes]:
    return "html", b"<div>" * rng.choice((3_000, 300_000)) + _salt(rng)


def _html_table(rng: random.Random) -> tuple[str, bytes]:
    return "html", b"<table><tr><td>" * 1_000 + _salt(rng)


def _mail_deep(rng: random.Random) -> tuple[str, bytes]:
    head = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(rng.choice((50, 2_000))))
    return "eml", head.encode() + b"Content-Type: text/plain\r\n\r\n" + _salt(rng)


def _mail_headers(rng: random.Random) -> tuple[str, bytes]:
    return "eml", b"Subject: " + b"=?utf-8?B?5Zue5aSN?= " * 50_000 + b"\r\nTo: " + b"a," * 200_000 + b"\r\n\r\n" + _salt(rng)


def _line_long(rng: random.Random) -> tuple[str, bytes]:
    return rng.choice(("txt", "csv", "md", "srt", "html")), b'"' + b"a" * 5_000_000 + _salt(rng)


def _srt_numbers(rng: random.Random) -> tuple[str, bytes]:
    cue = "99999999999\n999:99:99,999 --> 000:00:00,000\n甲\n\n"
    return "srt", (cue * 20_000).encode() + _salt(rng)


_KINDS: dict[str, Callable[[random.Random], tuple[str, bytes]]] = {
    "xml bomb": _xml_bomb, "xml outside entity": _xml_outside, "xml large entity": _xml_large_entity,
    "xml deep": _xml_deep, "part bomb": _part_bomb, "wide sheet": _wide_sheet, "zip bomb": _zip_bomb,
    "zip layers": _zip_layers, "zip deep": _zip_deep, "zip many": _zip_many, "zip overlapping": _zip_overlapping,
    "zip lying": _zip_lying, "zip names": _zip_names, "pdf size": _pdf_size, "pdf loop": _pdf_loop,
    "pdf count": _pdf_count, "ofd size": _ofd_size, "ofd deltas": _ofd_deltas, "ofd loop": _ofd_loop,
    "png size": _png_size, "tiff loop": _tiff_loop, "bmp size": _bmp_size, "html deep": _html_deep,
    "html table": _html_table, "mail deep": _mail_deep, "mail headers": _mail_headers, "line long": _line_long,
    "srt numbers": _srt_numbers,
}  # fmt: skip
