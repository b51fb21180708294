"""A fund's year parted among academies: tried, signed by another, and then what each may ask for."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models import Academy
from organizations.rights import KEPT
from organizations.roles import STAFF_AND_OVERSIGHT
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition
from subsidies.models.funds import READERS, Fund, money
from subsidies.models.grants import by
from subsidies.models.ledger import ACADEMYS


class Allocation(models.Model):
    """How the money of a fund for academies is parted, by one method of one policy edition.

    While it is ``drawn`` it is a trial; signed by another it binds: no grant goes beyond its share.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("fund",)
    ORGANIZATION_PATH = "fund__organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "allocation_moves_on_record": "let a state move only with its record",
        "allocation_begins_at_the_first_state": "let an allocation begin as drawn up",
        "allocation_is_of_an_open_fund": "part no fund whose books are closed",
        "allocation_fits_the_budget": "sign only what the budget line holds, and keep it as signed",
    }

    class Method(models.TextChoices):
        EQUAL = "equal", "均等"
        PERFORMANCE = "performance", "按绩效"
        WEIGHT = "weight", "按权重"

    class State(models.TextChoices):
        DRAWN = "drawn", "试算待批"
        SIGNED = "signed", "已批准"
        DROPPED = "dropped", "已作废"

    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="allocations", verbose_name="专项资金"
    )
    edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本"
    )
    method = models.CharField("分配办法", max_length=12, choices=Method)
    amount = money("分配总额（元）")
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAWN)
    drawn_by = by("编制人")
    signed_by = by("批准人")
    drawn_at = models.DateTimeField("编制时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "资金分配"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund"],
                condition=~Q(state="dropped"),
                name="allocation_one_per_fund",
                violation_error_message="该项资金已有分配方案，作废后才能重新试算",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "signed", "dropped"]),
                name="allocation_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(method__in=["equal", "performance", "weight"]),
                name="allocation_method_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="allocation_is_some_money",
                violation_error_message="分配总额应大于零",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=False) & ~Q(drawn_by=F("signed_by")),
                name="allocation_is_signed_by_another",
                violation_error_message="分配方案须由编制人以外的人批准",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_by__isnull=False),
                name="allocation_signed_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund}{self.get_method_display()}分配"


class Share(models.Model):
    """What one academy may ask for of a fund; or why it gets nothing of it."""

    RIGHTS = KEPT
    NAMED_WITH = ("allocation", "academy")
    ORGANIZATION_PATH = "allocation__fund__organization__path"
    ALSO_SEEN_FROM = ACADEMYS
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {"share_stays_as_signed": "let no share change once it was signed"}

    allocation = models.ForeignKey(
        Allocation, models.CASCADE, related_name="shares", verbose_name="资金分配", db_index=False
    )
    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="shares", verbose_name="工匠学院"
    )
    points = models.DecimalField("系数", max_digits=12, decimal_places=4)
    basis = models.CharField("依据", max_length=200)
    amount = money("分配金额（元）")
    last_year = money("上年补助（元）")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分配明细"
        ordering = ["allocation", "academy"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["allocation", "academy"], name="share_once_per_academy"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, points__gte=0, last_year__gte=0),
                name="share_is_nothing_or_some_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy} {self.amount:,.2f}元"
