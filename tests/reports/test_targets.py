"""Targets as figures: the whole programme, each union, a part of the tree, and what is not on file."""

from datetime import date

import pytest

from academies.models import Academy
from reports.models import Figure, FigureRows
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import with_child
from tests.factories.reports import drawn_report, figure_of

SYSTEM, SELECTION = "beijing-academy-system-2024", "beijing-craftsman-selection-2024"
YANTAI, NATION = "yantai-craftsman-2023", "national-great-craftsman-2024"
pytestmark = pytest.mark.django_db


def district_academy(union, year, **facts):
    return AcademyFactory(
        tier="district", supervising_union=union, designated_on=date(year, 6, 1), **facts
    )


def rows_behind(figure):
    return FigureRows.objects.get(figure=figure).ids


def test_academies_are_counted_in_the_year_of_their_designation(city):
    new = AcademyFactory(supervising_union=city.group, designated_on=date(2025, 12, 31))
    AcademyFactory(supervising_union=city.east, designated_on=date(2026, 1, 1))

    report = drawn_report(city.city)

    built, total = (
        figure_of(report, measure, "BJ")
        for measure in ("capital_academies_built", "capital_academies")
    )
    assert (built.planned, built.actual, built.met) == (10, 1, False)
    assert rows_behind(built) == [new.pk]
    assert (total.planned, total.actual, total.met) == (40, 2, None)
    assert sorted(rows_behind(total)) == sorted([city.academy.pk, new.pk])


def test_the_demonstration_academy_is_never_one_of_the_forty(city):
    AcademyFactory(
        tier="demonstration", supervising_union=city.city, designated_on=date(2025, 3, 1)
    )

    report = drawn_report(city.city)

    assert figure_of(report, "demonstration_academies", "BJ").actual == 1
    assert figure_of(report, "capital_academies", "BJ").actual == 1
    assert figure_of(report, "capital_academies_built", "BJ").actual == 0


def test_an_academy_withdrawn_by_the_end_of_the_year_no_longer_counts(city):
    city.academy.withdrawn_on = date(2025, 12, 31)
    city.academy.save(update_fields=["withdrawn_on"])

    report = drawn_report(city.city)

    assert figure_of(report, "capital_academies", "BJ").actual == 0


def test_each_district_and_industry_union_answers_for_itself_and_all_below_it(city):
    street = with_child(city.east, "street", code="S1")
    district_academy(street, 2025)

    report = drawn_report(city.city)

    east, schools, both = (
        figure_of(report, "district_academies_built", code) for code in ("BJ-1", "BJ-I1", "BJ")
    )
    assert (east.actual, east.met) == (1, True)
    assert (schools.actual, schools.met, schools.note) == (0, False, "还差1家")
    assert (both.planned, both.actual, both.met) == (2, 1, False)
    assert both.note == "2个区总工会、产业工会中1个达到；未达到1个：北京市教育工会"
    assert not Figure.objects.filter(report=report, place_code="BJ-G1", kind="target").exists()


def test_what_lies_under_no_such_union_counts_in_the_total_only(city):
    for union in (city.east, city.schools, city.group):
        district_academy(union, 2025)

    both = figure_of(drawn_report(city.city), "district_academies_built", "BJ")

    assert (both.planned, both.actual, both.met) == (2, 3, True)
    assert both.note.endswith("另有1家不属于上述工会，计入合计")


def test_the_figures_by_2026_are_judged_only_then(city):
    for _ in range(2):
        district_academy(city.east, 2025)

    in_2025, in_2026 = (drawn_report(city.city, year=year) for year in (2025, 2026))

    before = figure_of(in_2025, "district_academies", "BJ-1")
    after = figure_of(in_2026, "district_academies", "BJ-1")
    assert (before.actual, before.met, before.standing) == (2, None, "not-due")
    assert (after.actual, after.met, after.standing) == (2, False, "short")


@pytest.mark.parametrize(
    ("count", "standing"), [(0, "advised"), (1, "met"), (2, "met"), (3, "advised")]
)
def test_one_or_two_capital_academies_per_union_is_advice(city, count, standing):
    for _ in range(count):
        AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 1, 1))

    figure = figure_of(drawn_report(city.city, year=2026), "capital_academies", "BJ-I1")

    assert (figure.planned, figure.planned_most, figure.actual) == (1, 2, count)
    assert (figure.standing, figure.met) == (standing, True if standing == "met" else None)


def test_every_measure_stands_once_under_a_place(city):
    report = drawn_report(city.city, year=2026)

    places = list(Figure.objects.filter(report=report).values_list("measure", "place_code"))
    assert len(places) == len(set(places))


def test_a_report_of_one_district_lists_its_own_and_divides_no_total(city):
    report = drawn_report(city.east)

    built = figure_of(report, "capital_academies_built", "BJ-1")
    assert (built.planned, built.actual, built.standing) == (None, 0, "not-applicable")
    assert figure_of(report, "district_academies_built", "BJ-1").is_total
    assert set(report.figures.values_list("place_code", flat=True)) == {"BJ-1", "A-EAST"}


def test_a_union_that_is_no_longer_in_force_is_not_asked(city):
    city.schools.valid_until = date(2025, 7, 1)
    city.schools.save(update_fields=["valid_until"])

    report = drawn_report(city.city)

    assert not report.figures.filter(place_code="BJ-I1").exists()


@pytest.mark.parametrize(
    ("policy", "planned"),
    [
        (SELECTION, {"beijing_great_named": 50, "district_craftsmen_named": 100, "unit_craftsmen_named": 300}),
        (NATION, {"national_great_named": 200, "provincial_craftsmen_supported": 1000, "city_craftsmen_supported": 5000}),
    ],
)  # fmt: skip
def test_what_nobody_records_yet_is_missing_data_and_never_missed(city, policy, planned):
    report = drawn_report(city.city, policy=policy)

    found = {f.measure: f for f in report.figures.all()}
    assert {measure: f.planned for measure, f in found.items()} == planned
    for figure in found.values():
        assert (figure.actual, figure.met, figure.standing) == (None, None, "no-data")
        assert figure.note.startswith("无数据")
    assert not FigureRows.objects.exists()


def test_a_policy_of_a_place_that_is_not_on_file_has_no_data_here(city):
    report = drawn_report(city.city, policy=YANTAI)

    assert set(report.figures.values_list("standing", flat=True)) == {"no-data"}
    assert report.figures.first().note == "无数据：系统中没有登记烟台市的工会组织"


def test_before_anything_is_recorded_there_is_no_data_rather_than_nothing(city):
    Academy.objects.update(designated_on=date(2026, 1, 1))

    report = drawn_report(city.city)

    for place in ("BJ", "BJ-I1"):
        figure = figure_of(report, "district_academies_built", place)
        assert (figure.actual, figure.met) == (None, None)


def test_a_union_that_built_none_is_short_in_its_own_report_as_in_the_citys(city):
    own, whole = drawn_report(city.schools), drawn_report(city.city)

    found = [figure_of(report, "district_academies_built", "BJ-I1") for report in (own, whole)]

    assert [(f.planned, f.actual, f.met) for f in found] == [(1, 0, False)] * 2


def test_a_year_that_is_not_over_is_said_to_be_so(city, time_machine):
    time_machine.move_to("2025-06-30T12:00:00+08:00")

    report = drawn_report(city.city)

    note = figure_of(report, "capital_academies_built", "BJ").note
    assert "还差10家；年度尚未结束，为截至" in note
