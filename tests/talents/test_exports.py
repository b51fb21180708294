"""Lists of candidates as workbooks."""

import io

import openpyxl
import pytest
from django.urls import reverse

from organizations.models import User
from organizations.roles import Role
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
from workflow.models import Record

pytestmark = pytest.mark.django_db


def test_an_export_over_all_rounds_is_recorded_and_masked(client):
    city = OrganizationFactory(name="北京市总工会", kind="city")
    unit = with_child(with_child(city, "district"), "unit")
    selection, later = RoundFactory.create_batch(2, organizer=city)
    file_nomination(selection.pk, filing(unit), actor=User.objects.system())
    NominationFactory(round=later, unit=unit)
    client.force_login(account(Role.HANDLER, city))

    answer = client.post(reverse("talents:all-nominations-export"))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    told = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert selection.name in told
    assert later.name in told
    assert not [value for value in told if identity_number() in str(value)]
    assert Record.objects.get(kind=Record.Kind.EXPORT).after == {"count": 2}
