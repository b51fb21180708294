import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Organization
from organizations.roles import Role
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import RoundFactory, eligible_nomination

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(code="BJ")


@pytest.fixture
def unit(city):
    return with_child(city, Organization.Kind.UNIT)


@pytest.fixture
def selection(city):
    return RoundFactory(organizer=city)


@pytest.fixture
def staff(client, city):
    client.force_login(account(Role.HANDLER, city))
    return client


@pytest.mark.parametrize("address", ["round-nominations", "run", "runs"])
def test_a_list_of_a_round_costs_the_same_for_few_rows_and_many(
    staff, selection, unit, check, address
):
    counts = []
    for more in (1, 2, 47):
        for _ in range(more):
            eligible_nomination(round=selection, unit=unit)
        run = check(selection)
        url = reverse(f"talents:{address}", args=[run.pk if address == "run" else selection.code])
        staff.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(url).status_code == 200
        counts.append(len(queries))

    assert len(set(counts[1:])) == 1, counts
    # one for saved views, one for the unread notices of the menu, one for the count of rows read
    assert counts[-1] <= 11, counts


#: Of a nomination one asks which papers are kept and asked for, whether the page of the person opens for
#: whoever looks, what titles the person holds and what offices say; of files, of which rounds whoever looks is a
#: candidate; of records, what is said in objections, by offices and in the notice at the unit of whoever looks; of
#: a round, whether whoever looks stands in it, for each step that is offered, and whether anybody is confirmed.
MOST = {"nomination": 21, "why": 13, "round": 26}


@pytest.mark.parametrize("address", MOST)
def test_a_page_costs_the_same_however_much_stands_around_it(
    staff, selection, unit, check, address
):
    counts = []
    nomination = eligible_nomination(round=selection, unit=unit)
    for more in (2, 30):
        for _ in range(more):
            eligible_nomination(round=selection, unit=unit)
        check(selection)
        key = selection.code if address == "round" else nomination.pk
        url = reverse(f"talents:{address}", args=[key])
        staff.get(url)
        with CaptureQueriesContext(connection) as queries:
            staff.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert counts[1] <= MOST[address]
