"""A staged or filed training workbook is corrected, changed meanwhile, and taken back."""

from datetime import date

import pytest

from academies.imports import CLASSES
from academies.models import AcademyYear, Enrolment, TrainingClass
from academies.selectors.recount import differences
from intake import services as imports
from intake.models import ImportBatch
from talents.models import Person
from tests.academies.books import a_class, a_line, identity
from tests.academies.handling import commit_workbook, workbook_of
from tests.academies.staged import correction, faults
from tests.factories.academies import (
    ClassFactory,
    EnrolmentFactory,
)
from workflow.refusals import DomainError
from workflow.storage import vault

pytestmark = pytest.mark.django_db


def test_a_class_corrected_on_screen_lets_its_roster_through(handed_in, actor):
    book = handed_in([a_class(结束日期=date(2025, 5, 1))])
    cells = {"ends_on": "2025-05-12"}

    imports.correct_row(book.classes.pk, 3, correction(book.classes, 3, cells), actor=actor)

    again = workbook_of(ImportBatch.objects.get(pk=book.roster.pk))
    assert (faults(again.classes), faults(again.roster)) == ([], [])
    commit_workbook(again, actor=actor)
    assert Enrolment.objects.count() == 1


def test_a_class_corrected_after_the_commit_is_filed_with_those_who_waited_for_it(handed_in, actor):
    classes = [a_class(结束日期=date(2025, 5, 1)), a_class("2025-002")]
    book = handed_in(classes, [a_line(1), a_line(2, "2025-002"), a_line(3, 培训后等级="无")])
    commit_workbook(book, actor=actor)
    cells = {"ends_on": "2025-05-12"}

    imports.correct_row(book.classes.pk, 3, correction(book.classes, 3, cells), actor=actor)

    again = workbook_of(ImportBatch.objects.get(pk=book.roster.pk))
    assert (again.classes.refused_count, again.roster.refused_count) == (0, 1)
    assert faults(again.roster) == [(5, "培训后等级", "level-falls")]
    assert AcademyYear.objects.get().person_times == 2


def test_a_refused_line_is_corrected_and_filed_singly_after_the_commit(handed_in, actor):
    book = handed_in(roster=[a_line(1, 班次编号="2025-00l"), a_line(2)])
    commit_workbook(book, actor=actor)

    cells = {"class_number": "2025-001"}
    imports.correct_row(book.roster.pk, 3, correction(book.roster, 3, cells), actor=actor)

    assert AcademyYear.objects.get().persons == 2
    assert differences() == []


def test_what_changed_since_the_preview_is_named_and_nothing_is_filed(handed_in, actor, academy):
    book = handed_in([a_class(), a_class("2025-002")], [a_line(1), a_line(2, "2025-002")])
    ClassFactory(academy=academy, year=2025, number="2025-001")

    with pytest.raises(DomainError) as refused:
        commit_workbook(book, actor=actor)

    assert refused.value.code == "import-changed-since-preview"
    assert TrainingClass.objects.count() == 1
    assert not Enrolment.objects.exists()
    assert faults(book.classes) == [(3, "班次编号", "duplicate-class")]


def test_a_roster_may_name_classes_that_are_on_file(handed_in, actor, academy):
    on_file = ClassFactory(academy=academy, year=2025, number="2025-009", is_practical=True)
    book = handed_in(roster=[a_line(1), a_line(2, "2025-009")])

    commit_workbook(book, actor=actor)

    assert on_file.enrolments.count() == 1
    assert AcademyYear.objects.get().practical_persons == 1


def test_a_batch_is_taken_back_with_the_persons_only_it_brought(handed_in, actor, academy):
    elsewhere = EnrolmentFactory(person__identity_digest=vault.digest(identity(9)))
    book = handed_in(roster=[a_line(1), a_line(2)])
    commit_workbook(book, actor=actor)
    EnrolmentFactory(person=Enrolment.objects.get(batch_line=4).person)

    imports.revert(book.roster.pk, actor=actor, note="错报")

    assert not Enrolment.objects.filter(academy=academy).exists()
    assert not TrainingClass.objects.filter(academy=academy).exists()
    assert set(Person.objects.values_list("name", flat=True)) == {elsewhere.person.name, "学员丙"}
    assert differences() == []


def test_classes_with_a_roster_are_not_taken_back_first(handed_in, actor):
    book = handed_in()
    commit_workbook(book, actor=actor)

    with pytest.raises(DomainError) as refused:
        CLASSES.withdraw(book.classes, actor)

    assert refused.value.code == "class-in-use"


def test_a_batch_that_was_worked_on_is_not_taken_back(handed_in, actor):
    book = handed_in()
    commit_workbook(book, actor=actor)
    Enrolment.objects.update(edited_at="2025-12-01T08:00+08:00")

    with pytest.raises(DomainError) as refused:
        imports.revert(book.roster.pk, actor=actor, note="错报")

    assert refused.value.code == "import-touched"


def test_the_same_file_for_the_same_year_finds_its_batches(handed_in):
    first, second = handed_in(), handed_in()

    assert second.batches == first.batches
    assert not second.is_new


def mend_class(book, actor):
    row = correction(book.classes, 3, {"ends_on": "2025-05-12"})
    imports.correct_row(book.classes.pk, 3, row, actor=actor)
    return workbook_of(ImportBatch.objects.get(pk=book.roster.pk)).roster


@pytest.fixture
def doubled(handed_in):
    """A class refused for its days, and in its roster one person twice."""
    classes = [a_class(结束日期=date(2025, 5, 1)), a_class("2025-002")]
    return handed_in(classes, [a_line(1), a_line(1), a_line(2), a_line(3, "2025-002")])


def test_of_one_person_twice_in_a_class_that_is_mended_the_first_line_stands(doubled, actor):
    roster = mend_class(doubled, actor)

    assert faults(roster) == [(4, "公民身份号码", "duplicate-enrolment")]


def test_of_one_person_twice_in_a_class_mended_after_the_commit_the_first_is_filed(doubled, actor):
    commit_workbook(doubled, actor=actor)

    roster = mend_class(doubled, actor)

    assert faults(roster) == [(4, "公民身份号码", "duplicate-enrolment")]
    assert sorted(Enrolment.objects.values_list("batch_line", flat=True)) == [3, 5, 6]
    assert (roster.accepted_count, roster.refused_count) == (3, 1)
    settled = dict(roster.rows.values_list("line", "outcome"))
    assert (settled[3], settled[4], settled[5]) == ("committed", "pending", "committed")
    assert differences() == []


def test_two_names_under_one_number_in_a_class_mended_after_the_commit_are_told(handed_in, actor):
    book = handed_in(
        [a_class(结束日期=date(2025, 5, 1)), a_class("2025-002")],
        [a_line(1), a_line(1, 姓名="换名"), a_line(3, "2025-002")],
    )
    commit_workbook(book, actor=actor)

    roster = mend_class(book, actor)

    assert [fault for fault in faults(roster) if fault[2] == "name-conflict"] == [
        (4, "姓名", "name-conflict")
    ]
    assert sorted(Enrolment.objects.values_list("batch_line", flat=True)) == [3, 5]
