"""Two editions of a report: which figures moved, by how many rows, and what stayed."""

from datetime import date

import pytest

from academies.models import Enrolment
from organizations.models import User
from reports.selectors.comparison import comparison_of
from tests.factories.academies import AcademyFactory
from tests.factories.reports import drawn_report

pytestmark = pytest.mark.django_db


def compared(before, after):
    return comparison_of(before, after, User.objects.system())


def by_measure(comparison):
    return {(d.figure.measure, d.figure.place_code): d for d in comparison.differences}


def test_editions_of_the_same_data_do_not_differ(city):
    first, second = drawn_report(city.city), drawn_report(city.city)

    found = compared(first, second)

    assert found.differences == []
    assert found.same_count == first.figure_count == second.figure_count


def test_what_came_and_what_moved_is_listed(city):
    first = drawn_report(city.city)
    new = AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 5, 1))
    Enrolment.objects.filter(pk=city.risen.pk).delete()

    found = by_measure(compared(first, drawn_report(city.city)))

    built = found["capital_academies_built", "BJ"]
    assert (built.kind, built.before.actual, built.after.actual) == ("变化", 0, 1)
    assert (built.added_count, built.removed_count) == (1, 0)
    trained = found["capital_trained", "A-EAST"]
    assert (trained.before.actual, trained.after.actual, trained.removed_count) == (3, 2, 1)
    assert found["capital_trained", new.code].kind == "新增"
    assert ("capital_academies_built", "BJ-1") not in found


def test_a_figure_that_stayed_while_its_rows_changed_is_listed_too(city):
    first = drawn_report(city.city)
    Enrolment.objects.filter(pk=city.risen.pk).update(passed=False)

    found = by_measure(compared(first, drawn_report(city.city)))

    trained = found["capital_trained", "A-EAST"]
    assert trained.before.actual == trained.after.actual
    assert (trained.added_count, trained.removed_count) == (0, 0)


def test_what_went_is_listed_with_the_figure_it_had(city):
    gone = AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 5, 1))
    first = drawn_report(city.city)
    gone.designated_on = date(2024, 5, 1)
    gone.withdrawn_on = date(2024, 6, 1)
    gone.save(update_fields=["designated_on", "withdrawn_on"])

    found = by_measure(compared(first, drawn_report(city.city)))

    assert found["capital_brands", gone.code].kind == "删除"
    assert found["capital_brands", gone.code].after is None
