"""Academies, what they taught and where they stand, over HTTP: the scope of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from academies.api.evaluations import (
    EvaluationViewSet,
    RectificationViewSet,
    ReviewViewSet,
)
from academies.api.reporting import TrainingReportViewSet
from academies.facts.counts import BRANDS, COUNTS
from academies.filters.academies import (
    AcademyFilter,
    BrandFilter,
    ClassFilter,
    EnrolmentFilter,
    RoomFilter,
)
from academies.models import (
    Academy,
    Brand,
    Enrolment,
    Room,
    TrainingClass,
)
from academies.models.academies import FIRST_YEAR, LAST_YEAR
from academies.permissions import may_read_flags
from academies.rules import positions
from academies.selectors.academies import (
    academies_in_scope,
    brands_in_scope,
    classes_in_scope,
    enrolments_in_scope,
)
from academies.selectors.flags import Suspicion, suspicions
from academies.selectors.rooms import rooms_in_scope
from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class AcademySerializer(serializers.ModelSerializer):
    host = CodeField(label="举办单位编码")
    supervising_union = CodeField(label="主管工会编码")

    class Meta:
        model = Academy
        fields = (
            "id", "code", "name", "tier", "host", "supervising_union", "designated_on",
            "withdrawn_on",
        )  # fmt: skip


class BrandSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")

    class Meta:
        model = Brand
        fields = ("id", "academy", "name", "since", "until")


class RoomSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")

    class Meta:
        model = Room
        fields = ("id", "academy", "name", "capacity", "version")


class ClassSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")

    class Meta:
        model = TrainingClass
        fields = (
            "id", "academy", "year", "number", "name", "specialty", "form", "is_practical",
            "starts_on", "ends_on", "hours", "room", "planned_count", "version",
        )  # fmt: skip


class EnrolmentSerializer(serializers.ModelSerializer):
    academy = CodeField(label="学院编码")
    class_number = serializers.CharField(
        source="training_class.number", read_only=True, label="班次编号"
    )
    name = serializers.CharField(source="person.name", read_only=True, label="姓名")
    identity_mask = serializers.CharField(
        source="person.identity_mask", read_only=True, label="公民身份号码（掩码）"
    )

    class Meta:
        model = Enrolment
        fields = (
            "id", "academy", "year", "training_class", "class_number", "is_practical", "person",
            "name", "identity_mask", "employer", "occupation", "attendance", "passed",
            "level_before", "level_after", "is_upgraded", "certificate_number", "version",
        )  # fmt: skip


class _Figure(serializers.Serializer):
    threshold = serializers.DecimalField(
        max_digits=20, decimal_places=2, allow_null=True, coerce_to_string=False, label="标准"
    )
    actual = serializers.DecimalField(
        max_digits=20, decimal_places=2, allow_null=True, coerce_to_string=False, label="实际"
    )
    met = serializers.BooleanField(allow_null=True, label="是否达标")


class AlternativeSerializer(_Figure):
    standard = serializers.CharField(source="code", label="标准编码")
    title = serializers.CharField(source="criterion.title", label="标准名称")


class StandingSerializer(_Figure):
    standard = serializers.CharField(source="code", label="标准编码")
    alternatives = AlternativeSerializer(many=True, label="满足其一即可")
    advice = serializers.BooleanField(source="is_advice", label="只作提示，未达不判未达标")


class PositionSerializer(serializers.Serializer):
    """An academy's year: its figures and where it stands against each standard."""

    academy = serializers.CharField(source="academy.code", label="学院编码")
    tier = serializers.CharField(source="academy.tier", label="层级")
    year = serializers.IntegerField(label="年度")
    upgrade_growth = serializers.DecimalField(
        source="growth",
        max_digits=20,
        decimal_places=2,
        allow_null=True,
        coerce_to_string=False,
        label="提升技能人数增长率（%）",
    )
    brands = serializers.IntegerField(label=BRANDS.title)
    policy = serializers.SerializerMethodField(label="政策编码")
    standards = StandingSerializer(source="standings", many=True, label="建设标准")

    def get_fields(self) -> dict[str, serializers.Field]:
        """And each figure that is kept, by the name of its page."""
        kept = [count for count in COUNTS.values() if count.kept]
        return super().get_fields() | {
            count.kept: serializers.IntegerField(source=f"figures.{count.kept}", label=count.title)
            for count in kept
        }

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_policy(self, position: Any) -> str:
        return position.standards.policy.code if position.standards else ""


