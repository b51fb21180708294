"""Import batches and files over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from intake import selectors, services
from intake.filters import ImportFilter
from intake.kinds import NoSuchSubjectError, cautions_of, keys_of, kind_called, needed_options
from intake.models import ImportBatch, ImportFinding
from intake.permissions import may_hand_in, readable_kinds
from intake.spreadsheets.guard import refuse_size
from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST, OLDEST_FIRST
from workflow import selectors as work
from workflow.models import Attachment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter

    from intake.kinds import ImportKind, Subject
    from organizations.models import User


class ImportBatchSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
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


class OneBatchSerializer(ImportBatchSerializer):
    """One batch with what is to be known about what came of it."""

    cautions = serializers.SerializerMethodField(label="提醒")

    class Meta(ImportBatchSerializer.Meta):
        fields = (*ImportBatchSerializer.Meta.fields, "cautions")  # type: ignore[assignment]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_cautions(self, batch: ImportBatch) -> list[str]:
        return cautions_of(batch)


class ImportFindingSerializer(serializers.ModelSerializer):
    class Meta:
        model = ImportFinding
        fields = ("id", "line", "number", "column", "code", "severity", "message")


class AttachmentSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    uploaded_by = serializers.CharField(source="uploaded_by.username", read_only=True)

    class Meta:
        model = Attachment
        fields = (
            "id", "filename", "kind", "size", "sha256", "organization", "uploaded_by", "uploaded_at",
        )  # fmt: skip


class UploadSerializer(serializers.Serializer):
    """A file of one kind, for a subject named by its options (``round``, ``academy`` and ``year``)."""

    kind = serializers.CharField(label="种类", max_length=40)
    subject = serializers.DictField(
        label="对象", child=serializers.CharField(), required=False, default=dict
    )
    organization = serializers.CharField(label="组织编码", required=False, default="")
    file = serializers.FileField(label="文件", allow_empty_file=True)


class ImportRowSerializer(serializers.Serializer):
    """A row as it should stand: cells by column key; identity and phone only when typed anew."""

    cells = serializers.DictField(label="单元格", child=serializers.CharField(allow_blank=True))
    identity = serializers.CharField(label="公民身份号码", required=False, default="")
    phone = serializers.CharField(label="联系电话", required=False, default="")


class DropSerializer(serializers.Serializer):
    """Which rows are left out: one by its line, or all refused for one kind of fault; and why."""

    line = serializers.IntegerField(label="表格行", required=False)
    code = serializers.CharField(label="问题代码", required=False, default="")
    note = serializers.CharField(label="事由", max_length=200)


class ReasonSerializer(serializers.Serializer):
    """Why something filed is taken back."""

    note = serializers.CharField(
        label="事由", max_length=200, required=False, allow_blank=True, default=""
    )


class ImportBatchViewSet(ReadingViewSet):
    """导入批次；以 commit 提交入库、discard 放弃、revert 撤销。

    一个工作簿的几张表是几个批次，办理其中之一即一并办理，与页面相同。
    """

    queryset = ImportBatch.objects.none()
    serializer_class = ImportBatchSerializer
    filterset_class = ImportFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[ImportBatch]:
        return selectors.batches_in_scope(self.user, *readable_kinds(self.user))

    def get_serializer_class(self) -> type[serializers.Serializer]:
        return OneBatchSerializer if self.detail else ImportBatchSerializer

    @extend_schema(responses=ImportFindingSerializer(many=True))
    @action(detail=True, filterset_class=None)
    def findings(self, request: Request, pk: str) -> Response:
        """逐格列出的问题和提醒。"""
        batch = self.get_object()
        self.order = OLDEST_FIRST
        rows = self.paginate_queryset(selectors.findings_of(batch, self.user))
        return self.get_paginated_response(ImportFindingSerializer(rows, many=True).data)

    @extend_schema(request=None, responses=OneBatchSerializer)
    @action(detail=True, methods=["post"])
    def commit(self, request: Request, pk: str) -> Response:
        """把可入库的行提交入库。"""
        batch = self.get_object()
        services.commit(batch.pk, actor=self.user)
        return self._as_it_stands()

    @extend_schema(request=None, responses=OneBatchSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        """放弃尚未入库的批次。"""
        batch = self.get_object()
        services.discard(batch.pk, actor=self.user)
        return self._as_it_stands()

    @extend_schema(request=ReasonSerializer, responses=OneBatchSerializer)
    @action(detail=True, methods=["post"])
    def revert(self, request: Request, pk: str) -> Response:
        """撤销已入库的批次，须写明事由。"""
        batch, serializer = self.get_object(), ReasonSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        services.revert(batch.pk, actor=self.user, note=serializer.validated_data["note"])
        return self._as_it_stands()

    @extend_schema(request=UploadSerializer, responses={201: ImportBatchSerializer(many=True)})
    @action(detail=False, methods=["post"], filterset_class=None)
    def upload(self, request: Request) -> Response:
        """上传一个文件：先检查，返回每张工作表的批次，提交之前不写入数据。"""
        serializer = UploadSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        kind, subject = _kind_and_subject(self.user, data["kind"], data["subject"])
        subject.check_open(self.user)
        bodies = subject.bodies(self.user)
        named = [body for body in bodies if body.code == data["organization"]]
        if data["organization"] and not named:
            raise serializers.ValidationError({"organization": "不能为该组织提交"})
        file = data["file"]
        refuse_size(file.size)
        body = next(iter(named or bodies), None)
        upload = services.Upload(file.read(), file.name, subject, body, self.user)
        received = services.receive(upload, kind)
        shown = self.get_serializer(received.batches, many=True).data
        return Response(shown, status=201 if received.is_new else 200)

    @extend_schema(request=ImportRowSerializer, responses=OneBatchSerializer)
    @action(detail=True, methods=["post"], url_path=r"rows/(?P<line>\d+)", url_name="row")
    def row(self, request: Request, pk: str, line: str) -> Response:
        """更正一行：按同一套规则重新检查；已入库的批次改正后即入库。"""
        batch, serializer = self.get_object(), ImportRowSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        unknown = sorted(set(serializer.validated_data["cells"]) - set(keys_of(batch)))
        if unknown:
            raise serializers.ValidationError({"cells": f"没有这些列：{'、'.join(unknown)}"})
        if not selectors.rows_of(batch, self.user, {int(line)}):
            raise Http404
        services.correct_row(
            batch.pk, int(line), services.Correction(**serializer.validated_data), actor=self.user
        )
        return self._as_it_stands()

    @extend_schema(request=DropSerializer, responses=OneBatchSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """不再处理一行，或因同一种问题退回的各行，须写明事由。"""
        batch, serializer = self.get_object(), DropSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        data = serializer.validated_data
        if "line" not in data:
            services.drop_rows(batch.pk, data["code"], actor=self.user, note=data["note"])
        elif selectors.rows_of(batch, self.user, {data["line"]}):
            services.drop_row(batch.pk, data["line"], actor=self.user, note=data["note"])
        else:
            raise Http404
        return self._as_it_stands()

    def _as_it_stands(self) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class AttachmentViewSet(ReadingViewSet):
    """交来的原件：名称、大小与摘要；内容在页面下载，下载留痕。"""

    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Attachment]:
        return work.attachments_in_scope(self.user).select_related("uploaded_by")


def register(router: BaseRouter, *_: Any) -> None:
    router.register("import-batches", ImportBatchViewSet, basename="importbatch")
    router.register("attachments", AttachmentViewSet, basename="attachment")


def _kind_and_subject(user: User, code: str, key: dict[str, str]) -> tuple[ImportKind, Subject]:
    """The kind and the subject asked for; refused to those who do not hand such files in."""
    kind = kind_called(code)
    if kind is None:
        raise Http404
    if not may_hand_in.allows(user, kind):
        raise PermissionDenied
    missing = [option.name for option in needed_options(kind) if option.name not in key]
    if missing:
        raise serializers.ValidationError({"subject": f"缺少：{'、'.join(missing)}"})
    try:
        return kind, kind.subject.from_text(user, key)
    except NoSuchSubjectError as error:
        raise Http404 from error
