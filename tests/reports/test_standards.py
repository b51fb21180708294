"""Standards as figures: every academy against each, the rows behind, and how many meet it."""

from datetime import date

import pytest
from django.urls import reverse

from academies.models import Enrolment
from academies.workflow import reporting as workflow
from organizations.roles import Role
from reports.models import Figure, FigureRows
from reports.selectors.figures import explanation_of
from reports.selectors.outline import outline_of
from reports.services import drawing
from tests.factories.academies import (
    AcademyFactory,
    BrandFactory,
    ClassFactory,
    EnrolmentFactory,
    TrainingReportFactory,
)
from tests.factories.organizations import account
from tests.factories.reports import YEAR, draft_report, drawn_report, edition_of, figure_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db


def parts_of(figure):
    return list(FigureRows.objects.filter(figure=figure).order_by("position"))


def test_an_academys_figures_are_those_of_the_academies_own_service(city):
    report = drawn_report(city.city)

    trained = figure_of(report, "capital_trained", "A-EAST")
    assert (trained.planned, trained.actual, trained.met) == (1000, 3, False)
    assert trained.note == "还差997人"
    assert (figure_of(report, "capital_brands", "A-EAST").actual) == 2
    assert figure_of(report, "capital_practical_sessions", "A-EAST").actual == 1
    assert figure_of(report, "capital_practical_persons", "A-EAST").actual == 2


def test_persons_are_counted_once_over_the_rows_that_are_kept(city):
    (part,) = parts_of(figure_of(drawn_report(city.city), "capital_trained", "A-EAST"))

    assert (part.row_count, part.distinct_count) == (4, 3)
    assert sorted(part.ids) == sorted(Enrolment.objects.values_list("pk", flat=True))
    assert part.subjects.count(city.twice.person_id) == 2


def test_growth_keeps_the_rows_of_both_years(city):
    earlier = ClassFactory(academy=city.academy, year=2024, number="旧1")
    before = EnrolmentFactory(
        training_class=earlier, passed=True, level_before="4", level_after="3"
    )

    figure = figure_of(drawn_report(city.city), "capital_upgraded", "A-EAST")

    now, then = parts_of(figure)
    assert (figure.actual, figure.standing) == (0, "advised")
    assert (now.part, now.ids) == ("本年提升技能", [city.risen.pk])
    assert (then.part, then.ids) == ("上年提升技能", [before.pk])
    assert "本年提升技能1人，上年1人" in figure.note


def test_growth_without_a_year_to_compare_with_does_not_apply(city):
    figure = figure_of(drawn_report(city.city), "capital_upgraded", "A-EAST")

    assert (figure.actual, figure.met, figure.standing) == (None, None, "not-applicable")
    assert "上年没有可比数据，不适用" in figure.note


def test_of_two_alternatives_one_is_enough_and_the_other_is_not_called_reached(city):
    for number in range(3, 6):
        ClassFactory(academy=city.academy, number=str(number), is_practical=True)

    report = drawn_report(city.city)

    sessions = figure_of(report, "capital_practical_sessions", "A-EAST")
    persons = figure_of(report, "capital_practical_persons", "A-EAST")
    assert (sessions.actual, sessions.met) == (4, True)
    assert (persons.planned, persons.actual) == (200, 2)
    assert (persons.met, persons.standing) == (None, "not-applicable")
    assert "满足其一即可，已按另一项达到" in persons.note


def test_alternatives_have_one_total_which_counts_those_that_reach_either(city):
    for number in range(3, 6):
        ClassFactory(academy=city.academy, number=str(number), is_practical=True)
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 1, 1))

    report = drawn_report(city.city)

    total = figure_of(report, "capital_practical", "BJ")
    assert (total.planned, total.actual, total.met) == (2, 1, False)
    assert total.title == "职工实操培训不少于4期，或职工实操培训不少于200人"
    assert explanation_of(total).demand.count("，或") == 1
    assert parts_of(total)[0].ids == [city.academy.pk]
    standards = report.figures.filter(place_code="BJ", kind="standard")
    assert not standards.filter(measure__startswith="capital_practical_").exists()
    shares = {share.figure.measure: share for share in outline_of(report.figures.all()).shares}
    practical = shares["capital_practical"]
    assert (practical.met_count, practical.short_count, practical.open_count) == (1, 1, 0)


def test_where_neither_alternative_is_reached_both_are_short(city):
    report = drawn_report(city.city)

    for measure in ("capital_practical_sessions", "capital_practical_persons"):
        assert figure_of(report, measure, "A-EAST").met is False


def test_to_whom_a_standard_does_not_apply_is_not_planned_for(city):
    """Growth: without a year before there is nothing to compare with."""
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 1, 1))
    earlier = ClassFactory(academy=city.academy, year=2024, number="2024-1")
    EnrolmentFactory(training_class=earlier, level_before="4", level_after="3")

    total = figure_of(drawn_report(city.city), "capital_upgraded", "BJ")

    assert (total.planned, total.actual, total.standing) == (1, 0, "advised")
    assert total.note == "2家中0家达到，1家提示，1家不适用"


