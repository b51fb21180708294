"""Vouchers as a scanner or a telephone would bring them: drawn from a seed, scanned again, put into a PDF."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageEnhance


def voucher(seed):
    """An invoice on the form that all invoices share; what is written on it is its own."""
    draw = Random(seed)
    sheet = Image.new("L", (1000, 600), 255)
    pen = ImageDraw.Draw(sheet)
    pen.text((380, 20), "INVOICE (GENERAL)", 30, font_size=30)
    for top, bottom in ((110, 190), (200, 480), (490, 540)):
        pen.rectangle((40, top, 960, bottom), outline=0, width=2)
    for left in (440, 560, 700, 830):
        pen.line((left, 200, left, 480), 0, 2)
    pen.text((700, 60), f"NO. {draw.randrange(10**18, 10**19)}", 0, font_size=16)
    for line in range(draw.randint(2, 6)):
        words = " ".join(draw.sample(["training", "hall", "paper", "lathe", "lecture", "rent"], 3))
        pen.text((60, 215 + 40 * line), words, 0, font_size=18)
        for left in (450, 570, 710, 840):
            pen.text((left, 215 + 40 * line), str(draw.randrange(10, 99_999)), 0, font_size=18)
    seller = "".join(draw.choices("ABCDEFGHKLMNPRSTUVWXYZ", k=18))
    pen.text((60, 130), f"SELLER {seller} CO. LTD", 0, font_size=20)
    pen.text((60, 500), f"TOTAL {draw.randrange(1_000, 9_999_999) / 100}", 0, font_size=22)
    return sheet


def scanned_again(sheet):
    """The same sheet, laid a little askew, darker, smaller, with a margin, saved with losses."""
    turned = sheet.rotate(0.5, resample=Image.Resampling.BICUBIC, fillcolor=255)
    pale = ImageEnhance.Brightness(ImageEnhance.Contrast(turned).enhance(0.8)).enhance(0.9)
    wider = Image.new("L", (sheet.width + 60, sheet.height + 40), 235)
    wider.paste(pale, (35, 15))
    smaller = wider.resize((wider.width * 4 // 5, wider.height * 4 // 5))
    return Image.open(io.BytesIO(as_file(smaller, "JPEG", quality=60)))


def as_file(sheet, kind="PNG", **options):
    """The bytes of a PNG, JPEG or (as a scanner writes it) PDF file."""
    out = io.BytesIO()
    sheet.save(out, kind, **options)
    return out.getvalue()
