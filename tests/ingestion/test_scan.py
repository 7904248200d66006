"""Pictures of pages are read offline with a confidence: turned, skewed, sealed, vertical, ruled, in every format."""

from __future__ import annotations

import io
import math
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from ingestion.document import Reading
from ingestion.errors import UnreadableFile
from ingestion.scan import read_image

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
pytestmark = pytest.mark.skipif(not FONT.exists(), reason="fonts-noto-cjk is not installed")

ORGAN, DATE = "某某市某局", "2024年3月5日"
LINES = ("经审理查明被告人张某在宾馆内", "容留未成年人住宿且未登记身份", "上述事实有证据证明。")


def paper(width: int = 900, height: int = 500) -> Image.Image:
    return Image.new("RGB", (width, height), "white")


def put(picture: Image.Image, text: str, left: float, top: float, size: int = 40, fill: str = "black") -> None:
    font = ImageFont.truetype(str(FONT), size, index=2)
    ImageDraw.Draw(picture).text((left, top), text, font=font, fill=fill)


def written(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def read(picture: Image.Image, form: str = "PNG", **options: object) -> Reading:
    reading = read_image(written(picture, form, **options), "图.png")
    assert all(0 <= (block.confidence or 0) <= 1 for block in reading.blocks)
    return reading


def three_lines() -> Image.Image:
    picture = paper(900, 460)
    for at, line in enumerate(LINES):
        put(picture, line, 120, 100 + 80 * at)
    return picture


def signed() -> Image.Image:
    picture = paper()
    put(picture, ORGAN, 400, 200)
    put(picture, DATE, 400, 270)
    return picture


def sealed(picture: Image.Image, ring: str) -> Image.Image:
    """R11: a ring of radius 90 with its text at alpha 160, over both lines."""
    red, middle = (220, 20, 20, 160), (500, 260)
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    edge = (middle[0] - 90, middle[1] - 90, middle[0] + 90, middle[1] + 90)
    ImageDraw.Draw(layer).ellipse(edge, outline=red, width=6)
    font = ImageFont.truetype(str(FONT), 26, index=2)
    for at, char in enumerate(ring):
        angle = math.radians(-210 + at * 240 / (len(ring) - 1))
        letter = Image.new("RGBA", (36, 36), (0, 0, 0, 0))
        ImageDraw.Draw(letter).text((5, 0), char, font=font, fill=red)
        letter = letter.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        place = middle[0] + 68 * math.cos(angle) - 18, middle[1] + 68 * math.sin(angle) - 18
        layer.alpha_composite(letter, (round(place[0]), round(place[1])))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def test_a_picture_is_read_line_by_line_and_marked_as_recognised():
    reading = read(three_lines())
    assert reading.text == LINES[0] + LINES[1] + LINES[2]
    assert all(block.confidence is not None and block.confidence > 0.8 for block in reading.blocks)
    assert "第1页的文字由图像识别（OCR）得来，引用前请对照原件" in reading.notes


def test_boxes_are_in_points_of_the_page_by_the_dots_per_inch_of_the_file():
    left, top, right, bottom = read(three_lines(), dpi=(144, 144)).blocks[0].box
    assert left == pytest.approx(60, abs=4)
    assert right == pytest.approx((120 + 14 * 40) / 2, abs=6)
    assert top == pytest.approx(55, abs=6)
    assert bottom == pytest.approx(155, abs=8)
    assert all(type(edge) is float for edge in (left, top, right, bottom))


@pytest.mark.parametrize(("degrees", "told"), [(90, "转正"), (180, "上下颠倒"), (270, "转正")])
def test_a_turned_page_is_read_and_said_to_be_turned(degrees: int, told: str):
    picture = three_lines().rotate(degrees, expand=True)
    reading = read(picture)
    assert reading.text == "".join(LINES)
    assert any(told in note for note in reading.notes)
    left, top, right, bottom = reading.blocks[0].box
    assert 0 <= left < right <= picture.width * 72 / 200
    assert 0 <= top < bottom <= picture.height * 72 / 200
    assert (bottom - top > right - left) == (degrees != 180)


@pytest.mark.parametrize("degrees", [-2, 2])
def test_a_skewed_page_keeps_its_lines_in_order(degrees: int):
    picture = three_lines().rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    assert read(picture).text == "".join(LINES)


# --- R11


def test_organ_and_date_under_a_red_seal_read_as_without_it():
    """R11: same organ and date as the control; the seal's text is an item of its own."""
    ring = "某某市某局办公室印章"
    assert read(signed()).text == f"{ORGAN}\n{DATE}"
    reading = read(sealed(signed(), ring))
    assert reading.text.split("\n")[:2] == [ORGAN, DATE]
    rest = reading.text.split("\n")[2:]
    assert rest == [ring] or any("印文未能识别" in note for note in reading.notes)
    assert any("印章" in note for note in reading.notes)


def test_a_heading_printed_in_red_is_no_seal():
    picture = paper()
    put(picture, "某某市人民检察院文件", 80, 80, 72, "#d01010")
    put(picture, "关于印发工作方案的通知。", 120, 300)
    reading = read(picture)
    assert reading.text.split("\n") == ["某某市人民检察院文件", "关于印发工作方案的通知。"]
    assert not any("印章" in note for note in reading.notes)


# --- R15


@pytest.mark.parametrize("degrees", [0, 3, -3])
def test_vertical_columns_are_read_from_the_right(degrees: int):
    """R15: the right column first, turned by three degrees as well."""
    picture = paper(600, 600)
    for left, text in ((400, "第一列甲乙"), (280, "第二列丙丁")):
        for at, char in enumerate(text):
            put(picture, char, left, 100 + 48 * at)
    if degrees:
        picture = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white")
    reading = read(picture)
    assert reading.text.replace("\n", "") == "第一列甲乙第二列丙丁"
    assert any("竖排" in note for note in reading.notes)


# --- tables and doubt


def ruled() -> Image.Image:
    picture = paper(1200, 460)
    draw = ImageDraw.Draw(picture)
    for top in (100, 200, 300):
        draw.line((100, top, 1100, top), fill="black", width=3)
    for left in (100, 300, 600, 1100):
        draw.line((left, 100, left, 300), fill="black", width=3)
    for row, cells in enumerate((("姓名", "张某", "住某某市某某区"), ("职业", "务工人员", "无前科"))):
        for left, text in zip((100, 300, 600), cells, strict=True):
            put(picture, text, left + 15, 122 + 100 * row)
    return picture


def test_the_cells_of_a_ruled_table_are_blocks_in_order():
    reading = read(ruled())
    assert reading.text == "姓名\t张某\t住某某市某某区\n职业\t务工人员\t无前科"
    assert len(reading.blocks) == 6


def test_what_is_unsure_says_so_by_page_and_number():
    picture = paper(1000, 300)
    put(picture, "经审理查明被告人张某在宾馆内容留他人住宿", 60, 100, 22)
    reading = read(picture.filter(ImageFilter.GaussianBlur(2.8)))
    doubtful = [block for block in reading.blocks if (block.confidence or 0) < 0.8]
    assert doubtful
    assert f"第1页有 {len(doubtful)} 处识别不确定，请对照原件" in reading.notes


# --- formats


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("PNG", "1"), ("PNG", "P"), ("TIFF", "L"), ("JPEG", "CMYK"),
                       ("PNG", "I;16")]
)  # fmt: skip
def test_every_colour_mode_is_read(form: str, mode: str):
    picture = paper(700, 200)
    put(picture, LINES[0], 60, 70)
    if mode == "I;16":
        grey = picture.convert("L")
        picture = Image.frombytes("I;16", grey.size, b"".join(bytes((0, value)) for value in grey.tobytes()))
    else:
        picture = picture.convert(mode)
    assert read(picture, form).text == LINES[0]


