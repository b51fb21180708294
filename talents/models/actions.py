"""What bodies register for the plan of a city beside selection: seeds, small inventions, own assessment."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import Organization, account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet
from talents.models.persons import Person


class ActionEntry(models.Model):
    """One entry of one of the five actions; entered in error it is withdrawn, on record, not deleted.

    A seed is a person and stands once for good; an enterprise assesses levels by itself once. What
    five-small result it is, and what kind of seed, is ``sort``.
    """

    TELLS_OF_PERSONS = True
    RIGHTS = Rights(update=("withdrawn_on",), delete=False)
    NAMED_WITH = ("person",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING

    class Kind(models.TextChoices):
        SEED = "seed", "种子工匠"
        SMALL = "small", "五小成果"
        ASSESSING = "assessing", "自主评价企业"

    class Sort(models.TextChoices):
        STUDENT = "student", "职业院校学生"
        NEWCOMER = "newcomer", "新入职一线工人"
        INVENTION = "invention", "小发明"
        CREATION = "creation", "小创造"
        RENEWAL = "renewal", "小革新"
        DESIGN = "design", "小设计"
        PROPOSAL = "proposal", "小建议"

    kind = models.CharField("行动", max_length=10, choices=Kind)
    sort = models.CharField("类别", max_length=10, choices=Sort, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="单位（院校）"
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="action_entries",
        verbose_name="人员",
    )
    told = models.CharField(
        "说明", max_length=200, help_text="种子工匠写孵化载体和导师，五小写成果名称，自主评价写工种"
    )
    document_number = models.CharField("备案（证明）文号", max_length=60, blank=True)
    held_on = models.DateField("日期", help_text="登记、完成或备案之日")
    entered_by = account_field("登记人")
    entered_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤下日期", null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行动登记"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="seed", person__isnull=False, sort__in=["student", "newcomer"])
                | Q(
                    kind="small",
                    sort__in=["invention", "creation", "renewal", "design", "proposal"],
                )
                | Q(kind="assessing", sort="") & ~Q(document_number=""),
                name="action_entry_fits_its_kind",
                violation_error_message=(
                    "种子工匠须写明人员和类别，五小成果须写明哪一种，自主评价企业须写明备案文号"
                ),
            ),
            models.CheckConstraint(condition=~Q(told=""), name="action_entry_says_something"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="seed", withdrawn_on__isnull=True),
                name="seed_once_per_person",
                violation_error_message="此人已登记为种子工匠，同一人只计一次",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind="assessing", withdrawn_on__isnull=True),
                name="assessing_once_per_enterprise",
                violation_error_message="该企业已登记自主评价机制，只计一次",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "held_on"], name="action_entry_by_kind_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.person or self.organization}"
