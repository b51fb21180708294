"""Lists for the bank over HTTP, their lines, and what the bank made of each; no account but its last digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api.grants import ReceiptSerializer
from subsidies.api.sums import yuan
from subsidies.filters.claims import PayoutFilter, TransferFilter
from subsidies.models import Payout, Transfer
from subsidies.selectors.claims import payouts_in_scope, transfers_in_scope
from subsidies.workflow.payouts import (
    cancel_payout,
    receipt_transfer,
    return_transfer,
    sign_payout,
    take_back_receipt,
)
from talents.api.notes import ReasonedSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


class PayoutSerializer(serializers.ModelSerializer):
    count = serializers.IntegerField(read_only=True, label="笔数")
    total = yuan("金额")

    class Meta:
        model = Payout
        fields = ("id", "number", "fund", "line", "state", "count", "total", "digest")


class TransferSerializer(serializers.ModelSerializer):
    reference = serializers.CharField(read_only=True, label="业务参考号")

    class Meta:
        model = Transfer
        fields = (
            "id", "payout", "position", "reference", "claim", "payment", "payee", "bank",
            "account_mask", "amount", "receipt", "returned",
        )  # fmt: skip


class PayoutViewSet(DeedViewSet):
    """付款清单；收款账号只在银行文件里。"""

    queryset = Payout.objects.none()
    serializer_class = PayoutSerializer
    filterset_class = PayoutFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Payout]:
        return payouts_in_scope(self.user)

    @extend_schema(request=None, responses=PayoutSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """复核付款清单，立即记账。"""
        return self.done(sign_payout)

    @extend_schema(request=ReasonedSerializer, responses=PayoutSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """作废未复核的付款清单，所列各笔恢复待付款。"""
        return self.done(cancel_payout, ReasonedSerializer)


class TransferViewSet(DeedViewSet):
    """付款明细：清单的每一笔，和银行的结果。"""

    queryset = Transfer.objects.none()
    serializer_class = TransferSerializer
    filterset_class = TransferFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Transfer]:
        return transfers_in_scope(self.user)

    @extend_schema(request=ReceiptSerializer, responses=TransferSerializer)
    @action(detail=True, methods=["post"])
    def receipt(self, request: Request, pk: str) -> Response:
        """登记银行回单。"""
        return self.done(receipt_transfer, ReceiptSerializer)

    @extend_schema(request=ReasonedSerializer, responses=TransferSerializer)
    @action(
        detail=True, methods=["post"], url_path="take-back-receipt", url_name="take-back-receipt"
    )
    def take_back_receipt(self, request: Request, pk: str) -> Response:
        """撤回记错的回单：由登记人以外的人办理。"""
        return self.done(take_back_receipt, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=TransferSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """登记退票：红字冲销，重新列为待付款。"""
        return self.done(return_transfer, ReasonedSerializer)
