"""What goes to the bank: a list of transfers, drawn up by one and signed by another."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from intake.models import brought_by
from organizations.rights import KEPT, Rights
from organizations.roles import STAFF_AND_OVERSIGHT
from organizations.scoping import ScopedQuerySet
from subsidies.models.claims import Claim
from subsidies.models.funds import Fund, Line, money
from subsidies.models.grants import Payment, by
from subsidies.models.ledger import Entry


class Payout(models.Model):
    """Transfers from one line of one fund that go to the bank in one file.

    ``digest`` is the SHA-256 of that file as it was signed; the file is made anew from the transfers
    whenever it is fetched and must come out the same.
    """

    RIGHTS = KEPT
    NAMED_WITH = ("fund",)
    ORGANIZATION_PATH = "fund__organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "payout_moves_on_record": "let a state move only with its record",
        "payout_begins_at_the_first_state": "let a list begin as drawn up",
        "payout_takes_other_people": "let nobody sign who had a hand in what is paid",
    }

    class State(models.TextChoices):
        DRAWN = "drawn", "待复核"
        SIGNED = "signed", "已复核"
        CANCELLED = "cancelled", "已作废"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="payouts", verbose_name="专项资金")
    line = models.CharField("预算科目", max_length=10, choices=Line)
    number = models.CharField("清单编号", max_length=40, unique=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAWN)
    drawn_by = by("制单人")
    signed_by = by("复核人")
    digest = models.CharField("银行文件摘要值（SHA-256）", max_length=64, blank=True)
    drawn_at = models.DateTimeField("制单时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "付款清单"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(line__in=["academy", "award", "boost", "studio"]),
                name="payout_line_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "signed", "cancelled"]),
                name="payout_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(drawn_by__isnull=False) & ~Q(drawn_by=F("signed_by")),
                name="payout_is_signed_by_another",
                violation_error_message="制单人不能复核自己的付款清单",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed")
                | Q(signed_by__isnull=False, digest__regex=r"^[0-9a-f]{64}$"),
                name="payout_signed_says_by_whom_and_what",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Transfer(models.Model):
    """One line of a list: to whom, how much, and what the bank made of it."""

    RIGHTS = Rights(
        update=("entry_id", "receipt", "returned", "answered_by_id", "batch_id", "batch_line"),
        delete=False,
    )
    TELLS_OF_PERSONS = True
    NAMED_WITH = ("payout",)
    ORGANIZATION_PATH = "payout__fund__organization__path"
    VISIBLE_TO_ROLES = STAFF_AND_OVERSIGHT
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "transfer_takes_other_people": "let nobody draw up who had a hand in what is paid",
        "transfer_goes_where_it_was_confirmed": "pay an academy to its confirmed account only",
        "transfer_is_what_was_booked": "let a transfer name only the entry that paid it",
        "transfer_answer_takes_another": "have a receipt taken back, or turned into a return, by another",
    }

    payout = models.ForeignKey(
        Payout, models.PROTECT, related_name="transfers", verbose_name="付款清单", db_index=False
    )
    position = models.PositiveIntegerField("序号")
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name="个人申领",
    )
    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transfers",
        verbose_name="拨款",
    )
    payee = models.CharField("收款人", max_length=120)
    bank = models.CharField("开户行", max_length=60)
    account_cipher = models.BinaryField("账号密文")
    account_mask = models.CharField("收款账号（掩码）", max_length=40)
    amount = money("金额（元）")
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="transfer",
        verbose_name="记账凭证",
        db_constraint=False,
    )
    receipt = models.CharField("银行回单号", max_length=60, blank=True)
    returned = models.CharField("退票原因", max_length=120, blank=True)
    #: Who entered the receipt or the return, or took the receipt back.
    answered_by = by("银行结果登记人")
    batch = brought_by("回单批次")
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "付款明细"
        ordering = ["payout", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payout", "position"], name="transfer_once_per_place"),
            models.UniqueConstraint(fields=["payout", "claim"], name="transfer_once_per_claim"),
            models.UniqueConstraint(fields=["payout", "payment"], name="transfer_once_per_payment"),
            models.CheckConstraint(
                condition=Q(claim__isnull=True, payment__isnull=False)
                | Q(claim__isnull=False, payment__isnull=True),
                name="transfer_pays_a_claim_or_a_payment",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(payee="") & ~Q(bank="") & ~Q(account_mask=""),
                name="transfer_is_some_money_to_somebody",
                violation_error_message="付款明细须写明收款人、开户行、账号和金额",
            ),
            models.CheckConstraint(
                condition=Q(receipt="", returned="") | Q(entry__isnull=False),
                name="transfer_answered_was_paid",
                violation_error_message="尚未复核付款，不能登记银行回单或退票",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payee} {self.amount:,.2f}元"

    @property
    def matter(self) -> str:
        """What it is paid for, as lists and papers say it."""
        if self.claim is not None:
            return self.claim.title
        return f"{self.payment.grant.fund}第{self.payment.position}期" if self.payment else ""

    @property
    def reference(self) -> str:
        """What the bank writes back for this line."""
        return f"{self.payout.number}-{self.position:04}"
