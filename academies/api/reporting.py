"""Training reports over HTTP: what they come to, and each one's part in them. No figure is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from academies.filters.evaluations import ReportFilter
from academies.models import TrainingReport
from academies.selectors.reporting import reports_in_scope
from academies.services.reporting import FIGURES, strange_classes
from academies.workflow import reporting as workflow
from pages.api import CodeField, DeedViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.notes import NoteSerializer, ReasonedSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response

FAULTS = TrainingReport.Fault.choices


class TrainingReportSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")

    class Meta:
        model = TrainingReport
        fields = (
            "id", "academy", "year", "part", "title", "first_on", "last_on", "due_on", "state",
            "counted", "digest", "words", "certified_at", "accepted_at", "fault", "fault_words",
            "returns", "reopened_until",
        )  # fmt: skip


class _PartSerializer(serializers.Serializer):
    """Something that names classes of the report in its context: only those of its period."""

    def check_classes(self, classes: list[int]) -> None:
        if strange := strange_classes(self.context["report"], classes):
            raise serializers.ValidationError(strange)


class ReportPrepareSerializer(_PartSerializer):
    """What is said about the figures, and which classes' rows are contested."""

    words = serializers.CharField(max_length=1000, allow_blank=True, default="", label="说明或异议")
    contested = serializers.ListField(
        child=serializers.IntegerField(min_value=1), default=list, label="有异议的班次（记录号）"
    )

    def validate_contested(self, classes: list[int]) -> list[int]:
        self.check_classes(classes)
        return classes


class _ReportFigureFaultSerializer(serializers.Serializer):
    figure = serializers.ChoiceField(choices=list(FIGURES.items()), label="数字")
    fault = serializers.ChoiceField(choices=FAULTS, label="原因")


class _ReportClassFaultSerializer(serializers.Serializer):
    training_class = serializers.IntegerField(min_value=1, label="班次（记录号）")
    fault = serializers.ChoiceField(choices=FAULTS, label="原因")


class ReportReturnSerializer(_PartSerializer):
    """Why the report is given back, as a whole and figure by figure, class by class."""

    fault = serializers.ChoiceField(choices=FAULTS, label="退回原因")
    note = serializers.CharField(max_length=200, label="事由")
    figures = _ReportFigureFaultSerializer(many=True, default=list, label="有问题的数字")
    classes = _ReportClassFaultSerializer(many=True, default=list, label="有问题的班次")

    def validate_classes(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.check_classes([row["training_class"] for row in rows])
        return rows


class TrainingReportViewSet(DeedViewSet):
    """按期报送：报送时的数、依据行的摘要值、退回原因；送签、签发、接收、退回。"""

    queryset = TrainingReport.objects.none()
    serializer_class = TrainingReportSerializer
    filterset_class = ReportFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[TrainingReport]:
        return reports_in_scope(self.user)

    @extend_schema(request=ReportPrepareSerializer, responses=TrainingReportSerializer)
    @action(detail=True, methods=["post"])
    def prepare(self, request: Request, pk: str) -> Response:
        """送签：说明数字，指出有异议的班次；不填写任何数字。"""
        report = self.get_object()
        said = ReportPrepareSerializer(data=request.data, context={"report": report})
        said.is_valid(raise_exception=True)
        workflow.prepare_report(report.pk, actor=self.user, **said.validated_data)
        return self.shown()

    @extend_schema(request=None, responses=TrainingReportSerializer)
    @action(detail=True, methods=["post"])
    def certify(self, request: Request, pk: str) -> Response:
        """签发：由送签人以外的负责人办理。"""
        return self.done(workflow.certify_report)

    @extend_schema(request=ReasonedSerializer, responses=TrainingReportSerializer)
    @action(detail=True, methods=["post"], url_path="hand-back", url_name="hand-back")
    def hand_back(self, request: Request, pk: str) -> Response:
        """退回编制：不予签发，写明事由退回编制人。"""
        return self.done(workflow.hand_back_report, ReasonedSerializer)

    @extend_schema(request=NoteSerializer, responses=TrainingReportSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        """接收：此后不再改动。"""
        return self.done(workflow.accept_report, NoteSerializer)

    @extend_schema(request=ReportReturnSerializer, responses=TrainingReportSerializer)
    @action(detail=True, methods=["post"], url_path="return", url_name="return")
    def send_back(self, request: Request, pk: str) -> Response:
        """退回，写明原因，可以逐个数字、逐个班次指出。"""
        report = self.get_object()
        said = ReportReturnSerializer(data=request.data, context={"report": report})
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        workflow.return_report(
            report.pk,
            facts["fault"],
            actor=self.user,
            note=facts["note"],
            figures={row["figure"]: row["fault"] for row in facts["figures"]},
            classes={row["training_class"]: row["fault"] for row in facts["classes"]},
        )
        return self.shown()
