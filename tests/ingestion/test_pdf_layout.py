"""Tables, leaning and vertical text of PDFs, and pages that no honest program draws."""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Callable

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingestion.document import Reading
from ingestion.errors import UnreadableFile
from ingestion.pdf import read_pdf

WIDTH, HEIGHT = A4
FONT = "STSong-Light"


def drawn(*pages: Callable[[Canvas], None], pagesize: tuple[float, float] = A4) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=pagesize)
    for page in pages:
        canvas.setFont(FONT, 12)
        page(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def read(*pages: Callable[[Canvas], None]) -> Reading:
    return read_pdf(drawn(*pages), "试.pdf")


def boxed(reading: Reading, text: str) -> tuple[float, float, float, float]:
    [box] = [block.box for block in reading.blocks if reading.text[block.start : block.end] == text]
    assert box is not None
    return box


# --- tables


def form(canvas: Canvas) -> None:
    """A form of 3 columns: a merged head, then two rows; text stands before and after it."""
    for top in (700, 670, 640, 600):
        canvas.line(72, top, 450, top)
    for left, foot in ((72, 700), (150, 670), (300, 670), (450, 700)):
        canvas.line(left, 600, left, foot)
    for left, up, text in (
        (72, 740, "表前文字。"), (200, 680, "申请人信息"), (80, 650, "姓名"), (160, 650, "张某"), (310, 650, "男"),
        (80, 620, "住址"), (152, 626, "某某市某某区某某路十二"), (152, 608, "号三单元"), (72, 560, "表后文字。"),
    ):  # fmt: skip
        canvas.drawString(left, up, text)


def test_a_ruled_table_is_read_cell_by_cell_between_the_text_around_it():
    reading = read(form)
    assert reading.text == (
        "表前文字。\n申请人信息\n姓名\t张某\t男\n住址\t某某市某某区某某路十二号三单元\n表后文字。"
    )


def test_cells_that_touch_are_not_run_together():
    def grid(canvas: Canvas) -> None:
        for row in range(2):
            for column in range(3):
                canvas.rect(72 + 100 * column, 700 - 30 * row, 100, 30)
                canvas.drawString(74 + 100 * column, 710 - 30 * row, f"格{row}{column}甲乙丙丁戊己")

    assert read(grid).text == "\n".join(
        "\t".join(f"格{row}{column}甲乙丙丁戊己" for column in range(3)) for row in range(2)
    )


def test_an_empty_cell_keeps_its_column():
    def grid(canvas: Canvas) -> None:
        for column in range(3):
            canvas.rect(72 + 100 * column, 700, 100, 30)
        canvas.drawString(80, 710, "甲")
        canvas.drawString(280, 710, "丙")

    assert read(grid).text == "甲\t\t丙"


def test_a_frame_around_a_page_is_no_table():
    def framed(canvas: Canvas) -> None:
        canvas.rect(50, 50, WIDTH - 100, HEIGHT - 100)
        canvas.drawString(72, 700, "正文一句。")
        canvas.drawString(72, 670, "正文两句。")

    assert read(framed).text == "正文一句。\n正文两句。"


def test_the_head_of_a_table_is_no_page_header():
    """A table that goes on over the page repeats its head near the upper edge."""

    def page(name: str) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            for row, cells in enumerate((("序号", "姓名"), ("一", name))):
                for column, text in enumerate(cells):
                    canvas.rect(72 + 100 * column, 780 - 30 * row, 100, 30)
                    canvas.drawString(80 + 100 * column, 790 - 30 * row, text)

        return draw

    assert read(page("张某"), page("李某")).text == "序号\t姓名\n一\t张某\n序号\t姓名\n一\t李某"


# --- leaning and vertical text


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_whose_text_leans_is_read_in_its_own_order(degrees: int):
    def leaning(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(degrees)
        for row in range(4):
            canvas.drawString(-200, 100 - 24 * row, f"横放第{'一二三四'[row]}行文字。")

    reading = read(leaning)
    assert reading.text.split("\n") == [f"横放第{each}行文字。" for each in "一二三四"]
    left, top, right, bottom = boxed(reading, "横放第一行文字。")
    along, across = (bottom - top, right - left) if degrees != 180 else (right - left, bottom - top)
    assert along == pytest.approx(96, abs=1)
    assert across < 20
    # at 90 degrees the first line stands left of the middle, at 270 right of it, at 180 below it
    assert {90: right < WIDTH / 2, 180: top > HEIGHT / 2, 270: left > WIDTH / 2}[degrees]


def test_a_label_that_runs_up_the_margin_is_one_text():
    def bound(canvas: Canvas) -> None:
        for row in range(4):
            canvas.drawString(96, 700 - 30 * row, f"正文第{'一二三四'[row]}行。")
        canvas.translate(40, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "装订线在此处")

    reading = read(bound)
    assert "装订线在此处" in reading.text.split("\n")
    assert [line for line in reading.text.split("\n") if line.startswith("正文")] == [
        f"正文第{each}行。" for each in "一二三四"
    ]


def test_vertical_text_is_read_from_the_right_and_said_to_be():
    def vertical(canvas: Canvas) -> None:
        for column, text in enumerate(("第一列甲乙", "第二列丙丁")):
            for at, char in enumerate(text):
                canvas.drawString(400 - 30 * column, 700 - 13 * at, char)

    reading = read(vertical)
    assert reading.text.split("\n") == ["第一列甲乙", "第二列丙丁"]
    assert any("竖排" in note for note in reading.notes)


def test_a_number_that_the_line_end_cuts_is_whole():
    def cut(canvas: Canvas) -> None:
        canvas.drawString(72, 700, ("经审理查明被告人" * 5)[:36] + "11")
        canvas.drawString(72, 676, "2233元的事实。")

    assert read(cut).text.endswith("112233元的事实。")


# --- what no honest program draws


def test_a_huge_page_is_read():
    """PDF allows 14,400 points on a side; some drawings say more."""
    data = drawn(lambda canvas: canvas.drawString(100, 100, "大图上的字。"), pagesize=(60_000, 60_000))
    assert read_pdf(data, "大.pdf").text == "大图上的字。"


@pytest.mark.parametrize("size", [(0.5, 0.5), (14_000, 1), (60_000, 60_000)])
def test_a_page_of_absurd_size_without_text_is_refused_and_not_drawn_in_full(size: tuple[float, float]):
    data = drawn(lambda canvas: canvas.rect(0, 0, 1, 1, fill=1), pagesize=size)
    with pytest.raises(UnreadableFile):
        read_pdf(data, "怪.pdf")


@pytest.mark.slow
def test_a_drawing_of_a_hundred_thousand_lines_is_read_in_time():
    def plan(canvas: Canvas) -> None:
        for at in range(100_000):
            left, up = at % 500, at // 500
            canvas.line(left, up, left + 9, up)
            canvas.line(left, up, left, up + 9)
        canvas.drawString(300, 700, "平面图")

    data = drawn(plan)
    began = time.process_time()
    assert "平面图" in read_pdf(data, "图.pdf").text
    assert time.process_time() - began < 30


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="memory is told otherwise there")
def test_two_thousand_pages_need_little_memory():
    line = "the quick brown fox jumps over the lazy dog"

    def page(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 12)  # a Chinese font that is only named costs PDFium 20 ms a page
        for row in range(20):
            canvas.drawString(72, 740 - 30 * row, line)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = drawn(*[page] * 2000)
    reading = read_pdf(data, "厚.pdf")
    assert reading.blocks[-1].page == 2000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024
