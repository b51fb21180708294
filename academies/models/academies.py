"""Academies: which body hosts one, which union answers for it, and what it is known for."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from organizations.models import Organization
from organizations.names import title_key
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import ScopedQuerySet
from organizations.validity import Span
from workflow.corrections import Correctable

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
OF_ACADEMY = "academy__organization__path"
#: The union that answers for an academy sees it wherever its host hangs in the tree.
OF_UNION = ("academy__supervising_union__path",)
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: A code stands in addresses, and has no case: it is kept in capitals.
CODE_PATTERN = r"[A-Z0-9][A-Z0-9._-]*"
CODE = re.compile(CODE_PATTERN)


def _derived(academy: Academy) -> dict[str, Any]:
    pinyin, initials = title_key(academy.name)
    body = academy.host or academy.supervising_union
    return {"organization": body, "name_pinyin": pinyin, "name_initials": initials}


def _brands(academy: Academy) -> dict[str, Any]:
    return {"brands": "；".join(academy.standing_brands())}


class Academy(models.Model):
    """A craftsman academy. ``organization`` is where its own people hold their roles:

    the host, or the supervising union where no host is on file.
    """

    ORGANIZATION_PATH = "organization__path"
    ALSO_SEEN_FROM = ("supervising_union__path",)
    VISIBLE_TO_ROLES = READERS
    #: On which days it is an academy.
    DAYS = Span("designated_on", "withdrawn_on")
    CORRECTABLE = Correctable(
        ("name", "tier", "host", "supervising_union", "designated_on", "withdrawn_on"),
        derived=_derived,
        besides=_brands,
    )

    class Tier(models.TextChoices):
        """The codes that the policies use for their tiers."""

        DEMONSTRATION = "demonstration", "首都示范性工匠学院"
        CAPITAL = "capital", "首都工匠学院"
        DISTRICT = "district", "区（产业）工匠学院"
        ENTERPRISE = "enterprise", "企业工匠学院"
        BASE = "base", "职工教育培训基地（学校、站点）"
        ONLINE = "online", "网上工匠学院"

    code = models.CharField("编码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=120)
    name_pinyin = models.CharField("拼音", max_length=240, blank=True, editable=False)
    name_initials = models.CharField("拼音首字母", max_length=80, blank=True, editable=False)
    tier = models.CharField("层级", max_length=20, choices=Tier)
    host = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_academies",
        verbose_name="举办单位",
    )
    supervising_union = models.ForeignKey(
        Organization, models.PROTECT, related_name="supervised_academies", verbose_name="主管工会"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", editable=False, verbose_name="所属组织"
    )
    designated_on = models.DateField("命名日期")
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "工匠学院"
        ordering = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    tier__in=[
                        "demonstration",
                        "capital",
                        "district",
                        "enterprise",
                        "base",
                        "online",
                    ]
                ),
                name="academy_tier_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(name=""),
                name="academy_has_code_and_name",
                violation_error_message="请填写编码和名称",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=f"^{CODE_PATTERN}$"),
                name="academy_code_can_stand_in_an_address",
                violation_error_message="编码应由字母、数字和“-”“_”“.”组成，以字母或数字开头",
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=False, organization=F("host"))
                | Q(host__isnull=True, organization=F("supervising_union")),
                name="academy_belongs_to_host_or_union",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("designated_on")),
                name="academy_withdrawn_after_designated",
                violation_error_message="撤销日期不能早于命名日期",
            ),
            models.CheckConstraint(
                condition=Q(
                    designated_on__year__gte=FIRST_YEAR, designated_on__year__lte=LAST_YEAR
                ),
                name="academy_designated_in_a_plausible_year",
                violation_error_message="命名日期应在2000至2100年之间",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tier", "designated_on"], name="academy_by_tier_and_day"),
        ]

    def __str__(self) -> str:
        return self.name

    def standing_brands(self) -> list[str]:
        """The brands in force, the oldest first."""
        rows = self.brands.filter(until__isnull=True).order_by("since", "pk")
        return list(rows.values_list("name", flat=True))

    def stood_in(self, year: int) -> bool:
        """Whether it was an academy at any time of that year."""
        return self.DAYS.holds(self, date(year, 1, 1), date(year, 12, 31))


class Brand(models.Model):
    """A specialty (特色专业或工种) that an academy is known for, for as long as it keeps it."""

    ORGANIZATION_PATH = OF_ACADEMY
    ALSO_SEEN_FROM = OF_UNION
    VISIBLE_TO_ROLES = READERS
    #: On which days the academy is known for it.
    DAYS = Span("since", "until")

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="brands", verbose_name="工匠学院"
    )
    name = models.CharField("特色专业（工种）", max_length=60)
    since = models.DateField("登记日期")
    until = models.DateField("终止日期", null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "特色品牌"
        ordering = ["academy", "since", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="brand_has_a_name",
                violation_error_message="请填写特色专业（工种）名称",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="brand_ends_after_it_begins",
                violation_error_message="终止日期不能早于登记日期",
            ),
            models.UniqueConstraint(
                fields=["academy", "name"],
                condition=Q(until__isnull=True),
                name="brand_once_at_a_time_per_academy",
                violation_error_message="该特色专业（工种）已登记",
            ),
        ]

    def __str__(self) -> str:
        return self.name