class SuspicionSerializer(serializers.Serializer):
    """What one pattern found at one academy in a year."""

    academy = serializers.CharField(source="academy.code", label="学院编码")
    flag = serializers.CharField(source="flag.code", label="疑点")
    title = serializers.CharField(source="flag.title", label="疑点名称")
    line = serializers.CharField(label="界线")
    found = serializers.CharField(source="words", label="发现")
    classes = serializers.SerializerMethodField(label="班次（前几个）")
    class_count = serializers.IntegerField(label="班次数")

    def get_classes(self, suspicion: Suspicion) -> list[int]:
        return [row.pk for row in suspicion.classes]


class YearSerializer(serializers.Serializer):
    """Which year is asked about; the last that is over where none is named."""

    year = serializers.IntegerField(
        min_value=FIRST_YEAR, max_value=LAST_YEAR, required=False, label="年度"
    )


class AcademyViewSet(ReadingViewSet):
    """工匠学院；standards 动作给出某一年度的指标与达标情况。"""

    queryset = Academy.objects.none()
    serializer_class = AcademySerializer
    filterset_class = AcademyFilter

    def get_queryset(self) -> QuerySet[Academy]:
        return academies_in_scope(self.user).order_by("pk")

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年度，默认为上一年")],
        responses=PositionSerializer,
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def standards(self, request: Request, pk: str) -> Response:
        """某一年度的指标与达标情况，由培训记录逐行计出。"""
        academy = self.get_object()
        serializer = YearSerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        year = serializer.validated_data.get("year") or timezone.localdate().year - 1
        position = positions([academy], year)[0]
        return Response(PositionSerializer(position).data)

    @extend_schema(
        parameters=[OpenApiParameter("year", int, description="年度，默认为上一年")],
        responses=SuspicionSerializer(many=True),
    )
    @action(detail=False, filterset_class=None, pagination_class=None)
    def flags(self, request: Request) -> Response:
        """某一年度名册中的疑点，各附班次和界线；供工会和经审人员查阅。"""
        may_read_flags.check(self.user)
        serializer = YearSerializer(data=request.query_params)
        serializer.is_valid(raise_exception=True)
        year = serializer.validated_data.get("year") or timezone.localdate().year - 1
        return Response(SuspicionSerializer(suspicions(self.user, year), many=True).data)


class BrandViewSet(ReadingViewSet):
    """特色专业（工种）品牌。"""

    queryset = Brand.objects.none()
    serializer_class = BrandSerializer
    filterset_class = BrandFilter

    def get_queryset(self) -> QuerySet[Brand]:
        return brands_in_scope(self.user)


class RoomViewSet(ReadingViewSet):
    """培训场地及可容纳人数。"""

    queryset = Room.objects.none()
    serializer_class = RoomSerializer
    filterset_class = RoomFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Room]:
        return rooms_in_scope(self.user)


class ClassViewSet(ReadingViewSet):
    """培训班。"""

    queryset = TrainingClass.objects.none()
    serializer_class = ClassSerializer
    filterset_class = ClassFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[TrainingClass]:
        return classes_in_scope(self.user)


class EnrolmentViewSet(ReadingViewSet):
    """学员记录（人次）；公民身份号码只给掩码。"""

    queryset = Enrolment.objects.none()
    serializer_class = EnrolmentSerializer
    filterset_class = EnrolmentFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Enrolment]:
        return enrolments_in_scope(self.user)


def register(router: BaseRouter, *_: Any) -> None:
    router.register("academies", AcademyViewSet, basename="academy")
    router.register("brands", BrandViewSet, basename="brand")
    router.register("training-rooms", RoomViewSet, basename="trainingroom")
    router.register("training-classes", ClassViewSet, basename="trainingclass")
    router.register("enrolments", EnrolmentViewSet, basename="enrolment")
    router.register("evaluations", EvaluationViewSet, basename="evaluation")
    router.register("rectifications", RectificationViewSet, basename="rectification")
    router.register("training-reports", TrainingReportViewSet, basename="trainingreport")
    router.register("academy-reviews", ReviewViewSet, basename="academyreview")
