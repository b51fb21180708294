"""Two people at one academy: one batch, one class, one enrolment, and counts that stay true."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from academies.imports import TRAINING as TRAINING_KIND
from academies.models import AcademyYear, Enrolment, TrainingClass
from academies.selectors.recount import differences
from academies.services.academies import register_academy
from academies.services.training import (
    correct_class,
    correct_enrolment,
    enrol,
    record_class,
    remove_class,
)
from intake.models import ImportBatch, ImportRow
from intake.services import staging
from organizations.models import User
from talents.models import Person
from tests.academies.books import a_class, a_line, identity, workbook
from tests.academies.conftest import three_academies
from tests.academies.handling import (
    commit_workbook,
    discard_workbook,
    receive_workbook,
    revert_workbook,
    upload_of,
    workbook_of,
)
from tests.academies.overlapping import at_once, overlapping
from tests.academies.test_training import CLASS, TRAINING
from tests.factories.academies import ClassFactory, EnrolmentFactory
from workflow.models import Attachment, Record
from workflow.texts.identity import read_identity

PEOPLE = 40


@pytest.fixture
def shared(transactional_db):
    """An academy whose rows other connections see."""
    return three_academies()


def system():
    return User.objects.system()


def handed_in(academy, *args):
    content = workbook(*args) if args else workbook(roster=[a_line(n) for n in range(PEOPLE)])
    return receive_workbook(
        upload_of(content, "培训.xlsx", academy=academy, year=2025, actor=system())
    )


def number(n=1):
    return read_identity(identity(n), today=timezone.localdate())


def fresh(book):
    return workbook_of(ImportBatch.objects.get(pk=book.roster.pk))


def test_two_people_who_upload_the_same_workbook_at_once_get_one(shared):
    content = workbook(roster=[a_line(n) for n in range(PEOPLE)])
    upload = upload_of(content, "培训.xlsx", academy=shared, year=2025, actor=system())

    books = at_once(*[lambda: receive_workbook(upload)] * 4)

    assert len({book.roster.pk for book in books}) == len({book.classes.pk for book in books}) == 1
    assert sorted(book.is_new for book in books) == [False, False, False, True]
    assert (ImportBatch.objects.count(), ImportRow.objects.count()) == (2, PEOPLE + 1)
    assert Attachment.objects.count() == 1


def test_without_the_constraint_two_uploads_at_once_would_both_find_nothing(shared):
    """The control: looking before writing lets both through."""
    upload = upload_of(workbook(), "培训.xlsx", academy=shared, year=2025, actor=system())
    barrier = threading.Barrier(2)

    def naive():
        known = staging._file_there(upload, TRAINING_KIND)
        barrier.wait(timeout=10)
        return known

    assert at_once(naive, naive) == [None, None]


def test_of_two_people_who_commit_at_once_one_does(shared):
    book = handed_in(shared)

    outcomes = at_once(*[lambda: commit_workbook(book, actor=system())] * 3)

    assert sorted(map(str, outcomes)) == ["None", "import-moved-on", "import-moved-on"]
    assert Enrolment.objects.count() == PEOPLE
    assert Record.objects.filter(action="提交入库").count() == 2
    assert differences() == []


def test_without_the_guard_two_commits_at_once_would_both_go_through(shared):
    """The control: a status that is only read lets both pass."""
    book, barrier = handed_in(shared), threading.Barrier(2)

    def naive():
        is_staged = ImportBatch.objects.get(pk=book.roster.pk).status == "staged"
        barrier.wait(timeout=10)
        if is_staged:
            ImportBatch.objects.filter(pk=book.roster.pk).update(
                status="committed", committed_at="2026-07-01T00:00:00Z"
            )
        return is_staged

    assert at_once(naive, naive) == [True, True]


@pytest.mark.parametrize("turn", range(4))
def test_of_a_commit_and_a_discard_at_once_one_is_told_to_look_again(shared, turn):
    book = handed_in(shared)

    outcomes = at_once(
        lambda: commit_workbook(book, actor=system()),
        lambda: discard_workbook(book, actor=system()),
    )

    statuses = {batch.status for batch in fresh(book).batches}
    assert sorted(map(str, outcomes)) == ["None", "import-moved-on"]
    assert (statuses, Enrolment.objects.count()) in [
        ({"committed"}, PEOPLE),
        ({"discarded"}, 0),
    ]
    assert differences() == []


def test_of_two_reverts_at_once_one_does(shared):
    book = handed_in(shared)
    commit_workbook(book, actor=system())
    book = fresh(book)

    outcomes = at_once(*[lambda: revert_workbook(book, actor=system(), note="整册报错")] * 2)

    assert sorted(map(str, outcomes)) == ["None", "import-moved-on"]
    assert not TrainingClass.objects.exists()
    assert not Person.objects.exists()
    assert differences() == []


def test_two_workbooks_with_one_person_new_to_both_register_them_once(shared):
    neighbour = type(shared).objects.get(host__code="U02")
    books = [
        handed_in(shared, [a_class()], [a_line(1), a_line(2)]),
        receive_workbook(
            upload_of(
                workbook([a_class()], [a_line(1)], owner=""),
                "培训.xlsx",
                academy=neighbour,
                year=2025,
                actor=system(),
            )
        ),
    ]

    at_once(*[lambda b=book: commit_workbook(b, actor=system()) for book in books])
    for book in books:
        if fresh(book).roster.status == "staged":
            commit_workbook(fresh(book), actor=system())

    assert (Person.objects.count(), Enrolment.objects.count()) == (2, 3)
    assert differences() == []


def test_two_workbooks_with_the_same_class_file_it_once(shared):
    books = [handed_in(shared, [a_class()], [a_line(n)]) for n in (1, 2)]

    outcomes = at_once(*[lambda b=book: commit_workbook(b, actor=system()) for book in books])

    assert sorted(map(str, outcomes)) == ["None", "import-changed-since-preview"]
    assert (TrainingClass.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_one_person_enrolled_twice_at_once_is_in_the_class_once(shared):
    of = ClassFactory(academy=shared)

    outcomes = at_once(*[lambda: enrol(of.pk, number(), "王芳", TRAINING, actor=system()).pk] * 3)

    assert sorted(map(str, outcomes))[1:] == ["enrolment-once-per-class-and-person"] * 2
    assert (Enrolment.objects.count(), Person.objects.count()) == (1, 1)
    assert AcademyYear.objects.get().persons == 1


def test_without_the_constraint_one_person_would_be_enrolled_twice(shared):
    """The control: looking whether somebody is there lets both through."""
    of, barrier = ClassFactory(academy=shared), threading.Barrier(2)

    def naive():
        is_there = of.enrolments.exists()
        barrier.wait(timeout=10)
        return is_there

    assert at_once(naive, naive) == [False, False]


def test_one_new_person_entered_in_two_classes_at_once_is_registered_once(shared):
    classes = [ClassFactory(academy=shared) for _ in range(2)]

    outcomes = at_once(
        *[
            lambda of=of: enrol(of.pk, number(), "王芳", TRAINING, actor=system()).pk
            for of in classes
        ]
    )

    assert Person.objects.count() == 1
    assert all(isinstance(outcome, int | str) for outcome in outcomes), outcomes
    assert Enrolment.objects.count() == sum(isinstance(o, int) for o in outcomes) >= 1
    assert differences() == []


def test_of_two_corrections_of_one_class_the_second_is_told(shared):
    of = ClassFactory(academy=shared, number="2025-001")
    EnrolmentFactory.create_batch(3, training_class=of)

    outcomes = at_once(
        *[
            lambda room=room: (
                correct_class(
                    of.pk, CLASS | {"room": room}, version=1, actor=system(), note="更正地点"
                ).room
            )
            for room in ("甲楼", "乙楼")
        ]
    )

    of.refresh_from_db()
    assert "edited-meanwhile" in outcomes
    assert of.room in outcomes
    assert (of.version, Record.objects.filter(action="更正").count()) == (2, 1)
    assert differences() == []


def test_without_the_lock_both_corrections_would_find_their_version(shared):
    """The control: a version that is only read lets both pass."""
    of, barrier = ClassFactory(academy=shared), threading.Barrier(2)

    def naive():
        version = TrainingClass.objects.get(pk=of.pk).version
        barrier.wait(timeout=10)
        return version

    assert at_once(naive, naive) == [1, 1]


def test_a_class_entered_twice_at_once_is_there_once(shared):
    outcomes = at_once(*[lambda: record_class(shared.pk, 2025, CLASS, actor=system()).pk] * 2)

    assert "class-once-per-academy-and-year" in outcomes
    assert TrainingClass.objects.count() == 1


def test_one_academy_registered_twice_at_once_is_there_once(shared):
    facts = {
        "name": "顺义工匠学院",
        "tier": "district",
        "host": None,
        "supervising_union": shared.supervising_union,
        "designated_on": date(2025, 5, 1),
    }

    outcomes = at_once(
        *[lambda: register_academy("A-SY", facts, brands=["焊工"], actor=system()).code] * 2
    )

    assert sorted(outcomes) in (["A-SY", "academy-invalid"], ["A-SY", "already-exists"])


def test_an_enrolment_and_the_class_made_practical_at_once_agree(shared):
    of = ClassFactory(academy=shared, number="2025-001")

    at_once(
        lambda: correct_class(of.pk, CLASS, version=1, actor=system(), note="漏勾实操"),
        *[
            lambda n=n: enrol(of.pk, number(n), "王芳", TRAINING, actor=system())
            for n in range(1, 4)
        ],
    )

    assert set(Enrolment.objects.values_list("is_practical", flat=True)) == {True}
    assert AcademyYear.objects.get().practical_persons == 3
    assert differences() == []


@pytest.fixture
def waiting_roster(shared):
    """A class on file, and a workbook whose roster names it."""
    of = ClassFactory(academy=shared, number="2025-009", is_practical=False)
    refused = a_class(结束日期=date(2025, 5, 1))  # so that the roster alone is filed
    return of, handed_in(shared, [refused], [a_line(n, "2025-009") for n in range(PEOPLE)])


def making_practical(of):
    facts = CLASS | {"number": of.number}
    return lambda: correct_class(of.pk, facts, version=1, actor=system(), note="漏勾实操").version


def removing(of):
    return lambda: remove_class(of.pk, actor=system(), note="未开班").number


def test_a_roster_filed_while_its_class_is_being_made_practical_is_practical(waiting_roster):
    of, book = waiting_roster

    outcomes = overlapping(making_practical(of), lambda: commit_workbook(book, actor=system()))

    assert outcomes == [2, None]
    assert set(Enrolment.objects.values_list("is_practical", flat=True)) == {True}
    assert differences() == []


def test_a_class_made_practical_while_its_roster_is_being_filed_takes_it_along(waiting_roster):
    of, book = waiting_roster

    outcomes = overlapping(lambda: commit_workbook(book, actor=system()), making_practical(of))

    assert outcomes == [None, 2]
    assert set(Enrolment.objects.values_list("is_practical", flat=True)) == {True}
    assert differences() == []


def test_a_roster_filed_while_its_class_is_being_removed_is_told(waiting_roster):
    of, book = waiting_roster

    outcomes = overlapping(removing(of), lambda: commit_workbook(book, actor=system()))

    assert outcomes == ["2025-009", "import-changed-since-preview"]
    assert not Enrolment.objects.exists()


def test_a_class_is_not_removed_while_its_roster_is_being_filed(waiting_roster):
    of, book = waiting_roster

    outcomes = overlapping(lambda: commit_workbook(book, actor=system()), removing(of))

    assert outcomes == [None, "class-in-use"]
    assert Enrolment.objects.count() == PEOPLE


@pytest.fixture
def filed_roster(shared):
    """One of the enrolments of a committed workbook, and the workbook."""
    book = handed_in(shared)
    commit_workbook(book, actor=system())
    return Enrolment.objects.get(batch_line=3), fresh(book)


def correcting(line):
    facts = TRAINING | {"attendance": Decimal(80)}
    return lambda: (
        correct_enrolment(line.pk, facts, version=1, actor=system(), note="核对成绩单").version
    )


def reverting(book):
    return lambda: revert_workbook(book, actor=system(), note="整册报错")


def test_a_correction_under_way_when_the_roster_is_reverted_is_not_lost(filed_roster):
    line, book = filed_roster

    outcomes = overlapping(correcting(line), reverting(book))

    assert outcomes == [2, "import-touched"]
    assert Enrolment.objects.get(pk=line.pk).attendance == 80
    assert Enrolment.objects.count() == PEOPLE


def test_a_line_taken_back_meanwhile_is_not_there_to_be_corrected(filed_roster):
    line, book = filed_roster

    def correct():
        with pytest.raises(Enrolment.DoesNotExist):
            correcting(line)()

    assert overlapping(reverting(book), correct) == [None, None]
    assert not Enrolment.objects.exists()


@pytest.mark.usefixtures("no_policies")
def test_the_system_account_made_by_two_at_once_is_one_for_both(transactional_db):
    User.objects.filter(username="system").delete()

    assert all(at_once(*[lambda: User.objects.system().is_system] * 4))