def test_every_page_of_a_tiff_is_a_page():
    pages = [paper(900, 300) for _ in range(3)]
    for number, page in enumerate(pages):
        put(page, f"第{'一二三'[number]}页的文字内容。", 60, 70)
    reading = read(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    assert [block.page for block in reading.blocks] == [1, 2, 3]
    assert reading.text == "第一页的文字内容。\n第二页的文字内容。\n第三页的文字内容。"
    assert "第1-3页的文字由图像识别（OCR）得来，引用前请对照原件" in reading.notes


def test_a_photograph_that_the_camera_turned_by_a_tag_is_upright():
    picture = three_lines()
    tag = Image.Exif()
    tag[0x0112] = 6  # shown turned clockwise by 90 degrees
    assert read(picture.rotate(90, expand=True), "JPEG", exif=tag).text == "".join(LINES)


def test_a_long_screenshot_is_read_to_its_end():
    picture = paper(500, 3000)
    told = [f"第{'一二三四五六七八九'[at]}条聊天记录。" for at in range(9)]
    for at, text in enumerate(told):
        put(picture, text, 40, 60 + 330 * at, 30)
    assert read(picture).text.split("\n") == told


# --- bad input


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF"])
def test_a_truncated_picture_is_refused(form: str, share: float):
    data = written(three_lines(), form)
    with pytest.raises(UnreadableFile) as caught:
        read_image(data[: int(len(data) * share)], "断.png")
    assert "损坏" in caught.value.cause


def test_a_picture_with_a_damaged_tag_is_read_without_a_word_to_the_user(recwarn: pytest.WarningsRecorder):
    """PIL warns of what it skips; here the length of a tag points behind the end of the file."""
    data = bytearray(written(three_lines(), "TIFF", dpi=(200, 200)))
    entry = data.index((282).to_bytes(2, "little")) if data[:2] == b"II" else data.index((282).to_bytes(2, "big"))
    data[entry + 4 : entry + 8] = (10**8).to_bytes(4, "little" if data[:2] == b"II" else "big")
    assert read_image(bytes(data), "图.tif").text == "".join(LINES)
    assert not recwarn.list


def test_a_picture_without_text_is_refused_with_advice():
    with pytest.raises(UnreadableFile) as caught:
        read(paper())
    assert "没有识别出文字" in caught.value.cause


@pytest.mark.parametrize("side", [4_000, 30_000])
def test_a_picture_of_absurd_size_is_refused_before_it_is_unpacked(side: int):
    data = bytearray(written(Image.new("L", (8, 8))))
    data[16:24] = (20_000).to_bytes(4, "big") + side.to_bytes(4, "big")  # IHDR: width and height
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(UnreadableFile) as caught:
        read_image(bytes(data), "大.png")
    assert "过大" in caught.value.cause


@pytest.mark.slow
def test_nothing_is_fetched_and_nothing_is_printed():
    """The models lie in the package: with no socket to be had, the first reading of a process works."""
    code = (
        "import socket\n"
        "def refuse(*_, **__): raise OSError('no network')\n"
        "socket.socket.connect = refuse\nsocket.getaddrinfo = refuse\n"
        "import sys\nfrom ingestion.scan import read_image\n"
        "sys.stdout.buffer.write(read_image(sys.stdin.buffer.read(), 'a.png').text.encode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=written(three_lines()), capture_output=True, check=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.decode() == "".join(LINES)
    assert done.stderr == b""
