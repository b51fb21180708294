"""Audits over HTTP: projects, samples, working papers and findings, in the scope of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from audits import workflow
from audits.filters import EngagementFilter, FindingFilter, PaperFilter, SampleFilter
from audits.models import Engagement, Finding, Paper, Sample
from audits.models.papers import Mark
from audits.selectors.audits import (
    engagements_in_scope,
    findings_in_scope,
    papers_in_scope,
    samples_in_scope,
)
from audits.services.withdrawing import doubt, drop_doubt, uphold, withdraw
from pages.api import DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from subsidies.api import academy_code
from talents.api.notes import NoteSerializer, ReasonedSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
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
            "refund", "due_on", "state", "doubt", "rectification", "returned",
        )  # fmt: skip


class AuditConclusionSerializer(serializers.Serializer):
    conclusion = serializers.CharField(max_length=2000, label="审计结论")


class ExaminationSerializer(serializers.Serializer):
    """What agreed, and what was seen."""

    marks = serializers.ListField(
        child=serializers.ChoiceField(choices=Mark.choices), default=list, label="核对标记"
    )
    seen = serializers.CharField(max_length=1000, label="查证情况")


class EngagementViewSet(DeedViewSet):
    """审计项目；出具报告、归档。"""

    queryset = Engagement.objects.none()
    serializer_class = EngagementSerializer
    filterset_class = EngagementFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Engagement]:
        return engagements_in_scope(self.user)

    @extend_schema(request=AuditConclusionSerializer, responses=EngagementSerializer)
    @action(detail=True, methods=["post"])
    def report(self, request: Request, pk: str) -> Response:
        """出具报告：底稿都已复核、发现都已下达以后。"""
        return self.done(workflow.report, AuditConclusionSerializer)

    @extend_schema(request=NoteSerializer, responses=EngagementSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, pk: str) -> Response:
        """归档：审计发现都已办结以后。"""
        return self.done(workflow.archive, NoteSerializer)


class SampleViewSet(ReadingViewSet):
    """审计抽样：方法、种子、总体，足以重抽核对。"""

    queryset = Sample.objects.none()
    serializer_class = SampleSerializer
    filterset_class = SampleFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Sample]:
        return samples_in_scope(self.user)


class PaperViewSet(DeedViewSet):
    """审计底稿：核对标记和查证情况；编制、复核、退回。"""

    queryset = Paper.objects.none()
    serializer_class = WorkingPaperSerializer
    filterset_class = PaperFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Paper]:
        return papers_in_scope(self.user)

    @extend_schema(request=ExaminationSerializer, responses=WorkingPaperSerializer)
    @action(detail=True, methods=["post"])
    def examine(self, request: Request, pk: str) -> Response:
        """编制底稿，报送复核。"""
        return self.done(workflow.examine, ExaminationSerializer)

    @extend_schema(request=NoteSerializer, responses=WorkingPaperSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """复核底稿：由编制人以外的经审人员办理。"""
        return self.done(workflow.review, NoteSerializer)

    @extend_schema(request=ReasonedSerializer, responses=WorkingPaperSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def give_back(self, request: Request, pk: str) -> Response:
        """退回编制人重做。"""
        return self.done(workflow.give_back, ReasonedSerializer)


class FindingViewSet(DeedViewSet):
    """审计发现：事实、依据、处理意见、整改和退回款；下达、退回款入账、办结。"""

    queryset = Finding.objects.none()
    serializer_class = AuditFindingSerializer
    filterset_class = FindingFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Finding]:
        return findings_in_scope(self.user)

    @extend_schema(request=NoteSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        """下达：责令整改，整改完成前暂停拨付。"""
        return self.done(workflow.issue, NoteSerializer)

    @extend_schema(request=None, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"], url_path="take-back", url_name="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """退回款入账：由财务人员确认。"""
        return self.done(workflow.take_back)

    @extend_schema(request=ReasonedSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """办结：整改销号、退回款入账以后，由提出人以外的经审人员办理。"""
        return self.done(workflow.finish, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"])
    def doubt(self, request: Request, pk: str) -> Response:
        """提出撤销：下达有误的，由另一名经审人员决定。"""
        return self.done(doubt, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"], url_path="drop-doubt", url_name="drop-doubt")
    def drop_doubt(self, request: Request, pk: str) -> Response:
        """收回本人提出、尚未决定的撤销意见。"""
        return self.done(drop_doubt, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """撤销：由发现人、下达人、提出人以外的经审人员决定，没有的由审批人决定，整改事项一并撤销。"""
        return self.done(withdraw, ReasonedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=AuditFindingSerializer)
    @action(detail=True, methods=["post"])
    def uphold(self, request: Request, pk: str) -> Response:
        """维持：不予撤销，审计发现照旧。"""
        return self.done(uphold, ReasonedSerializer)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("audits", EngagementViewSet, basename="engagement")
    router.register("audit-samples", SampleViewSet, basename="sample")
    router.register("audit-papers", PaperViewSet, basename="auditpaper")
    router.register("audit-findings", FindingViewSet, basename="auditfinding")
