"""The rows behind a figure: as they were, what became of them, and for whose eyes."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from academies.models import Academy, Enrolment
from organizations import services
from organizations.roles import Role
from reports import tables
from reports.selectors.rows import evidence_of
from tests.factories.academies import AcademyFactory, EnrolmentFactory
from tests.factories.organizations import OrganizationFactory, account
from tests.factories.reports import drawn_report, figure_of
from workflow.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(city):
    return drawn_report(city.city)


@pytest.fixture
def staff(city):
    return account(Role.HANDLER, city.city)


def part_of(report, measure, place, position=0):
    return figure_of(report, measure, place).rows.get(position=position)


def changes_in(evidence):
    return {row.id: row.change for row in evidence.rows}


def test_nothing_has_changed_right_after_the_sealing(city, report, staff):
    evidence = evidence_of(part_of(report, "capital_trained", "A-EAST"), staff)

    assert set(changes_in(evidence).values()) == {"same"}
    assert (evidence.now_count, evidence.now_distinct, evidence.changed_count) == (4, 3, 0)
    assert {row.person for row in evidence.rows} == set(
        Enrolment.objects.values_list("person__name", flat=True)
    )


def test_each_row_tells_what_became_of_it(city, report, staff):
    part = part_of(report, "capital_practical_persons", "A-EAST")
    gone, moved = city.risen.pk, city.practice
    new = EnrolmentFactory(training_class=moved)
    Enrolment.objects.filter(pk=gone).delete()

    evidence = evidence_of(part, staff)

    assert changes_in(evidence)[gone] == "gone"
    assert changes_in(evidence)[new.pk] == "new"
    assert [row.change for row in evidence.rows] == ["new", "gone", "same"]
    assert (evidence.counts["new"], evidence.counts["gone"], evidence.counts["same"]) == (1, 1, 1)


def test_a_corrected_row_shows_what_it_said_and_what_it_says(city, report, staff):
    Enrolment.objects.filter(pk=city.risen.pk).update(level_before="5")

    evidence = evidence_of(part_of(report, "capital_trained", "A-EAST"), staff)

    (row,) = [r for r in evidence.rows if r.change == "changed"]
    assert ("培训前等级", "中级工", "初级工") in row.cells
    assert ("培训后等级", "高级工", "") in row.cells
    assert evidence.rows[0] == row


def test_a_row_that_no_longer_counts_is_still_there(city, report, staff):
    Academy.objects.filter(pk=city.academy.pk).update(withdrawn_on=date(2025, 6, 1))

    evidence = evidence_of(part_of(report, "capital_academies", "BJ"), staff)

    assert changes_in(evidence) == {city.academy.pk: "left"}
    assert evidence.rows[0].cells[:3] == [
        ("编码", "A-EAST", ""),
        ("名称", "首都工匠学院（一）", ""),
        ("层级", "首都工匠学院", ""),
    ]
    assert evidence.now_count == 0


def test_a_tree_that_moves_takes_its_academies_along(city, report, staff):
    """The question names the body, not its place in the tree."""
    part = part_of(report, "capital_academies", "BJ-1")

    services.move(city.city, parent=OrganizationFactory(kind="national"))

    assert evidence_of(part, staff).now_count == 1


def test_rows_are_filtered_by_what_became_of_them_and_paged(
    city, report, staff, client, monkeypatch
):
    monkeypatch.setattr(tables, "PAGE_SIZE", 3)
    figure = part_of(report, "capital_trained", "A-EAST").figure
    client.force_login(staff)

    def shown(**query):
        page = client.get(reverse("reports:figure", args=[figure.pk]), query).context["page"]
        return len(page.object_list), page.has_previous(), page.has_next()

    assert shown() == (3, False, True)
    assert shown(page=2) == (1, True, False)
    assert shown(change="new") == (0, False, False)


def test_the_rows_of_a_figure_leave_as_a_workbook_with_what_became_of_each(
    city, report, staff, client
):
    Enrolment.objects.filter(pk=city.risen.pk).update(level_before="5")
    figure = part_of(report, "capital_trained", "A-EAST").figure
    client.force_login(staff)

    answer = client.post(reverse("reports:figure-export", args=[figure.pk]))

    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer))).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[0] for row in cells].count(city.risen.person.name) == 1
    (changed,) = [row for row in cells if row[-1] == "有更正"]
    assert "中级工（现为初级工）" in changed
    assert Record.objects.get(kind="export").after == {"count": 4}


def test_a_reader_from_below_sees_the_total_but_only_the_rows_of_its_own(city):
    AcademyFactory(supervising_union=city.schools, designated_on=date(2024, 5, 1))
    part = part_of(drawn_report(city.city), "capital_academies", "BJ")
    below = account(Role.HANDLER, city.east)

    evidence = evidence_of(part, below)

    assert [row.id for row in evidence.rows] == [city.academy.pk]
    assert (evidence.hidden_count, evidence.part.row_count) == (1, 2)


def test_the_academys_own_manager_sees_the_rows_of_its_figures(city, report):
    manager = account(Role.ACADEMY_MANAGER, city.academy.organization)

    evidence = evidence_of(part_of(report, "capital_trained", "A-EAST"), manager)

    assert len(evidence.rows) == 4


def test_names_that_hold_the_separating_signs_do_not_break_the_rows(city, staff):
    Academy.objects.filter(pk=city.academy.pk).update(name="首都\x1f工匠\n学院")

    report = drawn_report(city.city)

    evidence = evidence_of(part_of(report, "capital_academies", "BJ"), staff)
    assert evidence.rows[0].cells[1] == ("名称", "首都 工匠 学院", "")
    assert evidence.rows[0].change == "same"
