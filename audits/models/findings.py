"""What an audit found: the fact, how much, what has to be put right and given back, until it is closed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models import Academy, Rectification
from audits.models.engagements import Engagement, by
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet
from subsidies.models import Entry
from subsidies.models.funds import NOTHING, READERS, money


class Finding(models.Model):
    """One finding (审计发现): issued, it demands to be put right, and the money to be given back.

    Whoever may read about the academy's money reads it, once it is issued. The rectification is that
    of the academies, so that nothing is paid while it is open; the money goes back through the ledger.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("engagement", "academy")
    ORGANIZATION_PATH = "engagement__organization__path"
    ALSO_SEEN_FROM = ("academy__organization__path", "academy__supervising_union__path")
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "finding_moves_on_record": "let a state move only with its record",
        "finding_begins_at_the_first_state": "let a finding begin as a draft",
        "finding_is_of_an_open_audit": "refuse a finding once the audit is reported",
        "finding_keeps_its_thread": "keep what was issued; take only its own rectification and entry;"
        " close it only when both are there",
    }

    class Kind(models.TextChoices):
        USE = "use", "超范围列支"
        FALSE = "false", "虚列、重复列支"
        VOUCHER = "voucher", "票据、凭证不合规"
        PROCEDURE = "procedure", "审批、采购程序不规范"
        ACCOUNTING = "accounting", "核算不规范、串户"
        IDLE = "idle", "资金闲置、进度滞后"
        OTHER = "other", "其他"

    class State(models.TextChoices):
        DRAFT = "draft", "草拟"
        ISSUED = "issued", "整改中"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤销"

    #: Nothing is left to do.
    DONE: ClassVar = frozenset({State.CLOSED, State.WITHDRAWN})
    #: What can be closed: put right, and paid back; the list and home ask for it alike.
    READY: ClassVar = (Q(refund=0) | Q(returned__isnull=False)) & Q(
        state=State.ISSUED, rectification__state=Rectification.State.CLOSED
    )
    #: What its academy says it gave back, and is not booked yet.
    UNRETURNED: ClassVar = Q(
        state=State.ISSUED,
        refund__gt=0,
        returned__isnull=True,
        rectification__proved_by__isnull=False,
    )
    #: What somebody holds was issued in error, and nobody decided yet.
    DOUBTED: ClassVar = Q(state=State.ISSUED, doubted_by__isnull=False)

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, related_name="findings", verbose_name="审计项目", db_index=False
    )
    number = models.SmallIntegerField("序号")
    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="findings", verbose_name="工匠学院"
    )
    kind = models.CharField("问题类型", max_length=12, choices=Kind)
    fact = models.CharField("事实", max_length=300)
    basis = models.CharField("定性依据", max_length=300)
    advice = models.CharField("处理意见", max_length=500)
    amount = money("涉及金额（元）", default=NOTHING)
    refund = money("应退回金额（元）", default=NOTHING)
    due_on = models.DateField("整改期限")
    state = models.CharField(
        "状态", max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    found_by = by("发现人", null=False, blank=False)
    issued_by = by("下达人")
    closed_by = by("办结人")
    #: Who holds that it was issued in error, and why; another decides.
    doubted_by = by("提出撤销人")
    doubt = models.CharField("撤销事由", max_length=300, blank=True, editable=False)
    rectification = models.OneToOneField(
        Rectification,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="audit_finding",
        verbose_name="整改事项",
    )
    returned = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="audit_finding",
        verbose_name="退回凭证",
        db_constraint=False,
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "审计发现"
        ordering = ["engagement", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["engagement", "number"], name="finding_numbered_once"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["use", "false", "voucher", "procedure", "accounting", "idle", "other"]
                ),
                name="finding_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(fact="") & ~Q(basis="") & ~Q(advice=""),
                name="finding_says_what_why_and_what_next",
                violation_error_message="请写明事实、定性依据和处理意见",
            ),
            models.CheckConstraint(
                condition=Q(refund__gte=0, amount__gte=F("refund")),
                name="finding_refunds_no_more_than_it_is_about",
                violation_error_message="应退回金额不能超过涉及金额",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", rectification__isnull=True)
                | Q(
                    state__in=["issued", "closed", "withdrawn"],
                    rectification__isnull=False,
                    issued_by__isnull=False,
                ),
                name="finding_issued_demands_rectification",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False),
                name="finding_closed_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | Q(doubted_by__isnull=False, closed_by__isnull=False, returned__isnull=True)
                & ~Q(doubt="")
                & ~Q(closed_by=F("doubted_by"))
                & ~Q(closed_by=F("issued_by")),
                name="finding_is_withdrawn_by_two",
                violation_error_message="撤销审计发现须由两人办理：一人提出，下达人、提出人以外的另一人决定",
            ),
            models.CheckConstraint(
                condition=~Q(closed_by=F("found_by")),
                name="finding_is_closed_by_another",
                violation_error_message="审计发现须由发现人以外的另一名经审人员办结",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.engagement.number}发现{self.number}"

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def is_owed(self) -> bool:
        """Whether money is to be given back that was not booked yet."""
        return bool(self.refund) and self.returned_id is None and self.state == self.State.ISSUED
