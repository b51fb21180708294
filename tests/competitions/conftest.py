"""A published item of a city, with whoever works on it."""

import pytest
from django.core.management import call_command

from competitions.services.awards import name_coach
from organizations.roles import Role
from tests.competitions.test_contest_flow import published
from tests.factories.competitions import (
    CompetitionFactory,
    EntryFactory,
    ItemFactory,
    SchemeFactory,
    marked,
)
from tests.factories.organizations import OrganizationFactory, account, with_child
from tests.factories.talents import PersonFactory
from tests.factories.workflow import moved


@pytest.fixture
def city():
    return OrganizationFactory(kind="city", code="BJ", name="北京市总工会")


@pytest.fixture
def hands(city):
    unit = with_child(city, "unit", code="U1", name="通州建筑示例公司")
    return {
        "handler": account(Role.HANDLER, city),
        "approver": account(Role.APPROVER, city),
        "second": account(Role.APPROVER, city),
        "unit": unit,
        "nominator": account(Role.NOMINATOR, unit),
    }


@pytest.fixture
def item(city):
    call_command("load_policies", verbosity=0)
    contest = CompetitionFactory(organizer=city, name="北京市职工焊接竞赛", entries_until=None)
    moved(type(contest).objects.filter(pk=contest.pk), "announced")
    return SchemeFactory(item=ItemFactory(competition=contest, name="焊工")).item


@pytest.fixture
def podium(item, hands):
    """Three on the board, the first with a coach, and a fourth without a medal; published."""
    people = [
        marked(
            EntryFactory(item=item, unit=hands["unit"], employer=hands["unit"].name),
            40 - n,
            3,
            3,
            3,
        )
        for n in range(4)
    ]
    coach = PersonFactory(organization=hands["unit"], name="赵师傅")
    name_coach(people[0].pk, coach, actor=hands["nominator"])
    published(item, hands)
    return people
