"""Pictures of pages with known content: clean, turned, skewed, sealed, ruled, as PDF and as images.

They are drawn with the Noto CJK fonts at 200 dots per inch; where those are not installed, nothing is made.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from eval.bench.made import Made
from eval.bench.made_pdf import Content, Words

WIDTH, HEIGHT = 1654, 2339  # A4 at 200 dots per inch
_FOLDER = Path("/usr/share/fonts/opentype/noto")
_RED = (215, 25, 25, 170)


def font_file(name: str = "NotoSansCJK-Regular.ttc") -> Path | None:
    """Where a Noto CJK font lies; None where it is not installed."""
    path = _FOLDER / name
    return path if path.exists() else None


@dataclass(frozen=True)
class Paper:
    """A blank page to be drawn on; `size` is the height of its letters in pixels."""

    picture: Image.Image
    size: int = 33
    face: str = "NotoSansCJK-Regular.ttc"

    def put(self, text: str, left: float, top: float) -> None:
        """Draw a line of text (pixels from the upper left corner)."""
        font = ImageFont.truetype(str(_FOLDER / self.face), self.size, index=2)
        ImageDraw.Draw(self.picture).text((left, top), text, font=font, fill="black")


def blank(size: int = 33, face: str = "NotoSansCJK-Regular.ttc") -> Paper:
    """Return white A4 paper."""
    return Paper(Image.new("RGB", (WIDTH, HEIGHT), "white"), size, face)


def sealed(picture: Image.Image, ring: str, middle: tuple[int, int], radius: int = 90) -> Image.Image:
    """Return a picture with a red round seal over it: half transparent, its text along the ring."""
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    across, down = middle
    edge = (across - radius, down - radius, across + radius, down + radius)
    ImageDraw.Draw(layer).ellipse(edge, outline=_RED, width=max(4, radius // 16))
    size = max(18, round(radius * 0.29))
    font = ImageFont.truetype(str(_FOLDER / "NotoSansCJK-Regular.ttc"), size, index=2)
    for at, char in enumerate(ring):
        angle = math.radians(-210 + at * 240 / max(1, len(ring) - 1))
        letter = Image.new("RGBA", (size + 10, size + 10), (0, 0, 0, 0))
        ImageDraw.Draw(letter).text((5, 0), char, font=font, fill=_RED)
        letter = letter.rotate(-math.degrees(angle) - 90, Image.Resampling.BICUBIC)
        place = (
            round(across + 0.76 * radius * math.cos(angle)) - letter.width // 2,
            round(down + 0.76 * radius * math.sin(angle)) - letter.height // 2,
        )
        layer.alpha_composite(letter, (max(0, place[0]), max(0, place[1])))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def as_image(pictures: list[Image.Image], form: str = "png") -> bytes:
    """Return pictures as the bytes of an image file or, a page each, of a PDF or TIFF."""
    out = io.BytesIO()
    first, *others = pictures
    if form == "pdf":
        first.save(out, "PDF", resolution=200, save_all=True, append_images=others)
    elif form == "tif":
        first.save(out, "TIFF", compression="tiff_lzw", dpi=(200, 200), save_all=True, append_images=others)
    elif form == "jpg":
        first.save(out, "JPEG", quality=88, dpi=(200, 200))
    else:
        first.save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def _lines(words: Words, count: int, size: int = 33, face: str = "NotoSansCJK-Regular.ttc") -> tuple[Paper, list[str]]:
    paper = blank(size, face)
    texts = [words.sentence() for _ in range(count)]
    for at, text in enumerate(texts):
        paper.put(text, 200, 260 + at * (HEIGHT - 500) / max(count, 12))
    return paper, texts


def _plain(words: Words) -> Content:
    paper, texts = _lines(words, 12)
    return Content(as_image([paper.picture], "pdf"), tuple(texts))


def _full(words: Words) -> Content:
    """A full page: 38 lines that run on to the margin, 1,300 characters."""
    paper = blank()
    texts = []
    for at in range(38):
        text = "".join(words.several(3))[:35] + "。"
        paper.put(text, 200, 180 + 52 * at)
        texts.append(text)
    return Content(as_image([paper.picture], "pdf"), tuple(texts))


def _small(words: Words) -> Content:
    paper, texts = _lines(words, 24, 25, "NotoSerifCJK-Regular.ttc")
    return Content(as_image([paper.picture], "pdf"), tuple(texts))


def _blurred(words: Words) -> Content:
    paper, texts = _lines(words, 12)
    blurred = paper.picture.filter(ImageFilter.GaussianBlur(1.2))
    return Content(as_image([blurred], "jpg"), tuple(texts))


def _skewed(words: Words) -> Content:
    paper, texts = _lines(words, 10)
    angle = words.rng.choice((-2.5, -1, 1, 2.5))
    skewed = paper.picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor="white")
    return Content(as_image([skewed], "png"), tuple(texts))


def _turned(words: Words) -> Content:
    paper, texts = _lines(words, 8)
    turned = paper.picture.rotate(words.rng.choice((90, 180, 270)), expand=True)
    return Content(as_image([turned], "pdf"), tuple(texts))


def _sealed(words: Words) -> Content:
    paper, texts = _lines(words, 6)
    paper.put("某某市某某区市场监督管理局", 850, 1600)
    paper.put("2024年3月5日", 1000, 1680)
    picture = sealed(paper.picture, "某某市某某区市场监督管理局", (1120, 1650), 165)
    return Content(as_image([picture], "pdf"), (*texts, "2024年3月5日"))


def _ruled(words: Words) -> Content:
    paper = blank()
    draw = ImageDraw.Draw(paper.picture)
    lefts, tops = (200, 460, 960, 1450), [300 + 100 * at for at in range(6)]
    for top in tops:
        draw.line((lefts[0], top, lefts[-1], top), fill="black", width=3)
    for left in lefts:
        draw.line((left, tops[0], left, tops[-1]), fill="black", width=3)
    rows = []
    for top in tops[:-1]:
        cells = [words.sentence()[:5], words.sentence()[:13], words.sentence()[:12]]
        for left, cell in zip(lefts, cells, strict=False):
            paper.put(cell, left + 14, top + 25)
        rows.append("\t".join(cells))
    return Content(as_image([paper.picture], "pdf"), tuple(rows))


def _several(words: Words) -> Content:
    papers, lines = [], []
    for _ in range(3):
        paper, texts = _lines(words, 5)
        papers.append(paper.picture)
        lines += texts
    return Content(as_image(papers, "tif"), tuple(lines), pages=3)


# the file's suffix and its maker
_MAKERS: dict[str, tuple[str, Callable[[Words], Content]]] = {
    "plain page": ("pdf", _plain),
    "full page": ("pdf", _full),
    "small type": ("pdf", _small),
    "blurred photograph": ("jpg", _blurred),
    "skewed": ("png", _skewed),
    "turned": ("pdf", _turned),
    "red seal": ("pdf", _sealed),
    "ruled table": ("pdf", _ruled),
    "several pages": ("tif", _several),
}


def made(rng: random.Random, count: int) -> Iterator[Made]:
    """Yield `count` files, every feature in turn; the same content for the same `rng`."""
    if font_file() is None:
        return
    for number, (feature, (suffix, maker)) in enumerate(islice(cycle(_MAKERS.items()), count)):
        content = maker(Words(rng))
        name = f"{number:04}.{suffix}"
        yield Made(f"scan {suffix}", feature, name, content.data, content.lines, content.absent, content.pages)
