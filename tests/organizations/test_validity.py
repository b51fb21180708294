"""“In force” has one form: the query, the row at hand and the statement written by hand agree."""

from datetime import date

import pytest
from django.db import connection

from organizations.models import Organization
from organizations.validity import VALIDITY, in_force
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("first", "until", "holds"),
    [
        (date(2026, 6, 30), None, True),
        (date(2026, 7, 1), None, False),
        (date(2020, 1, 1), date(2026, 7, 1), True),
        (date(2020, 1, 1), date(2026, 6, 30), False),
    ],
    ids=["from today", "from tomorrow", "until tomorrow", "ended today"],
)
def test_a_row_holds_from_its_first_day_to_the_one_before_its_end(first, until, holds):
    body = OrganizationFactory(valid_from=first, valid_until=until)

    assert VALIDITY.holds(body, DAY) is holds
    assert Organization.objects.filter(in_force(on=DAY)).exists() is holds
    with connection.cursor() as cursor:
        condition = VALIDITY.sql("%s::date")
        cursor.execute(
            f"select count(*) from organizations_organization where {condition}", [DAY, DAY]
        )
        assert cursor.fetchone() == (int(holds),)


@pytest.mark.parametrize(
    ("first", "until", "held"),
    [
        (date(2026, 12, 31), None, True),
        (date(2027, 1, 1), None, False),
        (date(2020, 1, 1), date(2026, 1, 2), True),
        (date(2020, 1, 1), date(2026, 1, 1), False),
    ],
    ids=["begun on the last day", "begun after it", "ended on the second", "ended on the first"],
)
def test_a_year_in_which_a_row_held_on_some_day(first, until, held):
    body = OrganizationFactory(valid_from=first, valid_until=until)
    year = date(2026, 1, 1), date(2026, 12, 31)

    assert VALIDITY.holds(body, *year) is held
    assert Organization.objects.filter(VALIDITY.during(*year)).exists() is held
    with connection.cursor() as cursor:
        condition = VALIDITY.sql("%s::date", "%s::date", at="b.")
        cursor.execute(
            f"select count(*) from organizations_organization b where {condition}",
            [year[1], year[0]],
        )
        assert cursor.fetchone() == (int(held),)