def test_growth_that_falls_short_is_pointed_out_and_fails_nobody(city):
    earlier = ClassFactory(academy=city.academy, year=2024, number="2024-1")
    EnrolmentFactory(training_class=earlier, level_before="4", level_after="3")

    report = drawn_report(city.city)

    own, total = (figure_of(report, "capital_upgraded", place) for place in ("A-EAST", "BJ"))
    assert (own.standing, total.standing) == ("advised", "advised")
    assert own.note.endswith("提示：还差5个百分点；只作提示，不判未达到")
    assert total.note == "1家中0家达到，1家提示"
    shares = {share.figure.measure: share for share in outline_of(report.figures.all()).shares}
    growth = shares["capital_upgraded"]
    assert (growth.short_count, growth.advised_count, growth.open_count) == (0, 1, 0)


def test_an_academy_of_half_a_year_is_only_told_what_is_short(city):
    AcademyFactory(code="A-NEW", supervising_union=city.schools, designated_on=date(YEAR, 7, 1))

    report = drawn_report(city.city)

    figure = figure_of(report, "capital_brands", "A-NEW")
    assert (figure.standing, figure.met) == ("advised", None)
    total = figure_of(report, "capital_brands", "BJ")
    assert (total.standing, total.note) == ("advised", "2家中1家达到，1家提示")


def test_standards_of_a_year_that_is_not_over_are_said_to_be_so(city, time_machine):
    time_machine.move_to("2025-06-30T12:00:00+08:00")

    report = drawn_report(city.city)

    for place in ("BJ", "A-EAST"):
        note = figure_of(report, "capital_trained", place).note
        assert note.endswith("年度尚未结束，为截至2025年6月30日的数据")


def test_a_district_academy_is_held_to_the_derived_threshold_and_told_how(city):
    academy = AcademyFactory(
        tier="district", supervising_union=city.schools, designated_on=date(2025, 1, 1)
    )
    BrandFactory(academy=academy, since=date(2025, 1, 1))

    report = drawn_report(city.city)

    brands = figure_of(report, "district_brands", academy.code)
    assert (brands.planned, brands.actual, brands.met) == (2, 1, False)
    assert brands.note == "标准折算：2 × 0.8 = 1.6，向上取整；还差1个"
    assert "2025年没有登记培训班" in figure_of(report, "district_trained", academy.code).note


def test_the_total_of_a_standard_counts_the_academies_that_meet_it(city):
    AcademyFactory(supervising_union=city.schools, designated_on=date(2025, 1, 1))

    total = figure_of(drawn_report(city.city), "capital_brands", "BJ")

    assert (total.planned, total.actual, total.met) == (2, 1, False)
    assert total.note == "2家中1家达到，1家未达到"
    assert parts_of(total)[0].ids == [city.academy.pk]


def test_an_academy_of_a_tier_without_standards_has_no_figures(city):
    AcademyFactory(
        code="E-1", tier="enterprise", supervising_union=city.east, designated_on=date(2025, 1, 1)
    )

    report = drawn_report(city.city)

    assert not Figure.objects.filter(report=report, place_code="E-1").exists()


def test_a_count_that_the_rows_do_not_bear_out_is_refused_not_sealed(city, monkeypatch):
    report = draft_report(city.city, policy_edition=edition_of())
    evidence = drawing.freeze

    def one_row_less(figure_id, position, part, rows):
        kept = evidence(figure_id, position, part, rows)
        is_roster = part.query == "enrolments.all"
        return type(kept)(kept.row_count, kept.distinct_count - 1) if is_roster else kept

    monkeypatch.setattr(drawing, "freeze", one_row_less)

    with pytest.raises(DomainError) as refusal:
        drawing.draw_up(report.pk)

    assert refusal.value.code == "report-count-disagrees"
    assert "统计为3，逐行复核为2" in refusal.value.message


def test_a_figure_says_from_which_accepted_reports_it_comes_and_keeps_them(city, client):
    first = TrainingReportFactory(academy=city.academy)
    second = TrainingReportFactory(
        academy=city.academy, part=2, title="2025年下半年", first_on=date(2025, 7, 1),
        last_on=date(2025, 12, 31), due_on=date(2026, 1, 15),
    )  # fmt: skip
    over_new_year = ClassFactory(
        academy=city.academy, starts_on=date(2025, 12, 20), ends_on=date(2026, 1, 10)
    )
    EnrolmentFactory(training_class=over_new_year)
    handlers = [account(Role.HANDLER, city.east) for _ in range(2)]
    taker = account(Role.APPROVER, city.east)

    def accepted(report):
        workflow.prepare_report(report.pk, words="", actor=handlers[0])
        signed = workflow.certify_report(report.pk, actor=handlers[1])
        workflow.accept_report(report.pk, actor=taker)
        return signed

    signed = accepted(first)
    report = drawn_report(city.city)

    figure = figure_of(report, "capital_trained", "A-EAST")
    assert "按期报送2期，已接收1期，计4人次，与全年名册5人次不一致" in figure.note
    kept = figure.rows.get(query="reports.accepted")
    assert (kept.ids, kept.row_count) == ([first.pk], 1)
    assert signed.digest in kept.said[0]
    brands = Figure.objects.filter(report=report, academy=city.academy, measure__contains="brand")
    assert not FigureRows.objects.filter(figure__in=brands, query="reports.accepted").exists()
    client.force_login(account(Role.APPROVER, city.city))
    shown = reverse("reports:figure", args=[figure.pk])
    assert "2025年上半年" in client.get(f"{shown}?part={figure.rows.count()}").content.decode()
    accepted(second)  # holds the class that ended in January: it is one of 2025's
    whole = figure_of(drawn_report(city.city), "capital_trained", "A-EAST").note
    assert f"{whole}；".endswith("按期报送2期，已接收2期，计5人次；")
