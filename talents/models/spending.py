"""What an enterprise says each year of its money for workers' education: of its wages, and for whom."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.models import Organization, account_field
from organizations.rights import Rights
from organizations.roles import FILING
from organizations.scoping import ScopedQuerySet

HUNDRED = Decimal(100)
CENTS = Decimal("0.01")
FIRST_YEAR, LAST_YEAR = 2000, 2100


def share(part: Decimal, whole: Decimal) -> Decimal:
    """``part`` of ``whole`` in per cent, to two decimals; ``whole`` is not 0."""
    return (part * HUNDRED / whole).quantize(CENTS)


class EducationSpend(models.Model):
    """One enterprise, one year, in yuan; said wrongly it is withdrawn, on record, and said anew."""

    RIGHTS = Rights(update=("withdrawn_on",), delete=False)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = FILING

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="企业"
    )
    year = models.PositiveSmallIntegerField("年度")
    wages = models.DecimalField(
        "工资薪金总额（元）",
        max_digits=16,
        decimal_places=2,
        help_text="当年计入成本费用的工资薪金总额",
    )
    spent = models.DecimalField(
        "职工教育经费支出（元）",
        max_digits=16,
        decimal_places=2,
        help_text="当年实际支出，没有的填0",
    )
    frontline = models.DecimalField(
        "其中用于一线职工（元）",
        max_digits=16,
        decimal_places=2,
        help_text="用于一线职工培训的部分",
    )
    entered_by = account_field("填报人")
    entered_at = models.DateTimeField("填报时间", auto_now_add=True)
    withdrawn_on = models.DateField("撤下日期", null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "职工教育经费自评"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(wages__gt=0, spent__gte=0, frontline__gte=0)
                & Q(spent__lte=F("wages"), frontline__lte=F("spent")),
                name="education_spend_is_part_of_wages",
                violation_error_message=(
                    "工资薪金总额须大于零，职工教育经费不超过工资薪金总额，用于一线职工的不超过职工教育经费"
                ),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="education_spend_year_is_plausible",
                violation_error_message=f"年度应在{FIRST_YEAR}至{LAST_YEAR}之间",
            ),
            models.UniqueConstraint(
                fields=["organization", "year"],
                condition=Q(withdrawn_on__isnull=True),
                name="education_spend_once_a_year",
                violation_error_message="该企业当年已填报，数字有误的请先撤下再填",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["year"], name="education_spend_by_year")]

    def __str__(self) -> str:
        return f"{self.organization}{self.year}年职工教育经费"

    @property
    def of_wages(self) -> Decimal:
        """What was spent, in per cent of the wages."""
        return share(self.spent, self.wages)

    @property
    def for_frontline(self) -> Decimal | None:
        """What went to front-line workers, in per cent of what was spent; None if nothing was."""
        return share(self.frontline, self.spent) if self.spent else None
