"""Telling people in the portal: one row each, with a link its recipient can open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from organizations.models import Organization, User
from organizations.roles import Role
from organizations.scoping import accounts_that_serve
from workflow.models import Notice
from workflow.records import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workflow.models import Job

#: Rows of one INSERT; a call of the city goes to a few thousand people.
ROWS_A_WRITE = 1_000
LONGEST_TITLE = 120


def tell(recipients: Iterable[User], title: str, *, subject: str, href: str, body: str = "") -> int:
    """Say the same to everybody in ``recipients``; returns how many were told."""
    rows = [
        Notice(recipient=user, subject=subject, title=clipped(title), body=body, href=href)
        for user in recipients
    ]
    return len(Notice.objects.bulk_create(rows, batch_size=ROWS_A_WRITE))


def clipped(title: str) -> str:
    """A title that fits its column, names of rounds and files in it being as long as they like."""
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def tell_parked(job: Job) -> int:
    """Whoever asked for a job that came to nothing, and those who keep the system running."""
    keepers = accounts_that_serve([Role.SYSTEM_ADMIN], _place_of(job))
    recipients = User.objects.filter(Q(pk=job.requested_by_id) | keepers).distinct()
    return tell(
        recipients,
        f"后台任务失败并停放：{job.label}",
        subject=subject_of(job),
        href=reverse("portal:job", args=[job.pk]),
        body=f"原因：{job.error}。原因消除后可重新排队，已完成的部分不会重做。",
    )


def _place_of(job: Job) -> str:
    """Where those serve who keep the machinery of this job; the top for a job of nobody's."""
    if job.organization is not None:
        return job.organization.path
    top = Organization.objects.filter(parent__isnull=True).order_by("path")
    return top.values_list("path", flat=True).first() or "/"
