"""Pairs and entries of the five actions over HTTP, and all that people grow by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from pages.api import CodeField, DeedViewSet, ReadingViewSet
from pages.tables.paging import NEWEST_FIRST
from talents.api.cultivation import (
    CultivationGoalViewSet,
    CultivationReportViewSet,
    CultivationViewSet,
)
from talents.api.notes import ReasonedSerializer
from talents.api.studios import (
    BoostYearViewSet,
    StudioMemberViewSet,
    StudioProjectViewSet,
    StudioViewSet,
)
from talents.filters.actions import ActionFilter
from talents.filters.growth import PairFilter
from talents.filters.spending import SpendFilter
from talents.models import ActionEntry, EducationSpend, Mentorship, SkillLevel
from talents.selectors.actions import actions_in_scope
from talents.selectors.growth import pairs_in_scope
from talents.selectors.spending import spends_in_scope
from talents.workflow.growth import agree_pair, end_pair, finish_pair

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request
    from rest_framework.response import Response
    from rest_framework.routers import BaseRouter


class PairSerializer(serializers.ModelSerializer):
    organization = CodeField(label="单位编码")
    mode = serializers.ChoiceField(choices=Mentorship.Mode.choices, label="方式", read_only=True)

    class Meta:
        model = Mentorship
        fields = (
            "id", "master", "apprentice", "organization", "mode", "trade", "goals", "starts_on", "ends_on",
            "state", "closed_on", "level_after", "early_reason",
        )  # fmt: skip


class FinishedSerializer(ReasonedSerializer):
    level = serializers.ChoiceField(
        choices=SkillLevel.choices, allow_blank=True, default="", label="出师时等级"
    )
    early_reason = serializers.CharField(
        max_length=200, allow_blank=True, default="", label="提前出师事由"
    )


class PairViewSet(DeedViewSet):
    """师徒结对；三方确认齐全后用 agree 备案，期满出师用 finish，提前终止用 end。"""

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
        return self.done(agree_pair)

    @extend_schema(request=FinishedSerializer, responses=PairSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """登记出师，写明考核情况；成果记入师傅的带徒档案。"""
        return self.done(finish_pair, FinishedSerializer)

    @extend_schema(request=ReasonedSerializer, responses=PairSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """提前终止带教，须写明事由。"""
        return self.done(end_pair, ReasonedSerializer)


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
    router.register("cultivation-reports", CultivationReportViewSet)
    router.register("cultivation-goals", CultivationGoalViewSet)
    router.register("studios", StudioViewSet)
    router.register("studio-members", StudioMemberViewSet)
    router.register("studio-projects", StudioProjectViewSet)
    router.register("boost-years", BoostYearViewSet)
    router.register("action-entries", ActionEntryViewSet)
    router.register("education-spends", EducationSpendViewSet)
