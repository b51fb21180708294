"""A real worker, a real broker, and `kill -9` in the middle of a chunk."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.models import User
from tests.workflow.counting import CHUNKS
from workflow import jobs
from workflow.models import Job, Notice

PATIENCE_SECONDS = 40
pytestmark = pytest.mark.django_db(transaction=True)


def ask_for(name):
    return jobs.enqueue(
        name, "tests.thing:1", label="计数", requested_by=User.objects.system(), organization=None
    )


def wait_until(happened):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def kill_in_mid_job(worker, marks):
    """Kill the worker and its child once ``marks`` chunks are committed and the next has begun."""
    wait_until(lambda: Notice.objects.filter(subject="tests.thing:1").count() >= marks)
    time.sleep(0.1)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def send_again():
    """What beat does every few seconds, once the dead worker's lease has run out."""
    Job.objects.filter(status="running").update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.resend_stale()


def marks():
    return sorted(Notice.objects.filter(subject="tests.thing:1").values_list("title", flat=True))


@pytest.fixture
def worker(start_worker):
    return lambda: start_worker("--include=tests.workflow.counting")


def test_a_job_killed_twice_is_done_exactly_once_and_nothing_is_lost(worker):
    job = ask_for("tests.count")
    kill_in_mid_job(worker(), 1)
    send_again()
    kill_in_mid_job(worker(), 3)
    send_again()
    worker()

    wait_until(lambda: Job.objects.get(pk=job.pk).is_over)

    job.refresh_from_db()
    assert (job.status, job.result) == (Job.Status.DONE, {"chunks": CHUNKS})
    assert marks() == [f"第{n}段" for n in range(CHUNKS)]
    assert job.fence == 3


def test_control_a_job_without_steps_does_its_work_twice(worker):
    ask_for("tests.count_unguarded")
    kill_in_mid_job(worker(), 2)
    send_again()
    worker()

    wait_until(lambda: Job.objects.get().is_over)

    assert len(marks()) > CHUNKS


def test_control_without_the_resending_a_killed_job_stands_still(worker):
    job = ask_for("tests.count")
    kill_in_mid_job(worker(), 1)
    done = Job.objects.get(pk=job.pk).progress_done

    worker()
    time.sleep(2)

    job.refresh_from_db()
    assert (job.status, job.progress_done) == (Job.Status.RUNNING, done)
