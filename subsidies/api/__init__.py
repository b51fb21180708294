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
from subsidies.api.claims import ClaimViewSet
from subsidies.api.grants import GrantViewSet, PaymentViewSet, academy_code
from subsidies.api.payouts import PayoutViewSet, TransferViewSet
from subsidies.api.settlements import SettlementViewSet
from subsidies.api.sums import yuan
from subsidies.filters import EntryFilter, ExpenseFilter, FundFilter
from subsidies.models import Entry, Expense, Fund
from subsidies.models.funds import Line
from subsidies.selectors.money import entries_in_scope, expenses_in_scope, funds_in_scope
from subsidies.workflow.closing import close_fund
from subsidies.workflow.payouts import draw_up_payout
from talents.api.notes import NoteSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter


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


class LineSerializer(serializers.Serializer):
    """Of which line of its budget."""

    line = serializers.ChoiceField(choices=Line.choices, label="预算科目")


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

    @extend_schema(request=LineSerializer, responses=FundSerializer)
    @action(detail=True, methods=["post"], url_path="draw-up-payout", url_name="draw-up-payout")
    def draw_up(self, request: Request, pk: str) -> Response:
        """编制付款清单：列入该科目可以付款的各笔，由另一位财务人员复核。"""
        return self.done(draw_up_payout, LineSerializer)


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
    router.register("transfers", TransferViewSet, basename="transfer")
    router.register("settlements", SettlementViewSet, basename="settlement")
    router.register("allocations", AllocationViewSet, basename="allocation")
    router.register("budget-changes", BudgetChangeViewSet, basename="budgetchange")
    router.register("shares", ShareViewSet, basename="share")
    router.register("payee-accounts", PayeeAccountViewSet, basename="payeeaccount")
