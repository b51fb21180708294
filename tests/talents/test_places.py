"""Places and separation: filing over the places warns, confirming keeps to them; near ones keep out."""

import threading
import time

import pytest
from django.db import connection, connections
from django.urls import reverse

from organizations.models import Membership, User
from organizations.roles import Role
from talents import workflow
from talents.models import Nomination
from talents.permissions import apart_from, may_confirm
from talents.rules.places import Seats, cautions
from talents.selectors.assessments import current_assessment
from talents.services.eligibility import start_run
from talents.services.nominations import file_nomination
from talents.services.quotas import allocate_quotas
from tests import database
from tests.factories.filings import filing
from tests.factories.organizations import account
from tests.factories.talents import eligible_nomination
from tests.refusals import refused
from tests.talents.importing import call_of_nominations, committed, sheet_of
from workflow.refusals import DomainError
from workflow.refusals.database import refusing

AT_ONCE = 64
Checked = Nomination.State.CHECKED


def give(call, body, places):
    allocate_quotas(
        call.round.pk,
        organization_id=body.pk,
        places=places,
        actor=User.objects.system(),
        note="按职工人数",
    )


@pytest.fixture
def call(db):
    return call_of_nominations()


@pytest.fixture
def approver(call):
    return account(Role.APPROVER, call.city)


def candidates(call, count, unit=None, **facts):
    unit = unit or call.units[0]
    return [eligible_nomination(round=call.round, unit=unit, **facts) for _ in range(count)]


# Places


def test_confirming_stops_at_the_places_of_the_unit_and_of_every_body_above_it(
    call, approver, check
):
    east, first, second = call.districts[0], *call.units[:2]
    for body, places in ((east, 3), (first, 2), (second, 2), (call.districts[1], 1)):
        give(call, body, places)
    ones, others = candidates(call, 3, first), candidates(call, 2, second)
    check(call.round)

    for nomination in ones[:2]:
        workflow.confirm_nomination(nomination.pk, actor=approver)
    assert refused(workflow.confirm_nomination, ones[2].pk, actor=approver) == "places-used-up"
    workflow.confirm_nomination(others[0].pk, actor=approver)
    assert refused(workflow.confirm_nomination, others[1].pk, actor=approver) == "places-used-up"

    workflow.return_nomination(ones[0].pk, actor=approver, note="请核对")
    workflow.confirm_nomination(others[1].pk, actor=approver)
    assert Nomination.objects.filter(state=Checked).count() == 3


def test_of_many_chosen_as_many_are_confirmed_as_places_are_left_in_their_units_order(
    call, approver, check
):
    give(call, call.units[0], 2)
    rows = [candidates(call, 1, rank=rank)[0] for rank in (3, 1, None, 2)]
    check(call.round)

    done = workflow.confirm_chosen(call.round.pk, [n.pk for n in rows], actor=approver)

    assert set(done.confirmed) == {rows[1].pk, rows[3].pk}
    assert {pk: no.code for pk, no in done.refused.items()} == dict.fromkeys(
        (rows[0].pk, rows[2].pk), "places-used-up"
    )


def test_where_places_were_given_to_some_who_has_none_has_none(call, approver, check):
    give(call, call.districts[1], 5)
    nomination = candidates(call, 1)[0]
    check(call.round)

    assert refused(workflow.confirm_nomination, nomination.pk, actor=approver) == "places-not-given"
    assert "没有分到名额" in cautions(call.round, [call.units[0]])[0]


def test_the_page_says_why_there_is_no_button(call, approver, check, client):
    give(call, call.units[0], 1)
    one, other = candidates(call, 2)
    check(call.round)
    workflow.confirm_nomination(one.pk, actor=approver)
    client.force_login(approver)

    page = client.get(reverse("talents:nomination", args=[other.pk])).content.decode()
    api = client.post(f"/api/nominations/{other.pk}/confirm/")

    assert "1个名额已全部确认" in page
    assert reverse("talents:confirm", args=[other.pk]) not in page
    assert (api.status_code, api.json()["type"]) == (409, "places-used-up")


def test_the_back_office_confirms_no_more_than_the_places(call, approver, check, client):
    give(call, call.units[0], 1)
    rows = candidates(call, 3)
    check(call.round)
    client.force_login(approver)
    act = reverse("talents:nominations") + "act/confirm/"

    done = client.post(act, {"chosen": [n.pk for n in rows], "confirmed": "1", "note": ""})

    assert done.status_code == 200
    assert Nomination.objects.filter(state=Checked).count() == 1


def test_places_are_not_taken_back_below_what_is_confirmed(call, approver, check):
    give(call, call.districts[0], 3)
    for nomination in candidates(call, 2):
        check(call.round)
        workflow.confirm_nomination(nomination.pk, actor=approver)

    for places in (1, 0):
        assert refused(give, call, call.districts[0], places) == "places-taken"
    give(call, call.districts[0], 2)


def test_filing_over_the_places_warns_and_is_not_stopped(call, client):
    give(call, call.districts[0], 1)
    candidates(call, 1)
    handler = account(Role.HANDLER, call.city)
    client.force_login(handler)

    file_nomination(call.round.pk, filing(call.units[0]), actor=handler)

    assert cautions(call.round, [call.units[0]]) == [
        f"“{call.districts[0]}”名额1名，已推荐2名，超出1名；申报照常受理，确认时不得超过名额"
    ]
    assert cautions(call.round, [call.units[2]]) != []


