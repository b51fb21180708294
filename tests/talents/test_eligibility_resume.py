"""What happens when a worker dies in the middle, and when two people start at once."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from talents.models import Assessment, AssessmentRun, Employment, Nomination, Person
from talents.services.eligibility import FIRST_CHUNK, start_run
from tests import database
from tests.factories.organizations import account
from tests.factories.talents import FORCES, THIS_MONTH, RoundFactory
from workflow import jobs
from workflow.models import Job, Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 30


@pytest.fixture
def large_round():
    """A round of two chunks: every third nomination is one month short."""
    selection = RoundFactory()
    numbers = range(FIRST_CHUNK + 500)
    people = Person.objects.bulk_create(
        Person(
            name=f"工匠{n}",
            identity_cipher=b"sealed",
            identity_digest=n.to_bytes(32),
            identity_mask="110199************",
            organization=selection.organizer,
        )
        for n in numbers
    )
    filed = Nomination.objects.bulk_create(
        Nomination(
            round=selection,
            person=person,
            unit=selection.organizer,
            **dict.fromkeys(FORCES, "有事迹"),
        )
        for person in people
    )
    Employment.objects.bulk_create(
        Employment(
            person_id=nomination.person_id,
            nomination=nomination,
            start_month=THIS_MONTH - (58 if n % 3 == 0 else 59),
        )
        for n, nomination in enumerate(filed)
    )
    return selection


@contextmanager
def in_the_way_of(nomination, run):
    """Hold the place of one verdict, uncommitted: whoever wants to write it waits."""
    with psycopg.connect(database.url()) as blocker:
        blocker.execute(
            "INSERT INTO talents_assessment"
            " (run_id, nomination_id, version, met, known, overall, observed)"
            " VALUES (%s, %s, 1, 0, 0, 0, '{}')",
            [run.pk, nomination.pk],
        )
        yield
        blocker.rollback()


def wait_until(condition):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def is_waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


@pytest.fixture
def killed_in_its_second_chunk(large_round, start_worker):
    """A run whose worker was killed -9 while its second chunk was being written."""
    run = start_run(large_round.pk, actor=User.objects.system())
    last = Nomination.objects.filter(round=large_round).latest("pk")
    with in_the_way_of(last, run):
        worker = start_worker()
        wait_until(lambda: Job.objects.get().progress_done == FIRST_CHUNK)
        wait_until(is_waiting_for_a_lock)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert Assessment.objects.count() == FIRST_CHUNK
    return run


def test_a_run_killed_in_mid_chunk_is_finished_exactly_once(
    killed_in_its_second_chunk, start_worker
):
    run = killed_in_its_second_chunk
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the lease runs out

    start_worker()
    jobs.resend_stale()
    wait_until(lambda: Job.objects.get().status == Job.Status.DONE)

    run.refresh_from_db()
    short = -(-run.nomination_count // 3)
    assert run.status == AssessmentRun.Status.DONE
    assert (run.ineligible_count, run.eligible_count) == (short, run.nomination_count - short)
    assert Assessment.objects.count() == run.nomination_count
    assert Record.objects.filter(subject=subject_of(run)).count() == Notice.objects.count() == 1
    assert Job.objects.get().fence == 2


def test_control_without_the_resending_the_killed_run_stands_still(
    killed_in_its_second_chunk, start_worker
):
    run = killed_in_its_second_chunk
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    start_worker()
    time.sleep(3)

    run.refresh_from_db()
    assert run.status == AssessmentRun.Status.RUNNING
    assert Assessment.objects.count() == FIRST_CHUNK


def test_a_killed_run_is_left_alone_while_its_lease_lasts(killed_in_its_second_chunk):
    job = Job.objects.get()

    assert jobs.resend_stale() == 0
    assert jobs.claim(job.pk) is None


def outcomes_of_two(act):
    """What came of two people doing the same at the same moment, each on a connection of their own."""
    together, outcomes = threading.Barrier(2), []

    def one():
        try:
            together.wait()
            outcomes.append(act())
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    people = [threading.Thread(target=one) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return outcomes


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_people_who_start_at_once_one_is_refused(attempt):
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)

    outcomes = outcomes_of_two(lambda: type(start_run(selection.pk, actor=staff)))

    assert sorted(map(str, outcomes)) == sorted(map(str, [AssessmentRun, "run-already-going"]))
    assert AssessmentRun.objects.count() == Job.objects.count() == 1


@pytest.fixture
def unguarded(monkeypatch):
    """The same house without the lock and without the constraint."""
    index = "run_once_at_a_time_per_round"
    monkeypatch.setattr("talents.services.eligibility.wait_for_deletions", lambda _: None)
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        known = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
        (definition,) = administrator.execute(known, [index]).fetchone()
        administrator.execute(f"DROP INDEX {index}")
        yield
        database.restore()
        administrator.execute(definition)


def test_control_without_lock_and_constraint_both_start(unguarded):
    selection = RoundFactory()
    staff = account(Role.HANDLER, selection.organizer)
    with psycopg.connect(database.url()) as slow:  # both get past the check, then wait here
        slow.execute("SELECT FROM talents_selectionround WHERE id = %s FOR UPDATE", [selection.pk])
        letting_go = threading.Timer(1, slow.rollback)
        letting_go.start()
        outcomes = outcomes_of_two(lambda: type(start_run(selection.pk, actor=staff)))
        letting_go.join()

    assert outcomes == [AssessmentRun, AssessmentRun]
