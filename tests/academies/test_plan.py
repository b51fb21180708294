"""The plan board 1＋40＋N: what it counts, how it judges, and that each count opens its academies."""

from datetime import date

import pytest
from django.core.management import call_command

from academies.models import Academy
from academies.selectors.plan import board
from organizations.roles import Role
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import OrganizationFactory, account, with_child

pytestmark = pytest.mark.django_db
Tier = Academy.Tier


@pytest.fixture
def city():
    call_command("load_policies", verbosity=0)
    return OrganizationFactory(name="北京市总工会", kind="city")


@pytest.fixture
def east(city):
    return with_child(city, "district", code="BJ-E", name="东城区总工会")


@pytest.fixture
def staff(city):
    return account(Role.HANDLER, city)


def cells_of(plan, union):
    """Actual and standing of one union by measure and year."""
    line = next(line for line in plan.lines if line.union == union)
    return {
        (column.target.measure, column.year): (cell.actual, cell.standing)
        for column, cell in zip(plan.columns, line.cells, strict=True)
    }


def academies(union, tier, *days):
    return [AcademyFactory(supervising_union=union, tier=tier, designated_on=d) for d in days]


def test_a_district_without_an_academy_is_short_only_when_the_year_is_over(east, staff):
    during = cells_of(board(staff, today=date(2025, 12, 31)), east)
    after = cells_of(board(staff, today=date(2026, 1, 1)), east)

    assert during["district_academies_built", 2025] == (0, "not-due")
    assert after["district_academies_built", 2025] == (0, "short")
    assert after["district_academies", 2026] == (0, "not-due")


def test_three_by_the_end_of_2026_are_reached_as_soon_as_they_stand(east, staff):
    academies(east, Tier.DISTRICT, date(2024, 3, 1), date(2025, 3, 1), date(2026, 3, 1))

    cells = cells_of(board(staff, today=date(2026, 11, 21)), east)

    assert cells["district_academies", 2026] == (3, "met")
    assert [cells["district_academies_built", year] for year in (2024, 2025, 2026)] == [
        (1, "met"),
        (1, "met"),
        (1, "met"),
    ]


def test_a_third_capital_academy_of_one_union_is_pointed_out_and_not_failed(east, staff):
    academies(east, Tier.CAPITAL, *[date(2024, 3, day) for day in (1, 2, 3)])

    cells = cells_of(board(staff, today=date(2026, 11, 21)), east)

    assert cells["capital_academies", 2026] == (3, "advised")


def test_an_academy_counts_for_the_union_above_its_own(east, staff):
    street = with_child(east, "street", name="东花市街道总工会")
    academies(street, Tier.DISTRICT, date(2025, 3, 1))

    plan = board(staff, today=date(2026, 1, 1))

    assert cells_of(plan, east)["district_academies_built", 2025] == (1, "met")


def test_every_count_opens_just_the_academies_it_counts(client, city, east, staff):
    west = with_child(city, "district", code="BJ-W", name="西城区总工会")
    street = with_child(east, "street", name="东花市街道总工会")
    academies(east, Tier.DISTRICT, date(2024, 3, 1), date(2025, 3, 1))
    academies(street, Tier.DISTRICT, date(2025, 4, 1))
    academies(west, Tier.DISTRICT, date(2025, 5, 1))
    academies(east, Tier.CAPITAL, date(2025, 6, 1))
    gone = academies(east, Tier.CAPITAL, date(2025, 7, 1))[0]
    Academy.objects.filter(pk=gone.pk).update(withdrawn_on=date(2026, 2, 1))
    client.force_login(staff)

    plan = board(staff, today=date(2026, 11, 21))

    cells = [cell for _, cell in plan.total] + [c for line in plan.lines for c in line.cells]
    shown = [
        client.get(f"/academies/?{cell.query}").context["page"].paginator.count for cell in cells
    ]
    assert shown == [cell.actual for cell in cells]
    assert {0, 1, 2, 3} <= set(shown)


def test_who_sees_one_union_gets_its_line_without_the_citys_totals(city, east):
    with_child(city, "district", name="西城区总工会")
    below = account(Role.HANDLER, east)

    plan = board(below, today=date(2026, 1, 1))

    assert [line.union for line in plan.lines] == [east]
    assert plan.total == ()


def test_academies_that_answer_to_the_city_itself_are_said_to_stand_apart(city, staff):
    academies(city, Tier.CAPITAL, date(2024, 3, 1))

    plan = board(staff, today=date(2026, 1, 1))

    assert plan.others == 1


def test_a_union_without_a_capital_academy_is_not_yet_covered(east, staff):
    bare = cells_of(board(staff, today=date(2026, 11, 21)), east)
    academies(east, Tier.CAPITAL, date(2024, 3, 1))
    covered = cells_of(board(staff, today=date(2026, 11, 21)), east)

    assert bare["capital_coverage", 2026] == (0, "not-due")
    assert covered["capital_coverage", 2026] == (1, "met")


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        ([Tier.CAPITAL] * 4 + [Tier.DEMONSTRATION], "一致"),
        ([Tier.CAPITAL] * 2 + [Tier.DEMONSTRATION], "少 2 家"),
        ([Tier.CAPITAL] * 6, "多 1 家"),
    ],
)
def test_the_register_is_reconciled_with_what_the_plan_says_was_there(
    client, city, staff, tiers, said
):
    for tier in tiers:
        academies(city, tier, date(2022, 9, 15))
    academies(city, Tier.CAPITAL, date(2024, 3, 1))  # built under the plan
    client.force_login(staff)

    page = client.get("/academies/plan/").content.decode()
    assert "文件称2023年底 5 家" in page
    assert said in page
