"""Reports and figures over HTTP: the scope of the pages, asking for a report as a named action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.response import Response

from organizations.models import Organization
from pages.api import ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from reports.documents.statement import statement
from reports.filters import FigureFilter, ReportFilter
from reports.models import Figure, TargetReport
from reports.permissions import may_ask_at_all, may_take_whole
from reports.selectors.reports import (
    figures_of,
    readable_figures,
    reports_in_scope,
)
from reports.selectors.rows import CHANGES, MOST_PAGES, evidence_of, page_number
from reports.services.asking import Wish, ask

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class ReportSerializer(serializers.ModelSerializer):
    edition = serializers.IntegerField(
        source="policy_edition.edition", read_only=True, label="政策版次"
    )
    policy_digest = serializers.CharField(
        source="policy_edition.digest", read_only=True, label="政策摘要值"
    )
    organization = serializers.CharField(source="place_code", read_only=True, label="统计范围编码")

    class Meta:
        model = TargetReport
        fields = (
            "id", "policy", "edition", "policy_digest", "year", "organization", "place_name",
            "edition_no", "reason", "state", "requested_at", "data_as_of", "figure_count",
            "sealed_at", "signed_as", "sha256",
        )  # fmt: skip


class WishSerializer(serializers.Serializer):
    """Which report is asked for."""

    policy = serializers.CharField(label="政策编码", max_length=80)
    year = serializers.IntegerField(label="年度", min_value=2000, max_value=2100)
    organization = serializers.CharField(label="统计范围编码", max_length=40)
    reason = serializers.CharField(
        label="事由", max_length=200, required=False, allow_blank=True, default=""
    )


class StatedFigureSerializer(serializers.Serializer):
    measure = serializers.CharField(label="指标")
    organization = serializers.CharField(label="组织或学院编码")
    planned = serializers.FloatField(label="计划", allow_null=True)
    actual = serializers.FloatField(label="实际", allow_null=True)
    met = serializers.BooleanField(label="是否达到", allow_null=True)
    note = serializers.CharField(label="说明")


class StatementSerializer(serializers.Serializer):
    """A sealed report as other systems read it."""

    policy = serializers.CharField(label="政策编码")
    edition = serializers.IntegerField(label="政策版次")
    year = serializers.IntegerField(label="年度")
    organization = serializers.CharField(label="统计范围编码")
    sealed_at = serializers.DateTimeField(label="封存时间")
    sha256 = serializers.CharField(label="封存哈希")
    report_edition = serializers.IntegerField(label="报告版次")
    figures = StatedFigureSerializer(many=True, label="指标")


class FigureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Figure
        fields = (
            "id", "report", "position", "kind", "code", "measure", "title", "unit", "place_code",
            "place_name", "is_total", "period", "planned", "planned_most", "tolerance", "actual",
            "standing", "met", "note",
        )  # fmt: skip


class RowSerializer(serializers.Serializer):
    id = serializers.IntegerField(label="行")
    was = serializers.ListField(child=serializers.CharField(), label="封存时的内容")
    now = serializers.ListField(child=serializers.CharField(), label="现在的内容", allow_null=True)
    change = serializers.ChoiceField(choices=list(CHANGES), label="封存后")


class EvidenceSerializer(serializers.Serializer):
    """Some rows behind a figure, and what became of all of them."""

    part = serializers.CharField(source="part.part", label="部分")
    query = serializers.CharField(source="part.query", label="查询")
    row_count = serializers.IntegerField(source="part.row_count", label="行数")
    distinct_count = serializers.IntegerField(source="part.distinct_count", label="去重数")
    digest = serializers.CharField(source="part.digest", label="摘要值")
    now_count = serializers.IntegerField(label="现在的行数")
    changes = serializers.DictField(
        source="counts", child=serializers.IntegerField(), label="各种变化的行数"
    )
    headings = serializers.ListField(
        source="source.headings", child=serializers.CharField(), label="列"
    )
    rows = RowSerializer(many=True, label="行")


class ReportViewSet(ReadingViewSet):
    """年度名额报告；ask 发起编制，封存后从 statement 取数据。"""

    queryset = TargetReport.objects.none()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[TargetReport]:
        return reports_in_scope(self.user)

    @extend_schema(request=WishSerializer, responses={202: ReportSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def ask(self, request: Request) -> Response:
        """发起编制；同一报告正在编制时拒绝，已封存过的须写明事由。"""
        if not may_ask_at_all.allows(self.user):
            raise PermissionDenied
        serializer = WishSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        bodies = Organization.objects.visible_to(self.user)
        body = get_object_or_404(bodies, code=wanted["organization"])
        wish = Wish(wanted["policy"], wanted["year"], body, wanted["reason"])
        report = ask(wish, actor=self.user)
        return Response(ReportSerializer(report).data, status=202)

    @extend_schema(responses=StatementSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def statement(self, request: Request, pk: str) -> Response:
        """封存的报告：全部指标的计划、实际与结论；只给能看到全部指标的人，否则与封存哈希不符。"""
        report = self.get_object()
        if not report.is_sealed:
            raise NotFound
        if refusal := may_take_whole.why_not(self.user, report):
            raise PermissionDenied(refusal.message)
        return Response(statement(report, figures_of(report, self.user)))


class FigureViewSet(ReadingViewSet):
    """已封存报告的指标；rows 给出它计入的行和封存后的变化。"""

    queryset = Figure.objects.none()
    serializer_class = FigureSerializer
    filterset_class = FigureFilter

    def get_queryset(self) -> QuerySet[Figure]:
        return readable_figures(self.user)

    @extend_schema(
        parameters=[
            OpenApiParameter("page", OpenApiTypes.INT, description="页，每页50行"),
            OpenApiParameter("change", OpenApiTypes.STR, enum=list(CHANGES)),
        ],
        responses=EvidenceSerializer(many=True),
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def rows(self, request: Request, pk: str) -> Response:
        """指标计入的行，按部分列出。"""
        change = request.query_params.get("change", "")
        shown = change if change in CHANGES else ""
        page = page_number(request.query_params.get("page"), most=MOST_PAGES)
        found = [
            evidence_of(part, self.user, change=shown, page=page)
            for part in self.get_object().rows.select_related(
                "figure__organization", "figure__academy__organization"
            )
        ]
        return Response(EvidenceSerializer(found, many=True).data)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("reports", ReportViewSet, basename="report")
    router.register("figures", FigureViewSet, basename="figure")
