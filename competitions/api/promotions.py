"""Proposals of who rises over HTTP, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response  # noqa: TC002 - the schema reads it

from competitions import workflow
from competitions.api.deeds import ContestCertificateSerializer
from competitions.filters import PromotionFilter
from competitions.models import Promotion
from competitions.selectors.competitions import promotions_in_scope
from pages.api import CodeField, DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class PromotionSerializer(serializers.ModelSerializer):
    item = CodeField(label="项目编码")
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    certificate: serializers.SlugRelatedField = serializers.SlugRelatedField(
        slug_field="number", read_only=True, label="证书编号"
    )

    class Meta:
        model = Promotion
        fields = (
            "id", "item", "entry", "person", "name", "occupation", "year", "rank", "present",
            "target", "clause", "state", "certificate",
        )  # fmt: skip


class PromotionViewSet(DeedViewSet):
    """晋升建议；登记证书、不予晋升、撤回、撤销晋升。"""

    queryset = Promotion.objects.none()
    serializer_class = PromotionSerializer
    filterset_class = PromotionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Promotion]:
        return promotions_in_scope(self.user)

    @extend_schema(request=ContestCertificateSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def certify(self, request: Request, pk: str) -> Response:
        """登记人力社保部门核发的证书编号：等级从此提高。"""
        return self.done(workflow.certify, ContestCertificateSerializer)

    @extend_schema(request=NoteSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        """登记不予晋升，须写明事由。"""
        return self.done(workflow.decline, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def retract(self, request: Request, pk: str) -> Response:
        """撤回晋升建议，须写明事由。"""
        return self.done(workflow.withdraw_proposal, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=PromotionSerializer)
    @action(detail=True, methods=["post"])
    def annul(self, request: Request, pk: str) -> Response:
        """撤销与最新成绩榜不符的晋升，须写明事由：证书不再作为等级依据。"""
        return self.done(workflow.annul, NoteSerializer)
