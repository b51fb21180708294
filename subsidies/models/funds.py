"""Where money comes from: one fund per body, year and source, and what its budget plans for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from academies.models.academies import FIRST_YEAR, LAST_YEAR
from organizations.models import Organization
from organizations.rights import KEPT
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import ScopedQuerySet

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
#: Yuan with two decimals, up to 99,999,999,999,999.99: never a float, from the cell on.
DIGITS, CENTS = 16, 2
NOTHING = Decimal("0.00")


def money(name: str, **options: Any) -> models.DecimalField:
    """A column of yuan."""
    return models.DecimalField(name, max_digits=DIGITS, decimal_places=CENTS, **options)


class Line(models.TextChoices):
    """The budget lines: what a fund may be drawn on for."""

    ACADEMY = "academy", "学院补助"
    AWARD = "award", "工匠奖励"
    BOOST = "boost", "职业发展助推"
    STUDIO = "studio", "创新工作室助推"


class Fund(models.Model):
    """The money of one body, year and source. Balances stand in the ledger, not here.

    While no budget was signed (``open``), grants of past years are entered with the sums they had;
    once one is, nothing goes beyond it.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("organization",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "fund_moves_on_record": "let a state move only with its record",
        "fund_begins_at_the_first_state": "let a fund begin without a signed budget",
        "fund_closes_after_its_entries": "close the books once every entry under way is in them",
    }

    class Source(models.TextChoices):
        MUNICIPAL = "municipal", "市总补助"
        DISTRICT = "district", "区配套"
        OWN = "own", "自筹"
        UPPER = "upper", "上级补助"

    class State(models.TextChoices):
        OPEN = "open", "未批预算"
        SUBMITTED = "submitted", "预算待批"
        SIGNED = "signed", "预算已批"
        CLOSED = "closed", "已结账"

    #: Money of the policy; what others add to it is theirs to give.
    SUBSIDIES: ClassVar = frozenset({Source.MUNICIPAL, Source.UPPER})

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="出资单位"
    )
    year = models.SmallIntegerField("年度")
    source = models.CharField("资金来源", max_length=10, choices=Source)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="编制人",
    )
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="批准人",
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "专项资金"
        ordering = ["-year", "source", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "year", "source"],
                name="fund_once_per_body_year_and_source",
                violation_error_message="该单位本年度已有同一来源的资金",
            ),
            models.CheckConstraint(
                condition=Q(source__in=["municipal", "district", "own", "upper"]),
                name="fund_source_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "submitted", "signed", "closed"]),
                name="fund_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="fund_year_is_plausible",
                violation_error_message="年度应在2000至2100之间",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | Q(drawn_up_by__isnull=False) & ~Q(signed_by=F("drawn_up_by")),
                name="fund_budget_takes_two_people",
                violation_error_message="预算须由编制人以外的人批准",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | Q(signed_by__isnull=False),
                name="fund_signed_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.get_source_display()}"

    @property
    def is_subsidy(self) -> bool:
        """Whether the policy says who may have it."""
        return self.source in self.SUBSIDIES


class BudgetLine(models.Model):
    """What the budget of a fund plans for one line; signed, it stands in the ledger as appropriated."""

    NAMED_WITH = ("fund",)
    ORGANIZATION_PATH = "fund__organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "budget_line_is_of_an_open_fund": "plan nothing anew in a fund whose books are closed",
    }

    fund = models.ForeignKey(Fund, models.CASCADE, related_name="lines", verbose_name="专项资金")
    line = models.CharField("预算科目", max_length=10, choices=Line)
    amount = money("预算金额（元）")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预算科目"
        ordering = ["fund", "line"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "line"],
                name="budget_line_once_per_fund",
                violation_error_message="该预算科目已列入，请直接修改金额",
            ),
            models.CheckConstraint(
                condition=Q(line__in=["academy", "award", "boost", "studio"]),
                name="budget_line_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="budget_line_is_some_money",
                violation_error_message="预算金额应大于零",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.get_line_display()}"
