"""The annual quota report of a policy: asked for, drawn up from one snapshot, sealed for good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from organizations.models import Organization, account_field
from organizations.rights import KEPT
from organizations.roles import STAFF_AND_OVERSIGHT, Role
from organizations.scoping import ScopedQuerySet
from policies.models import PolicyEdition

READERS = STAFF_AND_OVERSIGHT | {Role.ACADEMY_MANAGER}
FIRST_YEAR, LAST_YEAR = 2000, 2100


class TargetReport(models.Model):
    """One edition of one report. Once sealed, the database refuses any change to it (JX005).

    What the seal is taken over is kept as text beside the references: names and codes may change.
    Unions below read a sealed report too: the totals, and the figures of their own.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("policy_edition",)
    ORGANIZATION_PATH = "organization__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "report_moves_on_record": "refuse a move of the state without its record",
        "report_begins_at_the_first_state": "refuse a new one in a later state",
        "report_is_sealed": "refuse every change once sealed",
        "report_is_never_truncated": "refuse emptying the table",
    }
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = Q(state="sealed")

    class State(models.TextChoices):
        DRAFT = "draft", "编制中"
        SEALED = "sealed", "已封存"

    policy = models.CharField("政策编码", max_length=80)
    policy_edition = models.ForeignKey(
        PolicyEdition, models.PROTECT, related_name="+", verbose_name="政策版本"
    )
    year = models.PositiveSmallIntegerField("年度")
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="统计范围"
    )
    place_code = models.CharField("统计范围编码", max_length=40, editable=False)
    place_name = models.CharField("统计范围名称", max_length=120, editable=False)
    edition_no = models.PositiveSmallIntegerField("报告版次", default=1)
    reason = models.CharField("重新编制事由", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    requested_by = account_field("发起人")
    requested_at = models.DateTimeField("发起时间", auto_now_add=True)
    data_as_of = models.DateTimeField("数据截至", null=True, editable=False)
    figure_count = models.PositiveIntegerField("指标数", default=0, editable=False)
    sealed_at = models.DateTimeField("封存时间", null=True, editable=False)
    sealed_by = account_field("封存人", is_later=True, editable=False)
    signed_as = models.CharField("封存署名", max_length=220, blank=True, editable=False)
    sha256 = models.CharField("封存哈希（SHA-256）", max_length=64, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "年度名额报告"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["policy", "year", "organization", "edition_no"],
                name="report_once_per_edition",
                violation_error_message="该报告的这一版次已存在",
            ),
            models.UniqueConstraint(
                fields=["policy", "year", "organization"],
                condition=Q(state="draft"),
                name="report_drawn_up_once_at_a_time",
                violation_error_message="同一报告正在编制，请等它完成",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="draft", sha256="", sealed_at__isnull=True, sealed_by__isnull=True
                )
                | Q(
                    state="sealed",
                    sha256__regex=r"^[0-9a-f]{64}$",
                    sealed_at__isnull=False,
                    sealed_by__isnull=False,
                    data_as_of__isnull=False,
                )
                & ~Q(signed_as=""),
                name="report_sealed_iff_hashed_and_signed",
            ),
            models.CheckConstraint(
                condition=Q(edition_no=1) | (Q(edition_no__gt=1) & ~Q(reason="")),
                name="report_issued_again_says_why",
                violation_error_message="重新编制须写明事由",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR),
                name="report_year_is_plausible",
                violation_error_message="年度应在2000至2100之间",
            ),
        ]

    def __str__(self) -> str:
        again = f"（第{self.edition_no}版）" if self.edition_no > 1 else ""
        return f"{self.place_name}{self.year}年度名额报告：{self.policy_edition.title}{again}"

    @property
    def is_sealed(self) -> bool:
        return self.state == self.State.SEALED

    @property
    def heading(self) -> str:
        return f"{self.place_name}{self.year}年度名额报告"
