import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from organizations.models import User
from organizations.roles import Role
from talents.models import SelectionRound
from talents.services.nominations import file_nomination
from tests.factories.filings import filing, identity_number, month, segment
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory, eligible_nomination
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def unit(city):
    return with_child(city, "unit", code="U1")


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city, code="bj-2026")


@pytest.fixture
def api(city):
    client = APIClient()
    client.force_login(account(Role.HANDLER, city))
    return client


def read(api, name, *args, **query):
    response = api.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.json()


def test_a_round_moves_by_named_actions_only(api, selection):
    close = reverse("selectionround-close", args=[selection.pk])

    assert api.post(close).json()["state"] == "closed"
    refusal = api.post(close)

    assert refusal.status_code == 409
    assert refusal.headers["Content-Type"] == "application/problem+json"
    assert refusal.json()["type"] == "illegal-transition"
    assert api.patch(close, {"state": "open"}).status_code == 405


def test_reopening_without_a_reason_is_a_problem(api, selection):
    moved(SelectionRound.objects.filter(pk=selection.pk), "closed")

    refusal = api.post(reverse("selectionround-reopen", args=[selection.pk]), {"note": ""})

    assert (refusal.status_code, refusal.json()["type"]) == (409, "reason-required")


def test_a_check_is_started_and_its_results_spell_out_every_criterion(api, selection, unit, check):
    spans = segment(month(2010, 1), month(2012, 6)), segment(month(2015, 1), month(2017, 5))
    file_nomination(selection.pk, filing(unit, *spans), actor=User.objects.system())
    run = check(selection)

    page = read(api, "assessmentrun-results", run.pk)

    (result,) = page["results"]
    months = next(f for f in result["findings"] if f["criterion"] == "frontline_months")
    assert (result["name"], result["verdict"]) == ("曾怡刚", "ineligible")
    assert (months["met"], months["actual"], months["threshold"]) == (False, 59, 60)
    assert read(api, "nomination-why", result["nomination"]) == result["findings"]


def test_a_run_tells_its_counts_to_who_sees_the_whole_round(api, selection, unit, check):
    eligible_nomination(round=selection, unit=unit)
    run = check(selection)

    counts = read(api, "assessmentrun-detail", run.pk)["counts"]

    assert counts == {"eligible": 1, "ineligible": 0, "missing": 0}


def test_starting_a_check_answers_with_the_run(api, selection, settings):
    settings.INLINE_JOBS = True

    answer = api.post(reverse("selectionround-check", args=[selection.pk]))

    assert answer.status_code == 202
    assert answer.json()["round"] == "bj-2026"


def test_an_eligible_nomination_is_confirmed(api, selection, unit, check):
    nomination = eligible_nomination(round=selection, unit=unit)
    address = reverse("nomination-confirm", args=[nomination.pk])

    assert api.post(address).json()["type"] == "nomination-not-assessed"
    check(selection)

    assert api.post(address).json()["state"] == "checked"


def test_persons_come_with_their_mask_and_nothing_more(api, selection, unit):
    file_nomination(selection.pk, filing(unit), actor=User.objects.system())

    text = api.get(reverse("person-list")).content.decode()
    text += api.get(reverse("nomination-list")).content.decode()

    assert "******************" in text
    assert identity_number() not in text
    assert "12012345678" not in text
    assert "cipher" not in text
    assert "digest" not in text


def test_nominations_are_filtered_by_round_verdict_and_name(api, selection, unit, check):
    NominationFactory(round=selection, unit=unit, person__name="林红桂")
    eligible_nomination(round=selection, unit=unit)
    check(selection)

    found = read(api, "nomination-list", round="bj-2026", verdict="missing")["results"]

    assert [row["name"] for row in found] == ["林红桂"]
    assert read(api, "nomination-list", q="王")["results"] == []
    assert api.get(reverse("nomination-list"), {"round": "no-such"}).status_code == 400


def test_a_run_tells_a_unit_nothing_about_the_others(selection, unit, city, check):
    eligible_nomination(round=selection, unit=unit)
    eligible_nomination(round=selection, unit=with_child(city, "unit"))
    run = check(selection)
    clerk = APIClient()
    clerk.force_login(account(Role.NOMINATOR, unit))

    run_told = read(clerk, "assessmentrun-detail", run.pk)

    assert run_told["counts"] is None
    assert "patterns" not in run_told
    assert read(clerk, "assessmentrun-results", run.pk)["count"] == 1
