"""Import batches and files over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from intake import imports
from intake.filters import ImportFilter
from intake.imports import overview
from intake.models import ImportBatch, ImportFinding
from workflow import selectors
from workflow.models import Attachment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class ImportBatchSerializer(serializers.ModelSerializer):
    organization = serializers.SlugRelatedField(slug_field="code", read_only=True)
    filename = serializers.CharField(source="attachment.filename", read_only=True, label="文件名")
    uploaded_by = serializers.CharField(source="uploaded_by.username", read_only=True)

    class Meta:
        model = ImportBatch
        fields = (
            "id", "kind", "subject", "organization", "filename", "digest", "sheet", "status",
            "problem", "row_count", "accepted_count", "refused_count", "dropped_count",
            "warning_count", "finding_counts", "uploaded_by", "uploaded_at", "committed_at",
            "reverted_at",
        )  # fmt: skip


class ImportFindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = ImportFinding
        fields = ("id", "line", "number", "column", "code", "severity", "message")


class AttachmentSerializer(serializers.ModelSerializer):
    organization = serializers.SlugRelatedField(slug_field="code", read_only=True)
    uploaded_by = serializers.CharField(source="uploaded_by.username", read_only=True)

    class Meta:
        model = Attachment
        fields = (
            "id", "filename", "kind", "size", "sha256", "organization", "uploaded_by", "uploaded_at",
        )  # fmt: skip


class ReasonSerializer(serializers.Serializer):
    """Why something filed is taken back."""

    note = serializers.CharField(
        label="事由", max_length=200, required=False, allow_blank=True, default=""
    )


class ImportBatchViewSet(viewsets.ReadOnlyModelViewSet):
    """导入批次；以 commit 提交入库、discard 放弃、revert 撤销。

    一个工作簿的几张表是几个批次，办理其中之一即一并办理，与页面相同。
    """

    queryset = ImportBatch.objects.none()
    serializer_class = ImportBatchSerializer
    filterset_class = ImportFilter
    newest_first = True

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return overview.batches_for_list(self.request.user)

    @extend_schema(responses=ImportFindingSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def findings(self, request: Request, pk: str) -> Response:
        """逐格列出的问题和提醒。"""
        batch = self.get_object()
        self.newest_first = False
        rows = self.paginate_queryset(overview.findings_of(batch, request.user))
        return self.get_paginated_response(ImportFindingSerializer(rows, many=True).data)

    @extend_schema(request=None, responses=ImportBatchSerializer)
    @action(detail=True, methods=["post"])
    def commit(self, request: Request, pk: str) -> Response:
        """把可入库的行提交入库。"""
        batch = self.get_object()
        imports.handling_of(batch).commit(batch, request.user)
        return self._as_it_stands()

    @extend_schema(request=None, responses=ImportBatchSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """放弃尚未入库的批次。"""
        batch = self.get_object()
        imports.handling_of(batch).discard(batch, request.user)
        return self._as_it_stands()

    @extend_schema(request=ReasonSerializer, responses=ImportBatchSerializer)
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: str) -> Response:
        """撤销已入库的批次，须写明事由。"""
        batch, told = self.get_object(), ReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        imports.handling_of(batch).revert(batch, request.user, told.validated_data["note"])
        return self._as_it_stands()

    def _as_it_stands(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class AttachmentViewSet(viewsets.ReadOnlyModelViewSet):
    """交来的原件：名称、大小与摘要；内容在页面下载，下载留痕。"""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    newest_first = True

    def get_queryset(self) -> QuerySet[Attachment]:
        return selectors.attachments_in_scope(self.request.user).select_related("uploaded_by")


def register(router: BaseRouter, *_: Any) -> None:
    router.register("import-batches", ImportBatchViewSet, basename="importbatch")
    router.register("attachments", AttachmentViewSet, basename="attachment")
