"""One snapshot, one report: what comes in between, who dies in the middle, and two who ask at once."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from organizations.models import User
from organizations.roles import Role
from reports.models import Figure, FigureRows, TargetReport
from reports.rules import seals
from reports.services import drawing
from reports.services.asking import Wish, ask
from tests import database
from tests.factories.academies import AcademyFactory
from tests.factories.organizations import account
from tests.factories.reports import POLICY, YEAR, figure_of
from workflow import jobs
from workflow.models import Job, Notice, Record
from workflow.records import subject_of
from workflow.refusals import DomainError

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 30


def asked(city, actor=None):
    return ask(Wish(POLICY, YEAR, city.city), actor=actor or User.objects.system())


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


@contextmanager
def nobody_may_write(table):
    """Whoever wants to write into ``table`` waits."""
    name = connection.settings_dict["NAME"]
    with database.as_administrator(name) as administrator, administrator.transaction():
        administrator.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


@pytest.fixture
def designated_meanwhile(city, monkeypatch):
    """While the figures are written, another academy of 2025 is entered and committed."""
    keep = drawing.freeze
    waiting = [True]

    def meanwhile(*args):
        if waiting:
            waiting.clear()
            thread = threading.Thread(target=_designate, args=[city.east.pk])
            thread.start()
            thread.join()
        return keep(*args)

    monkeypatch.setattr(drawing, "freeze", meanwhile)
    return city


def _designate(union):
    AcademyFactory(supervising_union_id=union, organization_id=union, supervising_union=None,
                   designated_on=date(2025, 9, 1))  # fmt: skip
    connection.close()


def run_job():
    jobs.run(Job.objects.get().pk)
    return TargetReport.objects.get()


def test_what_is_entered_while_a_report_is_drawn_up_is_not_in_it(designated_meanwhile):
    asked(designated_meanwhile)

    report = run_job()

    total = figure_of(report, "capital_academies", "BJ")
    each = report.figures.filter(measure="capital_academies", is_total=False)
    assert (total.actual, sum(f.actual for f in each)) == (1, 1)
    assert FigureRows.objects.get(figure=total).row_count == 1
    assert not report.figures.filter(academy__designated_on="2025-09-01").exists()


def test_control_without_the_snapshot_counts_and_rows_disagree(designated_meanwhile, monkeypatch):
    monkeypatch.setattr("reports.services.issuing.one_snapshot", drawing.transaction.atomic)
    asked(designated_meanwhile)

    jobs.run(Job.objects.get().pk)

    job = Job.objects.get()
    assert job.status == Job.Status.PARKED
    assert "逐行复核" in job.error


@pytest.fixture
def killed_in_the_middle(city, start_worker):
    """A report whose worker was killed -9 while it kept the rows of its figures."""
    with nobody_may_write("reports_figurerows"):
        worker = start_worker()
        report = asked(city)
        wait_until(is_waiting_for_a_lock)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert Figure.objects.count() == FigureRows.objects.count() == 0
    return report


@pytest.fixture
def killed_before_the_seal(city, start_worker):
    """A report that was drawn up, and whose worker was killed -9 while it sealed."""
    with nobody_may_write("workflow_record"):
        worker = start_worker()
        report = asked(city)
        wait_until(lambda: Job.objects.get().cursor == {"drawn": True})
        wait_until(is_waiting_for_a_lock)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    return report


def assert_sealed_exactly_once(report):
    report = TargetReport.objects.get(pk=report.pk)
    assert report.is_sealed
    assert list(seals.breaks()) == []
    assert Figure.objects.count() == report.figure_count
    sealed = Record.objects.filter(subject=subject_of(report), code=seals.SEALED.code)
    assert sealed.count() == 1
    assert Job.objects.get().fence == 2


def take_over(start_worker):
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))  # the lease runs out
    start_worker()
    jobs.resend_stale()
    wait_until(lambda: Job.objects.get().status == Job.Status.DONE)


def test_a_report_killed_in_the_middle_is_drawn_up_anew_and_sealed_once(
    killed_in_the_middle, start_worker
):
    take_over(start_worker)

    assert_sealed_exactly_once(killed_in_the_middle)


def test_a_report_killed_before_its_seal_is_sealed_as_it_was_drawn_up(
    killed_before_the_seal, start_worker
):
    drawn = TargetReport.objects.get().data_as_of
    kept = set(Figure.objects.values_list("pk", flat=True))

    take_over(start_worker)

    assert_sealed_exactly_once(killed_before_the_seal)
    assert TargetReport.objects.get().data_as_of == drawn
    assert set(Figure.objects.values_list("pk", flat=True)) == kept


def test_control_without_the_resending_a_killed_report_stands_still(
    killed_in_the_middle, start_worker
):
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    start_worker()
    time.sleep(3)

    assert not TargetReport.objects.get().is_sealed
    assert Figure.objects.count() == 0


def test_a_long_snapshot_is_neither_resent_nor_taken_over(city, start_worker):
    """The lease may run out while one transaction lasts; the locked row says that somebody is at it."""
    with nobody_may_write("reports_figurerows"):
        start_worker()
        asked(city)
        wait_until(is_waiting_for_a_lock)
        job = Job.objects.get()
        later = timezone.now() + jobs.LEASE + timedelta(seconds=1)
        with pytest.MonkeyPatch.context() as clock:
            clock.setattr(timezone, "now", lambda: later)

            assert jobs.resend_stale() == 0
            assert jobs.claim(job.pk) is None

    wait_until(lambda: Job.objects.get().status == Job.Status.DONE)
    assert Job.objects.get().fence == 1


def test_who_sealed_is_told_once(city):
    staff = account(Role.HANDLER, city.city)
    asked(city, staff)

    run_job()
    run_job()

    assert Notice.objects.get(recipient=staff).title == "2025年度名额报告已封存"


def outcomes_of_two(act):
    """What came of two people doing the same at the same moment, each on a connection of their own."""
    together, outcomes = threading.Barrier(2), []

    def one():
        try:
            together.wait()
            outcomes.append(type(act()).__name__)
        except DomainError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    people = [threading.Thread(target=one) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    return sorted(outcomes)


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_ask_at_once_one_is_told_that_it_is_under_way(city, attempt):
    staff = account(Role.HANDLER, city.city)

    outcomes = outcomes_of_two(lambda: asked(city, staff))

    assert outcomes == ["TargetReport", "report-already-going"]
    assert TargetReport.objects.count() == Job.objects.count() == 1


@pytest.fixture
def unguarded(city):
    """The same house without the two constraints."""
    names = ("report_drawn_up_once_at_a_time", "report_once_per_edition")
    with database.as_administrator(connection.settings_dict["NAME"]) as administrator:
        kept = []
        for name in names:
            known = "SELECT indexdef FROM pg_indexes WHERE indexname = %s"
            kept.append(administrator.execute(known, [name]).fetchone()[0])
        administrator.execute(f"DROP INDEX {names[0]}")
        administrator.execute(f"ALTER TABLE reports_targetreport DROP CONSTRAINT {names[1]}")
        yield city
        database.restore()
        for definition in kept:
            administrator.execute(definition)


def test_control_without_the_constraints_both_reports_begin(unguarded, monkeypatch):
    together, enqueue = threading.Barrier(2, timeout=10), jobs.enqueue

    def when_both_have_begun(*args, **words):
        together.wait()
        return enqueue(*args, **words)

    monkeypatch.setattr(jobs, "enqueue", when_both_have_begun)
    staff = account(Role.HANDLER, unguarded.city)

    assert outcomes_of_two(lambda: asked(unguarded, staff)) == ["TargetReport", "TargetReport"]
