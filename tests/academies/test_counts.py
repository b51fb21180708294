"""Counts of an academy's year equal the rows, whatever is done to them and by how many at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from academies.models import AcademyYear, AcademyYearPerson, Enrolment, TrainingClass
from academies.selectors.recount import differences
from tests import database
from tests.factories.academies import AcademyFactory, ClassFactory, EnrolmentFactory
from tests.factories.talents import PersonFactory

CLASSES, PERSONS, PATIENCE = 4, 4, 20
KEEPING = import_module("academies.migrations.0002_counts_are_kept")

levels = st.sampled_from([("", ""), ("", "5"), ("5", "4"), ("4", "4"), ("2", "1"), ("S", "S")])
class_at = st.integers(0, CLASSES - 1)
person_at = st.integers(0, PERSONS - 1)
outcomes = st.sampled_from([True, False, None])
steps = st.one_of(
    st.tuples(st.just("enrol"), class_at, st.sets(person_at, min_size=1), outcomes, levels),
    st.tuples(st.just("remove"), class_at, st.sets(person_at, min_size=1)),
    st.tuples(st.just("correct"), class_at, person_at, outcomes, levels),
    st.tuples(st.just("mistaken"), class_at, person_at, person_at),
    st.tuples(st.just("transfer"), class_at, person_at, class_at),
    st.tuples(st.just("practical"), class_at, st.booleans()),
    st.tuples(st.just("year"), class_at, st.sampled_from([2024, 2025])),
    st.tuples(st.just("close"), class_at),
)


class House:
    """Four classes of two academies and the few people who go there."""

    def __init__(self):
        academies = [AcademyFactory(), AcademyFactory()]
        self.classes = [ClassFactory(academy=academies[n % 2]).pk for n in range(CLASSES)]
        self.persons = [
            PersonFactory(organization=academies[0].organization) for _ in range(PERSONS)
        ]

    def act(self, step):
        kind, at, *rest = step
        rows = TrainingClass.objects.filter(pk=self.classes[at])
        getattr(self, kind)(rows, Enrolment.objects.filter(training_class=self.classes[at]), *rest)

    def enrol(self, rows, enrolments, people, passed, level):
        known = set(enrolments.values_list("person_id", flat=True))
        Enrolment.objects.bulk_create(
            EnrolmentFactory.build(
                training_class=of,
                academy=of.academy,
                person=person,
                passed=passed,
                level_before=level[0],
                level_after=level[1],
            )
            for of in rows
            for person in (self.persons[n] for n in people)
            if person.pk not in known
        )

    def remove(self, rows, enrolments, people):
        enrolments.filter(person__in=[self.persons[n] for n in people]).delete()

    def correct(self, rows, enrolments, person, passed, level):
        enrolments.filter(person=self.persons[person]).update(
            passed=passed, level_before=level[0], level_after=level[1]
        )

    def mistaken(self, rows, enrolments, person, right):
        if not enrolments.filter(person=self.persons[right]).exists():
            enrolments.filter(person=self.persons[person]).update(person=self.persons[right])

    def transfer(self, rows, enrolments, person, target):
        to = TrainingClass.objects.filter(pk=self.classes[target]).first()
        if to and not to.enrolments.filter(person=self.persons[person]).exists():
            enrolments.filter(person=self.persons[person]).update(
                training_class=to, academy=to.academy, year=to.year, is_practical=to.is_practical
            )

    def practical(self, rows, enrolments, is_practical):
        rows.update(is_practical=is_practical)

    def year(self, rows, enrolments, year):
        rows.update(year=year, starts_on=date(year, 5, 9), ends_on=date(year, 5, 12))

    def close(self, rows, enrolments):
        enrolments.delete()
        rows.delete()


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, min_size=1, max_size=12))
def test_counts_equal_the_rows_after_any_sequence_of_changes(sequence):
    with transaction.atomic():
        house = House()
        for step in sequence:
            house.act(step)

            assert differences() == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_an_enrolment_that_rises_in_a_passed_practical_class_is_counted_in_every_figure():
    practical = ClassFactory(is_practical=True)
    other = ClassFactory(academy=practical.academy)
    first = EnrolmentFactory(training_class=practical, level_before="5", level_after="4")
    EnrolmentFactory(training_class=other, person=first.person)
    EnrolmentFactory(training_class=other, passed=False, level_before="5", level_after="4")

    counted = AcademyYear.objects.get()

    assert (counted.classes, counted.practical_classes) == (2, 1)
    assert (counted.person_times, counted.persons) == (3, 2)
    assert (counted.practical_persons, counted.upgraded_persons) == (1, 1)


@pytest.mark.django_db
def test_a_correction_moves_the_figures_at_once_and_a_deletion_takes_them_down():
    row = EnrolmentFactory(level_before="5", level_after="4")
    Enrolment.objects.filter(pk=row.pk).update(passed=False)
    assert AcademyYear.objects.get().upgraded_persons == 0

    TrainingClass.objects.update(is_practical=True)
    assert AcademyYear.objects.get().practical_persons == 1
    assert Enrolment.objects.get().is_practical

    Enrolment.objects.all().delete()
    assert not AcademyYearPerson.objects.exists()
    assert AcademyYear.objects.get().persons == 0


@pytest.mark.django_db
@pytest.mark.parametrize("model", [AcademyYear, AcademyYearPerson])
def test_the_application_cannot_write_counts(model):
    EnrolmentFactory()

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.update(year=2024)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.all().delete()


@pytest.mark.django_db
def test_an_enrolment_cannot_depart_from_its_class():
    row = EnrolmentFactory()

    with pytest.raises(DatabaseError, match="enrolment_follows_its_class"), transaction.atomic():
        Enrolment.objects.filter(pk=row.pk).update(is_practical=True)
    with pytest.raises(DatabaseError, match="enrolment_follows_its_class"), transaction.atomic():
        connection.cursor().execute("delete from academies_trainingclass")


def bring_at_once(classes, person):
    """Two transactions bring the same new person; the second begins before the first commits."""
    brought, waits = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                EnrolmentFactory(training_class=classes[0], person=person)
                brought.set()
                assert waits.wait(PATIENCE)
        finally:
            connections.close_all()

    def second():
        try:
            assert brought.wait(PATIENCE)
            with transaction.atomic():
                pid = connection.connection.info.backend_pid
                watching = threading.Thread(target=release_when_waiting, args=(pid, waits))
                watching.start()
                EnrolmentFactory(training_class=classes[1], person=person)
            watching.join()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(timeout=2 * PATIENCE)


def release_when_waiting(pid, waits):
    """Let the first one commit as soon as the second is seen waiting for it."""
    asked = "select wait_event_type = 'Lock' from pg_stat_activity where pid = %s"
    name = connection.settings_dict["NAME"]
    with database.as_administrator(name) as watcher:
        while not waits.is_set():
            row = watcher.execute(asked, [pid]).fetchone()
            if row is None or row[0]:
                waits.set()
            waits.wait(0.02)


@contextmanager
def without_the_lock():
    """The control: the same functions, except that nobody locks the count row first."""
    name = connection.settings_dict["NAME"]
    text = KEEPING._trigger(KEEPING.ENROLMENTS, "added", "person_id, is_practical, is_upgraded")
    function = text[: text.index("create trigger")].replace(
        "create function", "create or replace function"
    )
    touched = "select academy_id, year from added"
    unlocked = function.replace(KEEPING.LOCK.format(touched=touched), "")
    assert unlocked != function
    with database.as_administrator(name) as administrator:
        administrator.execute(unlocked)
        try:
            yield
        finally:
            administrator.execute(function)


@pytest.fixture
def two_classes(transactional_db):
    first = ClassFactory()
    EnrolmentFactory(training_class=first)  # the year has its count row, the person is to come
    return [first, ClassFactory(academy=first.academy)]


def test_two_who_bring_the_same_new_person_at_once_count_them_once(two_classes):
    bring_at_once(two_classes, PersonFactory(organization=two_classes[0].academy.organization))

    assert differences() == []
    assert AcademyYear.objects.get().persons == 2


def test_control_without_the_lock_the_same_two_are_counted_wrong(two_classes):
    person = PersonFactory(organization=two_classes[0].academy.organization)

    with without_the_lock():
        bring_at_once(two_classes, person)

    assert differences() == [(two_classes[0].academy_id, 2025)]


def test_many_hands_at_one_academy_leave_the_counts_exact(two_classes):
    organization = two_classes[0].academy.organization
    people = [PersonFactory(organization=organization) for _ in range(12)]

    def work(hand):
        try:
            for n, person in enumerate(people[hand % 2 :] + people[: hand % 2]):
                of = two_classes[(n + hand) % 2]
                try:
                    row = EnrolmentFactory(training_class=of, person=person)
                except IntegrityError:  # the other hand was first
                    continue
                if n % 3 == 0:
                    Enrolment.objects.filter(pk=row.pk).update(level_after="5")
                if n % 4 == 0:
                    Enrolment.objects.filter(pk=row.pk).delete()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, hand) for hand in range(4)]:
            done.result(timeout=3 * PATIENCE)

    assert differences() == []
