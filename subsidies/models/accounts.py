"""Where an academy's money goes: bank accounts, on hold until somebody called back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F, Q

from academies.models import Academy
from organizations.rights import Rights
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import READERS
from subsidies.models.grants import by
from subsidies.models.ledger import ACADEMYS

if TYPE_CHECKING:
    from django.db.models import QuerySet


class PayeeAccount(models.Model):
    """A bank account that an academy says it is paid to.

    On hold until somebody else has called the academy back on a number known before; while one is on
    hold the academy is paid nothing. The number is kept encrypted and shown by its last digits.
    """

    RIGHTS = Rights(update=("state", "called_by_id", "called_to", "called_at"), delete=False)
    NAMED_WITH = ("academy",)
    ORGANIZATION_PATH = ACADEMYS[0]
    ALSO_SEEN_FROM = ACADEMYS[1:]
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "payee_account_moves_on_record": "let a state move only with its record",
        "payee_account_begins_at_the_first_state": "let an account begin on hold",
    }

    class State(models.TextChoices):
        HELD = "held", "待回访确认"
        CONFIRMED = "confirmed", "已确认"
        REPLACED = "replaced", "已停用"
        REFUSED = "refused", "不予确认"

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="payee_accounts", verbose_name="工匠学院"
    )
    holder = models.CharField("户名", max_length=120)
    bank = models.CharField("开户行", max_length=60)
    account_cipher = models.BinaryField("账号密文")
    account_mask = models.CharField("收款账号（掩码）", max_length=40)
    #: Of the number alone; by it one account of two is seen, and nothing is told. None: filed before.
    account_digest = models.BinaryField("账号摘要", max_length=32, null=True, editable=False)
    reason = models.CharField("设立或变更原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State, default=State.HELD)
    filed_by = by("填报人")
    filed_at = models.DateTimeField("填报时间", auto_now_add=True)
    called_by = by("回访人")
    called_to = models.CharField("接听人及电话", max_length=120, blank=True)
    called_at = models.DateTimeField("回访时间", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "学院收款账户"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy"],
                condition=Q(state="held"),
                name="payee_account_one_on_hold",
                violation_error_message="该学院已有一个账户待回访确认，确认或退回之后才能再改",
            ),
            models.UniqueConstraint(
                fields=["academy"],
                condition=Q(state="confirmed"),
                name="payee_account_one_in_use",
                violation_error_message="该学院已有在用的收款账户",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "confirmed", "replaced", "refused"]),
                name="payee_account_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(holder="") & ~Q(bank="") & ~Q(account_mask="") & ~Q(reason=""),
                name="payee_account_says_whose_and_why",
                violation_error_message="请填写户名、开户行、账号和设立或变更的原因",
            ),
            models.CheckConstraint(
                condition=Q(state="held", called_by__isnull=True)
                | ~Q(state="held")
                & Q(called_by__isnull=False, called_at__isnull=False)
                & ~Q(called_to=""),
                name="payee_account_decided_says_who_was_called",
                violation_error_message="请填写回访的接听人和电话",
            ),
            models.CheckConstraint(
                condition=Q(filed_by__isnull=False) & ~Q(filed_by=F("called_by")),
                name="payee_account_is_called_back_by_another",
                violation_error_message="填报账户的人不能自己确认，请由另一位财务人员回访",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.academy}收款账户（{self.account_mask[-4:]}）"

    @classmethod
    def not_compared(cls) -> QuerySet[Any]:
        """Filed before accounts were compared, and not digested since; of everybody's."""
        return cls.objects.filter(account_digest__isnull=True)
