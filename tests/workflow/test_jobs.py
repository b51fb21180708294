import threading
from datetime import timedelta

import pytest
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone

from organizations.models import User
from tests.factories.organizations import OrganizationFactory
from tests.factories.workflow import JobFactory
from workflow import jobs
from workflow.models import Job, Notice
from workflow.refusals import DomainError

LONG_AGO = timedelta(hours=1)


@pytest.fixture
def work():
    """Give the test its own job to run: ``work(function)`` registers it as ``tests.count``."""
    known = dict(jobs._WORKERS)
    yield jobs.job("tests.count")
    jobs._WORKERS.clear()
    jobs._WORKERS.update(known)


def let_lease_run_out(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)


def test_a_claim_counts_the_try_and_raises_the_fence(db):
    job = JobFactory()

    lease = jobs.claim(job.pk)

    job.refresh_from_db()
    assert (lease.fence, job.fence, job.attempts) == (1, 1, 1)
    assert job.status == Job.Status.RUNNING
    assert job.lease_until > timezone.now()


def test_a_job_under_a_lease_cannot_be_claimed_again(db):
    job = JobFactory()
    jobs.claim(job.pk)

    assert jobs.claim(job.pk) is None


def test_when_the_lease_has_run_out_another_worker_takes_over(db):
    job = JobFactory()
    first = jobs.claim(job.pk)
    let_lease_run_out(job)

    second = jobs.claim(job.pk)

    assert second.fence == first.fence + 1


def test_the_worker_that_was_fenced_out_writes_nothing_more(db):
    job = JobFactory()
    slow = jobs.claim(job.pk)
    let_lease_run_out(job)
    jobs.claim(job.pk)

    with pytest.raises(jobs.LostLeaseError), slow.step(done=1, total=2):
        pytest.fail("the chunk must not begin")

    job.refresh_from_db()
    assert (job.progress_done, Notice.objects.count()) == (0, 0)


def test_a_step_extends_the_lease_and_forgives_earlier_tries(db):
    job = JobFactory()
    lease = jobs.claim(job.pk)
    Job.objects.filter(pk=job.pk).update(attempts=3, lease_until=timezone.now())

    with lease.step(done=2, total=5, cursor={"next": 2}):
        pass

    job.refresh_from_db()
    assert (job.progress_done, job.progress_total, job.cursor) == (2, 5, {"next": 2})
    assert job.attempts == 1
    assert job.lease_until > timezone.now() + timedelta(seconds=20)


def test_what_fails_inside_a_step_leaves_neither_work_nor_progress(db):
    job = JobFactory()
    lease = jobs.claim(job.pk)

    def chunk():
        with lease.step(done=1, total=2):
            Notice.objects.create(recipient=User.objects.system(), subject="x", title="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        chunk()

    job.refresh_from_db()
    assert (job.progress_done, Notice.objects.count()) == (0, 0)


def test_a_job_that_ends_keeps_its_result(db, work):
    work(lambda lease: {"rows": 7})
    job = JobFactory()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.status, job.result, job.lease_until) == (Job.Status.DONE, {"rows": 7}, None)
    assert job.finished_at is not None


def test_a_second_message_for_a_finished_job_does_nothing(db, work):
    calls = []
    work(lambda lease: calls.append(lease.fence) or {})
    job = JobFactory()

    jobs.run(job.pk)
    jobs.run(job.pk)

    assert calls == [1]


def test_a_refusal_parks_the_job_at_once_and_says_why(db, work):
    def refuse(lease):
        raise DomainError("no-rows", "没有可以处理的数据，请先导入")

    work(refuse)
    job = JobFactory()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error) == (Job.Status.PARKED, "没有可以处理的数据，请先导入")


def test_the_queued_work_of_a_suspended_account_is_not_begun(db, work):
    calls = []
    work(lambda lease: calls.append(lease.fence) or {})
    job = JobFactory()
    User.objects.filter(pk=job.requested_by_id).update(is_active=False)

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (calls, job.status, job.error) == ([], Job.Status.PARKED, jobs.SUSPENDED)


def test_the_running_work_of_a_suspended_account_ends_at_its_next_step(db, work):
    written = []

    def two_steps(lease):
        for number in (1, 2):
            with lease.step(done=number, total=2):
                written.append(number)
            User.objects.filter(pk=job.requested_by_id).update(is_active=False)
        return {}

    work(two_steps)
    job = JobFactory()

    jobs.run(job.pk)

    job.refresh_from_db()
    assert (written, job.progress_done) == ([1], 1)
    assert (job.status, job.error) == (Job.Status.PARKED, jobs.SUSPENDED)


def test_a_job_that_waits_long_is_said_to_wait(db):
    fresh, old = JobFactory(), JobFactory()
    Job.objects.filter(pk=old.pk).update(requested_at=timezone.now() - timedelta(seconds=61))
    old.refresh_from_db()

    assert (fresh.waits_long, old.waits_long) == (False, True)


