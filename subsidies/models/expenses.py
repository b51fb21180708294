"""What an academy spent: one line of its separate account, with invoice, voucher and use."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from academies.models import Academy, TrainingClass
from intake.models import brought_by
from organizations.rights import APPEND_ONLY, Rights
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import READERS, Fund, money
from subsidies.models.ledger import ACADEMYS, Entry
from workflow.models import Attachment

#: An invoice as it counts once in the whole system, however it was typed: full-width signs folded,
#: only letters and digits kept. An electronic one (20 digits) has no code; an older one is told apart
#: by code and number.
INVOICE_KEY = models.Func(
    "invoice_code",
    "invoice_number",
    function="subsidies_invoice_key",
    output_field=models.CharField(max_length=120),
)

#: How the entry is keyed by which an audit left the rest of an expense standing: then its red entry.
LEFT_BY_AUDIT = "rest:"


class Expense(models.Model):
    """One expense. It is never changed: what was wrong is taken back by a red entry."""

    RIGHTS = Rights(update=("red_id",), delete=False)
    NAMED_WITH = ("academy", "fund")
    ORGANIZATION_PATH = "fund__organization__path"
    ALSO_SEEN_FROM = ACADEMYS
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "expense_of_open_use_is_approved": "let nothing go to an open use beyond an item approved for it",
        "expense_is_not_disallowed": "refuse an invoice that an audit took off the books",
        "expense_is_what_was_booked": "let an expense stand only with the entry that booked it",
        "expense_stays": "refuse deletion, and every change but its red entry",
        "expense_is_never_truncated": "refuse emptying the table",
    }

    # What the entry says of these three the trigger compares; accounts refer to the same rows.
    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        related_name="expenses",
        verbose_name="工匠学院",
        db_index=False,
        db_constraint=False,
    )
    fund = models.ForeignKey(
        Fund,
        models.PROTECT,
        related_name="expenses",
        verbose_name="专项资金",
        db_constraint=False,
    )
    spent_on = models.DateField("日期")
    project = models.CharField("项目", max_length=60, blank=True)
    use = models.CharField("用途代码", max_length=40)
    use_title = models.CharField("用途类别", max_length=60)
    summary = models.CharField("摘要", max_length=200, blank=True)
    payee = models.CharField("收款单位", max_length=120)
    invoice_code = models.CharField("发票代码", max_length=40, blank=True)
    invoice_number = models.CharField("发票号码", max_length=60)
    invoice_key = models.GeneratedField(
        expression=INVOICE_KEY,
        output_field=models.CharField("发票", max_length=120),
        db_persist=True,
    )
    amount = money("金额（元）")
    voucher = models.CharField("凭证号", max_length=40)
    training_class = models.ForeignKey(
        TrainingClass,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="expenses",
        verbose_name="培训班",
    )
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        editable=False,
        related_name="expense",
        verbose_name="记账凭证",
        db_constraint=False,
    )
    red = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="withdrawn_expense",
        verbose_name="红字凭证",
        db_constraint=False,
    )
    batch = brought_by()
    batch_line = models.PositiveIntegerField("表格行", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "支出"
        ordering = ["academy", "fund", "spent_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice_key"],
                condition=Q(red__isnull=True),
                name="duplicate_invoice",
                violation_error_message="该发票已经报销过，全市范围内一张发票只能列支一次",
            ),
            models.UniqueConstraint(
                fields=["academy", "fund", "voucher"],
                condition=Q(red__isnull=True),
                name="duplicate_voucher",
                violation_error_message="该凭证号在本年度专账中已登记",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="expense_is_some_money",
                violation_error_message="支出金额应大于零",
            ),
            models.CheckConstraint(
                condition=~Q(invoice_key="") & ~Q(payee="") & ~Q(voucher="") & ~Q(use=""),
                name="expense_says_what_for",
                violation_error_message="请填写用途、收款单位、发票号码和凭证号",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["academy", "fund", "spent_on"], name="expense_by_academy_and_day"),
            models.Index(
                fields=["invoice_key"],
                condition=Q(red__isnull=False),
                name="expense_taken_back_by_invoice",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.spent_on} {self.use_title} {self.amount:,.2f}元"

    @property
    def is_left_by_audit(self) -> bool:
        """Whether an audit took part of it back, and this is what stands."""
        return self.entry.key.startswith(LEFT_BY_AUDIT)


class Evidence(models.Model):
    """The original of an expense as it was scanned, kept beside its figures; added, never changed."""

    RIGHTS = APPEND_ONLY
    NAMED_WITH = ("expense",)
    ORGANIZATION_PATH = "expense__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"expense__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "evidence_is_used_once": "refuse a file that already proves another standing expense, or one"
        " that an audit took off the books",
    }

    class Kind(models.TextChoices):
        INVOICE = "invoice", "发票"
        ELECTRONIC = "electronic", "电子发票"
        VOUCHER = "voucher", "记账凭证"
        CONTRACT = "contract", "合同、审批单"
        ROSTER = "roster", "签到、验收"
        OTHER = "other", "其他"

    expense = models.ForeignKey(
        Expense, models.PROTECT, related_name="evidence", verbose_name="支出", db_index=False
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="+", verbose_name="附件"
    )
    kind = models.CharField("种类", max_length=10, choices=Kind)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    #: What an electronic invoice says of itself, and whether that is what was typed.
    said = models.CharField("文件所载", max_length=500, blank=True, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间", auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "凭证原件"
        ordering = ["expense", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["expense", "sha256"],
                name="evidence_once_per_expense",
                violation_error_message="这份文件已附在这笔支出上",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["invoice", "electronic", "voucher", "contract", "roster", "other"]
                ),
                name="evidence_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.expense.voucher}{self.get_kind_display()}"

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it in its place."""
        return self.attachment.kind in {Attachment.Kind.JPEG, Attachment.Kind.PNG}
