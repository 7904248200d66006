"""Scanned pages and pictures in PDFs are recognised page by page, and what the text layer tells is kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingestion.document import Reading
from ingestion.errors import UnreadableFile
from ingestion.pdf import read_pdf

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
pytestmark = pytest.mark.skipif(not NOTO.exists(), reason="fonts-noto-cjk is not installed")

WIDTH, HEIGHT = A4
FONT = "STSong-Light"


def drawn(*pages: Callable[[Canvas], None]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for page in pages:
        canvas.setFont(FONT, 12)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def read(*pages: Callable[[Canvas], None]) -> Reading:
    return read_pdf(drawn(*pages), "试.pdf")


def photo(*lines: str, width: int = 1654, height: int = 2339, top: int = 300) -> Image.Image:
    """A picture (A4 at 200 dots per inch) with lines of letters of 12 points."""
    picture = Image.new("RGB", (width, height), "white")
    font = ImageFont.truetype(str(NOTO), 33, index=2)
    for at, line in enumerate(lines):
        ImageDraw.Draw(picture).text((200, top + 90 * at), line, font=font, fill="black")
    return picture


def scan(picture: Image.Image) -> Callable[[Canvas], None]:
    return lambda canvas: canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)


def certain(reading: Reading) -> dict[str, float | None]:
    return {reading.text[block.start : block.end]: block.confidence for block in reading.blocks}


def test_a_mixed_file_is_read_page_by_page():
    reading = read(
        lambda canvas: canvas.drawString(72, 700, "第一页有文字层。"),
        scan(photo("第二页是扫描件。", "上面有两行文字。")),
        lambda canvas: canvas.drawString(72, 700, "第三页又有文字层。"),
    )
    assert reading.text.split("\n") == [
        "第一页有文字层。", "第二页是扫描件。", "上面有两行文字。", "第三页又有文字层。",
    ]  # fmt: skip
    assert [block.page for block in reading.blocks] == [1, 2, 2, 3]
    assert [block.confidence is None for block in reading.blocks] == [True, False, False, True]
    assert "第2页的文字由图像识别（OCR）得来，引用前请对照原件" in reading.notes


def test_a_recognised_block_knows_its_place_on_the_page():
    [block] = read(scan(photo("盖章的一句话在这里吧"))).blocks
    left, top, right, bottom = block.box
    scale = WIDTH / 1654
    assert left == pytest.approx(200 * scale, abs=3)
    assert right == pytest.approx(530 * scale, abs=4)
    assert top < 325 * scale < bottom
    assert bottom - top < 20


def test_a_scan_that_stands_on_its_head_is_turned():
    reading = read(scan(photo("倒着扫描的一句话。", "接着还有一句话。").rotate(180)))
    assert reading.text.split("\n") == ["倒着扫描的一句话。", "接着还有一句话。"]
    assert "第1页上下颠倒，已转正识别" in reading.notes
    assert reading.blocks[0].box[1] > HEIGHT / 2


def test_a_scan_on_a_page_that_is_turned_is_read():
    def turned(canvas: Canvas) -> None:
        canvas.setPageRotation(90)  # reportlab swaps the sides of the page itself
        picture = photo("横着放的一页文字。", width=2339, height=1654)
        canvas.drawImage(ImageReader(picture), 0, 0, HEIGHT, WIDTH)

    reading = read(turned)
    assert reading.text == "横着放的一页文字。"
    left, top, right, bottom = reading.blocks[0].box
    assert bottom - top > right - left
    assert right <= WIDTH
    assert bottom <= HEIGHT


def test_a_picture_in_a_text_page_is_read_in_its_place():
    picture = photo("聊天记录中的一句话。", width=1200, height=300, top=100)

    def page(canvas: Canvas) -> None:
        canvas.drawString(72, 740, "下图为聊天记录。")
        canvas.drawImage(ImageReader(picture), 72, 600, 400, 100)
        canvas.drawString(72, 560, "以上为聊天记录。")

    reading = read(page)
    assert reading.text.split("\n") == ["下图为聊天记录。", "聊天记录中的一句话。", "以上为聊天记录。"]
    assert [each is None for each in certain(reading).values()] == [True, False, True]


def test_text_over_a_background_picture_is_read_once_from_its_layer():
    def page(canvas: Canvas) -> None:
        scan(photo("背景里的字。"))(canvas)
        for row in range(4):
            canvas.drawString(72, 500 - 30 * row, f"文字层里的第{'一二三四'[row]}行内容。")

    reading = read(page)
    assert reading.text.count("文字层里的第一行内容。") == 1
    assert all(confidence is None for confidence in certain(reading).values())


def test_a_stamp_of_the_scanner_beside_a_scan_does_not_hide_the_scan():
    """A page number or a seal number that a program wrote over a scan is a text layer of a few characters."""

    def page(canvas: Canvas) -> None:
        scan(photo("扫描件里的正文一句。"))(canvas)
        canvas.drawString(400, 60, "卷宗第12页")

    reading = read(page)
    assert certain(reading)["扫描件里的正文一句。"] is not None
    assert reading.text.count("卷宗第12页") == 1
    assert certain(reading)["卷宗第12页"] is None


def test_a_page_whose_characters_have_no_code_is_recognised_as_a_picture():
    """R08: private-use characters instead of text: the page goes to recognition."""

    def page(canvas: Canvas) -> None:
        scan(photo("看得见的一句话。"))(canvas)
        words = canvas.beginText(72, 300)
        words.setFont(FONT, 12)
        words.textOut("\ue001\ue002\ue003\ue004\ue005\ue006\ue007\ue008")
        canvas.drawText(words)

    reading = read(page)
    assert "看得见的一句话。" in reading.text
    assert not any("\ue000" <= char <= "\uf8ff" for char in reading.text)


def test_hidden_text_on_a_page_with_a_picture_stays_hidden():
    """R10: what is invisible is no evidence, on a page that is recognised as well."""

    def page(canvas: Canvas) -> None:
        scan(photo("总额485000元。"))(canvas)
        canvas.setFillGray(0)
        canvas.drawString(72, 300, "另有一句可以看见的话在这里作为正文并且足够长。")
        words = canvas.beginText(72, 200)
        words.setFont(FONT, 12)
        words.setTextRenderMode(3)
        words.textOut("总额应为1元")
        canvas.drawText(words)

    reading = read(page)
    assert "总额应为1元" not in reading.text
    assert [hidden.text for hidden in reading.hidden] == ["总额应为1元"]


def test_headers_of_scanned_pages_stand_once_and_page_numbers_go():
    """R14, on paper that lies a little otherwise in each scan."""

    def page(number: int) -> Callable[[Canvas], None]:
        picture = photo(f"这是{'甲乙丙'[number]}页的正文一句。", top=600)
        font = ImageFont.truetype(str(NOTO), 33, index=2)
        draw = ImageDraw.Draw(picture)
        draw.text((600, 100 + 9 * number), "某某市人民检察院", font=font, fill="black")
        draw.text((780, 2200 - 7 * number), f"— {number + 1} —", font=font, fill="black")
        return scan(picture)

    reading = read(*map(page, range(3)))
    assert reading.text.split("\n") == [
        "这是甲页的正文一句。", "这是乙页的正文一句。", "这是丙页的正文一句。", "某某市人民检察院",
    ]  # fmt: skip


def test_a_blank_page_between_scans_is_named():
    reading = read(scan(photo("有字的一页。")), scan(photo()))
    assert "第2页是图像，没有识别出文字" in reading.notes


def test_a_file_of_blank_scans_is_refused():
    with pytest.raises(UnreadableFile) as caught:
        read(scan(photo()))
    assert "没有识别出文字" in caught.value.cause
