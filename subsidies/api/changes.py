"""Changes of signed budgets over HTTP, and how they are signed or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.filters.changes import BudgetChangeFilter
from subsidies.models import BudgetChange
from subsidies.selectors.changes import changes_in_scope
from subsidies.workflow.changes import drop_change, sign_change
from talents.api.notes import NoteSerializer, ReasonedSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


class BudgetChangeSerializer(serializers.ModelSerializer):
    class Meta:
        model = BudgetChange
        fields = ("id", "fund", "line", "amount", "reason", "state", "entry")


class BudgetChangeViewSet(DeedViewSet):
    """预算调整：已批准的预算怎样增减。"""

    queryset = BudgetChange.objects.none()
    serializer_class = BudgetChangeSerializer
    filterset_class = BudgetChangeFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[BudgetChange]:
        return changes_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=BudgetChangeSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """批准预算调整，立即记账：由编制人以外的审批人办理。"""
        return self.done(sign_change, NoteSerializer)

    @extend_schema(request=ReasonedSerializer, responses=BudgetChangeSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """作废尚未批准的预算调整。"""
        return self.done(drop_change, ReasonedSerializer)
