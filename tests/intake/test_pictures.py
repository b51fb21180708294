"""Prints of pictures: the same sheet scanned anew is alike, another on the same form is not."""

import pytest
from PIL import Image

from intake.pictures.reader import BITS, prints_of
from tests.factories.pictures import as_file, scanned_again, voucher
from workflow.refusals import DomainError


def apart(one, other):
    return (int(one, 2) ^ int(other, 2)).bit_count()


def print_of(content):
    (found,) = prints_of(content)
    return found


def test_the_same_sheet_scanned_anew_is_nearer_than_any_other_on_the_same_form():
    sheets = [voucher(seed) for seed in range(6)]
    prints = [print_of(as_file(sheet)) for sheet in sheets]
    again = [print_of(as_file(scanned_again(sheet), "JPEG")) for sheet in sheets]

    same = [apart(one, other) for one, other in zip(prints, again, strict=True)]
    others = [
        apart(one, other)
        for place, one in enumerate(prints)
        for away, other in enumerate(again)
        if place != away
    ]
    assert max(same) <= 64 < min(others)


def test_the_same_picture_saved_with_losses_hardly_differs():
    sheet = voucher(1)
    assert apart(print_of(as_file(sheet)), print_of(as_file(sheet, "JPEG", quality=40))) <= 24


def test_a_scanned_pdf_looks_like_the_picture_in_it_page_by_page():
    first, second = voucher(1), voucher(2)
    content = as_file(first, "PDF", save_all=True, append_images=[second])

    found = prints_of(content)

    assert [
        apart(*pair) <= 24
        for pair in zip(found, map(print_of, map(as_file, (first, second))), strict=True)
    ] == [True, True]


@pytest.mark.parametrize(
    "sheet", [Image.new("L", (800, 600), 255), Image.new("L", (20, 20), 0)], ids=["blank", "tiny"]
)
def test_where_nothing_is_to_be_seen_there_is_no_print(sheet):
    assert prints_of(as_file(sheet)) == []


def test_a_turned_photograph_is_looked_at_as_its_camera_says():
    sheet = voucher(3)
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter when shown
    lying = sheet.transpose(Image.Transpose.ROTATE_90)
    assert (
        apart(print_of(as_file(sheet)), print_of(as_file(lying, "JPEG", quality=90, exif=exif)))
        <= 24
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\nnothing",
        as_file(voucher(1), "JPEG")[:400],
        b"%PDF-1.7 nothing",
        as_file(Image.new("1", (20_000, 20_000))),
    ],
    ids=["no picture", "cut off", "no pdf", "a bomb"],
)
def test_what_cannot_be_looked_at_is_refused_and_ends_only_its_own_process(content):
    with pytest.raises(DomainError) as refusal:
        prints_of(content)
    assert refusal.value.code in {"picture-unreadable", "workbook-unreadable"}


def test_a_print_is_as_long_as_the_column_that_keeps_it():
    assert len(print_of(as_file(voucher(1)))) == BITS
