"""Who gives reason to be looked after: the list asks of all at once what the page of one tells."""

import itertools
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Cultivation, CultivationReport
from talents.rules.cultivating import months_after, quiet_before
from talents.selectors.attainments import Sight, attainments_of
from talents.selectors.growth import cultivations_in_scope
from talents.selectors.plans import aims_of, warnings_of
from talents.selectors.warnings import warned, warning_queues
from talents.services.planning import assess_goal, set_goal
from talents.workflow.cultivation import stop_cultivation
from tests.factories.academies import ClassFactory, EnrolmentFactory
from tests.factories.growth import PairFactory, cultivated, logged
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved

pytestmark = pytest.mark.django_db
YEARS = 730


@pytest.fixture
def city():
    return OrganizationFactory(kind="city")


@pytest.fixture
def unit(city):
    return with_child(city, "unit")


@pytest.fixture
def clerk(city):
    return account(Role.HANDLER, city)


def begun(unit, days_ago, *, lasting=YEARS, mentor=None):
    """Somebody whose years began so many days before today, with all reports still ahead."""
    row, today = cultivated(unit, actor=User.objects.system()), timezone.localdate()
    first = today - timedelta(days=days_ago)
    Cultivation.objects.filter(pk=row.pk).update(
        starts_on=first, ends_on=first + timedelta(days=lasting), mentor=mentor
    )
    CultivationReport.objects.filter(cultivation=row).update(due_on=today + timedelta(days=90))
    row.refresh_from_db()
    return row


def told(row, user):
    """What the page of one of them says to that account."""
    sight = Sight(user)
    known = attainments_of(row.person, sight, since=row.starts_on)
    return warnings_of(row, aims_of(row, sight, known), known)


def found(user):
    return set(warned(cultivations_in_scope(user), user).values_list("pk", flat=True))


def trained(row, ends_on, unit):
    """A class that ended that day, at an academy of the unit."""
    facts = {"starts_on": ends_on - timedelta(days=5), "ends_on": ends_on, "year": ends_on.year}
    of_class = ClassFactory(academy__host=unit, **facts)
    return EnrolmentFactory(training_class=of_class, person=row.person)


def test_each_reason_by_itself_is_enough_and_without_one_nobody_is_found(unit, clerk):
    today = timezone.localdate()
    calm, late, behind, aim = (begun(unit, 30) for _ in range(4))
    late.reports.filter(number=1).update(due_on=today - timedelta(days=1))
    middle = late.reports.model.objects.filter(cultivation=behind, is_midterm=True)
    moved(middle, "submitted", words="完成", submitted_by=User.objects.system())
    moved(middle, "accepted", accepted_by=clerk, finding="behind")
    facts = {"kind": "passing", "goal": "带徒", "shown_by": "出师", "due_on": today}
    goal = set_goal(aim.pk, facts, actor=User.objects.system())
    assert found(clerk) == {late.pk, behind.pk}, "what is due today is not yet late"
    type(goal).objects.filter(pk=goal.pk).update(due_on=today - timedelta(days=1))
    assert found(clerk) == {late.pk, behind.pk, aim.pk}
    assess_goal(goal.pk, outcome="missed", reached="项目推迟", actor=clerk)
    stop_cultivation(late.pk, actor=clerk, note="调离本市")

    assert found(clerk) == {behind.pk}
    assert calm.pk not in found(clerk)


@pytest.mark.parametrize("lasting", [730, 731])
@pytest.mark.parametrize("beyond", [-1, 0, 1, 2])
def test_half_the_years_without_training_is_the_same_day_for_list_and_page(
    unit, clerk, lasting, beyond
):
    row = begun(unit, lasting // 2 + beyond, lasting=lasting)

    assert bool(told(row, clerk)) == (beyond > 0)
    assert (row.pk in found(clerk)) == (beyond > 0)


def test_training_since_the_beginning_is_none_of_before(unit, clerk):
    row = begun(unit, 400)
    trained(row, row.starts_on - timedelta(days=1), unit)
    assert (bool(told(row, clerk)), found(clerk)) == (True, {row.pk})
    trained(row, row.starts_on, unit)
    assert (told(row, clerk), found(clerk)) == ([], set())


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_a_mentor_who_taught_nothing_is_found_on_the_same_day(unit, clerk, days):
    mentor = PersonFactory(organization=unit)
    row = begun(unit, 200, mentor=mentor)
    last = quiet_before(timezone.localdate(), 3) + timedelta(days=days)
    pair = PairFactory(master=mentor, apprentice=row.person, organization=unit)
    logged(pair, held_on=last, apprentice_by=None)
    assert found(clerk) == {row.pk}, "what the apprentice did not confirm does not count"
    logged(pair, held_on=last)

    assert bool(told(row, clerk)) == (days < 0)
    assert (row.pk in found(clerk)) == (days < 0)


def test_the_day_before_which_all_is_quiet_is_the_first_that_reaches_today():
    for today, months in itertools.product(
        (date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2028, 2, 29)), (1, 3, 6)
    ):
        day = quiet_before(today, months)
        assert months_after(day, months) >= today > months_after(day - timedelta(days=1), months)


def test_the_home_says_how_many_and_opens_just_those(client, unit, city, clerk):
    elsewhere = begun(with_child(OrganizationFactory(kind="city"), "unit"), 400)
    calm = begun(unit, 30)
    assert warning_queues(clerk) == []
    row = begun(unit, 400)
    for user in (clerk, account(Role.NOMINATOR, unit)):
        (tile,) = warning_queues(user)
        assert (tile.title, tile.count, tile.unit) == ("培育预警", "1", "人")
        client.force_login(user)
        assert "培育预警" in client.get(reverse("portal:home")).content.decode()
        page = client.get(tile.href).content.decode()
        assert f">{row.person.name}<" in page
        for other in (calm, elsewhere):
            assert f">{other.person.name}<" not in page


def test_who_is_warned_of_costs_the_same_for_one_and_fifty(client, unit, clerk):
    client.force_login(clerk)
    addresses = [f"{reverse('talents:cultivations')}?warned=yes", reverse("portal:home")]

    def costs():
        made = []
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            made.append(len(queries))
        return made

    begun(unit, 400)
    few = costs()
    for _ in range(49):
        begun(unit, 400)

    assert costs() == few
    assert warning_queues(clerk)[0].count == "50"
