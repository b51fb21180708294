"""Printed sheets by their bars: read from the picture of the page, typed by a scanner, opened."""

import io
import json

import pylopdf_fonts_zh_cn as fonts
import pytest
import typst
import zxingcpp
from django.urls import reverse
from PIL import Image

from competitions.documents.bars import bars_svg
from competitions.documents.sheets import TEMPLATE, sheets_content
from organizations.roles import Role
from tests.factories.competitions import EntryFactory, ItemFactory, SchemeFactory
from tests.factories.organizations import OrganizationFactory, account

pytestmark = pytest.mark.django_db
CODES = ["K001", "K087", "K1234"]


@pytest.fixture
def item():
    city = OrganizationFactory(kind="city", code="BJ")
    return SchemeFactory(item=ItemFactory(competition__organizer=city, name="焊工")).item


@pytest.fixture
def works(item):
    return [EntryFactory(item=item, work_code=code) for code in CODES]


def pictures(content):
    """The sheets as a printer of an office draws them, page by page."""
    compiler = typst.Compiler(
        input=str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(fonts.sans_path().parent)],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    pages = compiler.compile(format="png", ppi=200)
    return [
        Image.open(io.BytesIO(page)) for page in (pages if isinstance(pages, list) else [pages])
    ]


def test_each_sheet_bears_its_code_and_seat_in_bars_beside_the_square(item, works):
    aspects = list(item.schemes.get().aspects.all())
    content = sheets_content(item, 2, works, aspects, lambda work: f"https://a.example/{work.pk}")

    read = [
        {str(one.format): one.text for one in zxingcpp.read_barcodes(page)}
        for page in pictures(content)
    ]

    assert read == [
        {"Code 128": f"{work.work_code}-2", "QR Code": f"https://a.example/{work.pk}"}
        for work in works
    ]


@pytest.mark.parametrize("text", ["K001-2", "0042-1", "A", "12", "123", "K1234567890-7", "a~Z_ 9"])
def test_bars_say_what_they_were_drawn_from(text):
    bars = bars_svg(text).partition('d="')[2].partition('"')[0]
    places = [int(bar.partition(" ")[0]) for bar in bars.split("M")[1:]]
    row = Image.new("L", (max(places) + 11, 40), 255)
    for place in places:
        row.paste(0, (place, 0, place + 1, 40))

    (found,) = zxingcpp.read_barcodes(row.resize((row.width * 4, 160), Image.Resampling.NEAREST))

    assert found.text == text


@pytest.mark.parametrize("text", ["作品一号", "K001\n", "K００１"])
def test_what_code_128_cannot_say_is_not_drawn(text):
    assert bars_svg(text) == ""


@pytest.mark.parametrize("typed", ["K087-2", " k087-2 ", "Ｋ０８７－２"])
def test_what_a_scanner_types_opens_the_sheet_to_be_typed(client, item, works, typed):
    client.force_login(account(Role.HANDLER, item.competition.organizer))
    listed = reverse("competitions:sheets", args=[item.code])

    answer = client.get(listed, {"number": typed}, follow=True)

    assert answer.redirect_chain == [
        (reverse("competitions:typing", args=[item.code, 2, "K087"]), 302)
    ]
    assert "誊录K087号" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "found"), [("K087", 1), ("K087-9x", 0), ("K999-2", 0), ("-2", 0)]
)
def test_what_names_no_sheet_is_looked_for_in_the_list(client, item, works, typed, found):
    client.force_login(account(Role.HANDLER, item.competition.organizer))

    answer = client.get(reverse("competitions:sheets", args=[item.code]), {"number": typed})

    assert answer.status_code == 200
    assert answer.context["count"].number == found


def test_a_scanner_finds_no_sheet_of_another_organizer(client, item, works):
    other = ItemFactory(competition__organizer=OrganizationFactory(kind="city", code="SH"))
    client.force_login(account(Role.HANDLER, other.competition.organizer))

    answer = client.get(reverse("competitions:sheets", args=[item.code]), {"number": "K087-2"})

    assert answer.status_code == 404
