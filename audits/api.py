"""Audits over HTTP: projects, samples, working papers and findings, in the scope of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework import serializers

from audits.filters import EngagementFilter, FindingFilter, PaperFilter, SampleFilter
from audits.models import Engagement, Finding, Paper, Sample
from audits.selectors.audits import (
    engagements_in_scope,
    findings_in_scope,
    papers_in_scope,
    samples_in_scope,
)
from pages.api import ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api import academy_code

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.routers import BaseRouter


class EngagementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Engagement
        fields = (
            "id", "number", "title", "scope", "fund", "state", "opened_at", "conclusion", "reported_at",
        )  # fmt: skip


class SampleSerializer(serializers.ModelSerializer):
    academy = academy_code()

    class Meta:
        model = Sample
        fields = (
            "id", "engagement", "academy", "method", "size", "seed", "as_of", "population", "total",
            "digest", "drawn_at",
        )  # fmt: skip


class WorkingPaperSerializer(serializers.ModelSerializer):
    class Meta:
        model = Paper
        fields = (
            "id", "engagement", "sample", "expense", "finding", "state", "marks", "seen", "prepared_at",
            "opinion",
        )  # fmt: skip


class AuditFindingSerializer(serializers.ModelSerializer):
    academy = academy_code()

    class Meta:
        model = Finding
        fields = (
            "id", "engagement", "number", "academy", "kind", "fact", "basis", "advice", "amount",
            "refund", "due_on", "state", "rectification", "returned",
        )  # fmt: skip


class EngagementViewSet(ReadingViewSet):
    """审计项目。"""

    queryset = Engagement.objects.none()
    serializer_class = EngagementSerializer
    filterset_class = EngagementFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Engagement]:
        return engagements_in_scope(self.user)


class SampleViewSet(ReadingViewSet):
    """审计抽样：方法、种子、总体，足以重抽核对。"""

    queryset = Sample.objects.none()
    serializer_class = SampleSerializer
    filterset_class = SampleFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Sample]:
        return samples_in_scope(self.user)


class PaperViewSet(ReadingViewSet):
    """审计底稿：核对标记和查证情况。"""

    queryset = Paper.objects.none()
    serializer_class = WorkingPaperSerializer
    filterset_class = PaperFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Paper]:
        return papers_in_scope(self.user)


class FindingViewSet(ReadingViewSet):
    """审计发现：事实、依据、处理意见、整改和退回款。"""

    queryset = Finding.objects.none()
    serializer_class = AuditFindingSerializer
    filterset_class = FindingFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Finding]:
        return findings_in_scope(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("audits", EngagementViewSet, basename="engagement")
    router.register("audit-samples", SampleViewSet, basename="sample")
    router.register("audit-papers", PaperViewSet, basename="auditpaper")
    router.register("audit-findings", FindingViewSet, basename="auditfinding")
