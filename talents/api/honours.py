"""The register of honours over HTTP, and how a title is taken back; no number of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import CodeField, DeedViewSet
from talents.api.notes import NoteSerializer
from talents.filters.honours import HonourFilter
from talents.models import Honour
from talents.selectors.honours import honours_in_scope
from talents.services.honours import recall_certificate, reissue_certificate
from talents.workflow.honours import doubt_honour, revoke_honour, uphold_honour

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response


class FormerCertificateSerializer(serializers.Serializer):
    number = serializers.CharField(label="证书编号")
    reason = serializers.CharField(label="补发事由")
    replaced_on = serializers.DateField(label="作废日期")


class HonourSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    organization = CodeField(label="命名工会编码")
    former_certificates = serializers.ListField(
        child=FormerCertificateSerializer(), read_only=True, label="原证书"
    )

    class Meta:
        model = Honour
        fields = (
            "id", "name", "unit", "trade", "title", "occasion", "scheme", "tier", "year", "named_on",
            "document_number", "certificate_number", "former_certificates", "organization", "state",
            "revoked_on", "reason", "recall", "recalled_on",
        )  # fmt: skip


class RecallSerializer(serializers.Serializer):
    recall = serializers.ChoiceField(choices=Honour.Recall.choices, label="收回情况")
    recalled_on = serializers.DateField(label="收回日期")
    note = serializers.CharField(label="说明", max_length=200, default="", allow_blank=True)


class HonourViewSet(DeedViewSet):
    """工匠称号；不含身份号码。"""

    queryset = Honour.objects.none()
    serializer_class = HonourSerializer
    filterset_class = HonourFilter

    def get_queryset(self) -> QuerySet[Honour]:
        return honours_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=HonourSerializer)
    @action(detail=True, methods=["post"])
    def doubt(self, request: Request, pk: str) -> Response:
        """提出撤销称号，须写明事由，由另一人复核。"""
        return self.done(doubt_honour, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=HonourSerializer)
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, pk: str) -> Response:
        """维持称号，不予撤销。"""
        return self.done(uphold_honour, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=HonourSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """复核后撤销称号；提出人不能复核。"""
        return self.done(revoke_honour, NoteSerializer)

    @extend_schema(request=NoteSerializer, responses=HonourSerializer)
    @action(detail=True, methods=["post"])
    def reissue(self, request: Request, pk: str) -> Response:
        """补发证书：另编新号，原编号作废，须写明事由。"""
        return self.done(reissue_certificate, NoteSerializer)

    @extend_schema(request=RecallSerializer, responses=HonourSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str) -> Response:
        """登记已撤销称号的证书收回或遗失；遗失的须写明情况。"""
        return self.done(recall_certificate, RecallSerializer)
