"""An audit of one fund, and the samples drawn from what was spent of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from academies.models import Academy
from organizations.models import Organization
from organizations.rights import APPEND_ONLY, KEPT
from organizations.roles import Role
from organizations.scoping import ScopedQuerySet
from subsidies.models import Fund
from subsidies.models.funds import money

#: Plans and working papers are the auditors' own.
AUDITORS = frozenset({Role.AUDITOR})


def by(name: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """Who of the auditors did one step."""
    options = {"null": True, "blank": True} | options
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="+",
        db_index=False,
        verbose_name=name,
        **options,
    )


class Engagement(models.Model):
    """One audit (审计项目) of a fund, that is of one body, year and source, and of all who spent of it."""

    RIGHTS = KEPT
    NAMED_WITH = ("fund",)
    ORGANIZATION_PATH = "organization__path"
    VISIBLE_TO_ROLES = AUDITORS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "engagement_moves_on_record": "let a state move only with its record",
        "engagement_begins_at_the_first_state": "let an audit begin as one under way",
    }

    class State(models.TextChoices):
        OPEN = "open", "实施中"
        REPORTED = "reported", "已出报告"
        CLOSED = "closed", "已归档"

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="审计单位"
    )
    fund = models.ForeignKey(
        Fund, models.PROTECT, related_name="engagements", verbose_name="专项资金"
    )
    number = models.CharField("审计文号", max_length=60)
    title = models.CharField("项目名称", max_length=120)
    scope = models.CharField("审计目标与范围", max_length=500, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.OPEN, editable=False
    )
    led_by = by("主审", null=False, blank=False)
    opened_at = models.DateTimeField("立项时间", auto_now_add=True)
    conclusion = models.TextField("审计结论", max_length=2000, blank=True)
    reported_by = by("报告人")
    reported_at = models.DateTimeField("报告时间", null=True, blank=True, editable=False)
    closed_by = by("归档人")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计项目"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="engagement_numbered_once",
                violation_error_message="该审计文号已经使用，请核对",
            ),
            models.CheckConstraint(
                condition=~Q(number="") & ~Q(title=""),
                name="engagement_has_number_and_title",
                violation_error_message="请填写审计文号和项目名称",
            ),
            models.CheckConstraint(
                condition=Q(state="open")
                | Q(
                    state__in=["reported", "closed"],
                    reported_by__isnull=False,
                    reported_at__isnull=False,
                )
                & ~Q(conclusion=""),
                name="engagement_reported_says_what_and_by_whom",
                violation_error_message="出具报告须写明审计结论",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False),
                name="engagement_closed_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(closed_by=F("reported_by")),
                name="engagement_is_closed_by_another",
                violation_error_message="审计项目须由报告人以外的另一名经审人员归档",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Sample(models.Model):
    """One draw (抽样): seed and population are kept, so that anybody can draw the same again.

    The population is what stood of the fund's expenses when entry ``as_of`` was the ledger's last.
    """

    RIGHTS = APPEND_ONLY
    NAMED_WITH = ("engagement", "academy")
    ORGANIZATION_PATH = "engagement__organization__path"
    VISIBLE_TO_ROLES = AUDITORS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "sample_is_of_an_open_audit": "refuse a draw once the audit is reported",
    }

    class Method(models.TextChoices):
        RANDOM = "random", "随机抽样"
        MONETARY = "monetary", "货币单元抽样"

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, related_name="samples", verbose_name="审计项目"
    )
    academy = models.ForeignKey(
        Academy, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="工匠学院"
    )
    method = models.CharField("抽样方法", max_length=10, choices=Method)
    size = models.PositiveIntegerField("样本量")
    seed = models.CharField("随机种子", max_length=64)
    #: Which expenses it was drawn from, by number: a voucher of a lower number than ``as_of`` may be
    #: committed later. Empty for samples drawn before they were kept.
    numbers = ArrayField(
        models.BigIntegerField(), verbose_name="总体各笔", default=list, editable=False
    )
    as_of = models.BigIntegerField("截至凭证")
    population = models.PositiveIntegerField("总体笔数")
    total = money("总体金额（元）")
    digest = models.CharField("总体摘要值", max_length=64)
    drawn_by = by("抽样人", null=False, blank=False)
    drawn_at = models.DateTimeField("抽样时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计抽样"
        ordering = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(method__in=["random", "monetary"]), name="sample_method_is_known"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0, population__gt=0, total__gt=0) & ~Q(seed=""),
                name="sample_is_drawn_from_something_by_a_seed",
                violation_error_message="样本量应大于零，总体不能为空，并须有随机种子",
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="sample_digest_shape"
            ),
            models.CheckConstraint(
                condition=Q(numbers__len=0) | Q(numbers__len=F("population")),
                name="sample_keeps_what_it_was_drawn_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_method_display()}{self.size}笔"
