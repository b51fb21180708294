"""When a round takes filings, on every way in; and that nobody is given back what nobody can mend."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intake import services as imports
from organizations.models import User
from organizations.roles import Role
from talents import workflow
from talents.imports import NOMINATIONS
from talents.models import Nomination, SelectionRound
from talents.permissions import may_file_in, may_import, may_return
from talents.services.nominations import correct_nomination, file_nomination
from tests.factories.filings import filing, identity_number
from tests.factories.organizations import account
from tests.factories.talents import eligible_nomination
from tests.talents.importing import call_of_nominations, sheet_of, upload_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return call_of_nominations()


@pytest.fixture
def clerk(call):
    return account(Role.NOMINATOR, call.units[0])


def set_days(call, opens, closes):
    """The days of filing, counted from today."""
    today = timezone.localdate()
    days = {
        name: None if distance is None else today + timedelta(days=distance)
        for name, distance in (("opens_on", opens), ("closes_on", closes))
    }
    SelectionRound.objects.filter(pk=call.round.pk).update(**days)
    call.round.refresh_from_db()


def by_form(call, actor):
    number = identity_number(actor.pk % 1000)
    file_nomination(call.round.pk, filing(call.units[0], identity=number), actor=actor)


def by_correction(call, actor):
    unit = call.units[0]
    filed = file_nomination(
        call.round.pk,
        filing(unit, identity=identity_number(actor.pk % 1000)),
        actor=User.objects.system(),
    )
    again = filing(unit, identity="", filed={"post": "工段长"})
    correct_nomination(filed.pk, again, actor=actor, version=1, note="职务有变")


def by_workbook(call, actor):
    unit = call.units[0]
    upload = upload_of(call, sheet_of(call, {}), actor=actor, organization=unit)
    batch = imports.receive(upload, NOMINATIONS).batch
    imports.commit(batch.pk, actor=actor)


WAYS = pytest.mark.parametrize(
    "way", [by_form, by_correction, by_workbook], ids=lambda way: way.__name__
)


@WAYS
@pytest.mark.parametrize(
    ("days", "code"),
    [((1, 9), "round-not-begun"), ((-9, -1), "round-closed"), ((0, 0), ""), ((None, None), "")],
    ids=["from tomorrow", "until yesterday", "today only", "no days"],
)
def test_a_unit_files_on_the_days_of_the_round(call, clerk, way, days, code):
    set_days(call, *days)

    if code:
        with pytest.raises(DomainError, check=lambda refusal: refusal.code == code):
            way(call, clerk)
    else:
        way(call, clerk)


@WAYS
def test_outside_its_days_the_organizer_alone_files(call, way):
    set_days(call, 1, 9)

    way(call, account(Role.HANDLER, call.city))

    assert Nomination.objects.count() == 1


def test_before_the_first_day_the_pages_say_when_it_begins(call, clerk, client):
    set_days(call, 1, 9)
    client.force_login(clerk)

    offer = may_file_in.offer(clerk, call.round)

    assert not offer
    assert not may_import.offer(clerk, call.round)
    assert "起开始申报，请届时办理" in offer.reason
    for page in (
        reverse("talents:nomination-new", args=[call.round.code]),
        reverse("intake:upload", args=["nominations", call.round.code]),
    ):
        assert "起开始申报，请届时办理" in client.get(page).content.decode(), page


def test_a_confirmed_nomination_is_not_returned_once_the_round_is_closed(call, check, client):
    nomination = eligible_nomination(round=call.round, unit=call.units[0])
    staff = account(Role.APPROVER, call.city)
    check(call.round)
    workflow.confirm_nomination(nomination.pk, actor=staff)
    nomination.refresh_from_db()
    offered = may_return.allows(staff, nomination)
    set_days(call, -9, -1)
    client.force_login(staff)
    page = reverse("talents:return", args=[nomination.pk])
    late = client.get(page).content.decode()
    workflow.close_round(call.round.pk, actor=staff)
    refused = client.get(page)
    nomination = Nomination.objects.get(pk=nomination.pk)

    closed = may_return.offer(staff, nomination)
    with pytest.raises(DomainError, match="请先重新开放申报，再退回草稿"):
        workflow.return_nomination(nomination.pk, actor=staff, note="证书需更换")
    workflow.reopen_round(call.round.pk, actor=staff, note="补正材料")
    workflow.return_nomination(nomination.pk, actor=staff, note="证书需更换")

    nomination.refresh_from_db()
    assert "退回后须由主办工会代为更正" in late
    assert "请先重新开放申报" in refused.content.decode()
    assert (offered, bool(closed)) == (True, False)
    assert "不能更正" in closed.reason
    assert nomination.state == Nomination.State.DRAFT
