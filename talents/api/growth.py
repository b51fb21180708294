"""Pairs, cultivation, studios, boosted years and entries of the five actions over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from pages.api import CodeField, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.filters.actions import ActionFilter
from talents.filters.growth import CultivationFilter, PairFilter
from talents.filters.spending import SpendFilter
from talents.filters.studios import BoostFilter, StudioFilter
from talents.models import ActionEntry, BoostYear, Cultivation, EducationSpend, Mentorship, Studio
from talents.selectors.actions import actions_in_scope
from talents.selectors.growth import cultivations_in_scope, pairs_in_scope
from talents.selectors.spending import spends_in_scope
from talents.selectors.studios import boost_years_in_scope, studios_in_scope
from talents.workflow.growth import agree_pair

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.routers import BaseRouter


class PairSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    mode = serializers.ChoiceField(choices=Mentorship.Mode.choices, label="方式", read_only=True)

    class Meta:
        model = Mentorship
        fields = (
            "id", "master", "apprentice", "organization", "mode", "trade", "goals", "starts_on", "ends_on",
            "state", "closed_on", "level_after",
        )  # fmt: skip


class PairViewSet(ReadingViewSet):
    """师徒结对；三方确认齐全后用 agree 备案。"""

    queryset = Mentorship.objects.none()
    serializer_class = PairSerializer
    filterset_class = PairFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Mentorship]:
        return pairs_in_scope(self.user)

    @extend_schema(request=None, responses=PairSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, pk: str) -> Response:
        """备案。"""
        row = self.get_object()
        agree_pair(row.pk, actor=self.user)
        return Response(self.get_serializer(self.get_object()).data)


class CultivationSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    accepted_reports = serializers.IntegerField(source="accepted", label="已接收报备")
    reports_due = serializers.IntegerField(source="whole", label="应报次数")

    class Meta:
        model = Cultivation
        fields = (
            "id", "person", "organization", "scheme", "tier", "title", "mentor", "plan",
            "starts_on", "ends_on", "extended_from", "extensions", "state", "closed_on",
            "accepted_reports", "reports_due",
        )  # fmt: skip


class CultivationViewSet(ReadingViewSet):
    """工匠培育及其报备进度。"""

    queryset = Cultivation.objects.none()
    serializer_class = CultivationSerializer
    filterset_class = CultivationFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Cultivation]:
        return cultivations_in_scope(self.user)


class StudioSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    people = serializers.IntegerField(label="成员数（含领衔人）")
    tasks = serializers.IntegerField(label="项目数")

    class Meta:
        model = Studio
        fields = (
            "id", "name", "organization", "leader", "field", "founded_on", "level",
            "document_number", "named_on", "state", "people", "tasks",
        )  # fmt: skip


class StudioViewSet(ReadingViewSet):
    """创新工作室。"""

    queryset = Studio.objects.none()
    serializer_class = StudioSerializer
    filterset_class = StudioFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[Studio]:
        return studios_in_scope(self.user)


class BoostYearSerializer(serializers.ModelSerializer):
    class Meta:
        model = BoostYear
        fields = (
            "id", "project", "person", "year", "progress", "accounts", "state", "finding",
            "decided_on",
        )  # fmt: skip


class BoostYearViewSet(ReadingViewSet):
    """在研项目的年度助推。"""

    queryset = BoostYear.objects.none()
    serializer_class = BoostYearSerializer
    filterset_class = BoostFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[BoostYear]:
        return boost_years_in_scope(self.user)


class ActionEntrySerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")

    class Meta:
        model = ActionEntry
        fields = (
            "id", "kind", "sort", "organization", "person", "told", "document_number", "held_on",
            "withdrawn_on",
        )  # fmt: skip


class ActionEntryViewSet(ReadingViewSet):
    """五大行动的登记。"""

    queryset = ActionEntry.objects.none()
    serializer_class = ActionEntrySerializer
    filterset_class = ActionFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[ActionEntry]:
        return actions_in_scope(self.user)


class EducationSpendSerializer(serializers.ModelSerializer):
    organization = CodeField(label="企业编码")

    class Meta:
        model = EducationSpend
        fields = ("id", "organization", "year", "wages", "spent", "frontline", "withdrawn_on")


class EducationSpendViewSet(ReadingViewSet):
    """企业年度职工教育经费自评。"""

    queryset = EducationSpend.objects.none()
    serializer_class = EducationSpendSerializer
    filterset_class = SpendFilter
    order = NEWEST_FIRST

    def get_queryset(self) -> QuerySet[EducationSpend]:
        return spends_in_scope(self.user)


def register_growth(router: BaseRouter) -> None:
    router.register("mentorships", PairViewSet)
    router.register("cultivations", CultivationViewSet)
    router.register("studios", StudioViewSet)
    router.register("boost-years", BoostYearViewSet)
    router.register("action-entries", ActionEntryViewSet)
    router.register("education-spends", EducationSpendViewSet)
