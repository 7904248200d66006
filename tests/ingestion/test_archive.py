"""An archive gives its files one by one; names are right, limits hold, and what is damaged is named."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import pytest

from ingestion.archive import Member, member_name, members, read_archive
from ingestion.errors import SecretFile, UnreadableFile
from ingestion.read import read_bytes, sniff, to_document


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as out:
        for name, data in files.items():
            out.writestr(name, data)
    return made.getvalue()


def as_windows_makes_it(name: bytes, data: bytes = "内容。".encode(), flags: int = 0, extra: bytes = b"") -> bytes:
    """A zip of one stored file whose name stands in it as these bytes."""
    crc = zlib.crc32(data)
    fixed = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 33, crc, len(data), len(data), len(name), len(extra))
    local = b"PK\3\4" + fixed + name + extra + data
    central = b"PK\1\2" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name + extra
    return local + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def word(text: str) -> bytes:
    made = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(made)
    return made.getvalue()


def named(data: bytes) -> list[tuple[str, str]]:
    return [(each.name, each.error.cause if each.error else "") for each in members(data, "卷宗.zip")]


# --- names


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("关于印发通知.txt".encode("gbk"), 0, "关于印发通知.txt"),
        ("关于印发通知.txt".encode(), 0x800, "关于印发通知.txt"),
        ("关于印发通知.txt".encode(), 0, "关于印发通知.txt"),
        ("誠信記錄.txt".encode("gbk"), 0, "誠信記錄.txt"),
        ("目录\\誠信.txt".encode("gbk"), 0, "目录/誠信.txt"),
        ("谢谢.txt".encode("gbk"), 0, "谢谢.txt"),
        ("联通.txt".encode("gbk"), 0, "联通.txt"),
        (b"plain.txt", 0, "plain.txt"),
        ("../../etc/甲.txt".encode("gbk"), 0, "etc/甲.txt"),
        (b"C:\\temp\\a.txt", 0, "temp/a.txt"),
        ("甲\u202etxt.exe".encode(), 0x800, "甲txt.exe"),
        (b"\0", 0, "未命名"),
    ],
)
def test_names_are_what_their_maker_wrote(raw: bytes, flags: int, name: str):
    """R12."""
    data = as_windows_makes_it(raw, flags=flags)
    assert named(data) == [(name, "")]
    assert [member.data.decode() for member in members(data, "卷宗.zip")] == ["内容。"]


def test_a_trail_byte_of_5c_is_no_separator_on_windows_either():
    """R12."""
    info = zipfile.ZipInfo("x")
    info.orig_filename = "誠.txt".encode("gbk").decode("cp437")
    info.filename = info.orig_filename.replace("\\", "/")  # what Python makes of it there
    assert member_name(info) == "誠.txt"


def test_the_name_in_the_extra_field_wins_where_it_belongs_to_the_entry():
    raw = b"?????.txt"
    field = b"\1" + struct.pack("<I", zlib.crc32(raw)) + "检察建议.txt".encode()
    assert named(as_windows_makes_it(raw, extra=struct.pack("<HH", 0x7075, len(field)) + field)) == [("检察建议.txt", "")]
    stale = b"\1" + struct.pack("<I", 7) + "旧名.txt".encode()
    assert named(as_windows_makes_it(raw, extra=struct.pack("<HH", 0x7075, len(stale)) + stale)) == [(raw.decode(), "")]


# --- members


def test_a_zip_is_its_files_each_under_its_path():
    data = zipped({"一/起诉书.docx": word("经审查查明。"), "二.txt": "第二件。".encode(), "__MACOSX/._二.txt": b"x", ".DS_Store": b"x"})
    reading = read_archive(data, "卷宗.zip")
    assert reading.text == "一/起诉书.docx\n经审查查明。\n二.txt\n第二件。"
    assert [(reading.text[b.start : b.end], b.level) for b in reading.blocks] == [
        ("一/起诉书.docx", 1),
        ("经审查查明。", 0),
        ("二.txt", 1),
        ("第二件。", 0),
    ]
    assert sniff(data, "卷宗.zip") == "archive"


def test_files_of_a_zip_inside_are_members_with_its_path():
    inner = zipped({"甲.txt": "甲文。".encode()})
    data = zipped({"内.zip": inner, "乙.txt": "乙文。".encode()})
    assert [(each.name, each.data) for each in members(data, "外.zip")] == [
        ("内.zip!/甲.txt", "甲文。".encode()),
        ("乙.txt", "乙文。".encode()),
    ]
    assert read_bytes(data, "外.zip").text == "内.zip!/甲.txt\n甲文。\n乙.txt\n乙文。"


def test_three_levels_are_read_and_a_fourth_is_named():
    data = zipped({"底.txt": "底。".encode()})
    for level in (3, 2, 1):
        data = zipped({f"{level}.zip": data, f"{level}.txt": b"x"})
    found = named(data)
    assert ("1.zip!/2.zip!/3.zip", "压缩包一层套一层，超过 3 层") in found
    assert ("1.zip!/2.zip!/3.txt", "") in found


def test_a_damaged_member_is_named_and_the_others_are_kept():
    data = bytearray(zipped({"坏.txt": b"abcdefgh" * 40, "好.txt": "好的。".encode()}, zipfile.ZIP_STORED))
    data[60] ^= 0xFF  # inside the bytes of the first
    assert named(bytes(data)) == [("坏.txt", "在压缩包里已损坏，解不开"), ("好.txt", "")]
    reading = read_archive(bytes(data), "卷宗.zip")
    assert reading.text == "好.txt\n好的。"
    assert reading.notes[0] == "未读 坏.txt：在压缩包里已损坏，解不开"


def test_a_locked_member_is_named():
    assert named(as_windows_makes_it(b"a.txt", flags=1)) == [("a.txt", "有密码保护")]


def test_a_member_that_is_no_document_is_named_in_the_notes():
    reading = read_archive(zipped({"a.exe": b"MZ\x90\0" + b"0" * 99, "b.txt": "文。".encode()}), "卷宗.zip")
    assert reading.text == "b.txt\n文。"
    assert reading.notes[0].startswith("未读 a.exe：是程序")


def test_pages_of_members_are_not_taken_for_pages_of_the_archive():
    from eval.bench.made_ofd import ofd, text

    reading = read_archive(zipped({"a.ofd": ofd(text("文字。", 30, 40))}), "卷宗.zip")
    assert [(block.page, block.box) for block in reading.blocks] == [(None, None), (None, None)]


# --- harm


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = zipped({"a.txt": b"0" * (5 << 20)})
    assert named(bomb) == [("a.txt", "解压后大得反常，可能是恶意文件")]
    with pytest.raises(UnreadableFile, match="大得反常"):
        read_archive(bomb, "炸.zip")


def test_the_limits_hold_for_all_that_is_inside():
    inner = zipped({f"{n}.txt": b"x" for n in range(9)})
    many = [each.error for each in members(zipped({"内.zip": inner}), "外.zip", most=3)]
    assert [bool(error) for error in many] == [False, False, True]
    assert "过多" in str(many[-1])
    large = zipped({"a.txt": b"1" * 700, "b.txt": b"2" * 700, "c.txt": b"3" * 200})
    found = [(each.name, bool(each.error)) for each in members(large, "大.zip", most_bytes=1000)]
    assert found == [("a.txt", False), ("b.txt", True), ("c.txt", False)]


def test_layers_of_small_archives_do_not_add_up_to_a_large_one():
    data = zipped({"0.txt": b"0" * 3_900_000})
    for _ in range(2):
        data = zipped({f"{n}.zip": data for n in range(9)})
    found = named(data)
    assert sum(not cause for _, cause in found) <= 8
    assert any("过大" in cause for _, cause in found)


def test_entries_that_share_their_bytes_do_no_harm():
    """Overlapping entries: every file of a classic bomb points at one kernel."""
    data = bytearray(zipped({f"{n}.txt": b"x" * 100 for n in range(3)}, zipfile.ZIP_STORED))
    at = data.find(b"PK\1\2")
    first = data[at + 42 : at + 46]
    second = data.find(b"PK\1\2", at + 4)
    data[second + 42 : second + 46] = first
    causes = [cause for _, cause in named(bytes(data))]
    assert causes == ["", "与压缩包里的另一个文件是同一段内容，未重复读", ""]


def test_a_truncated_archive_and_an_empty_one_are_refused():
    data = zipped({"a.txt": "文。".encode() * 50})
    for broken in (data[:-30], zipped({})):
        with pytest.raises(UnreadableFile):
            read_bytes(broken, "卷宗.zip")
    with pytest.raises(UnreadableFile):
        list(members(data[:-30], "卷宗.zip"))


def test_an_archive_of_nothing_readable_says_why():
    with pytest.raises(UnreadableFile, match=r"未读 坏\.docx"):
        read_archive(zipped({"坏.docx": word("甲")[:400]}), "卷宗.zip")


def test_one_secret_member_refuses_the_whole():
    data = zipped({"好.txt": "好的。".encode(), "密.txt": "机密★10年\n某某市人民检察院\n关于某案的请示\n".encode()})
    with pytest.raises(SecretFile) as caught:
        to_document(data, "卷宗.zip")
    assert "密.txt" in caught.value.cause


def test_a_member_holds_no_more_than_its_own_bytes():
    found = list(members(zipped({"a.txt": b"1", "b.txt": b"2"}), "x.zip"))
    assert found == [Member("a.txt", b"1"), Member("b.txt", b"2")]
