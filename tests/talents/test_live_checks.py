"""The form of a nomination says what is wrong while it is typed; nothing is stored, and nothing in addresses."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.roles import Role
from pages.models import FormDraft
from talents.models import Nomination, Person, QuotaAllocation
from talents.services.persons import keep_certificate
from tests.factories.filings import identity_number
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, PersonFactory, RoundFactory
from workflow.models import Record
from workflow.storage import vault

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture
def city():
    return OrganizationFactory(kind="city")


@pytest.fixture
def unit(city):
    return with_child(city, "unit", name="示例公司")


@pytest.fixture
def address(city, unit):
    selection = RoundFactory(organizer=city, closes_on=timezone.localdate() + timedelta(days=9))
    return reverse("talents:nomination-new", args=[selection.code])


def known(unit, serial):
    """Somebody on file under the number of that serial."""
    return PersonFactory(organization=unit, identity_digest=vault.digest(identity_number(serial)))


@pytest.fixture
def ask(client, unit, address):
    client.force_login(account(Role.NOMINATOR, unit))

    def told(**typed):
        answer = client.post(address, typed | {"check_only": "1"}, headers=JSON)
        assert answer.status_code == 200
        return answer.json()

    return told


def test_an_identity_number_that_cannot_be_is_said(ask):
    assert "校验" in "".join(ask(identity="110101199001010011")["errors"]["identity"])
    assert "identity" not in ask(identity=identity_number())["errors"]


def test_who_is_put_forward_already_is_told_to_whoever_may_see_it_and_to_nobody_else(
    ask, unit, city
):
    selection = city.rounds.get()
    here = NominationFactory(round=selection, unit=unit, person=known(unit, 3))
    away = with_child(city, "unit")
    NominationFactory(round=selection, unit=away, person=known(away, 4))

    own = ask(identity=identity_number(3))["remarks"]["identity"]
    foreign = ask(identity=identity_number(4))["remarks"]
    absent = ask(identity=identity_number(5))["remarks"]

    assert own == [f"{here.person.name}在本轮次已由“示例公司”推荐，一人一轮只能推荐一次"]
    assert foreign == absent


def test_a_certificate_number_that_cannot_be_or_is_anothers_is_said(ask, unit):
    number = "Y000011010003231000012"
    keep_certificate(known(unit, 3), number, occupation="焊工")

    assert "22位" in ask(certificate_number="Y33")["errors"]["certificate_number"][0]
    twice = ask(certificate_number=number, identity=identity_number(4))["remarks"]
    assert "名下，请核对证书原件" in twice["certificate_number"][0]
    assert (
        "certificate_number"
        not in ask(certificate_number=number, identity=identity_number(3))["remarks"]
    ), "one's own is no other's"


def test_a_rank_that_is_given_is_said(ask, unit, city):
    NominationFactory(round=city.rounds.get(), unit=unit, rank=1)

    assert "已把第1位排给" in ask(unit="示例公司", rank="1")["errors"]["rank"][0]
    assert "rank" not in ask(unit="示例公司", rank="2")["errors"]


@pytest.mark.parametrize(
    ("places", "said"), [(3, "还可推荐2名"), (1, "没有余额")], ids=["two left", "none left"]
)
def test_what_is_left_of_the_places_is_said(ask, unit, city, places, said):
    selection = city.rounds.get()
    QuotaAllocation.objects.create(round=selection, organization=unit, places=places)
    NominationFactory(round=selection, unit=unit)

    assert said in ask(unit="示例公司")["remarks"]["unit"][0]


def test_until_when_is_said_and_afterwards_that_it_is_over(ask, city):
    assert "本轮次申报至" in ask()["remarks"][""][0]
    selection = city.rounds.get()
    selection.closes_on = timezone.localdate() - timedelta(days=1)
    selection.save(update_fields=["closes_on"])

    assert "逾期不再受理" in ask()["remarks"][""][0]


def test_nothing_is_stored(ask, unit):
    before = Record.objects.count()

    told = ask(
        identity=identity_number(),
        name="王示例",
        unit="示例公司",
        **{"segments-TOTAL_FORMS": "0", "segments-INITIAL_FORMS": "0"},
    )

    assert told["errors"] == {}
    assert (Nomination.objects.count(), Person.objects.count()) == (0, 0)
    assert (Record.objects.count(), FormDraft.objects.count()) == (before, 0)


def test_without_script_a_button_shows_the_same_page_with_its_faults_and_keeps_the_draft(
    ask, client, address
):
    sent = {"identity": "110101199001010011", "check_only": "1"}
    page = client.post(address, sent)

    assert page.status_code == 422
    assert "校验" in page.content.decode()
    assert "本轮次申报至" in page.content.decode()
    assert FormDraft.objects.count() == 1
    assert Nomination.objects.count() == 0
    assert 'name="check_only"' in client.get(address).content.decode()


def test_a_program_is_told_of_it_and_a_form_without_it_refuses_the_name(ask, client, address):
    buttons = client.get(address, headers=JSON).json()["buttons"]
    assert {"name": "check_only", "label": "先核对，不办理"} in buttons

    plain = reverse("talents:pair-new")
    refused = client.post(plain, {"check_only": "1"}, headers=JSON)
    assert (refused.status_code, "check_only" in refused.json()["errors"]) == (422, True)


def test_who_may_not_file_is_told_nothing(client, city, address):
    client.force_login(account(Role.CRAFTSMAN, city))

    assert client.post(address, {"check_only": "1"}, headers=JSON).status_code == 403


def test_a_correction_is_checked_too_and_not_against_itself(client, unit, city):
    selection = RoundFactory(organizer=city)
    row = NominationFactory(round=selection, unit=unit, rank=1, person=known(unit, 3))
    client.force_login(account(Role.NOMINATOR, unit))

    address = reverse("talents:nomination-edit", args=[row.pk])
    told = client.post(
        address, {"unit": "示例公司", "rank": "1", "check_only": "1"}, headers=JSON
    ).json()

    assert "identity" not in told["remarks"]
    assert "rank" not in told["errors"]
