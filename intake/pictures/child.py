"""The looking process: one scan in, the prints of its pictures out. Imports nothing of Django.

Started by ``reader``, bounded like the process that reads workbooks; of what is in the file only noughts
and ones leave it.
"""

import io
import json
import warnings
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdf
from PIL import Image, UnidentifiedImageError

from intake.pictures.looking import MOST_POINTS, opened, print_of
from intake.spreadsheets.confinement import serve
from intake.spreadsheets.frames import FACTS, frame
from intake.spreadsheets.refusal import Refusal

MOST_PAGES = 3
#: All that a damaged picture, or one packed in a way not known here, ends in.
DAMAGED = (
    pypdf.errors.PyPdfError,
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    SyntaxError,
    NotImplementedError,
    ImportError,
)


def look(task: dict[str, Any], out: BinaryIO) -> None:
    """Send the prints of a picture, or of the largest picture on each of the first pages."""
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    warnings.simplefilter("ignore")
    with open(task["path"], "rb") as file:  # noqa: PTH123 - a descriptor's path
        content = file.read()
    try:
        pictures = _on_pages(content) if content.startswith(b"%PDF") else iter([opened(content)])
        prints = [found for picture in pictures if (found := print_of(picture))]
    except DAMAGED as error:
        raise Refusal("picture-unreadable", "图像已损坏，或者不是扫描件、照片") from error
    out.write(frame(FACTS, json.dumps(prints)))


def _on_pages(content: bytes) -> Iterator[Image.Image]:
    """A scanned page is one picture; the largest is taken, so that no seal or logo stands for it."""
    for page in pypdf.PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]:
        sizes = [
            (picture.image.width * picture.image.height, picture.image)
            for picture in page.images
            if picture.image
        ]
        if sizes:
            yield max(sizes, key=lambda size: size[0])[1]


if __name__ == "__main__":
    serve(look)
