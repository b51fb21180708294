"""Background work: the row first, its id in the message, a lease and a fence while it runs."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from workflow.models import Job
from workflow.notices import tell_parked
from workflow.refusals import DomainError
from workflow.refusals.database import refusing
from workflow.transitions import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from organizations.models import Organization, User

    Worker = Callable[["Lease"], dict[str, Any]]

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
#: Nobody does the work of an account that was switched off, nor goes on with it.
SUSPENDED = "发起人的账号已停用，任务不再执行；请由在用的账号重新发起"
RESEND_AFTER = timedelta(seconds=15)
MOST_ATTEMPTS = 3
RUN_TASK = "workflow.run_job"
Status = Job.Status
UNFINISHED = frozenset({Status.QUEUED, Status.RUNNING})
CLAIM = Step(UNFINISHED, Status.RUNNING)
FINISH = Step(frozenset({Status.RUNNING}), Status.DONE)
GIVE_BACK = Step(frozenset({Status.RUNNING}), Status.QUEUED)
PARK = Step(UNFINISHED, Status.PARKED)
RETRY = Step(frozenset({Status.PARKED}), Status.QUEUED)


class LostLeaseError(Exception):
    """Another worker has taken the job over; what this one was about to write is rolled back."""


@dataclass(slots=True)
class Lease:
    """The right to work on one job, until somebody else's fence is newer."""

    job_id: int
    fence: int
    subject: str
    cursor: dict[str, Any] = field(default_factory=dict)

    @property
    def subject_id(self) -> int:
        return int(self.subject.rpartition(":")[2])

    @contextmanager
    def step(self, **progress: Any) -> Iterator[None]:
        """One chunk of work in one transaction, kept only while the lease is still ours.

        ``progress``: done, total (counts) and cursor (where to go on after a kill).
        """
        with transaction.atomic():
            changes: dict[str, Any] = {"lease_until": timezone.now() + LEASE}
            if "total" in progress:
                changes["progress_total"] = progress["total"]
            if "done" in progress:
                changes |= {"progress_done": progress["done"], "attempts": 1}
            if "cursor" in progress:
                changes["cursor"] = self.cursor = progress["cursor"]
            if not self._rows().filter(requested_by__is_active=True).update(**changes):
                if self._rows().exists():
                    raise DomainError("requester-suspended", SUSPENDED)
                raise LostLeaseError(self.job_id)
            yield

    def _rows(self) -> Any:
        return Job.objects.filter(pk=self.job_id, fence=self.fence, status=Status.RUNNING)


_WORKERS: dict[str, Callable[[Lease], dict[str, Any]]] = {}


def job(name: str) -> Callable[[Worker], Worker]:
    """Register a function as the worker of jobs called ``name``; it returns the job's result."""

    def register(function: Worker) -> Worker:
        _WORKERS[name] = function
        return function

    return register


def enqueue(
    name: str, subject: str, *, label: str, requested_by: User, organization: Organization | None
) -> Job:
    """Write the job and send its id once the surrounding transaction commits.

    A job of the same name and subject that is still queued or running is refused
    (``job-already-running``).
    """
    if name not in _WORKERS:
        raise LookupError(name)
    message = f"“{label}”正在排队或运行，请等它完成后再发起"
    once = {"job_once_at_a_time_per_subject": DomainError("job-already-running", message)}
    with refusing(once), transaction.atomic():
        row = Job.objects.create(
            name=name,
            subject=subject,
            label=label,
            requested_by=requested_by,
            organization=organization,
            sent_at=timezone.now(),
        )
    transaction.on_commit(lambda: send(row.pk))
    return row


def jobs_of(subject: str) -> list[Job]:
    """All work on one subject, in the order it was asked for."""
    return list(Job.objects.filter(subject=subject).order_by("pk"))


def is_under_way(name: str, subject: str) -> bool:
    """Whether such work waits for a worker or is being done."""
    return Job.objects.filter(name=name, subject=subject, status__in=UNFINISHED).exists()


def send(job_id: int) -> None:
    """Tell a worker which job to run; without a broker (commands) run it here and now."""
    if settings.INLINE_JOBS:
        run(job_id)
        return
    try:
        current_app.signature(RUN_TASK, args=[job_id]).apply_async(ignore_result=True)
    except (BrokerError, OSError):
        logger.warning("broker unreachable; job %s will be re-sent", job_id)


def claim(job_id: int) -> Lease | None:
    """Take the job if it is free: queued, or running under a lease that has run out."""
    now = timezone.now()
    free = Q(status=Status.QUEUED) | Q(status=Status.RUNNING, lease_until__lt=now)
    with transaction.atomic():
        row = Job.objects.select_for_update(skip_locked=True).filter(free, pk=job_id).first()
        if row is None:
            return None
        if not row.requested_by.is_active:
            _park(row, SUSPENDED)
            return None
        if row.attempts >= MOST_ATTEMPTS:
            _park(row, row.error or "执行进程多次中断，没有进展")
            return None
        CLAIM.apply(
            row,
            lease_until=now + LEASE,
            fence=row.fence + 1,
            attempts=row.attempts + 1,
            started_at=row.started_at or now,
        )
    return Lease(row.pk, row.fence, row.subject, row.cursor)


def run(job_id: int) -> None:
    """Claim and do the job; a second message for the same job finds it taken and does nothing."""
    lease = claim(job_id)
    if lease is None:
        return
    try:
        result = _WORKERS[Job.objects.get(pk=job_id).name](lease)
    except LostLeaseError:
        logger.warning("job %s was taken over by another worker", job_id)
    except DomainError as refusal:
        _fail(lease, refusal.message, final=True)
    except Exception as error:  # the outermost call of a worker: nothing may be lost here
        logger.exception("job %s failed", job_id)
        _fail(lease, f"执行出错（{type(error).__name__}），已记录，请联系系统管理员", final=False)
        if settings.INLINE_JOBS:
            raise
    else:
        FINISH.take(lease._rows(), finished_at=timezone.now(), result=result, lease_until=None)


def _fail(lease: Lease, error: str, *, final: bool) -> None:
    with transaction.atomic():
        row = lease._rows().select_for_update().first()
        if row is None:
            return
        if final or row.attempts >= MOST_ATTEMPTS:
            _park(row, error)
        else:
            GIVE_BACK.apply(row, error=error, lease_until=None)


def _park(row: Job, error: str) -> None:
    PARK.apply(row, error=error, finished_at=timezone.now(), lease_until=None)
    tell_parked(row)


def retry(job_id: int) -> bool:
    """Put a parked job back in the queue; True if it was parked."""
    parked = Job.objects.filter(pk=job_id)
    moved = RETRY.take(parked, attempts=0, error="", finished_at=None, sent_at=timezone.now())
    if moved:
        transaction.on_commit(lambda: send(job_id))
    return bool(moved)


def resend_stale() -> int:
    """Send again what waits too long or whose worker fell silent; returns how many messages went."""
    now = timezone.now()
    stale = Q(status=Status.QUEUED) & (Q(sent_at__isnull=True) | Q(sent_at__lt=now - RESEND_AFTER))
    stale |= Q(status=Status.RUNNING, lease_until__lt=now)
    with (
        transaction.atomic()
    ):  # a row that is locked is being worked on, however long its chunk takes
        unheld = Job.objects.select_for_update(skip_locked=True).filter(stale)
        due = list(unheld.values_list("pk", flat=True)[:1000])
        Job.objects.filter(pk__in=due).update(sent_at=now)
    for job_id in due:
        send(job_id)
    return len(due)
