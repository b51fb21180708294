"""Money over HTTP: funds, grants, payments, the ledger, expenses, in the scope of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api.allocations import AllocationViewSet, PayeeAccountViewSet, ShareViewSet
from subsidies.api.changes import BudgetChangeViewSet
from subsidies.api.claims import ClaimViewSet, PayoutViewSet
from subsidies.api.settlements import SettlementViewSet
from subsidies.api.sums import yuan
from subsidies.filters import EntryFilter, ExpenseFilter, FundFilter, GrantFilter, PaymentFilter
from subsidies.models import Entry, Expense, Fund, Grant, Payment, Project
from subsidies.selectors.money import (
    entries_in_scope,
    expenses_in_scope,
    funds_in_scope,
    grants_in_scope,
    payments_in_scope,
)
from subsidies.workflow.closing import close_fund
from talents.api.notes import NoteSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter


def academy_code(source: str = "academy.code") -> serializers.CharField:
    return serializers.CharField(source=source, read_only=True, default=None, label="学院编码")


class FundSerializer(serializers.ModelSerializer):
    organization = serializers.CharField(
        source="organization.code", read_only=True, label="出资单位编码"
    )
    budget = yuan("预算结余")
    reserved = yuan("已批待拨")
    held = yuan("专账余额")
    spent = yuan("已列支")
    returned = yuan("已退回")

    class Meta:
        model = Fund
        fields = (
            "id", "organization", "year", "source", "state", "budget", "reserved", "held", "spent",
            "returned",
        )  # fmt: skip


class ProjectSerializer(serializers.ModelSerializer):
    class Meta:
        model = Project
        fields = ("id", "use", "use_title", "amount", "needs_approval", "told", "decision")


class GrantSerializer(serializers.ModelSerializer):
    projects = ProjectSerializer(many=True, read_only=True, label="按用途申请")
    academy = academy_code()
    reserved = yuan("已批待拨")
    held = yuan("专账余额")
    spent = yuan("已列支")

    class Meta:
        model = Grant
        fields = (
            "id", "number", "academy", "fund", "lead", "applied", "approved", "state", "purpose",
            "brand", "audience", "headcount", "days", "hours", "projects", "decision",
            "reserved", "held", "spent", "version",
        )  # fmt: skip


class PaymentSerializer(serializers.ModelSerializer):
    academy = academy_code("grant.academy.code")

    class Meta:
        model = Payment
        fields = ("id", "grant", "academy", "position", "amount", "state", "receipt", "entry")


class EntrySerializer(serializers.ModelSerializer):
    academy = academy_code()
    fund = serializers.IntegerField(source="giver.fund_id", read_only=True, label="专项资金")
    giver = serializers.CharField(source="giver.kind", read_only=True, label="转出账户")
    taker = serializers.CharField(source="taker.kind", read_only=True, label="转入账户")
    hash = serializers.CharField(source="digest", read_only=True, label="哈希")

    class Meta:
        model = Entry
        fields = (
            "id", "chain", "sequence", "kind", "key", "academy", "fund", "giver", "taker", "amount",
            "reverses", "reason", "booked_on", "note", "evidence", "at", "hash",
        )  # fmt: skip


class ExpenseSerializer(serializers.ModelSerializer):
    academy = academy_code()

    class Meta:
        model = Expense
        fields = (
            "id", "academy", "fund", "spent_on", "project", "use", "use_title", "summary", "payee",
            "invoice_code", "invoice_number", "amount", "voucher", "training_class", "entry", "red",
        )  # fmt: skip


class FundViewSet(DeedViewSet):
    """专项资金及其各类账户的余额。"""

    queryset = Fund.objects.none()
    serializer_class = FundSerializer
    filterset_class = FundFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Fund]:
        return funds_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=FundSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """结账：年度终了、补助都已决算、付款清单都已办结以后。"""
        return self.done(close_fund, NoteSerializer)


class GrantViewSet(ReadingViewSet):
    """学院补助及其专账余额。"""

    queryset = Grant.objects.none()
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Grant]:
        return grants_in_scope(self.user).prefetch_related("projects")


class PaymentViewSet(ReadingViewSet):
    """各期拨款。"""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Payment]:
        return payments_in_scope(self.user)


class EntryViewSet(ReadingViewSet):
    """资金台账的记账凭证，连同所在的链和哈希。"""

    queryset = Entry.objects.none()
    serializer_class = EntrySerializer
    filterset_class = EntryFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Entry]:
        return entries_in_scope(self.user)


class ExpenseViewSet(ReadingViewSet):
    """支出明细。"""

    queryset = Expense.objects.none()
    serializer_class = ExpenseSerializer
    filterset_class = ExpenseFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Expense]:
        return expenses_in_scope(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("funds", FundViewSet, basename="fund")
    router.register("grants", GrantViewSet, basename="grant")
    router.register("payments", PaymentViewSet, basename="payment")
    router.register("ledger-entries", EntryViewSet, basename="entry")
    router.register("expenses", ExpenseViewSet, basename="expense")
    router.register("claims", ClaimViewSet, basename="claim")
    router.register("payouts", PayoutViewSet, basename="payout")
    router.register("settlements", SettlementViewSet, basename="settlement")
    router.register("allocations", AllocationViewSet, basename="allocation")
    router.register("budget-changes", BudgetChangeViewSet, basename="budgetchange")
    router.register("shares", ShareViewSet, basename="share")
    router.register("payee-accounts", PayeeAccountViewSet, basename="payeeaccount")
