"""Which bodies nominate in a round: one answer on every way in."""

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from organizations.models import Organization, User
from organizations.roles import Role
from talents.forms.nominations import NominationForm, SegmentFormSet
from talents.models import Nomination
from talents.selectors.units import filing_units
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import OrganizationFactory, account, credit_code, with_child
from tests.talents.importing import call_of_nominations, codes
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
STAND = {"the organizer", "a district", "a unit", "ending tomorrow", "begun today"}


@pytest.fixture
def call():
    """A round, and bodies of every sort that may or may not nominate in it."""
    call = call_of_nominations()
    today, day = timezone.localdate(), timedelta(days=1)
    elsewhere = OrganizationFactory(kind="city", name="乙市总工会")
    district = call.districts[0]
    call.bodies = {
        "the organizer": call.city,
        "a district": district,
        "a unit": call.units[0],
        "ending tomorrow": with_child(district, "unit", name="丙厂", valid_until=today + day),
        "begun today": with_child(district, "unit", name="丁厂", valid_from=today),
        "ended today": with_child(district, "unit", name="戊厂", valid_until=today),
        "beginning tomorrow": with_child(district, "unit", name="己厂", valid_from=today + day),
        "elsewhere": with_child(elsewhere, "unit", name="庚厂"),
    }
    for number, body in enumerate(call.bodies.values(), start=50):
        if body.is_host:
            code = credit_code("91", number)
            Organization.objects.filter(pk=body.pk).update(uscc=code)
    return call


def by_form(call, body):
    data = {"unit": body.name}
    segments = SegmentFormSet(data, prefix="segments")
    user = account(Role.HANDLER, call.city)
    form = NominationForm(data, segments=segments, user=user, selection=call.round)
    return "unit" not in form.errors


def by_service(call, body):
    number = identity_number(body.pk % 1000)
    before = Nomination.objects.count()
    with suppress(DomainError):
        file_nomination(
            call.round.pk, filing(body, identity=number), actor=account(Role.HANDLER, call.city)
        )
    return Nomination.objects.count() > before


def by_workbook_name(call, body):
    errors, _ = codes(call, 工作单位=body.name, 统一社会信用代码="")
    return "unknown-organization" not in errors


def by_workbook_code(call, body):
    body.refresh_from_db()
    if not body.uscc:
        return by_workbook_name(call, body)
    errors, _ = codes(call, 工作单位="", 统一社会信用代码=body.uscc)
    return "unknown-organization" not in errors


@pytest.mark.parametrize(
    "way",
    [by_form, by_service, by_workbook_name, by_workbook_code],
    ids=lambda way: way.__name__,
)
def test_every_way_in_takes_the_same_bodies(call, way):
    assert {sort for sort, body in call.bodies.items() if way(call, body)} == STAND


def test_a_body_is_offered_to_those_who_file_for_it(call):
    district, unit = call.districts[0], call.units[0]
    clerk = account(Role.NOMINATOR, unit)
    auditor = account(Role.AUDITOR, district)

    assert list(filing_units(clerk, call.round)) == [unit]
    assert not filing_units(auditor, call.round).exists()
    assert set(filing_units(account(Role.HANDLER, district), call.round)) == {
        call.bodies[sort] for sort in STAND - {"the organizer"}
    } | {call.units[1]}
    assert filing_units(User.objects.system(), call.round).count() == len(STAND) + 4


@pytest.fixture
def many(call):
    """Far more units than a list to choose from holds."""
    for number in range(130):
        with_child(call.districts[0], "unit", name=f"示例机械{number:03}厂", code=f"M{number:03}")
    return call


def picked(call, *typed):
    """The form after ``typed`` was sent as the unit, and what it says of it."""
    data = QueryDict(mutable=True)
    data.setlist("unit", typed)
    segments = SegmentFormSet(data, prefix="segments")
    user = account(Role.HANDLER, call.city)
    form = NominationForm(data, segments=segments, user=user, selection=call.round)
    return form, "".join(form.errors.get("unit", []))


def test_a_part_of_the_name_offers_the_units_that_may_be_meant(many):
    form, said = picked(many, "机械12")

    offered = re.findall(r'type="radio" name="unit" value="(\w+)"', str(form["unit"]))
    assert offered == [f"M{number}" for number in range(120, 130)]
    assert "请在下面名称或编码相近的单位中选定" in said


def test_a_unit_that_was_chosen_counts_whatever_was_typed(many):
    form, said = picked(many, "机械", "M125")

    assert said == ""
    assert form.cleaned_data["unit"].name == "示例机械125厂"


def test_what_one_does_not_file_for_is_not_offered(many):
    clerk = account(Role.NOMINATOR, many.units[0])
    data = {"unit": "示例机械"}
    segments = SegmentFormSet(data, prefix="segments")
    form = NominationForm(data, segments=segments, user=clerk, selection=many.round)

    assert "在您的范围内没有" in "".join(form.errors["unit"])
    assert "radio" not in str(form["unit"])


def test_what_is_being_typed_is_looked_for_on_the_server(client, many):
    client.force_login(account(Role.HANDLER, many.city))
    address = reverse("talents:round-units", args=[many.round.code])
    page = client.get(reverse("talents:nomination-new", args=[many.round.code])).content.decode()

    found = client.get(address, {"q": "机械　００7"}).json()["units"]

    assert f'data-search="{address}"' in page
    assert page.count("<option") < 130
    assert found == [{"name": "示例机械007厂", "code": "M007"}]
    assert len(client.get(address, {"q": "sljx"}).json()["units"]) == 20
    assert client.get(address, {"q": " "}).json()["units"] == []
