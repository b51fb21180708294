"""The print of a picture: 1,024 bits that stay nearly the same when it is scanned, scaled or saved anew.

Of the picture set straight and without its margin, the 32 × 32 slowest waves (a cosine transform of
128 × 128 points of grey); a bit says whether a wave is stronger than the median of all. Fewer bits would
tell forms apart but not what is written on them. Imports nothing of Django.
"""

import io
import math
from itertools import pairwise
from statistics import median

from PIL import Image, ImageFilter, ImageOps

WAVES, POINTS = 32, 128
BITS = WAVES * WAVES
#: Turned by at most so many quarters of a degree, looked for on a copy of so many points.
TURNS, LOOKED_AT = 8, 400
#: What is smaller, or hardly differs in grey, shows nothing that could be told again.
LEAST_POINTS, LEAST_CONTRAST = 48, 24
#: More points than an A3 page at 600 dots an inch are no voucher.
MOST_POINTS = 80_000_000
DARK, WHITE = 160, 255
COSINES = [
    [math.cos(math.pi * wave * (2 * point + 1) / (2 * POINTS)) for point in range(POINTS)]
    for wave in range(WAVES + 1)
]


def print_of(picture: Image.Image) -> str:
    """``BITS`` noughts and ones; empty where there is nothing to be seen."""
    width, height = picture.size
    if min(width, height) < LEAST_POINTS or width * height > MOST_POINTS:
        return ""
    grey = ImageOps.exif_transpose(picture).convert("L")
    grey.thumbnail((LOOKED_AT * 4,) * 2)
    shades = [shade for shade, points in enumerate(grey.histogram()) if points]
    if shades[-1] - shades[0] < LEAST_CONTRAST:
        return ""
    return _waves(_without_margin(_straight(grey)))


def opened(content: bytes) -> Image.Image:
    """A JPEG or PNG file as a picture; nothing of its points is unpacked yet."""
    return Image.open(io.BytesIO(content), formats=["JPEG", "PNG"])


def _straight(grey: Image.Image) -> Image.Image:
    """Turned so that its lines lie level, as far as a scanner lays a sheet askew."""
    small = ImageOps.autocontrast(grey, cutoff=1)
    small.thumbnail((LOOKED_AT,) * 2)

    def levelness(turn: int) -> tuple[int, int]:
        turned = small.rotate(turn / 4, resample=Image.Resampling.BILINEAR, fillcolor=WHITE)
        rows = turned.resize((1, small.height), Image.Resampling.BOX).tobytes()
        return sum((a - b) ** 2 for a, b in pairwise(rows)), -abs(turn)

    best = max(range(-TURNS, TURNS + 1), key=levelness)
    if not best:
        return grey
    return grey.rotate(best / 4, resample=Image.Resampling.BICUBIC, fillcolor=WHITE)


def _without_margin(grey: Image.Image) -> Image.Image:
    """The part with anything on it, unless that is so little that it may be a speck."""
    plain = ImageOps.autocontrast(grey, cutoff=1)
    dark = plain.point(lambda value: WHITE if value < DARK else 0)
    box = dark.filter(ImageFilter.MedianFilter(3)).getbbox()
    if box is None or (box[2] - box[0]) * (box[3] - box[1]) * 10 < plain.width * plain.height:
        return plain
    return plain.crop(box)


def _waves(grey: Image.Image) -> str:
    points = grey.resize((POINTS, POINTS), Image.Resampling.LANCZOS).tobytes()
    lines = [points[start : start + POINTS] for start in range(0, len(points), POINTS)]
    across = [
        [sum(map(float.__mul__, wave, map(float, line))) for wave in COSINES] for line in lines
    ]
    columns = list(zip(*across, strict=True))
    strengths = [
        sum(map(float.__mul__, wave, column))
        for wave in COSINES[:WAVES]
        for column in columns[:WAVES]
    ]
    # the first is how light the whole is, which is not how it looks
    strengths[0] = sum(map(float.__mul__, COSINES[WAVES], columns[WAVES]))
    middle = median(strengths)
    return "".join("1" if strength > middle else "0" for strength in strengths)
