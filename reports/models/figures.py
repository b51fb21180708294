"""What a report says: one figure per target or standard and place, and the rows it counted."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from academies.models import Academy
from organizations.models import Organization
from organizations.rights import APPEND_ONLY
from organizations.scoping import ScopedQuerySet
from policies.rules.targets import Standing
from reports.models.reports import READERS, TargetReport


class Figure(models.Model):
    """A planned and an actual figure of one place, as they stood in the report's snapshot.

    ``organization`` says whose it is; a figure of an academy is its supervising union's and shows to
    the academy's own people too. Code and name of the place are kept as they were.
    """

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "organization__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "figure_is_sealed_insert": "refuse additions to figures of a sealed report",
        "figure_is_sealed_update": "refuse changes of a sealed report",
        "figure_is_sealed_delete": "refuse deletions of a sealed report",
        "figure_is_never_truncated": "refuse emptying the table",
    }
    ALSO_SEEN_FROM = ("academy__organization__path",)
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = Q(report__state="sealed", academy__isnull=True)

    class Kind(models.TextChoices):
        TARGET = "target", "目标"
        STANDARD = "standard", "建设标准"

    report = models.ForeignKey(
        TargetReport, models.PROTECT, related_name="figures", verbose_name="报告"
    )
    position = models.PositiveIntegerField("次序")
    kind = models.CharField("类别", max_length=10, choices=Kind)
    code = models.CharField("条目", max_length=80)
    standard = models.CharField("所属标准", max_length=120, blank=True)  # alternatives share one
    measure = models.CharField("指标", max_length=80)
    title = models.CharField("名称", max_length=200)
    unit = models.CharField("单位", max_length=20, blank=True)
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name="组织"
    )
    academy = models.ForeignKey(
        Academy, models.PROTECT, null=True, related_name="+", verbose_name="工匠学院"
    )
    place_code = models.CharField("编码", max_length=40)
    place_name = models.CharField("组织或学院", max_length=120)
    is_total = models.BooleanField("合计", default=False)
    period = models.CharField("期间", max_length=40, blank=True)
    planned = models.DecimalField("计划", max_digits=16, decimal_places=4, null=True)
    planned_most = models.DecimalField("计划上限", max_digits=16, decimal_places=4, null=True)
    tolerance = models.DecimalField("容差", max_digits=16, decimal_places=4, default=0)
    actual = models.DecimalField("实际", max_digits=16, decimal_places=4, null=True)
    standing = models.CharField("结论", max_length=20, choices=Standing)
    met = models.BooleanField("是否达到", null=True)
    note = models.TextField("说明", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "报告指标"
        ordering = ["report", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["target", "standard"]), name="figure_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["report", "position"], name="figure_once_per_place_in_report"
            ),
            models.UniqueConstraint(
                fields=["report", "kind", "measure", "place_code"],
                name="figure_once_per_measure_and_place",
            ),
            models.CheckConstraint(
                condition=Q(standing="met", met=True)
                | Q(standing__in=["short", "over"], met=False)
                | Q(
                    standing__in=["advised", "not-due", "no-data", "not-applicable"],
                    met__isnull=True,
                ),
                name="figure_is_met_as_it_stands",
            ),
            models.CheckConstraint(
                condition=~Q(standing="no-data") | Q(actual__isnull=True),
                name="figure_without_data_has_no_actual",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["academy", "report"], name="figure_by_academy"),
            models.Index(fields=["organization", "report"], name="figure_by_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.place_name}：{self.title}"


class FigureRows(models.Model):
    """The rows one figure counted, frozen: which ones, whom they are about, what they said.

    ``query`` and ``params`` are how they were found, so that the same question can be asked again.
    ``digest`` is taken over id, subject and said of each, as netstrings, in order of id.
    """

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "figure__organization__path"
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "figurerows_is_sealed_insert": "refuse additions to figures of a sealed report",
        "figurerows_is_sealed_update": "refuse changes of a sealed report",
        "figurerows_is_sealed_delete": "refuse deletions of a sealed report",
        "figurerows_is_never_truncated": "refuse emptying the table",
    }
    ALSO_SEEN_FROM = ("figure__academy__organization__path",)
    VISIBLE_TO_ROLES = READERS
    VISIBLE_FROM_BELOW = Q(figure__report__state="sealed", figure__academy__isnull=True)

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="rows", verbose_name="指标")
    position = models.PositiveSmallIntegerField("次序", default=0)
    part = models.CharField("部分", max_length=40, blank=True)
    query = models.CharField("查询", max_length=60)
    params = models.JSONField("查询条件", default=dict)
    ids = ArrayField(models.BigIntegerField(), verbose_name="行", default=list)
    subjects = ArrayField(models.BigIntegerField(null=True), verbose_name="所计对象", default=list)
    said = ArrayField(models.TextField(), verbose_name="当时内容", default=list)
    row_count = models.PositiveIntegerField("行数", default=0)
    distinct_count = models.PositiveIntegerField("去重数", default=0)
    digest = models.CharField("摘要值（SHA-256）", max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标依据"
        ordering = ["figure", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["figure", "position"], name="rows_once_per_part"),
            models.CheckConstraint(
                condition=Q(
                    ids__len=F("row_count"),
                    subjects__len=F("row_count"),
                    said__len=F("row_count"),
                    distinct_count__lte=F("row_count"),
                ),
                name="rows_are_as_many_as_they_say",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure}：{self.part or '依据'}"
