"""Background work as rows: the row is the truth, the message only says which row."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models import Organization, account_field
from organizations.rights import KEPT
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import ScopedQuerySet

LONG_WAIT = timedelta(minutes=1)


class Job(models.Model):
    """One piece of background work.

    A worker holds it by a lease; ``fence`` grows with every claim, and each chunk is written only
    while the worker's fence is still the newest, so a worker believed dead can do no harm.
    """

    RIGHTS = KEPT
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT | {
        Role.NOMINATOR,
        Role.ACADEMY_MANAGER,
        Role.SYSTEM_ADMIN,
    }

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "运行中"
        DONE = "done", "已完成"
        PARKED = "parked", "失败（已停放）"

    name = models.CharField("任务", max_length=60)
    label = models.CharField("说明", max_length=120)
    subject = models.CharField("对象", max_length=100)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, related_name="+", verbose_name="所属组织"
    )
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.QUEUED)
    requested_by = account_field("发起人")
    requested_at = models.DateTimeField("发起时间", auto_now_add=True)
    sent_at = models.DateTimeField("最近投递时间", null=True)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    lease_until = models.DateTimeField("租约至", null=True)
    fence = models.PositiveIntegerField("栅栏号", default=0)
    attempts = models.PositiveSmallIntegerField("无进展尝试次数", default=0)
    progress_done = models.BigIntegerField("已完成", default=0)
    progress_total = models.BigIntegerField("总数", default=0)
    cursor = models.JSONField("断点", default=dict, blank=True)
    result = models.JSONField("结果", default=dict, blank=True)
    error = models.TextField("失败原因", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "done", "parked"]),
                name="job_status_is_known",
            ),
            models.UniqueConstraint(
                fields=["name", "subject"],
                condition=Q(status__in=["queued", "running"]),
                name="job_once_at_a_time_per_subject",
                violation_error_message="同一任务正在排队或运行，请等它完成",
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_until__isnull=False) | ~Q(status="running"),
                name="job_runs_only_under_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(progress_done__gte=0, progress_done__lte=models.F("progress_total")),
                name="job_progress_within_total",
            ),
            models.CheckConstraint(
                condition=~Q(status="parked") | ~Q(error=""), name="job_parked_says_why"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=["queued", "running"]),
                name="job_unfinished",
            ),
            models.Index(fields=["subject", "-id"], name="job_by_subject"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def percent(self) -> int:
        """Progress for a bar: 0 until something is counted, 100 only when done."""
        if self.status == self.Status.DONE:
            return 100
        if not self.progress_total:
            return 0
        return min(99, self.progress_done * 100 // self.progress_total)

    @property
    def waits_long(self) -> bool:
        """Queued for so long that whatever takes jobs up is down or has more than it can do."""
        waited = timezone.now() - self.requested_at
        return self.status == self.Status.QUEUED and waited > LONG_WAIT

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.DONE, self.Status.PARKED}
