"""A roster may give telephones: nobody reads them in it again, but one of many people is seen."""

import io

import openpyxl
import pytest

from academies.models import Enrolment
from academies.selectors.flags import suspicions
from intake.models import ImportRow
from organizations.models import User
from policies.library.editions import load_library
from tests.academies.books import a_class, a_line, workbook
from tests.academies.handling import commit_workbook, receive_workbook, upload_of
from tests.academies.staged import found

pytestmark = pytest.mark.django_db
SPELLINGS = ("13800138000", "138-0013-8000", "+86 13800138000", "139 0013 9000", "")


def with_telephones(numbers):
    """A roster of one line for each number, in a column of its own."""
    content = workbook([a_class()], [a_line(n) for n in range(1, len(numbers) + 1)])
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["学员名册"]
    place = sheet.max_column + 1
    for row, text in enumerate(["手机号码", *numbers], start=2):
        sheet.cell(row, place, text)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def filed(academy, actor):
    def file(numbers):
        upload = upload_of(
            with_telephones(numbers), "培训.xlsx", academy=academy, year=2025, actor=actor
        )
        book = receive_workbook(upload)
        commit_workbook(book, actor=actor)
        return book

    return file


def test_one_telephone_however_it_is_typed_is_one(filed):
    filed(SPELLINGS)

    digests = [bytes(row.phone_digest or b"") for row in Enrolment.objects.order_by("batch_line")]
    assert digests[0] == digests[1] == digests[2] != digests[3]
    assert digests[4] == b""
    assert len(digests[0]) == 32


def test_no_telephone_stays_readable_in_what_was_handed_in(filed):
    filed(SPELLINGS)

    kept = "".join(cell for row in ImportRow.objects.all() for cell in row.cells)
    assert "138" not in kept
    assert "139" not in kept


def test_what_is_no_telephone_is_pointed_out_and_not_kept(filed):
    book = filed(["没有"])

    assert "telephone-unreadable" in str(found(book.roster))
    assert Enrolment.objects.get().phone_digest is None


def test_people_who_share_one_are_flagged_and_told_how_many(filed, academy):
    load_library(actor=User.objects.system())
    filed(SPELLINGS)

    (one,) = [s for s in suspicions(User.objects.system(), 2025) if s.flag.code == "one_phone"]
    assert (one.academy, one.words, one.class_count) == (academy, "3人与他人登记同一电话", 1)
