"""Academies entered from a table and corrected by hand, with the brands they are known for."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from academies.models import Academy, Brand
from academies.rules import positions
from academies.services.academies import Brands, correct_academy
from organizations.roles import Role
from tests.academies.registering import import_academies
from tests.factories.academies import AcademyFactory, BrandFactory
from tests.factories.organizations import OrganizationFactory, account, with_child
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db
HEADINGS = "编码,名称,层级,举办单位编码,主管工会编码,命名日期,特色专业（工种）"
NOTE = "名册核对后更正"


@pytest.fixture
def city():
    return OrganizationFactory(name="北京市总工会", code="BJ")


@pytest.fixture
def academy(city):
    """Two brands since its designation, and a host of its own."""
    host = with_child(city, "unit", code="U01", name="首钢技师学院")
    made = AcademyFactory(code="A-1", name="首都工匠学院", host=host, supervising_union=city)
    for name in ("焊工", "电工"):
        BrandFactory(academy=made, name=name, since=made.designated_on)
    return made


def table(*lines, headings=HEADINGS):
    return "\n".join([headings, *lines]).encode()


def brought_in(content, actor):
    return import_academies(content, filename="学院.csv", actor=actor)


def codes(plan):
    return [(fault.column, fault.code) for fault in plan.faults]


def brands(academy, year):
    return positions([academy], year)[0].brands


def test_what_a_table_has_no_column_for_stays_as_it_is(academy, actor):
    content = table(
        "A-1,首都工匠学院（首钢）,首都工匠学院,BJ,2023-05-10",
        headings="编码,名称,层级,主管工会编码,命名日期",
    )

    plan = brought_in(content, actor)

    academy.refresh_from_db()
    assert len(plan.changed) == 1
    assert (academy.name, academy.host.code) == ("首都工匠学院（首钢）", "U01")
    assert brands(academy, 2025) == 2


def test_a_blank_cell_leaves_host_and_brands_and_the_word_none_takes_them_away(academy, actor):
    blank = brought_in(table("A-1,首都工匠学院,首都工匠学院,,BJ,2023-05-10,"), actor)
    none = brought_in(table("A-1,首都工匠学院,首都工匠学院,无,BJ,2023-05-10,无"), actor)

    academy.refresh_from_db()
    assert (blank.same_count, len(none.changed)) == (1, 1)
    assert (academy.host, academy.organization.code) == (None, "BJ")
    assert not Brand.objects.filter(academy=academy, until__isnull=True).exists()


@pytest.mark.parametrize("code", ["A/1", "A 1?", "-1", "学院1"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(city, actor, code):
    plan = brought_in(table(f"{code},首都工匠学院,首都工匠学院,,BJ,2023-05-10,"), actor)

    assert codes(plan) == [("编码", "code-unusable")]
    assert not Academy.objects.exists()


@pytest.mark.parametrize("code", ["A/1", "a-1", ""])
def test_the_database_refuses_such_a_code_too(city, code):
    with pytest.raises(IntegrityError), transaction.atomic():
        AcademyFactory(code=code, supervising_union=city)


@pytest.mark.parametrize("code", ["A/1", "-1"])
def test_the_form_says_which_codes_may_be_used(client, city, code):
    client.force_login(account(Role.HANDLER, city))
    told = {"code": code, "name": "某学院", "tier": "capital", "supervising_union": "BJ"}

    page = client.post(reverse("academies:new"), told | {"designated_on": "2024-05-01"})

    assert "以字母或数字开头" in page.content.decode()
    assert not Academy.objects.exists()


def test_a_brand_that_was_forgotten_is_entered_for_the_year_it_was_there(academy, actor):
    names = ["焊工", "电工", "钳工"]

    correct_academy(
        academy.pk,
        {"supervising_union": academy.supervising_union},
        brands=Brands(names, date(2025, 3, 1)),
        actor=actor,
        note=NOTE,
    )

    assert [brands(academy, year) for year in (2024, 2025, 2026)] == [2, 3, 3]


def test_a_brand_entered_by_mistake_is_taken_back_for_the_years_it_was_not_there(academy, actor):
    facts = {"supervising_union": academy.supervising_union}

    correct_academy(academy.pk, facts, brands=Brands(["焊工"], date(2024, 1, 1)), actor=actor)

    assert [brands(academy, year) for year in (2023, 2024, 2025)] == [2, 1, 1]


def test_a_brand_does_not_begin_tomorrow(academy, actor):
    with pytest.raises(DomainError) as refused:
        correct_academy(
            academy.pk,
            {"supervising_union": academy.supervising_union},
            brands=Brands(["焊工"], date(2099, 1, 1)),
            actor=actor,
        )

    assert refused.value.code == "brand-in-future"


@pytest.mark.parametrize("day", [date(2022, 12, 1), date(2024, 2, 1)])
def test_brands_as_old_as_the_academy_follow_its_corrected_day(academy, actor, day):
    facts = {"supervising_union": academy.supervising_union, "designated_on": day}

    correct_academy(academy.pk, facts, actor=actor, note=NOTE)

    assert set(Brand.objects.values_list("since", flat=True)) == {day}


def test_the_rows_behind_the_figure_of_brands_are_those_of_its_year(client, academy, actor):
    correct_academy(
        academy.pk,
        {"supervising_union": academy.supervising_union},
        brands=Brands(["焊工"], date(2025, 6, 1)),
        actor=actor,
    )
    client.force_login(account(Role.HANDLER, academy.supervising_union))

    shown = {
        year: client.get(reverse("academies:rows", args=["A-1", year, "brands"])).context["page"]
        for year in (2024, 2025)
    }

    assert {year: page.paginator.count for year, page in shown.items()} == {2024: 2, 2025: 1}
    assert {year: brands(academy, year) for year in shown} == {2024: 2, 2025: 1}
