"""Registering an item: which stages it may come after, and how they are told apart."""

import pytest

from competitions.forms.contests import ItemCorrectionForm, NewItemForm
from organizations.roles import Role
from tests.factories.competitions import CompetitionFactory, ItemFactory
from tests.factories.organizations import OrganizationFactory, account

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return OrganizationFactory(kind="city")


def offered(form):
    return [label for value, label in form.fields["follows"].choices if value]


def test_stages_are_told_apart_and_those_of_the_same_contest_come_first(city):
    contest = CompetitionFactory(organizer=city, year=2026, code="C-2", name="市赛")
    other = CompetitionFactory(organizer=city, year=2026, code="C-1", name="区赛")
    ItemFactory(competition=other, code="Q-1", name="焊工", stage="preliminary")
    ItemFactory(competition=contest, code="S-1", name="焊工", stage="semifinal")
    for year, code in ((2023, "OLD"), (2024, "EDGE"), (2027, "NEXT")):
        held = CompetitionFactory(organizer=city, year=year, name=f"{year}年赛")
        ItemFactory(competition=held, code=code, name="焊工")

    form = NewItemForm(user=account(Role.HANDLER, city), policy=None, contest=contest)

    assert offered(form) == [
        "市赛 焊工（复赛，S-1）", "区赛 焊工（初赛，Q-1）", "2024年赛 焊工（决赛，EDGE）"
    ]  # fmt: skip


def test_a_stage_that_was_chosen_long_ago_stays_on_offer(city):
    old = ItemFactory(competition=CompetitionFactory(organizer=city, year=2020, name="往届"))
    contest = CompetitionFactory(organizer=city, year=2026)
    item = ItemFactory(competition=contest, follows=old)

    form = ItemCorrectionForm(
        user=account(Role.HANDLER, city), policy=None, contest=contest, item=item
    )

    assert [label.startswith("往届 ") for label in offered(form)] == [True]
