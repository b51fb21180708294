"""Allocations and academies' bank accounts over HTTP; no account number but its last digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api.sums import yuan
from subsidies.filters.allocations import AllocationFilter, PayeeAccountFilter, ShareFilter
from subsidies.models import Allocation, PayeeAccount, Share
from subsidies.selectors.allocations import (
    allocations_in_scope,
    payee_accounts_in_scope,
    shares_in_scope,
)
from subsidies.workflow.accounts import confirm_account, refuse_account
from subsidies.workflow.allocations import sign_allocation
from talents.api.notes import NoteSerializer

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.request import Request


class AllocationSerializer(serializers.ModelSerializer):
    given = yuan("分配合计")
    count = serializers.IntegerField(read_only=True, label="学院数")

    class Meta:
        model = Allocation
        fields = ("id", "fund", "method", "amount", "given", "count", "state")


class ShareSerializer(serializers.ModelSerializer):
    academy = serializers.CharField(source="academy.code", read_only=True, label="学院编码")

    class Meta:
        model = Share
        fields = ("id", "allocation", "academy", "points", "basis", "amount", "last_year")


class PayeeAccountSerializer(serializers.ModelSerializer):
    academy = serializers.CharField(source="academy.code", read_only=True, label="学院编码")

    class Meta:
        model = PayeeAccount
        fields = ("id", "academy", "holder", "bank", "account_mask", "reason", "state")


class CallSerializer(NoteSerializer):
    """Who was called back, on which number."""

    called_to = serializers.CharField(max_length=120, label="接听人及电话")


class AllocationViewSet(DeedViewSet):
    """资金分配方案。"""

    queryset = Allocation.objects.none()
    serializer_class = AllocationSerializer
    filterset_class = AllocationFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Allocation]:
        return allocations_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=AllocationSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """批准分配方案。"""
        return self.done(sign_allocation, NoteSerializer)


class ShareViewSet(ReadingViewSet):
    """各学院的分配金额。"""

    queryset = Share.objects.none()
    serializer_class = ShareSerializer
    filterset_class = ShareFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Share]:
        return shares_in_scope(self.user)


class PayeeAccountViewSet(ReadingViewSet):
    """学院收款账户；账号只显示末4位。"""

    queryset = PayeeAccount.objects.none()
    serializer_class = PayeeAccountSerializer
    filterset_class = PayeeAccountFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[PayeeAccount]:
        return payee_accounts_in_scope(self.user)

    @extend_schema(request=CallSerializer, responses=PayeeAccountSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """回访确认账户。"""
        return self._decided(confirm_account, request)

    @extend_schema(request=CallSerializer, responses=PayeeAccountSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """不予确认账户。"""
        return self._decided(refuse_account, request)

    def _decided(self, act: Callable[..., PayeeAccount], request: Request) -> Response:
        pk, said = self.get_object().pk, CallSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        act(pk, facts["called_to"], actor=self.user, note=facts.get("note", ""))
        return Response(self.get_serializer(self.get_object()).data)
