"""Lists are for office work: many rows on one screen, and none that breaks a name or a number."""

import pytest
from django.urls import reverse

from organizations.roles import Role
from tests.browser.walking import Walker, may_log_in
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import NominationFactory, RoundFactory
from tests.factories.workflow import record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FEWEST = 16
WHOLE_ROWS = """() => [...document.querySelectorAll("table tbody tr")]
  .filter(row => row.getBoundingClientRect().bottom <= innerHeight).length"""


@pytest.fixture
def house(transactional_db):
    city = OrganizationFactory(code="BJ", kind="city", name="北京市总工会")
    units = [with_child(city, "district", name=f"第{n}区总工会") for n in range(20)]
    selection = RoundFactory(organizer=city)
    for unit in units:
        NominationFactory(round=selection, unit=unit)
        AcademyFactory(supervising_union=unit)
        record(organization=city)
    return may_log_in(account(Role.HANDLER, city))


@pytest.mark.parametrize(
    "address", ["talents:nominations", "academies:list", "organizations:list", "portal:records"]
)
def test_a_screen_of_office_work_shows_sixteen_rows(address, house, page, live_server):
    page.set_viewport_size({"width": 1280, "height": 900})
    walker = Walker(page, live_server.url, None, None)
    walker.log_in(house)

    walker.go(reverse(address))

    assert page.evaluate(WHOLE_ROWS) >= FEWEST
