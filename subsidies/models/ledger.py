"""The ledger: accounts, entries that move money between two of them, and the postings they leave.

An entry is one row; the database does the rest (migration 0002): it refuses what the rules of the
money refuse, links the entry into its chain, moves both balances and writes both postings.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from academies.models import Academy
from organizations.rights import APPEND_ONLY, READ_ONLY, Rights
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import NOTHING, READERS, Fund, Line, money

ACADEMYS = ("academy__organization__path", "academy__supervising_union__path")


class Account(models.Model):
    """Money of one fund and line that stands at one place, for one academy or for the fund itself."""

    RIGHTS = Rights(update=False, delete=False)
    NAMED_WITH = ("fund", "academy")
    ORGANIZATION_PATH = "fund__organization__path"
    ALSO_SEEN_FROM = ACADEMYS
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "account_opens_empty": "open every account with nothing on it",
        "account_moves_by_entries": "let a balance move only with an entry, and nothing else change",
        "account_is_never_truncated": "refuse emptying the table",
    }

    class Kind(models.TextChoices):
        SOURCE = "source", "资金来源"
        BUDGET = "budget", "预算结余"
        RESERVED = "reserved", "已批待拨"
        HELD = "held", "专账余额"
        SPENT = "spent", "已列支"
        RETURNED = "returned", "已退回"
        PAID = "paid", "已付个人"

    fund = models.ForeignKey(Fund, models.PROTECT, related_name="accounts", verbose_name="专项资金")
    line = models.CharField("预算科目", max_length=10, choices=Line)
    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name="工匠学院",
    )
    kind = models.CharField("账户", max_length=10, choices=Kind)
    balance = money("余额（元）", default=NOTHING, editable=False)
    moved_at = models.DateTimeField("最近变动", null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "账户"
        ordering = ["fund", "line", "academy", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["fund", "line", "academy", "kind"],
                nulls_distinct=False,
                name="account_once_per_place",
            ),
            models.CheckConstraint(
                condition=Q(line__in=["academy", "award", "boost", "studio"]),
                name="account_line_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["source", "budget", "returned", "paid"], academy__isnull=True)
                | Q(kind__in=["held", "spent"], academy__isnull=False)
                | Q(kind="reserved"),
                name="account_kind_fits_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="source") | Q(balance__gte=0),
                name="account_is_never_overdrawn",
                violation_error_message="余额不足，不能办理",
            ),
        ]

    def __str__(self) -> str:
        whose = self.academy or self.fund.organization
        return f"{whose} {self.fund} {self.get_line_display()} {self.get_kind_display()}"


class Entry(models.Model):
    """A sum that moved from one account to another: by whom, confirmed by whom, and why.

    ``key`` names the act: the same act again is the same entry, whatever has happened since
    (``subsidies_post`` looks it up before any rule is asked).
    """

    RIGHTS = APPEND_ONLY
    ORGANIZATION_PATH = "giver__fund__organization__path"
    ALSO_SEEN_FROM = ACADEMYS
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "entry_obeys_and_is_chained": "refuse what the rules refuse; number, date and hash the rest",
        "entry_pays_no_account_on_hold": "pay nothing while a change of account waits for the call back",
        "entry_pays_the_subsidised": "reserve and pay a subsidy only to whom the policy's evaluation lets have it",
        "entry_spares_closed_funds": "move no money of a closed fund, but what comes back",
        "entry_spares_settled_years": "move no money of an academy's settled year, but what comes back",
        "entry_spends_of_an_approval": "spend, and carry into a year, only what a grant was approved for",
        "entry_waits_for_the_refund": "leave an expense of which an audit wants money back to that refund",
        "entry_of_a_finding_is_found": "take back as found by an audit only what an issued finding names",
        "entry_moves_balances": "move both balances and write both postings",
        "entry_balances": "prove at the end of the transaction that debit equals credit",
        "entry_is_append_only": "refuse every change and deletion",
        "entry_is_never_truncated": "refuse emptying the table",
    }

    class Kind(models.TextChoices):
        """What moves from where to where; the pairs of accounts stand in migration 0002."""

        APPROPRIATE = "appropriate", "安排预算"
        WITHHOLD = "withhold", "调减预算"
        OPENING = "opening", "补录拨款"
        RESERVE = "reserve", "批复预占"
        RELEASE = "release", "释放预占"
        PAY = "pay", "拨付"
        RECEIVE = "receive", "收到配套"
        SPEND = "spend", "支出"
        RETURN = "return", "退回结余"
        CARRY = "carry", "结转下年"
        DISBURSE = "disburse", "付给个人"
        RED = "red", "红字冲销"

    class Reason(models.TextChoices):
        """Why an entry was taken back by a red one."""

        MISTYPED = "mistyped", "录入有误"
        DUPLICATE = "duplicate", "重复入账"
        INVOICE = "invoice", "发票作废或红冲"
        RETURNED = "returned", "银行退票"
        FINDING = "finding", "审计认定"
        WITHDRAWN = "withdrawn", "批次撤销"

    chain = models.CharField("链", max_length=60, editable=False)
    sequence = models.BigIntegerField("序号", default=0, editable=False)
    kind = models.CharField("业务", max_length=12, choices=Kind)
    key = models.CharField("业务编号", max_length=120, unique=True)
    giver = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        verbose_name="转出账户",
        db_index=False,
        db_constraint=False,  # the trigger knows both, and they are never deleted
    )
    taker = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        verbose_name="转入账户",
        db_index=False,
        db_constraint=False,
    )
    academy = models.ForeignKey(
        Academy,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="工匠学院",
        db_constraint=False,
    )
    amount = money("金额（元）")
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
        verbose_name="冲销的凭证",
        db_constraint=False,
    )
    reason = models.CharField("冲销原因", max_length=10, choices=Reason, blank=True)
    booked_on = models.DateField("业务日期")
    note = models.CharField("摘要", max_length=200, blank=True)
    #: Digest of the papers it was booked from, so that they stand in the chain with it.
    evidence = models.CharField("依据摘要值", max_length=64, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="制单人",
        db_index=False,
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="复核人",
        db_index=False,
    )
    at = models.DateTimeField("记账时间", db_default=Now(), editable=False)
    previous_hash = models.BinaryField("前一条哈希", default=b"", editable=False)
    hash = models.BinaryField("哈希", default=b"", editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "记账凭证"
        ordering = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="entry_once_in_its_chain"),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="entry_is_some_money",
                violation_error_message="金额应大于零",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, reason="") & ~Q(kind="red")
                | Q(reverses__isnull=False, kind="red") & ~Q(reason=""),
                name="entry_red_says_what_and_why",
                violation_error_message="红字凭证须指明被冲销的凭证和原因",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("made_by")),
                name="entry_is_confirmed_by_another",
                violation_error_message="制单人不能复核自己的凭证，请由另一人复核",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "receive", "spend", "red"])
                | Q(approved_by__isnull=False),
                name="entry_of_public_money_takes_two",
                violation_error_message="该项业务须由另一人复核后记账",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount:,.2f}元"

    @property
    def digest(self) -> str:
        """Its link in the chain, as it is printed and compared."""
        return bytes(self.hash).hex()


class Posting(models.Model):
    """One side of an entry on one account, with the balance after it; written by a trigger alone."""

    RIGHTS = READ_ONLY
    ORGANIZATION_PATH = "account__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"account__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "posting_comes_with_its_entry": "refuse postings that no entry writes",
        "posting_is_append_only": "refuse every change and deletion",
        "posting_is_never_truncated": "refuse emptying the table",
    }

    pk = models.CompositePrimaryKey("entry_id", "account_id")
    entry = models.ForeignKey(
        Entry,
        models.PROTECT,
        related_name="postings",
        verbose_name="记账凭证",
        db_index=False,
        db_constraint=False,
    )
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="postings",
        verbose_name="账户",
        db_index=False,
        db_constraint=False,
    )
    amount = money("金额（元）")
    balance = money("余额（元）")
    at = models.DateTimeField("记账时间")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "分录"
        ordering = ["account", "at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "at"], name="posting_one_after_the_other"),
        ]

    def __str__(self) -> str:
        return f"{self.amount:+,.2f}元"
