"""What people do to jobs and notices, on the record where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from organizations.roles import STAFF
from organizations.scoping import holds_role
from workflow import jobs
from workflow.models import Job, Notice, Record
from workflow.records import record_event, subject_of
from workflow.refusals import DomainError

if TYPE_CHECKING:
    from organizations.models import User


def retry_job(job_id: int, *, actor: User) -> Job:
    """Put a parked job back in the queue."""
    with transaction.atomic():
        job = Job.objects.visible_to(actor).select_related("organization").get(pk=job_id)
        if not holds_role(actor, STAFF, job.organization.path if job.organization else "/"):
            message = "您没有重新发起此任务的权限，请由主管工会的经办人或审批人办理"
            raise DomainError("role-required", message)
        if not jobs.retry(job_id):
            message = f"任务当前为“{job.get_status_display()}”，只有已停放的任务可以重新排队"
            raise DomainError("job-not-parked", message)
        record_event(
            Record.Kind.JOB,
            subject_of(job),
            "重新排队",
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
