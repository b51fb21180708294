"""A training workbook over HTTP: whichever sheet is named, both are handled."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from academies.models import Enrolment, TrainingClass
from organizations.models import User
from organizations.roles import Role
from tests.academies.books import a_class, a_line, workbook
from tests.academies.handling import receive_workbook, upload_of
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def academy():
    return AcademyFactory()


@pytest.fixture
def book(academy):
    content = workbook([a_class()], [a_line(1)], owner="")
    system = User.objects.system()
    return receive_workbook(
        upload_of(content, "培训.xlsx", academy=academy, year=2025, actor=system)
    )


@pytest.fixture
def api(academy):
    client = APIClient()
    client.force_login(account(Role.ACADEMY_MANAGER, academy.organization))
    return client


def does(api, deed, batch, **data):
    return api.post(reverse(f"importbatch-{deed}", args=[batch.pk]), data)


@pytest.mark.parametrize("sheet", ["classes", "roster"])
def test_both_sheets_are_committed_and_taken_back_together(api, book, sheet):
    batch = getattr(book, sheet)

    assert does(api, "commit", batch).json()["status"] == "committed"
    assert (TrainingClass.objects.count(), Enrolment.objects.count()) == (1, 1)
    assert does(api, "revert", batch, note="原表有误").json()["status"] == "reverted"
    assert (TrainingClass.objects.count(), Enrolment.objects.count()) == (0, 0)


def test_what_was_discarded_is_neither_committed_nor_discarded_again(api, book):
    assert does(api, "discard", book.classes).json()["status"] == "discarded"

    for deed in ("commit", "discard", "revert"):
        refusal = does(api, deed, book.roster, note="再办一次")
        assert (refusal.status_code, refusal.json()["type"]) == (409, "import-moved-on")
    assert not TrainingClass.objects.exists()
