"""How a signed budget is changed: by a sum on one line, drawn up by one and signed by another, kept for ever."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.rights import Rights
from organizations.roles import STAFF_AND_OVERSIGHT
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import Fund, Line, money
from subsidies.models.grants import by
from subsidies.models.ledger import Entry


class BudgetChange(models.Model):
    """A sum by which one line of a signed budget grows (or, below zero, shrinks), and why."""

    RIGHTS = Rights(update=("state", "signed_by_id", "entry_id"), delete=False)
    NAMED_WITH = ("fund",)
    ORGANIZATION_PATH = "fund__organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "budget_change_moves_on_record": "let a state move only with its record",
        "budget_change_begins_at_the_first_state": "let a change begin as drawn up",
        "budget_change_stands": "change a signed budget only, with the entry that books it, and stay so",
    }

    class State(models.TextChoices):
        DRAWN = "drawn", "待批准"
        SIGNED = "signed", "已批准"
        DROPPED = "dropped", "已作废"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="changes", verbose_name="专项资金")
    line = models.CharField("预算科目", max_length=10, choices=Line)
    amount = money("调整金额（元）")
    reason = models.CharField("调整事由", max_length=300)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAWN)
    drawn_by = by("编制人")
    signed_by = by("批准人")
    drawn_at = models.DateTimeField("编制时间", auto_now_add=True)
    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="记账凭证",
        db_index=False,
        db_constraint=False,  # the trigger knows it by its key
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算调整"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "line"],
                condition=Q(state="drawn"),
                name="budget_change_one_at_a_time",
                violation_error_message="该科目已有待批准的调整，批准或作废后再编制",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "signed", "dropped"]),
                name="budget_change_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(line__in=["academy", "award", "boost", "studio"]),
                name="budget_change_line_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(amount=0) & ~Q(reason=""),
                name="budget_change_is_some_money_for_a_reason",
                violation_error_message="调整金额不能为零，并须写明事由",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=False) & ~Q(drawn_by=F("signed_by")),
                name="budget_change_is_signed_by_another",
                violation_error_message="预算调整须由编制人以外的人批准",
            ),
            models.CheckConstraint(
                condition=Q(state="signed", signed_by__isnull=False, entry__isnull=False)
                | ~Q(state="signed") & Q(signed_by__isnull=True, entry__isnull=True),
                name="budget_change_signed_says_by_whom_and_names_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}{self.get_line_display()}调整{self.amount:+,.2f}元"
