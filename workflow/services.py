"""What people do to jobs, notices and files, on the record where it matters."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from organizations.roles import STAFF, Role
from organizations.scoping import holds_role
from workflow import attachments, jobs
from workflow.errors import DomainError
from workflow.grants import home_of
from workflow.imports import check_purpose, may_handle, not_for_them
from workflow.models import ImportBatch, Job, Notice, Record
from workflow.records import record_event, subject_of
from workflow.vault import VaultError

if TYPE_CHECKING:
    from organizations.models import User
    from workflow.models import Attachment

#: Who hands files in, and takes them again while nothing says more closely what they are about.
HANDING_IN = frozenset({Role.HANDLER, Role.NOMINATOR, Role.ACADEMY_MANAGER})

logger = logging.getLogger(__name__)


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


def may_take(actor: User, attachment: Attachment) -> bool:
    """Whether this account takes the file as it is, unmasked: who works on what was read from it."""
    batches = ImportBatch.objects.filter(attachment=attachment).select_related("organization")
    handled = [may_handle(actor, batch) for batch in batches]
    return any(handled) or (
        not handled and holds_role(actor, HANDING_IN, attachment.organization.path)
    )


def hand_out(attachment: Attachment, *, reader: User, reason: str) -> bytes:
    """The bytes of a file for someone who works on it, for a purpose that stands on record."""
    if not may_take(reader, attachment):
        raise not_for_them()
    check_purpose(reason)
    with transaction.atomic():
        record_event(
            Record.Kind.EXPORT,
            subject_of(attachment),
            "下载附件",
            actor=reader,
            organization=attachment.organization,
            note=reason.strip(),
            after={"filename": attachment.filename, "sha256": attachment.sha256},
        )
        try:
            return attachments.content_of(attachment)
        except (FileNotFoundError, VaultError) as error:
            logger.exception("attachment %s cannot be read", attachment.pk)
            message = "原件在存储中缺失或已损坏，请联系系统管理员从备份恢复"
            raise DomainError("file-damaged", message) from error


def record_tree_export(count: int, query: str, *, actor: User) -> None:
    """That somebody took the list of bodies out of the house."""
    record_event(
        Record.Kind.EXPORT,
        "organizations.organization:0",
        "导出组织机构",
        actor=actor,
        organization=home_of(actor),
        after={"count": count},
        note=f"筛选条件：{query}" if query else "全部",
    )
