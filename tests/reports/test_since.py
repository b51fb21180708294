"""What has become of a sealed report's figures, all of them on one page."""

from datetime import date

import pytest
from django.urls import reverse

from academies.models import Academy, Enrolment
from organizations.roles import Role
from reports.services.since import moved_since
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account
from tests.factories.reports import drawn_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city):
    return drawn_report(city.city)


@pytest.fixture
def staff(city):
    return account(Role.HANDLER, city.city)


def told(moved):
    return {
        (m.figure.measure, m.figure.place_code): (
            m.then and m.then.actual,
            m.now and m.now.actual,
        )
        for m in moved
    }


def test_nothing_has_moved_right_after_the_sealing(report, staff, client):
    client.force_login(staff)

    page = client.get(reverse("reports:since", args=[report.pk])).content.decode()

    assert moved_since(report, staff) == []
    assert "没有变化" in page


def test_a_deleted_row_moves_its_figures_and_no_others(city, report, staff, client):
    Enrolment.objects.filter(pk=city.risen.pk).delete()
    client.force_login(staff)

    moved = told(moved_since(report, staff))
    page = client.get(reverse("reports:since", args=[report.pk])).content.decode()

    assert moved == {
        ("capital_trained", "A-EAST"): (3, 2),
        ("capital_practical_persons", "A-EAST"): (2, 1),
    }
    assert "3／1000 人" in page
    assert "2／1000 人" in page


def test_an_academy_registered_since_and_one_that_went_are_told(city, report, staff):
    AcademyFactory(code="A-NEW", supervising_union=city.schools, designated_on=date(2025, 5, 1))
    Academy.objects.filter(code="A-EAST").update(withdrawn_on=date(2024, 12, 1))

    moved = told(moved_since(report, staff))

    assert moved["capital_academies_built", "BJ"] == (0, 1)
    assert moved["capital_brands", "A-NEW"] == (None, 0)


def test_a_reader_from_below_learns_of_its_own_figures_only(city, report):
    below = account(Role.HANDLER, city.schools)
    Enrolment.objects.filter(pk=city.risen.pk).delete()
    AcademyFactory(supervising_union=city.east, designated_on=date(2025, 5, 1))

    places = {m.figure.place_code for m in moved_since(report, below)}

    assert places == {"BJ"}


def test_an_edition_is_not_compared_with_itself(report, staff, client):
    client.force_login(staff)

    assert client.get(reverse("reports:compare", args=[report.pk, report.pk])).status_code == 404