def test_committing_a_workbook_over_the_places_says_so_on_page_and_in_the_api(call, client):
    give(call, call.units[0], 1)
    candidates(call, 1)
    handler = account(Role.HANDLER, call.city)
    client.force_login(handler)
    batch = committed(call, sheet_of(call, {}))

    shown = client.get(reverse("intake:file", args=[batch.pk]))
    api = client.get(f"/api/import-batches/{batch.pk}/").json()

    told = f"“{call.units[0]}”名额1名，已推荐2名，超出1名"
    assert told in shown.content.decode()
    assert told in api["cautions"][0]


# Separation


def test_who_serves_at_the_unit_confirms_none_of_its_candidates_whatever_the_role(call, check):
    nomination = candidates(call, 1)[0]
    check(call.round)
    for role in (Role.HANDLER, Role.APPROVER):
        insider = account(role, call.units[0])
        act = workflow.confirm_nomination
        assert refused(act, nomination.pk, actor=insider) == "confirmer-not-above"
        assert not apart_from(insider, Nomination.objects.all()).exists()


def test_who_serves_above_as_well_is_still_of_the_unit_and_so_is_who_left_after_it_was_filed(
    call, check
):
    nomination = candidates(call, 1)[0]
    check(call.round)
    both, left, before = (account(Role.APPROVER, call.city) for _ in range(3))
    today = nomination.created_at.date()
    terms = ((both, None), (left, "tomorrow"), (before, "that day"))
    for user, until in terms:
        Membership.objects.create(
            user=user,
            organization=call.units[0],
            role=Role.NOMINATOR,
            valid_from="2020-01-01",
            valid_until={"tomorrow": "2099-01-01", "that day": "2021-01-01", None: None}[until],
        )
    assert today.year >= 2026

    assessment = current_assessment(nomination)
    codes = {
        user: getattr(may_confirm.why_not(user, nomination, assessment), "code", None)
        for user, _ in terms
    }

    assert codes == {both: "own-unit", left: "own-unit", before: None}
    rows = Nomination.objects.all()
    assert [apart_from(user, rows).exists() for user, _ in terms] == [False, False, True]


def test_a_district_does_not_confirm_what_it_put_forward_itself_but_the_city_does(
    call, approver, check
):
    nomination = candidates(call, 1, call.districts[0])[0]
    check(call.round)
    own = account(Role.APPROVER, call.districts[0])

    assert refused(workflow.confirm_nomination, nomination.pk, actor=own) == "confirmer-not-above"
    workflow.confirm_nomination(nomination.pk, actor=approver)


def test_nobody_confirms_themselves(call, check):
    nomination = candidates(call, 1)[0]
    check(call.round)
    nominee = account(
        Role.APPROVER, call.city, user__owner_digest=nomination.person.identity_digest
    )

    assert refused(workflow.confirm_nomination, nomination.pk, actor=nominee) == "own-nomination"
    assert not apart_from(nominee, Nomination.objects.all()).exists()


# At once


def outcome_of(pk, actor):
    try:
        with refusing():
            workflow.confirm_nomination(pk, actor=actor)
    except DomainError as refused:
        return refused.code
    return "confirmed"


def confirmed_at_once(call, pks, actors):
    barrier, outcomes = threading.Barrier(len(pks)), []

    def confirm(pk, actor):
        barrier.wait(timeout=60)
        outcome = "busy"
        while outcome == "busy":  # who waited too long is asked to try again, and does
            outcome = outcome_of(pk, actor)
        outcomes.append(outcome)
        connections.close_all()

    threads = [
        threading.Thread(target=confirm, args=pair) for pair in zip(pks, actors, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return outcomes


@pytest.fixture
def rush(transactional_db, settings):
    """Sixty-four eligible candidates for eighteen places, each with somebody about to confirm."""
    settings.INLINE_JOBS = True
    call = call_of_nominations()
    give(call, call.districts[0], 18)
    rows = candidates(call, AT_ONCE)
    start_run(call.round.pk, actor=User.objects.system())
    actor = account(Role.APPROVER, call.city)
    return call, [n.pk for n in rows], [User.objects.get(pk=actor.pk) for _ in rows]


@pytest.mark.attack
def test_of_sixty_four_confirmed_at_once_exactly_the_places_are(rush):
    outcomes = confirmed_at_once(*rush)

    assert sorted(outcomes) == ["confirmed"] * 18 + ["places-used-up"] * (AT_ONCE - 18)
    assert Nomination.objects.filter(state=Checked).count() == 18


@pytest.fixture
def slow_and_unlocked(monkeypatch):
    """The application counts, then dawdles, and does not queue up for the round."""
    counted = Seats.of.__func__

    def counted_slowly(cls, *args):
        seats = counted(cls, *args)
        time.sleep(0.3)
        return seats

    monkeypatch.setattr(Seats, "of", classmethod(counted_slowly))
    monkeypatch.setattr(workflow, "lock_round_of", lambda pk: None)


@pytest.mark.attack
def test_without_the_rounds_lock_the_database_still_confirms_the_places_only(
    rush, slow_and_unlocked
):
    outcomes = confirmed_at_once(*rush)

    assert outcomes.count("confirmed") == 18
    others = set(outcomes) - {"confirmed", "places-used-up"}
    assert others == {"nomination-confirmed-within-places"}
    assert Nomination.objects.filter(state=Checked).count() == 18


def test_without_both_more_would_be_confirmed_than_places(rush, slow_and_unlocked):
    """The control: counting alone is not enough, the lock and the trigger are what decides."""
    guard = "alter table talents_nomination {} trigger nomination_confirmed_within_places"
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        administrator.execute(guard.format("disable"))
        try:
            confirmed_at_once(*rush)
        finally:
            administrator.execute(guard.format("enable"))

    assert Nomination.objects.filter(state=Checked).count() > 18
