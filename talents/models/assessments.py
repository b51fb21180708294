"""Verdicts: one run over a round under one edition, and one compact row per nomination."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.rights import KEPT, Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from policies.rules.verdicts import Overall
from talents.models.nominations import Nomination
from talents.models.rounds import SelectionRound


class AssessmentRun(models.Model):
    """One eligibility check of a round: which edition (by digest), as of which day, with what counts."""

    RIGHTS = KEPT
    NAMED_WITH = ("round",)
    ORGANIZATION_PATH = "round__organizer__path"
    VISIBLE_TO_ROLES = FILING
    VISIBLE_FROM_BELOW = ~Q(round__state="draft")

    class Status(models.TextChoices):
        RUNNING = "running", "核验中"
        DONE = "done", "已完成"

    id = models.AutoField(primary_key=True)  # four bytes: it stands in every assessment
    round = models.ForeignKey(
        SelectionRound, models.PROTECT, related_name="runs", verbose_name="轮次"
    )
    edition_digest = models.CharField("政策版本摘要", max_length=64)
    reference_day = models.DateField("基准日")
    requested_by = account_field("发起人")
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.RUNNING)
    #: The ids where the parts begin, and the one after the last: ``n`` parts have ``n + 1`` bounds.
    bounds = ArrayField(models.BigIntegerField(), verbose_name="分段", default=list)
    parts_left = models.PositiveSmallIntegerField("未完成分段", default=1)
    nomination_count = models.PositiveIntegerField("推荐数", default=0)
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True)
    eligible_count = models.PositiveIntegerField(Overall.ELIGIBLE.label, default=0)
    ineligible_count = models.PositiveIntegerField(Overall.INELIGIBLE.label, default=0)
    missing_count = models.PositiveIntegerField(Overall.MISSING.label, default=0)
    #: How often each combination of bits came out: ``[[overall, met, known, count], …]``.
    patterns = models.JSONField("结果分布", default=list, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资格核验"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="running", finished_at__isnull=True)
                | Q(status="done", finished_at__isnull=False, parts_left=0),
                name="run_done_iff_dated",
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(status="running"), name="run_once_at_a_time_per_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} 第{self.pk}次核验"

    @property
    def in_records(self) -> str:
        return f"“{self.round}”的资格核验"

    @property
    def standing(self) -> str:
        """How far it has come, in words; one that met nobody has nothing to show for it."""
        is_empty = self.status == self.Status.DONE and not self.nomination_count
        return "无人核验" if is_empty else self.get_status_display()


class Assessment(models.Model):
    """One verdict, stored small: bits in criterion order, expanded to sentences when read.

    The references carry no constraint (it costs 1.8× on the set path); a trigger on the nomination
    refuses to delete one that was assessed. ``version`` is the nomination's own at that moment: when
    the two differ, the papers were corrected since and the verdict no longer speaks of them.
    """

    TELLS_OF_PERSONS = True
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "verdict_goes_with_its_nomination": "refuse taking back a verdict alone",
        "verdict_comes_from_a_running_check": "refuse verdicts of a check that is over",
        "verdict_is_never_changed": "refuse every change",
        "verdicts_are_never_emptied": "refuse emptying the table",
    }
    RIGHTS = Rights(update=False)
    ORGANIZATION_PATH = "nomination__unit__path"
    VISIBLE_TO_ROLES = FILING

    pk = models.CompositePrimaryKey("run_id", "nomination_id")
    nomination = models.ForeignKey(
        Nomination,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="assessments",
        verbose_name="推荐",
    )
    run = models.ForeignKey(
        AssessmentRun,
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="assessments",
        verbose_name="核验",
    )
    version = models.IntegerField("推荐的版本")
    met = models.IntegerField("符合")
    known = models.IntegerField("已知")
    overall = models.SmallIntegerField("结论", choices=Overall)
    observed = ArrayField(models.IntegerField(null=True), verbose_name="实际值")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核验结果"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(overall__in=[0, 1, 2]), name="assessment_overall_is_known"
            ),
        ]
        #: Rare answers are found by it. Seven bytes a verdict: of many that are alike the bits stand in
        #: it once. The run comes last: nobody shall take it for the way to read a run in order.
        indexes: ClassVar = [
            models.Index(fields=["known", "met", "run"], name="assessment_by_bits"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.nomination_id}"
