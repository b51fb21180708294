"""What experts declare, over HTTP: read by the organizer, declared by the expert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.filters.declaring import DeclarationFilter
from talents.models import Declaration
from talents.selectors.declaring import declarations_in_scope
from talents.services.declaring import Ties, declare_conflicts

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter

MOST_TIES = 200


class DeclarationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Declaration
        fields = ("id", "round", "expert", "due_on", "status", "answered_at")


class TiesSerializer(serializers.Serializer):
    """With whom an expert has to do; nothing of it: with nobody."""

    units = serializers.ListField(
        child=serializers.IntegerField(min_value=1),
        default=list,
        max_length=MOST_TIES,
        label="单位",
    )
    names = serializers.ListField(
        child=serializers.CharField(max_length=120),
        default=list,
        max_length=MOST_TIES,
        label="姓名",
    )
    reason = serializers.CharField(max_length=200, default="", allow_blank=True, label="缘由")

    def validate(self, facts: dict[str, Any]) -> dict[str, Any]:
        return {"ties": Ties(**facts)}


class DeclarationViewSet(DeedViewSet):
    """专家回避申报；申报的内容只在主办工会的后台显示。"""

    queryset = Declaration.objects.none()
    serializer_class = DeclarationSerializer
    filterset_class = DeclarationFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Declaration]:
        return declarations_in_scope(self.user)

    @extend_schema(request=TiesSerializer, responses=DeclarationSerializer)
    @action(detail=True, methods=["post"])
    def declare(self, request: Request, pk: str) -> Response:
        """申报回避；没有回避情形的各项留空。"""
        return self.done(declare_conflicts, TiesSerializer)


def register_declarations(router: BaseRouter) -> None:
    router.register("declarations", DeclarationViewSet)
