"""The account of a year: what a grant brought, what was spent of it, what became of the rest."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import NOTHING, READERS, money
from subsidies.models.grants import Grant, by
from subsidies.models.ledger import ACADEMYS


class Settlement(models.Model):
    """The year of one grant, closed: what is left is carried over or given back, what was not paid
    goes back to the budget. The sums follow from the ledger and the policy; people only explain.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("grant",)
    ORGANIZATION_PATH = "grant__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"grant__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "settlement_moves_on_record": "let a state move only with its record",
        "settlement_begins_at_the_first_state": "let a settlement begin as handed in",
        "settlement_leaves_nothing": "confirm only what leaves nothing on the accounts of the year",
        "settlement_waits_for_refunds": "confirm nothing while an audit's refund of the year is not booked",
    }

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待审定"
        RETURNED = "returned", "已退回"
        CONFIRMED = "confirmed", "已审定"

    grant = models.OneToOneField(
        Grant, models.PROTECT, related_name="settlement", verbose_name="补助"
    )
    received = money("收到拨款（元）")
    spent = money("支出（元）")
    refunded = money("审计认定退回（元）", default=NOTHING, db_default=NOTHING)
    left = money("结余（元）")
    carried = money("结转下年（元）", default=NOTHING)
    given_back = money("退回（元）", default=NOTHING)
    unpaid = money("未拨收回（元）", default=NOTHING)
    results = models.TextField(
        "绩效情况", help_text="项目完成情况、受益职工、成效，对照申报逐项说明"
    )
    explanation = models.TextField("结余说明", blank=True, help_text="结余的原因和下一步安排")
    state = models.CharField("状态", max_length=10, choices=State, default=State.SUBMITTED)
    drawn_by = by("编制人")
    confirmed_by = by("审定人")
    drawn_at = models.DateTimeField("报送时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "决算"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "returned", "confirmed"]),
                name="settlement_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    spent__gte=0,
                    refunded__gte=0,
                    left__gte=0,
                    received=F("spent") + F("refunded") + F("left"),
                ),
                name="settlement_received_is_spent_and_left",
                violation_error_message="收到拨款应等于支出、审计认定退回与结余之和",
            ),
            models.CheckConstraint(
                condition=Q(
                    carried__gte=0,
                    given_back__gte=0,
                    unpaid__gte=0,
                    left=F("carried") + F("given_back"),
                ),
                name="settlement_left_is_carried_or_given_back",
                violation_error_message="结余应等于结转与退回之和",
            ),
            models.CheckConstraint(
                condition=~Q(results="") & (Q(left=0) | ~Q(explanation="")),
                name="settlement_says_what_came_of_it",
                violation_error_message="请填写绩效情况；有结余的，还须说明结余原因",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_by__isnull=False)
                | ~Q(state="confirmed") & Q(confirmed_by__isnull=True),
                name="settlement_confirmed_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=False) & ~Q(drawn_by=F("confirmed_by")),
                name="settlement_is_confirmed_by_another",
                violation_error_message="决算须由编制人以外的人审定",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant}决算"
