"""Verdicts: one run over a round under one edition, and one compact row per nomination."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.rounds import SelectionRound
from workflow.models import Job


class AssessmentRun(models.Model):
    """One eligibility check of a round: which edition (by digest), as of which day, with what counts."""

    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(round__state="draft")

    class Status(models.TextChoices):
        RUNNING = "running", "核验中"
        DONE = "done", "已完成"

    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="runs", verbose_name="轮次"
    )
    edition_digest = models.CharField("政策版本摘要", max_length=64)
    reference_day = models.DateField("基准日")
    job = models.OneToOneField(Job, models.PROTECT, null=True, verbose_name="任务")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    eligible_count = models.PositiveIntegerField("合格", default=0)
    ineligible_count = models.PositiveIntegerField("不合格", default=0)
    missing_count = models.PositiveIntegerField("资料缺失", default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资格核验"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | Q(status="done", finished_at__isnull=False),
                name="run_done_iff_dated",
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(status="running"), name="run_once_at_a_time_per_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} 第{self.pk}次核验"


class Assessment(models.Model):
    """One verdict, stored small: bits in criterion order, expanded to sentences when read.

    No foreign key to the nomination (it costs 1.8× on the set path); a trigger on the nomination
    refuses to delete one that was assessed.
    """

    class Overall(models.IntegerChoices):
        INELIGIBLE = 0, "不合格"
        MISSING = 1, "资料缺失"
        ELIGIBLE = 2, "合格"

    pk = models.CompositePrimaryKey("run_id", "nomination_id")
    run = models.ForeignKey(
        AssessmentRun, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    nomination_id = models.BigIntegerField()
    overall = models.SmallIntegerField(choices=Overall)
    met = models.IntegerField()
    known = models.IntegerField()
    observed = ArrayField(models.IntegerField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "核验结果"
        indexes: ClassVar = [
            models.Index(fields=["run", "overall", "nomination_id"], name="assessment_by_overall"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(overall__in=[0, 1, 2]), name="assessment_overall_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.nomination_id}"
