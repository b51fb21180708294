"""Jobs, notices and records over HTTP: the scope of the pages, changes as named actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from portal.filters import JobFilter, NoticeFilter, RecordFilter
from workflow import selectors, services
from workflow.models import Job, Notice, Record, WorkingDay
from workflow.permissions import may_read_content

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class JobSerializer(serializers.ModelSerializer):
    requested_by = serializers.CharField(source="requested_by.username", read_only=True)
    organization = CodeField(label="单位编码")
    percent = serializers.IntegerField(read_only=True, label="进度（%）")

    class Meta:
        model = Job
        fields = (
            "id", "name", "label", "subject", "organization", "status", "requested_by",
            "requested_at", "started_at", "finished_at", "progress_done", "progress_total",
            "percent", "error",
        )  # fmt: skip


class NoticeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Notice
        fields = ("id", "subject", "title", "body", "href", "created_at", "read_at")


class RecordSerializer(serializers.ModelSerializer):
    actor = serializers.CharField(source="actor.username", read_only=True)
    organization = CodeField(label="单位编码")
    hash = serializers.SerializerMethodField(label="哈希")

    class Meta:
        model = Record
        fields = (
            "id", "chain", "sequence", "kind", "subject", "organization", "code", "action",
            "source", "target", "before", "after", "note", "actor", "at", "hash",
        )  # fmt: skip

    def get_hash(self, record: Record) -> str:
        return bytes(record.hash).hex()

    def to_representation(self, instance: Record) -> dict[str, Any]:
        """Content that is not the reader's business is left out, as on the pages."""
        shown = super().to_representation(instance)
        if not may_read_content(self.context["request"].user, instance):
            shown |= {"before": {}, "after": {}, "note": ""}
        return shown


class WorkingDaySerializer(serializers.ModelSerializer):
    class Meta:
        model = WorkingDay
        fields = ("id", "day", "is_working", "note")


class JobViewSet(ReadingViewSet):
    """后台任务；已停放的任务可用 retry 动作重新排队。"""

    serializer_class = JobSerializer
    filterset_class = JobFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Job]:
        return selectors.jobs_in_scope(self.user)

    @extend_schema(request=None, responses=JobSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str) -> Response:
        """重新排队。"""
        job = services.retry_job(self.get_object().pk, actor=self.user)
        job.refresh_from_db()
        return Response(self.get_serializer(job).data)


class NoticeViewSet(ReadingViewSet):
    """发给本人的通知；read 动作标为已读。"""

    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Notice]:
        if not self.user.is_authenticated:  # the description of the interface is drawn up
            return Notice.objects.none()
        return selectors.own_notices(self.user)

    @extend_schema(request=None, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """标为已读。"""
        notice = self.get_object()
        services.mark_read([notice.pk], reader=self.user)
        notice.refresh_from_db()
        return Response(self.get_serializer(notice).data)


class RecordViewSet(ReadingViewSet):
    """留痕记录：只能追加，逐条以哈希相连。"""

    serializer_class = RecordSerializer
    filterset_class = RecordFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Record]:
        return selectors.records_in_scope(self.user)


class WorkingDayViewSet(ReadingViewSet):
    """与平常周次不同的日子：放假与调休上班。"""

    queryset = WorkingDay.objects.none()
    serializer_class = WorkingDaySerializer

    def get_queryset(self) -> QuerySet[WorkingDay]:
        return WorkingDay.objects.visible_to(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("jobs", JobViewSet, basename="job")
    router.register("notices", NoticeViewSet, basename="notice")
    router.register("working-days", WorkingDayViewSet, basename="workingday")
    router.register("records", RecordViewSet, basename="record")
