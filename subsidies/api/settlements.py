"""Accounts of years over HTTP, and how they are confirmed or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.filters.settlements import SettlementFilter
from subsidies.models import Settlement
from subsidies.selectors.settlements import settlements_in_scope
from subsidies.workflow.settlements import confirm_settlement, return_settlement
from talents.api.notes import NoteSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


class SettlementSerializer(serializers.ModelSerializer):
    academy = serializers.CharField(source="grant.academy.code", read_only=True, label="学院编码")

    class Meta:
        model = Settlement
        fields = (
            "id", "grant", "academy", "received", "spent", "refunded", "left", "carried", "given_back",
            "unpaid", "results", "explanation", "state",
        )  # fmt: skip


class SettlementViewSet(DeedViewSet):
    """年终决算。"""

    queryset = Settlement.objects.none()
    serializer_class = SettlementSerializer
    filterset_class = SettlementFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Settlement]:
        return settlements_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=SettlementSerializer)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """审定决算，结转、退回、收回立即记账。"""
        return self.done(confirm_settlement, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=SettlementSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """退回决算，须写明事由。"""
        return self.done(return_settlement, NoteSerializer)
