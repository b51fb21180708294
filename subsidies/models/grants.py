"""What an academy asks for and gets: the grant, and the instalments in which it is paid."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from academies.models import Academy
from organizations.rights import KEPT
from organizations.scoping import ScopedQuerySet
from subsidies.models.funds import READERS, Fund, money
from subsidies.models.ledger import ACADEMYS, Entry
from workflow.corrections import Correctable


def by(name: str) -> models.ForeignKey[Any, Any]:
    """Who did one step of several that different people do."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=name,
    )


class Grant(models.Model):
    """A yearly subsidy of one academy from one fund, from the application to the last instalment."""

    RIGHTS = KEPT
    NAMED_WITH = ("academy", "fund")
    ORGANIZATION_PATH = "fund__organization__path"
    ALSO_SEEN_FROM = ACADEMYS
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "grant_moves_on_record": "let a state move only with its record",
        "grant_begins_at_the_first_state": "let a grant begin as a draft",
        "grant_keeps_to_its_share": "approve no more than the signed allocation gives",
        "grant_is_of_an_open_fund": "let none begin or move on in a fund whose books are closed",
        "grant_taken_back_leaves_nothing": "take back or refuse none with money on its accounts or spent",
        "grant_matches_its_lead": "let a grant match only one of its academy and year from another source",
    }

    CORRECTABLE = Correctable(
        ("applied", "purpose", "brand", "audience", "headcount", "days", "hours"),
        organization="academy.organization",
    )

    class State(models.TextChoices):
        DRAFT = "draft", "草拟"
        SUBMITTED = "submitted", "已申报"
        ENDORSED = "endorsed", "已审核"
        APPROVED = "approved", "已批复"
        PAID = "paid", "已拨付"
        SETTLED = "settled", "已决算"
        REFUSED = "refused", "不予批复"

    class Audience(models.TextChoices):
        """Whom the training is open to; the policy names those who have to be (``names``)."""

        CITY = "city", "全市职工"
        TRADE = "trade", "本行业（系统）职工"
        UNIT = "unit", "本单位职工"

    academy = models.ForeignKey(
        Academy, models.PROTECT, related_name="grants", verbose_name="工匠学院"
    )
    fund = models.ForeignKey(Fund, models.PROTECT, related_name="grants", verbose_name="专项资金")
    #: Matching money that is asked for in one application: the grant it adds to. Each has a fund, a
    #: budget, an approval, payments and a place in the ledger of its own.
    lead = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="parts",
        verbose_name="配套于",
    )
    number = models.CharField("补助编号", max_length=60, unique=True, editable=False)
    applied = money("申请金额（元）")
    approved = money("批复金额（元）", null=True, blank=True)
    purpose = models.TextField("项目与用途", blank=True)
    brand = models.CharField("特色品牌", max_length=60, blank=True)
    audience = models.CharField(
        "培训对象", max_length=10, choices=Audience, blank=True, default="", db_default=""
    )
    headcount = models.PositiveIntegerField("面向职工（人）", null=True, blank=True)
    days = models.PositiveIntegerField("培训天数", null=True, blank=True)
    hours = models.PositiveIntegerField("培训学时", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT)
    applied_by = by("申报人")
    endorsed_by = by("审核人")
    opinion = models.TextField("审核意见", blank=True)
    approved_by = by("批复人")
    decision = models.CharField("批复文号", max_length=60, blank=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    edited_at = models.DateTimeField("更正时间", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助"
        ordering = ["-fund__year", "academy", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["academy", "fund"],
                condition=~Q(state="refused"),
                name="grant_once_per_academy_and_fund",
                violation_error_message="该学院本年度已有同一来源的补助，不能重复申报",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "draft", "submitted", "endorsed", "approved", "paid", "settled", "refused",
                    ]
                ),
                name="grant_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=["", "city", "trade", "unit"]),
                name="grant_audience_is_known",
            ),
            models.CheckConstraint(
                condition=Q(applied__gt=0),
                name="grant_asks_for_some_money",
                violation_error_message="申请金额应大于零",
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True)
                | Q(approved__gt=0, approved__lte=F("applied")),
                name="grant_gives_no_more_than_asked",
                violation_error_message="批复金额应大于零，且不超过申请金额",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid", "settled"]) | Q(approved__isnull=False),
                name="grant_approved_says_how_much",
            ),
            models.CheckConstraint(
                condition=~Q(applied_by=F("approved_by"))
                & ~Q(applied_by=F("endorsed_by"))
                & ~Q(endorsed_by=F("approved_by")),
                name="grant_steps_are_taken_by_different_people",
                violation_error_message="申报、审核、批复须由不同的人办理",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.academy}{self.fund}"

    @property
    def whole(self) -> Q:
        """Which grants were asked for in one application with this one, itself among them."""
        first = self.lead_id or self.pk
        return Q(pk=first) | Q(lead=first)


