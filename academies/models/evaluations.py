"""What became of an academy's yearly evaluation (审核评价), and of the rectification it led to.

Money obeys it: ``academies_payment_bar`` in the database says why an academy is paid nothing
(migration 0004), and whoever writes here locks the academy, so that a payment at the same moment waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models.academies import FIRST_YEAR, LAST_YEAR, OF_ACADEMY, OF_UNION, READERS, Academy
from intake.models import brought_by
from organizations.models import account_field
from organizations.rights import Rights
from organizations.scoping import SYSTEM_USERNAME, ScopedQuerySet
from workflow.corrections import Correctable

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _settled(row: Evaluation) -> dict[str, Any]:
    """What was proposed is done with once the row is as it says."""
    return {"proposal": {}}


class Evaluation(models.Model):
    """The grade of one academy for one year; of a failed one, until when it is to be put right."""

    #: Whose evaluation it is, of what year and made when, changes only where it came with the history,
    #: by a correction of two people.
    RIGHTS = Rights(
        update=(
            "academy_id", "year", "grade", "evaluated_on", "demand", "due_on", "closed_on",
            "proposal", "proposal_reason", "proposed_by_id", "proposed_at", "corrected_by_id",
            "edited_at", "version",
        )
    )  # fmt: skip
    ORGANIZATION_PATH = OF_ACADEMY
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "evaluation_locks_its_academy": "an evaluation and a payment of one academy wait for each other",
        "evaluation_closes_when_put_right": "it is closed only when nothing demanded is left open",
        "evaluation_failures_stay_deleted": "a failure is taken back by two people, or not at all",
        "evaluation_failures_stay_parted": "nothing is brought in between two failures in a row",
        "evaluation_failures_stay_regraded": "two failures in a row change by an answered objection alone",
        "evaluation_changes_by_an_answer_of_two": "an objection changes a grade as one proposed and another answers",
        "evaluation_is_put_right_by_two": "what came with the history changes as one proposed and another agreed",
    }
    CORRECTABLE = Correctable(
        ("academy", "year", "grade", "evaluated_on", "due_on", "closed_on"),
        organization="academy.supervising_union",
        derived=_settled,
        by="corrected_by",
    )
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS
    #: What is proposed of a row that never should have come in.
    STRUCK: ClassVar = {"struck": True}

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", "优秀"
        QUALIFIED = "qualified", "合格"
        FAILED = "failed", "不合格"

    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        related_name="evaluations",
        verbose_name="工匠学院",
        db_index=False,
    )
    year = models.SmallIntegerField("评价年度")
    grade = models.CharField("等次", max_length=10, choices=Grade)
    evaluated_on = models.DateField("评价日期")
    demand = models.CharField("整改要求", max_length=500, blank=True)
    due_on = models.DateField("整改期限", null=True, blank=True)
    closed_on = models.DateField("整改完成日期", null=True, blank=True)
    batch = brought_by()
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)
    #: What is proposed to be put right, by field: the academy by its key, days in ISO; empty of none.
    proposal = models.JSONField(
        "拟更正内容", default=dict, blank=True, editable=False, db_default={}
    )
    proposal_reason = models.CharField(
        "更正事由", max_length=500, blank=True, default="", db_default="", editable=False
    )
    proposed_by = account_field(
        "更正提出人", is_later=True, blank=True, editable=False, db_index=False
    )
    proposed_at = models.DateTimeField("更正提出时间", null=True, blank=True, editable=False)
    corrected_by = account_field(
        "更正复核人", is_later=True, blank=True, editable=False, db_index=False
    )
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审核评价"
        ordering = ["academy", "-year"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy", "year"],
                name="evaluation_once_per_academy_and_year",
                violation_error_message="该学院本年度的审核评价已登记",
            ),
            models.CheckConstraint(
                condition=Q(grade__in=["excellent", "qualified", "failed"]),
                name="evaluation_grade_is_known",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="evaluation_year_is_plausible",
                violation_error_message="评价年度应在2000至2100之间",
            ),
            models.CheckConstraint(
                condition=Q(evaluated_on__year__gte=F("year")),
                name="evaluation_follows_its_year",
                violation_error_message="评价日期不能早于评价年度",
            ),
            models.CheckConstraint(
                condition=Q(grade="failed") | Q(due_on__isnull=True, closed_on__isnull=True),
                name="evaluation_rectifies_only_a_failure",
                violation_error_message="只有不合格的评价才有整改期限和整改完成日期",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("evaluated_on")),
                name="evaluation_due_after_it_was_made",
                violation_error_message="整改期限不能早于评价日期",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("evaluated_on")),
                name="evaluation_closed_after_it_was_made",
                violation_error_message="整改完成日期不能早于评价日期",
            ),
            models.CheckConstraint(
                condition=Q(proposal={})
                | Q(proposed_by__isnull=False, proposed_at__isnull=False, batch__isnull=False)
                & ~Q(proposal_reason=""),
                name="evaluation_proposal_says_why_and_by_whom",
                violation_error_message="更正须写明事由和提出人，且只更正导入的历年结果",
            ),
            models.CheckConstraint(
                condition=~Q(corrected_by=F("proposed_by")),
                name="evaluation_is_corrected_by_another",
                violation_error_message="更正须由提出人以外的人复核",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy} {self.year}年度审核评价"

    @classmethod
    def brought_by_one(cls) -> QuerySet[Any]:
        """Passes that one account brought in with a table: they do not stand for the campaign of their
        year. What two have put right, and what the operator brought in by command, does.
        """
        rows = cls.objects.filter(batch__isnull=False, review__isnull=True, corrected_by=None)
        rows = rows.exclude(grade=cls.Grade.FAILED)
        return rows.exclude(batch__uploaded_by__username=SYSTEM_USERNAME)

    @property
    def is_to_be_struck(self) -> bool:
        """Whether the row is proposed to go, not to be put right."""
        return self.proposal == self.STRUCK

    @property
    def is_history(self) -> bool:
        """Whether it came with the history, not from a campaign of this programme."""
        return self.batch_id is not None and not hasattr(self, "review")

    @property
    def is_open(self) -> bool:
        """Whether it failed and is not put right yet: until then nothing is paid."""
        return self.grade == self.Grade.FAILED and self.closed_on is None
