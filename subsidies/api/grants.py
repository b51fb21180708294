"""Grants and instalments over HTTP, and how they move: the functions that their pages call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies import workflow
from subsidies.api.sums import yuan
from subsidies.filters import GrantFilter, PaymentFilter
from subsidies.models import Grant, Payment, Project
from subsidies.models.funds import CENTS, DIGITS
from subsidies.selectors.money import grants_in_scope, payments_in_scope
from subsidies.workflow.approvals import take_back_approval
from subsidies.workflow.receipts import receipt_payment, take_back_payment_receipt
from talents.api.notes import NoteSerializer, ReasonedSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


def academy_code(source: str = "academy.code") -> serializers.CharField:
    return serializers.CharField(source=source, read_only=True, default=None, label="学院编码")


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
    account_mask = serializers.CharField(
        source="payee_account.account_mask", read_only=True, default=None, label="收款账户"
    )

    class Meta:
        model = Payment
        fields = (
            "id", "grant", "academy", "position", "amount", "account_mask", "state", "receipt", "entry",
        )  # fmt: skip


class GrantOpinionSerializer(serializers.Serializer):
    """What the union says of an application."""

    opinion = serializers.CharField(label="审核意见", max_length=200)


class GrantDecisionSerializer(serializers.Serializer):
    """How much is approved, by which document."""

    amount = serializers.DecimalField(
        max_digits=DIGITS, decimal_places=CENTS, min_value=0, label="批复金额"
    )
    decision = serializers.CharField(label="批复文号", max_length=60)


class ReceiptSerializer(serializers.Serializer):
    """What the bank answered."""

    receipt = serializers.CharField(label="银行回单号", max_length=60)


class GrantViewSet(DeedViewSet):
    """学院补助及其专账余额。"""

    queryset = Grant.objects.none()
    serializer_class = GrantSerializer
    filterset_class = GrantFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Grant]:
        return grants_in_scope(self.user).prefetch_related("projects")

    @extend_schema(request=NoteSerializer, responses=GrantSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """提交申报：由学院管理员办理。"""
        return self.done(workflow.submit_grant, NoteSerializer)

    @extend_schema(request=GrantOpinionSerializer, responses=GrantSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Request, pk: str) -> Response:
        """审核：由主管工会出具意见。"""
        return self.done(workflow.endorse_grant, GrantOpinionSerializer)

    @extend_schema(request=ReasonedSerializer, responses=GrantSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """退回申报，同一申报的各来源一并退回。"""
        return self.done(workflow.return_grant, ReasonedSerializer)

    @extend_schema(request=GrantDecisionSerializer, responses=GrantSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """批复金额，立即从预算预占。"""
        return self.done(workflow.approve_grant, GrantDecisionSerializer)

    @extend_schema(request=ReasonedSerializer, responses=GrantSerializer)
    @action(
        detail=True, methods=["post"], url_path="take-back-approval", url_name="take-back-approval"
    )
    def take_back_approval(self, request: Request, pk: str) -> Response:
        """撤回批复：由批复人以外的审批人办理，预占的金额退回预算。"""
        return self.done(take_back_approval, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=GrantSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """不予批复，须写明事由。"""
        return self.done(workflow.refuse_grant, ReasonedSerializer)


class PaymentViewSet(DeedViewSet):
    """各期拨款。"""

    queryset = Payment.objects.none()
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Payment]:
        return payments_in_scope(self.user)

    @extend_schema(request=None, responses=PaymentSerializer)
    @action(detail=True, methods=["post"], url_path="order", url_name="order")
    def order_it(self, request: Request, pk: str) -> Response:
        """制单，记下学院现在的收款账户。"""
        return self.done(workflow.order_payment)

    @extend_schema(request=ReasonedSerializer, responses=PaymentSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str) -> Response:
        """退回制单，重新列为待拨。"""
        return self.done(workflow.recall_payment, ReasonedSerializer)

    @extend_schema(request=None, responses=PaymentSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        """复核拨付并记账：由制单人以外的人办理。"""
        return self.done(workflow.check_payment)

    @extend_schema(request=ReceiptSerializer, responses=PaymentSerializer)
    @action(detail=True, methods=["post"])
    def receipt(self, request: Request, pk: str) -> Response:
        """登记银行回单：由制单人以外的人办理。"""
        return self.done(receipt_payment, ReceiptSerializer)

    @extend_schema(request=ReasonedSerializer, responses=PaymentSerializer)
    @action(
        detail=True, methods=["post"], url_path="take-back-receipt", url_name="take-back-receipt"
    )
    def take_back_receipt(self, request: Request, pk: str) -> Response:
        """撤回录错的回单：由登记人以外的人办理。"""
        return self.done(take_back_payment_receipt, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=PaymentSerializer)
    @action(detail=True, methods=["post"])
    def bounce(self, request: Request, pk: str) -> Response:
        """登记退票：红字冲销，重新列为待拨。"""
        return self.done(workflow.bounce_payment, ReasonedSerializer)
