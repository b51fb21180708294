"""A working paper: what was looked at of one expense, and what was found."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from audits.models.engagements import AUDITORS, Engagement, Sample, by
from audits.models.findings import Finding
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet
from subsidies.models import Expense


class Mark(models.TextChoices):
    """Tick-marks: what was compared with what, and agreed."""

    INVOICE = "invoice", "√ 发票号码、金额与登记相符"
    PAYEE = "payee", "∧ 收款单位与发票、合同一致"
    LEDGER = "ledger", "Σ 与专账、记账凭证核对一致"
    USE = "use", "※ 用途在规定范围之内"
    CLASS = "class", "◎ 与培训班、签到等资料印证"
    APPROVAL = "approval", "△ 报销审批手续齐全"
    RECALCULATED = "recalculated", "＋ 数量、单价、金额重新计算无误"


class Paper(models.Model):
    """One expense in an audit (底稿): drawn by a sample or chosen, looked at by one, reviewed by another."""

    RIGHTS = KEPT
    NAMED_WITH = ("engagement", "expense")
    ORGANIZATION_PATH = "engagement__organization__path"
    VISIBLE_TO_ROLES = AUDITORS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "paper_moves_on_record": "let a state move only with its record",
        "paper_begins_at_the_first_state": "let a paper begin as one to be done",
        "paper_is_of_an_open_audit": "refuse a paper once the audit is reported, or of another fund",
        "paper_stays_as_reviewed": "keep what was reviewed, until it is given back",
    }

    class State(models.TextChoices):
        PLANNED = "planned", "待查"
        DONE = "done", "待复核"
        REVIEWED = "reviewed", "已复核"

    #: On what a finding may rest: a voucher proves one finding that stands.
    FREE: ClassVar = Q(finding__isnull=True) | Q(finding__state=Finding.State.WITHDRAWN)

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, related_name="papers", verbose_name="审计项目", db_index=False
    )
    sample = models.ForeignKey(
        Sample,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="审计抽样",
    )
    expense = models.ForeignKey(Expense, models.PROTECT, related_name="papers", verbose_name="支出")
    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="papers",
        verbose_name="审计发现",
    )
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.PLANNED, editable=False
    )
    marks = ArrayField(
        models.CharField(max_length=12, choices=Mark),
        verbose_name="核对标记",
        default=list,
        blank=True,
    )
    seen = models.CharField("查证情况", max_length=1000, blank=True)
    prepared_by = by("编制人")
    prepared_at = models.DateTimeField("编制时间", null=True, blank=True, editable=False)
    reviewed_by = by("复核人")
    opinion = models.CharField("复核意见", max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计底稿"
        ordering = ["engagement", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engagement", "expense"],
                name="paper_once_per_expense",
                violation_error_message="这笔支出在本项目中已有底稿",
            ),
            models.CheckConstraint(
                condition=Q(
                    marks__contained_by=[
                        "invoice", "payee", "ledger", "use", "class", "approval", "recalculated",
                    ]
                ),
                name="paper_marks_are_known",
            ),
            models.CheckConstraint(
                condition=Q(state="planned")
                | Q(state__in=["done", "reviewed"], prepared_by__isnull=False, prepared_at__isnull=False)
                & ~Q(seen=""),
                name="paper_done_says_what_was_seen",
                violation_error_message="请写明查证情况",
            ),
            models.CheckConstraint(
                condition=~Q(state="reviewed") | Q(reviewed_by__isnull=False),
                name="paper_reviewed_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("prepared_by")),
                name="paper_is_reviewed_by_another",
                violation_error_message="底稿须由编制人以外的另一名经审人员复核",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"底稿{self.pk}"

    @property
    def mark_words(self) -> list[str]:
        return [Mark(code).label for code in self.marks]
