"""What a plan of cultivation aims at: by force, by course, by project, each with what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import account_field
from organizations.rights import KEPT
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.growth import Cultivation
from talents.models.studios import StudioProject
from workflow.corrections import Correctable


class CultivationGoal(models.Model):
    """One aim of a plan, by when it is to be reached and how that is shown; later what was reached."""

    TELLS_OF_PERSONS = True
    RIGHTS = KEPT
    NAMED_WITH = ("cultivation__person",)
    ORGANIZATION_PATH = "cultivation__organization__path"
    ABOUT = ("cultivation__person__identity_digest",)
    VISIBLE_TO_ROLES = FILING
    CORRECTABLE = Correctable(
        ("kind", "goal", "shown_by", "due_on", "project"),
        organization="cultivation.organization",
    )

    class Kind(models.TextChoices):
        LEADING = "leading", "引领力"
        PRACTICE = "practice", "实践力"
        INNOVATION = "innovation", "创新力"
        TACKLING = "tackling", "攻关力"
        PASSING = "passing", "传承力"
        COURSE = "course", "课程"
        PROJECT = "project", "项目"

    class Outcome(models.TextChoices):
        MET = "met", "已达成"
        PARTLY = "partly", "部分达成"
        MISSED = "missed", "未达成"

    cultivation = models.ForeignKey(
        Cultivation, models.PROTECT, related_name="goals", verbose_name="培育"
    )
    kind = models.CharField("类别", max_length=10, choices=Kind)
    goal = models.CharField(
        "目标", max_length=200, help_text="课程写培训班名称，与学员名册一致的自动对应"
    )
    shown_by = models.CharField("怎样体现", max_length=200, help_text="如证书、成果、验收报告")
    due_on = models.DateField("完成时间")
    project = models.ForeignKey(
        StudioProject,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="工作室项目",
    )
    outcome = models.CharField(
        "完成情况", max_length=10, choices=Outcome, blank=True, default="", editable=False
    )
    reached = models.CharField("实际完成", max_length=500, blank=True, default="", editable=False)
    set_by = account_field("登记人")
    assessed_by = account_field("完成情况登记人", is_later=True, editable=False, db_index=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "培育目标"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "leading",
                        "practice",
                        "innovation",
                        "tackling",
                        "passing",
                        "course",
                        "project",
                    ]
                ),
                name="goal_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(goal="") & ~Q(shown_by=""), name="goal_says_what_and_how_shown"
            ),
            models.CheckConstraint(
                condition=Q(project__isnull=True) | Q(kind="project"),
                name="goal_with_a_project_is_of_that_kind",
                violation_error_message="只有项目类的目标才选工作室项目",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", reached="", assessed_by__isnull=True)
                | Q(outcome__in=["met", "partly", "missed"], assessed_by__isnull=False)
                & ~Q(reached=""),
                name="goal_assessed_says_what_was_reached",
                violation_error_message="登记完成情况须写明实际完成",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.goal}"
