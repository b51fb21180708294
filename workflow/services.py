"""What people do to jobs and notices, on the record where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from workflow import jobs
from workflow.models import Job, Notice, Record
from workflow.permissions import may_retry
from workflow.records import Event, record_event, subject_of

if TYPE_CHECKING:
    from organizations.models import User

RETRIED = Event("workflow.job-retried", "重新排队", Record.Kind.JOB)


def retry_job(job_id: int, *, actor: User) -> Job:
    """Put a parked job back in the queue."""
    with transaction.atomic():
        rows = Job.objects.visible_to(actor).select_related("organization")
        job = rows.select_for_update(of=("self",)).get(pk=job_id)
        may_retry.check(actor, job)
        jobs.retry(job_id)
        record_event(
            RETRIED,
            subject_of(job),
            actor=actor,
            organization=job.organization,
            after={"label": job.label},
        )
    return job


def mark_read(notices: list[int] | None, *, reader: User) -> int:
    """Mark one's own notices as read (all of them where none are named); returns how many."""
    rows = Notice.objects.filter(recipient=reader, read_at__isnull=True)
    if notices is not None:
        rows = rows.filter(pk__in=notices)
    return rows.update(read_at=timezone.now())