def test_an_error_is_tried_three_times_and_then_parked(db, work, caplog):
    tries = []

    def fail(lease):
        tries.append(lease.fence)
        raise RuntimeError("秘密的细节")

    work(fail)
    job = JobFactory()
    states = []
    for _ in range(5):
        jobs.run(job.pk)
        job.refresh_from_db()
        states.append(job.status)

    assert tries == [1, 2, 3]
    assert states == ["queued", "queued", "parked", "parked", "parked"]
    assert "秘密的细节" not in job.error
    assert "RuntimeError" in job.error


def test_a_worker_that_dies_three_times_without_progress_has_its_job_parked(db):
    job = JobFactory()
    for _ in range(3):
        assert jobs.claim(job.pk) is not None
        let_lease_run_out(job)

    assert jobs.claim(job.pk) is None
    job.refresh_from_db()
    assert job.status == Job.Status.PARKED
    assert job.error


def test_retrying_starts_the_count_anew(db):
    job = JobFactory(status=Job.Status.PARKED, error="出错", attempts=3)

    assert jobs.retry(job.pk)
    assert jobs.claim(job.pk).fence == 1
    assert not jobs.retry(job.pk)


def test_one_job_at_a_time_per_subject(db):
    given = {"label": "计数", "requested_by": User.objects.system(), "organization": None}
    jobs.job("tests.count")(lambda lease: {})
    jobs.enqueue("tests.count", "tests.thing:1", **given)

    with pytest.raises(DomainError) as refusal:
        jobs.enqueue("tests.count", "tests.thing:1", **given)

    assert refusal.value.code == "job-already-running"
    assert Job.objects.count() == 1


def test_a_name_nobody_registered_cannot_be_enqueued(db):
    given = {"label": "x", "requested_by": User.objects.system(), "organization": None}

    with pytest.raises(LookupError):
        jobs.enqueue("tests.nobody", "tests.thing:1", **given)


def test_the_message_leaves_only_when_the_row_is_committed(
    db, work, valkey, django_capture_on_commit_callbacks
):
    work(lambda lease: {})
    given = {"label": "x", "requested_by": User.objects.system(), "organization": None}

    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("tests.count", "tests.thing:1", **given)
        before = valkey.llen("jiangjie")
    after = valkey.llen("jiangjie")

    assert (before, after) == (0, 1)


def test_a_rolled_back_request_sends_nothing(db, work, valkey):
    work(lambda lease: {})
    given = {"label": "x", "requested_by": User.objects.system(), "organization": None}

    with transaction.atomic():
        jobs.enqueue("tests.count", "tests.thing:1", **given)
        transaction.set_rollback(True)

    assert valkey.llen("jiangjie") == 0
    assert Job.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "sent"),
    [
        ({"sent_at": None}, 1),
        ({"sent_at": LONG_AGO}, 1),
        ({"sent_at": timedelta(0)}, 0),
        ({"status": "running", "lease_until": LONG_AGO}, 1),
        ({"status": "running", "lease_until": -LONG_AGO}, 0),
        ({"status": "parked", "error": "出错"}, 0),
        ({"status": "done"}, 0),
    ],
    ids=("never sent", "sent long ago", "just sent", "silent worker", "working", "parked", "done"),
)
def test_what_waits_too_long_is_sent_again(db, valkey, facts, sent):
    now = timezone.now()
    moments = {k: now - v if isinstance(v, timedelta) else v for k, v in facts.items()}
    JobFactory(**moments)

    assert jobs.resend_stale() == sent
    assert valkey.llen("jiangjie") == sent
    assert jobs.resend_stale() == (1 if facts.get("status") == "running" and sent else 0)


def test_a_broker_that_is_away_loses_nothing(db, monkeypatch, caplog):
    away = Celery("away", broker="redis+socket:///nowhere/valkey.sock", set_as_current=False)
    away.conf.broker_transport_options = {"max_retries": 0}
    monkeypatch.setattr(jobs, "current_app", away)
    job = JobFactory()

    jobs.send(job.pk)

    job.refresh_from_db()
    assert "broker unreachable" in caplog.text
    assert job.status == Job.Status.QUEUED


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_claim_at_once_one_gets_the_job():
    job = JobFactory(organization=OrganizationFactory())
    leases, gate = [], threading.Barrier(8)

    def claim():
        gate.wait()
        leases.append(jobs.claim(job.pk))
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [lease.fence for lease in leases if lease] == [1]
    assert len(leases) == 8


@pytest.mark.django_db(transaction=True)
def test_a_slow_chunk_is_not_interrupted_by_a_claim_after_its_lease():
    job = JobFactory(organization=OrganizationFactory())
    lease = jobs.claim(job.pk)
    found = []

    def claim():
        found.append(jobs.claim(job.pk))
        connection.close()

    with lease.step(done=1, total=1):
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - LONG_AGO)
        thread = threading.Thread(target=claim)
        thread.start()
        thread.join()

    assert found == [None]
