"""Pixels: pictures are opened page by page, turned upright, freed of red seals, and cut into lines."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ingestion.clean import Box
from ingestion.errors import UnreadableFile

if TYPE_CHECKING:
    from PIL.Image import Image

Mask = npt.NDArray[np.bool_]
Quad = npt.NDArray[np.float64]  # four corners (x, y) in pixels: upper left, upper right, lower right, lower left

MOST_PIXELS = 60_000_000  # A2 at 300 dpi; decoded that is 180 MB
_MOST_PAGES = 5_000
_PAPER_DPI = 200.0
_SEAL_SIDE = 80  # pixels: a seal of 42 mm (国发〔1999〕25号) is 330 wide at 200 dpi, 160 at 100
_CELL = 8
_STROKE = 70  # pixels: 9 mm at 200 dpi


def opened(data: bytes, name: str) -> Iterator[tuple[Image, float]]:
    """Yield (picture in RGB, dots per inch) for each page of an image file; raises UnreadableFile."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with _quiet():
            file = Image.open(io.BytesIO(data))
            count = min(getattr(file, "n_frames", 1), _MOST_PAGES)
        with file:
            for index in range(count):
                with _quiet():
                    file.seek(index)
                    if file.width * file.height > MOST_PIXELS:
                        raise UnreadableFile(
                            name, f"图片过大（{file.width}×{file.height} 点）", "请缩小或分成几张后再添加"
                        )
                    picture = _in_rgb(ImageOps.exif_transpose(file)), _dpi(file)
                yield picture
    except Image.DecompressionBombError as error:
        raise UnreadableFile(name, "图片过大", "请缩小或分成几张后再添加") from error
    except UnidentifiedImageError as error:
        raise UnreadableFile(name, "图片损坏或格式认不出", "请重新扫描，或另存为 .png 再添加") from error
    # what PIL's decoders let through of a damaged file
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise UnreadableFile(name, "图片损坏或不完整", "请重新扫描或向来源重新索取") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what PIL says of sizes and damaged tags from the user: both are looked at here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _in_rgb(file: Image) -> Image:
    """Return a picture in RGB on white paper, whatever its mode."""
    from PIL import Image

    if file.mode in ("I;16", "I;16B", "I"):
        return Image.fromarray((np.asarray(file).astype(np.int64) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if file.mode in ("RGBA", "LA", "PA") or "transparency" in file.info:
        clear = file.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return file.convert("RGB")


def _dpi(file: Image) -> float:
    """Return the dots per inch that a picture names if a scanner could mean it; else 200."""
    named = file.info.get("dpi", (0, 0))
    try:
        dpi = float(named[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return _PAPER_DPI
    return dpi if 100 <= dpi <= 1200 else _PAPER_DPI


def line_of(picture: Image, quad: Quad, squeeze: float = 1.0) -> Image:
    """Return the picture of one line, straightened, its width times `squeeze`."""
    from PIL import Image

    width, height = size_of(quad)
    upper_left, upper_right, lower_right, lower_left = (tuple(map(float, corner)) for corner in quad)
    corners = (*upper_left, *lower_left, *lower_right, *upper_right)
    size = max(1, round(width * (squeeze if width >= height else 1))), max(
        1, round(height * (squeeze if height > width else 1))
    )
    return picture.transform(size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC)


def size_of(quad: Quad) -> tuple[float, float]:
    """Return (width, height) of a quadrilateral in pixels."""
    return float(np.hypot(*(quad[1] - quad[0]))), float(np.hypot(*(quad[3] - quad[0])))


def turned(picture: Image, quarter: int) -> Image:
    """Return a picture turned counter-clockwise by 0, 90, 180 or 270 degrees."""
    from PIL import Image

    ways = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
    return picture.transpose(ways[quarter]) if quarter else picture


def is_blank(picture: Image) -> bool:
    """Return whether next to nothing on a picture is darker than its paper (dust and grain do not count)."""
    scale = max(1, max(picture.size) // 1000)
    grey = np.asarray(picture.reduce(scale).convert("L")).astype(np.int16)
    return int((grey < np.median(grey) - 24).sum()) < 12 and int((grey > np.median(grey) + 24).sum()) < 12


def inks(picture: Image) -> tuple[Image, Image | None]:
    """Return a picture without its red ink, and its red ink alone in black (None where there is none to speak of).

    What is printed in black under a red seal stays: it is dark in the red channel, the seal is not.
    """
    from PIL import Image

    pixels = np.asarray(picture)
    red = pixels[:, :, 0].astype(np.int16)
    redness = red - np.maximum(pixels[:, :, 1], pixels[:, :, 2])
    is_red = redness > 40
    if is_red.sum() < 0.0003 * is_red.size:
        return picture, None
    black = np.where(is_red & (red >= 190), 255, red).astype(np.uint8)
    alone = (255 - (redness * 2).clip(0, 255)).astype(np.uint8)
    return Image.fromarray(black).convert("RGB"), Image.fromarray(alone).convert("RGB")


def seals_of(ink: Image) -> list[Box]:
    """Return the boxes (pixels) of seals in a picture of red ink: round or square marks with a rim."""
    dark = np.asarray(ink.convert("L")) < 170
    rows, columns = -(-dark.shape[0] // _CELL), -(-dark.shape[1] // _CELL)
    cells = np.zeros((rows * _CELL, columns * _CELL), dtype=bool)
    cells[: dark.shape[0], : dark.shape[1]] = dark
    coarse: Mask = np.asarray(cells.reshape(rows, _CELL, columns, _CELL).any(axis=(1, 3)))
    found = []
    for box in _marks(coarse):
        left, top, right, bottom = (each * _CELL for each in box)
        width, height = right - left, bottom - top
        if min(width, height) >= _SEAL_SIDE and 0.7 <= width / height <= 1.43 and _has_rim(coarse, box):
            found.append((float(left), float(top), float(right), float(bottom)))
    return found


def _marks(coarse: Mask) -> Iterator[tuple[int, int, int, int]]:
    """Yield (left, top, right, bottom) in cells of each connected mark."""
    left_over = {(int(row), int(column)) for row, column in np.argwhere(coarse)}
    while left_over:
        start = left_over.pop()
        front = [start]
        top, left = bottom, right = start
        while front:
            row, column = front.pop()
            top, bottom = min(top, row), max(bottom, row)
            left, right = min(left, column), max(right, column)
            near = {(row + down, column + over) for down in (-1, 0, 1) for over in (-1, 0, 1)} & left_over
            left_over -= near
            front.extend(near)
        yield left, top, right + 1, bottom + 1


def _has_rim(coarse: Mask, box: tuple[int, int, int, int]) -> bool:
    """Return whether a mark has a rim: an ellipse or a rectangle of ink at its edge."""
    left, top, right, bottom = box
    mark = coarse[top:bottom, left:right]
    height, width = mark.shape
    edges = np.concatenate(
        (mark[:2].any(axis=0), mark[-2:].any(axis=0), mark[:, :2].any(axis=1), mark[:, -2:].any(axis=1))
    )
    if edges.mean() >= 0.8:
        return True
    hits = 0
    for step in range(36):
        across, down = math.cos(step * math.pi / 18), math.sin(step * math.pi / 18)
        reach = [1.0, 0.93, 0.86]
        places = [
            (int((height - 1) * (1 + down * far) / 2), int((width - 1) * (1 + across * far) / 2)) for far in reach
        ]
        hits += any(mark[place] for place in places)
    return hits >= 29


def unrolled(ink: Image, seal: Box) -> Image:
    """Return the ring of a round seal as a straight line of text, from seven o'clock clockwise to five."""
    from PIL import Image

    left, top, right, bottom = seal
    radius = (right - left + bottom - top) / 4
    outer, inner = 0.95 * radius, 0.58 * radius
    height = max(16, round(outer - inner))
    width = round(1.67 * math.pi * (outer + inner) / 2)
    pixels = np.asarray(ink)
    angles = np.linspace(2 * math.pi / 3, 2 * math.pi / 3 + 1.67 * math.pi, width)
    radii = np.linspace(outer, inner, height)[:, None]
    across = ((left + right) / 2 + radii * np.cos(angles)).round().clip(0, pixels.shape[1] - 1).astype(int)
    down = ((top + bottom) / 2 + radii * np.sin(angles)).round().clip(0, pixels.shape[0] - 1).astype(int)
    return Image.fromarray(pixels[down, across])


def rules_of(picture: Image, skew: float) -> tuple[list[tuple[float, float, float]], list[tuple[float, float, float]]]:
    """Return horizontal and vertical rules as (at, start, end) in pixels of the picture levelled by `skew` degrees."""
    from PIL import Image

    grey = picture.convert("L")
    if skew:
        grey = grey.rotate(skew, Image.Resampling.BILINEAR, fillcolor=255)
    dark = np.asarray(grey) < 160
    return list(_strokes(dark)), list(_strokes(dark.T))


def _strokes(dark: Mask) -> Iterator[tuple[float, float, float]]:
    """Yield (row, first column, last column) of each straight dark stroke that is longer than a character."""
    if dark.shape[1] <= _STROKE:
        return
    sums = np.zeros((dark.shape[0], dark.shape[1] + 1), dtype=np.int32)
    np.cumsum(dark, axis=1, out=sums[:, 1:])
    full = sums[:, _STROKE:] - sums[:, :-_STROKE] >= _STROKE - 2
    # a stroke is thin: what is dark above and below it as well is a surface
    thick = np.zeros_like(full)
    thick[8:-8] = full[:-16] & full[16:]
    full &= ~thick
    for row in np.flatnonzero(full.any(axis=1)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], full[row].astype(np.int8), [0]))))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            yield float(row), float(start), float(end + _STROKE - 1)


def bands(picture: Image) -> Iterator[tuple[Image, int]]:
    """Yield (part, its top in pixels): a long screenshot is cut at blank rows, all else comes whole."""
    width, height = picture.size
    if height <= 2.4 * width or height < 2_000:
        yield picture, 0
        return
    spread = np.asarray(picture.convert("L")).astype(np.int16)
    ink = (spread.max(axis=1) - spread.min(axis=1)).astype(int)
    top = 0
    while top < height:
        bottom = top + round(1.6 * width)
        if bottom >= height - 0.3 * width:
            bottom = height
        else:
            back = ink[bottom - width // 2 : bottom][::-1]
            bottom -= int(back.argmin())
        yield picture.crop((0, top, width, bottom)), top
        top = bottom


def only(picture: Image, boxes: list[Box]) -> Image:
    """Return a picture in which all is white but the boxes (pixels)."""
    from PIL import Image

    out = Image.new("RGB", picture.size, "white")
    for box in boxes:
        place = (max(0, int(box[0])), max(0, int(box[1])), min(picture.width, math.ceil(box[2])),
                 min(picture.height, math.ceil(box[3])))  # fmt: skip
        if place[0] < place[2] and place[1] < place[3]:
            out.paste(picture.crop(place), place[:2])
    return out


def as_bgr(picture: Image) -> Any:
    """Return the pixels as the recogniser wants them: height, width, 3 (blue, green, red)."""
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