class Project(models.Model):
    """What one part of a grant is asked for: a use that the policy permits, and the sum.

    A use that the policy leaves open (``needs_approval``) says what it is, and is approved item by item
    before anything is spent on it; so approved, it stays.
    """

    NAMED_WITH = ("grant",)
    ORGANIZATION_PATH = "grant__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"grant__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "project_is_approved_once": "approve an open item once, by another than asked, and keep it so",
    }

    grant = models.ForeignKey(
        Grant, models.CASCADE, related_name="projects", verbose_name="补助", db_index=False
    )
    use = models.CharField("用途代码", max_length=40)
    use_title = models.CharField("用途类别", max_length=60)
    amount = money("金额（元）")
    needs_approval = models.BooleanField("须报批", default=False, editable=False)
    told = models.CharField("报批事项", max_length=200, blank=True)
    decision = models.CharField("批准文号", max_length=60, blank=True, editable=False)
    approved_by = by("批准人")
    approved_at = models.DateTimeField("批准时间", null=True, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "补助项目"
        ordering = ["grant", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "use"], name="project_once_per_use"),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & ~Q(use=""),
                name="project_is_some_money_for_a_use",
                violation_error_message="项目金额应大于零",
            ),
            models.CheckConstraint(
                condition=Q(needs_approval=False) | ~Q(told=""),
                name="project_open_item_says_what",
                violation_error_message="列举以外的用途须写明报批事项",
            ),
            models.CheckConstraint(
                condition=Q(decision="", approved_by__isnull=True, approved_at__isnull=True)
                | Q(needs_approval=True, approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(decision=""),
                name="project_approved_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use_title} {self.amount:,.2f}元"


class Payment(models.Model):
    """One instalment of a grant, from the order to the bank's receipt."""

    RIGHTS = KEPT
    NAMED_WITH = ("grant",)
    ORGANIZATION_PATH = "grant__fund__organization__path"
    ALSO_SEEN_FROM = tuple(f"grant__{route}" for route in ACADEMYS)
    VISIBLE_TO_ROLES = READERS
    #: What the database does by itself: trigger → the rule it keeps (see the app's migrations).
    TRIGGERS: ClassVar = {
        "payment_moves_on_record": "let a state move only with its record",
        "payment_begins_at_the_first_state": "let a payment begin as planned",
        "payment_is_what_was_booked": "let a payment name only the entry that paid it",
        "payment_is_of_an_open_grant": "order nothing of a grant whose year is settled",
        "payment_takes_other_people": "let nobody pay a grant who asked for it or approved it",
        "payment_pays_where_it_was_ordered": "pay to the confirmed account it was ordered to only",
        "payment_answer_takes_another": "have a receipt entered, taken back or turned into a return by another",
    }

    class State(models.TextChoices):
        PLANNED = "planned", "待拨"
        ORDERED = "ordered", "已制单"
        PAID = "paid", "已拨付"
        RECEIVED = "received", "已回单"
        BOUNCED = "bounced", "已退票"
        DROPPED = "dropped", "已取消"

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="payments", verbose_name="补助")
    position = models.PositiveSmallIntegerField("期次")
    amount = money("金额（元）")
    state = models.CharField("状态", max_length=10, choices=State, default=State.PLANNED)
    ordered_by = by("制单人")
    #: Where it goes: the academy's account in use when it was ordered. None: not ordered, or entered as
    #: history, or ordered before accounts were kept.
    payee_account = models.ForeignKey(
        "subsidies.PayeeAccount",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="payments",
        verbose_name="收款账户",
    )
    checked_by = by("复核人")
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="payment",
        verbose_name="记账凭证",
        db_constraint=False,
    )
    receipt = models.CharField("银行回单号", max_length=60, blank=True)
    #: Who entered the receipt or the return, or took the receipt back.
    answered_by = by("银行结果登记人")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "拨款"
        ordering = ["grant", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["grant", "position"], name="payment_once_per_instalment"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["planned", "ordered", "paid", "received", "bounced", "dropped"]
                ),
                name="payment_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="payment_is_some_money",
                violation_error_message="拨款金额应大于零",
            ),
            models.CheckConstraint(
                condition=~Q(ordered_by=F("checked_by")),
                name="payment_is_checked_by_another",
                violation_error_message="制单人不能复核自己的拨款单",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "ordered", "dropped"], entry__isnull=True)
                | ~Q(state__in=["planned", "ordered", "dropped"]) & Q(entry__isnull=False),
                name="payment_made_names_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant}第{self.position}期"
